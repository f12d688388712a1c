"""Retention: what has had its time is destroyed to the last byte, its counts stay, and the minutes say so."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from datetime import date
from pathlib import Path

import pytest
from flow_samples import write_briefly
from http_samples import OFFICE
from publish_samples import answer, collect, office, publish, text_of
from shared_setup import made_once

from collector import counting, retention
from collector.backup import backup_folder, backups
from collector.store import Server, open_store, reading
from collector.workspace import Workspace, load
from scoring import tally_json
from scoring.errors import IkmError

CANARY = "KENARI-saran-4d1f"
LATER = "2029-01-15"  # more than two years after both periode were closed


def filled(folder: Path, later: str = CANARY) -> Workspace:
    """Return an office with two closed periode, exclusions in both, paper in the first, and a later answer."""
    workspace = office(folder)
    sheet = folder / "kertas.csv"
    head = "tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9,saran\n"
    sheet.write_text(head + f"2026-09-02,ktp,4,4,3,4,4,4,,4,4,{CANARY}\n" * 12, "utf-8")
    collect(workspace, "import", str(sheet), "--periode", "2026-09", day="2026-09-20")
    sheet.unlink()
    answer(workspace, 40, day=date(2026, 9, 3), saran=CANARY)
    answer(workspace, 40, seed=2, day=date(2026, 10, 1), saran=CANARY)
    for number, day in enumerate(("2026-09-03", "2026-10-01")):
        store = open_store(workspace.store, OFFICE)
        with store.reading() as connection:
            rows = connection.execute("SELECT id FROM response WHERE day = ? ORDER BY seq", (day,)).fetchall()
        for (identity,) in rows[: 3 + number]:
            store.exclude(identity, "uji-coba", "staf", date(2026, 10, 5))
        store.close()
    collect(workspace, "exclude", "--file", "kertas.csv", "--sheet", "2", "--reason", "lembar-rusak", "--by", "staf")
    collect(workspace, "close", "2026-09", day="2026-09-25")
    collect(workspace, "close", "2026-10", day="2026-10-25")
    answer(workspace, 12, seed=3, day=date(2026, 11, 3), saran=later)
    return workspace


@pytest.fixture
def workspace(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a copy of that office, which a test may destroy."""
    shutil.copytree(made_once(tmp_path_factory, "masa-simpan", filled), tmp_path / "kantor")
    return load(tmp_path / "kantor" / "office.toml")


def tallies(workspace: Workspace) -> list[str]:
    with reading(workspace.store) as connection:
        return [
            tally_json.dump(counting.tally(connection, workspace.office, workspace.office.periode(name)))
            for name in ("2026-09", "2026-10")
        ]


def rows(workspace: Workspace, table: str) -> int:
    with reading(workspace.store) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def traces(workspace: Workspace, text: bytes = CANARY.encode()) -> list[str]:
    """Return every file in the office's folder that holds the text, as `grep -a` sees it."""
    done = subprocess.run(
        ["grep", "-arlF", text.decode("latin-1"), str(workspace.root)], capture_output=True, text=True, check=False
    )
    return done.stdout.splitlines()


def test_what_is_due_is_told_by_the_day_of_closing(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    expected = {
        "2026-12-23": 0,  # 89 days after 25 September
        "2026-12-24": 1,
        "2027-01-23": 2,
        "2028-09-24": 3,
        LATER: 4,
    }
    for day, groups in expected.items():
        capsys.readouterr()
        assert collect(workspace, "retention", day=day) == 0
        assert f"{groups} kelompok habis masa simpannya." in capsys.readouterr().out
    assert rows(workspace, "response") == 104


def test_destroyed_comments_are_in_no_file_and_every_figure_stays(workspace: Workspace) -> None:
    before = tallies(workspace)
    collect(workspace, "backup")
    assert traces(workspace)
    store = open_store(workspace.store, OFFICE)  # a server that runs meanwhile
    with store.reading() as connection:
        connection.execute("SELECT count(*) FROM saran").fetchone()
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day="2027-02-01") == 0
    assert (rows(workspace, "saran"), rows(workspace, "response")) == (12, 104)  # those of November are not due
    assert tallies(workspace) == before
    store.close()
    left = sqlite3.connect(workspace.store).execute("SELECT DISTINCT text FROM saran").fetchall()
    assert left == [(CANARY,)]


def test_after_the_last_destruction_the_text_is_nowhere(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.store) as connection:
        (nonce,) = connection.execute("SELECT hex(nonce) FROM response ORDER BY seq LIMIT 1").fetchone()
    collect(workspace, "backup")
    (workspace.data / "responses.db.sebelum-sqlite_0006_destruction").write_text(CANARY, "utf-8")
    collect(workspace, "close", "2026-11", day="2026-11-25")
    answer(workspace, 1, seed=4, day=date(2026, 12, 1))
    store = open_store(workspace.store, OFFICE)
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 0
    assert traces(workspace) == []
    content = [file.read_bytes() for file in workspace.root.rglob("*") if file.is_file()]
    assert not any(bytes.fromhex(nonce) in item for item in content)
    assert (rows(workspace, "saran"), rows(workspace, "response")) == (0, 1)
    assert len(backups(backup_folder(workspace))) == 1
    assert (workspace.data / "responses.db-wal").stat().st_size == 0
    store.close()


