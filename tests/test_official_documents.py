"""The whole set of documents of two periode, as an office of outline B on F4 fills them in and hands them over."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import tomllib
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from flow_samples import begun, write_briefly
from PIL import Image
from publish_samples import REPORT_DAY, answer, collect, office, publish, text_of
from scoring_samples import MAKLUMAT, part, rows_of, tally
from shared_setup import made_once

from collector.workspace import Workspace, load
from publish import analysis, plan_tables, tables
from publish.control_sheet import ControlRow, write_control_sheet
from publish.demo_entries import fill_entries
from publish.photos import clean_photo
from publish.reconciliation import causes, read_recaps, remainder
from publish.rtl import Rencana
from publish.words import angka, grouped, terbilang
from scoring.errors import IkmError
from scoring.explain import explain
from scoring.instrument import built_in
from scoring.result import score
from scoring.table import score_table

DATA = Path(__file__).parent.parent / "publish" / "demo_data" / "demo.toml"
SAID = "kata-perintah.txt"
PERPRES = "Peraturan Presiden Nomor 76 Tahun 2013 tentang Pengelolaan Pengaduan Pelayanan Publik"
CHANGES = {
    'paper = "A4"': 'paper = "F4"',
    'outline = "A"': 'outline = "B"',
    "paraf = []": 'paraf = ["sekcam", "kasi"]',
    "dasar_hukum = []": f'dasar_hukum = ["{PERPRES}"]',
}


def entries() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text("utf-8"))


def plan(folder: Path) -> None:
    text = (folder / "rtl.toml").read_text("utf-8").replace('kegiatan = ""', 'kegiatan = "Membuka loket kedua"')
    text = text.replace("waktu = []", 'waktu = ["TW IV"]').replace('bukti = ""', 'bukti = "Catatan antrean"')
    text = text.replace('penanggung_jawab = ""', 'penanggung_jawab = "Kasi Pelayanan"')
    (folder / "rtl.toml").write_text(text.replace('indikator = ""', 'indikator = "Antrean pendek"'), "utf-8")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return the office; what its last command said is in its folder."""
    root = tmp_path_factory.mktemp("kantor") / "kantor"
    shutil.copytree(made_once(tmp_path_factory, "dokumen-resmi", fill), root)
    return load(root / "office.toml")


def fill(root: Path) -> None:
    workspace = office(root, CHANGES)
    answer(workspace, 40, seed=1, day=date(2026, 9, 1))
    answer(workspace, 60, seed=2, day=date(2026, 10, 1), saran="Antrean panjang")
    for periode in ("2026-09", "2026-10"):
        assert collect(workspace, "close", periode) == 0
    write_briefly(workspace.periode_folder("2026-09"))
    assert publish(workspace, "report", "2026-09") == 0
    plan(workspace.periode_folder("2026-09"))
    begun(workspace, "2026-10", REPORT_DAY)
    folder = workspace.periode_folder("2026-10")
    plan(folder)
    fill_entries(folder, workspace.office.periode("2026-10"), entries())
    letter = (folder / "surat.toml").read_text("utf-8").replace('nomor = ""', 'nomor = "000.8.3.4/7/X/2026"')
    (folder / "surat.toml").write_text(letter, "utf-8")
    (folder / "rekap-luar.json").write_text(json.dumps(recaps(folder)), "utf-8")
    with (root / SAID).open("w", encoding="utf-8") as said, redirect_stdout(said):
        assert publish(workspace, "report", "2026-10") == 0


def recaps(folder: Path) -> dict[str, Any]:
    """Return what the import of another tool's recap leaves: the office's own NRR, its index by the weight 0,11."""
    result = json.loads((folder / "result.json").read_text("utf-8"))
    pack = built_in(result["instrument"])
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    sheet = ",".join(q.id for q in pack.questions) + "\n" + ",".join(nrr[q.unsur] for q in pack.questions) + "\n"
    figures = score_table("rekap.csv", sheet, pack, "exact", "available", nrr=True)
    printed = next(rule["ikm"] for rule in explain("x", sheet, pack, "80", nrr=True)["rules"] if rule["rule"] == "0.11")
    recap = {
        "source": "Aplikasi Provinsi",
        "file": "rekap.csv",
        "sha256": "ab" * 32,
        "imported_on": "2026-10-25",
        "kind": "nrr",
        "printed": printed,
        "blank": "available",
        "figures": figures,
        "explained": explain("rekap.csv", sheet, pack, printed, nrr=True),
    }
    return {"format": "rekap-luar/1", "mark": "rekap impor", "periode": "2026-10", "recaps": [recap]}


