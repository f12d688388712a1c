"""Several offices in one figure: pooled by respondents or the mean of the offices, and which is which."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scoring_samples import part, rows_of, run, tally

from scoring import tally_json
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
        ((name, value),) = change.items()
        usual = {"rule": "exact", "blank": "available", "mulai": "2026-09-25"}[name]
        assert f"{name} berbeda ({usual} dan {value})" in str(caught.value)


def test_the_command_combines_the_tallies_of_offices(tmp_path: Path) -> None:
    files = []
    for name, row in (("satu", "444444444"), ("dua", "333333333")):
        file = tmp_path / f"{name}.json"
        file.write_text(tally_json.dump(tally(part(rows_of(row)), office=name)), "utf-8")
        files.append(str(file))
    done = run("combine", *files)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["mean"]["ikm"] == "87.50"


def test_offices_of_which_none_has_an_index_have_no_mean_and_no_letter() -> None:
    found = combine([tally(), tally(part(rows_of("-44444444")), office="dua")])
    assert (found["mean"], found["without_index"]) == ({"ikm": None, "mutu": None}, 2)
    assert (found["pooled"]["n_responden"], found["pooled"]["ikm"]) == (1, None)
