"""Pictures and the worked figure of the documentation: each picture is shown and described, each line is computed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from scoring.figure import ratio, rounded, text
from scoring.index import compute, grade, unsur_means
from scoring.instrument import built_in
from scoring.table import read_answers, read_table
from scoring.tally import count_rows

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "gambar"
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MOST_BYTES = 1_500_000
LEAST_WORDS = 5
pytestmark = pytest.mark.docs


def named() -> list[tuple[Path, str, Path]]:
    """Return every picture that a page shows: the page, the text in its place, its file."""
    found = [
        (page, alt, (page.parent / source).resolve())
        for page in PAGES
        for alt, source in re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", page.read_text("utf-8"))
    ]
    assert not [page for page in PAGES if "<img" in page.read_text("utf-8")]  # they would not be seen here
    return found


def test_every_picture_that_a_page_shows_is_there_and_none_is_shown_nowhere() -> None:
    assert {file for _, _, file in named()} == {file.resolve() for file in FOLDER.iterdir()}


def test_every_picture_is_told_in_words_to_who_does_not_see_it() -> None:
    for page, alt, file in named():
        assert len(alt.split()) >= LEAST_WORDS, f"{page.name}: {file.name}"


def test_the_pictures_are_small_and_have_few_colours() -> None:
    files = sorted(FOLDER.iterdir())
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    for file in files:
        with Image.open(file) as image:
            assert (image.format, image.mode) == ("PNG", "P"), file.name


def test_the_figure_worked_by_hand_in_the_readme_is_what_scoring_computes() -> None:
    pack = built_in("permenpanrb-16-2014")
    file = ROOT / "publish" / "demo_data" / "wonosobo-2017.csv"
    _, rows = read_table(file.name, file.read_text("utf-8"), pack)
    answers, remarks = read_answers(file.name, rows, pack)
    part = count_rows(answers, [question.id for question in pack.questions], pack.low, pack.high)
    means = unsur_means(pack, part, "available")
    lines = []
    for unsur in pack.unsur:
        (question,) = pack.questions_of(unsur.id)
        mean = means[unsur.id]
        sums = " + ".join(f"{n:>2} x {value}" for value, n in enumerate(part.answers[question.id], pack.low))
        lines.append(f"U{unsur.number}   {sums} = {mean.total}   {mean.total} / {mean.n} = {text(mean.nrr, 3)}")
    figure = compute(pack, pack.indexes[0], pack.rule("exact"), {unsur: mean.nrr for unsur, mean in means.items()})
    assert figure.nilai is not None and figure.ikm is not None and not remarks
    band = grade(pack, figure.ikm)
    assert band is not None and set(figure.bobot.values()) == {pack.indexes[0].bobot[0]}
    whole = figure.nilai * len(means)
    for what, value in (
        ("sum of the nine means", f"{ratio(whole)} = {rounded(whole, 6)}"),
        (
            f"x {ratio(pack.indexes[0].bobot[0])}, the weight of each unsur",
            f"{ratio(figure.nilai)} = {rounded(figure.nilai, 6)}",
        ),
        (
            f"x {pack.factor}, and rounded once",
            f"{ratio(figure.ikm)} = {rounded(figure.ikm, 6)}, IKM {rounded(figure.ikm, 2)}",
        ),
        (f"in the band {band.min} to {band.max}", f"mutu {band.mutu} ({band.kinerja})"),
    ):
        lines.append(f"{what:<33}{value}")
    assert "```\n" + "\n".join(lines) + "\n```" in README, "\n".join(lines)
