"""What a store does, whatever its engine: answers go in and are never changed, days are sealed, periode closed."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal, NamedTuple

from collector import filter_ledger, tickets
from collector.database import Connection
from collector.destroyed import answers_between
from collector.exclusion import exclude
from collector.group_commit import GroupCommit
from collector.schema import Arrival
from collector.seal import keep_batch, seal_days, sealed_until
from scoring.errors import IkmError
from scoring.periode import Periode
from scoring.response import Response

PATIENCE: Final = 5.0  # seconds to wait for the writer's turn
Kind = Literal["real", "rehearsal"]
# User and password, machines with ports, database, and the rest. Anything else could be a password in another place.
ADDRESS: Final = re.compile(r"postgres(?:ql)?://(?:[^@/?#]*@)?((?:[^@/?#:]|:\d+)*)(/[^@/?#]*|)(?:[?#][^@]*)?")


@dataclass(frozen=True)
class Server:
    """A database of PostgreSQL, by its address; printed without the password."""

    dsn: str = field(repr=False)

    def __str__(self) -> str:
        found = ADDRESS.fullmatch(self.dsn)
        return f"postgresql://{found[1]}{found[2]}" if found else "postgresql:"


Place = Path | Server


class Entry(NamedTuple):
    """An answer on its way into the store."""

    response: Response
    arrival: Arrival


class Store(ABC):
    """The writer of a store. `collector.store` opens it; close it when done."""

    def __init__(self, office: str, place: object) -> None:
        self.office = office
        self.place = place
        self.patience = PATIENCE
        self._commits: GroupCommit[Entry, bool] = GroupCommit(self._write, lambda: self.patience, self._turn)

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """Hold one durable transaction: committed when the block ends, rolled back when it raises.

        Raises STORE_BUSY, STORE_FULL and STORE_BROKEN.
        """

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """Hold a connection to read with."""

    @abstractmethod
    def insert(self, connection: Connection, entry: Entry) -> bool:
        """Store one answer, and the use of its ticket, within a transaction; return False when it is known.

        Raises TICKET_UNKNOWN, TICKET_USED, PERIODE_CLOSED and DAY_SEALED, which leave the answers stored before it as
        they are.
        """

    @abstractmethod
    def close(self) -> None:
        """Give everything back; nothing may be called after it."""

    @abstractmethod
    def owner(self, connection: Connection) -> tuple[str, Kind] | None:
        """Return the office that the store is of and its kind, or None while nobody's."""

    def settle(self, kind: Kind) -> None:
        """Write down whose store this is, once. Raises STORE_OTHER_OFFICE."""
        with self.writing() as connection:
            if self.owner(connection) is None:
                connection.execute("INSERT INTO store (office, kind) VALUES (?, ?)", (self.office, kind))
        self.kind()

    def kind(self) -> Kind:
        """Return "real" or "rehearsal". Raises STORE_MISSING for an office that has none, and STORE_OTHER_OFFICE."""
        with self.reading() as connection:
            found = self.owner(connection)
        if found is None:
            raise IkmError("STORE_MISSING", file=self.place)
        if found[0] != self.office:
            raise IkmError("STORE_OTHER_OFFICE", file=self.place, owner=found[0], office=self.office)
        return found[1]

    def add(self, response: Response, arrival: Arrival) -> bool:
        """Store one answer; return True when it is new, False when it was known. Durable on return.

        Raises TICKET_UNKNOWN, TICKET_USED, PERIODE_CLOSED when its day lies in a closed periode, DAY_SEALED,
        STORE_BUSY, STORE_FULL, STORE_BROKEN.
        """
        return self._commits.add(Entry(response, arrival))

    def _turn(self) -> AbstractContextManager[None]:
        """Hold what `_write` needs before it is told what to write. Raises STORE_BUSY."""
        return nullcontext()

    @abstractmethod
    def _write(self, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store several answers in one transaction; one that is refused does not touch the others."""

    def _insert(self, connection: Connection, entries: Sequence[Entry]) -> list[bool | IkmError]:
        """Store several answers within a transaction; return what became of each: new, known, or refused."""
        outcomes: list[bool | IkmError] = []
        for entry in entries:
            try:
                outcomes.append(self.insert(connection, entry))
            except IkmError as error:
                outcomes.append(error)
        return outcomes

    def refusal(self, connection: Connection, day: date) -> IkmError | None:
        """Return why nothing can enter `day`: its periode is closed, or it is sealed."""
        closed = "SELECT periode FROM closing WHERE office = ? AND ? BETWEEN mulai AND selesai"
        if row := connection.execute(closed, (self.office, day.isoformat())).fetchone():
            return IkmError("PERIODE_CLOSED", id=row[0])
        until = sealed_until(connection, self.office)
        return IkmError("DAY_SEALED", day=day) if until is not None and day <= until else None

    def batch_day(self, digest: bytes) -> str | None:
        """Return the day on which the file with this SHA-256 was taken in, or None."""
        with self.reading() as connection:
            return self._batch_day(connection, digest)

    def _batch_day(self, connection: Connection, digest: bytes) -> str | None:
        sql = "SELECT imported_on FROM batch WHERE office = ? AND sha256 = ?"
        row = connection.execute(sql, (self.office, digest)).fetchone()
        return None if row is None else str(row[0])

    def add_batch(self, digest: bytes, file: str, today: date, sheets: Iterable[tuple[Response, date]]) -> int:
        """Store a whole file of paper answers or nothing; return the number of sheets, 0 when the file was known.

        Raises PERIODE_CLOSED.
        """
        rows = list(sheets)
        with self.writing() as connection:
            if self._batch_day(connection, digest) is not None:  # another person brought the same file at the same time
                return 0
            self.take_in(connection, digest, file, today, rows)
        return len(rows)

    def take_in(
        self, connection: Connection, digest: bytes, file: str, today: date, rows: Sequence[tuple[Response, date]]
    ) -> int:
        """Store a batch and its answers within a transaction; return its number. Raises PERIODE_CLOSED."""
        (batch,) = connection.execute(
            "INSERT INTO batch (office, sha256, file, sheets, imported_on) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (self.office, digest, file, len(rows), today.isoformat()),
        ).fetchone()
        entries = [Entry(response, Arrival(day, None, batch)) for response, day in rows]
        for outcome in self._insert(connection, entries):
            if isinstance(outcome, IkmError):
                raise outcome
        keep_batch(connection, self.office, batch)
        return int(batch)

    def seal(self, today: date) -> list[date]:
        """Count and keep every day before `today`; return the days newly sealed that had answers."""
        with self.writing() as connection:
            return seal_days(connection, self.office, today)

    def load_tickets(self, hashes: Sequence[bytes], layanan: str | None, today: date) -> int:
        """Let in the tickets with these hashes, once each, for one layanan or (None) any; return how many are new."""
        with self.writing() as connection:
            return tickets.load(connection, self.office, hashes, layanan, today)

    def exclude(self, response: bytes, reason: str, role: str, today: date) -> bool:
        """Take an answer out of the count by an entry in the ledger; return False when it was out before."""
        with self.writing() as connection:
            return exclude(connection, response, reason, role, today)

    def moment(self) -> tuple[int, int]:
        """Return the last answer and the last exclusion: what is stored later has higher numbers."""
        with self.writing() as connection:
            return filter_ledger.moment(connection)

    def enter_filter(self, asked: filter_ledger.Asked, today: date) -> None:
        """Enter a filter in the ledger before it is answered. Raises FILTER_DIFFERENCE."""
        with self.writing() as connection:
            filter_ledger.enter(connection, asked, today)

    def close_periode(self, periode: Periode, today: date) -> int:
        """Close the periode for good and return its number of answers; closing again changes nothing."""
        days = (self.office, periode.mulai.isoformat(), periode.selesai.isoformat())
        with self.writing() as connection:
            n = answers_between(connection, self.office, periode.mulai, periode.selesai)
            known = "SELECT 1 FROM closing WHERE office = ? AND periode = ?"
            if connection.execute(known, (self.office, periode.id)).fetchone() is None:
                row = (self.office, periode.id, *days[1:], today.isoformat(), n)
                connection.execute("INSERT INTO closing VALUES (?, ?, ?, ?, ?, ?)", row)
                seal_days(connection, self.office, today)
        return n
