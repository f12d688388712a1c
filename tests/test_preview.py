"""The preview for a meeting: every page is in it, it opens from the disk, and nothing that is typed leaves or stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from browser_samples import findings
from http_samples import PACK
from last_result_samples import promised_office
from playwright.sync_api import Browser, FrameLocator, Page, expect
from publish_samples import office, publish, text_of

from collector.bahasa import CODES, DEFAULT, load_words
from publish.__main__ import main
from publish.preview import write_preview
from scoring.instrument import built_in_ids

DAY = date(2026, 10, 1)
MOST = 5_000_000  # bytes: it is carried on a stick, or mailed
DESK = {"width": 1560, "height": 900}
FRAME = re.compile(r'<iframe src="([^"#]+)')
CAPTION = re.compile(r"<figcaption><strong>(.+?)</strong><span>(.+?) · (.+?) · (.+?)</span>")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file, _ = write_preview(office(tmp_path_factory.mktemp("pratinjau")), DAY, None)
    return file


def test_the_preview_holds_every_pack_in_every_language_and_every_error_page(index: Path) -> None:
    frames, page = FRAME.findall(index.read_text("utf-8")), index.read_text("utf-8")
    assert {f"{pack}.{code}.html" for pack in built_in_ids() for code in CODES} <= set(frames)
    assert {f"terima.{code}.html" for code in CODES} | {f"satu.{code}.html" for code in CODES} <= set(frames)
    words = load_words()
    assert {f"galat.{name}.html" for name in words[DEFAULT]["galat"]["halaman"]} <= set(frames)
    assert sorted({*frames, "index.html"}) == sorted(file.name for file in index.parent.iterdir())
    for code in CODES:
        for name, sentence in words[code]["kuesioner"]["skrip"].items():
            assert sentence in page, f"{code} {name}"
    assert len(CAPTION.findall(page)) == len(frames)
    assert page.count('loading="lazy"') == page.count('sandbox="allow-scripts allow-forms"') == len(frames)
    assert sum(file.stat().st_size for file in index.parent.iterdir()) < MOST


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("satu.id", "Pertanyaan 3 belum dijawab."),
        ("satu.en", "Question 3 has not been answered."),
        ("semua", "Pertanyaan 9 belum dijawab."),
        ("panjang", "Saran paling banyak 300 huruf; tulisan Anda 375 huruf."),
        ("samar", "Hubungi saya di ### atau ###."),
        ("tiket_kosong", "Kode tiket belum diisi."),
        ("tiket_salah", "Kode tiket salah ketik."),
        ("tiket_asing", "Tiket ini tidak berlaku untuk layanan ini."),
        ("gladi", "UJI COBA"),
        ("kiosk", '<input type="hidden" name="channel" value="2">'),
        ("didampingi", '<input type="hidden" name="channel" value="4">'),
        ("beranda", "Pilih layanan yang Anda terima."),
    ],
)
def test_a_state_of_the_questionnaire_is_shown_as_the_collector_would(index: Path, name: str, sentence: str) -> None:
    page = (index.parent / f"{name}.html").read_text("utf-8")
    assert sentence in page
    assert ("UJI COBA" in page) is (name == "gladi")


def test_a_published_result_stands_on_the_thank_you_page_and_without_one_the_preview_says_why(
    index: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "belum menerbitkan satu periode pun" in index.read_text("utf-8")
    workspace = promised_office(tmp_path)
    assert publish(workspace, "preview") == 0
    folder = workspace.data / "pratinjau"
    said = capsys.readouterr()
    assert f"Pratinjau 50 halaman: {folder / 'index.html'}" in said.out and said.err == ""
    assert "Antrean pagi turun dari 40 menjadi 15 menit" in (folder / "hasil.id.html").read_text("utf-8")
    assert "belum menerbitkan" not in (folder / "index.html").read_text("utf-8")


def test_the_command_makes_no_store_and_stops_at_a_wrong_configuration(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = office(tmp_path)
    for file in made.data.iterdir():
        file.unlink()
    assert publish(made, "preview") == publish(made, "preview") == 0
    assert [file.name for file in made.data.iterdir()] == ["pratinjau"]
    (tmp_path / "office.toml").write_text("x = 1", "utf-8")
    capsys.readouterr()
    assert main(["preview", "--office", str(tmp_path / "office.toml")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


# in a browser, from the disk


@contextmanager
def opened(browser: Browser, file: Path, *, script: bool = True) -> Iterator[tuple[Page, list[str]]]:
    """Hold the file as a double click opens it, and every request that is no reading of the disk."""
    context = browser.new_context(viewport=DESK, java_script_enabled=script)
    page, asked = context.new_page(), []
    page.on("request", lambda request: asked.append(f"{request.method} {request.url}"))
    page.goto(file.as_uri())
    yield page, asked
    context.close()


def frame(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[src='{name}.html']")


def answer_all(place: FrameLocator | Page) -> None:
    for question in PACK.questions:
        place.locator(f'label:has(input[name="{question.id}"])').first.click()


@pytest.mark.browser
def test_the_preview_opens_at_its_beginning_and_every_frame_shows_its_page(browser: Browser, index: Path) -> None:
    with opened(browser, index) as (page, asked):
        for name in FRAME.findall(index.read_text("utf-8")):
            expect(page.frame_locator(f"iframe[src^='{name}']").locator("h1").last).to_have_count(1)
        expect(frame(page, "didampingi").locator("#petugas")).to_be_visible()
        assert page.evaluate("[scrollX, scrollY]") == [0, 0]
        assert [line for line in asked if not line.startswith("GET file:")] == []
        assert findings(page) == []


@pytest.mark.browser
def test_a_filled_form_in_the_preview_goes_nowhere_and_is_not_kept(browser: Browser, index: Path) -> None:
    with opened(browser, index) as (page, asked):
        phone = frame(page, "ponsel")
        phone.locator("#kirim").click()
        expect(phone.locator("#galat li")).to_have_count(9)
        answer_all(phone)
        phone.locator("#kirim").click()
        expect(phone.locator("#kabar")).to_contain_text("belum terkirim karena sambungan terputus")
        expect(phone.locator("#kabar")).to_contain_text("tidak disimpan di perangkat ini")
        page.goto((index.parent / "ponsel.html").as_uri())  # somebody who opens the file by itself
        answer_all(page)
        page.locator("#kirim").click()
        expect(page.locator("#kabar")).to_contain_text("tidak disimpan di perangkat ini")
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
        assert [line for line in asked if not line.startswith("GET file:")] == []


@pytest.mark.browser
def test_without_script_the_form_in_the_preview_does_not_leave_its_page(browser: Browser, index: Path) -> None:
    with opened(browser, index, script=False) as (page, asked):
        phone = frame(page, "ponsel")
        answer_all(phone)
        phone.locator("#kirim").click()
        page.wait_for_timeout(500)
        expect(phone.locator("#kirim")).to_have_text("Kirim jawaban")
        assert [line for line in asked if not line.startswith("GET file:") or "/v1/" in line] == []


@pytest.mark.browser
def test_the_preview_is_printed_on_landscape_paper_with_the_errors_in_their_frames(
    browser: Browser, index: Path, tmp_path: Path
) -> None:
    with opened(browser, index) as (page, _):
        expect(frame(page, "satu.id").locator("#galat")).to_be_visible()
        page.pdf(path=tmp_path / "pratinjau.pdf", prefer_css_page_size=True)
        assert page.evaluate("matchMedia('print').matches") is False
    content = (tmp_path / "pratinjau.pdf").read_bytes()
    assert b"/MediaBox [0 0 841" in content
    text = text_of(tmp_path / "pratinjau.pdf")
    assert "Daftar isi" in text and "Untuk petugas" in text and "Lengkapi atau perbaiki" in text
