"""The citizens' pages as files: their weight, their compressed copies, the band of a rehearsal, the script's words."""

from __future__ import annotations

import dataclasses
import gzip
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from http_samples import ask, server
from publish_samples import office

from collector.bahasa import CODES, DEFAULT
from collector.freeze import compressed, freeze, smallest
from collector.pages import Pages, lean
from collector.workspace import SITE_SOURCE
from scoring.instrument import Instrument, built_in, built_in_ids

TODAY = date(2026, 10, 1)
FIRST_LOAD = 14 * 1024  # bytes: what a server may send before the phone has answered once
BAND = "UJI COBA"


def of_twenty(pages: Pages) -> Instrument:
    """Return a pack of twenty questions, in every language: fourteen of one regulation and six of another."""
    first, second = built_in("kepmenpan-25-2004"), built_in("sukma-jatim-11")
    more = [dataclasses.replace(question, id=f"{question.id}_2") for question in second.questions[:6]]
    known = {unsur.id for unsur in first.unsur}
    unsur = (*first.unsur, *(item for item in second.unsur if item.id not in known))
    for code in CODES[1:]:
        mine, other = pages.packs[first.id, code], pages.packs[second.id, code]
        asked: dict[str, Any] = {f"{name}_2": words for name, words in other["question"].items()}
        pages.packs["twenty", code] = {
            "unsur": {**other["unsur"], **mine["unsur"]},
            "question": {**asked, **mine["question"]},
            "profil": mine["profil"],
        }
    return dataclasses.replace(first, id="twenty", questions=(*first.questions, *more), unsur=unsur)


@pytest.mark.usefixtures("weighed")
@pytest.mark.parametrize("code", CODES)
def test_a_questionnaire_of_twenty_questions_weighs_no_more_than_the_first_flight(tmp_path: Path, code: str) -> None:
    made = office(tmp_path).office
    pages = Pages(made, rehearsal=True, shrink=smallest)
    pack = of_twenty(pages)
    assert len(pack.questions) == 20 and code in pages.offered(pack)
    survey = dataclasses.replace(made.survey_on(TODAY), instrument=pack)
    page = pages.questionnaire(made.layanan[0], survey, {}, (), code)
    assert len(compressed(page.encode())) <= FIRST_LOAD


@pytest.mark.parametrize("pack", built_in_ids())
def test_every_pack_is_asked_in_every_language(tmp_path: Path, pack: str) -> None:
    pages = Pages(office(tmp_path).office, rehearsal=True)
    assert pages.offered(built_in(pack)) == list(CODES)


def test_a_page_without_third_parties_asks_for_nothing_else(tmp_path: Path) -> None:
    made = office(tmp_path).office
    for code in CODES:
        page = Pages(made, rehearsal=True).questionnaire(made.layanan[0], made.survey_on(TODAY), {}, (), code)
        assert re.findall(r'\b(?:src|srcset)="', page) == [] and "@import" not in page and "url(" not in page
        assert set(re.findall(r'https?://[^"\s]+', page)) == {"https://www.lapor.go.id/"}


@pytest.mark.usefixtures("weighed")
def test_a_real_server_gives_the_compressed_page_to_who_accepts_it_and_the_plain_one_to_others(tmp_path: Path) -> None:
    with server(office(tmp_path)) as (port, _):
        for path in ("/", "/ktp/", "/ktp/jv/", "/kk/en/", "/sw.js"):
            status, headers, packed = ask(port, "GET", path, Accept_Encoding="gzip, deflate, br")
            assert (status, headers["content-encoding"], headers["vary"]) == (200, "gzip", "Accept-Encoding")
            plain, without, page = ask(port, "GET", path)
            assert plain == 200 and "content-encoding" not in without
            assert gzip.decompress(packed) == page
            assert len(packed) <= FIRST_LOAD and "set-cookie" not in headers


def test_the_same_words_freeze_to_the_same_bytes(tmp_path: Path) -> None:
    made = office(tmp_path)
    first = {file.name: file.read_bytes() for file in freeze(made.office, made.site, TODAY, rehearsal=True)}
    assert first == {file.name: file.read_bytes() for file in freeze(made.office, made.site, TODAY, rehearsal=True)}


@pytest.mark.parametrize("rehearsal", [True, False])
def test_every_page_says_whether_it_is_a_rehearsal(tmp_path: Path, rehearsal: bool) -> None:
    made = office(tmp_path).office
    pages = Pages(made, rehearsal=rehearsal)
    every = [pages.home()]
    for code in CODES:
        every += [pages.error(name, code) for name in pages.languages[code]["galat"]["halaman"]]
        every += [pages.questionnaire(made.layanan[0], made.survey_on(TODAY), {}, (), code)]
        every += [pages.thanks("K7QM-2XTA-9F", code)]
    for page in every:
        assert (BAND in page) is rehearsal
        assert ('<body class="uji" data-cap=' in page) is rehearsal


def test_the_script_uses_every_word_it_is_given_and_no_other(tmp_path: Path) -> None:
    pages = Pages(office(tmp_path).office, rehearsal=False)
    assert set(re.findall(r"\bwords\.(\w+)", pages.js)) == set(pages.languages[DEFAULT]["kuesioner"]["skrip"])


def test_nothing_but_comments_and_indentation_is_taken_from_a_page_that_comes_back() -> None:
    text = "/* a\n b */\nconst a = 'x // y'.length; // why\n  // alone\n  const b = 'https://x.example';\n\n"
    assert (
        lean("javascript", text.replace("x // y", "x//y")) == "const a = 'x//y'.length;\nconst b = 'https://x.example';"
    )
    for file in (SITE_SOURCE / "assets").glob("*.js"):
        for line in file.read_text("utf-8").splitlines():
            assert not re.search(r"(['\"`])[^'\"`]*\s//\s[^'\"`]*\1", line.split(" // ")[0]), f"{file.name}: {line}"


def test_nothing_on_a_page_moves(tmp_path: Path) -> None:
    css = Pages(office(tmp_path).office, rehearsal=False).css
    assert not re.search(r"transition|animation|@keyframes|scroll-behavior", css)
    for medium in ("prefers-color-scheme: dark", "prefers-contrast: more", "forced-colors: active", "@media print"):
        assert medium in css
