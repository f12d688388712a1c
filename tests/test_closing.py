"""What a periode is asked before it closes for good: answers, their layanan and form, paper underway, the calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from entri_samples import opened
from import_samples import GOOD, rows, sheet, take
from publish_samples import answer, collect, office, publish

from collector import counting
from collector.counting import closed_periodes, is_closed
from collector.entri_ledger import cancel
from collector.store import open_store, reading
from collector.workspace import Workspace, load
from publish import staff_pages
from scoring.errors import IkmError

pytestmark = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL
NEXT_YEAR = "2027-01-25"
KTP = '[[layanan]]\nid = "ktp"\nnama = "Perekaman KTP Elektronik"\n'


def changed(workspace: Workspace, old: str, new: str) -> Workspace:
    """Return the office after a clerk has edited its office.toml."""
    file = workspace.root / "office.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    return load(file)


def closings(workspace: Workspace) -> Sequence[str]:
    return [row["periode"] for row in rows(workspace, "closing")]


def refused(workspace: Workspace, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the one sentence of a closing that is refused, after seeing that nothing was closed by it."""
    before = closings(workspace)
    capsys.readouterr()
    assert collect(workspace, "close", *arguments, day=NEXT_YEAR) == 2
    assert closings(workspace) == before
    return capsys.readouterr().err.strip()


def test_a_periode_without_answers_stays_open_for_late_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    said = refused(workspace, capsys, "2026-10")
    assert said.startswith("Periode 2026-10 belum memiliki jawaban, sehingga tidak ditutup")
    assert said.endswith("make close PERIOD=2026-10 EMPTY=1")
    assert take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}")).sheets == 1
    assert collect(workspace, "close", "2026-10") == 0
    assert "ditutup dengan 1 jawaban" in capsys.readouterr().out


def test_an_office_that_nobody_answered_closes_the_month_and_its_quarter_is_closed_by_months(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12, day=date(2026, 10, 1))
    for month in ("2026-10", "2026-11", "2026-12"):
        assert collect(workspace, "close", month, "--empty", day=NEXT_YEAR) == 0
    with reading(workspace.store) as connection:
        assert is_closed(connection, workspace.office.id, workspace.office.periode("2026-TW4"))
    assert "Periode November 2026 ditutup dengan 0 jawaban" in capsys.readouterr().out
    assert collect(workspace, "close", "2026-11", day=NEXT_YEAR) == 0  # known: nothing is asked again
    assert "sudah ditutup sebelumnya dengan 0 jawaban" in capsys.readouterr().out


def test_answers_that_were_all_taken_out_of_the_count_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}"))
    out = ("--file", "kertas.csv", "--sheet", "1", "--reason", "uji-coba", "--by", "staf")
    assert collect(workspace, "exclude", *out) == 0
    assert "belum memiliki jawaban" in refused(workspace, capsys, "2026-10")


def test_a_bundle_of_paper_that_does_not_count_yet_keeps_its_periode_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    store = open_store(workspace.store, workspace.office.id)
    entri = opened(workspace, store, 5, date(2026, 10, 1))
    said = refused(workspace, capsys, "2026-10")
    assert said.startswith(f"Periode 2026-10 belum ditutup: bundel {entri.id} belum dimasukkan ke hitungan")
    answer(workspace, 12, seed=2, day=date(2026, 9, 1))
    assert collect(workspace, "close", "2026-09") == 0  # another periode does not wait for it
    cancel(store, entri.id, date(2026, 10, 25))
    store.close()
    assert collect(workspace, "close", "2026-10") == 0


@pytest.mark.parametrize("now", ["", KTP.replace('"ktp"', '"ktp-el"')])
def test_answers_of_a_layanan_that_was_removed_or_renamed_are_named_before_the_periode_closes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], now: str
) -> None:
    workspace = office(tmp_path, {"ktp = 498\n": "", "ktp = 512\n": ""})  # the people it served go with a layanan
    take(workspace, sheet(tmp_path, *[f"2026-10-05,ktp,{GOOD}"] * 3, f"2026-10-05,kk,{GOOD}"))
    edited = changed(workspace, KTP, now)
    said = refused(edited, capsys, "2026-10")
    assert said.startswith("Periode 2026-10 belum ditutup: 3 jawabannya untuk layanan ktp, yang tidak ada dalam")
    assert "kembalikan [[layanan]]" in said
    changed(edited, now or '[[layanan]]\nid = "kk"', KTP if now else f'{KTP}\n[[layanan]]\nid = "kk"')
    assert collect(workspace, "close", "2026-10") == 0


def test_answers_of_another_instrument_than_office_toml_names_now_keep_the_periode_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}"))
    other = changed(workspace, 'id = "permenpanrb-14-2017"', 'id = "permenpanrb-16-2014"')
    said = refused(other, capsys, "2026-10")
    assert said.startswith("Periode 2026-10 memuat 1 jawaban dari kuesioner selain permenpanrb-16-2014/1.")
    assert "kembalikan isinya" in said
    changed(other, 'id = "permenpanrb-16-2014"', 'id = "permenpanrb-14-2017"')
    assert collect(workspace, "close", "2026-10") == 0


def test_a_closed_periode_whose_days_are_cut_otherwise_now_names_the_line_to_put_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    assert collect(workspace, "close", "2026-10") == 0
    moved = changed(workspace, "report_day = 25", "report_day = 1")
    for command in (publish, collect):
        capsys.readouterr()
        assert command(moved, "report" if command is publish else "close", "2026-10", day="2026-12-01") == 2
        said = capsys.readouterr().err
        assert said.startswith(
            "Periode 2026-10 ditutup untuk 25 September sampai dengan 24 Oktober 2026, padahal menurut office.toml"
            " sekarang 1 sampai dengan 31 Oktober 2026."
        )
        assert "Tulis kembali report_day = 25 di bawah [periode]" in said
    changed(moved, "report_day = 1\n", "report_day = 25\n")
    assert publish(workspace, "status", "2026-10") == 0
    assert "belum ditutup" not in capsys.readouterr().out


def test_no_periode_is_closed_between_two_calendars(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path, {"report_day = 25": "report_day = 1"})
    for seed, day in enumerate((date(2026, 10, 30), date(2026, 11, 20), date(2026, 12, 10), date(2026, 8, 1))):
        answer(workspace, 12, seed=seed, day=day)
    assert collect(workspace, "close", "2026-10", day="2026-11-01") == 0
    moved = changed(workspace, "report_day = 1\n", "report_day = 25\n")
    for periode in ("2026-11", "2026-TW4", "2026"):  # the 25th to the 31st of October would count twice
        assert "Tulis kembali report_day = 1 di bawah" in refused(moved, capsys, periode)
    assert collect(moved, "close", "2026-08", day=NEXT_YEAR) == 0  # far from what was closed


def test_what_the_staff_see_of_a_closed_periode_are_the_days_it_was_closed_with(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    assert collect(workspace, "close", "2026-10") == 0
    before = workspace.office.periode("2026-10")
    moved = changed(workspace, "report_day = 25", "report_day = 1")
    with reading(workspace.store) as connection:
        assert closed_periodes(connection, moved.office) == [before]
        with pytest.raises(IkmError) as caught:
            is_closed(connection, moved.office.id, moved.office.periode("2026-10"))
        following = counting.tally(connection, moved.office, moved.office.periode("2026-11"))
    assert caught.value.code == "PERIODE_MOVED"
    assert following.previous is None  # what was cut otherwise is not compared
    choices = staff_pages.closed(moved)
    assert staff_pages.chosen(moved, choices, "2026-10") == staff_pages.chosen(moved, choices, "") == before
