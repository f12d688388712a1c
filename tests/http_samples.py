"""A collector in this process or as a real server, valid posts to start from, and a judge of what was stored."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from publish_samples import ROOT, named, office
from werkzeug.test import TestResponse

from collector.app import create_app
from collector.freeze import freeze
from collector.schema import COLUMNS
from collector.store import Store, open_store, reading
from collector.workspace import Clock, Workspace
from scoring.instrument import built_in
from scoring.response import SARAN_LIMIT, canonical, commitment

NINE = [4, 4, 3, 4, 3, 4, 4, 3, 4]
PACK = built_in("permenpanrb-14-2017")
OFFICE = "kecamatan-teladan"
DAY = date(2026, 10, 1)
JAWABAN, FORMULIR = "/v1/jawaban", "/v1/form"
JSON_TYPE, FORM_TYPE = "application/json", "application/x-www-form-urlencoded"
ORIGIN = "https://survei.contohkab.example"
START_SECONDS = 15


def body(number: int = 0, **changes: Any) -> dict[str, Any]:
    """Return what the page's script posts; `number` makes another nonce, the id fits unless `changes` give one."""
    fields: dict[str, Any] = {
        "nonce": number.to_bytes(32, "big").hex(),
        "a": NINE,
        "f": PACK.form,
        "s": "ktp",
        "u": OFFICE,
        "channel": 1,
        "profil": {"jenis_kelamin": "P", "usia": "56+"},
        "saran": "Baik, tetapi antre.",
        "cepat": False,
        "situs": "",
        **changes,
    }
    if "id" not in fields:
        held = canonical(fields["a"], fields["f"], fields["s"], fields["u"])
        fields["id"] = commitment(bytes.fromhex(fields["nonce"]), held).hex()
    return fields


def json_bytes(number: int = 0, **changes: Any) -> bytes:
    """Return the bytes of `body`."""
    return json.dumps(body(number, **changes)).encode()


def form(**changes: str) -> dict[str, str]:
    """Return what the plain form posts."""
    answers = {question.id: str(value) for question, value in zip(PACK.questions, NINE, strict=True)}
    more = {"jenis_kelamin": "P", "usia": "56+", "pendidikan": "", "pekerjaan": "", "disabilitas": ""}
    return {"u": OFFICE, "s": "ktp", "f": PACK.form, "channel": "1", **answers, **more, "saran": "", **changes}


def form_bytes(*more: tuple[str, str], drop: str = "", **changes: str) -> bytes:
    """Return the bytes of `form` without the field `drop`, `more` fields behind it."""
    return urlencode([*((name, value) for name, value in form(**changes).items() if name != drop), *more]).encode()


@dataclass(frozen=True)
class Collector:
    """An office's collector in this process."""

    workspace: Workspace
    store: Store
    client: FlaskClient

    def send(self, fields: dict[str, Any], **headers: str) -> TestResponse:
        """Post as the page's script does."""
        return self.client.post(JAWABAN, data=json.dumps(fields), content_type=JSON_TYPE, headers=headers)

    def send_form(self, fields: dict[str, str], **headers: str) -> TestResponse:
        """Post as the plain form does."""
        return self.client.post(FORMULIR, data=fields, headers=headers)

    def rows(self) -> list[dict[str, Any]]:
        """Return the stored answers with their saran."""
        return stored(self.workspace)


