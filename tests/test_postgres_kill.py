"""Several collectors on one PostgreSQL, and a server that is killed under them: nothing acknowledged is lost."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from http_samples import OFFICE, again, body
from postgres_server import PostgresServer, behind_our_back
from publish_samples import ROOT, office
from store_writers import FIRST, THREADS, as_process, response

from collector.seal import recount
from collector.store import Arrival, Server, create, open_store, reading
from collector.storing import PATIENCE
from collector.workspace import STORE_VARIABLE, Workspace
from scoring.errors import IkmError

TRIES = 20  # of one thread, in a row and in vain, each of which ends within the patience of the store


class Writer:
    """A process that stores answers from several threads until it is told to stop, and says which are stored."""

    def __init__(self, place: Server, number: int) -> None:
        self.process = subprocess.Popen(
            as_process("until_told", place, number),
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.new: list[int] = []
        self.known: list[int] = []
        self.busy = 0  # tries in a row that ended with the request to come again
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            word, *number = line.split()
            self.busy = 0 if number else self.busy + 1
            (self.new if word == "new" else self.known).extend(map(int, number))

    @property
    def acknowledged(self) -> int:
        return len(self.new) + len(self.known)

    def await_more(self, more: int = 20) -> None:
        """Return once it has stored so many more answers: it recovers by itself.

        How long that takes is a matter of the machine; how often it tries in vain, and that every try ends, is not.
        """
        goal, seen, last = self.acknowledged + more, (-1, -1), time.monotonic()
        while self.acknowledged < goal:
            if (now := (self.acknowledged, self.busy)) != seen:
                seen, last = now, time.monotonic()
            assert self.process.poll() is None, "a writer has ended"
            assert self.busy <= TRIES * THREADS, "a writer does not recover"
            assert time.monotonic() - last < TRIES * PATIENCE, "a writer hangs"
            time.sleep(0.01)

    def stop(self) -> str:
        """Let it finish what it began; return what went wrong in it."""
        assert self.process.stdin and self.process.stderr
        self.process.stdin.close()
        wrong = self.process.stderr.read()
        assert self.process.wait(timeout=60) == 0, wrong
        self._listening.join()
        return wrong


@contextmanager
def writers(place: Server, n: int = 2) -> Iterator[list[Writer]]:
    """Hold so many processes that write."""
    running = [Writer(place, number) for number in range(n)]
    try:
        for writer in running:
            writer.await_more(1)
        yield running
        wrong = [writer.stop() for writer in running]
        assert not [text for text in wrong if "Traceback" in text], wrong
    finally:
        for writer in running:
            writer.process.kill()


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    own = PostgresServer(quick=False)
    yield own
    own.remove()


@pytest.fixture
def server(own_server: PostgresServer) -> PostgresServer:
    """Return a server to kill, which runs whatever the test before did to it."""
    own_server.stop()
    own_server.start()
    return own_server


@pytest.fixture
def workspace(server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv(STORE_VARIABLE, server.empty().dsn)
    return office(tmp_path)


def stored_ids(workspace: Workspace) -> list[bytes]:
    """Return the stored ids; every answer has its entry among the ids and its saran."""
    with reading(workspace.store) as connection:
        found = [bytes(row[0]) for row in connection.execute("SELECT id FROM response")]
        for table in ("response_id", "saran"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == len(found)
    return found


def all_there_once(workspace: Workspace, running: list[Writer]) -> int:
    """Check that what was acknowledged is stored, once; return how many that were."""
    ids = Counter(stored_ids(workspace))
    assert set(ids.values()) == {1}
    acknowledged = {number for writer in running for number in (*writer.new, *writer.known)}
    assert {response(number).id for number in acknowledged} <= set(ids)
    assert len(ids) <= len(acknowledged) + THREADS * len(running)  # stored, but the reply was lost
    with reading(workspace.store) as connection:
        assert all(same for _, same in recount(connection, OFFICE))
    return len(acknowledged)


def killed(server: PostgresServer, workspace: Workspace, times: int, seconds: float) -> int:
    """Kill the server so many times while two processes write; return the number of acknowledged answers."""
    chance = random.Random(times)
    assert isinstance(workspace.store, Server)
    with writers(workspace.store) as running:
        for _ in range(times):
            time.sleep(chance.random() * seconds)
            server.kill()
            time.sleep(chance.random() / 5)
            server.start()
            for writer in running:
                writer.await_more()
    return all_there_once(workspace, running)


def test_a_server_killed_under_load_loses_nothing_that_was_acknowledged(
    server: PostgresServer, workspace: Workspace
) -> None:
    assert killed(server, workspace, 2, 0.5) >= 80


@pytest.mark.soak
def test_a_server_killed_a_hundred_times_loses_nothing_that_was_acknowledged(
    server: PostgresServer, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    acknowledged = killed(server, workspace, 100, 2)
    with capsys.disabled():
        print(f"\n100 kali dimatikan, {acknowledged} jawaban diterima, semuanya ada sekali")


@pytest.mark.soak
def test_a_server_killed_again_at_once_forty_times_leaves_no_writer_without_a_connection(
    server: PostgresServer, workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    acknowledged = killed(server, workspace, 40, 0.6)
    with capsys.disabled():
        print(f"\n40 kali dimatikan segera, {acknowledged} jawaban diterima, semuanya ada sekali")


def test_a_collector_whose_server_is_gone_asks_to_come_again_and_goes_on_when_it_is_back(
    server: PostgresServer, workspace: Workspace
) -> None:
    with again(workspace) as here:
        assert here.send(body(1)).status_code == 201
        here.store.patience = 0.3
        server.kill()
        for _ in range(2):
            reply = here.send(body(2))
            assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
            assert here.client.get("/v1/health").status_code == 503
        server.start()
        here.store.patience = 5
        statuses = [here.send(body(2)).status_code for _ in range(3)]
        assert statuses in ([201, 200, 200], [503, 201, 200])
        server.stop()
        server.start()
        assert here.send(body(3)).status_code == 201  # a restart in between is not even noticed


def test_processes_that_write_the_same_answers_at_once_store_each_once(workspace: Workspace) -> None:
    assert isinstance(workspace.store, Server)
    with writers(workspace.store, 3) as running:
        for writer in running:
            writer.await_more(80)
    all_there_once(workspace, running)
    news = Counter(number for writer in running for number in writer.new)
    assert set(news.values()) == {1}
    assert {response(number).id for number in news} == set(stored_ids(workspace))
    assert sum(bool(writer.known) for writer in running) >= 1


def test_days_sealed_and_a_periode_closed_among_writers_keep_exactly_what_was_acknowledged(
    workspace: Workspace,
) -> None:
    place = workspace.store
    assert isinstance(place, Server)
    with writers(place) as running:
        store = open_store(place, OFFICE)
        for day in range(1, 30, 3):
            for writer in running:
                writer.await_more(5)
            store.seal(FIRST + timedelta(days=day))
        n = store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25))
        store.close()
        time.sleep(0.2)
    assert all_there_once(workspace, running) == n == len(stored_ids(workspace))
    kept = behind_our_back(place, "SELECT sum(n) FROM day_tally")
    assert kept[0][0] == n


def test_a_writer_that_is_in_the_way_of_another_gives_up_in_time_and_harms_nobody(workspace: Workspace) -> None:
    create(workspace.store, OFFICE, "rehearsal").close()
    here, there = open_store(workspace.store, OFFICE), open_store(workspace.store, OFFICE)
    there.patience = 0.2
    with here.writing():
        for refused in (lambda: there.add(response(1), Arrival(FIRST, 9)), lambda: there.seal(FIRST)):
            with pytest.raises(IkmError) as caught:
                refused()
            assert caught.value.code == "STORE_BUSY"
    assert there.add(response(1), Arrival(FIRST, 9))
    for store in (here, there):
        store.close()
