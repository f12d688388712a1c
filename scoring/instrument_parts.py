"""The parts of a rule pack, and how each is read from its table."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from scoring.toml_table import Table


@dataclass(frozen=True)
class Unsur:
    """One element of service; `number` is its U-number, given by the order in the pack."""

    id: str
    nama: str
    definisi: str
    number: int
    cost: bool


@dataclass(frozen=True)
class Question:
    """One question of the form and the words of its options, lowest value first."""

    id: str
    unsur: str
    text: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """A weighted sum of unsur; `bobot` holds a weight for each of `unsur`, summing to 1."""

    id: str
    nama: str
    unsur: tuple[str, ...]
    bobot: tuple[Fraction, ...]


@dataclass(frozen=True)
class Rule:
    """A named arithmetic. `bobot` None means the exact weights of the index; places None means unrounded."""

    id: str
    keterangan: str
    bobot: Fraction | None
    nrr_places: int | None
    product_places: int | None
    index_places: int | None


@dataclass(frozen=True)
class Band:
    """A grade: both limits inclusive, on the converted value rounded to two decimals."""

    mutu: str
    kinerja: str
    min: Decimal
    max: Decimal


@dataclass(frozen=True)
class Profil:
    """One field about the respondent: codes stored, names printed."""

    id: str
    nama: str
    options: tuple[tuple[str, str], ...]


def read_unsur(table: Table, number: int) -> Unsur:
    """Return the unsur written in `table`."""
    return Unsur(
        table.text("id"), table.text("nama"), table.text("definisi"), number, table.flag("cost", default=False)
    )


def read_question(table: Table, unsur: tuple[str, ...], options: int) -> Question:
    """Return the question; it must feed one of `unsur` and have as many `options` as the scale has values."""
    unsur_id = table.choice("unsur", unsur)
    question = Question(table.text("id"), unsur_id, table.text("text"), table.texts("options"))
    if len(question.options) != options:
        raise table.invalid("options", f"seharusnya {options} pilihan, dari nilai terendah")
    return question


def read_index(table: Table, unsur: tuple[str, ...]) -> Index:
    """Return the index over some of `unsur` (all, when it names none); equal weights unless it gives them."""
    chosen = table.unique("unsur", table.texts("unsur", default=unsur))
    for unsur_id in chosen:
        if unsur_id not in unsur:
            raise table.invalid("unsur", f"unsur {unsur_id} tidak ada")
    bobot = tuple(Fraction(1, len(chosen)) for _ in chosen)
    if table.has("bobot"):
        weights = table.table("bobot")
        bobot = tuple(weights.fraction(unsur_id) for unsur_id in chosen)
        weights.done()
    if sum(bobot) != 1:
        raise table.invalid("bobot", f"jumlah bobot {sum(bobot)}, seharusnya tepat 1")
    return Index(table.text("id"), table.text("nama"), chosen, bobot)


def read_rule(table: Table) -> Rule:
    """Return the rule; its weight is "1/n" for the exact ones, or one number for every unsur."""
    exact = table.text("bobot") == "1/n"
    return Rule(
        id=table.text("id"),
        keterangan=table.text("keterangan"),
        bobot=None if exact else table.fraction("bobot"),
        nrr_places=table.optional_integer("nrr_places", 0, 6),
        product_places=table.optional_integer("product_places", 0, 6),
        index_places=table.optional_integer("index_places", 0, 6),
    )


def read_band(table: Table) -> Band:
    """Return the band of one letter."""
    return Band(table.text("mutu"), table.text("kinerja"), table.decimal("min"), table.decimal("max"))


def read_profil(table: Table) -> Profil:
    """Return the profile field; its codes are all different."""
    options = table.each("options", lambda item: (item.text("code"), item.text("nama")))
    table.unique("options", [code for code, _ in options])
    return Profil(table.text("id"), table.text("nama"), options)
