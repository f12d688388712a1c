"""Clients that send the same answer again until it is stored, and the judge of what the store holds afterwards."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.client import HTTPConnection, HTTPException
from typing import NamedTuple

from http_samples import JAWABAN, JSON_TYPE, body, faults_of, stored

from collector.store import reading
from collector.workspace import Workspace

STORED = {200, 201}
PAUSE = 0.05  # seconds before a client tries again
GIVE_UP = 300  # seconds
APART = 10_000_000  # numbers of one client's answers; the next client's follow
NO_REPLY = 0  # stands in the count of statuses for a line that broke


@lru_cache(4096)
def answer_of(number: int) -> dict[str, object]:
    """Return the answer with this number: its scores, saran and nonce are its own."""
    people = random.Random(number)
    return body(number, a=people.choices((1, 2, 3, 4), k=9), saran="x" * people.choice((0, 0, 5, 299)))


def body_of(number: int) -> bytes:
    """Return what the page's script would post for the answer with this number."""
    return json.dumps(answer_of(number)).encode()


def id_of(number: int) -> bytes:
    """Return the id that the answer with this number is stored under."""
    return bytes.fromhex(str(answer_of(number)["id"]))


class Client:
    """One phone: sends answers over a line that may break, and notes every reply."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.statuses: Counter[int] = Counter()
        self.receipts: dict[int, set[bytes]] = {}
        self.sent: set[int] = set()
        self.last_status = NO_REPLY
        self.stored_at: list[float] = []
        self._line: HTTPConnection | None = None

    def try_once(self, number: int) -> bool:
        """Send the answer once; return whether the collector said that it is stored."""
        self.sent.add(number)
        status, reply = self._post(body_of(number))
        self.statuses[status] += 1
        self.last_status = status
        if status not in STORED:
            return False
        self.receipts.setdefault(number, set()).add(reply)
        self.stored_at.append(time.monotonic())
        return True

    def send(self, number: int) -> None:
        """Send the answer until it is stored; a campaign that waits for ever would tell nothing."""
        end = time.monotonic() + GIVE_UP
        while not self.try_once(number):
            assert time.monotonic() < end, f"not stored in {GIVE_UP} seconds: {self.statuses}"
            time.sleep(PAUSE)

    def _post(self, data: bytes) -> tuple[int, bytes]:
        self._line = self._line or HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            self._line.request("POST", JAWABAN, data, {"Content-Type": JSON_TYPE})
            reply = self._line.getresponse()
            return reply.status, reply.read()
        except (OSError, HTTPException):
            self.hang_up()
            return NO_REPLY, b""

    def hang_up(self) -> None:
        """Close the line; the next answer opens another."""
        if self._line is not None:
            self._line.close()
        self._line = None


class Crowd:
    """Clients in threads, each of which sends new answers, those not yet acknowledged, and some that were."""

    def __init__(self, port: int, clients: int) -> None:
        self.clients = [Client(port) for _ in range(clients)]
        self._stop = threading.Event()

    def _work(self, place: int) -> None:
        client, people, pending = self.clients[place], random.Random(place), list[int]()
        fresh = iter(range(place * APART + 1, (place + 1) * APART))
        while not self._stop.is_set():
            if pending and people.random() < 0.5:
                number = pending.pop(people.randrange(len(pending)))
            elif client.receipts and people.random() < 0.05:
                number = next(reversed(client.receipts))
            else:
                number = next(fresh)
            if not client.try_once(number):
                pending.append(number)
                time.sleep(PAUSE)
        client.hang_up()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let all clients send while the block runs."""
        threads = [threading.Thread(target=self._work, args=(place,)) for place in range(len(self.clients))]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    @property
    def acknowledged(self) -> set[int]:
        """Return the numbers of the answers that the collector said are stored."""
        return {number for client in self.clients for number in list(client.receipts)}

    @property
    def sent(self) -> set[int]:
        """Return the numbers of all answers that were sent."""
        return {number for client in self.clients for number in client.sent}

    @property
    def statuses(self) -> Counter[int]:
        """Return how often each status came back; 0 is a line that broke."""
        return sum((client.statuses for client in self.clients), Counter())


class Verdict(NamedTuple):
    """What became of the answers that were sent; only `unacknowledged` may be more than none."""

    acknowledged: int
    stored: int
    unacknowledged: int  # stored, but the reply did not arrive: the next try gets 200
    lost: int
    double: int
    foreign: int  # never sent, or not as it was sent
    integrity: str

    @property
    def good(self) -> bool:
        """Say whether nothing is lost, double, foreign or broken."""
        return (self.lost, self.double, self.foreign, self.integrity) == (0, 0, 0, "ok")


def judge(workspace: Workspace, sent: Iterable[int], acknowledged: Iterable[int], *, any_day: bool = False) -> Verdict:
    """Compare the store with what was sent and what was acknowledged."""
    rows = stored(workspace)
    ids = [bytes(row["id"]) for row in rows]
    known, promised = {id_of(number) for number in sent}, {id_of(number) for number in acknowledged}
    allowed = {"day"} if any_day else set()
    foreign = sum(row["id"] not in known or bool(set(faults_of(row)) - allowed) for row in rows)
    there = set(ids)
    lost, double = len(promised - there), len(ids) - len(there)
    return Verdict(len(promised), len(ids), len(there - promised), lost, double, foreign, integrity(workspace))


def integrity(workspace: Workspace) -> str:
    """Return what SQLite says of its file: "ok"."""
    with reading(workspace.store) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
