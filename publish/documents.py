"""The official documents of a periode: result, prose that people may edit, and the four PDF files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import markdown
from jinja2 import TemplateSyntaxError, meta
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from collector import counting
from collector.outage import outages
from collector.store import reading
from collector.workspace import Workspace
from publish import blocks, pdf, rtl, surat
from publish.tables import escape_markdown
from publish.typed_figures import check_prose
from publish.values import listing, values
from publish.workbook import REKAP, office_workbook
from scoring import result as scoring_result
from scoring import tally_json
from scoring.errors import IkmError
from scoring.instrument import built_in

PROSE: Final = Path(__file__).parent / "prose"
CSS: Final = (Path(__file__).parent / "layout" / "naskah.css").read_text("utf-8")
PAPER: Final = {"A4": "@page{size:210mm 297mm}", "F4": "@page{size:215mm 330mm}"}


@dataclass(frozen=True)
class Document:
    """One kind of document: its file name, printed name, and the class that its style goes by."""

    name: str
    title: str
    css_class: str


DOCUMENTS: Final = (
    Document("laporan", "Laporan Survei Kepuasan Masyarakat", "laporan"),
    Document("rtl", "Rencana Tindak Lanjut", "rtl"),
    Document("surat-pengantar", "Surat Pengantar", "surat"),
    Document("lembar-publikasi", "Lembar Publikasi", "publikasi"),
)


def score_periode(workspace: Workspace, periode_id: str) -> dict[str, Any]:
    """Return the result of a closed periode, written with its tally into the periode's folder.

    Raises PERIODE_OPEN, PERIODE_EMPTY, PERIODE_INSTRUMENT.
    """
    periode = workspace.office.periode(periode_id)
    with reading(workspace.store) as connection:
        if not counting.is_closed(connection, workspace.office.id, periode):
            raise IkmError("PERIODE_OPEN", id=periode.id)
        tally = counting.tally(connection, workspace.office, periode)
    if not tally.n:
        raise IkmError("PERIODE_EMPTY", id=periode.id)
    result = scoring_result.score(tally)
    folder = workspace.periode_folder(periode.id)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tally.json").write_text(tally_json.dump(tally), "utf-8")
    (folder / "result.json").write_text(scoring_result.dump(result), "utf-8")
    return result


def write_documents(workspace: Workspace, periode_id: str, today: date) -> Iterator[Path]:
    """Write the documents of a closed periode one by one, yielding each PDF as it is done.

    What people wrote in the folder (prose, rtl.toml, surat.toml) is kept. Raises PERIODE_*, KEY_*, PROSE_*.
    """
    result = score_periode(workspace, periode_id)
    folder, office = workspace.periode_folder(periode_id), workspace.office
    entered = surat.prepare(folder / "surat.toml", today)
    names = {entry["id"]: entry["nama"] for entry in result["unsur"]}
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    rencana = rtl.prepare(folder / "rtl.toml", result["lowest"]["unsur"], names, nrr)
    tally = tally_json.load((folder / "tally.json").read_text("utf-8"))
    now = datetime.combine(today, time.max, ZoneInfo(office.timezone))
    diary = outages(workspace, office.periode(periode_id), now)
    named = values(office, result, tally, rencana, entered, coat_of_arms(workspace), diary)
    laws = built_in(result["instrument"]).dasar_hukum
    (folder / "nilai.txt").write_text(listing(named), "utf-8")
    for document in DOCUMENTS:
        prose = folder / f"{document.name}.md"
        if not prose.exists():
            prose.write_text((PROSE / prose.name).read_text("utf-8"), "utf-8")
        right = f"{document.title} · {named['periode']}"
        body = render_prose(prose.name, prose.read_text("utf-8-sig"), named, laws)
        content = pdf.render(
            f"{document.title} {named['periode']} - {office.nama}",
            CSS + PAPER[office.paper] + running(right, office.nama, rehearsal=result["rehearsal"]),
            Markup('<main class="{}">{}</main>').format(document.css_class, body),
            author=office.nama,
            day=entered.tanggal,
        )
        target = folder / f"{document.name}.pdf"
        target.write_bytes(content)
        yield target


def write_workbook(workspace: Workspace, periode_id: str) -> Path:
    """Write the recap workbook of a closed periode into its folder; return the file. Raises what score_periode does."""
    result = score_periode(workspace, periode_id)
    folder = workspace.periode_folder(periode_id)
    tally = tally_json.load((folder / "tally.json").read_text("utf-8"))
    file = folder / REKAP
    file.write_bytes(office_workbook(result, tally))
    return file


def render_prose(file: str, text: str, named: Mapping[str, str | Markup], laws: Sequence[str] = ()) -> Markup:
    """Return the HTML of Markdown with named values; `laws` are those whose numbers may be written by hand.

    Raises PROSE_NAME, PROSE_SYNTAX and PROSE_FIGURE with file and line.
    """
    environment = SandboxedEnvironment(autoescape=True, finalize=escape_markdown)
    try:
        tree = environment.parse(text)
        template = environment.from_string(text)
    except TemplateSyntaxError as error:
        raise IkmError("PROSE_SYNTAX", file=file, line=error.lineno) from None
    unknown = sorted(meta.find_undeclared_variables(tree) - set(named))
    if unknown:
        raise IkmError("PROSE_NAME", file=file, line=_line_of(text, unknown[0]), name=unknown[0])
    check_prose(file, tree, named, laws)
    html = markdown.markdown(
        template.render(named),
        extensions=["tables", "toc", "attr_list", "sane_lists"],
        extension_configs={"toc": {"toc_depth": "1-2"}},
        output_format="html",
    )
    return Markup(html)  # noqa: S704  # values were escaped; the prose is the office's own


def coat_of_arms(workspace: Workspace) -> tuple[str, bytes] | None:
    """Return name and content of the letterhead's image, or None where there is none. Raises FILE_MISSING."""
    name = workspace.office.kop.lambang
    if not name:
        return None
    file = workspace.root / name
    if not file.exists():
        raise IkmError("FILE_MISSING", file=file, advice="Betulkan kop.lambang dalam office.toml, atau kosongkan.")
    return name, file.read_bytes()


def running(title: str, office: str, *, rehearsal: bool) -> str:
    """Return the style of the running lines: state and title on top, the office below; the cover has the state only."""
    lines = {
        "top-left": blocks.state(rehearsal=rehearsal),
        "top-right": title,
        "bottom-left": office,
    }
    rules = "".join(f"@{place}{{content:{_css_string(text)}}}" for place, text in lines.items())
    cover = "".join(f"@{place}{{content:none}}" for place in ("top-right", "bottom-left", "bottom-right"))
    return f"@page{{{rules}}}@page sampul{{{cover}}}"


def _css_string(text: str) -> str:
    """Return `text` as a CSS string: every character that is not plain is written by its number."""
    return '"' + "".join(char if char.isalnum() else f"\\{ord(char):06x}" for char in text) + '"'


def _line_of(text: str, name: str) -> int:
    lines: Sequence[str] = text.splitlines()
    return next(number for number, line in enumerate(lines, 1) if name in line)
