"""A bundle counts once, whole, when its totals are those of the paper and its two entries agree or are decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from entri_samples import BLANK, GOOD, OTHER, codes, keyed, locked, opened, paper
from http_samples import DAY, count, stored
from publish_samples import collect, office
from store_samples import SCORES

from collector.entri import (
    FIRST,
    RUSAK,
    SECOND,
    TERISI,
    THIRD,
    Book,
    Sheet,
    draw,
    error_rate,
)
from collector.entri_ledger import book, books, cancel, lock, save, take_in
from collector.store import Store, open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError

both = pytest.mark.usefixtures("engine")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return office(tmp_path)


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = open_store(workspace.store, workspace.office.id)
    yield opened
    opened.close()


# the first entry ends


@both
def test_totals_that_differ_from_the_paper_are_told_and_nothing_is_locked(workspace: Workspace, store: Store) -> None:
    entri = opened(workspace, store, 10)
    for number in range(1, 8):
        keyed(store, entri, FIRST, number)
    keyed(store, entri, FIRST, 8, Sheet(RUSAK))
    found = lock(store, entri.id, paper(8, 1, 1), DAY)
    assert codes(found) == ["ENTRI_TOTAL", "ENTRI_TOTAL"] and isinstance(found, list)
    assert "kertas 8, menurut yang diketik 7, selisih 1" in found[0].text
    assert codes(lock(store, entri.id, paper(7, 1, 1), DAY)) == ["ENTRI_BALANCE", "ENTRI_TOTAL"]
    assert codes(lock(store, entri.id, paper(7, 1, -2), DAY)) == ["ENTRI_LOCKED"]
    keyed(store, entri, FIRST, 9)  # still open
    assert isinstance(lock(store, entri.id, paper(8, 1, 1), DAY), Book)
    assert codes(save(store, entri.id, FIRST, 10, GOOD)) == ["ENTRI_LOCKED"]


@both
def test_a_bundle_without_an_answer_cannot_be_locked(workspace: Workspace, store: Store) -> None:
    entri = opened(workspace, store, 2)
    assert codes(lock(store, entri.id, paper(0, 0, 2), DAY)) == ["ENTRI_NOTHING"]


@pytest.mark.parametrize(("n", "size"), [(1, 1), (4, 4), (5, 5), (50, 5), (51, 6), (100, 10), (999, 100)])
def test_a_tenth_of_the_sheets_and_at_least_five_are_drawn_by_the_seed(n: int, size: int) -> None:
    numbers = range(101, 101 + n)
    sample = draw("a" * 32, numbers)
    assert len(set(sample)) == size and set(sample) <= set(numbers) and list(sample) == sorted(sample)
    assert draw("a" * 32, numbers) == sample
    if n > 50:
        assert len({draw(f"{seed:032x}", numbers) for seed in range(20)}) == 20


def test_every_sheet_is_drawn_as_often_as_any_other() -> None:
    hits = dict.fromkeys(range(50), 0)
    for seed in range(2000):
        for number in draw(f"{seed:032x}", range(50)):
            hits[number] += 1
    assert all(140 <= n <= 260 for n in hits.values())  # 200 each, more than four standard deviations


# the second entry and the third look


@both
def test_differences_are_shown_decided_by_a_third_look_and_told_as_a_rate(workspace: Workspace, store: Store) -> None:
    entri, sample = locked(workspace, store, 50)
    assert len(sample) == 5
    outside = next(number for number in entri.numbers if number not in sample)
    assert codes(save(store, entri.id, SECOND, outside, GOOD)) == ["ENTRI_NOT_DUE"]
    assert codes(take_in(store, workspace.office, entri.id, DAY)) == ["ENTRI_SECOND"]
    for number in sample[:-1]:
        keyed(store, entri, SECOND, number)
    found = keyed(store, entri, SECOND, sample[-1], replace(OTHER, profil=("P", *BLANK[1:])))
    assert codes(save(store, entri.id, SECOND, sample[-1], GOOD)) == ["ENTRI_NOT_DUE"]  # one cannot see and agree
    assert found.stage == "third" and found.undecided == [sample[-1]]
    first, profil = found.differences(sample[-1])
    assert (first.part, first.place, first.first, first.second) == ("answers", 0, 4, 1)
    assert (profil.part, profil.first, profil.second) == ("profil", None, "P")
    assert codes(take_in(store, workspace.office, entri.id, DAY)) == ["ENTRI_THIRD"]
    assert codes(save(store, entri.id, THIRD, sample[0], GOOD)) == ["ENTRI_NOT_DUE"]
    keyed(store, entri, THIRD, sample[-1], OTHER)
    found = take_in(store, workspace.office, entri.id, DAY)
    assert isinstance(found, Book) and found.end is not None
    assert (found.end.compared, found.end.different) == (46, 2)
    assert error_rate(46, 2) == "4,35" and error_rate(0, 0) == "0,00"
    firsts = [row["a01"] for row in stored(workspace)]
    assert firsts == [1 if number == sample[-1] else 4 for number in entri.numbers]


# the count


@both
def test_a_bundle_counts_once_as_paper_in_the_order_of_its_sheets(workspace: Workspace, store: Store) -> None:
    entri = opened(workspace, store, 6)
    sheets = {n: replace(GOOD, answers=(n % 4 + 1, None, *SCORES[2:]), saran=str(n)) for n in (1, 2, 4, 6)}
    for number, sheet in sheets.items():
        keyed(store, entri, FIRST, number, sheet)
    keyed(store, entri, FIRST, 3, Sheet(RUSAK))
    assert codes(take_in(store, workspace.office, entri.id, DAY)) == ["ENTRI_OPEN"]
    assert isinstance(lock(store, entri.id, paper(4, 1, 1), DAY), Book)
    for number, sheet in sheets.items():
        keyed(store, entri, SECOND, number, replace(sheet, saran=""))
    assert count(workspace) == 0
    for _ in range(2):
        found = take_in(store, workspace.office, entri.id, DAY)
        assert isinstance(found, Book) and found.stage == "counted"
    rows = stored(workspace)
    assert [(row["saran"], row["a01"], row["a02"], row["channel"], row["day"], row["hour"]) for row in rows] == [
        (f"{number}", number % 4 + 1, None, 3, "2026-10-01", None) for number in (1, 2, 4, 6)
    ]
    assert {row["batch"] for row in rows} == {found.end and found.end.batch}
    assert cancel(store, entri.id, DAY).stage == "counted"
    assert codes(save(store, entri.id, THIRD, 1, GOOD)) == ["ENTRI_LOCKED"]
    assert store.seal(date(2026, 10, 3)) == [] and collect(workspace, "recount") == 0


@both
def test_of_a_closed_periode_nothing_is_keyed_or_counted_and_what_was_keyed_stays(
    workspace: Workspace, store: Store
) -> None:
    entri, sample = locked(workspace, store, 5)
    for number in sample[:-1]:
        keyed(store, entri, SECOND, number)
    store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25))
    assert codes(save(store, entri.id, SECOND, sample[-1], GOOD)) == ["PERIODE_CLOSED"]
    assert count(workspace) == 0
    with store.reading() as connection:
        assert len(book(connection, workspace.office.id, entri.id).passes[SECOND]) == 4


@both
def test_a_periode_closed_between_the_last_sheet_and_the_count_refuses_the_whole_bundle(
    workspace: Workspace, store: Store
) -> None:
    entri, sample = locked(workspace, store, 5)
    for number in sample:
        keyed(store, entri, SECOND, number)
    store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25))
    with pytest.raises(IkmError) as refused:
        take_in(store, workspace.office, entri.id, DAY)
    assert refused.value.code == "PERIODE_CLOSED"
    with store.reading() as connection:
        assert book(connection, workspace.office.id, entri.id).stage == "ready"
        assert connection.execute("SELECT count(*) FROM batch").fetchone()[0] == 0
    assert count(workspace) == 0


@both
def test_a_sheet_is_left_out_by_its_printed_number(
    workspace: Workspace, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    entri = opened(workspace, store, 3)
    keyed(store, entri, FIRST, 1, Sheet(RUSAK))
    keyed(store, entri, FIRST, 2)
    keyed(store, entri, FIRST, 3, OTHER)
    assert isinstance(lock(store, entri.id, paper(2, 1), DAY), Book)
    keyed(store, entri, SECOND, 2)
    keyed(store, entri, SECOND, 3, OTHER)
    assert isinstance(take_in(store, workspace.office, entri.id, DAY), Book)
    command = ("exclude", "--file", "entri-0001", "--reason", "lembar-rusak", "--by", "staf", "--sheet")
    assert collect(workspace, *command, "1") == 2  # spoiled: never counted
    assert "SHEET" not in capsys.readouterr().err
    assert collect(workspace, *command, "3") == 0
    with reading(workspace.store) as connection:
        (out,) = connection.execute("SELECT response FROM exclusion").fetchone()
    assert bytes(out) == next(row["id"] for row in stored(workspace) if row["a01"] == 1)


def test_what_was_keyed_is_destroyed_with_the_answers_and_its_texts_with_theirs(workspace: Workspace) -> None:
    store = open_store(workspace.store, workspace.office.id)
    entri = opened(workspace, store, 2)
    secret = "KENARI-lembar-77"
    for number in (1, 2):
        keyed(store, entri, FIRST, number, replace(GOOD, saran=secret))
    assert isinstance(lock(store, entri.id, paper(2), DAY), Book)
    for number in (1, 2):
        keyed(store, entri, SECOND, number)
    assert isinstance(take_in(store, workspace.office, entri.id, DAY), Book)
    store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25))
    store.close()
    assert isinstance(workspace.store, Path) and secret.encode() in workspace.store.read_bytes()
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day="2027-02-01") == 0
    assert secret.encode() not in workspace.store.read_bytes()
    with reading(workspace.store) as connection:
        (texts,) = connection.execute("SELECT count(*) FROM entri_saran").fetchone()
        (answers,) = connection.execute("SELECT count(*) FROM entri_answer").fetchone()
        states = [found.sheets(TERISI) for found in books(connection, workspace.office.id)]
    assert (texts, answers, states) == (0, 4, [[1, 2]])
