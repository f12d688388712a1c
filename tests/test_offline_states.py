"""How an unsent answer ends without being sent, where nothing is kept at all, and how these states look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browser_samples import PHONE, Site, choose, chosen, findings, phone
from offline_samples import (
    ANSWERS,
    ERASE,
    JAWABAN,
    QUESTIONS,
    cut,
    fill,
    keeps_nothing,
    kept,
    mend,
    once,
    reply,
    send,
    thanked,
    unsent,
)
from playwright.sync_api import Browser, Error, Page, expect

pytestmark = pytest.mark.browser
REFUSED_STORAGE = "".join(
    f"Object.defineProperty(window, '{kind}Storage', {{ get() {{ throw new DOMException('x'); }} }});"
    for kind in ("local", "session")
)
TELL_BREACHES = (
    "addEventListener('securitypolicyviolation', event => console.error(`violation of ${event.violatedDirective}`))"
)


# an end without having been sent


def test_whoever_does_not_want_it_kept_erases_it(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        expect(page.get_by_role("button", name=ERASE)).to_be_hidden()
        cut(page)
        send(page)
        unsent(page)
        page.get_by_role("button", name=ERASE).click()
        expect(page.get_by_role("status")).to_contain_text("sudah dihapus dari perangkat ini")
        expect(page.get_by_role("button", name="Mulai dari awal")).to_be_focused()
        assert keeps_nothing(page) and chosen(page, QUESTIONS) == {}
        mend(page)
        page.wait_for_timeout(300)
        assert site.rows() == []
        page.get_by_role("button", name="Mulai dari awal").click()
        choose(page, ANSWERS)
        send(page)
        code = thanked(page)
    assert once(site, code)


@pytest.mark.parametrize("reopened", [False, True])
def test_a_periode_that_closed_while_the_line_was_down_is_said_and_the_answer_wiped(
    browser: Browser, site: Site, reopened: bool
) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        cut(page)
        page.locator("input[name=persyaratan]").first.press("Enter")  # far from the button
        unsent(page)
        expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
        if reopened:
            page.reload()
            unsent(page)
        site.close_periode("2026-10")
        mend(page)
        expect(page.get_by_role("status")).to_contain_text("sudah ditutup")
        expect(page.get_by_role("status")).to_contain_text("tidak lagi disimpan di perangkat ini")
        assert chosen(page, QUESTIONS) == ({} if reopened else ANSWERS)
        expect(page.get_by_role("button", name=ERASE)).to_be_hidden()
        assert keeps_nothing(page)
    assert site.rows() == []


@pytest.mark.parametrize("status", [200, 302, 404, 511])
def test_what_a_stranger_on_the_line_answers_is_neither_thanks_nor_a_refusal(
    browser: Browser, site: Site, status: int
) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        page.route(JAWABAN, reply(status))
        send(page)
        unsent(page, "Jawaban Anda belum terkirim")
        assert len(kept(page)["local"]) == 1
        page.unroute(JAWABAN)
        send(page)
        code = thanked(page)
    assert once(site, code)


# nothing is kept where the phone is not the citizen's, or does not keep


@pytest.mark.parametrize("channel", [2, 4])
def test_a_kiosk_and_an_officers_phone_keep_nothing(browser: Browser, site: Site, channel: int) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site, f"?channel={channel}")
        cut(page)
        send(page)
        unsent(page)
        expect(page.get_by_role("status")).to_contain_text("Jawaban tidak disimpan di perangkat ini.")
        assert keeps_nothing(page)
        assert chosen(page, QUESTIONS) == ({} if channel == 2 else ANSWERS)
        mend(page)
        if channel == 4:
            thanked(page)
        else:
            expect(page.get_by_role("status")).to_contain_text("Kode tanda terima: ")
        assert keeps_nothing(page)
    (row,) = site.rows()
    assert row["channel"] == channel


def test_a_kiosk_starts_anew_after_the_receipt(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.clock.install()
        for _person in range(2):
            fill(page, site, "?channel=2")
            send(page)
            expect(page.get_by_role("status")).to_contain_text("Kode tanda terima: ")
            page.clock.run_for(21_000)
            expect(page.locator("#hitungan")).to_have_text("0 dari 9")
    assert len({row["nonce"] for row in site.rows()}) == 2


def test_a_phone_that_refuses_storage_says_so_and_sends_from_memory(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.add_init_script(REFUSED_STORAGE)
        fill(page, site)
        cut(page)
        send(page)
        unsent(page)
        expect(page.get_by_role("status")).to_contain_text("Jangan menutup halaman ini sebelum jawaban terkirim.")
        mend(page)
        code = thanked(page)
        assert [error for error in watch.errors if "Failed to load resource" not in error] == []
    assert once(site, code)


# how it looks


def waiting(page: Page, site: Site, query: str = "") -> None:
    fill(page, site, query)
    cut(page)
    send(page)
    unsent(page)


def reopened(page: Page, site: Site) -> None:
    waiting(page, site)
    page.reload()
    unsent(page)


def refused(page: Page, site: Site) -> None:
    reopened(page, site)
    site.close_periode("2026-10")
    mend(page)
    expect(page.get_by_role("status")).to_contain_text("sudah ditutup")


def memory_only(page: Page, site: Site) -> None:
    page.add_init_script(REFUSED_STORAGE)
    waiting(page, site)


def erased(page: Page, site: Site) -> None:
    waiting(page, site)
    page.get_by_role("button", name=ERASE).click()


def sent_at_a_kiosk(page: Page, site: Site) -> None:
    fill(page, site, "?channel=2")
    send(page)
    expect(page.get_by_role("status")).to_contain_text("Kode tanda terima: ")


STATES: dict[str, Callable[[Page, Site], object]] = {
    "unsent": waiting,
    "reopened": reopened,
    "refused": refused,
    "memory_only": memory_only,
    "erased": erased,
    "kiosk": lambda page, site: waiting(page, site, "?channel=2"),
    "sent_at_a_kiosk": sent_at_a_kiosk,
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_nothing_scrolls_sideways_and_no_policy_is_breached(
    browser: Browser, site: Site, name: str
) -> None:
    with phone(browser, site, viewport={**PHONE, "width": 320}, color_scheme="light") as (page, watch):
        page.add_init_script(TELL_BREACHES)
        STATES[name](page, site)
        assert [error for error in watch.errors if "violat" in error] == []
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
        assert findings(page, "light", "dark") == []


def test_a_locked_row_looks_otherwise_than_an_open_one(browser: Browser, site: Site) -> None:
    look = (
        "() => { const s = getComputedStyle(document.querySelector('.baris input:not(:checked) + span'), '::before'); "
    )
    look += "return [s.borderTopStyle, s.backgroundColor]; }"
    with phone(browser, site) as (page, _):
        fill(page, site)
        before = page.evaluate(look)
        cut(page)
        send(page)
        unsent(page)
        after = page.evaluate(look)
    assert (before[0], after[0]) == ("solid", "dashed") and before[1] != after[1]


def test_text_cannot_become_markup_and_a_breach_would_be_seen(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.add_init_script(TELL_BREACHES)
        page.goto(site.questionnaire())
        assert watch.errors == []
        with pytest.raises(Error, match="TrustedHTML"):
            page.evaluate("document.body.innerHTML = '<b>x</b>'")
        page.wait_for_timeout(200)
        assert [error for error in watch.errors if error.startswith("violation of require-trusted-types-for")]
