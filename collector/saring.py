"""A filter over the stored answers (menu saring): some days, a layanan, a profile, counted anew from the rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from collector.counting import is_closed
from collector.database import Connection
from collector.destroyed import answers_between, require_rows
from collector.filter_ledger import Asked
from collector.grouping import count, part
from collector.schema import PROFIL_COLUMNS
from scoring.disclosure import BASE
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import Periode, rentang
from scoring.table import part_figures
from scoring.tally import total


@dataclass(frozen=True)
class Saring:
    """What is asked for: both days included, the layanan or None for all, and a code for each profile field named."""

    first: date
    last: date
    layanan: str | None
    profil: Mapping[str, str]


def read(office: Office, first: str, last: str, layanan: str, profil: str) -> Saring:
    """Return the filter as written: days "2026-09-25", profile "jenis_kelamin=P,usia=17-25", "" for no condition.

    Raises FILTER_INVALID, LAYANAN_UNKNOWN, and PERIODE_INSTRUMENT where another instrument was asked in between.
    """
    days = _day("FROM", first), _day("TO", last)
    if days[1] < days[0]:
        raise _invalid("TO", last, f"tidak lebih awal daripada {first}")
    if layanan and not office.has_layanan(layanan):
        raise IkmError("LAYANAN_UNKNOWN", id=layanan)
    pack = office.survey_of(_span(*days)).instrument
    return Saring(*days, layanan or None, _profil(pack, profil))


def figures(connection: Connection, office: Office, saring: Saring, group: Asked) -> dict[str, Any]:
    """Return the figures of the answers of the group, as `scoring.table` gives those of a recap sheet.

    Raises PERIODE_BLIND, ROWS_DESTROYED, FORM_MIXED, and BASE_SMALL for fewer than ten respondents.
    """
    days = saring.first, saring.last
    span = _span(*days)
    survey = office.survey_of(span)
    pack = survey.instrument
    if office.blind_until_close and not is_closed(connection, office.id, span):
        raise IkmError("PERIODE_BLIND", id=span.id, n=answers_between(connection, office.id, *days))
    require_rows(connection, office.id, saring.first.isoformat(), saring.last.isoformat())
    where, bound = group.where()
    groups = count(connection, where, bound)
    others = sum(counted.sums[0] for (form, _, _), counted in groups.items() if form != pack.form)
    if others:
        raise IkmError("FORM_MIXED", id=span.id, n=others, form=pack.form)
    parts = [part(pack, layanan, channel, counted) for (_, layanan, channel), counted in groups.items()]
    whole = total(parts) if parts else None
    if whole is None or (whole.complete if survey.blank == "complete" else whole.n) < BASE:
        raise IkmError("BASE_SMALL", least=BASE)
    return part_figures(pack, whole, pack.rule(survey.rule), survey.blank)


def asked(office: Office, saring: Saring, moment: tuple[int, int]) -> Asked:
    """Return the filter as the ledger keeps it, over what was stored at that moment (`Store.moment`)."""
    survey = office.survey_of(_span(saring.first, saring.last))
    pack = survey.instrument
    columns = {field.id: column for field, column in zip(pack.profil, PROFIL_COLUMNS, strict=False)}
    profil = ",".join(sorted(f"{columns[field]}={code}" for field, code in saring.profil.items()))
    whole = len(pack.questions) if survey.blank == "complete" else 0
    days = saring.first.isoformat(), saring.last.isoformat()
    return Asked(office.id, *days, saring.layanan or "", profil, whole, *moment)


def _span(first: date, last: date) -> Periode:
    """Return the days as a periode without a name of its own."""
    return Periode(rentang(first, last), first, last)


def _day(name: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise _invalid(name, text, "tanggal ditulis seperti 2026-10-24")
    return day


def _profil(pack: Instrument, text: str) -> dict[str, str]:
    """Return the code asked for by field."""
    codes = {field.id: [code for code, _ in field.options] for field in pack.profil}
    asked: dict[str, str] = {}
    for item in filter(None, text.split(",")):
        field, _, code = (word.strip() for word in item.partition("="))
        if field not in codes or field in asked:
            raise _invalid("PROFIL", item, f"sebut sekali salah satu dari {', '.join(codes)}")
        if code not in codes[field]:
            raise _invalid("PROFIL", item, f"kode {field} yang ada: {', '.join(codes[field])}")
        asked[field] = code
    return asked


def _invalid(name: str, value: str, expected: str) -> IkmError:
    return IkmError("FILTER_INVALID", name=name, value=value, expected=expected)
