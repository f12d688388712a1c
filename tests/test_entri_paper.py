"""Numbered sheets: each page says which sheet it is and has four black corners; what became of it is printed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from entri_samples import OTHER, keyed, opened, paper
from http_samples import DAY, PACK
from publish_samples import collect, office, publish, text_of

from collector.entri import FIRST, RUSAK, SECOND, THIRD, Book, Sheet
from collector.entri_issue import issues
from collector.entri_ledger import cancel, lock, take_in
from collector.store import open_store, reading
from collector.workspace import Workspace

TODAY = DAY.isoformat()
INCH = 25.4
SIDE = 5  # mm
CORNER = 6  # mm from the edges


def pages_of(pdf: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def drawn(pdf: Path, page: int, folder: Path) -> tuple[int, int, bytes]:
    """Return width, height and grey pixels of a page, four to a millimetre."""
    command = ["pdftoppm", "-gray", "-r", str(4 * INCH), "-f", str(page), "-l", str(page), "-singlefile", pdf]
    subprocess.run([*command, folder / "page"], check=True)
    _, size, _, pixels = (folder / "page.pgm").read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return width, height, pixels


def printed(workspace: Workspace) -> list[tuple[int, int, str | None]]:
    with reading(workspace.store) as connection:
        return [(issue.first, issue.last, issue.layanan) for issue in issues(connection, workspace.office.id)]


def test_every_page_says_its_sheet_and_the_numbers_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    assert publish(workspace, "paper-form", "--n", "3", day=TODAY) == 0
    assert publish(workspace, "paper-form", "--n", "1", "--layanan", "ktp", day=TODAY) == 0
    assert "Lembar 0004 sampai dengan 0004 (seri 2) diterbitkan" in capsys.readouterr().out
    assert printed(workspace) == [(1, 3, None), (4, 4, "ktp")]
    pages = pages_of(workspace.data / "formulir-kertas-0001-0003.pdf")
    assert [f"Lembar {number:04d}" in page for page, number in zip(pages, (1, 1, 2, 2, 3, 3), strict=True)] == [
        True
    ] * 6
    assert all("Seri 1" in page for page in pages)
    assert [f"Halaman {number} dari 2" in page for page, number in zip(pages, (1, 2) * 3, strict=True)] == [True] * 6
    text = text_of(workspace.data / "formulir-kertas-0004-0004.pdf")
    assert "Perekaman KTP Elektronik" in text and "Kartu Keluarga" not in text
    assert all(" ".join(question.text.split()) in text for question in PACK.questions[:1])


def test_wrong_numbers_are_refused_and_leave_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    assert publish(workspace, "paper-form", "--n", "2", "--start", "100", day=TODAY) == 0
    before = sorted(workspace.data.glob("formulir*"))
    for wrong in (["--n", "0"], ["--n", "501"], ["--n", "5", "--start", "97"], ["--n", "1", "--layanan", "x"]):
        assert publish(workspace, "paper-form", *wrong, day=TODAY) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4 and "sudah diterbitkan pada 1 Oktober 2026" in told[2] and "0102" in told[2]
    assert sorted(workspace.data.glob("formulir*")) == before and printed(workspace) == [(100, 101, None)]


@pytest.mark.parametrize(("size", "width", "height"), [("A4", 210, 297), ("F4", 215, 330)])
def test_each_corner_of_each_page_has_its_black_square_on_either_paper(
    tmp_path: Path, size: str, width: int, height: int
) -> None:
    workspace = office(tmp_path, {'paper = "A4"': f'paper = "{size}"'})
    assert publish(workspace, "paper-form", "--n", "1", day=TODAY) == 0
    for page in (1, 2):
        across, down, pixels = drawn(workspace.data / "formulir-kertas-0001-0001.pdf", page, tmp_path)
        assert abs(across - 4 * width) <= 2 and abs(down - 4 * height) <= 2
        for x in (CORNER, width - CORNER - SIDE):
            for y in (CORNER, height - CORNER - SIDE):
                inside = [pixels[4 * (y + dy) * across + 4 * (x + dx)] for dx in (1, 2, 4) for dy in (1, 2, 4)]
                around = [pixels[4 * (y + dy) * across + 4 * (x + dx)] for dx, dy in ((-2, 2), (7, 2), (2, -2), (2, 7))]
                assert max(inside) < 60 and min(around) > 200, (page, x, y)


def test_the_large_print_has_no_letter_below_18_points_and_begins_each_sheet_on_a_front(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert publish(workspace, "paper-form", "--n", "2", "--large", day=TODAY) == 0
    file = workspace.data / "formulir-kertas-0001-0002-besar.pdf"
    pages = pages_of(file)
    fronts = [number for number, page in enumerate(pages, 1) if "Halaman 1 dari" in page]
    assert len(fronts) == 2 and all(number % 2 for number in fronts)
    boxes = subprocess.run(
        ["pdftohtml", "-xml", "-stdout", "-i", file], capture_output=True, text=True, check=True
    ).stdout
    sizes = {int(spec.partition('size="')[2].partition('"')[0]) for spec in boxes.split("<fontspec")[1:]}
    body = {size for size in sizes if size > 14 * 1.5}  # pdftohtml draws 1.5 times as large
    assert min(body) >= 18 * 1.5 - 1
    assert len(sizes - body) <= 3  # only what stands in the margin is smaller


def test_what_became_of_every_sheet_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    assert collect(workspace, "batches") == 0
    assert capsys.readouterr().out.splitlines() == ["Belum ada lembar bernomor yang diterbitkan.", "Belum ada bundel."]
    store = open_store(workspace.store, workspace.office.id)
    one = opened(workspace, store, 4)
    for number in (1, 2):
        keyed(store, one, FIRST, number)
    keyed(store, one, FIRST, 3, Sheet(RUSAK))
    assert isinstance(lock(store, one.id, paper(2, 1, 1), DAY), Book)
    keyed(store, one, SECOND, 1, OTHER)
    keyed(store, one, SECOND, 2)
    keyed(store, one, THIRD, 1)
    assert isinstance(take_in(store, workspace.office, one.id, DAY), Book)
    cancel(store, opened(workspace, store, 2).id, DAY)
    opened(workspace, store, 3)
    store.close()
    assert collect(workspace, "batches", "--periode", "2026-10") == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[3:] == [
        "bundel tanggal layanan lembar terbit terisi rusak sisa berbeda keadaan",
        "1 2026-10-01 ktp 0001-0004 4 2 1 1 1/18 (5,56 %) masuk hitungan",
        "2 2026-10-01 ktp 0005-0006 2 0 0 2 - dibatalkan",
        "3 2026-10-01 ktp 0007-0009 3 0 0 3 - entri pertama",
        "jumlah 7 2 1 4",
    ]
    assert collect(workspace, "batches", "--periode", "2026-09") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "Belum ada bundel."
