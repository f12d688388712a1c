"""From stored rows to a tally: what SQL counts is what plain Python counts over the same rows."""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from count_by_hand import counted_by_hand
from hypothesis import given, settings
from hypothesis import strategies as st
from publish_samples import answer, collect, office
from scoring_samples import run_alone

from collector import counting
from collector.counting import closed_periodes, is_closed, population
from collector.store import Arrival, open_store, reading
from collector.workspace import Workspace, load
from scoring import result, tally_json
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.response import Response, canonical, commitment
from scoring.tally import Tally, merge

both = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL
OCTOBER = "2026-10"  # 25 September to 24 October
FIRST, LAST = date(2026, 9, 25), date(2026, 10, 24)
JULY_TO_OCTOBER = ("2026-07", "2026-08", "2026-09", "2026-10")
TWO_INSTRUMENTS = {
    "from = 2017-05-09": 'from = 2017-05-09\n\n[[instrument]]\nid = "permenpanrb-16-2014"\nfrom = {}',
}
SERVED = {"ktp": 10, "kk": 20, "pindah": 30, "usaha": 40, "lainnya": 50}


def people(pack: Instrument, office_id: str, seed: int, n: int, layanan: Sequence[str]) -> Iterator[Response]:
    """Yield `n` made-up answers over several layanan and channels, some with blanks, profile and marks."""
    chance = random.Random(seed)
    for _ in range(n):
        values = tuple(chance.choice((None, *range(pack.low, pack.high + 1))) for _ in pack.questions)
        if chance.random() < 0.6:
            values = tuple(chance.randint(pack.low, pack.high) for _ in pack.questions)
        profil = tuple(chance.choice((None, *(code for code, _ in field.options))) for field in pack.profil)
        nonce, service = chance.randbytes(32), chance.choice(layanan)
        held = canonical(values, pack.form, service, office_id)
        marks = (chance.choice((1, 2, 3, 4)), chance.choice((0, 0, 1, 2)))
        head = (commitment(nonce, held), nonce, office_id, service, pack.form)
        yield Response(*head, *marks, values, profil, chance.choice(("", "Baik.")))


def store(workspace: Workspace, sheets: Sequence[Response], days: Sequence[date]) -> None:
    """Store answers, the days taken in turn."""
    file = open_store(workspace.store, workspace.office.id)
    for number, sheet in enumerate(sheets):
        file.add(sheet, Arrival(days[number % len(days)], None if sheet.channel == 3 else number % 24))
    file.close()


def count(workspace: Workspace, periode_id: str) -> Tally:
    with reading(workspace.store) as connection:
        return counting.tally(connection, workspace.office, workspace.office.periode(periode_id))


def closed(workspace: Workspace, periode_id: str) -> bool:
    with reading(workspace.store) as connection:
        return is_closed(connection, workspace.office.id, workspace.office.periode(periode_id))


def close(workspace: Workspace, *periode_ids: str) -> None:
    for periode_id in periode_ids:
        assert collect(workspace, "close", periode_id, "--empty", day="2027-01-25") == 0


@contextmanager
def example_office(changes: dict[str, str] | None = None) -> Iterator[Workspace]:
    """Hold an office in a folder of its own, for tests that need a new one for every example."""
    with tempfile.TemporaryDirectory() as folder:
        yield office(Path(folder), changes)


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32), n=st.integers(0, 60))
@pytest.mark.parametrize(
    "instrument", ["permenpanrb-14-2017", "kepmenpan-25-2004", "sukma-jatim-11", "permenpanrb-16-2014"]
)
def test_the_tally_is_what_plain_python_counts_over_the_rows(instrument: str, seed: int, n: int) -> None:
    with example_office({'id = "permenpanrb-14-2017"\nfrom': f'id = "{instrument}"\nfrom'}) as workspace:
        pack = workspace.office.survey_on(FIRST).instrument
        days = [FIRST - timedelta(days=1), FIRST, date(2026, 10, 1), LAST, LAST + timedelta(days=1)]
        store(workspace, list(people(pack, workspace.office.id, seed, n, ("ktp", "kk", "lainnya"))), days)
        tally = count(workspace, OCTOBER)
        assert {(part.layanan, part.channel): part for part in tally.parts} == counted_by_hand(
            workspace, pack, FIRST, LAST
        )
        assert len(tally.parts) == len({(part.layanan, part.channel) for part in tally.parts})
        assert tally_json.load(tally_json.dump(tally)) == tally


