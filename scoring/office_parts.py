"""The parts of office.toml, and how each is read from its table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from scoring import ticket
from scoring.instrument import BLANKS, Instrument, built_in
from scoring.toml_table import Table

ROLES: Final = {
    "camat": "Camat",
    "sekcam": "Sekretaris Kecamatan",
    "kasi": "Kepala Seksi",
    "verifikator-1": "Verifikator 1",
    "verifikator-2": "Verifikator 2",
    "staf": "Staf",
}
SIGNERS: Final = ("camat", "sekcam")
OUTLINES: Final = ("A", "B")
FACES: Final = ("serif", "sans")
MARGINS: Final = {"margin_atas": 25, "margin_kanan": 25, "margin_bawah": 25, "margin_kiri": 30}
NUMBER_PARTS: Final = ("{urut}", "{bulan}", "{tahun}")
JALUR: Final = ("ink", "certificate", "import", "bsre")
TAMPILAN: Final = ("visible", "invisible")
TINGKAT: Final = ("B-B", "B-T", "B-LT", "B-LTA")  # baseline levels of PAdES (ETSI EN 319 142-1)
FORMULA: Final = ("=", "+", "-", "@")  # a name begins cells of the open data, which people open in a spreadsheet
SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Kop:
    """The letterhead: lines of the heading, address line, and the file of the coat of arms (or "")."""

    baris: tuple[str, ...]
    alamat: str
    kontak: str
    lambang: str


@dataclass(frozen=True)
class Layanan:
    """One service the office delivers; `tiket` is its own way with tickets, or ""."""

    id: str
    nama: str
    tiket: str = ""


@dataclass(frozen=True)
class Survey:
    """Which instrument is asked from which day on, by which rule, and how blanks count."""

    instrument: Instrument
    since: date
    rule: str
    blank: str


@dataclass(frozen=True)
class Pejabat:
    """An official with the days of office; `status` is "" for a definitive one, else "Plt." or "Plh."."""

    role: str
    jabatan: str
    nama: str
    pangkat: str
    nip: str
    status: str
    since: date
    until: date


@dataclass(frozen=True)
class Surat:
    """The covering letter's fixed parts; `pola_nomor` is how its number is written, or "" for any way."""

    kepada: str
    di: str
    sifat: str
    tembusan: tuple[str, ...]
    pola_nomor: str = ""


@dataclass(frozen=True)
class Naskah:
    """How documents are laid out; margins in millimetres (top, right, bottom, left), size of the face in points.

    `paraf` are the roles that initial, `penandatangan` is the one that signs, `dasar_hukum` what is cited beside the
    basis of the instrument.
    """

    outline: str
    margin: tuple[int, int, int, int]
    face: str
    size: int
    paraf: tuple[str, ...]
    dasar_hukum: tuple[str, ...]
    penandatangan: str = "camat"


@dataclass(frozen=True)
class Public:
    """Addresses as citizens see them; `origins` are those whose pages may post answers."""

    survei: str
    transparansi: str
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Cadangan:
    """How many backups are kept, and the folder for them ("": `cadangan` in the data folder)."""

    simpan: int
    folder: str


@dataclass(frozen=True)
class Retensi:
    """For how many days after the closing of their periode comments and whole answers are kept."""

    komentar_hari: int
    jawaban_hari: int


@dataclass(frozen=True)
class TandaTangan:
    """How documents are signed: by which way, seen or not, at which level, and whom a signature is trusted from.

    `anchors` are files or folders of certificates; `tsa` and `bsre` are addresses, or "".
    """

    jalur: str
    tampilan: str
    tingkat: str
    anchors: tuple[str, ...]
    tsa: str
    bsre: str
    bsre_pengguna: str


def read_slug(table: Table, key: str) -> str:
    """Return an id of lower-case letters, digits and single hyphens, at most 40 characters."""
    value = table.text(key)
    if not SLUG.fullmatch(value) or len(value) > 40:
        raise table.invalid(key, "hanya huruf kecil, angka, dan tanda hubung, paling panjang 40")
    return value


def read_layanan(table: Table) -> Layanan:
    """Return one service."""
    layanan = Layanan(read_slug(table, "id"), table.line("nama"), table.choice("tiket", ticket.MODES, ""))
    if layanan.nama.lstrip().startswith(FORMULA):
        raise table.invalid("nama", "tidak boleh diawali tanda =, +, -, atau @, yang dibaca lembar kerja sebagai rumus")
    return layanan


def read_tiket(table: Table) -> str:
    """Return whether answers need a ticket, may bring one, or neither; without the table neither."""
    mode = table.choice("mode", ticket.MODES, "off")
    table.done()
    return mode


def read_kop(table: Table) -> Kop:
    """Return the letterhead."""
    kop = Kop(table.texts("baris"), table.text("alamat"), table.text("kontak", ""), table.text("lambang", ""))
    table.done()
    return kop


def read_survey(table: Table) -> Survey:
    """Return what is asked from a day on; the rule and the reading of blanks are the pack's unless given."""
    pack = built_in(table.text("id"))
    rule = table.choice("rule", tuple(rule.id for rule in pack.rules), pack.default_rule)
    return Survey(pack, table.day("from"), rule, table.choice("blank", BLANKS, pack.default_blank))


