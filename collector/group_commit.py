"""Group commit: requests that wait for the disk at the same time share one transaction.

The first to come writes for all who wait (as LevelDB's writers do), so a lone answer pays for no other thread, and
what a sync costs is shared by as many as came during the one before. Nobody returns before their own commit.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Generic, TypeVar

from scoring.errors import IkmError

MOST_TOGETHER: Final = 256  # entries in one transaction
MOST_WAITING: Final = 1024  # entries; more are told to come back, so that memory stays bounded

Entry = TypeVar("Entry")
Outcome = TypeVar("Outcome")


class _Waiting(Generic[Entry, Outcome]):
    """An entry in the queue; its lock is opened when it is written, or when it is its turn to write."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.outcome: Outcome | BaseException | None = None
        self.called = threading.Lock()
        self.called.acquire()


class GroupCommit(Generic[Entry, Outcome]):
    """Gathers entries; `write` stores several in one transaction and returns the outcome of each, in their order.

    `turn` is held meanwhile, and waited for before the entries are taken.

    An outcome that is an exception is raised to the one whose entry it was; what `write` raises, to all of its entries.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Entry]], Sequence[Outcome | IkmError]],
        patience: Callable[[], float],
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._write = write
        self._turn = turn
        self._patience = patience
        self._queue: deque[_Waiting[Entry, Outcome]] = deque()
        self._mutex = threading.Lock()
        self._led = False  # somebody writes, or has been called to

    def add(self, entry: Entry) -> Outcome:
        """Return the entry's outcome, durable. Raises STORE_BUSY: then nothing of it is stored, nor will be."""
        waiting: _Waiting[Entry, Outcome] = _Waiting(entry)
        with self._mutex:
            if len(self._queue) >= MOST_WAITING:
                raise IkmError("STORE_BUSY")
            self._queue.append(waiting)
            leads, self._led = not self._led, True
        if not leads:
            self._wait(waiting)
        if waiting.outcome is None:
            self._lead()
        outcome = waiting.outcome
        if isinstance(outcome, BaseException):
            raise outcome
        assert outcome is not None  # whoever leads has their own entry in the first batch  # noqa: S101
        return outcome

    def _wait(self, waiting: _Waiting[Entry, Outcome]) -> None:
        """Wait to be called; give up while still in the queue, but not once somebody is writing it."""
        if waiting.called.acquire(timeout=self._patience()):
            return
        with self._mutex:
            if waiting.called.acquire(blocking=False):
                return
            if waiting in self._queue:
                self._queue.remove(waiting)
                raise IkmError("STORE_BUSY")
        waiting.called.acquire()

    def _lead(self) -> None:
        """Write those at the front of the queue, the leader's own entry first, and call them."""
        batch: list[_Waiting[Entry, Outcome]] = []
        try:
            with self._turn():
                batch = self._front()  # not before: who comes while another process writes is still in time
                outcomes = self._write([waiting.entry for waiting in batch])
        except BaseException as error:
            batch = batch or self._front()
            self._call(batch, [error] * len(batch))  # each of them must hear of it, or wait for ever
            raise
        self._call(batch, outcomes)

    def _front(self) -> list[_Waiting[Entry, Outcome]]:
        with self._mutex:
            return [self._queue.popleft() for _ in range(min(MOST_TOGETHER, len(self._queue)))]

    def _call(self, batch: Sequence[_Waiting[Entry, Outcome]], outcomes: Sequence[Outcome | BaseException]) -> None:
        """Give everybody of the batch their outcome, and the next in the queue the lead."""
        for waiting, outcome in zip(batch, outcomes, strict=True):
            waiting.outcome = outcome
            waiting.called.release()
        with self._mutex:
            self._led = bool(self._queue)
            if self._led:
                self._queue[0].called.release()
