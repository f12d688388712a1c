"""The posters at the counter, A4 and A3: one for each layanan and one for the office, each on a single page.

QR code, the address to type, the promise, and the last published result with what the office promised to improve.
Before anything is published the poster does without. Figures are those of hasil.json, as they stand there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector import posters, qr
from collector.freeze import address
from collector.last_result import LastResult, Promise
from publish import pdf
from publish.words import angka, bulat, daftar, terbilang
from scoring.office import Office

CSS: Final = (Path(__file__).parent / "layout" / "poster.css").read_text("utf-8")
BAND: Final = "UJI COBA"
PROMISES: Final = 3
A_FEW: Final = 6  # layanan that still leave room for a large code
STATUS: Final = {"belum": "Belum dimulai", "berjalan": "Sedang berjalan", "selesai": "Selesai"}
FITS: Final = range(100, 37, -4)  # percent of the size of type, until one page holds it


@dataclass(frozen=True)
class Sheet:
    """A size of paper, its margin and the QR code with its quiet zone in millimetres, its type in points.

    `points` and `code` are for a poster with a result and promises, with a result alone, and with neither.
    """

    name: str
    across: int
    down: int
    margin: int
    points: tuple[float, float, float]
    code: tuple[int, int, int]

    def css(self, width: int) -> str:
        """Return the style of what does not shrink with the type: the page, the code, the letters of a rehearsal."""
        page = (
            f"@page{{size:{self.across}mm {self.down}mm;margin:{self.margin}mm}}.cap{{font-size:{self.across // 6}mm}}"
        )
        return f"{page}.bingkai,.kode{{width:{width}mm}}.kode{{height:{width}mm}}"


# A3 is A4 enlarged: what is read from two metres on the one is read from three on the other.
SHEETS: Final = (
    Sheet("a4", 210, 297, 12, (14, 15.6, 18), (82, 104, 128)),
    Sheet("a3", 297, 420, 17, (19.7, 22, 25), (116, 146, 180)),
)


@dataclass(frozen=True)
class Subject:
    """What a poster is for: its file, its name, where its code leads; the office's own lists its `layanan`."""

    file: str
    title: str
    link: str
    layanan: tuple[str, ...] = ()


def subjects(office: Office) -> list[Subject]:
    """Return a poster's subject for every layanan, and the one for all of them."""
    each = [Subject(item.id, item.nama, address(office, item)) for item in office.layanan]
    names = tuple(item.nama for item in office.layanan)
    return [*each, Subject(posters.ALL, "Semua layanan", office.public.survei, names)]


def write_posters(
    folder: Path, office: Office, questions: int, last: LastResult | None, today: date, *, rehearsal: bool
) -> Iterator[Path]:
    """Write every poster in every size into `folder`, yielding each file, then what they say.

    `questions` is their number on the form.
    """
    folder.mkdir(exist_ok=True)
    for subject in subjects(office):
        for sheet in SHEETS:
            file = folder / f"{subject.file}-{sheet.name}.pdf"
            file.write_bytes(poster(office, subject, sheet, questions, last, today, rehearsal=rehearsal))
            yield file
    posters.keep(folder, office)


def poster(
    office: Office,
    subject: Subject,
    sheet: Sheet,
    questions: int,
    last: LastResult | None,
    today: date,
    *,
    rehearsal: bool,
) -> bytes:
    """Return one poster as PDF, on one page however long its names are."""
    full = len(subject.layanan) > A_FEW or (last is not None and last.promises)
    room = 0 if full else 1 if last else 2
    points, width = sheet.points[room], sheet.code[room]
    body = Markup('<main class="{} {}">{}{}{}{}{}</main>').format(
        "uji" if rehearsal else "",
        "lapang" if room == 2 else "",
        _mark() if rehearsal else "",
        _head(office, subject),
        _code(subject, width, rehearsal=rehearsal),
        _invitation(subject, questions),
        _result(office, last) if last else "",
    )
    fixed = f"{CSS}{sheet.css(width)}"
    styles = [f"{fixed}html{{font-size:{points * fit / 100}pt}}" for fit in FITS]
    title = f"Poster survei {subject.title} - {office.nama}"
    return pdf.render_on_one_page(title, styles, body, author=office.nama, day=today)


