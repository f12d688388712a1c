"""Renders the citizens' pages from site/: at freeze time, and again when a form without script comes back."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from collector.last_result import LastResult
from collector.workspace import SITE_SOURCE
from scoring.errors import Remark
from scoring.instrument import Instrument
from scoring.office import Layanan, Office, Survey
from scoring.response import WEB_CHANNELS

FORM_PATH: Final = "/v1/form"
JSON_PATH: Final = "/v1/jawaban"
THANKS_PATH: Final = "/terima/"
WORKER: Final = "sw.js"  # at the root, so that it sees every layanan
PHONE: Final = "1"
WEB: Final = {str(channel) for channel in WEB_CHANNELS}


class Pages:
    """The pages of one office. Every template gets its words, its style inlined, and the policy that allows it."""

    def __init__(self, office: Office, *, rehearsal: bool) -> None:
        self.office = office
        self.rehearsal = rehearsal
        self.css = (SITE_SOURCE / "assets" / "survei.css").read_text("utf-8")
        self.js = (SITE_SOURCE / "assets" / "survei.js").read_text("utf-8")
        self.words: dict[str, Any] = tomllib.loads((SITE_SOURCE / "locale" / "id.toml").read_text("utf-8"))

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(SITE_SOURCE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def questionnaire(
        self, layanan: Layanan, survey: Survey, values: Mapping[str, str], problems: Sequence[Remark]
    ) -> str:
        """Return the questionnaire of one layanan, with what was entered and what is wrong with it."""
        pack = survey.instrument
        return self._page(
            "kuesioner",
            script=True,
            layanan=layanan,
            form=pack.form,
            questions=_questions(pack),
            order=[question.id for question in pack.questions],
            profil=[{"id": field.id, "nama": field.nama, "options": _options(field.options)} for field in pack.profil],
            action=FORM_PATH,
            api=JSON_PATH,
            thanks=THANKS_PATH,
            channel=_channel(values),
            tiket=self.office.ticket_mode(layanan.id),
            values=values,
            problems=problems,
        )

    def thanks(self, code: str, last: LastResult | None = None) -> str:
        """Return the thank-you page: the same bytes whatever was answered, apart from the code."""
        return self._page("terima", kode=code, terakhir=last)

    def home(self) -> str:
        """Return the list of the office's layanan."""
        return self._page("beranda", layanan=self.office.layanan)

    def error(self, name: str) -> str:
        """Return the page for an error that has no form to return to; `name` is one of [galat.halaman]."""
        page = self.words["galat"]["halaman"][name]
        return self._page("galat", judul=page["judul"], sentences=page["kalimat"])

    def sentence(self, name: str) -> str:
        """Return the error page's text in one line, for a reply that is not a page."""
        return " ".join(self.words["galat"]["halaman"][name]["kalimat"])

    def _page(self, name: str, *, script: bool = False, **context: Any) -> str:
        return self._templates.get_template(f"{name}.html").render(
            office=self.office,
            words=self.words[name],
            uji_coba=self.words["umum"]["uji_coba"] if self.rehearsal else "",
            css=self.css,
            js=self.js if script else "",
            csp=self.policy(script=script),
            **context,
        )

    def policy(self, *, script: bool) -> str:
        """Return the Content-Security-Policy of a page: only its own inlined style and script, posts to ourselves."""
        sources = [
            "default-src 'none'",
            f"style-src {_digest(self.css)}",
            "img-src 'self' data:",
            "form-action 'self'",
            "base-uri 'none'",
        ]
        if script:
            sources += [f"script-src {_digest(self.js)}", "connect-src 'self'", "worker-src 'self'"]
            sources += ["require-trusted-types-for 'script'", "trusted-types skm"]
        return "; ".join(sources)


def _questions(pack: Instrument) -> list[dict[str, Any]]:
    """Return the questions in the order of the form, the best answer first where the pack says so."""
    names = {unsur.id: unsur.nama for unsur in pack.unsur}
    step = -1 if pack.best_first else 1
    return [
        {
            "id": question.id,
            "nomor": nomor,
            "unsur_nama": names[question.unsur],
            "text": question.text,
            "options": [
                {"value": value, "text": words} for value, words in list(enumerate(question.options, pack.low))[::step]
            ],
        }
        for nomor, question in enumerate(pack.questions, 1)
    ]


def _channel(values: Mapping[str, str]) -> str:
    """Return the channel of a form that comes back, or the phone."""
    channel = values.get("channel", PHONE)
    return channel if channel in WEB else PHONE


def _options(options: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"code": code, "nama": nama} for code, nama in options]


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
