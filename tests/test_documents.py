"""The documents of a periode: their figures, what people wrote in them, how they look, what they refuse."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from flow_samples import write_briefly
from PIL import Image
from publish_samples import answer, collect, office, publish, text_of
from shared_setup import made_once

from collector.workspace import Workspace, load
from publish import pdf
from publish.documents import DOCUMENTS, render_prose
from scoring.errors import IkmError

NASTY = "<script>alert(1)</script> *bintang* | {{ ikm }} _garis_"
NAMES = [document.name for document in DOCUMENTS if not document.only_with]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    def make(folder: Path) -> None:
        workspace = office(folder)
        answer(workspace, 60)
        assert collect(workspace, "close", "2026-10") == 0
        assert publish(workspace, "report", "2026-10") == 0

    return load(made_once(tmp_path_factory, "dokumen", make) / "office.toml")


@pytest.fixture
def folder(closed: Workspace) -> Path:
    return closed.periode_folder("2026-10")


def result_of(folder: Path) -> dict[str, str]:
    result: dict[str, str] = json.loads((folder / "result.json").read_text("utf-8"))
    return result


@pytest.mark.parametrize("name", NAMES)
def test_every_page_of_every_document_says_that_it_is_an_unsigned_draft(folder: Path, name: str) -> None:
    pages = subprocess.run(["pdftotext", str(folder / f"{name}.pdf"), "-"], capture_output=True, text=True, check=True)
    for page in pages.stdout.rstrip("\f").split("\f"):
        assert "KONSEP - BELUM DITANDATANGANI" in page
        assert "DATA UJI COBA" in page


@pytest.mark.parametrize("name", ["laporan", "rtl", "lembar-publikasi"])
def test_a_document_prints_the_index_of_the_result_with_a_decimal_comma(folder: Path, name: str) -> None:
    result = result_of(folder)
    assert result["ikm"].replace(".", ",") in text_of(folder / f"{name}.pdf")
    assert result["ikm"] not in text_of(folder / f"{name}.pdf")


@pytest.mark.parametrize("name", NAMES)
def test_a_document_leaves_no_name_unfilled_and_no_iso_date(folder: Path, name: str) -> None:
    text = text_of(folder / f"{name}.pdf")
    assert not re.search(r"\{\{|\}\}|None|undefined|\b20\d\d-\d\d-\d\d\b", text)
    assert "Oktober 2026" in text


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_printed_in_the_margins(folder: Path, tmp_path: Path, name: str) -> None:
    subprocess.run(
        ["pdftoppm", "-r", "50", "-gray", "-png", str(folder / f"{name}.pdf"), str(tmp_path / "p")], check=True
    )
    for file in sorted(tmp_path.glob("p*.png")):
        image = Image.open(file).convert("L")
        millimetre = 50 / 25.4
        left, right = int(25 * millimetre), image.width - int(20 * millimetre)
        assert image.crop((0, 0, left, image.height)).getextrema() == (255, 255), file.name
        assert image.crop((right, 0, image.width, image.height)).getextrema() == (255, 255), file.name


@pytest.mark.parametrize("name", ["surat-pengantar", "lembar-publikasi"])
def test_a_short_document_is_one_page(folder: Path, name: str) -> None:
    info = subprocess.run(["pdfinfo", folder / f"{name}.pdf"], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages:\s+1\n", info)


def test_the_index_stands_with_its_interval_number_dates_and_rule(folder: Path) -> None:
    result, text = json.loads((folder / "result.json").read_text("utf-8")), text_of(folder / "lembar-publikasi.pdf")
    low, high = (result["interval"][end].replace(".", ",") for end in ("low", "high"))
    for words in (f"antara {low} dan {high}", "60 orang", "25 September sampai dengan", "bobot tepat 1/9"):
        assert words in text


def test_the_same_periode_gives_the_same_bytes(closed: Workspace, folder: Path, tmp_path: Path) -> None:
    before = {name: (folder / f"{name}.pdf").read_bytes() for name in NAMES}
    shutil.copytree(closed.root, tmp_path / "kantor")
    workspace = load(tmp_path / "kantor" / "office.toml")
    folder = workspace.periode_folder("2026-10")
    for name in NAMES:
        (folder / f"{name}.pdf").unlink()
    assert publish(workspace, "report", "2026-10") == 0
    assert before == {name: (folder / f"{name}.pdf").read_bytes() for name in NAMES}


def test_a_document_is_tagged_archivable_and_has_its_fonts_in_it(folder: Path) -> None:
    for name in NAMES:
        with pikepdf.open(folder / f"{name}.pdf") as document, document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        info = subprocess.run(["pdfinfo", folder / f"{name}.pdf"], capture_output=True, text=True, check=True).stdout
        assert re.search(r"Tagged:\s+yes", info)
        fonts = subprocess.run(["pdffonts", folder / f"{name}.pdf"], capture_output=True, text=True, check=True).stdout
        rows = fonts.splitlines()[2:]
        assert rows and all("Noto" in row and " yes " in row for row in rows), fonts


def test_running_again_keeps_what_people_wrote(closed: Workspace, tmp_path: Path) -> None:
    shutil.copytree(closed.root, tmp_path / "kantor")
    workspace = load(tmp_path / "kantor" / "office.toml")
    folder = workspace.periode_folder("2026-10")
    write_briefly(folder)
    (folder / "surat-pengantar.md").write_text("Kata *kami* sendiri: {{ ikm }}.\n", "utf-8")
    letter = (folder / "surat.toml").read_text("utf-8").replace('nomor = ""', 'nomor = "000.8.3.4/7/X/2026"')
    (folder / "surat.toml").write_text(letter, "utf-8")
    plan = (folder / "rtl.toml").read_text("utf-8").replace('kegiatan = ""', 'kegiatan = "Membuka loket kedua"', 1)
    (folder / "rtl.toml").write_text(plan, "utf-8")
    assert publish(workspace, "report", "2026-10", day="2026-11-03") == 0
    assert (folder / "surat.toml").read_text("utf-8") == letter
    assert (folder / "rtl.toml").read_text("utf-8") == plan
    text = text_of(folder / "surat-pengantar.pdf")
    assert f"Kata kami sendiri: {result_of(folder)['ikm'].replace('.', ',')}." in text
    assert "Membuka loket" in text_of(folder / "rtl.pdf")
    assert "25 Oktober 2026" in text_of(folder / "laporan.pdf")


def test_the_follow_up_plan_starts_empty_with_one_entry_for_each_lowest_unsur(folder: Path) -> None:
    plan = (folder / "rtl.toml").read_text("utf-8")
    lowest = json.loads((folder / "result.json").read_text("utf-8"))["lowest"]["unsur"]
    assert re.findall(r'^unsur = "(.*)"$', plan, re.MULTILINE) == lowest
    assert plan.count('kegiatan = ""') == len(lowest)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the documents of an office on F4 whose place has a nasty name."""
    changes = {'tempat = "Teladan"': f"tempat = '{NASTY}'", 'paper = "A4"': 'paper = "F4"'}
    workspace = office(tmp_path_factory.mktemp("nasty"), changes)
    answer(workspace, 20)
    collect(workspace, "close", "2026-10")
    write_briefly(workspace.periode_folder("2026-10"))
    assert publish(workspace, "report", "2026-10") == 0
    return workspace.periode_folder("2026-10")


