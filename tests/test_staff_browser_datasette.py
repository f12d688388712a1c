"""A clerk at the staff's Datasette in a real browser: figures without SQL, the filter menu, tags on comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_samples import findings
from playwright.sync_api import Browser, Page
from published_samples import published_copy
from staff_samples import ask_five_questions, choose, comma, commented_office, result_of, rows, served, signed_in

from collector.store import reading
from collector.workspace import Workspace

pytestmark = pytest.mark.browser
ENGLISH = re.compile(
    r"\b(?:row|rows|table|tables|query|queries|view|download|export|next page|log ?out|sign in|error|not found|"
    r"this data|links? from|showing|sorted|where|custom)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return published_copy(tmp_path_factory, tmp_path_factory.mktemp("kantor"))


@pytest.fixture(scope="module")
def page(office: Workspace, browser: Browser) -> Iterator[Page]:
    with served(office) as origin, signed_in(browser, origin) as opened:
        yield opened


def test_a_clerk_answers_five_questions_by_choosing_and_finds_the_figures_of_the_result(
    office: Workspace, page: Page
) -> None:
    ask_five_questions(page, result_of(office, "2026-10"))


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_no_page_moves_sideways_and_no_english_is_left(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    paths = ("/", "/-/saran", "/-/prosedur", "/-/saring", "/staf/nilai_layanan", "/staf/hitung", "/staf/hitung/1")
    for path in (*paths, "/staf/perbandingan?pembanding=2026-08", "/tidak-ada"):
        page.goto(path)
        assert findings(page, colours=width == 360) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert not ENGLISH.findall(page.locator("body").inner_text()), path


def test_a_clerk_filters_on_the_page_and_a_small_group_is_refused(office: Workspace, page: Page) -> None:
    page.goto("/-/saring")
    page.get_by_label("Layanan").select_option(label=result_of(office, "2026-10")["layanan"][0]["nama"])
    with page.expect_navigation():
        page.get_by_role("button", name="Hitung").click()
    ktp = result_of(office, "2026-10")["layanan"][0]
    assert f"IKM {comma(ktp['ikm'])}" in page.locator("main").inner_text()
    assert [row["NRR"] for row in rows(page)] == [comma(entry["nrr"]) for entry in ktp["unsur"]]
    with reading(office.store) as connection:
        assert [row[0] for row in connection.execute("SELECT layanan FROM filter")] == ["ktp"]
    page.goto("/-/saring")
    page.get_by_label("Dari").fill("2026-09-25")
    page.get_by_label("Sampai dengan").fill("2026-09-25")
    page.get_by_label("Layanan").select_option("lainnya")
    with page.expect_navigation():
        page.get_by_role("button", name="Hitung").click()
    assert "Kurang dari 10 responden" in page.get_by_role("alert").inner_text()


def test_a_clerk_tags_comments_and_finds_them_counted(tmp_path: Path, browser: Browser) -> None:
    with served(commented_office(tmp_path)) as origin, signed_in(browser, origin) as page:
        page.get_by_role("link", name="Menandai saran").click()
        boxes = page.locator("fieldset.saran")
        assert boxes.count() == 3
        assert page.locator("fieldset.saran script, fieldset.saran b").count() == 0
        boxes.nth(0).get_by_label("Aduan dengan tema").check()
        boxes.nth(0).get_by_label("Tema", exact=True).fill("Antrean")
        boxes.nth(1).get_by_label("Aduan dengan tema").check()
        page.get_by_role("button", name="Simpan tanda").click()
        assert "Belum ada tanda yang disimpan" in page.get_by_role("alert").inner_text()
        assert boxes.nth(0).get_by_label("Tema", exact=True).input_value() == "Antrean"
        boxes.nth(1).get_by_label("Dicatat, tidak perlu tindak lanjut").check()
        page.get_by_role("button", name="Simpan tanda").click()
        assert boxes.count() == 1
        counted = choose(page, "Saran yang belum ditandai")
        assert (counted[0]["sudah ditandai"], counted[0]["belum ditandai"]) == ("2", "1")
        kinds = {row["tema"] or row["tanda"] for row in choose(page, "Saran menurut tanda dan tema")}
        assert kinds == {"Antrean", "Dicatat, tidak perlu tindak lanjut"}
