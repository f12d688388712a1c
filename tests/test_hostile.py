"""Hostile texts in every field of the web pages: they come back as text, run nothing, fetch nothing, break nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from urllib.request import urlopen

import pytest
from browser_samples import Site, chromium, phone, served
from entri_samples import opened
from hostile_texts import NO_UTF8, RAW, batches, encodable, hostile
from http_samples import (
    FORM_TYPE,
    FORMULIR,
    JAWABAN,
    JSON_TYPE,
    NOON,
    PACK,
    Collector,
    body,
    collector,
    form,
    form_bytes,
)
from playwright.sync_api import Browser, Page, Route
from publish_samples import office

from collector.entri_app import create_entri
from collector.store import open_store
from scoring.mask import mask
from scoring.response import SARAN_LIMIT, clean_text

TICKETS = {'mode = "off"': 'mode = "optional"'}
TOKEN = "sandi-rekaan-petugas"
ANSWERS = tuple(question.id for question in PACK.questions)
PROFIL = tuple(field.id for field in PACK.profil)
TEXT_FIELDS = ("saran", "tiket", "situs", "bahasa", "channel", *PROFIL)
FORM_FIELDS = ("saran", "tiket", "situs", "bahasa", "channel", "s", "u", "f", *ANSWERS, *PROFIL)
JSON_FIELDS = ("saran", "tiket", "situs", "bahasa", "s", "u", "f", "nonce", "id")
SHEET = ("saran", "keadaan", "tahap", "lembar", *ANSWERS, *PROFIL)
LANGUAGE = "/v1/bahasa"


class Markup(HTMLParser):
    """The elements of a page with the names of their attributes, and what its text fields hold."""

    def __init__(self, *pages: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, tuple[str, ...]]] = set()
        self.addresses: set[str] = set()
        self.pieces: list[str] = []
        for page in pages:
            self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.elements.add((tag, tuple(sorted(set(given) - {"checked", "selected", "hidden", "autofocus"}))))
        self.addresses |= {str(given[name]) for name in ("href", "src", "action", "formaction") if name in given}

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        """Return all that stands between the elements."""
        return "".join(self.pieces)


def grown(page: str, plain: Markup) -> list[object]:
    """Return what stands in `page` and in no page without hostile text: elements, attributes, addresses."""
    found = Markup(page)
    return sorted([*(found.elements - plain.elements), *(found.addresses - plain.addresses)], key=str)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector(tmp_path_factory.mktemp("kantor"), TICKETS) as running:
        yield running


@pytest.fixture(scope="module")
def plain(desk: Collector) -> Markup:
    """Every element of the citizens' pages when nobody is hostile, in every language."""
    pages = []
    for code in ("id", "jv", "en", "mudah"):
        pages += [desk.send_form({**form(**{name: ""}), "bahasa": code}).text for name in (*ANSWERS, "u", "s", "f")]
        pages += [desk.send_form({**form(**{name: "x"}), "bahasa": code}).text for name in ("usia", "tiket", *PROFIL)]
        pages += [desk.send_form(form(saran="x" * 301, bahasa=code)).text, desk.client.get("/terima/x").text]
        pages += [desk.client.get(f"/terima/K7QM-2XTA-9F?bahasa={code}").text]
        pages += [desk.send_form(form(saran="hubungi 081234567890", tiket="x", bahasa=code)).text]
    return Markup(*pages)


def post_form(desk: Collector, path: str, **changes: str) -> tuple[int, str]:
    data = urlencode(form(**changes), errors="surrogatepass")
    reply = desk.client.post(path, data=data, content_type=FORM_TYPE)
    assert not {name for name, _ in reply.headers} & {"Set-Cookie", "Refresh"}
    return reply.status_code, reply.get_data(as_text=True)


def test_there_are_two_hundred_of_them_and_none_twice() -> None:
    assert len(set(hostile())) == len(hostile()) >= 200


def check_form(desk: Collector, plain: Markup, path: str, fields: Mapping[str, str]) -> None:
    status, page = post_form(desk, path, **{"saran": "Baik.", **fields})
    assert status in {200, 303, 400, 403, 410, 413, 422}, fields
    assert status == 303 or not grown(page, plain), fields


def test_a_plain_form_with_hostile_fields_is_refused_or_kept_as_text(desk: Collector, plain: Markup) -> None:
    """Each text in one text field, in one answer and in one of what the page itself sends; next, in all text fields."""
    for fields in (TEXT_FIELDS, TEXT_FIELDS[::-1], ANSWERS):
        for texts in batches(hostile(), len(fields)):
            check_form(desk, plain, FORMULIR, dict(zip(fields, texts, strict=False)))
    for number, text in enumerate(hostile()):
        check_form(desk, plain, LANGUAGE if len(text) % 2 else FORMULIR, {"suf"[number % 3]: text})


@pytest.mark.soak
def test_every_field_alone_of_a_plain_form_may_be_hostile(desk: Collector, plain: Markup) -> None:
    for text in hostile():
        for field in FORM_FIELDS:
            check_form(desk, plain, LANGUAGE if len(text) % 2 else FORMULIR, {field: text})


