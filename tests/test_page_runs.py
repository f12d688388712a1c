"""The questionnaire as it is lived with: problems seen at once, a slow line, a window that forgets, keys and zoom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from browser_samples import ARGUMENTS, CHROMIUM, PATIENCE, PHONE, Site, choose, chosen, findings, phone, served
from offline_samples import ANSWERS, QUESTIONS, cut, fill, kept, once, send, thanked, unsent
from playwright.sync_api import Browser, BrowserContext, Page, expect
from published_samples import published_copy
from store_samples import print_sheets
from test_datasette import HASH
from test_hostile_pages import free_port, noted, running, signed_in

from collector.entri_door import TOKEN_VARIABLE
from collector.store import open_store
from publish import datasettes

pytestmark = pytest.mark.browser
TOKEN = "sandi-rekaan-petugas"
SLOW_3G = {"offline": False, "latency": 2000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
PLACES = """() => { const place = one => document.querySelector(one).getBoundingClientRect();
  return [place('#kemajuan').bottom, place('#galat h2').top, place('#galat h2').bottom, innerHeight]; }"""
WIDE = "*{letter-spacing:.14em!important;word-spacing:.2em!important;line-height:1.6!important}"  # WCAG 1.4.12
STYLE = "css => { const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }"
SCREENS = {"phone": PHONE, "small": {"width": 320, "height": 568}, "zoomed": {"width": 320, "height": 400}}


# problems


@pytest.mark.parametrize("code", ["", "jv/", "en/", "mudah/"], ids=["id", "jv", "en", "mudah"])
def test_the_heading_of_the_problems_is_seen_below_the_progress_however_long_the_list(
    browser: Browser, site: Site, code: str
) -> None:
    for name, viewport in SCREENS.items():
        with phone(browser, site, viewport=viewport) as (page, watch):
            page.goto(site.questionnaire() + code)
            for wide in (False, True):
                if wide:
                    page.reload()
                    page.locator("#rupa button").first.click()
                    page.evaluate(STYLE, WIDE)
                page.locator("#kirim").click()
                expect(page.locator("#galat li")).to_have_count(9)
                expect(page.locator("#galat")).to_be_focused()
                bar, top, bottom, height = page.evaluate(PLACES)
                assert bar <= top and bottom <= height, (name, wide, bar, top, bottom)
            assert watch.errors == []


def test_without_script_the_heading_of_the_problems_is_seen_at_once(browser: Browser, site: Site) -> None:
    for viewport in SCREENS.values():
        with phone(browser, site, script=False, viewport=viewport) as (page, _):
            page.goto(site.questionnaire())
            page.locator("#kirim").click()
            expect(page.locator("#galat")).to_be_focused()
            expect(page.locator("#galat h2")).to_be_in_viewport(ratio=1)


def test_what_is_missing_is_found_and_mended_by_keyboard_alone(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(site.questionnaire())
        choose(page, {name: value for name, value in ANSWERS.items() if name not in ("waktu", "sarana")})
        page.locator("#kirim").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#galat")).to_be_focused()
        for question in ("waktu", "sarana"):
            page.locator("#galat").focus()
            page.keyboard.press("Tab")
            page.keyboard.press("Enter")
            expect(page.locator(f"#i-{question}")).to_be_focused()
            page.keyboard.press("Tab")
            page.keyboard.press("Space")
            assert chosen(page, [question]) == {question: 4}
        expect(page.locator("#galat")).to_be_hidden()
        page.locator("#kirim").focus()
        page.keyboard.press("Enter")
        code = thanked(page)
        assert watch.errors == []
    assert once(site, code)


# what a screen reader is told


def test_a_reader_is_told_what_is_chosen_what_is_wrong_and_that_it_is_required(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        choose(page, {"persyaratan": 3})
        send(page)
        expect(page.get_by_role("group", name="Jawaban belum terkirim")).to_be_focused()
        told = nodes(page)
        radios = [node for node in told if node["role"] == "radio"]
        assert [node["checked"] for node in radios[:4]] == ["false", "true", "false", "false"]
        groups = [node for node in told if node["role"] == "radiogroup"]
        assert len(groups) == 9 and [node["invalid"] for node in groups] == ["false"] + ["true"] * 8
        assert "Pertanyaan 2 belum dijawab." in groups[1]["description"]
        assert not groups[0]["description"] and all(f"{n} dari 9" in group["name"] for n, group in enumerate(groups, 1))


def nodes(page: Page) -> list[dict[str, str]]:
    """Return role, name, description and states of what the accessibility tree shows, in its order."""
    session = page.context.new_cdp_session(page)
    found = []
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        if not node["ignored"]:
            states = {item["name"]: str(item["value"].get("value", "")).lower() for item in node.get("properties", [])}
            words = {key: str(node.get(key, {}).get("value", "")) for key in ("role", "name", "description")}
            found.append({"invalid": "false", "checked": "", **states, **words})
    return found


# lines and windows


def test_over_a_slow_line_an_answer_arrives_once_though_the_button_is_pressed_again(
    browser: Browser, site: Site
) -> None:
    with phone(browser, site, service_workers="block") as (page, watch):
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        session.send("Network.emulateNetworkConditions", SLOW_3G)
        button = page.locator("#kirim")
        button.click()
        button.click(force=True)
        code = thanked(page)
        assert watch.errors == [] and [line.split()[0] for line in watch.requests].count("POST") == 1
    assert once(site, code)


def test_a_usual_window_keeps_an_unsent_answer_when_the_browser_is_closed_and_a_private_one_forgets_it(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    kind = browser.browser_type

    def usual() -> BrowserContext:
        found = kind.launch_persistent_context(
            tmp_path / "profil", executable_path=CHROMIUM, args=ARGUMENTS, viewport=PHONE, base_url=site.origin
        )
        found.set_default_timeout(PATIENCE)
        return found

    context = usual()
    leave_unsent(context, site)
    context.close()
    for _window in range(2):
        with phone(browser, site) as (page, _):
            assert found_in(page.context, site) == {}
            leave_unsent(page.context, site)
    assert site.rows() == []
    context = usual()
    page = context.new_page()
    page.goto(site.questionnaire())  # the line is there: what was kept is sent
    code = thanked(page)
    assert kept(page)["local"] == {}
    context.close()
    assert once(site, code)


def leave_unsent(context: BrowserContext, site: Site) -> None:
    """Fill the form while the line is down, and go away."""
    page = context.new_page()
    fill(page, site)
    cut(page)
    send(page)
    unsent(page)
    assert len(kept(page)["local"]) == 1


def found_in(context: BrowserContext, site: Site) -> dict[str, str]:
    page = context.new_page()
    page.goto(site.questionnaire())
    expect(page.locator("#hitungan")).to_have_text("0 dari 9")
    assert chosen(page, QUESTIONS) == {}
    found: dict[str, str] = kept(page)["local"]
    return found


# zoom


def with_problems(page: Page, site: Site) -> None:
    page.goto(site.questionnaire())
    send(page)
    expect(page.locator("#galat li")).to_have_count(9)


PAGES: dict[str, Callable[[Page, Site], object]] = {
    "home": lambda page, site: page.goto("/"),
    "questionnaire": lambda page, site: page.goto(site.questionnaire()),
    "problems": with_problems,
    "thanks": lambda page, site: page.goto("/terima/K7QM-2XTA-9F"),
    "not_found": lambda page, site: page.goto("/tiada"),
}
CUT = """() => Array.from(document.querySelectorAll('h1, h2, p, li, label, legend, button, a, td, th, dd, select'))
  .filter(one => one.offsetParent && !one.closest('.jebakan, .tersembunyi'))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1)
  .map(one => one.textContent.trim().slice(0, 40))"""


def test_letters_of_twice_the_size_and_wide_spaces_lose_nothing_at_320_pixels(browser: Browser, site: Site) -> None:
    with phone(browser, site, viewport={**PHONE, "width": 320}) as (page, _):
        for name, go in PAGES.items():
            go(page, site)
            for css in (WIDE, "html{font-size:225%!important}"):
                page.evaluate(STYLE, css)
                assert page.evaluate("document.scrollingElement.scrollWidth") == 320, (name, css)
                assert page.evaluate(CUT) == [], (name, css)


def test_a_name_of_three_hundred_letters_without_a_space_breaks_on_every_page(browser: Browser, tmp_path: Path) -> None:
    endless = {f'"{name}"': f'"{"panjang" * 42}"' for name in ("Kecamatan Teladan", "Perekaman KTP Elektronik")}
    with served(tmp_path, endless) as site, phone(browser, site, viewport={**PHONE, "width": 320}) as (page, _):
        for go in PAGES.values():
            go(page, site)
            assert page.evaluate("document.scrollingElement.scrollWidth") == 320, page.url
            assert page.evaluate(CUT) == []


def test_the_clerks_pages_lose_nothing_at_320_pixels_and_twice_their_size(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    with served(tmp_path) as site, phone(browser, site, viewport={"width": 320, "height": 400}) as (page, _):
        store = open_store(site.workspace.store, site.workspace.office.id)
        print_sheets(site.workspace, store, 3)
        store.close()
        page.goto("/entri/")
        seen = [fits(page)]
        page.locator("#i-sandi").fill(TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#i-tanggal")).to_be_visible()
        seen.append(fits(page))
        page.locator("#i-tanggal").fill("1/10/2026")
        page.locator("#i-layanan").select_option(index=1)
        page.locator("#i-pertama").fill("1")
        page.locator("#i-terakhir").fill("3")
        page.locator("#i-terakhir").press("Enter")
        expect(page.locator("#nomor")).to_have_text("Lembar 0001")
        seen.append(fits(page))
    assert seen == [[], [], []]


def fits(page: Page) -> list[str]:
    """Return what axe finds on the page, what is cut off, and whether it must be moved sideways."""
    found = findings(page)
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    return found + page.evaluate(CUT) + ([f"{wide} pixels"] if wide > 320 else [])


# both Datasettes


def test_axe_finds_nothing_in_either_datasette_and_nothing_scrolls_sideways_at_320_pixels(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(datasettes.PASSWORD_VARIABLE, HASH)
    workspace = published_copy(tmp_path_factory, tmp_path)
    for name, command in (("publik", datasettes.public_command), ("staf", datasettes.staff_command)):
        port = free_port()
        with running(command(workspace, "127.0.0.1", port), port) as origin, noted(browser, origin) as watch:
            watch.page.set_viewport_size({"width": 320, "height": 700})
            seen = []
            if name == "staf":
                watch.open(f"{origin}/-/login")
                seen += fits(watch.page)
                signed_in(watch, origin)
            for path in ("/", f"/{name}", f"/{name}/layanan", f"/{name}/indeks", f"/{name}/tiada"):
                watch.open(origin + path, 200, 404)
                found = findings(watch.page, "light", "dark")
                wide = watch.page.evaluate("document.scrollingElement.scrollWidth")
                seen += [f"{path} {found} {wide}"] if found or wide > 320 else []
            assert seen == []
