"""Renders the clerk's pages from site/: each carries its own style and script, and a policy that allows only these."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from collector.entri import FIRST, SECOND, THIRD, Book, Difference, Sheet, error_rate, totals
from collector.entri_issue import Issue, lembar
from collector.pages import inline_source, templates
from collector.workspace import SITE_SOURCE
from scoring.errors import Remark
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import tanggal

TURNS: Final = {"first": FIRST, "second": SECOND, "third": THIRD}
BLANK: Final = "-"


class EntriPages:
    """The clerk's pages of one office."""

    def __init__(self, office: Office, *, rehearsal: bool) -> None:
        self.office = office
        self.rehearsal = rehearsal
        self.css = (SITE_SOURCE / "assets" / "entri.css").read_text("utf-8")
        self.js = (SITE_SOURCE / "assets" / "entri.js").read_text("utf-8")
        self.words: dict[str, Any] = tomllib.loads((SITE_SOURCE / "locale" / "entri.id.toml").read_text("utf-8"))

    def enter(self, problems: Sequence[Remark]) -> str:
        """Return the page that asks for the token."""
        return self._page("masuk", problems, is_in=False)

    def overview(
        self, books: Sequence[Book], printed: Sequence[Issue], values: Mapping[str, str], problems: Sequence[Remark]
    ) -> str:
        """Return the list of bundles, the newest first, with the form for another."""
        words = self.words["daftar"]
        ends = {"first": lembar(printed[0].first), "last": lembar(printed[-1].last)} if printed else {}
        bundles = [
            {
                "id": book.entri.id,
                "day": tanggal(book.entri.day),
                "layanan": self._layanan(book.entri.layanan),
                "span": f"{lembar(book.entri.first)}–{lembar(book.entri.last)}",
                "stage": book.stage,
            }
            for book in reversed(books)
        ]
        return self._page(
            "daftar",
            problems,
            tahap=self.words["tahap"],
            bundles=bundles,
            layanan=self.office.layanan,
            printed=words["terbit"].format(**ends) if printed else words["belum_terbit"],
            values={name: values.get(name, "") for name in ("tanggal", "layanan", "pertama", "terakhir")},
        )

    def bundle(
        self, book: Book, number: int | None, typed: Mapping[str, str] | None, problems: Sequence[Remark] = ()
    ) -> str:
        """Return a bundle at its stage with one of its sheets, or none; `typed` is what was refused and stays."""
        entri, stage = book.entri, book.stage
        pack = self.office.survey_on(entri.day).instrument
        turn = TURNS.get(stage, 0)
        return self._page(
            "bundel",
            problems,
            tahap=self.words["tahap"],
            entri=entri,
            layanan=self._layanan(entri.layanan),
            tanggal=tanggal(entri.day),
            stage=stage,
            number=number,
            turn=turn,
            questions=_questions(pack),
            profil=_profil(pack),
            values=_values(pack, book.passes[FIRST].get(number or 0) if turn == FIRST else None, typed or {}),
            told=self._told(pack, book.differences(number)) if number and turn == THIRD else [],
            grid=_grid(book) if turn == FIRST else [],
            control=_control(book, len(pack.questions)),
            done=_done(book),
            key=f"entri {self.office.id} {entri.id} ",
            form_data={"numbers": _due(book), "done": _typed(book), "turn": turn},
        )

    def _told(self, pack: Instrument, differences: Sequence[Difference]) -> list[dict[str, Any]]:
        """Return the differences of a sheet as the clerk keys: numbers of options."""
        words = self.words["bundel"]
        found = []
        for item in differences:
            if item.part == "answers":
                question = _questions(pack)[item.place]
                shown = [words["kosong_nilai"] if value is None else str(value) for value in (item.first, item.second)]
                named = {"field": question["id"], "name": words["pertanyaan"].format(nomor=item.place + 1), "most": 0}
                found.append({**question, **named, "first": shown[0], "second": shown[1]})
            else:
                field = pack.profil[item.place]
                codes = {code: f"{place} {nama}" for place, (code, nama) in enumerate(field.options, 1)}
                shown = [codes.get(str(value), words["kosong_nilai"]) for value in (item.first, item.second)]
                named = {"field": field.id, "name": field.nama, "most": len(field.options)}
                found.append({**named, "first": shown[0], "second": shown[1]})
        return found

    def _layanan(self, layanan: str) -> str:
        return next((item.nama for item in self.office.layanan if item.id == layanan), layanan)

    def _page(self, name: str, problems: Sequence[Remark], *, is_in: bool = True, **context: Any) -> str:
        return (
            templates()
            .get_template(f"entri_{name}.html")
            .render(
                office=self.office,
                umum=self.words["umum"],
                words=self.words[name],
                uji_coba=self.words["umum"]["uji_coba"] if self.rehearsal else "",
                masuk=is_in,
                css=self.css,
                js=self.js if name == "bundel" else "",
                problems=problems,
                **context,
            )
        )

    @cached_property
    def policy(self) -> str:
        """Return the Content-Security-Policy of these pages: nothing from elsewhere, nothing made into markup."""
        return "; ".join(
            [
                "default-src 'none'",
                f"style-src {inline_source(self.css)}",
                f"script-src {inline_source(self.js)}",
                "connect-src 'self'",
                "img-src data:",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
                "trusted-types 'none'",
            ]
        )


