"""Pictures of the demonstration's screens and documents, for README.md and docs/petunjuk.md: docs/gambar/*.png.

A command for developers (`make pictures`): it needs Chromium and playwright, which an office does not install. It works
on copies: what it answers and types is in no demonstration.
"""

from __future__ import annotations

import io
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from datasette_auth_passwords.utils import hash_password
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from collector.entri_door import TOKEN_VARIABLE
from collector.workspace import Workspace, load
from publish import demo
from publish.datasettes import PASSWORD_VARIABLE
from publish.demo import FOLDER, SHEET, WEB_PERIODE
from publish.demo_office import ROOT, Stage
from publish.demo_procedures import PLANS
from publish.demo_serve import HOST, Ports
from scoring.errors import IkmError

PICTURES: Final = ROOT / "docs" / "gambar"
CHROMIUM: Final = "/usr/bin/chromium-headless-shell"
ARGUMENTS: Final = ("--no-sandbox", "--disable-gpu", "--font-render-hinting=none", "--hide-scrollbars")
# One shade the less is not seen; dots in place of a shade are, and make the file three times as large.
COLOURS: Final = 48
PHONE: Final = (390, 780)
DESK: Final = (1180, 860)
SCREEN: Final = (1280, 720)
DPI: Final = 110
GAP: Final = 6  # pixels between two pages
PATIENCE: Final = 60  # seconds for a server to begin
SIGNED: Final = "C"  # the procedure whose laporan bears marks of electronic signatures
# The receipt code is made from this in place of chance, so that the same picture is taken again.
NO_CHANCE: Final = "Crypto.prototype.getRandomValues = (bytes) => bytes.fill(7)"
SHEETS: Final = ("334434433", "343443344", "434334434", "33")  # what is keyed of the paper forms
# The first page of a document on which these words stand, and how many pages from there on.
PAGES: Final = {
    "laporan": ("laporan", "responden · ", 2),
    "rtl": ("rtl", "Tindak Lanjut Unsur Terendah", 1),
    "lembar-publikasi": (SHEET, "NILAI IKM", 1),
}
# The promise below the heading, with the first question.
TO_HEADING: Final = "scrollBy(0, document.querySelector('h1').getBoundingClientRect().top - 140)"
# Between two pixels of the screen every line would look a little different each time.
ON_PIXEL: Final = "scrollTo(0, 2 * Math.round(scrollY / 2))"
# The minute in which it was taken would make it another picture every time.
NO_MINUTE: Final = """for (const line of document.querySelectorAll('p'))
    line.innerHTML = line.innerHTML.replace(/ Keadaan [0-9-]+ [0-9.]+/, '')"""


@dataclass(frozen=True)
class Stand:
    """The demonstration's office and its servers, for who takes pictures."""

    workspace: Workspace
    ports: Ports
    password: str
    browser: Browser

    @contextmanager
    def page(self, port: int, size: tuple[int, int], sharpness: float = 1.0) -> Iterator[Page]:
        """Hold a page of one of the servers, `size` in CSS pixels."""
        context = self.browser.new_context(
            base_url=f"http://{HOST}:{port}",
            viewport={"width": size[0], "height": size[1]},
            device_scale_factor=sharpness,
            reduced_motion="reduce",
            locale="id-ID",
            timezone_id=self.workspace.office.timezone,
        )
        context.add_init_script(NO_CHANCE)
        page = context.new_page()
        yield page
        context.close()


Taken = Iterator[tuple[str, bytes]]


def main() -> int:
    """Take every picture of both demonstrations, which are made where they lack; return 0, or 2 and say why."""
    signed = FOLDER.with_name(f"{FOLDER.name}-{SIGNED.lower()}")
    try:
        for folder, letter, periode in ((FOLDER, "A", WEB_PERIODE), (signed, SIGNED, PLANS[SIGNED].periode)):
            if not (folder / "public" / "periode" / periode).exists() and demo.main(
                ["--procedure", letter, "--no-serve"]
            ):
                return 2  # it has said why
        PICTURES.mkdir(exist_ok=True)
        taken = dict(_all(signed))
    except IkmError as error:
        print(error.lines, file=sys.stderr)
        return 2
    for name, content in taken.items():
        (PICTURES / f"{name}.png").write_bytes(content)
        print(f"  docs/gambar/{name}.png ({len(content) // 1024} KiB)")
    print(f"{len(taken)} gambar, {sum(map(len, taken.values())) // 1024} KiB.")
    return 0


