"""A rehearsal: the same office with a store of its own that is marked so for good, in a folder of its own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from collector.store import create
from collector.workspace import REHEARSAL_FOLDER, load
from scoring.errors import IkmError

OWN: Final = {"data": 'data = "data"', "store": 'store = ""'}  # what the copy of office.toml says instead


def prepare_rehearsal(office_file: Path) -> Path:
    """Make the rehearsal's office.toml and its store, and return the former; one that is there stays as it is.

    Raises STORE_KIND when the store that would be used is a real one.
    """
    workspace = load(office_file)
    folder = workspace.data / REHEARSAL_FOLDER
    copy = folder / "office.toml"
    if not copy.exists():
        folder.mkdir(parents=True, exist_ok=True)
        text = office_file.read_text("utf-8-sig")
        for key, line in OWN.items():
            text = re.sub(rf"(?m)\A((?:(?!^\[).*\n)*?){key}\s*=.*$", rf"\g<1>{line}", text, count=1)
        copy.write_text(text, "utf-8")
        lambang = workspace.office.kop.lambang
        if lambang and (workspace.root / lambang).is_file():
            (folder / lambang).parent.mkdir(parents=True, exist_ok=True)
            (folder / lambang).write_bytes((workspace.root / lambang).read_bytes())
    rehearsal = load(copy)
    store = create(rehearsal.store, rehearsal.office.id, "rehearsal")
    try:
        if store.kind() != "rehearsal":
            raise IkmError("STORE_KIND", file=rehearsal.store)
    finally:
        store.close()
    return copy
