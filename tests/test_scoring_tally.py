"""A tally is a sum: however the answers are split by service, day or channel, the parts add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import ELEVEN, NINE, Answers, part, rows_of, tally

from scoring import result, tally_json
from scoring.errors import IkmError
from scoring.index import compute, unsur_means
from scoring.instrument import BLANKS, built_in
from scoring.response import answer_remarks
from scoring.tally import Tickets, add, count_rows, merge, total

VALUES = st.sampled_from([1, 2, 3, 4, 4, None])
SHEETS = st.lists(st.tuples(*[VALUES] * 9), min_size=1, max_size=40)
CHANNELS = ("phone", "paper", "kiosk")


@st.composite
def split_sheets(draw: st.DrawFn) -> list[tuple[Answers, str, str]]:
    """Draw answers, each with a service and a channel."""
    rows = draw(SHEETS)
    return [(row, draw(st.sampled_from(["ktp", "kk"])), draw(st.sampled_from(CHANNELS))) for row in rows]


@given(split_sheets(), st.randoms())
def test_any_split_adds_up_to_the_whole(sheets: list[tuple[Answers, str, str]], random: object) -> None:
    parts = [part([row], layanan=layanan, channel=channel) for row, layanan, channel in sheets]
    random.shuffle(parts)  # type: ignore[attr-defined]
    whole = part([row for row, _, _ in sheets], layanan="*", channel="*")
    assert total(merge(parts)) == whole
    assert total(parts) == whole


@given(split_sheets())
def test_merging_leaves_one_part_for_each_layanan_and_channel(sheets: list[tuple[Answers, str, str]]) -> None:
    merged = merge(part([row], layanan=layanan, channel=channel) for row, layanan, channel in sheets)
    keys = [(item.layanan, item.channel) for item in merged]
    assert keys == sorted({(layanan, channel) for _, layanan, channel in sheets})
    assert merge(merged) == merged
    assert merge(reversed(merged)) == merged


@given(SHEETS, SHEETS, SHEETS)
def test_adding_does_not_depend_on_order_or_grouping(
    first: Sequence[Answers], second: Sequence[Answers], third: Sequence[Answers]
) -> None:
    one, two, three = part(first), part(second), part(third)
    assert add(one, two) == add(two, one)
    assert add(add(one, two), three) == add(one, add(two, three))


@given(SHEETS, st.sampled_from(BLANKS))
def test_the_mean_of_an_unsur_is_that_of_the_rows_themselves(rows: Sequence[Answers], blank: str) -> None:
    pack = built_in(NINE)
    whole = [row for row in rows if None not in row]
    means = unsur_means(pack, part(rows), blank)
    for column, question in enumerate(pack.questions):
        kept = [row[column] for row in (whole if blank == "complete" else rows)]
        values = [value or 0 for value in kept if blank == "zero" or value is not None]
        mean = means[question.unsur]
        assert (mean.total, mean.n) == (sum(values), len(values))
        assert mean.blank == sum(row[column] is None for row in rows)


@given(split_sheets())
def test_the_result_does_not_depend_on_how_the_answers_were_split(sheets: list[tuple[Answers, str, str]]) -> None:
    single = [part([row], layanan=layanan, channel=channel) for row, layanan, channel in sheets]
    assert result.score(tally(*single)) == result.score(tally(*merge(single)))


def test_profile_counts_add_up_by_field_and_code() -> None:
    first = part(rows_of("444444444 333333333"), profil={"jenis_kelamin": {"L": 1, "P": 1}})
    second = part(rows_of("444444444"), profil={"jenis_kelamin": {"P": 1}, "usia": {"56+": 1}})
    both = add(first, second).profil
    assert both["jenis_kelamin"] == {"L": 1, "P": 2}
    assert (both["usia"], both["pendidikan"]) == ({"56+": 1}, {})


def test_parts_of_different_instruments_cannot_be_added() -> None:
    with pytest.raises(KeyError):
        add(part([[4] * 11], instrument=ELEVEN), part([[4] * 9]))


def test_respondents_with_a_blank_are_counted_apart_from_complete_ones() -> None:
    counted = part(rows_of("444444444 44444444- 111111111"))
    assert (counted.n, counted.complete) == (3, 2)
    assert counted.answers["persyaratan"] == (1, 0, 0, 2)
    assert counted.complete_sums["persyaratan"] == 5
    assert counted.answers["pengaduan"] == (1, 0, 0, 1)


def test_a_value_outside_the_scale_is_never_counted() -> None:
    with pytest.raises(IkmError) as caught:
        count_rows([[5]], ["persyaratan"], 1, 4)
    assert caught.value.code == "TALLY_INVALID"


def test_one_layanan_of_a_tally_is_a_tally_without_the_rest() -> None:
    whole = tally(part(rows_of("444444444 444444444")), part(rows_of("111111111"), layanan="kk"))
    assert (whole.n, whole.only("ktp").n, whole.only("kk").n, whole.only("lain").n) == (3, 2, 1, 0)


def test_everything_that_a_part_counts_is_added_and_what_is_nobody_is_left_out() -> None:
    first = replace(part(rows_of("443344334")), repeats=2, flags={"fast": 1, "ticket": 0}, hours={"2026-10-05 09": 1})
    second = replace(part(rows_of("44334433-")), repeats=3, flags={"fast": 2}, hours={"2026-10-05 08": 0})
    both = add(first, second)
    assert (both.n, both.complete, both.repeats) == (2, 1, 5)
    assert (both.flags, both.hours) == ({"fast": 3}, {"2026-10-05 09": 1})
    assert total([first, second]) == replace(both, layanan="*", channel="*")
    assert merge([first, second]) == (both,)


def test_the_fingerprint_of_what_was_counted_is_that_of_its_sum_however_the_parts_were_split_or_ordered() -> None:
    first, second, other = part(rows_of("444344434")), part(rows_of("22222222-")), part([[3] * 9], layanan="kk")
    before = tally(first, second, periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    counted = tally(first, second, other, excluded_parts=(first, second), previous=before)
    once = total((first, second))
    known = replace(once, layanan=first.layanan, channel=first.channel)
    merged = replace(
        counted,
        parts=(other, known),
        excluded_parts=(known,),
        previous=replace(before, parts=(known,), previous=counted),
    )
    assert tally_json.digest(merged) == tally_json.digest(counted)
    for changed in (
        replace(counted, parts=(first, second)),
        replace(counted, excluded_parts=()),
        replace(counted, previous=None),
        replace(counted, previous=replace(before, parts=())),
        replace(counted, rule="0.11"),
    ):
        assert tally_json.digest(changed) != tally_json.digest(counted)


def test_letters_of_names_stand_in_the_file_as_they_are_also_where_they_name_a_layanan() -> None:
    names = {"kérjo": "Kartu Kérjo"}
    held = {"kérjo": Tickets("optional", 1, 1, 0)}
    text = tally_json.dump(tally(layanan=names, population={"kérjo": 4}, tickets=held))
    assert text.count("kérjo") == 3 and "Kartu Kérjo" in text and "\\u" not in text
    assert tally_json.load(text).tickets == held


def test_a_periode_may_be_one_day_long() -> None:
    day = tally(mulai="2026-10-24", selesai="2026-10-24")
    assert tally_json.load(tally_json.dump(day)) == day


def test_answers_that_do_not_fit_the_questions_are_never_counted_as_if_they_did() -> None:
    questions = [question.id for question in built_in(NINE).questions]
    for row in ([4] * 8, [4] * 10):
        with pytest.raises(ValueError, match="zip"):
            count_rows([row], questions, 1, 4)
    four, five = count_rows([[4] * 9], questions, 1, 4), count_rows([[4] * 9], questions, 1, 5)
    with pytest.raises(ValueError, match="zip"):
        add(four, five)
    with pytest.raises(ValueError, match="zip"):
        answer_remarks(built_in(NINE), [4] * 8, blanks=False)
    pack = built_in(NINE)
    cut = replace(pack.indexes[0], bobot=pack.indexes[0].bobot[1:])
    with pytest.raises(ValueError, match="zip"):
        compute(pack, cut, pack.rule("exact"), dict.fromkeys(cut.unsur, Fraction(3)))


def test_a_value_that_the_scale_has_not_is_named_with_its_question() -> None:
    questions = [question.id for question in built_in(NINE).questions]
    with pytest.raises(IkmError) as caught:
        count_rows([[4, 5, *[4] * 7]], questions, 1, 4)
    assert str(caught.value) == "Rekap hitungan tidak sah pada prosedur: nilai 5."
    counted = count_rows([[4] * 9], questions, 1, 4)
    assert (counted.layanan, counted.channel) == ("*", "import")


def test_the_tally_of_one_layanan_carries_no_periode_before() -> None:
    before = tally(part([[4] * 9]), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    whole = tally(part([[4] * 9]), part([[3] * 9], layanan="kk"), previous=before)
    assert [(item.layanan, item.n) for item in whole.only("kk").parts] == [("kk", 1)]
    assert whole.only("kk").previous is None
