"""Long campaigns, run by `make soak` alone: another spreadsheet program recomputes hundreds of workbooks, a crowd
redeems tickets.
"""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from http_samples import DAY, OFFICE
from publish_samples import office
from scoring_samples import ALL
from ticket_samples import answer_with, campaign, code, hashes
from workbook_samples import by_libreoffice, check_all, made_up, tied

from collector.schema import Arrival
from collector.store import open_store, reading
from collector.storing import Entry
from publish.workbook import office_workbook
from scoring.errors import IkmError
from scoring.instrument import BLANKS, built_in
from scoring.result import score
from scoring.tally import Tally
from scoring.ticket import digest

SEEDS = 3
RULES = [(name, rule.id) for name in ALL for rule in built_in(name).rules]

pytestmark = pytest.mark.soak


def recomputed(tallies: list[Tally], folder: Path) -> int:
    """Return how many figures LibreOffice recomputed; every one must be that of the result."""
    files, results = [], []
    for number, made in enumerate(tallies):
        results.append(score(made))
        files.append(folder / f"{number:04}.xlsx")
        files[-1].write_bytes(office_workbook(results[-1], made))
    found = by_libreoffice(files, folder)
    return sum(check_all(sheets, result) for sheets, result in zip(found, results, strict=True))


def test_libreoffice_recomputes_every_pack_rule_and_reading_of_blanks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tallies = [
        made_up(instrument, rule, blank, 100 * seed + place)
        for place, (instrument, rule) in enumerate(RULES)
        for blank in BLANKS
        for seed in range(SEEDS)
    ]
    seen = recomputed(tallies, tmp_path)
    with capsys.disabled():
        print(f"\n{len(tallies)} buku kerja, {seen} angka sama")


def test_libreoffice_rounds_halves_of_the_last_digit_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tallies = []
    for instrument, rule in RULES:
        for n, total in ((16, 53), (40, 131), (200, 461), (400, 1309), (1000, 3271)):
            tallies.append(tied(instrument, rule, n, total))
    halves = sum(Fraction(score(made)["ikm_exact"]) * 200 % 2 == 1 for made in tallies)
    assert halves > 20
    seen = recomputed(tallies, tmp_path)
    with capsys.disabled():
        print(f"\n{len(tallies)} buku kerja, {seen} angka sama, {halves} IKM tepat setengah")


@pytest.mark.parametrize("collectors", [1, 4])
def test_a_thousand_tickets_each_redeemed_by_fifty_at_once_let_in_a_thousand_answers(
    tmp_path: Path, collectors: int
) -> None:
    campaign(office(tmp_path), 1000, 50, collectors)


def test_a_million_forged_tickets_let_in_nothing(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    store = open_store(workspace.store, OFFICE)
    store.load_tickets(hashes(*range(1000)), None, DAY)
    answer, arrival, chance = answer_with(1, b""), Arrival(DAY, 10), random.Random(1)
    refused = 0
    for _ in range(1000):
        forged = [replace(answer, ticket=digest(code(chance.randrange(1000, 1 << 95)))) for _ in range(1000)]
        outcomes = store._write([Entry(entry, arrival) for entry in forged])
        refused += sum(isinstance(outcome, IkmError) and outcome.code == "TICKET_UNKNOWN" for outcome in outcomes)
    store.close()
    with reading(workspace.store) as connection:
        stored = connection.execute("SELECT count(*) FROM response").fetchone()[0]
    assert (refused, stored) == (1_000_000, 0)
