"""The outage diary: what is noted, what counts as an outage, and that it holds nothing about anybody."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flow_samples import put_section
from http_samples import await_health, free_port, start
from publish_samples import answer, collect, office, publish, text_of

from collector import heartbeat
from collector.freeze import freeze
from collector.heartbeat import DIARY, beat
from collector.outage import outages, read_diaries
from collector.workspace import Workspace
from publish.certainty import outages as sentence

ZONE = ZoneInfo("Asia/Jakarta")
LATER = datetime(2026, 12, 1, tzinfo=ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ran(workspace: Workspace, *spans: tuple[str, str], diary: str = DIARY) -> None:
    """Beat every minute from the first to the last of each span."""
    for first, last in spans:
        minute = at(first)
        while minute <= at(last):
            beat(workspace.data / diary, minute)
            minute += timedelta(minutes=1)


def minutes(workspace: Workspace, now: datetime = LATER, periode: str = "2026-10") -> int | None:
    found = outages(workspace, workspace.office.periode(periode), now)
    return None if found is None else found.minutes


def test_a_span_is_one_line_that_grows_and_a_gap_begins_another(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    ran(workspace, ("2026-10-01T07:00", "2026-10-01T08:00"), ("2026-10-01T08:02", "2026-10-01T08:30"))
    assert (workspace.data / DIARY).read_text("ascii") == "2026-10-01T00:00 2026-10-01T01:30\n"
    ran(workspace, ("2026-10-01T08:33", "2026-10-01T08:33"))
    assert (workspace.data / DIARY).read_text("ascii").splitlines()[1] == "2026-10-01T01:33 2026-10-01T01:33"


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([("2026-09-25T06:00", "2026-09-25T10:00"), ("2026-09-25T10:37", "2026-09-25T18:00")], 37),
        ([("2026-09-25T06:00", "2026-09-25T10:00"), ("2026-09-25T10:02", "2026-09-25T18:00")], 0),
        ([("2026-09-25T06:00", "2026-09-25T16:50"), ("2026-09-26T07:05", "2026-09-26T18:00")], 15),  # the night is none
        ([("2026-09-25T06:00", "2026-09-25T16:00"), ("2026-09-27T08:00", "2026-09-27T18:00")], 60 + 600 + 60),
        ([("2026-09-25T10:00", "2026-09-25T18:00")], 0),  # before the diary nothing is known
        ([("2026-09-24T06:00", "2026-09-24T18:00"), ("2026-09-25T09:00", "2026-09-25T18:00")], 120),
    ],
)
def test_the_minutes_of_gaps_within_service_hours_are_counted(
    tmp_path: Path, spans: list[tuple[str, str]], expected: int
) -> None:
    workspace = office(tmp_path)
    ran(workspace, *spans)
    assert minutes(workspace, at(spans[-1][1])) == expected


def test_a_server_that_is_down_now_is_an_outage_until_now(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    ran(workspace, ("2026-10-01T06:00", "2026-10-01T10:00"))
    assert minutes(workspace, at("2026-10-01T10:01")) == 0
    assert minutes(workspace, at("2026-10-01T12:30")) == 150
    assert minutes(workspace, at("2026-10-02T06:00")) == 420


def test_the_last_minutes_of_a_periode_count_the_same_before_and_after_the_server_runs_again(tmp_path: Path) -> None:
    for last, expected in (("16:58", 0), ("16:57", 3)):
        workspace = office(tmp_path / last[-2:])
        ran(workspace, ("2026-10-24T06:00", f"2026-10-24T{last}"))
        assert minutes(workspace) == expected
        ran(workspace, ("2026-10-25T06:00", "2026-10-25T06:10"))
        assert minutes(workspace) == expected


def test_without_a_diary_of_the_periode_nothing_is_claimed(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert minutes(workspace) is None
    ran(workspace, ("2026-11-01T06:00", "2026-11-01T06:10"))
    assert minutes(workspace) is None


def test_only_when_all_collectors_are_silent_is_there_an_outage(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    ran(workspace, ("2026-10-01T06:00", "2026-10-01T09:00"), ("2026-10-01T11:00", "2026-10-01T18:00"))
    ran(
        workspace,
        ("2026-10-01T06:00", "2026-10-01T08:00"),
        ("2026-10-01T10:30", "2026-10-01T18:00"),
        diary="hidup-2.log",
    )
    assert minutes(workspace, at("2026-10-01T18:00")) == 90


def test_two_processes_and_a_clock_that_jumps_leave_a_diary_that_reads(tmp_path: Path) -> None:
    file = tmp_path / DIARY
    moment = at("2026-10-01T08:00")
    work = [
        threading.Thread(target=lambda: [beat(file, moment + timedelta(minutes=n)) for n in range(60)]) for _ in "ab"
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    beat(file, at("2036-01-01T08:00"))  # a wrong clock, mended a minute later
    beat(file, at("2026-10-01T09:01"))
    beat(file, at("2026-10-01T09:02"))
    with file.open("ab") as diary:
        diary.write(b"2026-10-01T02")  # a power cut in the middle of a line
    beat(file, at("2026-10-01T12:00"))
    first, second, wrong = read_diaries([file])
    assert [minute.isoformat() for minute in first] == ["2026-10-01T01:00:00", "2026-10-01T02:02:00"]
    assert second[0].isoformat() == "2026-10-01T05:00:00" and wrong[0].year == 2036


def test_a_store_that_cannot_be_read_is_noted_as_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = office(tmp_path)
    monkeypatch.setattr(heartbeat, "BEAT", 0.01)
    heartbeat.keep_beating(workspace)
    for _ in range(500):
        if (workspace.data / DIARY).exists():
            break
        time.sleep(0.01)
    assert len(read_diaries([workspace.data / DIARY])) == 1
    workspace.store.rename(tmp_path / "hilang.db")
    time.sleep(0.1)
    (workspace.data / DIARY).unlink()
    time.sleep(0.1)
    assert not (workspace.data / DIARY).exists()


def test_the_server_keeps_the_diary_and_it_holds_two_minutes_and_nothing_else(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    freeze(workspace.office, workspace.site, LATER.date(), rehearsal=True)
    port = free_port()
    began = datetime.now(UTC).replace(second=0, microsecond=0, tzinfo=None)
    process = start(workspace, port)
    await_health(port, process)
    for _ in range(200):
        if (workspace.data / DIARY).exists():
            break
        time.sleep(0.05)
    process.terminate()
    process.communicate(timeout=15)
    ((first, last),) = read_diaries([workspace.data / DIARY])
    assert began <= first <= last <= datetime.now(UTC).replace(tzinfo=None)
    assert (workspace.data / DIARY).stat().st_size == heartbeat.LINE


def test_the_command_lists_each_outage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    collect(workspace, "outages", "2026-10")
    ran(workspace, ("2026-10-24T06:00", "2026-10-24T10:00"), ("2026-10-24T10:37", "2026-10-24T18:00"))
    collect(workspace, "outages", "2026-10")
    assert capsys.readouterr().out.splitlines() == [
        "Buku gangguan belum memuat periode Oktober 2026.",
        "  24 Oktober 2026 10.00 sampai 10.37",
        "Periode Oktober 2026: 37 menit tidak dapat dijangkau pada jam layanan, dicatat sejak 24 Oktober 2026 06.00.",
    ]


def test_the_laporan_says_how_long_the_questionnaire_was_not_reachable(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert sentence(outages(workspace, workspace.office.periode("2026-10"), LATER)) == (
        "Gangguan layanan daring tidak dicatat pada periode ini (buku gangguan belum ada)."
    )
    ran(workspace, ("2026-10-24T06:00", "2026-10-24T10:00"))
    answer(workspace, 12)
    ran(workspace, ("2026-10-24T10:37", "2026-10-24T18:00"))
    collect(workspace, "close", "2026-10")
    put_section(workspace.periode_folder("2026-10"), "Waktu Pelaksanaan")
    assert publish(workspace, "report", "2026-10") == 0
    assert (
        "Kuesioner daring tidak dapat dijangkau selama 37 menit antara pukul 07.00 dan 17.00, "
        "menurut catatan server sejak 24 Oktober 2026 pukul 06.00."
    ) in text_of(workspace.periode_folder("2026-10") / "laporan.pdf")
