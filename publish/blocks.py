"""The standing parts of official documents: letterhead, signature place, letter parts, publication boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from markupsafe import Markup

from publish import pdf, tables
from publish.pdf_fields import FINAL
from publish.surat import ONE, SuratIsi
from publish.words import angka, bulat, nama_periode, rentang
from scoring.disclosure import published_cells
from scoring.office import ROLES, Office, Pejabat
from scoring.periode import tanggal

DRAFT: Final = "KONSEP - BELUM DITANDATANGANI"
EDITION: Final = "EDISI {}"
VALID: Final = "SAH BILA DITANDATANGANI"
REHEARSAL: Final = "DATA UJI COBA"
EQUALS: Final = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
ROOM: Final = Markup('<div class="ruang"></div>')
CAMAT: Final = "camat"
FOR: Final = "a.n."  # atas nama
NO_NUMBER: Final = "……………………"


def state(*, rehearsal: bool, edition: int = 0) -> str:
    """Return what every page says: that it is a draft, or of which frozen edition it is (0: none)."""
    if edition:
        return f"{EDITION.format(edition)} · {REHEARSAL}" if rehearsal else f"{EDITION.format(edition)} - {VALID}"
    return f"{DRAFT} · {REHEARSAL}" if rehearsal else DRAFT


def lambang(image: tuple[str, bytes] | None) -> Markup:
    """Return the coat of arms, or nothing."""
    return pdf.image(image[1], image[0], "Lambang daerah", "lambang") if image else Markup("")


def kop(office: Office, image: tuple[str, bytes] | None) -> Markup:
    """Return the letterhead: coat of arms on the left, the office's name largest."""
    *upper, last = office.kop.baris
    lines = [Markup('<p class="baris">{}</p>').format(line) for line in upper]
    lines.append(Markup('<p class="baris akhir">{}</p>').format(last))
    lines.append(Markup('<p class="alamat">{}</p>').format(office.kop.alamat))
    if office.kop.kontak:
        lines.append(Markup('<p class="alamat">{}</p>').format(office.kop.kontak))
    return Markup('<div class="kop">{}<div>{}</div></div>').format(lambang(image), Markup("").join(lines))


def signing_room(office: Office) -> Markup:
    """Return the room for the signature of who signs for the office; other programs look for the # in it."""
    return pdf.place(FINAL, tag=office.tanda_tangan.jalur == "import")


def signed_for(office: Office, day: date, place: str = "", heading: str = "") -> Markup:
    """Return the place for the signature on `day` of whom office.toml has sign; another than the camat signs "a.n.".

    Raises PEJABAT_MISSING.
    """
    role = office.naskah.penandatangan
    for_whom = "" if role == CAMAT else f"{FOR} {office.official(CAMAT, day).jabatan}"
    heads = [text for text in (heading, for_whom) if text]
    return signature(office.official(role, day), place, heads, signing_room(office))


def signature(person: Pejabat, place: str = "", heading: str | Sequence[str] = (), room: Markup = ROOM) -> Markup:
    """Return the place for a signature, under lines of heading: left empty, nothing that looks like one."""
    heads = [heading] if isinstance(heading, str) else heading
    top = [Markup("<p>{}</p>").format(text) for text in (place, *heads) if text]
    status = f"{person.status} " if person.status else ""
    return Markup('<div class="tanda-tangan">{}<p>{}{},</p>{}<p class="nama">{}</p><p>{}</p><p>{}</p></div>').format(
        Markup("").join(top),
        status,
        person.jabatan,
        room,
        person.nama,
        person.pangkat,
        f"NIP {person.nip}" if person.nip else "",
    )


def cover(office: Office, image: tuple[str, bytes] | None, result: Mapping[str, Any]) -> Markup:
    """Return the plain cover of the laporan."""
    return Markup(
        '<div class="sampul">{}<p class="judul">LAPORAN PELAKSANAAN<br>SURVEI KEPUASAN MASYARAKAT</p>'
        '<p class="periode">Periode {}</p><p class="unit">{}</p><p class="instansi">{}</p></div>'
    ).format(lambang(image), nama_periode(result["periode"]), office.nama.upper(), office.instansi.upper())


def minutes_head(title: str) -> Markup:
    """Return the title of minutes and the place for its number, which the office gives."""
    return Markup('<div class="judul-surat"><p class="nama">{}</p><p>NOMOR {}</p></div>').format(title, NO_NUMBER)


def letter_head(office: Office, entered: SuratIsi, enclosed: str) -> Markup:
    """Return nature, what is `enclosed` and subject on the left, place, date and addressee on the right, then title."""
    pairs = (("Sifat", office.surat.sifat), ("Lampiran", enclosed), ("Hal", entered.hal))
    lines = [Markup("<tr><td>{}</td><td>:</td><td>{}</td></tr>").format(name, value) for name, value in pairs]
    return Markup(
        '<div class="kepala-surat"><div class="perihal"><table class="polos"><tbody>{}</tbody></table></div>'
        '<div class="yth"><p>{}, {}</p><p>Yth. {}</p><p>di {}</p></div></div>'
        '<div class="judul-surat"><p class="nama">SURAT PENGANTAR</p><p>NOMOR {}</p></div>'
    ).format(
        Markup("").join(lines),
        office.tempat,
        tanggal(entered.tanggal),
        office.surat.kepada,
        office.surat.di,
        entered.nomor or NO_NUMBER,
    )


