"""Turns at the store file: in order, given up in time, and given back by whoever dies."""

from __future__ import annotations

import fcntl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from publish_samples import ROOT

from collector.turns import Turns
from scoring.errors import IkmError

HOLD = "from pathlib import Path; from collector.turns import Turns; import sys, time\n" + (
    "with Turns(Path(sys.argv[1])).taken(5):\n    print('held', flush=True); time.sleep(60)"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "responses.db"


@pytest.fixture
def turns(path: Path) -> Iterator[Turns]:
    opened = Turns(path)
    yield opened
    opened.close()


def somebody_is_next(path: Path) -> bool:
    """Say whether somebody holds the place of who is served next."""
    with path.with_name(path.name + ".next").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def test_who_waits_is_served_before_who_was_just_served(path: Path, turns: Turns) -> None:
    served: list[str] = []
    other = Turns(path)  # as another process has it: the lock is of the open file

    def wait() -> None:
        with other.taken(5):
            served.append("other")

    for _ in range(20):
        waiting = threading.Thread(target=wait)
        with turns.taken(5):
            waiting.start()
            while not somebody_is_next(path):
                time.sleep(0.001)
        with turns.taken(5):
            served.append("again")
        waiting.join()
    assert served == ["other", "again"] * 20
    other.close()


def test_a_turn_that_does_not_come_is_given_up_and_blocks_nobody(path: Path, turns: Turns) -> None:
    other = Turns(path)
    with turns.taken(5):
        began = time.monotonic()
        with pytest.raises(IkmError, match="sedang sibuk"), other.taken(0.1):
            pass
        assert 0.1 <= time.monotonic() - began < 2
        assert not somebody_is_next(path)
    with other.taken(5):
        pass
    other.close()


def test_a_turn_that_ends_in_an_error_is_given_back(turns: Turns) -> None:
    with pytest.raises(ZeroDivisionError), turns.taken(5):
        raise ZeroDivisionError
    with turns.taken(0.1):
        pass


def test_who_is_killed_gives_the_turn_back(path: Path, turns: Turns) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdout=subprocess.PIPE)
    assert holder.stdout is not None and holder.stdout.readline() == b"held\n"
    with pytest.raises(IkmError, match="sedang sibuk"), turns.taken(0.05):
        pass
    holder.kill()
    holder.communicate()
    with turns.taken(5):
        pass
