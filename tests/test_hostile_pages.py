"""Hostile texts on every other page, in a real browser: nothing runs, nothing is fetched, every page still opens."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from browser_samples import PATIENCE, served
from hostile_texts import batches, encodable, hostile_names, toml_text
from playwright.sync_api import Browser, Page, Request, Response, Route, expect
from publish_samples import office
from store_samples import print_sheets
from test_datasette import HASH, PASSWORD, first_answer
from test_hostile import WATCHED, canary
from test_hostile_files import published

from collector.entri_door import TOKEN_VARIABLE
from collector.last_result import LastResult, Promise
from collector.store import open_store
from publish import datasettes
from publish.preview import write_preview

pytestmark = pytest.mark.browser
TOKEN = "sandi-rekaan-petugas"
LAYANAN = (
    "Perekaman KTP Elektronik",
    "Kartu Keluarga",
    "Surat Pindah Datang",
    "Surat Keterangan Usaha",
    "Layanan Lainnya",
)
FRAMED = "Service worker is disabled because the context is sandboxed"  # which a frame of the preview is meant to be
REACHED = "[window.__x, window.__broken].filter(seen => seen !== undefined)"


def hostile_keys(address: str) -> dict[str, str]:
    """Return the changes to office.toml that give every name on a page all the texts, those with an address to it."""
    names = hostile_names(address)
    changes = {f'"{old}"': toml_text(" ".join(names[place::5])) for place, old in enumerate(LAYANAN)}
    changes['nama = "Kecamatan Teladan"'] = f"nama = {toml_text('=1+1 ' + ' '.join(names[::12]))}"
    changes['instansi = "Pemerintah Kabupaten Contoh"'] = f"instansi = {toml_text(' '.join(names[1::12]))}"
    changes['kabupaten = "Kabupaten Contoh"'] = f"kabupaten = {toml_text(' '.join(names[2::12]))}"
    return changes


def hostile_result(address: str) -> LastResult:
    """Return a last result whose words are the texts, with what no file of ours would let through."""
    texts = [text for text in encodable(address) if len(text) <= 300]
    said = [" ".join(texts[place::9]) for place in range(9)]
    promises = tuple(Promise(said[n], said[n + 1], ("TW I",), said[n + 2], "selesai", said[n + 3]) for n in range(3))
    return LastResult("2026-10", said[7], said[8], "81.85", "A", "Sangat baik", 100, said[6], promises)


@dataclass
class Noted:
    """A page and what no text may reach: a dialog, a request to anywhere but `own`, a script, a breach, a fault."""

    page: Page
    own: str
    faults: list[str] = field(default_factory=list)

    def follow(self) -> None:
        """Note from now on what the page does by itself, and let nothing out of this machine."""
        self.page.add_init_script(WATCHED)
        self.page.on("dialog", lambda dialog: (self.faults.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)) if FRAMED not in str(error) else None)
        self.page.on("request", self._asked)
        self.page.context.route("**/*", self._pass)

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.own, "data:", "about:srcdoc")):
            self.faults.append(f"asked for {request.url}")

    def _pass(self, route: Route) -> None:
        if route.request.url.startswith(self.own):
            route.continue_()
        else:
            route.abort()

    def look(self, said: str) -> None:
        """Note what was reached in the page as it stands, or in a frame of it."""
        for frame in self.page.frames:
            self.faults += [f"{said}: {seen}" for seen in frame.evaluate(REACHED)]

    def open(self, address: str, *known: int) -> None:
        """Go to an address, which must answer with one of the `known` status codes, and look."""
        reply: Response | None = self.page.goto(address)
        assert reply is None or reply.status in (known or (200,)), (address, reply.status)
        self.look(address[:200])


@contextmanager
def noted(browser: Browser, own: str) -> Iterator[Noted]:
    context = browser.new_context()
    context.set_default_timeout(2 * PATIENCE)
    expect.set_options(timeout=2 * PATIENCE)
    watch = Noted(context.new_page(), own)
    watch.follow()
    yield watch
    context.close()


def test_hostile_names_of_an_office_run_nothing_on_the_pages_of_citizens(browser: Browser, tmp_path: Path) -> None:
    with (
        canary() as (address, calls),
        served(tmp_path, hostile_keys(address)) as site,
        noted(browser, site.origin) as watch,
    ):
        for path in ("/", "/ktp/", "/kk/en/", "/lainnya/", "/ktp/?channel=4", "/terima/K7QM-2XTA-9F"):
            watch.open(site.origin + path)
            assert watch.page.locator("h1").count()
        watch.open(f"{site.origin}/tiada", 404)
        assert watch.faults == []
    assert calls == []


def test_hostile_keys_of_a_clerk_run_nothing_and_stand_there_as_they_were_typed(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    with (
        canary() as (address, calls),
        served(tmp_path, hostile_keys(address)) as site,
        noted(browser, site.origin) as watch,
    ):
        store = open_store(site.workspace.store, site.workspace.office.id)
        print_sheets(site.workspace, store, 3)
        store.close()
        page = watch.page
        watch.open(f"{site.origin}/entri/", 401)
        page.locator("#i-sandi").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#i-tanggal")).to_be_visible()
        groups = batches(encodable(address), 24)
        for texts in groups[::2]:
            refused(watch, {"i-tanggal": texts[0], "i-pertama": texts[1], "i-terakhir": texts[-1]})
        page.locator("#i-tanggal").fill("1/10/2026")
        page.locator("#i-pertama").fill("1")
        page.locator("#i-terakhir").fill("3")
        page.locator("#i-layanan").select_option(index=1)
        page.keyboard.press("Enter")
        expect(page.locator("#nomor")).to_have_text("Lembar 0001")
        for texts in groups:
            keyed(watch, texts)
        assert watch.faults == []
    assert calls == []


def refused(watch: Noted, values: dict[str, str]) -> None:
    """Send the form of the overview with values that it refuses."""
    for place, text in values.items():
        watch.page.locator(f"#{place}").evaluate("(box, text) => { box.value = text; }", text)
    with watch.page.expect_navigation():
        watch.page.locator("#i-tanggal").evaluate("box => box.form.submit()")
    assert watch.page.locator("#galat li").count()
    watch.look(str(values)[:200])


def keyed(watch: Noted, texts: Sequence[str]) -> None:
    """Type the texts as a comment and as answers: kept over a reload, then refused by the collector, then seen."""
    page, saran = watch.page, "\n".join(texts)[:6000]
    page.locator("#i-saran").fill(saran)
    page.reload()
    expect(page.locator("#i-saran")).to_have_value(
        page.locator("#i-saran").evaluate("(b, t) => { b.value = t; return b.value; }", saran)
    )
    watch.look("draft")
    page.evaluate(
        "texts => document.querySelectorAll('.kotak').forEach((box, n) => { box.value = texts[n % texts.length]; })",
        [text[:100] for text in texts],
    )
    with page.expect_navigation():
        page.locator("#lembar").evaluate("form => form.submit()")
    assert page.locator("#galat li").count()
    watch.look("refused")


def test_hostile_names_run_nothing_on_the_transparency_page_and_in_both_datasettes(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(datasettes.PASSWORD_VARIABLE, HASH)
    with canary() as (address, calls):
        workspace = published(tmp_path / "kantor", hostile_names(address))
        with noted(browser, "file:") as watch:
            for file in sorted(workspace.public.rglob("*.html")):
                watch.open(file.as_uri())
                assert watch.page.locator("h1").count() == 1
            assert watch.faults == []
        asked = ["/", "/{0}", "/{0}/layanan", "/{0}/hitung", "/{0}/periode", "/{0}/layanan?_sort=nama", *SEARCHES]
        for name, command in (("publik", datasettes.public_command), ("staf", datasettes.staff_command)):
            port = free_port()
            with running(command(workspace, "127.0.0.1", port), port) as origin, noted(browser, origin) as watch:
                if name == "staf":
                    signed_in(watch, origin)
                for path in asked:
                    for texts in batches(encodable(address), 84) if "{1}" in path else [[]]:
                        sign = quote(" ".join(text[:99] for text in texts)[:2500], safe="")
                        watch.open(origin + path.format(name, sign), 200, 400, 404)
                assert watch.faults == []
    assert calls == []


SEARCHES = ("/{0}/layanan?nama={1}&periode__contains={1}", "/{0}/layanan?_sort={1}", "/{0}/{1}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int) -> Iterator[str]:
    """Run a Datasette with the command that an office runs it with."""
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        first_answer(f"http://127.0.0.1:{port}/-/login" if "staf.db" in str(command) else f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=30)


def signed_in(watch: Noted, origin: str) -> None:
    watch.open(f"{origin}/-/login")
    watch.page.locator("input[name=username]").fill("staf")
    watch.page.locator("input[name=password]").fill(PASSWORD)
    watch.page.keyboard.press("Enter")
    watch.page.wait_for_url(f"{origin}/")


def test_hostile_names_and_promises_run_nothing_in_the_preview(browser: Browser, tmp_path: Path) -> None:
    with canary() as (address, calls):
        workspace = office(tmp_path, hostile_keys(address))
        index, _ = write_preview(workspace, date(2026, 10, 1), hostile_result(address))
        with noted(browser, "file:") as watch:
            watch.open(index.as_uri())
            for file in sorted(index.parent.glob("*.html")):
                if file.name.endswith((".id.html", ".en.html")) or "." not in file.stem:
                    watch.open(file.as_uri())
                    assert watch.page.locator("h1, h2").count(), file.name
            assert watch.faults == []
    assert calls == []


def test_this_watch_would_see_a_script_a_call_and_a_dialog(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "telanjang.html"
    with canary() as (address, calls), noted(browser, "file:") as watch:
        file.write_text(f"<script>window.__x=1;alert(1)</script><img src={json.dumps(address + '/p.png')}>", "utf-8")
        watch.open(file.as_uri())
        assert {fault.split()[0] for fault in watch.faults} == {"dialog", "asked", f"{file.as_uri()}:"}
    assert calls == []
