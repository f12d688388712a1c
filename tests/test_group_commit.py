"""Group commit: those who wait together share one write, each hears of their own entry, and nobody waits for ever."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from collector.group_commit import MOST_TOGETHER, MOST_WAITING, GroupCommit
from scoring.errors import IkmError


class Disk:
    """A slow place to write to, which remembers what came together."""

    def __init__(self, seconds: float = 0.01) -> None:
        self.seconds = seconds
        self.batches: list[list[int]] = []
        self.held = threading.Event()
        self.held.set()

    def write(self, entries: Sequence[int]) -> list[int | IkmError]:
        """Keep the entries; negative ones are refused, and a 13 breaks the disk."""
        self.held.wait()
        time.sleep(self.seconds)
        self.batches.append(list(entries))
        if 13 in entries:
            raise IkmError("STORE_FULL")
        return [IkmError("STORE_BROKEN") if entry < 0 else entry * 2 for entry in entries]


def commits(disk: Disk, patience: float = 5.0) -> GroupCommit[int, int]:
    """Return a group commit onto the disk."""
    return GroupCommit(disk.write, lambda: patience)


def wait_until(reached: Callable[[], bool]) -> None:
    """Wait until `reached` says so, ten seconds at most."""
    end = time.monotonic() + 10
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_a_lone_entry_is_written_at_once_by_its_own_thread() -> None:
    disk = Disk(0)
    assert commits(disk).add(4) == 8
    assert disk.batches == [[4]]


def test_entries_that_come_during_a_write_share_the_next_one() -> None:
    disk = Disk()
    shared = commits(disk)
    with ThreadPoolExecutor(64) as pool:
        assert list(pool.map(shared.add, range(100, 740))) == [2 * n for n in range(100, 740)]
    assert sorted(entry for batch in disk.batches for entry in batch) == list(range(100, 740))
    assert len(disk.batches) < 640 / 8  # 64 at a time: far fewer writes than entries


def test_an_entry_that_is_refused_does_not_touch_the_others() -> None:
    disk = Disk()
    shared = commits(disk)

    def add(entry: int) -> object:
        try:
            return shared.add(entry)
        except IkmError as error:
            return error.code

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(add, [1, -1, 2, -2, 3] * 8))
    assert found == [2, "STORE_BROKEN", 4, "STORE_BROKEN", 6] * 8


def test_everybody_of_a_batch_hears_that_it_failed_and_the_next_go_on() -> None:
    disk = Disk()
    shared = commits(disk)
    disk.held.clear()
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(shared.add, 1)
        wait_until(lambda: shared._led)
        rest = [pool.submit(shared.add, entry) for entry in (13, 14, 15)]
        wait_until(lambda: len(shared._queue) == 3)
        disk.held.set()
        assert first.result(5) == 2
        for future in rest:
            with pytest.raises(IkmError, match="Ruang penyimpanan"):
                future.result(5)
    assert shared.add(5) == 10


def test_who_waits_too_long_is_told_so_and_is_never_written() -> None:
    disk = Disk(0)
    shared = commits(disk, patience=0.05)
    disk.held.clear()
    with ThreadPoolExecutor(4) as pool:
        leader = pool.submit(shared.add, 1)
        wait_until(lambda: shared._led)
        with pytest.raises(IkmError, match="sedang sibuk"):
            shared.add(2)
        disk.held.set()
        assert leader.result(5) == 2
    assert shared.add(3) == 6
    assert disk.batches == [[1], [3]]


def test_the_queue_is_bounded() -> None:
    disk = Disk(0)
    shared = commits(disk)
    disk.held.clear()
    threads = [threading.Thread(target=shared.add, args=(n,), daemon=True) for n in range(100, 101 + MOST_WAITING)]
    for thread in threads:
        thread.start()
    wait_until(lambda: len(shared._queue) == MOST_WAITING)
    with pytest.raises(IkmError, match="sedang sibuk"):
        shared.add(7)
    disk.held.set()
    for thread in threads:
        thread.join(10)
    assert max(map(len, disk.batches)) <= MOST_TOGETHER
    assert sum(map(len, disk.batches)) == MOST_WAITING + 1
