"""What is left of answers that were destroyed after their time: which days they were of, and how many there were."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from collector.database import Connection
from scoring.errors import IkmError

Days = tuple[str, str]


def destroyed_days(connection: Connection, office: str) -> list[Days]:
    """Return the first and the last day of every periode whose answers were destroyed."""
    rows = connection.execute(
        "SELECT mulai, selesai FROM destruction WHERE office = ? AND what = 'jawaban' ORDER BY mulai, selesai",
        (office,),
    )
    return [(mulai, selesai) for mulai, selesai in rows]


def lies_in(day: str, spans: Sequence[Days]) -> bool:
    """Say whether the day lies in one of the spans."""
    return any(mulai <= day <= selesai for mulai, selesai in spans)


def require_rows(connection: Connection, office: str, mulai: str, selesai: str) -> None:
    """Raise ROWS_DESTROYED when answers of the days from `mulai` to `selesai` are destroyed, so that no row tells."""
    for first, last in destroyed_days(connection, office):
        if first <= selesai and mulai <= last:
            raise IkmError("ROWS_DESTROYED", first=first, last=last)


def answers_between(connection: Connection, office: str, first: date, last: date) -> int:
    """Return the number of answers of the days, those included that were destroyed."""
    span = (office, first.isoformat(), last.isoformat())
    sql = "SELECT count(*) FROM response WHERE office = ? AND day BETWEEN ? AND ?"
    (n,) = connection.execute(sql, span).fetchone()
    gone = destroyed_days(connection, office)
    if gone:
        kept = "SELECT day, sum(n) FROM day_tally WHERE office = ? AND day BETWEEN ? AND ? GROUP BY day"
        n += sum(int(count) for day, count in connection.execute(kept, span) if lies_in(day, gone))
    return int(n)
