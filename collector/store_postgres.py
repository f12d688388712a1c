"""The PostgreSQL store: one database for any number of offices and collectors, under the same rules as the file.

Answers of an office share its lock and are written many at a time; closing and sealing hold it alone. So no answer
slips into a day between its count and its seal, however many collectors write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from collector import tickets
from collector.connections import Connections
from collector.database import Connection, Rows
from collector.schema import SQL_FOLDER, Arrival, insert, row
from collector.storing import PATIENCE, Entry, Kind, Server, Store
from scoring.errors import IkmError

MOST_CONNECTIONS: Final = 4  # of one process: one writes answers, the others read
MIGRATIONS_LOCK: Final = 0x1CA7  # any number that nothing else in the database uses
# What PostgreSQL says when it cannot write now, beside a lost connection and a lock that another holds (STORE_BUSY).
CODES: Final = {
    "53100": "STORE_FULL",  # disk full
    "58030": "STORE_BROKEN",  # the disk does not read or write
    "XX001": "STORE_BROKEN",  # a damaged table
    "XX002": "STORE_BROKEN",  # a damaged index
    "25006": "STORE_BUSY",  # a standby that has not taken over yet
}
# Asked for by each session, whatever the server's own settings are: durable before it says so, and each statement sees
# what was committed before it began. A reader sees one moment in each transaction.
WRITER: Final = {
    "synchronous_commit": "on",
    "default_transaction_isolation": "read committed",
    "idle_session_timeout": "10min",  # a quiet collector leaves the connections of its busy hours to others
}
READER: Final = {"default_transaction_read_only": "on", "default_transaction_isolation": "repeatable read"}
# A server that vanished without a word is noticed within seconds, not hours.
NETWORK: Final = {
    "connect_timeout": int(PATIENCE),
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
ALONE: Final = "pg_advisory_xact_lock"
TOGETHER: Final = "pg_advisory_xact_lock_shared"


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
        self._server = server
        with _connected(server, WRITER) as connection, _reachable(server):
            _migrate(connection)
        self._connections = Connections(self._connect, MOST_CONNECTIONS)

    def _connect(self, seconds: float) -> psycopg.Connection[Any]:
        """Return a new connection, or raise what PostgreSQL says, within so many seconds (2 at the least)."""
        asking = {"autocommit": True, **_asking(self._server, WRITER)}
        asking["connect_timeout"] = max(2, round(seconds))
        return psycopg.connect(self._server.dsn, **asking)

    def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Hold one durable transaction that nobody else of the office writes beside.

        Raises STORE_BUSY, STORE_FULL and STORE_BROKEN.
        """
        with self._transaction(ALONE) as session:
            yield session

    @contextmanager
    def _transaction(self, lock: str) -> Iterator[_Session]:
        with _named(), self._connections.one(self.patience) as connection, connection.transaction():
            session = _Session(connection)
            session.execute(
                f"SELECT set_config('lock_timeout', ?, true), {lock}(hashtextextended(?, 0))",
                (f"{max(1, int(self.patience * 1000))}ms", self.office),  # 0 would wait for ever
            )
            yield session

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Hold a connection to read with. Raises STORE_BUSY."""
        with _named(), self._connections.one(self.patience) as connection:
            yield _Session(connection)

    def owner(self, connection: Connection) -> tuple[str, Kind] | None:
        """Return this office and its kind, or None while it has nothing here."""
        found = connection.execute("SELECT office, kind FROM store WHERE office = ?", (self.office,)).fetchone()
        return None if found is None else (found[0], found[1])

    def moment(self) -> tuple[int, int]:
        """Return the last answer and the last exclusion stored; numbers are given out before they are committed."""
        with self.writing() as connection:
            (answers,) = connection.execute("SELECT last_value FROM response_seq").fetchone()
            (exclusions,) = connection.execute("SELECT coalesce(max(seq), 0) FROM exclusion").fetchone()
        return int(answers), int(exclusions)

    def insert(self, connection: Connection, entry: Entry) -> bool:
        """Store one answer within a transaction; return False when it is known. Raises PERIODE_CLOSED, DAY_SEALED."""
        (outcome,) = self._insert(connection, [entry])
        if isinstance(outcome, IkmError):
            raise outcome
        return outcome

    def _write(self, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store several answers in one transaction, beside those that other collectors of the office write."""
        with self._transaction(TOGETHER) as session:
            return self._insert(session, entries)

    def _insert(self, connection: Connection, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store what is new and may enter, in few statements: no periode is closed while the lock is held."""
        issued, used = self._tickets(connection, entries)
        known = self._known(connection, entries)
        arrivals = {(entry.arrival.day, entry.arrival.batch): entry.arrival for entry in entries}
        refused = {key: self._refusal_of(connection, arrival) for key, arrival in arrivals.items()}
        outcomes: list[bool | IkmError] = []
        fresh: dict[bytes, Entry] = {}
        for entry in entries:
            identity, ticket = entry.response.id, entry.response.ticket
            refusal = refused[entry.arrival.day, entry.arrival.batch]
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
        connection.executemany(insert(), [row(*entry) for entry in entries])
        texts = [(self.office, entry.response.id, entry.response.saran) for entry in entries if entry.response.saran]
        connection.executemany("INSERT INTO saran (office, response, text) VALUES (?, ?, ?)", texts)
        used = [(self.office, response.ticket, arrival.day.isoformat()) for response, arrival in entries]
        rows = sorted(row for row in used if row[1])
        connection.executemany("INSERT INTO redemption (office, hash, day) VALUES (?, ?, ?)", rows)


@contextmanager
def reading_server(server: Server) -> Iterator[Connection]:
    """Hold a read-only connection, each of whose transactions sees one moment.

    Raises STORE_MISSING for a database without our tables, STORE_UNREACHABLE, and STORE_BUSY when it is lost.
    """
    with _connected(server, READER) as connection, _named():
        if not _has(connection, "store"):
            raise IkmError("STORE_MISSING", file=server)
        yield _Session(connection)


@contextmanager
def _connected(server: Server, settings: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    """Hold a connection of its own. Raises STORE_UNREACHABLE."""
    with _reachable(server):
        connection = psycopg.connect(server.dsn, autocommit=True, **_asking(server, settings))
    with connection:
        yield connection


def _asking(server: Server, settings: dict[str, str]) -> dict[str, Any]:
    """Return what a connection is made with, beside what the address itself asks for."""
    with _reachable(server):
        asked = conninfo_to_dict(server.dsn)
    options = [str(asked.get("options", "")), *(f"-c {name}={_quoted(value)}" for name, value in settings.items())]
    return {**NETWORK, **{key: asked[key] for key in NETWORK if key in asked}, "options": " ".join(options).strip()}


def _quoted(value: str) -> str:
    return value.replace(" ", "\\ ")


@contextmanager
def _reachable(server: Server) -> Iterator[None]:
    """Raise what PostgreSQL says of an address, or of what we may do there, as STORE_UNREACHABLE: in one line."""
    try:
        yield
    except psycopg.Error as error:
        known = isinstance(error, psycopg.OperationalError) or error.sqlstate
        reason = str(error).strip().partition("\n")[0] if known else "alamat tidak sah"  # it would quote the password
        raise IkmError("STORE_UNREACHABLE", file=server, reason=reason) from None


@contextmanager
def _named() -> Iterator[None]:
    """Let what PostgreSQL says be raised as an error of ours: a connection that is lost means "not stored"."""
    try:
        yield
    except psycopg.Error as error:
        code = CODES.get(error.sqlstate or "", "STORE_BUSY" if isinstance(error, psycopg.OperationalError) else None)
        if code is None:
            raise
        raise IkmError(code) from error


def _has(connection: psycopg.Connection[Any], table: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", (table,)).fetchone() != (None,)


def _lacking(connection: psycopg.Connection[Any]) -> list[str]:
    """Return the names of the migrations that this database does not have yet. Raises STORE_NEWER."""
    ours = {file.stem for file in SQL_FOLDER.glob("postgres_*.sql")}
    rows: Iterable[Any] = connection.execute("SELECT name FROM migration") if _has(connection, "migration") else ()
    done = {name for (name,) in rows}
    if newer := sorted(done - ours):
        raise IkmError("STORE_NEWER", name=newer[-1])
    return sorted(ours - done)


def _migrate(connection: psycopg.Connection[Any]) -> None:
    """Run the migrations that this database does not have yet, all or none; one collector at a time.

    Raises STORE_NEWER for a database that a later version has changed.
    """
    if not _lacking(connection):  # a collector that may only write answers makes no tables
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATIONS_LOCK,))
        connection.execute('CREATE TABLE IF NOT EXISTS migration (name TEXT COLLATE "C" PRIMARY KEY)')
        for name in _lacking(connection):
            connection.execute((SQL_FOLDER / f"{name}.sql").read_bytes())
            connection.execute("INSERT INTO migration VALUES (%s)", (name,))
