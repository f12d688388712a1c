"""The preview for a meeting: every pack, language, mode and error state of the questionnaire on one page.

The pages come from the templates and checks that citizens meet; nothing is drawn for the preview. They run from the
disk, can send nothing and keep nothing. No store is read.
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from collector.bahasa import DEFAULT
from collector.last_result import LastResult
from collector.pages import Pages, inline_source, lean, templates
from collector.workspace import SITE_SOURCE, Workspace
from publish.words import tanggal
from scoring.errors import Remark, remark
from scoring.instrument import built_in, built_in_ids
from scoring.mask import mask
from scoring.office import Office, Survey
from scoring.response import Refusal, from_form

FOLDER: Final = "pratinjau"
PHONE, KIOSK, ASSISTED = "1", "2", "4"
# Beside the page's own policy: what a browser thinks of 'self' on a disk does not matter.
NOTHING_LEAVES: Final = "connect-src 'none'; form-action 'none'; worker-src 'none'"
HEAD: Final = '<meta charset="utf-8">'
TOO_LONG: Final = 8  # times the sample sentence
TABLES: Final = (  # of the words in all languages: heading and place in a language's file
    ("skrip", ("kuesioner", "skrip")),
    ("masih", ("kuesioner", "masih")),
    ("petugas", ("kuesioner", "petugas")),
    ("salah", ("kuesioner", "salah")),
    ("terima", ("terima",)),
    ("halaman", ("galat", "halaman")),
)

Words = Mapping[str, Any]
Values = dict[str, str]


@dataclass(frozen=True)
class Frame:
    """One page in the preview: its file beside index.html, what it shows, the page.

    `tail` scrolls it to a place; a `short` one needs no whole screen; a `still` one is not to be touched.
    """

    file: str
    judul: str
    keterangan: str
    html: str
    tail: str = ""
    short: bool = False
    still: bool = False


@dataclass(frozen=True)
class Section:
    """A row of frames under one heading."""

    id: str
    judul: str
    kalimat: str
    frames: Sequence[Frame]


def write_preview(workspace: Workspace, today: date, last: LastResult | None) -> tuple[Path, int]:
    """Write the preview into data/pratinjau in place of the one before; return its index.html and how many pages.

    `last` is the last published result, where there is one. Raises what `bahasa` raises for words that do not fit.
    """
    preview = Preview(workspace.office, today, last)
    sections = [*preview.packs(), preview.modes(), preview.faults(), preview.thanks(), preview.errors()]
    folder = workspace.data / FOLDER
    fresh = folder.with_name(FOLDER + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    frames = [frame for section in sections for frame in section.frames]
    for frame in frames:
        (fresh / frame.file).write_text(frame.html, "utf-8")
    (fresh / "index.html").write_text(preview.index(sections), "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return folder / "index.html", len(frames)


class Preview:
    """The sections for one office on one day."""

    def __init__(self, office: Office, today: date, last: LastResult | None) -> None:
        self.office = office
        self.today = today
        self.last = last
        self.survey = office.survey_on(today)
        self.layanan = office.layanan[0]
        self.pages = Pages(office, rehearsal=False, shrink=_framed)
        self.words: Words = tomllib.loads((SITE_SOURCE / "locale" / "pratinjau.id.toml").read_text("utf-8"))

    def packs(self) -> Iterator[Section]:
        """Yield the blank questionnaire of every pack in every language, the office's own pack first."""
        own = self.survey.instrument.id
        for pack_id in sorted(built_in_ids(), key=lambda name: (name != own, name)):
            pack = built_in(pack_id)
            survey = self.survey if pack_id == own else replace(self.survey, instrument=pack)
            frames = [
                self._asked(f"{pack_id}.{code}", "kuesioner", survey, {}, code=code)
                for code in self.pages.offered(survey.instrument)
            ]
            facts = [pack.peraturan, self.words["pertanyaan"].format(jumlah=len(pack.questions))]
            facts += [self.words["dipakai"].format(tanggal=tanggal(self.today.isoformat()))] if pack_id == own else []
            yield Section(pack_id, pack.nama, f"{', '.join(facts)}.", frames)

    def modes(self) -> Section:
        """Return the ways of asking: the citizen's phone, the kiosk, the officer's phone, and a rehearsal."""
        practice = Pages(self.office, rehearsal=True, shrink=_framed)
        return self._section(
            "ragam",
            [
                self._asked("ponsel", "ponsel", self.survey, {}),
                self._asked("kiosk", "kiosk", self.survey, {"channel": KIOSK}, ragam="kiosk"),
                self._asked("didampingi", "didampingi", self.survey, {"channel": ASSISTED}, ragam="didampingi"),
                self._asked("gladi", "gladi", self.survey, {}, ragam="gladi", pages=practice),
            ],
        )

    def faults(self) -> Section:
        """Return the questionnaire as it comes back with what is wrong, as the collector itself finds it."""
        full, third = self._full, self.survey.instrument.questions[2].id
        blank = {**full, **{question.id: "" for question in self.survey.instrument.questions}}
        offered = self.pages.offered(self.survey.instrument)
        long = {**full, "saran": self.words["contoh_panjang"] * TOO_LONG}
        personal = {**full, "saran": self.words["contoh_saran"]}
        frames = [self._refused(f"satu.{code}", "satu", {**full, third: ""}, code=code) for code in offered]
        frames += [self._refused("semua", "semua", blank), self._refused("panjang", "panjang", long)]
        frames += [replace(self._asked("samar", "samar", self.survey, personal), tail="#saran")]
        office = replace(self.office, tiket="required", layanan=(replace(self.layanan, tiket=""),))
        counter = Preview(office, self.today, None)
        sample = self.words["contoh_tiket"]
        frames += [counter._refused("tiket_kosong", "tiket_kosong", full)]
        frames += [counter._refused("tiket_salah", "tiket_salah", {**full, "tiket": sample})]
        unknown = [remark("TICKET_UNKNOWN", "tiket")]
        page = counter._asked("tiket_asing", "tiket_asing", self.survey, {**full, "tiket": sample}, problems=unknown)
        written = self.words["contoh_saran"]
        return self._section("salah", [*frames, page], saran=written, samar=mask(written))

    def thanks(self) -> Section:
        """Return the thank-you page in every language, with the last published result where there is one."""
        kode = self.words["contoh_kode"]
        offered = self.pages.offered(self.survey.instrument)
        frames = [self._still(f"terima.{code}", "terima", self.pages.thanks(kode, code), code) for code in offered]
        if self.last:
            frames += [
                self._still(f"hasil.{code}", "terima_hasil", self.pages.thanks(kode, code, self.last), code)
                for code in offered
            ]
        note = "" if self.last else f" {self.words['bagian']['selesai']['tanpa_hasil']}"
        return self._section("selesai", frames, note)

    def errors(self) -> Section:
        """Return the front page and every error page."""
        frames = [replace(self._still("beranda", "beranda", self.pages.home()), short=True, still=True)]
        for name, page in self.pages.languages[DEFAULT]["galat"]["halaman"].items():
            shown = self._still(f"galat.{name}", "beranda", self.pages.error(name))
            frames.append(replace(shown, judul=page["judul"], short=True))
        return self._section("galat", frames)

    def index(self, sections: Sequence[Section]) -> str:
        """Return the page that holds the frames of `sections`."""
        css = (SITE_SOURCE / "assets" / "pratinjau.css").read_text("utf-8")
        frames = "frame-src 'self' file:; img-src data:"
        return (
            templates()
            .get_template("pratinjau.html")
            .render(
                office=self.office,
                words=self.words,
                tanggal=tanggal(self.today.isoformat()),
                css=css,
                csp=f"default-src 'none'; style-src {inline_source(css)}; {frames}; {NOTHING_LEAVES}",
                sections=sections,
                languages=self.pages.languages,
                tables=[self._table(name, path) for name, path in TABLES],
            )
        )

    @cached_property
    def _full(self) -> Values:
        """Return the fields of a plain form with every question answered best."""
        pack = self.survey.instrument
        held = {"u": self.office.id, "s": self.layanan.id, "f": pack.form, "channel": PHONE}
        return {**held, **{question.id: str(pack.high) for question in pack.questions}}

    def _refused(self, file: str, keadaan: str, values: Values, *, code: str = DEFAULT) -> Frame:
        checked = from_form({name: [value] for name, value in values.items()}, self.office, self.survey, bytes(32))
        problems = checked.remarks if isinstance(checked, Refusal) else ()
        return self._asked(file, keadaan, self.survey, values, problems=problems, code=code)

    def _asked(
        self,
        file: str,
        keadaan: str,
        survey: Survey,
        values: Values,
        *,
        problems: Sequence[Remark] = (),
        code: str = DEFAULT,
        ragam: str = "ponsel",
        pages: Pages | None = None,
    ) -> Frame:
        html = (pages or self.pages).questionnaire(self.layanan, survey, values, problems, code)
        return self._frame(file, keadaan, survey.instrument.nama, html, code, ragam)

    def _still(self, file: str, keadaan: str, html: str, code: str = DEFAULT) -> Frame:
        return self._frame(file, keadaan, self.words["halaman"], html, code, "ponsel")

    def _frame(self, file: str, keadaan: str, instrumen: str, html: str, code: str, ragam: str) -> Frame:
        bahasa = self.pages.languages[code]["umum"]["bahasa"]
        facts = self.words["keterangan"].format(instrumen=instrumen, bahasa=bahasa, ragam=self.words[ragam])
        closed = html.replace(
            HEAD, f'{HEAD}\n<meta http-equiv="Content-Security-Policy" content="{NOTHING_LEAVES}">', 1
        )
        name = self.words["kuesioner"] if keadaan == "kuesioner" else self.words["keadaan"][keadaan]
        return Frame(f"{file}.html", name, facts, closed)

    def _section(self, name: str, frames: Sequence[Frame], note: str = "", **values: str) -> Section:
        words = self.words["bagian"][name]
        return Section(name, words["judul"], words["kalimat"].format(**values) + note, frames)

    def _table(self, name: str, path: Sequence[str]) -> dict[str, Any]:
        """Return one table of words: a row for each sentence or page, a cell for each language."""
        columns = {}
        for code, words in self.pages.languages.items():
            found = words
            for key in path:
                found = found[key]
            columns[code] = {key: _lines(text) for key, text in found.items()}
        rows = [[{"code": code, "lines": column[key]} for code, column in columns.items()] for key in columns[DEFAULT]]
        return {"judul": self.words["kata"][name], "rows": rows}


def _lines(text: Any) -> list[str]:
    """Return the strings of a word, a list of sentences or a page."""
    if isinstance(text, Mapping):
        return [line for part in text.values() for line in _lines(part)]
    return list(text) if isinstance(text, list) else [str(text)]


def _framed(kind: str, text: str) -> str:
    """Return style or script for a page in a frame.

    It has no storage, even when its file is opened by itself. It is printed with its buttons and errors, as it stands
    on the screen. The officer's first screen takes the focus when it opens; here it must not pull the whole preview
    there.
    """
    taken = "getElementById('petugas-judul').focus("
    quiet = lean(kind, text).replace(f"{taken})", f"{taken}{{ preventScroll: true }})")
    bare = quiet.replace("'use strict';", "'use strict'; const localStorage = null, sessionStorage = null;", 1)
    return bare.replace("@media print", "@media not all")
