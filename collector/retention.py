"""Retention: comments, then whole answers, are destroyed a set time after their periode was closed.

What was counted stays: the kept sums of every day, and those of the excluded answers. Each destruction is a row that
nobody can change, from which the minutes are written.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from collector.database import Connection
from collector.entri_place import forget
from collector.exclusion import excluded_between, reasons
from collector.seal import LAYOUT, is_same, packed
from collector.store_sqlite import SqliteStore, reading_file
from collector.storing import Store
from collector.workspace import Workspace
from scoring.errors import IkmError
from scoring.office import Office

SARAN, JAWABAN = "saran", "jawaban"
OF_DAYS: Final = "office = ? AND day BETWEEN ? AND ?"
COUNTS: Final = {
    SARAN: f"SELECT count(*) FROM saran WHERE response IN (SELECT id FROM response WHERE {OF_DAYS})",  # noqa: S608
    JAWABAN: f"SELECT count(*) FROM response WHERE {OF_DAYS}",  # noqa: S608
}
DESTROY: Final = {
    SARAN: f"DELETE FROM saran WHERE response IN (SELECT id FROM response WHERE {OF_DAYS})",  # noqa: S608
    JAWABAN: f"DELETE FROM response WHERE {OF_DAYS}",  # noqa: S608
}


@dataclass(frozen=True)
class Due:
    """What is to be destroyed: all comments or all answers of a closed periode, how many, and the days they had."""

    periode: str
    mulai: str
    selesai: str
    what: str
    n: int
    kept_days: int


@dataclass(frozen=True)
class Destroyed:
    """What was destroyed, by whom and when: a row of the table."""

    due: Due
    role: str
    day: date


def due(connection: Connection, office: Office, today: date) -> list[Due]:
    """Return what has had its time, comments before answers, each periode whole.

    The answers of a periode that holds the newest row of all stay until a newer one is there: the next row would take
    its number, by which the ledger of filters tells what was counted.
    """
    rows = connection.execute(
        "SELECT periode, mulai, selesai, closed_on FROM closing WHERE office = ? ORDER BY selesai, mulai DESC",
        (office.id,),
    ).fetchall()
    newest = connection.execute("SELECT day FROM response ORDER BY seq DESC LIMIT 1").fetchone()
    found: list[Due] = []
    for what, kept_days in ((SARAN, office.retensi.komentar_hari), (JAWABAN, office.retensi.jawaban_hari)):
        for periode, mulai, selesai, closed_on in rows:
            over = date.fromisoformat(closed_on) + timedelta(days=kept_days) <= today
            held = what == JAWABAN and newest is not None and mulai <= newest[0] <= selesai
            known = any(item.what == what and item.mulai <= mulai and selesai <= item.selesai for item in found)
            if not over or held or known:
                continue
            (n,) = connection.execute(COUNTS[what], (office.id, mulai, selesai)).fetchone()
            if n:
                found.append(Due(periode, mulai, selesai, what, int(n), kept_days))
    return found


def destroy(store: Store, office: Office, role: str, today: date) -> list[Due]:
    """Destroy what is due and return it; nothing of it is left in the file, its log or its free pages.

    Raises RETENTION_SERVER, RECOUNT_DIFFERS when a kept sum is not that of its rows, WIPE_UNFINISHED.
    """
    if not isinstance(store, SqliteStore):
        raise IkmError("RETENTION_SERVER", file=store.place)
    done = []
    with store.writing() as connection, _lifted(connection, "saran", "response", "entri_saran", "entri_answer"):
        for item in due(connection, office, today):
            days = (office.id, item.mulai, item.selesai)
            (n,) = connection.execute(COUNTS[item.what], days).fetchone()
            if not n:  # it went with a shorter periode
                continue
            if item.what == JAWABAN:
                _keep_counts(connection, days)
            connection.execute(DESTROY[item.what], days)
            connection.execute(
                "INSERT INTO destruction (office, periode, mulai, selesai, what, n, kept_days, role, destroyed_on)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (office.id, item.periode, *days[1:], item.what, n, item.kept_days, role, today.isoformat()),
            )
            done.append(replace(item, n=int(n)))
        _forget_sheets(connection, office, today)
    store.wipe()
    return done


def _forget_sheets(connection: Connection, office: Office, today: date) -> None:
    """Destroy what was keyed from paper when the answers, or the comments, of its periode have had their time."""
    sql = "SELECT mulai, selesai, closed_on FROM closing WHERE office = ?"
    for mulai, selesai, closed_on in connection.execute(sql, (office.id,)).fetchall():
        for what, kept_days in ((SARAN, office.retensi.komentar_hari), (JAWABAN, office.retensi.jawaban_hari)):
            if date.fromisoformat(closed_on) + timedelta(days=kept_days) <= today:
                forget(connection, what, (office.id, mulai, selesai))


@contextmanager
def _lifted(connection: Connection, *tables: str) -> Iterator[None]:
    """Let rows of the tables be deleted; the triggers are back before the transaction ends, or it never was."""
    names = [f"{table}_keeps_rows" for table in tables]
    sql = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = ?"
    triggers = [connection.execute(sql, (name,)).fetchone()[0] for name in names]
    for name in names:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for trigger in triggers:
        connection.execute(trigger)


def _keep_counts(connection: Connection, days: tuple[str, str, str]) -> None:
    """Keep what only the rows tell, once every kept sum is seen to be that of the rows."""
    office = days[0]
    found = connection.execute(f"SELECT DISTINCT day FROM response WHERE {OF_DAYS} ORDER BY day", days)  # noqa: S608
    for (text,) in found.fetchall():
        if not is_same(connection, office, text):
            raise IkmError("RECOUNT_DIFFERS", days=text)
        day = date.fromisoformat(text)
        for reason, n in reasons(connection, office, day, day).items():
            connection.execute("INSERT INTO excluded_reason VALUES (?, ?, ?, ?)", (office, text, reason, n))
        for key, counted in excluded_between(connection, office, day, day).items():
            row = (office, text, *key, LAYOUT, packed(counted.sums), json.dumps(counted.hours))
            connection.execute("INSERT INTO excluded_tally VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def copies(workspace: Workspace) -> list[Path]:
    """Return the copies that migrations made beside the store."""
    store = workspace.store
    return sorted(store.parent.glob(f"{store.name}.sebelum-*")) if isinstance(store, Path) else []


def destructions_in(file: Path) -> int:
    """Return how many destructions a copy of the store knows of; 0 for one from before there were any."""
    try:
        with reading_file(file) as connection:
            (n,) = connection.execute("SELECT count(*) FROM destruction").fetchone()
    except (sqlite3.Error, IkmError):
        return 0
    return int(n)


def destroyed_on(connection: Connection, office: str, day: date) -> list[Destroyed]:
    """Return what was destroyed on a day, in the order in which it was."""
    rows = connection.execute(
        "SELECT periode, mulai, selesai, what, n, kept_days, role FROM destruction"
        " WHERE office = ? AND destroyed_on = ? ORDER BY seq",
        (office, day.isoformat()),
    )
    return [Destroyed(Due(*row[:6]), row[6], day) for row in (tuple(row) for row in rows)]


def last_destruction(connection: Connection, office: str) -> date | None:
    """Return the last day on which something was destroyed, or None."""
    (day,) = connection.execute("SELECT max(destroyed_on) FROM destruction WHERE office = ?", (office,)).fetchone()
    return None if day is None else date.fromisoformat(day)
