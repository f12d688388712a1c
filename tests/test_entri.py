"""Paper with bookkeeping: numbers are printed once, sheets keyed twice agree or are decided, totals hold or nothing counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from http_samples import DAY, PACK, count, stored
from postgres_server import behind_our_back
from publish_samples import collect, office
from store_samples import SCORES, print_sheets

from collector.entri import (
    FIRST,
    RUSAK,
    SECOND,
    SISA,
    TERISI,
    THIRD,
    Book,
    Entri,
    Sheet,
    draw,
    error_rate,
    read_sheet,
    totals,
)
from collector.entri_issue import enter_issue, issues, next_issue
from collector.entri_ledger import book, books, cancel, lock, open_entri, save, take_in
from collector.store import Store, open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError

BLANK = (None,) * len(PACK.profil)
GOOD = Sheet(TERISI, SCORES, BLANK)
OTHER = Sheet(TERISI, (1, *SCORES[1:]), BLANK)
both = pytest.mark.usefixtures("engine")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return office(tmp_path)


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = open_store(workspace.store, workspace.office.id)
    yield opened
    opened.close()


def opened(workspace: Workspace, store: Store, n: int, day: date = DAY) -> Entri:
    """Return a bundle of `n` sheets just printed."""
    issue = print_sheets(workspace, store, n)
    entri = open_entri(store, workspace.office, day, "ktp", issue.first, issue.last, DAY)
    assert isinstance(entri, Entri), entri
    return entri


def keyed(store: Store, entri: Entri, turn: int, number: int, sheet: Sheet = GOOD) -> Book:
    found = save(store, entri.id, turn, number, sheet)
    assert isinstance(found, Book), found
    return found


def codes(found: object) -> list[str]:
    assert isinstance(found, list), found
    return [remark.code for remark in found]


def paper(used: int, spoiled: int = 0, unused: int = 0) -> dict[str, int]:
    return {TERISI: used, RUSAK: spoiled, SISA: unused}


def locked(workspace: Workspace, store: Store, n: int) -> tuple[Entri, tuple[int, ...]]:
    """Return a bundle whose first entry is over, and its sample."""
    entri = opened(workspace, store, n)
    for number in entri.numbers:
        keyed(store, entri, FIRST, number)
    found = lock(store, entri.id, paper(n), DAY)
    assert isinstance(found, Book) and found.lock is not None
    return entri, found.lock.sample


# numbers


@both
def test_numbers_go_on_from_the_last_one_printed_and_none_is_printed_twice(workspace: Workspace, store: Store) -> None:
    assert [print_sheets(workspace, store, n).last for n in (50, 1, 200)] == [50, 51, 251]
    with reading(workspace.store) as connection:
        known = issues(connection, workspace.office.id)
    assert [(issue.series, issue.first) for issue in known] == [(1, 1), (2, 51), (3, 52)]
    assert next_issue(known, 10, 1000, "ktp", PACK.form, DAY).last == 1009
    for start in (1, 51, 242, 251):
        with pytest.raises(IkmError) as refused:
            next_issue(known, 10, start, None, PACK.form, DAY)
        assert refused.value.code == "SHEET_ISSUED" and "252" in str(refused.value)
    for n, start in ((0, None), (501, None), (1, 0), (-5, None), (10, 999_995)):
        with pytest.raises(IkmError) as refused:
            next_issue(known, n, start, None, PACK.form, DAY)
        assert refused.value.code == "SHEET_NUMBER"


@both
def test_of_two_who_print_at_once_one_gets_the_numbers(workspace: Workspace, store: Store) -> None:
    one = next_issue([], 50, None, None, PACK.form, DAY)
    enter_issue(store, one)
    with pytest.raises(IkmError) as refused:
        enter_issue(store, replace(one, layanan="ktp"))
    assert refused.value.code == "SHEET_ISSUED"
    with pytest.raises(IkmError) as refused:
        enter_issue(store, replace(one, first=101, last=150))
    assert refused.value.code == "SHEET_SERIES"


@both
def test_the_table_itself_refuses_a_number_for_a_second_time(workspace: Workspace, store: Store) -> None:
    print_sheets(workspace, store, 50)
    row = f"('{workspace.office.id}', 2, 50, 60, NULL, '{PACK.form}', '2026-10-01')"
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
        behind_our_back(
            workspace.store if isinstance(workspace.store, Path) else workspace.store,
            f"INSERT INTO sheet_issue VALUES {row}",
        )


# opening


@both
def test_a_bundle_opens_only_on_printed_sheets_of_its_layanan_and_of_a_day_that_is_not_closed(
    workspace: Workspace, store: Store
) -> None:
    print_sheets(workspace, store, 10)
    print_sheets(workspace, store, 10, "kk")

    def refused(first: int, last: int, layanan: str = "ktp", day: date = DAY) -> list[str]:
        return codes(open_entri(store, workspace.office, day, layanan, first, last, DAY))

    assert refused(1, 21) == ["ENTRI_LAYANAN"]
    assert refused(11, 21, "kk") == ["ENTRI_NOT_ISSUED"]
    assert refused(1, 10, "x") == ["LAYANAN_UNKNOWN"]
    assert refused(1, 10, day=date(2026, 10, 2)) == ["ENTRI_FUTURE"]
    assert refused(5, 4) == refused(0, 4) == refused(1, 1001) == ["ENTRI_RANGE"]
    store.close_periode(workspace.office.periode("2026-09"), date(2026, 9, 25))
    assert refused(1, 10, day=date(2026, 9, 24)) == ["PERIODE_CLOSED"]
    assert isinstance(open_entri(store, workspace.office, DAY, "ktp", 1, 10, DAY), Entri)
    assert refused(10, 10) == ["ENTRI_TAKEN"]


@both
def test_sheets_left_over_or_given_up_can_be_keyed_in_another_bundle(workspace: Workspace, store: Store) -> None:
    entri = opened(workspace, store, 4)
    keyed(store, entri, FIRST, 1)
    keyed(store, entri, FIRST, 2, Sheet(RUSAK))
    assert isinstance(lock(store, entri.id, paper(1, 1, 2), DAY), Book)
    keyed(store, entri, SECOND, 1)
    assert isinstance(take_in(store, workspace.office, entri.id, DAY), Book)
    for number in (1, 2):
        assert codes(open_entri(store, workspace.office, DAY, "ktp", number, number, DAY)) == ["ENTRI_TAKEN"]
    again = open_entri(store, workspace.office, DAY, "ktp", 3, 4, DAY)
    assert isinstance(again, Entri)
    cancel(store, again.id, DAY)
    assert isinstance(open_entri(store, workspace.office, DAY, "ktp", 3, 4, DAY), Entri)


# keying


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("123412341", (1, 2, 3, 4, 1, 2, 3, 4, 1)),
        ("abcdABCDa", (1, 2, 3, 4, 1, 2, 3, 4, 1)),
        ("4-0 44444", (4, None, None, None, 4, 4, 4, 4, 4)),
    ],
)
def test_one_key_is_one_answer(keys: str, expected: tuple[int | None, ...]) -> None:
    fields = {question.id: key for question, key in zip(PACK.questions, keys, strict=True)}
    assert read_sheet(PACK, fields) == Sheet(TERISI, expected, BLANK)


@pytest.mark.parametrize("key", ["5", "9", "e", "j", "44", "x", "é", "٣", "<", "'", "1.0", "²"])
def test_any_other_key_is_told_with_its_question(key: str) -> None:
    fields = {question.id: "4" for question in PACK.questions} | {PACK.questions[2].id: key}
    found = read_sheet(PACK, fields)
    assert codes(found) == ["ANSWER_INVALID"] and "Pertanyaan 3" in str(found).replace("pertanyaan", "Pertanyaan")


def test_profile_keys_are_numbers_of_options_and_a_sheet_without_answer_is_refused() -> None:
    fields = {question.id: "4" for question in PACK.questions}
    first = PACK.profil[0]
    found = read_sheet(PACK, fields | {first.id: "2", "saran": " Antre\x00\u202e lama "})
    assert isinstance(found, Sheet)
    assert found.profil[0] == first.options[1][0] and found.saran == "Antre lama"
    for key in ("9", "P", "²", "22"):
        assert codes(read_sheet(PACK, fields | {first.id: key})) == ["ENTRI_PROFIL"]
    assert codes(read_sheet(PACK, fields | {"saran": "x" * 301})) == ["SARAN_LONG"]
    assert codes(read_sheet(PACK, {"saran": "x"})) == ["ENTRI_EMPTY"]
    assert read_sheet(PACK, {"keadaan": RUSAK, PACK.questions[0].id: "x"}) == Sheet(RUSAK)
    assert codes(read_sheet(PACK, {"keadaan": "hilang"})) == ["FIELD_INVALID"]


@both
def test_what_was_keyed_is_there_for_whoever_opens_the_store_next_and_the_last_word_holds(
    workspace: Workspace, store: Store
) -> None:
    entri = opened(workspace, store, 3)
    keyed(store, entri, FIRST, 1, replace(GOOD, saran="Baik."))
    keyed(store, entri, FIRST, 2, OTHER)
    keyed(store, entri, FIRST, 2, OTHER)
    keyed(store, entri, FIRST, 2, GOOD)
    keyed(store, entri, FIRST, 3)
    keyed(store, entri, FIRST, 3, Sheet(SISA))
    other = open_store(workspace.store, workspace.office.id)
    with other.reading() as connection:
        found = book(connection, workspace.office.id, entri.id)
        (rows,) = connection.execute("SELECT count(*) FROM entri_sheet").fetchone()
    other.close()
    assert found.passes[FIRST] == {1: replace(GOOD, saran="Baik."), 2: GOOD, 3: Sheet(SISA)}
    assert rows == 5  # the same once more is no new row
    added = totals(found, 9)
    assert (added.used, added.spoiled, added.unused) == (2, 0, 1)
    assert added.sums == tuple(2 * value for value in SCORES) and added.blanks == (0,) * 9
    assert count(workspace) == 0


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
    for number in (1, 2, 4, 6):
        keyed(
            store, entri, FIRST, number, replace(GOOD, answers=(number % 4 + 1, None, *SCORES[2:]), saran=f"{number}")
        )
    keyed(store, entri, FIRST, 3, Sheet(RUSAK))
    assert codes(take_in(store, workspace.office, entri.id, DAY)) == ["ENTRI_OPEN"]
    assert isinstance(lock(store, entri.id, paper(4, 1, 1), DAY), Book)
    for number in (1, 2, 4, 6):
        keyed(store, entri, SECOND, number, replace(GOOD, answers=(number % 4 + 1, None, *SCORES[2:])))
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


def test_what_was_keyed_is_destroyed_with_the_answers_and_its_texts_with_theirs(
    workspace: Workspace, store: Store
) -> None:
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
