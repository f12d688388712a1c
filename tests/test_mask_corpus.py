"""The scored corpus of comments, which whoever wrote the patterns had not seen."""

from __future__ import annotations

import csv
import re

import pytest
from publish_samples import ROOT

from scoring.mask import mask

ROWS = list(csv.DictReader((ROOT / "tests" / "vectors" / "masking.csv").open(encoding="utf-8", newline="")))
PERSONAL = [row for row in ROWS if row["kind"] == "pribadi"]
HARMLESS = [row for row in ROWS if row["kind"] == "biasa"]


def masked(row: dict[str, str]) -> bool:
    """Say whether nothing personal of the comment is left."""
    text = mask(row["text"])
    return not any(part in text for part in row["must_go"].split(" | "))


def test_the_corpus_has_a_hundred_comments_of_each_kind() -> None:
    assert (len(PERSONAL), len(HARMLESS), len({row["text"] for row in ROWS})) == (100, 100, 200)


def test_of_a_hundred_comments_with_personal_data_ninety_five_are_masked_and_of_the_others_two_are_touched() -> None:
    hits = sum(map(masked, PERSONAL))
    touched = [row["id"] for row in HARMLESS if mask(row["text"]) != row["text"]]
    assert hits >= 95 and len(touched) <= 2
    told = re.search(
        r"(\d+) dari 100 saran dengan data pribadi tersamar seluruhnya, (\d+) dari 100 saran lain",
        " ".join((ROOT / "docs" / "batas.md").read_text("utf-8").split()),
    )
    assert told and (int(told[1]), int(told[2])) == (hits, len(touched))


@pytest.mark.parametrize("row", PERSONAL, ids=lambda row: row["id"])
def test_masking_leaves_the_complaint_itself(row: dict[str, str]) -> None:
    if row["id"] == "p090":
        pytest.xfail("two words are taken for a name")
    assert row["must_stay"] in mask(row["text"])
