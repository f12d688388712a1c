"""Made-up counts for the tests of the pages on which anyone checks, and what `scoring` says of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from collector.workspace import SITE_SOURCE
from scoring.figure import ratio
from scoring.index import compute, index_fields, unsur_fields, unsur_means
from scoring.instrument import BLANKS, Instrument
from scoring.tally import Part, count_rows

MODULE = (SITE_SOURCE / "assets" / "hitung-ulang.js").read_text("utf-8")
Counts = dict[str, list[int]]


def script(arguments: str, body: str) -> str:
    """Return a function for a page that knows the module of the arithmetic."""
    return f"(given) => {{\n{MODULE}\nconst {arguments} = given;\n{body}\n}}"


def drawn_part(pack: Instrument, seed: int) -> Part:
    """Return the counts of made-up answers; every fourth has no blank, a few leave one unsur without an answer."""
    chance = random.Random(seed)
    people, blanks = chance.choice((1, 2, 7, 10, 33, 150)), 0 if seed % 4 == 0 else chance.choice((2, 10, 60))
    weights = [chance.randrange(1, 9) for _ in range(pack.low, pack.high + 1)]
    scale = range(pack.low, pack.high + 1)
    rows: list[list[int | None]] = [
        [None if chance.randrange(100) < blanks else chance.choices(scale, weights)[0] for _ in pack.questions]
        for _ in range(people)
    ]
    if seed % 20 == 1:
        rows = [[None, *row[1:]] for row in rows]
    return count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high)


def counts_of(part: Part) -> Counts:
    """Return the counts as the page holds them: each value, the lowest first, then the blanks."""
    return {question: [*counts, part.n - sum(counts)] for question, counts in part.answers.items()}


def figures(pack: Instrument, part: Part) -> list[dict[str, Any]]:
    """Return what `scoring` gives under every rule and treatment of blanks."""
    return [_scored(pack, part, rule_id, blank) for rule_id in (rule.id for rule in pack.rules) for blank in BLANKS]


def _scored(pack: Instrument, part: Part, rule_id: str, blank: str) -> dict[str, Any]:
    means = unsur_means(pack, part, blank)
    nrr = {unsur: mean.nrr for unsur, mean in means.items()}
    found = [compute(pack, index, pack.rule(rule_id), nrr) for index in pack.indexes]
    keys = ("id", "nrr", "nrr_exact", "bobot", "nrr_tertimbang", "konversi", "mutu")
    return {
        "rule": rule_id,
        "blank": blank,
        "indexes": [
            {
                **index_fields(pack, figure),
                "nilai_exact": ratio(figure.nilai),
                "unsur": [
                    {**{key: row[key] for key in keys}, "product": ratio(figure.nrr_tertimbang[row["id"]])}
                    for row in sorted(unsur_fields(pack, figure, means), key=lambda row: row["id"])
                ],
            }
            for figure in found
        ],
    }


def sums_of(part: Part) -> Mapping[str, Any]:
    """Return the sums over whole forms as hasil.json publishes them."""
    return {"n": part.complete, "sums": dict(part.complete_sums)}
