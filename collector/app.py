"""The web app: the two kinds of post, the receipt page and a health check, nothing else.

It answers 201 or 303 only after the answer is committed. Anything else means: perhaps not stored (after a failed sync
nobody knows), so send the same again; what is known is not stored twice.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from flask import Flask, request
from flask import Response as Reply
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from collector.bahasa import CODES, DEFAULT
from collector.last_result import LastResult
from collector.pages import FORM_PATH, JSON_PATH, LANGUAGE_PATH, THANKS_PATH, Pages, in_language
from collector.rate import Rate
from collector.store import Arrival, Store
from collector.workspace import Clock
from scoring.errors import IkmError, Remark
from scoring.office import Office, Survey
from scoring.response import (
    BODY_LIMIT,
    CROCKFORD,
    Refusal,
    Response,
    from_form,
    from_json,
    parse_json,
    receipt_code,
)

# The one map from the list of errors to HTTP: status, and the page shown where there is no form to return to.
STATUS: Final[dict[str, tuple[int, str]]] = {
    "BODY_LARGE": (413, "terlalu_besar"),
    "BODY_TYPE": (415, "tidak_terbaca"),
    "BODY_UNREADABLE": (400, "tidak_terbaca"),
    "COMMITMENT_MISMATCH": (422, "tidak_terbaca"),
    "ANSWERS_REFUSED": (422, "tidak_terbaca"),
    "OFFICE_UNKNOWN": (422, "formulir_lama"),
    "LAYANAN_UNKNOWN": (422, "formulir_lama"),
    "FORM_OLD": (410, "formulir_lama"),
    "PERIODE_CLOSED": (410, "ditutup"),
    "ORIGIN_REFUSED": (403, "cara_keliru"),
    "NOT_FOUND": (404, "tidak_ditemukan"),
    "METHOD_REFUSED": (405, "cara_keliru"),
    "TOO_MANY": (429, "sibuk"),
    "TICKET_UNKNOWN": (403, "tiket_tidak_dikenal"),
    "TICKET_USED": (409, "tiket_terpakai"),
    "DAY_SEALED": (503, "gangguan"),
    "STORE_BUSY": (503, "sibuk"),
    "STORE_FULL": (507, "penuh"),
    "STORE_BROKEN": (503, "gangguan"),
    "FAULT": (500, "gangguan"),  # ours, and not in the list: its traceback goes to the log
}
HTTP_CODES: Final = {404: "NOT_FOUND", 405: "METHOD_REFUSED", 413: "BODY_LARGE", 500: "FAULT"}
RECEIPT: Final = re.compile(f"[{CROCKFORD}]{{4}}-[{CROCKFORD}]{{4}}-[{CROCKFORD}]{{2}}")
MOST_FIELDS: Final = 100  # of a plain form
RETRY_AFTER: Final = "5"  # seconds
TOO_MANY: Final = 429
POLICY: Final = "Content-Security-Policy"
FORM_TYPE: Final = "application/x-www-form-urlencoded"
SENT: Final = "ikm.sent"  # in the environment of a request: what was posted, as far as it was read
UNUSED: Final = ("camera", "microphone", "geolocation", "payment", "usb", "bluetooth", "browsing-topics")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    POLICY: "default-src 'none'; frame-ancestors 'none'",
}

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=63072000"}  # the office may have other hosts below this one


def headers_of(office: Office) -> dict[str, str]:
    """Return what every reply carries that does not say otherwise."""
    return {**HEADERS, **(HTTPS_ONLY if office.public.survei.startswith("https://") else {})}


def create_app(
    office: Office,
    store: Store,
    clock: Clock,
    *,
    rehearsal: bool,
    broken: Callable[[], None] = lambda: None,
    last: Callable[[], LastResult | None] = lambda: None,
) -> Flask:
    """Return the app of one office; `clock` gives the office's own time and alone decides the day of an answer.

    `broken` is called when the store must not be written any more: the process should end and be started anew.
    `last` gives the last published result for the receipt page.
    """
    app = Flask("collector", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT + 1  # a body in chunks is cut there, and seen to be too large
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # or the framework answers the preflight
    pages = Pages(office, rehearsal=rehearsal)
    desk = Desk(office, store, clock, pages, broken, last)
    app.post(JSON_PATH)(desk.take_json)
    app.route(JSON_PATH, methods=["OPTIONS"])(desk.preflight)
    app.post(FORM_PATH)(desk.take_form)
    app.post(LANGUAGE_PATH)(desk.take_language)
    app.get(f"{THANKS_PATH}<code>")(desk.thanks)
    app.get("/v1/health")(desk.health)
    app.register_error_handler(HTTPException, desk.http_error)
    app.register_error_handler(IkmError, desk.store_error)
    app.wsgi_app = with_headers(app.wsgi_app, headers_of(office))  # type: ignore[method-assign, assignment]
    return app


def with_headers(application: Application, headers: Mapping[str, str]) -> Application:
    """Return the application with `headers` on each reply that lacks them; below the framework, at a tenth the cost."""
    fixed = list(headers.items())

    def wrapped(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            have = {name for name, _ in given}
            if status.startswith("304"):  # the browser would put this policy in place of the page's own
                have.add(POLICY)
            return start_response(status, [*given, *(pair for pair in fixed if pair[0] not in have)], *more)

        return application(environ, begin)

    return wrapped


class Desk:
    """Takes posts for one office."""

    def __init__(
        self,
        office: Office,
        store: Store,
        clock: Clock,
        pages: Pages,
        broken: Callable[[], None],
        last: Callable[[], LastResult | None],
    ) -> None:
        self.office = office
        self.store = store
        self.clock = clock
        self.pages = pages
        self.broken = broken
        self.last = last
        self.rate = Rate(time.monotonic)

    def take_json(self) -> Reply:
        """Take the post of the page's script: 201 new, 200 known, both with the receipt code."""
        now = self.clock()
        if refusal := self._unwelcome("application/json", now):
            return self._refuse(refusal)
        body = request.environ[SENT] = request.get_data(cache=False)
        survey = self.office.survey_on(now.date())
        checked = from_json(body, self.office, survey)
        if isinstance(checked, Refusal):
            fields = parse_json(body)
            return self._refuse(_old(checked, survey, fields.get("f") if isinstance(fields, dict) else None))
        new = self._keep(checked, now)
        return self._json({"kode": receipt_code(checked.id)}, 201 if new else 200)

    def take_form(self) -> Reply:
        """Take the plain form's post: 303 to the receipt, or the same page again with every answer kept."""
        now = self.clock()
        fields = self._fields(now)
        if isinstance(fields, Refusal):
            return self._refuse(fields)
        survey = self.office.survey_on(now.date())
        checked = from_form(fields, self.office, survey, secrets.token_bytes(32))
        if isinstance(checked, Refusal):
            if checked.code == "ANSWERS_REFUSED":
                return self._ask_again(survey, fields, checked)
            return self._refuse(_old(checked, survey, fields.get("f", [None])[0]))
        try:
            self._keep(checked, now)
        except IkmError as error:
            if error.code != "TICKET_UNKNOWN":
                raise
            return self._ask_again(survey, fields, Refusal(error.code, error.remarks))
        address = THANKS_PATH + receipt_code(checked.id) + in_language(self._language())
        return Reply(status=303, headers={"Location": address})

    def take_language(self) -> Reply:
        """Give the questionnaire back in the language asked for, every value kept; nothing is checked or stored."""
        now = self.clock()
        fields = self._fields(now)
        if isinstance(fields, Refusal):
            return self._refuse(fields)
        survey = self.office.survey_on(now.date())
        values = {field: texts[0] for field, texts in fields.items()}
        if values.get("u") != self.office.id:
            return self._refuse(Refusal("OFFICE_UNKNOWN"))
        if not self.office.has_layanan(values.get("s", "")):
            return self._refuse(Refusal("LAYANAN_UNKNOWN"))
        if values.get("f") != survey.instrument.form:
            return self._refuse(Refusal("FORM_OLD"))
        return self._questionnaire(survey, values, (), 200)

    def thanks(self, code: str) -> Reply:
        """Show the receipt page for a code of the right form; it tells nothing about any answer."""
        if not RECEIPT.fullmatch(code):
            return self._refuse(Refusal("NOT_FOUND"))
        return self._html(self.pages.thanks(code, self._language(), self.last()), 200)

    def health(self) -> Reply:
        """Say whether the store answers."""
        self.store.kind()
        return Reply('{"status":"ok"}\n', mimetype="application/json")

    def preflight(self) -> Reply:
        """Answer a browser that asks whether a page of another origin may post."""
        if not self._origin_allowed():
            return self._refuse(Refusal("ORIGIN_REFUSED"))
        headers = {
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": "600",
            **self._cross_origin(),
        }
        return Reply(status=204, headers=headers)

    def http_error(self, error: HTTPException) -> Reply:
        """Answer what the framework refuses with our own sentence."""
        reply = self._refuse(Refusal(HTTP_CODES.get(error.code or 500, "BODY_UNREADABLE")))
        if isinstance(error, MethodNotAllowed):
            reply.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
        return reply

    def store_error(self, error: IkmError) -> Reply:
        """Answer a store that is closed or cannot write now; anything else is a fault and must be seen."""
        if error.code not in STATUS:
            raise error
        if error.code == "STORE_BROKEN":
            self.broken()
        return self._refuse(Refusal(error.code, error.remarks))

    def _json(self, fields: dict[str, Any], status: int) -> Reply:
        headers = [*self._cross_origin().items()]  # a list: the framework copies it at half the cost
        return Reply(json.dumps(fields) + "\n", status, headers, mimetype="application/json")

    def _cross_origin(self) -> dict[str, str]:
        """Return what lets a page of ours on another address read the reply."""
        origin = request.environ.get("HTTP_ORIGIN")
        allowed = {"Access-Control-Allow-Origin": origin} if origin in self.office.public.origins else {}
        return {"Vary": "Origin", **allowed}

    def _unwelcome(self, mimetype: str, now: datetime) -> Refusal | None:
        """Return why the post is not even read, or None."""
        if not self._origin_allowed():
            return Refusal("ORIGIN_REFUSED")
        if not self.rate.allows(request.environ.get("REMOTE_ADDR", ""), now.date()):
            return Refusal("TOO_MANY")
        return None if _is_utf8(mimetype) else Refusal("BODY_TYPE")

    def _origin_allowed(self) -> bool:
        """Say whether the post comes from a page of ours; a program that names no origin is no browser."""
        origin = request.environ.get("HTTP_ORIGIN")
        if origin is None:
            return request.environ.get("HTTP_SEC_FETCH_SITE", "none") in {"none", "same-origin"}
        return origin in self.office.public.origins

    def _keep(self, response: Response, now: datetime) -> bool:
        return self.store.add(response, Arrival(now.date(), now.hour))

    def _ask_again(self, survey: Survey, fields: dict[str, list[str]], refusal: Refusal) -> Reply:
        values = {field: texts[0] for field, texts in fields.items()}
        return self._questionnaire(survey, values, refusal.remarks, STATUS[refusal.code][0])

    def _questionnaire(
        self, survey: Survey, values: Mapping[str, str], remarks: tuple[Remark, ...], status: int
    ) -> Reply:
        """Show the questionnaire with `values` in the caller's language."""
        (layanan,) = (item for item in self.office.layanan if item.id == values["s"])
        page = self.pages.questionnaire(layanan, survey, values, remarks, self._language())
        return self._html(page, status, script=True)

    def _fields(self, now: datetime) -> dict[str, list[str]] | Refusal:
        """Return the fields of a plain form's post, or why it is not taken."""
        if refusal := self._unwelcome(FORM_TYPE, now):
            return refusal
        fields = request.environ[SENT] = read_form(request.get_data(cache=False))
        return fields

    def _language(self) -> str:
        """Return the language the caller reads: what the post or the address names, or Indonesian."""
        sent = request.environ.get(SENT)
        if isinstance(sent, bytes):
            sent = parse_json(sent)
        named = sent.get("bahasa") if isinstance(sent, dict) else request.args.get("bahasa")
        code = named[0] if isinstance(named, list) and named else named
        return code if isinstance(code, str) and code in CODES else DEFAULT

    def _refuse(self, refusal: Refusal) -> Reply:
        status, page = STATUS[refusal.code]
        language = self._language()
        if request.path == JSON_PATH:
            problems = [
                {"field": remark.field, "text": self.pages.problem(remark, language)} for remark in refusal.remarks
            ]
            reply = self._json({"galat": self.pages.sentence(page, language), "problems": problems}, status)
        else:
            reply = self._html(self.pages.error(page, language), status)
        if status >= 500 or status == TOO_MANY:
            reply.headers["Retry-After"] = RETRY_AFTER
        return reply

    def _html(self, page: str, status: int, *, script: bool = False) -> Reply:
        reply = Reply(page, status=status, content_type="text/html; charset=utf-8")
        reply.headers[POLICY] = self.pages.policy(script=script) + "; frame-ancestors 'none'"
        return reply


def read_form(body: bytes) -> dict[str, list[str]] | Refusal:
    """Return the fields of a plain form, each with all its values; strict where the framework makes do."""
    if len(body) > BODY_LIMIT:
        return Refusal("BODY_LARGE")
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:  # includes UnicodeDecodeError
        return Refusal("BODY_UNREADABLE")
    return fields or Refusal("BODY_UNREADABLE")


def _old(refusal: Refusal, survey: Survey, form: object) -> Refusal:
    """Return why a post is refused; when its page asks another form, that is why its fields do not fit."""
    old = refusal.code == "BODY_UNREADABLE" and isinstance(form, str) and form != survey.instrument.form
    return Refusal("FORM_OLD") if old else refusal


def _is_utf8(mimetype: str) -> bool:
    """Say whether the post is of this type and in UTF-8."""
    header = request.environ.get("CONTENT_TYPE", "").lower().replace(" ", "").replace('"', "")
    return header in {mimetype, f"{mimetype};charset=utf-8"}
