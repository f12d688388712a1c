"""Opens the store of answers: a file of SQLite, or a database of PostgreSQL that many collectors share."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from collector.database import Connection
from collector.schema import Arrival
from collector.store_sqlite import SqliteStore, reading_file
from collector.storing import Kind, Place, Server, Store
from scoring.errors import IkmError

__all__ = ["Arrival", "Place", "Server", "Store", "create", "is_there", "open_store", "reading"]


def create(place: Place, office: str, kind: Kind) -> Store:
    """Return the store at `place`, made when it is not there yet. Raises STORE_OTHER_OFFICE, STORE_UNREACHABLE."""
    if isinstance(place, Path):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)  # the log beside it takes the same mode; one that is there keeps its own
    store = _open(place, office)
    store.settle(kind)
    return store


def is_there(place: Place, office: str) -> bool:
    """Say whether the office has a store; nothing is made where there is none.

    Raises STORE_OTHER_OFFICE for a file of another office, and STORE_UNREACHABLE.
    """
    if isinstance(place, Path):
        if not place.exists():
            return False
        with reading(place) as connection:
            found = connection.execute("SELECT office FROM store").fetchone()
        if found and found[0] != office:
            raise IkmError("STORE_OTHER_OFFICE", file=place, owner=found[0], office=office)
        return True
    try:
        with reading(place) as connection:
            return connection.execute("SELECT 1 FROM store WHERE office = ?", (office,)).fetchone() is not None
    except IkmError as error:
        if error.code != "STORE_MISSING":
            raise
        return False


def open_store(place: Place, office: str) -> Store:
    """Return the store at `place` for writing. Raises STORE_MISSING, STORE_OTHER_OFFICE and STORE_UNREACHABLE."""
    if isinstance(place, Path) and not place.exists():
        raise IkmError("STORE_MISSING", file=place)
    store = _open(place, office)
    try:
        store.kind()
    except IkmError:
        store.close()
        raise
    return store


def reading(place: Place) -> AbstractContextManager[Connection]:
    """Hold a read-only connection, which never writes. Raises STORE_MISSING, FILE_UNREADABLE, STORE_UNREACHABLE."""
    if isinstance(place, Path):
        return reading_file(place)
    from collector.store_postgres import reading_server

    return reading_server(place)


def _open(place: Place, office: str) -> Store:
    if isinstance(place, Path):
        return SqliteStore(place, office)
    from collector.store_postgres import PostgresStore  # an office on a file never loads the driver

    return PostgresStore(place, office)
