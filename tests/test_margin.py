"""How sure a figure is: variances equal to a count over the rows, intervals that hold what they promise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import pstdev
from typing import Any

import pytest
from scoring_samples import ALL, ELEVEN, NINE, POOLED, Answers, part, rows_of, tally

from scoring.errors import IkmError
from scoring.group import Group, differs, group_of
from scoring.instrument import BLANKS, Instrument, built_in, parse_instrument
from scoring.margin import half_width
from scoring.result import score
from scoring.tally import count_rows

PACKS = {name: built_in(name) for name in ALL}


def answers(seed: int, n: int, pack: Instrument, blanks: float = 0.0) -> list[list[int | None]]:
    """Return rows of people who are more or less content as a whole, so that their answers go together."""
    people = random.Random(seed)
    rows: list[list[int | None]] = []
    for _ in range(n):
        mood = people.choice((0, 0, 1, 1, 2))
        row = [min(4, max(1, people.choice((1, 2, 2, 3)) + mood - place % 2)) for place in range(len(pack.questions))]
        rows.append([None if people.random() < blanks else value for value in row])
    return rows


def group(
    pack: Instrument, rows: Sequence[Answers], blank: str = "available", rule: str = "exact", served: int | None = None
) -> Group:
    counted = count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high)
    return Group(pack, counted, pack.rule(rule), blank, served)


def treated(rows: Sequence[Answers], blank: str) -> list[list[int | None]]:
    """Return the rows as the treatment of blanks sees them."""
    if blank == "complete":
        return [list(row) for row in rows if None not in row]
    return [[0 if value is None and blank == "zero" else value for value in row] for row in rows]


def by_rows(
    pack: Instrument, rows: Sequence[Answers], blank: str, weights: dict[str, Fraction], served: int | None = None
) -> Fraction:
    """Return the variance of the weighted sum of ratios, from the residual of every single respondent."""
    seen = treated(rows, blank)
    places = {
        unsur: [place for place, question in enumerate(pack.questions) if question.unsur == unsur] for unsur in weights
    }
    filled = {u: [v for row in seen for v in (row[at] for at in places[u]) if v is not None] for u in weights}
    residuals = []
    for row in seen:
        z = Fraction(0)
        for unsur, weight in weights.items():
            mine = [value for value in (row[at] for at in places[unsur]) if value is not None]
            ratio = Fraction(sum(filled[unsur]), len(filled[unsur]))
            z += weight * (sum(mine) - ratio * len(mine)) / len(filled[unsur])
        residuals.append(z)
    n = len(seen)
    finite = 1 if served is None or served < n else 1 - Fraction(n, served)
    return Fraction(n, n - 1) * sum(z * z for z in residuals) * finite


@pytest.mark.parametrize("instrument", ALL)
@pytest.mark.parametrize("blank", BLANKS)
def test_the_variance_of_the_index_is_that_of_a_count_over_every_respondent(instrument: str, blank: str) -> None:
    pack = PACKS[instrument]
    for share in (0.0, 0.05, 0.15):
        rows = answers(int(share * 100), 45, pack, share)
        for rule in pack.rules:
            found = group(pack, rows, blank, rule.id)
            for figure in found.figures:
                assert found.spread(figure.bobot) == by_rows(pack, rows, blank, dict(figure.bobot)) * 25**2


@pytest.mark.parametrize("blank", BLANKS)
def test_the_variance_of_any_weights_is_that_of_a_count_over_every_respondent(blank: str) -> None:
    pack, people = PACKS[NINE], random.Random(4)
    for seed in range(8):
        rows = answers(seed, people.randint(30, 60), pack, 0.1)
        weights = {unsur.id: Fraction(people.randint(-5, 9), people.randint(1, 12)) for unsur in pack.unsur}
        assert group(pack, rows, blank).spread(weights) == by_rows(pack, rows, blank, weights) * 625


def test_a_person_who_left_everything_blank_counts_as_a_person_and_changes_no_ratio() -> None:
    pack = PACKS[NINE]
    rows = [*answers(3, 40, pack, 0.1), [None] * 9, [None] * 9]
    found = group(pack, rows)
    assert found.sums.n == 42
    assert found.spread(found.figures[0].bobot) == by_rows(pack, rows, "available", dict(found.figures[0].bobot)) * 625


@pytest.mark.parametrize("blank", BLANKS)
def test_an_unsur_fed_by_two_questions_pools_their_answers_in_the_variance_too(blank: str) -> None:
    pack = parse_instrument("kecil.toml", POOLED)
    rows = answers(7, 60, pack, 0.2)
    for rule in ("exact", "0.4"):
        found = group(pack, rows, blank, rule)
        seen = treated(rows, blank)
        pooled = [value for row in seen for value in (row[0], row[2]) if value is not None]
        assert found.nrr["sarana"] == Fraction(sum(pooled), len(pooled))
        weights = dict(found.figures[0].bobot)
        assert found.spread(weights) == by_rows(pack, rows, blank, weights) * 625
        assert found.unsur_spread("sarana") == by_rows(pack, rows, blank, {"sarana": Fraction(1)}) * 625


def resampled(pack: Instrument, rows: Sequence[Answers], blank: str, times: int) -> float:
    """Return the standard deviation of the IKM over samples of the respondents, drawn with replacement.

    All sums of a person stand in one whole number, 20 bits each, so that one addition adds them all.
    """
    people, seen = random.Random(11), treated(rows, blank)
    packed = [
        sum((value | 1 << 20) << 40 * place for place, value in enumerate(row) if value is not None) for row in seen
    ]
    mask, values = (1 << 20) - 1, []
    for _ in range(times):
        drawn = sum(people.choices(packed, k=len(packed)))
        pairs = [(drawn >> 40 * place & mask, drawn >> 40 * place + 20 & mask) for place in range(len(pack.questions))]
        values.append(25 * sum(total / filled for total, filled in pairs) / len(pairs))
    return pstdev(values)


@pytest.mark.parametrize("instrument", ALL)
@pytest.mark.parametrize(
    ("n", "share", "blank"), [(200, 0.0, "available"), (400, 0.08, "available"), (300, 0.1, "zero")]
)
def test_the_margin_is_that_of_drawing_the_respondents_again_and_again(
    instrument: str, n: int, share: float, blank: str
) -> None:
    pack = PACKS[instrument]
    rows = answers(n, n, pack, share)
    found = group(pack, rows, blank).fields()["interval"]
    assert float(found["margin"]) == pytest.approx(1.96 * resampled(pack, rows, blank, 2500), rel=0.05)


@pytest.mark.parametrize("blank", ["available", "complete"])
def test_the_interval_holds_the_true_value_about_nineteen_times_in_twenty(blank: str) -> None:
    pack, people = PACKS[NINE], random.Random(2)
    everyone = answers(99, 1500, pack, 0.02)
    truth = group(pack, everyone, blank).figures[0].ikm
    assert truth is not None
    held = 0
    for _ in range(300):
        fields = group(pack, people.sample(everyone, 80), blank, served=1500).fields()
        held += Fraction(fields["interval"]["low"]) <= truth <= Fraction(fields["interval"]["high"])
    assert 276 <= held <= 294


def test_the_people_served_make_the_interval_narrower_and_fewer_than_asked_do_not_count() -> None:
    pack = PACKS[NINE]
    rows = answers(1, 40, pack)
    spreads = {served: group(pack, rows, served=served).unsur_spread("waktu") for served in (None, 39, 41, 80, 4000)}
    free = spreads[None]
    assert free
    assert spreads[39] == free
    assert spreads[41] == free / 41
    assert spreads[80] == free / 2
    assert spreads[4000] == free * 99 / 100
    result = score(tally(part(rows), part(answers(2, 40, pack), layanan="kk"), population={"ktp": 80, "kk": 320}))
    assert Fraction(result["layanan"][0]["variance"]) == by_rows(pack, rows, "available", equal(pack), 80) * 625
    whole = by_rows(pack, rows + answers(2, 40, pack), "available", equal(pack), 400) * 625
    assert Fraction(result["variance"]) == whole


def equal(pack: Instrument) -> dict[str, Fraction]:
    return {unsur.id: Fraction(1, len(pack.unsur)) for unsur in pack.unsur}


def test_where_everyone_served_has_answered_the_margin_is_nil_and_not_for_want_of_difference() -> None:
    fields = group(PACKS[NINE], answers(1, 40, PACKS[NINE]), served=40).fields()
    interval = {name: fields["interval"][name] for name in ("margin", "low", "high", "reason")}
    assert interval == {"margin": "0.00", "low": fields["ikm"], "high": fields["ikm"], "reason": None}


def test_under_thirty_respondents_all_alike_or_without_a_value_there_is_no_interval_and_a_reason() -> None:
    nothing = {"margin": None, "low": None, "high": None}
    pack = PACKS[NINE]
    rows = answers(5, 30, pack)
    cases = {
        "few": group(pack, rows[:29]),
        "same": group(pack, rows_of("334433443 " * 30)),
        "undefined": group(pack, [[*row[:8], None] for row in rows]),
    }
    for reason, found in cases.items():
        assert found.fields()["interval"] == {**nothing, "reason": reason, "mutu": None}
    assert group(pack, rows).fields()["interval"]["reason"] is None
    half = [*rows[:29], [None, *rows[29][1:]]]
    assert group(pack, half, "complete").fields()["interval"]["reason"] == "few"
    assert group(pack, []).fields()["interval"]["reason"] == "undefined"
    assert group(pack, rows[:1]).fields()["interval"]["reason"] == "undefined"


@pytest.mark.parametrize("instrument", ALL)
def test_an_interval_stays_within_the_scale_its_ends_in_order_under_every_rule(instrument: str) -> None:
    pack = PACKS[instrument]
    size = len(pack.questions)
    edges = [
        [[4] * size] * 29 + [[3] + [4] * (size - 1)],
        [[1] * size] * 29 + [[2] + [1] * (size - 1)],
        [[1] * size, [4] * size] * 15,
    ]
    for rows in edges:
        for rule in pack.rules:
            found = group(pack, rows, rule=rule.id).fields()
            for entry in (found, *found["unsur"], *found["indexes"]):
                interval = entry["interval"]
                if interval["margin"] is not None:
                    assert 25 <= Fraction(interval["low"]) <= Fraction(interval["high"]) <= 100, (rule.id, interval)


def test_a_value_that_a_printed_weight_pushed_over_the_scale_has_its_interval_at_the_end_of_the_scale() -> None:
    rows = [[4] * 11] * 29 + [[3] + [4] * 10]
    found = group(PACKS[ELEVEN], rows, rule="0.091").fields()
    assert (found["ikm"], found["interval"]["high"], found["interval"]["mutu"]) == ("100.02", "100.00", ["A"])


def test_the_root_in_a_margin_is_right_to_twelve_decimals() -> None:
    people = random.Random(8)
    for _ in range(500):
        spread = Fraction(people.randint(1, 10**9), people.randint(1, 10**12))
        with localcontext() as context:
            context.prec = 60
            root = (Decimal(spread.numerator) / Decimal(spread.denominator)).sqrt()
        assert 0 <= Fraction(root) - half_width(spread) / Fraction(196, 100) < Fraction(1, 10**12)
    assert half_width(Fraction(9, 4)) == Fraction(294, 100)
    assert half_width(Fraction(0)) == 0


def test_the_letters_of_an_interval_are_those_whose_band_it_touches() -> None:
    seen = set()
    for instrument in ALL:
        pack = PACKS[instrument]
        for seed in range(12):
            rows = answers(seed, 30 + seed, pack)
            rows = [[min(4, value + seed % 3) if value else None for value in row] for row in rows]
            fields = group(pack, rows).fields()
            low, high = (Decimal(fields["interval"][end]) for end in ("low", "high"))
            touched = [band.mutu for band in pack.bands if band.min <= high and low <= band.max]
            assert fields["interval"]["mutu"] == touched
            assert fields["mutu"] in touched
            seen.add(len(touched))
    assert {1, 2} <= seen


def compared(now: Sequence[Answers], then: Sequence[Answers], **changes: Any) -> dict[str, Any]:
    before = tally(part(then), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24", **changes)
    return score(tally(part(now), previous=before, **changes))


@pytest.mark.parametrize("blank", BLANKS)
def test_the_margin_of_a_change_is_the_root_of_both_variances_together(blank: str) -> None:
    pack = PACKS[NINE]
    now, then = answers(1, 60, pack, 0.03), answers(2, 90, pack, 0.03)
    result = compared(now, then, blank=blank)
    found, change = result["previous"]["change_interval"], Decimal(result["previous"]["change"])
    both = sum(by_rows(pack, rows, blank, equal(pack)) * 625 for rows in (now, then))
    margin = 1.96 * float(both) ** 0.5
    assert float(found["margin"]) == pytest.approx(margin, abs=0.0051)
    assert float(found["low"]) == pytest.approx(float(change) - margin, abs=0.0051)
    assert float(found["high"]) == pytest.approx(float(change) + margin, abs=0.0051)
    assert found["distinct"] == (abs(float(change)) > margin)
    assert Fraction(result["variance"]) + Fraction(result["previous"]["variance"]) == both


def test_a_change_is_distinct_when_it_is_large_and_not_when_it_is_small() -> None:
    pack = PACKS[NINE]
    rows = answers(1, 60, pack)
    worse = [[max(1, (value or 1) - 1) for value in row] for row in rows]
    assert compared(rows, worse)["previous"]["change_interval"]["distinct"] is True
    assert all(compared(rows, worse)["previous"]["unsur_distinct"].values())
    alike = compared(rows, answers(2, 60, pack))["previous"]
    assert alike["change_interval"]["distinct"] is False
    assert compared(rows, rows[:29])["previous"]["change_interval"] is None
    assert compared(rows_of("333333333 " * 40), rows_of("444444444 " * 40))["previous"]["change_interval"] is None
    assert compared(rows, rows_of("444444444 " * 40))["previous"]["change_interval"] is None
    assert set(compared(rows, rows[:29])["previous"]["unsur_distinct"].values()) == {None}


APART = "112444444 221344444 " * 20  # the lowest three are 1 and 2 by turns, the fourth is 3 and 4
CLOSE = "111244444 222144444 121444444 114244444 " * 10  # the fourth is among them but for a few answers


def test_the_lowest_three_are_certain_where_the_next_is_clearly_better_and_not_where_it_is_close() -> None:
    lowest = score(tally(part(rows_of(APART))))["lowest"]
    assert (set(lowest["unsur"]), lowest["next"]) == ({"persyaratan", "prosedur", "waktu"}, "biaya")
    assert lowest["uncertain"] == []
    close = score(tally(part(rows_of(CLOSE))))["lowest"]
    assert (set(close["unsur"]), close["next"]) == ({"persyaratan", "prosedur", "waktu"}, "biaya")
    assert close["uncertain"] == ["waktu"]


def test_few_respondents_leave_open_whether_the_lowest_three_are_certain() -> None:
    assert score(tally(part(rows_of(APART)[:29])))["lowest"]["uncertain"] is None
    assert score(tally(part(rows_of("333333333 " * 40))))["lowest"]["uncertain"] is None  # none is left out


@pytest.mark.parametrize("blank", BLANKS)
def test_who_is_uncertain_among_the_lowest_and_highest_follows_from_every_single_answer(blank: str) -> None:
    pack, sizes = PACKS[NINE], set()
    for seed in range(12):
        rows = answers(seed, 45, pack, 0.03)
        result = score(tally(part(rows), blank=blank))
        found = group(pack, rows, blank)
        for name in ("lowest", "highest"):
            entry = result[name]
            doubtful = []
            for unsur in entry["unsur"]:
                spread = by_rows(pack, rows, blank, {unsur: Fraction(1), entry["next"]: Fraction(-1)})
                apart = (found.nrr[unsur] or 0) - (found.nrr[entry["next"]] or 0)
                if apart**2 <= Fraction(196, 100) ** 2 * spread:
                    doubtful.append(unsur)
            assert entry["uncertain"] == doubtful
            sizes.add(len(doubtful))
    assert len(sizes) > 1


def test_cross_sums_that_no_answers_can_have_are_refused_and_no_root_of_less_than_nothing_is_sought() -> None:
    counted = part(answers(1, 40, PACKS[NINE]))
    with pytest.raises(IkmError) as refused:
        score(tally(replace(counted, cross={})))
    assert refused.value.code == "TALLY_INVALID"


def test_the_figures_of_one_layanan_are_those_of_its_own_respondents() -> None:
    pack = PACKS[NINE]
    rows = answers(1, 35, pack, 0.05)
    sample = tally(part(rows[:20]), part(rows[20:], channel="paper"), part(answers(2, 50, pack), layanan="kk"))
    assert (
        score(sample)["layanan"][0]["interval"]
        == group_of(tally(part(rows)), pack, [part(rows)], None).fields()["interval"]
    )


def test_at_thirty_respondents_it_is_said_who_is_uncertain_and_what_changed_for_certain() -> None:
    assert score(tally(part(rows_of(APART)[:30])))["lowest"]["uncertain"] == []
    changed = compared(rows_of("333333333 " * 30), rows_of("444444444 " * 30))["previous"]["unsur_distinct"]
    assert set(changed.values()) == {True}


def test_unsur_that_rise_and_fall_together_are_told_apart_by_their_differences() -> None:
    """All give the lowest three one value from 1 to 3, and half of them the others one more: half a value apart."""
    rows = "111111111 111222222 222222222 222333333 333333333 333444444 " * 5
    assert score(tally(part(rows_of(rows))))["lowest"]["uncertain"] == []


def test_where_all_answered_alike_once_only_the_other_periode_makes_a_change_uncertain() -> None:
    alike, few = rows_of("444444444 " * 100), rows_of("344444444 " * 5 + "444444444 " * 95)
    for now, then in ((alike, few), (few, alike)):
        assert compared(now, then)["previous"]["unsur_distinct"]["persyaratan"] is True
    fewer = rows_of("344444444 " * 3 + "444444444 " * 97)
    for now, then in ((alike, fewer), (fewer, alike)):
        assert compared(now, then)["previous"]["unsur_distinct"]["persyaratan"] is False


def test_an_unsur_that_nobody_answered_is_zero_where_blanks_are_and_is_compared_as_such() -> None:
    none, one = rows_of("---111111 " * 30), rows_of("111111111 " * 30)
    for now, then in ((none, one), (one, none)):
        assert compared(now, then, blank="zero")["previous"]["unsur_distinct"]["persyaratan"] is True
    assert score(tally(part(none), blank="zero"))["lowest"]["uncertain"] == []
    best = score(tally(part(rows_of("111------ " * 30)), blank="zero"))["highest"]
    assert (best["next"], best["uncertain"]) == ("biaya", [])


def test_no_change_is_not_distinct_even_where_all_people_served_were_asked() -> None:
    rows = answers(1, 40, PACKS[NINE])
    found = compared(rows, rows, population={"ktp": 40, "kk": 0})["previous"]["change_interval"]
    assert found == {"margin": "0.00", "low": "0.00", "high": "0.00", "distinct": False}
    assert differs(Fraction(0), Fraction(0)) is False
    assert differs(Fraction(1), None) is None


def test_an_unsur_that_fewer_than_thirty_answered_has_no_interval_though_the_index_has() -> None:
    rows = [[None, *row[1:]] if place < 6 else row for place, row in enumerate(answers(1, 35, PACKS[NINE]))]
    result = score(tally(part(rows)))
    assert result["interval"]["reason"] is None
    assert [entry["interval"]["reason"] for entry in result["unsur"]] == ["few", *[None] * 8]
    rows[5][0] = 3
    assert score(tally(part(rows)))["unsur"][0]["interval"]["reason"] is None


def test_a_change_between_two_rules_has_neither_figure_nor_margin() -> None:
    rows = answers(1, 60, PACKS[NINE])
    before = tally(part(rows), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24", rule="0.11")
    found = score(tally(part(answers(2, 60, PACKS[NINE])), previous=before))["previous"]
    assert (found["comparable"], found["change"], found["change_interval"]) == (False, None, None)
