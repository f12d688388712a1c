"""The sentences of analysis follow from the result: what differs in the figures differs in the words."""

from __future__ import annotations

import random
from typing import Any

from scoring_samples import part, rows_of, tally

from publish import analysis
from publish.words import angka, bulat, daftar, nama_periode, persen, rentang, terbilang
from scoring.disclosure import published_groups
from scoring.result import score


def paragraph(result: dict[str, Any]) -> str:
    shown = published_groups({entry["id"]: entry["n_responden"] for entry in result["layanan"]})
    sentences = (
        analysis.summary(result),
        analysis.sample(result),
        analysis.change(result),
        analysis.lowest(result),
        analysis.highest(result),
        analysis.layanan(result, shown),
        analysis.blanks(result),
    )
    return " ".join(sentences)


def figures(result: dict[str, Any]) -> str:
    """Return what the sentences speak of, so that two results that differ in it must read differently."""
    ranked = [result[key]["unsur"] for key in ("lowest", "highest")]
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    values = [[nrr[unsur] for unsur in ids] for ids in ranked]
    blanks = [entry["blank"] for entry in result["unsur"]]
    return repr((result["ikm"], result["n_responden"], result["sample"], ranked, values, blanks))


def made_up(seed: int) -> dict[str, Any]:
    people = random.Random(seed)
    rows = [
        [people.choices((None, 1, 2, 3, 4), (1, 3, 10, 50, 36))[0] for _ in range(9)]
        for _ in range(people.randint(3, 60))
    ]
    population = {"ktp": people.randint(60, 900), "kk": people.randint(60, 900)} if people.random() < 0.8 else {}
    return score(tally(part(rows[::2]), part(rows[1::2] or rows, layanan="kk"), population=population))


def test_two_different_results_never_give_the_same_paragraph() -> None:
    seen: dict[str, str] = {}
    for seed in range(400):
        result = made_up(seed)
        text, fact = paragraph(result), figures(result)
        assert seen.setdefault(text, fact) == fact, text
    assert len(seen) > 390


def test_a_change_of_one_answer_changes_the_paragraph() -> None:
    before = score(tally(part(rows_of("333333333 444444444 343434343"))))
    after = score(tally(part(rows_of("333333333 444444444 343434344"))))
    assert paragraph(before) != paragraph(after)


def test_a_sample_that_is_too_small_is_said_with_what_is_missing() -> None:
    result = score(tally(part(rows_of("333333333 " * 12)), population={"ktp": 380, "kk": 0}))
    sentence = analysis.sample(result)
    assert "belum memadai" in sentence
    assert "191 responden" in sentence
    assert "kurang 179 orang" in sentence


def test_a_sample_that_is_reached_is_said() -> None:
    result = score(tally(part(rows_of("333333333 " * 12)), population={"ktp": 10, "kk": 0}))
    assert "sudah memadai" in analysis.sample(result)


def test_an_unknown_population_is_said_and_nothing_is_claimed() -> None:
    sentence = analysis.sample(score(tally(part(rows_of("333333333")))))
    assert "belum dicatat" in sentence
    assert "memadai" not in sentence


def test_a_tie_for_the_third_place_is_explained() -> None:
    sentence = analysis.lowest(score(tally(part(rows_of("122444444 122444444")))))
    assert "Persyaratan (1,000)" in sentence
    tie = analysis.lowest(score(tally(part(rows_of("122244444 122244444")))))
    assert "Empat unsur disebut karena" in tie
    assert "bernilai sama (2,000)" in tie


def test_equal_unsur_have_no_lowest_one() -> None:
    assert "tidak ada unsur terendah" in analysis.lowest(score(tally(part(rows_of("333333333")))))


def test_another_instrument_is_not_compared() -> None:
    rows = rows_of("333333333 " * 10)
    older = tally(part(rows, instrument="permenpanrb-16-2014"), instrument="permenpanrb-16-2014")
    result = score(tally(part(rows_of("444444444")), previous=older))
    assert "instrumen atau aturan hitung yang berbeda" in analysis.change(result)


def test_a_rise_and_a_fall_are_said_with_the_difference_of_the_printed_values() -> None:
    low, high = part(rows_of("333333333 " * 10)), part(rows_of("333333334 " * 10))
    rise = analysis.change(score(tally(high, previous=tally(low, periode="2026-09"))))
    fall = analysis.change(score(tally(low, previous=tally(high, periode="2026-09"))))
    assert rise == "Nilai IKM naik 2,78 dari periode September 2026 (75,00)."
    assert fall == "Nilai IKM turun 2,78 dari periode September 2026 (77,78)."


def test_a_small_layanan_is_named_without_its_value() -> None:
    result = score(tally(part(rows_of("333333333 " * 30)), part(rows_of("111111111 " * 4), layanan="kk")))
    sentence = analysis.layanan(result, frozenset())
    assert "tidak ditampilkan" in sentence
    assert "25,00" not in sentence


def test_figures_are_written_as_in_indonesia() -> None:
    assert (angka("81.85"), angka(None), angka("-0.12")) == ("81,85", "–", "−0,12")
    assert (bulat(1362), bulat(None), persen("22.9")) == ("1.362", "–", "22,9%")
    assert daftar(["a"]) + daftar(["a", "b"]) + daftar(["a", "b", "c"]) == "aa dan ba, b, dan c"
    assert (terbilang(3), terbilang(12)) == ("tiga", "12")
    assert rentang("2026-09-25", "2026-10-24") == "25 September sampai dengan 24 Oktober 2026"
    assert rentang("2025-12-25", "2026-01-24") == "25 Desember 2025 sampai dengan 24 Januari 2026"
    assert nama_periode("2026-S1") == "Semester I Tahun 2026"


def test_a_periode_of_fewer_than_ten_is_not_shown_beside_this_one() -> None:
    small = tally(part(rows_of("333333333 " * 9)), periode="2026-09")
    sentence = analysis.change(score(tally(part(rows_of("444444444 " * 20)), previous=small)))
    assert "kurang dari sepuluh orang" in sentence
    assert "75,00" not in sentence
