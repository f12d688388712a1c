"""Phone, kiosk, officer's phone and rehearsal in a real browser, and what helps to read, hear and fill the form."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable

import pytest
from browser_samples import PHONE, TODAY, Site, choose, chosen, findings, phone
from offline_samples import ANSWERS, QUESTIONS, keeps_nothing, send, thanked
from playwright.sync_api import Browser, Page, expect

from collector.freeze import compressed, freeze

pytestmark = pytest.mark.browser
SOME = {"persyaratan": 4, "prosedur": 1}
PERSONAL = "Mohon hubungi saya di warga@contoh.example, terima kasih."
HAND_OVER = "Serahkan ponsel kepada warga"
FIRST_PAINT = 1000  # ms
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s
# A list of voices as a phone has it; what is said is noted.
VOICES = """(voices => {
  window.said = [];
  const list = voices.map(([lang, localService]) => ({ lang, localService, name: lang }));
  speechSynthesis.getVoices = () => list;
  speechSynthesis.speak = one => { window.said.push(one.text); window.speaking = one; };
  speechSynthesis.cancel = () => { window.said.push('-'); };
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
})"""


# large text, contrast, zoom, print


def size(page: Page) -> float:
    found: float = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.baris')).fontSize)")
    return found


def test_large_text_and_high_contrast_can_be_switched_on_and_off(browser: Browser, site: Site) -> None:
    ink = "getComputedStyle(document.querySelector('.jenis')).color"
    with phone(browser, site, viewport={**PHONE, "width": 320}, color_scheme="light") as (page, _):
        page.goto(site.questionnaire())
        before, soft = size(page), page.evaluate(ink)
        page.get_by_role("button", name="Huruf besar").click()
        assert size(page) >= 1.3 * before and before >= 18
        page.get_by_role("button", name="Kontras tinggi").click()
        assert page.evaluate(ink) == "rgb(0, 0, 0)" != soft
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
        assert findings(page, "light", "dark") == []
        page.get_by_role("button", name="Huruf besar").click()
        page.get_by_role("button", name="Kontras tinggi").click()
        page.emulate_media(color_scheme="light")
        assert (size(page), page.evaluate(ink)) == (before, soft)
        page.emulate_media(contrast="more")
        assert page.evaluate(ink) == "rgb(0, 0, 0)"


def test_every_target_is_large_enough_and_on_paper_stand_the_questions_and_no_buttons(
    browser: Browser, site: Site
) -> None:
    small = """() => Array.from(document.querySelectorAll('button, select, textarea, label.baris, summary'))
      .filter(one => one.offsetParent && !one.matches('.jebakan, .jebakan *'))
      .map(one => [one.textContent.trim().slice(0, 20), one.getBoundingClientRect().height])
      .filter(([, height]) => height < 48)"""
    with phone(browser, site, viewport={**PHONE, "width": 320}) as (page, _):
        page.goto(site.questionnaire())
        assert page.evaluate(small) == []
        rows = "Math.min(...Array.from(document.querySelectorAll('.baris'), one => one.offsetHeight))"
        assert page.evaluate(rows) >= 52
        page.emulate_media(media="print")
        for name in ("#kirim", "#kemajuan", ".alat"):
            expect(page.locator(name)).to_be_hidden()
        expect(page.locator("fieldset").last).to_be_visible()


def test_the_page_at_twice_its_size_loses_nothing(browser: Browser, site: Site) -> None:
    with phone(browser, site, viewport={"width": 320, "height": 400}, device_scale_factor=2) as (page, _):
        page.goto(site.questionnaire())
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
        choose(page, ANSWERS)
        send(page)
        thanked(page)


# read aloud


def test_a_question_is_read_aloud_where_the_phone_has_a_voice_and_the_next_one_stops_it(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site) as (page, watch):
        page.add_init_script(f"{VOICES}([['en-US', true], ['id_ID', true]])")
        page.goto(site.questionnaire())
        page.get_by_role("button", name="Bacakan pertanyaan 4").click()
        (said,) = page.evaluate("said")
        assert said.startswith("Bagaimana pendapat Saudara tentang kewajaran biaya") and said.endswith(
            "Gratis. Murah. Cukup mahal. Sangat mahal"
        )
        expect(page.get_by_role("button", name="Berhenti membacakan")).to_have_count(1)
        page.get_by_role("button", name="Bacakan pertanyaan 5").click()
        assert [text[:1] for text in page.evaluate("said")] == ["B", "-", "B"]
        page.evaluate("speaking.onend()")
        expect(page.get_by_role("button", name=re.compile("^Bacakan"))).to_have_count(9)
        assert findings(page) == []
        assert watch.errors == []


def test_nothing_is_offered_to_be_read_without_a_voice_of_the_phones_own(browser: Browser, site: Site) -> None:
    for voices in ([], [["en-US", True]], [["id-ID", False]]):  # none, a foreign one, one that is spoken elsewhere
        with phone(browser, site) as (page, _):
            page.add_init_script(f"{VOICES}({json.dumps(voices)})")
            page.goto(site.questionnaire())
            choose(page, SOME)
            expect(page.get_by_role("button", name=re.compile("^Bacakan"))).to_have_count(0)


# kiosk


def test_a_kiosk_asks_after_ten_seconds_and_a_touch_keeps_the_form(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.clock.install()
        page.goto(f"{site.questionnaire()}?channel=2")
        choose(page, SOME)
        assert page.evaluate("document.fullscreenElement !== null")
        dialog = page.get_by_role("dialog", name="Masih mengisi?")
        for way in ("button", "backdrop", "Escape", "Enter", "a"):
            page.clock.run_for(9_000)
            expect(dialog).to_be_hidden()
            page.clock.run_for(2_500)
            expect(dialog).to_be_visible()
            page.clock.run_for(15_000)
            expect(dialog).to_contain_text(re.compile("dihapus dalam [45] detik"))
            if way == "button":
                page.get_by_role("button", name="Lanjutkan mengisi").click()
            elif way == "backdrop":
                page.mouse.click(5, 5)
            else:
                page.keyboard.press(way)
            expect(dialog).to_be_hidden()
            assert chosen(page, QUESTIONS) == SOME
        assert site.rows() == [] and watch.errors == []


def test_a_kiosk_that_is_left_starts_anew_after_thirty_seconds_in_indonesian(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.clock.install()
        page.goto(f"{site.questionnaire()}?channel=2")
        page.get_by_role("button", name="English").click()
        page.wait_for_url("**/ktp/en/?channel=2")
        choose(page, SOME)
        page.locator("#i-saran").fill(PERSONAL)
        page.get_by_role("button", name="Large text").click()
        page.clock.run_for(29_000)
        expect(page.get_by_role("dialog")).to_be_visible()
        page.clock.run_for(3_000)
        expect(page.locator("#hitungan")).to_have_text("0 dari 9")
        assert page.url == f"{site.questionnaire()}?channel=2"
        expect(page.locator("#i-saran")).to_have_value("")
        expect(page.locator("#samar")).to_be_hidden()
        assert page.locator("html").get_attribute("class") in {None, ""}
        page.clock.run_for(60_000)
        expect(page.get_by_role("dialog")).to_be_hidden()  # nothing there that could be lost
        assert keeps_nothing(page) and watch.errors == []


# an officer's phone


def test_an_officer_reads_the_rules_and_hands_the_phone_over(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(f"{site.questionnaire()}?channel=4")
        expect(page.get_by_role("heading", name="Untuk petugas")).to_be_focused()
        for rule in ("jawaban mana yang baik", "raut wajah", "Jangan melihat layar"):
            expect(page.get_by_text(rule)).to_be_visible()
        expect(page.get_by_role("radio").first).to_be_hidden()
        page.get_by_role("button", name=HAND_OVER).click()
        expect(page.get_by_text("raut wajah")).to_be_hidden()
        expect(page.locator("#judul")).to_be_focused()
        choose(page, ANSWERS)
        send(page)
        thanked(page)
        assert watch.errors == []
    assert [row["channel"] for row in site.rows()] == [4]


# a rehearsal


def test_a_rehearsal_has_another_colour_and_its_name_across_every_page(browser: Browser, site: Site) -> None:
    look = """() => [getComputedStyle(document.body, '::after').content,
      getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body, '::after').pointerEvents]"""
    with phone(browser, site, color_scheme="light") as (page, _):
        for place in ("/", "/ktp/", "/terima/K7QM-2XTA-9F", "/tiada"):
            page.goto(place)
            mark, paper, touch = page.evaluate(look)
            assert (mark, touch) == ('"UJI COBA"', "none") and paper != "rgb(255, 255, 255)"
        freeze(site.workspace.office, site.workspace.site, TODAY, rehearsal=False, pack=gzip.compress)
        page.goto("/ktp/")
        assert page.evaluate(look)[:2] == ["none", "rgb(255, 255, 255)"]


# the keyboard


def test_the_keyboard_alone_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(
    browser: Browser, site: Site
) -> None:
    here = """() => { const one = document.activeElement; const style = getComputedStyle(one);
      const drawn = one.type === 'radio' ? getComputedStyle(one.nextElementSibling, '::before') : style;
      return [one.id || one.name || one.textContent.trim(), one.type || '', drawn.outlineStyle]; }"""
    with phone(browser, site) as (page, watch):
        page.add_init_script(f"{VOICES}([['id-ID', true]])")
        page.goto(site.questionnaire())
        stops: list[list[str]] = []
        while not stops or stops[-1][0] != "kirim":
            page.keyboard.press("Tab")
            stops.append(page.evaluate(here))
            if stops[-1][1] == "radio":
                page.keyboard.press("Space")
        names = [stop[0] for stop in stops]
        assert names[:5] == ["bahasa", "bahasa", "bahasa", "Huruf besar", "Kontras tinggi"]
        pairs = [[f"Bacakan pertanyaan {number}", question] for number, question in enumerate(QUESTIONS, 1)]
        assert names[5:23] == [name for pair in pairs for name in pair]
        assert names[23:28] == [
            f"i-{name}" for name in ("jenis_kelamin", "usia", "pendidikan", "pekerjaan", "disabilitas")
        ]
        assert names[28:] == ["SP4N-LAPOR! (lapor.go.id, halaman baru)", "i-saran", "kirim"]
        assert {stop[2] for stop in stops} == {"solid"}
        for _ in range(len(stops) - 1):
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/ktp/jv/")
        assert chosen(page, QUESTIONS) == dict.fromkeys(QUESTIONS, 4)
        page.locator("#kirim").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Matur nuwun")
        assert watch.errors == []


def test_the_dialog_of_a_kiosk_holds_the_focus_and_gives_it_back(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.clock.install()
        page.goto(f"{site.questionnaire()}?channel=2")
        page.locator("input[name=waktu]").first.focus()
        page.keyboard.press("Space")
        page.clock.run_for(11_000)
        expect(page.get_by_role("button", name="Lanjutkan mengisi")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator("input[name=waktu]").first).to_be_focused()
        page.wait_for_timeout(200)
        assert chosen(page, QUESTIONS) == {"waktu": 4}
        expect(page.locator("#galat")).to_be_hidden()  # the key did not also send


# a slow line, and how it all looks to axe


def test_the_page_is_seen_within_a_second_on_a_slow_line(browser: Browser, site: Site) -> None:
    with phone(browser, site, service_workers="block") as (page, watch):  # each load is a first one
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        seen = []
        for layanan in ("ktp", "kk", "pindah"):
            file = site.workspace.site / layanan / "index.html"
            file.with_name("index.html.gz").write_bytes(compressed(file.read_bytes()))
            page.goto(site.questionnaire(layanan))
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            seen.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            assert len([request for request in watch.requests if layanan in request]) == 1
            assert page.evaluate("performance.getEntriesByType('navigation')[0].transferSize") < 15_000
        assert min(seen) < FIRST_PAINT, seen


def at_the_dialog(page: Page, site: Site) -> None:
    page.clock.install()
    page.goto(f"{site.questionnaire()}?channel=2")
    choose(page, SOME)
    page.clock.run_for(12_000)
    expect(page.get_by_role("dialog")).to_be_visible()


def at_the_officer(page: Page, site: Site) -> None:
    page.goto(f"{site.questionnaire()}?channel=4")
    expect(page.get_by_role("button", name=HAND_OVER)).to_be_visible()


def at_the_preview(page: Page, site: Site) -> None:
    page.goto(site.questionnaire())
    page.locator("#i-saran").fill(PERSONAL)
    expect(page.locator("#samar")).to_be_visible()


def without_the_other_page(page: Page, site: Site) -> None:
    page.goto(site.questionnaire())
    page.context.set_offline(True)
    page.get_by_role("button", name="Basa Jawa").click()
    expect(page.locator("#kabar-alat")).not_to_be_empty()


STATES: dict[str, Callable[[Page, Site], None]] = {
    "dialog": at_the_dialog,
    "officer": at_the_officer,
    "preview": at_the_preview,
    "language_lost": without_the_other_page,
}


@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_this_state(browser: Browser, site: Site, name: str) -> None:
    with phone(browser, site, viewport={**PHONE, "width": 320}, color_scheme="light") as (page, _):
        STATES[name](page, site)
        assert page.evaluate("document.scrollingElement.scrollWidth") == 320
        assert findings(page, "light", "dark") == []
