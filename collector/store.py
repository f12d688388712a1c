"""Opens the store of answers: a file of SQLite, or a database of PostgreSQL that many collectors share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from collector.database import Connection
from collector.schema import Arrival
from collector.store_sqlite import SqliteStore, reading_file
from collector.storing import Kind, Store
from scoring.errors import IkmError

__all__ = ["Arrival", "Store", "create", "is_there", "open_store", "reading"]


def create(path: Path, office: str, kind: Kind) -> Store:
    """Return the store at `path`, made when it is not there yet. Raises STORE_OTHER_OFFICE."""
    path.parent.mkdir(parents=True, exist_ok=True)
    store = SqliteStore(path, office)
    store.settle(kind)
    return store


def is_there(path: Path) -> bool:
    """Say whether there is a store."""
    return path.exists()


def open_store(path: Path, office: str) -> Store:
    """Return the store at `path` for writing. Raises STORE_MISSING and STORE_OTHER_OFFICE."""
    if not path.exists():
        raise IkmError("STORE_MISSING", file=path)
    store = SqliteStore(path, office)
    store.kind()
    return store


@contextmanager
def reading(path: Path) -> Iterator[Connection]:
    """Hold a read-only connection, which never writes. Raises STORE_MISSING and FILE_UNREADABLE."""
    with reading_file(path) as connection:
        yield connection