def _all(signed: Path) -> Taken:
    with tempfile.TemporaryDirectory(prefix="ikm-gambar-") as folder:
        stage, ports, day = _copied(Path(folder) / "kantor")
        for name, content in (*_documents(stage.folder, signed), *_screens(stage, ports, day)):
            yield name, _reduced(content)


def _reduced(content: bytes) -> bytes:
    """Return a picture with few colours: a quarter of the bytes, and the same ones for the same picture."""
    few = Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    target = io.BytesIO()
    few.save(target, "PNG", optimize=True)
    return target.getvalue()


def _documents(folder: Path, signed: Path) -> Taken:
    """Yield a page of each document on paper."""
    edition = folder / "periode" / WEB_PERIODE / "edisi-1"
    for name, (document, words, pages) in PAGES.items():
        yield name, _drawn(edition / f"{document}.pdf", words, pages)
    plan = PLANS[SIGNED]
    laporan = signed / "periode" / plan.periode / "edisi-1" / plan.signed / "laporan.pdf"
    yield "tanda-tangan", _drawn(laporan, "Ditandatangani secara elektronik")
    yield "poster", _drawn(folder / "poster" / "ktp-a4.pdf", "")
    yield "formulir-kertas", _drawn(folder / "formulir-kertas.pdf", "")


def _drawn(file: Path, words: str, pages: int = 1) -> bytes:
    """Return the first page of a PDF on which `words` stand, with those after it beside it. Raises FILE_MISSING."""
    texts = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout.split("\f")
    first = next((n for n, text in enumerate(texts, 1) if words in re.sub(r"\s+", " ", text)), 0)
    if not first:
        raise IkmError("FILE_MISSING", file=file, advice=f"Yang dicari: halaman dengan {words}.")
    with tempfile.TemporaryDirectory(prefix="ikm-gambar-") as folder:
        draw = ["pdftoppm", "-png", "-r", str(DPI), "-f", str(first), "-l", str(first + pages - 1), str(file)]
        subprocess.run([*draw, str(Path(folder) / "halaman")], check=True)
        drawn = [Image.open(page).convert("RGB") for page in sorted(Path(folder).iterdir())]
    spread = Image.new("RGB", (sum(page.width for page in drawn) + GAP * (pages - 1), drawn[0].height), "#b9c3c8")
    for number, page in enumerate(drawn):
        spread.paste(page, (number * (page.width + GAP), 0))
    target = io.BytesIO()
    spread.save(target, "PNG")
    return target.getvalue()


def _screens(stage: Stage, ports: Ports, day: str) -> Taken:
    """Yield what stands on the screens of citizens, clerks and readers."""
    with sync_playwright() as playwright:
        password = secrets.token_urlsafe(16)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with _serving(stage, ports, day, password):
            stand = Stand(load(stage.folder / "office.toml"), ports, password, browser)
            for pictures in SCREENS:
                yield from pictures(stand)
        browser.close()


def _copied(folder: Path) -> tuple[Stage, Ports, str]:
    """Return a copy of the demonstration on the day after its periode, with addresses on free ports."""
    shutil.copytree(FOLDER, folder)
    ports, stage = Ports.free(), Stage(folder)
    file = folder / "office.toml"
    text = file.read_text("utf-8")
    survey = re.search(r'survei = "(http://[^/"]*)', text)
    if survey is None:
        raise IkmError("KEY_MISSING", file=file, key="survei")
    file.write_text(text.replace(survey[1], f"http://{HOST}:{ports.survey}"), "utf-8")
    day = demo.last_day(load(file).office).isoformat()
    stage.quietly("site", "--rehearsal-day", day)
    stage.quietly("paper-form", "--n", "50", "--rehearsal-day", day)
    return stage, ports, day


