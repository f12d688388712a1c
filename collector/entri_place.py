"""Where a printed sheet lies among the answers of its batch, and what is forgotten of sheets with their answers."""

from __future__ import annotations

from typing import Final

from collector.database import Connection

OF_DAYS: Final = (
    "seq IN (SELECT seq FROM entri_sheet JOIN entri ON entri.office = entri_sheet.office AND id = entri"
    " WHERE entri.office = ? AND entri.day BETWEEN ? AND ?)"
)
FORGET: Final = {
    "saran": f"DELETE FROM entri_saran WHERE {OF_DAYS}",  # noqa: S608
    "jawaban": f"DELETE FROM entri_answer WHERE {OF_DAYS}",  # noqa: S608
}


def place_of(connection: Connection, office: str, file: str, number: int) -> int:
    """Return the place, from 1 on, that a printed sheet has in the batch `file`; in other batches its number."""
    sql = (
        "SELECT sheet, state FROM entri_sheet WHERE office = ? AND pass = 1 AND entri ="
        " (SELECT entri FROM entri_end JOIN batch ON batch.id = entri_end.batch"
        " WHERE entri_end.office = ? AND batch.file = ?) ORDER BY seq"
    )
    last = dict(tuple(row) for row in connection.execute(sql, (office, office, file)).fetchall())
    used = sorted(sheet for sheet, state in last.items() if state == "terisi")
    if not last:
        return number
    return used.index(number) + 1 if number in used else 0


def forget(connection: Connection, what: str, days: tuple[str, str, str]) -> None:
    """Destroy what was keyed ("jawaban") or its texts ("saran") of an office's days; numbers and states stay."""
    connection.execute(FORGET[what], days)
