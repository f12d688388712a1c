"""What lies at the counter beside the posters: the paper form."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest
from publish_samples import office, publish, text_of

from publish.paper_form import paper_form
from scoring.instrument import built_in, built_in_ids


def pages_of(pdf: Path) -> int:
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    return int(info.partition("Pages:")[2].split()[0])


@pytest.mark.parametrize("instrument", built_in_ids())
def test_the_paper_form_has_every_question_and_option_of_the_pack(tmp_path: Path, instrument: str) -> None:
    pack = built_in(instrument)
    file = tmp_path / "form.pdf"
    file.write_bytes(paper_form(office(tmp_path / "o").office, pack, date(2026, 10, 1)))
    text = subprocess.run(["pdftotext", str(file), "-"], capture_output=True, text=True, check=True).stdout
    words = " ".join(text.split())
    for question in pack.questions:
        assert question.text in words
        assert all(option in words for option in question.options)
    assert pages_of(file) <= 3


def test_the_paper_form_is_made_by_a_command(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert publish(workspace, "paper-form") == 0
    assert "KUESIONER SURVEI KEPUASAN MASYARAKAT" in text_of(workspace.data / "formulir-kertas.pdf")
