"""No score on a small base is published, and none that a subtraction would give away."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from scoring.disclosure import BASE, SMALL_CELL, published_cells, published_groups

NAMES = ("ktp", "kk", "pindah", "usaha", "ahli-waris", "lainnya")
SIZES = st.dictionaries(st.sampled_from(NAMES), st.one_of(st.integers(0, 25), st.integers(0, 500)))


def hidden(sizes: dict[str, int]) -> int:
    return sum(sizes.values()) - sum(sizes[group] for group in published_groups(sizes))


@given(SIZES)
def test_the_total_minus_all_that_is_shown_never_leaves_one_to_nine_people(sizes: dict[str, int]) -> None:
    if published_groups(sizes):
        assert hidden(sizes) == 0 or hidden(sizes) >= BASE


@given(SIZES)
def test_nothing_is_shown_of_fewer_than_ten_people(sizes: dict[str, int]) -> None:
    assert all(sizes[group] >= BASE for group in published_groups(sizes))


@given(SIZES)
def test_at_most_one_group_is_withheld_that_has_ten_people_and_it_is_the_smallest(sizes: dict[str, int]) -> None:
    large = {group for group, size in sizes.items() if size >= BASE}
    withheld = large - published_groups(sizes)
    assert len(withheld) <= 1
    assert all(sizes[group] == min(sizes[name] for name in large) for group in withheld)


@given(SIZES, st.randoms())
def test_what_is_shown_does_not_depend_on_the_order_of_the_groups(sizes: dict[str, int], random: object) -> None:
    names = list(sizes)
    random.shuffle(names)  # type: ignore[attr-defined]
    assert published_groups({name: sizes[name] for name in names}) == published_groups(sizes)


def test_when_every_group_is_large_enough_all_are_shown() -> None:
    assert published_groups({"ktp": 10, "kk": 400}) == {"ktp", "kk"}


def test_a_small_group_takes_the_next_smallest_with_it() -> None:
    assert published_groups({"ktp": 400, "kk": 12, "usaha": 9}) == {"ktp"}


def test_of_two_equally_small_groups_the_first_by_name_is_taken() -> None:
    assert published_groups({"ktp": 12, "kk": 12, "usaha": 9}) == {"ktp"}


def test_small_groups_that_hide_each_other_take_no_large_one_with_them() -> None:
    assert published_groups({"ktp": 400, "kk": 9, "usaha": 1}) == {"ktp"}


def test_a_group_of_nobody_hides_nobody() -> None:
    assert published_groups({"ktp": 400, "kk": 0}) == {"ktp"}


def test_beside_one_large_group_a_small_one_leaves_nothing_to_show() -> None:
    assert published_groups({"ktp": 400, "kk": 3}) == frozenset()
    assert published_groups({}) == frozenset()


CELLS = st.dictionaries(st.sampled_from(["SD", "SMP", "SMA", "S1", "S2", ""]), st.integers(0, 12), min_size=2)


@given(CELLS)
def test_no_count_of_one_to_four_people_with_a_trait_is_printed(counts: dict[str, int]) -> None:
    printed = published_cells(counts)
    assert list(printed) == list(counts)
    assert all(count is None or count == counts[code] for code, count in printed.items())
    assert all(count in (None, 0) or count >= SMALL_CELL for count in printed.values())


@given(CELLS)
def test_a_cell_is_never_withheld_alone_unless_all_others_are_empty(counts: dict[str, int]) -> None:
    withheld = [code for code, count in published_cells(counts).items() if count is None]
    if len(withheld) == 1:
        assert sum(counts.values()) == counts[withheld[0]] < SMALL_CELL


def test_a_single_small_cell_takes_the_next_smallest_that_is_not_empty() -> None:
    printed = published_cells({"SD": 3, "SMP": 0, "SMA": 40, "S1": 12})
    assert printed == {"SD": None, "SMP": 0, "SMA": 40, "S1": None}


def test_cells_large_enough_are_all_printed() -> None:
    assert published_cells({"L": 5, "P": 60}) == {"L": 5, "P": 60}
