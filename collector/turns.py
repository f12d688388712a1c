"""Turns at a store file: one writer at a time among all threads and processes, each in their order.

Two locks on side files, as people queue at one counter: whoever holds `.next` is served next, whoever holds `.lock`
writes. With one lock alone, the process that just wrote would take it again before the other has looked.
The kernel gives a killed holder's locks back.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from scoring.errors import IkmError

SIDES: Final = (".next", ".lock")
PAUSES: Final = (0.0001, 0.0005)  # seconds between two looks: at first, and at most


class Turns:
    """The turns at one file; close it when done."""

    def __init__(self, path: Path) -> None:
        self._thread_lock = threading.Lock()
        self._next, self._lock = (path.with_name(path.name + side).open("a") for side in SIDES)

    def close(self) -> None:
        """Give the side files back; nobody may hold a turn."""
        self._next.close()
        self._lock.close()

    @contextmanager
    def taken(self, patience: float) -> Iterator[None]:
        """Hold the turn. Raises STORE_BUSY when it does not come within `patience` seconds."""
        end = time.monotonic() + patience
        if not self._thread_lock.acquire(timeout=patience):
            raise IkmError("STORE_BUSY")
        try:
            _lock(self._next, end)
            try:
                _lock(self._lock, end)
            finally:
                fcntl.flock(self._next, fcntl.LOCK_UN)
            try:
                yield
            finally:
                fcntl.flock(self._lock, fcntl.LOCK_UN)
        finally:
            self._thread_lock.release()


def _lock(file: IO[str], end: float) -> None:
    """Lock the file, looking again and again: a call that waits could not be given up. Raises STORE_BUSY."""
    pause, longest = PAUSES
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise IkmError("STORE_BUSY") from None
            time.sleep(pause)
            pause = min(2 * pause, longest)
        else:
            return
