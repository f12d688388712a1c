"""The exclusion ledger: an answer leaves the count only by an entry with a reason, and nothing is deleted."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Final

from collector.database import Connection
from collector.entri_place import place_of
from collector.grouping import REPEATS, Counted, Key, count
from collector.seal import added_up, sum_of
from scoring.errors import IkmError
from scoring.response import CROCKFORD

REASONS: Final = ("uji-coba", "lembar-rusak", "ganda", "luar-periode")
CODE_BITS: Final = 50  # of the id, in a receipt code
# From the short ledger to the answers, not through all answers of the days: SQLite keeps the order of a CROSS JOIN.
WITHIN: Final = (
    "id IN (SELECT id FROM exclusion CROSS JOIN response"
    " WHERE id = exclusion.response AND office = ? AND response.day BETWEEN ? AND ?)"
)


def find_by_code(connection: Connection, office: str, code: str) -> bytes:
    """Return the id of the answer with a receipt code such as "K7QM-2XTA-9F". Raises CODE_UNKNOWN."""
    letters = code.strip().upper().replace("-", "")
    if len(letters) != CODE_BITS // 5 or set(letters) - set(CROCKFORD):
        raise IkmError("CODE_UNKNOWN", code=code)
    bits = 0
    for letter in letters:
        bits = bits << 5 | CROCKFORD.index(letter)
    low, high = (edge << 6 for edge in (bits, bits + 1))
    ends = (low.to_bytes(7, "big"), high.to_bytes(8, "big")[1:] if high < 1 << 56 else b"\xff" * 33)
    rows = connection.execute(
        "SELECT id FROM response WHERE office = ? AND id >= ? AND id < ?", (office, *ends)
    ).fetchall()
    if len(rows) != 1:
        raise IkmError("CODE_UNKNOWN", code=code)
    return bytes(rows[0][0])


def find_sheet(connection: Connection, office: str, file: str, sheet: int) -> bytes:
    """Return the id of a sheet of a batch: by its place in an imported file, by its printed number in a bundle.

    Raises SHEET_UNKNOWN.
    """
    place = place_of(connection, office, file, sheet)
    rows = connection.execute(
        "SELECT response.id FROM response JOIN batch ON batch.id = response.batch"
        " WHERE batch.office = ? AND response.office = batch.office AND batch.file = ?"
        " ORDER BY batch.id, response.seq LIMIT 1 OFFSET ?",
        (office, file, max(place, 1) - 1),
    ).fetchall()
    if not rows or place < 1:
        raise IkmError("SHEET_UNKNOWN", file=file, sheet=sheet)
    return bytes(rows[0][0])


def exclude(connection: Connection, response: bytes, reason: str, role: str, today: date) -> bool:
    """Enter the exclusion; return False when the answer was excluded before. Runs inside the writer's transaction."""
    if connection.execute("SELECT 1 FROM exclusion WHERE response = ?", (response,)).fetchone():
        return False
    connection.execute(
        "INSERT INTO exclusion (response, reason, role, day) VALUES (?, ?, ?, ?)",
        (response, reason, role, today.isoformat()),
    )
    return True


def reasons(connection: Connection, office: str, first: date, last: date) -> dict[str, int]:
    """Return how many answers of the days from `first` to `last` are excluded, by reason."""
    days = (office, first.isoformat(), last.isoformat())
    rows = connection.execute(
        "SELECT reason, count(*) FROM exclusion CROSS JOIN response"
        " WHERE response.id = exclusion.response AND office = ? AND response.day BETWEEN ? AND ?"
        " GROUP BY reason",
        days,
    )
    found: Counter[str] = Counter(dict(rows.fetchall()))
    kept = "SELECT reason, sum(n) FROM excluded_reason WHERE office = ? AND day BETWEEN ? AND ? GROUP BY reason"
    found.update({reason: int(n) for reason, n in connection.execute(kept, days)})
    return dict(sorted(found.items()))


def excluded_between(connection: Connection, office: str, first: date, last: date) -> dict[Key, Counted]:
    """Return the groups of the excluded answers of the days from `first` to `last`; kept ones of destroyed rows."""
    days = (office, first.isoformat(), last.isoformat())
    groups = count(connection, WITHIN, days)
    for counted in groups.values():
        counted.sums[REPEATS] = 0  # whether one was like the answer before it is not known of a single answer
    kept = (
        "SELECT form, layanan, channel, layout, sums, hours FROM excluded_tally"
        " WHERE office = ? AND day BETWEEN ? AND ?"
    )
    for key, counted in added_up(connection.execute(kept, days)).items():
        groups[key] = sum_of([groups[key], counted]) if key in groups else counted
    return groups


def subtract(whole: Counted, part: Counted) -> Counted:
    """Return `whole` without `part`."""
    sums = [a - b for a, b in zip(whole.sums, part.sums, strict=True)]
    hours = {hour: n - part.hours.get(hour, 0) for hour, n in whole.hours.items()}
    return Counted(sums, {hour: n for hour, n in hours.items() if n})
