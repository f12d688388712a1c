"""The SQLite store: append-only, durable before it answers, one writer at a time.

WAL with synchronous=FULL: an answer that was acknowledged survives a power cut. SQLite before 3.51.3 can corrupt a
WAL file when two connections write or checkpoint at the same moment, so every write (and the checkpoint inside a
commit, and the last close) happens under one file lock; readers open the file read-only and never checkpoint.
"""

from __future__ import annotations

import fcntl
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

from sqlite_utils import Database

from collector import filter_ledger
from collector.exclusion import exclude
from collector.schema import INSERT, migrations
from collector.seal import keep_batch, seal_days, sealed_until
from scoring.errors import IkmError
from scoring.instrument import MOST_PROFIL, MOST_QUESTIONS
from scoring.periode import Periode
from scoring.response import Response

PATIENCE: Final = 5.0  # seconds to wait for the writer's turn
PAUSE: Final = 0.002  # seconds between two tries
# What SQLite says when it cannot write now.
CODES: Final = {"SQLITE_BUSY": "STORE_BUSY", "SQLITE_FULL": "STORE_FULL"}
Kind = Literal["real", "rehearsal"]


@dataclass(frozen=True)
class Arrival:
    """When and how an answer came in: the office's day, the hour (None on paper), and the batch of a paper file."""

    day: date
    hour: int | None
    batch: int | None = None


