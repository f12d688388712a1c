"""Nothing of a published result changes unseen: every key and figure of four results, every line of the commands."""

from __future__ import annotations

import json

import pytest
from whole_results import FILE, said, tallies

from scoring import tally_json
from scoring.result import dump

WHOLE = json.loads(FILE.read_text("utf-8"))


@pytest.mark.parametrize("name", WHOLE)
def test_nothing_of_what_is_printed_has_changed(name: str) -> None:
    assert json.loads(json.dumps(said(name))) == WHOLE[name]


@pytest.mark.parametrize("name", tallies())
def test_a_tally_with_everything_in_it_is_read_back_as_it_was_written(name: str) -> None:
    counted = tallies()[name]
    assert tally_json.load(tally_json.dump(counted)) == counted


def test_a_result_is_written_with_sorted_keys_one_a_line_and_its_letters_as_they_are() -> None:
    assert dump({"nama": "Kérjo", "ikm": None, "unsur": [1]}) == (
        '{\n "ikm": null,\n "nama": "Kérjo",\n "unsur": [\n  1\n ]\n}\n'
    )
