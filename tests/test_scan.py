"""Scans of signatures in ink: which edition was signed is read from them, what cannot be read is left to the eye."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flow_samples import Case, blank_scan
from PIL import Image, ImageFilter
from shared_samples import brief_office, copied

from publish import pdf
from publish.edition import qr_text
from publish.pdf_fields import page_count
from publish.scan import read_scan
from publish.stamp import Edition, edition_qr, running_qr

CSS = "@page{size:210mm 297mm;margin:25mm}"
Change = Callable[[Image.Image], Image.Image]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return brief_office(tmp_path_factory)


@pytest.fixture
def made(first: Case, tmp_path: Path) -> Case:
    """Return a copy of the office with a frozen edition, which a test may spoil."""
    return copied(first, tmp_path / "kantor")


def turned(page: Image.Image) -> Image.Image:
    """Return a page as it lies on a scanner: not quite straight, not quite white."""
    return page.rotate(1.3, fillcolor=246, expand=True).point(lambda value: min(246, 12 + value * 9 // 10))


def blurred(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(9))


def pages_of(source: Path, folder: Path) -> list[Image.Image]:
    """Return the pages of a PDF at 200 dots an inch, in grey."""
    folder.mkdir()
    subprocess.run(["pdftoppm", "-r", "200", "-gray", source, folder / "hal"], check=True)
    return [Image.open(page).copy() for page in sorted(folder.glob("hal*"))]


def scanned(pages: list[Image.Image], file: Path) -> Path:
    """Write the pages as a scanner does: a PDF of images and nothing else."""
    pages[0].save(file, save_all=True, append_images=pages[1:], resolution=200)
    return file


def other_page(made: Case, text: str, folder: Path) -> Image.Image:
    """Return a page that carries another code."""
    file = made.workspace.root / "lain.pdf"
    body = "<h1>Laporan</h1>"
    file.write_bytes(pdf.render("L", CSS + running_qr(text), body, author="K", day=date(2026, 10, 25)))
    return pages_of(file, folder)[0]


def scan(made: Case, file: Path) -> int:
    return made.do("scan", "--document", "laporan", "--file", str(file))


def test_a_turned_scan_is_matched_with_its_edition_page_by_page_and_the_journal_says_so(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pages = [turned(page) for page in pages_of(made.folder / "edisi-1" / "laporan.pdf", tmp_path / "hal")]
    assert scan(made, scanned(pages, tmp_path / "pindaian.pdf")) == 0
    said = f"semua halaman pindaian ({len(pages)}) sama dengan edisi 1 periode 2026-10"
    printed = capsys.readouterr().out
    assert said in printed and "cocokkan dengan lembar aslinya" in printed
    entry = made.entries()[-1]
    assert said in entry["note"]
    assert (entry["detail"]["kind"], entry["detail"]["level"]) == ("ink", "tinta")
    assert entry["detail"]["signer"] == "Ratna Contohwati, S.STP., M.Si."


def test_one_page_of_another_edition_or_of_another_count_is_refused(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office, result = made.workspace.office, (made.folder / "edisi-1" / "result.json").read_bytes()
    pages = pages_of(made.folder / "edisi-1" / "rtl.pdf", tmp_path / "hal")
    for number, text, words in (
        (1, qr_text(office, made.periode, 2, result), "memuat edisi 2 periode 2026-10, yang dicatat edisi 1"),
        (2, qr_text(office, made.periode, 1, b"{}"), "edisi 1 periode 2026-10 dengan hasil hitungan yang lain"),
        (3, qr_text(office, "2026-09", 1, result), "memuat edisi 1 periode 2026-09, yang dicatat edisi 1"),
    ):
        swapped = [*pages[:-1], other_page(made, text, tmp_path / f"lain-{number}")]
        assert scan(made, scanned(swapped, tmp_path / "pindaian.pdf")) == 2
        assert words in capsys.readouterr().err
    assert made.acts()[-1] == "bekukan frozen staf" and not (made.folder / "edisi-1" / "pindaian").exists()


def test_pages_whose_code_cannot_be_read_are_left_to_the_eye_and_the_journal_says_how_many(
    made: Case, tmp_path: Path
) -> None:
    pages = pages_of(made.folder / "edisi-1" / "laporan.pdf", tmp_path / "hal")
    worn = [blurred(page) if place % 2 else page for place, page in enumerate(pages)]
    assert scan(made, scanned(worn, tmp_path / "pindaian.pdf")) == 0
    read = (len(pages) + 1) // 2
    assert f"Kode QR pada {read} dari {len(pages)} halaman pindaian sama" in made.entries()[-1]["note"]


@pytest.mark.parametrize("name", ["pindaian.png", "pindaian.jpg"])
def test_a_page_photographed_as_an_image_is_read_too(made: Case, tmp_path: Path, name: str) -> None:
    page = turned(pages_of(made.folder / "edisi-1" / "surat-pengantar.pdf", tmp_path / "hal")[0])
    page.save(tmp_path / name, dpi=(200, 200))
    result = (made.folder / "edisi-1" / "result.json").read_bytes()
    assert read_scan(tmp_path / name) == (frozenset({qr_text(made.workspace.office, made.periode, 1, result)}),)


def test_without_the_program_that_reads_codes_a_scan_is_taken_in_and_left_to_the_eye(
    made: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scan(made, made.folder / "edisi-1" / "laporan.pdf") == 0
    assert "tidak terbaca; cocokkan dengan mata" in capsys.readouterr().out
    assert "tidak terbaca" in made.entries()[-1]["note"]


def test_another_code_on_a_page_is_nobodys_edition(tmp_path: Path, made: Case) -> None:
    page = other_page(made, "https://skm.contohkab.example/", tmp_path / "hal")
    assert read_scan(scanned([page], tmp_path / "a.pdf")) == (frozenset({"https://skm.contohkab.example/"}),)
    pages = page_count((made.edition / "laporan.pdf").read_bytes())
    assert scan(made, scanned([page] * pages, tmp_path / "b.pdf")) == 0
    assert "tidak terbaca" in made.entries()[-1]["note"]
    text = edition_qr("", Edition.of("2026-10", 1, b"{}"))
    assert text not in next(iter(read_scan(tmp_path / "a.pdf")))


def test_a_scan_that_lacks_a_page_of_its_document_is_refused(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, file = made.edition / "laporan.pdf", tmp_path / "pindaian.pdf"
    whole = page_count(document.read_bytes())
    assert whole > 1
    file.write_bytes(blank_scan(document, "laporan", whole - 1))
    assert scan(made, file) == 2
    said = capsys.readouterr().err
    assert f"memuat {whole - 1} halaman yang terbaca, padahal laporan terdiri atas {whole} halaman" in said
    for content in (b"%PDF-1.7 a torn file", b"\x89PNG\r\n\x1a\n"):
        file.write_bytes(content)
        assert scan(made, file) == 2
        assert "memuat 0 halaman yang terbaca" in capsys.readouterr().err
    one = tmp_path / "foto.png"
    Image.new("L", (50, 50), 255).save(one)
    assert scan(made, one) == 2
    assert "memuat 1 halaman" in capsys.readouterr().err
    assert made.acts()[-1] == "bekukan frozen staf" and not (made.edition / "pindaian").exists()
    file.write_bytes(blank_scan(document, "laporan", whole + 1))  # the back of the last sheet
    assert scan(made, file) == 0


def replace(made: Case, file: Path, *note: str) -> int:
    return made.do("scan", "--document", "laporan", "--file", str(file), *(("--note", *note) if note else ()))


def test_a_wrong_scan_is_replaced_with_its_reason_before_the_dispatch_and_both_stay(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.sign() == 0
    right, wrong = tmp_path / "benar.pdf", made.workspace.root / "pindaian-laporan.pdf"
    right.write_bytes(blank_scan(made.edition / "laporan.pdf", "benar"))
    assert replace(made, right) == 2
    assert "Pindaian laporan edisi 1 sudah dicatat pada 26 Oktober 2026." in capsys.readouterr().err
    assert replace(made, wrong, "halaman terbalik") == 2  # the same file again is no other scan
    assert replace(made, right, "halaman terbalik") == 0
    said = capsys.readouterr().out
    assert "Semua dokumen edisi ini sudah ditandatangani." in said and "make send" in said
    old, new = (hashlib.sha256(file.read_bytes()).hexdigest() for file in (wrong, right))
    entry = made.entries()[-1]
    assert entry["note"].startswith("Pindaian diganti: halaman terbalik. Kode QR")
    assert (entry["files"], entry["detail"]["replaces"]) == ({f"edisi-1/pindaian/{new}.pdf": new}, old)
    assert [act.split()[1] for act in made.acts()].count("signed") == 4
    assert {file.stem for file in (made.edition / "pindaian").iterdir()} >= {old, new}
    assert made.do("send") == 0
    pack = made.folder / "kirim" / "edisi-1"
    assert (pack / "laporan-bertanda-tangan.pdf").read_bytes() == right.read_bytes()
    assert made.do("verify") == 0
    assert replace(made, wrong, "masih terbalik") == 2
    assert "make ralat PERIOD=2026-10" in capsys.readouterr().err


def test_a_scan_is_replaced_while_others_are_still_awaited_and_only_by_who_signs(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("satu.pdf", "dua.pdf"):
        (tmp_path / name).write_bytes(blank_scan(made.edition / "laporan.pdf", name))
    assert replace(made, tmp_path / "satu.pdf") == 0
    assert replace(made, tmp_path / "dua.pdf", "kabur", "--by", "kasi") == 2
    assert "dilakukan oleh Camat, bukan Kepala Seksi" in capsys.readouterr().err
    assert replace(made, tmp_path / "dua.pdf", "kabur") == 0
    assert "Yang masih menunggu: rtl, surat-pengantar." in capsys.readouterr().out
    assert made.sign() == 2  # of the laporan there is one
    assert made.do("send") == 0


def test_a_scan_replaced_after_the_publication_is_published_again_and_all_holds(made: Case, tmp_path: Path) -> None:
    assert made.sign() == made.do("public") == 0
    file = tmp_path / "benar.pdf"
    file.write_bytes(blank_scan(made.edition / "laporan.pdf", "benar"))
    assert replace(made, file, "halaman terbalik") == made.do("public") == made.do("send") == 0
    assert made.do("verify") == 0
