"""What leaves the office and what stays: the dispatch pack, the archive as a BagIt bag, due dates and a calendar."""

from __future__ import annotations

import csv
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from flow_samples import Case, case
from publish_samples import office, publish
from shared_samples import brief_office, copied

from publish.due import around, calendar, due_date
from publish.procedure import built_in
from scoring.office import PROCEDURES
from scoring.periode import parse


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Case:
    made = copied(brief_office(tmp_path_factory), tmp_path_factory.mktemp("sent") / "kantor")
    assert made.sign() == made.do("send") == made.do("archive") == 0
    return made


@pytest.fixture
def made(first: Case, tmp_path: Path) -> Case:
    """Return a copy of the office that has sent its report, which a test may spoil."""
    return copied(first, tmp_path / "kantor")


@pytest.fixture
def pack(first: Case) -> Path:
    return first.folder / "kirim" / "edisi-1"


@pytest.fixture
def bag(first: Case) -> Path:
    return first.workspace.data / "arsip" / "kecamatan-teladan-2026-10"


def check_sums(folder: Path, name: str) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", name], cwd=folder, check=True)


def test_the_pack_holds_the_frozen_files_the_scans_and_their_sums(first: Case, pack: Path) -> None:
    check_sums(pack, "SHA256SUMS")
    listed = {line.split("  ")[1] for line in (pack / "SHA256SUMS").read_text("utf-8").splitlines()}
    assert listed == {file.name for file in pack.iterdir()} - {"SHA256SUMS"}
    for name in ("laporan", "rtl", "surat-pengantar"):
        assert (pack / f"{name}.pdf").read_bytes() == (first.folder / "edisi-1" / f"{name}.pdf").read_bytes()
        assert (pack / f"{name}-bertanda-tangan.pdf").read_bytes().startswith(f"%PDF-1.7\n%{name}\n".encode())


@pytest.mark.parametrize("name", ["srikandi", "sippn"])
def test_what_has_to_be_typed_is_there_for_people_and_for_programs(pack: Path, name: str) -> None:
    fields = json.loads((pack / f"{name}.json").read_text("utf-8"))
    with (pack / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)]
    assert rows == [("isian", "nilai"), *fields.items()]
    assert all(fields.values())


def test_the_fields_are_those_of_the_letter_and_of_the_frozen_result(first: Case, pack: Path) -> None:
    letter, result = (json.loads((pack / f"{name}.json").read_text("utf-8")) for name in ("srikandi", "sippn"))
    computed = json.loads((first.folder / "edisi-1" / "result.json").read_text("utf-8"))
    assert (letter["Nomor naskah"], letter["Kode klasifikasi"]) == ("000.8.3.4/131/X/2026", "000.8.3.4")
    assert letter["Lampiran"] == "2 (dua) berkas"
    assert letter["Penandatangan"] == "Ratna Contohwati, S.STP., M.Si."
    assert result["Nilai IKM"] == computed["ikm"].replace(".", ",")
    assert result["Jumlah responden"] == "60"


def test_the_dispatch_is_entered_with_what_was_sent(first: Case, pack: Path) -> None:
    entry = first.entries()[-1]
    assert (entry["act"], entry["role"], entry["detail"]) == ("sent", "staf", {"edition": 1})
    assert set(entry["files"]) == {f"kirim/edisi-1/{file.name}" for file in pack.iterdir() if file.suffix}


