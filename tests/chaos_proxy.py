"""A bad line between a phone and the collector: a TCP proxy that loses, cuts, delays and doubles posts."""

from __future__ import annotations

import random
import re
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

PIECE = 65_536
LENGTH = re.compile(rb"\r\nContent-Length: *(\d+)", re.IGNORECASE)
LINE_KEPT = re.compile(rb"\r\nConnection:[^\r]*", re.IGNORECASE)
# What can become of a post. Pages are carried as they are.
FATES = {
    "carried": 3,
    "lost before the request": 2,
    "cut within the request": 1,
    "lost after the request": 2,
    "cut within the reply": 1,
    "half closed": 1,
    "delayed": 1,
    "doubled": 1,
    "doubled at once": 1,
}
ABORT = struct.pack("ii", 1, 0)  # of SO_LINGER: the other side sees a reset


class ChaosProxy:
    """Listens on a port of its own and carries each request to the collector's port as fate, from `seed`, has it."""

    def __init__(self, target: int, seed: int, longest_delay: float = 0.3) -> None:
        self.target = target
        self.longest_delay = longest_delay
        self.fates: Counter[str] = Counter()
        self._people = random.Random(seed)
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self._listener.getsockname()[1]

    @contextmanager
    def carrying(self) -> Iterator[None]:
        """Carry while the block runs."""
        threading.Thread(target=self._accept, daemon=True).start()
        try:
            yield
        finally:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _ = self._listener.accept()
            except OSError:  # closed: the campaign is over
                return
            threading.Thread(target=self._carry, args=(phone,), daemon=True).start()

    def _carry(self, phone: socket.socket) -> None:
        """Carry the one request of this line."""
        phone.settimeout(60)
        try:
            request = whole_request(phone)
            if request.startswith(b"POST "):
                self._suffer(phone, request)
            elif request:
                phone.sendall(self._ask(request))
        except OSError:  # the phone or the collector hung up, as lines do
            pass
        finally:
            phone.close()

    def _suffer(self, phone: socket.socket, request: bytes) -> None:
        """Carry a post as its fate has it."""
        with self._lock:
            (fate,) = self._people.choices(list(FATES), list(FATES.values()))
            delays = [self._people.uniform(0, self.longest_delay) for _ in range(2)]
            share = self._people.random()
            self.fates[fate] += 1
        if fate == "lost before the request":
            return abort(phone)
        if fate == "cut within the request":
            self._cut(request[: int(len(request) * share)])
            return abort(phone)
        if fate == "delayed":
            time.sleep(delays[0])
        elif fate == "doubled":
            self._ask(request)
        elif fate == "doubled at once":
            threading.Thread(target=self._ask, args=(request,), daemon=True).start()
        reply = self._ask(request)
        if fate == "delayed":
            time.sleep(delays[1])
        if fate == "lost after the request":
            return abort(phone)
        if fate in {"cut within the reply", "half closed"}:
            phone.sendall(reply[: int(len(reply) * share)])
            if fate == "half closed":  # no more comes, but the line looks open for a while
                phone.shutdown(socket.SHUT_WR)
                time.sleep(delays[0])
            return None
        phone.sendall(reply)
        return None

    def _ask(self, request: bytes) -> bytes:
        """Carry the request to the collector and return its whole reply."""
        with socket.create_connection(("127.0.0.1", self.target), timeout=60) as line:
            line.sendall(request)
            return b"".join(iter(lambda: line.recv(PIECE), b""))

    def _cut(self, part: bytes) -> None:
        """Carry a part of the request and break the line."""
        with socket.create_connection(("127.0.0.1", self.target), timeout=60) as line:
            line.sendall(part)
            line.shutdown(socket.SHUT_WR)
            line.recv(PIECE)


def whole_request(phone: socket.socket) -> bytes:
    """Return one request, changed only to say that the line ends after it; nothing when the phone sends none."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (piece := phone.recv(PIECE)):
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    found = LENGTH.search(head)
    while len(body) < (int(found[1]) if found else 0):
        if not (piece := phone.recv(PIECE)):
            return b""
        body += piece
    return LINE_KEPT.sub(b"", head) + b"\r\nConnection: close\r\n\r\n" + body


def abort(phone: socket.socket) -> None:
    """Break the line so that the phone sees it at once."""
    phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
