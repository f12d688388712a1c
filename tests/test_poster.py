"""Posters and QR codes: each code leads where it says, all stands on one page, the result is what is published."""

from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from last_result_samples import (
    PERIODE,
    PLANS,
    TWO_LAYANAN,
    hasil,
    last,
    plan,
    promised_office,
    publish,
    waiting_office,
)
from PIL import Image
from publish_samples import office, text_of
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from shared_setup import made_once

import publish.__main__ as publish_commands
from collector import posters, qr
from collector.last_result import FILE, LastResult, Promise, read
from collector.workspace import Workspace, load
from publish import pdf
from publish.certainty import margin
from publish.poster import SHEETS, Sheet, poster, subjects
from publish.words import angka, bulat, rentang

DAY = date(2026, 10, 1)
HOME = "https://survei.contohkab.example/"
MILLIMETRES = {"a4": (210, 297), "a3": (297, 420)}
RED, BLACK = (163, 38, 31), (0, 0, 0)
LONG_OFFICE = (
    "Dinas Kependudukan, Pencatatan Sipil, Pemberdayaan Perempuan, Perlindungan Anak, dan Pemberdayaan Masyarakat Desa "
    "Kabupaten Administrasi Contoh Raya"
)
LONG_LAYANAN = (
    "Penerbitan Surat Keterangan Tidak Mampu, Rekomendasi Bantuan Sosial, Legalisasi Dokumen Kependudukan, dan "
    "Pengantar Dispensasi Nikah bagi Warga Pendatang"
)
LONG_ADDRESS = "https://survei-kepuasan-masyarakat.kependudukan-dan-pencatatan-sipil.kabupatencontohraya.example/skm/"
LONG = {
    'nama = "Kecamatan Teladan"': f'nama = "{LONG_OFFICE}"',
    'nama = "Perekaman KTP Elektronik"': f'nama = "{LONG_LAYANAN}"',
    'survei = "https://survei.contohkab.example/"': f'survei = "{LONG_ADDRESS}"',
    '[[layanan]]\nid = "kk"': "".join(
        f'[[layanan]]\nid = "surat-{number}"\nnama = "{LONG_LAYANAN[: 30 + 3 * number]} {number}"\n\n'
        for number in range(25)
    )
    + '[[layanan]]\nid = "kk"',
}


def site(workspace: Workspace) -> Path:
    """Run `make site` and return the folder of the posters."""
    assert publish_commands.main(["site", "--office", str(workspace.root / "office.toml")]) == 0
    return workspace.data / "poster"


def real(folder: Path, changes: dict[str, str] | None = None) -> Workspace:
    """Return an office without a store: `make site` gives it a real one."""
    made = office(folder, changes)
    for file in made.data.glob("responses.db*"):
        file.unlink()
    return load(made.root / "office.toml")


def picture(file: Path, folder: Path) -> Path:
    """Return the page of a PDF as it comes out of a printer of 150 dots to the inch."""
    subprocess.run(["pdftoppm", "-r", "150", "-png", "-singlefile", file, folder / file.stem], check=True)
    return folder / f"{file.stem}.png"


def decode(image: Path) -> list[str]:
    """Return every code that a scanner finds in the picture."""
    found = subprocess.run(["zbarimg", "-q", "--raw", image], capture_output=True, text=True, check=False)
    return found.stdout.split()


def info(file: Path) -> tuple[int, tuple[int, int]]:
    """Return the number of pages and the size of the first in millimetres."""
    told = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    wide, high = re.findall(r"Page size: +([\d.]+) x ([\d.]+)", told)[0]
    return int(told.partition("Pages:")[2].split()[0]), (
        round(float(wide) / 72 * 25.4),
        round(float(high) / 72 * 25.4),
    )


def unbroken(text: str) -> str:
    """Return the text without spaces, and without the hyphens that a reader of PDF drops at the end of a line."""
    return "".join(text.replace("-", "").split())


# codes


@pytest.mark.parametrize("rehearsal", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["real", "rehearsal"])
def test_every_code_that_make_site_writes_leads_to_its_page(tmp_path: Path, rehearsal: bool) -> None:
    workspace = office(tmp_path, TWO_LAYANAN) if rehearsal else real(tmp_path, TWO_LAYANAN)
    folder = site(workspace)
    addresses = {item.id: f"{HOME}{item.id}/" for item in workspace.office.layanan}
    for name, address in {**addresses, posters.ALL: HOME}.items():
        for sheet in SHEETS:
            file = folder / f"{name}-{sheet.name}.pdf"
            assert decode(picture(file, tmp_path)) == [address]
            assert info(file) == (1, MILLIMETRES[sheet.name])
            assert address.removeprefix("https://").rstrip("/") in text_of(file).split()
            assert ("UJI COBA" in text_of(file)) is rehearsal
    assert len(list(folder.glob("*.pdf"))) == len(SHEETS) * (len(addresses) + 1)
    assert posters.kept(folder) == posters.said(workspace.office)  # what the doctor compares
    for name, address in addresses.items():
        assert decode(workspace.site / "qr" / f"{name}.png") == [address]
        drawn = pdf.image((workspace.site / "qr" / f"{name}.svg").read_bytes(), "qr.svg", "", "qr")
        (tmp_path / "svg.pdf").write_bytes(pdf.render("x", ".qr{width:30mm}", drawn, author="x", day=DAY))
        assert decode(picture(tmp_path / "svg.pdf", tmp_path)) == [address]


