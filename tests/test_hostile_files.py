"""Hostile texts in files that clerks bring and people write: told on one plain line, printed as text, fetched never."""

from __future__ import annotations

import json
import os
import re
from datetime import date
from pathlib import Path

import httpx
import pikepdf
import pytest
from hostile_texts import RAW, batches, encodable, toml_text
from import_samples import GOOD, U_NUMBERS, book, rows, sheet
from openpyxl import load_workbook
from publish_samples import collect, office, text_of
from published_office import OCTOBER, ROOT, fill
from published_office import publish as publish_made
from test_datasette import get
from test_hostile import Markup, canary, grown

from collector.workspace import Workspace, load
from publish import pdf
from publish.documents import render_prose
from publish.plan_tables import numbered
from scoring.errors import IkmError
from scoring.mask import mask
from scoring.office import parse_office
from scoring.response import SARAN_LIMIT, clean_text
from scoring.toml_table import LONGEST_WORD

TEXTS = [text for text in encodable() if text.strip()]
VISIBLE = [text for text in TEXTS if not RAW.search(text)]
NAMES = [text for text in VISIBLE if not text.strip().startswith(("=", "+", "-", "@")) and len(text) <= SARAN_LIMIT]
NAMES = [text for text in NAMES if not re.search(r"[\n\t]", text)]


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def told(workspace: Workspace, file: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """Return what the import command says, which holds nothing that a terminal obeys."""
    code = collect(workspace, "import", str(file), *more)
    said = "".join(capsys.readouterr())
    assert not RAW.search(said), said
    return code, said


def test_hostile_cells_and_headings_are_quoted_on_one_plain_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, day = office(tmp_path), "2026-10-05"
    capsys.readouterr()
    for text in batches(TEXTS, 1):
        (cell,) = text
        line = f"{quoted(cell)},{quoted(cell)},{quoted(cell)},3,3,4,3,3,4,2,1"
        code, said = told(workspace, sheet(tmp_path, line), capsys)
        assert (code, "kesalahan" in said or "tidak dapat dibaca" in said) == (2, True), cell
        assert max(map(len, said.splitlines())) < 400, cell
    for cell in TEXTS[::7]:
        head = f"tanggal,layanan,{U_NUMBERS},{quoted(cell)}"
        told(workspace, sheet(tmp_path, f"{day},ktp,{GOOD},x", head=head), capsys)
    assert rows(workspace) == []


@pytest.mark.parametrize("name", [b"a\x1b[2J.csv", b"a\xffb.csv", b"=1+1.csv", "\u202evsc.csv".encode(), b"a\nb.csv"])
def test_a_hostile_file_name_is_told_and_stored_as_plain_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: bytes
) -> None:
    workspace = office(tmp_path)
    file = sheet(tmp_path, f"2026-10-05,ktp,{GOOD}").rename(tmp_path / os.fsdecode(name))
    capsys.readouterr()
    assert told(workspace, file, capsys)[0] == 0
    assert "sudah diimpor" in told(workspace, file, capsys)[1]
    (batch,) = rows(workspace, "batch")
    assert not RAW.search(batch["file"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_hostile_comments_on_paper_are_stored_as_plain_masked_text(tmp_path: Path, kind: str) -> None:
    workspace = office(tmp_path)
    # a workbook has no place for controls, nor for a text that begins as a formula does
    texts = [text for text in VISIBLE if len(clean_text(text)) <= SARAN_LIMIT and not text.startswith(("=", "\r"))]
    if kind == "csv":
        lines = [f"2026-10-05,ktp,{GOOD},{quoted(text)}" for text in texts]
        file = sheet(tmp_path, *lines, head=f"tanggal,layanan,{U_NUMBERS},saran")
    else:
        head = ["tanggal", "layanan", *U_NUMBERS.split(","), "saran"]
        answers = [int(value) for value in GOOD.split(",")]
        file = book(tmp_path, head, *([date(2026, 10, 5), "ktp", *answers, text] for text in texts))
    assert collect(workspace, "import", str(file)) == 0
    assert len(rows(workspace)) == len(texts)
    stored = {row["text"] for row in rows(workspace, "saran")}
    assert not [saran for saran in stored if RAW.search(saran)]
    assert {mask(clean_text(text)) for text in texts if "_x003D_" not in text} - {""} <= stored


@pytest.mark.parametrize("key", ["tempat", "kepada", "alamat", "jabatan", "instansi"])
def test_office_toml_takes_what_can_be_seen_and_names_what_cannot(key: str) -> None:
    example = (ROOT / "office.example.toml").read_text("utf-8")
    for text in TEXTS:
        written = re.sub(rf'(?m)^{key} = ".*"$', lambda _, text=text: f"{key} = {toml_text(text)}", example, count=1)  # type: ignore[misc]
        if RAW.search(text):
            with pytest.raises(IkmError, match=rf"{key} tidak sesuai: memuat huruf yang tidak tampak \(U\+") as caught:
                parse_office("office.toml", written)
            assert not RAW.search(caught.value.lines)
        elif (longest := max(map(len, text.split()))) > LONGEST_WORD:
            with pytest.raises(IkmError, match=rf"{key} tidak sesuai: memuat {longest} huruf tanpa spasi"):
                parse_office("office.toml", written)
        else:
            parse_office("office.toml", written)


def test_the_name_of_a_layanan_is_one_line_and_does_not_begin_as_a_formula_does() -> None:
    example = (ROOT / "office.example.toml").read_text("utf-8")
    for text in ("=1+1", "+1+1", "-1+1", "@SUM(1+1)", " =1+1", "\t=1+1", "\n=1+1", "dua\nbaris", "a\tb"):
        with pytest.raises(IkmError, match=r"layanan\[1\]\.nama tidak sesuai"):
            parse_office("office.toml", example.replace('"Perekaman KTP Elektronik"', toml_text(text)))


def test_prose_that_fetches_attaches_or_runs_is_refused_and_nobody_is_called() -> None:
    with canary() as (address, calls):
        for text in (
            f"![x]({address}/m.png)",
            f"<img src={address}/p.png>",
            f"<link rel=stylesheet href={address}/l.css>",
            f"<link rel=attachment href={address}/a>",
            f"<a rel=attachment href={address}/a>x</a>",
            f"<style>@import url({address}/i.css);</style>",
            f"<style>body{{background:url({address}/b.png)}}</style>",
            f"<object data={address}/o></object>",
            f"<embed src={address}/e>",
            "![x](file:///etc/passwd)",
            "[klik](javascript:alert(1))",
            "<a href='java&#9;script:alert(1)'>x</a>",
            "[klik](file:///etc/passwd)",
            "<a href='data:text/html,x'>x</a>",
        ):
            with pytest.raises(IkmError) as caught:
                body = text if text.startswith("<") else render_prose("laporan.md", text, {})
                pdf.render("x", "", body, author="x", day=date(2026, 10, 25))
            assert caught.value.code == "PDF_ADDRESS", text
    assert calls == []


def test_what_people_write_stands_in_the_pdf_as_they_wrote_it(tmp_path: Path) -> None:
    with canary() as (address, calls):
        texts = [text.replace("http://kenari.invalid", address) for text in VISIBLE if len(text) <= SARAN_LIMIT]
        body = render_prose(
            "laporan.md", "{{ daftar }}\n\n{{ satu }}", {"daftar": numbered(texts, "x"), "satu": texts[0]}
        )
        file = tmp_path / "x.pdf"
        file.write_bytes(pdf.render(texts[0], "", body, author=texts[1], day=date(2026, 10, 25)))
    assert calls == []
    printed = squeezed(text_of(file))
    assert [text for text in texts if squeezed(text) not in printed and len(text) < 60] == []
    with pikepdf.open(file) as document:
        keys = {key for item in document.objects if isinstance(item, pikepdf.Dictionary) for key in item.keys()}  # noqa: SIM118
    assert not keys & {"/JS", "/JavaScript", "/Launch", "/AA", "/URI", "/EmbeddedFile", "/OpenAction"}


def squeezed(text: str) -> str:
    return "".join(char for char in text if "!" <= char <= "~")


def test_hostile_names_are_text_on_the_transparency_page_and_in_the_open_data(tmp_path: Path) -> None:
    made = [published(tmp_path / "biasa", ["Layanan"]), published(tmp_path / "ganas", NAMES)]
    plain, hostile_one = made
    pages = [workspace.public / "index.html" for workspace in made]
    assert not grown(pages[1].read_text("utf-8"), Markup(pages[0].read_text("utf-8")))
    for paths in (
        ["/", "/publik", "/publik/layanan", "/publik/indeks"],
        ["/publik/layanan?nama=<script>", "/publik/x<script>"],
    ):
        answers = [get(workspace.public / "publik.db", *paths) for workspace in made]
        for before, after in zip(*answers, strict=True):
            assert {tag for tag, _ in Markup(after.text).elements} <= {tag for tag, _ in Markup(before.text).elements}
    (table,) = get(hostile_one.public / "publik.db", "/publik/layanan.csv?_size=max")
    assert isinstance(table, httpx.Response) and not re.search(r'(?m)^[^"]*,"?[=+@]', table.text)
    names = {
        entry["nama"] for entry in json.loads(periode_file(hostile_one, "hasil.json").read_text("utf-8"))["layanan"]
    }
    assert names == {item.nama for item in hostile_one.office.layanan}
    formulas = [formulas_of(periode_file(workspace, "rekap.xlsx")) for workspace in made]
    assert formulas[0] == formulas[1]
    assert plain.office.id == hostile_one.office.id


def published(folder: Path, texts: list[str]) -> Workspace:
    """Return the example office with its five layanan named by all the texts, October published."""
    folder.mkdir()
    example = (ROOT / "office.example.toml").read_text("utf-8")
    named = iter(" ".join(texts[place::5]) or "Layanan" for place in range(5))
    parts = re.split(
        r'(?<=\n)nama = "[^"\n]*"(?=\n\n)', example.partition("# Tiket sekali")[0].partition("[[layanan]]")[2]
    )
    layanan = parts[0] + "".join(f"nama = {toml_text(next(named))}{part}" for part in parts[1:])
    head, _, rest = example.partition("[[layanan]]")
    text = f"{head}[[layanan]]{layanan}# Tiket sekali{rest.partition('# Tiket sekali')[2]}"
    (folder / "office.toml").write_text(text, "utf-8")
    workspace = load(folder / "office.toml")
    fill(workspace, "2026-10", OCTOBER)
    publish_made(workspace, "2026-10")
    return workspace


def periode_file(workspace: Workspace, name: str) -> Path:
    return workspace.public / "periode" / "2026-10" / name


def formulas_of(file: Path) -> set[tuple[str, str]]:
    """Return sheet and address of every formula."""
    sheets = load_workbook(file).worksheets
    return {
        (str(number), cell.coordinate)
        for number, worksheet in enumerate(sheets)
        for line in worksheet.iter_rows()
        for cell in line
        if cell.data_type == "f"
    }
