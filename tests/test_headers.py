"""The headers of every kind of reply, through the real application with its frozen pages."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from http_samples import DAY, FORMULIR, JAWABAN, JSON_TYPE, ORIGIN, body, form, json_bytes
from publish_samples import collect, office
from werkzeug.test import Client, TestResponse

from collector.freeze import freeze
from collector.store import open_store
from collector.workspace import Workspace, load
from collector.wsgi import build

HTML, JSON, SCRIPT = "text/html; charset=utf-8", "application/json", "text/javascript; charset=utf-8"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
FEATURES = ("camera", "microphone", "geolocation", "payment", "usb", "bluetooth", "browsing-topics")
EVERY_REPLY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # none at all would make the plain form's Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "Strict-Transport-Security": "max-age=63072000",
    "Server": None,
    "Set-Cookie": None,
}
PLAIN_HTTP = {'"https://survei.contohkab.example/"': '"http://survei.contohkab.example/"'}


@dataclass(frozen=True)
class Kind:
    """A request, and what is particular to its reply."""

    status: int
    method: str
    path: str
    type: str | None
    cache: str = "no-store"
    data: object = None
    sent_as: str = ""
    origin: str = ORIGIN
    state: str = "open"  # of the collector: open, closed, busy


def post_json(status: int, data: object, state: str = "open", **more: str) -> Kind:
    data = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Kind(status, "POST", JAWABAN, JSON, data=data, state=state, **{"sent_as": JSON_TYPE, **more})


def post_form(status: int, state: str = "open", **changes: str) -> Kind:
    return Kind(status, "POST", FORMULIR, HTML, data=form(**changes), state=state)


FRESH = "no-cache"
KINDS = {
    "home": Kind(200, "GET", "/", HTML, FRESH),
    "questionnaire": Kind(200, "GET", "/ktp/", HTML, FRESH),
    "questionnaire in Javanese": Kind(200, "GET", "/ktp/jv/", HTML, FRESH),
    "questionnaire, HEAD": Kind(200, "HEAD", "/ktp/?channel=2", HTML, FRESH),
    "worker": Kind(200, "GET", "/sw.js", SCRIPT, FRESH),
    "qr": Kind(200, "GET", "/qr/ktp.svg", "image/svg+xml", FRESH),
    "without a slash": Kind(302, "GET", "/ktp", None, "max-age=0, public"),
    "receipt": Kind(200, "GET", "/terima/K7QM-2XTA-9F", HTML),
    "receipt, HEAD": Kind(200, "HEAD", "/terima/K7QM-2XTA-9F", HTML),
    "health": Kind(200, "GET", "/v1/health", JSON),
    "not found": Kind(404, "GET", "/tiada", HTML),
    "not found, HEAD": Kind(404, "HEAD", "/tiada/", HTML),
    "no such method": Kind(404, "DELETE", "/ktp/", HTML),
    "preflight": Kind(204, "OPTIONS", JAWABAN, None),
    "preflight of a stranger": Kind(403, "OPTIONS", JAWABAN, JSON, origin="https://jahat.example"),
    "new": post_json(201, body(1)),
    "known": post_json(200, body(0)),
    "unreadable": post_json(400, b"x"),
    "stranger": post_json(403, body(2), origin="null"),
    "json by GET": Kind(405, "GET", JAWABAN, JSON),
    "language by GET": Kind(405, "GET", "/v1/bahasa", HTML),
    "form by GET": Kind(405, "GET", FORMULIR, HTML),
    "old form": post_json(410, body(3, f="x/1")),
    "closed": post_json(410, body(4), "closed"),
    "large": post_json(413, body(5, saran="x" * 20_000)),
    "other type": post_json(415, body(6), sent_as="text/plain"),
    "refused": post_json(422, body(7, a=[9] * 9)),
    "busy": post_json(503, body(8), "busy"),
    "form": Kind(303, "POST", FORMULIR, HTML, data=form()),
    "form, stranger": Kind(403, "POST", FORMULIR, HTML, data=form(), origin="null"),
    "form, old": post_form(410, f="x/1"),
    "form, closed": post_form(410, "closed"),
    "form, large": post_form(413, saran="x" * 20_000),
    "form, other type": Kind(415, "POST", FORMULIR, HTML, data=b"x", sent_as="text/plain"),
    "form, refused": post_form(422, usia="x"),
    "form, busy": post_form(503, "busy"),
}


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = office(tmp_path_factory.mktemp("kantor"))
    freeze(made.office, made.site, DAY, rehearsal=True, pack=gzip.compress)
    return made


@pytest.fixture
def workspace(frozen: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(frozen.root, tmp_path, dirs_exist_ok=True)
    return load(tmp_path / "office.toml")


@contextmanager
def holding(workspace: Workspace, state: str) -> Iterator[Client]:
    """Hold a client of the real application whose collector is open, closed, or waits for another program."""
    application = build(workspace.root / "office.toml", DAY)
    client = Client(application)
    assert client.post(JAWABAN, data=json_bytes(0), content_type=JSON_TYPE).status_code == 201
    if state == "closed":
        assert collect(workspace, "close", "2026-10", day="2027-01-25") == 0
    if state != "busy":
        yield client
        return
    other = open_store(workspace.store, workspace.office.id)
    with other.writing():
        yield client
    other.close()


def ask(client: Client, kind: Kind) -> TestResponse:
    more = {"content_type": kind.sent_as} if kind.sent_as else {}
    return client.open(kind.path, method=kind.method, data=kind.data, headers={"Origin": kind.origin}, **more)  # type: ignore[arg-type]


def policies(reply: TestResponse) -> list[str]:
    """Return the policies that hold for a reply: the header's, and the page's own."""
    page = reply.get_data(as_text=True) if "html" in reply.headers.get("Content-Type", "") else ""
    own = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', page)
    return [reply.headers["Content-Security-Policy"], *(policy.replace("&#39;", "'") for policy in own)]


def digests(page: str) -> set[str]:
    inlined = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
    return {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inlined}


@pytest.mark.parametrize("name", KINDS)
def test_this_kind_of_reply_carries_every_header(workspace: Workspace, name: str) -> None:
    kind = KINDS[name]
    with holding(workspace, kind.state) as client:
        reply = ask(client, kind)
    assert reply.status_code == kind.status
    assert {header: reply.headers.get(header) for header in EVERY_REPLY} == EVERY_REPLY
    assert len(reply.headers) == len({header.lower() for header, _ in reply.headers}), "a header stands twice"
    assert reply.headers["Cache-Control"] == kind.cache
    kind_of_content = reply.headers.get("Content-Type", "").replace('"', "")
    assert kind.type is None or kind_of_content == kind.type
    found = policies(reply)
    assert found[0].endswith("frame-ancestors 'none'") and not re.search(r"unsafe|\*|data:(?!$|;)", found[0])
    if kind.type != HTML:
        worker = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
        assert found == [worker if kind.path == "/sw.js" else NOTHING]
    elif kind.status != 303 and kind.method != "HEAD":
        assert len(found) == 2
        for policy in found[1:]:
            assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
            assert set(re.findall(r"'sha256-([^']+)'", policy)) == digests(reply.text)
            assert "base-uri 'none'" in policy and "form-action 'self'" in policy
            assert ("require-trusted-types-for 'script'" in policy) == ("<script>" in reply.text)
    assert ("Retry-After" in reply.headers) == (kind.status >= 500)
    of_ours = kind.path == JAWABAN and kind.origin == ORIGIN
    assert reply.headers.get("Access-Control-Allow-Origin") == (ORIGIN if of_ours else None)
    frozen = kind.status == 200 and kind.path in {"/", "/ktp/", "/ktp/?channel=2", "/ktp/jv/", "/sw.js"}
    expected = "Origin" if kind.path == JAWABAN else "Accept-Encoding" if frozen else ""
    assert reply.headers.get("Vary", "") == expected


def test_a_page_that_has_not_changed_is_not_given_another_policy(workspace: Workspace) -> None:
    with holding(workspace, "open") as client:
        first = client.get("/ktp/")
        again = client.get("/ktp/", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Security-Policy" not in again.headers


def test_https_is_asked_for_only_where_the_office_has_it(tmp_path: Path) -> None:
    made = office(tmp_path, PLAIN_HTTP)
    freeze(made.office, made.site, DAY, rehearsal=True, pack=gzip.compress)
    with holding(made, "open") as client:
        for kind in (KINDS["home"], KINDS["health"], KINDS["not found"], KINDS["new"]):
            assert "Strict-Transport-Security" not in ask(client, kind).headers
