"""Over 100 made data sets (1,000 in the long campaign) nothing published isolates 1 to 9 people by any subtraction.

The publications are those of `public_part`; who stands behind each figure is read off what it returned. Every pair of
groups is compared, and every sum and difference of all of them together.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, permutations, product
from typing import Any

import pytest
from scoring_samples import NINE, part, tally

from publish import withheld
from publish.opendata import hitung_rows
from publish.withheld import public_part
from scoring import disclosure, result
from scoring.disclosure import BASE, isolates
from scoring.instrument import built_in
from scoring.tally import Part, Tally

SETS = 1000
SHORT = 100  # of them in the ordinary run
MONTHS = (("2026-07", "07-01", "07-31"), ("2026-08", "08-01", "08-31"), ("2026-09", "09-01", "09-30"))
DAYS = {name: (f"2026-{first}", f"2026-{last}") for name, first, last in MONTHS}
DAYS |= {"2026-TW3": ("2026-07-01", "2026-09-30"), "2026": ("2026-01-01", "2026-12-31")}
BEFORE = {"2026-08": "2026-07", "2026-09": "2026-08"}
LAYANAN = ("ktp", "kk", "pindah", "usaha")
CHANNELS = ("phone", "kiosk", "paper", "assisted")
TODAY = date(2026, 10, 25)
QUESTIONS = len(built_in(NINE).questions)
PROFIL = built_in(NINE).profil[0]

Group = frozenset[int]
Public = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """One answered form: where and when it was given, whether it is whole, and whether it counts."""

    id: int
    month: str
    layanan: str
    whole: bool
    excluded: bool
    trait: str
    channel: str


def people(chance: random.Random) -> list[Person]:
    """Return a data set with sizes that are nasty: empty, one to nine, just ten, and a little more."""
    sizes = (0, 0, 1, 3, 6, 9, 10, 11, 13, 19, 20, 25)
    blanks, excluded = chance.choice((0, 0, 1, 5, 12, 20)), chance.choice((0, 0, 1, 5, 9, 10, 14, 30))
    found: list[tuple[str, str]] = []
    for month, *_ in MONTHS:
        for layanan in LAYANAN:
            found += [(month, layanan)] * chance.choice(sizes)
    together = chance.random() < 0.3  # blanks in one layanan, exclusions in another
    kept = [*range(len(found))] if together else chance.sample(range(len(found)), len(found))
    whole, out = set(kept[blanks:]), set(kept[-excluded:] if excluded else ())
    traits = [code for code, _ in PROFIL.options]
    mixed = chance.random() < 0.04  # the sums and differences of so many small groups take a second to try
    channels = chance.choice((("phone", "kiosk"), ("phone", "kiosk", "kiosk", "paper"))) if mixed else ("phone",)
    own = chance.random() < 0.3  # every layanan has a channel of its own
    return [
        Person(
            *(number, month, layanan, number in whole, number in out, chance.choice(traits)),
            CHANNELS[LAYANAN.index(layanan)] if own else chance.choice(channels),
        )
        for number, (month, layanan) in enumerate(found)
    ]


def counted(crowd: Sequence[Person]) -> tuple[Part, ...]:
    parts = []
    for layanan, channel in product(LAYANAN, CHANNELS):
        inside = [person for person in crowd if (person.layanan, person.channel) == (layanan, channel)]
        rows = [[3 + person.id % 2] * (QUESTIONS - 1) + [4 if person.whole else None] for person in inside]
        if rows:
            traits = dict(Counter(person.trait for person in inside))
            parts.append(part(rows, layanan=layanan, channel=channel, profil={PROFIL.id: traits}))
    return tuple(parts)


def within(crowd: Sequence[Person], periode: str) -> list[Person]:
    months = {periode} if periode in dict.fromkeys(month for month, *_ in MONTHS) else {month for month, *_ in MONTHS}
    return [person for person in crowd if person.month in months]


def tally_of(crowd: Sequence[Person], periode: str, blank: str) -> Tally:
    """Return the tally of a periode with the one before it, as the store would give it."""
    inside = within(crowd, periode)
    out = [person for person in inside if person.excluded]
    first, last = DAYS[periode]
    made = tally(
        *counted([person for person in inside if not person.excluded]),
        **{"periode": periode, "mulai": first, "selesai": last, "blank": blank},
        layanan={name: name for name in LAYANAN},
        excluded={"uji-coba": len(out)} if out else {},
        excluded_parts=counted(out),
    )
    before = tally_of(crowd, BEFORE[periode], blank) if periode in BEFORE else None
    return replace(made, previous=replace(before, previous=None) if before and before.n else None)


def ids(
    crowd: Sequence[Person],
    *,
    blank: str = "available",
    layanan: str = "*",
    channel: str = "*",
    excluded: bool = False,
) -> Group:
    """Return the people behind a mean."""
    return frozenset(
        person.id
        for person in crowd
        if (person.whole or blank != "complete")
        and layanan in ("*", person.layanan)
        and channel in ("*", person.channel)
        and (excluded or not person.excluded)
    )


def groups_of(  # noqa: C901  # one figure after the other
    crowd: Sequence[Person], public: Public, counts: Tally
) -> Iterator[tuple[str, Group]]:
    """Yield name and people of every mean and distribution in one publication, read off what was published."""
    name, blank, inside = public["periode"], public["blank"], within(crowd, public["periode"])
    if public["ikm"] or public["unsur"]:
        yield f"{name} ikm", ids(inside, blank=blank)
    if public["profil"]:
        yield f"{name} profil", ids(inside)
    if public["questions"]:
        yield f"{name} questions", ids(inside)
    for entry in public["rules"]:
        yield f"{name} rule {entry['rule']} {entry['blank']}", ids(inside, blank=entry["blank"])
    if public["excluded"] and public["excluded"]["ikm_with"]:
        yield f"{name} with the excluded", ids(inside, blank=blank, excluded=True)
    for entry in public["layanan"]:
        if entry["ikm"] or entry["unsur"]:
            yield f"{name} {entry['id']}", ids(inside, blank=blank, layanan=entry["id"])
    for layanan in {str(row[1]) for row in hitung_rows(public, counts)}:
        yield f"{name} hitung {layanan}", ids(inside, layanan=layanan)
    for layanan in public["complete_sums"]:
        yield f"{name} sums {layanan}", ids(inside, blank="complete", layanan=layanan)
    for check in public["integrity"]:
        for entry in check.get("channels", ()) if check["id"] == "mode" else ():
            yield f"{name} channel {entry['id']}", ids(inside, blank=blank, channel=entry["id"])
    if public["previous"]:
        yield f"{name} before", ids(within(crowd, public["previous"]["periode"]), blank=public["previous"]["blank"])


def faults(groups: Mapping[str, Group]) -> list[str]:
    """Return every small group, every pair of nested ones with 1 to 9 between, and any sum or difference that small."""
    found = [f"{name}: {len(group)}" for name, group in groups.items() if len(group) < BASE]
    for (name, group), (other, bigger) in combinations(groups.items(), 2):
        if (group <= bigger or bigger <= group) and 0 < len(group ^ bigger) < BASE:
            found.append(f"{name} and {other}: {len(group ^ bigger)}")
    distinct = list(dict.fromkeys(groups.values()))
    everyone = frozenset[int]().union(*distinct)
    if isolates(Counter(tuple(person in group for group in distinct) for person in everyone)):
        found.append("a sum or difference of several")
    return found


def all_faults(groups: Mapping[str, Group]) -> list[str]:
    """Return the faults among the figures of answers, and among profiles: one cannot be taken from the other."""
    profil = {name: group for name, group in groups.items() if name.endswith("profil")}
    return faults(profil) + faults({name: group for name, group in groups.items() if name not in profil})


def now(crowd: Sequence[Person], name: str, earlier: Sequence[Public]) -> dict[str, tuple[int, int]]:
    """Return what the store counts at this moment for each published periode that shares days with `name`."""
    counts = {}
    for public in earlier:
        inside = within(crowd, public["periode"])
        if {person.month for person in inside} & {person.month for person in within(crowd, name)}:
            counts[public["periode"]] = len(ids(inside)), len(ids(inside, blank="complete"))
    return counts


def published(seed: int) -> tuple[dict[str, Group], list[Public]]:
    """Return all groups published of one data set: months, quarter and year in some order, some of them again."""
    chance = random.Random(seed)
    crowd, blank = people(chance), chance.choice(("available", "available", "zero", "complete"))
    order = chance.choice([*permutations(("2026-07", "2026-08", "2026-09", "2026-TW3"))])[: chance.randint(1, 4)]
    shown: dict[str, Public] = {}
    groups: dict[str, Group] = {}
    made: dict[tuple[str, str], tuple[Tally, dict[str, Any]]] = {}
    later = chance.choice((0, 0, 1, 4, 9, 12))  # left out of the count only after the first publications
    for turn, name in enumerate([*order, *(["2026"] if chance.random() < 0.2 else []), *order]):
        if turn == len(order) and later:
            out = {person.id for person in chance.sample(crowd, min(later, len(crowd)))}
            crowd = [replace(person, excluded=person.excluded or person.id in out) for person in crowd]
            made = {}
        key = name, chance.choice((blank, blank, blank, "complete", "available"))
        if key not in made:
            counts = tally_of(crowd, *key)
            made[key] = counts, result.score(counts) if counts.n else {}
        counts, scored = made[key]
        if not scored:
            continue
        earlier = [public for public in shown.values() if not public["withheld"]]
        if disclosure.changed_since(scored, earlier, now(crowd, name, earlier)):
            continue  # publish_periode refuses it
        others = [public for periode, public in shown.items() if periode != name]
        shown[name] = public_part(scored, counts, others, TODAY)
        groups |= {f"{turn} {key}": group for key, group in groups_of(crowd, shown[name], counts)}
    return groups, list(shown.values())


@pytest.mark.soak
def test_no_pair_of_published_groups_isolates_one_to_nine_people_in_any_data_set() -> None:
    for seed in range(SHORT, SETS):
        groups, _ = published(seed)
        assert all_faults(groups) == [], seed


def test_no_pair_isolates_one_to_nine_people_where_all_kinds_of_groups_are_published_and_withheld() -> None:
    """Without the second half the first could be content with nothing published."""
    seen: Counter[str] = Counter()
    for seed in range(SHORT):
        groups, shown = published(seed)
        assert all_faults(groups) == [], seed
        for public in shown:
            reasons = {entry["withheld"] for entry in public["layanan"]}
            seen.update([f"reason {public['withheld']}", *(f"layanan {reason}" for reason in reasons)])
        seen.update({name.partition(" ")[2].partition(" ")[2].partition(" ")[0] for name in groups})
    wanted = ("reason None", "reason base", "reason difference", "layanan None", "layanan base", "layanan difference")
    for name in (*wanted, "layanan earlier", "ikm", "profil", "questions", "rule", "with", "sums", "hitung", "before"):
        assert seen[name] >= 3, (name, seen)


def only_base(sizes: Mapping[str, int]) -> frozenset[str]:
    return frozenset(name for name, size in sizes.items() if size >= BASE)


@pytest.mark.parametrize(
    ("place", "name", "careless"),
    [
        (disclosure, "published_groups", only_base),
        (disclosure, "_remainder", lambda whole, spans: whole.n),
        (disclosure, "_whole_forms_shown", lambda result: True),
        (withheld, "excluded_shown", lambda result: True),
        (withheld, "broken_down", lambda here, spans: True),
        (withheld, "same_answers", lambda first, second: True),
        (withheld, "counts_shown", lambda result: True),
        (disclosure, "changed_since", lambda result, published, counted: None),
    ],
)
def test_a_rule_that_is_left_out_is_caught(
    monkeypatch: pytest.MonkeyPatch, place: Any, name: str, careless: Callable[..., object]
) -> None:
    monkeypatch.setattr(place, name, careless)
    assert any(all_faults(published(seed)[0]) for seed in range(SETS))
