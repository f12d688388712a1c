"""Whole results of four small tallies, and what commands say; run as a program it writes whole_results.json anew.

The figures come from the arithmetic itself: they are checked by other ways elsewhere (test_second_implementation.py,
test_margin.py, vectors/). What this file holds is that nothing of a published result changes unseen.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from scoring_samples import ELEVEN, FOURTEEN, NINE, part, tally

from scoring import tally_json
from scoring.combine import combine
from scoring.counts import Counted
from scoring.explain import explain, lines
from scoring.instrument import built_in
from scoring.result import dump, score
from scoring.steps import steps
from scoring.table import printed, score_table
from scoring.tally import Part, Tally, Tickets, total

FILE = Path(__file__).with_name("whole_results.json")
HOURS = {f"2026-10-{day:02d} {hour:02d}": 3 for day in (5, 6, 7) for hour in (8, 9, 13)}


def people(seed: int, n: int, instrument: str, *, best: int = 0, **changes: object) -> Part:
    """Return the part of `n` made-up respondents, a few blanks among them, and `best` more who chose the best."""
    pack, chance = built_in(instrument), random.Random(seed)
    width = len(pack.questions)
    rows = [[chance.choice((2, 3, 3, 4, 4, 4, 1, None) if chance.random() < 0.2 else (3, 4)) for _ in range(width)]
            for _ in range(n)]  # fmt: skip
    counted = part(
        [*rows, *[[4] * width] * best], instrument=instrument, profil={pack.profil[0].id: {"L": n // 3, "P": n // 2}}
    )
    return replace(counted, **changes)  # type: ignore[arg-type]


def tallies() -> dict[str, Tally]:
    """Return the tallies by the name of what they show."""
    hours = {**HOURS, "2026-10-07 13": 26, "2026-10-07 19": 2}
    flags = {"fast": 9, "honeypot": 1, "ticket": 4}
    before = tally(
        people(3, 50, NINE),
        periode="2026-09",
        mulai="2026-08-25",
        selesai="2026-09-24",
        population={"ktp": 90, "kk": 10},
    )
    full = tally(
        people(1, 40, NINE, best=6, repeats=21, hours=hours, flags=flags),
        people(2, 34, NINE, channel="assisted", repeats=3),
        people(4, 12, NINE, layanan="kk", channel="paper"),
        population={"ktp": 70, "kk": 40},
        previous=before,
        excluded={"uji-coba": 2, "ganda": 1},
        excluded_parts=(people(5, 3, NINE, flags={"ticket": 1}),),
        tickets={"ktp": Tickets("required", 80, 90, 6), "*": Tickets("optional", 3, 4, 0)},
    )
    eleven = tally(
        people(6, 31, ELEVEN, layanan="kk", channel="kiosk"), instrument=ELEVEN, blank="zero", rehearsal=True
    )
    whole = people(7, 45, FOURTEEN, channel="paper")
    fourteen = tally(whole, instrument=FOURTEEN, rule="0.071-products-rounded", blank="complete")
    named = {"everything": full, "two indexes, blanks as zero": eleven, "whole forms only": fourteen}
    return {**named, "nobody": tally(blank="complete")}


def said(name: str) -> object:
    """Return the result of the tally called `name`, or what a command says of a sheet, of counts or of offices."""
    counted = tallies()
    return json.loads(dump(score(counted[name]))) if name in counted else SAID[name]()


def tried(*, nrr: bool) -> dict[str, Any]:
    return explain("rekap.csv", NRR if nrr else SHEET, built_in(NINE), "83.3" if nrr else "83,8", nrr=nrr)


def scored(rule: str, blank: str, *, nrr: bool) -> dict[str, Any]:
    return score_table("rekap.csv", NRR if nrr else SHEET, built_in(NINE), rule, blank, nrr=nrr)


def stepped() -> str:
    whole = Counted("2026-10", "*", built_in(NINE), total(tallies()["everything"].parts))
    return steps("hitung.csv", whole, "0.11-products-rounded", None)


def combined() -> dict[str, Any]:
    full = tallies()["everything"]
    return combine([full, replace(full, office="dua", parts=full.parts[:1]), replace(full, parts=())])


SHEET = "U1;U2;U3;U4;U5;U6;U7;U8;U9\n3;4;;4;3;4;4;3;4\n4;4;4;4;4;4;4;4;4\n2;3;3;4;3;3;3;3;1\n"
NRR = "U1;U2;U3;U4;U5;U6;U7;U8;U9\n" + ";".join(["3,33"] * 9) + "\n"
SAID: dict[str, Callable[[], object]] = {
    "explain": lambda: [tried(nrr=False), tried(nrr=True)],
    "explain, for people": lambda: lines(tried(nrr=True)).splitlines(),
    "table": lambda: [scored("0.11", "zero", nrr=False), scored("exact", "available", nrr=True)],
    "table, for people": lambda: printed(scored("exact", "available", nrr=False)).splitlines(),
    "counts, for people": lambda: stepped().splitlines(),
    "combine": combined,
    "tally.json": lambda: json.loads(tally_json.dump(tallies()["everything"])),
}


if __name__ == "__main__":
    whole = {name: said(name) for name in (*tallies(), *SAID)}
    FILE.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