@contextmanager
def _serving(stage: Stage, ports: Ports, day: str, password: str) -> Iterator[None]:
    """Serve questionnaire, public pages and both Datasettes; end them afterwards."""
    office = str(stage.folder / "office.toml")
    hashed = hash_password(password, iterations=1000)
    environment = {**os.environ, PASSWORD_VARIABLE: hashed, TOKEN_VARIABLE: password}
    python = sys.executable
    commands = {
        ports.survey: [python, "-m", "collector", "serve", "--office", office, "--rehearsal-day", day, "--port"],
        ports.public: [python, "-m", "http.server", "--bind", HOST, "--directory", str(stage.folder / "public")],
        ports.data: [python, "-m", "publish", "datasette", "--office", office, "--port"],
        ports.staff: [python, "-m", "publish", "datasette", "--staff", "--office", office, "--port"],
    }
    servers = [
        subprocess.Popen([*command, str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port, command in commands.items()
    ]
    try:
        for port in commands:
            _wait(port)
        yield
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait()


def _wait(port: int) -> None:
    """Wait until somebody answers at `port`. Raises FILE_MISSING when nobody does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.2)
    advice = "Layanan demonstrasi tidak menjawab; ulangi perintah ini."
    raise IkmError("FILE_MISSING", file=f"http://{HOST}:{port}/", advice=advice)


def _citizen(stand: Stand) -> Taken:
    """Yield the first questions, an answer that is lacking, and the thanks."""
    office = stand.workspace.office
    questions = office.survey_on(demo.last_day(office)).instrument.questions
    ids = [question.id for question in questions]
    with stand.page(stand.ports.survey, PHONE, 1.5) as page:
        page.goto("/ktp/")
        _choose(page, ids[:1])
        page.evaluate(TO_HEADING)
        page.evaluate(ON_PIXEL)
        yield "kuesioner", page.screenshot()
        _choose(page, [name for name in ids if name != ids[2]])
        page.get_by_role("button", name=re.compile("^Kirim")).click()
        page.wait_for_timeout(500)
        page.evaluate(ON_PIXEL)
        yield "kuesioner-galat", page.screenshot()
        _choose(page, ids[2:3])
        page.get_by_role("button", name=re.compile("^Kirim")).click()
        page.wait_for_url("**/terima/*")
        yield "terima-kasih", page.screenshot(full_page=True)


def _choose(page: Page, questions: list[str]) -> None:
    for number, question in enumerate(questions):
        page.locator(f'label:has(input[name="{question}"][value="{4 - number % 2}"])').click()


def _clerk(stand: Stand) -> Taken:
    """Yield the page on which sheets of paper are keyed: three are done, the fourth is begun."""
    day = demo.last_day(stand.workspace.office)
    with stand.page(stand.ports.survey, DESK) as page:
        page.goto("/entri/")
        page.locator("#i-sandi").fill(stand.password)
        page.keyboard.press("Enter")
        page.locator("#i-tanggal").wait_for()
        for keys in (f"{day:%d/%m/%Y}", "Per", "1", "50"):
            page.keyboard.type(keys)
            page.keyboard.press("Enter" if keys == "50" else "Tab")
        for number, keys in enumerate(SHEETS, 1):
            page.get_by_text(f"Lembar {number:04d}", exact=True).first.wait_for()
            page.keyboard.type(keys)
            if len(keys) == len(SHEETS[0]):
                page.keyboard.press("Enter")
        yield "entri", page.screenshot()


def _reader(stand: Stand) -> Taken:
    """Yield the transparency page, the verdict on a PDF, and the display in the waiting room."""
    with stand.page(stand.ports.public, PHONE, 1.5) as page:
        page.goto("/")
        yield "transparansi-ponsel", page.screenshot()
    with stand.page(stand.ports.public, DESK) as page:
        page.goto("/")
        yield "transparansi", page.screenshot()
        page.goto("/periksa/")
        page.locator("#berkas").set_input_files(stand.workspace.public / "periode" / WEB_PERIODE / "laporan.pdf")
        page.locator("#bagian-hasil").wait_for()
        page.wait_for_timeout(500)
        yield "periksa", page.screenshot()
    with stand.page(stand.ports.public, SCREEN) as page:
        page.goto("/layar/")
        yield "layar", page.screenshot()


def _explorer(stand: Stand) -> Taken:
    """Yield a question of the public Datasette with its chart, and the procedure as the staff's Datasette has it."""
    with stand.page(stand.ports.data, DESK) as page:
        page.goto(f"/publik/nilai_unsur?periode={WEB_PERIODE}")
        yield "datasette", page.screenshot()
    with stand.page(stand.ports.staff, DESK) as page:
        page.goto("/-/login")
        page.get_by_label("Nama pengguna").fill("staf")
        page.get_by_label("Kata sandi").fill(stand.password)
        page.get_by_role("button", name="Masuk").click()
        page.wait_for_url(re.compile("/$"))
        page.goto(f"/-/prosedur?periode={WEB_PERIODE}")
        page.evaluate(NO_MINUTE)
        yield "prosedur", page.screenshot()


SCREENS: Final[tuple[Callable[[Stand], Taken], ...]] = (_citizen, _clerk, _reader, _explorer)


if __name__ == "__main__":
    sys.exit(main())
