"""Renders the citizens' pages from site/: at freeze time, and again when a form without script comes back."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from collector import bahasa
from collector.bahasa import DEFAULT, Words
from collector.last_result import LastResult
from collector.workspace import SITE_SOURCE
from scoring.errors import Remark
from scoring.instrument import Instrument
from scoring.mask import NO_NAME, PATTERNS, mask
from scoring.office import Layanan, Office, Survey
from scoring.response import WEB_CHANNELS

FORM_PATH: Final = "/v1/form"
JSON_PATH: Final = "/v1/jawaban"
LANGUAGE_PATH: Final = "/v1/bahasa"
THANKS_PATH: Final = "/terima/"
WORKER: Final = "sw.js"  # at the root, so that it sees every layanan
PHONE: Final = "1"
WEB: Final = {str(channel) for channel in WEB_CHANNELS}
# One script in parts, in the order in which they are joined.
SCRIPTS: Final = ("formulir", "kirim", "bantuan", "suara", "ragam", "mulai")


Shrink = Callable[[str, str], str]  # from the kind of text, css or javascript, and the text


def lean(_kind: str, text: str) -> str:
    """Return style or script without comments, indentation and empty lines.

    A comment of a script stands on its own line or behind the code; no text in it holds two slashes and a space.
    """
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    lines = (re.sub(r"(^|\s)//\s.*$", "", line).strip() for line in plain.splitlines())
    return "\n".join(filter(None, lines))


@cache
def templates() -> Environment:
    """Return the templates of site/: they escape what they are given, and stop where a name lacks."""
    return Environment(
        loader=FileSystemLoader(SITE_SOURCE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def inline_source(text: str) -> str:
    """Return the source that lets a Content-Security-Policy run or apply just this inlined `text`."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def still_policy(css: str) -> str:
    """Return the Content-Security-Policy of a page without script that sends nothing: its own style, pictures in it."""
    return f"default-src 'none'; style-src {inline_source(css)}; img-src data:; base-uri 'none'; form-action 'none'"


