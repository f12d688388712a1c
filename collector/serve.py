"""Runs the collector: two processes that take turns at the store; granian reads the requests outside of Python.

Chosen by measurement (docs/performance.md): two processes use both cores of a small box, and more threads only wait.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import MPServer
from granian.server.common import AbstractServer

from collector import worker
from collector.startup import before_serving
from collector.store import open_store
from collector.workspace import DAY_VARIABLE, OFFICE_VARIABLE, OWN_VARIABLE, load
from scoring.errors import IkmError

WORKERS: Final = 2
LOCAL: Final = ("127.0.0.1", "localhost")
THREADS: Final = 32  # of one process: as many answers share a commit
RESPAWN: Final = 0.5  # seconds until a process that ended itself is started anew
HEADER_MILLISECONDS: Final = 10_000  # for a client to say what it wants
STOP_SECONDS: Final = 6  # a post may wait five seconds for the store; what takes longer is killed


def prepare(office_file: Path, host: str, port: int, rehearsal_day: date | None) -> Callable[[], None]:
    """Return what serves until interrupted. Raises STORE_*, FILE_MISSING and PORT_TAKEN before anything listens.

    The checks of `startup` refuse what would lose answers, and print what should be mended.
    """
    workspace = load(office_file)
    store = open_store(workspace.store, workspace.office.id)
    kind = store.kind()
    store.close()
    if rehearsal_day and kind != "rehearsal":
        raise IkmError("STORE_KIND", file=workspace.store)
    if not (workspace.site / "index.html").exists():
        raise IkmError("FILE_MISSING", file=workspace.site / "index.html", advice="Ketik: make site")
    for warning in before_serving(workspace, rehearsal=kind == "rehearsal", day_is_set=rehearsal_day is not None):
        print(warning, file=sys.stderr)
    require_free(host, port)
    os.environ[OFFICE_VARIABLE] = str(office_file.resolve())
    os.environ[DAY_VARIABLE] = rehearsal_day.isoformat() if rehearsal_day else ""
    os.environ[OWN_VARIABLE] = " ".join(f"http://{name}:{port}" for name in LOCAL)
    running = server("collector.wsgi:from_environment", host, port)

    def serve() -> None:
        try:
            running.serve()
        except SystemExit:
            if not running.interrupt_signal:  # asked to end, it has, even when its worker was asked first
                raise

    return serve


class Server(MPServer):
    """Granian, which hears that it is to end at whatever moment it is asked: a thread of its own waits for the signal.

    A handler runs in the main thread; where that just begins to wait for the event the handler sets, none is woken.
    """

    def startup(self, spawn_target: Any, target_loader: Any) -> None:
        """Begin to listen for the signals, then start the workers, which `worker.begin` lets hear them again."""
        signal.pthread_sigmask(signal.SIG_BLOCK, worker.STOPS)
        threading.Thread(target=self._await_stop, daemon=True).start()
        super().startup(spawn_target, target_loader)  # type: ignore[no-untyped-call]

    def _await_stop(self) -> None:
        signal.sigwait(worker.STOPS)
        self.interrupt_signal = True
        self.main_loop_interrupt.set()


def server(application: str, host: str, port: int) -> AbstractServer[Any]:
    """Return the server of an application, named by the factory that makes it."""
    os.register_at_fork(after_in_child=partial(worker.begin, os.getpid(), worker.places()))
    return Server(
        application,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_MILLISECONDS),
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=RESPAWN,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
    )


def require_free(host: str, port: int) -> None:
    """Raise PORT_TAKEN when another program listens on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError):
            raise IkmError("PORT_TAKEN", port=port, other=(port + 1000) % 65536) from None
