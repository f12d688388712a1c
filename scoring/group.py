"""All figures of one group of respondents: the office, a layanan, a channel; with how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from scoring.figure import ratio, rounded
from scoring.index import IKM_PLACES, IndexFigure, Mean, compute, index_fields, unsur_fields, unsur_means
from scoring.instrument import Instrument, Rule
from scoring.margin import Moments, half_width, interval, moments, variance
from scoring.tally import Part, Tally, total


@dataclass(frozen=True)
class Group:
    """One group, its rule and treatment of blanks; `population` are the people served, None where not known."""

    pack: Instrument
    part: Part
    rule: Rule
    blank: str
    population: int | None

    @cached_property
    def means(self) -> dict[str, Mean]:
        """Return the mean of every unsur."""
        return unsur_means(self.pack, self.part, self.blank)

    @cached_property
    def nrr(self) -> dict[str, Fraction | None]:
        """Return the NRR of every unsur, None where nobody answered."""
        return {unsur: mean.nrr for unsur, mean in self.means.items()}

    @cached_property
    def figures(self) -> list[IndexFigure]:
        """Return every index of the pack, the IKM first."""
        return [compute(self.pack, index, self.rule, self.nrr) for index in self.pack.indexes]

    @cached_property
    def sums(self) -> Moments:
        """Return the sums that variances need."""
        return moments(self.pack, self.part, self.blank)

    def spread(self, weights: Mapping[str, Fraction]) -> Fraction | None:
        """Return the variance of a weighted sum of NRR on the converted scale, or None."""
        found = variance(self.sums, weights, self.population)
        return None if found is None else found * self.pack.factor**2

    def unsur_spread(self, unsur: str) -> Fraction | None:
        """Return the variance of the converted value of one unsur, or None."""
        return self.spread({unsur: Fraction(1)})

    def fields(self) -> dict[str, Any]:
        """Return the printed figures of the group as they stand in result.json."""
        indexes = [{"id": figure.index.id, "nama": figure.index.nama, **self._index(figure)} for figure in self.figures]
        return {
            "n_responden": self.part.n,
            "n_complete": self.part.complete,
            **self._index(self.figures[0]),
            "unsur": [self._unsur(entry) for entry in unsur_fields(self.pack, self.figures[0], self.means)],
            "indexes": indexes,
        }

    def _index(self, figure: IndexFigure) -> dict[str, Any]:
        spread = self.spread(figure.bobot)
        fields = index_fields(self.pack, figure)
        found = self.interval(figure.ikm, spread)
        return {**fields, "variance": ratio(spread), "interval": {**found, "mutu": self._letters(found)}}

    def _unsur(self, entry: Mapping[str, Any]) -> dict[str, Any]:
        nrr = self.nrr[entry["id"]]
        value = None if nrr is None else nrr * self.pack.factor
        return {**entry, "interval": self.interval(value, self.unsur_spread(entry["id"]), entry["n"])}

    def interval(self, value: Fraction | None, spread: Fraction | None, n: int | None = None) -> dict[str, str | None]:
        """Return the 95 % interval of a value on the converted scale; `n` answers carry it, else all of the group."""
        scale = self.pack.low * self.pack.factor, self.pack.high * self.pack.factor
        return interval(value, spread, self.sums.n if n is None else n, scale, self.population)

    def _letters(self, found: Mapping[str, str | None]) -> list[str] | None:
        """Return the letters that lie within the interval, or None without one."""
        if found["low"] is None or found["high"] is None:
            return None
        ends = [self.pack.band(rounded(Fraction(found[end] or 0), IKM_PLACES)).mutu for end in ("low", "high")]
        letters = [band.mutu for band in self.pack.bands]
        return letters[letters.index(ends[0]) : letters.index(ends[1]) + 1]


def group_of(tally: Tally, pack: Instrument, parts: Sequence[Part], population: int | None) -> Group:
    """Return the group of `parts`; without any part its figures are undefined, which is no error."""
    whole = total(parts) if parts else nobody(pack)
    return Group(pack, whole, pack.rule(tally.rule), tally.blank, population)


def nobody(pack: Instrument) -> Part:
    """Return a part without respondents."""
    zeros = (0,) * (pack.high - pack.low + 1)
    ids = [question.id for question in pack.questions]
    profil: dict[str, dict[str, int]] = {field.id: {} for field in pack.profil}
    return Part("*", "*", 0, dict.fromkeys(ids, zeros), 0, dict.fromkeys(ids, 0), profil)


def differs(difference: Fraction, spread: Fraction | None) -> bool | None:
    """Say whether a difference is more than 1.96 standard errors; None where that is not known."""
    return None if spread is None else abs(difference) > half_width(spread)