class Pages:
    """The pages of one office. Every template gets its words, its style inlined, and the policy that allows it.

    `shrink` makes style and script as small as the pages have to be.
    """

    def __init__(self, office: Office, *, rehearsal: bool, shrink: Shrink = lean) -> None:
        self.office = office
        self.rehearsal = rehearsal
        assets = SITE_SOURCE / "assets"
        self.css = shrink("css", (assets / "survei.css").read_text("utf-8"))
        parts = "\n".join((assets / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
        self.js = shrink("javascript", f"(() => {{\n'use strict';\n{parts}\n}})();")
        self.languages = bahasa.load_words()
        self.packs = bahasa.load_packs()

    def offered(self, pack: Instrument) -> list[str]:
        """Return the codes of the languages in which the pack can be asked, Indonesian first."""
        return [code for code in bahasa.CODES if code == DEFAULT or (pack.id, code) in self.packs]

    def questionnaire(
        self,
        layanan: Layanan,
        survey: Survey,
        values: Mapping[str, str],
        problems: Sequence[Remark],
        code: str = DEFAULT,
    ) -> str:
        """Return the questionnaire of one layanan, with what was entered and what is wrong with it.

        A pack that has no words in the language `code` is asked in Indonesian.
        """
        pack = survey.instrument
        offered = self.offered(pack)
        code = code if code in offered else DEFAULT
        texts = self.packs.get((pack.id, code)) or bahasa.pack_words(pack)
        saran = values.get("saran", "")
        return self._page(
            "kuesioner",
            code,
            script=True,
            bahasa=code,
            languages=[{"code": item, **self.languages[item]["umum"]} for item in offered],
            layanan=layanan,
            form=pack.form,
            questions=_questions(pack, texts),
            unsur=len(pack.unsur),
            profil=_profil(pack, texts),
            action=FORM_PATH,
            switch=LANGUAGE_PATH,
            api=JSON_PATH,
            thanks=THANKS_PATH,
            tail=in_language(code),
            pola=_mask(),
            samar=mask(saran) if mask(saran) != saran else "",
            channel=_channel(values),
            tiket=self.office.ticket_mode(layanan.id),
            values=values,
            problems=[{"field": problem.field, "text": self.problem(problem, code)} for problem in problems],
        )

    def problem(self, remark: Remark, code: str) -> str:
        """Return what is wrong with a field, in the language `code`."""
        sentences: dict[str, str] = self.languages[code]["kuesioner"]["salah"]
        foreign = code != DEFAULT and remark.code in sentences
        return sentences[remark.code].format(**remark.values) if foreign else remark.text

    def thanks(self, kode: str, code: str = DEFAULT, last: LastResult | None = None) -> str:
        """Return the thank-you page: the same bytes whatever was answered, apart from the receipt's `kode`."""
        return self._page("terima", code, kode=kode, terakhir=last)

    def home(self) -> str:
        """Return the list of the office's layanan."""
        return self._page("beranda", DEFAULT, layanan=self.office.layanan)

    def error(self, name: str, code: str = DEFAULT) -> str:
        """Return the page for an error that has no form to return to; `name` is one of [galat.halaman]."""
        page = self.languages[code]["galat"]["halaman"][name]
        return self._page("galat", code, judul=page["judul"], sentences=page["kalimat"])

    def sentence(self, name: str, code: str = DEFAULT) -> str:
        """Return the error page's text in one line, for a reply that is not a page."""
        return " ".join(self.languages[code]["galat"]["halaman"][name]["kalimat"])

    def _page(self, name: str, code: str, *, script: bool = False, **context: Any) -> str:
        words = self.languages[code]
        return (
            templates()
            .get_template(f"{name}.html")
            .render(
                office=self.office,
                words=words[name],
                umum=words["umum"],
                uji_coba=words["umum"]["uji_coba"] if self.rehearsal else "",
                css=self.css,
                js=self.js if script else "",
                csp=self.policy(script=script),
                **context,
            )
        )

    def policy(self, *, script: bool) -> str:
        """Return the Content-Security-Policy of a page: only its own inlined style and script, posts to ourselves."""
        sources = [
            "default-src 'none'",
            f"style-src {inline_source(self.css)}",
            "img-src 'self' data:",
            "form-action 'self'",
            "base-uri 'none'",
        ]
        if script:
            sources += [f"script-src {inline_source(self.js)}", "connect-src 'self'", "worker-src 'self'"]
            sources += ["require-trusted-types-for 'script'", "trusted-types skm"]
        return "; ".join(sources)


def in_language(code: str) -> str:
    """Return what stands behind an address of the collector so that it answers in the language `code`."""
    return "" if code == DEFAULT else f"?bahasa={code}"


def _mask() -> str:
    """Return the mask for the script: on the first line what patterns share, then flags/pattern with ~ in its place."""
    return "\n".join([NO_NAME, *(f"{flags}/{pattern.replace(NO_NAME, '~')}" for pattern, flags in PATTERNS)])


def _questions(pack: Instrument, texts: Words) -> list[dict[str, Any]]:
    """Return the questions in the order of the form, the best answer first where the pack says so."""
    step = -1 if pack.best_first else 1
    return [
        {
            "id": question.id,
            "nomor": nomor,
            "unsur": "" if question.unsur == question.id else question.unsur,
            "unsur_nama": texts["unsur"][question.unsur],
            "text": texts["question"][question.id]["text"],
            "options": [
                {"value": value, "text": words}
                for value, words in list(enumerate(texts["question"][question.id]["options"], pack.low))[::step]
            ],
        }
        for nomor, question in enumerate(pack.questions, 1)
    ]


def _channel(values: Mapping[str, str]) -> str:
    """Return the channel of a form that comes back, or the phone."""
    channel = values.get("channel", PHONE)
    return channel if channel in WEB else PHONE


def _profil(pack: Instrument, texts: Words) -> list[dict[str, Any]]:
    """Return the fields about the respondent, their options in the order of the pack."""
    return [
        {
            "id": field.id,
            "nama": texts["profil"][field.id]["nama"],
            "options": [
                {"code": code, "nama": texts["profil"][field.id]["options"][code]} for code, _ in field.options
            ],
        }
        for field in pack.profil
    ]
