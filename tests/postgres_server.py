"""A real PostgreSQL to throw away: started on first use, a new database for each test, gone with the tests."""

from __future__ import annotations

import atexit
import ctypes
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from http_samples import free_port

from collector.store import Server
from collector.store_postgres import PostgresStore
from collector.workspace import STORE_VARIABLE

ENGINES = ("sqlite", "postgres")
PASSWORD = "sandi-rahasia"
START_SECONDS = 30
MEMORY = Path("/dev/shm")
PR_SET_PDEATHSIG = 1  # of Linux's prctl
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}  # collectors ask for it by themselves
SETTINGS = {
    **{"max_connections": "60", "shared_buffers": "32MB", "autovacuum": "off", "wal_level": "minimal"},
    "dynamic_shared_memory_type": "mmap",  # a server that is killed leaves nothing in /dev/shm
}


def programs() -> Path:
    """Return the folder of PostgreSQL's programs, the newest version there is."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda file: int(file.parts[4]))
    if not found:
        raise FileNotFoundError("PostgreSQL is not installed: sh .ci/need postgresql")
    return found[-1].parent


class PostgresServer:
    """One server on a free port of this machine, its files in a folder of its own."""

    def __init__(self, *, quick: bool = True) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ikm-postgres-", dir=MEMORY if quick and MEMORY.exists() else None))
        self.port = free_port()
        self.settings = {**SETTINGS, **(QUICK if quick else {}), "max_wal_senders": "0"}
        # PostgreSQL refuses to run as root; its Debian package brings this user.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.process: subprocess.Popen[bytes] | None = None
        if self.user:
            shutil.chown(self.folder, self.user, self.user)
        atexit.register(self.remove)
        (self.folder / "sandi").write_text(PASSWORD, "utf-8")
        (self.folder / "sandi").chmod(0o644)
        options = ("--no-sync", "--auth=scram-sha-256", "--username=ikm", "--encoding=UTF8", "--locale=C.UTF-8")
        self._run("initdb", *options, f"--pwfile={self.folder / 'sandi'}", f"--pgdata={self.folder / 'data'}")
        self.start()

    def _as(self) -> dict[str, Any]:
        return {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(programs() / program), *arguments]
        subprocess.run(command, cwd=self.folder, check=True, capture_output=True, **self._as())

    def start(self) -> None:
        """Start the server and return once it takes connections."""
        settings = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-h", "127.0.0.1", "-p", str(self.port)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(programs() / "postgres"), *place, *settings],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - it calls the system and nothing else
                **self._as(),
            )
        self._await()

    def _await(self) -> None:
        assert self.process is not None
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                psycopg.connect(self.dsn("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.02)
                continue
            return
        raise AssertionError((self.folder / "log").read_text("utf-8")[-2000:])

    def kill(self) -> None:
        """Kill the server and every process of it, as a machine does that fails."""
        assert self.process is not None
        family = [self.process.pid, *_children(self.process.pid)]
        for pid in family:
            _send(pid, signal.SIGKILL)
        self.process.wait()
        while any(Path(f"/proc/{pid}").exists() for pid in family):
            time.sleep(0.005)

    def stop(self) -> None:
        """End the server in order, sessions or not."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=START_SECONDS)

    def remove(self) -> None:
        """Kill the server and delete its files."""
        if self.process is not None and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def dsn(self, database: str) -> str:
        """Return the address of a database, with the password."""
        return f"postgresql://ikm:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def run(self, database: str, *statements: str) -> None:
        """Run statements as the owner of everything."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)  # type: ignore[call-overload]

    def empty(self) -> Server:
        """Return a new database in which nobody has been yet."""
        name = f"ikm_{next(_numbers)}"
        self.run("postgres", f"CREATE DATABASE {name}")
        return Server(self.dsn(name))

    def migrated(self) -> Server:
        """Return a new database that has its tables."""
        self._template()
        name = f"ikm_{next(_numbers)}"
        self.run("postgres", f"CREATE DATABASE {name} TEMPLATE contoh STRATEGY file_copy")
        return Server(self.dsn(name))

    def drop(self, place: Server) -> None:
        """Take a database away; it costs less than keeping hundreds."""
        name = place.dsn.rpartition("/")[2]
        self.run("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    @cache  # noqa: B019 - one server, one template
    def _template(self) -> None:
        self.run("postgres", "CREATE DATABASE contoh")
        PostgresStore(Server(self.dsn("contoh")), "contoh").close()


_numbers = count(1)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)  # a killed test run leaves no server behind


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(word) for file in tasks for word in file.read_text("ascii").split()]


def _send(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


@cache
def quick_server() -> PostgresServer:
    """Return the server of this test process; what it acknowledges may be lost in a power cut."""
    return PostgresServer()


def engine_of(request: pytest.FixtureRequest, patch: pytest.MonkeyPatch, name: str) -> str:
    """Let every office of a test keep its answers on this engine."""
    if name == "postgres":
        place = quick_server().migrated()
        request.addfinalizer(lambda: quick_server().drop(place))
        patch.setenv(STORE_VARIABLE, place.dsn)
    return name


def behind_our_back(place: object, *statements: str) -> list[Sequence[Any]]:
    """Run statements as a person does who has the database itself; return the rows of the last."""
    if isinstance(place, Server):
        with psycopg.connect(place.dsn, autocommit=True) as server:
            for statement in statements:
                found = server.execute(statement)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []
    with sqlite3.connect(str(place)) as file:
        for statement in statements:
            rows = file.execute(statement).fetchall()
    file.close()
    return rows
