"""The web app: the two kinds of post, the receipt page and a health check, nothing else.

It answers 201 or 303 only after the answer is committed. Everything else means: not stored, send the same again.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Final
from urllib.parse import parse_qs

from flask import Flask, jsonify, request
from flask import Response as Reply
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from collector.pages import FORM_PATH, JSON_PATH, THANKS_PATH, Pages
from collector.store import Arrival, Store
from collector.workspace import Clock
from scoring.errors import IkmError
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
UNUSED: Final = ("camera", "microphone", "geolocation", "payment", "usb", "bluetooth", "browsing-topics")
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=63072000"}  # the office may have other hosts below this one


def headers_of(office: Office) -> dict[str, str]:
    """Return what every reply carries that does not say otherwise."""
    return {**HEADERS, **(HTTPS_ONLY if office.public.survei.startswith("https://") else {})}


def create_app(office: Office, store: Store, clock: Clock, *, rehearsal: bool) -> Flask:
    """Return the app of one office; `clock` gives the office's own time and alone decides the day of an answer."""
    app = Flask("collector", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = BODY_LIMIT + 1  # a body in chunks is cut there, and seen to be too large
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False  # or the framework answers the preflight
    pages = Pages(office, rehearsal=rehearsal)
    desk = Desk(office, store, clock, pages)
    app.post(JSON_PATH)(desk.take_json)
    app.route(JSON_PATH, methods=["OPTIONS"])(desk.preflight)
    app.post(FORM_PATH)(desk.take_form)
    app.get(f"{THANKS_PATH}<code>")(desk.thanks)
    app.get("/v1/health")(desk.health)
    app.register_error_handler(HTTPException, desk.http_error)
    app.register_error_handler(IkmError, desk.store_error)
    app.after_request(desk.finish)
    return app


class Desk:
    """Takes posts for one office."""

    def __init__(self, office: Office, store: Store, clock: Clock, pages: Pages) -> None:
        self.office = office
        self.store = store
        self.clock = clock
        self.pages = pages
        self.headers = headers_of(office)

    def take_json(self) -> Reply:
        """Take the post of the page's script: 201 new, 200 known, both with the receipt code."""
        if not self._origin_allowed():
            return self._refuse(Refusal("ORIGIN_REFUSED"))
        if not _is_utf8("application/json"):
            return self._refuse(Refusal("BODY_TYPE"))
        now, body = self.clock(), request.get_data(cache=False)
        survey = self.office.survey_on(now.date())
        checked = from_json(body, self.office, survey)
        if isinstance(checked, Refusal):
            fields = parse_json(body)
            return self._refuse(_old(checked, survey, fields.get("f") if isinstance(fields, dict) else None))
        new = self._keep(checked, now)
        reply = jsonify(kode=receipt_code(checked.id))
        reply.status_code = 201 if new else 200
        return reply

    def take_form(self) -> Reply:
        """Take the plain form's post: 303 to the receipt, or the same page again with every answer kept."""
        if not self._origin_allowed():
            return self._refuse(Refusal("ORIGIN_REFUSED"))
        if not _is_utf8("application/x-www-form-urlencoded"):
            return self._refuse(Refusal("BODY_TYPE"))
        fields = read_form(request.get_data(cache=False))
        if isinstance(fields, Refusal):
            return self._refuse(fields)
        now = self.clock()
        survey = self.office.survey_on(now.date())
        checked = from_form(fields, self.office, survey, secrets.token_bytes(32))
        if isinstance(checked, Refusal):
            if checked.code == "ANSWERS_REFUSED":
                return self._ask_again(survey, fields, checked)
            return self._refuse(_old(checked, survey, fields.get("f", [None])[0]))
        self._keep(checked, now)
        return Reply(status=303, headers={"Location": THANKS_PATH + receipt_code(checked.id)})

    def thanks(self, code: str) -> Reply:
        """Show the receipt page for a code of the right form; it tells nothing about any answer."""
        if not RECEIPT.fullmatch(code):
            return self._refuse(Refusal("NOT_FOUND"))
        return self._html(self.pages.thanks(code), 200)

    def health(self) -> Reply:
        """Say whether the store answers."""
        self.store.kind()
        return jsonify(status="ok")

    def preflight(self) -> Reply:
        """Answer a browser that asks whether a page of another origin may post."""
        if not self._origin_allowed():
            return self._refuse(Refusal("ORIGIN_REFUSED"))
        headers = {
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": "600",
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
        return self._refuse(Refusal(error.code))

    def finish(self, reply: Reply) -> Reply:
        """Add the headers that every reply carries."""
        for name, value in self.headers.items():
            reply.headers.setdefault(name, value)
        if request.path == JSON_PATH:
            reply.headers["Vary"] = "Origin"
            if "Origin" in request.headers and self._origin_allowed():
                reply.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]
        return reply

    def _origin_allowed(self) -> bool:
        """Say whether the post comes from a page of ours; a program that names no origin is no browser."""
        origin = request.headers.get("Origin")
        if origin is None:
            return request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}
        return origin in self.office.public.origins

    def _keep(self, response: Response, now: datetime) -> bool:
        return self.store.add(response, Arrival(now.date(), now.hour))

    def _ask_again(self, survey: Survey, fields: dict[str, list[str]], refusal: Refusal) -> Reply:
        values = {field: texts[0] for field, texts in fields.items()}
        (layanan,) = (item for item in self.office.layanan if item.id == values["s"])
        page = self.pages.questionnaire(layanan, survey, values, refusal.remarks)
        return self._html(page, STATUS[refusal.code][0], script=True)

    def _refuse(self, refusal: Refusal) -> Reply:
        status, page = STATUS[refusal.code]
        if request.path == JSON_PATH:
            problems = [{"field": remark.field, "text": remark.text} for remark in refusal.remarks]
            reply = jsonify(galat=self.pages.sentence(page), problems=problems)
            reply.status_code = status
        else:
            reply = self._html(self.pages.error(page), status)
        if status >= 500:
            reply.headers["Retry-After"] = RETRY_AFTER
        return reply

    def _html(self, page: str, status: int, *, script: bool = False) -> Reply:
        reply = Reply(page, status=status, content_type="text/html; charset=utf-8")
        reply.headers["Content-Security-Policy"] = self.pages.policy(script=script) + "; frame-ancestors 'none'"
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
    header = request.headers.get("Content-Type", "").lower().replace(" ", "").replace('"', "")
    return header in {mimetype, f"{mimetype};charset=utf-8"}
