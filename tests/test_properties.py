"""What holds for any answers whatever: the scale, the order of the rows, the sum of tallies, bands without a gap."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scoring_samples import ALL, NINE, part, tally

from scoring import tally_json
from scoring.errors import IkmError
from scoring.figure import rounded, text
from scoring.group import Group
from scoring.index import grade
from scoring.instrument import BLANKS, built_in
from scoring.result import dump, score
from scoring.tally import Part, add, count_rows, merge, total

PACKS = {name: built_in(name) for name in ALL}
Rows = list[list[int | None]]
few = settings(max_examples=60, deadline=None, derandomize=True)


@st.composite
def sheets(draw: st.DrawFn, *, least: int = 1, blanks: bool = True) -> tuple[str, Rows]:
    """Return an instrument and rows of answers to it."""
    instrument = draw(st.sampled_from(ALL))
    size = len(PACKS[instrument].questions)
    answer = st.one_of(st.none(), st.integers(1, 4)) if blanks else st.integers(1, 4)
    return instrument, draw(st.lists(st.lists(answer, min_size=size, max_size=size), min_size=least, max_size=12))


def counted(instrument: str, rows: Rows) -> Part:
    pack = PACKS[instrument]
    return count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high)


def ikm(instrument: str, rows: Rows, rule: str = "exact", blank: str = "available") -> Fraction | None:
    pack = PACKS[instrument]
    return Group(pack, counted(instrument, rows), pack.rule(rule), blank, None).figures[0].ikm


@few
@given(sheets(), st.sampled_from(BLANKS))
def test_an_exact_index_is_never_off_the_scale(sheet: tuple[str, Rows], blank: str) -> None:
    pack = PACKS[sheet[0]]
    group = Group(pack, counted(*sheet), pack.rule("exact"), blank, None)
    floor = 0 if blank == "zero" else 25  # a blank that counts as 0 may pull it down to nothing
    values = [figure.ikm for figure in group.figures] + [nrr and nrr * 25 for nrr in group.nrr.values()]
    assert all(floor <= value <= 100 for value in values if value is not None)


@few
@given(sheets(blanks=False), st.data())
def test_a_better_answer_never_lowers_the_index_under_any_rule_and_raises_the_exact_one(
    sheet: tuple[str, Rows], data: st.DataObject
) -> None:
    instrument, rows = sheet
    row = data.draw(st.integers(0, len(rows) - 1))
    place = data.draw(st.integers(0, len(rows[0]) - 1))
    for other in data.draw(st.sets(st.integers(0, len(rows[0]) - 1), max_size=2)):
        rows[row][other] = None
    rows[row][place] = data.draw(st.integers(1, 3))
    better = copy.deepcopy(rows)
    better[row][place] = (rows[row][place] or 0) + 1
    for rule in PACKS[instrument].rules:
        for blank in BLANKS:
            before, after = ikm(instrument, rows, rule.id, blank), ikm(instrument, better, rule.id, blank)
            assert (before is None) == (after is None)
            if before is not None and after is not None:
                assert after >= before
                touched = blank != "complete" or None not in rows[row]
                assert after > before or rule.id != "exact" or not touched


@few
@given(sheets(), st.randoms(use_true_random=False))
def test_the_order_of_the_respondents_changes_nothing(sheet: tuple[str, Rows], people: random.Random) -> None:
    instrument, rows = sheet
    mixed = people.sample(rows, len(rows))
    assert counted(instrument, mixed) == counted(instrument, rows)


@few
@given(sheets(), st.data())
def test_the_tallies_of_any_split_add_up_to_the_tally_of_all(sheet: tuple[str, Rows], data: st.DataObject) -> None:
    instrument, rows = sheet
    whose = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    piles = [[row for row, pile in zip(rows, whose, strict=True) if pile == number] for number in range(4)]
    parts = [counted(instrument, pile) for pile in piles]
    assert replace(total(parts), channel="import") == counted(instrument, rows)
    assert merge(parts) == (counted(instrument, rows),)
    assert add(parts[0], parts[1]) == add(parts[1], parts[0])


@settings(max_examples=25, deadline=None, derandomize=True)
@given(sheets(), st.integers(0, 12), st.sampled_from(BLANKS))
def test_a_periode_split_over_files_has_the_same_result_to_the_byte(
    sheet: tuple[str, Rows], at: int, blank: str
) -> None:
    instrument, rows = sheet
    first, second = (part(pile, instrument=instrument) for pile in (rows[:at], rows[at:]))
    whole = tally(part(rows, instrument=instrument), instrument=instrument, blank=blank)
    split = score(replace(whole, parts=(second, first)))
    assert dump(split) == dump(score(whole))


def test_a_periode_split_over_files_has_the_same_integrity_figures_too() -> None:
    first, second = part([[None] * 9]), part([[None] * 8 + [1]])
    whole = tally(part([[None] * 9, [None] * 8 + [1]]))
    assert dump(score(replace(whole, parts=(second, first)))) == dump(score(whole))


@pytest.mark.parametrize("instrument", ALL)
def test_every_value_of_two_decimals_lies_in_exactly_one_band(instrument: str) -> None:
    pack = PACKS[instrument]
    for hundredths in range(2500, 10001):
        value = Decimal(hundredths).scaleb(-2)
        fitting = [band for band in pack.bands if band.min <= value <= band.max]
        assert fitting == [pack.band(value)], value
    assert [band.mutu for band in pack.bands] == ["D", "C", "B", "A"]


@few
@given(st.sampled_from(ALL), st.integers(2500, 10000), st.integers(1, 10**6), st.integers(-5, 5))
def test_the_letter_is_that_of_the_value_as_printed(instrument: str, cents: int, parts: int, step: int) -> None:
    pack = PACKS[instrument]
    edges = [band.min - Decimal("0.005") for band in pack.bands[1:]]
    for value in (Fraction(cents, 100), *map(Fraction, edges)):
        near = min(max(value + Fraction(step, 1000 * parts), Fraction(25)), Fraction(100))
        band = grade(pack, near)
        printed = Decimal(text(near, 2) or "")
        assert band is not None
        assert band.min <= printed <= band.max


def test_half_a_hundredth_under_a_band_is_printed_and_graded_as_the_band() -> None:
    for pack in PACKS.values():
        for below, band in zip(pack.bands, pack.bands[1:], strict=False):
            edge = Fraction(band.min) - Fraction(1, 200)
            assert (grade(pack, edge), rounded(edge, 2)) == (band, band.min)
            assert grade(pack, edge - Fraction(1, 10**12)) == below


# What a single count feeds, where blanks are left out. The other counts (hours, flags, repeats, straight) and those
# of another treatment of blanks show in the fingerprint of the tally, which stands in result.json too.
FEEDS = {"n", "answers", "complete", "complete_sums", "profil", "cross", "blank_sums", "blank_both"}
TRIALS = [200, pytest.param(2000, marks=pytest.mark.soak)]


def counts_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every count in a tally."""
    if type(value) is int:
        yield path
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from counts_in(inner, (*path, key))


