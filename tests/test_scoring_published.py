"""What may stand beside what: the rules of disclosure one by one, each at the number where it turns."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from scoring_samples import part, rows_of

from scoring.disclosure import (
    BASE,
    REMAINDER,
    SMALL,
    Span,
    base,
    broken_down,
    changed_since,
    counts_shown,
    differing,
    excluded_shown,
    is_few,
    isolates,
    layanan_counts_shown,
    previous_shown,
    published_cells,
    published_groups,
    published_layanan,
    published_rules,
    same_answers,
    span,
    squares_shown,
    withheld_reason,
)
from scoring.tally import Part


def result(n: int, complete: int, blank: str = "available", **changes: Any) -> dict[str, Any]:
    """Return the fields of a result.json that disclosure looks at."""
    fields: dict[str, Any] = {
        "periode": "2026-10",
        "mulai": "2026-09-25",
        "selesai": "2026-10-24",
        "form": "permenpanrb-14-2017/1",
        "blank": blank,
        "n_responden": n,
        "n_complete": complete,
        "layanan": [],
        "rules": [{"rule": "exact", "blank": way} for way in ("available", "zero", "complete")],
        "previous": None,
    }
    return {**fields, **changes}


def layanan(**sizes: tuple[int, int]) -> list[dict[str, Any]]:
    """Return the entries of layanan with so many respondents, and so many of them without a blank."""
    return [{"id": name, "n_responden": n, "n_complete": whole} for name, (n, whole) in sizes.items()]


def days(first: str, last: str, n: int, *, over: str = "", detail: bool = False) -> Span:
    return Span(f"2026-{first}", f"2026-{last}", n, over, detail)


MONTH, QUARTER = ("07-01", "07-31"), ("07-01", "09-30")


def test_a_group_is_few_from_one_to_nine_people() -> None:
    assert [people for people in range(-1, 12) if is_few(people)] == list(range(1, BASE))


def test_two_groups_that_hide_ten_people_together_take_no_third_with_them() -> None:
    assert published_groups({"ktp": 40, "kk": 5, "usaha": 5}) == {"ktp"}
    assert published_groups({"ktp": 40, "kk": 5, "usaha": 4, "pindah": 11}) == {"ktp"}


def test_the_smallest_that_is_taken_along_is_the_smallest_of_those_shown() -> None:
    assert published_groups({"ktp": 40, "kk": 20, "usaha": 9, "pindah": 30}) == {"ktp", "pindah"}


def test_the_base_of_a_score_is_the_whole_forms_only_where_only_they_count() -> None:
    group = {"n_responden": 12, "n_complete": 9}
    assert [base(group, blank) for blank in ("available", "zero", "complete")] == [12, 12, 9]


def test_a_layanan_of_too_few_whole_forms_is_withheld_where_only_they_count() -> None:
    entries = layanan(ktp=(30, 30), kk=(12, 9), usaha=(20, 20))
    assert published_layanan(result(62, 59, "available", layanan=entries)) == {"ktp", "kk", "usaha"}
    assert published_layanan(result(62, 59, "complete", layanan=entries)) == {"ktp"}


def test_a_cell_of_four_is_withheld_and_one_of_five_is_printed() -> None:
    assert published_cells({"L": 4, "P": 30, "": 0}) == {"L": None, "P": None, "": 0}
    assert published_cells({"L": 1, "P": 30}) == {"L": None, "P": None}
    assert published_cells({"L": 5, "P": 30}) == {"L": 5, "P": 30}


def test_all_cells_as_large_as_the_one_taken_along_are_withheld_and_larger_ones_are_not() -> None:
    assert published_cells({"a": 2, "b": 7, "c": 7, "d": 8}) == {"a": None, "b": None, "c": None, "d": 8}
    assert published_cells({"a": 2, "b": 3, "c": 5}) == {"a": None, "b": None, "c": None}
    assert published_cells({"a": 2}) == {"a": None}


@pytest.mark.parametrize(("blanks", "shown"), [(0, True), (1, False), (9, False), (10, True)])
def test_counts_of_all_stand_beside_an_index_of_whole_forms_unless_few_forms_have_a_blank(
    blanks: int, shown: bool
) -> None:
    assert counts_shown(result(50, 50 - blanks, "complete")) is shown
    assert counts_shown(result(50, 50 - blanks, "available")) is True


def test_counts_of_a_layanan_are_shown_beside_an_index_of_whole_forms_only_where_all_are_whole() -> None:
    assert layanan_counts_shown(result(50, 50, "complete")) is True
    assert layanan_counts_shown(result(50, 30, "complete")) is False
    assert layanan_counts_shown(result(50, 30, "zero")) is True


def ways(given: dict[str, Any]) -> list[str]:
    return [entry["blank"] for entry in published_rules(given)]


@pytest.mark.parametrize(
    ("n", "complete", "shown"), [(50, 50, True), (50, 49, False), (50, 41, False), (50, 40, True), (30, 9, False)]
)
def test_other_readings_of_blanks_are_shown_unless_few_people_are_the_difference(
    n: int, complete: int, shown: bool
) -> None:
    entries = layanan(ktp=(n, complete))
    both = ["available", "zero", "complete"]
    assert ways(result(n, complete, "available", layanan=entries)) == (both if shown else ["available", "zero"])
    assert ways(result(n, complete, "complete", layanan=entries)) == (both if shown else ["complete"])


def test_ten_whole_forms_are_enough_for_a_reading_over_them_and_nine_are_not() -> None:
    assert "complete" in ways(result(30, 10, layanan=layanan(ktp=(30, 10))))
    assert "complete" not in ways(result(30, 9, layanan=layanan(ktp=(30, 9))))


def test_a_reading_over_whole_forms_is_withheld_where_the_layanan_with_blanks_leave_few_of_either_side() -> None:
    """All forms of kk have a blank: with the layanan beside it, the few whole or blank ones of ktp would come out."""
    few_blank = layanan(ktp=(30, 25), kk=(20, 0))
    assert "complete" not in ways(result(50, 25, layanan=few_blank))
    few_whole = layanan(ktp=(30, 5), kk=(20, 20))
    assert "complete" not in ways(result(50, 25, layanan=few_whole))
    enough = layanan(ktp=(30, 15), kk=(20, 20))
    assert "complete" in ways(result(50, 35, layanan=enough))


def test_layanan_that_are_withheld_count_as_one_when_readings_are_compared() -> None:
    """The whole forms of kk and the others of usaha are known alone; of both together six are whole and six are not."""
    apart = layanan(ktp=(40, 40), pindah=(30, 0), kk=(6, 6), usaha=(6, 0))
    assert "complete" not in ways(result(82, 46, layanan=apart))
    shown = layanan(ktp=(40, 40), pindah=(30, 0), kk=(16, 16), usaha=(16, 0))
    assert "complete" in ways(result(102, 56, layanan=shown))


def test_with_an_index_of_whole_forms_the_layanan_do_not_matter() -> None:
    assert "available" in ways(result(50, 25, "complete", layanan=layanan(ktp=(30, 25), kk=(20, 0))))


@pytest.mark.parametrize(("out", "shown"), [(0, True), (1, False), (9, False), (10, True)])
def test_the_index_with_the_answers_left_out_is_shown_unless_they_are_few(out: int, shown: bool) -> None:
    assert excluded_shown(result(50, 50, excluded={"n": out, "n_complete": 30})) is shown
    assert excluded_shown(result(50, 50, "complete", excluded={"n": 30, "n_complete": out})) is shown


def test_the_periode_before_is_shown_from_ten_people_by_its_own_reading_of_blanks() -> None:
    assert previous_shown(result(50, 50)) is False
    assert previous_shown(result(50, 50, previous=result(10, 9, "available"))) is True
    assert previous_shown(result(50, 50, previous=result(10, 9, "complete"))) is False
    assert previous_shown(result(50, 50, "complete", previous=result(9, 9, "available"))) is False


def content(others: int, n: int = 40, blanks: int = 0) -> Part:
    """Return `n` people who all chose the best; at the first question `others` did not, `blanks` left it out."""
    rows = "144444444 " * others + "-44444444 " * blanks + "444444444 " * (n - others - blanks)
    return part(rows_of(rows))


def test_those_whom_a_sum_of_squares_is_about_are_all_but_the_most_frequent_answer_of_some_question() -> None:
    assert differing(content(7), "available") == 7
    assert differing(content(0), "available") == 0
    assert differing(replace(content(7), answers={}), "available") == 0
    assert differing(content(25), "available") == 15
    assert differing(content(7, blanks=3), "available") == 7


def test_over_whole_forms_those_with_a_blank_are_taken_off() -> None:
    rows = part(rows_of("4-4444444 " * 4 + "144444444 " * 12 + "444444444 " * 20))
    assert differing(rows, "available") == 12
    assert differing(rows, "complete") == 8


def test_a_sum_of_squares_is_published_of_the_office_and_of_layanan_where_ten_differ() -> None:
    parts = {"ktp": content(10), "kk": content(12), "usaha": content(9)}
    assert squares_shown({"ktp": content(10), "kk": content(12)}, "available", ["*", "ktp", "kk"]) == {"*", "ktp", "kk"}
    assert squares_shown(parts, "available", ["ktp", "kk"]) == frozenset()
    assert squares_shown({"ktp": content(9)}, "available", ["*", "ktp"]) == frozenset()
    assert squares_shown({"ktp": content(10)}, "available", ["*", "ktp"]) == {"*", "ktp"}
    assert squares_shown({"ktp": content(10), "kk": content(12)}, "available", ["*", "kk"]) == {"*", "kk"}


def test_what_is_left_of_the_office_must_hold_ten_who_differ_else_the_smallest_layanan_goes_too() -> None:
    parts = {"ktp": content(20, n=60), "kk": content(12, n=40), "usaha": content(9)}
    assert squares_shown(parts, "available", ["*", "ktp", "kk", "usaha"]) == {"*", "ktp"}
    parts["pindah"] = content(1)
    assert squares_shown(parts, "available", ["*", "ktp", "kk", "usaha", "pindah"]) == {"*", "ktp", "kk"}


def test_of_two_equal_layanan_the_first_by_name_goes_and_one_of_nobody_hides_nothing() -> None:
    parts = {"ktp": content(20), "kk": content(12), "usaha": content(9)}
    assert squares_shown(parts, "available", ["*", "ktp", "kk", "usaha"]) == {"*", "ktp"}
    empty = {"ktp": content(20), "usaha": content(0, n=0)}
    assert squares_shown(empty, "available", ["*", "ktp", "usaha"]) == {"*", "ktp"}


def test_without_any_layanan_left_only_the_office_has_its_sum() -> None:
    assert squares_shown({"ktp": content(12), "kk": content(3)}, "available", ["*", "ktp", "kk"]) == {"*"}


def test_a_span_lies_within_a_longer_one_and_not_within_itself_or_a_shorter_one() -> None:
    month, quarter = days(*MONTH, 20), days(*QUARTER, 60)
    assert month.within(quarter)
    assert not quarter.within(month)
    assert not month.within(days(*MONTH, 99))
    assert days("09-01", "09-30", 20).within(quarter)
    assert not days("06-30", "07-31", 20).within(quarter)
    assert not days("09-01", "10-01", 20).within(quarter)


def test_spans_overlap_when_they_share_one_day() -> None:
    month = days(*MONTH, 20)
    assert month.overlaps(days("07-31", "08-31", 20)) and days("07-31", "08-31", 20).overlaps(month)
    assert not month.overlaps(days("08-01", "08-31", 20)) and not days("08-01", "08-31", 20).overlaps(month)
    assert month.same(days(*MONTH, 5)) and not month.same(days("07-01", "07-30", 20))


def test_spans_clash_when_they_cross_or_count_other_forms_or_cut_through_a_breakdown() -> None:
    month, quarter = days(*MONTH, 20), days(*QUARTER, 60)
    assert not month.clashes(quarter) and not quarter.clashes(month) and not month.clashes(days(*MONTH, 30))
    assert month.clashes(days("07-15", "08-14", 20))
    assert not month.clashes(days("08-01", "08-31", 20, over="all"))
    assert days(*MONTH, 20, over="all").clashes(days(*QUARTER, 60, over="complete"))
    assert days(*MONTH, 20, over="complete").clashes(days(*QUARTER, 60, over="all"))
    assert not days(*MONTH, 20, over="all").clashes(days(*QUARTER, 60, over="all"))
    assert not days(*MONTH, 20).clashes(days(*QUARTER, 60, over="complete"))
    assert month.clashes(days(*QUARTER, 60, detail=True))
    assert not quarter.clashes(days(*MONTH, 20, detail=True))
    assert not days(*MONTH, 20, detail=True).clashes(quarter)


def test_the_span_of_a_result_names_its_days_its_people_and_the_forms_it_counts() -> None:
    first, last = "2026-09-25", "2026-10-24"
    assert span(result(40, 30), scored=True, detail=True) == Span(first, last, 40, "all", True)
    assert span(result(40, 30, "complete"), scored=True, detail=False) == Span(first, last, 30, "complete", False)
    assert span(result(40, 40, "complete"), scored=True, detail=False) == Span(first, last, 40, "", False)
    assert span(result(40, 30), scored=False, detail=True) == Span(first, last, 0, "", False)


def test_a_total_of_nine_is_withheld_for_its_base_and_one_of_ten_is_not() -> None:
    assert withheld_reason(days(*MONTH, BASE - 1), []) == SMALL == "base"
    assert withheld_reason(days(*MONTH, BASE), []) is None


@pytest.mark.parametrize(("rest", "reason"), [(0, None), (1, REMAINDER), (9, REMAINDER), (10, None)])
def test_a_quarter_is_withheld_where_the_months_published_leave_few_of_it(rest: int, reason: str | None) -> None:
    months = [days(*MONTH, 20), days("08-01", "08-31", 30)]
    assert withheld_reason(days(*QUARTER, 50 + rest), months) == reason
    assert withheld_reason(months[1], [days(*QUARTER, 50 + rest), months[0]]) == reason
    assert REMAINDER == "difference"


def test_months_without_a_score_are_not_subtracted_and_of_nested_ones_only_the_longest_is() -> None:
    assert withheld_reason(days(*QUARTER, 25), [days(*MONTH, 0)]) is None
    half, month = days("07-01", "08-31", 40), days(*MONTH, 20)
    assert withheld_reason(days(*QUARTER, 65), [half, month]) is None
    assert withheld_reason(days(*QUARTER, 45), [half, month]) == REMAINDER


def test_a_total_that_crosses_a_published_one_is_withheld() -> None:
    assert withheld_reason(days("07-15", "08-14", 50), [days(*MONTH, 40)]) == REMAINDER
    assert withheld_reason(days("07-15", "08-14", 50), [days(*MONTH, 0)]) is None


def test_of_totals_that_share_a_day_only_one_is_broken_down_and_none_lies_within_it() -> None:
    assert broken_down(days(*QUARTER, 60), [])
    assert broken_down(days(*QUARTER, 60), [days("10-01", "10-31", 20, detail=True)])
    assert not broken_down(days(*QUARTER, 60), [days(*MONTH, 20, detail=True)])
    assert not broken_down(days(*QUARTER, 60), [days(*MONTH, 20)])
    assert broken_down(days(*QUARTER, 60), [days(*MONTH, 0)])
    assert not broken_down(days(*QUARTER, 60), [days(*MONTH, 0, detail=True)])
    assert broken_down(days(*MONTH, 20), [days(*QUARTER, 60)])
    assert not broken_down(days(*MONTH, 20), [days(*QUARTER, 60, detail=True)])


def test_two_results_are_over_the_same_people_when_their_counts_and_form_agree() -> None:
    one = result(50, 40)
    assert same_answers(one, result(50, 40))
    assert not same_answers(one, result(51, 40))
    assert not same_answers(one, result(50, 41))
    assert not same_answers(one, result(50, 40, form="permenpanrb-14-2017/2"))
    assert not same_answers(one, result(50, 40, "complete"))
    assert same_answers(result(50, 50), result(50, 50, "complete"))


def test_a_published_periode_over_other_people_than_now_is_named() -> None:
    now = result(50, 40)
    assert changed_since(now, [result(50, 40)], {}) is None
    assert changed_since(now, [result(49, 40)], {}) == "2026-10"
    before = result(30, 20, periode="2026-09")
    assert changed_since(now, [before], {"2026-09": (30, 20)}) is None
    assert changed_since(now, [before], {"2026-09": (31, 20)}) == "2026-09"
    assert changed_since(now, [before], {"2026-09": (30, 21)}) == "2026-09"
    assert changed_since(now, [before], {}) is None
    assert changed_since(now, [result(50, 40), before], {"2026-09": (31, 20)}) == "2026-09"


def test_groups_that_differ_by_few_people_isolate_them() -> None:
    assert not isolates({(True, True): 40, (True, False): 10})
    assert isolates({(True, True): 40, (True, False): 9})
    assert isolates({(True, True): 40, (True, False): 1})
    assert isolates({(True,): 9}) and not isolates({(True,): 10}) and not isolates({})


def test_people_in_no_group_and_cells_of_nobody_isolate_nobody() -> None:
    assert not isolates({(True, True): 40, (False, False): 3})
    assert not isolates({(True, True): 40, (True, False): 0})


def rank(rows: list[list[int]]) -> int:
    """Return how many of the rows are independent, by elimination in whole numbers."""
    left, found = [row for row in rows if any(row)], 0
    while left:
        first, *others = left
        place = next(place for place, cell in enumerate(first) if cell)
        others = [[a * first[place] - b * row[place] for a, b in zip(row, first, strict=True)] for row in others]
        left, found = [row for row in others if any(row)], found + 1
    return found


def isolates_by_trying(cells: dict[tuple[bool, ...], int]) -> bool:
    """Try every set of 1 to 9 people made of whole cells: is it some sum or difference of groups?"""
    held = [member for member, n in cells.items() if n and any(member)]
    groups = [[int(cell) for cell in row] for row in zip(*held, strict=True)]
    for chosen in product((0, 1), repeat=len(held)):
        few = 0 < sum(cells[member] for member, taken in zip(held, chosen, strict=True) if taken) < BASE
        if few and rank([*groups, list(chosen)]) == rank(groups):
            return True
    return False


def test_a_small_group_is_found_in_any_groups_just_where_trying_every_set_of_cells_finds_it() -> None:
    chance, verdicts = random.Random(7), []
    for _ in range(400):
        width = chance.choice((2, 3, 4))
        members = chance.sample([*product((False, True), repeat=width)], min(2**width, chance.randrange(1, 8)))
        cells = {member: chance.choice((0, 1, 3, 4, 5, 6, 9, 10, 25)) for member in members}
        verdicts.append(isolates(cells))
        assert verdicts[-1] == isolates_by_trying(cells), cells
    assert 40 < sum(verdicts) < 360


def test_two_groups_that_cross_isolate_nobody_for_no_difference_of_them_is_a_group() -> None:
    assert not isolates({(True, True): 20, (True, False): 4, (False, True): 5})


def test_the_smallest_layanan_goes_and_not_the_first_by_name() -> None:
    parts = {"a": content(20, n=60), "b": content(12, n=40), "c": content(9)}
    assert squares_shown(parts, "available", ["*", "a", "b", "c"]) == {"*", "a"}


def test_over_whole_forms_sums_of_squares_are_counted_over_whole_forms_throughout() -> None:
    few = part(rows_of("4-4444444 " * 4 + "144444444 " * 12 + "444444444 " * 20))  # twelve differ, eight of them whole
    assert squares_shown({"ktp": few}, "available", ["*", "ktp"]) == {"*", "ktp"}
    assert squares_shown({"ktp": few}, "complete", ["*", "ktp"]) == frozenset()
    assert squares_shown({"ktp": content(20), "kk": few}, "complete", ["*", "ktp", "kk"]) == {"*"}
    assert squares_shown({"ktp": content(20), "kk": few}, "available", ["*", "ktp", "kk"]) == {"*", "ktp", "kk"}
    assert squares_shown({"ktp": content(20), "kk": few}, "available", ["*", "ktp"]) == {"*", "ktp"}
    assert squares_shown({"ktp": content(20), "kk": few}, "complete", ["*", "ktp"]) == {"*"}