def read_pejabat(table: Table) -> Pejabat:
    """Return an official; without `until` there is no last day."""
    person = Pejabat(
        role=table.choice("role", ROLES),
        jabatan=table.text("jabatan"),
        nama=table.text("nama"),
        pangkat=table.text("pangkat", ""),
        nip=table.text("nip", ""),
        status=table.choice("status", ("Plt.", "Plh."), ""),
        since=table.day("from"),
        until=table.day("until", date.max),
    )
    if person.until < person.since:
        raise table.invalid("until", "lebih awal daripada from")
    return person


def read_surat(table: Table) -> Surat:
    """Return the covering letter's fixed parts."""
    surat = Surat(
        kepada=table.text("kepada"),
        di=table.text("di"),
        sifat=table.text("sifat", "Biasa"),
        tembusan=table.texts("tembusan", ()),
        pola_nomor=table.text("pola_nomor", ""),
    )
    unknown = set(re.findall(r"\{[^}]*\}?", surat.pola_nomor)) - set(NUMBER_PARTS)
    if unknown or (surat.pola_nomor and "{urut}" not in surat.pola_nomor):
        raise table.invalid("pola_nomor", f"memuat {{urut}}; bagian yang dikenal: {', '.join(NUMBER_PARTS)}")
    table.done()
    return surat


def read_libur(table: Table) -> tuple[date, ...]:
    """Return the days on which the office is closed beside weekends, in their order; without the key none."""
    days: list[object] = table._take("libur", list, "daftar tanggal", [])
    for day in days:
        if not isinstance(day, date) or isinstance(day, datetime):
            raise table.invalid("libur", "setiap isi daftar harus tanggal tanpa tanda kutip, misalnya 2026-12-25")
        if days.count(day) > 1:
            raise table.invalid("libur", f"{day} tertulis dua kali")
    return tuple(sorted(day for day in days if isinstance(day, date)))


def read_naskah(table: Table) -> Naskah:
    """Return how documents are laid out; without the table as most offices do."""
    top, right, bottom, left = (table.integer(key, 10, 60, usual) for key, usual in MARGINS.items())
    naskah = Naskah(
        outline=table.choice("outline", OUTLINES, "A"),
        margin=(top, right, bottom, left),
        face=table.choice("face", FACES, "serif"),
        size=table.integer("size", 10, 14, 12),
        paraf=table.texts("paraf", ()),
        dasar_hukum=table.texts("dasar_hukum", ()),
        penandatangan=table.choice("penandatangan", SIGNERS, SIGNERS[0]),
    )
    for role in table.unique("paraf", naskah.paraf):
        if role not in ROLES:
            raise table.invalid("paraf", f'"{role}" bukan salah satu dari {", ".join(ROLES)}')
    table.done()
    return naskah


def read_public(table: Table) -> Public:
    """Return the addresses; a page ends with a slash, an origin has no path."""
    public = Public(table.text("survei"), table.text("transparansi"), table.texts("origins"))
    for key, value in (("survei", public.survei), ("transparansi", public.transparansi)):
        if not value.startswith(("https://", "http://")) or not value.endswith("/"):
            raise table.invalid(
                key, "alamat lengkap yang diakhiri garis miring, misalnya https://survei.example.go.id/"
            )
    for origin in public.origins:
        if not re.fullmatch(r"https?://[^/\s]+", origin):
            raise table.invalid("origins", f'"{origin}" bukan asal seperti https://survei.example.go.id')
    table.done()
    return public


def read_cadangan(table: Table) -> Cadangan:
    """Return what is said of backups."""
    cadangan = Cadangan(table.integer("simpan", 2, 1000, 30), table.text("folder", ""))
    table.done()
    return cadangan


def read_retensi(table: Table) -> Retensi:
    """Return for how long answers are kept; a comment goes with its answer at the latest."""
    retensi = Retensi(table.integer("komentar_hari", 1, 3650, 90), table.integer("jawaban_hari", 1, 3650, 730))
    if retensi.jawaban_hari < retensi.komentar_hari:
        raise table.invalid("jawaban_hari", "tidak boleh lebih pendek daripada komentar_hari")
    table.done()
    return retensi


def read_tanda_tangan(table: Table) -> TandaTangan:
    """Return how documents are signed; without the table in ink. The highest level is what the addresses allow."""
    tsa = table.text("tsa", "")
    highest = TINGKAT[3] if tsa else TINGKAT[0]
    found = TandaTangan(
        jalur=table.choice("jalur", JALUR, JALUR[0]),
        tampilan=table.choice("tampilan", TAMPILAN, TAMPILAN[0]),
        tingkat=table.choice("tingkat", TINGKAT, "") or highest,
        anchors=table.texts("anchors", ()),
        tsa=tsa,
        bsre=table.text("bsre", ""),
        bsre_pengguna=table.text("bsre_pengguna", ""),
    )
    for key, address in (("tsa", found.tsa), ("bsre", found.bsre)):
        if address and not address.startswith(("https://", "http://")):
            raise table.invalid(key, "alamat lengkap, misalnya https://tsa.example.go.id")
    if found.tingkat != TINGKAT[0] and not tsa:
        raise table.invalid("tingkat", f"{found.tingkat} memerlukan layanan cap waktu; isi tsa")
    if found.jalur != JALUR[0] and not found.anchors:
        raise table.invalid("anchors", f"jalur {found.jalur} memerlukan sertifikat penerbit yang dipercaya")
    if found.jalur == "bsre" and not found.bsre:
        raise table.invalid("bsre", "jalur bsre memerlukan alamat layanannya")
    table.done()
    return found
