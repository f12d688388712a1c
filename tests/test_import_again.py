"""A file imported before and edited since: refused while most of its sheets are there, and honest sheets are not."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from import_samples import book, refusal, rows, sheet, take
from publish_samples import collect, office

from collector import counting
from collector.import_again import KEPT
from collector.imports import import_paper
from collector.store import open_store, reading
from collector.workspace import Workspace

both = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL
THREES = "2026-10-05,ktp" + ",3" * 9


def people(n: int, seed: int = 1, day: str = "2026-10-05", layanan: str = "ktp") -> list[str]:
    """Return the rows of people who each answered in their own way."""
    chance = random.Random(seed)
    return [f"{day},{layanan},{','.join(chance.choices('1234', k=9))}" for _ in range(n)]


def corrected(lines: Sequence[str], place: int) -> list[str]:
    """Return the rows with one cell typed anew."""
    line = lines[place]
    return [*lines[:place], line[:-1] + ("1" if line[-1] != "1" else "2"), *lines[place + 1 :]]


def others(workspace: Workspace, file: Path) -> int:
    """Import a file whose sheets are said to be other ones; return how many were stored."""
    store = open_store(workspace.store, workspace.office.id)
    try:
        return import_paper(workspace.office, store, file, date(2026, 10, 26), None, None, other=True).sheets
    finally:
        store.close()


@both
def test_a_file_with_one_cell_corrected_is_refused_with_the_row_and_what_to_do(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(20)
    take(workspace, sheet(tmp_path, *lines))
    error = refusal(workspace, sheet(tmp_path, *corrected(lines, 6), name="kertas-betul.csv"))
    assert error.code == "IMPORT_AGAIN"
    assert str(error).startswith(
        "kertas-betul.csv: 19 dari 20 lembar di dalamnya sudah diimpor dari kertas.csv pada 25 Oktober 2026;"
        " yang baru atau dibetulkan: baris 8. Tidak ada yang disimpan, dan yang sudah ada tetap."
    )
    assert "dalam berkas bernama lain" in str(error) and "OTHER=1" in str(error)


@both
def test_a_file_with_rows_added_is_refused_and_the_new_rows_come_in_by_themselves(tmp_path: Path) -> None:
    workspace, lines, added = office(tmp_path), people(30), people(7, seed=2)
    take(workspace, sheet(tmp_path, *lines))
    error = refusal(workspace, sheet(tmp_path, *lines, *added))
    assert "30 dari 37 lembar" in str(error)
    assert "yang baru atau dibetulkan: baris 32, 33, 34, 35, 36, dan 2 baris lagi." in str(error)
    assert take(workspace, sheet(tmp_path, *added, name="tambahan.csv")).sheets == 7
    assert len(rows(workspace)) == 37


def test_the_same_rows_in_another_order_or_format_or_only_some_of_them_are_refused(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(20)
    take(workspace, sheet(tmp_path, *lines))
    assert "tidak ada baris lain" in str(refusal(workspace, sheet(tmp_path, *lines[::-1], name="urut.csv")))
    assert "8 dari 8 lembar" in str(refusal(workspace, sheet(tmp_path, *lines[:8], name="sebagian.csv")))
    heading = ["tanggal", "layanan", *(f"U{number}" for number in range(1, 10))]
    typed = [[*line.split(",")[:2], *map(int, line.split(",")[2:])] for line in corrected(lines, 0)]
    assert refusal(workspace, book(tmp_path, heading, *typed)).code == "IMPORT_AGAIN"


def test_a_few_sheets_are_known_again_under_the_name_of_their_file(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(3)
    take(workspace, sheet(tmp_path, *lines))
    assert refusal(workspace, sheet(tmp_path, *corrected(lines, 1))).code == "IMPORT_AGAIN"
    assert take(workspace, sheet(tmp_path, *corrected(lines, 1), name="loket-2.csv")).sheets == 3


@pytest.mark.parametrize("name", ["kertas.csv", "loket-2.csv"])
def test_honest_sheets_that_are_all_equal_come_in_however_often(tmp_path: Path, name: str) -> None:
    workspace = office(tmp_path)
    assert take(workspace, sheet(tmp_path, *[THREES] * 25)).sheets == 25
    assert take(workspace, sheet(tmp_path, *[THREES] * 4, name=name)).sheets == 4
    assert take(workspace, sheet(tmp_path, *[THREES] * 40, name=name)).sheets == 40


def test_a_second_file_of_a_day_on_which_half_of_the_people_chose_the_same_comes_in(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    usual = [THREES, THREES.replace("3", "4"), THREES[:-1] + "4", THREES[:-1] + "2"]
    take(workspace, sheet(tmp_path, *usual * 5, *people(20, seed=3)))
    assert take(workspace, sheet(tmp_path, *usual, name="loket-2.csv")).sheets == 4
    assert take(workspace, sheet(tmp_path, *usual * 5, *people(20, seed=4), name="loket-3.csv")).sheets == 40


def test_the_same_answers_of_another_day_layanan_or_channel_are_other_sheets(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, *people(20)))
    assert take(workspace, sheet(tmp_path, *people(20, day="2026-10-06"))).sheets == 20
    assert take(workspace, sheet(tmp_path, *people(20, layanan="kk"))).sheets == 20
    grid = [line.split(",") for line in ("tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9", *people(20))]
    file = book(tmp_path, *[["05/10/2026" if cell == "2026-10-05" else cell for cell in line] for line in grid])
    assert take(workspace, file, peta="excel").sheets == 20


@both
def test_the_rows_of_an_excluded_sheet_do_not_count_as_being_there(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(6)
    take(workspace, sheet(tmp_path, *lines))
    for number in range(1, 7):
        told = ("--file", "kertas.csv", "--sheet", str(number), "--reason", "lembar-rusak", "--by", "staf")
        assert collect(workspace, "exclude", *told) == 0
    assert take(workspace, sheet(tmp_path, *corrected(lines, 0))).sheets == 6
    with reading(workspace.store) as connection:
        assert counting.tally(connection, workspace.office, workspace.office.periode("2026-10")).n == 6


@both
def test_who_says_that_they_are_other_sheets_brings_them_in(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(20)
    take(workspace, sheet(tmp_path, *lines))
    again = sheet(tmp_path, *corrected(lines, 6), name="loket-2.csv")
    refusal(workspace, again)
    assert (others(workspace, again), others(workspace, again)) == (20, 0)
    assert len(rows(workspace)) == 40


def test_the_command_takes_the_word_of_the_clerk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace, lines = office(tmp_path), people(20)
    take(workspace, sheet(tmp_path, *lines))
    file = str(sheet(tmp_path, *lines[:-1], name="loket-2.csv"))
    assert collect(workspace, "import", file) == 2
    assert "19 dari 19 lembar di dalamnya sudah diimpor dari kertas.csv" in capsys.readouterr().err
    assert collect(workspace, "import", file, "--other") == 0
    assert capsys.readouterr().out == "19 lembar dari loket-2.csv disimpan.\n"


def test_of_several_earlier_files_the_one_with_the_most_sheets_is_named(tmp_path: Path) -> None:
    workspace, lines = office(tmp_path), people(30)
    take(workspace, sheet(tmp_path, *lines[:10], name="pagi.csv"))
    take(workspace, sheet(tmp_path, *lines[10:], name="siang.csv"))
    assert "20 dari 30 lembar di dalamnya sudah diimpor dari siang.csv" in str(
        refusal(workspace, sheet(tmp_path, *lines, name="semua.csv"))
    )


def test_only_the_days_and_layanan_of_the_file_are_read_by_the_index(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    store = workspace.store
    assert isinstance(store, Path)
    connection = sqlite3.connect(store)
    try:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {KEPT}", ("kecamatan-teladan", "2026-10-05", "ktp", 3))
        steps = [row[3] for row in plan.fetchall()]
    finally:
        connection.close()
    assert "response_by_day (office=? AND day=? AND layanan=? AND channel=?)" in steps[0]
    assert not any(step.startswith("SCAN") for step in steps)
