"""The journal of a periode: who did which step when, on which content. Append-only, each line bound to the one before.

A line is one JSON object in canonical form, and `prev` is the SHA-256 of the line before it; of the first line, that of
the office and the periode. So a changed, moved or missing line is found. Lines cut off the end are not: they are found
by the frozen edition, the dispatch and the archive, which hold the journal's last SHA-256 of their time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from scoring.errors import IkmError

JOURNAL: Final = "jurnal.jsonl"
TORN: Final = "jurnal-terputus-{}.txt"
PATIENCE: Final = 30.0  # seconds to wait for another command at the same journal
PAUSE: Final = 0.05


@dataclass(frozen=True)
class Official:
    """Who acted: as office.toml had it on the day, never typed."""

    jabatan: str
    nama: str
    nip: str

    def same_person(self, other: Official) -> bool:
        """Say whether both are one person, whatever office each of them holds."""
        return bool(self.nip and self.nip == other.nip) or self.nama == other.nama


@dataclass(frozen=True)
class Entry:
    """One line. `files` are the SHA-256 of what it concerns, by name; `detail` is what only some acts have."""

    seq: int
    time: str
    step: str
    act: str
    role: str
    official: Official
    note: str
    files: Mapping[str, str]
    detail: Mapping[str, Any]
    rehearsal: bool
    prev: str

    @property
    def moment(self) -> datetime:
        """Return when it was entered, by the office's clock."""
        return datetime.fromisoformat(self.time)


@dataclass
class Journal:
    """The open journal of a periode, held alone. `torn` is where an unfinished last line was put, or None."""

    folder: Path
    first: str
    entries: list[Entry] = field(default_factory=list)
    head: str = ""
    torn: Path | None = None

    def append(
        self,
        moment: datetime,
        step: str,
        act: str,
        role: str,
        official: Official,
        *,
        note: str = "",
        files: Mapping[str, str] | None = None,
        detail: Mapping[str, Any] | None = None,
        rehearsal: bool,
    ) -> Entry:
        """Add a line and return it once it is on the disk. Raises JOURNAL_CLOCK when time would run backward."""
        if self.entries and moment < self.entries[-1].moment:
            now, last = (f"{when:%Y-%m-%d %H.%M}" for when in (moment, self.entries[-1].moment))
            raise IkmError("JOURNAL_CLOCK", now=now, last=last)
        seq, when = len(self.entries) + 1, moment.isoformat(timespec="seconds")
        held = (dict(files or {}), dict(detail or {}), rehearsal, self.head)
        entry = Entry(seq, when, step, act, role, official, note, *held)
        line = _line(entry)
        file = self.folder / JOURNAL
        with file.open("ab", buffering=0) as journal:
            journal.write(line)
            os.fsync(journal.fileno())
        to_disk(self.folder)
        self.entries.append(entry)
        self.head = hashlib.sha256(line).hexdigest()
        return entry


@contextmanager
def held(folder: Path, office: str, periode: str) -> Iterator[Journal]:
    """Hold the journal of a periode alone, read and checked.

    Raises JOURNAL_BUSY when another command keeps it for too long, JOURNAL_BROKEN when a line was changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    first = hashlib.sha256(f"{office} {periode}".encode()).hexdigest()
    with (folder / f".{JOURNAL}.lock").open("a") as lock:
        _wait(lock, periode)
        journal = Journal(folder, first, head=first)
        _read(journal, periode)
        yield journal


def to_disk(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _wait(lock: IO[str], periode: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise IkmError("JOURNAL_BUSY", id=periode) from None
            time.sleep(PAUSE)
        else:
            return


def _read(journal: Journal, periode: str) -> None:
    file = journal.folder / JOURNAL
    content = file.read_bytes() if file.exists() else b""
    whole, end, torn = content.rpartition(b"\n")
    for number, text in enumerate(whole.split(b"\n") if end else [], 1):
        line = text + b"\n"
        try:
            entry = _entry(text)
        except (ValueError, TypeError, KeyError):
            raise IkmError("JOURNAL_BROKEN", id=periode, line=number, reason="baris tidak terbaca") from None
        if entry.prev != journal.head or entry.seq != number:
            reason = "baris ini tidak menyambung pada baris sebelumnya"
            raise IkmError("JOURNAL_BROKEN", id=periode, line=number, reason=reason)
        if _line(entry) != line:
            raise IkmError("JOURNAL_BROKEN", id=periode, line=number, reason="baris tidak dalam bentuk baku")
        journal.entries.append(entry)
        journal.head = hashlib.sha256(line).hexdigest()
    if torn:
        journal.torn = _set_aside(file, torn)


def _set_aside(file: Path, torn: bytes) -> Path:
    """Move an unfinished last line, which was never acknowledged, into a file of its own; return that file."""
    number = 1
    while (aside := file.with_name(TORN.format(number))).exists():
        number += 1
    aside.write_bytes(torn)
    to_disk(aside)
    to_disk(aside.parent)
    os.truncate(file, file.stat().st_size - len(torn))
    to_disk(file)
    return aside


def _line(entry: Entry) -> bytes:
    text = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def _entry(text: bytes) -> Entry:
    values = json.loads(text)
    entry = Entry(**{**values, "official": Official(**values["official"])})
    if entry.moment.tzinfo is None:
        raise ValueError(entry.time)
    return entry
