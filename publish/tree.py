"""Many offices as one static tree: the public folder of each under its id, and the board of all of them.

What is published at an office is taken as it is, and everything that follows from it is made here, as `make publish`
makes it. An office whose published files have not changed since the last time is not touched. What the tree knows of
itself lies in its folder .pohon, by which it is also recognised: what is not ours is never replaced or deleted.
"""

from __future__ import annotations

import fcntl
import gc
import hashlib
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from collector.workspace import SITE_SOURCE, load
from publish import dokumen, gangguan, last_result, opendata, tree_board
from publish.offices import Done, each_office, failed_of, offices_in
from publish.public import build_static
from scoring.errors import IkmError

MARK: Final = ".pohon"  # in it: <folder>.json for each office, new/ for what is being made, old/ for what it replaces
LOCK: Final = "kunci"
# What was written when a periode was published. Everything else in its folder follows from it.
SOURCES: Final = frozenset(
    {
        *(opendata.HASIL, opendata.HITUNG, opendata.SILANG, dokumen.FILE, gangguan.FILE),
        *(last_result.PROMISES, last_result.ANSWERS),
    }
)
DOCUMENTS: Final = (".pdf", ".xlsx")
EDITIONS: Final = "edisi-"  # the folders of documents that were replaced
HELD: Final = 60_000  # objects from some twenty offices, after which cycles among them are looked for


@dataclass(frozen=True)
class Outcome:
    """The folders of the offices by what came of them, and how many offices were taken out of the tree."""

    made: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    removed: int = 0


@dataclass(frozen=True)
class Mark:
    """What is known of an office in the tree: its address there, what it was made of, its line on the board."""

    id: str
    data: str
    fingerprint: str
    entry: Mapping[str, Any]


Tell = Callable[[Iterable[Done], int], list[str]]


def _quietly(found: Iterable[Done], _count: int) -> list[str]:
    return failed_of(found)


def write_tree(offices: Path, to: Path, tell: Tell = _quietly, workers: int | None = None) -> Outcome:
    """Bring the tree `to` up to date with the folder of `offices`.

    `tell` hears of each office that is made anew, and of how many these are; it returns the names of those that failed.
    An office that fails keeps the pages it had. Raises OFFICES_NONE, TREE_FOREIGN and TREE_BUSY.
    """
    files = offices_in(offices)
    with _held(to):
        _recover(to)
        code, marks = code_digest(), _marks(to)
        names = {file.parent.name for file in files}
        gone = [name for name in marks if name not in names]
        for name in gone:
            _remove(to, name, marks.pop(name))
        same = {file.parent.name for file in files if _is_same(to, file, marks.get(file.parent.name), code)}
        todo = [file for file in files if file.parent.name not in same]
        with _uncollected():
            found = each_office(todo, partial(_make, to=to, code=code), workers)
            failed = tell(_placed(to, marks, found), len(todo))
        _sweep(to)
        tree_board.write(to, [mark.entry for _, mark in sorted(marks.items())])
    made = [file.parent.name for file in todo if file.parent.name not in failed]
    return Outcome(made, sorted(same), failed, len(gone))


