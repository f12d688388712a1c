"""Long campaigns, run by `make soak` alone: another spreadsheet program recomputes hundreds of workbooks, a crowd
redeems tickets.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from publish_samples import office
from scoring_samples import ALL
from ticket_samples import campaign
from workbook_samples import by_libreoffice, check_all, made_up, tied

from publish.workbook import office_workbook
from scoring.instrument import BLANKS, built_in
from scoring.result import score
from scoring.tally import Tally

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
