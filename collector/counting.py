"""From stored rows to a tally: everything is counted by the database, no row comes into Python."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from collector import tickets
from collector.database import Connection
from collector.exclusion import excluded_between, reasons, subtract
from collector.grouping import Counted, Key, part
from collector.seal import groups_between
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.office import Office, Survey
from scoring.periode import BULAN, Periode, before, parse, rentang
from scoring.tally import Part, Tally, merge

# Why a periode is not compared with the one before, where nothing is wrong with itself.
APART: Final = frozenset({"PERIODE_INSTRUMENT", "FORM_MIXED", "PERIODE_MOVED"})


def tally(connection: Connection, office: Office, periode: Periode) -> Tally:
    """Return the tally of the periode, with that of the one before where it was closed, answered, and asked one form.

    Counted at one moment of the store. Raises PERIODE_INSTRUMENT and FORM_MIXED when more than one form was asked
    within the periode itself.
    """
    with _one_moment(connection):
        counted = _tally(connection, office, periode)
        earlier = before(periode, office.report_day)
        try:
            if not is_closed(connection, office.id, earlier):
                return counted
            previous = _tally(connection, office, earlier)
        except IkmError as error:
            if error.code in APART:
                return counted
            raise
        return replace(counted, previous=previous if previous.n else None)


@contextmanager
def _one_moment(connection: Connection) -> Iterator[None]:
    """Let every SELECT inside see the same rows, whatever comes in meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def is_closed(connection: Connection, office: str, periode: Periode) -> bool:
    """Say whether every day of the periode lies in a closed one (a quarter may be closed by its months).

    Raises PERIODE_MOVED when it was closed with other days than office.toml gives it now.
    """
    named = connection.execute(
        "SELECT periode, mulai, selesai FROM closing WHERE office = ? AND periode = ?", (office, periode.id)
    ).fetchone()
    if named and (closed := _stored(*named)) != periode:
        raise moved(closed, periode)
    rows = connection.execute(
        "SELECT mulai, selesai FROM closing WHERE office = ? AND mulai <= ? AND selesai >= ? ORDER BY mulai",
        (office, periode.selesai.isoformat(), periode.mulai.isoformat()),
    )
    open_from = periode.mulai
    for mulai, selesai in rows:
        if date.fromisoformat(mulai) > open_from:
            return False
        open_from = max(open_from, date.fromisoformat(selesai) + timedelta(days=1))
    return open_from > periode.selesai


def closed_periodes(connection: Connection, office: Office) -> list[Periode]:
    """Return the periode that were closed by name, oldest first, with the days they were closed with."""
    rows = connection.execute(
        "SELECT periode, mulai, selesai FROM closing WHERE office = ? ORDER BY selesai, mulai", (office.id,)
    )
    return [_stored(*row) for row in rows]


def moved(closed: Periode, today: Periode) -> IkmError:
    """Return the error that a closed periode has other days by the office.toml of `today`, and the line to put back."""
    days = {"closed": rentang(closed.mulai, closed.selesai), "today": rentang(today.mulai, today.selesai)}
    return IkmError("PERIODE_MOVED", id=closed.id, **days, day=closed.mulai.day)  # its first day is the report day


def _stored(periode_id: str, mulai: str, selesai: str) -> Periode:
    return Periode(periode_id, date.fromisoformat(mulai), date.fromisoformat(selesai))


def is_rehearsal(connection: Connection, office: str) -> bool:
    """Say whether the store holds rehearsal answers. Raises STORE_MISSING when it holds nothing of the office."""
    found = connection.execute("SELECT kind FROM store WHERE office = ?", (office,)).fetchone()
    if found is None:
        raise IkmError("STORE_MISSING", file=office)
    return bool(found[0] == "rehearsal")


def _tally(connection: Connection, office: Office, periode: Periode) -> Tally:
    survey = office.survey_of(periode)
    parts, out = _parts(connection, office.id, survey, periode)
    names = {item.id: item.nama for item in office.layanan}
    names |= {part.layanan: part.layanan for part in parts if part.layanan not in names}
    return Tally(
        office=office.id,
        office_nama=office.nama,
        periode=periode.id,
        mulai=periode.mulai.isoformat(),
        selesai=periode.selesai.isoformat(),
        instrument=survey.instrument.id,
        form=survey.instrument.form,
        rule=survey.rule,
        blank=survey.blank,
        rehearsal=is_rehearsal(connection, office.id),
        layanan=names,
        population=population(office, periode),
        parts=parts,
        excluded=reasons(connection, office.id, periode.mulai, periode.selesai),
        excluded_parts=out,
        tickets=tickets.counts(connection, office, periode),
    )


def population(office: Office, periode: Periode) -> dict[str, int]:
    """Return the people served per layanan: as written for the periode, else the sum of its months where all are."""
    if periode.id in office.population:
        return office.population[periode.id]
    months = list(_months(periode, office.report_day))
    written = [office.population[month] for month in months if month in office.population]
    if len(months) < 2 or len(written) < len(months):
        return {}
    return {
        item.id: sum(month[item.id] for month in written)
        for item in office.layanan
        if all(item.id in month for month in written)
    }


def _months(periode: Periode, report_day: int) -> Iterator[str]:
    """Yield the names of the months that lie within the periode."""
    for number in range(1, len(BULAN) + 1):
        month = parse(f"{periode.selesai.year}-{number:02d}", report_day)
        if month.mulai in periode and month.selesai in periode:
            yield month.id


def _parts(
    connection: Connection, office: str, survey: Survey, periode: Periode
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the counts of the periode by layanan and channel, and those of what was excluded. Raises FORM_MIXED."""
    pack = survey.instrument
    groups = groups_between(connection, office, periode.mulai, periode.selesai)
    others = sum(counted.sums[0] for (form, _, _), counted in groups.items() if form != pack.form)
    if others:
        raise IkmError("FORM_MIXED", id=periode.id, n=others, form=pack.form)
    out = excluded_between(connection, office, periode.mulai, periode.selesai)
    left = {key: subtract(counted, out[key]) if key in out else counted for key, counted in groups.items()}
    return _merged(pack, left), _merged(pack, out)


def _merged(pack: Instrument, groups: Mapping[Key, Counted]) -> tuple[Part, ...]:
    found = [part(pack, layanan, channel, counted) for (_, layanan, channel), counted in groups.items()]
    return merge([item for item in found if item.n])
