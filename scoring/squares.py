"""The one sum that the margin of an index needs beside the counts: how far the respondents lie from it, squared."""

from __future__ import annotations

from fractions import Fraction

from scoring.group import Group
from scoring.instrument import built_in
from scoring.margin import variance
from scoring.tally import Part, Tally


def squares(tally: Tally, part: Part) -> tuple[int, Fraction] | None:
    """Return the respondents of a group and the sum over them of e^2, on the scale of the answers; None without spread.

    e = sum over unsur of weight x (value - NRR, 0 for a blank) x n / answers of the unsur: without blanks, what a
    respondent's own index is off the index of all. The variance of the index is this sum / (n (n - 1)), times the
    finite population correction; it is the sum behind `scoring.margin`, found backwards from it.
    """
    pack = built_in(tally.instrument)
    group = Group(pack, part, pack.rule(tally.rule), tally.blank, None)
    spread = variance(group.sums, group.figures[0].bobot, None)
    n = group.sums.n
    return None if spread is None else (n, spread * n * (n - 1))
