"""The transparency page: what it says and never says, and how it is to a browser, a phone and a screen reader."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
import re
from datetime import date
from pathlib import Path

import pytest
from browser_samples import findings
from check_samples import opened
from playwright.sync_api import Browser
from published_office import (
    OCTOBER,
    PDFS,
    TODAY,
    fill,
    make_office,
    publish,
    publish_periode,
    report,
)
from published_samples import published_copy

from collector.workspace import Workspace, load
from publish import kewajaran
from publish import public as publication
from scoring.errors import IkmError

HEAVIEST = 60 * 1024  # bytes of a compressed page
OPEN = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
LONG_NAME = "Surat Keterangan Catatan Kepolisian dan Pengantar Perizinan Usaha Mikro Kecil"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published_copy(tmp_path_factory, tmp_path_factory.mktemp("kantor"))


def page(workspace: Workspace, periode_id: str | None = None) -> str:
    place = workspace.public / (f"periode/{periode_id}/index.html" if periode_id else "index.html")
    return place.read_text("utf-8")


def said(workspace: Workspace, periode_id: str | None = None) -> str:
    """Return the words of a page, without its markup and style."""
    body = page(workspace, periode_id).partition("<body>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_the_page_says_index_letter_respondents_dates_sample_channels_and_rule(office: Workspace) -> None:
    words = said(office)
    for part in (
        "83,92 IKM · mutu B · Baik",
        "148 responden dari 1.362 orang yang dilayani",
        "25 September sampai dengan 24 Oktober 2026",
        "Nilai IKM naik 0,06 dari periode September 2026 (83,86).",
        "(10,9%)",
        "belum memadai, kurang 152 orang",
        "formulir kertas 35",
        "bobot tepat 1/9",
        "Terbit 25 Oktober 2026",
        "Cara membaca nilai ini",
        "CC BY 4.0",
    ):
        assert part.replace(" ", "") in words.replace(" ", ""), part


def test_no_page_calls_a_signed_result_a_draft(office: Workspace) -> None:
    for file in office.public.rglob("*.html"):
        content = file.read_text("utf-8")
        assert "konsep" not in content.lower() and 'class="pita"' not in content
        assert "DATA UJI COBA" not in content


def test_rehearsal_data_say_so_on_the_page_and_in_datasette(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER, kind="rehearsal")
    publish(workspace, "2026-10")
    assert page(workspace).count("DATA UJI COBA") == 1
    assert "Data uji coba." in (workspace.public / "metadata.json").read_text("utf-8")


def test_withheld_layanan_are_named_with_the_reason(office: Workspace) -> None:
    words = said(office, "2026-09")
    assert "Layanan Lainnya – responden kurang dari sepuluh orang" in words
    assert "Surat Pindah Datang – nilainya dapat dipakai untuk menghitung nilai layanan lain" in words
    assert "Tidak ditampilkan:" not in said(office, "2026-10")


def test_small_counts_of_the_profile_are_not_on_the_page(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", {"ktp": 40})
    publish(workspace, "2026-10")
    content = (workspace.public / "periode" / "2026-10" / "hasil.json").read_text("utf-8")
    fields = {field["id"]: field["options"] for field in json.loads(content)["profil"]}
    hidden = [row["nama"] for rows in fields.values() for row in rows if row["n"] is None]
    assert hidden
    assert page(workspace).count("tidak ditampilkan</span></td>") == len(hidden)
    assert not [row for rows in fields.values() for row in rows if row["n"] in range(1, 5)]


def test_the_trend_breaks_at_the_new_instrument_and_ends_at_its_own_periode(office: Workspace) -> None:
    assert "instrumen berganti" in page(office)
    assert 'id="tren"' not in page(office, "2026-08")
    september = page(office, "2026-09").partition('id="tren"')[2].partition("</section>")[0]
    assert "Agu" in september
    assert "Okt" not in september


def test_documents_stand_with_size_and_hash_and_the_letter_stays_inside(office: Workspace) -> None:
    content = page(office)
    for name in ("laporan.pdf", "rtl.pdf", "lembar-publikasi.pdf"):
        file = office.public / "periode" / "2026-10" / name
        assert f'href="periode/2026-10/{name}"' in content
        assert hashlib.sha256(file.read_bytes()).hexdigest() in content
        assert f"PDF, {-(-file.stat().st_size // 1000)} kB" in content
    assert not list(office.public.rglob("surat-pengantar*"))


def test_every_link_of_the_site_leads_to_a_file_of_it(office: Workspace) -> None:
    for file in office.public.rglob("*.html"):
        for address in re.findall(r'<a [^>]*href="([^"#]+)"', file.read_text("utf-8")):
            if not address.startswith("https://creativecommons.org/"):
                target = (file.parent / address).resolve()
                assert target.is_file() or (target / "index.html").is_file(), f"{file}: {address}"


def test_the_policy_names_the_style_by_its_hash_and_allows_nothing_else(office: Workspace) -> None:
    content = page(office)
    style = re.search(r"<style>(.*?)</style>", content, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    assert f'content="{html.escape(policy).replace("&#x27;", "&#39;")}"' in content
    links = set(re.findall(r'<link rel="([a-z]+)"', content))
    assert links == {"icon", "canonical", "alternate"}  # none of them is loaded
    assert not re.search(r"<script|<img|src=|style=|onclick", content)


def test_the_newest_periode_is_the_first_page_and_the_others_are_linked(office: Workspace) -> None:
    assert "Oktober 2026</span></h1>" in page(office)
    assert 'href="periode/2026-09/"' in page(office)
    assert 'href="../../periode/2026-10/"' in page(office, "2026-08")


@pytest.fixture
def copy(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Workspace:
    return published_copy(tmp_path_factory, tmp_path)


def test_publishing_again_changes_nothing_and_keeps_the_others(copy: Workspace) -> None:
    workspace = copy
    before = {file: file.read_bytes() for file in workspace.public.rglob("*") if file.is_file()}
    files = publish_periode(workspace, "2026-09", TODAY)
    assert {file: file.read_bytes() for file in files} == before
    publish_periode(workspace, "2026-09", date(2026, 11, 2))
    assert "Terbit</dt><dd>2 November 2026" in page(workspace, "2026-09")
    assert "Terbit</dt><dd>25 Oktober 2026" in page(workspace, "2026-10")


def test_a_name_with_markup_stays_text(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    file = workspace.root / "office.toml"
    file.write_text(file.read_text("utf-8").replace('nama = "Kartu Keluarga"', 'nama = "<b>KK</b> & lain"'), "utf-8")
    workspace = load(file)
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    assert "<b>KK" not in page(workspace)
    assert "&lt;b&gt;KK&lt;/b&gt; &amp; lain" in page(workspace)


def code_of(workspace: Workspace, periode_id: str) -> str:
    with pytest.raises(IkmError) as caught:
        publish_periode(workspace, periode_id, TODAY)
    return caught.value.code


def test_only_a_closed_periode_with_its_documents_is_published(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-09", OCTOBER)
    assert code_of(workspace, "2026-10") == "PERIODE_OPEN"
    assert code_of(workspace, "2026-09") == "REPORT_MISSING"
    report(workspace, "2026-09")
    (workspace.periode_folder("2026-09") / PDFS[0]).unlink()
    assert code_of(workspace, "2026-09") == "REPORT_MISSING"
    assert not workspace.public.exists()


def test_a_result_that_does_not_follow_from_its_tally_is_not_published(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", OCTOBER)
    report(workspace, "2026-10")
    file = workspace.periode_folder("2026-10") / "result.json"
    file.write_text(file.read_text("utf-8").replace('"ikm": "83.92"', '"ikm": "88.92"'), "utf-8")
    assert code_of(workspace, "2026-10") == "REPORT_CHANGED"
    assert not workspace.public.exists()


def test_a_run_that_was_cut_off_loses_nothing(copy: Workspace) -> None:
    workspace = copy
    kept = {path.name for path in (workspace.public / "periode").iterdir()}
    workspace.public.rename(workspace.public.with_name("public.old"))
    (workspace.data / "public.new" / "periode").mkdir(parents=True)
    publish_periode(workspace, "2026-10", TODAY)
    assert {path.name for path in (workspace.public / "periode").iterdir()} == kept
    assert sorted(path.name for path in workspace.data.glob("public*")) == ["public"]


def test_a_fault_while_building_leaves_the_published_site_alone(
    copy: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = copy
    before = page(workspace)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(publication, "build", broken)
    with pytest.raises(OSError, match="disk"):
        publish_periode(workspace, "2026-10", TODAY)
    assert page(workspace) == before


def pages(workspace: Workspace) -> list[str]:
    names = ("", "periode/2026-09/", "periode/2026-08/", "periode/2026-09/en/", "periode/2026-09/layanan/ktp/")
    return [(workspace.public / name / "index.html").as_uri() for name in names]


@pytest.mark.browser
def test_nothing_shifts_and_all_of_it_is_printed_on_a4_and_read_without_script(
    office: Workspace, browser: Browser
) -> None:
    with opened(browser, viewport={"width": 360, "height": 800}) as (browser_page, faults):
        for address in pages(office):
            browser_page.goto(address)
            shifted = """() => new Promise(done => {
                new PerformanceObserver(list => done(list.getEntries().length))
                    .observe({type: 'layout-shift', buffered: true});
                setTimeout(() => done(0), 200);
            })"""
            assert browser_page.evaluate(shifted) == 0
            browser_page.emulate_media(media="print")
            assert (
                browser_page.locator("details table").count() == browser_page.locator("details table:visible").count()
            )
            if address not in pages(office)[1:3]:  # which are made and printed like the first
                assert findings(browser_page) == []
            browser_page.set_viewport_size({"width": 680, "height": 1000})  # A4 within its margins
            assert browser_page.evaluate("document.documentElement.scrollWidth") == 680
            browser_page.emulate_media(media="screen")
            browser_page.set_viewport_size({"width": 360, "height": 800})
        assert not faults
    with opened(browser, java_script_enabled=False, viewport={"width": 360, "height": 640}) as (browser_page, faults):
        browser_page.goto(pages(office)[0])
        browser_page.get_by_text("Tabel nilai setiap unsur").first.click()
        assert browser_page.get_by_role("row").first.is_visible()
        answers = browser_page.locator(".lima > div")
        assert answers.count() == 5
        for answer in answers.all():  # within one screen of a small phone
            box = answer.bounding_box()
            assert box and box["height"] < 640, answer.inner_text()
        assert not faults


def test_every_page_weighs_little(office: Workspace) -> None:
    for file in office.public.rglob("*.html"):
        assert len(gzip.compress(file.read_bytes())) < HEAVIEST, file


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_the_browser_reports_nothing(
    office: Workspace, browser: Browser, width: int, scheme: str
) -> None:
    with opened(browser, viewport={"width": width, "height": 800}, color_scheme=scheme) as (browser_page, faults):
        for address in pages(office):
            browser_page.goto(address)
            browser_page.evaluate(OPEN)
            assert findings(browser_page) == [], address
        assert not faults


@pytest.mark.browser
def test_nothing_scrolls_sideways_at_320_pixels_and_tables_become_entries(tmp_path: Path, browser: Browser) -> None:
    workspace = make_office(tmp_path)
    file = workspace.root / "office.toml"
    file.write_text(file.read_text("utf-8").replace("Surat Keterangan Usaha", LONG_NAME), "utf-8")
    workspace = load(file)
    fill(workspace, "2026-09", {**OCTOBER, "lainnya": 7})
    publish(workspace, "2026-09")
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    with opened(browser, viewport={"width": 320, "height": 700}) as (browser_page, faults):
        for address in [page for page in pages(workspace) if "2026-08" not in page]:
            browser_page.goto(address)
            browser_page.evaluate(OPEN)
            assert browser_page.evaluate("document.documentElement.scrollWidth") == 320
            cut = """() => [...document.querySelectorAll('main *')].filter(
                item => !item.closest('svg') && !item.closest('.tersembunyi, thead')
                    && item.getBoundingClientRect().right > 320.5).map(item => item.outerHTML.slice(0, 80))"""
            assert browser_page.evaluate(cut) == []
            cell = browser_page.locator(".susun td").first
            assert cell.evaluate("item => getComputedStyle(item).display") == "flex"
            assert browser_page.get_by_role("table").count() >= 2
        assert not faults


def test_the_page_says_every_check_of_hasil_json_in_its_own_words(office: Workspace) -> None:
    public = json.loads((office.public / "periode" / "2026-10" / "hasil.json").read_text("utf-8"))
    found = kewajaran.checks(public["integrity"], {entry["id"]: entry["nama"] for entry in public["layanan"]})
    assert len(found) == 11
    words = said(office)
    assert kewajaran.summary(found) in words
    for check in found:
        assert f"{check.name} {check.state} {check.sentence}" in words


@pytest.mark.browser
def test_checks_that_ask_for_a_look_stand_open_and_fit_a_phone(tmp_path: Path, browser: Browser) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", {**OCTOBER, "lainnya": 90})  # more than were served
    publish(workspace, "2026-10")
    with opened(browser, viewport={"width": 320, "height": 700}) as (browser_page, faults):
        browser_page.goto((workspace.public / "index.html").as_uri())
        looked_at = browser_page.locator(".periksa .alarm")
        assert looked_at.count() >= 1
        assert looked_at.first.is_visible()
        browser_page.evaluate(OPEN)
        assert browser_page.evaluate("document.documentElement.scrollWidth") == 320
        assert findings(browser_page, "light", "dark") == []
    assert not faults
