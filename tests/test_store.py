"""The store: append-only, one row for one answer, closed for good, durable before it says so, and nobody's diary."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg
import pytest
from http_samples import DAY, OFFICE, count, stored
from publish_samples import ROOT, collect, office
from store_samples import ARRIVAL, LAST_DAY, OURS, SCHEMA, SCORES, everything, fill, response
from store_writers import as_process

from collector.schema import SQL_FOLDER
from collector.store import Arrival, Store, create, open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError

both = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return office(tmp_path)


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = open_store(workspace.store, OFFICE)
    yield opened
    opened.close()


# append-only


@pytest.mark.parametrize("table", OURS)
def test_no_row_of_this_table_can_be_changed_replaced_or_deleted(
    workspace: Workspace, store: Store, table: str
) -> None:
    fill(workspace, store)
    before = everything(workspace.store)
    assert len(before[table]) > 0
    other = sqlite3.connect(workspace.store, isolation_level=None)
    for connection in (store._connection, other):
        for statement in (
            f"DELETE FROM {table}",
            f"DELETE FROM {table} WHERE {SCHEMA[table][0]} IS NOT NULL",
            *(f"UPDATE {table} SET {column} = {column}" for column in SCHEMA[table]),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                connection.execute(statement)
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|closed"):
        store._connection.execute(f"REPLACE INTO {table} SELECT * FROM {table}")
    other.close()
    assert everything(workspace.store) == before


def test_a_score_that_is_text_and_other_wrong_types_are_refused_by_the_table_itself(
    engine: str, workspace: Workspace, store: Store
) -> None:
    only_sqlite = [{"answers": (3.5, *SCORES[1:])}, {"id": "x" * 32}]  # PostgreSQL makes them what the column holds
    refusals = {"sqlite": sqlite3.IntegrityError, "postgres": psycopg.DatabaseError}
    for changes in (
        {"answers": ("baik", *SCORES[1:])},
        *(only_sqlite if engine == "sqlite" else []),
        {"answers": (b"4", *SCORES[1:])},
        {"answers": (11, *SCORES[1:])},
        {"answers": (-1, *SCORES[1:])},
        {"id": b"x" * 31},
        {"nonce": b""},
        {"channel": 6},
        {"channel": None},
        {"flags": "x"},
        {"layanan": ""},
        {"form": None},
        {"saran": "x" * 301},
        {"profil": ("", None, None, None, None)},
    ):
        with pytest.raises(refusals[engine]):
            store.add(replace(response(1), **changes), ARRIVAL)
    for hour in (24, -1):
        with pytest.raises(refusals[engine]):
            store.add(response(1), Arrival(DAY, hour))
    assert count(workspace) == 0


def test_no_column_could_hold_an_address_an_agent_a_name_or_an_exact_time(workspace: Workspace) -> None:
    with reading(workspace.store) as connection:
        tables = [row["name"] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        infos = {table: connection.execute(f"PRAGMA table_info({table})").fetchall() for table in tables}
        strict = {row["name"] for row in connection.execute("PRAGMA table_list") if row["strict"]}
    assert {table: [row["name"] for row in rows] for table, rows in infos.items()} == SCHEMA
    assert set(OURS) <= strict


# one answer, one row


@both
def test_the_same_answer_twice_is_one_row_and_the_first_one_stays(workspace: Workspace, store: Store) -> None:
    assert store.add(response(1, "Baik."), ARRIVAL) is True
    assert store.add(response(1, "Buruk."), Arrival(date(2026, 10, 2), 11)) is False
    assert [(row["day"], row["hour"], row["saran"]) for row in stored(workspace)] == [("2026-10-01", 10, "Baik.")]


@both
def test_rows_survive_closing_and_opening_again(workspace: Workspace, store: Store) -> None:
    fill(workspace, store)
    before = everything(workspace.store)
    for _ in range(3):
        open_store(workspace.store, OFFICE).close()
        create(workspace.store, OFFICE, "real").close()  # a rehearsal store stays one
    assert everything(workspace.store) == before
    assert store.kind() == "rehearsal"


@both
def test_a_paper_file_is_taken_in_whole_or_not_at_all(workspace: Workspace, store: Store) -> None:
    store.close_periode(workspace.office.periode("2026-09"), date(2026, 9, 25))
    sheets = [(response(number), date(2026, 10, 1)) for number in range(5)]
    with pytest.raises(IkmError, match="sudah ditutup"):
        store.add_batch(b"\x01" * 32, "kertas.csv", date(2026, 10, 2), [*sheets, (response(9), date(2026, 9, 1))])
    assert (count(workspace), store.batch_day(b"\x01" * 32)) == (0, None)
    assert store.add_batch(b"\x01" * 32, "kertas.csv", date(2026, 10, 2), sheets) == 5
    assert (count(workspace), store.batch_day(b"\x01" * 32)) == (5, "2026-10-02")


# a closed periode


@both
def test_a_closed_periode_takes_no_new_row_knows_the_old_and_closing_twice_changes_nothing(
    workspace: Workspace, store: Store
) -> None:
    periode = workspace.office.periode("2026-10")
    store.add(response(1), ARRIVAL)
    assert store.close_periode(periode, date(2026, 10, 25)) == 1
    before = everything(workspace.store)
    for day in (periode.mulai, DAY, periode.selesai):
        with pytest.raises(IkmError) as refused:
            store.add(response(2), Arrival(day, 10))
        assert refused.value.code == "PERIODE_CLOSED"
    assert store.add(response(1), ARRIVAL) is False
    assert store.close_periode(periode, date(2026, 12, 31)) == 1
    assert everything(workspace.store) == before
    assert store.add(response(2), Arrival(date(2026, 10, 25), 0)) is True
    with pytest.raises(IkmError) as refused:
        store.add(response(3), Arrival(date(2026, 9, 24), 23))
    assert refused.value.code == "DAY_SEALED"


@both
def test_a_periode_can_be_closed_by_command_only_when_its_last_day_is_over(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in ("2026-09-24", DAY.isoformat(), LAST_DAY):
        assert collect(workspace, "close", "2026-10", day=day) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 1)
        assert "baru berakhir pada 24 Oktober 2026" in said.err and "mulai 25 Oktober 2026" in said.err
    for said in (
        "ditutup dengan 0 jawaban; tidak ada lagi",
        "sudah ditutup sebelumnya dengan 0 jawaban; tidak ada yang",
    ):
        assert collect(workspace, "close", "2026-10", "--empty", day="2026-10-25") == 0
        assert capsys.readouterr().out.startswith(f"Periode Oktober 2026 {said}")


# whose store it is


def test_the_store_of_another_office_is_refused_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    text = (tmp_path / "office.toml").read_text("utf-8")
    (tmp_path / "office.toml").write_text(text.replace(f'id = "{OFFICE}"', 'id = "kelurahan-lain"'), "utf-8")
    for opening in (open_store, lambda path, owner: create(path, owner, "rehearsal")):
        with pytest.raises(IkmError) as refused:
            opening(workspace.store, "kelurahan-lain")
        assert refused.value.code == "STORE_OTHER_OFFICE"
    (tmp_path / "kertas.csv").write_text("u1\n", "utf-8")
    for command in (["close", "2026-10"], ["import", str(tmp_path / "kertas.csv")], ["serve", "--port", "1"]):
        assert collect(workspace, *command) == 2
        said = capsys.readouterr().err
        assert (
            f"milik kantor {OFFICE}, bukan kelurahan-lain. Tidak ada yang berubah" in said and "kembalikan id" in said
        )
    assert store_kind(workspace.store) == (OFFICE, "rehearsal")


def store_kind(path: Path) -> tuple[str, str]:
    with reading(path) as connection:
        row = connection.execute("SELECT office, kind FROM store").fetchone()
    return row["office"], row["kind"]


def test_a_real_store_lets_nobody_set_the_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    workspace.store.unlink()
    create(workspace.store, OFFICE, "real").close()
    (tmp_path / "kertas.csv").write_text("u1\n", "utf-8")
    for command in (["close", "2026-10"], ["import", str(tmp_path / "kertas.csv")], ["serve", "--port", "1"]):
        assert collect(workspace, *command) == 2
        assert capsys.readouterr().err.endswith("Hapus TODAY, atau tambahkan OFFICE=data/gladi/office.toml.\n")
    create(workspace.store, OFFICE, "rehearsal").close()
    assert store_kind(workspace.store) == (OFFICE, "real")  # nor can it become a rehearsal store


def test_what_is_no_store_is_refused_with_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    for path in (workspace.store, workspace.data / "responses.db-wal", workspace.data / "responses.db-shm"):
        path.unlink(missing_ok=True)
    assert collect(workspace, "close", "2026-09") == 2
    assert capsys.readouterr().err == f"Basis data {workspace.store} belum ada. Ketik: make site\n"
    assert not workspace.store.exists()
    workspace.store.write_bytes(b"Ini bukan basis data. " * 100)
    assert collect(workspace, "close", "2026-09") == 2
    assert capsys.readouterr().err == f"Berkas {workspace.store} tidak dapat dibaca: file is not a database.\n"


def test_a_store_that_another_program_holds_makes_a_command_say_so(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.storing.PATIENCE", 0.05)
    other = sqlite3.connect(workspace.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert collect(workspace, "close", "2026-10", "--empty") == 2
    assert capsys.readouterr().err.startswith("Basis data sedang dipakai perintah lain.")
    other.close()


# how it is kept


def test_the_writer_syncs_at_every_commit_and_wipes_what_it_frees(store: Store) -> None:
    pragmas = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1}
    found = {name: store._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}
    assert found == pragmas


def test_a_reader_cannot_write_and_sees_what_is_added_meanwhile(workspace: Workspace, store: Store) -> None:
    with reading(workspace.store) as reader:
        for statement in (
            "INSERT INTO batch VALUES (1, '', x'00', '', 1, '')",
            "DROP TABLE saran",
            "PRAGMA user_version=5",
        ):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader.execute(statement)
        store.add(response(1), ARRIVAL)
        assert reader.execute("SELECT count(*) FROM response").fetchone()[0] == 1
    with pytest.raises(IkmError), reading(workspace.store.with_name("tidak-ada.db")):
        pass


def test_each_migration_is_recorded_once_however_often_the_store_is_opened(workspace: Workspace) -> None:
    for _ in range(3):
        open_store(workspace.store, OFFICE).close()
    with reading(workspace.store) as connection:
        names = [row["name"] for row in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]
    assert names == sorted(file.stem for file in SQL_FOLDER.glob("sqlite_*.sql"))


# many writers, and none that finishes


def test_two_processes_writing_at_once_lose_nothing(engine: str, workspace: Workspace) -> None:
    commands = [as_process("two_hundred_and_fifty", workspace.store, first) for first in (1_000, 2_000)]
    writers = [subprocess.Popen(each, cwd=ROOT) for each in commands]
    assert [writer.wait() for writer in writers] == [0, 0]
    expected = {response(number).id for number in (*range(1_000, 1_200), *range(2_000, 2_200), *range(50))}
    rows = stored(workspace)
    assert (len(rows), {row["id"] for row in rows}) == (450, expected)
    assert engine == "postgres" or integrity(workspace) == "ok"


@both
def test_eight_threads_sharing_the_writer_lose_nothing(workspace: Workspace, store: Store) -> None:
    new: list[bool] = []
    work = [
        threading.Thread(target=lambda: new.extend([store.add(response(n), ARRIVAL) for n in range(50)]))
        for _ in range(8)
    ]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert (len(new), sum(new), count(workspace)) == (400, 50, 50)


def integrity(workspace: Workspace) -> str:
    with reading(workspace.store) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])


def test_ten_kills_lose_no_acknowledged_answer(workspace: Workspace) -> None:
    people, acknowledged = random.Random(10), set()
    for round_number in range(10):
        call = as_process("until_killed", workspace.store, round_number * 100_000)
        process = subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE)
        assert process.stdout is not None
        for _ in range(people.randint(1, 15)):
            acknowledged.add(int(process.stdout.readline()))
        time.sleep(people.random() / 100)
        process.send_signal(signal.SIGKILL)
        acknowledged |= {int(line) for line in process.stdout if line.endswith(b"\n")}
        process.wait()
    ids = [row["id"] for row in stored(workspace)]
    assert len(acknowledged) >= 50
    assert {response(number).id for number in acknowledged} <= set(ids)
    assert len(set(ids)) == len(ids) <= len(acknowledged) + 10
    assert integrity(workspace) == "ok"