def letter_table(result: Mapping[str, Any], reported: str) -> Markup:
    """Return what is sent: document, number of copies, remark; `reported` is the periode whose promises are, or ""."""
    periode = nama_periode(result["periode"])
    sent = [f"Laporan Survei Kepuasan Masyarakat periode {periode}", f"Rencana Tindak Lanjut periode {periode}"]
    sent += [f"Laporan Tindak Lanjut periode {reported}"] if reported else []
    note = "Disampaikan dengan hormat untuk menjadi periksa dan bahan lebih lanjut."
    heads = ("No.", "*Naskah Dinas yang Dikirimkan", "Banyaknya", "Keterangan")
    rows = [(f"{number}.", name, ONE, note if number == 1 else "") for number, name in enumerate(sent, 1)]
    return tables.table("Naskah yang dikirimkan", heads, rows, css_class="kisi")


def letter_foot(office: Office, day: date) -> Markup:
    """Return the receipt part on the left, the sender of `day` on the right, and the copies below."""
    copies = [Markup("<li>{}</li>").format(name) for name in office.surat.tembusan]
    dots = Markup('<span class="titik"></span>')
    receiver = Markup(
        '<div class="tanda-tangan"><p>Diterima tanggal {}</p><p>Penerima,</p><div class="ruang"></div>'
        "<p>Nama {}</p><p>Jabatan {}</p><p>NIP {}</p><p>Telepon {}</p></div>"
    ).format(dots, dots, dots, dots, dots)
    sides = Markup('<div class="berdampingan">{}{}</div>').format(
        receiver, signed_for(office, day, heading="Pengirim,")
    )
    if not copies:
        return sides
    return sides + Markup('<div class="tembusan"><p>Tembusan:</p><ol>{}</ol></div>').format(Markup("").join(copies))


def score_box(result: Mapping[str, Any]) -> Markup:
    """Return the publication sheet's left box: the figure, the letter, the word."""
    return Markup(
        '<div class="skor"><p>NILAI IKM</p><p class="besar">{}</p>'
        '<p class="mutu">Mutu {}</p><p class="kinerja">{}</p></div>'
    ).format(angka(result["ikm"]), *tables.grade(result))


def respondent_box(result: Mapping[str, Any], layanan: str) -> Markup:
    """Return the publication sheet's right box: how many answered, who, and when."""
    pairs = [("Jumlah", f"{bulat(result['n_responden'])} orang")]
    for field in result["profil"]:
        if field["id"] not in {"jenis_kelamin", "pendidikan"}:
            continue
        cells = published_cells({row["code"]: row["n"] for row in field["options"]})
        shown = [
            f"{row['code'] or 'tidak diisi'}{EQUALS}{bulat(row['n']) if cells[row['code']] else tables.WITHHELD}"
            for row in field["options"]
            if row["n"]
        ]
        pairs.append((field["nama"], "; ".join(shown)))
    pairs.append(("Periode survei", rentang(result["mulai"], result["selesai"])))
    lines = [Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in pairs]
    return Markup(
        '<div class="responden"><p class="kepala">Nama layanan: {}</p><p class="kepala">RESPONDEN</p><dl>{}</dl></div>'
    ).format(layanan, Markup("").join(lines))


def index_line(result: Mapping[str, Any]) -> Markup:
    """Return the index large, with its letter, the number of respondents, the days and the rule beside it."""
    return Markup(
        '<div class="nilai"><span class="besar">{}</span><p><b>Mutu {} · {}</b><br>{} responden · {}<br>'
        "Instrumen {}, aturan {}</p></div>"
    ).format(
        angka(result["ikm"]),
        *tables.grade(result),
        bulat(result["n_responden"]),
        rentang(result["mulai"], result["selesai"]),
        result["peraturan"],
        result["rule_keterangan"],
    )


def control_place(initialling: Sequence[str], *, by_hand: bool) -> Markup:
    """Return the empty control sheet of the laporan, one line a step; only where people sign by hand."""
    if not by_hand:
        return Markup("")
    roles = [role for role in ROLES if role in initialling]
    steps = ["Disusun", "Diperiksa", *(f"Diparaf ({role.replace('-', ' ')})" for role in roles), "Ditandatangani"]
    rows = [(number, step, "", "", "") for number, step in enumerate([*steps, "Dikirim"], 1)]
    heads = ("#No.", "Langkah", "Nama dan jabatan", "Tanggal dan pukul", "Paraf")
    return tables.table("Lembar pengendalian", heads, rows, css_class="kisi kosongan")


def initials(holders: Sequence[tuple[Pejabat, str]]) -> Markup:
    """Return the places for initials, one for each holder with the signature field of theirs, or ""; else nothing."""
    if not holders:
        return Markup("")
    rows = [(person.jabatan, pdf.place(name) if name else "") for person, name in holders]
    return tables.table("Paraf", ("*Jabatan", "Paraf"), rows, css_class="kisi paraf")
