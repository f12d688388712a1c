"""Periode: their names, the days they run over, and the one a day belongs to.

A month is called 2026-10, a quarter 2026-TW3, a half year 2026-S1, a year 2026. Where an office reports on a
fixed day, the month runs from that day of the month before to the day before it (2026-10 with report day 25:
25 September to 24 October), and longer periode are the sums of such months, so that three months always add up
to their quarter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from scoring.errors import IkmError

CUTS: Final = {"bulanan": 1, "triwulan": 3, "semester": 6, "tahunan": 12}
BULAN: Final = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()  # noqa: SIM905
)
ROMAN: Final = ("I", "II", "III", "IV")
SHAPE: Final = re.compile(
    r"(?P<year>20[0-9]{2})(?:-(?:(?P<month>0[1-9]|1[0-2])|TW(?P<quarter>[1-4])|S(?P<half>[12])))?"
)


@dataclass(frozen=True)
class Periode:
    """A named span of days, both ends included."""

    id: str
    mulai: date
    selesai: date

    def __contains__(self, day: date) -> bool:
        return self.mulai <= day <= self.selesai

    @property
    def nama(self) -> str:
        """Return the printed name: "Oktober 2026", "Triwulan III Tahun 2026"."""
        return _printed_name(self.id)


@lru_cache(maxsize=1024)  # the pages of an office name the same few hundreds of times
def parse(periode_id: str, report_day: int) -> Periode:
    """Return the periode called `periode_id`; `report_day` 1 to 28 (1: calendar months).

    Raises PERIODE_INVALID.
    """
    year, months, number = _parts(periode_id)
    last_month = year * 12 + months * number - 1
    return Periode(
        periode_id,
        _cut_day(last_month - months + 1, report_day),
        _cut_day(last_month + 1, report_day) - timedelta(days=1),
    )


def containing(day: date, cut: str, report_day: int) -> Periode:
    """Return the periode that holds `day`; `cut` is "bulanan", "triwulan", "semester" or "tahunan"."""
    months = CUTS[cut]
    month = day.year * 12 + day.month - 1
    if report_day > 1 and day.day >= report_day:
        month += 1
    return parse(_name(month // 12, months, month % 12 // months + 1), report_day)


def before(periode: Periode, report_day: int) -> Periode:
    """Return the periode of the same length just before."""
    year, months, number = _parts(periode.id)
    if number > 1:
        return parse(_name(year, months, number - 1), report_day)
    return parse(_name(year - 1, months, 12 // months), report_day)


def tanggal(day: date) -> str:
    """Return a date as Indonesian offices print it: "24 Oktober 2026"."""
    return f"{day.day} {BULAN[day.month - 1]} {day.year}"


def rentang(mulai: date, selesai: date) -> str:
    """Return a span of days, month and year once: "25 September sampai dengan 24 Oktober 2026"."""
    if mulai == selesai:
        return tanggal(mulai)
    day, month, year = tanggal(mulai).split(" ")
    if mulai.year != selesai.year:
        day = f"{day} {month} {year}"
    elif mulai.month != selesai.month:
        day = f"{day} {month}"
    return f"{day} sampai dengan {tanggal(selesai)}"


@lru_cache(maxsize=1024)
def _printed_name(periode_id: str) -> str:
    year, months, number = _parts(periode_id)
    names = {
        1: lambda: f"{BULAN[number - 1]} {year}",
        3: lambda: f"Triwulan {ROMAN[number - 1]} Tahun {year}",
        6: lambda: f"Semester {ROMAN[number - 1]} Tahun {year}",
        12: lambda: f"Tahun {year}",
    }
    return names[months]()


@lru_cache(maxsize=1024)
def _parts(periode_id: str) -> tuple[int, int, int]:
    """Return year, length in months, and which one of that length in the year."""
    found = SHAPE.fullmatch(periode_id)
    if not found:
        raise IkmError("PERIODE_INVALID", id=periode_id)
    year = int(found["year"])
    for months, name in ((1, "month"), (3, "quarter"), (6, "half")):
        if found[name]:
            return year, months, int(found[name])
    return year, 12, 1


def _name(year: int, months: int, number: int) -> str:
    return {1: f"{year}-{number:02d}", 3: f"{year}-TW{number}", 6: f"{year}-S{number}", 12: f"{year}"}[months]


def _cut_day(month: int, report_day: int) -> date:
    """Return the first day of the office's month; `month` counts from the year 0, January being 0."""
    start = month if report_day == 1 else month - 1
    return date(start // 12, start % 12 + 1, report_day)