@pytest.fixture
def folder(filled: Workspace) -> Path:
    return filled.periode_folder("2026-10")


def raw_text(pdf: Path) -> str:
    """Return the text of a PDF cell by cell, with single spaces."""
    done = subprocess.run(["pdftotext", "-raw", str(pdf), "-"], capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def test_the_compact_outline_has_its_chapters_annexes_and_page_numbers(folder: Path) -> None:
    text = text_of(folder / "laporan.pdf")
    for words in (
        *("BAB I Pengumpulan Data SKM", "2.3 IKM Setiap Layanan", "BAB III Hasil Tindak Lanjut SKM Periode Sebelumnya"),
        *("BAB IV KESIMPULAN", "LAMPIRAN 1 KUESIONER", "LAMPIRAN 2 DOKUMENTASI", "LAMPIRAN 3 LEMBAR PENGENDALIAN"),
        *(PERPRES, "Halaman 2 dari"),
    ):
        assert words in text, words


def test_what_people_entered_stands_in_the_laporan_and_nothing_is_missing(filled: Workspace, folder: Path) -> None:
    text = text_of(folder / "laporan.pdf")
    for words in (
        *("Penyiapan kuesioner", "Menambah petugas loket pada jam sibuk", "Menyediakan petugas pengarah"),
        *(
            "Antrean pagi (aduan)",
            "Membuka loket kedua",
            "Kotak aduan",
            "60 saran tertulis",
            "Gambar contoh pada tempat",
        ),
    ):
        assert words in text, words
    assert "belum diisi" not in text
    said = (filled.root / SAID).read_text("utf-8")
    assert "Dokumen periode 2026-10 selesai" in said and "Belum lengkap" not in said


def test_the_promises_of_the_periode_before_return_with_their_unsur_before_and_after(folder: Path) -> None:
    text = text_of(folder / "tindak-lanjut.pdf")
    said = (folder / "tindak-lanjut.toml").read_text("utf-8")
    words = [terbilang(said.count(f'status = "{status}"')) for status in ("sudah", "belum")]
    assert f"periode September 2026, {words[0]} sudah dilaksanakan dan {words[1]} belum dilaksanakan." in text
    result = json.loads((folder / "result.json").read_text("utf-8"))
    promised = (folder / "tindak-lanjut.toml").read_text("utf-8")
    old = {entry["id"]: entry for entry in result["previous"]["unsur"]}
    for entry in result["unsur"]:
        if f'unsur = "{entry["id"]}"' in promised:
            assert old[entry["id"]]["konversi"].replace(".", ",") in text
            assert entry["konversi"].replace(".", ",") in text
    assert re.search(r"(naik|turun), (lebih besar|belum dapat dibedakan)", text)
    assert "NRR" not in text  # all of it on one scale
    assert not (folder.parent / "2026-09" / "tindak-lanjut.pdf").exists()


def test_what_came_of_the_plan_is_an_enclosure_that_nobody_signs_by_itself(folder: Path) -> None:
    text = text_of(folder / "tindak-lanjut.pdf")
    assert "melampiri laporan survei yang ditandatangani, dan tidak ditandatangani tersendiri." in text
    assert "Ratna Contohwati" not in text and "Camat Teladan" not in text
    assert "Ratna Contohwati" in text_of(folder / "rtl.pdf")


def test_the_laporan_says_once_how_the_index_moved(folder: Path) -> None:
    text, result = text_of(folder / "laporan.pdf"), json.loads((folder / "result.json").read_text("utf-8"))
    assert text.count(analysis.change(result)) == 1
    both = [f"{angka(entry['ikm'])} pada periode {name}" for entry, name in
            ((result["previous"], "September 2026"), (result, "Oktober 2026"))]  # fmt: skip
    assert f"Nilai IKM {both[0]} dan {both[1]}." in text  # the drawing's own words


def test_the_plan_has_a_second_part_for_complaints(folder: Path) -> None:
    text = text_of(folder / "rtl.pdf")
    for words in ("Tindak Lanjut Aduan", "Petugas menandai satu tema saran sebagai aduan", "Bukti: Catatan antrean"):
        assert words in text, words
    assert "satu aduan; sudah selesai ditindaklanjuti" in text


def test_a_plan_says_the_day_it_is_due_since_its_quarters_have_no_year() -> None:
    plan = Rencana("waktu", "Membuka loket kedua", ("TW I",), "Kepala Seksi Pelayanan", "")
    shown = plan_tables.rtl([plan], {"waktu": "Waktu"}, {"waktu": "3.083"}, date(2026, 12, 24))
    assert "Jatuh tempo: 31 Maret 2027" in shown.replace("\N{NO-BREAK SPACE}", " ")


def test_the_recap_gives_sums_that_lead_to_the_printed_nrr(folder: Path) -> None:
    text = text_of(folder / "rekap-hasil.pdf")
    result = json.loads((folder / "result.json").read_text("utf-8"))
    counts = {entry["unsur"]: entry["counts"] for entry in result["questions"]}
    sums = [sum(value * n for value, n in enumerate(counts[entry["id"]], 1)) for entry in result["unsur"]]
    assert f"Jumlah nilai per unsur {' '.join(map(str, sums))}" in text
    assert f"IKM {result['ikm'].replace('.', ',')} · mutu {result['mutu']}" in text


def test_the_letter_has_its_parts_in_official_order(folder: Path) -> None:
    text = text_of(folder / "surat-pengantar.pdf")
    places = [
        text.find(words) for words in ("Sifat", "SURAT PENGANTAR", "NOMOR 000.8.3.4/7/X/2026", "Diterima tanggal")
    ]
    assert -1 not in places and places == sorted(places)
    assert "Laporan Tindak Lanjut periode September 2026" in raw_text(folder / "surat-pengantar.pdf")
    assert "Lampiran : 3 (tiga) berkas" in text
    assert "Tembusan: 1. Kepala Bagian Organisasi" in text


def test_the_publication_sheet_is_also_an_image_for_social_media(filled: Workspace, folder: Path) -> None:
    content = (folder / "lembar-publikasi.png").read_bytes()
    image = Image.open(io.BytesIO(content))
    assert (image.size, image.format) == ((1080, 1350), "PNG")
    grey = image.convert("L")
    assert grey.crop((0, 0, 40, 1350)).getextrema() == (255, 255)
    assert grey.crop((0, 1320, 1080, 1350)).getextrema() == (255, 255)
    assert grey.getextrema()[0] < 60


def test_the_minutes_of_reconciliation_name_the_weight_and_leave_nothing(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    recap = read_recaps(folder)[0]
    assert remainder(result, recap) == "0.00"
    (_, answers), (word, weight) = causes(result, recap)
    assert answers == "0.00" or abs(float(answers or 9)) < 0.03  # the NRR of the recap were printed with three decimals
    assert "0,11" in word and float(weight or 0) < -0.5
    text = text_of(folder / "rekonsiliasi.pdf")
    assert "BERITA ACARA REKONSILIASI" in text and "Selisih yang belum terjelaskan 0,00" in text


def test_a_figure_that_no_rule_gives_is_left_as_a_remainder(folder: Path) -> None:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    recap = dict(read_recaps(folder)[0])
    recap["printed"] = "99.99"
    recap["explained"] = {**recap["explained"], "reproduced_by": [], "within_rounding": []}
    assert causes(result, recap)[-1] == ("Bobot dan urutan pembulatan tidak dikenali", None)
    assert float(remainder(result, recap) or 0) > 5


@pytest.mark.parametrize("text", ["{", "[]", '{"format": "rekap-luar/2", "recaps": []}', '{"format": "rekap-luar/1"}'])
def test_a_recap_that_is_not_ours_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "rekap-luar.json").write_text(text, "utf-8")
    with pytest.raises(IkmError, match=r"rekap-luar\.json"):
        read_recaps(tmp_path)


def test_a_typed_figure_stops_the_report_and_names_its_line(
    filled: Workspace, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prose = folder / "lembar-publikasi.md"
    before = prose.read_text("utf-8")
    drawn = (folder / "laporan.pdf").stat().st_mtime_ns
    prose.write_text(before + "\nIKM kami 99,99.\n", "utf-8")
    assert publish(filled, "report", "2026-10") == 2
    assert (folder / "laporan.pdf").stat().st_mtime_ns == drawn  # nothing is drawn anew before all prose is read
    line = len(before.splitlines()) + 2
    assert f"lembar-publikasi.md, baris {line}: angka 99,99" in capsys.readouterr().err
    prose.write_text(before, "utf-8")


def test_the_control_sheet_has_one_line_a_step_with_its_hash(filled: Workspace, tmp_path: Path) -> None:
    rows = [
        ControlRow("Disusun", "staf", "Andi Andaikan", datetime(2026, 10, 25, 9, 5), "0123456789abcdef" * 4),  # noqa: DTZ001
        ControlRow("Diparaf", "kasi", "Siti Umpama", datetime(2026, 10, 26, 14, 30), "f" * 64),  # noqa: DTZ001
    ]
    file = write_control_sheet(filled, "2026-10", rows, date(2026, 10, 26), rehearsal=True, into=tmp_path)
    assert grouped("0123456789abcdef" * 4).startswith("01234567 89abcdef 01234567")
    for words in ("Disusun Andi Andaikan staf", "pukul 14.30", "01234567 89abcdef", "Lembar Pengendalian"):
        assert words in raw_text(file), words


def test_the_handing_over_pack_says_who_what_when_and_whether_a_backup_restores(filled: Workspace) -> None:
    assert publish(filled, "handover", day="2026-10-26") == 0
    text = text_of(filled.data / "serah-terima" / "serah-terima-2026-10-26.pdf")
    for words in (
        "Ratna Contohwati",
        "November 2026",
        "25 November 2026",
        "Membuka loket kedua",
        "Antrean pagi",
        "Uji pemulihan",
        "31 Desember 2026",
    ):
        assert words in text, words
    assert "Papan petunjuk" not in text


def picture(file: Path, size: tuple[int, int] = (900, 600), kind: str = "JPEG", **extra: Any) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("RGB", size, "white")
    image.paste("black", (0, 0, size[0], size[1] // 2))
    image.save(file, kind, **extra)
    return file


def test_a_photo_is_turned_upright_made_small_and_stripped_of_place_and_phone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9286] = 6, "Telepon Pintar", "rahasia"
    file = picture(tmp_path / "foto" / "a.jpg", (3000, 2000), exif=exif, comment=b"rahasia")
    content = clean_photo(file)
    image = Image.open(io.BytesIO(content))
    assert image.size == (800, 1200)
    assert not image.getexif() and b"Exif" not in content and b"rahasia" not in content and b"Telepon" not in content
    assert content == clean_photo(file)
    assert image.convert("L").getpixel((700, 600)) == 0  # what was above is on the right


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.jpg", b"bukan gambar", "bukan gambar JPG atau PNG yang utuh"),
        ("a.jpg", b"", "bukan gambar JPG atau PNG yang utuh"),
        ("a.png", "JPEG", "isinya JPEG"),
        ("a.gif", "GIF", "bukan gambar JPG atau PNG"),
        ("kecil.jpg", (200, 900), "paling sedikit 300 piksel"),
        ("besar.png", (9000, 6000), "terlalu besar"),
        ("hilang.jpg", None, "tidak ada"),
    ],
)
def test_what_is_no_photo_for_a_document_is_named(tmp_path: Path, name: str, content: Any, words: str) -> None:
    file = tmp_path / "foto" / name
    if isinstance(content, bytes):
        file.parent.mkdir()
        file.write_bytes(content)
    elif isinstance(content, str):
        picture(file, kind=content)
    elif content:
        picture(file, content, "PNG" if name.endswith("png") else "JPEG")
    with pytest.raises(IkmError, match=words):
        clean_photo(file)


def test_a_photo_that_breaks_off_is_named(tmp_path: Path) -> None:
    file = picture(tmp_path / "foto" / "a.jpg")
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(IkmError, match="yang utuh"):
        clean_photo(file)


def test_at_a_change_of_instrument_the_unsur_of_the_same_question_stand_apart() -> None:
    before = tally(
        part(rows_of("333333333 434343434 343434343 444444444") * 4, instrument=MAKLUMAT), instrument=MAKLUMAT
    )
    now = replace(tally(part(rows_of("444444444 434343434 343434343 333333333") * 4)), previous=before)
    text = str(tables.previous(score(now)))
    same, _, other = text.partition("tidak ditanyakan lagi")
    assert "Perilaku Pelaksana" in same and "Sarana dan Prasarana" in other and "Maklumat Pelayanan" in other
    assert "Maklumat" not in same and "tidak dibandingkan" in other
