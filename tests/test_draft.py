"""The draft on the citizen's own phone, and the free text as it will be sent, in a real browser."""

from __future__ import annotations

import json

import pytest
from browser_samples import Site, choose, chosen, phone
from offline_samples import ANSWERS, QUESTIONS, SARAN, fill, keeps_nothing, kept, send, thanked
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
SOME = {"persyaratan": 4, "prosedur": 1}
PERSONAL = "Mohon hubungi saya di warga@contoh.example, terima kasih."
MASKED = "Mohon hubungi saya di ###, terima kasih."


# the draft of the own phone


def test_a_draft_survives_a_reload_and_the_way_back_and_is_gone_once_sent(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto("/")
        page.goto(site.questionnaire())
        choose(page, SOME)
        page.locator("select[name=usia]").select_option("26-35")
        page.locator("#i-saran").fill(SARAN)
        page.get_by_role("button", name="Huruf besar").click()
        page.reload()
        assert chosen(page, QUESTIONS) == SOME
        expect(page.locator("#hitungan")).to_have_text("2 dari 9")
        expect(page.locator("select[name=usia]")).to_have_value("26-35")
        expect(page.locator("#i-saran")).to_have_value(SARAN)
        expect(page.get_by_role("button", name="Huruf besar")).to_have_attribute("aria-pressed", "true")
        page.goto("/")
        page.go_back()
        assert chosen(page, QUESTIONS) == SOME
        choose(page, ANSWERS)
        send(page)
        thanked(page)
        assert keeps_nothing(page) and watch.errors == []
        page.goto(site.questionnaire())
        assert chosen(page, QUESTIONS) == {}
    assert len(site.rows()) == 1


def test_a_draft_is_of_one_tab_and_one_layanan(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        choose(page, SOME)
        page.goto(site.questionnaire("kk"))
        assert chosen(page, QUESTIONS) == {}
        other = page.context.new_page()
        other.goto(site.questionnaire())
        assert chosen(other, QUESTIONS) == {}
        choose(other, ANSWERS)
        send(other)
        thanked(other)
        page.goto(site.questionnaire())
        assert chosen(page, QUESTIONS) == SOME


@pytest.mark.parametrize("channel", [2, 4])
def test_no_draft_is_kept_where_the_phone_is_not_the_citizens(browser: Browser, site: Site, channel: int) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site, f"?channel={channel}")
        page.get_by_role("button", name="Huruf besar").click()
        assert keeps_nothing(page)
        assert page.evaluate("document.getElementById('survei').autocomplete") == "off"
        page.reload()
        assert chosen(page, QUESTIONS) == {}
        assert page.locator("html").get_attribute("class") in {None, ""}


def test_an_erased_answer_leaves_no_draft(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        fill(page, site)
        assert kept(page)["session"] != {}
        page.context.route("**/v1/jawaban", lambda route: route.abort("internetdisconnected"))
        send(page)
        page.get_by_role("button", name="Hapus jawaban yang belum terkirim").click()
        assert keeps_nothing(page)
        page.reload()
        assert chosen(page, QUESTIONS) == {}


# the text as it will be sent


def test_personal_data_is_shown_masked_before_it_is_sent_and_never_leaves_the_phone(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as (page, watch):
        bodies: list[str] = []
        page.on("request", lambda request: bodies.append(request.post_data or ""))
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        box, preview = page.locator("#i-saran"), page.locator("#samar")
        box.press_sequentially("Antrean lama.")
        expect(preview).to_be_hidden()
        box.fill(PERSONAL)
        expect(preview).to_have_text(f"Akan dikirim sebagai: {MASKED}")
        box.fill("Antrean lama.")
        expect(preview).to_be_hidden()
        box.fill(PERSONAL)
        send(page)
        thanked(page)
        (sent,) = filter(None, bodies)
        assert json.loads(sent)["saran"] == MASKED and "warga@" not in sent
        assert watch.errors == []
    assert [row["text"] for row in site.rows("saran")] == [MASKED]
