"""A disk that refuses to write or to sync: nobody is told yes in vain, and another process takes over within seconds.

libfiu (`fiu-run`) makes system calls of the server fail, as a dying disk does.
"""

from __future__ import annotations

import subprocess
import threading
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from campaign_server import STEP, Service
from http_samples import JAWABAN, JSON_TYPE, ask, json_bytes
from publish_samples import office
from retrying_client import APART, Client, judge

CLIENTS = 8
# What fails, and how often. A short write is one that stores half of what it was given. Reads fail seldom: whoever
# starts reads every page of the log, up to 3,000: where each thirtieth fails, no process ever gets through.
FAULTS = {
    "fdatasync": 0.05,
    "pwrite": 0.02,
    "pwrite/reduce": 0.2,
    "ftruncate": 0.2,
    "pread": 0.02,
}
ALLOWED = {0, 200, 201, 503, 507}  # 0: the line broke, because the process ended
TAKEN_OVER = 2.0  # seconds
PATIENCE = 10.0  # seconds, after which the test gives up


def fault(name: str, probability: float) -> str:
    """Return the order to libfiu that makes this system call fail."""
    place = f"posix/io/{'sync' if name == 'fdatasync' else 'rw'}/{name}"
    return f"enable_random name={place},probability={probability}"


def send_all(service: Service, answers: int) -> list[Client]:
    """Let eight clients send this many answers until all are acknowledged."""
    clients = [Client(service.port) for _ in range(CLIENTS)]

    def work(place: int) -> None:
        for number in range(place * APART, place * APART + answers // CLIENTS):
            clients[place].send(number)
        clients[place].hang_up()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return clients


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("answers", [40, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_disk_that_fails_now_and_then_loses_nothing_and_everything_is_stored_in_the_end(
    tmp_path: Path, name: str, answers: int, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(office(tmp_path), ("fiu-run", "-x", "-c", fault(name, FAULTS[name])))
    with service.kept_up():
        clients = send_all(service, answers)
    stored_at = sorted(moment for client in clients for moment in client.stored_at)
    gap = max(later - earlier for earlier, later in pairwise(stored_at))
    statuses = sum((client.statuses for client in clients), Counter())
    sent = {number for client in clients for number in client.sent}
    verdict = judge(service.workspace, sent, sent)
    with capsys.disabled():
        print(f"\n{name}: {verdict}, replies {dict(statuses)}, {service.starts} starts, longest gap {gap:.1f} s")
    assert verdict.good and verdict.stored == answers
    assert set(statuses) <= ALLOWED, service.said()


def every_sync_fails(place: Path, worker: int) -> bool:
    """Make every sync of a running process fail from now on; False when libfiu does not take the order."""
    order = ["fiu-ctrl", "-f", str(place), "-c", fault("fdatasync", 1), str(worker)]
    try:
        subprocess.run(order, check=True, timeout=PATIENCE / 2)
    except subprocess.TimeoutExpired:
        return False
    return True


@pytest.mark.parametrize("rounds", [1, pytest.param(20, marks=pytest.mark.soak)])
def test_a_failed_sync_ends_the_worker_and_another_takes_answers_within_two_seconds(
    tmp_path: Path, rounds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    service = Service(office(tmp_path), ("fiu-run", "-x", "-f", str(tmp_path / "fiu")))
    waits, number = [], 0
    while len(waits) < rounds:
        assert service.starts < 3 * rounds, "libfiu does not listen"
        with service.running():
            before = service.workers()
            if not all(every_sync_fails(tmp_path / "fiu", worker) for worker in before):
                continue  # libfiu did not listen; the server is killed and the round begins anew
            assert post(service, number) == 503
            began = time.monotonic()
            while post(service, number) not in {200, 201}:
                assert time.monotonic() - began < PATIENCE, service.said()
                time.sleep(STEP)
            waits.append(time.monotonic() - began)
            assert set(service.workers()) != set(before)
            number += 1
    with capsys.disabled():
        print(f"\n{rounds} failed syncs: the longest wait was {max(waits):.2f} s")
    assert max(waits) < TAKEN_OVER


def post(service: Service, number: int) -> int:
    """Send one answer and return the status, 0 when the line broke."""
    try:
        return ask(service.port, "POST", JAWABAN, json_bytes(number), Content_Type=JSON_TYPE)[0]
    except OSError:
        return 0