def test_a_text_that_comes_back_with_the_form_is_the_one_that_was_written_and_no_more(
    desk: Collector, plain: Markup
) -> None:
    """Line ends apart, which HTML makes one, and what HTML has no sign for."""
    for text in hostile():
        fields = TEXT_FIELDS if len(text) < 1000 else ("saran",)  # a form may weigh 16 KiB
        status, page = post_form(desk, LANGUAGE, **dict.fromkeys(fields, text))
        found = Markup(page.replace("\x00", ""))
        assert not found.elements - plain.elements and not found.addresses - plain.addresses, text
        assert text not in encodable() or (status == 200 and text.replace("\x00", "").strip() in found.text), text


def test_a_json_post_with_a_hostile_field_is_refused_or_kept(desk: Collector) -> None:
    for number, text in enumerate(hostile()):
        texts = dict.fromkeys(("saran", "tiket", "situs", "bahasa"), text)
        for sent in (texts, {JSON_FIELDS[number % len(JSON_FIELDS)]: text}, {"profil": {text: "P"}}, {text: "x"}):
            data = json.dumps({**body(100 + number), **sent})
            reply = desk.client.post(JAWABAN, data=data, content_type=JSON_TYPE)
            assert reply.status_code in {200, 201, 400, 410, 413, 422}, (sent, text)
            assert reply.mimetype == "application/json" and set(reply.json or {}) <= {"kode", "galat", "problems"}


def test_what_is_stored_of_a_hostile_comment_is_plain_masked_text(desk: Collector) -> None:
    accepted = {mask(clean_text(text)) for text in hostile() if len(clean_text(text)) <= SARAN_LIMIT} - {""}
    for number, text in enumerate(hostile()):
        desk.send(body(5000 + number, saran=text))
    stored = {row["saran"] for row in desk.rows() if row["saran"]}
    assert accepted <= stored
    left = "".join(stored).replace("\ufffe\uffff", "")  # which no reader shows and no terminal obeys
    assert not RAW.search(left) and "\u200b" not in left and "\t" not in left


@pytest.mark.parametrize("data", NO_UTF8)
def test_bytes_that_are_no_text_are_refused_whole(desk: Collector, data: bytes) -> None:
    for name in ("saran", "tiket", "bahasa", "usia"):
        sent = form_bytes(drop=name) + f"&{name}=".encode() + data
        for path in (FORMULIR, LANGUAGE):
            assert desk.client.post(path, data=sent, content_type=FORM_TYPE).status_code == 400
    assert desk.client.post(JAWABAN, data=b'{"saran": "' + data + b'"}', content_type=JSON_TYPE).status_code == 400


def test_the_receipt_address_shows_its_page_or_that_there_is_none(desk: Collector, plain: Markup) -> None:
    for text in hostile():
        sign = quote(text, safe="", errors="surrogatepass")
        for address, wanted in ((f"/terima/{sign}", {404}), (f"/terima/K7QM-2XTA-9F?bahasa={sign}", {200})):
            reply = desk.client.get(address)
            assert reply.status_code in wanted | {308}, text
            assert "Location" not in reply.headers or reply.headers["Location"].startswith("http://localhost/"), text
            assert not grown(reply.get_data(as_text=True), plain) or reply.status_code == 308, text


