"""An answer that could not be sent, in a real browser: kept, said in words, sent once, wiped."""

from __future__ import annotations

import json
import re

import pytest
from browser_samples import Site, chosen, phone
from offline_samples import (
    ANSWERS,
    JAWABAN,
    QUESTIONS,
    cut,
    fill,
    keeps_nothing,
    kept,
    lose,
    mend,
    once,
    reply,
    send,
    thanked,
    unsent,
)
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.browser
DAY = 86_400_000
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"


def at(page: Page, moved: int) -> None:
    """Move the phone's clock by `moved` milliseconds from the next page on."""
    page.context.add_init_script(f"const now = Date.now; Date.now = () => now() + {moved};")


# kept until it is sent, and no longer


def test_an_answer_without_a_line_is_kept_over_a_reload_and_sent_once_when_the_line_is_back(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        page.context.set_offline(True)
        send(page)
        unsent(page)
        expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
        expect(page.get_by_role("status")).to_contain_text("paling lama 7 hari")
        expect(page.get_by_role("radio").first).to_be_disabled()
        assert chosen(page, QUESTIONS) == ANSWERS
        send(page)
        unsent(page)
        page.reload()  # the page itself comes from the worker
        unsent(page)
        assert chosen(page, QUESTIONS) == {}
        expect(page.get_by_role("radio").first).to_be_hidden()
        assert site.rows() == []
        page.context.set_offline(False)
        code = thanked(page)
        assert keeps_nothing(page)
        page.goto(site.questionnaire())
        expect(page.locator("#hitungan")).to_have_text("0 dari 9")
        assert keeps_nothing(page)
    assert once(site, code)


@pytest.mark.parametrize("status", [429, 500, 507])
def test_a_busy_collector_is_asked_again_with_the_same_bytes_ever_more_rarely(
    browser: Browser, site: Site, status: int
) -> None:
    with phone(browser, site) as (page, _):
        page.clock.install()
        bodies: list[str | None] = []

        def busy(route: Route) -> None:
            bodies.append(route.request.post_data)
            reply(status, galat="Sistem sedang sibuk.")(route)

        page.route(JAWABAN, busy)
        fill(page, site)
        send(page)
        unsent(page, "belum terkirim karena sistem sedang sibuk")
        waits = []
        for number in range(2, 6):
            seconds = 0
            while len(bodies) < number:
                page.clock.run_for(1000)
                page.wait_for_timeout(20)
                seconds += 1
            expect(page.locator("button[type=submit]")).not_to_have_attribute("aria-disabled", "true")
            waits.append(seconds)
        assert all(5 * 2**n * 0.5 - 1 <= wait <= 5 * 2**n * 1.5 + 3 for n, wait in enumerate(waits)), waits
        page.unroute(JAWABAN)
        page.clock.run_for(130_000)
        code = thanked(page)
        assert len(set(bodies)) == 1
        assert keeps_nothing(page)
    assert once(site, code)


def test_a_reply_that_is_lost_on_the_way_does_not_count_twice(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        page.route(JAWABAN, lose, times=2)
        send(page)
        unsent(page)
        assert len(site.rows()) == 1
        send(page)
        unsent(page)
        send(page)
        code = thanked(page)
        assert keeps_nothing(page)
    assert once(site, code)


@pytest.mark.parametrize("stored", [False, True], ids=["never_sent", "reply_lost"])
def test_a_closed_tab_loses_nothing(browser: Browser, site: Site, stored: bool) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        if stored:
            page.context.route(JAWABAN, lose)
        else:
            cut(page)
        send(page)
        unsent(page)
        page.close()
        page.context.unroute(JAWABAN)
        again = page.context.new_page()
        again.goto(site.questionnaire())
        code = thanked(again)
        assert keeps_nothing(again)
    assert once(site, code)


def test_a_tab_closed_while_the_post_is_under_way_loses_nothing(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route(JAWABAN, hold)
        send(page)
        expect(page.get_by_role("status")).to_have_text("Sedang mengirim jawaban.")
        page.wait_for_timeout(200)
        assert len(held) == 1
        page.close()
        again = page.context.new_page()
        again.goto(site.questionnaire())
        code = thanked(again)
    assert once(site, code)


@pytest.mark.parametrize("locks", [True, False], ids=["with_locks", "without_locks"])
def test_two_tabs_with_the_same_unsent_answer_store_one_row(browser: Browser, site: Site, locks: bool) -> None:
    with phone(browser, site) as (page, _):
        if not locks:
            page.context.add_init_script(NO_LOCKS)
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        other = page.context.new_page()
        other.goto(site.questionnaire())
        unsent(other)
        page.context.unroute(JAWABAN)
        for tab in (page, other):
            tab.evaluate("setTimeout(() => window.dispatchEvent(new Event('online')), 300)")
        ended = re.compile("Terima kasih|sudah terkirim")
        for tab in (page, other):
            expect(tab.locator("main")).to_contain_text(ended)
        assert page.url.count("/terima/") + other.url.count("/terima/") >= 1
        assert keeps_nothing(page)
    assert len(site.rows()) == 1


def test_a_second_answer_from_the_same_phone_does_not_push_the_first_one_out(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        other = page.context.new_page()
        fill(other, site)
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        expect(page.get_by_role("status")).to_contain_text("tersimpan di perangkat ini")
        send(other)
        unsent(other)
        expect(other.get_by_role("status")).to_contain_text("Jangan menutup halaman ini")
        mend(other)
        thanked(other)
        assert len(kept(other)["local"]) == 1
        mend(page)
        thanked(page)
        assert keeps_nothing(page)
    assert len(site.rows()) == 2


def test_three_taps_without_a_line_and_three_with_one_are_one_row(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        cut(page)
        page.get_by_role("button", name="Kirim jawaban").click(click_count=3)
        unsent(page)
        page.context.unroute(JAWABAN)
        page.get_by_role("button", name="Kirim lagi").dblclick(no_wait_after=True)
        code = thanked(page)
    assert once(site, code)


def test_the_back_button_finds_the_unsent_answer_and_after_sending_an_empty_form(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto("/")
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        page.goto("/")
        page.go_back()
        unsent(page)
        mend(page)
        thanked(page)
        page.go_back()
        page.goto(site.questionnaire())
        assert chosen(page, QUESTIONS) == {}
        assert keeps_nothing(page)
    assert len(site.rows()) == 1


# the phone's clock


@pytest.mark.parametrize("days", [-365, 365])
def test_a_clock_that_is_a_year_wrong_changes_nothing(browser: Browser, site: Site, days: int) -> None:
    with phone(browser, site) as (page, _):
        at(page, days * DAY)
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        page.reload()
        unsent(page)
        mend(page)
        thanked(page)
    (row,) = site.rows()
    assert row["day"] == "2026-10-01"


@pytest.mark.parametrize(("days", "left"), [(6, True), (8, False)])
def test_an_unsent_answer_stays_seven_days(browser: Browser, site: Site, days: int, left: bool) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        at(page, days * DAY)
        page.reload()
        if left:
            unsent(page)
            (value,) = kept(page)["local"].values()
            assert json.loads(value)["at"] <= page.evaluate("Date.now()")
        else:
            expect(page.get_by_role("status")).to_contain_text("tidak terkirim selama 7 hari dan sudah dihapus")
            assert keeps_nothing(page)
            page.get_by_role("button", name="Mulai dari awal").click()
            expect(page.locator("#hitungan")).to_have_text("0 dari 9")


# the worker


def test_the_worker_keeps_one_blank_page_a_layanan_and_gives_out_a_new_one_at_once(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as (page, watch):
        page.goto("/ktp/")
        page.evaluate("async () => { await (await caches.open('lama')).put('/x', new Response('x')); }")
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        for place in ("/ktp/?channel=4", "/kk/", "/", "/terima/K7QM-2XTA-9F", "/tiada/"):
            page.goto(place)
        page.goto("/kk/#x")
        file = site.workspace.site / "ktp" / "index.html"
        file.write_text(file.read_text("utf-8").replace("Bagaimana pelayanan kami?", "Halaman baru"), "utf-8")
        (file.parent / "index.html.gz").unlink()
        page.goto("/ktp/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Halaman baru")
        page.context.set_offline(True)
        page.goto("/ktp/?channel=4")
        expect(page.locator("#judul")).to_have_text("Halaman baru")
        (found,) = [pages for name, pages in kept(page)["caches"] if name == "skm-1"]
        assert sorted(url.removeprefix(site.origin) for url, _ in found) == ["/kk/", "/ktp/"]
        assert watch.outside == []
