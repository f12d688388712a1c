"""The citizens' pages as files: their weight, the band of a rehearsal, and a word for everything the script says."""

from __future__ import annotations

import dataclasses
import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from publish_samples import office

from collector.pages import Pages
from collector.workspace import SITE_SOURCE
from scoring.instrument import built_in

TODAY = date(2026, 10, 1)
FIRST_LOAD = 14 * 1024  # bytes: what a server may send before the phone has answered once
BAND = "UJI COBA"


@pytest.mark.parametrize("pack", ["permenpanrb-14-2017", "kepmenpan-25-2004", "sukma-jatim-11"])
def test_a_questionnaire_weighs_no_more_than_the_first_flight(tmp_path: Path, pack: str) -> None:
    made = office(tmp_path).office
    survey = dataclasses.replace(made.survey_on(TODAY), instrument=built_in(pack))
    page = Pages(made, rehearsal=True).questionnaire(made.layanan[0], survey, {}, ())
    assert len(gzip.compress(page.encode(), 6)) <= FIRST_LOAD


@pytest.mark.parametrize("rehearsal", [True, False])
def test_every_page_says_whether_it_is_a_rehearsal(tmp_path: Path, rehearsal: bool) -> None:
    made = office(tmp_path).office
    pages = Pages(made, rehearsal=rehearsal)
    errors = [pages.error(name) for name in pages.words["galat"]["halaman"]]
    asked = pages.questionnaire(made.layanan[0], made.survey_on(TODAY), {}, ())
    for page in (asked, pages.thanks("K7QM-2XTA-9F"), pages.home(), *errors):
        assert (BAND in page) is rehearsal


def test_the_script_uses_every_word_it_is_given_and_no_other(tmp_path: Path) -> None:
    script = (SITE_SOURCE / "assets" / "survei.js").read_text("utf-8")
    words = Pages(office(tmp_path).office, rehearsal=False).words["kuesioner"]["skrip"]
    assert set(re.findall(r"\bwords\.(\w+)", script)) == set(words)
