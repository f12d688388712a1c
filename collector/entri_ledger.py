"""What the store keeps of bundles: every sheet as it was keyed, the sample, and how a bundle ended.

Every write is one durable transaction that nobody else of the office writes beside, and looks at the bundle anew.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from collector.database import Connection
from collector.entri import (
    FIRST,
    MOST_SHEETS,
    RUSAK,
    SECOND,
    SISA,
    TERISI,
    THIRD,
    Book,
    End,
    Entri,
    Lock,
    Sheet,
    draw,
    total_remarks,
    totals,
)
from collector.entri_issue import HIGHEST, issues, lembar, lembar_list
from collector.storing import Store
from scoring.errors import IkmError, Remark, remark
from scoring.office import Office
from scoring.periode import tanggal
from scoring.response import Response, canonical, commitment

PAPER: Final = 3
SEED_BYTES: Final = 16
Remarks = list[Remark]


def open_entri(
    store: Store, office: Office, day: date, layanan: str, first: int, last: int, today: date
) -> Entri | Remarks:
    """Open a bundle, or return what speaks against it: the day, the layanan, or one of its sheets."""
    with store.writing() as connection:
        if remarks := _opening_remarks(store, connection, office, day, layanan, first, last, today):
            return remarks
        (known,) = connection.execute(
            "SELECT coalesce(max(id), 0) FROM entri WHERE office = ?", (office.id,)
        ).fetchone()
        form = office.survey_on(day).instrument.form
        entri = Entri(int(known) + 1, day, layanan, form, first, last, today)
        row = (office.id, entri.id, day.isoformat(), layanan, form, first, last, today.isoformat())
        connection.execute("INSERT INTO entri VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return entri


def _opening_remarks(
    store: Store, connection: Connection, office: Office, day: date, layanan: str, first: int, last: int, today: date
) -> Remarks:
    if not office.has_layanan(layanan):
        return [remark("LAYANAN_UNKNOWN", "layanan", id=layanan)]
    if day > today:
        return [remark("ENTRI_FUTURE", "tanggal", date=tanggal(day), today=tanggal(today))]
    if (refusal := store.refusal(connection, day)) and refusal.code == "PERIODE_CLOSED":
        return [Remark(refusal.code, "tanggal", str(refusal))]
    if not 0 < first <= last or last - first >= MOST_SHEETS:
        return [remark("ENTRI_RANGE", "pertama", most=MOST_SHEETS)]
    printed = issues(connection, office.id)
    form = office.survey_on(day).instrument.form
    taken = _taken(connection, office.id)
    for number in range(first, last + 1):
        issue = next((issue for issue in printed if issue.first <= number <= issue.last), None)
        if issue is None:
            return [remark("ENTRI_NOT_ISSUED", "pertama", sheet=lembar(number))]
        if issue.layanan not in {None, layanan}:
            return [remark("ENTRI_LAYANAN", "layanan", sheet=lembar(number), layanan=issue.layanan)]
        if issue.form != form:
            return [remark("ENTRI_FORM", "tanggal", sheet=lembar(number), printed=issue.form, asked=form)]
        if number in taken:
            return [remark("ENTRI_TAKEN", "pertama", sheet=lembar(number), id=taken[number])]
    return []


def _taken(connection: Connection, office: str) -> dict[int, int]:
    """Return the sheets that may not be keyed (again), each with its bundle: answered, spoiled, or in an open one."""
    taken: dict[int, int] = {}
    for book in _books(connection, office, with_answers=False):
        free = [] if book.end is None else book.sheets(SISA)
        if book.stage != "cancelled":
            taken |= dict.fromkeys(sorted(set(book.entri.numbers) - set(free)), book.entri.id)
    return taken


def books(connection: Connection, office: str) -> list[Book]:
    """Return every bundle of the office, in the order in which they were opened; answers only of those still open."""
    found = _books(connection, office, with_answers=False)
    return [item if item.end else book(connection, office, item.entri.id) for item in found]


def book(connection: Connection, office: str, entri: int) -> Book:
    """Return a bundle with all that was keyed. Raises ENTRI_UNKNOWN."""
    known = 0 < entri <= HIGHEST  # an address may say anything
    found = _books(connection, office, with_answers=True, only=entri) if known else []
    if not found:
        raise IkmError("ENTRI_UNKNOWN", id=entri)
    return found[0]


def _books(connection: Connection, office: str, *, with_answers: bool, only: int | None = None) -> list[Book]:
    span = (office, only or 0, only or HIGHEST)
    found: dict[int, Book] = {}
    sql = "SELECT id, day, layanan, form, first_sheet, last_sheet, opened_on FROM entri"
    for row in connection.execute(f"{sql} WHERE office = ? AND id BETWEEN ? AND ? ORDER BY id", span).fetchall():
        id_, day, layanan, form, first, last, opened_on = row
        opened = Entri(id_, date.fromisoformat(day), layanan, form, first, last, date.fromisoformat(opened_on))
        found[id_] = Book(opened)
    sql = "SELECT entri, used, spoiled, unused, seed, sample, locked_on FROM entri_lock"
    for row in connection.execute(f"{sql} WHERE office = ? AND entri BETWEEN ? AND ?", span).fetchall():
        id_, used, spoiled, unused, seed, sample, day = row
        found[id_].lock = Lock(used, spoiled, unused, seed, tuple(json.loads(sample)), date.fromisoformat(day))
    sql = "SELECT entri, batch, compared, different, ended_on FROM entri_end"
    for row in connection.execute(f"{sql} WHERE office = ? AND entri BETWEEN ? AND ?", span).fetchall():
        found[row[0]].end = End(row[1], row[2], row[3], date.fromisoformat(row[4]))
    for id_, pass_, number, sheet in _sheets(connection, span, with_answers=with_answers):
        found[id_].passes[pass_][number] = sheet
    return list(found.values())


def _sheets(
    connection: Connection, span: tuple[str, int, int], *, with_answers: bool
) -> Iterator[tuple[int, int, int, Sheet]]:
    """Yield bundle, pass, number and content of all sheets, in the order in which they were keyed: the last holds."""
    if not with_answers:
        sql = (
            "SELECT entri, pass, sheet, state FROM entri_sheet WHERE office = ? AND entri BETWEEN ? AND ? ORDER BY seq"
        )
        for id_, pass_, number, state in connection.execute(sql, span).fetchall():
            yield id_, pass_, number, Sheet(state)
        return
    sql = (
        "SELECT s.entri, s.pass, s.sheet, s.state, a.answers, a.profil, t.text FROM entri_sheet s"
        " LEFT JOIN entri_answer a ON a.seq = s.seq LEFT JOIN entri_saran t ON t.seq = s.seq"
        " WHERE s.office = ? AND s.entri BETWEEN ? AND ? ORDER BY s.seq"
    )
    for id_, pass_, number, state, answers, profil, text in connection.execute(sql, span).fetchall():
        keyed = (tuple(json.loads(answers)), tuple(json.loads(profil)), text or "") if answers else ()
        yield id_, pass_, number, Sheet(state, *keyed)


def save(store: Store, entri: int, turn: int, number: int, sheet: Sheet) -> Book | Remarks:
    """Keep what was keyed of a sheet in a pass, durable on return; the same once more changes nothing.

    Returns the bundle as it is then, or what speaks against it. Raises ENTRI_UNKNOWN.
    """
    with store.writing() as connection:
        found = book(connection, store.office, entri)
        if remarks := _saving_remarks(store, connection, found, turn, number, sheet):
            return remarks
        if found.passes[turn].get(number) != sheet:
            _insert(connection, store.office, entri, turn, number, sheet)
            found.passes[turn][number] = sheet
    return found


def _saving_remarks(store: Store, connection: Connection, found: Book, turn: int, number: int, sheet: Sheet) -> Remarks:
    if (refusal := store.refusal(connection, found.entri.day)) and refusal.code == "PERIODE_CLOSED":
        return [Remark(refusal.code, "bundel", str(refusal))]
    if number not in found.entri.numbers:
        return [remark("ENTRI_OUTSIDE", "lembar", sheet=lembar(number), id=found.entri.id)]
    if found.end is not None or (turn == FIRST) != (found.lock is None):
        return [remark("ENTRI_LOCKED", "bundel", id=found.entri.id)]
    kept = found.passes[turn].get(number)
    welcome = {
        FIRST: True,
        SECOND: found.lock is not None and number in found.lock.sample and kept in {None, sheet},
        THIRD: bool(found.differences(number)),
    }
    if not welcome[turn] or (turn != FIRST and sheet.state != TERISI):
        return [remark("ENTRI_NOT_DUE", "lembar", sheet=lembar(number))]
    return []


def _insert(connection: Connection, office: str, entri: int, turn: int, number: int, sheet: Sheet) -> None:
    row = (office, entri, number, turn, sheet.state)
    sql = "INSERT INTO entri_sheet (office, entri, sheet, pass, state) VALUES (?, ?, ?, ?, ?) RETURNING seq"
    (seq,) = connection.execute(sql, row).fetchone()
    if sheet.state == TERISI:
        lists = (json.dumps(sheet.answers), json.dumps(sheet.profil))
        connection.execute("INSERT INTO entri_answer (seq, answers, profil) VALUES (?, ?, ?)", (seq, *lists))
    if sheet.saran:
        connection.execute("INSERT INTO entri_saran (seq, text) VALUES (?, ?)", (seq, sheet.saran))


def lock(store: Store, entri: int, paper: Mapping[str, int], today: date) -> Book | Remarks:
    """End the first entry when the clerk's totals (sheets on paper, by state) are those keyed, and draw the sample.

    Locking again with the same totals changes nothing. Raises ENTRI_UNKNOWN.
    """
    with store.writing() as connection:
        found = book(connection, store.office, entri)
        if found.stage == "cancelled" or min(paper.values()) < 0:
            return [remark("ENTRI_LOCKED", "bundel", id=entri)]
        if remarks := total_remarks(found, totals(found, 0), paper):
            return remarks
        if found.lock is None:
            seed = secrets.token_hex(SEED_BYTES)
            sample = draw(seed, found.sheets(TERISI))
            counts = (paper[TERISI], paper[RUSAK], paper[SISA])
            found.lock = Lock(*counts, seed, sample, today)
            row = (store.office, entri, *counts, seed, json.dumps(sample), today.isoformat())
            connection.execute("INSERT INTO entri_lock VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    return found


def take_in(store: Store, office: Office, entri: int, today: date) -> Book | Remarks:
    """Let a bundle count: its batch and every answer in one transaction; once more changes nothing.

    Returns the bundle as it is then, or what still lacks. Raises ENTRI_UNKNOWN and PERIODE_CLOSED.
    """
    with store.writing() as connection:
        found = book(connection, office.id, entri)
        if found.stage == "counted":
            return found
        if found.stage != "ready":
            return [_lacking(found)]
        assert found.lock is not None  # noqa: S101  # its stage says so
        paper = {TERISI: found.lock.used, RUSAK: found.lock.spoiled, SISA: found.lock.unused}
        if remarks := total_remarks(found, totals(found, 0), paper):
            return remarks
        rows = [
            (_response(office, found.entri, found.final(number)), found.entri.day) for number in found.sheets(TERISI)
        ]
        digest = hashlib.sha256(f"entri/{office.id}/{entri}".encode()).digest()
        batch = store.take_in(connection, digest, found.entri.file, today, rows)
        found.end = End(batch, found.compared, found.different, today)
        _end(connection, office.id, entri, found.end)
    return found


def cancel(store: Store, entri: int, today: date) -> Book:
    """Give a bundle up: its sheets can be keyed in another. One that counts stays. Raises ENTRI_UNKNOWN."""
    with store.writing() as connection:
        found = book(connection, store.office, entri)
        if found.end is None:
            found.end = End(None, found.compared, found.different, today)
            _end(connection, store.office, entri, found.end)
    return found


def _end(connection: Connection, office: str, entri: int, end: End) -> None:
    row = (office, entri, end.batch, end.compared, end.different, end.day.isoformat())
    connection.execute("INSERT INTO entri_end VALUES (?, ?, ?, ?, ?, ?)", row)


def _lacking(found: Book) -> Remark:
    """Return why a bundle cannot count yet."""
    match found.stage:
        case "first":
            return remark("ENTRI_OPEN", "bundel", id=found.entri.id)
        case "second":
            return remark("ENTRI_SECOND", "bundel", sheets=lembar_list(found.untyped))
        case "third":
            return remark("ENTRI_THIRD", "bundel", sheets=lembar_list(found.undecided))
        case _:
            return remark("ENTRI_LOCKED", "bundel", id=found.entri.id)


def _response(office: Office, entri: Entri, sheet: Sheet) -> Response:
    nonce = secrets.token_bytes(32)
    identity = commitment(nonce, canonical(sheet.answers, entri.form, entri.layanan, office.id))
    told = (office.id, entri.layanan, entri.form, PAPER, 0)
    return Response(identity, nonce, *told, sheet.answers, sheet.profil, sheet.saran)
