"""A disk without room: every write says 507 and when to come back, every read goes on, and room alone heals it."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from campaign_server import Service
from http_samples import DAY, FORM_TYPE, FORMULIR, JAWABAN, JSON_TYPE, ask, form_bytes
from publish_samples import office
from retrying_client import STORED, Client, body_of, judge

from collector.freeze import freeze

ROOM = 300  # KiB, at the beginning
MORE_ROOM = 16 * 1024  # KiB, when somebody has cleaned up
HEALED = 5.0  # seconds
IN_A_ROW = 100  # refusals after which the disk counts as full: an answer that splits no page may still fit
ROOM_NOW_AND_THEN = 10  # of so many posts to a full disk one may find room


def mount(*arguments: str) -> None:
    """Mount as root, or skip the test."""
    done = subprocess.run(["mount", "-t", "tmpfs", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")


@contextmanager
def small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of its own on `folder`."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder.mkdir(parents=True)
    mount("tmpfs", str(folder))
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def resize(folder: Path, kibibytes: int) -> None:
    """Give the disk on `folder` this much room beyond what it holds."""
    disk = os.statvfs(folder)
    used = (disk.f_blocks - disk.f_bfree) * disk.f_bsize // 1024
    mount("-o", f"remount,size={used + kibibytes}k", "tmpfs", str(folder))


def later(service: Service, path: str, data: bytes, kind: str) -> bool:
    """Say whether a post is told 507 and when to come back."""
    status, headers, _ = ask(service.port, "POST", path, data, Content_Type=kind)
    return (status, headers.get("retry-after")) == (507, "5")


def reads_go_on(service: Service) -> bool:
    """Say whether health, questionnaire and receipt page answer."""
    pages = ("/v1/health", "/ktp/", "/terima/K7QM-2XTA-9F")
    return {ask(service.port, "GET", page)[0] for page in pages} == {200}


def fill(client: Client, first: int) -> int:
    """Send answers until nothing more fits, neither short nor long ones; return the number of the last."""
    number, refused = first, 0
    while refused < IN_A_ROW:
        number += 1
        refused = 0 if client.try_once(number) else refused + 1
    assert client.last_status == 507
    return number


@pytest.mark.parametrize(("rounds", "refusals"), [(1, 20), pytest.param(20, 200, marks=pytest.mark.soak)])
def test_a_full_disk_says_507_loses_nothing_and_takes_answers_again_when_there_is_room(
    tmp_path: Path, rounds: int, refusals: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_disk(tmp_path / "data"):
        workspace = office(tmp_path)
        freeze(workspace.office, workspace.site, DAY, rehearsal=True)
        service, number, waits = Service(workspace), 0, []
        client = Client(service.port)
        with service.running():
            worker = service.workers()
            for _ in range(rounds):
                resize(workspace.data, ROOM)
                first, number = number, fill(client, number)
                assert number > first + 5
                # One more may fit when the log has been copied into the database; then it is stored and said so.
                tries = range(number + 1, number + 1 + refusals)
                assert sum(client.try_once(more) for more in tries) <= refusals // ROOM_NOW_AND_THEN
                told = [later(service, FORMULIR, form_bytes(saran="x" * 300), FORM_TYPE) for _ in tries]
                assert sum(told) >= refusals - refusals // ROOM_NOW_AND_THEN
                assert later(service, JAWABAN, body_of(number), JSON_TYPE) and reads_go_on(service)
                resize(workspace.data, MORE_ROOM)
                began = time.monotonic()
                client.send(number)
                waits.append(time.monotonic() - began)
            assert service.workers() == worker
        verdict = judge(workspace, client.sent, client.receipts)
    with capsys.disabled():
        print(f"\n{rounds} full disks: {verdict}, replies {dict(client.statuses)}, healed in {max(waits):.2f} s")
    assert verdict.good and verdict.unacknowledged == 0
    assert set(client.statuses) <= STORED | {507} and max(waits) < HEALED
