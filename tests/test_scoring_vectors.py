"""The arithmetic against golden numbers that it did not make (tests/vectors/README.md)."""

from __future__ import annotations

import csv
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from scoring_samples import VECTORS, WONOSOBO, vectors

from scoring.figure import rounded, text
from scoring.index import IndexFigure, compute, grade, unsur_means
from scoring.instrument import BLANKS, Instrument, Rule, built_in
from scoring.sample import krejcie_morgan, minimum
from scoring.table import read_answers, read_table, score_table
from scoring.tally import count_rows

Nrr = dict[str, Fraction | None]


def nrr_of(pack: Instrument, given: dict[str, Any], blank: str) -> Nrr:
    """Return the NRR of a vector's input: NRR, one NRR for all, sums over n, or a file of answers."""
    if "file" in given:
        return nrr_of_file(pack, given["file"], blank)
    if "sums" in given:
        values = [Fraction(total, given["n"]) for total in given["sums"]]
    else:
        values = [Fraction(value) for value in given.get("nrr") or [given["all"]] * len(pack.unsur)]
    return {unsur.id: value for unsur, value in zip(pack.unsur, values, strict=True)}


def nrr_of_file(pack: Instrument, file: str, blank: str) -> Nrr:
    _, rows = read_table(file, (WONOSOBO.parent / file).read_text("utf-8"), pack)
    answers, remarks = read_answers(file, rows, pack)
    assert remarks == []
    part = count_rows(answers, [question.id for question in pack.questions], pack.low, pack.high)
    return {unsur: mean.nrr for unsur, mean in unsur_means(pack, part, blank).items()}


def figure_of(pack: Instrument, rule: Rule, given: dict[str, Any], blank: str = "available") -> IndexFigure:
    return compute(pack, pack.indexes[0], rule, nrr_of(pack, given, blank))


def places(printed: str) -> int:
    return len(printed.partition(".")[2])


@pytest.mark.parametrize("vector", vectors("vectors"), ids=lambda vector: vector["id"])
def test_every_golden_vector_comes_out_to_the_last_digit(vector: dict[str, Any]) -> None:
    pack = built_in(vector["instrument"])
    figure = figure_of(pack, pack.rule(vector["rule"]), vector["input"])
    band = grade(pack, figure.ikm)
    assert text(figure.ikm, 2) == vector["ikm"]
    assert band and band.mutu == vector["mutu"]
    if "index" in vector:
        assert text(figure.nilai, places(vector["index"])) == vector["index"]


@pytest.mark.parametrize(
    "vector", [row for row in vectors("vectors") if "nrr" in row["input"]], ids=lambda vector: vector["id"]
)
def test_a_golden_vector_of_nrr_comes_out_the_same_through_a_file(vector: dict[str, Any]) -> None:
    pack = built_in(vector["instrument"])
    heading = ";".join(f"U{unsur.number}" for unsur in pack.unsur)
    sheet = f"{heading}\n{';'.join(vector['input']['nrr']).replace('.', ',')}\n"
    figures = score_table("rekap.csv", sheet, pack, vector["rule"], "available", nrr=True)
    assert (figures["ikm"], figures["mutu"]) == (vector["ikm"], vector["mutu"])


def test_the_table_of_krejcie_and_morgan_comes_out_in_all_90_rows() -> None:
    with (VECTORS / "krejcie.csv").open(encoding="utf-8") as file:
        rows = [(int(row["N"]), int(row["n"])) for row in csv.DictReader(file)]
    assert len(rows) == 90
    assert [(population, krejcie_morgan(population)) for population, _ in rows] == rows


@pytest.mark.parametrize("vector", vectors("sample"), ids=lambda vector: str(vector["N"]))
def test_the_least_number_of_respondents_is_that_of_the_table(vector: dict[str, int]) -> None:
    assert minimum(built_in("permenpanrb-14-2017"), vector["N"]) == vector["n"]


def test_a_sample_is_never_larger_than_the_people_served_nor_smaller_for_more_of_them() -> None:
    sizes = [krejcie_morgan(population) for population in range(2000)]
    assert all(size <= population for population, size in enumerate(sizes))
    assert sizes == sorted(sizes)
    assert sizes[:3] == [0, 1, 2]


