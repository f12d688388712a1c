"""Due dates of a procedure: by day and as a calendar file (RFC 5545) for a phone or an office calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from publish.procedure import Procedure
from publish.standard import FRIDAY, after
from scoring.office import Office
from scoring.periode import Periode, before, containing, tanggal

CALENDAR: Final = "tenggat.ics"
OCTETS: Final = 75  # of one line of a calendar file


def due_date(procedure: Procedure, periode: Periode, libur: Collection[date] = ()) -> date:
    """Return when the report of a periode is due: the next set day of a month, or so many working days after it.

    A set day stays where it is, closed or not: the SOP names the day. `libur` are the holidays of office.toml.
    """
    if procedure.due_working_days:
        return after(periode.selesai, procedure.due_working_days, libur)
    day = periode.selesai + timedelta(days=1)
    while day.day != procedure.due_day:
        day += timedelta(days=1)
    return day


def around(office: Office, procedure: Procedure, today: date) -> list[Periode]:
    """Return the periode before the open one, the open one and the next, as the procedure (or else the office) cuts."""
    cut = procedure.cadence or office.cut
    current = containing(today, cut, office.report_day)
    following = containing(current.selesai + timedelta(days=1), cut, office.report_day)
    return [before(current, office.report_day), current, following]


def closed_day(day: date, libur: Collection[date] = ()) -> str:
    """Return a remark on a day on which the office is closed, or ""."""
    if day in libur:
        return " (hari libur)"
    return " (akhir pekan)" if day.weekday() > FRIDAY else ""


def allowed_for(libur: Collection[date]) -> str:
    """Return the sentence that says which days are not counted as working days."""
    if not libur:
        return (
            "Hari kerja: Senin sampai Jumat; hari libur nasional tidak diketahui selama libur dalam office.toml kosong."
        )
    return f"Hari kerja: Senin sampai Jumat, kecuali {len(libur)} hari libur dalam office.toml."


def calendar(office: Office, procedure: Procedure, periodes: list[Periode]) -> bytes:
    """Return the calendar file with one whole-day event for each due date."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//ikm//tenggat//ID", "CALSCALE:GREGORIAN"]
    for periode in periodes:
        due = due_date(procedure, periode, office.libur)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{periode.id}-{procedure.id}@{office.id}",
            f"DTSTAMP:{periode.mulai:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{due:%Y%m%d}",
            f"SUMMARY:{_text(f'Tenggat laporan SKM periode {periode.nama}')}",
            f"DESCRIPTION:{_text(f'{procedure.nama}. Data sampai dengan {tanggal(periode.selesai)}.')}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"]).encode()


def _text(value: str) -> str:
    for char in "\\;,":
        value = value.replace(char, f"\\{char}")
    return value


def _folded(line: str) -> str:
    """Return a line folded before it exceeds its octets; a letter is never split."""
    parts, room = [""], OCTETS
    for char in line:
        size = len(char.encode())
        if room < size:
            parts.append("")
            room = OCTETS - 1
        parts[-1] += char
        room -= size
    return "\r\n ".join(parts) + "\r\n"
