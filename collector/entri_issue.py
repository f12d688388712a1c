"""Numbered sheets of paper: which numbers were printed, for which layanan, and which come next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from collector.database import Connection
from collector.storing import Store
from scoring.errors import IkmError
from scoring.periode import tanggal

MOST_PRINTED: Final = 500  # sheets in one file
HIGHEST: Final = 999_999


@dataclass(frozen=True)
class Issue:
    """Numbered sheets printed together; `layanan` is None where the sheet asks for it."""

    series: int
    first: int
    last: int
    layanan: str | None
    form: str
    day: date


def issues(connection: Connection, office: str) -> list[Issue]:
    """Return what was printed, in its order."""
    rows = connection.execute(
        "SELECT series, first_sheet, last_sheet, layanan, form, issued_on FROM sheet_issue"
        " WHERE office = ? ORDER BY series",
        (office,),
    )
    return [
        Issue(series, first, last, layanan, form, date.fromisoformat(day))
        for series, first, last, layanan, form, day in rows
    ]


def next_issue(known: Sequence[Issue], n: int, start: int | None, layanan: str | None, form: str, day: date) -> Issue:
    """Return the numbers that `n` new sheets get: on from the last one printed, or from `start` on.

    Raises SHEET_NUMBER, and SHEET_ISSUED when one of them was printed before.
    """
    free = max((issue.last for issue in known), default=0) + 1
    first = free if start is None else start
    last = first + n - 1
    if not 0 < n <= MOST_PRINTED or not 0 < first <= last <= HIGHEST:
        raise IkmError("SHEET_NUMBER", most=MOST_PRINTED, highest=HIGHEST)
    for issue in known:
        if issue.first <= last and first <= issue.last:
            span = {"first": lembar(issue.first), "last": lembar(issue.last)}
            raise IkmError("SHEET_ISSUED", next=lembar(free), date=tanggal(issue.day), **span)
    return Issue(max((issue.series for issue in known), default=0) + 1, first, last, layanan, form, day)


def enter_issue(store: Store, issue: Issue) -> None:
    """Enter printed sheets, once they are printed. Raises SHEET_ISSUED when another print took their numbers."""
    with store.writing() as connection:
        known = issues(connection, store.office)
        again = next_issue(known, issue.last - issue.first + 1, issue.first, issue.layanan, issue.form, issue.day)
        if again.series != issue.series:
            raise IkmError("SHEET_SERIES")
        row = (store.office, issue.series, issue.first, issue.last, issue.layanan, issue.form, issue.day.isoformat())
        connection.execute("INSERT INTO sheet_issue VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def lembar(number: int) -> str:
    """Return a sheet's number as it is printed: "0001"."""
    return f"{number:04d}"


def lembar_list(numbers: Sequence[int], most: int = 10) -> str:
    """Return the numbers of some sheets, the first ones when they are many: "0003, 0017, dan 12 lagi"."""
    shown = ", ".join(lembar(number) for number in numbers[:most])
    return shown if len(numbers) <= most else f"{shown}, dan {len(numbers) - most} lagi"
