"""How sure an index is: the 95 % interval of a weighted sum of ratios, from counts and cross sums alone.

NRR of an unsur is a ratio, sum of values over number of filled answers, so that blanks count right. The variance of
their weighted sum is linearised (Taylor series; Cochran, Sampling Techniques, 3rd ed., 1977, section 6.4 and 2.9):
z_i = sum over unsur of w (x_i - r m_i) / N, variance = n / (n - 1) x sum of z_i^2, times 1 - n / population where it
is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, lcm
from typing import Final

from scoring.errors import IkmError
from scoring.figure import rounded
from scoring.instrument import Instrument
from scoring.tally import Part

Z: Final = Fraction(196, 100)  # 95 % of a normal distribution
FEWEST: Final = 30  # respondents; below it an interval would promise more than it knows
SQRT_PLACES: Final = 12


@dataclass(frozen=True)
class Moments:
    """The sums that a variance needs, by unsur: `total` of the values, `filled` answers, and their cross sums.

    `xx`, `xm`, `mm` are sums over respondents of value x value, value x filled, filled x filled, by pair of unsur.
    """

    n: int
    total: Mapping[str, int]
    filled: Mapping[str, int]
    xx: Mapping[tuple[str, str], int]
    xm: Mapping[tuple[str, str], int]
    mm: Mapping[tuple[str, str], int]


def moments(pack: Instrument, part: Part, blank: str) -> Moments:
    """Return the sums of a group under the treatment of blanks ("available", "zero", "complete")."""
    ids = [question.id for question in pack.questions]
    counts = part.answers
    squares = {q: sum(value**2 * count for value, count in enumerate(counts[q], pack.low)) for q in ids}
    total = {q: sum(value * count for value, count in enumerate(counts[q], pack.low)) for q in ids}
    pairs = [(q, p) for q in ids for p in ids]
    order = {q: place for place, q in enumerate(ids)}
    keys = {(q, p): f"{q} {p}" if order[q] <= order[p] else f"{p} {q}" for q, p in pairs}
    xx = {(q, p): squares[q] if q == p else part.cross.get(keys[q, p], 0) for q, p in pairs}
    n, filled = part.n, {q: sum(counts[q]) for q in ids}
    if blank == "available":
        sums, both = part.blank_sums, part.blank_both
        xm = {(q, p): total[q] if q == p else part.complete_sums[q] + sums.get(f"{q} {p}", 0) for q, p in pairs}
        mm = {(q, p): filled[q] if q == p else part.complete + both.get(keys[q, p], 0) for q, p in pairs}
        return _by_unsur(pack, Moments(n, total, filled, xx, xm, mm))
    if blank == "complete":
        n, total = part.complete, dict(part.complete_sums)
        xx = {(q, p): xx[q, p] - part.blank_cross.get(keys[q, p], 0) for q, p in pairs}
    mm = dict.fromkeys(pairs, n)
    return _by_unsur(pack, Moments(n, total, dict.fromkeys(ids, n), xx, {(q, p): total[q] for q, p in pairs}, mm))


def _by_unsur(pack: Instrument, sums: Moments) -> Moments:
    """Return sums by question as sums by unsur: an unsur fed by several questions pools their answers."""
    if all(question.id == question.unsur for question in pack.questions):
        return sums
    fed = {unsur.id: [question.id for question in pack.questions_of(unsur.id)] for unsur in pack.unsur}

    def alone(by: Mapping[str, int]) -> dict[str, int]:
        return {unsur: sum(by[q] for q in questions) for unsur, questions in fed.items()}

    def paired(by: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
        return {(u, v): sum(by[q, p] for q in fed[u] for p in fed[v]) for u in fed for v in fed}

    return Moments(sums.n, alone(sums.total), alone(sums.filled), paired(sums.xx), paired(sums.xm), paired(sums.mm))


def variance(sums: Moments, weights: Mapping[str, Fraction], population: int | None) -> Fraction | None:
    """Return the variance of sum(weight x NRR), or None when fewer than two answered or an unsur has no answer.

    `weights` by unsur (those left out weigh nothing; they may be negative, for a difference); `population` the
    people served, or None where it is not known. Raises TALLY_INVALID where no answers can have these cross sums.
    """
    used = [unsur for unsur, weight in weights.items() if weight]
    if sums.n < 2 or not all(sums.filled[unsur] for unsur in used):
        return None
    common = lcm(*(sums.filled[unsur] for unsur in used))
    scale = lcm(*(weights[unsur].denominator for unsur in used))
    factor = {u: int(weights[u] * scale) * (common // sums.filled[u]) ** 2 for u in used}
    squares = sum(factor[u] * sum(factor[v] * _product(sums, u, v) for v in used) for u in used)
    if squares < 0:
        raise IkmError("TALLY_INVALID", where="cross", reason="tidak cocok dengan jawaban")
    spread = Fraction(squares, scale**2 * common**4) * Fraction(sums.n, sums.n - 1)
    return spread * _finite(sums.n, population)


def _product(sums: Moments, u: str, v: str) -> int:
    """Return the sum over respondents of (N x - T m) of one unsur times that of the other: whole, and not long."""
    t, s, n, k = sums.total[u], sums.total[v], sums.filled[u], sums.filled[v]
    return n * (k * sums.xx[u, v] - s * sums.xm[u, v]) + t * (s * sums.mm[u, v] - k * sums.xm[v, u])


def _finite(n: int, population: int | None) -> Fraction:
    """Return the finite population correction; a population smaller than the sample is no population."""
    if population is None or population < n:
        return Fraction(1)
    return 1 - Fraction(n, population)


def half_width(spread: Fraction) -> Fraction:
    """Return 1.96 standard errors for a variance, to twelve decimals."""
    scaled = spread.numerator * 10 ** (2 * SQRT_PLACES)
    return Z * Fraction(isqrt(scaled // spread.denominator), 10**SQRT_PLACES)


def interval(
    value: Fraction | None, spread: Fraction | None, n: int, scale: tuple[int, int], population: int | None
) -> dict[str, str | None]:
    """Return `margin`, `low` and `high` with two decimals, within the lowest and highest value of the `scale`.

    Where there is none they are None and `reason` says why: "few" under thirty respondents, "same" where all
    answered alike, "undefined" without a value. Where the whole `population` answered the margin is 0.
    """
    reason = None
    if value is None or spread is None:
        reason = "undefined"
    elif n < FEWEST:
        reason = "few"
    elif spread == 0 and n != population:
        reason = "same"
    if value is None or spread is None or reason:
        return {"margin": None, "low": None, "high": None, "reason": reason}
    margin = half_width(spread)
    # A printed weight can push the value itself off the scale: then both ends meet at the scale's end.
    ends = [min(max(end, Fraction(scale[0])), Fraction(scale[1])) for end in (value - margin, value + margin)]
    return {
        "margin": str(rounded(margin, 2)),
        "low": str(rounded(ends[0], 2)),
        "high": str(rounded(ends[1], 2)),
        "reason": None,
    }
