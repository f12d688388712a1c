"""The real application under a real server, and a page of a real browser, for the tests of the questionnaire."""

from __future__ import annotations

import gzip
import socket
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from publish_samples import collect, office
from werkzeug.serving import WSGIRequestHandler, make_server

from collector.freeze import freeze
from collector.store import reading
from collector.workspace import Workspace, load
from collector.wsgi import build

TODAY = date(2026, 10, 1)
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
PATIENCE = 15_000  # ms, for a busy machine
PHONE = {"width": 360, "height": 740}
AXE = """rules => axe.run({ resultTypes: ["violations"], ...rules })
  .then(found => found.violations.map(rule => `${rule.id}: ${rule.nodes[0].html}`))"""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
SHAPES = {"rules": {"color-contrast": {"enabled": False}}}


class Quiet(WSGIRequestHandler):
    """A request handler that writes no log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Write nothing."""


@dataclass(frozen=True)
class Site:
    """An office whose questionnaire is served at `origin`."""

    workspace: Workspace
    origin: str

    def rows(self, table: str = "response") -> list[sqlite3.Row]:
        """Return the rows of a table as they lie in the file."""
        with reading(self.workspace.store) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()

    def questionnaire(self, layanan: str = "ktp") -> str:
        """Return the address that the QR code of a layanan leads to."""
        return f"{self.origin}/{layanan}/"

    def close_periode(self, periode_id: str) -> None:
        """Close a periode while the site is being served."""
        assert collect(self.workspace, "close", periode_id, "--empty", day="2027-01-25") == 0


@cache
def _listener() -> socket.socket:
    """Return the port of this process: every office that it serves, one at a time, has the same address."""
    return socket.create_server(("127.0.0.1", 0))


@cache
def _frozen(changes: tuple[tuple[str, str], ...]) -> Mapping[str, bytes]:
    """Return the files of an office with its empty store and frozen pages, made once in this process."""
    with TemporaryDirectory() as folder:
        workspace = office(Path(folder), dict(changes))
        freeze(workspace.office, workspace.site, TODAY, rehearsal=True, pack=gzip.compress)  # quicker, heavier
        files = [file for file in Path(folder).rglob("*") if file.is_file()]
        return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@contextmanager
def served(folder: Path, changes: Mapping[str, str] | None = None) -> Iterator[Site]:
    """Serve the frozen site and the collector of an office; the day is TODAY."""
    with _listener().dup() as listener:
        port = listener.getsockname()[1]
        origin = f"http://127.0.0.1:{port}"
        public = {"https://survei.contohkab.example": origin, **(changes or {})}
        for name, content in _frozen(tuple(public.items())).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        workspace = load(folder / "office.toml")
        application = build(workspace.root / "office.toml", TODAY)
        server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Quiet, fd=listener.fileno())
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield Site(workspace, origin)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


@dataclass
class Watch:
    """What a page did that nobody should have to see: errors, and requests to anywhere else."""

    origin: str
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def follow(self, page: Page) -> None:
        """Note what `page` says and asks for from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self._request(request.method, request.url))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, method: str, url: str) -> None:
        self.requests.append(f"{method} {url.removeprefix(self.origin)}")
        if not url.startswith(f"{self.origin}/"):
            self.outside.append(url)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Hold a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def phone(browser: Browser, site: Site, *, script: bool = True, **options: Any) -> Iterator[tuple[Page, Watch]]:
    """Hold a fresh page of 360 pixels, as on a citizen's phone, and what was noted about it."""
    context = browser.new_context(
        **{"viewport": PHONE, "java_script_enabled": script, "base_url": site.origin, **options}
    )
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page, watch = context.new_page(), Watch(site.origin)
    watch.follow(page)
    yield page, watch
    context.close()


def choose(page: Page, answers: Mapping[str, int]) -> None:
    """Touch one answer for each question named."""
    for question, value in answers.items():
        page.locator(f'label:has(input[name="{question}"][value="{value}"])').click()


def chosen(page: Page, questions: Sequence[str]) -> dict[str, int]:
    """Return the answers that are marked on the page."""
    marked = {question: page.locator(f'input[name="{question}"]:checked') for question in questions}
    return {question: int(mark.input_value()) for question, mark in marked.items() if mark.count()}


def findings(page: Page, *schemes: str, colours: bool = True) -> list[str]:
    """Return what axe finds on the page as it stands, or in each colour scheme: of the second on only what has colours.

    Everything else that axe looks at is the same in every scheme. `colours` may be left out at another width: to
    measure each text against what lies behind it takes three quarters of the time.
    """
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE_SCRIPT} }} }}")
    found: list[str] = []
    for number, scheme in enumerate(schemes or ("",)):
        if scheme:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += [f"{scheme} {fault}" for fault in page.evaluate(AXE, COLOURS if number else {} if colours else SHAPES)]
    return found
