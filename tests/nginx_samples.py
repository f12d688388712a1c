"""nginx as deploy/ configures it, in front of a real collector."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from http_samples import free_port, server
from publish_samples import ROOT, office

from collector.workspace import Workspace

DEPLOY = ROOT / "deploy"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
HOST = "survei.contohkab.example"


@dataclass(frozen=True)
class Proxied:
    """A running pair: the ports of TLS and of plain HTTP, nginx's folder, the office, and the collector's process."""

    tls: int
    plain: int
    folder: Path
    workspace: Workspace
    collector: int


def configured(folder: Path, changes: dict[str, str]) -> list[str]:
    """Write a whole configuration around ours, with a certificate of its own; return the command that runs it."""
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    for old, new in {"/etc/ssl/ikm": str(folder), **changes}.items():
        assert old in text, old
        text = text.replace(old, new)
    (folder / "ikm.conf").write_text(text, "utf-8")
    user = "user root;\n" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user}pid {folder}/nginx.pid;\nerror_log {folder}/main.log;\nevents {{}}\nhttp {{\n"
        f"access_log {folder}/access.log;\nerror_log {folder}/error.log;\n{temporary}"
        f"include /etc/nginx/mime.types;\ninclude {folder}/ikm.conf;\n}}\n",
        "utf-8",
    )
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"),
            *("-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return [NGINX, "-p", str(folder), "-c", str(folder / "nginx.conf")]


@contextmanager
def proxied(tmp_path: Path, changes: Mapping[str, str] | None = None) -> Iterator[Proxied]:
    """Hold nginx in front of a collector; `changes` are made in its configuration."""
    workspace = office(tmp_path / "kantor")
    folder = tmp_path / "nginx"
    folder.mkdir()
    tls, plain = free_port(), free_port()
    with server(workspace) as (port, collector):
        command = configured(
            folder,
            {
                "listen 443 ssl http2": f"listen 127.0.0.1:{tls} ssl http2",
                "listen [::]:443 ssl http2;": "",
                "listen 80 default_server": f"listen 127.0.0.1:{plain} default_server",
                "listen [::]:80 default_server;": "",
                "127.0.0.1:8000": f"127.0.0.1:{port}",
                "/var/lib/ikm/data": str(workspace.data),
                **(changes or {}),
            },
        )
        process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.PIPE, text=True)
        try:
            wait_for(plain, process)
            yield Proxied(tls, plain, folder, workspace, collector.pid)
        finally:
            process.terminate()
            process.communicate(timeout=10)


def wait_for(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(200):
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().status == 301
            return
        except OSError:
            assert process.poll() is None, process.communicate()
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("nginx did not start")


def through(
    port: int, method: str, path: str, data: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    context = ssl._create_unverified_context()
    connection = HTTPSConnection("127.0.0.1", port, timeout=10, context=context)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, data, {"Host": HOST, **named})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()
