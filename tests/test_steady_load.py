"""A day at the counter: posts at a steady pace while two hundred others begin a post and never finish it."""

from __future__ import annotations

import socket
import ssl
import statistics
import threading
import time
from collections import Counter
from contextlib import ExitStack
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from http_samples import JAWABAN, JSON_TYPE, ORIGIN, json_bytes
from nginx_samples import HOST, Proxied, proxied

SLOW = 200  # the collector has 64 threads
RATE = 50  # posts a second
CLIENTS = 10
BEGUN = f"POST {JAWABAN} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 500\r\n\r\n{{".encode()
CONTEXT = ssl._create_unverified_context()
# This machine is one address; the limit of posts from one address has its own test.
GENEROUS = {"burst=60": "burst=6000", "rate=10r/s": "rate=900r/s"}


class Slow:
    """Clients who begin a post, and begin another as soon as they are thrown out."""

    def __init__(self, port: int, stack: ExitStack) -> None:
        self.port = port
        self.stack = stack
        self.lines = [self._begin() for _ in range(SLOW)]

    def _begin(self) -> ssl.SSLSocket:
        line = self.stack.enter_context(CONTEXT.wrap_socket(socket.create_connection(("127.0.0.1", self.port))))
        line.sendall(BEGUN)
        line.setblocking(False)
        return line

    def again(self) -> None:
        """Begin anew where nginx has closed the line."""
        for place, line in enumerate(self.lines):
            try:
                closed = line.recv(1000) == b""
            except ssl.SSLWantReadError:
                closed = False
            except OSError:
                closed = True
            if closed:
                line.close()
                self.lines[place] = self._begin()


def post(port: int, place: int, end: float, replies: Counter[int], took: list[float]) -> None:
    """Send every CLIENTS/RATE seconds until the end, each answer once."""
    number, due = place, time.monotonic()
    line = HTTPSConnection("127.0.0.1", port, timeout=20, context=CONTEXT)
    headers = {"Host": HOST, "Content-Type": JSON_TYPE, "Origin": ORIGIN}
    while (now := time.monotonic()) < end:
        time.sleep(max(0, due - now))
        due += CLIENTS / RATE
        start = time.monotonic()
        line.request("POST", JAWABAN, json_bytes(number), headers)
        reply = line.getresponse()
        reply.read()
        took.append(time.monotonic() - start)
        replies[reply.status] += 1
        number += CLIENTS
    line.close()


def resident(process: int) -> float:
    """Return how many MB the collector and its workers hold."""
    family = [process, *map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in family]
    return sum(pages) * 4096 / 1e6


@pytest.mark.parametrize("seconds", [4, pytest.param(600, marks=pytest.mark.soak)])
def test_a_steady_pace_of_answers_is_held_while_two_hundred_clients_never_finish(
    tmp_path: Path, seconds: int, capsys: pytest.CaptureFixture[str]
) -> None:
    replies: Counter[int] = Counter()
    took: list[float] = []
    with proxied(tmp_path, GENEROUS) as found, ExitStack() as stack:
        slow = Slow(found.tls, stack)
        end = time.monotonic() + seconds
        arguments = [(found.tls, place, end, replies, took) for place in range(CLIENTS)]
        clients = [threading.Thread(target=post, args=each) for each in arguments]
        for client in clients:
            client.start()
        memory, log = measured(found, slow, end)
        for client in clients:
            client.join()
    p99 = statistics.quantiles(took, n=100)[98] * 1000
    with capsys.disabled():
        print(f"\n{len(took)} posts: {dict(replies)}, p99 {p99:.0f} ms, memory {memory}, log up to {log:.1f} MB")
    assert set(replies) == {201} and replies[201] > seconds * RATE / 2
    assert log < 16
    if seconds > 60:
        assert p99 < 250 and max(memory) < 1.1 * min(memory)


def measured(found: Proxied, slow: Slow, end: float) -> tuple[list[int], float]:
    """Watch until the end; return the memory in MB, once a minute after the first, and the longest log in MB."""
    memory: list[int] = []
    log, next_look = 0.0, time.monotonic() + 60
    wal = found.workspace.data / "responses.db-wal"
    while time.monotonic() < end:
        slow.again()
        log = max(log, wal.stat().st_size / 1e6 if wal.exists() else 0)
        if time.monotonic() > next_look:
            memory.append(round(resident(found.collector)))
            next_look += 60
        time.sleep(0.2)
    return memory or [round(resident(found.collector))], log
