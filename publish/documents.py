"""The official documents of a periode: result, prose that people may edit, and the files that follow from both."""

from __future__ import annotations

import shutil
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
from publish import blocks, pdf, reconciliation
from publish.edition import Marks, marks
from publish.entered import Entered, read_entered
from publish.reconciliation import Recap
from publish.social_image import Sheet, social_image
from publish.tables import escape_markdown
from publish.typed_figures import check_prose
from publish.values import legal_basis, listing, photos, values
from publish.workbook import REKAP, office_workbook
from scoring import result as scoring_result
from scoring import tally_json
from scoring.errors import IkmError
from scoring.instrument import built_in
from scoring.office import PAPERS, Office

PROSE: Final = Path(__file__).parent / "prose"
CSS: Final = (Path(__file__).parent / "layout" / "naskah.css").read_text("utf-8")
PUBLICATION: Final = "lembar-publikasi"


OUTLINES: Final = {"A": "laporan.md", "B": "laporan-b.md"}


@dataclass(frozen=True)
class Document:
    """One kind of document: its file name, printed name, the class of its style, and when it is written."""

    name: str
    title: str
    css_class: str
    only_with: str = ""


DRAFT: Final = Marks()
CONTROL: Final = "pengendalian"
MADE_OF: Final = ("result.json", "tally.json", "rtl.toml")  # an edition holds them, so that it explains itself
PROMISES: Final = "promises"
RECAPS: Final = "recaps"
DOCUMENTS: Final = (
    Document("laporan", "Laporan Survei Kepuasan Masyarakat", "laporan"),
    Document("rekap-hasil", "Rekapitulasi Hasil Survei", "rekapitulasi"),
    Document("rtl", "Rencana Tindak Lanjut", "rtl"),
    Document("tindak-lanjut", "Laporan Tindak Lanjut", "rtl", PROMISES),
    Document("surat-pengantar", "Surat Pengantar", "surat"),
    Document("lembar-publikasi", "Lembar Publikasi", "publikasi"),
    Document("rekonsiliasi", "Berita Acara Rekonsiliasi", "rekonsiliasi", RECAPS),
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


def write_documents(
    workspace: Workspace, periode_id: str, today: date, *, edition: int = 0, into: Path | None = None
) -> Iterator[Path]:
    """Write the documents of a closed periode one by one, yielding each file as it is done.

    They are drafts in the periode's folder, or `edition` (from 1 on) written `into` a folder of its own, beside the
    result, the tally and the plan of which it was made. What people wrote (prose, the .toml files, photos) is kept.
    Raises PERIODE_*, KEY_*, PROSE_*, PHOTO_*, LETTER_USED, RECAP_LACKING.
    """
    result = score_periode(workspace, periode_id)
    folder, office = workspace.periode_folder(periode_id), workspace.office
    entered = read_entered(workspace, result, today)
    recaps = reconciliation.read_recaps(folder)
    named = named_values(workspace, result, entered, recaps, today)
    (folder / "nilai.txt").write_text(listing(named), "utf-8")
    standing_prose(folder / f"{CONTROL}.md", f"{CONTROL}.md")
    added = marks(workspace, result, edition, today)
    there = {"": True, PROMISES: bool(entered.before), RECAPS: bool(recaps)}
    wanted = [document for document in DOCUMENTS if there[document.only_with]]
    # All prose is read before the first page is drawn: a fault in the last document is said at once.
    sheets = {document.name: lay_out(workspace, document, result, named, added) for document in wanted}
    for name, sheet in sheets.items():
        yield from _draw(sheet, (into or folder) / f"{name}.pdf", office.nama, entered.surat.tanggal, added)
    if into:
        for name in MADE_OF:
            yield Path(shutil.copyfile(folder / name, into / name))


def _draw(sheet: Sheet, target: Path, author: str, day: date, added: Marks) -> Iterator[Path]:
    """Write a document, and the image of the one that is published."""
    content = pdf.render(
        sheet.title,
        sheet.css,
        sheet.body,
        author=author,
        day=day,
        attachments=added.attachments.get(target.stem, ()),
        fields=added.fields.get(target.stem, ()),
    )
    target.write_bytes(content)
    yield target
    if target.stem == PUBLICATION:
        image = target.with_suffix(".png")
        image.write_bytes(social_image(sheet, author, day))
        yield image


def named_values(
    workspace: Workspace, result: Mapping[str, Any], entered: Entered, recaps: Sequence[Recap], today: date
) -> dict[str, str | Markup]:
    """Return every named value of the documents of a periode whose tally lies in its folder."""
    office, folder = workspace.office, workspace.periode_folder(result["periode"])
    tally = tally_json.load((folder / "tally.json").read_text("utf-8"))
    now = datetime.combine(today, time.max, ZoneInfo(office.timezone))
    diary = outages(workspace, office.periode(result["periode"]), now)
    return {
        **values(office, result, tally, entered, coat_of_arms(workspace), diary),
        **photos(entered, folder),
        **reconciliation.named(office, result, recaps, entered.surat.tanggal),
    }


def lay_out(
    workspace: Workspace,
    document: Document,
    result: Mapping[str, Any],
    named: Mapping[str, str | Markup],
    added: Marks = DRAFT,
) -> Sheet:
    """Return one document ready to be drawn, from its prose in the periode's folder. Raises the PROSE_* errors.

    `added` are the marks of a frozen edition.
    """
    office, folder = workspace.office, workspace.periode_folder(result["periode"])
    source = OUTLINES[office.naskah.outline] if document.name == "laporan" else f"{document.name}.md"
    prose = standing_prose(folder / f"{document.name}.md", source)
    laws = legal_basis(office, built_in(result["instrument"]))
    body = render_prose(prose.name, prose.read_text("utf-8-sig"), named, laws)
    right = f"{document.title} · {named['periode']}"
    return Sheet(
        f"{document.title} {named['periode']} - {office.nama}",
        CSS
        + page_style(office)
        + running(right, office.nama, rehearsal=result["rehearsal"], edition=added.number)
        + added.css,
        Markup('<main class="{}">{}</main>').format(document.css_class, body),
    )


def standing_prose(file: Path, source: str) -> Path:
    """Return the file of a document's prose, copied from ours when it is not there yet."""
    if not file.exists():
        file.write_text((PROSE / source).read_text("utf-8"), "utf-8")
    return file


def page_style(office: Office) -> str:
    """Return the style of paper, margins and face, as office.toml has them."""
    naskah = office.naskah
    margin = " ".join(f"{side}mm" for side in naskah.margin)
    face = {"serif": "Noto Serif", "sans": "Noto Sans"}[naskah.face]
    width, height = PAPERS[office.paper]
    return (
        f"@page{{size:{width}mm {height}mm;margin:{margin}}}@page mendatar{{size:{height}mm {width}mm}}"
        f'html{{font-size:{naskah.size}pt;font-family:"{face}"}}'
    )


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


def running(title: str, office: str, *, rehearsal: bool, edition: int = 0) -> str:
    """Return the style of the running lines: state and title on top, the office below; the cover has the state only."""
    lines = {
        "top-left": blocks.state(rehearsal=rehearsal, edition=edition),
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
