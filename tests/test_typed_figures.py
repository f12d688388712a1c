"""Figures cannot be typed: the prose of a document takes every number by its name."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from publish.documents import PROSE, render_prose
from scoring.errors import IkmError
from scoring.instrument import built_in

LAWS = built_in("permenpanrb-14-2017").dasar_hukum
NAMED: dict[str, str | Markup] = {
    "ikm": "81,85",
    "rentang": "25 September sampai dengan 24 Oktober 2026",
    "tanggal_dokumen": "25 Oktober 2026",
    "periode": "Oktober 2026",
    "tabel": Markup("<table><tr><td>9</td></tr></table>"),
}


@pytest.mark.parametrize(
    ("text", "line", "figure"),
    [
        ("IKM kami 81,85.", 1, "81,85"),
        ("satu\n\ndua\nada 12 orang", 4, "12"),
        ("{{ ikm }}\n{{ tabel }}\n naik 3%", 3, "3%"),
        ('{{ "81,85" }}', 1, "81,85"),
        ("baris\n{% set ikm_kami = 90 %}", 2, "90"),
        ("8{{ ikm }}", 1, "8"),
        ("Nilai &#56;&#49;", 1, "81"),
        ("Nilai ٨١ dan ½", 1, "٨١"),
        ("Nilai Ⅳ", 1, "Ⅳ"),
        ('<li value="81">satu</li>', 1, 'value="81">satu</li>'),
        ("81. bukan urutan daftar", 1, "81"),
        ("# Laporan 2026", 1, "2026"),
        ("pada 24 November 2026", 1, "24"),
        ("sampai 124 Oktober 2026", 1, "124"),
        ("Peraturan Nomor 15 Tahun 2017", 1, "15"),
    ],
)
def test_a_typed_figure_is_named_with_file_and_line(text: str, line: int, figure: str) -> None:
    with pytest.raises(IkmError) as caught:
        render_prose("laporan.md", text, NAMED, LAWS)
    assert caught.value.code == "PROSE_FIGURE"
    assert f"laporan.md, baris {line}: angka {figure} diketik" in str(caught.value)


def test_a_typed_figure_that_has_a_name_is_told_its_name() -> None:
    with pytest.raises(IkmError, match=r"Ganti dengan {{ ikm }}\."):
        render_prose("laporan.md", "IKM kami 81,85.", NAMED)
    with pytest.raises(IkmError, match=r"Ganti dengan nama dari nilai\.txt\."):
        render_prose("laporan.md", "IKM kami 81,86.", NAMED)


@pytest.mark.parametrize(
    "text",
    [
        "IKM {{ ikm }} pada {{ rentang }}.",
        "Laporan bertanggal 25 Oktober 2026, periode Oktober 2026.",
        "Jawaban diterima 25 September sampai dengan 24 Oktober 2026.",
        "Undang-Undang Nomor 25 Tahun 2009 dan Peraturan Pemerintah Nomor 96\nTahun 2012 tentang Pelaksanaan "
        "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik.",
        "1. satu\n2. dua\n3. tiga\n\nlagi:\n\n1. satu",
        "# 1. Pendahuluan\n\n## 1.2 Dasar\n\n<h2>Judul</h2>",
        '<p class="kolom2" id="a1">teks</p>\n\n## Judul { #l2 .lampiran }\n\n[tautan](#l2)',
        "{% if ikm %}{{ ikm }}{% endif %}{# 81 #}",
    ],
)
def test_names_dates_laws_and_numbering_are_no_typed_figures(text: str) -> None:
    assert render_prose("laporan.md", text, NAMED, LAWS)


def test_a_law_of_another_instrument_is_a_typed_number() -> None:
    law = built_in("kepmenpan-25-2004").dasar_hukum[-1]
    assert render_prose("laporan.md", law, NAMED, [law])
    with pytest.raises(IkmError, match="KEP/25"):
        render_prose("laporan.md", law, NAMED, LAWS)


@pytest.mark.parametrize("name", sorted(file.name for file in PROSE.glob("*.md")))
def test_the_prose_that_is_handed_out_has_no_figure_of_its_own_but_the_numbers_of_laws(name: str) -> None:
    text = (PROSE / name).read_text("utf-8")
    for law in (*LAWS, *(law.partition(" tentang ")[0] for law in LAWS)):
        text = text.replace(law, "")
    assert not any(char.isdigit() for char in text)
