"""Keeps everything of the demonstration open on loopback: questionnaire, transparency page, both Datasettes."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import Final

from datasette_auth_passwords.utils import hash_password

from collector.workspace import Workspace
from publish.datasettes import PASSWORD_VARIABLE

HOST: Final = "127.0.0.1"
FIRST_PORT: Final = 8000


@dataclass(frozen=True)
class Ports:
    """The four ports of the demonstration."""

    survey: int
    public: int
    data: int
    staff: int

    @classmethod
    def free(cls) -> Ports:
        """Return four free ports from 8000 on."""
        found: list[int] = []
        port = FIRST_PORT
        while len(found) < 4:
            if _is_free(port):
                found.append(port)
            port += 1
        return cls(*found)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        return probe.connect_ex((HOST, port)) != 0


def serve_all(workspace: Workspace, ports: Ports, day: str) -> None:
    """Serve until Ctrl-C or until one of the servers ends."""
    office = str(workspace.root / "office.toml")
    password = secrets.token_urlsafe(9)
    environment = {**os.environ, PASSWORD_VARIABLE: hash_password(password)}
    python = sys.executable
    commands = (
        [python, "-m", "collector", "serve", "--office", office, "--port", str(ports.survey), "--rehearsal-day", day],
        [python, "-m", "http.server", str(ports.public), "--bind", HOST, "--directory", str(workspace.public)],
        [python, "-m", "publish", "datasette", "--office", office, "--port", str(ports.data)],
        [python, "-m", "publish", "datasette", "--staff", "--office", office, "--port", str(ports.staff)],
    )
    print("\nBuka di peramban (Ctrl-C untuk berhenti):")
    print(f"  http://{HOST}:{ports.survey}/  kuesioner; pilih layanan, isi, kirim; perhatikan kode tanda terima")
    print(f"  http://{HOST}:{ports.public}/  halaman transparansi: nilai, jumlah responden, unsur terendah, dokumen")
    print(f"  http://{HOST}:{ports.data}/  Datasette untuk umum: hitungan yang dapat dihitung ulang")
    print(f"  http://{HOST}:{ports.staff}/-/login  Datasette petugas; nama staf, kata sandi {password}", flush=True)
    servers = [
        subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        for server in servers:
            server.wait()
    except KeyboardInterrupt:
        print("\nBerhenti.")
    finally:
        for server in servers:
            server.send_signal(signal.SIGTERM)
        for server in servers:
            server.wait()
