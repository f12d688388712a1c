"""The integrity panel sees what was put into the counts, leaves honest weeks alone, and says when it cannot tell."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import NINE, part, rows_of, tally

from bench.integrity import BARS, simulate
from scoring.group import group_of
from scoring.instrument import built_in
from scoring.integrity import panel
from scoring.result import dump, score
from scoring.tally import Part, Tally

PACK = built_in(NINE)
MIXED = rows_of(" ".join(["343434343", "334433443", "444333344", "343344334", "434343333"] * 8))
BEST = [[4] * 9]
WEEK = [f"2026-10-{day:02d}" for day in range(5, 10)]
IDS = ["assisted", "mode", "bursts", "repeats", "straight", "outside", "fast", "honeypot", "tickets", "served", "kstar"]


def checked(counted: Tally) -> dict[str, dict[str, Any]]:
    """Return the entries of the panel by id."""
    group = group_of(counted, PACK, counted.parts, None)
    return {entry["id"]: entry for entry in panel(counted, group)}


def one(**changes: Any) -> Part:
    """Return the part of forty mixed answers, with `changes`."""
    return replace(part(MIXED), **changes)


def hours_of(counts: dict[int, int], extra: dict[str, int] | None = None) -> dict[str, int]:
    """Return the same hours on every day of a week, with some more."""
    hours = {f"{day} {hour:02d}": n for day in WEEK for hour, n in counts.items()}
    for key, n in (extra or {}).items():
        hours[key] = hours.get(key, 0) + n
    return hours


def test_simulated_staff_forms_are_seen_and_honest_weeks_are_not_flagged() -> None:
    found = simulate(60)
    assert found["planted weeks: burst seen"] >= BARS["found"]
    assert found["honest weeks: burst seen"] <= BARS["flagged"]


def test_the_panel_always_has_the_same_checks_and_is_plain_json() -> None:
    entries = panel(tally(), group_of(tally(), PACK, (), None))
    assert [entry["id"] for entry in entries] == IDS
    assert {entry["state"] for entry in entries} == {"unknown"}
    assert json.loads(dump(score(tally(one()))))["integrity"] == list(checked(tally(one())).values())


@given(st.lists(st.lists(st.sampled_from([1, 2, 3, 4, None]), min_size=9, max_size=9), max_size=12))
def test_any_answers_give_a_panel(rows: list[list[int | None]]) -> None:
    assert list(checked(tally(part(rows)))) == IDS


def test_a_burst_names_its_qr_day_and_hour() -> None:
    hours = hours_of({9: 4, 10: 4, 13: 2}, {"2026-10-07 13": 20})
    entry = checked(tally(one(n=70, hours=hours)))["bursts"]
    assert entry["state"] == "seen" and entry["n"] == 22 and entry["days"] == 5
    found = entry["bursts"][0]
    assert (found["layanan"], found["channel"], found["day"], found["hour"], found["n"]) == (
        *("ktp", "phone", "2026-10-07", "13"),
        22,
    )


def test_a_market_day_and_two_families_are_no_burst() -> None:
    hours = hours_of({9: 4, 10: 5, 13: 3})
    hours |= {f"2026-10-07 {hour}": 3 * n for hour, n in (("09", 4), ("10", 5), ("13", 3))}
    assert checked(tally(one(hours=hours)))["bursts"]["state"] == "ok"
    assert checked(tally(one(hours=hours_of({9: 2, 10: 2}, {"2026-10-06 10": 7}))))["bursts"]["state"] == "ok"


def test_one_day_alone_and_paper_cannot_tell_a_burst() -> None:
    assert checked(tally(one(hours={"2026-10-07 09": 40})))["bursts"]["state"] == "unknown"
    assert checked(tally(one(channel="paper")))["bursts"]["state"] == "unknown"


def test_bursts_of_a_large_office_are_reckoned_as_well() -> None:
    hours = hours_of({9: 4000, 10: 4000, 13: 2000}, {"2026-10-07 13": 2500})
    assert [found["hour"] for found in checked(tally(one(hours=hours)))["bursts"]["bursts"]] == ["13"]


def test_identical_runs_are_seen_but_not_where_all_answer_alike() -> None:
    entry = checked(tally(one(repeats=30)))["repeats"]
    assert entry["state"] == "seen" and entry["parts"][0]["repeats"] == 30
    assert checked(tally(one(repeats=6)))["repeats"]["state"] == "ok"
    content = part(BEST * 40)
    assert checked(tally(replace(content, repeats=39)))["repeats"]["state"] == "ok"


def test_straight_lining_is_counted_by_value_and_the_best_is_never_seen() -> None:
    entry = checked(tally(part(MIXED + [[3] * 9] * 30)))["straight"]
    assert (entry["state"], entry["n"], entry["persen"]) == ("seen", 30, "42.9")
    assert [value["n"] for value in entry["values"]] == [0, 0, 30, 0]
    assert checked(tally(part(MIXED + BEST * 40)))["straight"]["state"] == "ok"
    assert checked(tally(part([[3] * 9] * 29)))["straight"]["state"] == "unknown"


@pytest.mark.parametrize(("hour", "state"), [("06", "seen"), ("07", "ok"), ("16", "ok"), ("17", "seen")])
def test_answers_outside_service_hours_are_seen(hour: str, state: str) -> None:
    entry = checked(tally(one(hours={f"2026-10-07 {hour}": 2})))["outside"]
    assert entry["state"] == state and entry["n"] == (2 if state == "seen" else 0)


def test_too_fast_forms_need_more_than_a_twentieth_and_a_honeypot_only_one() -> None:
    entries = checked(tally(one(flags={"fast": 2, "honeypot": 1})))
    assert (entries["fast"]["state"], entries["honeypot"]["state"]) == ("ok", "seen")
    assert checked(tally(one(flags={"fast": 3})))["fast"]["state"] == "seen"
    assert checked(tally(one(channel="paper")))["fast"]["state"] == "unknown"


def test_channels_are_compared_only_from_thirty_answers() -> None:
    helped = replace(part(BEST * 20 + MIXED[:20]), channel="assisted")
    entries = checked(tally(one(), helped))
    assert entries["assisted"]["persen"] == "50.0" and entries["assisted"]["state"] == "ok"
    difference = entries["mode"]["differences"][0]
    assert (difference["channel"], difference["base"], difference["distinct"]) == ("assisted", "phone", True)
    assert float(difference["low"]) < float(difference["difference"]) < float(difference["high"])
    assert entries["mode"]["state"] == "seen"
    few = checked(tally(one(), replace(part(BEST * 29), channel="assisted")))["mode"]
    assert few["state"] == "unknown" and [entry["id"] for entry in few["channels"]] == ["phone"]


def test_more_answers_than_services_are_seen() -> None:
    assert checked(tally(one()))["served"]["state"] == "unknown"
    assert checked(tally(one(), population={"ktp": 40}))["served"]["state"] == "ok"
    entry = checked(tally(one(), population={"ktp": 39, "kk": 500}))["served"]
    assert entry["state"] == "seen" and entry["over"] == [{"layanan": "ktp", "n": 40, "population": 39}]


@pytest.mark.parametrize("blank", ["available", "zero", "complete"])
@pytest.mark.parametrize("best", [0, 1, 3, 9])
def test_k_is_what_taking_the_best_forms_away_one_by_one_gives(blank: str, best: int) -> None:
    others = [*MIXED[:12], [3, None, 3, 3, 3, 3, 3, 3, 3]]
    counted = tally(part([*others, *BEST * best]), blank=blank)
    letters = [score(replace(counted, parts=(part([*others, *BEST * n]),)))["mutu"] for n in range(best, -1, -1)]
    expected = next((k for k, mutu in enumerate(letters) if mutu != letters[0]), None)
    entry = checked(counted)["kstar"]
    assert (entry["k"], entry["best"], entry["mutu"]) == (expected, best, letters[0])
    assert entry["below"] == (None if expected is None else letters[expected])


def test_k_does_not_exist_where_everybody_is_content() -> None:
    entry = checked(tally(part(BEST * 40)))["kstar"]
    assert (entry["state"], entry["k"], entry["best"]) == ("ok", None, 40)


def week(*codes: dict[str, int]) -> dict[str, Any]:
    """Return what is said of bursts where each of `codes` is the hours of one layanan."""
    return checked(
        tally(*(replace(one(), layanan=name, hours=hours) for name, hours in zip("abc", codes, strict=False)))
    )["bursts"]


@pytest.mark.parametrize(("n", "state"), [(590, "ok"), (600, "seen"), (640, "seen")])
def test_an_hour_is_no_burst_below_one_and_a_half_times_what_its_own_qr_code_usually_holds(n: int, state: str) -> None:
    """The other code rests that morning, so by all codes together 590 answers are many; by its own 400 are usual."""
    own = hours_of({9: 400, 10: 400}) | {f"{WEEK[-1]} 09": n}
    other = {f"{day} 13": 1000 for day in WEEK[:-1]}
    entry = week(own, other)
    assert entry["state"] == state
    assert [(found["hour"], found["n"], found["usual"]) for found in entry["bursts"]] == (
        [("09", n, "400.0")] if state == "seen" else []
    )


def test_the_only_hour_of_a_small_qr_code_is_no_burst_where_all_others_come_in_that_hour_too() -> None:
    everyone = {f"{WEEK[0]} 09": 100, f"{WEEK[1]} 09": 1}
    assert [found["layanan"] for found in week({f"{WEEK[0]} 09": 10}, everyone)["bursts"]] == ["b"]
    assert week({f"{WEEK[0]} 09": 10}, everyone | {f"{WEEK[1]} 09": 90})["bursts"] == []


def test_a_part_of_nobody_and_one_where_all_chose_one_value_expect_repeats_for_what_they_are() -> None:
    nobody = replace(part([]), channel="kiosk")
    assert checked(tally(nobody))["repeats"] == {
        **{"id": "repeats", "state": "unknown", "repeats": 0, "of": 0, "persen": None, "expected": "0.0", "parts": []}
    }
    assert checked(tally(part(BEST * 40)))["repeats"]["expected"] == "40.0"
    assert checked(tally(part(BEST * 20 + [[3] * 9] * 20)))["repeats"]["expected"] == "20.0"
    assert checked(tally(part(BEST * 20), replace(part(BEST * 40), channel="kiosk")))["repeats"]["expected"] == "60.0"


def test_ten_answers_in_an_hour_where_six_are_usual_are_what_chance_may_do() -> None:
    assert week(hours_of({9: 6, 10: 6, 13: 6}, {f"{WEEK[2]} 09": 4}))["state"] == "ok"
    assert week(hours_of({9: 6, 10: 6, 13: 6}, {f"{WEEK[2]} 09": 34}))["state"] == "seen"


@pytest.mark.parametrize(("n", "straight", "state"), [(100, 24, "ok"), (100, 25, "seen"), (41250, 5214, "ok")])
def test_a_share_is_seen_above_four_standard_deviations_over_the_usual_and_not_on_them(
    n: int, straight: int, state: str
) -> None:
    """Of 100 twelve are usual and 13.0 more are four deviations; of 41,250 just 264 more."""
    counted = one(n=n, complete=n, straight={"3": straight})
    group = group_of(tally(counted), PACK, (replace(part(MIXED), complete=n, straight={"3": straight}),), None)
    (entry,) = (entry for entry in panel(tally(), group) if entry["id"] == "straight")
    assert entry["state"] == state


def test_thirty_respondents_are_enough_for_repeats_and_for_straight_lines() -> None:
    thirty = part(MIXED[:30])
    assert checked(tally(thirty))["repeats"]["state"] == "ok"
    assert checked(tally(replace(thirty, repeats=29)))["repeats"]["state"] == "seen"
    assert checked(tally(thirty))["straight"]["state"] == "ok"


def test_repeats_are_expected_from_straight_lines_and_question_by_question_from_the_others() -> None:
    """Twenty of forty alike for the best; the others agree on all but the first question, in which half are blank."""
    others = [[3, *[4] * 8]] * 10 + [[None, *[4] * 8]] * 10
    share = 20**2 / 40**2 + 20**2 / 40**2 * (10**2 + 10**2) / 20**2
    assert checked(tally(part(BEST * 20 + others)))["repeats"]["expected"] == f"{40 * share:.1f}" == "15.0"
    assert checked(tally(part([*BEST, [3, *[4] * 8]])))["repeats"]["expected"] == "1.0"


def channels(**rows: list[list[int | None]]) -> dict[str, Any]:
    """Return what is said of channels of which each was answered by `rows`."""
    return checked(tally(*(replace(part(answers), channel=name) for name, answers in rows.items())))["mode"]


def test_channels_are_compared_with_the_largest_that_citizens_fill_in_alone() -> None:
    found = channels(phone=MIXED[:30], kiosk=MIXED[:35], assisted=MIXED, paper=BEST * 90)
    assert {pair["base"] for pair in found["differences"]} == {"kiosk"}
    assert [pair["channel"] for pair in found["differences"]] == ["assisted", "paper", "phone"]
    assert channels(paper=MIXED[:35], assisted=MIXED)["differences"][0]["base"] == "assisted"
    assert channels(phone=MIXED, kiosk=MIXED)["differences"][0]["base"] == "phone"


def test_the_difference_of_two_channels_has_the_variances_of_both() -> None:
    """All but one chose the best in every unsur, so it is one ratio: 100 less 75 / 40, of variance 75^2 / (40 x 40)."""
    found = channels(phone=BEST * 39 + [[1] * 9], kiosk=BEST * 38 + [[3] * 9] * 2)["differences"]
    variance = 75**2 * 39 / 40 / 40 / 39 + 25**2 * 2 * 38 / 40 / 40 / 39
    margin = 1.96 * variance**0.5
    assert found == [
        {
            **{"channel": "kiosk", "base": "phone", "difference": "0.63", "distinct": False},
            **{"low": f"{0.625 - margin:.2f}", "high": f"{0.625 + margin:.2f}"},
        }
    ]


def test_one_answer_outside_service_hours_is_seen_and_several_of_one_channel_add_up() -> None:
    assert checked(tally(one(hours={"2026-10-07 06": 1, "2026-10-07 09": 39})))["outside"]["state"] == "seen"
    entry = checked(tally(one(hours={"2026-10-07 06": 1, "2026-10-08 20": 2})))["outside"]
    assert (entry["n"], entry["of"], entry["channels"]) == (3, 3, {"phone": 3})


def test_k_may_be_all_of_the_best_forms_or_all_but_the_one_that_keeps_an_unsur_answered() -> None:
    fair = [[3] * 9] * 11
    every = checked(tally(part([*fair, *BEST * 2])))["kstar"]
    assert (every["k"], every["best"], every["mutu"], every["below"]) == (2, 2, "B", "C")
    blank = [[2] * 8 + [None]] * 7
    kept = checked(tally(part([*blank, *BEST * 3])))["kstar"]
    assert (kept["k"], kept["best"], kept["below"]) == (2, 3, "D")
    fair = [[3] * 8 + [None]] * 11
    assert checked(tally(part([*fair, *BEST * 2])))["kstar"]["k"] is None


def test_a_burst_is_found_in_the_parts_of_one_qr_code_together_and_not_in_what_officers_took_down() -> None:
    usual, extra = hours_of({9: 4, 10: 4, 13: 2}), {f"{WEEK[2]} 13": 20}
    twice = checked(tally(one(hours=usual), one(hours=extra)))["bursts"]
    assert [(found["hour"], found["n"]) for found in twice["bursts"]] == [("13", 22)]
    helped = checked(tally(one(hours=usual), one(hours=extra, channel="assisted")))["bursts"]
    assert (helped["state"], helped["bursts"], helped["hours"]) == ("ok", [], 15)


def test_two_days_are_enough_to_see_a_burst_and_of_one_day_none_is_named() -> None:
    quiet = {f"{WEEK[0]} 09": 20, f"{WEEK[0]} 10": 20, f"{WEEK[1]} 10": 20}
    assert week(quiet | {f"{WEEK[1]} 09": 20})["state"] == "ok"
    assert week(quiet | {f"{WEEK[1]} 09": 90})["state"] == "seen"
    alone = week({f"{WEEK[0]} 09": 10, f"{WEEK[0]} 10": 600})
    assert (alone["state"], alone["bursts"], alone["n"], alone["days"]) == ("unknown", [], 0, 1)


def test_bursts_stand_in_the_order_of_their_hours_however_many_they_hold() -> None:
    found = week(hours_of({9: 4, 10: 4, 13: 4}, {f"{WEEK[3]} 09": 30, f"{WEEK[1]} 13": 60}))["bursts"]
    assert [(burst["day"], burst["hour"], burst["n"]) for burst in found] == [
        (WEEK[1], "13", 64),
        (WEEK[3], "09", 34),
    ]


def poisson_tail(mean: float, least: int) -> float:
    """Return the chance of `least` or more, in floats and by logarithms: another way than the exact sum."""
    return sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(least, least + 400))


@pytest.mark.parametrize("usual", [4, 10, 40, 150])
def test_an_hour_is_a_burst_from_the_count_on_that_chance_gives_once_in_fifty_periode(usual: int) -> None:
    """Four equal hours on five days: the cell's own day, hour and rest hold 3, 4 and 12 times the usual count."""
    unknown = usual * math.sqrt(2 * (1 / 3 + 1 / 4 + 1 / 12) / usual)
    visits = math.ceil(16 * (usual + unknown)) / 16 / 2
    enough = range(math.ceil(1.5 * usual), 4 * usual + 20)
    least = next(n for n in enough if poisson_tail(visits, -(-n // 2)) < 1 / 50 / 20)
    even = dict.fromkeys((9, 10, 11, 13), usual)
    for n, state in ((least - 1, "ok"), (least, "seen")):
        assert week(hours_of(even) | {f"{WEEK[2]} 10": n})["state"] == state


def test_a_day_of_one_hour_at_a_qr_code_is_measured_by_the_same_hour_of_its_other_days() -> None:
    """By all codes together four answers are usual at nine on the last day; this code alone has forty there a day."""
    busy = {f"{day} 09": 40 for day in WEEK[:-1]}
    other = hours_of({10: 40, 13: 40})
    assert week(busy | {f"{WEEK[-1]} 09": 45}, other)["bursts"] == []
    (found,) = week(busy | {f"{WEEK[-1]} 09": 140}, other)["bursts"]
    assert (found["layanan"], found["n"], found["usual"]) == ("a", 140, "40.0")


@pytest.mark.parametrize(
    ("there", "usual", "beside"),
    [
        ("the other hours of the day", {9: 400, 10: 10}, [{10: 10}, {10: 9}]),
        ("the same hour of other days", {9: 2, 10: 10}, [{10: 1600, 9: 2}, {10: 1600, 9: 1}]),
        ("the other hours of other days", {9: 15, 10: 2}, [{10: 60, 13: 2}, {10: 60, 13: 1}]),
    ],
)
def test_a_qr_code_has_an_hour_of_its_own_only_where_ten_answers_stand_on_every_side(
    there: str, usual: dict[int, int], beside: list[dict[int, int]]
) -> None:
    """By itself 400 answers are usual where the code has ten there, so 590 are no burst; by all codes they are."""
    crowd = {f"{day} 12": 1000 for day in WEEK[:-1]}
    for more, states in zip(beside, ("ok", "seen"), strict=True):
        own = {f"{day} {hour:02d}": n for day in WEEK[:-1] for hour, n in usual.items()}
        last = {f"{WEEK[-1]} 10": more[10], f"{WEEK[-1]} 09": 590}
        extra = {9: f"{WEEK[0]} 09", 13: f"{WEEK[0]} 13"}
        for hour, key in extra.items():
            own[key] = own.get(key, 0) + more.get(hour, 0)
        entry = week({key: n for key, n in (own | last).items() if n}, crowd)
        found = [burst for burst in entry["bursts"] if (burst["layanan"], burst["n"]) == ("a", 590)]
        assert bool(found) == (states == "seen"), there


@pytest.mark.parametrize("blank", ["available", "zero", "complete"])
def test_a_letter_that_a_twentieth_of_all_forms_carries_is_seen_and_one_that_more_carry_is_not(blank: str) -> None:
    """36 of 75 and four of 100 make 77.50; without two of these 75 + 50 / 38 = 76.32, which is a C."""
    for fair, best, k, persen, state in ((36, 4, 2, "5.0", "seen"), (35, 4, 2, "5.1", "ok"), (23, 2, 1, "4.0", "seen")):
        entry = checked(tally(part([[3] * 9] * fair + BEST * best), blank=blank))["kstar"]
        assert (entry["k"], entry["persen"], entry["state"], entry["of"]) == (k, persen, state, fair + best)
        assert (entry["mutu"], entry["below"]) == ("B", "C")
