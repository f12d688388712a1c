"""Every printed figure, computed a second time by other means, is the same to its last digit."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path
from typing import Any

import pytest
from scoring_samples import ALL, part, tally
from second_implementation import BLANKS, recompute

from scoring import tally_json
from scoring.instrument import built_in
from scoring.result import dump, score
from scoring.tally import Part, add

PERIODS = [60, pytest.param(1000, marks=pytest.mark.soak)]  # for each of the four packs
PACKS = {name: built_in(name) for name in ALL}
INDEX = ("nilai", "ikm", "mutu")
UNSUR = ("id", "number", "n", "blank", "nrr", "nrr_tertimbang", "konversi", "mutu")


def made_up(instrument: str, number: int) -> str:
    """Return tally.json of a made-up periode; `number` walks through every rule and treatment of blanks in turn."""
    pack, people = PACKS[instrument], random.Random(f"{instrument} {number}")
    ways = [(rule.id, blank) for rule in pack.rules for blank in BLANKS]
    rule, blank = ways[number % len(ways)]
    parts = [made_up_part(people, instrument, layanan) for layanan in people.choices(("ktp", "kk"), k=number % 4)]
    known = people.sample(("ktp", "kk"), number % 3)
    population = {layanan: people.choice((0, 7, people.randint(1, 3000))) for layanan in known}
    return tally_json.dump(tally(*parts, instrument=instrument, rule=rule, blank=blank, population=population))


def made_up_part(people: random.Random, instrument: str, layanan: str) -> Part:
    values = people.choice(((1, 2, 3, 4), (3, 4), (4,), (1,), (1, 4, 4), (3, 4, 4, None), (1, 2, 3, 4, None)))
    size = len(PACKS[instrument].questions)
    rows = [people.choices(values, k=size) for _ in range(people.randint(1, 12))]
    counted = part(rows, instrument=instrument, layanan=layanan, channel=people.choice(("phone", "paper", "tablet")))
    for _ in range(people.choice((0, 0, 0, 1, 5, 10))):  # the same people over and over: thousands of them
        counted = add(counted, counted)
    return counted


def of_result(text: str) -> dict[str, Any]:
    """Return of result.json what the second implementation computes too."""
    result = json.loads(text)
    return {
        **chosen(result, "n_responden", "n_complete", *INDEX),
        "unsur": [chosen(entry, *UNSUR) for entry in result["unsur"]],
        "indexes": [chosen(entry, "id", *INDEX) for entry in result["indexes"]],
        "layanan": [chosen(entry, "id", "n_responden", *INDEX) for entry in result["layanan"]],
        "lowest": result["lowest"]["unsur"],
        "highest": result["highest"]["unsur"],
        "sample": chosen(result["sample"], "population", "minimum"),
        "rules": [chosen(entry, "rule", "blank", "ikm", "mutu") for entry in result["rules"]],
    }


def chosen(entry: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: entry[name] for name in names}


@pytest.mark.parametrize("periods", PERIODS)
@pytest.mark.parametrize("instrument", ALL)
def test_made_up_periods_have_the_same_figures_by_sql_and_whole_numbers(instrument: str, periods: int) -> None:
    letters, undefined = set(), 0
    for number in range(periods):
        text = made_up(instrument, number)
        mine = recompute(text)
        for entry in mine["rules"]:
            del entry["nilai"]  # not printed beside the other rules
        assert of_result(dump(score(tally_json.load(text)))) == mine, text
        letters |= {entry["mutu"] for entry in (mine, *mine["unsur"], *mine["layanan"])}
        undefined += mine["ikm"] is None
    assert letters == {None, "A", "B", "C", "D"}
    assert 0 < undefined < periods / 2


def test_the_second_implementation_imports_nothing_of_ours() -> None:
    source = (Path(__file__).parent / "second_implementation.py").read_text("utf-8")
    found = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert not found & {"scoring", "collector", "publish", "scoring_samples"}


@pytest.mark.parametrize("instrument", ALL)
def test_the_second_implementation_sees_one_answer_more(instrument: str) -> None:
    text = made_up(instrument, 3)
    fields = json.loads(text)
    question = PACKS[instrument].questions[0].id
    fields["parts"][0]["answers"][question][0] += 1
    assert recompute(json.dumps(fields))["unsur"] != recompute(text)["unsur"]