def test_after_rows_are_destroyed_the_results_are_computed_to_the_same_bytes(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tallies(workspace)
    assert '"uji-coba": 3' in before[0] and '"lembar-rusak": 1' in before[0]
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 0
    assert (rows(workspace, "response"), rows(workspace, "exclusion")) == (12, 8)
    assert tallies(workspace) == before
    capsys.readouterr()
    assert collect(workspace, "recount", day=LATER) == 0
    said = capsys.readouterr().out
    assert "2026-08-25 sampai dengan 2026-09-24 tidak dihitung ulang: jawabannya sudah dimusnahkan" in said
    assert collect(workspace, "restore-test", day=LATER) == 0
    write_briefly(workspace.periode_folder("2026-10"))
    assert publish(workspace, "report", "2026-10", day=LATER) == 0
    assert collect(workspace, "close", "2026-TW3", day=LATER) == 0
    assert "ditutup dengan 52 jawaban" in capsys.readouterr().out


def test_a_filter_that_touches_destroyed_days_is_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    days = ("--from", "2026-10-01", "--to", "2026-10-10")
    assert collect(workspace, "filter", *days, day="2026-11-01") == 0
    collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER)
    collect(workspace, "close", "2026-11", day=LATER)
    for span in (days, ("--from", "2026-09-24", "--to", "2026-11-24")):
        capsys.readouterr()
        assert collect(workspace, "filter", *span, day=LATER) == 2
        assert "sudah dimusnahkan" in capsys.readouterr().err
    assert collect(workspace, "filter", "--from", "2026-10-25", "--to", "2026-11-24", day=LATER) == 0


def test_the_periode_of_the_newest_answer_stays_until_a_newer_one_is_there(workspace: Workspace) -> None:
    collect(workspace, "close", "2026-11", day="2026-11-25")
    for expected, seed in ((12, 5), (1, 6)):
        collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER)
        assert rows(workspace, "response") == expected
        answer(workspace, 1, seed=seed, day=date(2029, 1, 14))


def test_a_day_whose_kept_sum_is_wrong_stops_the_destruction_and_nothing_is_gone(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(workspace.store) as connection:
        connection.execute("DROP TRIGGER day_tally_keeps_values")
        connection.execute("UPDATE day_tally SET hours = '{}' WHERE day = '2026-10-01'")
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 2
    assert "Hitung ulang berbeda pada 2026-10-01" in capsys.readouterr().err
    assert (rows(workspace, "response"), rows(workspace, "destruction")) == (104, 0)
    assert traces(workspace)


def test_the_triggers_stand_after_a_destruction_as_they_did_before(workspace: Workspace) -> None:
    sql = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    with reading(workspace.store) as connection:
        before = [tuple(row) for row in connection.execute(sql)]
    collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER)
    with reading(workspace.store) as connection:
        assert [tuple(row) for row in connection.execute(sql)] == before
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    writer = sqlite3.connect(workspace.store)
    for table in ("response", "saran"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            writer.execute(f"DELETE FROM {table}")
    writer.close()


def test_somebody_who_reads_meanwhile_is_told_of_and_a_second_run_finishes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = filled(tmp_path, later="")
    collect(workspace, "backup")
    monkeypatch.setattr("collector.storing.PATIENCE", 0.2)
    with reading(workspace.store) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM response").fetchone()
        assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 2
        assert "ulangi perintah ini" in capsys.readouterr().err
        connection.execute("COMMIT")
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 0
    assert (traces(workspace), len(backups(backup_folder(workspace)))) == ([], 1)
    assert collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER) == 0
    assert capsys.readouterr().out.endswith("Tidak ada yang habis masa simpannya.\n")


def test_who_decides_must_be_named_and_postgresql_is_refused(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect(workspace, "retention", "--destroy", day=LATER) == 2
    assert "kunci BY belum diisi" in capsys.readouterr().err

    class Elsewhere:
        place = Server("postgresql://basisdata/ikm")

    with pytest.raises(IkmError) as refused:
        retention.destroy(Elsewhere(), workspace.office, "camat", date(2029, 1, 1))  # type: ignore[arg-type]
    assert refused.value.code == "RETENTION_SERVER"


def test_the_minutes_are_one_page_that_says_what_was_destroyed_and_by_whom(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert publish(workspace, "minutes", day=LATER) == 2
    assert "tidak ada berita acara" in capsys.readouterr().err
    collect(workspace, "retention", "--destroy", "--by", "camat", day=LATER)
    assert publish(workspace, "minutes", day=LATER) == 0
    file = workspace.data / "berita-acara" / f"berita-acara-pemusnahan-{LATER}.pdf"
    text = text_of(file)
    for words in (
        "BERITA ACARA PEMUSNAHAN DATA SURVEI",
        "Pada hari Senin, tanggal 15 Januari 2029",
        "Pemusnahan diputuskan oleh Camat Teladan.",
        "Saran bebas September 2026 (25 Agustus sampai dengan 24 September 2026) 52 90 hari",
        "Jawaban perorangan Oktober 2026 (25 September sampai dengan 24 Oktober 2026) 40 730 hari",
        "Yang melaksanakan,",
        "Halaman 1 dari 1",
        "KONSEP - BELUM DITANDATANGANI",
    ):
        assert words in text, text
    before = file.read_bytes()
    assert publish(workspace, "minutes", LATER, day=LATER) == 0
    assert file.read_bytes() == before
    assert publish(workspace, "minutes", "2028-01-01", day=LATER) == 2


def test_answers_may_not_be_kept_shorter_than_their_comments(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = tmp_path / "office.toml"
    file.write_text(file.read_text("utf-8").replace("jawaban_hari = 730", "jawaban_hari = 60"), "utf-8")
    with pytest.raises(IkmError) as refused:
        load(file)
    assert "jawaban_hari" in str(refused.value) and workspace.office.retensi.komentar_hari == 90
