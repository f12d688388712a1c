"""Backups: taken while answers come in, whole, checked, never overwritten; the restore test finds what is wrong."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from http_samples import DAY, OFFICE
from publish_samples import answer, collect, office
from store_samples import response

from collector.backup import backup_folder, backups, checksum_file, prune, take
from collector.store import Arrival, Server, Store, open_store
from collector.workspace import Workspace, office_clock
from scoring.errors import IkmError


@contextmanager
def answers_come_in(workspace: Workspace) -> Iterator[list[int]]:
    """Hold a writer that stores answers without a pause; gives the list of those stored."""
    store, stored, over = open_store(workspace.store, OFFICE), [], threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            store.add(response(number, "x" * (number % 300)), Arrival(DAY, 10))
            stored.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield stored
    finally:
        over.set()
        writer.join()
        store.close()


def restored(file: Path) -> tuple[str, list[int]]:
    """Open a backup as it is; return what SQLite says of it, and the numbers of the answers in it."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        rows = connection.execute("SELECT nonce FROM response ORDER BY seq").fetchall()
    return found, [int.from_bytes(nonce, "big") for (nonce,) in rows]


def backups_under_load(folder: Path, count: int) -> None:
    workspace = office(folder)
    target, now = backup_folder(workspace), office_clock(workspace.office)
    with answers_come_in(workspace) as stored:
        taken = []
        for number in range(count):
            while len(stored) <= number:  # at least one more before each
                time.sleep(0.001)
            acknowledged = len(stored)
            taken.append((acknowledged, take(workspace, now(), target)))
    assert backups(target) == [file for _, file in taken] and len(stored) >= count
    for acknowledged, file in taken:
        found, numbers = restored(file)
        assert (found, numbers) == ("ok", list(range(1, len(numbers) + 1)))
        assert len(numbers) >= acknowledged  # all that was said to be stored before the copy began
        said = checksum_file(file).read_text("ascii")
        assert said == f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
    assert sorted(target.iterdir()) == sorted([*backups(target), *map(checksum_file, backups(target))])


def test_twenty_backups_under_load_are_whole_and_lack_nothing_acknowledged(tmp_path: Path) -> None:
    backups_under_load(tmp_path, 20)


@pytest.mark.soak
def test_a_hundred_backups_under_load_are_whole_and_lack_nothing_acknowledged(tmp_path: Path) -> None:
    backups_under_load(tmp_path, 100)


def test_a_backup_is_read_by_its_owner_alone_and_has_no_log_beside_it(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    file = take(workspace, office_clock(workspace.office)(), backup_folder(workspace))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert stat.S_IMODE(workspace.store.stat().st_mode) == 0o600


def test_the_command_says_where_the_backup_is_and_keeps_only_the_newest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path, {"simpan = 30": "simpan = 2", 'folder = ""': 'folder = "../simpanan"'})
    for _ in range(4):
        assert collect(workspace, "backup") == 0
    said = capsys.readouterr().out.splitlines()
    folder = tmp_path / ".." / "simpanan"
    assert len(backups(folder)) == 2 and len(list(folder.iterdir())) == 4
    assert said[-2].endswith("1 cadangan terlama dihapus.") and str(backups(folder)[-1]) in said[-2]
    assert said[-1].startswith("Isinya jawaban saja.") and str(workspace.data / "periode") in said[-1]
    assert collect(workspace, "backup", "--to", str(tmp_path / "lain")) == 0
    assert len(backups(tmp_path / "lain")) == 1


def test_backups_are_ordered_by_their_moment_and_number(tmp_path: Path) -> None:
    names = ["2026-11-20T0130", "2026-11-21T0130", "2026-11-21T0130-2", "2026-11-21T0130-10", "2026-11-21T0131"]
    for name in reversed(names):
        (tmp_path / f"responses-{name}.db").touch()
    for name in ("responses.db", "responses-lama.db", "catatan.txt"):
        (tmp_path / name).touch()
    assert [file.name for file in backups(tmp_path)] == [f"responses-{name}.db" for name in names]
    taken = tmp_path / "responses-2026-11-20T0130.db"  # by a clock that was put right
    prune(tmp_path, 2, taken)
    assert {file.name[10:-3] for file in backups(tmp_path)} == {names[0], *names[-2:]}
    assert len(list(tmp_path.iterdir())) == 6


