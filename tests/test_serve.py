"""The server as a clerk and a citizen meet it: what it says when it cannot start, how it ends, what it never loses."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from http_samples import (
    DAY,
    FORM_TYPE,
    FORMULIR,
    JAWABAN,
    JSON_TYPE,
    ask,
    await_health,
    count,
    faults_of,
    form_bytes,
    free_port,
    json_bytes,
    server,
    start,
    stored,
)
from last_result_samples import TWO_LAYANAN
from publish_samples import ROOT, office

from collector.freeze import freeze
from collector.serve import STOP_SECONDS, WORKERS
from collector.workspace import Workspace

DAY_OPTION = ("--rehearsal-day", DAY.isoformat())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = office(tmp_path)
    freeze(made.office, made.site, DAY, rehearsal=True)
    return made


def said(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = process.communicate(timeout=30)
    return process.returncode, out, err


def nobody_left(workspace: Workspace) -> bool:
    """Say whether no process serves this office, granting the last one a moment to end and be reaped."""
    for _ in range(400):
        if not serving(workspace):
            return True
        time.sleep(0.05)
    return False


def serving(workspace: Workspace) -> list[str]:
    """Return the processes that were started for this office, whatever their group."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended while we looked
        if str(workspace.root / "office.toml").encode() in words:
            found.append(place.name)
    return found


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def when_there_are(pid: int, workers: int) -> list[int]:
    """Return the workers of a server once there are so many and each has settled, ten seconds at most."""
    end = time.monotonic() + 10
    while len(found := children(pid)) < workers or any(os.sched_getscheduler(each) == 0 for each in found):
        assert time.monotonic() < end
        time.sleep(0.02)
    time.sleep(0.1)  # the core comes right after the policy
    return found


def test_who_tries_the_questionnaire_on_the_same_computer_can_answer(workspace: Workspace) -> None:
    with server(workspace) as (port, _):
        asked = {
            f"http://127.0.0.1:{port}": 201,
            f"http://localhost:{port}": 201,
            f"http://127.0.0.1:{port + 1}": 403,
            f"http://localhost:{port + 1}": 403,
            f"https://localhost:{port}": 403,
            f"http://localhost.lain.example:{port}": 403,
            f"http://[::1]:{port}": 403,  # it does not listen there
        }
        for number, (origin, status) in enumerate(asked.items()):
            headers = {"Content_Type": JSON_TYPE, "Origin": origin}
            assert ask(port, "POST", JAWABAN, json_bytes(number), **headers)[0] == status, origin
    assert count(workspace) == 2


# what it says when it cannot start


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def test_a_taken_port_is_said_in_one_sentence(workspace: Workspace) -> None:
    with taken_port() as port:
        process = start(workspace, port, *DAY_OPTION)
        code, out, err = said(process)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert f"Porta {port} sudah dipakai" in err and "jendela lain" in err
        assert err.endswith(f"misalnya PORT={(port + 1000) % 65536}.\n")
    assert nobody_left(workspace)


def test_a_second_server_of_the_same_office_is_told_that_the_port_is_taken(workspace: Workspace) -> None:
    with server(workspace) as (port, _):
        code, out, err = said(start(workspace, port, *DAY_OPTION))
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert ask(port, "GET", "/v1/health")[0] == 200


def test_what_is_missing_is_said_in_one_sentence(workspace: Workspace) -> None:
    said_of = {}
    for file in (workspace.site / "index.html", workspace.store, workspace.root / "office.toml"):
        file.unlink()
        said_of[file.name] = said(start(workspace, free_port(), *DAY_OPTION))
    assert said_of == {
        "index.html": (2, "", f"Berkas {workspace.site / 'index.html'} tidak ada. Ketik: make site\n"),
        "responses.db": (2, "", f"Basis data {workspace.store} belum ada. Ketik: make site\n"),
        "office.toml": (
            *(2, ""),
            f"Berkas {workspace.root / 'office.toml'} tidak ada. Salin office.example.toml menjadi office.toml, "
            "lalu isi.\n",
        ),
    }


def test_a_port_that_cannot_be_is_no_traceback(workspace: Workspace) -> None:
    code, out, err = said(start(workspace, 99_999, *DAY_OPTION))
    assert (code, out, err.count("\n")) == (2, "", 1)


# how it ends


@pytest.mark.parametrize(("name", "to_all"), [("SIGINT", True), ("SIGTERM", True), ("SIGTERM", False)])
def test_ctrl_c_and_the_end_of_the_service_stop_it_quietly_and_leave_nobody(
    workspace: Workspace, name: str, to_all: bool
) -> None:
    port = free_port()
    process = start(workspace, port, *DAY_OPTION)
    await_health(port, process)
    idle = HTTPConnection("127.0.0.1", port, timeout=10)  # a phone that keeps its line open
    idle.request("GET", "/ktp/")
    idle.getresponse().read()
    assert ask(port, "POST", JAWABAN, json_bytes(), Content_Type=JSON_TYPE)[0] == 201
    assert len(serving(workspace)) == 1 + WORKERS
    began = time.monotonic()
    (os.killpg if to_all else os.kill)(process.pid, signal.Signals[name])
    sentence = f"Kuesioner dan penerima jawaban berjalan pada http://127.0.0.1:{port}/ (Ctrl-C untuk berhenti).\n"
    assert said(process) == (0, sentence, "")
    assert time.monotonic() - began < STOP_SECONDS  # of itself: then it would be killed
    assert nobody_left(workspace)
    idle.close()
    assert [faults_of(row) for row in stored(workspace)] == [[]]


