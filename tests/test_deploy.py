"""What stands in deploy/: units, nginx and Dockerfile are checked by their own programs, or line by line."""

from __future__ import annotations

import gzip
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from http_samples import JAWABAN, JSON_TYPE, ORIGIN, json_bytes
from nginx_samples import DEPLOY, Proxied, configured, proxied, through
from publish_samples import ROOT

UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])


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


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    done = subprocess.run([*configured(tmp_path, {}), "-t"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr and "test is successful" in done.stderr


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Proxied]:
    with proxied(tmp_path) as found:
        yield found


def test_an_answer_through_nginx_is_stored_and_no_address_is_written(running: Proxied) -> None:
    tls, folder = running.tls, running.folder
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


def test_a_flood_of_posts_is_slowed_down_and_pages_are_not(running: Proxied) -> None:
    tls = running.tls
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
