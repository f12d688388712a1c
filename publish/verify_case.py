"""What the proof of a periode works on, and one finding of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.workspace import Workspace
from publish import freezing
from publish.draft import digest
from publish.journal import Entry
from publish.workflow import State

HOLDS, NOTE, FAILS = "cocok", "catatan", "TIDAK COCOK"
WIDTH: Final = 13  # of the column of states
BACKUP: Final = (
    "Salin kembali berkas itu dari arsip periode (make archive) atau dari salinan folder data, "
    "lalu ulangi pemeriksaan ini."
)


@dataclass(frozen=True)
class Line:
    """One finding: what it is about, whether it holds, and a sentence that says what to do where it does not."""

    part: str
    state: str
    text: str


@dataclass(frozen=True)
class Case:
    """A periode to be proven: its last frozen edition, the journal, and a folder to work in.

    `state` is that of the procedure when the edition counted; `said` is what edisi.json says.
    """

    workspace: Workspace
    periode: str
    entries: tuple[Entry, ...]
    state: State
    frozen: Entry
    said: Mapping[str, Any]
    scratch: Path

    @property
    def folder(self) -> Path:
        """Return the folder of the periode."""
        return self.workspace.periode_folder(self.periode)

    @property
    def number(self) -> int:
        """Return the number of the edition."""
        return int(self.frozen.detail["edition"])

    @property
    def edition(self) -> Path:
        """Return the folder of the edition."""
        return freezing.edition_folder(self.workspace, self.periode, self.number)

    def changed(self, entry: Entry) -> list[str]:
        """Return the names of the files of an entry that are lost or changed."""
        return [name for name, sha256 in entry.files.items() if not is_file_with(self.folder / name, sha256)]


def is_file_with(file: Path, sha256: str) -> bool:
    """Say whether the file is there and has this SHA-256."""
    return file.is_file() and digest(file) == sha256


def few(names: Sequence[str], most: int = 6) -> str:
    """Return a few names, and how many more there are."""
    more = f", dan {len(names) - most} lagi" if len(names) > most else ""
    return ", ".join(names[:most]) + more
