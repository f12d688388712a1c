"""Time standards of steps: when a step should be done, and by how much it is late. Pure; no clock of its own.

Working days are Monday to Friday, 07.30 to 16.00, but for the days of `libur`: holidays as office.toml names them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final

from publish.procedure import Standard

OPENS: Final = time(7, 30)
CLOSES: Final = time(16)
FRIDAY: Final = 4


def works(day: date, libur: Collection[date] = ()) -> bool:
    """Say whether the office works on `day`."""
    return day.weekday() <= FRIDAY and day not in libur


def deadline(since: datetime, standard: Standard, libur: Collection[date] = ()) -> datetime | None:
    """Return when a step that opened at `since` should be done; None where the SOP sets no time."""
    if standard.unit == "months":
        month = since.month - 1 + standard.amount
        year, month = since.year + month // 12, month % 12 + 1
        return since.replace(year=year, month=month, day=min(since.day, monthrange(year, month)[1]))
    if standard.unit == "days":
        return datetime.combine(after(since.date(), standard.amount, libur), CLOSES, since.tzinfo)
    if standard.amount:
        return _add(since, timedelta(minutes=standard.amount * (60 if standard.unit == "hours" else 1)), libur)
    return None


def after(day: date, working_days: int, libur: Collection[date] = ()) -> date:
    """Return the working day that lies so many working days after `day`."""
    while working_days:
        day += timedelta(days=1)
        working_days -= works(day, libur)
    return day


def late(due: datetime, now: datetime, libur: Collection[date] = ()) -> str:
    """Return by how much `now` is past `due`: "40 menit", "2 hari kerja"; "" when it is not."""
    if now <= due:
        return ""
    days = 0
    day = due.date()
    while day < now.date():
        day += timedelta(days=1)
        days += works(day, libur)
    if now.date() > due.date():
        return f"{days} hari kerja" if days else "kurang dari 1 hari kerja"
    minutes = int((now - due) / timedelta(minutes=1))
    return f"{minutes // 60} jam {minutes % 60} menit" if minutes >= 60 else f"{minutes} menit"


def _add(since: datetime, span: timedelta, libur: Collection[date]) -> datetime:
    """Return `since` plus a span that counts within working hours only."""
    moment = _working(since, libur)
    while (rest := datetime.combine(moment.date(), CLOSES, moment.tzinfo) - moment) < span:
        span -= rest
        moment = _working(datetime.combine(moment.date() + timedelta(days=1), OPENS, moment.tzinfo), libur)
    return moment + span


def _working(moment: datetime, libur: Collection[date]) -> datetime:
    """Return the moment itself, or the next one at which the office works."""
    if works(moment.date(), libur) and moment.time() < CLOSES:
        return max(moment, datetime.combine(moment.date(), OPENS, moment.tzinfo))
    return datetime.combine(after(moment.date(), 1, libur), OPENS, moment.tzinfo)