class Returned(HTMLParser):
    """What a browser would send when the page that came back is sent again, and where the page's links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.ids: set[str] = set()
        self.invalid: set[str] = set()
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        self.ids.add(given.get("id", ""))
        if given.get("aria-invalid") == "true":
            self.invalid.add(given.get("id", "").removeprefix("i-"))
        if tag == "input" and ("checked" in given or given.get("type") in {"hidden", "text"}):
            self.fields[name] = given.get("value", "")
        elif tag == "select":
            self._inside, self.fields[name] = name, ""
        elif tag == "option" and "selected" in given:
            self.fields[self._inside] = given["value"]
        elif tag == "textarea":
            self._inside, self.fields[name] = name, ""
        elif tag == "a":
            self._inside = given["href"]

    def handle_endtag(self, tag: str) -> None:
        if tag in {"a", "select", "textarea"}:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside.startswith("#"):
            self.links[self._inside] = self.links.get(self._inside, "") + data
        elif self._inside == "saran":
            self.fields["saran"] += data


def at(moment: datetime, zone: str = "Asia/Jakarta") -> Clock:
    """Return a clock of an office in `zone` that stands at `moment`."""
    return lambda: moment.astimezone(ZoneInfo(zone))


NOON = at(datetime(2026, 10, 1, 12, 30, tzinfo=ZoneInfo("Asia/Jakarta")))


@contextmanager
def collector(folder: Path, changes: dict[str, str] | None = None, clock: Clock = NOON) -> Iterator[Collector]:
    """Hold the collector of the example office with `changes` to its configuration; `clock` stands by default."""
    with again(office(folder, changes), clock) as running:
        yield running


@contextmanager
def again(workspace: Workspace, clock: Clock = NOON) -> Iterator[Collector]:
    """Hold the collector of an office that has a store."""
    store = open_store(workspace.store, workspace.office.id)
    app = create_app(workspace.office, store, clock, rehearsal=True)
    try:
        yield Collector(workspace, store, app.test_client())
    finally:
        store.close()


def stored(workspace: Workspace) -> list[dict[str, Any]]:
    """Return the stored answers, oldest first, with their saran."""
    query = "SELECT r.*, s.text AS saran FROM response r LEFT JOIN saran s ON s.response = r.id ORDER BY r.seq"
    with reading(workspace.store) as connection:
        return named(connection.execute(query))


def count(workspace: Workspace) -> int:
    """Return the number of stored answers."""
    with reading(workspace.store) as connection:
        return int(connection.execute("SELECT count(*) FROM response").fetchone()[0])


def faults_of(row: dict[str, Any]) -> list[str]:
    """Return what is wrong with a stored answer that came over the web."""
    answers = [row[name] for name in COLUMNS if name.startswith("a")][: len(PACK.questions)]
    beyond = [name for name in COLUMNS if name[0] == "a" and name[1:].isdigit() and int(name[1:]) > len(answers)]
    codes = [{code for code, _ in field.options} | {None} for field in PACK.profil]
    saran = row["saran"] or ""
    fits = {
        "answers": all(type(value) is int and PACK.low <= value <= PACK.high for value in answers),
        "beyond": all(row[name] is None for name in beyond),
        "profil": all(row[f"p{place:02d}"] in allowed for place, allowed in enumerate(codes, 1)),
        "id": row["id"] == commitment(row["nonce"], canonical(answers, row["form"], row["layanan"], row["office"])),
        "office": row["office"] == OFFICE and row["form"] == PACK.form,
        "layanan": row["layanan"] in {"ktp", "kk", "pindah", "usaha", "lainnya"},
        "channel": row["channel"] in {1, 2, 4},
        "flags": row["flags"] in {0, 1, 2, 3},
        "day": row["day"] == DAY.isoformat() and row["hour"] in range(24) and row["batch"] is None,
        "saran": len(saran) <= SARAN_LIMIT and not {"\0", "\x1b", "\u202e"} & set(saran) and saran == saran.strip(),
    }
    return [name for name, fit in fits.items() if not fit]


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(workspace: Workspace, port: int, *more: str) -> subprocess.Popen[str]:
    """Start `python -m collector serve` as anyone would, in a process group of its own."""
    command = [sys.executable, "-m", "collector", "serve", "--office", str(workspace.root / "office.toml")]
    return subprocess.Popen(
        [*command, "--port", str(port), *more],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def await_health(port: int, process: subprocess.Popen[str]) -> None:
    """Return once the server answers."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            status, _, _ = ask(port, "GET", "/v1/health")
        except OSError:
            time.sleep(0.05)
            continue
        assert status == 200
        return
    process.kill()
    raise AssertionError(f"the server did not start: {process.communicate()}")


@contextmanager
def server(workspace: Workspace) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """Hold a real server of a rehearsal store and its frozen pages on a free port; ended as systemd ends it."""
    if not workspace.site.exists():
        freeze(workspace.office, workspace.site, DAY, rehearsal=True)
    port = free_port()
    process = start(workspace, port, "--rehearsal-day", DAY.isoformat())
    try:
        await_health(port, process)
        yield port, process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def ask(port: int, method: str, path: str, data: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Send one request to a real server; an iterable of bytes as `data` is sent in chunks."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, data, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()
