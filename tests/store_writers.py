"""Processes that store answers while others do, or until they are killed. They load the store and nothing else."""

from __future__ import annotations

import itertools
import sys
import threading
from datetime import date, timedelta
from pathlib import Path

from collector.store import Arrival, Place, Server, Store, open_store
from scoring.errors import IkmError
from scoring.instrument import built_in
from scoring.response import Response, canonical, commitment

OFFICE = "kecamatan-teladan"
PACK = built_in("permenpanrb-14-2017")
SCORES = (4, 4, 3, 4, 3, 4, 4, 3, 4)
ARRIVAL = Arrival(date(2026, 10, 1), 10)
FIRST = date(2026, 9, 25)
THREADS = 4
SHARED = 1_000_000  # numbers from here on are written by every process
REFUSED = {"DAY_SEALED", "PERIODE_CLOSED"}


def response(number: int, saran: str = "") -> Response:
    """Return an answer with the nonce `number`."""
    nonce = number.to_bytes(32, "big")
    held = canonical(SCORES, PACK.form, "ktp", OFFICE)
    identity = (commitment(nonce, held), nonce, OFFICE, "ktp", PACK.form)
    return Response(*identity, 1, 0, SCORES, (None,) * len(PACK.profil), saran)


def until_killed(place: Place, first: int) -> None:
    """Store answers from `first` on and say the number of each when it is stored."""
    store = open_store(place, OFFICE)
    for number in range(first, first + 100_000):
        store.add(response(number, "x" * (number % 300)), ARRIVAL)
        print(number, flush=True)


def two_hundred_and_fifty(place: Place, first: int) -> None:
    """Store 200 answers from `first` on, and 50 that the other process stores too."""
    store = open_store(place, OFFICE)
    for number in (*range(first, first + 200), *range(50)):
        store.add(response(number, "x"), ARRIVAL)
    store.close()


def until_told(place: Place, process: int) -> None:
    """Store answers of thirty days, a third of them those of every other process too; each until it has an outcome."""
    store, told, turn = open_store(place, OFFICE), threading.Event(), threading.Lock()

    def write(thread: int) -> None:
        for number in itertools.count(thread, THREADS):
            if told.is_set():
                return
            whose = SHARED if number % 3 == 0 else (process + 2) * SHARED
            outcome = keep(store, whose + number, told, turn)
            if outcome is not None:
                with turn:
                    print("new" if outcome else "known", whose + number, flush=True)

    threads = [threading.Thread(target=write, args=(thread,)) for thread in range(THREADS)]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    told.set()
    for thread in threads:
        thread.join()
    store.close()


def keep(store: Store, number: int, told: threading.Event, turn: threading.Lock) -> bool | None:
    """Store an answer however often the store is busy; return None for one that is refused for good."""
    while True:
        try:
            return store.add(response(number, "x"), Arrival(FIRST + timedelta(days=number % 30), number % 24))
        except IkmError as error:
            if error.code in REFUSED or told.is_set():
                return None
            assert error.code == "STORE_BUSY", error.code
            with turn:
                print("busy", flush=True)


def place_of(address: str) -> Place:
    """Return the place of a store by its path or its address."""
    return Server(address) if address.startswith("postgresql:") else Path(address)


def as_process(name: str, place: Place, number: int) -> list[str]:
    """Return the command that calls a function of this file in a process of its own, from the root of the project."""
    address = place.dsn if isinstance(place, Server) else str(place)
    call = f"here.{name}(here.place_of({address!r}), {number})"
    return [sys.executable, "-c", f"import sys; sys.path.append('tests'); import store_writers as here; {call}"]
