"""Kept tallies: a day that is over is counted once, and every periode is the sum of its days.

What a periode costs does not grow with what is stored; `recount` counts all rows again and must find the same.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from collector.database import Connection
from collector.destroyed import destroyed_days, lies_in
from collector.grouping import Counted, Key, count, length
from scoring.errors import IkmError

WIDTH: Final = 8  # bytes of a kept sum
LAYOUT: Final = 2  # of the kept vectors; another order of `grouping.names` is another number
LAYOUTS: Final = {1: 1, 2: 0}  # those that can be read, and how many places they lack at the end, which mean 0
NO_BATCH: Final = 0
DIRECT: Final = "office = ? AND day = ? AND batch IS NULL"
OF_BATCH: Final = "office = ? AND day = ? AND batch = ?"


def sealed_until(connection: Connection, office: str) -> date | None:
    """Return the last sealed day, or None."""
    (until,) = connection.execute("SELECT max(until) FROM seal WHERE office = ?", (office,)).fetchone()
    return None if until is None else date.fromisoformat(until)


def seal_days(connection: Connection, office: str, today: date) -> list[date]:
    """Count and keep every day before `today` that is not sealed yet; return the days that had answers.

    Runs inside the writer's transaction.
    """
    until, last = sealed_until(connection, office), today - timedelta(days=1)
    if until is not None and until >= last:
        return []
    days = connection.execute(
        "SELECT DISTINCT day FROM response WHERE office = ? AND day > ? AND day <= ? AND batch IS NULL ORDER BY day",
        (office, until.isoformat() if until else "", last.isoformat()),
    )
    sealed = [date.fromisoformat(day) for (day,) in days.fetchall()]
    for day in sealed:
        _keep(connection, office, day, NO_BATCH, count(connection, DIRECT, (office, day.isoformat())))
    connection.execute("INSERT INTO seal VALUES (?, ?, ?)", (office, last.isoformat(), today.isoformat()))
    return sealed


def keep_batch(connection: Connection, office: str, batch: int) -> None:
    """Count and keep the sheets of a batch, by their days; runs inside the transaction that stores them."""
    days = connection.execute(
        "SELECT DISTINCT day FROM response WHERE office = ? AND batch = ?", (office, batch)
    ).fetchall()
    for (day,) in days:
        _keep(connection, office, date.fromisoformat(day), batch, count(connection, OF_BATCH, (office, day, batch)))


def _keep(connection: Connection, office: str, day: date, batch: int, groups: dict[Key, Counted]) -> None:
    for (form, layanan, channel), counted in sorted(groups.items()):
        key = (office, day.isoformat(), form, layanan, channel, batch)
        row = (*key, counted.sums[0], LAYOUT, packed(counted.sums), json.dumps(counted.hours))
        connection.execute("INSERT INTO day_tally VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)


def packed(sums: Sequence[int]) -> bytes:
    """Return the sums in eight bytes each, the lowest first."""
    return struct.pack(f"<{len(sums)}q", *sums)


def _added(form: str, packed: Iterable[bytes]) -> list[int]:
    """Return kept sums added up, place by place, in one addition of long numbers each: no place overflows its bytes."""
    places = length(form)
    whole = sum(int.from_bytes(sums, "little") for sums in packed)
    return list(struct.unpack(f"<{places}q", whole.to_bytes(places * WIDTH, "little")))


def groups_between(connection: Connection, office: str, first: date, last: date) -> dict[Key, Counted]:
    """Return the groups of the days from `first` to `last`: kept ones added up, the days not sealed counted live."""
    rows = connection.execute(
        "SELECT form, layanan, channel, layout, sums, hours FROM day_tally WHERE office = ? AND day BETWEEN ? AND ?",
        (office, first.isoformat(), last.isoformat()),
    )
    groups = {key: [counted] for key, counted in added_up(rows).items()}
    until = sealed_until(connection, office)
    live_from = first if until is None else max(first, until + timedelta(days=1))
    if live_from <= last:
        where = "office = ? AND day BETWEEN ? AND ? AND batch IS NULL"
        for key, counted in count(connection, where, (office, live_from.isoformat(), last.isoformat())).items():
            groups.setdefault(key, []).append(counted)
    return {key: sum_of(found) for key, found in sorted(groups.items())}


def added_up(rows: Iterable[Sequence[Any]]) -> dict[Key, Counted]:
    """Return kept groups, each row with form, layanan, channel, layout, sums and hours, added up by their keys."""
    kept: dict[Key, list[tuple[bytes, str]]] = {}
    for form, layanan, channel, layout, sums, hours in rows:
        _require(form, layout, sums)
        kept.setdefault((form, layanan, channel), []).append((sums, hours))
    return {key: _whole(key[0], found) for key, found in kept.items()}


def _require(form: str, layout: int, sums: bytes) -> None:
    if layout not in LAYOUTS or len(sums) != (length(form) - LAYOUTS[layout]) * WIDTH:
        raise IkmError("TALLY_LAYOUT", layout=layout)


def _whole(form: str, kept: Sequence[tuple[bytes, str]]) -> Counted:
    """Return all kept counts of a group together."""
    hours = json.loads(f"[{','.join(hours for _, hours in kept)}]")
    return Counted(_added(form, (sums for sums, _ in kept)), _hours(hours))


def sum_of(groups: Sequence[Counted]) -> Counted:
    """Return all groups added up, place by place."""
    sums = [sum(column) for column in zip(*(group.sums for group in groups), strict=True)]
    return Counted(sums, _hours([group.hours for group in groups]))


def _hours(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    hours: dict[str, int] = {}
    for part in parts:
        for hour, n in part.items():
            hours[hour] = hours.get(hour, 0) + n
    return hours


def recount(connection: Connection, office: str) -> Iterator[tuple[str, bool]]:
    """Count every kept day again from the rows, yielding the day and whether it is what was kept.

    Days whose rows were destroyed after their time are passed over.
    """
    gone = destroyed_days(connection, office)
    until = sealed_until(connection, office)
    days = connection.execute(
        "SELECT day FROM day_tally WHERE office = ? UNION SELECT DISTINCT day FROM response"
        " WHERE office = ? AND (day <= ? OR batch IS NOT NULL) ORDER BY day",
        (office, office, until.isoformat() if until else ""),
    )
    for (day,) in days.fetchall():
        if not lies_in(day, gone):
            yield day, is_same(connection, office, day)


def is_same(connection: Connection, office: str, day: str) -> bool:
    """Say whether what is kept of a day is what its rows give."""
    rows = connection.execute(
        "SELECT batch, form, layanan, channel, sums, hours FROM day_tally WHERE office = ? AND day = ?", (office, day)
    )
    kept = {
        tuple(key): (bytes(sums).ljust(length(key[1]) * WIDTH, b"\0"), json.loads(hours)) for *key, sums, hours in rows
    }
    batches = connection.execute(
        "SELECT DISTINCT batch FROM response WHERE office = ? AND day = ? AND batch IS NOT NULL", (office, day)
    )
    until = sealed_until(connection, office)
    found: dict[tuple[object, ...], Counted] = {}
    if until is not None and day <= until.isoformat():
        for key, counted in count(connection, DIRECT, (office, day)).items():
            found[NO_BATCH, *key] = counted
    for (batch,) in batches.fetchall():
        for key, counted in count(connection, OF_BATCH, (office, day, batch)).items():
            found[batch, *key] = counted
    return kept == {key: (packed(counted.sums), counted.hours) for key, counted in found.items()}
