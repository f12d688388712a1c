"""result.json: every figure of a periode, and None, never a guess, for those that do not exist."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import ALL, ELEVEN, FOURTEEN, NINE, part, rows_of, tally

from scoring.errors import IkmError
from scoring.instrument import built_in
from scoring.result import dump, score
from scoring.tally import Tally

UNSUR = [question.id for question in built_in(NINE).questions]  # in the order of the form, as rows are written
FIGURE = re.compile(r"-?\d+\.\d+")


def scored(*rows: str, **changes: Any) -> dict[str, Any]:
    """Return the result of answers written as rows of digits."""
    return score(tally(part(rows_of(" ".join(rows))), **changes))


def place(end: dict[str, Any]) -> tuple[list[str], list[str], str | None]:
    """Return which unsur stand at one end, which of them are tied, and the NRR of the third."""
    return end["unsur"], end["tied"], end["nrr"]


def leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def test_three_unsur_are_lowest_when_no_other_ties_with_the_third() -> None:
    lowest = scored("123444444")["lowest"]
    assert place(lowest) == (UNSUR[:3], [], "3.000")


def test_a_tie_with_the_third_lowest_brings_all_that_share_it_and_says_which() -> None:
    lowest = scored("123334444")["lowest"]
    assert place(lowest) == (UNSUR[:5], UNSUR[2:5], "3.000")


def test_a_tie_above_the_third_lowest_needs_no_explanation() -> None:
    assert place(scored("112444444")["lowest"]) == (UNSUR[:3], [], "2.000")


def test_when_all_unsur_are_equal_all_are_lowest_and_all_are_highest() -> None:
    figures = scored("333333333")
    everything = [unsur.id for unsur in built_in(NINE).unsur]
    for end in (figures["lowest"], figures["highest"]):
        assert (sorted(end["unsur"]), sorted(end["tied"])) == (sorted(everything), sorted(everything))


def test_unsur_that_print_the_same_are_tied_although_their_exact_means_differ() -> None:
    counted = part(rows_of(" ".join(["112244444"] * 4001)))
    answers = {**counted.answers, UNSUR[3]: (1, 4000, 0, 0)}  # 1.99975 beside 2
    lowest = score(tally(replace(counted, answers=answers)))["lowest"]
    assert place(lowest) == (UNSUR[:4], UNSUR[2:4], "2.000")


def test_the_three_highest_stand_from_the_top_down() -> None:
    chosen = [UNSUR[8], UNSUR[7], UNSUR[5], UNSUR[6]]
    assert place(scored("111112234")["highest"]) == (chosen, [UNSUR[5], UNSUR[6]], "2.000")


def test_an_unsur_without_an_answer_is_neither_lowest_nor_highest() -> None:
    figures = scored("12344444-")
    assert "pengaduan" not in figures["lowest"]["unsur"] + figures["highest"]["unsur"]


def before(*rows: str, **changes: Any) -> Tally:
    fields = {"periode": "2026-09", "mulai": "2026-08-25", "selesai": "2026-09-24", **changes}
    return tally(part(rows_of(" ".join(rows))), **fields)


def test_the_change_is_the_difference_of_the_two_printed_figures() -> None:
    figures = scored("444444443", "333333333", "333333333", previous=before("333333333", "333333334", "333333333"))
    previous = figures["previous"]
    assert (previous["periode"], previous["comparable"], previous["n_responden"]) == ("2026-09", True, 3)
    assert (figures["ikm"], previous["ikm"], previous["change"]) == ("82.41", "75.93", "6.48")
    assert previous["unsur_change"]["persyaratan"] == "0.333"
    assert previous["unsur_change"]["pengaduan"] == "-0.333"


@pytest.mark.parametrize(
    "other", [{"rule": "0.11"}, {"blank": "zero"}, {"form": f"{NINE}/0"}], ids=["rule", "blank", "form"]
)
def test_periode_scored_in_different_ways_are_shown_but_not_compared(other: dict[str, str]) -> None:
    previous = scored("444444444", previous=before("333333333", **other))["previous"]
    assert previous["comparable"] is False
    same_answers_asked = "rule" in other  # the rule weighs the unsur, it does not change them
    assert previous["change"] is None
    assert set(previous["unsur_change"].values()) == ({"1.000"} if same_answers_asked else {None})
    assert previous["ikm"] == ("74.25" if "rule" in other else "75.00")


def test_a_periode_of_another_instrument_is_shown_with_its_own_unsur_but_not_compared() -> None:
    earlier = tally(part([[3] * 14], instrument=FOURTEEN), instrument=FOURTEEN, periode="2026-09")
    figures = scored("444444444", previous=earlier)
    previous = figures["previous"]
    assert (previous["instrument"], previous["comparable"], previous["ikm"]) == (FOURTEEN, False, "75.00")
    assert len(previous["unsur"]) == 14
    assert list(previous["unsur_change"]) == [entry["id"] for entry in figures["unsur"]]


def test_a_figure_that_does_not_exist_has_no_change() -> None:
    figures = scored("44444444-", previous=before("333333333"))
    previous = figures["previous"]
    assert (figures["ikm"], previous["comparable"], previous["change"]) == (None, True, None)
    assert (previous["unsur_change"]["pengaduan"], previous["unsur_change"]["biaya"]) == (None, "1.000")


def test_no_periode_before_or_an_empty_one_leaves_nothing_to_compare() -> None:
    assert scored("444444444")["previous"] is None
    assert scored("444444444", previous=tally(periode="2026-09"))["previous"] is None


@pytest.mark.parametrize(("population", "reached"), [(1, True), (2, True), (3, False)])
def test_the_sample_is_reached_when_as_many_answered_as_the_table_asks(population: int, reached: bool) -> None:
    sample = scored("444444444", "333333333", population={"ktp": population, "kk": 0})["sample"]
    assert sample["rule"] == "krejcie-morgan"
    assert (sample["population"], sample["minimum"], sample["reached"]) == (population, population, reached)


@pytest.mark.parametrize("population", [{}, {"ktp": 400}])
def test_the_sample_is_unknown_while_the_people_served_are_not_known_for_all(population: dict[str, int]) -> None:
    sample = scored("444444444", population=population)["sample"]
    assert [sample[key] for key in ("population", "minimum", "reached", "response_rate")] == [None] * 4


def test_kep_25_asks_for_150_respondents_however_many_were_served() -> None:
    for population in ({}, {"ktp": 10, "kk": 1}):
        rows = [[3] * 14] * 149
        sample = score(tally(part(rows, instrument=FOURTEEN), instrument=FOURTEEN, population=population))["sample"]
        assert (sample["minimum"], sample["reached"]) == (150, False)
    rows.append([3] * 14)
    assert score(tally(part(rows, instrument=FOURTEEN), instrument=FOURTEEN))["sample"]["reached"] is True


def test_the_response_rate_is_a_percentage_with_one_decimal() -> None:
    figures = scored("444444444", "333333333", population={"ktp": 3, "kk": 4})
    assert figures["sample"]["response_rate"] == "28.6"
    assert [entry["response_rate"] for entry in figures["layanan"]] == ["66.7", "0.0"]


@pytest.mark.parametrize("instrument", ALL)
def test_an_empty_periode_has_undefined_figures_and_does_not_crash(instrument: str) -> None:
    figures = score(tally(instrument=instrument))
    assert figures["n_responden"] == figures["n_complete"] == 0
    assert [figures[key] for key in ("nilai", "ikm", "ikm_exact", "mutu", "kinerja")] == [None] * 5
    assert {entry["nrr"] for entry in figures["unsur"]} == {None}
    assert place(figures["lowest"]) == place(figures["highest"]) == ([], [], None)
    assert {sum(entry["counts"]) for entry in figures["questions"]} == {0}
    assert {row["persen"] for field in figures["profil"] for row in field["options"]} == {None}
    assert figures["channel"] == []


def test_a_layanan_with_nobody_stands_in_its_place_with_undefined_figures() -> None:
    figures = scored("444444444")
    assert [(entry["id"], entry["n_responden"], entry["ikm"]) for entry in figures["layanan"]] == [
        ("ktp", 1, "100.00"),
        ("kk", 0, None),
    ]


def test_layanan_and_channels_have_the_figures_of_their_own_respondents() -> None:
    figures = score(
        tally(
            part(rows_of("444444444")),
            part(rows_of("222222222"), channel="paper"),
            part(rows_of("333333333"), layanan="kk", channel="paper"),
        )
    )
    assert [(entry["id"], entry["n_responden"], entry["ikm"]) for entry in figures["layanan"]] == [
        ("ktp", 2, "75.00"),
        ("kk", 1, "75.00"),
    ]
    assert [(entry["id"], entry["n_responden"], entry["ikm"]) for entry in figures["channel"]] == [
        ("paper", 2, "62.50"),
        ("phone", 1, "100.00"),
    ]


@given(st.lists(st.lists(st.tuples(*[st.integers(1, 4)] * 9), min_size=1, max_size=8), min_size=2, max_size=2))
def test_without_blanks_the_index_of_all_is_the_mean_of_the_layanan_weighted_by_respondents(
    groups: list[list[tuple[int, ...]]],
) -> None:
    figures = score(tally(part(groups[0]), part(groups[1], layanan="kk")))
    weighted = [Fraction(entry["ikm_exact"]) * entry["n_responden"] for entry in figures["layanan"]]
    assert Fraction(figures["ikm_exact"]) == Fraction(sum(weighted), figures["n_responden"])


def test_a_rehearsal_stays_a_rehearsal() -> None:
    assert scored("444444444", rehearsal=True)["rehearsal"] is True
    assert scored("444444444")["rehearsal"] is False


def test_eleven_unsur_give_both_indexes_and_the_one_of_nine_stays_exact_under_a_printed_weight() -> None:
    answers = part([[1, 2, 3, 4, 4, 3, 2, 1, 1, 4, 4], [3] * 11], instrument=ELEVEN)
    by_rule = {
        rule: score(tally(answers, instrument=ELEVEN, rule=rule)) for rule in ("exact", "0.0909", "0.091", "0.09")
    }
    nine = {rule: figures["indexes"][1] for rule, figures in by_rule.items()}
    assert {index["id"] for index in nine.values()} == {"ikm-9"}
    assert {index["ikm_exact"] for index in nine.values()} == {"200/3"}
    assert Fraction(25 * (21 + 27), 2 * 9) == Fraction(200, 3)
    assert [figures["ikm"] for figures in by_rule.values()] == ["70.45", "70.45", "70.53", "69.75"]
    assert [figures["indexes"][0]["ikm"] for figures in by_rule.values()] == ["70.45", "70.45", "70.53", "69.75"]


def test_the_nine_and_eleven_agree_on_the_index_of_nine() -> None:
    eleven = score(tally(part([[1, 2, 3, 4, 4, 3, 2, 1, 1, 4, 4]], instrument=ELEVEN), instrument=ELEVEN))
    assert eleven["indexes"][1]["ikm_exact"] == scored("123443211")["ikm_exact"]


def test_questions_give_every_count_and_the_blanks() -> None:
    (last,) = (entry for entry in scored("44444444-", "444444441")["questions"] if entry["id"] == "pengaduan")
    assert last == {"id": "pengaduan", "unsur": "pengaduan", "counts": [1, 0, 0, 0], "blank": 1}


def test_profile_rows_add_up_to_the_respondents_and_say_who_left_it_out() -> None:
    answers = part(rows_of("444444444 444444444 333333333"), profil={"jenis_kelamin": {"P": 2}})
    field = score(tally(answers))["profil"][0]
    assert [(row["code"], row["n"], row["persen"]) for row in field["options"]] == [
        ("L", 0, "0.0"),
        ("P", 2, "66.7"),
        ("", 1, "33.3"),
    ]


def test_complete_respondents_are_counted() -> None:
    assert scored("44444444-", "444444441")["n_complete"] == 1


def test_counts_are_whole_numbers_and_every_figure_is_a_text_with_a_decimal_point() -> None:
    figures = scored("12344321-", "444444444", population={"ktp": 9, "kk": 1}, previous=before("333333333"))
    assert {type(leaf) for leaf in leaves(figures)} == {str, int, bool, type(None)}
    for key in ("nilai", "ikm"):
        assert FIGURE.fullmatch(figures[key])
    for entry in figures["unsur"]:
        assert all(FIGURE.fullmatch(entry[key]) for key in ("nrr", "nrr_tertimbang", "konversi"))
        assert type(entry["n"]) is int


def test_the_file_has_sorted_keys_and_ends_with_a_line_end() -> None:
    text = dump(scored("444444444"))
    assert text.endswith("}\n")
    assert list(json.loads(text)) == sorted(json.loads(text))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"instrument": "skm-2030"}, "INSTRUMENT_UNKNOWN"),
        ({"rule": "0.071"}, "RULE_UNKNOWN"),
        ({"blank": "tebakan"}, "BLANK_UNKNOWN"),
    ],
)
def test_an_unknown_instrument_rule_or_reading_of_blanks_stops_the_work(changes: dict[str, str], code: str) -> None:
    with pytest.raises(IkmError) as caught:
        score(replace(tally(part(rows_of("444444444"))), **changes))
    assert caught.value.code == code
