"""What an edition was made of, kept when it is frozen and laid out again when somebody makes its documents anew.

The same content, day and program give the same bytes. So the edition names everything it was made of by its SHA-256
(copies lie in `riwayat/`), and the program that made it: another version may draw the same words in other bytes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from collector.outage import DIARIES
from collector.storing import Place
from collector.workspace import Workspace, load
from publish import pdf
from publish.documents import write_documents
from publish.draft import HISTORY, digest
from publish.journal import to_disk
from scoring.errors import IkmError
from scoring.periode import before

MADE_OF: Final = "bahan"
MADE_BY: Final = "program"
OFFICE: Final = "office.toml"
DATA: Final = "data"  # stands for the office's folder of that purpose, whatever its name
LIBRARIES: Final = ("pydyf", "fonttools", "pikepdf", "pillow", "markdown", "jinja2", "qrcode")
CODE: Final = ("publish", "collector", "scoring")
SOURCES: Final = frozenset((".py", ".css", ".md", ".toml", ".ttf"))


@dataclass(frozen=True)
class Copy(Workspace):
    """A copy of an office's folders whose answers are those of the office itself."""

    live: Place

    @property
    def store(self) -> Place:
        """Return where the answers of the office are."""
        return self.live


def keep(workspace: Workspace, periode_id: str) -> dict[str, str]:
    """Keep a copy of what the documents are made of beside the periode's own folder; return its SHA-256 by place."""
    history = workspace.periode_folder(periode_id) / HISTORY
    history.mkdir(exist_ok=True)
    kept = {}
    for name, file in _sources(workspace, periode_id):
        kept[name] = sha256 = digest(file)
        if not (history / sha256).exists():
            fresh = history / f"{sha256}.baru"
            shutil.copyfile(file, fresh)
            to_disk(fresh)
            fresh.replace(history / sha256)
    to_disk(history)
    return kept


def _sources(workspace: Workspace, periode_id: str) -> Iterator[tuple[str, Path]]:
    """Yield what the documents read outside the periode's folder: configuration, letterhead, outages, other periode."""
    office, data = workspace.office, workspace.data
    if file := _office_file(workspace):
        yield OFFICE, file
    lambang = office.kop.lambang
    if lambang and is_inside(lambang) and (workspace.root / lambang).is_file():
        yield lambang, workspace.root / lambang
    earlier = before(office.periode(periode_id), office.report_day).id
    before_it = (f"periode/{earlier}/{name}" for name in ("result.json", "rtl.toml", "edisi-*/rtl.toml"))
    for place in (DIARIES, "public/periode/*/hasil.json", *before_it):
        for file in sorted(data.glob(place)):
            yield f"{DATA}/{file.relative_to(data).as_posix()}", file


def _office_file(workspace: Workspace) -> Path | None:
    """Return the file that the office was read from."""
    for file in sorted(workspace.root.glob("*.toml")):
        try:
            if load(file).office == workspace.office:
                return file
        except IkmError:
            continue  # another file, or one that is no office
    return None


def is_inside(name: str) -> bool:
    """Say whether a relative name stays in the folder that it is read in."""
    return not Path(name).is_absolute() and ".." not in Path(name).parts


def program() -> dict[str, str]:
    """Return the versions of everything that has a part in the bytes of a document, and the SHA-256 of our own code."""
    root = Path(__file__).parent.parent
    whole = hashlib.sha256()
    for file in sorted(file for name in CODE for file in (root / name).rglob("*") if file.suffix in SOURCES):
        whole.update(f"{file.relative_to(root).as_posix()} {digest(file)}\n".encode())
    return {"ikm": whole.hexdigest(), **pdf.renderer(), **{name: _version(name) for name in LIBRARIES}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def lay_out(
    workspace: Workspace, periode_id: str, said: Mapping[str, Any], naskah: Mapping[str, str], root: Path
) -> Copy:
    """Return a copy of the office in `root` as it was when the edition was frozen of which edisi.json says `said`.

    `naskah` is the content of the periode's folder as the journal names it. Raises FROZEN_CHANGED for a kept copy that
    is lost or changed, KeyError where the edition does not name what it was made of.
    """
    history = workspace.periode_folder(periode_id) / HISTORY
    own = {f"{DATA}/periode/{periode_id}/{name}": sha256 for name, sha256 in naskah.items()}
    for name, sha256 in {**said[MADE_OF], **own}.items():
        copy = history / sha256
        if not is_inside(name) or not is_inside(sha256) or not copy.is_file() or digest(copy) != sha256:
            raise IkmError("FROZEN_CHANGED", file=copy)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, root / name)
    if OFFICE not in said[MADE_OF]:
        raise KeyError(OFFICE)
    office = replace(load(root / OFFICE).office, data=DATA)
    return Copy(office, root, workspace.store)


def rebuild(copy: Copy, periode_id: str, edition: int, day: date) -> Path:
    """Make the documents of an edition anew; return their folder in `copy`. Raises what write_documents does."""
    into = copy.root / f"edisi-{edition}"
    into.mkdir()
    for _ in write_documents(copy, periode_id, day, edition=edition, into=into):
        pass
    return into
