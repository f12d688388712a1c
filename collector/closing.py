"""What is looked at before a periode is closed for good: afterwards nothing can be added to it or mended in it."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from collector.counting import closed_periodes, moved
from collector.database import Connection
from collector.entri_ledger import books
from collector.exclusion import excluded_between
from collector.seal import groups_between
from scoring.errors import IkmError
from scoring.office import Office
from scoring.periode import Periode, before, tanggal


def is_known(connection: Connection, office: Office, periode: Periode) -> bool:
    """Say whether the periode was closed under this name. Raises PERIODE_MOVED when closed days are cut otherwise now.

    Looked at are those that share days with it and the one before it: between two calendars days are lost or counted
    twice.
    """
    closed = closed_periodes(connection, office)
    previous = before(periode, office.report_day).id
    for item in closed:
        shares = item.mulai <= periode.selesai and periode.mulai <= item.selesai
        if (shares or item.id in {periode.id, previous}) and item != (today := office.periode(item.id)):
            raise moved(item, today)
    return any(item.id == periode.id for item in closed)


def require_closable(
    connection: Connection, office: Office, periode: Periode, today: date, *, empty: bool = False
) -> None:
    """See that nothing of the periode would be lost or hidden by closing it; `empty` says that nobody answered.

    Raises PERIODE_NOT_OVER, PERIODE_BUNDLES, LAYANAN_GONE, FORM_MIXED and PERIODE_UNANSWERED.
    """
    if today <= periode.selesai:
        first = periode.selesai + timedelta(days=1)
        days = {"last": tanggal(periode.selesai), "today": tanggal(today), "first": tanggal(first)}
        raise IkmError("PERIODE_NOT_OVER", id=periode.id, **days)
    if waiting := [
        book.entri.id for book in books(connection, office.id) if not book.end and book.entri.day in periode
    ]:
        raise IkmError("PERIODE_BUNDLES", id=periode.id, bundles=", ".join(map(str, waiting)))
    layanan, forms = _answers(connection, office, periode)
    for gone in sorted(set(layanan) - {item.id for item in office.layanan}):
        raise IkmError("LAYANAN_GONE", id=periode.id, n=layanan[gone], layanan=gone)
    asked = {office.survey_on(day).instrument for day in (periode.mulai, periode.selesai)}
    others = sum(n for form, n in forms.items() if form.rpartition("/")[0] not in {pack.id for pack in asked})
    if others:  # another edition of the same instrument came with the program: no line of office.toml mends that
        raise IkmError("FORM_MIXED", id=periode.id, n=others, form=", ".join(sorted(pack.form for pack in asked)))
    if not layanan and not empty:
        raise IkmError("PERIODE_UNANSWERED", id=periode.id)


def _answers(connection: Connection, office: Office, periode: Periode) -> tuple[Counter[str], Counter[str]]:
    """Return how many answers of the periode count, by layanan and by form."""
    layanan: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    days = (office.id, periode.mulai, periode.selesai)
    out = excluded_between(connection, *days)
    for key, counted in groups_between(connection, *days).items():
        n = counted.sums[0] - (out[key].sums[0] if key in out else 0)
        layanan[key[1]] += n
        forms[key[0]] += n
    return +layanan, +forms
