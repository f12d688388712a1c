"""Tickets in a real browser: taken from the address without leaving a trace there, or typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_samples import PHONE, TODAY, Site, choose, findings, phone, served
from playwright.sync_api import Browser, Page, expect
from ticket_samples import OPTIONAL, REQUIRED, code, hashes

from collector.store import open_store
from scoring.errors import SENTENCES
from scoring.instrument import built_in
from scoring.response import FLAG_TICKET
from scoring.ticket import printed

pytestmark = pytest.mark.browser
ANSWERS = dict.fromkeys((question.id for question in built_in("permenpanrb-14-2017").questions), 3)
THANKED = re.compile(r"/terima/[0-9A-Z-]{12}$")
NO_CRYPTOGRAPHY = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"  # as over plain http
both_ways = pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with served(tmp_path, REQUIRED) as opened:
        load(opened)
        yield opened


def load(site: Site) -> None:
    store = open_store(site.workspace.store, site.workspace.office.id)
    store.load_tickets(hashes(1, 2), None, TODAY)
    store.close()


def send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Kirim")).click()


@pytest.mark.parametrize("modern", [True, False], ids=["json", "form"])
def test_a_ticket_comes_from_the_address_and_leaves_it(browser: Browser, site: Site, modern: bool) -> None:
    with phone(browser, site) as (page, watch):
        if not modern:
            page.add_init_script(NO_CRYPTOGRAPHY)
        page.goto(f"{site.questionnaire()}#t={code(1)}")
        assert page.url == site.questionnaire()
        expect(page.get_by_label("Kode tiket")).to_have_value(code(1))
        assert page.evaluate("history.length") <= 2
        choose(page, ANSWERS)
        send(page)
        page.wait_for_url(THANKED)
        assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
        page.go_back()
        assert code(1) not in page.url
        assert not [url for url in watch.requests if code(1) in url]
        assert (watch.errors, watch.outside) == ([], [])
    (row,) = site.rows()
    assert row["flags"] & FLAG_TICKET
    assert len(site.rows("redemption")) == 1


@both_ways
def test_a_ticket_is_typed_and_a_slip_of_the_finger_is_told_with_everything_kept(
    browser: Browser, site: Site, script: bool
) -> None:
    with phone(browser, site, script=script) as (page, _):
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        for text, error in (
            ("", "TICKET_MISSING"),
            (printed(code(1))[:-1], "TICKET_TYPO"),
            (code(9), "TICKET_UNKNOWN"),
        ):
            page.get_by_label("Kode tiket").fill(text)
            send(page)
            expect(page.locator("#galat a")).to_have_text([SENTENCES[error]])
            expect(page.locator("#e-tiket")).to_have_text(SENTENCES[error])
            expect(page.locator("#i-tiket")).to_have_attribute("aria-invalid", "true")
            expect(page.locator("input[type=radio]:checked")).to_have_count(len(ANSWERS))
            assert site.rows() == []
        page.locator("#galat a").click()
        expect(page.get_by_label("Kode tiket")).to_be_focused()
        page.get_by_label("Kode tiket").fill(printed(code(2)).lower())
        send(page)
        page.wait_for_url(THANKED)
    (row,) = site.rows()
    assert row["flags"] & FLAG_TICKET


@both_ways
def test_a_used_ticket_says_that_the_answer_is_stored(browser: Browser, site: Site, script: bool) -> None:
    for said in ("Terima kasih", "sudah dipakai"):
        with phone(browser, site, script=script) as (page, _watch):
            page.goto(site.questionnaire())
            choose(page, ANSWERS)
            page.get_by_label("Kode tiket").fill(code(1))
            send(page)
            expect(page.locator("main")).to_contain_text(said)
    assert len(site.rows()) == 1


def test_a_second_slip_scanned_on_the_open_page_takes_the_place_of_the_first(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(f"{site.questionnaire()}#t={code(1)}")
        page.evaluate(f"location.hash = '#t={code(2)}'")
        expect(page.get_by_label("Kode tiket")).to_have_value(code(2))
        assert page.url == site.questionnaire()


@both_ways
def test_where_it_is_optional_an_answer_needs_none(browser: Browser, tmp_path: Path, script: bool) -> None:
    with served(tmp_path, OPTIONAL) as site:
        load(site)
        with phone(browser, site, script=script) as (page, _):
            page.goto(site.questionnaire())
            choose(page, ANSWERS)
            send(page)
            page.wait_for_url(THANKED)
        assert [row["flags"] & FLAG_TICKET for row in site.rows()] == [0]


def test_without_tickets_the_fragment_still_leaves_the_address(browser: Browser, tmp_path: Path) -> None:
    with served(tmp_path) as site, phone(browser, site) as (page, watch):
        page.goto(f"{site.questionnaire()}#t={code(1)}")
        assert page.url == site.questionnaire()
        expect(page.get_by_label("Kode tiket")).to_have_count(0)
        assert watch.errors == []


def test_the_page_with_a_ticket_is_accessible_and_fits_a_small_phone(browser: Browser, site: Site) -> None:
    with phone(browser, site, viewport={**PHONE, "width": 320}) as (page, _):
        page.goto(f"{site.questionnaire()}#t={code(1)}")
        send(page)
        assert findings(page, "light", "dark") == []
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
