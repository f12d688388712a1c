"""Connections to a database server: opened when one is needed, kept while they work, never more than so many.

No thread connects in the background, and no count of connections is kept that a failure could leave wrong: whoever
needs one opens it, so a failure that is over is over for the next who comes.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus

from scoring.errors import IkmError

PAUSE: Final = 0.25  # seconds between two tries at a server that does not answer

Connection = psycopg.Connection[Any]


class Connections:
    """At most `most` connections made by `connect`, each of them one thread's at a time.

    `connect` is given the seconds that it may take.
    """

    def __init__(self, connect: Callable[[float], Connection], most: int) -> None:
        self._connect = connect
        # What came back last is taken first: a connection that works, or None for one that has to be opened.
        self._places: queue.LifoQueue[Connection | None] = queue.LifoQueue()
        self._open = True
        for _ in range(most):
            self._places.put(None)

    @contextmanager
    def one(self, patience: float) -> Iterator[Connection]:
        """Hold a connection that works. Raises STORE_BUSY, or what `connect` raised last, after `patience` seconds."""
        end = time.monotonic() + patience
        try:
            connection = self._places.get(timeout=patience)
        except queue.Empty:
            raise IkmError("STORE_BUSY") from None
        try:
            if connection is None or not _works(connection):
                connection = None  # lost, whatever happens next
                connection = self._opened(end)
            yield connection
        except psycopg.OperationalError:
            if connection:
                connection.close()  # whatever is the matter with it: the next one starts anew
            raise
        finally:
            self._give_back(connection)

    def _opened(self, end: float) -> Connection:
        """Return a new connection; try until `end`, so that a short restart of the server is not even noticed."""
        while True:
            try:
                return self._connect(end - time.monotonic())
            except psycopg.OperationalError:
                if time.monotonic() + PAUSE >= end:
                    raise
            time.sleep(PAUSE)

    def _give_back(self, connection: Connection | None) -> None:
        if connection and not (self._open and connection.pgconn.transaction_status == TransactionStatus.IDLE):
            connection.close()
            connection = None
        self._places.put(connection)

    def close(self) -> None:
        """Close every connection; those in use, when they are given back."""
        self._open = False
        while not self._places.empty():
            if connection := self._places.get():
                connection.close()


def _works(connection: Connection) -> bool:
    """Ask the server; a connection that was lost meanwhile is closed."""
    try:
        connection.execute("")
    except psycopg.OperationalError:
        connection.close()
        return False
    return True
