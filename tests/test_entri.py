"""Sheets on their way in: a number is printed once, a bundle opens on its own sheets, one key is one answer."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from entri_samples import BLANK, GOOD, OTHER, codes, keyed, opened, paper
from http_samples import DAY, PACK, count
from postgres_server import behind_our_back
from publish_samples import office
from store_samples import SCORES, print_sheets

from collector.entri import (
    FIRST,
    RUSAK,
    SECOND,
    SISA,
    TERISI,
    Book,
    Entri,
    Sheet,
    read_sheet,
    totals,
)
from collector.entri_issue import enter_issue, issues, next_issue
from collector.entri_ledger import book, cancel, lock, open_entri, take_in
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
        behind_our_back(workspace.store, f"INSERT INTO sheet_issue VALUES {row}")


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
    blank = {question.id: "-" for question in PACK.questions}
    assert codes(read_sheet(PACK, {**blank, "saran": "x"})) == ["ENTRI_EMPTY"]
    assert codes(read_sheet(PACK, {"saran": "x"})) == ["ENTRI_SKIPPED"] * 9
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
