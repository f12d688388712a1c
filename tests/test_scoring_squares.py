"""The sum of squares behind a published margin: what it is, said of single respondents."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scoring_samples import ALL, NINE, part, rows_of, tally

from scoring.group import group_of
from scoring.instrument import built_in
from scoring.squares import squares

MIXED = "443344334 343434343 222333444 444444444 111222333"


def test_without_blanks_it_is_how_far_each_respondents_own_index_is_off_that_of_all_squared() -> None:
    rows = rows_of(MIXED)
    own = [Fraction(sum(value or 0 for value in row), 9) for row in rows]
    mean = Fraction(sum(own), 5)
    counted = part(rows)
    assert squares(tally(counted), counted) == (5, sum((value - mean) ** 2 for value in own))


def test_over_whole_forms_those_with_a_blank_do_not_count() -> None:
    whole, blank = part(rows_of(MIXED)), part(rows_of(MIXED + " -11111111"))
    assert squares(tally(blank, blank="complete"), blank) == squares(tally(whole), whole)
    assert squares(tally(blank), blank) != squares(tally(whole), whole)


@pytest.mark.parametrize("instrument", ALL)
def test_divided_by_n_and_n_less_one_it_is_the_variance_of_the_index(instrument: str) -> None:
    pack = built_in(instrument)
    width = len(pack.questions)
    rows = [[1 + (place * seed + seed) % 4 for place in range(width)] for seed in range(1, 12)]
    rows[3][0] = None  # type: ignore[call-overload]
    counted = part(rows, instrument=instrument)
    here = tally(counted, instrument=instrument, population={"ktp": 20})
    group = group_of(here, pack, here.parts, None)
    n, total = squares(here, counted) or (0, Fraction(0))
    assert n == 11
    assert total * pack.factor**2 == (group.spread(group.figures[0].bobot) or 0) * n * (n - 1)


def test_one_respondent_alone_has_none() -> None:
    counted = part(rows_of("443344334"))
    assert squares(tally(counted, instrument=NINE), counted) is None
