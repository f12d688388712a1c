"""The connections of one collector to a real PostgreSQL: opened when needed, few, and none lost to a failure."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

import pytest
from http_samples import OFFICE
from postgres_server import PostgresServer, behind_our_back, quick_server
from store_samples import ARRIVAL, response

from collector.store import Server, Store, create
from collector.store_postgres import MOST_CONNECTIONS
from scoring.errors import IkmError

TRIES = 10 * MOST_CONNECTIONS
OURS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@pytest.fixture
def place() -> Iterator[Server]:
    made = quick_server().migrated()
    yield made
    quick_server().drop(made)


@pytest.fixture
def store(place: Server) -> Iterator[Store]:
    opened = create(place, OFFICE, "rehearsal")
    yield opened
    opened.close()


def read(store: Store) -> str:
    """Read from the store; return what came of it."""
    try:
        with store.reading() as connection:
            return str(connection.execute("SELECT 'read'").fetchone()[0])
    except IkmError as error:
        return error.code


def of_many(store: Store) -> set[str]:
    """Return what came of so many readers at a time, more than there are connections."""
    with ThreadPoolExecutor(2 * MOST_CONNECTIONS) as threads:
        return set(threads.map(read, [store] * TRIES))


def await_sessions(place: Server, n: int) -> None:
    """Return once the server has so many sessions of the store; it notices one that was closed a little later."""
    end = time.monotonic() + 30
    while (found := behind_our_back(place, f"SELECT count(*) {OURS}")) != [(n,)]:
        assert time.monotonic() < end, found
        time.sleep(0.01)


@contextmanager
def mute(port: int) -> Iterator[None]:
    """Take connections at this port and never say a word."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(("127.0.0.1", port))
        door.listen(TRIES)
        yield


def test_the_first_who_comes_after_a_failure_is_served_however_many_tried_in_vain() -> None:
    server = PostgresServer()
    try:
        store = create(server.empty(), OFFICE, "rehearsal")
        assert of_many(store) == {"read"}
        store.patience = 0.2
        server.kill()
        assert of_many(store) == {"STORE_BUSY"}  # nobody listens
        with mute(server.port):
            assert of_many(store) == {"STORE_BUSY"}
        store.patience = 5
        server.start()
        assert store.add(response(1), ARRIVAL)
        server.kill()
        server.start()
        assert of_many(store) == {"read"}
        store.close()
    finally:
        server.remove()


def test_one_who_comes_while_the_server_restarts_waits_and_is_served() -> None:
    server = PostgresServer()
    try:
        store = create(server.empty(), OFFICE, "rehearsal")
        store.patience = 30
        server.stop()
        with ThreadPoolExecutor(1) as thread:
            early = thread.submit(read, store)
            server.start()
            assert early.result() == "read"
        store.close()
    finally:
        server.remove()


def test_a_collector_never_has_more_connections_than_it_may_and_one_if_one_is_enough(
    place: Server, store: Store
) -> None:
    assert [read(store) for _ in range(5)] == ["read"] * 5
    await_sessions(place, 1)
    store.patience = 0.2
    with ExitStack() as held:
        for _ in range(MOST_CONNECTIONS):
            held.enter_context(store.reading()).execute("SELECT 1")
        await_sessions(place, MOST_CONNECTIONS)
        assert read(store) == "STORE_BUSY"
        await_sessions(place, MOST_CONNECTIONS)
    store.patience = 5
    assert of_many(store) == {"read"}
    await_sessions(place, MOST_CONNECTIONS)


def test_connections_that_the_server_ended_meanwhile_are_replaced_unnoticed(place: Server, store: Store) -> None:
    with store.reading() as first, store.reading() as second:
        for connection in (first, second):
            assert connection.execute("SHOW idle_session_timeout").fetchone() == ("10min",)
    await_sessions(place, 2)
    assert behind_our_back(place, f"SELECT bool_and(pg_terminate_backend(pid, 5000)) {OURS}") == [(True,)]
    assert store.add(response(1), ARRIVAL)
    assert of_many(store) == {"read"}


def test_a_connection_lost_in_use_is_given_back_as_a_place_for_a_new_one(place: Server, store: Store) -> None:
    for _ in range(2 * MOST_CONNECTIONS):
        with pytest.raises(IkmError) as caught, store.writing() as connection:
            behind_our_back(place, f"SELECT pg_terminate_backend(pid, 5000) {OURS}")
            connection.execute("SELECT 1")
        assert caught.value.code == "STORE_BUSY"
    assert read(store) == "read"


def test_a_connection_that_is_in_use_when_the_store_is_closed_ends_when_it_is_given_back(place: Server) -> None:
    store = create(place, OFFICE, "rehearsal")
    taken, closed = threading.Event(), threading.Event()

    def hold() -> None:
        with store.reading() as connection:
            taken.set()
            closed.wait(30)
            assert connection.execute("SELECT 1").fetchone() == (1,)

    with ThreadPoolExecutor(1) as thread:
        held = thread.submit(hold)
        assert taken.wait(30)
        store.close()
        closed.set()
        held.result()
    await_sessions(place, 0)