def test_a_stop_in_the_middle_of_starting_is_quiet_and_does_not_hang(workspace: Workspace) -> None:
    for delay in (0.0, 0.1, 0.2):
        process = start(workspace, free_port(), *DAY_OPTION)
        assert process.stdout is not None and process.stdout.readline()
        time.sleep(delay)
        began = time.monotonic()
        os.killpg(process.pid, signal.SIGINT)
        assert said(process) == (0, "", "")
        # granian can miss a signal here; then a worker is killed after its six seconds, one after the other
        assert time.monotonic() - began < WORKERS * STOP_SECONDS + 3
        assert nobody_left(workspace)


def test_a_server_whose_main_process_is_killed_leaves_nobody_on_the_port(workspace: Workspace) -> None:
    port = free_port()
    process = start(workspace, port, *DAY_OPTION)
    await_health(port, process)
    process.kill()
    process.communicate(timeout=10)
    assert nobody_left(workspace)
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_each_process_has_a_core_of_its_own_also_one_that_was_started_anew(workspace: Workspace) -> None:
    cores = len(os.sched_getaffinity(0))
    with server(workspace) as (_, process):
        workers = when_there_are(process.pid, WORKERS)
        bound = {pid: os.sched_getaffinity(pid) for pid in workers}
        assert {os.sched_getscheduler(pid) for pid in workers} == {os.SCHED_BATCH}
        assert len(set.union(*bound.values())) == min(WORKERS, cores)
        os.kill(workers[-1], signal.SIGKILL)
        while workers[-1] in children(process.pid):
            time.sleep(0.05)
        (fresh,) = set(when_there_are(process.pid, WORKERS)) - set(workers)
        assert os.sched_getaffinity(fresh) == bound[workers[-1]]


# what it serves


def test_make_site_and_make_serve_give_a_questionnaire_that_takes_an_answer(tmp_path: Path) -> None:
    workspace = office(tmp_path, TWO_LAYANAN)
    command = [sys.executable, "-m", "publish", "site", "--office", str(tmp_path / "office.toml"), *DAY_OPTION]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with server(workspace) as (port, _):
        for path in ("/", "/ktp/"):
            status, headers, page = ask(port, "GET", path)
            assert (status, b'<html lang="id">' in page) == (200, True)
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"  # no-referrer would send Origin: null
            assert headers["content-security-policy"] == "frame-ancestors 'none'"
            assert "access-control-allow-origin" not in headers and "set-cookie" not in headers
        assert b"UJI COBA" in page
        for path in ("/ktp", "/ktp/index.html"):
            assert ask(port, "GET", path)[1]["location"] in {"ktp/", "./"}
        for method, path in (("POST", "/"), ("DELETE", "/ktp/"), ("GET", "/../office.toml"), ("GET", "/%00")):
            status, _, page = ask(port, method, path)
            assert (status, b"Alamat yang Anda buka tidak ada." in page) == (404, True)
        status, headers, _ = ask(port, "POST", FORMULIR, form_bytes(), Content_Type=FORM_TYPE)
        assert status == 303
        assert b"Jawaban Anda sudah kami simpan." in ask(port, "GET", headers["location"])[2]
    assert count(workspace) == 1


def test_pages_frozen_anew_while_the_server_runs_are_served_whole(workspace: Workspace) -> None:
    with server(workspace) as (port, _):
        assert b"UJI COBA" in ask(port, "GET", "/ktp/")[2]
        freeze(workspace.office, workspace.site, DAY, rehearsal=False)
        status, headers, page = ask(port, "GET", "/ktp/")
        assert (status, int(headers["content-length"])) == (200, len(page))
        assert b"UJI COBA" not in page and page.rstrip().endswith(b"</html>")


# what it never loses


def test_the_same_answer_from_eight_phones_at_once_is_one_row(workspace: Workspace) -> None:
    with server(workspace) as (port, _), ThreadPoolExecutor(8) as phones:
        bodies = [json_bytes(number % 20) for number in range(160)]
        replies = list(phones.map(lambda data: ask(port, "POST", JAWABAN, data, Content_Type=JSON_TYPE), bodies))
    statuses = [status for status, _, _ in replies]
    assert (statuses.count(201), statuses.count(200)) == (20, 140)
    assert len({json.loads(reply)["kode"] for _, _, reply in replies}) == 20
    assert count(workspace) == 20


def test_a_worker_that_is_killed_is_replaced_and_no_acknowledged_answer_is_lost(workspace: Workspace) -> None:
    with server(workspace) as (port, process):
        assert ask(port, "POST", JAWABAN, json_bytes(1), Content_Type=JSON_TYPE)[0] == 201
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
        assert workers
        for worker in workers:
            os.kill(int(worker), signal.SIGKILL)
        await_health(port, process)
        assert ask(port, "POST", JAWABAN, json_bytes(1), Content_Type=JSON_TYPE)[0] == 200
        assert ask(port, "POST", JAWABAN, json_bytes(2), Content_Type=JSON_TYPE)[0] == 201
    assert count(workspace) == 2
