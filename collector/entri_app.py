"""The clerk's web pages at /entri/: open a bundle, key its sheets, compare with the paper, key a sample twice, count.

Each sheet is on the disk before the page says so. A page works as a plain form; its script posts the same fields and
asks for JSON.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from flask import Flask, request
from flask import Response as Reply
from werkzeug.exceptions import HTTPException

from collector.app import POLICY, headers_of, read_form, with_headers
from collector.entri import FIRST, RUSAK, SISA, TERISI, THIRD, Book, Entri, Sheet, read_sheet
from collector.entri_door import COOKIE, LEAST_LETTERS, SECONDS, Door, is_local, is_own_page
from collector.entri_issue import issues
from collector.entri_ledger import book, books, cancel, lock, open_entri, save, take_in
from collector.entri_pages import TURNS, EntriPages, keys_of, told_totals
from collector.imports import parse_day
from collector.store import Store
from collector.workspace import Clock
from scoring.errors import IkmError, Remark, remark
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.response import BODY_LIMIT, Refusal

PATH: Final = "/entri"
HTML: Final = "text/html; charset=utf-8"
STATUS: Final = {"ENTRI_UNKNOWN": 404, "STORE_BUSY": 503, "STORE_FULL": 507, "STORE_BROKEN": 503, "PERIODE_CLOSED": 409}
CONFLICT: Final = frozenset({"ENTRI_LOCKED", "ENTRI_NOT_DUE", "ENTRI_OUTSIDE", "PERIODE_CLOSED"})
NUMBER: Final = re.compile("[0-9]{1,6}")
Found = Book | list[Remark]


def create_entri(
    office: Office, store: Store, clock: Clock, *, rehearsal: bool, token: str, broken: Callable[[], None]
) -> Flask:
    """Return the clerk's pages of one office; without a token of at least 16 letters they only say that it lacks.

    `broken` is called when the store must not be written any more.
    """
    app = Flask("entri", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT + 1
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    desk = EntriDesk(office, store, clock, EntriPages(office, rehearsal=rehearsal), Door(token), broken)
    app.before_request(desk.admit)
    app.get(f"{PATH}/")(desk.overview)
    app.post(f"{PATH}/")(desk.open)
    app.post(f"{PATH}/masuk")(desk.enter)
    app.post(f"{PATH}/keluar")(desk.leave)
    app.get(f"{PATH}/<int:entri>/")(desk.bundle)
    app.post(f"{PATH}/<int:entri>/")(desk.save)
    app.post(f"{PATH}/<int:entri>/cocok")(desk.lock)
    app.post(f"{PATH}/<int:entri>/hitung")(desk.count)
    app.post(f"{PATH}/<int:entri>/batal")(desk.cancel)
    app.register_error_handler(HTTPException, desk.http_error)
    app.register_error_handler(IkmError, desk.store_error)
    app.wsgi_app = with_headers(app.wsgi_app, headers_of(office))  # type: ignore[method-assign, assignment]
    return app


class EntriDesk:
    """Takes what a clerk keys."""

    def __init__(
        self, office: Office, store: Store, clock: Clock, pages: EntriPages, door: Door, broken: Callable[[], None]
    ) -> None:
        self.office = office
        self.store = store
        self.clock = clock
        self.pages = pages
        self.door = door
        self.broken = broken

    @property
    def today(self) -> date:
        """Return the office's day."""
        return self.clock().date()

    def admit(self) -> Reply | None:
        """Let in only who holds the cookie, and take posts only from our own pages."""
        if not self.door.is_set:
            return self._entrance(remark("STAF_TOKEN_MISSING", "sandi", least=LEAST_LETTERS), 503)
        if request.method == "POST" and not is_own_page(request.environ, self.office.public.origins):
            return self._entrance(remark("ORIGIN_REFUSED", "sandi"), 403)
        if request.path == f"{PATH}/masuk" or self.door.holds(request.cookies.get(COOKIE, ""), int(time.time())):
            return None
        asked = [] if request.method == "GET" and not _is_script() else [remark("STAF_ENTER", "sandi")]
        return self._entrance(asked[0] if asked else None, 401)

    def enter(self) -> Reply:
        """Give the cookie to who brings the token."""
        if not self.door.opens(_fields().get("sandi", "")):
            return self._entrance(remark("STAF_TOKEN_WRONG", "sandi"), 403)
        reply = _to(f"{PATH}/")
        secure = not is_local(request.environ.get("HTTP_HOST", ""))
        stamp = self.door.stamp(int(time.time()))
        reply.set_cookie(COOKIE, stamp, max_age=SECONDS, path=PATH, httponly=True, samesite="Strict", secure=secure)
        return reply

    def leave(self) -> Reply:
        """Take the cookie back."""
        reply = _to(f"{PATH}/")
        reply.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="Strict")
        return reply

    def overview(self) -> Reply:
        """Show the bundles."""
        return self._overview({}, [], 200)

    def open(self) -> Reply:
        """Open a bundle and lead to its first sheet."""
        fields = _fields()
        day = parse_day(fields.get("tanggal", "").strip())
        if day is None:
            return self._overview(fields, [remark("ENTRI_DATE", "tanggal")], 422)
        first, last = _number(fields.get("pertama", "")), _number(fields.get("terakhir", ""))
        found = open_entri(self.store, self.office, day, fields.get("layanan", ""), first, last, self.today)
        return _to(f"{PATH}/{found.id}/") if isinstance(found, Entri) else self._overview(fields, found, 422)

    def bundle(self, entri: int) -> Reply:
        """Show a bundle with the sheet asked for, or the next one that is due."""
        found = self._book(entri)
        return self._html(self.pages.bundle(found, _shown(found, request.args.get("lembar", "")), None), 200)

    def save(self, entri: int) -> Reply:
        """Keep one sheet, then show the next."""
        fields, found = _fields(), self._book(entri)
        pack = self.office.survey_on(found.entri.day).instrument
        turn, number = _number(fields.get("tahap", "")), _number(fields.get("lembar", ""))
        if turn not in TURNS.values():
            return self._refused(found, number, fields, [remark("ENTRI_LOCKED", "bundel", id=entri)])
        sheet = _decided(pack, found, number, fields) if turn == THIRD else read_sheet(pack, fields)
        outcome: Found = save(self.store, entri, turn, number, sheet) if isinstance(sheet, Sheet) else sheet
        if not isinstance(outcome, Book):
            return self._refused(found, number, fields, outcome)
        if _is_script():
            return _json({"lembar": number, **told_totals(outcome, len(pack.questions))}, 200)
        later = _next(outcome, number) if turn == FIRST else None
        return _to(f"{PATH}/{entri}/" + (f"?lembar={later}" if later else ""))

    def lock(self, entri: int) -> Reply:
        """Compare the clerk's count of the paper with what was keyed; when they agree, draw the sample."""
        fields = _fields()
        names = (TERISI, RUSAK, SISA)
        paper = {name: _number(fields.get(name, "")) for name in names}
        found = lock(self.store, entri, paper, self.today)
        typed = {f"n-{name}": fields.get(name, "") for name in names}
        return self._after(entri, found, typed)

    def count(self, entri: int) -> Reply:
        """Let the bundle count."""
        return self._after(entri, take_in(self.store, self.office, entri, self.today), {})

    def cancel(self, entri: int) -> Reply:
        """Give the bundle up."""
        cancel(self.store, entri, self.today)
        return _to(f"{PATH}/{entri}/")

    def http_error(self, error: HTTPException) -> Reply:
        """Answer what the framework refuses in our own words."""
        code = {404: "NOT_FOUND", 405: "METHOD_REFUSED", 413: "BODY_LARGE"}.get(error.code or 500, "BODY_UNREADABLE")
        if error.code == 308:  # /entri without its stroke
            return _to(f"{PATH}/")
        problem, status = remark(code, "halaman"), error.code or 400
        is_in = self.door.holds(request.cookies.get(COOKIE, ""), int(time.time()))
        return self._overview({}, [problem], status) if is_in else self._entrance(problem, status)

    def store_error(self, error: IkmError) -> Reply:
        """Answer a store that cannot write now; anything that has no status is a fault and must be seen."""
        if error.code not in STATUS:
            raise error
        if error.code == "STORE_BROKEN":
            self.broken()
        return self._overview({}, [Remark(error.code, "bundel", str(error))], STATUS[error.code])

    def _book(self, entri: int) -> Book:
        with self.store.reading() as connection:
            return book(connection, self.office.id, entri)

    def _after(self, entri: int, found: Found, typed: Mapping[str, str]) -> Reply:
        """Lead back to the bundle, or show it with what is wrong."""
        if isinstance(found, Book):
            return _to(f"{PATH}/{entri}/")
        now = self._book(entri)
        return self._html(self.pages.bundle(now, _shown(now, ""), typed, found), 422)

    def _refused(self, found: Book, number: int, fields: Mapping[str, str], problems: list[Remark]) -> Reply:
        """Show the same sheet with every key kept and what is wrong with it."""
        status = 409 if problems[0].code in CONFLICT else 422
        if _is_script():
            return _problems(problems, status)
        shown = _shown(found, str(number))
        return self._html(self.pages.bundle(found, shown, fields if shown == number else None, problems), status)

    def _overview(self, fields: Mapping[str, str], problems: list[Remark], status: int) -> Reply:
        if _is_script():
            return _problems(problems, status)
        with self.store.reading() as connection:
            found, printed = books(connection, self.office.id), issues(connection, self.office.id)
        return self._html(self.pages.overview(found, printed, fields, problems), status)

    def _entrance(self, problem: Remark | None, status: int) -> Reply:
        problems = [problem] if problem else []
        return _problems(problems, status) if _is_script() else self._html(self.pages.enter(problems), status)

    def _html(self, page: str, status: int) -> Reply:
        reply = Reply(page, status=status, content_type=HTML)
        reply.headers[POLICY] = self.pages.policy
        return reply


