"""Made-up counts for the tests of the pages on which anyone checks, what `scoring` says of them, and a page."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from browser_samples import PATIENCE
from playwright.sync_api import Browser, Page, expect

from collector.workspace import SITE_SOURCE
from scoring.figure import ratio
from scoring.index import compute, index_fields, unsur_fields, unsur_means
from scoring.instrument import BLANKS, Instrument
from scoring.tally import Part, count_rows

PAGES = ("periksa/index.html", "periksa/en.html", "hitung-ulang/index.html", "hitung-ulang/en.html")
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


@contextmanager
def opened(browser: Browser, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    """Hold a fresh page and the list of what went wrong in it: messages, errors, requests to anywhere."""
    context = browser.new_context(**options)
    expect.set_options(timeout=PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    yield page, faults
    context.close()


def shown(browser_page: Page) -> str:
    """Return what the page says as the result, in single spaces."""
    return " ".join(browser_page.locator("#kabar").inner_text().split())
