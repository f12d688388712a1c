"""Outages: the gaps between the spans that the heartbeat noted, within service hours.

Several collectors write a diary each (`hidup-*.log`); only when all are silent is there an outage.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from collector.heartbeat import GAP, LINE, Span, span_of
from collector.workspace import Workspace
from scoring.integrity import CLOSES, OPENS
from scoring.periode import Periode

DIARIES: Final = "hidup*.log"


@dataclass(frozen=True)
class Outages:
    """What the diary tells of a periode: minutes of outage within service hours, and from when on it was kept."""

    minutes: int
    since: datetime
    spans: tuple[Span, ...]


def read_diaries(files: Iterable[Path]) -> list[Span]:
    """Return the spans of all these diaries, joined where they meet; a line that cannot be read is no span."""
    found = []
    for file in files:
        content = file.read_bytes()
        lines = (content[place : place + LINE] for place in range(0, len(content), LINE))
        found += [span for line in lines if (span := span_of(line)) is not None]
    joined: list[Span] = []
    for first, last in sorted(found):
        if joined and first - joined[-1][1] <= GAP:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined


def outages(
    workspace: Workspace, periode: Periode, now: datetime, diaries: Iterable[Path] | None = None
) -> Outages | None:
    """Return the outages of the days of the periode, up to `now`; None when the diary says nothing of them.

    `diaries` are read instead of those that the collectors keep.
    """
    zone = ZoneInfo(workspace.office.timezone)
    files = sorted(workspace.data.glob(DIARIES)) if diaries is None else diaries
    spans = [
        (first.replace(tzinfo=UTC).astimezone(zone), last.replace(tzinfo=UTC).astimezone(zone))
        for first, last in read_diaries(files)
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
        until = min(first, end)  # the same whether the server has run again since or not
        if until > quiet_from + GAP:
            gaps.append((quiet_from, until))
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