@pytest.mark.parametrize("rehearsal", [False, True], ids=["real", "rehearsal"])
def test_a_code_has_its_quiet_zone_and_in_a_rehearsal_another_colour(tmp_path: Path, rehearsal: bool) -> None:
    image = Image.open(io.BytesIO(qr.png(HOME, rehearsal=rehearsal))).convert("RGB")
    zone = qr.QUIET_ZONE * 10
    inner = (zone, zone, image.width - zone, image.height - zone)
    white = Image.new("RGB", image.size, "white")
    white.paste(image.crop(inner), inner)
    assert white.tobytes() == image.tobytes()
    assert {colour for _, colour in image.getcolors() or []} == {(255, 255, 255), RED if rehearsal else BLACK}
    assert image.getpixel((zone, zone)) == (RED if rehearsal else BLACK)
    assert b'<rect fill="white"' in qr.svg(HOME, rehearsal=rehearsal)


@pytest.mark.parametrize(
    ("address", "millimetres", "level"),
    [
        (f"{HOME}ktp/", 82, ERROR_CORRECT_Q),
        (f"{HOME}ktp/", 128, ERROR_CORRECT_Q),
        (f"{HOME}ktp/#t=K7QM2XTAK7QM2XTAK7QM", 26, ERROR_CORRECT_M),
        (f"{HOME}ktp/", 0, ERROR_CORRECT_M),
        (f"{HOME}{'x' * 150}/", 82, ERROR_CORRECT_M),
        (f"{HOME}{'x' * 150}/", 180, ERROR_CORRECT_Q),
    ],
)
def test_a_large_code_can_be_repaired_more_and_a_small_one_has_larger_modules(
    address: str, millimetres: int, level: int
) -> None:
    size = re.findall(rb'viewBox="0 0 (\d+) \1"', qr.svg(address, millimetres))
    assert size == [str(qr.modules(address, level)).encode()]
    assert qr.modules(address, ERROR_CORRECT_Q) > qr.modules(address, ERROR_CORRECT_M)


