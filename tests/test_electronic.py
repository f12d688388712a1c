"""Electronic parafs and signatures: one file holds all, nothing that does not hold is filed, the journal says whose."""

from __future__ import annotations

import json
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest
from flow_samples import Case, case, filled, put_briefly
from publish_samples import text_of
from shared_samples import copied, made_case

from publish import signing
from publish.stamp import Edition, read_edition
from publish.trial import trial_certificate

PASSPHRASE = "kata-sandi-uji"
PEOPLE = {
    "camat": "Ratna Contohwati",
    "verifikator-1": "Dewi Seandainya",
    "verifikator-2": "Eko Andaikata",
    "staf": "Andi Andaikan",
}
PROCEDURE = "eskm-quarterly"
DOCUMENTS = ("laporan", "rtl", "surat-pengantar")
CHANGES = {'jalur = "ink"': 'jalur = "certificate"', "anchors = []": 'anchors = ["sertifikat"]'}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return an office of procedure C that signs by certificate, with a frozen edition that waits for two parafs."""
    return made_case(tmp_path_factory, "elektronik", PROCEDURE, walk)


def walk(folder: Path) -> None:
    made = put_briefly(case(folder, PROCEDURE, CHANGES))
    (made.workspace.root / "sertifikat").mkdir()
    for role, name in PEOPLE.items():
        content, certificate = trial_certificate(name, PASSPHRASE)
        (made.workspace.root / f"{role}.p12").write_bytes(content)
        (made.workspace.root / "sertifikat" / f"{role}.pem").write_bytes(certificate)
    filled(made)
    for name, role in (("susun", "staf"), ("koreksi", "kasi"), ("putuskan", "camat"), ("susun-ulang", "staf")):
        assert made.step(name, role) == 0
    assert made.do("freeze") == 0


@pytest.fixture
def made(first: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """Return a copy of the office, which a test may spoil."""
    monkeypatch.setenv("IKM_PASSPHRASE", PASSPHRASE)
    return copied(first, tmp_path / "kantor")


@pytest.fixture(scope="module")
def turns(first: Case, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Return the office after the first paraf, after the second, and after the signature, sent."""
    made = [first]
    for role in ("verifikator-1", "verifikator-2", "camat"):
        made.append(made_case(tmp_path_factory, f"elektronik-{role}", PROCEDURE, partial(sign_next, made[-1], role)))
    return made[1:]


