"""The manual for the office as one PDF: everything that the pages say, in Indonesian, none of it cut off."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from publish_samples import text_of
from shared_setup import made_once

import publish.__main__ as command
import publish.manual as manual_module
from publish.manual import PAGES, write_manual

ROOT = Path(__file__).parent.parent
POINTS = 72 / 25.4  # of a millimetre
LEFT, RIGHT = 22 * POINTS, (210 - 21) * POINTS


def write(folder: Path) -> None:
    """Let the command write the manual where it is told, in a folder without an office; keep what it said beside it."""
    folder.mkdir()
    order = [sys.executable, "-m", "publish", "manual", "--to", "cetak"]
    done = subprocess.run(
        order, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    (folder / "said").write_text(done.stdout + done.stderr, "utf-8")


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "manual", write) / "cetak" / "petunjuk.pdf"


def source(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def printed(manual: Path) -> list[str]:
    """Return the text of every page without spaces and breaks, which are the layout's."""
    found = subprocess.run(["pdftotext", "-raw", str(manual), "-"], capture_output=True, text=True, check=True).stdout
    return [re.sub(r"\s+", "", page) for page in found.rstrip("\f").split("\f")]


def bookmarks(document: pikepdf.Pdf) -> list[tuple[str, list[str]]]:
    with document.open_outline() as outline:
        return [(item.title, [child.title for child in item.children]) for item in outline.root]


def test_contents_and_bookmarks_name_every_chapter_and_section_in_order(manual: Path) -> None:
    with pikepdf.open(manual) as document:
        chapters = bookmarks(document)
        assert 20 <= len(document.pages) <= 45
    contents = printed(manual)[1]
    assert len(chapters) == len(PAGES)
    for name, (title, sections) in zip(PAGES, chapters, strict=True):
        headings = re.findall(r"^(##?) (.*)$", source(name).replace("`", ""), re.MULTILINE)
        (_, heading), *parts = headings
        assert heading.lower() in title.lower()
        assert sections == [part for _, part in parts]
    for _, sections in chapters:
        for section in sections:
            assert re.sub(r"\s+", "", section) in contents, section


def test_the_contents_and_the_links_say_the_page_on_which_it_stands(manual: Path) -> None:
    pages = printed(manual)
    number = next(n for n, page in enumerate(pages, 1) if "BABIII" in page and n > 2)
    assert re.search(rf"BABIIIDaftargalat\.*{number}(?!\d)", pages[1])
    assert f"daftargalat(halaman{number})" in pages[2]
    forms = next(n for n, page in enumerate(pages, 1) if "8.Formulirkertas" in page and n > 2)
    assert any(f"bagian8(halaman{forms})" in page for page in pages)


def test_every_command_and_code_of_the_pages_is_printed_whole_and_within_the_margins(manual: Path) -> None:
    text = "".join(printed(manual))
    for name in PAGES:
        told = re.sub(r"^Diuji oleh:\n\n(?:- .*\n)+", "", source(name), flags=re.MULTILINE)
        blocks = re.findall(r"(?m)^    (\S.*)$", told)
        for code in [*re.findall(r"`([^`]+)`", told), *blocks]:
            assert re.sub(r"\s+", "", code) in text, code
    words = subprocess.run(["pdftotext", "-bbox", str(manual), "-"], capture_output=True, text=True, check=True).stdout
    boxes = re.findall(r'<word xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)<', words)
    assert len(boxes) > 5_000
    assert [word for left, right, word in boxes if float(left) < LEFT - 1 or float(right) > RIGHT + 1] == []


def test_no_cell_of_a_table_runs_into_the_next_one(manual: Path) -> None:
    lines = subprocess.run(["pdftotext", "-bbox", str(manual), "-"], capture_output=True, text=True, check=True).stdout
    for page in lines.split("<page ")[1:]:
        rows: dict[str, list[tuple[float, float, str]]] = {}
        for left, top, right, word in re.findall(
            r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="[\d.]+">([^<]*)<', page
        ):
            rows.setdefault(top, []).append((float(left), float(right), word))
        for row in rows.values():
            ordered = sorted(row)
            over = [(a[2], b[2]) for a, b in pairwise(ordered) if a[1] > b[0] + 1]
            assert over == []


def test_every_picture_of_the_pages_is_in_it_with_its_words(manual: Path) -> None:
    shown = [alt for name in PAGES for alt in re.findall(r"!\[([^\]]*)\]\(", source(name))]
    with pikepdf.open(manual) as document:
        told = {
            str(item["/Alt"]) for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        }
    assert len(shown) > 10 and set(shown) <= told


def test_nothing_meant_for_developers_is_in_it(manual: Path) -> None:
    text = text_of(manual)
    assert "Diuji oleh" not in text and not re.search(r"\btest_|_the_|\.py\b", text)
    assert "](" not in text and "![" not in text and "**" not in text


def test_it_is_archivable_in_our_fonts_and_the_same_bytes_on_the_same_day(manual: Path, tmp_path: Path) -> None:
    with pikepdf.open(manual) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
    fonts = subprocess.run(["pdffonts", str(manual)], capture_output=True, text=True, check=True).stdout
    assert all("Noto" in row and " yes " in row for row in fonts.splitlines()[2:]), fonts
    with pikepdf.open(manual) as document, document.open_metadata() as metadata:
        day = date.fromisoformat(str(metadata["xmp:ModifyDate"])[:10])
    assert write_manual(tmp_path, day).read_bytes() == manual.read_bytes()


def test_the_command_writes_it_where_it_is_told_and_needs_no_office(manual: Path) -> None:
    folder = manual.parent.parent
    assert (folder / "said").read_text("utf-8") == "Buku petunjuk: cetak/petunjuk.pdf\n"
    assert sorted(file.name for file in folder.iterdir()) == ["cetak", "said"]
    assert manual.stat().st_size > 100_000


def test_a_page_or_picture_that_lacks_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(ROOT / "docs", docs)
    monkeypatch.setattr(manual_module, "ROOT", tmp_path)
    for lacking in ("gambar/poster.png", "petunjuk.md"):
        (docs / lacking).unlink()
        assert command.main(["manual", "--to", str(tmp_path)]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and said.startswith(f"Berkas {docs / lacking} tidak ada.")
