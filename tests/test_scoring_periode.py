"""Periode: every day belongs to exactly one of each cut, and neighbours touch."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.errors import IkmError
from scoring.periode import CUTS, Periode, before, containing, parse, rentang, tanggal

DAY = timedelta(days=1)
REPORT_DAYS = (1, 2, 15, 25, 28)
TWO_YEARS = [date(2024, 1, 1) + DAY * number for number in range(731)]  # with 29 February


@pytest.mark.parametrize("report_day", REPORT_DAYS)
@pytest.mark.parametrize("cut", CUTS)
def test_every_day_of_two_years_belongs_to_exactly_one_periode_and_they_touch(cut: str, report_day: int) -> None:
    periodes: list[Periode] = []
    for day in TWO_YEARS:
        found = containing(day, cut, report_day)
        assert day in found
        if not periodes or periodes[-1] != found:
            periodes.append(found)
    assert len({periode.id for periode in periodes}) == len(periodes)
    for earlier, later in pairwise(periodes):
        assert before(later, report_day) == earlier
        assert later.mulai == earlier.selesai + DAY
    assert sum(day in periode for day in TWO_YEARS for periode in periodes) == len(TWO_YEARS)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.sampled_from(list(CUTS)), st.integers(1, 28))
def test_the_periode_of_a_day_can_be_found_again_by_its_name(day: date, cut: str, report_day: int) -> None:
    found = containing(day, cut, report_day)
    assert parse(found.id, report_day) == found
    assert found.mulai <= day <= found.selesai
    assert found.mulai.day == report_day
    earlier = before(found, report_day)
    assert earlier.selesai + DAY == found.mulai and day not in earlier


@given(st.integers(2001, 2098), st.integers(1, 28))
def test_months_add_up_to_their_quarter_half_and_year(year: int, report_day: int) -> None:
    months = [parse(f"{year}-{number:02d}", report_day) for number in range(1, 13)]
    for name, size in ((f"{year}-TW", 3), (f"{year}-S", 6), (f"{year}", 12)):
        for number in range(12 // size):
            whole = parse(name if size == 12 else f"{name}{number + 1}", report_day)
            first, last = months[number * size], months[number * size + size - 1]
            assert (whole.mulai, whole.selesai) == (first.mulai, last.selesai)


def test_with_report_day_25_october_runs_from_25_september_to_24_october() -> None:
    october = parse("2026-10", 25)
    assert (october.mulai, october.selesai) == (date(2026, 9, 25), date(2026, 10, 24))
    assert containing(date(2026, 9, 24), "bulanan", 25).id == "2026-09"
    assert containing(date(2026, 9, 25), "bulanan", 25).id == "2026-10"
    assert containing(date(2026, 10, 24), "bulanan", 25).id == "2026-10"
    assert containing(date(2026, 10, 25), "bulanan", 25).id == "2026-11"


def test_with_report_day_25_a_year_begins_in_december_of_the_year_before() -> None:
    year = parse("2026", 25)
    assert (year.mulai, year.selesai) == (date(2025, 12, 25), date(2026, 12, 24))
    assert containing(date(2025, 12, 25), "tahunan", 25).id == "2026"
    assert containing(date(2025, 12, 25), "triwulan", 25).id == "2026-TW1"


def test_with_report_day_1_periode_are_those_of_the_calendar() -> None:
    spans = {
        "2024-02": (date(2024, 2, 1), date(2024, 2, 29)),
        "2026-TW3": (date(2026, 7, 1), date(2026, 9, 30)),
        "2026-S2": (date(2026, 7, 1), date(2026, 12, 31)),
        "2026": (date(2026, 1, 1), date(2026, 12, 31)),
    }
    assert {name: (parse(name, 1).mulai, parse(name, 1).selesai) for name in spans} == spans


@pytest.mark.parametrize(
    ("name", "earlier"),
    [
        ("2026-01", "2025-12"),
        ("2026-10", "2026-09"),
        ("2026-TW1", "2025-TW4"),
        ("2026-TW4", "2026-TW3"),
        ("2026-S1", "2025-S2"),
        ("2026-S2", "2026-S1"),
        ("2026", "2025"),
    ],
)
def test_the_periode_before_has_the_same_length(name: str, earlier: str) -> None:
    assert before(parse(name, 1), 1).id == earlier


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("2026-10", "Oktober 2026"),
        ("2026-01", "Januari 2026"),
        ("2026-12", "Desember 2026"),
        ("2026-TW3", "Triwulan III Tahun 2026"),
        ("2026-TW4", "Triwulan IV Tahun 2026"),
        ("2026-S1", "Semester I Tahun 2026"),
        ("2026-S2", "Semester II Tahun 2026"),
        ("2026", "Tahun 2026"),
    ],
)
def test_a_periode_is_printed_in_indonesian(name: str, printed: str) -> None:
    assert parse(name, 25).nama == printed


@pytest.mark.parametrize(
    "name",
    [
        *("", "26", "1999", "2100", "2026-0", "2026-00", "2026-13", "2026-1", "2026-TW0", "2026-TW5", "2026-S3"),
        *("2026-tw3", "2026-Q3", "2026 -10", " 2026", "2026-10\n", "2026/10", "Oktober 2026", "20２6-10"),
    ],
)
def test_a_name_that_is_no_periode_is_refused_with_examples(name: str) -> None:
    with pytest.raises(IkmError, match=r"Tulis 2026-10 .*, 2026-TW3 .*, 2026-S1 .*, atau 2026\.") as caught:
        parse(name, 1)
    assert caught.value.code == "PERIODE_INVALID"


def test_dates_are_printed_as_indonesian_offices_print_them() -> None:
    assert tanggal(date(2026, 10, 5)) == "5 Oktober 2026"
    assert rentang(date(2026, 9, 25), date(2026, 10, 24)) == "25 September sampai dengan 24 Oktober 2026"
    assert rentang(date(2025, 12, 25), date(2026, 1, 24)) == "25 Desember 2025 sampai dengan 24 Januari 2026"
    assert rentang(date(2026, 10, 5), date(2026, 10, 24)) == "5 sampai dengan 24 Oktober 2026"
    assert rentang(date(2025, 10, 5), date(2026, 10, 5)) == "5 Oktober 2025 sampai dengan 5 Oktober 2026"
    assert rentang(date(2026, 10, 5), date(2026, 10, 5)) == "5 Oktober 2026"
