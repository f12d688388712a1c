"""The outage diary: each minute in which the server runs and its store answers is noted; a gap is an outage.

A line is a span, its first and its last minute in UTC; the last line grows by overwriting its end. Nothing else is in
it. Several collectors write a diary each (`hidup-*.log`); only when all are silent is there an outage.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from collector.store import reading
from collector.workspace import Workspace
from scoring.errors import IkmError
from scoring.integrity import CLOSES, OPENS
from scoring.periode import Periode

DIARY: Final = "hidup.log"
DIARIES: Final = "hidup*.log"
MINUTE: Final = "%Y-%m-%dT%H:%M"
WIDTH: Final = 16  # characters of a minute
LINE: Final = 2 * WIDTH + 2
BEAT: Final = 60  # seconds
GAP: Final = timedelta(minutes=2)  # up to this, a restart is none
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Outages:
    """What the diary tells of a periode: minutes of outage within service hours, and from when on it was kept."""

    minutes: int
    since: datetime
    spans: tuple[Span, ...]


def beat(file: Path, now: datetime) -> None:
    """Note the minute: the last span grows, or after a gap a new one begins. Processes take turns."""
    minute = now.astimezone(UTC).replace(second=0, microsecond=0, tzinfo=None)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o644), "r+b", buffering=0) as diary:
        fcntl.flock(diary, fcntl.LOCK_EX)
        end = diary.seek(0, os.SEEK_END) // LINE * LINE  # half a line of a power cut is written over
        last = None
        if end:
            diary.seek(end - LINE)
            last = _span(diary.read(LINE))
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


def read_diaries(folder: Path) -> list[Span]:
    """Return the spans of all diaries in the folder, joined where they meet; a line that cannot be read is no span."""
    found = []
    for file in sorted(folder.glob(DIARIES)):
        content = file.read_bytes()
        lines = (content[place : place + LINE] for place in range(0, len(content), LINE))
        found += [span for line in lines if (span := _span(line)) is not None]
    joined: list[Span] = []
    for first, last in sorted(found):
        if joined and first - joined[-1][1] <= GAP:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def outages(workspace: Workspace, periode: Periode, now: datetime) -> Outages | None:
    """Return the outages of the days of the periode, up to `now`; None when the diary says nothing of them."""
    zone = ZoneInfo(workspace.office.timezone)
    spans = [
        (first.replace(tzinfo=UTC).astimezone(zone), last.replace(tzinfo=UTC).astimezone(zone))
        for first, last in read_diaries(workspace.data)
    ]
    begin = datetime.combine(periode.mulai, time(OPENS), zone)
    end = min(datetime.combine(periode.selesai, time(CLOSES), zone), now)
    if not spans or spans[0][0] >= end:
        return None
    since = max(begin, spans[0][0])
    gaps = _gaps(spans, since, end)
    found = [part for gap in gaps for part in _in_service(*gap, zone)]
    return Outages(sum(int((last - first).total_seconds()) // 60 for first, last in found), since, tuple(found))


def _gaps(spans: Sequence[Span], since: datetime, end: datetime) -> list[Span]:
    """Return the gaps between the spans from `since` to `end`."""
    gaps, quiet_from = [], since
    for first, last in spans:
        if first > quiet_from + GAP:
            gaps.append((quiet_from, min(first, end)))
        quiet_from = max(quiet_from, last)
    if end > quiet_from + GAP:
        gaps.append((quiet_from, end))
    return [(first, last) for first, last in gaps if first < last]


def _in_service(first: datetime, last: datetime, zone: ZoneInfo) -> list[Span]:
    """Return the parts of a gap that lie in service hours, day by day."""
    parts, day = [], first.date()
    while day <= last.date():
        opens, closes = (datetime.combine(day, time(hour), zone) for hour in (OPENS, CLOSES))
        if max(first, opens) < min(last, closes):
            parts.append((max(first, opens), min(last, closes)))
        day += timedelta(days=1)
    return parts


def _span(line: bytes) -> Span | None:
    if len(line) != LINE:
        return None
    try:
        first, last = (datetime.strptime(part, MINUTE) for part in line.decode("ascii").split())  # noqa: DTZ007
    except ValueError:
        return None
    return (first, last) if first <= last else None
