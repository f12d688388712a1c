"""A dated rule pack: questions, unsur, arithmetic rules, bands, sample rule and profile of one regulation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import count
from typing import Final

from scoring.errors import IkmError
from scoring.instrument_parts import (
    Band,
    Index,
    Profil,
    Question,
    Rule,
    Unsur,
    read_band,
    read_index,
    read_profil,
    read_question,
    read_rule,
    read_unsur,
)
from scoring.toml_table import Table, parse_toml

__all__ = [
    "BLANKS",
    "MOST_PROFIL",
    "MOST_QUESTIONS",
    "Band",
    "Index",
    "Instrument",
    "Profil",
    "Question",
    "Rule",
    "Unsur",
    "built_in",
    "built_in_ids",
    "parse_instrument",
]

MOST_QUESTIONS: Final = 24  # the store has answer columns a01..a24
MOST_PROFIL: Final = 8  # the store has profile columns p01..p08
BLANKS: Final = ("available", "zero", "complete")
SAMPLE_RULES: Final = ("krejcie-morgan", "(unsur+1)x10")
CENT: Final = Decimal("0.01")


@dataclass(frozen=True)
class Instrument:
    """A whole pack. `form` names the version that citizens answered, such as "permenpanrb-14-2017/1"."""

    id: str
    version: int
    nama: str
    peraturan: str
    valid_from: date
    dasar_hukum: tuple[str, ...]
    default_rule: str
    default_blank: str
    best_first: bool
    low: int
    high: int
    factor: int
    sample_rule: str
    unsur: tuple[Unsur, ...]
    questions: tuple[Question, ...]
    indexes: tuple[Index, ...]
    rules: tuple[Rule, ...]
    bands: tuple[Band, ...]
    profil: tuple[Profil, ...]

    @property
    def form(self) -> str:
        """Return the name and version of the form, stored with every answer."""
        return f"{self.id}/{self.version}"

    @property
    def cost(self) -> tuple[str, ...]:
        """Return the unsur on cost, which free services always score highest."""
        return tuple(unsur.id for unsur in self.unsur if unsur.cost)

    def rule(self, rule_id: str) -> Rule:
        """Return the rule called `rule_id`. Raises RULE_UNKNOWN, naming those there are."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        known = ", ".join(rule.id for rule in self.rules)
        raise IkmError("RULE_UNKNOWN", id=rule_id, instrument=self.id, known=known)

    def questions_of(self, unsur_id: str) -> tuple[Question, ...]:
        """Return the questions that feed the unsur."""
        return tuple(question for question in self.questions if question.unsur == unsur_id)

    def band(self, printed: Decimal) -> Band:
        """Return the grade of a converted value of two decimals; below the scale it is the lowest band.

        A printed weight such as 0.11 can push a value under the scale's floor of 25; it stays the lowest letter.
        """
        fitting = [band for band in self.bands if band.min <= printed]
        return fitting[-1] if fitting else self.bands[0]


@cache
def built_in(instrument_id: str) -> Instrument:
    """Return the pack shipped under `instrument_id`. Raises INSTRUMENT_UNKNOWN, naming those there are."""
    if instrument_id not in built_in_ids():
        raise IkmError("INSTRUMENT_UNKNOWN", id=instrument_id, known=", ".join(built_in_ids()))
    file = f"{instrument_id}.toml"
    text = resources.files("scoring").joinpath("instruments", file).read_text("utf-8")
    return parse_instrument(file, text)


def built_in_ids() -> tuple[str, ...]:
    """Return the ids of all packs shipped, sorted."""
    names = (file.name for file in resources.files("scoring").joinpath("instruments").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def parse_instrument(file: str, text: str) -> Instrument:
    """Return the pack written in `text`; `file` names it in errors.

    Raises KEY_* errors for unknown keys, gaps in the bands, weights that do not sum to 1, and ids that do not
    meet.
    """
    table = parse_toml(file, text)
    low, high, factor = _scale(table)
    unsur, ids = _unsur(table)
    pack = Instrument(
        id=table.text("id"),
        version=table.integer("version", 1, 999),
        nama=table.text("nama"),
        peraturan=table.text("peraturan"),
        valid_from=table.day("valid_from"),
        dasar_hukum=table.texts("dasar_hukum"),
        default_rule=table.text("default_rule"),
        default_blank=table.choice("default_blank", BLANKS),
        best_first=table.flag("best_first", default=False),
        low=low,
        high=high,
        factor=factor,
        sample_rule=_sample_rule(table),
        unsur=unsur,
        questions=table.each("question", lambda item: read_question(item, ids, high - low + 1)),
        indexes=table.each("index", lambda item: read_index(item, ids)),
        rules=table.each("rule", read_rule),
        bands=table.each("band", read_band),
        profil=table.each("profil", read_profil),
    )
    return _checked(table, pack)


def _scale(table: Table) -> tuple[int, int, int]:
    """Return the lowest and highest value of an answer, and the factor to the converted value."""
    scale = table.table("scale")
    low, high = scale.integer("min", 0, 9), scale.integer("max", 1, 10)
    if low >= high:
        raise scale.invalid("max", f"seharusnya lebih dari {low}")
    factor = scale.integer("factor", 1, 100)
    scale.done()
    return low, high, factor


def _unsur(table: Table) -> tuple[tuple[Unsur, ...], tuple[str, ...]]:
    """Return the unsur, numbered in their order, and their ids."""
    numbers = count(1)
    unsur = table.each("unsur", lambda item: read_unsur(item, next(numbers)))
    return unsur, table.unique("unsur", [item.id for item in unsur])


def _sample_rule(table: Table) -> str:
    sample = table.table("sample")
    rule = sample.choice("rule", SAMPLE_RULES)
    sample.done()
    return rule


def _checked(table: Table, pack: Instrument) -> Instrument:
    """Return the pack; refuse what no single entry shows: ids used twice, an unsur nobody asks about."""
    table.done()
    table.unique("question", [question.id for question in pack.questions])
    table.unique("index", [index.id for index in pack.indexes])
    table.unique("rule", [rule.id for rule in pack.rules])
    table.unique("profil", [field.id for field in pack.profil])
    pack.rule(pack.default_rule)
    if len(pack.questions) > MOST_QUESTIONS or len(pack.profil) > MOST_PROFIL:
        reason = f"paling banyak {MOST_QUESTIONS} pertanyaan dan {MOST_PROFIL} isian profil"
        raise table.invalid("question", reason)
    for unsur in pack.unsur:
        if not pack.questions_of(unsur.id):
            raise table.invalid("question", f"tidak ada pertanyaan untuk unsur {unsur.id}")
    _check_bands(table, pack)
    return pack


def _check_bands(table: Table, pack: Instrument) -> None:
    """Refuse bands that leave a gap, overlap, or do not cover the whole scale."""
    edge = Decimal(pack.low * pack.factor)
    for number, band in enumerate(pack.bands, 1):
        if band.min != edge or band.max < band.min:
            raise table.invalid(f"band[{number}].min", f'seharusnya "{edge:.2f}" agar tidak ada celah')
        edge = band.max + CENT
    if edge - CENT != pack.high * pack.factor:
        raise table.invalid(f"band[{len(pack.bands)}].max", f'seharusnya "{pack.high * pack.factor}.00"')
