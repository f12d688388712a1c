"""The heartbeat of the server: every minute in which it runs and its store answers is noted in the outage diary.

A line is a span, its first and its last minute in UTC; the last line grows by overwriting its end. Nothing else is in
it.
"""

from __future__ import annotations

import fcntl
import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from collector.store import reading
from collector.workspace import Workspace
from scoring.errors import IkmError

DIARY: Final = "hidup.log"
MINUTE: Final = "%Y-%m-%dT%H:%M"
WIDTH: Final = 16  # characters of a minute
LINE: Final = 2 * WIDTH + 2
BEAT: Final = 60  # seconds
GAP: Final = timedelta(minutes=2)  # up to this, a restart is none
Span = tuple[datetime, datetime]


def beat(file: Path, now: datetime) -> None:
    """Note the minute: the last span grows, or after a gap a new one begins. Processes take turns."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0) as diary:
        fcntl.flock(diary, fcntl.LOCK_EX)
        end = diary.seek(0, os.SEEK_END) // LINE * LINE  # half a line of a power cut is written over
        last = None
        if end:
            diary.seek(end - LINE)
            last = span_of(diary.read(LINE))
        if last is not None and last[0] <= minute <= last[1]:  # another process was first
            return
        if last is not None and timedelta(0) < minute - last[1] <= GAP:
            diary.seek(end - WIDTH - 1)
            diary.write(f"{minute:{MINUTE}}\n".encode())
        else:
            diary.seek(end)
            diary.write(f"{minute:{MINUTE}} {minute:{MINUTE}}\n".encode())


def keep_beating(workspace: Workspace) -> threading.Thread:
    """Start the thread that notes every minute in which the store answers; it ends with the process."""
    thread = threading.Thread(target=_beat_on, args=(workspace,), name="outage diary", daemon=True)
    thread.start()
    return thread


def _beat_on(workspace: Workspace) -> None:
    pause = threading.Event()
    while True:
        try:
            with reading(workspace.store) as connection:
                connection.execute("SELECT kind FROM store").fetchone()
            beat(workspace.data / DIARY, datetime.now(UTC))
        except (OSError, IkmError):
            pass  # the gap in the diary says it
        pause.wait(BEAT)


def span_of(line: bytes) -> Span | None:
    """Return the span of a line, or None when it cannot be read."""
    if len(line) != LINE:
        return None
    try:
        first, last = (datetime.strptime(part, MINUTE) for part in line.decode("ascii").split())  # noqa: DTZ007
    except ValueError:
        return None
    return (first, last) if first <= last else None
