"""The PostgreSQL store: one database for any number of offices and collectors, under the same rules as the file.

Answers of an office share its lock and are written many at a time; closing and sealing hold it alone. So no answer
slips into a day between its count and its seal, however many collectors write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from collector import tickets
from collector.database import Connection, Rows
from collector.schema import INSERT, SQL_FOLDER, Arrival, row
from collector.storing import PATIENCE, Entry, Kind, Server, Store
from scoring.errors import IkmError

MOST_CONNECTIONS: Final = 4  # of one process: one writes answers, the others read
MIGRATIONS_LOCK: Final = 0x1CA7  # any number that nothing else in the database uses
# What PostgreSQL says when it cannot write now: disk full; no connection, shutting down, lock not available.
CODES: Final = {"53100": "STORE_FULL"}
SYNCHRONOUS: Final = "-c synchronous_commit=on"


class _Session:
    """A connection that takes our statements: their `?` are PostgreSQL's parameters."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> Rows:
        """Run one statement, its parameters bound."""
        return self._connection.execute(_ours(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> None:
        """Run one statement for each of the parameters, without waiting for each reply."""
        with self._connection.cursor() as cursor:
            cursor.executemany(_ours(sql), parameters)


def _ours(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


class PostgresStore(Store):
    """The writer of one office's answers in a database that it shares."""

    def __init__(self, server: Server, office: str) -> None:
        super().__init__(office, server)
        self._pool = ConnectionPool(
            server.dsn,
            kwargs={"autocommit": True, "options": SYNCHRONOUS},
            min_size=1,
            max_size=MOST_CONNECTIONS,
            open=False,
        )
        try:
            self._pool.open(wait=True, timeout=PATIENCE)
            with self._pool.connection() as connection:
                _migrate(connection)
        except (psycopg.OperationalError, PoolTimeout) as error:
            self._pool.close()
            raise IkmError("STORE_UNREACHABLE", file=server, reason=error) from None

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold one durable transaction that nobody else of the office writes beside."""
        with self._transaction("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))") as session:
            yield session

    @contextmanager
    def _transaction(self, lock: str) -> Iterator[_Session]:
        with _named(), self._pool.connection(self.patience) as connection, connection.transaction():
            session = _Session(connection)
            session.execute(f"SET LOCAL lock_timeout = '{int(self.patience * 1000)}ms'")
            session.execute(lock, (self.office,))
            yield session

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold a connection to read with."""
        with _named(), self._pool.connection(self.patience) as connection:
            yield _Session(connection)

    def owner(self, connection: Connection) -> tuple[str, Kind] | None:
        """Return this office and its kind, or None while it has nothing here."""
        found = connection.execute("SELECT office, kind FROM store WHERE office = ?", (self.office,)).fetchone()
        return None if found is None else (found[0], found[1])

    def insert(self, connection: Connection, entry: Entry) -> bool:
        """Store one answer within a transaction; return False when it is known. Raises PERIODE_CLOSED, DAY_SEALED."""
        (outcome,) = self._insert(connection, [entry])
        if isinstance(outcome, IkmError):
            raise outcome
        return outcome

    def _write(self, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store several answers in one transaction, beside those that other collectors of the office write."""
        with self._transaction("SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))") as session:
            return self._insert(session, entries)

    def _insert(self, connection: Connection, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store what is new and may enter, in few statements: no periode is closed while the lock is held."""
        issued, used = self._tickets(connection, entries)
        known = self._known(connection, entries)
        refused = {arrival.day: self._refusal_of(connection, arrival) for _, arrival in entries}
        outcomes: list[bool | IkmError] = []
        fresh: dict[bytes, Entry] = {}
        for entry in entries:
            identity, ticket, refusal = entry.response.id, entry.response.ticket, refused[entry.arrival.day]
            new = identity not in known and identity not in fresh
            if new and ticket and (code := tickets.refusal(issued, used, ticket, entry.response.layanan)):
                refusal = refusal or tickets.refused(code)
            outcomes.append(refusal if new and refusal else new)
            if new and not refusal:
                fresh[identity] = entry
                used |= {ticket}
        mine = self._claimed(connection, list(fresh))
        self._store(connection, [entry for identity, entry in fresh.items() if identity in mine])
        return [
            outcome if outcome is not True else entry.response.id in mine
            for entry, outcome in zip(entries, outcomes, strict=True)
        ]

    def _refusal_of(self, connection: Connection, arrival: Arrival) -> IkmError | None:
        refusal = self.refusal(connection, arrival.day)
        return None if refusal and refusal.code == "DAY_SEALED" and arrival.batch is not None else refusal

    def _tickets(self, connection: Connection, entries: Sequence[Entry]) -> tuple[dict[bytes, str | None], set[bytes]]:
        """Return the issued tickets among those of the entries, with their layanan, and the used ones.

        Another collector that has one of them finishes first, and ours are ours until the commit; whoever holds the
        lock of an id waits for no ticket.
        """
        hashes = sorted({entry.response.ticket for entry in entries} - {b""})
        if not hashes:
            return {}, set()
        sql = "SELECT hash, layanan FROM ticket WHERE office = ? AND hash = ANY(?) ORDER BY hash FOR UPDATE"
        issued = {bytes(found): layanan for found, layanan in connection.execute(sql, (self.office, hashes))}
        sql = "SELECT hash FROM redemption WHERE office = ? AND hash = ANY(?)"
        return issued, {bytes(found) for (found,) in connection.execute(sql, (self.office, hashes))}

    def _known(self, connection: Connection, entries: Sequence[Entry]) -> set[bytes]:
        ids = [entry.response.id for entry in entries]
        found = connection.execute("SELECT id FROM response_id WHERE office = ? AND id = ANY(?)", (self.office, ids))
        return {bytes(identity) for (identity,) in found}

    def _claimed(self, connection: Connection, ids: list[bytes]) -> set[bytes]:
        """Return the ids that are ours to store: another collector may have had the same answer at the same time."""
        if not ids:
            return set()
        found = connection.execute(
            "INSERT INTO response_id (office, id) SELECT ?, unnest(?::bytea[]) ON CONFLICT DO NOTHING RETURNING id",
            (self.office, sorted(ids)),  # sorted: two collectors that wait for each other's ids do it in one order
        )
        return {bytes(identity) for (identity,) in found}

    def _store(self, connection: Connection, entries: Sequence[Entry]) -> None:
        connection.executemany(INSERT, [row(*entry) for entry in entries])
        texts = [(self.office, entry.response.id, entry.response.saran) for entry in entries if entry.response.saran]
        connection.executemany("INSERT INTO saran (office, response, text) VALUES (?, ?, ?)", texts)
        used = [(self.office, response.ticket, arrival.day.isoformat()) for response, arrival in entries]
        rows = sorted(row for row in used if row[1])
        connection.executemany("INSERT INTO redemption (office, hash, day) VALUES (?, ?, ?)", rows)


@contextmanager
def reading_server(server: Server) -> Iterator[Connection]:
    """Hold a read-only connection, each of whose transactions sees one moment. Raises STORE_UNREACHABLE."""
    options = "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read"
    try:
        connection = psycopg.connect(server.dsn, autocommit=True, options=options, connect_timeout=int(PATIENCE))
    except psycopg.OperationalError as error:
        raise IkmError("STORE_UNREACHABLE", file=server, reason=error) from None
    with _named(), connection:
        yield _Session(connection)


@contextmanager
def _named() -> Iterator[None]:
    """Let what PostgreSQL says be raised as an error of ours: a connection that is lost means "not stored"."""
    try:
        yield
    except (psycopg.OperationalError, PoolTimeout) as error:
        code = CODES.get(getattr(error, "sqlstate", None) or "", "STORE_BUSY")
        raise IkmError(code) from error


def _migrate(connection: psycopg.Connection[Any]) -> None:
    """Run the migrations that this database does not have yet, each in a transaction; one collector at a time.

    Raises STORE_NEWER for a database that a later version has changed.
    """
    files = {file.stem: file for file in sorted(SQL_FOLDER.glob("postgres_*.sql"))}
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATIONS_LOCK,))
        connection.execute('CREATE TABLE IF NOT EXISTS migration (name TEXT COLLATE "C" PRIMARY KEY)')
        done = {name for (name,) in connection.execute("SELECT name FROM migration")}
        if newer := sorted(done - set(files)):
            raise IkmError("STORE_NEWER", name=newer[-1])
        for name in sorted(set(files) - done):
            connection.execute(files[name].read_bytes())
            connection.execute("INSERT INTO migration VALUES (%s)", (name,))