@pytest.mark.parametrize("vector", vectors("combine"), ids=lambda vector: vector["id"])
def test_two_layanan_are_combined_as_the_vector_says(vector: dict[str, Any]) -> None:
    parts = [(Fraction(part["ikm"]), part["n"]) for part in vector["parts"]]
    mean = Fraction(sum(ikm for ikm, _ in parts), len(parts))
    pooled = Fraction(sum(ikm * n for ikm, n in parts), sum(n for _, n in parts))
    assert (text(mean, 2), text(pooled, 2)) == (vector["mean"], vector["pooled"])


@pytest.mark.parametrize(
    ("instrument", "point"),
    [(name, point) for row in vectors("grades") for name in row["instruments"] for point in row["points"]],
    ids=lambda value: value if isinstance(value, str) else value["value"],
)
def test_a_grade_is_that_of_the_printed_value(instrument: str, point: dict[str, str]) -> None:
    band = grade(built_in(instrument), Fraction(point["value"]))
    assert text(Fraction(point["value"]), 2) == point["printed"]
    assert band and band.mutu == point["mutu"]


@pytest.mark.parametrize("case", vectors("cases"), ids=lambda case: case["id"])
def test_a_published_result_is_reproduced_by_exactly_the_ways_that_the_case_names(case: dict[str, Any]) -> None:
    pack = built_in(case["instrument"])
    blanks = BLANKS if "file" in case["input"] else (None,)
    found = [
        {"rule": rule.id, "blank": blank}
        for rule in pack.rules
        for blank in blanks
        if printed_as(case, figure_of(pack, rule, case["input"], blank or "available").ikm)
    ]
    key = str
    assert sorted(found, key=key) == sorted(case["reproduced_by"], key=key)


def printed_as(case: dict[str, Any], ikm: Fraction | None) -> bool:
    assert ikm is not None
    return rounded(ikm, case["decimals"]) == Decimal(case["printed"])


@pytest.mark.parametrize("case", [case for case in vectors("cases") if case["rule"]], ids=lambda case: case["id"])
def test_a_published_result_gets_its_letter_by_the_way_the_office_took(case: dict[str, Any]) -> None:
    pack = built_in(case["instrument"])
    figure = figure_of(pack, pack.rule(case["rule"]), case["input"], case["blank"] or "available")
    band = grade(pack, figure.ikm)
    assert text(figure.ikm, case["decimals"]) == case["ikm"]
    assert band and band.mutu == case["mutu"]


@pytest.mark.parametrize("case", vectors("cases"), ids=lambda case: case["id"])
def test_the_exact_mean_of_a_published_result_is_the_one_on_record(case: dict[str, Any]) -> None:
    pack = built_in(case["instrument"])
    figure = figure_of(pack, pack.rule("exact"), case["input"])
    assert text(figure.ikm, places(case["exact"])) == case["exact"]


def test_the_three_readings_of_a_blank_give_the_three_figures_of_wonosobo() -> None:
    (case,) = (case for case in vectors("cases") if "other" in case)
    pack = built_in(case["instrument"])
    for way in [*case["other"], *({**way, "ikm": case["printed"]} for way in case["reproduced_by"])]:
        figure = figure_of(pack, pack.rule(way["rule"]), case["input"], way["blank"])
        assert text(figure.ikm, 3) == way["ikm"]


def test_the_result_of_sumbar_is_reproduced_by_no_rule_and_no_reading_of_blanks() -> None:
    (case,) = (case for case in vectors("cases") if case["id"] == "sumbar-dpmptsp-s1")
    pack = built_in(case["instrument"])
    figures = {text(figure_of(pack, rule, case["input"], blank).ikm, 2) for rule in pack.rules for blank in BLANKS}
    assert "82.70" in figures
    assert case["printed"] not in figures


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("2.5", "3"),
        ("3.5", "4"),
        ("0.49999", "0"),
        ("-2.5", "-3"),
        ("-0.4", "0"),
        ("1/3", "0"),
        ("0", "0"),
    ],
)
def test_a_half_is_rounded_away_from_zero_and_nothing_is_ever_minus_zero(value: str, printed: str) -> None:
    assert text(Fraction(value), 0) == printed


def test_rounding_keeps_the_zeros_that_are_printed() -> None:
    assert text(Fraction(75), 2) == "75.00"
    assert text(Fraction(1, 1000), 2) == "0.00"
    assert text(None, 2) is None
