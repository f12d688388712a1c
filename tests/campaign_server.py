"""A real server that campaigns kill, starve of room and lie to, started anew as a service manager would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from http_samples import DAY, START_SECONDS, ask, free_port
from publish_samples import ROOT

from collector.freeze import freeze
from collector.serve import require_free
from collector.workspace import Workspace
from scoring.errors import IkmError

STEP = 0.005  # seconds between two looks


@dataclass
class Service:
    """`python -m collector serve` of one office on one port, `before` in front of it (a program that runs it)."""

    workspace: Workspace
    before: Sequence[str] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    rehearsal: bool = True
    port: int = field(default_factory=free_port)
    starts: int = 0

    def __post_init__(self) -> None:
        if not self.workspace.site.exists():
            freeze(self.workspace.office, self.workspace.site, DAY, rehearsal=self.rehearsal)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it in a process group of its own; what it says goes to a file beside office.toml."""
        self._await_port()
        office = str(self.workspace.root / "office.toml")
        command = [*self.before, sys.executable, "-m", "collector", "serve", "--office", office]
        day = ("--rehearsal-day", DAY.isoformat()) if self.rehearsal else ()
        with (self.workspace.root / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *day],
                cwd=ROOT,
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.starts += 1

    def _await_port(self) -> None:
        """Wait until the one before has let the port go."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                return require_free("127.0.0.1", self.port)
            except IkmError:
                time.sleep(STEP)
        raise AssertionError(f"port {self.port} is still taken")

    def healthy(self) -> bool:
        """Say whether it answers that its store is well."""
        try:
            return ask(self.port, "GET", "/v1/health")[0] == 200
        except OSError:
            return False

    def await_health(self, seconds: float = START_SECONDS) -> None:
        """Return once it answers."""
        end = time.monotonic() + seconds
        while not self.healthy():
            assert time.monotonic() < end, self.said()
            time.sleep(STEP)

    def said(self) -> str:
        """Return the end of what it said so far."""
        return (self.workspace.root / "server.log").read_text("utf-8", "replace")[-4000:]

    def kill(self) -> None:
        """Kill the whole process group at once, as a power button does to processes."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def workers(self) -> list[int]:
        """Return the processes that answer requests."""
        assert self.process is not None
        text = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text("ascii")
        return [int(process) for process in text.split()]

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold it running, and kill it in the end: what was acknowledged must be there all the same."""
        self.start()
        try:
            self.await_health()
            yield
        finally:
            self.kill()

    @contextmanager
    def kept_up(self) -> Iterator[None]:
        """Hold it, started anew whenever it ends by itself, and kill it in the end."""
        over = threading.Event()

        def watch() -> None:
            while not over.is_set():
                assert self.process is not None
                if self.process.poll() is not None:
                    self.start()
                time.sleep(STEP)

        self.start()
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()
            self.kill()
