"""Simulate honest weeks and weeks with staff forms, and count how often the integrity panel sees a burst.

    .venv/bin/python -m bench.integrity [weeks]

The parameters below were set before the checks were run on them (docs/kewajaran.md says what was changed after).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from bench.bars import save
from scoring.group import group_of
from scoring.instrument import Instrument, built_in
from scoring.integrity import panel
from scoring.tally import Part, Tally, count_rows

SEED = 20261005
WEEKS = 400
FEWEST, MOST = 20, 400  # honest answers a week, every number alike
LAYANAN = {"ktp": 44, "kk": 27, "usaha": 16, "pindah": 11, "lainnya": 2}  # of 100 visits, as in the demonstration
CHANNELS = {"phone": 80, "kiosk": 20}  # of 100 answers
HOURS = {8: 12, 9: 20, 10: 20, 11: 15, 12: 5, 13: 12, 14: 10, 15: 6}  # of 100 visits in a day
MARKET = 3  # one day of the five, drawn each week, has three times the visits
DAY_NOISE = 0.25  # standard deviation of a day's visits beside that, in parts of one
FAMILY = 0.10  # of visits are groups of 2 to 5 at once, at one QR code
SAME = 0.5  # of a group's further forms copy the first; the others change one answer
STRAIGHT = 0.12  # of people choose one value throughout, mostly 3
CONTENT = 0.10  # of weeks are those of a small office (at most 60 answers) where everyone is content: all 4
ONE = ({"satu": 100}, {"phone": 100})  # an office with one QR code for everything: for information, without a bar
PLANTED = 20  # staff forms, all best, at one QR code in one hour; QR by visits, day and hour of service alike
BARS = {"found": 95.0, "flagged": 2.0}
MONDAY = date(2026, 10, 5)
PACK = built_in("permenpanrb-14-2017")

Codes = tuple[dict[str, int], dict[str, int]]  # layanan and channels, by weight
Visit = tuple[str, str, str, int, list[int]]  # layanan, channel, day, hour, answers


def drawn(chance: random.Random, weights: dict[Any, int]) -> Any:
    return chance.choices(list(weights), list(weights.values()))[0]


def person(chance: random.Random, level: float) -> list[int]:
    """Return the answers of one person: one value throughout, or around the office's level and the person's mood."""
    if chance.random() < STRAIGHT:
        return [chance.choices((2, 3, 4), (1, 7, 3))[0]] * len(PACK.questions)
    mood = chance.gauss(level, 0.35)
    return [min(4, max(1, int(chance.gauss(mood, 0.5) + 0.5))) for _ in PACK.questions]


def honest(chance: random.Random, weeks: int = 1, codes: Codes = (LAYANAN, CHANNELS)) -> list[Visit]:
    """Return the answers of an honest office over `weeks`, in the order they came."""
    content = chance.random() < CONTENT
    n, level = chance.randint(FEWEST, 60 if content else MOST), chance.uniform(2.8, 3.6)
    visits: list[Visit] = []
    for week in range(weeks):
        market = chance.randrange(5)
        scale = {day: (MARKET if day == market else 1) * max(0.3, chance.gauss(1, DAY_NOISE)) for day in range(5)}
        made: list[Visit] = []
        while len(made) < n:
            day = str(MONDAY + timedelta(chance.choices(list(scale), list(scale.values()))[0] + 7 * week))
            where = (drawn(chance, codes[0]), drawn(chance, codes[1]), day, drawn(chance, HOURS))
            first = [4] * len(PACK.questions) if content else person(chance, level)
            group = [first]
            for _ in range(chance.randint(1, 4) if chance.random() < FAMILY else 0):
                other = list(first)
                if not content and chance.random() >= SAME:
                    other[chance.randrange(len(other))] = chance.randint(2, 4)
                group.append(other)
            made += [(*where, answers) for answers in group]
        visits += sorted(made[:n], key=lambda visit: visit[2:4])
    return visits


def planted(chance: random.Random, visits: list[Visit], codes: Codes = (LAYANAN, CHANNELS)) -> list[Visit]:
    """Return the answers with the staff forms among them, one after the other at the start of their hour."""
    day = str(MONDAY + timedelta(chance.randrange(5)))
    where = (drawn(chance, codes[0]), drawn(chance, codes[1]), day, chance.choice(list(HOURS)))
    forms: list[Visit] = [(*where, [4] * len(PACK.questions)) for _ in range(PLANTED)]
    return sorted([*forms, *visits], key=lambda visit: visit[2:4])


def tally_of(visits: list[Visit], pack: Instrument = PACK) -> Tally:
    """Return what a store would have counted of the visits."""
    by: dict[tuple[str, str], list[Visit]] = {}
    for visit in visits:
        by.setdefault(visit[:2], []).append(visit)
    ids = [question.id for question in pack.questions]
    parts: list[Part] = []
    for (layanan, channel), own in sorted(by.items()):
        part = count_rows([visit[4] for visit in own], ids, pack.low, pack.high, layanan)
        hours = Counter(f"{visit[2]} {visit[3]:02d}" for visit in own)
        repeats = sum(one[2] == two[2] and one[4] == two[4] for one, two in pairwise(own))
        profil: dict[str, dict[str, int]] = {field.id: {} for field in pack.profil}
        parts.append(replace(part, channel=channel, hours=dict(sorted(hours.items())), repeats=repeats, profil=profil))
    return Tally(
        office="rekaan",
        office_nama="Kecamatan Rekaan",
        periode="2026-10",
        mulai=str(MONDAY),
        selesai=max(visit[2] for visit in visits),
        instrument=pack.id,
        form=pack.form,
        rule=pack.default_rule,
        blank=pack.default_blank,
        rehearsal=False,
        layanan={visit[0]: visit[0] for visit in visits},
        population={},
        parts=tuple(parts),
    )


def states(visits: list[Visit]) -> dict[str, str]:
    """Return the state of every check."""
    tally = tally_of(visits)
    group = group_of(tally, PACK, tally.parts, None)
    return {entry["id"]: entry["state"] for entry in panel(tally, group)}


def simulate(weeks: int, seed: int = SEED) -> dict[str, float]:
    """Return how many of 100 weeks were found or flagged, by figure."""
    chance, other = random.Random(seed), random.Random(seed + 1)
    kinds: dict[str, list[dict[str, str]]] = {"honest": [], "planted": [], "month": [], "one": [], "one planted": []}
    for number in range(weeks):
        visits = honest(chance)
        kinds["honest"].append(states(visits))
        kinds["planted"].append(states(planted(chance, honest(chance))))
        if number % 4 == 0:
            kinds["month"].append(states(honest(chance, weeks=4)))
        kinds["one"].append(states(honest(other, codes=ONE)))
        kinds["one planted"].append(states(planted(other, honest(other, codes=ONE), ONE)))

    def share(kind: str, *checks: str) -> float:
        seen = sum(any(found[check] == "seen" for check in checks) for found in kinds[kind])
        return round(100 * seen / len(kinds[kind]), 1)

    return {
        "planted weeks: burst seen": share("planted", "bursts"),
        "honest weeks: burst seen": share("honest", "bursts"),
        "honest weeks: burst, identical runs, straight-lining or hours seen": share(
            "honest", "bursts", "repeats", "straight", "outside"
        ),
        "honest weeks: identical runs seen": share("honest", "repeats"),
        "honest weeks: straight-lining seen": share("honest", "straight"),
        "planted weeks: identical runs seen": share("planted", "repeats"),
        "honest months (four weeks): burst seen": share("month", "bursts"),
        "one QR code for all, planted weeks: burst seen": share("one planted", "bursts"),
        "one QR code for all, honest weeks: burst seen": share("one", "bursts"),
    }


def figures(found: dict[str, float]) -> list[dict[str, Any]]:
    """Return the figures with their bars; a figure without a bar is for information."""
    rows = []
    for name, value in found.items():
        bar = BARS["found"] if name == "planted weeks: burst seen" else None
        ok = None if bar is None else value >= bar
        if name.startswith("honest"):
            bar, ok = BARS["flagged"], value <= BARS["flagged"]
        rows.append({"figure": name, "value": value, "unit": "of 100", "bar": bar, "ok": ok})
    return rows


def main() -> int:
    weeks = int(sys.argv[1]) if len(sys.argv) > 1 else WEEKS
    rows = figures(simulate(weeks))
    for row in rows:
        bar = "" if row["bar"] is None else f"bar {row['bar']:5.1f}  {'reached' if row['ok'] else 'NOT REACHED'}"
        print(f"{row['figure']:<70} {row['value']:6.1f}  {bar}")
    return save("integrity", rows, weeks=weeks, seed=SEED)


if __name__ == "__main__":
    sys.exit(main())