@both
def test_three_months_add_up_to_their_quarter(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    pack = workspace.office.survey_on(FIRST).instrument
    days = [date(2026, 6, 20) + timedelta(days=number) for number in range(120)]
    store(workspace, list(people(pack, workspace.office.id, 3, 360, ("ktp", "kk"))), days)
    months = [count(workspace, f"2026-{number:02d}") for number in (7, 8, 9)]
    quarter = count(workspace, "2026-TW3")
    assert quarter.n == 3 * 92  # 25 June to 24 September, three a day
    assert merge(quarter.parts) == merge(part for month in months for part in month.parts)
    assert quarter.mulai == months[0].mulai
    assert quarter.selesai == months[2].selesai


def test_the_head_of_the_tally_is_that_of_the_office_and_its_periode(tmp_path: Path) -> None:
    workspace = office(tmp_path, {'blank = "available"': 'blank = "complete"', 'rule = "exact"': 'rule = "0.11"'})
    tally = count(workspace, OCTOBER)
    assert (tally.office, tally.office_nama, tally.periode) == ("kecamatan-teladan", "Kecamatan Teladan", OCTOBER)
    assert (tally.mulai, tally.selesai) == ("2026-09-25", "2026-10-24")
    assert (tally.instrument, tally.form) == ("permenpanrb-14-2017", "permenpanrb-14-2017/1")
    assert (tally.rule, tally.blank, tally.rehearsal) == ("0.11", "complete", True)
    assert list(tally.layanan) == ["ktp", "kk", "pindah", "usaha", "lainnya"]
    assert tally.parts == ()


def test_a_layanan_that_the_office_no_longer_has_keeps_its_answers(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    pack = workspace.office.survey_on(FIRST).instrument
    store(workspace, list(people(pack, workspace.office.id, 1, 10, ("ktp", "sim"))), [FIRST])
    tally = count(workspace, OCTOBER)
    assert tally.n == 10
    assert tally.layanan["sim"] == "sim"
    assert sum(part.n for part in tally.only("sim").parts) > 0
    assert result.score(tally)["n_responden"] == 10


@both
def test_the_command_prints_the_tally_and_scoring_scores_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    answer(workspace, 40)
    close(workspace, OCTOBER)
    capsys.readouterr()
    assert collect(workspace, "tally", OCTOBER) == 0
    printed = capsys.readouterr().out
    assert printed == tally_json.dump(count(workspace, OCTOBER))
    scored = run_alone(stdin=printed.encode())
    assert (scored.returncode, scored.stderr) == (0, b"")
    assert scored.stdout.decode() == result.dump(result.score(count(workspace, OCTOBER)))
    assert json.loads(scored.stdout)["n_responden"] == 40


def test_counting_reads_only_and_gives_the_same_bytes_twice(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 40)
    before = workspace.store.read_bytes()
    assert tally_json.dump(count(workspace, OCTOBER)) == tally_json.dump(count(workspace, OCTOBER))
    assert workspace.store.read_bytes() == before


def test_the_command_refuses_a_periode_nobody_knows_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect(office(tmp_path), "tally", "2026-13") == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(
        "Periode 2026-13 tidak dikenal. Tidak ada yang berubah. Tulis 2026-10 (Oktober 2026), "
    )
    assert captured.err.count("\n") == 1


def test_a_quarter_is_closed_by_its_months_and_not_when_one_is_missing(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    close(workspace, "2026-07", "2026-09")
    assert not closed(workspace, "2026-TW3")
    close(workspace, "2026-08")
    assert closed(workspace, "2026-TW3")
    assert not closed(workspace, "2026-S2")
    assert not closed(workspace, "2026-06")
    assert not closed(workspace, "2026-10")


@both
def test_a_month_is_closed_by_its_quarter_and_overlapping_closings_do_no_harm(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    close(workspace, "2026-TW3", "2026-08")
    assert [closed(workspace, month) for month in JULY_TO_OCTOBER] == [True, True, True, False]
    close(workspace, "2026-TW4", "2026-S1")
    assert closed(workspace, "2026")


@both
def test_a_closing_of_another_office_closes_nothing(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    close(workspace, OCTOBER)
    with reading(workspace.store) as connection:
        assert not is_closed(connection, "kecamatan-lain", workspace.office.periode(OCTOBER))


@both
def test_closed_periode_are_listed_oldest_first_by_the_name_they_were_closed_under(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    close(workspace, "2026-10", "2026-08", "2026-TW3", "2026-08")
    with reading(workspace.store) as connection:
        assert [periode.id for periode in closed_periodes(connection, workspace.office)] == [
            *("2026-08", "2026-TW3", "2026-10"),
        ]


@both
def test_the_periode_before_is_included_only_when_closed_and_answered(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12, day=date(2026, 10, 1))
    answer(workspace, 8, seed=2, day=date(2026, 9, 1))
    assert count(workspace, OCTOBER).previous is None
    september = count(workspace, "2026-09")
    close(workspace, "2026-08", "2026-09")
    assert count(workspace, OCTOBER).previous == september
    assert september.n == 8
    assert count(workspace, "2026-09").previous is None  # August was closed without any answer
    assert replace(count(workspace, OCTOBER), previous=None).n == 12


def test_the_periode_before_carries_no_other_before_it(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    for seed, day in enumerate((date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1))):
        answer(workspace, 5, seed=seed, day=day)
    close(workspace, "2026-08", "2026-09")
    previous = count(workspace, OCTOBER).previous
    assert previous is not None
    assert (previous.periode, previous.previous) == ("2026-09", None)


def test_a_quarter_is_compared_with_the_quarter_before_closed_by_its_months(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 5, day=date(2026, 9, 1))
    close(workspace, "2026-07", "2026-08", "2026-09")
    previous = count(workspace, "2026-TW4").previous
    assert previous is not None
    assert (previous.periode, previous.n) == ("2026-TW3", 5)


def test_a_change_of_instrument_between_two_periode_keeps_both_tallies(tmp_path: Path) -> None:
    changes = {key: text.format("2026-09-25") for key, text in TWO_INSTRUMENTS.items()}
    workspace = office(tmp_path, changes)
    answer(workspace, 5, day=date(2026, 9, 1))
    answer(workspace, 6, seed=2, day=date(2026, 10, 1))
    close(workspace, "2026-09")
    tally = count(workspace, OCTOBER)
    assert tally.previous is not None
    assert (tally.instrument, tally.previous.instrument) == ("permenpanrb-16-2014", "permenpanrb-14-2017")


def test_a_change_of_instrument_within_a_periode_is_refused_with_its_day(tmp_path: Path) -> None:
    workspace = office(tmp_path, {key: text.format("2026-10-10") for key, text in TWO_INSTRUMENTS.items()})
    for periode_id in (OCTOBER, "2026-TW4", "2026"):
        with pytest.raises(IkmError) as caught:
            count(workspace, periode_id)
        assert caught.value.code == "PERIODE_INSTRUMENT"
        assert "2026-10-10" in str(caught.value)
    assert count(workspace, "2026-09").instrument == "permenpanrb-14-2017"
    assert count(workspace, "2026-11").instrument == "permenpanrb-16-2014"


def test_a_change_of_instrument_within_the_periode_before_does_not_stop_this_one(tmp_path: Path) -> None:
    workspace = office(tmp_path, {key: text.format("2026-09-10") for key, text in TWO_INSTRUMENTS.items()})
    answer(workspace, 5, day=date(2026, 9, 1))
    answer(workspace, 6, seed=2, day=date(2026, 10, 1))
    close(workspace, "2026-09")
    tally = count(workspace, OCTOBER)
    assert (tally.n, tally.previous) == (6, None)


def test_answers_of_two_forms_in_one_periode_are_refused_with_their_number(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 7)
    (tmp_path / "office.toml").write_text(
        (tmp_path / "office.toml").read_text("utf-8").replace("permenpanrb-14-2017", "permenpanrb-16-2014"), "utf-8"
    )
    other = load(tmp_path / "office.toml")
    answer(other, 4, seed=2)
    with pytest.raises(IkmError) as caught:
        count(workspace, OCTOBER)
    assert (caught.value.code, str(caught.value).split(" jawaban")[0]) == ("FORM_MIXED", "Periode 2026-10 memuat 4")
    with pytest.raises(IkmError) as caught:
        count(other, OCTOBER)
    assert str(caught.value).startswith("Periode 2026-10 memuat 7 jawaban dari kuesioner selain permenpanrb-16-2014/1")


def test_two_forms_in_the_periode_before_do_not_stop_this_one(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    pack = workspace.office.survey_on(FIRST).instrument
    (stray,) = people(pack, workspace.office.id, 1, 1, ("ktp",))
    store(workspace, [replace(stray, form="permenpanrb-14-2017/0")], [date(2026, 9, 1)])
    answer(workspace, 6, day=date(2026, 10, 1))
    close(workspace, "2026-09")
    assert (count(workspace, OCTOBER).n, count(workspace, OCTOBER).previous) == (6, None)


def served(months: dict[str, dict[str, int]], cut: str = "bulanan", report_day: int = 25) -> Office:
    """Return the office of the example with these people served."""
    with example_office() as workspace:
        return replace(workspace.office, population=months, cut=cut, report_day=report_day)


@pytest.mark.parametrize("report_day", [1, 25])
def test_the_population_of_a_longer_periode_is_the_sum_of_its_months(report_day: int) -> None:
    months = {f"2026-{number:02d}": {key: n * number for key, n in SERVED.items()} for number in range(1, 13)}
    known = served(months, report_day=report_day)
    for periode_id, sum_of_numbers in (("2026-TW1", 6), ("2026-TW4", 33), ("2026-S2", 57), ("2026", 78)):
        summed = population(known, known.periode(periode_id))
        assert summed == {key: n * sum_of_numbers for key, n in SERVED.items()}


def test_the_population_is_unknown_when_a_month_is_missing() -> None:
    known = served({"2026-07": SERVED, "2026-09": SERVED})
    assert population(known, known.periode("2026-TW3")) == {}
    assert population(known, known.periode("2026-07")) == SERVED
    assert population(known, known.periode("2026-08")) == {}


def test_a_layanan_that_one_month_does_not_count_is_unknown_for_the_quarter() -> None:
    short = {key: n for key, n in SERVED.items() if key != "kk"}
    known = served({"2026-07": SERVED, "2026-08": short, "2026-09": SERVED})
    assert population(known, known.periode("2026-TW3")) == {key: 3 * n for key, n in short.items()}


def test_a_population_written_for_the_quarter_itself_goes_before_its_months() -> None:
    known = served({"2026-TW3": {"ktp": 7}, "2026-07": SERVED, "2026-08": SERVED, "2026-09": SERVED})
    assert population(known, known.periode("2026-TW3")) == {"ktp": 7}


def test_the_population_goes_into_the_tally(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert count(workspace, OCTOBER).population == {"ktp": 512, "kk": 377, "pindah": 163, "usaha": 248, "lainnya": 62}
    assert count(workspace, "2026-TW4").population == {}
