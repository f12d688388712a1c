"""Kept tallies: a sealed day is counted once, adds up with the rest, and a recount from the rows finds the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from postgres_server import behind_our_back
from publish_samples import answer, collect, office

from collector import counting
from collector.seal import recount, sealed_until
from collector.store import Arrival, open_store, reading
from collector.workspace import Workspace
from scoring import tally_json
from scoring.errors import IkmError
from scoring.response import Response, canonical, commitment

DAYS = [date(2026, 9, 26), date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 5)]

pytestmark = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL


def filled(folder: Path) -> Workspace:
    workspace = office(folder)
    for number, day in enumerate(DAYS):
        answer(workspace, 15, seed=number, day=day)
    return workspace


def tally(workspace: Workspace) -> str:
    with reading(workspace.store) as connection:
        return tally_json.dump(counting.tally(connection, workspace.office, workspace.office.periode("2026-10")))


def seal(workspace: Workspace, day: str) -> int:
    return collect(workspace, "seal", day=day)


def test_sealing_changes_no_figure_however_the_days_are_cut(tmp_path: Path) -> None:
    workspace = filled(tmp_path)
    live = tally(workspace)
    for day in ("2026-09-27", "2026-10-01", "2026-10-04", "2026-10-06"):
        assert seal(workspace, day) == 0
        assert tally(workspace) == live


def test_sealing_says_which_days_and_a_second_time_finds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = filled(tmp_path)
    seal(workspace, "2026-10-02")
    seal(workspace, "2026-10-02")
    assert capsys.readouterr().out.splitlines() == [
        "3 hari disegel (26 September 2026 sampai dengan 1 Oktober 2026).",
        "0 hari disegel.",
    ]


def test_closing_a_periode_seals_its_days(tmp_path: Path) -> None:
    workspace = filled(tmp_path)
    collect(workspace, "close", "2026-10")
    with reading(workspace.store) as connection:
        assert sealed_until(connection, workspace.office.id) == date(2026, 10, 24)
        assert connection.execute("SELECT sum(n) FROM day_tally").fetchone()[0] == 60


def test_nothing_enters_a_sealed_day_by_itself(tmp_path: Path) -> None:
    workspace = filled(tmp_path)
    seal(workspace, "2026-10-02")
    with pytest.raises(IkmError) as refused:
        answer(workspace, 1, seed=9, day=date(2026, 10, 1))
    assert refused.value.code == "DAY_SEALED"
    answer(workspace, 1, seed=9, day=date(2026, 10, 2))


def test_paper_for_a_sealed_day_is_counted_when_it_is_taken_in(tmp_path: Path) -> None:
    workspace = filled(tmp_path)
    seal(workspace, "2026-10-06")
    sheet = tmp_path / "kertas.csv"
    sheet.write_text("tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9\n2026-10-01,ktp,4,4,4,4,4,4,,4,4\n", "utf-8")
    assert collect(workspace, "import", str(sheet)) == 0
    parts = tally_json.load(tally(workspace)).parts
    assert sum(part.n for part in parts) == 61
    assert [part.n for part in parts if part.channel == "paper"] == [1]
    with reading(workspace.store) as connection:
        assert all(same for _, same in recount(connection, workspace.office.id))


def test_a_recount_from_the_rows_finds_what_was_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = filled(tmp_path)
    seal(workspace, "2026-10-06")
    capsys.readouterr()
    assert collect(workspace, "recount") == 0
    assert capsys.readouterr().out == "4 hari dihitung ulang; semuanya sama dengan hitungan yang tersimpan.\n"


def test_a_recount_names_the_day_on_which_a_row_was_changed_behind_our_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    workspace = filled(tmp_path)
    seal(workspace, "2026-10-06")
    on_table = " ON response" if engine == "postgres" else ""
    behind_our_back(
        workspace.store,
        f"DROP TRIGGER response_keeps_{'rows' if on_table else 'values'}{on_table}",
        "UPDATE response SET a01 = 5 - a01 WHERE seq = (SELECT min(seq) FROM response WHERE day = '2026-10-01')",
    )
    capsys.readouterr()
    assert collect(workspace, "recount") == 2
    assert "2026-10-01" in capsys.readouterr().err


def test_two_equal_answers_in_a_row_are_counted_as_a_repeat(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    pack = workspace.office.survey_on(DAYS[0]).instrument
    store = open_store(workspace.store, workspace.office.id)
    for number, values in enumerate(((4,) * 9, (4,) * 9, (3,) * 9, (3,) * 9, (4,) * 9)):
        nonce = bytes([number]) * 32
        held = canonical(values, pack.form, "ktp", workspace.office.id)
        head = (commitment(nonce, held), nonce, workspace.office.id, "ktp", pack.form)
        store.add(Response(*head, 1, 0, values, (None,) * len(pack.profil), ""), Arrival(DAYS[0], 9))
    store.close()
    (part,) = tally_json.load(tally(workspace)).parts
    assert (part.repeats, dict(part.straight), dict(part.hours)) == (2, {"3": 2, "4": 3}, {"2026-09-26 09": 5})


def test_before_the_closing_no_score_is_shown_but_the_number_of_answers_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    assert collect(workspace, "tally", "2026-10") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("Jumlah jawaban sementara: 12.\n")


def test_an_office_may_choose_to_see_the_counts_of_an_open_periode(tmp_path: Path) -> None:
    workspace = office(tmp_path, {"blind_until_close = true": "blind_until_close = false"})
    answer(workspace, 12)
    assert collect(workspace, "tally", "2026-10") == 0