def test_a_broken_store_gives_no_backup_and_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 40)
    collect(workspace, "seal")
    with closing(sqlite3.connect(workspace.store)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'day_tally'").fetchone()
    content = bytearray(workspace.store.read_bytes())
    content[(page - 1) * 4096 : page * 4096 - 3000] = b"\xff" * 1096
    workspace.store.write_bytes(content)
    assert collect(workspace, "backup") == 2
    assert capsys.readouterr().err.startswith("Cadangan dari ")
    assert list(backup_folder(workspace).iterdir()) == []


def test_on_postgresql_the_command_says_what_to_type(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = office(tmp_path)
    monkeypatch.setenv("IKM_STORE", "postgresql://ikm:rahasia@basisdata/ikm")
    assert isinstance(workspace.store, Server)
    with pytest.raises(IkmError) as refused:
        take(workspace, office_clock(workspace.office)(), tmp_path)
    assert "pg_dump" in str(refused.value) and "rahasia" not in str(refused.value)


# the restore test


def closed(folder: Path) -> Workspace:
    workspace = office(folder)
    answer(workspace, 30, saran="Cepat.")
    collect(workspace, "close", "2026-10")
    assert collect(workspace, "backup") == 0
    return workspace


def test_the_restore_test_passes_on_a_good_backup_and_touches_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = closed(tmp_path)
    answer(workspace, 5, day=date(2026, 10, 26), seed=2)
    (file,) = backups(backup_folder(workspace))
    before = file.read_bytes()
    capsys.readouterr()
    assert collect(workspace, "restore-test") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "  baik   sidik SHA-256 sesuai",
        "  baik   isi basis data utuh",
        "  baik   30 jawaban dalam cadangan, 35 dalam basis data sekarang",
        "  baik   hitung ulang setiap hari sama",
        "  baik   hitungan periode 2026-10 sama",
    ]
    assert file.read_bytes() == before and len(list(file.parent.iterdir())) == 2


def forge(file: Path, statement: str) -> None:
    """Change a backup behind its back, checksum and all."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    checksum_file(file).write_text(f"{digest}  {file.name}\n", "ascii")


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE response SET a01 = 5 - a01", "hitung ulang berbeda pada 2026-10-01"),
        ("UPDATE closing SET selesai = '2026-10-23'", "hitungan periode 2026-10 sama"),
        ("UPDATE store SET office = 'kelurahan-lain'", "milik kantor kelurahan-lain"),
    ],
)
def test_a_forged_backup_is_found_by_counting_it(
    tmp_path: Path, statement: str, found: str, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = closed(tmp_path)
    forge(backups(backup_folder(workspace))[0], statement)
    capsys.readouterr()
    code = collect(workspace, "restore-test")
    said = capsys.readouterr().out
    assert found in said
    assert code == (0 if "closing" in statement else 2)


def test_a_flipped_bit_or_a_missing_checksum_or_no_backup_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = closed(tmp_path)
    (file,) = backups(backup_folder(workspace))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert collect(workspace, "restore-test") == 2
    checksum_file(file).unlink()
    assert collect(workspace, "restore-test") == 2
    said = capsys.readouterr()
    assert said.out.count("RUSAK  sidik SHA-256 tidak sesuai atau tidak ada") == 2
    assert said.err.count("tidak lulus uji pemulihan") == 2
    file.unlink()
    assert collect(workspace, "restore-test") == 2
    assert capsys.readouterr().err.endswith("Ketik: make backup\n")


def test_an_exclusion_after_the_backup_is_no_fault_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = closed(tmp_path)
    store: Store = open_store(workspace.store, OFFICE)
    with store.reading() as connection:
        (identity,) = connection.execute("SELECT id FROM response LIMIT 1").fetchone()
    store.exclude(identity, "ganda", "staf", date(2026, 10, 26))
    store.close()
    capsys.readouterr()
    assert collect(workspace, "restore-test") == 0
    assert "tidak dibandingkan: pengecualian bertambah" in capsys.readouterr().out