def code_digest() -> str:
    """Return one digest of all that makes pages: our code, templates, styles, words and rule packs."""
    digest, root = hashlib.sha256(), SITE_SOURCE.parent
    for folder in ("publish", "scoring", "collector", "site"):
        for file in sorted((root / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.hexdigest()


def fingerprint(file: Path, data: str, code: str) -> str:
    """Return what the pages of an office are made of: its office.toml, its published files by size and time, `code`."""
    digest = hashlib.sha256(f"{code}\0{data}\0".encode() + file.read_bytes())
    for periode, entry in _sources(file.parent / data / "public"):
        seen = entry.stat()
        digest.update(f"{periode}\0{entry.name}\0{seen.st_size}\0{seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _sources(public: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield the published files under `public`, each with its folder there, in a fixed order."""
    places = [f"periode/{entry.name}" for entry in _listed(public / "periode") if entry.is_dir()]
    for place in places:
        for entry in _listed(public / place):
            if entry.name in SOURCES or entry.name.endswith(DOCUMENTS):
                yield place, entry
            elif entry.name.startswith(EDITIONS):
                yield from ((f"{place}/{entry.name}", old) for old in _listed(Path(entry.path)))


def _listed(folder: Path) -> list[os.DirEntry[str]]:
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _is_same(to: Path, file: Path, mark: Mark | None, code: str) -> bool:
    if mark is None or (mark.entry["periode"] and not (to / mark.id / "index.html").is_file()):
        return False
    return mark.fingerprint == fingerprint(file, mark.data, code)


def _make(file: Path, to: Path, code: str) -> Done:
    """Make the folder of one office beside the tree, with its mark; an office without a publication has only this."""
    began, name = time.monotonic(), file.parent.name
    workspace = load(file)
    office, fresh = workspace.office, to / MARK / "new" / name
    mark = fingerprint(file, str(office.data), code)
    published = opendata.read_published(workspace.public)
    count = 0
    if published:
        _take(workspace.public, fresh)
        try:
            build_static(office, fresh, published, database=False)
        except IkmError as error:
            return Done(name, fault=error.lines.replace(str(fresh), str(workspace.public)))
        count = sum(len(files) for _, _, files in os.walk(fresh))
        if gc.get_count()[0] > HELD:
            gc.collect()
    _write_mark(
        fresh.parent / f"{name}.json", Mark(office.id, str(office.data), mark, tree_board.entry(office, published))
    )
    return Done(name, count, time.monotonic() - began)


def _take(public: Path, fresh: Path) -> None:
    """Put the published files of an office into its new folder.

    Documents, which are large, as links where the disk can: what is signed is replaced, never written over.
    """
    made = ""
    for place, entry in _sources(public):
        if place != made:
            made = place
            (fresh / place).mkdir(parents=True)
        target = f"{fresh}/{place}/{entry.name}"
        if entry.name.endswith(DOCUMENTS):
            try:
                os.link(entry.path, target)
            except OSError:  # another disk, or another owner
                shutil.copyfile(entry.path, target)
        else:
            Path(target).write_bytes(Path(entry.path).read_bytes())


def _placed(to: Path, marks: dict[str, Mark], found: Iterable[Done]) -> Iterator[Done]:
    """Put each office that is done into its place, and its mark into `marks`; yield what came of it."""
    for done in found:
        fault = done.fault
        if not fault:
            mark = _read_mark(to / MARK / "new" / f"{done.name}.json")
            owner = next((name for name, other in marks.items() if other.id == mark.id and name != done.name), "")
            known = done.name in marks and marks[done.name].id == mark.id
            if owner or ((to / mark.id).exists() and not known):
                fault = str(IkmError("TREE_TAKEN", id=mark.id, folder=to, other=owner or "sesuatu yang lain"))
            else:
                _place(to, done.name, mark, marks.get(done.name))
                marks[done.name] = mark
        yield Done(done.name, fault=fault) if fault else done


def _place(to: Path, name: str, mark: Mark, before: Mark | None) -> None:
    """Replace the folder of an office whole. Its mark comes first, so that a run cut off here knows it as ours."""
    if before and before.id != mark.id:
        _remove(to, name, before)
    _write_mark(to / MARK / f"{name}.json", Mark(mark.id, mark.data, "", mark.entry))
    fresh, target, old = to / MARK / "new" / name, to / mark.id, to / MARK / "old" / mark.id
    if target.exists():
        target.rename(old)
    if fresh.exists():
        fresh.rename(target)
    _write_mark(to / MARK / f"{name}.json", mark)
    shutil.rmtree(old, ignore_errors=True)


def _remove(to: Path, name: str, mark: Mark) -> None:
    shutil.rmtree(to / mark.id, ignore_errors=True)
    (to / MARK / f"{name}.json").unlink(missing_ok=True)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold off the search for cycles, here and in processes that are forked: a sixth of their time goes into it."""
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


@contextmanager
def _held(to: Path) -> Iterator[None]:
    """Hold the tree for this run alone. Raises TREE_FOREIGN on a folder with other things in it, and TREE_BUSY."""
    if not (to / MARK).is_dir() and to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise IkmError("TREE_FOREIGN", folder=to)
    (to / MARK).mkdir(parents=True, exist_ok=True)
    with (to / MARK / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IkmError("TREE_BUSY", folder=to) from None
        yield


def _recover(to: Path) -> None:
    """Put back what a run that was cut off had moved away, and clear what it left half made."""
    for old in _listed(to / MARK / "old"):
        if not (to / old.name).exists():
            Path(old.path).rename(to / old.name)
    _sweep(to)
    for name in ("new", "old"):
        (to / MARK / name).mkdir()


def _sweep(to: Path) -> None:
    for name in ("new", "old"):
        shutil.rmtree(to / MARK / name, ignore_errors=True)


def _marks(to: Path) -> dict[str, Mark]:
    """Return the mark of every office in the tree by the name of its folder."""
    return {file.stem: _read_mark(file) for file in sorted((to / MARK).glob("*.json"))}


def _read_mark(file: Path) -> Mark:
    return Mark(**json.loads(file.read_text("utf-8")))


def _write_mark(file: Path, mark: Mark) -> None:
    fields = {"id": mark.id, "data": mark.data, "fingerprint": mark.fingerprint, "entry": mark.entry}
    part = file.with_name(f"{file.name}.part")
    part.write_text(json.dumps(fields, ensure_ascii=False), "utf-8")
    part.replace(file)
