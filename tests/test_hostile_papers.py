"""Hostile texts on what lies at the counter and in workbooks: they are printed as text, and nothing else happens."""

from __future__ import annotations

import dataclasses
import io
import re
import subprocess
import unicodedata
import zipfile
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from hostile_texts import RAW, batches, encodable, hostile_names, toml_text
from openpyxl import load_workbook
from publish_samples import office, text_of
from test_hostile import canary
from test_hostile_files import squeezed
from test_hostile_pages import hostile_keys, hostile_result
from test_workbook import formulas_of, office_workbook, part, rows_of, score, tally

from collector.workspace import Workspace
from publish import pdf
from publish.complaints import Aduan, Answer, Register, Saran, Tema
from publish.isian import Isian, Kegiatan
from publish.paper_form import paper_form
from publish.plan_tables import complaint_table, themes, timetable
from publish.poster import SHEETS, poster, subjects
from publish.template import template
from scoring.errors import IkmError
from scoring.office import parse_office
from scoring.office_parts import Layanan

DAY = date(2026, 10, 1)
RIGHT = 25  # mm of margin
CSS = (Path(pdf.__file__).parent / "layout" / "naskah.css").read_text("utf-8")
ACTIVE = {"/JS", "/JavaScript", "/Launch", "/AA", "/OpenAction", "/EmbeddedFile", "/URI", "/SubmitForm", "/GoToR"}
BREAKING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def checked(folder: Path, content: bytes) -> list[str]:
    """Return the texts of the pages of a PDF that a strict reader takes and that does nothing by itself."""
    file = folder / "x.pdf"
    file.write_bytes(content)
    told = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
    with pikepdf.open(file) as document:
        keys = {key for item in document.objects if isinstance(item, pikepdf.Dictionary) for key in item.keys()}  # noqa: SIM118
    assert not keys & ACTIVE
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    return [whole(page) for page in text.split("\f")[:-1]]


def whole(text: str) -> str:
    """Return what a reader of PDF tells of a text: no spaces, no ligatures, no hyphens, which it drops at line ends."""
    return squeezed(unicodedata.normalize("NFKC", text)).replace("-", "")


def lacking(texts: list[str], pages: list[str]) -> list[str]:
    """Return the texts that are not printed; each turn of a page may cut one in two."""
    printed = "".join(pages)
    missing = [text for text in texts if whole(text)[:40] not in printed]
    return missing if len(missing) > len(pages) - 1 else []


def test_a_poster_of_hostile_names_and_promises_is_printed_and_asks_nobody(tmp_path: Path) -> None:
    with canary() as (address, calls):
        workspace = office(tmp_path, hostile_keys(address))
        last = hostile_result(address)
        for subject in (subjects(workspace.office)[0], subjects(workspace.office)[-1]):
            content = poster(workspace.office, subject, SHEETS[0], 9, last, DAY, rehearsal=True)
            printed = checked(tmp_path, content)
            assert "Bagaimanapelayanankami?" in printed[0]
            names = hostile_names(address)
            assert lacking(names if subject.layanan else names[::5], printed) == []
    assert calls == []


@pytest.mark.parametrize(
    "large", [pytest.param(False, id="usual"), pytest.param(True, id="large", marks=pytest.mark.soak)]
)
def test_a_paper_form_of_hostile_names_is_printed_and_asks_nobody(tmp_path: Path, large: bool) -> None:
    with canary() as (address, calls):
        groups = batches(hostile_names(address), 6)
        layanan = tuple(Layanan(f"l{number}", " ".join(texts), "") for number, texts in enumerate(groups))
        made = dataclasses.replace(office(tmp_path, hostile_keys(address)).office, layanan=layanan)
        printed = checked(tmp_path, paper_form(made, made.survey_on(DAY).instrument, DAY, large=large))
        assert lacking(hostile_names(address), printed) == [] and "IV.Saran" in "".join(printed)
    assert calls == []


def test_a_template_of_hostile_names_holds_them_as_text_and_no_formula(tmp_path: Path) -> None:
    workspace, calm = office(tmp_path / "ganas", hostile_keys("http://kenari.invalid")), office(tmp_path / "biasa")
    contents = [written(each) for each in (workspace, calm)]
    assert formulas_of(contents[0]) == formulas_of(contents[1])
    held = cells(contents[0])
    assert {item.nama for item in workspace.office.layanan} <= set(held)
    assert any(text.startswith(workspace.office.nama[:60]) for text in held)
    with zipfile.ZipFile(io.BytesIO(contents[0])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
        assert not BREAKING.search(b"".join(parts.values()).decode("utf-8", "replace"))
        assert not [name for name in parts if "external" in name.lower() or "vba" in name.lower()]
        assert not [name for name, part in parts.items() if name.endswith(".rels") and b'TargetMode="External"' in part]


def written(workspace: Workspace) -> bytes:
    made = workspace.office
    return template(made, made.survey_on(DAY).instrument, made.layanan[0].id, DAY)


def cells(content: bytes) -> dict[str, str]:
    """Return every text of a workbook with its kind."""
    sheets = load_workbook(io.BytesIO(content)).worksheets
    found = {
        str(cell.value): cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value
    }
    return found


def test_a_recap_holds_every_text_as_a_name_and_never_as_a_formula() -> None:
    answers = rows_of("333333333 4444444-4 " * 6)
    calm = tally(part(answers), part(answers, layanan="kk"), layanan={"ktp": "a", "kk": "b"}, office_nama="c")
    known = formulas_of(office_workbook(score(calm), calm))
    for texts in batches(encodable(), 42):
        for first in (texts[0], f"={texts[0]}"):
            named = {"ktp": first + "".join(texts[1::2]), "kk": "".join(texts[::2])}
            made = tally(part(answers), part(answers, layanan="kk"), layanan=named, office_nama=first)
            content = office_workbook(score(made), made)
            assert formulas_of(content) == known
            assert {kind for text, kind in cells(content).items() if text == BREAKING.sub("", first)} <= {"s"}


def test_a_word_of_three_hundred_letters_breaks_at_the_edge_of_its_column(tmp_path: Path) -> None:
    word, first = "panjang" * 42, date(2026, 9, 1)
    saran = Saran(9, (Tema(word, 9, word, False, Answer("", "", "")),))
    isian = Isian((Kegiatan(word, first, DAY, 20),), (), (), ())
    aduan = Register(False, (Aduan(first, word, word, word, Answer(word, word, "belum")),))
    for content in (themes(saran), timetable(isian), complaint_table(saran, aduan)):
        file = tmp_path / "x.pdf"
        file.write_bytes(pdf.render("x", CSS, content, author="x", day=DAY))
        boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
        edge = max(float(found) for found in re.findall(r'xMax="([\d.]+)"', boxes)) / 72 * 25.4
        assert edge <= 210 - RIGHT + 0.5, content[:60]
        assert squeezed(text_of(file)).count("panjang") >= 20


def test_what_cannot_be_seen_never_comes_into_a_name(tmp_path: Path) -> None:
    example = (Path(__file__).parent.parent / "office.example.toml").read_text("utf-8")
    unseen = [text for text in encodable() if RAW.search(text.replace("\n", "").replace("\t", ""))]
    assert len(unseen) > 20
    for text in unseen:
        with pytest.raises(IkmError, match=r"huruf yang tidak tampak|satu baris|kosong"):
            parse_office("office.toml", example.replace('"Perekaman KTP Elektronik"', toml_text(text)))
