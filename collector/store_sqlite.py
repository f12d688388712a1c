"""The SQLite store: append-only, durable before it answers, one writer at a time.

WAL with synchronous=FULL: an answer that was acknowledged survives a power cut. SQLite before 3.51.3 can corrupt a
WAL file when two connections write or checkpoint at the same moment, so every write (and the checkpoint inside a
commit, and the last close) happens under one file lock; readers open the file read-only and never checkpoint.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from collector import tickets
from collector.database import Connection
from collector.schema import Width, insert, names, row
from collector.storing import PATIENCE, Entry, Kind, Store
from collector.turns import Turns
from scoring.errors import IkmError
from scoring.response import Response

READER_PAUSE: Final = 0.002  # seconds
LOG_PAGES: Final = 3000  # of 4 KiB, before the log is written back: each time costs two syncs, which all wait for
# What SQLite says when it cannot write now; after the last three nobody knows what the disk holds.
CODES: Final = {
    "SQLITE_BUSY": "STORE_BUSY",
    "SQLITE_FULL": "STORE_FULL",
    "SQLITE_IOERR": "STORE_BROKEN",
    "SQLITE_CORRUPT": "STORE_BROKEN",
    "SQLITE_NOTADB": "STORE_BROKEN",
}


class SqliteStore(Store):
    """The one writer of a store file among the threads of a process; processes take turns by a lock on a side file."""

    def __init__(self, path: Path, office: str) -> None:
        super().__init__(office, path)
        self.path = path
        self._broken = False
        try:
            self._turns = Turns(path)
            self._connection = _connect(str(path), patience=self.patience)
        except (OSError, sqlite3.Error) as error:
            raise IkmError("FILE_UNREADABLE", file=path, reason=error) from None
        with self._turn():
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.execute("PRAGMA foreign_keys=ON")
            self._connection.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
            self._connection.execute("PRAGMA secure_delete=ON")
            self._sync_what_was_left()
            self._connection.execute("PRAGMA recursive_triggers=ON")  # or REPLACE deletes unseen
            self._migrate()
        self._reader = _connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        self._reader_lock = threading.Lock()

    def _sync_what_was_left(self) -> None:
        """Put on the disk what a killed process wrote and did not sync: it is read here and will be said to be known.

        The checkpoint writes it anew, because what a failed sync left behind may never be synced again.
        """
        log = self.path.with_name(self.path.name + "-wal")
        try:
            with log.open("rb") as file:
                os.fsync(file.fileno())
        except FileNotFoundError:
            pass
        except OSError:
            raise IkmError("STORE_BROKEN") from None
        self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def _migrate(self) -> None:
        """Run the migrations that the file does not have yet, after a copy of what is there. Raises STORE_NEWER."""
        done = self._migrated()
        if newer := sorted(done - names()):
            raise IkmError("STORE_NEWER", name=newer[-1])
        pending = sorted(names() - done)
        if not pending:
            return
        from collector.migrate import migrate  # sqlite-utils costs the web process a third of its memory

        if done:
            copy = self.path.with_name(f"{self.path.name}.sebelum-{pending[0]}")
            copy.unlink(missing_ok=True)  # of a migration that was cut off: the file is still the old one
            copy.touch(mode=0o600)  # it holds answers
            self._connection.execute("VACUUM INTO ?", (str(copy),))
        migrate(self._connection)

    def _migrated(self) -> set[str]:
        """Return the names of the migrations that the file has."""
        table = "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
        if self._connection.execute(table).fetchone() is None:
            return set()
        return {name for (name,) in self._connection.execute("SELECT name FROM _sqlite_migrations")}

    def close(self) -> None:
        """Close the file; the last close writes the WAL back, so it also holds the lock."""
        with self._reader_lock:
            self._reader.close()
        with self._turn(patience=threading.TIMEOUT_MAX):
            self._connection.close()
        self._turns.close()

    @contextmanager
    def _turn(self, patience: float | None = None) -> Iterator[None]:
        """Hold the writer's turn among all threads and processes. Raises STORE_BUSY, STORE_FULL and STORE_BROKEN."""
        with self._turns.taken(self.patience if patience is None else patience), _named():
            yield

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold one durable transaction. Raises STORE_BUSY, STORE_FULL and STORE_BROKEN."""
        with self._turn(), self._transaction() as connection:
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Hold one durable transaction of whoever has the turn."""
        with self._sound() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _sound(self) -> Iterator[Connection]:
        """Hold the writing connection; each statement is a durable transaction unless one is begun."""
        if self._broken:  # a commit after a failed sync may say yes to what is not on the disk
            raise IkmError("STORE_BROKEN")
        try:
            yield self._connection
        except BaseException as error:
            self._broken |= _code(error) == "STORE_BROKEN"
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold the connection that reads, one thread at a time; it never writes or checkpoints."""
        with self._reader_lock, _named():
            if self._broken:
                raise IkmError("STORE_BROKEN")
            yield self._reader

    def wipe(self) -> None:
        """Write the file anew without its free pages, and empty the log. Raises STORE_* and WIPE_UNFINISHED."""
        with self._turn():
            self._connection.execute("VACUUM")
            end = time.monotonic() + self.patience
            while self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:  # somebody still reads
                if time.monotonic() > end:
                    raise IkmError("WIPE_UNFINISHED")
                time.sleep(READER_PAUSE)

    def owner(self, connection: Connection) -> tuple[str, Kind] | None:
        """Return the office that the file is of and its kind, or None while nobody's."""
        found = connection.execute("SELECT office, kind FROM store").fetchone()
        return None if found is None else (found[0], found[1])

    def _write(self, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store several answers in one transaction; where all are new and welcome, in one statement.

        Each statement lets go of the interpreter, and waits for it behind the threads that answer.
        """
        if not any(entry.response.ticket for entry in entries):
            texts = any(entry.response.saran for entry in entries)
            with suppress(sqlite3.IntegrityError), self._transaction() if texts else self._sound() as connection:
                self._insert_all(connection, entries)
                return [True] * len(entries)
        with self._transaction() as connection:
            return self._insert(connection, entries)

    def _insert_all(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Insert all. Raises IntegrityError when one is known, comes twice, or belongs to a day closed or sealed."""
        answers = max(len(entry.response.answers) for entry in entries)
        width = Width(answers, max(len(entry.response.profil) for entry in entries))
        connection.execute(insert(len(entries), width), [value for entry in entries for value in row(*entry, width)])
        for response, _ in entries:
            self._keep_text(connection, response)

    def insert(self, connection: Connection, entry: Entry) -> bool:
        """Store one answer within a transaction; return False when it is known.

        Raises PERIODE_CLOSED, DAY_SEALED, TICKET_UNKNOWN and TICKET_USED.
        """
        response, arrival = entry
        if connection.execute("SELECT 1 FROM response WHERE id = ?", (response.id,)).fetchone():
            return False
        if response.ticket:
            self._require_ticket(connection, response.ticket, response.layanan)
        try:
            connection.execute(insert(), row(response, arrival))
        except sqlite3.IntegrityError as error:
            raise (self.refusal(connection, arrival.day) or error) from None
        self._keep_text(connection, response)
        if response.ticket:  # after the answer: what refuses the one must leave no trace of the other
            redemption = (self.office, response.ticket, arrival.day.isoformat())
            connection.execute("INSERT INTO redemption (office, hash, day) VALUES (?, ?, ?)", redemption)
        return True

    def _keep_text(self, connection: Connection, response: Response) -> None:
        if response.saran:
            connection.execute("INSERT INTO saran (response, text) VALUES (?, ?)", (response.id, response.saran))

    def _require_ticket(self, connection: Connection, ticket: bytes, layanan: str) -> None:
        """Refuse a ticket that lets nothing in; nobody else writes while the transaction lasts."""
        key = (self.office, ticket)
        issued = connection.execute("SELECT hash, layanan FROM ticket WHERE office = ? AND hash = ?", key)
        used = connection.execute("SELECT hash FROM redemption WHERE office = ? AND hash = ?", key)
        if code := tickets.refusal(dict(issued), {found for (found,) in used}, ticket, layanan):
            raise tickets.refused(code)


@contextmanager
def reading_file(path: Path) -> Iterator[Connection]:
    """Hold a read-only connection, which never writes or checkpoints. Raises STORE_MISSING and FILE_UNREADABLE."""
    if not path.exists():
        raise IkmError("STORE_MISSING", file=path)
    try:
        connection = _connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise IkmError("FILE_UNREADABLE", file=path, reason=error) from None
    try:
        yield connection
    finally:
        connection.close()


def _connect(place: str, *, uri: bool = False, patience: float = PATIENCE) -> sqlite3.Connection:
    connection = sqlite3.connect(place, patience, isolation_level=None, check_same_thread=False, uri=uri)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _code(error: BaseException) -> str | None:
    """Return our name for what SQLite says, or None where it has none."""
    return CODES.get("_".join(getattr(error, "sqlite_errorname", "").split("_")[:2]))


@contextmanager
def _named() -> Iterator[None]:
    """Let what SQLite says of its file be raised as an error of ours."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = _code(error)
        if code is None:
            raise
        raise IkmError(code) from None