def test_text_of_the_office_cannot_break_a_document(nasty: Path) -> None:
    letter = str(nasty / "surat-pengantar.pdf")
    raw = subprocess.run(["pdftotext", "-raw", letter, "-"], capture_output=True, text=True, check=True).stdout
    assert NASTY in " ".join(raw.split())


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("satu\n\n{{ tidak_ada }}", "PROSE_NAME", 3),
        ("satu\n{{ ikm", "PROSE_SYNTAX", 2),
        ("{% for %}", "PROSE_SYNTAX", 1),
    ],
)
def test_a_wrong_name_in_the_prose_is_named_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(IkmError) as caught:
        render_prose("laporan.md", text, {"ikm": "81,85"})
    assert caught.value.code == code
    assert f"laporan.md, baris {line}" in str(caught.value)


def test_a_value_is_never_read_as_markdown_or_html() -> None:
    html = render_prose("laporan.md", "Nama: {{ nama }}", {"nama": "*a* <b>c</b> [x](y) `z`"})
    assert html == "<p>Nama: &#42;a&#42; &lt;b&gt;c&lt;/b&gt; &#91;x&#93;(y) &#96;z&#96;</p>"


def test_an_open_periode_has_no_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    answer(workspace, 20)
    assert publish(workspace, "report", "2026-10") == 2
    assert capsys.readouterr().err == "Periode 2026-10 belum ditutup. Ketik: make close PERIOD=2026-10\n"
    assert not workspace.periode_folder("2026-10").exists()


