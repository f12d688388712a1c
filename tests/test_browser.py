"""The citizens' pages in a real browser, with and without script, on the real application and a real store."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from browser_samples import PHONE, Site, Watch, choose, chosen, findings, phone
from playwright.sync_api import Browser, Page, Route, expect

from scoring.instrument import built_in
from scoring.response import FLAG_FAST, canonical, commitment, receipt_code

pytestmark = pytest.mark.browser
PACK = built_in("permenpanrb-14-2017")
QUESTIONS = [question.id for question in PACK.questions]
ANSWERS = dict(zip(QUESTIONS, (4, 3, 3, 4, 2, 3, 4, 1, 2), strict=True))
MISSING = ("waktu", "sarana", "pengaduan")  # the third, eighth and ninth question
FIRST_SIX = {question: value for question, value in ANSWERS.items() if question not in MISSING}
RECEIPT = re.compile(r"/terima/([0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2})$")
SUMMARY = [f"Pertanyaan {number} belum dijawab." for number in (3, 8, 9)]
NO_CRYPTOGRAPHY = "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })"  # as over plain http
both_ways = pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])


def send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Kirim")).click()


def thanked(page: Page) -> str:
    """Wait for the thanks page and return its receipt code."""
    page.wait_for_url(RECEIPT)
    expect(page.get_by_role("heading", level=1)).to_have_text("Terima kasih")
    found = RECEIPT.search(page.url)
    assert found
    expect(page.locator(".tanda dd")).to_have_text(found[1])
    return found[1]


def quiet(watch: Watch) -> None:
    assert (watch.errors, watch.outside) == ([], [])


@both_ways
def test_a_filled_form_is_stored_and_thanked_with_its_code(browser: Browser, site: Site, script: bool) -> None:
    with phone(browser, site, script=script) as (page, watch):
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        page.locator("select[name=usia]").select_option("26-35")
        page.get_by_role("textbox", name="Saran").fill("Antrean pagi lama.")
        send(page)
        code = thanked(page)
        quiet(watch)
    (row,), (saran,) = site.rows(), site.rows("saran")
    given = tuple(ANSWERS.values())
    assert tuple(row[f"a{number:02d}"] for number in range(1, 10)) == given
    assert row["id"] == commitment(row["nonce"], canonical(given, PACK.form, "ktp", site.workspace.office.id))
    assert code == receipt_code(row["id"])
    assert (row["channel"], row["layanan"], row["day"], row["hour"]) == (1, "ktp", "2026-10-01", 10)
    assert [row[f"p{number:02d}"] for number in range(1, 6)] == [None, "26-35", None, None, None]
    assert row["flags"] == (FLAG_FAST if script else 0)  # only a script can tell how fast it was
    assert (saran["response"], saran["text"]) == (row["id"], "Antrean pagi lama.")
    assert watch.requests[1].split()[1] == ("/v1/jawaban" if script else "/v1/form")


@both_ways
def test_an_incomplete_form_names_what_is_missing_keeps_the_rest_and_can_be_completed(
    browser: Browser, site: Site, script: bool
) -> None:
    with phone(browser, site, script=script) as (page, watch):
        page.goto(site.questionnaire())
        choose(page, FIRST_SIX)
        page.locator("select[name=pekerjaan]").select_option("TANI")
        page.get_by_role("textbox", name="Saran").fill("Mohon kursi.")
        send(page)
        summary = page.get_by_role("group", name="Jawaban belum terkirim")
        expect(summary).to_be_focused()
        expect(summary).to_be_in_viewport()
        expect(summary.get_by_role("link")).to_have_text(SUMMARY)
        assert page.title().startswith("Jawaban belum terkirim – ")
        assert site.rows() == []
        assert chosen(page, QUESTIONS) == FIRST_SIX
        expect(page.locator("select[name=pekerjaan]")).to_have_value("TANI")
        expect(page.get_by_role("textbox", name="Saran")).to_have_value("Mohon kursi.")
        marked = page.locator("fieldset[aria-invalid=true]")
        assert [marked.nth(n).get_attribute("id") for n in range(marked.count())] == [f"i-{name}" for name in MISSING]
        for text, field in zip(SUMMARY, MISSING, strict=True):
            expect(page.locator(f"#e-{field}")).to_have_text(text)
        summary.get_by_role("link").nth(1).click()
        expect(page.locator("#i-sarana")).to_be_focused()
        expect(page.locator("#i-sarana legend")).to_be_in_viewport(ratio=1)
        choose(page, {field: ANSWERS[field] for field in MISSING})
        send(page)
        thanked(page)
        if not script:  # the browser itself notes the status of the page that came back
            assert "422" in watch.errors.pop()
        quiet(watch)
    (row,) = site.rows()
    assert tuple(row[f"a{number:02d}"] for number in range(1, 10)) == tuple(ANSWERS.values())


def test_the_summary_empties_as_the_answers_come_in(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(site.questionnaire())
        choose(page, FIRST_SIX)
        send(page)
        links = page.locator("#galat a")
        expect(links).to_have_text(SUMMARY)
        choose(page, {"sarana": 3})
        expect(links).to_have_text([SUMMARY[0], SUMMARY[2]])
        expect(page.locator("#e-sarana")).to_be_hidden()
        choose(page, {"waktu": 3, "pengaduan": 3})
        expect(page.locator("#galat")).to_be_hidden()
        assert not page.title().startswith("Jawaban belum terkirim")
        assert page.locator("[aria-invalid]").count() == 0
        quiet(watch)


def test_the_progress_counts_what_is_answered(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(site.questionnaire())
        expect(page.locator("#hitungan")).to_have_text("0 dari 9")
        choose(page, FIRST_SIX)
        expect(page.locator("#hitungan")).to_have_text("6 dari 9")
        choose(page, {"persyaratan": 1})
        expect(page.locator("#hitungan")).to_have_text("6 dari 9")
        quiet(watch)


@pytest.mark.parametrize("path", ["/v1/jawaban", "/v1/form"])
def test_a_second_tap_while_the_first_is_under_way_stores_one_row(browser: Browser, site: Site, path: str) -> None:
    with phone(browser, site) as (page, watch):
        if path == "/v1/form":
            page.add_init_script(NO_CRYPTOGRAPHY)
        under_way: list[Route] = []

        def hold(route: Route) -> None:
            under_way.append(route)

        page.route(f"**{path}", hold)
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        button = page.get_by_role("button", name="Kirim jawaban")
        button.scroll_into_view_if_needed()
        place = button.bounding_box()
        assert place
        for _ in range(3):
            page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)
            page.wait_for_timeout(50)
        (first,) = under_way
        first.continue_()
        thanked(page)
        assert [request for request in watch.requests if request.startswith("POST")] == [f"POST {path}"]
        quiet(watch)
    assert len(site.rows()) == 1


def test_a_browser_without_cryptography_checks_the_form_and_lets_it_post_by_itself(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as (page, watch):
        page.add_init_script(NO_CRYPTOGRAPHY)
        page.goto(site.questionnaire())
        choose(page, FIRST_SIX)
        send(page)
        expect(page.locator("#galat")).to_be_focused()
        choose(page, {field: ANSWERS[field] for field in MISSING})
        send(page)
        thanked(page)
        assert [request for request in watch.requests if request.startswith("POST")] == ["POST /v1/form"]
        quiet(watch)
    assert len(site.rows()) == 1


@both_ways
def test_a_periode_that_was_closed_meanwhile_is_said_in_words(browser: Browser, site: Site, script: bool) -> None:
    with phone(browser, site, script=script) as (page, _):
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        site.close_periode("2026-10")
        send(page)
        expect(page.get_by_text("survei untuk layanan ini sudah ditutup")).to_be_visible()
        expect(page.get_by_text("survei untuk layanan ini sudah ditutup")).to_be_in_viewport()
    assert site.rows() == []


@both_ways
def test_the_home_page_leads_to_every_layanan(browser: Browser, site: Site, script: bool) -> None:
    with phone(browser, site, script=script) as (page, watch):
        for layanan in site.workspace.office.layanan:
            page.goto("/")
            page.get_by_role("link", name=layanan.nama, exact=True).click()
            page.wait_for_url(site.questionnaire(layanan.id))
            expect(page.get_by_role("main")).to_contain_text(f"Layanan: {layanan.nama}")
            expect(page.locator("input[name=s]")).to_have_value(layanan.id)
        quiet(watch)


def test_the_form_can_be_filled_and_sent_with_the_keyboard_alone(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(site.questionnaire())
        while page.evaluate("document.activeElement.type") != "radio":
            page.keyboard.press("Tab")
        for number, _ in enumerate(QUESTIONS):
            if number:
                page.keyboard.press("Tab")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
        expect(page.locator("#hitungan")).to_have_text("9 dari 9")
        while page.evaluate("document.activeElement.id") != "kirim":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        thanked(page)
        quiet(watch)
    (row,) = site.rows()
    assert [row[f"a{number:02d}"] for number in range(1, 10)] == [3] * 9  # the best answer stands first


def incomplete(page: Page, site: Site) -> None:
    page.goto(site.questionnaire())
    choose(page, FIRST_SIX)
    send(page)
    expect(page.locator("#galat")).to_be_focused()


def complete(page: Page, site: Site) -> None:
    page.goto(site.questionnaire())
    choose(page, ANSWERS)
    send(page)
    thanked(page)


PAGES: dict[str, Callable[[Page, Site], object]] = {
    "questionnaire": lambda page, site: page.goto(site.questionnaire()),
    "error": incomplete,
    "thanks": complete,
    "home": lambda page, site: page.goto("/"),
    "not_found": lambda page, site: page.goto("/tiada"),
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_or_in_dark_and_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, site: Site, name: str
) -> None:
    with phone(browser, site) as (page, _):
        PAGES[name](page, site)
        assert findings(page, "light", "dark") == []
        page.set_viewport_size({**PHONE, "width": 320})
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
