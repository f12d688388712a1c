"""What else a result says: the index without cost, the readings of blanks side by side, traits of nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from scoring_samples import NINE, POOLED, Answers, part, rows_of, tally

from scoring.compare import without_cost
from scoring.errors import IkmError
from scoring.group import Group, group_of
from scoring.index import unsur_means
from scoring.instrument import BLANKS, Instrument, built_in, parse_instrument
from scoring.result import score
from scoring.tally import count_rows


def group(pack: Instrument, rows: Sequence[Answers]) -> Group:
    counted = count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high)
    return Group(pack, counted, pack.rule("exact"), "available", None)


def test_an_index_without_an_unsur_on_cost_has_no_figure_without_it() -> None:
    assert without_cost(group(parse_instrument("kecil.toml", POOLED), rows_of("123 234"))) is None
    without = without_cost(group(built_in(NINE), rows_of("333433333 222422222")))
    assert without == {"unsur": ["biaya"], "ikm": "62.50", "mutu": "D"}
    assert without_cost(group(built_in(NINE), rows_of("-33433333"))) == {"unsur": ["biaya"], "ikm": None, "mutu": None}
    assert without_cost(group(built_in(NINE), rows_of("333-33333"))) == {
        "unsur": ["biaya"],
        "ikm": "75.00",
        "mutu": "C",
    }


def test_without_blanks_there_is_one_reading_of_them_and_with_one_there_are_three() -> None:
    rows = rows_of("443344334 333333333")
    assert {entry["blank"] for entry in score(tally(part(rows)))["rules"]} == {"available"}
    assert {entry["blank"] for entry in score(tally(part([*rows, [None] + [3] * 8])))["rules"]} == set(BLANKS)


def test_answers_of_which_no_profile_was_counted_have_a_result_with_nobody_in_any_trait() -> None:
    result = score(tally(replace(part(rows_of("443344334")), profil={})))
    assert {cell["n"] for field in result["profil"] for cell in field["options"] if cell["code"]} == {0}


def test_the_blanks_of_all_questions_of_an_unsur_are_left_out_together() -> None:
    answered = group(parse_instrument("kecil.toml", POOLED), rows_of("-23 3-4 234"))
    sarana = unsur_means(answered.pack, answered.part, "available")["sarana"]
    assert (sarana.total, sarana.n, sarana.blank) == (3 + 2 + 3 + 4 + 4, 5, 1)
    assert unsur_means(answered.pack, answered.part, "zero")["sarana"].n == 6


def test_two_respondents_have_a_variance_and_one_has_none() -> None:
    two = score(tally(part(rows_of("444444444 333333333"))))
    assert Fraction(two["variance"]) == Fraction(25**2, 4)
    assert score(tally(part(rows_of("444444444"))))["variance"] is None


def test_cross_sums_that_no_answers_can_have_are_refused() -> None:
    counted = part(rows_of("444444444 333333333"))
    none = replace(counted, cross=dict.fromkeys(counted.cross, 0))
    with pytest.raises(IkmError) as caught:
        score(tally(none))
    assert str(caught.value) == "Rekap hitungan tidak sah pada cross: tidak cocok dengan jawaban."


def test_a_group_of_nobody_counts_nobody_anywhere() -> None:
    pack = built_in(NINE)
    empty = group_of(tally(), pack, (), None).part
    assert (empty.layanan, empty.channel, empty.n, empty.complete) == ("*", "*", 0, 0)
    assert set(empty.answers.values()) == {(0, 0, 0, 0)} and set(empty.complete_sums.values()) == {0}
    assert empty.profil == {field.id: {} for field in pack.profil}