def told_totals(book: Book, questions: int) -> dict[str, Any]:
    """Return the running totals for the script."""
    found = totals(book, questions)
    sums = {"sums": found.sums, "blanks": found.blanks} if book.stage == "first" else {}
    return {"terisi": found.used, "rusak": found.spoiled, "sisa": found.unused, "stage": book.stage, **sums}


def _questions(pack: Instrument) -> list[dict[str, Any]]:
    return [
        {
            "id": question.id,
            "nomor": nomor,
            "text": question.text,
            "choices": " · ".join(f"{value} {words}" for value, words in enumerate(question.options, pack.low)),
        }
        for nomor, question in enumerate(pack.questions, 1)
    ]


def _profil(pack: Instrument) -> list[dict[str, Any]]:
    return [
        {
            "id": field.id,
            "nama": field.nama,
            "most": len(field.options),
            "choices": " · ".join(f"{place} {nama}" for place, (_, nama) in enumerate(field.options, 1)),
        }
        for field in pack.profil
    ]


def keys_of(pack: Instrument, sheet: Sheet) -> dict[str, str]:
    """Return the keys by which a sheet was keyed."""
    keys = {}
    for question, value in zip(pack.questions, sheet.answers, strict=False):  # a spoiled sheet has none
        keys[question.id] = BLANK if value is None else str(value)
    for field, code in zip(pack.profil, sheet.profil, strict=False):
        codes = [name for name, _ in field.options]
        keys[field.id] = str(codes.index(code) + 1) if code in codes else ""
    return keys


def _values(pack: Instrument, kept: Sheet | None, typed: Mapping[str, str]) -> dict[str, str]:
    """Return what stands in the fields: what was refused, else what is kept of the sheet."""
    fields = [question.id for question in pack.questions] + [field.id for field in pack.profil] + ["saran"]
    values = dict.fromkeys(fields, "") | {"keadaan": "terisi"}
    if kept is not None:
        values |= {"keadaan": kept.state, "saran": kept.saran, **keys_of(pack, kept)}
    values |= {name: text for name, text in typed.items() if name in values}
    return values | {f"n-{name}": typed.get(f"n-{name}", "") for name in ("terisi", "rusak", "sisa")}


def _grid(book: Book) -> list[dict[str, Any]]:
    kept = book.passes[FIRST]
    return [{"nomor": n, "state": kept[n].state if n in kept else "belum"} for n in book.entri.numbers]


def _due(book: Book) -> list[int]:
    """Return the sheets that are keyed at this stage."""
    if book.stage == "first":
        return list(book.entri.numbers)
    return list(book.untyped if book.stage == "second" else book.undecided)


def _typed(book: Book) -> list[int]:
    return sorted(book.passes[FIRST]) if book.stage == "first" else []


def _control(book: Book, questions: int) -> dict[str, Any]:
    """Return the control totals; once the answers are not read any more, only the sheets."""
    read = book.stage not in {"counted", "cancelled"}
    found = totals(book, questions)
    sums = {"sums": found.sums, "blanks": found.blanks} if read else {"sums": (), "blanks": ()}
    shown = book.stage != "cancelled"
    return {"used": found.used, "spoiled": found.spoiled, "unused": found.unused, "shown": shown, **sums}


def _done(book: Book) -> dict[str, Any]:
    """Return what is known of the second entry and of the end."""
    compared, different = (book.end.compared, book.end.different) if book.end else (book.compared, book.different)
    return {
        "twice": len(book.passes[SECOND]),
        "sample": len(book.lock.sample) if book.lock else 0,
        "seed": book.lock.seed if book.lock else "",
        "compared": compared,
        "different": different,
        "rate": error_rate(compared, different),
        "day": tanggal(book.end.day) if book.end else "",
    }