def test_nothing_is_sent_twice_or_archived_before_it_was_sent(
    made: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert made.do("send") == 2
    early = case(tmp_path / "b")
    capsys.readouterr()
    for command, what in (("send", "dikirim"), ("archive", "diarsipkan")):
        assert early.do(command) == 2
        assert f"belum dapat {what}: langkah susun oleh Staf belum selesai" in capsys.readouterr().err


def test_a_frozen_file_that_changed_is_not_archived(made: Case, capsys: pytest.CaptureFixture[str]) -> None:
    scan = next((made.folder / "edisi-1" / "pindaian").iterdir())
    scan.chmod(0o644)
    scan.write_bytes(b"%PDF-1.7 another")
    assert made.do("archive") == 2
    assert "berubah atau hilang" in capsys.readouterr().err


def test_nothing_is_published_before_its_signatures_are_entered_and_unchanged(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    early = copied(brief_office(tmp_path_factory), tmp_path / "kantor")
    capsys.readouterr()
    assert early.do("public") == 2
    assert "belum dapat diterbitkan: langkah tanda-tangan oleh Camat belum selesai" in capsys.readouterr().err
    assert not early.workspace.public.exists()
    assert early.sign() == early.do("public") == 0
    published = early.workspace.public / "periode" / "2026-10"
    assert (published / "rtl.pdf").read_bytes() == (early.folder / "edisi-1" / "rtl.pdf").read_bytes()
    (early.folder / "laporan.pdf").write_bytes(b"another draft")  # drafts are of no account any more
    assert early.do("public") == 0
    file = early.folder / "edisi-1" / "rtl.pdf"
    file.chmod(0o644)
    file.write_bytes(file.read_bytes() + b" ")
    assert early.do("public") == 2
    assert "berubah atau hilang" in capsys.readouterr().err


def test_the_archive_is_a_complete_and_valid_bag(first: Case, bag: Path) -> None:
    assert (bag / "bagit.txt").read_text("utf-8") == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        check_sums(bag, name)
    payload = [file for file in bag.rglob("data/**/*") if file.is_file()]
    lines = (bag / "manifest-sha256.txt").read_text("utf-8").splitlines()
    assert sorted(line.split("  ")[1] for line in lines) == sorted(file.relative_to(bag).as_posix() for file in payload)
    info = dict(line.split(": ", 1) for line in (bag / "bag-info.txt").read_text("utf-8").splitlines())
    assert info["Payload-Oxum"] == f"{sum(file.stat().st_size for file in payload)}.{len(payload)}"
    kept = {file.relative_to(bag / "data").as_posix() for file in payload}
    assert {"jurnal.jsonl", "edisi-1/laporan.pdf", "kirim/edisi-1/SHA256SUMS", "laporan.md", "rtl.toml"} <= kept
    assert not [name for name in kept if "lock" in name]


def test_the_archive_lists_what_to_print_and_the_end_of_the_journal(bag: Path) -> None:
    text = (bag / "daftar-berkas.txt").read_text("utf-8")
    for name in text.split("(")[1:]:
        assert (bag / name.split(")")[0]).is_file(), name
    last = (bag / "data" / "jurnal.jsonl").read_bytes().splitlines(keepends=True)[-1]
    assert subprocess.run(["sha256sum"], input=last, capture_output=True, check=True).stdout[:64].decode() in text


def test_archiving_again_replaces_the_bag(made: Case) -> None:
    assert made.do("archive") == 0
    assert [file.name for file in (made.workspace.data / "arsip").iterdir()] == ["kecamatan-teladan-2026-10"]


@pytest.mark.parametrize(
    ("procedure", "periode", "report_day", "due"),
    [
        ("sukma-monthly", "2026-10", 25, date(2026, 10, 25)),
        ("sukma-monthly", "2026-10", 1, date(2026, 11, 25)),
        ("sukma-rtl", "2026-10", 25, date(2026, 10, 26)),  # the day after is a Sunday
        ("eskm-quarterly", "2026-TW3", 1, date(2026, 10, 5)),
        ("eskm-semester", "2026-S2", 1, date(2027, 1, 12)),
    ],
)
def test_a_report_is_due_on_the_set_day_or_so_many_working_days_after(
    procedure: str, periode: str, report_day: int, due: date
) -> None:
    assert due_date(built_in(procedure), parse(periode, report_day)) == due


def test_the_due_dates_are_of_the_periode_before_the_open_one_and_the_next(tmp_path: Path) -> None:
    here = office(tmp_path).office
    names = {
        procedure: [periode.id for periode in around(here, built_in(procedure), date(2026, 11, 2))]
        for procedure in PROCEDURES
    }
    assert names == {
        "sukma-monthly": ["2026-10", "2026-11", "2026-12"],
        "sukma-rtl": ["2026-10", "2026-11", "2026-12"],
        "eskm-quarterly": ["2026-TW3", "2026-TW4", "2027-TW1"],
        "eskm-semester": ["2026-S1", "2026-S2", "2027-S1"],
    }


def test_the_calendar_follows_the_standard(tmp_path: Path) -> None:
    here = office(tmp_path).office
    for procedure in map(built_in, PROCEDURES):
        content = calendar(here, procedure, around(here, procedure, date(2026, 11, 2)))
        lines = content.decode().split("\r\n")
        assert lines.pop() == "" and "\n" not in "".join(lines)
        assert all(len(line.encode()) <= 75 for line in lines)
        assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 3
        whole = content.decode().replace("\r\n ", "")
        assert procedure.nama.replace(",", "\\,") in whole


def test_due_says_who_is_awaited_and_writes_the_calendar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = case(tmp_path)
    capsys.readouterr()
    assert publish(made.workspace, "due", day="2026-10-28") == 0
    shown = capsys.readouterr().out
    assert "Oktober 2026: 25 Oktober 2026 (akhir pekan); menunggu langkah susun, Staf; terlambat 3 hari kerja" in shown
    assert "Desember 2026: 25 Desember 2026; belum berakhir" in shown
    assert b"DTSTART;VALUE=DATE:20261125" in (made.workspace.data / "tenggat.ics").read_bytes()


def test_the_status_names_step_holder_delay_what_is_missing_and_the_next_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = case(tmp_path)
    capsys.readouterr()
    assert made.do("status", day="2026-11-30") == 0
    shown = capsys.readouterr().out
    assert "menunggu Staf" in shown and "2 hari kerja" in shown
    assert "- Dokumen periode 2026-10 belum dibuat. Ketik: make report PERIOD=2026-10" in shown
    assert "make step PERIOD=2026-10 STEP=susun BY=staf" in shown
    assert "hari libur nasional tidak diketahui" in shown
    assert max(map(len, shown.splitlines())) <= 132


def test_wrong_input_is_answered_with_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = case(tmp_path)
    quarter = Case(made.workspace, "2026-TW4", "2026-12-28")
    capsys.readouterr()
    for run, sentence in (
        (lambda: made.step("terbang", "staf"), "Langkah terbang tidak ada pada prosedur sukma-monthly"),
        (lambda: made.step("isi", "staf"), "selesai dengan sendirinya"),
        (lambda: made.step("bekukan", "staf"), "yang terbuka: susun, oleh Staf"),
        (lambda: made.back("susun", "staf", "x"), "tidak dapat dikembalikan"),
        (lambda: quarter.do("status"), "Periode 2026-TW4 bukan periode bulanan"),
        (lambda: Case(made.workspace, "besok", made.day).do("status"), "Periode besok tidak dikenal"),
    ):
        assert run() == 2
        shown = capsys.readouterr().err
        assert sentence in shown and shown.count("\n") == 1
