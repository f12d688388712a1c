"""Frozen editions: their bytes never change, what is signed binds to them, and a correction is a new edition beside."""

from __future__ import annotations

import hashlib
import json
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flow_samples import Case, blank_scan, fill_letter
from publish_samples import text_of
from shared_samples import brief_office, copied, frozen_office

from collector.store import open_store, reading
from collector.workspace import load
from publish.flow import record_signature
from scoring.errors import IkmError


@dataclass(frozen=True)
class Verdict:
    """What the part that signs says of a signature."""

    ok: bool = True
    sentences: tuple[str, ...] = ()
    signer: str = "Ratna Contohwati"
    level: str = "B-LT"
    kind: str = "certificate"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return brief_office(tmp_path_factory)


@pytest.fixture
def made(first: Case, tmp_path: Path) -> Case:
    """Return a copy of the office with a frozen edition, which a test may spoil."""
    return copied(first, tmp_path / "kantor")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_an_edition_says_its_number_on_every_page_and_no_longer_that_it_is_a_draft(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    first = frozen_office(tmp_path_factory)  # with all its pages
    for file in (first.folder / "edisi-1").glob("*.pdf"):
        pages = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
        for page in pages.rstrip("\f").split("\f"):
            assert "EDISI 1 · DATA UJI COBA" in page and "KONSEP" not in page
    assert "KONSEP" in text_of(first.folder / "laporan.pdf")  # the draft stays one


def test_an_edition_lists_the_sha256_of_its_files_which_are_read_only(first: Case) -> None:
    folder = first.folder / "edisi-1"
    listed = json.loads((folder / "edisi.json").read_text("utf-8"))["berkas"]
    assert listed == {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name != "edisi.json"
    }
    assert {"laporan.pdf", "rtl.pdf", "surat-pengantar.pdf", "result.json", "tally.json"} <= set(listed)
    assert all(file.stat().st_mode & 0o222 == 0 for file in folder.iterdir())
    assert (folder / "result.json").read_bytes() == (first.folder / "result.json").read_bytes()


@pytest.mark.parametrize("name", ["laporan.pdf", "result.json", "edisi.json"])
def test_one_changed_byte_of_an_edition_stops_signing_and_names_the_file(
    made: Case, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = made.folder / "edisi-1" / name
    file.chmod(0o644)
    content = file.read_bytes()
    file.write_bytes(content[:-1] + b" ")
    assert made.sign() == 6
    assert f"edisi-1/{name} berubah atau hilang" in said(capsys)


def test_an_edition_that_is_lost_stops_signing(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    (made.folder / "edisi-1" / "rtl.pdf").unlink()
    assert made.sign() == 6
    assert "rtl.pdf berubah atau hilang" in said(capsys)


def test_a_change_of_the_prose_after_freezing_stops_signing_until_it_is_put_forward(
    made: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    prose = made.folder / "laporan.md"
    prose.write_text(prose.read_text("utf-8") + "\nKalimat baru.\n", "utf-8")
    assert made.sign() == 6
    assert "Isi berubah sesudah langkah bekukan: laporan.md" in said(capsys)
    assert made.do("changes") == 0
    shown = capsys.readouterr().out
    assert "Naskah laporan (laporan.md) berubah:\nbaris " in shown and "+Kalimat baru." in shown
    assert made.step("susun", "staf") == 2  # the documents are older than the prose
    assert "make report" in said(capsys)


def test_who_checks_sees_what_changed_since_they_sent_it_back(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert made.back("tanda-tangan", "camat", "Rencana belum lengkap") == 0
    plan = made.folder / "rtl.toml"
    plan.write_text(plan.read_text("utf-8").replace('bukti = "', 'bukti = "Foto dan ') + "\n# keterangan\n", "utf-8")
    assert made.do("report") == 0 and made.step("susun", "staf") == 0
    capsys.readouterr()
    assert made.do("changes") == 0  # though the staf has put it forward since
    shown = capsys.readouterr().out
    assert "Yang berubah sejak langkah evaluasi (Kepala Seksi Pelayanan, " in shown
    assert '+bukti = "Foto dan ' in shown and "keterangan" not in shown
    assert made.do("status") == 0
    shown = capsys.readouterr().out
    assert f"Yang dibaca: laporan.pdf, rtl.pdf, surat-pengantar.pdf di {made.folder}" in shown
    assert "Berubah sejak langkah evaluasi (Kepala Seksi Pelayanan, " in shown


def test_a_number_that_is_changed_after_signing_is_not_sent(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert made.sign() == 0
    fill_letter(made.folder, "000.8.3.4/999/X/2026")
    assert made.do("send") == 2
    assert "Isi berubah sesudah langkah bekukan: surat.toml" in said(capsys)
    fill_letter(made.folder)
    assert made.do("send") == 0


def test_an_answer_left_out_after_the_checks_is_found_when_the_edition_is_frozen(
    made: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.back("tanda-tangan", "camat", "Periksa lembar ganda") == 0
    for name, role in (("susun", "staf"), ("evaluasi", "kasi"), ("evaluasi", "camat")):
        assert made.step(name, role) == 0
    store = open_store(made.workspace.store, made.workspace.office.id)
    with reading(made.workspace.store) as connection:
        response = bytes(connection.execute("SELECT id FROM response LIMIT 1").fetchone()[0])
    store.exclude(response, "ganda", "kasi", date(2026, 10, 26))
    store.close()
    assert made.do("freeze") == 2
    assert "berubah sesudah dokumennya dibuat" in said(capsys)
    assert not (made.folder / "edisi-2").exists()


def test_a_correction_is_a_new_edition_with_reason_and_difference_and_the_old_one_stays(
    made: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.do("ralat", "--by", "camat", "--note", "Nomor surat keliru") == 2
    assert "belum ditandatangani" in said(capsys)
    assert made.sign() == made.do("send") == 0
    before = {file: file.read_bytes() for file in made.folder.glob("edisi-1/**/*") if file.is_file()}
    assert made.do("ralat", "--by", "staf", "--note", "x") == made.do("ralat", "--by", "camat") == 2
    assert made.do("ralat", "--by", "camat", "--note", "Nomor surat keliru") == 0
    fill_letter(made.folder, "000.8.3.4/132/X/2026")
    assert made.do("report") == made.step("susun", "staf") == 0
    assert made.step("evaluasi", "kasi") == made.step("evaluasi", "camat") == made.do("freeze") == 0
    assert made.do("send") == 2  # the signatures were given to the first edition
    assert made.sign() == made.do("send") == 0
    edition = json.loads((made.folder / "edisi-2" / "edisi.json").read_text("utf-8"))
    assert (edition["alasan"], edition["sebelumnya"]) == ("Nomor surat keliru", 1)
    difference = (made.folder / "edisi-2" / "perbedaan.txt").read_text("utf-8")
    assert '-nomor = "000.8.3.4/131/X/2026"' in difference and '+nomor = "000.8.3.4/132/X/2026"' in difference
    assert before == {file: file.read_bytes() for file in before}
    assert (made.folder / "kirim" / "edisi-1").exists() and (made.folder / "kirim" / "edisi-2").exists()


def test_a_freeze_that_was_cut_off_before_it_was_entered_is_done_again(made: Case) -> None:
    lines = (made.folder / "jurnal.jsonl").read_bytes().splitlines(keepends=True)
    (made.folder / "jurnal.jsonl").write_bytes(b"".join(lines[:-1]))  # frozen, but the power went before the entry
    assert made.do("freeze") == 0
    assert made.sign() == 0


def test_a_journal_cut_short_is_found_by_the_edition_it_no_longer_names(
    made: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (made.folder / "jurnal.jsonl").read_bytes().splitlines(keepends=True)
    (made.folder / "jurnal.jsonl").write_bytes(b"".join(lines[:1]))
    assert made.do("status") == 2
    assert "edisi 1 tidak tercatat" in said(capsys)
    assert (made.folder / "edisi-1" / "laporan.pdf").exists()


def test_a_scan_is_filed_under_its_sha256_and_entered_with_the_edition_and_the_signer(made: Case) -> None:
    scan = made.workspace.root / "pindaian-laporan.pdf"
    assert made.sign() == 0
    sha256 = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert (made.folder / f"edisi-1/pindaian/{sha256}.pdf").read_bytes() == scan.read_bytes()
    entry = next(entry for entry in made.entries() if entry["act"] == "signed")
    assert entry["files"] == {f"edisi-1/pindaian/{sha256}.pdf": sha256}
    assert entry["detail"]["kind"] == "ink" and entry["detail"]["edition"] == 1
    assert entry["official"]["jabatan"] == "Camat Teladan"


def test_what_is_no_scan_or_not_awaited_is_refused(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    scan = made.workspace.root / "foto.txt"
    asked = ("scan", "--document", "laporan", "--file", str(scan))
    assert made.do(*asked) == 2
    assert "foto.txt tidak ada" in said(capsys)
    scan.write_bytes(b"bukan gambar")
    assert made.do(*asked) == 2
    assert "bukan pindaian PDF" in said(capsys)
    scan.write_bytes(blank_scan(made.edition / "laporan.pdf", "laporan"))
    assert made.do(*asked, "--by", "kasi") == 2
    assert "dilakukan oleh Camat, bukan Kepala Seksi" in said(capsys)
    assert made.do("scan", "--document", "lembar-publikasi", "--file", str(scan)) == 2
    assert "tidak menunggu tanda tangan" in said(capsys)
    assert made.do(*asked) == 0
    assert made.do(*asked) == 2  # once is enough
    assert not [line for line in made.acts() if "kasi" in line and "signed" in line]


def test_a_signed_pdf_is_accepted_only_when_it_holds_and_begins_with_the_frozen_file(made: Case) -> None:
    edition = made.folder / "edisi-1"
    asked = (made.workspace, made.periode, "laporan")
    day = date.fromisoformat(made.day)

    def refused(verdict: Verdict) -> str:
        with pytest.raises(IkmError) as caught:
            record_signature(*asked, verdict, rehearsal_day=day)
        return caught.value.lines

    assert "Berkas diubah sesudah ditandatangani" in refused(
        Verdict(ok=False, sentences=("Berkas diubah sesudah ditandatangani.",))
    )
    assert "ditandatangani/laporan.pdf tidak ada" in refused(Verdict())
    (edition / "ditandatangani").mkdir()
    signed = edition / "ditandatangani" / "laporan.pdf"
    signed.write_bytes((made.folder / "laporan.pdf").read_bytes() + b"signature")  # the draft, not the edition
    assert "tidak dimulai dengan dokumen beku" in refused(Verdict())
    signed.write_bytes((edition / "laporan.pdf").read_bytes() + b"signature")
    assert "laporan edisi 1 dicatat" in record_signature(*asked, Verdict(), rehearsal_day=day)
    entry = made.entries()[-1]
    assert (entry["detail"]["kind"], entry["detail"]["level"]) == ("certificate", "B-LT")
    for document in ("rtl", "surat-pengantar"):
        copy = edition / "ditandatangani" / f"{document}.pdf"
        copy.write_bytes((edition / f"{document}.pdf").read_bytes() + b"signature")
        record_signature(made.workspace, made.periode, document, Verdict(), rehearsal_day=day)
    signed.write_bytes(signed.read_bytes() + b"more")
    assert made.do("send") == 2  # changed after it was entered
    signed.write_bytes(signed.read_bytes()[: -len(b"more")])
    assert made.do("send") == 0
    assert (made.folder / "kirim/edisi-1/laporan.pdf").read_bytes() == signed.read_bytes()


def test_a_step_typed_once_more_by_mistake_voids_nothing(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    assert made.step("susun", "staf") == made.step("evaluasi", "kasi") == 2
    assert "sudah selesai dan isinya tidak berubah" in said(capsys)
    assert made.sign() == 0


def test_an_official_who_holds_no_office_that_day_signs_nothing(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    office = made.workspace.root / "office.toml"
    office.write_text(office.read_text("utf-8").replace("until = 2029-12-31", "until = 2026-10-25"), "utf-8")
    assert made.sign() == 6
    assert "tidak ada pejabat dengan peran camat" in said(capsys)
    acting = """[[pejabat]]
role = "camat"
jabatan = "Camat Teladan"
nama = "Andi Andaikan, A.Md."
status = "Plt."
from = 2026-10-26
"""
    office.write_text(office.read_text("utf-8").replace("# Surat pengantar:", acting + "\n# Surat pengantar:"), "utf-8")
    assert Case(load(office), made.periode, made.day).sign() == 6  # the same person composed it
    assert "Andi Andaikan, A.Md. sudah mengerjakan langkah susun" in said(capsys)
