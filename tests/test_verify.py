"""The proof of a periode: all holds when signed, whatever the way; every changed byte is named; nothing is written."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from attack_samples import foreign_field
from flow_samples import Case, blank_scan, case, put_briefly, walked
from pki_samples import Pki, running_pki
from publish_samples import answer, collect
from shared_samples import brief_office, frozen_office

from collector.heartbeat import DIARY
from collector.store import open_store, reading
from collector.workspace import load
from publish import documents, gangguan, rebuild
from publish.draft import HISTORY
from publish.pdf_fields import FINAL, place_of
from publish.trial import trial_certificate

PASSPHRASE = "kata-sandi-uji"
DOCUMENTS = ("laporan", "rtl", "surat-pengantar")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return an office that has yet to sign; its documents are brief, so that they are soon made anew."""
    return brief_office(tmp_path_factory)


@pytest.fixture(scope="module")
def ink(unsigned: Case, tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Return the same office after it signed in ink, sent and published; no code can be read on its scans."""
    made = copied(unsigned, tmp_path_factory.mktemp("ink"))
    assert made.sign() == made.do("send") == made.do("public") == 0
    return made


def copied(case: Case, folder: Path, changes: dict[str, str] | None = None) -> Case:
    """Return a copy of an office, its configuration changed since the edition was frozen."""
    shutil.copytree(case.workspace.root, folder / "kantor", symlinks=True)
    file = folder / "kantor" / "office.toml"
    text = file.read_text("utf-8")
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return Case(load(file), case.periode, case.day)


def spoil(file: Path) -> None:
    """Change the last byte of a file."""
    file.chmod(0o644)
    content = file.read_bytes()
    file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


def proof(made: Case, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Return the exit code of `verify` and what it printed, each finding on one line."""
    capsys.readouterr()
    code = made.do("verify")
    said = capsys.readouterr()
    return code, (said.out + said.err).replace("\n" + " " * 15, " ")


def wrong(text: str) -> str:
    """Return the findings that do not hold."""
    return "\n".join(line for line in text.splitlines() if line.strip().startswith("TIDAK COCOK"))


def sign_prints(made: Case) -> None:
    """Sign each document in ink: the first and the last page as printed in full, the others empty and soon drawn."""
    for name in DOCUMENTS:
        whole, print_ = made.edition / f"{name}.pdf", made.workspace.root / f"{name}-cetak.pdf"
        empty = made.workspace.root / "kosong.pdf"
        empty.write_bytes(blank_scan(whole, name))
        subprocess.run(["qpdf", whole, "--pages", whole, "1,z", empty, "1-z", "--", print_], check=True)
        assert made.do("scan", "--document", name, "--file", str(print_)) == 0


def test_all_holds_on_a_periode_signed_in_ink_and_nothing_is_written(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(frozen_office(tmp_path_factory), tmp_path)
    sign_prints(made)
    assert made.do("send") == made.do("public") == 0

    def state() -> dict[Path, str]:
        files = [file for file in made.workspace.root.rglob("*") if file.is_file() and "-shm" not in file.name]
        return {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.stat().st_size}

    before = state()
    code, text = proof(made, capsys)
    assert code == 0, text
    assert state() == before
    for words in (
        "setiap catatan menyambung pada yang sebelumnya",
        "Setiap jawaban dihitung ulang: 1 hari sama",
        "result.json dihitung ulang dari tally.json: sama bita demi bita",
        "Hitungan dari basis data sama bita demi bita",
        "disusun ulang dari bahan yang disimpan: sama bita demi bita",
        "laporan: pindaian sama dengan yang dicatat. Kode QR pada 2 dari",
        "Tanda tangan basah tidak dapat diperiksa dengan komputer",
        "dokumen yang terbit sama dengan edisi 1",
        "Halaman dan data terbuka disusun ulang",
        "Kesimpulan: semua yang dapat diperiksa cocok.",
    ):
        assert words in text, words


def test_all_holds_on_a_periode_signed_by_certificate_though_the_configuration_has_changed_since(
    unsigned: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    changes = {'jalur = "ink"': 'jalur = "certificate"', "anchors = []": 'anchors = ["camat.pem"]', "Teladan": "Contoh"}
    made = copied(unsigned, tmp_path, changes)
    p12, pem = trial_certificate("Ratna Contohwati", PASSPHRASE)
    (made.workspace.root / "camat.p12").write_bytes(p12)
    (made.workspace.root / "camat.pem").write_bytes(pem)
    monkeypatch.setenv("IKM_PASSPHRASE", PASSPHRASE)
    assert made.do("sign-edition", "--p12", str(made.workspace.root / "camat.p12")) == 0
    assert made.do("send") == 0
    code, text = proof(made, capsys)
    assert code == 0, text
    assert "disusun ulang dari bahan yang disimpan: sama bita demi bita" in text
    assert "Tanda tangan oleh UJI COBA Ratna Contohwati" in text and "belum diterbitkan" in text
    spoil(made.folder / "edisi-1" / "ditandatangani" / "rtl.pdf")
    (made.workspace.root / "camat.pem").unlink()
    monkeypatch.setattr(rebuild, "program", lambda: {"ikm": "lain"})
    code, text = proof(made, capsys)
    assert code == 2
    assert "edisi-1/ditandatangani/rtl.pdf berubah atau hilang sesudah dicatat" in wrong(text)
    assert "laporan: tanda tangan tidak dapat diperiksa" in wrong(text)


def test_all_holds_on_a_periode_whose_signed_files_came_from_another_program(
    unsigned: Case, tmp_path: Path, pki: Pki, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(unsigned, tmp_path, {'jalur = "ink"': 'jalur = "import"', "anchors = []": 'anchors = ["akar.der"]'})
    (made.workspace.root / "akar.der").write_bytes(pki.certificate("root"))
    for name in DOCUMENTS:
        content = (made.folder / "edisi-1" / f"{name}.pdf").read_bytes()
        place = place_of(content, FINAL)
        assert place is not None
        left, bottom, right, top = (int(edge) for edge in place.box)
        file = tmp_path / f"{name}-ttd.pdf"
        file.write_bytes(foreign_field(content, pki, "camat", (left, bottom, right, top), place.page))
        assert made.do("import-signed", "--document", name, "--file", str(file)) == 0
    code, text = proof(made, capsys)
    assert code == 0, text
    said = " ".join(text.split())
    signed = re.findall(r"Tanda tangan oleh Ratna Contohwati pada [^,]+,", said)
    assert 1 <= len(signed) == len(set(signed))  # said once for all that were signed in the same minute
    told = re.findall(r"((?:[a-z-]+, )*[a-z-]+): Isi dokumen sama bita demi bita", said)
    assert ", ".join(told) == "laporan, rtl, surat-pengantar"  # in one line, or in two of two minutes
    assert "belum dikirim" in text


def unkept(made: Case) -> None:
    """Lose a kept copy, so that the documents are not made anew: that takes time, and another test sees it."""
    (made.folder / "riwayat" / hashlib.sha256((made.folder / "laporan.md").read_bytes()).hexdigest()).unlink()


def test_every_file_with_a_changed_byte_is_named(ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = copied(ink, tmp_path)
    unkept(made)
    scan = next((made.folder / "edisi-1" / "pindaian").iterdir())
    places = ("edisi-1/rtl.pdf", "kirim/edisi-1/laporan.pdf", "kirim/edisi-1/SHA256SUMS")
    for place in places:
        spoil(made.folder / place)
    spoil(scan)
    (made.folder / "kirim" / "edisi-1" / "catatan.txt").write_text("bukan kiriman")
    code, text = proof(made, capsys)
    assert code == 2
    for place in (*places, scan.name, "kirim/edisi-1/catatan.txt"):
        assert place in wrong(text), place
    assert "datanya belum dicocokkan: Berkas beku" in wrong(text)
    assert f"Pemeriksaan periode {made.periode} menemukan" in text and "Kesimpulan" not in text


def test_every_published_file_with_a_changed_byte_is_named(
    ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    unkept(made)
    places = ("periode/2026-10/hitung.csv", "hitung.csv", "index.html", "publik.db")
    for place in (*places, "periode/2026-10/rtl.pdf"):
        spoil(made.workspace.public / place)
    hasil = made.workspace.public / "periode/2026-10/hasil.json"
    hasil.write_text(hasil.read_text("utf-8").replace('"n_responden": 60', '"n_responden": 61'), "utf-8")
    (made.workspace.public / "titipan.html").write_text("bukan dari kami")
    code, text = proof(made, capsys)
    assert code == 2
    for place in (*places, "periode/2026-10/hasil.json", "titipan.html"):
        assert place in wrong(text), place
    assert "rtl.pdf yang terbit bukan dokumen edisi 1" in wrong(text)
    hasil.write_text("{}")
    assert "hasil.json yang terbit hilang atau tidak terbaca" in wrong(proof(made, capsys)[1])


@pytest.mark.parametrize(
    ("written", "since"),
    [
        ("", "2026-10-20T00:00 2026-10-20T11:00\n"),  # another collector's diary, copied after publishing
        ("2026-10-23T23:00 2026-10-24T09:58\n", "2026-10-24T23:00 2026-10-25T09:00\n"),  # silent from 16.58 on
        pytest.param(  # practice before its days
            *("2026-10-20T00:00 2026-10-20T09:00\n", "2026-10-20T09:10 2026-10-24T11:00\n"), marks=pytest.mark.soak
        ),
    ],
)
def test_what_is_published_of_outages_is_what_the_signed_laporan_says_while_the_server_runs_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], written: str, since: str
) -> None:
    made = case(tmp_path)
    put_briefly(made)
    (made.workspace.data / DIARY).write_text(written, "ascii")
    walked(made)
    assert made.sign() == made.do("send") == made.do("public") == 0
    published = made.workspace.public / "periode" / made.periode / gangguan.FILE
    before = published.read_bytes()
    with (made.workspace.data / DIARY).open("a", encoding="ascii") as diary:
        diary.write(since)
    code, text = proof(made, capsys)
    assert code == 0, wrong(text)
    assert made.do("public") == 0 and published.read_bytes() == before
    for copy in (made.folder / HISTORY).iterdir():
        if written and copy.read_bytes() == written.encode():
            spoil(copy)
            assert made.do("public") == 2 and "berubah atau hilang" in capsys.readouterr().err


def test_a_changed_result_or_list_of_the_edition_is_named(
    ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    file = made.folder / "edisi-1" / "result.json"
    file.chmod(0o644)
    text = file.read_text("utf-8")
    file.write_text(text.replace('"n_responden": 60', '"n_responden": 61'), "utf-8")
    lost = hashlib.sha256((made.folder / "laporan.md").read_bytes()).hexdigest()
    unkept(made)
    code, said = proof(made, capsys)
    assert code == 2
    assert "edisi-1/result.json berubah atau hilang" in wrong(said)
    assert "result.json bukan hasil hitungan tally.json" in wrong(said)
    assert lost in wrong(said)
    file.unlink()
    code, said = proof(made, capsys)
    assert code == 2 and "result.json berubah atau hilang" in wrong(said) and "berhenti di sini" in wrong(said)
    spoil(made.folder / "edisi-1" / "edisi.json")
    code, said = proof(made, capsys)
    assert code == 2 and "edisi.json tidak sama dengan jurnal" in wrong(said)


def test_an_answer_that_was_changed_behind_the_store_is_named_by_its_day(
    ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    assert isinstance(made.workspace.store, Path)
    with sqlite3.connect(made.workspace.store) as connection:
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'response'"
        ).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE response SET a01 = 5 - a01 WHERE seq = (SELECT min(seq) FROM response)")
    code, text = proof(made, capsys)
    assert code == 2
    assert "Hitung ulang berbeda dari yang disegel pada 2026-10-01" in wrong(text)


def test_an_answer_left_out_after_freezing_is_told_with_the_way_to_a_correction(
    ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    store = open_store(made.workspace.store, made.workspace.office.id)
    with reading(made.workspace.store) as connection:
        response = bytes(connection.execute("SELECT id FROM response LIMIT 1").fetchone()[0])
    store.exclude(response, "ganda", "kasi", date(2026, 10, 26))
    store.close()
    code, text = proof(made, capsys)
    assert code == 2
    assert "responden 60 menjadi 59" in wrong(text) and "make ralat PERIOD=2026-10" in wrong(text)
    assert "Setiap jawaban dihitung ulang" in text  # no row was changed
    assert "Dokumen tidak disusun ulang" in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: [lines[0].replace(b"staf", b"kasi", 1), *lines[1:]], "rusak pada baris 2"),
        (lambda lines: lines[:-1], "Jurnal tidak menyebut kirim/edisi-1/"),
        (lambda lines: lines[:-4], "Jurnal tidak menyebut edisi-1/pindaian/"),
        (lambda lines: [*lines[:2], *lines[3:]], "rusak pada baris 3"),
    ],
)
def test_a_journal_that_was_changed_or_cut_short_is_named(
    ink: Case, tmp_path: Path, change: object, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    shutil.rmtree(made.workspace.public)
    unkept(made)
    file = made.folder / "jurnal.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(change(lines)))  # type: ignore[operator]
    code, text = proof(made, capsys)
    assert code == 2 and words in wrong(text)


def test_after_the_answers_were_destroyed_the_sealed_counts_stand_for_them(
    ink: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    answer(made.workspace, 1, seed=9, day=date(2031, 10, 1))  # the newest row stays
    assert collect(made.workspace, "retention", "--destroy", "--by", "camat", day="2031-12-01") == 0
    assert isinstance(made.workspace.store, Path)
    with sqlite3.connect(made.workspace.store) as connection:
        assert connection.execute("SELECT count(*) FROM response").fetchone() == (1,)
    code, text = proof(made, capsys)
    assert code == 0, text
    assert "sudah dimusnahkan menurut masa simpannya dan tidak dapat dihitung ulang" in text
    assert "Hitungan dari basis data sama bita demi bita" in text
    assert "disusun ulang dari bahan yang disimpan: sama bita demi bita" in text


def test_documents_that_another_version_drew_are_told_apart_from_changed_ones(
    ink: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(ink, tmp_path)
    monkeypatch.setattr(documents, "CSS", documents.CSS + "h1{letter-spacing:1pt}")
    code, text = proof(made, capsys)
    assert code == 2 and "Disusun ulang dari bahan yang disimpan, laporan.pdf" in wrong(text)
    monkeypatch.setattr(rebuild, "program", lambda: {"ikm": "lain", "weasyprint": "99"})
    code, text = proof(made, capsys)
    assert code == 0, text
    assert "Programnya sudah lain (" in text and "ikm" in text and "bita demi bita" in text


def test_a_periode_without_an_edition_or_a_signature_is_not_proven(
    unsigned: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = copied(unsigned, tmp_path)
    shutil.rmtree(made.folder / "riwayat")
    code, text = proof(made, capsys)
    assert code == 2 and "laporan belum ditandatangani. Ketik: make status PERIOD=2026-10" in wrong(text)
    shutil.rmtree(made.folder)
    code, text = proof(made, capsys)
    assert code == 2 and "Periode 2026-10 belum memiliki edisi beku" in text
