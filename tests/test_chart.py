"""The house chart and the trend: right places, nothing by colour alone, no text cut or on top of another."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from published_office import chromium
from scoring_samples import part, rows_of, tally

from publish import pdf
from publish.chart import Row, axis_svg, dot_svg, trend_figure, unsur_chart, unsur_figure, unsur_rows
from publish.drawing import width_of, wrap
from publish.trend import TrendPoint, short_name, trend_chart
from scoring import result
from scoring.instrument import built_in, built_in_ids

NINE = built_in("permenpanrb-14-2017")
FOURTEEN = built_in("kepmenpan-25-2004")
LONG = [Row(unsur.nama, "88.30", place in (4, 7)) for place, unsur in enumerate(NINE.unsur)]


def points(values: list[str | None], change: int | None = None) -> list[TrendPoint]:
    """Return months from January 2026 on; from place `change` on under another instrument."""
    return [
        TrendPoint(f"2026-{number:02d}", value, pack.id, pack.id, pack.bands)
        for number, value in enumerate(values, 1)
        for pack in [FOURTEEN if change is not None and number <= change else NINE]
    ]


@pytest.mark.parametrize(("value", "place"), [("25.00", "0%"), ("62.50", "50%"), ("100.00", "100%"), ("24.75", "0%")])
def test_the_dot_stands_at_its_value_on_the_full_scale(value: str, place: str) -> None:
    assert f'cx="{place}"' in dot_svg(Row("Persyaratan", value), NINE.bands)


def test_a_strip_says_its_value_and_letter_in_words() -> None:
    strip = dot_svg(Row("Persyaratan", "76.60"), NINE.bands)
    assert 'role="img"' in strip
    assert "<title>Persyaratan: 76,60, mutu C</title>" in strip


def test_the_lowest_is_marked_by_colour_and_by_word() -> None:
    chart = unsur_chart([Row("Persyaratan", "80.00"), Row("Waktu Penyelesaian", "70.00", lowest=True)], NINE.bands)
    assert len(re.findall(r"<text[^>]*>terendah</text>", chart)) == 1
    assert len(re.findall(r'<circle[^>]*fill="#a3261f"', chart)) == 1
    assert "Waktu Penyelesaian 70,00 (terendah)" in chart


def test_an_interval_is_drawn_only_where_there_is_one() -> None:
    assert "<line" not in unsur_chart([Row("Persyaratan", "80.00")], NINE.bands)
    drawn = unsur_chart([Row("Persyaratan", "80.00", low="78.10", high="81.90")], NINE.bands)
    assert drawn.count("<line") == 1
    assert "rentang 78,10 sampai 81,90" in dot_svg(Row("Persyaratan", "80.00", low="78.10", high="81.90"), NINE.bands)


def test_an_unsur_without_answers_has_no_dot_but_says_so() -> None:
    strip = dot_svg(Row("Persyaratan", None), NINE.bands)
    assert "<circle" not in strip
    assert ">belum ada jawaban<" in strip


def test_boundaries_and_letters_are_named_once() -> None:
    for pack, edges in ((NINE, ["65", "76,6", "88,3"]), (FOURTEEN, ["43,8", "62,5", "81,3"])):
        said = re.findall(r"<text[^>]*>([^<]+)</text>", axis_svg(pack.bands))
        assert said == ["D", "C", "B", "A", *edges, "25", "100"]


def test_no_unsur_is_lowest_when_all_are_the_same() -> None:
    scored = result.score(tally(part(rows_of("333333333 " * 12))))
    assert not any(row.lowest for row in unsur_rows(scored))


def test_names_of_every_pack_are_wrapped_and_never_cut() -> None:
    for pack in map(built_in, built_in_ids()):
        for unsur in pack.unsur:
            lines = wrap(unsur.nama, 13, 196)
            assert " ".join(lines) == unsur.nama
            assert all(width_of(line, 13) <= 196 for line in lines)


def test_a_name_with_markup_stays_text() -> None:
    assert "<b>" not in unsur_chart([Row("<b>&", "80.00")], NINE.bands)


def test_the_same_rows_give_the_same_drawing() -> None:
    assert unsur_chart(LONG, NINE.bands) == unsur_chart(list(LONG), NINE.bands)


def test_the_trend_breaks_where_the_instrument_changed() -> None:
    drawn = trend_chart(points(["70.00", "71.00", "80.00", "81.00"], change=2))
    assert drawn.count("garis-nilai") == 2
    assert ">instrumen berganti<" in drawn
    assert "nilai tidak dapat dibandingkan" in drawn
    assert "instrumen berganti" not in trend_chart(points(["70.00", "71.00"]))


def test_the_trend_names_a_change_of_rule() -> None:
    first, second = points(["70.00", "71.00"])
    drawn = trend_chart([first._replace(series="other"), second])
    assert ">aturan hitung berganti<" in drawn


def test_the_line_is_interrupted_where_a_periode_has_no_value() -> None:
    drawn = trend_chart(points(["70.00", "71.00", None, "73.00", "74.00"]))
    assert drawn.count("garis-nilai") == 2
    assert drawn.count("<circle") == 4


def test_periode_have_short_names() -> None:
    assert short_name("2026-10") == ("Okt", "2026")
    assert short_name("2026-TW3") == ("TW III", "2026")
    assert short_name("2026-S2") == ("Smt II", "2026")
    assert short_name("2026") == ("2026",)


def test_figures_for_documents_carry_the_finding_and_render_to_pdf(tmp_path: Path) -> None:
    before = tally(part(rows_of("343333333 " * 12)), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    scored = result.score(tally(part(rows_of("343343234 " * 12)), previous=before))
    figures = unsur_figure(scored, NINE) + trend_figure(scored)
    assert figures.count("<figcaption>") == 2
    file = tmp_path / "grafik.pdf"
    file.write_bytes(pdf.render("Grafik", "", figures, author="Kantor", day=date(2026, 10, 25)))
    said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    for words in ("Penanganan Pengaduan,", "Saran dan Masukan", "terendah", "76,6", "88,3", "Okt", "50,00"):
        assert words in said


def test_there_is_no_trend_without_a_periode_before_of_at_least_ten_answers() -> None:
    few = tally(part(rows_of("343333333 " * 9)), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    for before in (None, few):
        assert not trend_figure(result.score(tally(part(rows_of("343343234 " * 12)), previous=before)))


@pytest.mark.browser
def test_text_is_neither_cut_nor_on_top_of_other_text() -> None:
    many = points(["70.00", "71.20", "73.40", "100.00", "25.00", "82.10", None, "83.00", "81.20", "82.40"], change=4)
    charts = {
        640: [unsur_chart(LONG, NINE.bands), unsur_chart([Row(u.nama, "100.00") for u in FOURTEEN.unsur], NINE.bands)],
        720: [trend_chart(many, width=720)],
        288: [trend_chart(many[-6:], width=288), axis_svg(NINE.bands), axis_svg(FOURTEEN.bands)],
    }
    places = "".join(
        f'<div style="width:{width}px">{chart}</div>' for width, drawn in charts.items() for chart in drawn
    )
    with chromium() as (page, faults):
        page.set_content(f"<meta charset=utf-8><body style='font-family:system-ui'>{places}")
        boxes = page.evaluate(
            """() => [...document.querySelectorAll('svg')].map(svg => {
              const place = svg.getBoundingClientRect();
              return [...svg.querySelectorAll('text')].map(text => {
                const box = text.getBoundingClientRect();
                const [left, right] = [box.left - place.left, box.right - place.left];
                return [text.textContent, left, box.top, right, box.bottom, place.width];
              });
            })"""
        )
    assert not faults
    for chart in boxes:
        for said, left, _, right, _, width in chart:
            assert left >= -1, said
            assert right <= width + 1, said
        for one, two in combinations(chart, 2):
            apart = one[3] <= two[1] or two[3] <= one[1] or one[4] <= two[2] + 4 or two[4] <= one[2] + 4
            assert apart, (one[0], two[0])
