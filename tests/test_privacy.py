"""Nobody can tell who answered or what: nothing of the caller is kept or printed, and every thanks is the same."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from browser_samples import Site, choose, phone, served
from http_samples import (
    DAY,
    FORM_TYPE,
    FORMULIR,
    JAWABAN,
    JSON_TYPE,
    await_health,
    count,
    form_bytes,
    free_port,
    json_bytes,
    start,
)
from offline_samples import QUESTIONS, kept, send, thanked
from playwright.sync_api import Browser
from publish_samples import office

from collector.freeze import freeze
from collector.workspace import Workspace
from scoring.response import FLAG_FAST

ADDRESS = "127.0.0.77"  # of the phone; all of 127/8 is this machine
AGENT, FORWARDED = "KENARI-agen-5b1c", "203.0.113.77"
TEXT = "KENARI-saran-9d2e"
NONCE = bytes.fromhex("ca1a" * 16)
CALLER = {
    "User-Agent": AGENT,
    "X-Forwarded-For": FORWARDED,
    "Forwarded": f"for={FORWARDED}",
    "X-Real-IP": FORWARDED,
    "Referer": f"http://{AGENT}/",
    "Cookie": f"a={AGENT}",
    "Accept-Language": f"id,{AGENT}",
}
REQUESTS = 200


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = office(tmp_path)
    freeze(made.office, made.site, DAY, rehearsal=True)
    return made


def call(port: int, method: str, path: str, data: Any = None, kind: str = "") -> tuple[int, bytes]:
    """Send one request from ADDRESS, with everything a phone tells about itself; return status and whole reply."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10, source_address=(ADDRESS, 0))
    try:
        connection.request(method, path, data, {**CALLER, **({"Content-Type": kind} if kind else {})})
        reply = connection.getresponse()
        return reply.status, str(reply.getheaders()).encode() + reply.read()
    finally:
        connection.close()


def calls() -> Iterator[tuple[int, str, str, bytes | None, str]]:
    """Yield the requests, each with the status it gets; every kind of reply is among them."""
    nonce = {"nonce": NONCE.hex()}
    yield 201, "POST", f"{JAWABAN}?{AGENT}", json_bytes(saran=TEXT, **nonce), JSON_TYPE
    for number in range(1, REQUESTS // 8 + 1):
        yield 201, "POST", JAWABAN, json_bytes(number, saran=f"{TEXT} {number}"), JSON_TYPE
        yield 303, "POST", FORMULIR, form_bytes(saran=TEXT), FORM_TYPE
        yield 422, "POST", JAWABAN, json_bytes(saran=TEXT * 40, **nonce), JSON_TYPE
        yield 422, "POST", FORMULIR, form_bytes(saran=TEXT, usia="x"), FORM_TYPE
        yield 400, "POST", JAWABAN, (TEXT + AGENT).encode(), JSON_TYPE
        yield 410, "POST", JAWABAN, json_bytes(f="x/1", saran=TEXT, **nonce), JSON_TYPE
        yield 404, "GET", f"/{AGENT}?{TEXT}", None, ""
        yield 200, "GET", f"/ktp/?{AGENT}", None, ""


def test_of_200_requests_no_address_agent_or_text_is_found_outside_the_store(workspace: Workspace) -> None:
    port = free_port()
    process = start(workspace, port, "--rehearsal-day", DAY.isoformat())
    await_health(port, process)
    stored, sent = 0, 0
    for status, *request in calls():
        given, whole = call(port, *request)
        assert given == status, request
        assert not [canary for canary in (AGENT, FORWARDED, ADDRESS, NONCE.hex()) if canary.encode() in whole], request
        stored += given in {201, 303}
        sent += 1
    during = everything(workspace)
    process.terminate()
    out, err = process.communicate(timeout=15)
    assert sent >= REQUESTS and count(workspace) == stored
    for files in (during, everything(workspace)):
        for canary in (AGENT, FORWARDED, ADDRESS):
            assert holders(files, canary.encode()) == set()
        own = {name for name in files if name.startswith("responses.db")}
        assert holders(files, TEXT.encode()) and holders(files, TEXT.encode()) <= own
        assert holders(files, NONCE) <= own and holders(files, NONCE.hex().encode()) == set()
    printed = out + err
    assert not [canary for canary in (AGENT, FORWARDED, ADDRESS, TEXT, NONCE.hex()) if canary in printed]
    assert (printed.count("\n"), err) == (1, "")


def everything(workspace: Workspace) -> dict[str, bytes]:
    """Return all files of the office but its pages, which were there before."""
    site = set(workspace.site.rglob("*"))
    return {file.name: file.read_bytes() for file in workspace.root.rglob("*") if file.is_file() and file not in site}


def holders(files: dict[str, bytes], canary: bytes) -> set[str]:
    return {name for name, content in files.items() if canary in content}


@pytest.mark.browser
def test_page_and_storage_are_the_same_after_the_best_and_the_worst_answers(browser: Browser, tmp_path: Path) -> None:
    seen = []
    with served(tmp_path) as site:
        for value, saran in ((4, ""), (1, "Buruk sekali."), (2, "x" * 300)):
            seen.append(left_behind(browser, site, value, saran))
        flags = {row["flags"] for row in site.rows()}
    assert seen[0] == seen[1] == seen[2]
    assert "KODE" in seen[0][0] and flags == {FLAG_FAST}


def left_behind(browser: Browser, site: Site, value: int, saran: str) -> tuple[str, dict[str, Any], int]:
    """Return the thanks page without its code, all that the browser keeps, and how far one could go back."""
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        choose(page, dict.fromkeys(QUESTIONS, value))
        page.get_by_role("textbox", name="Saran").fill(saran)
        send(page)
        code = thanked(page)
        found = (page.content().replace(code, "KODE"), kept(page), int(page.evaluate("history.length")))
    return found
