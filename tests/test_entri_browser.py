"""The clerk's page in Chromium: fifty sheets by keyboard, nothing lost by a reload or a dead line, no script needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser_samples import PATIENCE, Site, findings, served
from http_samples import PACK
from playwright.sync_api import Browser, Page, expect
from store_samples import print_sheets

from collector.entri import FIRST, Book
from collector.entri_door import TOKEN_VARIABLE
from collector.entri_ledger import book
from collector.store import open_store, reading

pytestmark = pytest.mark.browser
TOKEN = "sandi-rekaan-petugas"
KEYS_A_SECOND = 3
LIMIT = 15 * 60  # seconds for fifty sheets
DESK = {"width": 1280, "height": 900}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    with served(tmp_path) as running:
        store = open_store(running.workspace.store, running.workspace.office.id)
        print_sheets(running.workspace, store, 50)
        store.close()
        yield running


class Keyboard:
    """A clerk with a keyboard and nothing else; counts every key."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pressed = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.pressed += len(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


@contextmanager
def clerk(browser: Browser, site: Site, *, script: bool = True) -> Iterator[tuple[Page, Keyboard, list[str]]]:
    """Hold a page on which a clerk has entered, by keyboard, and the errors that it shows nobody."""
    context = browser.new_context(viewport=DESK, base_url=site.origin, java_script_enabled=script)
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/entri/")
    keys = Keyboard(page)
    enter(page, keys)
    yield page, keys, errors
    context.close()


def enter(page: Page, keys: Keyboard) -> None:
    expect(page.locator("#i-sandi")).to_be_focused()
    keys.type(TOKEN)
    keys.press("Enter")
    expect(page.locator("#i-tanggal")).to_be_focused()


def opened(page: Page, keys: Keyboard, last: int) -> None:
    """Open a bundle of the sheets from 1 to `last`."""
    keys.type("1/10/2026")
    keys.press("Tab")
    keys.type("Per")
    keys.press("Tab")
    keys.type("1")
    keys.press("Tab")
    keys.type(str(last))
    keys.press("Enter")
    awaits(page, 1)


def awaits(page: Page, number: int) -> None:
    """Return once the page waits for the first key of a sheet."""
    expect(page.locator("#nomor")).to_have_text(f"Lembar {number:04d}")
    expect(page.locator(".kotak").first).to_be_focused()


def kept(site: Site) -> Book:
    with reading(site.workspace.store) as connection:
        return book(connection, site.workspace.office.id, 1)


def answers(number: int) -> list[int]:
    """Return what stands on a sheet of paper."""
    return [(number * 7 + place * 3) % 4 + 1 for place in range(len(PACK.questions))]


def typed(number: int) -> str:
    """Return the keys of a sheet: numbers on odd sheets, letters on even ones; every tenth sheet has a blank."""
    keys = "".join(str(value) if number % 2 else "abcd"[value - 1] for value in answers(number))
    return keys if number % 10 else f"0{keys[1:]}"


def test_fifty_sheets_are_keyed_by_keyboard_in_less_than_a_quarter_of_an_hour(browser: Browser, site: Site) -> None:
    with clerk(browser, site) as (page, keys, errors):
        opened(page, keys, 50)
        for number in range(1, 51):
            keys.type(typed(number))
            keys.press("Enter")
        expect(page.locator("#i-terisi")).to_be_focused()
        sums = [int(page.locator(f"#s-{place}").inner_text()) for place in range(9)]
        blanks = [int(page.locator(f"#k-{place}").inner_text()) for place in range(9)]
        keys.type("50")
        keys.press("Tab")
        keys.type("0")
        keys.press("Tab")
        keys.type("0")
        keys.press("Enter")
        expect(page.locator("#kemajuan")).to_contain_text("0 dari 5")
        for number in kept(site).untyped:
            awaits(page, number)
            assert not page.locator("[data-jawaban]").evaluate_all("boxes => boxes.some((box) => box.value)")
            keys.type(typed(number))
            keys.press("Enter")
        expect(page.get_by_role("button", name="Masukkan ke hitungan")).to_be_focused()
        keys.press("Enter")
        expect(page.locator(".hasil")).to_contain_text("dengan 50 jawaban")
        assert page.evaluate("localStorage.length") == 0 and errors == []
    assert keys.pressed / KEYS_A_SECOND < LIMIT, keys.pressed
    paper = [answers(number) for number in range(1, 51)]
    assert sums == [
        sum(sheet[place] for number, sheet in enumerate(paper, 1) if place or number % 10) for place in range(9)
    ]
    assert blanks == [5, *[0] * 8]
    rows = [[row[f"a{place:02d}"] for place in range(1, 10)] for row in site.rows()]
    assert rows == [[None, *sheet[1:]] if not number % 10 else sheet for number, sheet in enumerate(paper, 1)]


