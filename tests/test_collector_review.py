"""What a second reading of the collector found; each fault stands here as what should happen instead."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from datetime import date
from pathlib import Path

import pytest
from http_samples import (
    DAY,
    JAWABAN,
    JSON_TYPE,
    ask,
    await_health,
    collector,
    count,
    free_port,
    json_bytes,
    server,
    start,
)
from publish_samples import answer, collect, office

from collector import counting, freeze
from collector.imports import import_paper
from collector.store import Arrival, open_store, reading
from collector.workspace import Workspace
from scoring import tally_json
from scoring.response import Response, from_json

SHEET = "tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9\n" + "2026-10-01,ktp,4,4,4,4,4,4,4,4,4\n" * 40
TABLES = ("store", "batch", "response", "saran", "closing")


def frozen(folder: Path) -> Workspace:
    """Return an office with its pages and a rehearsal store."""
    workspace = office(folder)
    freeze.freeze(workspace.office, workspace.site, DAY, rehearsal=True)
    return workspace


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with reading(path) as connection:
        return {table: [tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in TABLES}


def test_a_tally_is_counted_at_one_moment_while_answers_come_in(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 20)
    periode, done, faults = workspace.office.periode("2026-10"), threading.Event(), []

    def arrive() -> None:
        store, people = open_store(workspace.store, workspace.office.id), random.Random(1)
        while not done.is_set():
            read = from_json(json_bytes(people.randrange(2**200)), workspace.office, workspace.office.surveys[0])
            assert isinstance(read, Response)
            store.add(read, Arrival(DAY, 10))
        store.close()

    writer = threading.Thread(target=arrive)
    writer.start()
    try:
        for _ in range(50):
            with reading(workspace.store) as connection:
                tally = counting.tally(connection, workspace.office, periode)
            for part in tally.parts:
                if part.channel == "phone" and part.layanan == "ktp" and sum(part.profil["usia"].values()) != part.n:
                    faults.append((part.n, sum(part.profil["usia"].values())))
            tally_json.load(tally_json.dump(tally))
    finally:
        done.set()
        writer.join()
    assert faults == []


def test_a_file_imported_by_two_people_at_once_is_taken_in_once(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = tmp_path / "kertas.csv"
    file.write_text(SHEET, "utf-8")
    start_line, results = threading.Barrier(2), []

    def bring() -> None:
        store = open_store(workspace.store, workspace.office.id)
        start_line.wait()
        results.append(import_paper(workspace.office, store, file, date(2026, 10, 25), None, None))
        store.close()

    for day in range(10, 20):
        people = [",".join(f"{n:09b}").replace("0", "3").replace("1", "4") for n in range(40)]
        lines = [SHEET.splitlines()[0], *(f"2026-10-{day},ktp,{answers}" for answers in people)]
        file.write_text("\n".join(lines), "utf-8")
        clerks = [threading.Thread(target=bring) for _ in range(2)]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
    assert len(results) == 20
    assert sorted({result.known_since for result in results}, key=str) == ["2026-10-25", None]
    assert count(workspace) == sum(result.sheets for result in results) == 400


@pytest.mark.parametrize("keys_checked", [True, False])
def test_no_connection_replaces_a_row(tmp_path: Path, keys_checked: bool) -> None:
    with collector(tmp_path) as here:
        assert here.client.post(JAWABAN, data=json_bytes(), content_type=JSON_TYPE).status_code == 201
        read = from_json(json_bytes(7), here.workspace.office, here.workspace.office.surveys[0])
        assert isinstance(read, Response)
        here.store.add_batch(b"x" * 32, "a.csv", DAY, [(read, DAY)])
        here.store.close_periode(here.workspace.office.periode("2026-09"), DAY)
    before = everything(here.workspace.store)
    assert all(before.values())
    stranger = sqlite3.connect(here.workspace.store, isolation_level=None)
    stranger.execute(f"PRAGMA foreign_keys = {keys_checked}")
    for statement in (
        "REPLACE INTO store VALUES (1, 'lain', 'real')",
        "REPLACE INTO closing SELECT office, periode, '2020-01-01', '2020-01-02', '2020-01-03', 0 FROM closing",
        "REPLACE INTO batch SELECT id, office, sha256, 'b.csv', 9, imported_on FROM batch",
        "REPLACE INTO batch SELECT id + 9, office, sha256, 'b.csv', 9, imported_on FROM batch",
        "REPLACE INTO saran SELECT seq, response, 'lain' FROM saran",
        "REPLACE INTO saran SELECT seq + 9, response, 'lain' FROM saran",
        "REPLACE INTO response (seq, id, nonce, office, day, layanan, channel, form, flags, a01)"
        " SELECT seq, id, nonce, office, day, layanan, channel, form, flags, 1 FROM response",
        "REPLACE INTO response (id, nonce, office, day, layanan, channel, form, flags, a01)"
        " SELECT id, nonce, office, day, layanan, channel, form, flags, 1 FROM response",
    ):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            stranger.execute(statement)
    stranger.close()
    assert everything(here.workspace.store) == before


def test_a_reader_of_what_is_no_database_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    workspace.store.write_bytes(b"bukan basis data " * 500)
    for command in ("close", "tally"):
        assert collect(workspace, command, "2026-10") == 2
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("times", [2, pytest.param(60, marks=pytest.mark.soak)])  # one in twenty hung before
def test_ctrl_c_ends_a_server_at_once_and_quietly_though_it_reaches_the_worker_too(tmp_path: Path, times: int) -> None:
    workspace = frozen(tmp_path)
    for number in range(times):
        port = free_port()
        process = start(workspace, port)
        await_health(port, process)
        assert ask(port, "POST", JAWABAN, json_bytes(number), Content_Type=JSON_TYPE)[0] == 201
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it
        out, err = process.communicate(timeout=10)
        assert (process.returncode, err, out.count("\n")) == (0, "", 1)


def test_a_server_told_to_stop_while_it_starts_does_stop(tmp_path: Path) -> None:
    workspace = frozen(tmp_path)
    for delay in (0, 0.03):
        process = start(workspace, free_port())
        assert process.stdout and process.stdout.readline()
        time.sleep(delay)
        process.terminate()
        process.communicate(timeout=12)
        assert process.returncode in {0, -signal.SIGTERM}  # the latter before it listens


def test_the_pages_carry_the_headers_of_every_other_reply(tmp_path: Path) -> None:
    workspace = frozen(tmp_path)
    with server(workspace) as (port, _):
        tag = ask(port, "GET", "/ktp/")[1]["etag"]
        for path, headers, expected in (
            ("/ktp/", {}, 200),
            ("/", {}, 200),
            ("/ktp", {}, 302),
            ("/qr/ktp.svg", {}, 200),
            ("/ktp/", {"If_None_Match": tag}, 304),
            ("/tidak-ada", {}, 404),
        ):
            status, got, _ = ask(port, "GET", path, **headers)
            assert status == expected
            names = {"x-content-type-options", "x-frame-options", "referrer-policy", "cross-origin-opener-policy"}
            assert names - set(got) == set(), path