def _mark() -> Markup:
    """Return what says from afar that the poster counts for nothing: a band, and large letters behind everything."""
    return Markup('<p class="cap">{}</p><p class="pita">{} – jawaban tidak dihitung</p>').format(BAND, BAND)


def _head(office: Office, subject: Subject) -> Markup:
    title = Markup(
        '<p class="instansi">{}</p><p class="kantor">{}</p><h1>Bagaimana <span>pelayanan kami?</span></h1>'
    ).format(office.instansi, office.nama)
    if not subject.layanan:
        return title + Markup('<p class="layanan">{}</p>').format(subject.title)
    items = Markup("").join(Markup("<li>{}</li>").format(name) for name in subject.layanan)
    few = "sedikit" if len(subject.layanan) <= PROMISES else ""
    return title + Markup('<ul class="semua {}">{}</ul>').format(few, items)


def _code(subject: Subject, width: int, *, rehearsal: bool) -> Markup:
    """Return the code; one of a rehearsal is red, in a frame that says so."""
    code = pdf.image(
        qr.svg(subject.link, width, rehearsal=rehearsal), "qr.svg", f"Kode QR menuju {subject.link}", "kode"
    )
    return Markup('<div class="bingkai">{}{}</div>').format(
        code, Markup('<p class="tanda">{}</p>').format(BAND) if rehearsal else ""
    )


def _invitation(subject: Subject, questions: int) -> Markup:
    choose = ", lalu pilih layanan yang Anda terima" if subject.layanan else ""
    return Markup(
        '<p class="cara">Pindai dengan kamera ponsel{}, atau ketik</p><p class="alamat">{}</p>'
        '<p class="janji">Tanpa nama. Petugas tidak dapat melihat jawaban Anda.</p>'
        '<p class="lama">{} pertanyaan, sekitar dua menit.<br>'
        "Tidak membawa ponsel? Mintalah formulir kertas di loket.</p>"
    ).format(choose, _typed(subject.link), terbilang(questions).capitalize())


def _typed(address: str) -> str:
    """Return an address as people type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def _result(office: Office, last: LastResult) -> Markup:
    """Return the last published result, and what was promised for the lowest unsur."""
    return Markup(
        '<section class="hasil"><p class="judul">Hasil terakhir: Indeks Kepuasan Masyarakat (IKM) {}</p>'
        '<div class="nilai"><p class="besar">{}</p><div class="arti"><p class="mutu">Mutu {} – {}</p>'
        '<p class="dasar">{} responden, {}</p><p class="hari">{}</p></div></div>'
        '<p class="rentang">{} Selengkapnya: {}</p></section>{}'
    ).format(
        office.nama,
        angka(last.ikm),
        last.mutu,
        last.kinerja,
        bulat(last.n_responden),
        last.nama,
        last.rentang,
        last.margin,
        _typed(office.public.transparansi),
        _promises(last.promises),
    )


def _promises(promises: Sequence[Promise]) -> Markup:
    if not promises:
        return Markup("")
    rows = Markup("").join(
        Markup("<tr><th scope=row>{}</th><td>{}{}</td><td>{}{}</td></tr>").format(
            promise.unsur,
            promise.kegiatan,
            Markup('<br><span class="buah">Hasil: {}</span>').format(promise.hasil) if promise.hasil else "",
            _when(promise.waktu),
            Markup("<br><b>{}</b>").format(STATUS[promise.status]) if promise.status in STATUS else "",
        )
        for promise in promises[:PROMISES]
    )
    more = len(promises) - PROMISES
    rest = f"Dan {terbilang(more)} janji lain." if more > 0 else ""
    return Markup(
        '<section class="rencana"><p class="judul">Janji perbaikan kami</p><table><tbody>{}</tbody></table>{}</section>'
    ).format(rows, Markup('<p class="lain">{}</p>').format(rest) if rest else "")


def _when(waktu: Sequence[str]) -> str:
    """Return the quarters as citizens read them: "Triwulan III dan IV"."""
    quarters = daftar([quarter.removeprefix("TW ") for quarter in waktu])
    return f"Triwulan {quarters}" if quarters else ""