def test_a_poster_with_a_hole_in_its_code_is_still_read(tmp_path: Path) -> None:
    here = office(tmp_path).office
    file = tmp_path / "x.pdf"
    file.write_bytes(poster(here, subjects(here)[0], SHEETS[0], 9, None, DAY, rehearsal=False))
    image = Image.open(picture(file, tmp_path)).convert("L")
    across = 128 * 150 // 254 * 10  # the code is 128 mm wide, in the middle of the page
    side, left = across // 5, image.width // 2
    top = next(row for row in range(image.height // 4, image.height) if not image.getpixel((left - across // 3, row)))
    image.paste(255, (left, top + across // 3, left + side, top + across // 3 + side))
    image.save(tmp_path / "hole.png")
    assert decode(tmp_path / "hole.png") == [f"{HOME}ktp/"]


# the result


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an office and its posters before anything is published, then without promises, then with them."""
    return made_once(tmp_path_factory, "posters", make_stages)


def make_stages(folder: Path) -> None:
    workspace = waiting_office(folder, few=True)
    for stage in ("waiting", "bare", "promised"):
        if stage == "bare":
            (workspace.periode_folder(PERIODE) / "rtl.toml").unlink()
        else:
            plan(workspace)
        if stage != "waiting":
            publish(workspace)
        shutil.copytree(site(workspace), folder / stage)


def test_a_poster_shows_what_is_published_to_the_letter(stages: Path) -> None:
    figures, folder = hasil(load(stages / "office.toml")), stages / "promised"
    names = {entry["id"]: entry["nama"] for entry in figures["unsur"]}
    for name in ("ktp", posters.ALL):
        text = text_of(folder / f"{name}-a4.pdf")
        assert f"Mutu {figures['mutu']} – {figures['kinerja']}" in text and angka(figures["ikm"]) in text.split()
        assert f"{bulat(figures['n_responden'])} responden, September 2026" in text
        assert (
            rentang(figures["mulai"], figures["selesai"]) in text
            and f"{margin(figures)} Selengkapnya: skm.contohkab.example" in text
        )
        assert all(word in text for fields in PLANS for word in fields["kegiatan"].split())
        assert "Triwulan III dan IV" in text and "Antrean" in text
        assert (text.count("Selesai"), text.count("Sedang berjalan"), text.count("Belum dimulai")) == (1, 1, 0)
        assert all(names[unsur].split()[0] in text for unsur in figures["lowest"]["unsur"])


def test_a_poster_of_an_office_that_has_published_nothing_has_no_word_of_a_result(stages: Path) -> None:
    text = text_of(stages / "waiting" / "ktp-a4.pdf")
    for word in ("Hasil", "IKM", "Mutu", "perbaiki", "loket kedua"):
        assert word not in text, word


def test_a_result_without_promises_has_no_empty_table(stages: Path) -> None:
    text = text_of(stages / "bare" / "ktp-a4.pdf")
    assert "Hasil terakhir" in text and "perbaiki" not in text and "Triwulan" not in text


def test_no_more_than_three_promises_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    shown = three(tmp_path, *(Promise("Biaya", f"Kegiatan {number}", (), "", "", "") for number in range(5)))
    assert "Kegiatan 2" in shown and "Kegiatan 3" not in shown
    assert "Dan dua janji lain." in shown


def three(folder: Path, *promises: Promise) -> str:
    workspace = promised_office(folder)
    found = read(workspace.public / FILE, workspace.office.id, rehearsal=True)
    assert found is not None
    changed = dataclasses.replace(found, promises=promises)
    file = folder / "x.pdf"
    here = workspace.office
    file.write_bytes(poster(here, subjects(here)[0], SHEETS[0], 9, changed, DAY, rehearsal=True))
    return text_of(file)


def test_what_an_office_wrote_is_text_and_never_markup(tmp_path: Path) -> None:
    shown = three(tmp_path, Promise("<i>Biaya</i>", "<b>Tarif</b> & loket", (), "", "selesai", "<img src=x>"))
    assert "<b>Tarif</b> & loket" in shown and "<img src=x>" in shown and "<i>Biaya</i>" in shown


# size


LONG_RESULT = LastResult(
    *("2026-10", "Oktober 2026", "25 September sampai dengan 24 Oktober 2026", "100.00", "A", "Sangat baik", 1234567),
    "Dengan tingkat kepercayaan 95 persen, nilainya berada antara 81,02 dan 83,86 (± 1,42), sejauh responden mewakili "
    "orang yang dilayani. Huruf mutu belum pasti: rentang itu memuat mutu B dan A.",
    (Promise(LONG_LAYANAN, LONG_OFFICE * 2, ("TW I", "TW II", "TW III", "TW IV"), "", "berjalan", LONG_LAYANAN),) * 4,
)


@pytest.mark.parametrize(
    ("result", "sheet"),
    [
        pytest.param(None, SHEETS[0], id="no result-a4", marks=pytest.mark.soak),
        pytest.param(None, SHEETS[1], id="no result-a3"),
        pytest.param(LONG_RESULT, SHEETS[0], id="result-a4"),
        pytest.param(LONG_RESULT, SHEETS[1], id="result-a3", marks=pytest.mark.soak),
    ],
)
def test_however_long_the_names_are_everything_stands_on_one_page(
    tmp_path: Path, result: LastResult | None, sheet: Sheet
) -> None:
    here = office(tmp_path, LONG).office
    first, *_, whole = subjects(here)
    for subject, names in ((first, [LONG_LAYANAN]), (whole, [item.nama for item in here.layanan])):
        file = tmp_path / f"{subject.file}.pdf"
        file.write_bytes(poster(here, subject, sheet, 14, result, DAY, rehearsal=True))
        assert info(file)[0] == 1
        assert decode(picture(file, tmp_path)) == [subject.link]
        words = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
        shown = unbroken(words)
        for name in (*names, LONG_OFFICE, subject.link.removeprefix("https://").rstrip("/")):
            assert unbroken(name) in shown, name
        if result:
            assert shown.count("Sedangberjalan") == 3 and "Dansatujanjilain." in shown


def test_the_same_office_gives_the_same_bytes_on_the_same_day(tmp_path: Path) -> None:
    here = office(tmp_path).office
    first, again = (poster(here, subjects(here)[0], SHEETS[1], 9, LONG_RESULT, DAY, rehearsal=True) for _ in range(2))
    assert first == again


def test_posters_are_made_anew_with_the_result_once_it_is_published(stages: Path) -> None:
    assert "Hasil terakhir" not in text_of(stages / "waiting" / "ktp-a3.pdf")
    assert angka(last(load(stages / "office.toml"))["ikm"]) in text_of(stages / "bare" / "ktp-a3.pdf")
