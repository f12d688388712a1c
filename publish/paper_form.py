"""The questionnaire on paper: the pack and the words of the web page, for one sheet or for many numbered ones.

A numbered sheet carries its number and series on each of its pages, and a black square in each corner, by which a
scanner finds the page. Every sheet begins on a front, so that a pack printed on both sides can be cut apart.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from collector.entri_issue import Issue, enter_issue, issues, lembar, next_issue
from collector.store import open_store, reading
from collector.workspace import SITE_SOURCE, Workspace
from publish import pdf
from scoring.instrument import Instrument, Profil, Question
from scoring.office import Office

CSS: Final = (Path(__file__).parent / "layout" / "formulir.css").read_text("utf-8")
LETTERS: Final = "abcdefghij"
BOX: Final = Markup('<span class="kotak"></span>')


def print_form(
    workspace: Workspace, today: date, n: int | None, start: int | None, layanan: str, *, large: bool
) -> tuple[Issue | None, Path]:
    """Write the blank form (`n` None), or `n` numbered sheets; return their numbers and the file.

    The numbers are entered as issued when their file is written and before it gets its name, so that no number is
    printed twice. Raises SHEET_NUMBER, SHEET_ISSUED, SHEET_SERIES.
    """
    office = workspace.office
    pack = office.survey_on(today).instrument
    end = "-besar" if large else ""
    if n is None:
        file = workspace.data / f"formulir-kertas{end}.pdf"
        file.write_bytes(paper_form(office, pack, today, layanan=layanan, large=large))
        return None, file
    with reading(workspace.store) as connection:
        known = issues(connection, office.id)
    issue = next_issue(known, n, start, layanan or None, pack.form, today)
    file = workspace.data / f"formulir-kertas-{lembar(issue.first)}-{lembar(issue.last)}{end}.pdf"
    fresh = file.with_suffix(".belum-terbit")
    try:
        fresh.write_bytes(paper_form(office, pack, today, issue, layanan=layanan, large=large))
        with closing(open_store(workspace.store, office.id)) as store:
            enter_issue(store, issue)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
    return issue, file


def paper_form(
    office: Office, pack: Instrument, today: date, issue: Issue | None = None, *, layanan: str = "", large: bool = False
) -> bytes:
    """Return the paper form of `pack` as PDF: one blank form, or the numbered sheets of `issue`.

    `layanan` (an id) is printed in place of the choice among all; `large` prints in letters of 18 points and more.
    """
    css = f"{CSS}{pdf.paper(office.paper)}{LARGE if large else ''}"
    content = _content(office, pack, layanan)
    if issue is None:
        body = _sheet(content, "", large=large)
        sides = _sides(pdf.pages(css, body), odd_ends_blank=False)
    else:
        fronts = [
            _sheet(content, f"Lembar {lembar(number)}", f"Seri {issue.series}", large=large)
            for number in range(issue.first, issue.last + 1)
        ]
        body = Markup("").join(fronts)
        sides = _sides(pdf.pages(css, fronts[0]), odd_ends_blank=True)
    title = f"Kuesioner SKM - {office.nama}"
    return pdf.render(title, css + sides, body, author=office.nama, day=today)


LARGE: Final = (
    "html{font-size:18pt}h1{font-size:22pt}h2{font-size:20pt}.kecil,.tanya th{font-size:18pt}"
    ".tanya th:first-child{width:13mm}.tanya th:last-child{width:16mm}.pilihan{grid-template-columns:1fr}"
    ".profil th{width:64mm}.kotak{width:5mm;height:5mm}.garis{height:13mm}.tanya td{padding:2.5mm}"
    ".profil td span{padding-left:6.4mm;text-indent:-6.4mm}"
    '@page{@top-left{font-size:18pt}@top-right{font-size:18pt}@bottom-right{font:18pt "Noto Sans";color:#000}}'
)


def _sides(pages: int, *, odd_ends_blank: bool) -> str:
    """Return the style that numbers the pages of each sheet by themselves; all sheets have as many."""
    turn = pages + pages % 2 if odd_ends_blank else pages
    return "".join(
        f'@page :nth({turn}n+{page}){{@bottom-right{{content:"Halaman {page} dari {pages}"}}}}'
        for page in range(1, pages + 1)
    )


def _sheet(content: Markup, number: str, series: str = "", *, large: bool) -> Markup:
    """Return one sheet; its number stands in the margin of each page and above the title."""
    kind = Markup(' class="besar"') if large else Markup("")
    head = Markup('<p class="lembar" data-seri="{}">{}</p>').format(series, number)
    return Markup("<main{}>{}{}</main>").format(kind, head, content)


def _content(office: Office, pack: Instrument, layanan: str) -> Markup:
    words: dict[str, Any] = tomllib.loads((SITE_SOURCE / "locale" / "id.toml").read_text("utf-8"))["kuesioner"]
    return Markup(
        '<p class="instansi">{}</p><h1>KUESIONER {}</h1><p class="unit">{}</p>'
        '<p class="janji">Tanpa nama. Lingkari satu huruf untuk setiap pertanyaan, lalu masukkan lembar ini ke kotak '
        "survei.</p>{}{}{}{}"
    ).format(
        office.instansi,
        f"{words['jenis'].upper()} (SKM)",
        f"Unit layanan {office.nama}, {office.kabupaten}",
        _visit(office, layanan),
        _profil(pack.profil, words),
        _questions(pack.questions, pack.low),
        Markup(
            '<section class="utuh"><h2>IV. {}</h2><p class="kecil">{}</p>'
            '<div class="garis"></div><div class="garis"></div><div class="garis"></div></section>'
        ).format(words["saran"], words["saran_petunjuk"]),
    )


def _visit(office: Office, layanan: str) -> Markup:
    """Return what every sheet must say, apart from what may be left open."""
    chosen = [item.nama for item in office.layanan if item.id == layanan]
    services = Markup("<b>{}</b>").format(chosen[0]) if chosen else _boxes([item.nama for item in office.layanan])
    asked = "beri tanda pada jamnya" if chosen else "beri tanda pada jam dan layanan yang Anda terima"
    rows = [
        ("Tanggal survei", Markup('<span class="isi"></span>')),
        ("Jam survei", _boxes(["08.00–12.00", "13.00–17.00"])),
        ("Layanan yang diterima", services),
    ]
    return _section("I. Waktu dan layanan", f"Mohon diisi: tulis tanggalnya, lalu {asked}.", rows)


def _profil(profil: Sequence[Profil], words: dict[str, Any]) -> Markup:
    """Return what a respondent may leave open."""
    rows = [(field.nama, _boxes([nama for _, nama in field.options])) for field in profil]
    return _section(f"II. {words['profil']}", words["profil_petunjuk"], rows)


def _boxes(names: Sequence[str]) -> Markup:
    return Markup(" ").join(Markup("<span>{} {}</span>").format(BOX, name) for name in names)


def _section(title: str, told: str, rows: Sequence[tuple[str, Markup]]) -> Markup:
    lines = Markup("").join(Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(*row) for row in rows)
    return Markup(
        '<section class="utuh"><h2>{}</h2><p class="kecil">{}</p>'
        '<table class="profil"><tbody>{}</tbody></table></section>'
    ).format(title, told, lines)


def _questions(questions: Sequence[Question], low: int) -> Markup:
    lines = []
    for nomor, question in enumerate(questions, 1):
        options = Markup("").join(
            Markup("<li><b>{}.</b> {}</li>").format(letter, words)
            for letter, words in zip(LETTERS, question.options, strict=False)
        )
        cell = Markup('<p>{}</p><ol class="pilihan">{}</ol>').format(question.text, options)
        lines.append(Markup('<tr><td class="nomor">{}.</td><td>{}</td><td></td></tr>').format(nomor, cell))
    values = ", ".join(f"{letter} = {value}" for value, letter in enumerate(LETTERS[: len(questions[0].options)], low))
    return Markup(
        '<h2>III. Pendapat responden tentang pelayanan</h2><table class="tanya"><thead><tr><th scope="col">No.</th>'
        '<th scope="col">Pertanyaan (lingkari huruf sesuai jawaban Anda)</th><th scope="col">P *)</th></tr></thead>'
        '<tbody>{}</tbody></table><p class="kecil">*) Diisi petugas: {}.</p>'
    ).format(Markup("").join(lines), values)
