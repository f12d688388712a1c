"""What stands in deploy/: units, nginx and Dockerfile are checked by their own programs, or line by line."""

from __future__ import annotations

import gzip
import json
import os
import re
import shlex
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from http_samples import JAWABAN, JSON_TYPE, ORIGIN, free_port, json_bytes, server
from publish_samples import ROOT, office

DEPLOY = ROOT / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


# units


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8").replace("/opt/ikm/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text, "utf-8")
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no"]
    done = subprocess.run(
        [*command, *(str(tmp_path / unit.name) for unit in UNITS)], capture_output=True, text=True, check=False
    )
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "ikm" in line]
    assert (done.returncode, ours) == (0, [])


def test_every_unit_runs_a_command_that_exists_and_every_timer_has_its_service() -> None:
    known = subprocess.run(
        [sys.executable, "-m", "collector", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for unit in UNITS:
        text = unit.read_text("utf-8")
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service").exists()
            zone = re.findall(r"^OnCalendar=.* (\S+)$", text, re.MULTILINE)
            assert zone == ["Asia/Jakarta"] and "Persistent=true" in text
            continue
        (command,) = re.findall(r"^ExecStart=/opt/ikm/\.venv/bin/python -m collector (\w+) ", text, re.MULTILINE)
        assert re.search(rf"\b{command}\b", known)
        for line in ("User=ikm", "ProtectSystem=strict", "NoNewPrivileges=yes", "ReadWritePaths=/var/lib/ikm"):
            assert line in text.splitlines(), f"{unit.name}: {line}"
    for line in ("KillMode=mixed", "Restart=always"):
        assert line in (DEPLOY / "ikm.service").read_text("utf-8").splitlines()


# nginx


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


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    done = subprocess.run([*configured(tmp_path, {}), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr and "test is successful" in done.stderr


@pytest.fixture
def proxied(tmp_path: Path) -> Iterator[tuple[int, int, Path]]:
    """Hold nginx in front of a collector; give the ports of TLS and of plain HTTP, and nginx's folder."""
    workspace = office(tmp_path / "kantor")
    folder = tmp_path / "nginx"
    folder.mkdir()
    tls, plain = free_port(), free_port()
    with server(workspace) as (port, _):
        command = configured(
            folder,
            {
                "listen 443 ssl http2": f"listen 127.0.0.1:{tls} ssl http2",
                "listen [::]:443 ssl http2;": "",
                "listen 80 default_server": f"listen 127.0.0.1:{plain} default_server",
                "listen [::]:80 default_server;": "",
                "127.0.0.1:8000": f"127.0.0.1:{port}",
                "/var/lib/ikm/data": str(workspace.data),
            },
        )
        process = subprocess.Popen([*command, "-g", "daemon off;"], stderr=subprocess.PIPE, text=True)
        try:
            wait_for(plain, process)
            yield tls, plain, folder
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
        connection.request(method, path, data, {"Host": "survei.contohkab.example", **named})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def test_an_answer_through_nginx_is_stored_and_no_address_is_written(proxied: tuple[int, int, Path]) -> None:
    tls, _, folder = proxied
    status, headers, page = through(tls, "GET", "/ktp/")
    assert (status, b"UJI COBA" in page) == (200, True)
    assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert headers["content-security-policy"] == "frame-ancestors 'none'"
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-cache")
    assert headers["server"] == "nginx"
    status, headers, packed = through(tls, "GET", "/ktp/", Accept_Encoding="gzip")
    assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
    assert gzip.decompress(packed) == page and len(packed) <= 14 * 1024
    status, headers, reply = through(tls, "POST", JAWABAN, json_bytes(), Content_Type=JSON_TYPE, Origin=ORIGIN)
    assert (status, headers["cache-control"]) == (201, "no-store")
    code = json.loads(reply)["kode"]
    status, _, page = through(tls, "GET", f"/terima/{code}")
    assert (status, code.encode() in page) == (200, True)
    assert through(tls, "GET", "/v1/health")[0] == 200
    assert through(tls, "GET", "/ktp")[0] == 301
    assert through(tls, "GET", "/tidak-ada")[0] == 404
    assert through(tls, "DELETE", "/v1/jawaban")[0] == 405
    assert through(tls, "POST", JAWABAN, b"x" * 17_000, Content_Type=JSON_TYPE)[0] == 413
    logs = [file for file in (folder / "access.log", folder / "error.log") if file.exists() and file.stat().st_size]
    assert logs == []


def test_a_flood_of_posts_is_slowed_down_and_pages_are_not(proxied: tuple[int, int, Path]) -> None:
    tls, _, _ = proxied
    statuses = [through(tls, "GET", "/v1/health")[0]]
    while statuses[-1] == 200 and len(statuses) < 3000:  # a slow machine needs more than sixty
        statuses.append(through(tls, "GET", "/v1/health")[0])
    assert (statuses[:60], statuses[-1]) == ([200] * 60, 429)
    assert through(tls, "GET", "/ktp/")[0] == 200


# Dockerfile


def instructions() -> list[tuple[str, str]]:
    text = "\n".join(
        line for line in (DEPLOY / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")
    )
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    return [(name, rest) for name, _, rest in (line.partition(" ") for line in lines if line)]


def test_the_dockerfile_copies_what_exists_installs_by_hash_and_does_not_run_as_root() -> None:
    found = instructions()
    names = [name for name, _ in found]
    allowed = {"FROM", "RUN", "WORKDIR", "COPY", "ENV", "USER", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK", "CMD"}
    assert names[0] == "FROM" and set(names) <= allowed and "ADD" not in names
    assert not found[0][1].endswith((":latest", "python"))
    copied = {source for name, rest in found if name == "COPY" for source in rest.split()[:-1]}
    assert all((ROOT / source).exists() for source in copied)
    assert copied >= {"requirements.txt", "scoring", "collector", "publish", "site"}
    installs = [rest for name, rest in found if name == "RUN" and "pip install" in rest]
    assert installs and all("--require-hashes" in rest and "--only-binary" in rest for rest in installs)
    users = [rest for name, rest in found if name == "USER"]
    assert users and users[-1] not in {"root", "0"}
    assert names.index("USER") > max(place for place, name in enumerate(names) if name == "RUN")
    for name in ("CMD", "HEALTHCHECK"):
        assert names.count(name) == 1


def test_the_command_of_the_container_is_one_of_the_collector_and_its_health_check_is_python() -> None:
    found = dict(instructions())
    command = json.loads(found["CMD"])
    assert command[:4] == ["python", "-m", "collector", "serve"]
    _, _, check = found["HEALTHCHECK"].partition("CMD ")
    interpreter, option, source = json.loads(check)
    assert (interpreter, option) == ("python", "-c")
    compile(source, "HEALTHCHECK", "exec")
    assert "/v1/health" in source
    listed = next(rest for name, rest in instructions() if name == "RUN" and "apt-get install" in rest)
    libraries = re.search(r"^LIBS := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert libraries is not None
    assert set(libraries[1].split()) <= set(shlex.split(listed))
