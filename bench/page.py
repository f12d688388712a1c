"""What the questionnaire costs a cheap phone on a weak line, beside the same questions in SurveyJS and GOV.UK Frontend.

One run in one Chromium: 400 kbit/s, 400 ms to the server and back, a processor four times as slow. All three are served
compressed by the same small server, with the same questions, profile fields and free text. SurveyJS without its fonts
and translations, GOV.UK Frontend without its fonts: what a careful office would load.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jinja2
from playwright.sync_api import Browser, ViewportSize, sync_playwright

from bench.bars import save
from collector.freeze import freeze
from collector.workspace import Workspace, load
from scoring.instrument import Instrument, built_in, built_in_ids

ROOT = Path(__file__).parent.parent
OTHERS = Path(__file__).parent / "page_others"
DAY = date(2026, 10, 1)
RUNS = 5
LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER = 4  # times, the processor
PHONE: ViewportSize = {"width": 360, "height": 740}
BARS = {"bytes": ("<=", 14 * 1024), "requests": ("<=", 1), "paint_ms": ("<=", 1000)}
# Notes when a radio button can first be chosen.
WATCH = """(() => {
  const look = () => {
    const radio = document.querySelector('input[type=radio]');
    if (radio && radio.getBoundingClientRect().width) window.usable = performance.now();
    else requestAnimationFrame(look);
  };
  look();
})()"""


@dataclass(frozen=True)
class Cost:
    """What one page costs: compressed bytes with headers, requests, elements, ms to the first paint and to its use."""

    bytes: int
    requests: int
    nodes: int
    paint_ms: float
    usable_ms: float


class Compressed(SimpleHTTPRequestHandler):
    """Gives files out compressed, as any careful server does, and writes no log."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Send one file."""
        file = Path(self.translate_path(self.path))
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        packed = file.with_name(f"{file.name}.gz")  # made when the page was frozen
        content = packed.read_bytes() if packed.exists() else gzip.compress(file.read_bytes(), 9)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Write nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Hold a server of `folder`; give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Compressed, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def surveyjs(folder: Path, pack: Instrument) -> None:
    """Write the questionnaire as a SurveyJS page."""
    elements: list[dict[str, Any]] = [
        {
            "type": "radiogroup",
            "name": question.id,
            "title": question.text,
            "isRequired": True,
            "choices": [{"value": value, "text": text} for value, text in enumerate(question.options, pack.low)],
        }
        for question in pack.questions
    ]
    for field in pack.profil:
        choices = [{"value": code, "text": nama} for code, nama in field.options]
        elements.append({"type": "dropdown", "name": field.id, "title": field.nama, "choices": choices})
    elements.append({"type": "comment", "name": "saran", "title": "Saran", "maxLength": 300})
    write(folder, "surveyjs.html", model=json.dumps({"elements": elements}))


def write(folder: Path, template: str, **context: Any) -> None:
    """Render one of the pages in page_others, with the files of its package beside it."""
    folder.mkdir()
    (folder / "paket").symlink_to(OTHERS / "node_modules")
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(OTHERS), autoescape=True)
    (folder / "index.html").write_text(environment.get_template(template).render(**context), "utf-8")


def pages(folder: Path, workspace: Workspace, pack: Instrument) -> dict[str, Path]:
    """Write the three pages; return the folder of each."""
    freeze(workspace.office, folder / "ikm", DAY, rehearsal=False)
    surveyjs(folder / "surveyjs", pack)
    write(folder / "govuk", "govuk.html", pack=pack)
    first = workspace.office.layanan[0].id
    return {"ours": folder / "ikm" / first, "SurveyJS": folder / "surveyjs", "GOV.UK": folder / "govuk"}


