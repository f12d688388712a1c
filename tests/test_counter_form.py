"""The paper form as it is read: what must be filled in stands apart from what may be left open, in letters for all."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from pathlib import Path

import pytest
from publish_samples import office
from test_counter import pages_of

from publish.paper_form import paper_form
from scoring.instrument import built_in, built_in_ids

DAY = date(2026, 10, 1)
OPEN = "Boleh tidak diisi."
LONG = "Penerbitan Surat Keterangan Tidak Mampu dan Rekomendasi Bantuan Sosial bagi Warga Pendatang " * 2
MARGIN = 17  # mm
OFTEN = ("kepmenpan-25-2004", "permenpanrb-14-2017")  # the longest form, and the one in use
FORMS = [pytest.param(name, marks=() if name in OFTEN else pytest.mark.soak) for name in built_in_ids()]


def form(folder: Path, instrument: str = "permenpanrb-14-2017", *, large: bool = False, layanan: str = "") -> Path:
    made = office(folder / "o", {'"Perekaman KTP Elektronik"': f'"{LONG.strip()}"'} if layanan == "long" else None)
    file = folder / "form.pdf"
    chosen = "" if layanan == "long" else layanan
    file.write_bytes(paper_form(made.office, built_in(instrument), DAY, large=large, layanan=chosen))
    return file


def pages(file: Path) -> list[str]:
    text = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def right_edge(file: Path) -> float:
    """Return how far to the right any word reaches, in millimetres."""
    command = ["pdftotext", "-bbox", file, "-"]
    boxes = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return max(float(edge) for edge in re.findall(r'xMax="([\d.]+)"', boxes)) / 72 * 25.4


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_date_and_layanan_are_asked_for_and_only_the_profile_and_the_comment_may_be_left_open(
    tmp_path: Path, large: bool
) -> None:
    text = " ".join(pages(form(tmp_path, large=large)))
    places = [text.index(words) for words in ("I. Waktu dan layanan", "Mohon diisi", "Tanggal survei", "Layanan yang")]
    places += [text.index(words) for words in ("II. Tentang Anda", OPEN, "Jenis kelamin", "III. Pendapat", "IV. Saran")]
    assert places == sorted(places)
    assert text.count(OPEN[:-1]) == 2


def test_a_form_of_one_layanan_does_not_ask_to_mark_it(tmp_path: Path) -> None:
    text = " ".join(pages(form(tmp_path, layanan="ktp")))
    assert "lalu beri tanda pada jamnya." in text and "Kartu Keluarga" not in text


@pytest.mark.parametrize("instrument", FORMS)
def test_in_large_print_no_section_is_cut_and_the_page_number_is_as_large_as_the_text(
    tmp_path: Path, instrument: str
) -> None:
    file = form(tmp_path, instrument, large=True)
    profil = [field.nama for field in built_in(instrument).profil]
    (whole,) = [page for page in pages(file) if "II. Tentang Anda" in page]
    assert all(name.split()[0] in whole for name in profil)
    (first,) = [page for page in pages(file) if "I. Waktu dan layanan" in page]
    assert "Layanan Lainnya" in first and "Halaman 1 dari" in first
    drawn = subprocess.run(
        ["pdftohtml", "-xml", "-stdout", "-i", file], capture_output=True, text=True, check=True
    ).stdout
    sizes = [int(size) for size in re.findall(r'<fontspec [^>]*size="(\d+)"', drawn)]
    assert min(sizes) >= 18 * 1.5 - 1  # pdftohtml draws 1.5 times as large


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_a_long_name_of_a_layanan_stays_on_the_paper(tmp_path: Path, large: bool) -> None:
    file = form(tmp_path, large=large, layanan="long")
    assert right_edge(file) <= 210 - MARGIN + 0.5
    assert LONG.rsplit(maxsplit=1)[-1] in " ".join(pages(file))
    assert large or pages_of(file) == 2
