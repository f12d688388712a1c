"""The index: NRR per unsur, weighted by the named rule, summed, converted, graded on the printed value.

PermenPANRB 14/2017 and KEP/25/M.PAN/2/2004, annexes: NRR = sum of values / number of filled answers of that
unsur; index = sum of NRR x weight; IKM = index x 25. Rules other than `exact` reproduce what offices print.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from scoring.errors import IkmError
from scoring.figure import ratio, rounded, text
from scoring.instrument import BLANKS, Band, Index, Instrument, Rule
from scoring.tally import Part

IKM_PLACES = 2
NRR_PLACES = 3
INDEX_PLACES = 3


@dataclass(frozen=True)
class Mean:
    """The answers of one unsur: their sum over `n` that count, and the blanks left out (or counted as 0)."""

    total: int
    n: int
    blank: int

    @property
    def nrr(self) -> Fraction | None:
        """Return the NRR, or None when nobody answered."""
        return Fraction(self.total, self.n) if self.n else None


@dataclass(frozen=True)
class IndexFigure:
    """One index under one rule. `nilai` is None when an unsur has no answer: it is not renormalised."""

    index: Index
    bobot: Mapping[str, Fraction]
    nrr: Mapping[str, Fraction | None]
    nrr_tertimbang: Mapping[str, Fraction | None]
    nilai: Fraction | None
    ikm: Fraction | None


def unsur_means(pack: Instrument, part: Part, blank: str) -> dict[str, Mean]:
    """Return the mean of every unsur; an unsur fed by several questions pools their answers.

    `blank` is "available" (a blank leaves the divisor of that unsur), "zero" (it counts as 0), or "complete"
    (only respondents without any blank count). Raises BLANK_UNKNOWN.
    """
    if blank not in BLANKS:
        raise IkmError("BLANK_UNKNOWN", id=blank)
    means = {}
    for unsur in pack.unsur:
        totals = divisor = blanks = 0
        for question in pack.questions_of(unsur.id):
            counts = part.answers[question.id]
            blanks += part.n - sum(counts)
            if blank == "complete":
                totals += part.complete_sums[question.id]
                divisor += part.complete
            else:
                totals += sum(value * count for value, count in enumerate(counts, pack.low))
                divisor += part.n if blank == "zero" else sum(counts)
        means[unsur.id] = Mean(totals, divisor, blanks)
    return means


def compute(pack: Instrument, index: Index, rule: Rule, nrr: Mapping[str, Fraction | None]) -> IndexFigure:
    """Return the index of the NRR values (1 to 4) under `rule`.

    A rule's printed weight belongs to the pack's first index; any further index is always weighted exactly.
    """
    fixed = rule.bobot if index is pack.indexes[0] else None
    weights = dict(zip(index.unsur, index.bobot, strict=True))
    bobot = weights if fixed is None else dict.fromkeys(index.unsur, fixed)
    products: dict[str, Fraction | None] = {}
    for unsur in index.unsur:
        value = nrr[unsur]
        if value is not None:
            value = _at(_at(value, rule.nrr_places) * bobot[unsur], rule.product_places)
        products[unsur] = value
    known = [product for product in products.values() if product is not None]
    nilai = _at(Fraction(sum(known)), rule.index_places) if len(known) == len(products) else None
    ikm = None if nilai is None else nilai * pack.factor
    return IndexFigure(index, bobot, {unsur: nrr[unsur] for unsur in index.unsur}, products, nilai, ikm)


def grade(pack: Instrument, value: Fraction | None) -> Band | None:
    """Return the band of a converted value as printed with two decimals, or None for an undefined one."""
    return None if value is None else pack.band(rounded(value, IKM_PLACES))


def index_fields(pack: Instrument, figure: IndexFigure) -> dict[str, Any]:
    """Return the printed figures of the index: `nilai`, `ikm`, `ikm_exact`, `mutu`, `kinerja`."""
    band = grade(pack, figure.ikm)
    return {
        "nilai": text(figure.nilai, INDEX_PLACES),
        "ikm": text(figure.ikm, IKM_PLACES),
        "ikm_exact": ratio(figure.ikm),
        "mutu": band.mutu if band else None,
        "kinerja": band.kinerja if band else None,
    }


def unsur_fields(pack: Instrument, figure: IndexFigure, means: Mapping[str, Mean] | None) -> list[dict[str, Any]]:
    """Return the printed figures of every unsur of the index; `means` is None when only NRR are known."""
    entries = []
    for unsur in pack.unsur:
        if unsur.id not in figure.nrr:
            continue
        nrr = figure.nrr[unsur.id]
        konversi = None if nrr is None else nrr * pack.factor
        band = grade(pack, konversi)
        entries.append(
            {
                "id": unsur.id,
                "number": f"U{unsur.number}",
                "nama": unsur.nama,
                "n": means[unsur.id].n if means else None,
                "blank": means[unsur.id].blank if means else None,
                "nrr": text(nrr, NRR_PLACES),
                "nrr_exact": ratio(nrr),
                "bobot": ratio(figure.bobot[unsur.id]),
                "nrr_tertimbang": text(figure.nrr_tertimbang[unsur.id], NRR_PLACES),
                "konversi": text(konversi, IKM_PLACES),
                "mutu": band.mutu if band else None,
                "kinerja": band.kinerja if band else None,
            }
        )
    return entries


def _at(value: Fraction, places: int | None) -> Fraction:
    return value if places is None else Fraction(rounded(value, places))