def measure(browser: Browser, address: str) -> Cost:
    """Return what the first visit to `address` costs on a new phone."""
    context = browser.new_context(viewport=PHONE, service_workers="block")
    page = context.new_page()
    line = context.new_cdp_session(page)
    sizes: dict[str, float] = {}
    line.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", LINE)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(address, wait_until="load", timeout=180_000)
    page.wait_for_timeout(500)
    found = page.evaluate("""() => [
      document.querySelectorAll('*').length,
      performance.getEntriesByName('first-contentful-paint')[0].startTime,
      window.usable,
    ]""")
    context.close()
    return Cost(round(sum(sizes.values())), len(sizes), found[0], found[1], found[2])


def median(costs: list[Cost]) -> Cost:
    """Return the middle of each figure."""
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in Cost.__annotations__))


def heaviest() -> dict[str, int]:
    """Return the compressed bytes of every frozen page of every pack, by pack and path: the largest for each pack."""
    found = {}
    for pack in built_in_ids():
        with tempfile.TemporaryDirectory() as folder:
            workspace = office(Path(folder), pack)
            files = freeze(workspace.office, workspace.site, DAY, rehearsal=False)
            sizes = [file.stat().st_size for file in files if file.name.endswith(".html.gz")]
        found[f"{pack}, {len(built_in(pack).questions)} questions"] = max(sizes)
    return found


def office(folder: Path, pack: str) -> Workspace:
    """Return the example office asking `pack`."""
    text = (ROOT / "office.example.toml").read_text("utf-8")
    (folder / "office.toml").write_text(text.replace('id = "permenpanrb-14-2017"', f'id = "{pack}"'), "utf-8")
    return load(folder / "office.toml")


def main() -> int:
    """Print the table, write the figures, and return 1 when a bar is missed."""
    argparse.ArgumentParser(description=__doc__).parse_known_args()
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], cwd=OTHERS, check=True)
    pack = built_in("permenpanrb-14-2017")
    costs: dict[str, list[Cost]] = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        found = pages(Path(folder), office(Path(folder), pack.id), pack)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=["--no-sandbox"])
        for _ in range(RUNS):
            for name, place in found.items():
                with served(place) as address:
                    costs.setdefault(name, []).append(measure(browser, address + "/"))
        browser.close()
    print(f"{'page':<10}{'bytes':>10}{'requests':>10}{'elements':>10}{'paint ms':>10}{'usable ms':>11}")
    middle = {name: median(each) for name, each in costs.items()}
    for name, cost in middle.items():
        figures = f"{cost.bytes:>10,}{cost.requests:>10}{cost.nodes:>10}{cost.paint_ms:>10.0f}{cost.usable_ms:>11.0f}"
        print(f"{name:<10}{figures}")
    sizes = heaviest()
    for name, size in sizes.items():
        print(f"  heaviest page of {name}: {size:,} bytes compressed")
    return report(middle, sizes)


def report(middle: dict[str, Cost], sizes: dict[str, int]) -> int:
    """Write the figures with their bars; return 1 when one is missed."""
    figures = []
    for name, cost in middle.items():
        for figure, value in vars(cost).items():
            bar = BARS.get(figure) if name == "ours" else None
            figures.append(row(f"{name} {figure}", value, bar))
    figures += [row(f"heaviest {name}", size, BARS["bytes"]) for name, size in sizes.items()]
    missed = [figure["figure"] for figure in figures if not figure["ok"]]
    print("every bar is kept" if not missed else f"missed: {', '.join(missed)}")
    return save("page", figures)


def row(figure: str, value: float, bar: tuple[str, float] | None) -> dict[str, Any]:
    """Return one figure with its bar."""
    unit = "ms" if figure.endswith("_ms") else "bytes" if "bytes" in figure or "heaviest" in figure else "count"
    kept = bar is None or value <= bar[1]
    return {
        "figure": figure,
        "value": round(value),
        "unit": unit,
        "bar": f"{bar[0]} {bar[1]}" if bar else "",
        "ok": kept,
    }


if __name__ == "__main__":
    sys.exit(main())
