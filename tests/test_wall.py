"""The display in the waiting room: what it shows, and that it can be read from four metres on every screen."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from browser_samples import PATIENCE, findings
from last_result_samples import plan, promised_office, publish, waiting_office
from playwright.sync_api import Browser, Page
from published_office import fill, make_office
from published_office import publish as publish_of

from collector.workspace import Workspace
from publish import wall
from publish.opendata import read_published

SCREENS = [(1920, 1080), (1280, 720), (1080, 1920), (3840, 2160), (1024, 768)]
LONG = {
    "unsur": "Penanganan Pengaduan, Saran dan Masukan",
    "kegiatan": "Menyediakan petugas pengaduan di loket setiap hari kerja, menjawab setiap pengaduan secara tertulis "
    "paling lambat lima hari kerja, dan mengumumkan hasilnya kepada semua orang",
    "status": "berjalan",
}
SMALLEST = 2.7  # hundredths of the shorter side of a 16:9 screen
# What lies outside the screen, over another part, or is cut off other than by the dots of a promise.
HIDDEN = """() => {
    const parts = [...document.querySelectorAll(".nilai, .janji, .kode, .pita")];
    const box = (part) => part.getBoundingClientRect();
    const out = [...document.querySelectorAll("body *")].filter((item) => box(item).right > innerWidth + 1
        || box(item).bottom > innerHeight + 1 || box(item).left < -1 || box(item).top < -1);
    const over = parts.flatMap((first, place) => parts.slice(place + 1).filter((second) =>
        box(first).left < box(second).right - 1 && box(second).left < box(first).right - 1
        && box(first).top < box(second).bottom - 1 && box(second).top < box(first).bottom - 1));
    const cut = parts.filter((part) => part.scrollHeight > part.clientHeight + 1
        || part.scrollWidth > part.clientWidth + 1);
    return [...out, ...over, ...cut].map((item) => item.outerHTML.slice(0, 60));
}"""
TEXTS = """() => [...document.querySelectorAll("body *")].filter((item) =>
    [...item.childNodes].some((child) => child.nodeType === 3 && child.data.trim()))
    .map((item) => parseFloat(getComputedStyle(item).fontSize))"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return promised_office(tmp_path_factory.mktemp("kantor"), kind="real")


def display(workspace: Workspace) -> str:
    return (workspace.public / "layar" / "index.html").read_text("utf-8")


def said(text: str) -> str:
    """Return the words of a display, without its markup and style."""
    return " ".join(re.sub(r"<[^>]+>", " ", text.partition("<body>")[2]).split())


def code_of(text: str) -> str:
    """Return the QR code of a display as the page holds it."""
    return re.findall(r'base64,([^"]+)"', text)[0]


def variants(workspace: Workspace) -> dict[str, str]:
    """Return the display as published, with the longest of everything, without promises, and withheld."""
    public = read_published(workspace.public)[-1]
    sure = {**public["interval"], "mutu": ["C", "B", "A"]}
    full: dict[str, Any] = {**public, "ikm": "100.00", "kinerja": "Sangat baik", "interval": sure, "rehearsal": True}
    return {
        "published": display(workspace),
        "full": wall.page(workspace.office, full, [LONG] * 5),
        "medium": wall.page(workspace.office, full, [{**LONG, "kegiatan": LONG["kegiatan"][:49]}] * 4),
        "bare": wall.page(workspace.office, public, []),
        "withheld": wall.page(workspace.office, {**public, "withheld": "difference"}, []),
    }


def test_it_shows_index_letter_respondents_certainty_and_the_promises_with_their_state(office: Workspace) -> None:
    words = said(display(office))
    for part in (
        *("Kecamatan Teladan", "September 2026", "IKM 83,86", "Mutu B · Baik", "136 responden"),
        *("Dengan tingkat kepercayaan 95 persen, nilainya berada antara", "Janji perbaikan kami"),
        *("Selesai: Membuka loket kedua", "Sedang berjalan: Menambah kursi tunggu", "Memasang kotak pengaduan"),
    ):
        assert part in words, part
    assert "UJI COBA" not in words and "janji lain" not in words


def test_a_rehearsal_says_so_and_its_code_is_red(tmp_path: Path) -> None:
    workspace = waiting_office(tmp_path)
    plan(workspace)
    publish(workspace)
    assert display(workspace).count("DATA UJI COBA") == 1
    real = wall.page(workspace.office, {**read_published(workspace.public)[-1], "rehearsal": False}, [])
    assert code_of(real) != code_of(display(workspace))


def test_a_withheld_periode_says_why_and_shows_no_figure_of_an_earlier_one(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-09", {"ktp": 40})
    publish_of(workspace, "2026-09")
    earlier = read_published(workspace.public)[0]["ikm"].replace(".", ",")
    fill(workspace, "2026-10", {"ktp": 6})
    publish_of(workspace, "2026-10")
    words = said(display(workspace))
    assert "Oktober 2026" in words and "Nilai belum dapat ditampilkan" in words
    assert "kurang dari sepuluh orang" in words and earlier not in words and "Mutu" not in words


@pytest.mark.browser
def test_the_code_leads_to_the_transparency_page(office: Workspace, tmp_path: Path, browser: Browser) -> None:
    assert f'alt="Kode QR menuju {office.office.public.transparansi.removeprefix("https://").rstrip("/")}"' in display(
        office
    )
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto((office.public / "layar" / "index.html").as_uri())
    page.screenshot(path=tmp_path / "layar.png")
    page.close()
    command = ["zbarimg", "-q", "--raw", tmp_path / "layar.png"]
    read = subprocess.run(command, capture_output=True, text=True, check=True)
    assert read.stdout.strip() == office.office.public.transparansi


def opened(browser: Browser, file: Path, width: int, height: int) -> Page:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    page.goto(file.as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_scrolls_overlaps_or_is_too_small_on_any_screen(
    office: Workspace, tmp_path: Path, browser: Browser, width: int, height: int
) -> None:
    unit = min(height / 100, width * 0.005625) if width > height else min(width / 100, height * 0.005625)
    for name, text in variants(office).items():
        file = tmp_path / f"{name}.html"
        file.write_text(text, "utf-8")
        page = opened(browser, file, width, height)
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        assert size == [width, height], name
        assert page.evaluate(HIDDEN) == [], name
        assert min(page.evaluate(TEXTS)) >= SMALLEST * unit - 0.1, name
        if name != "withheld":
            assert max(page.evaluate(TEXTS)) >= 20 * unit, name
        page.close()


@pytest.mark.browser
def test_axe_finds_nothing_and_no_script_is_needed(office: Workspace, tmp_path: Path, browser: Browser) -> None:
    for name, text in variants(office).items():
        file = tmp_path / f"{name}.html"
        file.write_text(text, "utf-8")
        page = opened(browser, file, 1920, 1080)
        assert findings(page) == [], name
        page.close()
    assert "<script" not in display(office)
    assert int(re.findall(r'http-equiv="refresh" content="(\d+)"', display(office))[0]) >= 3600
