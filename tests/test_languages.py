"""The four languages in a real browser: the switch keeps the answers, with and without script, and stores nothing."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from browser_samples import PHONE, TODAY, Site, choose, chosen, findings, phone, served
from offline_samples import ANSWERS, QUESTIONS, SARAN, keeps_nothing
from playwright.sync_api import Browser, Page, expect
from ticket_samples import OPTIONAL

from collector.bahasa import CODES, load_packs, load_words, pack_words
from collector.freeze import freeze
from scoring.instrument import built_in

pytestmark = pytest.mark.browser
PACK = built_in("permenpanrb-14-2017")
WORDS = load_words()
TEXTS = {"id": pack_words(PACK), **{code: load_packs()[PACK.id, code] for code in CODES[1:]}}
SOME = {"persyaratan": 4, "prosedur": 1, "pengaduan": 2}
both_ways = pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])


def path(code: str) -> str:
    return "/ktp/" if code == "id" else f"/ktp/{code}/"


def switch(page: Page, code: str) -> None:
    with page.expect_navigation():  # until it is loaded: the script then has put back what was filled in
        page.get_by_role("button", name=WORDS[code]["umum"]["bahasa"], exact=True).click()
    expect(page.locator("#judul")).to_have_text(WORDS[code]["kuesioner"]["judul"])


@both_ways
def test_a_form_begun_in_one_language_is_ended_in_another_and_nothing_is_lost(
    browser: Browser, site: Site, script: bool
) -> None:
    with phone(browser, site, script=script) as (page, watch):
        page.goto(site.questionnaire())
        choose(page, SOME)
        page.locator("select[name=usia]").select_option("26-35")
        page.locator("#i-saran").fill(SARAN)
        for code in ("jv", "en", "mudah", "id", "jv"):
            switch(page, code)
            assert chosen(page, QUESTIONS) == SOME
            expect(page.locator("select[name=usia]")).to_have_value("26-35")
            expect(page.locator("#i-saran")).to_have_value(SARAN)
            assert page.url == site.origin + (path(code) if script else "/v1/bahasa")
            assert page.locator("html").get_attribute("lang") == WORDS[code]["umum"]["lang"]
        choose(page, {name: value for name, value in ANSWERS.items() if name not in SOME})
        choose(page, SOME)
        assert site.rows() == []
        page.get_by_role("button", name=WORDS["jv"]["kuesioner"]["kirim"]).click()
        page.wait_for_url(re.compile(r"/terima/[0-9A-Z-]{12}\?bahasa=jv$"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Matur nuwun")
        assert not script or keeps_nothing(page)
        assert (watch.errors, watch.outside) == ([], [])
        assert not [request for request in watch.requests if "#" in request or SARAN in request]
    (row,) = site.rows()
    expected = {**ANSWERS, **SOME}
    assert [row[f"a{number:02d}"] for number in range(1, 10)] == [expected[name] for name in QUESTIONS]
    assert site.rows("saran")[0]["text"] == SARAN


@pytest.mark.parametrize("channel", [2, 4])
def test_where_nothing_may_be_kept_the_switch_keeps_the_answers_and_still_nothing_is_kept(
    browser: Browser, site: Site, channel: int
) -> None:
    with phone(browser, site) as (page, watch):
        page.goto(f"{site.questionnaire()}?channel={channel}")
        if channel == 4:
            switch(page, "en")
            page.get_by_role("button", name="Hand the phone to the citizen").click()
        choose(page, SOME)
        switch(page, "jv")
        assert chosen(page, QUESTIONS) == SOME
        expect(page.locator("#petugas")).to_be_hidden()
        assert page.url == f"{site.questionnaire()}jv/?channel={channel}"
        assert keeps_nothing(page) and "#" not in page.url
        choose(page, ANSWERS)
        page.get_by_role("button", name=WORDS["jv"]["kuesioner"]["kirim"]).click()
        expect(page.locator("body")).to_contain_text("Matur nuwun")
        assert watch.errors == []
    assert [row["channel"] for row in site.rows()] == [channel]


def test_a_page_that_cannot_be_had_is_said_and_nothing_is_lost(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        choose(page, SOME)
        page.context.set_offline(True)
        page.get_by_role("button", name="Basa Jawa").click()
        expect(page.locator("#kabar-alat")).to_contain_text("belum dapat dibuka")
        expect(page.locator("#kabar-alat")).to_be_in_viewport()
        assert page.url == site.questionnaire() and chosen(page, QUESTIONS) == SOME
        page.context.set_offline(False)
        switch(page, "jv")
        assert chosen(page, QUESTIONS) == SOME


def test_a_language_that_was_opened_before_is_there_while_the_line_is_down(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
        switch(page, "jv")
        switch(page, "id")
        choose(page, SOME)
        page.context.set_offline(True)
        switch(page, "jv")
        assert chosen(page, QUESTIONS) == SOME
        page.reload()
        expect(page.locator("#judul")).to_have_text(WORDS["jv"]["kuesioner"]["judul"])
        assert chosen(page, QUESTIONS) == SOME


def test_no_link_from_outside_can_come_with_answers_already_chosen(browser: Browser, site: Site) -> None:
    draft = quote(json.dumps({"isi": list({"waktu": "4"}.items()), "rupa": ["besar"], "lama": 0, "handed": True}))
    with phone(browser, site) as (page, watch):
        page.goto(f"{site.questionnaire()}#d={draft}")
        assert chosen(page, QUESTIONS) == {} and page.url == site.questionnaire()
        for broken in ("#d=%", "#d=x", "#d={}", "#x=1"):
            page.goto("/")
            page.goto(f"{site.questionnaire()}{broken}")
            assert chosen(page, QUESTIONS) == {}
            expect(page.locator("#hitungan")).to_have_text("0 dari 9")
        assert watch.errors == []


@both_ways
def test_enter_in_a_text_field_sends_and_does_not_switch(browser: Browser, tmp_path: Path, script: bool) -> None:
    with served(tmp_path, OPTIONAL) as site, phone(browser, site, script=script) as (page, _):
        page.goto(f"{site.questionnaire()}en/")
        choose(page, ANSWERS)
        page.locator("#i-tiket").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        assert len(site.rows()) == 1


def test_an_unsent_answer_is_sent_by_the_page_in_another_language(browser: Browser, site: Site) -> None:
    with phone(browser, site) as (page, _):
        page.goto(site.questionnaire())
        choose(page, ANSWERS)
        page.context.route("**/v1/jawaban", lambda route: route.abort("internetdisconnected"))
        page.get_by_role("button", name="Kirim jawaban").click()
        expect(page.locator("#hitungan")).to_have_text("Belum terkirim – isian dikunci")
        expect(page.get_by_role("button", name="English")).to_be_disabled()
        page.context.unroute("**/v1/jawaban")
        page.goto(path("en"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert len(site.rows()) == 1


# what is read aloud, and seen


def named(page: Page) -> list[dict[str, Any]]:
    """Return the accessible path of every radio, from its group down."""
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"]}

    def text(node: dict[str, Any]) -> str:
        return str(node.get("name", {}).get("value", ""))

    found = []
    for node in nodes.values():
        if node.get("role", {}).get("value") == "radio" and not node["ignored"]:
            group = nodes[node["parentId"]]
            while group.get("role", {}).get("value") != "radiogroup":
                group = nodes[group["parentId"]]
            found.append({"group": " ".join(text(group).split()), "name": text(node)})
    return found


@pytest.mark.parametrize("code", CODES)
def test_each_answer_is_read_with_its_unsur_its_question_and_its_number_of_all(
    browser: Browser, site: Site, code: str
) -> None:
    words, texts, n = WORDS[code], TEXTS[code], len(PACK.questions)
    with phone(browser, site) as (page, _):
        page.goto(path(code))
        found = named(page)
    expected = []
    for number, question in enumerate(PACK.questions, 1):
        of_all = f"{number} {words['kuesioner']['dari'].format(jumlah=n)}"
        own = texts["question"][question.id]
        group = f"{of_all} · {texts['unsur'][question.unsur]} {own['text']}"
        expected += [{"group": group, "name": option} for option in reversed(own["options"])]
    assert found == expected


@pytest.mark.parametrize("code", CODES)
def test_axe_finds_nothing_and_nothing_scrolls_sideways_in_any_language(
    browser: Browser, site: Site, code: str
) -> None:
    words = WORDS[code]["kuesioner"]
    with phone(browser, site, viewport={**PHONE, "width": 320}, color_scheme="light") as (page, watch):
        page.goto(path(code))
        for state in ("blank", "problems", "large"):
            if state == "problems":
                choose(page, SOME)
                page.get_by_role("button", name=words["kirim"]).click()
                expect(page.locator("#galat li")).to_have_count(6)
                expect(page.locator("#galat li").first).to_have_text(words["salah"]["ANSWER_MISSING"].format(nomor=3))
            elif state == "large":
                page.get_by_role("button", name=words["besar"]).click()
            assert page.evaluate("document.scrollingElement.scrollWidth") == 320, state
            schemes = ("light", "dark") if state == "problems" else ("light",)  # where every colour of the page is seen
            assert findings(page, *schemes) == [], state
        assert watch.errors == []


def test_a_pack_without_words_in_a_language_is_not_offered_in_it(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("collector.bahasa.PACKS", "tiada")
    with served(tmp_path) as site, phone(browser, site) as (page, watch):
        files = freeze(site.workspace.office, site.workspace.site, TODAY, rehearsal=True, pack=gzip.compress)
        assert not [file for file in files if file.parent.name in CODES]
        page.goto(site.questionnaire())
        expect(page.get_by_role("button", name="English")).to_have_count(0)
        expect(page.get_by_role("button", name="Huruf besar")).to_be_visible()
        assert page.goto("/ktp/en/") is not None and "Halaman tidak ditemukan" in page.content()
        assert [error for error in watch.errors if "404" not in error] == []
