"""What is looked at before the server takes answers: the clock, the file system, who may write the files.

Cheap, and without anything that the web process would not load anyway; `doctor` asks the same and more.
"""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from collector.database import Connection
from collector.store import reading
from collector.turns import SIDES
from collector.workspace import Workspace, office_clock
from scoring.errors import IkmError
from scoring.periode import tanggal

MOUNTS: Final = Path("/proc/self/mounts")
# Their locks and syncs do not hold what SQLite needs.
NETWORK: Final = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "vboxsf")
)
MEMORY: Final = frozenset(("tmpfs", "ramfs"))


def file_system(folder: Path) -> str:
    """Return the kind of file system that holds the folder, "" when this machine does not say."""
    if not MOUNTS.exists():
        return ""
    place, kind, length = folder.resolve(), "", -1
    for line in MOUNTS.read_text("utf-8", "replace").splitlines():
        _, point, found = line.split(" ")[:3]
        mounted = Path(point.replace("\\040", " "))
        if place.is_relative_to(mounted) and len(mounted.parts) >= length:  # a later mount covers an earlier one
            kind, length = found, len(mounted.parts)
    return kind


def store_files(store: Path) -> list[Path]:
    """Return the files of the store that are there."""
    files = [store, *(store.with_name(store.name + end) for end in ("-wal", "-shm", *SIDES))]
    return [file for file in files if file.exists()]


def require_clock(connection: Connection, office: str, today: date) -> None:
    """Raise CLOCK_BEHIND when `today` lies before the day on which days were last sealed."""
    row = connection.execute("SELECT max(until), max(sealed_on) FROM seal WHERE office = ?", (office,)).fetchone()
    if row[1] is not None and today.isoformat() < row[1]:
        raise IkmError("CLOCK_BEHIND", today=tanggal(today), until=tanggal(date.fromisoformat(row[0])))


def require_disk(folder: Path, *, rehearsal: bool) -> None:
    """Raise FOLDER_UNSAFE on a network file system, and for real answers on one that forgets."""
    kind = file_system(folder)
    if kind in NETWORK or (kind in MEMORY and not rehearsal):
        raise IkmError("FOLDER_UNSAFE", folder=folder, kind=kind)


def require_own(store: Path) -> None:
    """Raise FILE_OPEN when anybody on the machine may write the store."""
    for file in store_files(store):
        if file.stat().st_mode & stat.S_IWOTH:
            raise IkmError("FILE_OPEN", file=file)


def readable_by_all(store: Path) -> list[Path]:
    """Return the files that hold answers and that anybody on the machine may read."""
    files = [file for file in store_files(store) if file.suffix not in SIDES]
    return [file for file in files if file.stat().st_mode & stat.S_IROTH]


def before_serving(workspace: Workspace, *, rehearsal: bool, day_is_set: bool) -> Iterator[str]:
    """Yield a sentence for what should be mended soon. Raises CLOCK_BEHIND, FOLDER_UNSAFE and FILE_OPEN."""
    if not day_is_set:
        with reading(workspace.store) as connection:
            require_clock(connection, workspace.office.id, office_clock(workspace.office)().date())
    if isinstance(workspace.store, Path):
        require_disk(workspace.data, rehearsal=rehearsal)
        require_own(workspace.store)
        if found := " ".join(str(file) for file in readable_by_all(workspace.store)):
            yield f"Perlu perhatian: jawaban dapat dibaca siapa pun pada komputer ini. Ketik: chmod o-rwx {found}"
