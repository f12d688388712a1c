"""Work on many offices in one call, on all cores; an office that fails is named and holds up no other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from collector.workspace import load
from publish import draft
from publish.documents import write_documents
from publish.flow import moment
from scoring.errors import IkmError

OFFICE: Final = "office.toml"


@dataclass(frozen=True)
class Done:
    """What came of one office: its folder, how many files in how many seconds, or why there are none."""

    name: str
    files: int = 0
    seconds: float = 0
    fault: str = ""


Work = Callable[[Path], Done]


def offices_in(folder: Path) -> list[Path]:
    """Return the office.toml of every office in `folder`, one folder each. Raises OFFICES_NONE."""
    found = sorted(folder.glob(f"*/{OFFICE}"))
    if not found:
        raise IkmError("OFFICES_NONE", folder=folder)
    return found


def each_office(files: Sequence[Path], work: Work, workers: int | None = None) -> Iterator[Done]:
    """Do `work` on the office.toml of every office, each in a process, yielding what came of it as it is done.

    The processes are forked from this one, so that what draws is loaded once for all.
    """
    if not files:
        return
    workers = min(len(files), workers or os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        running: dict[Future[Done], Path] = {pool.submit(guarded, work, file): file for file in files}
        for future in as_completed(running):
            fault = future.exception()  # a fault of ours, or a process that was killed: the others go on
            name = running[future].parent.name
            yield Done(name, fault=f"{type(fault).__name__}: {fault}") if fault else future.result()


def guarded(work: Work, file: Path) -> Done:
    """Return what came of `work`; what is wrong with the office or its files is a fault in words."""
    try:
        return work(file)
    except (IkmError, OSError) as error:
        return Done(file.parent.name, fault=error.lines if isinstance(error, IkmError) else str(error))


def failed_of(found: Iterable[Done]) -> list[str]:
    """Return the names of the offices that failed, of all that are done."""
    return sorted(done.name for done in found if done.fault)


def report_all(
    files: Sequence[Path], periode_id: str, rehearsal_day: date | None, workers: int | None = None
) -> Iterator[Done]:
    """Write the documents of a periode for every office, yielding each as it is done."""
    return each_office(files, partial(report, periode_id=periode_id, rehearsal_day=rehearsal_day), workers)


def report(file: Path, periode_id: str, rehearsal_day: date | None) -> Done:
    """Write the documents of a periode of one office; return what came of it. Raises what makes an office fail."""
    began = time.monotonic()
    workspace = load(file)
    today = moment(workspace, rehearsal_day)[0].date()
    written = len(list(write_documents(workspace, periode_id, today)))
    draft.stamp(workspace.periode_folder(periode_id))
    return Done(file.parent.name, written, time.monotonic() - began)