class Store:
    """The one writer of a store file. Open it with `create` or `open_store`; close it when done."""

    def __init__(self, path: Path, office: str) -> None:
        self.path = path
        self.office = office
        self.patience = PATIENCE
        self._thread_lock = threading.Lock()
        try:
            self._lock_file = path.with_name(path.name + ".lock").open("a")
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=PATIENCE)
            self._connection.execute("SELECT count(*) FROM sqlite_master")
        except (OSError, sqlite3.Error) as error:
            raise IkmError("FILE_UNREADABLE", file=path, reason=error) from None
        self._connection.row_factory = sqlite3.Row
        with self._locked():
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA foreign_keys=ON")
            self._connection.execute("PRAGMA secure_delete=ON")
            migrations.apply(Database(self._connection))

    def close(self) -> None:
        """Close the file; the last close writes the WAL back, so it also holds the lock."""
        with self._locked(patience=threading.TIMEOUT_MAX):
            self._connection.close()
        self._lock_file.close()

    @contextmanager
    def _locked(self, patience: float | None = None) -> Iterator[None]:
        """Hold the writer's turn among all threads and processes. Raises STORE_BUSY and STORE_FULL."""
        patience = self.patience if patience is None else patience
        end = time.monotonic() + patience
        if not self._thread_lock.acquire(timeout=patience):
            raise IkmError("STORE_BUSY")
        try:
            while not self._lock_of_processes():
                if time.monotonic() > end:
                    raise IkmError("STORE_BUSY")
                time.sleep(PAUSE)
            try:
                yield
            finally:
                fcntl.flock(self._lock_file, fcntl.LOCK_UN)
        except sqlite3.OperationalError as error:
            code = CODES.get("_".join(getattr(error, "sqlite_errorname", "").split("_")[:2]))
            if code is None:
                raise
            raise IkmError(code) from None
        finally:
            self._thread_lock.release()

    def _lock_of_processes(self) -> bool:
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Hold one durable transaction: committed when the block ends, rolled back when it raises."""
        with self._locked():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def settle(self, kind: Kind) -> None:
        """Write down whose store this is, once. Raises STORE_OTHER_OFFICE."""
        with self._writing() as connection:
            if connection.execute("SELECT 1 FROM store").fetchone() is None:
                connection.execute("INSERT INTO store VALUES (1, ?, ?)", (self.office, kind))
        self.kind()

    def kind(self) -> Kind:
        """Return "real" or "rehearsal". Raises STORE_OTHER_OFFICE."""
        row = self._connection.execute("SELECT office, kind FROM store").fetchone()
        if row is None or row["office"] != self.office:
            owner = "(kosong)" if row is None else row["office"]
            raise IkmError("STORE_OTHER_OFFICE", file=self.path, owner=owner, office=self.office)
        return "rehearsal" if row["kind"] == "rehearsal" else "real"

    def add(self, response: Response, arrival: Arrival) -> bool:
        """Store one answer; return True when it is new, False when it was known. Durable on return.

        Raises PERIODE_CLOSED when its day lies in a closed periode, STORE_BUSY, and STORE_FULL.
        """
        with self._writing() as connection:
            return self._insert(connection, response, arrival)

    def _insert(self, connection: sqlite3.Connection, response: Response, arrival: Arrival) -> bool:
        if connection.execute("SELECT 1 FROM response WHERE id = ?", (response.id,)).fetchone():
            return False
        try:
            connection.execute(INSERT, _row(response, arrival))
        except sqlite3.IntegrityError as error:
            refusal = self._refusal(connection, arrival.day)
            raise (refusal or error) from None
        if response.saran:
            connection.execute("INSERT INTO saran (response, text) VALUES (?, ?)", (response.id, response.saran))
        return True

    def _refusal(self, connection: sqlite3.Connection, day: date) -> IkmError | None:
        """Return why nothing can enter `day`: its periode is closed, or it is sealed."""
        closed = "SELECT periode FROM closing WHERE office = ? AND ? BETWEEN mulai AND selesai"
        if row := connection.execute(closed, (self.office, day.isoformat())).fetchone():
            return IkmError("PERIODE_CLOSED", id=row["periode"])
        until = sealed_until(connection, self.office)
        return IkmError("DAY_SEALED", day=day) if until is not None and day <= until else None

    def batch_day(self, digest: bytes) -> str | None:
        """Return the day on which the file with this SHA-256 was taken in, or None."""
        row = self._connection.execute("SELECT imported_on FROM batch WHERE sha256 = ?", (digest,)).fetchone()
        return None if row is None else str(row["imported_on"])

    def add_batch(self, digest: bytes, file: str, today: date, sheets: Iterable[tuple[Response, date]]) -> int:
        """Store a whole file of paper answers or nothing; return the number of sheets, 0 when the file was known.

        Raises PERIODE_CLOSED.
        """
        rows = list(sheets)
        with self._writing() as connection:
            if self.batch_day(digest) is not None:  # another person brought the same file at the same time
                return 0
            batch = connection.execute(
                "INSERT INTO batch (sha256, file, sheets, imported_on) VALUES (?, ?, ?, ?)",
                (digest, file, len(rows), today.isoformat()),
            ).lastrowid
            for response, day in rows:
                self._insert(connection, response, Arrival(day, None, batch))
            keep_batch(connection, self.office, batch or 0)
        return len(rows)

    def seal(self, today: date) -> list[date]:
        """Count and keep every day before `today`; return the days newly sealed that had answers."""
        with self._writing() as connection:
            return seal_days(connection, self.office, today)

    def exclude(self, response: bytes, reason: str, role: str, today: date) -> bool:
        """Take an answer out of the count by an entry in the ledger; return False when it was out before."""
        with self._writing() as connection:
            return exclude(connection, response, reason, role, today)

    def enter_filter(self, asked: filter_ledger.Asked, today: date) -> None:
        """Enter a filter in the ledger before it is answered. Raises FILTER_DIFFERENCE."""
        with self._writing() as connection:
            filter_ledger.enter(connection, asked, today)

    def close_periode(self, periode: Periode, today: date) -> int:
        """Close the periode for good and return its number of answers; closing again changes nothing."""
        days = (self.office, periode.mulai.isoformat(), periode.selesai.isoformat())
        with self._writing() as connection:
            (n,) = connection.execute(
                "SELECT count(*) FROM response WHERE office = ? AND day BETWEEN ? AND ?", days
            ).fetchone()
            known = "SELECT 1 FROM closing WHERE office = ? AND periode = ?"
            if connection.execute(known, (self.office, periode.id)).fetchone() is None:
                row = (self.office, periode.id, *days[1:], today.isoformat(), n)
                connection.execute("INSERT INTO closing VALUES (?, ?, ?, ?, ?, ?)", row)
                seal_days(connection, self.office, today)
        return int(n)


def create(path: Path, office: str, kind: Kind) -> Store:
    """Return the store at `path`, made when it is not there yet. Raises STORE_OTHER_OFFICE."""
    path.parent.mkdir(parents=True, exist_ok=True)
    store = Store(path, office)
    store.settle(kind)
    return store


def open_store(path: Path, office: str) -> Store:
    """Return the store at `path` for writing. Raises STORE_MISSING and STORE_OTHER_OFFICE."""
    if not path.exists():
        raise IkmError("STORE_MISSING", file=path)
    store = Store(path, office)
    store.kind()
    return store


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Hold a read-only connection, which never writes or checkpoints. Raises STORE_MISSING and FILE_UNREADABLE."""
    if not path.exists():
        raise IkmError("STORE_MISSING", file=path)
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error as error:
        connection.close()
        raise IkmError("FILE_UNREADABLE", file=path, reason=error) from None
    try:
        yield connection
    finally:
        connection.close()


def _row(response: Response, arrival: Arrival) -> tuple[object, ...]:
    answers = (*response.answers, *[None] * (MOST_QUESTIONS - len(response.answers)))
    profil = (*response.profil, *[None] * (MOST_PROFIL - len(response.profil)))
    return (
        *(response.id, response.nonce, response.office, arrival.day.isoformat(), arrival.hour),
        *(response.layanan, response.channel, response.form, response.flags, arrival.batch),
        *answers,
        *profil,
    )