def test_a_closed_periode_without_answers_has_no_documents(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    collect(workspace, "close", "2026-10", "--empty")
    assert publish(workspace, "report", "2026-10") == 2
    assert "tidak memiliki jawaban" in capsys.readouterr().err


def test_a_quarter_is_reported_when_its_months_are_closed(tmp_path: Path) -> None:
    workspace = office(tmp_path, {"report_day = 25": "report_day = 1"})
    answer(workspace, 25)
    for month in ("2026-10", "2026-11", "2026-12"):
        assert collect(workspace, "close", month, "--empty", day="2027-01-04") == 0
    write_briefly(workspace.periode_folder("2026-TW4"))
    assert publish(workspace, "report", "2026-TW4", day="2027-01-04") == 0
    assert "Triwulan IV Tahun 2026" in text_of(workspace.periode_folder("2026-TW4") / "laporan.pdf")


def test_a_day_may_be_set_only_on_a_rehearsal_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path / "a")
    workspace.store.unlink()
    assert publish(workspace, "site") == 2
    assert "bukan basis data uji coba" in capsys.readouterr().err


def test_nothing_outside_is_fetched_while_a_document_is_made() -> None:
    for address in ("http://127.0.0.1:9/x.png", "file:///etc/hostname", "https://example.org/a.css"):
        with pytest.raises(IkmError, match=f"memuat alamat {address}"):
            pdf.render("x", "", f'<img src="{address}">', author="x", day=date(2026, 1, 1))


def test_f4_paper_is_215_by_330_millimetres(nasty: Path) -> None:
    info = subprocess.run(["pdfinfo", nasty / "rtl.pdf"], capture_output=True, text=True, check=True).stdout
    width, height = map(float, re.findall(r"Page size:\s+([\d.]+) x ([\d.]+)", info)[0])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (215, 330)


def test_the_laporan_says_every_check_and_that_nothing_was_removed(folder: Path) -> None:
    text = text_of(folder / "laporan.pdf")
    assert "2.6 Kewajaran Jawaban" in text
    assert "Tiket sekali pakai" in text and "Ketahanan huruf" in text
    assert "Dari 11 pemeriksaan" in (folder / "nilai.txt").read_text("utf-8")
    assert "tidak ada jawaban yang dihapus" in text


def test_a_laporan_of_nine_answers_shows_no_check(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 9)
    collect(workspace, "close", "2026-10")
    write_briefly(workspace.periode_folder("2026-10"), "laporan.md")
    assert publish(workspace, "report", "2026-10") == 0
    text = text_of(workspace.periode_folder("2026-10") / "laporan.pdf")
    assert "Hasil pemeriksaan tidak ditampilkan" in text
    assert "Tiket sekali pakai" not in text
