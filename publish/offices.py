"""The documents of many offices in one call, on all cores; an office that fails is named and holds up no other."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
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


def offices_in(folder: Path) -> list[Path]:
    """Return the office.toml of every office in `folder`, one folder each. Raises OFFICES_NONE."""
    found = sorted(folder.glob(f"*/{OFFICE}"))
    if not found:
        raise IkmError("OFFICES_NONE", folder=folder)
    return found


def report_all(
    files: Sequence[Path], periode_id: str, rehearsal_day: date | None, workers: int | None = None
) -> Iterator[Done]:
    """Write the documents of a periode for every office, yielding each as it is done.

    The processes are forked from this one, so that what draws is loaded once for all.
    """
    workers = min(len(files), workers or os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        running: dict[Future[Done], Path] = {
            pool.submit(report, file, periode_id, rehearsal_day): file for file in files
        }
        for future in as_completed(running):
            fault = future.exception()  # a fault of ours, or a process that was killed: the others go on
            name = running[future].parent.name
            yield Done(name, fault=f"{type(fault).__name__}: {fault}") if fault else future.result()


def report(file: Path, periode_id: str, rehearsal_day: date | None) -> Done:
    """Write the documents of a periode of one office; return what came of it."""
    began, name = time.monotonic(), file.parent.name
    try:
        workspace = load(file)
        today = moment(workspace, rehearsal_day)[0].date()
        written = len(list(write_documents(workspace, periode_id, today)))
        draft.stamp(workspace.periode_folder(periode_id))
    except (IkmError, OSError) as error:
        return Done(name, fault=error.lines if isinstance(error, IkmError) else str(error))
    return Done(name, written, time.monotonic() - began)