def test_the_clerks_page_keeps_what_is_typed_as_text(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    store = open_store(workspace.store, workspace.office.id)
    opened(workspace, store, 6)
    client = create_entri(workspace.office, store, NOON, rehearsal=True, token=TOKEN, broken=lambda: None).test_client()
    assert client.post("/entri/masuk", data={"sandi": TOKEN}).status_code == 303
    keys = dict.fromkeys(ANSWERS, "4") | {"tahap": "1", "lembar": "1", "keadaan": "terisi"}
    usual = [client.post("/entri/1/", data=keys | {name: "x"}).text for name in SHEET]
    usual += [client.post("/entri/", data={name: "x"}).text for name in ("tanggal", "layanan")]
    usual += [client.post("/entri/1/cocok", data={"terisi": "x"}).text, client.get("/entri/1/").text]
    usual += [
        client.post("/entri/masuk", data={"sandi": "x"}).text,
        client.get("/entri/").text,
        client.get("/entri/1/?lembar=3").text,
    ]
    known = Markup(*usual)
    bundle = {"tanggal": "01/10/2026", "layanan": "ktp", "pertama": "1", "terakhir": "2"}
    forms: list[tuple[str, dict[str, str], Sequence[str]]] = [
        ("/entri/1/", keys, ("saran", *PROFIL)),
        ("/entri/1/", keys, ANSWERS),
        ("/entri/1/", keys, ("tahap",)),
        ("/entri/1/", keys, ("lembar",)),
        ("/entri/", bundle, tuple(bundle)),
        ("/entri/", bundle, ("layanan",)),
        ("/entri/1/cocok", {}, ("terisi", "rusak", "sisa")),
        ("/entri/masuk", {}, ("sandi",)),
    ]
    alone = [form for form in forms if len(form[2]) == 1]
    sent = [(*form, texts) for form in forms if len(form[2]) > 1 for texts in batches(hostile(), len(form[2]))]
    sent += [(*alone[number % len(alone)], [text]) for number, text in enumerate(hostile())]
    for path, usual_fields, fields, texts in sent:
        data = usual_fields | dict(zip(fields, texts, strict=False))
        reply = client.post(path, data=urlencode(data, errors="surrogatepass"), content_type=FORM_TYPE)
        assert reply.status_code in {303, 400, 403, 409, 413, 422}, (path, texts)
        assert not grown(reply.get_data(as_text=True), known), texts
    for text in hostile():
        reply = client.post(
            "/entri/1/", data=urlencode(keys | {"saran": text}, errors="surrogatepass"), content_type=FORM_TYPE
        )
        if reply.status_code == 303:
            assert not grown(client.get("/entri/1/?lembar=1").text, known), text
    store.close()


# in a browser


class Calls(BaseHTTPRequestHandler):
    """Counts who calls."""

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        self.send_response(204)
        self.end_headers()

    do_POST = do_HEAD = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Write nothing."""


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """Hold a server of this machine that nobody has a reason to call: its address, and who called."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Calls)
    server.seen = []  # type: ignore[attr-defined]
    server.block_on_close = False  # a browser keeps a connection open in case it is needed
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened_browser:
        yield opened_browser


WATCHED = """
addEventListener('securitypolicyviolation', event => (window.__broken = window.__broken || []).push(
  `${event.violatedDirective} ${event.blockedURI}`));
"""


def observed(page: Page) -> list[object]:
    """Return what a hostile text reached in the page as it stands: the mark of a script, a breach of the policy."""
    found: list[object] = page.evaluate("[window.__x, window.__broken].filter(seen => seen !== undefined)")
    return found


def posting(page: Page, pattern: str, fields: dict[str, str]) -> None:
    """Turn the next visit of an address into a post of `fields`, as a form on our page would send them."""
    data = urlencode(fields)

    def send(route: Route) -> None:
        route.continue_(method="POST", post_data=data, headers={**route.request.headers, "content-type": FORM_TYPE})

    page.unroute(pattern)
    page.route(pattern, send)


def see(browser: Browser, site: Site, groups: list[list[str]]) -> list[str]:
    """Show every group of texts on the citizens' pages with script; return what was noticed."""
    faults: list[str] = []
    with phone(browser, site) as (page, watch):
        page.on("dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.add_init_script(WATCHED)
        for texts in groups:
            fields = form(saran="\n".join(texts)[:9000], tiket=texts[0][:200], usia=texts[-1][:50], situs=texts[0][:50])
            for path in (FORMULIR, LANGUAGE):
                posting(page, f"**{path}", fields)
                page.goto(f"{site.origin}{path}")
                assert page.locator("#i-saran").count() == 1
                faults += [f"{path} {texts}: {seen}" for seen in observed(page)]
        page.goto(site.questionnaire())
        for texts in groups:
            page.locator("#i-saran").fill("\n".join(texts))
            page.locator("#i-saran").dispatch_event("input")
            page.evaluate("text => { location.hash = 'd=' + encodeURIComponent(text); }", json.dumps({"isi": texts}))
            faults += [f"typed {texts}: {seen}" for seen in observed(page)]
        page.reload()  # the draft comes back
        faults += [f"draft: {seen}" for seen in observed(page)]
        refused = "status of 422"  # which the browser says of every form that comes back
        faults += [error for error in watch.errors if refused not in error] + watch.outside
    return faults


@pytest.mark.browser
def test_in_a_browser_no_text_runs_a_script_or_calls_anybody(browser: Browser, tmp_path: Path) -> None:
    with canary() as (address, calls), served(tmp_path, TICKETS) as site:
        assert see(browser, site, batches(encodable(address), 24)) == []
    assert calls == []


@pytest.mark.soak
@pytest.mark.browser
def test_in_a_browser_no_text_alone_runs_a_script_or_calls_anybody(browser: Browser, tmp_path: Path) -> None:
    with canary() as (address, calls), served(tmp_path, TICKETS) as site:
        assert see(browser, site, batches(encodable(address), 1)) == []
    assert calls == []


@pytest.mark.browser
def test_the_watch_would_see_a_script_a_call_and_a_dialog(browser: Browser, tmp_path: Path) -> None:
    """The page without its escapes, so that the tests above are known to be able to fail."""
    with canary() as (address, calls), served(tmp_path) as site, phone(browser, site) as (page, watch):
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        raw = f"<script>window.__x=1;alert(1)</script><img src={address}/p.png onerror=window.__x=2>"
        page.route("**/telanjang", lambda route: route.fulfill(body=raw, content_type="text/html"))
        page.goto(f"{site.origin}/telanjang")
        assert observed(page) and dialogs == ["1"] and watch.outside == [f"{address}/p.png"]
        assert urlopen(f"{address}/halo").status == 204 and "/halo" in calls
