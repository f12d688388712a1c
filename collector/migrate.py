"""The numbered migrations of the SQLite store, run by sqlite-utils; loaded only where there is one to run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from collector.schema import SQL_FOLDER

migrations = Migrations("ikm")


def migrate(connection: sqlite3.Connection) -> None:
    """Run the migrations that the file does not have yet, each in a transaction of its own."""
    migrations.apply(Database(connection))


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one: executescript would commit the migration's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _register(file: Path) -> None:
    @migrations(name=file.stem)
    def apply(db: Database) -> None:
        for statement in _statements(file.read_text("utf-8")):
            db.execute(statement)


for _file in sorted(SQL_FOLDER.glob("sqlite_*.sql")):
    _register(_file)
