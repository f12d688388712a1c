"""What the documents and the page say of how sure a figure is."""

from __future__ import annotations

from typing import Any

from scoring_samples import part, rows_of, tally

from publish import certainty
from scoring.result import score


def scored(*groups: tuple[str, int], **changes: Any) -> dict[str, Any]:
    """Return the result of rows of answers, each given as often as the number beside it."""
    return score(tally(part(rows_of(" ".join(f"{row} " * n for row, n in groups))), **changes))


def test_the_interval_is_said_with_its_condition() -> None:
    sentence = certainty.margin(scored(("333333333", 40), ("444444444", 20)))
    assert "antara 80,3" in sentence
    assert "sejauh responden mewakili" in sentence


def test_under_thirty_respondents_no_interval_is_claimed() -> None:
    sentence = certainty.margin(scored(("333333333", 10), ("444444444", 10)))
    assert sentence == "Rentang nilai tidak dihitung karena responden kurang dari tiga puluh orang."


def test_answers_that_are_all_alike_claim_no_certainty() -> None:
    assert "tidak dapat dihitung" in certainty.margin(scored(("444444444", 50)))


def test_a_letter_within_reach_of_chance_is_called_unsure() -> None:
    sentence = certainty.margin(scored(("333333333", 30), ("443333333", 14)))
    assert "Huruf mutu belum pasti: rentang itu memuat mutu C dan B." in sentence


def test_a_change_is_said_to_be_chance_or_more() -> None:
    before = tally(part(rows_of("333333333 " * 40 + "444444444 " * 20)), periode="2026-09")
    small = scored(("333333333", 38), ("444444444", 22), previous=before)
    large = scored(("333333333", 5), ("444444444", 55), previous=before)
    assert "belum dapat dibedakan dari kebetulan" in certainty.change(small)
    assert "lebih besar daripada yang dapat terjadi karena kebetulan" in certainty.change(large)


def test_a_place_among_the_lowest_that_chance_may_have_given_is_named() -> None:
    result = scored(("224344444", 20), ("223444444", 22))
    assert "Waktu Penyelesaian di antara unsur terendah belum dapat dibedakan" in certainty.lowest(result)


def test_a_rule_that_would_give_another_letter_is_named_with_its_value() -> None:
    sentence = certainty.rules(scored(("444444444", 55), ("333333333", 45)))
    assert sentence.startswith("Huruf mutu akan lain dengan bobot 0,11")


def test_the_cost_question_is_taken_out_as_a_note() -> None:
    assert certainty.without_cost(scored(("333433333", 12))) == "Tanpa unsur biaya, nilai IKM 75,00 (mutu C)."


def test_the_way_of_combining_layanan_is_named() -> None:
    result = scored(("333333333", 12))
    assert certainty.combined(result, whole=False).endswith("(gabungan).")