def test_keys_go_back_skip_nothing_and_mark_a_spoiled_sheet(browser: Browser, site: Site) -> None:
    with clerk(browser, site) as (page, keys, errors):
        opened(page, keys, 4)
        keys.type("12q5")  # two answers, and two keys that mean nothing
        keys.press("Backspace", "Backspace")
        keys.type("4")
        keys.press("Enter")
        expect(page.locator("#kabar")).to_have_text("Pertanyaan 2 belum diketik; tekan 0 bila tidak dijawab.")
        keys.type("  3-0abcd"[:8])
        keys.press("Tab", "Tab", "Tab", "Tab", "Tab")
        keys.type("Antre lama")
        keys.press("Shift+Enter")
        keys.type("sekali.")
        keys.press("Enter")
        keys.type("x")
        keys.press("Enter")
        expect(page.locator("#t-rusak")).to_have_text("1")
        keys.type("---------")
        keys.press("Enter")
        expect(page.locator("#kabar")).to_contain_text("Tidak ada satu pun jawaban.")
        assert errors == []
    found = kept(site).passes[FIRST]
    assert sorted(found) == [1, 2] and found[2].state == "rusak"
    assert found[1].answers == (4, None, None, 3, None, None, 1, 2, 3) and found[1].saran == "Antre lama\nsekali."


def test_a_reload_in_the_middle_of_a_sheet_and_a_line_that_is_down_lose_nothing(browser: Browser, site: Site) -> None:
    with clerk(browser, site) as (page, keys, errors):
        opened(page, keys, 5)
        keys.type("1234")
        page.reload()
        expect(page.locator("#kabar")).to_contain_text("dikembalikan")
        keys.type("12341")
        page.context.set_offline(True)
        keys.press("Enter")
        for number in (2, 3):
            keys.type(typed(number))
            keys.press("Enter")
        expect(page.locator("#kabar")).to_contain_text("3 lembar belum tersimpan")
        assert not kept(site).passes[FIRST]
        keys.type("44")
        page.context.set_offline(False)
        expect(page.locator("#t-terisi")).to_have_text("3")
        keys.type("4444444")
        page.context.clear_cookies()  # the day is over
        keys.press("Enter")
        expect(page.locator("#kabar")).to_contain_text("masuk kembali")
        page.goto("/entri/")
        enter(page, keys)
        page.get_by_role("link", name="Bundel 1").click()
        expect(page.locator("#t-terisi")).to_have_text("4")
        assert errors == []
    found = kept(site).passes[FIRST]
    assert [found[number].answers for number in (1, 4)] == [(1, 2, 3, 4, 1, 2, 3, 4, 1), (4,) * 9]
    assert [list(found[number].answers) for number in (2, 3)] == [answers(2), answers(3)]


def test_a_sheet_is_keyed_and_mended_without_script(browser: Browser, site: Site) -> None:
    with clerk(browser, site, script=False) as (page, keys, _):
        opened(page, keys, 2)
        for key in "12341234":
            keys.type(key)
            keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("#galat li")).to_have_text("Pertanyaan 9 belum diketik; tekan 0 bila tidak dijawab.")
        page.locator(f"#i-{PACK.questions[8].id}").fill("d")
        keys.press("Enter")
        expect(page.locator("#nomor")).to_have_text("Lembar 0002")
        page.get_by_role("link", name="0001").click()
        expect(page.locator(f"#i-{PACK.questions[8].id}")).to_have_value("4")
        page.locator(f"#i-{PACK.questions[8].id}").fill("1")
        keys.press("Enter")
        expect(page.locator("#t-terisi")).to_have_text("1")
    assert kept(site).passes[FIRST][1].answers == (1, 2, 3, 4, 1, 2, 3, 4, 1)


def test_every_page_is_free_of_findings_and_fits_768_pixels(browser: Browser, site: Site) -> None:
    with clerk(browser, site) as (page, keys, _):
        page.context.clear_cookies()
        page.goto("/entri/")
        seen = [faults(page)]
        enter(page, keys)
        seen.append(faults(page))
        opened(page, keys, 5)
        seen.append(faults(page))
        for number in range(1, 6):
            keys.type(typed(number))
            keys.press("Enter")
        expect(page.locator("#i-terisi")).to_be_focused()
        keys.type("4")
        keys.press("Tab", "0", "Tab", "0", "Enter")
        expect(page.locator("#galat")).to_be_visible()
        seen.append(faults(page))
        page.locator("#i-terisi").fill("5")
        keys.press("Enter")
        for number in range(1, 6):
            awaits(page, number)
            keys.type(typed(number) if number > 1 else "111111111")
            keys.press("Enter")
        expect(page.get_by_text("Kedua entri berbeda")).to_be_visible()
        awaits(page, 1)
        seen.append(faults(page))
        told = page.locator("tbody tr").filter(has_text=re.compile("Pertanyaan")).count()
        keys.type("1" * told)
        keys.press("Enter")
        expect(page.locator("#siap")).to_be_visible()
        seen.append(faults(page))
        keys.press("Enter")
        expect(page.locator(".hasil")).to_be_visible()
        seen.append(faults(page))
    assert seen == [[]] * 7


def faults(page: Page) -> list[str]:
    """Return what axe finds, in light and in dark, and whether the page must be moved sideways at 768 pixels."""
    page.set_viewport_size({"width": 768, "height": 900})
    found = findings(page, "dark", "light")
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.set_viewport_size(DESK)
    return found + (["wide"] if wide else [])