def small_tally() -> dict[str, Any]:
    people = random.Random(3)
    rows = [[people.choice((1, 2, 3, 4, 4, 3, 3, None)) for _ in range(9)] for _ in range(14)]
    rows += [[people.choice((2, 3, 4)) for _ in range(9)] for _ in range(17)] + [[4] * 9]
    now = part(rows, profil={"jenis_kelamin": {"L": 9, "P": 20}, "usia": {"17-25": 3}})
    now = replace(now, repeats=2, flags={"fast": 2, "honeypot": 1}, hours={"2026-10-05 09": 7, "2026-10-06 13": 4})
    before = tally(part(rows[5:]), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    fields: dict[str, Any] = json.loads(
        tally_json.dump(tally(now, population={"ktp": 90, "kk": 11}, previous=before, instrument=NINE))
    )
    return fields


def outcome(fields: dict[str, Any]) -> dict[str, Any] | None:
    """Return the result of the tally, or None where it is refused."""
    try:
        return score(tally_json.load(json.dumps(fields)))
    except IkmError as error:
        assert error.code == "TALLY_INVALID"
        return None


@pytest.mark.parametrize("trials", TRIALS)
def test_any_single_count_that_is_changed_changes_the_result_or_is_refused(trials: int) -> None:
    original, people = small_tally(), random.Random(5)
    plain = outcome(original)
    assert plain is not None
    paths, refused, changed = list(counts_in(original)), 0, 0
    for _ in range(trials):
        path, fields = people.choice(paths), copy.deepcopy(original)
        place = fields
        for key in path[:-1]:
            place = place[key]
        was = place[path[-1]]
        place[path[-1]] = people.choice([n for n in (was + 1, was - 1, was + 10, was * 2, 0, 10**12) if n != was])
        result = outcome(fields)
        if result is None:
            refused += 1
            continue
        changed += 1
        assert dump(result) != dump(plain), path
        if path[0] == "parts" and path[2] in FEEDS:
            assert {**result, "tally_sha256": ""} != {**plain, "tally_sha256": ""}, path
    assert min(refused, changed) > trials / 10


def test_the_counts_that_were_changed_are_of_every_kind() -> None:
    kinds = {path[2] for path in counts_in(small_tally()) if path[0] == "parts"}
    assert kinds == {*FEEDS, "blank_cross", "straight", "repeats", "flags", "hours"}