def sign_next(before: Case, role: str, folder: Path) -> None:
    """Make the office in which this role has signed too; whoever signs last sends."""
    made = copied(before, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IKM_PASSPHRASE", PASSPHRASE)
        assert sign(made, role) == 0
    assert role != "camat" or made.do("send") == 0


@pytest.fixture
def half_initialled(turns: list[Case], made: Case, tmp_path: Path) -> Case:
    """Return a copy of the office after the first paraf, which a test may spoil."""
    return copied(turns[0], tmp_path / "satu-paraf")


@pytest.fixture
def initialled(turns: list[Case], made: Case, tmp_path: Path) -> Case:
    """Return a copy of the office after both parafs, which a test may spoil."""
    return copied(turns[1], tmp_path / "dua-paraf")


@pytest.fixture
def signed(turns: list[Case], made: Case, tmp_path: Path) -> Case:
    """Return a copy of the office that has signed and sent, which a test may spoil."""
    return copied(turns[2], tmp_path / "terkirim")


def sign(made: Case, role: str, *arguments: str, p12: str = "") -> int:
    file = made.workspace.root / f"{p12 or role}.p12"
    return made.do("sign-edition", "--by", role, "--p12", str(file), *arguments)


def test_two_parafs_and_a_signature_stand_in_one_file_that_begins_with_the_frozen_one(
    made: Case, signed: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.do("status") == 0
    assert "make sign PERIOD=2026-TW4 BY=verifikator-1 P12=verifikator-1.p12" in capsys.readouterr().out
    made, edition = signed, signed.folder / "edisi-1"
    for name in DOCUMENTS:
        file = edition / "ditandatangani" / f"{name}.pdf"
        assert file.read_bytes().startswith((edition / f"{name}.pdf").read_bytes())
        verdict = signing.check(made.workspace, edition / f"{name}.pdf", file)
        assert verdict.ok and [item.field for item in verdict.signatures] == ["Paraf1", "Paraf2", "TandaTangan"]
    acts = [(entry["act"], entry["detail"].get("field"), entry["detail"].get("signer")) for entry in made.entries()]
    assert acts[-6:-4] == [("paraf", f"Paraf{n}", f"UJI COBA {PEOPLE[f'verifikator-{n}']}") for n in (1, 2)]
    assert made.do("archive") == made.do("public") == 0
    for copy in (made.folder / "kirim/edisi-1/laporan.pdf", made.workspace.public / "periode/2026-TW4/laporan.pdf"):
        assert copy.read_bytes() == (edition / "ditandatangani/laporan.pdf").read_bytes()


def test_one_document_may_be_signed_alone_but_a_paraf_goes_on_all(
    made: Case, initialled: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(made, "verifikator-1", "--document", "laporan") == 2
    assert "semua sekaligus" in capsys.readouterr().err
    assert sign(made, "camat") == 2  # the parafs come first
    assert sign(initialled, "camat", "--document", "rtl") == 0
    assert "Yang masih menunggu: laporan, surat-pengantar." in capsys.readouterr().out
    assert sign(initialled, "camat", "--document", "rtl") == 2  # once is enough
    assert sign(initialled, "camat") == 0
    assert initialled.acts()[-3:] == ["tanda-tangan signed camat"] * 3


def test_the_certificate_must_be_that_of_the_person_who_holds_the_office(
    made: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(made, "verifikator-1", p12="staf") == 2
    assert "yang seharusnya menandatangani Dewi Seandainya" in capsys.readouterr().err
    assert not (made.folder / "edisi-1" / "diparaf-1").exists()
    assert made.acts()[-1] == "bekukan frozen staf"


def test_a_signed_file_from_elsewhere_is_taken_in_only_with_its_parafs(
    initialled: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    made = initialled
    edition, file = made.folder / "edisi-1", made.workspace.root / "dari-aplikasi.pdf"
    asked = ("import-signed", "--document", "laporan", "--file", str(file))

    def signed(source: Path) -> bytes:
        p12 = made.workspace.root / "camat.p12"
        return signing.sign_with_file(made.workspace, source.read_bytes(), "TandaTangan", p12)

    assert made.do(*asked) == 2
    assert "dari-aplikasi.pdf tidak ada" in capsys.readouterr().err
    file.write_bytes(signed(edition / "laporan.pdf"))
    assert made.do(*asked) == 2
    assert "tidak memuat paraf" in capsys.readouterr().err
    file.write_bytes(signed(edition / "diparaf-2" / "rtl.pdf"))
    assert made.do(*asked) == 2
    assert "bukan dokumen yang dibekukan" in capsys.readouterr().err
    assert not (edition / "ditandatangani").exists()
    file.write_bytes(signed(edition / "diparaf-2" / "laporan.pdf"))
    assert made.do(*asked) == 0
    assert (edition / "ditandatangani" / "laporan.pdf").read_bytes() == file.read_bytes()


def test_a_paraf_that_changed_after_it_was_entered_stops_the_signature(
    half_initialled: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    file = half_initialled.folder / "edisi-1" / "diparaf-1" / "rtl.pdf"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    assert sign(half_initialled, "verifikator-2") == 2
    assert "diparaf-1/rtl.pdf berubah atau hilang" in capsys.readouterr().err


def test_what_signs_must_be_named_and_trusted_and_opened_with_the_right_passphrase(
    made: Case, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert made.do("sign-edition", "--by", "verifikator-1") == 2
    assert "Sebut satu cara" in capsys.readouterr().err
    monkeypatch.setenv("IKM_PASSPHRASE", "salah")
    assert sign(made, "verifikator-1") == 2
    assert "Kata sandi untuk verifikator-1.p12 salah" in capsys.readouterr().err
    shutil.rmtree(made.workspace.root / "sertifikat")
    (made.workspace.root / "sertifikat").mkdir()
    assert sign(made, "verifikator-1") == 2
    assert "Belum ada penerbit sertifikat yang dipercaya" in capsys.readouterr().err


def test_an_edition_carries_the_counts_that_may_be_published_and_its_code_on_every_page(
    first: Case, tmp_path: Path
) -> None:
    edition = first.folder / "edisi-1"
    subprocess.run(["pdfdetach", "-saveall", "-o", tmp_path, edition / "laporan.pdf"], check=True)
    hasil = json.loads((tmp_path / "hasil.json").read_text("utf-8"))
    assert hasil["ikm"] == json.loads((edition / "result.json").read_text("utf-8"))["ikm"]
    assert (tmp_path / "hitung.csv").read_text("utf-8").count("\n") > 36
    subprocess.run(["pdftoppm", "-r", "150", "-png", edition / "rtl.pdf", tmp_path / "rtl"], check=True)
    pages = sorted(tmp_path.glob("rtl*.png"))
    expected = Edition.of(first.periode, 1, (edition / "result.json").read_bytes())
    for page in pages:
        found = subprocess.run(["zbarimg", "-q", "--raw", page], capture_output=True, text=True, check=True).stdout
        assert read_edition(found.strip()) == expected


def test_the_control_sheet_of_the_pack_names_every_step_with_its_officials(signed: Case) -> None:
    text = text_of(signed.folder / "kirim" / "edisi-1" / "lembar-pengendalian.pdf")
    for words in ("Lembar Pengendalian", "EDISI 1", "Dewi Seandainya, S.E.", "Eko Andaikata", "Ratna Contohwati"):
        assert words in text, words
    assert "KONSEP" not in text
