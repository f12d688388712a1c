"""Several offices in one figure: pooled by respondents or the mean of the offices, and which is which."""

from __future__ import annotations

import pytest
from scoring_samples import part, rows_of, tally

from scoring.combine import combine
from scoring.errors import IkmError


def test_pooling_weighs_respondents_and_the_mean_weighs_offices() -> None:
    large = tally(part(rows_of("444444444 " * 30)), office="satu")
    small = tally(part(rows_of("333333333 " * 10)), office="dua")
    found = combine([large, small])
    assert (found["pooled"]["ikm"], found["pooled"]["n_responden"], found["pooled"]["mutu"]) == ("93.75", 40, "A")
    assert (found["mean"]["ikm"], found["mean"]["mutu"]) == ("87.50", "B")
    assert [(entry["office"], entry["ikm"]) for entry in found["offices"]] == [("satu", "100.00"), ("dua", "75.00")]


def test_an_office_without_an_index_is_counted_and_left_out_of_the_mean() -> None:
    found = combine([tally(part(rows_of("444444444"))), tally(office="kosong")])
    assert (found["mean"]["ikm"], found["pooled"]["ikm"], found["without_index"]) == ("100.00", "100.00", 1)


def test_offices_reckoned_differently_are_not_combined() -> None:
    for change in ({"rule": "0.11"}, {"blank": "zero"}, {"mulai": "2026-09-01"}):
        with pytest.raises(IkmError) as caught:
            combine([tally(part(rows_of("444444444"))), tally(part(rows_of("444444444")), office="dua", **change)])
        assert caught.value.code == "COMBINE_MIXED"
        assert "teladan dan dua" in str(caught.value)
