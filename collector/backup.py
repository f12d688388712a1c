"""Backups of the SQLite store: taken while the server runs, checked, with a checksum beside them, never overwritten.

A copy is a reader: it sees one moment of the file through SQLite and never touches the lock of the writers.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from collector.database import Connection
from collector.store_sqlite import reading_file
from collector.workspace import Workspace
from scoring.errors import IkmError

NAME: Final = re.compile(r"responses-(\d{4}-\d\d-\d\dT\d{4})(?:-(\d+))?\.db")
UNFINISHED: Final = ".belum-selesai-"
OLD: Final = 24 * 3600  # seconds after which an unfinished copy is nobody's any more
PIECE: Final = 1 << 20


def backup_folder(workspace: Workspace) -> Path:
    """Return the folder of the backups."""
    folder = workspace.office.cadangan.folder
    return workspace.root / folder if folder else workspace.data / "cadangan"


def backups(folder: Path) -> list[Path]:
    """Return the backups in the folder, oldest first."""
    found = [(match, file) for file in folder.glob("responses-*.db") if (match := NAME.fullmatch(file.name))]
    return [file for match, file in sorted(found, key=lambda item: (item[0][1], int(item[0][2] or 1)))]


def take(workspace: Workspace, now: datetime, folder: Path) -> Path:
    """Copy the store into the folder and return the file: complete, checked, with its checksum, and on the disk.

    Raises BACKUP_SERVER, STORE_MISSING, BACKUP_BROKEN.
    """
    store = workspace.store
    if not isinstance(store, Path):
        raise IkmError("BACKUP_SERVER", file=store)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_unfinished(folder)
    fresh = folder / f"{UNFINISHED}{os.getpid()}-{time.monotonic_ns()}"
    fresh.touch(mode=0o600, exist_ok=False)
    try:
        _copy(store, fresh)
        _to_disk(fresh)
        return _named(fresh, folder, f"responses-{now:%Y-%m-%dT%H%M}")
    except (OSError, sqlite3.Error) as error:
        raise IkmError("BACKUP_BROKEN", file=folder, reason=error) from None
    finally:
        fresh.unlink(missing_ok=True)


def prune(folder: Path, keep: int, taken: Path) -> list[Path]:
    """Remove all but the `keep` newest backups, and never the one just taken; return those removed."""
    gone = [file for file in backups(folder)[:-keep] if file != taken]  # a clock put right makes it look old
    return forget(gone)


def forget(files: list[Path]) -> list[Path]:
    """Remove backups and their checksums; return them."""
    for file in files:
        file.unlink()
        checksum_file(file).unlink(missing_ok=True)
    return files


def checksum_file(file: Path) -> Path:
    """Return the file with the checksum of a backup, as `sha256sum --check` reads it."""
    return file.with_name(file.name + ".sha256")


def checksum(file: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def row_counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
    )
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables.fetchall()}  # noqa: S608


def integrity(connection: Connection) -> str:
    """Return "ok", or the first thing that is wrong with the file."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    return str(found) if found != "ok" or broken is None else f"foreign key: {tuple(broken)}"


def _copy(store: Path, fresh: Path) -> None:
    """Copy one moment of the store, and see that the copy is whole and has the rows of that moment."""
    with reading_file(store) as found_source, closing(sqlite3.connect(fresh, isolation_level=None)) as copy:
        source = cast(sqlite3.Connection, found_source)
        source.execute("BEGIN")
        counts = row_counts(source)
        source.backup(copy)
        source.execute("COMMIT")
        copy.execute("PRAGMA journal_mode=DELETE")  # one file: no log beside it that could be left behind
        found = integrity(copy)
        if found == "ok" and row_counts(copy) != counts:
            found = "jumlah baris tidak sama"
    if found != "ok":
        raise IkmError("BACKUP_BROKEN", file=store, reason=found)


def _named(fresh: Path, folder: Path, stem: str) -> Path:
    """Give the copy its name, the checksum first; a name that is taken gets a number behind it."""
    digest = checksum(fresh)
    taken = [
        match for file in backups(folder) if (match := NAME.fullmatch(file.name)) and f"responses-{match[1]}" == stem
    ]
    number = int(taken[-1][2] or 1) + 1 if taken else 1  # a number that was pruned is not given again
    while True:
        target = folder / (f"{stem}.db" if number == 1 else f"{stem}-{number}.db")
        try:
            os.link(fresh, target)
        except FileExistsError:
            number += 1
            continue
        beside = fresh.with_name(fresh.name + ".sha256")
        beside.write_text(f"{digest}  {target.name}\n", "ascii")
        _to_disk(beside)
        beside.replace(checksum_file(target))
        _to_disk(folder)
        return target


def _to_disk(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_unfinished(folder: Path) -> None:
    """Remove copies that were cut off long ago."""
    for file in folder.glob(f"{UNFINISHED}*"):
        if file.stat().st_mtime < time.time() - OLD:
            file.unlink(missing_ok=True)
