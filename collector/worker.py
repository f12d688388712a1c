"""What a process that serves does from the moment it is forked: it ends with its parent, and keeps to its own core."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys
import tempfile
from typing import IO, Final

PR_SET_PDEATHSIG: Final = 1  # of Linux's prctl
STOPS: Final = frozenset({signal.SIGINT, signal.SIGTERM})  # blocked in the parent, where a thread waits for them


def places() -> IO[bytes]:
    """Return a file in which each process takes one byte, so that one that is started anew finds the free core."""
    return tempfile.TemporaryFile()


def begin(parent: int, taken: IO[bytes]) -> None:
    """Have this process end by itself when asked to or left alone, and not fight its neighbour for the cores."""
    # Ctrl-C reaches every process of a terminal; with its parent's SIGTERM on top, granian's worker hung 1 time in 20.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # granian sets its own much later; the parent's would only note it
    signal.pthread_sigmask(signal.SIG_SETMASK, STOPS - {signal.SIGTERM})
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)  # a killed parent leaves nobody on the port
        if os.getppid() != parent:
            os._exit(1)
        os.setpgid(0, 0)  # who stops the whole group stops the parent, which tells us; else it takes us for crashed
        _settle(taken)


def _settle(taken: IO[bytes]) -> None:
    """Keep to a core that no other worker has, and let no thread that wakes push aside the one that runs.

    Only one thread of a process runs Python at a time. Where those that wait are woken on another core, or in its
    place, they find the interpreter taken and sleep again: a third of all work (docs/performance.md).
    """
    os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
    for place, core in enumerate(sorted(os.sched_getaffinity(0))):
        try:
            fcntl.lockf(taken, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except BlockingIOError:
            continue
        os.sched_setaffinity(0, {core})
        return