def _decided(pack: Instrument, found: Book, number: int, fields: Mapping[str, str]) -> Sheet | list[Remark]:
    """Return a sheet after the third look: where both entries agree, what they say; elsewhere what was keyed now."""
    differences = found.differences(number)
    if not differences:
        return [remark("ENTRI_NOT_DUE", "lembar", sheet=f"{number:04d}")]
    one = found.passes[FIRST][number]
    agreed = keys_of(pack, one)
    for item in differences:
        name = pack.questions[item.place].id if item.part == "answers" else pack.profil[item.place].id
        agreed[name] = fields.get(name, "")
    return read_sheet(pack, {**agreed, "saran": one.saran})


def _shown(found: Book, asked: str) -> int | None:
    """Return the sheet to show: the one asked for while sheets are keyed freely, else the next that is due."""
    number = _number(asked)
    if found.stage == "first":
        return number if number in found.entri.numbers else _next(found, 0)
    due = found.untyped if found.stage == "second" else found.undecided if found.stage == "third" else []
    return due[0] if due else None


def _next(found: Book, number: int) -> int | None:
    """Return the next sheet of which nothing is said yet, from `number` on and then from the start."""
    left = [item for item in found.entri.numbers if item not in found.passes[FIRST]]
    return next((item for item in left if item > number), left[0] if left else None)


def _fields() -> dict[str, str]:
    """Return the fields of the form that was posted; an empty form where it cannot be read."""
    found = read_form(request.get_data(cache=False))
    return {} if isinstance(found, Refusal) else {name: texts[0] for name, texts in found.items()}


def _number(text: str) -> int:
    """Return a whole number that somebody typed, -1 for anything else."""
    plain = text.strip()
    return int(plain) if NUMBER.fullmatch(plain) else -1


def _is_script() -> bool:
    return bool(request.environ.get("HTTP_ACCEPT", "") == "application/json")


def _problems(problems: list[Remark], status: int) -> Reply:
    return _json({"problems": [{"field": problem.field, "text": problem.text} for problem in problems]}, status)


def _json(fields: dict[str, Any], status: int) -> Reply:
    return Reply(json.dumps(fields) + "\n", status, mimetype="application/json")


def _to(address: str) -> Reply:
    return Reply(status=303, headers={"Location": address})
