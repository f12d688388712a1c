"""The slips of paper: every one leads to its page with its own ticket, and can be typed as it is printed."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from publish_samples import ROOT, office, publish, text_of
from ticket_samples import code

import collector.__main__ as commands
import publish.__main__ as publish_commands
from collector import tickets
from publish.slips import read_slips
from scoring.ticket import printed, read

DOTS = 150  # to the inch
LEFT, TOP, WIDE, HIGH = 9, 8, 64, 35  # millimetres, as in publish/layout/tiket.css
LONG = {
    'nama = "Kecamatan Teladan"': 'nama = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Contoh Raya"',
    'nama = "Surat Keterangan Usaha"': 'nama = "Surat Keterangan Tidak Mampu dan Rekomendasi Bantuan Sosial"',
}


def decoded(pdf: Path, slips: int, folder: Path) -> list[str]:
    """Return what a scanner reads off each of so many slips when it has been cut out."""
    subprocess.run(["pdftoppm", "-r", str(DOTS), "-gray", pdf, folder / "page"], check=True)
    pages, found = [Image.open(file) for file in sorted(folder.glob("page*.pgm"))], []
    for number in range(slips):
        page, place = divmod(number, 24)
        row, column = divmod(place, 3)
        edges = LEFT + WIDE * column, TOP + HIGH * row, LEFT + WIDE * (column + 1), TOP + HIGH * (row + 1)
        pages[page].crop([round(edge / 25.4 * DOTS) for edge in edges]).save(folder / "slip.pgm")
        read_off = ["zbarimg", "-q", "--raw", "--set", "disable", "--set", "qrcode.enable", folder / "slip.pgm"]
        found.append(subprocess.run(read_off, capture_output=True, text=True, check=True).stdout.strip())
    return found


@pytest.mark.parametrize("changes", [{}, LONG], ids=["short", "long"])
def test_every_slip_leads_to_its_page_with_its_ticket(tmp_path: Path, changes: dict[str, str]) -> None:
    workspace = office(tmp_path, changes)
    made = [code(number**9) for number in range(26)]
    tickets.write(made, tmp_path / "t", "usaha")
    assert publish(workspace, "slips", "--file", str(tmp_path / "t" / "tiket.csv")) == 0
    pdf = tmp_path / "t" / "tiket.pdf"
    assert stat.S_IMODE(pdf.stat().st_mode) == 0o600
    wanted = [f"https://survei.contohkab.example/usaha/#t={letters}" for letters in made]
    assert decoded(pdf, len(made), tmp_path) == wanted
    text = text_of(pdf)
    assert all(text.count(printed(letters)) == 1 for letters in made)
    assert text.count("survei.contohkab.example/usaha") == text.count("nama.") == 26
    info = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert info.partition("Pages:")[2].split()[0] == "2"


def test_slips_are_printed_without_a_store_and_give_the_same_bytes_on_the_same_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "office.toml").write_text((ROOT / "office.example.toml").read_text("utf-8"), "utf-8")
    assert commands.main(["tickets", "--n", "3", "--layanan", "ktp", "--out", str(tmp_path)]) == 0
    for _ in range(2):
        options = ["--office", str(tmp_path / "office.toml"), "--rehearsal-day", "2026-10-01"]
        assert publish_commands.main(["slips", "--file", str(tmp_path / "tiket.csv"), *options]) == 0
    assert capsys.readouterr().out.count("3 tiket: ") == 2
    assert not (tmp_path / "data").exists()


FAULTS = {
    "no layanan": ("tiket,layanan\n{code},\n", (), "--layanan ktp"),
    "another layanan": ("{code},paspor\n", (), "Layanan paspor"),
    "no ticket": ("tiket,layanan\n{code},ktp\nABCD,ktp\n", (), "baris 3"),
    "hashes": ("a" * 64 + "\n", (), "baris 1"),
    "nothing": ("tiket,layanan\n", (), "tidak ada baris"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_wrong_file_is_told_in_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    text, options, said = FAULTS[name]
    (tmp_path / "tiket.csv").write_text(text.format(code=printed(code(1))), "utf-8")
    assert publish(office(tmp_path / "o"), "slips", "--file", str(tmp_path / "tiket.csv"), *options) == 2
    fault = capsys.readouterr().err
    assert said in fault and fault.count("\n") == 1 and printed(code(1)) not in fault
    assert not (tmp_path / "tiket.pdf").exists()


def test_the_layanan_of_the_command_goes_before_that_of_the_file(tmp_path: Path) -> None:
    here = office(tmp_path).office
    (tmp_path / "tiket.csv").write_text(f"{printed(code(1))},ktp\n{printed(code(2))},\n", "utf-8")
    slips = read_slips(here, tmp_path / "tiket.csv", "kk")
    assert [(slip.letters, slip.layanan.id) for slip in slips] == [(read(code(1)), "kk"), (read(code(2)), "kk")]
