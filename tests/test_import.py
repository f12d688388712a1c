"""Paper answers typed into a CSV file: read as clerks write them, every fault named, all of a file or nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from import_samples import GOOD, IDS, IN_FORM_ORDER, TODAY, U_NUMBERS, answers, refusal, rows, sheet, take, texts
from publish_samples import ROOT, collect, office

from collector import counting
from collector.imports import Imported, parse_day
from collector.store import reading
from collector.workspace import Workspace
from scoring import result
from scoring.response import canonical, commitment

TWO_INSTRUMENTS = {
    "from = 2017-05-09": 'from = 2017-05-09\n\n[[instrument]]\nid = "permenpanrb-16-2014"\nfrom = 2026-10-10',
}


@pytest.mark.parametrize("heading", [IDS, U_NUMBERS, U_NUMBERS.lower(), IDS.upper()])
def test_columns_may_be_named_by_question_or_by_u_number_and_u8_is_pengaduan(tmp_path: Path, heading: str) -> None:
    workspace = office(tmp_path)
    file = sheet(tmp_path, f"2026-10-05,ktp,{GOOD}", head=f"tanggal,layanan,{heading}")
    assert take(workspace, file) == Imported(1, None)
    (row,) = rows(workspace)
    assert answers(row) == IN_FORM_ORDER


def test_a_stored_sheet_is_paper_without_hour_and_bound_by_its_commitment(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}"))
    (row,), (batch,) = rows(workspace), rows(workspace, "batch")
    assert (row["day"], row["hour"], row["layanan"], row["channel"], row["flags"]) == ("2026-10-05", None, "ktp", 3, 0)
    assert row["form"] == "permenpanrb-14-2017/1"
    assert row["batch"] == batch["id"]
    assert (batch["file"], batch["sheets"], batch["imported_on"]) == ("kertas.csv", 1, "2026-10-25")
    assert row["id"] == commitment(row["nonce"], canonical(IN_FORM_ORDER, row["form"], "ktp", workspace.office.id))


def test_two_sheets_with_the_same_answers_are_two_people(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert take(workspace, sheet(tmp_path, *[f"2026-10-05,ktp,{GOOD}"] * 3)).sheets == 3
    assert len(rows(workspace)) == 3


@pytest.mark.parametrize(
    "written", ["2026-10-05", "2026-10-5", "05/10/2026", "5/10/2026", "05-10-2026", "5-10-2026", "05.10.2026"]
)
def test_a_date_may_be_written_in_three_forms(tmp_path: Path, written: str) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"{written},ktp,{GOOD}"))
    assert [row["day"] for row in rows(workspace)] == ["2026-10-05"]


@pytest.mark.parametrize(
    "written", ["", "5 Oktober 2026", "05/10/26", "2026-13-01", "31/02/2026", "10", "46300", "kemarin"]
)
def test_a_date_written_otherwise_is_refused_by_row_and_column(tmp_path: Path, written: str) -> None:
    assert parse_day(written) is None
    error = refusal(office(tmp_path), sheet(tmp_path, f"2026-10-05,ktp,{GOOD}", f"{written},ktp,{GOOD}"))
    assert error.code == "TABLE_REFUSED"
    assert texts(error) == [
        f'kertas.csv, baris 3, kolom tanggal: "{written}" tidak sah; isi tanggal seperti 2026-10-05 atau 05/10/2026.'
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_reads_the_same_however_the_spreadsheet_saved_it(
    tmp_path: Path, separator: str, mark: str, end: str
) -> None:
    workspace = office(tmp_path)
    lines = [f"no,tanggal,layanan,{U_NUMBERS}", f"1,05/10/2026,ktp,{GOOD}", f"2,06/10/2026,kk,{GOOD}", ""]
    file = tmp_path / "kertas.csv"
    file.write_bytes((mark + end.join(lines).replace(",", separator)).encode())
    assert take(workspace, file).sheets == 2
    assert [(row["day"], row["layanan"]) for row in rows(workspace)] == [("2026-10-05", "ktp"), ("2026-10-06", "kk")]


@pytest.mark.parametrize(
    ("cell", "default", "stored"),
    [
        ("kk", None, "kk"),
        ("Kartu Keluarga", None, "kk"),
        ("kartu keluarga", None, "kk"),
        ("", "Kartu Keluarga", "kk"),
        ("ktp", "kk", "ktp"),
    ],
)
def test_a_layanan_is_named_by_id_or_by_name_or_once_for_the_file(
    tmp_path: Path, cell: str, default: str | None, stored: str
) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"2026-10-05,{cell},{GOOD}"), layanan=default)
    assert [row["layanan"] for row in rows(workspace)] == [stored]


def test_an_office_with_one_layanan_need_not_name_it(tmp_path: Path) -> None:
    example = (ROOT / "office.example.toml").read_text("utf-8")
    others = example[example.index('[[layanan]]\nid = "kk"') : example.index("# Instrumen: id")]
    served = example[example.index('[population."2026-09"]') :]
    workspace = office(tmp_path, {others: "", served: ""})
    take(workspace, sheet(tmp_path, f"2026-10-05,{GOOD}", head=f"tanggal,{U_NUMBERS}"))
    assert [row["layanan"] for row in rows(workspace)] == ["ktp"]


def test_a_layanan_that_is_unknown_or_not_named_is_refused_with_those_there_are(tmp_path: Path) -> None:
    file = sheet(tmp_path, f"2026-10-05,sim,{GOOD}", f"2026-10-05,,{GOOD}")
    known = "isi salah satu: ktp, kk, pindah, usaha, lainnya."
    assert texts(refusal(office(tmp_path), file)) == [
        f'kertas.csv, baris 2, kolom layanan: "sim" tidak sah; {known}',
        f'kertas.csv, baris 3, kolom layanan: "" tidak sah; {known}',
    ]


def test_an_unknown_layanan_for_the_whole_file_is_said_once(tmp_path: Path) -> None:
    file = sheet(tmp_path, *[f"2026-10-05,ktp,{GOOD}"] * 3)
    error = refusal(office(tmp_path), file, layanan="sim")
    assert (error.code, error.lines) == ("LAYANAN_UNKNOWN", "Layanan sim tidak ada pada kantor ini.")


@pytest.mark.parametrize(
    ("periode", "day"),
    [("2026-10", "2026-10-24"), ("2026-09", "2026-09-24"), ("2026-11", "2026-11-24"), ("2026", "2026-12-24")],
)
def test_a_sheet_without_a_date_counts_on_the_last_day_of_its_periode(tmp_path: Path, periode: str, day: str) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, GOOD, head=U_NUMBERS), periode, "ktp")
    assert [row["day"] for row in rows(workspace)] == [day]


def test_within_a_periode_a_date_is_kept_and_an_empty_one_is_the_last_day(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}", f",ktp,{GOOD}"), "2026-10")
    assert [row["day"] for row in rows(workspace)] == ["2026-10-05", "2026-10-24"]


def test_without_a_date_column_and_a_periode_the_sentence_says_what_to_type(tmp_path: Path) -> None:
    error = refusal(office(tmp_path), sheet(tmp_path, f"ktp,{GOOD}", head=f"layanan,{U_NUMBERS}"))
    assert error.code == "IMPORT_DATE_MISSING"
    assert "make import FILE=kertas.csv PERIOD=2026-10" in error.lines


def test_a_date_that_has_not_come_is_refused(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = sheet(tmp_path, f"2026-10-25,ktp,{GOOD}", f"2026-10-26,ktp,{GOOD}")
    said = ["kertas.csv, baris 3: tanggal 26 Oktober 2026 belum terjadi."]
    assert texts(refusal(workspace, file)) == said
    assert texts(refusal(workspace, file, "2026-11")) == said


def test_a_periode_that_has_not_begun_is_refused(tmp_path: Path) -> None:
    file = sheet(tmp_path, GOOD, head=U_NUMBERS)
    assert texts(refusal(office(tmp_path), file, "2027-10", "ktp")) == [
        "kertas.csv, baris 2: tanggal 25 September 2027 belum terjadi."
    ]


def test_a_date_outside_the_periode_is_refused(tmp_path: Path) -> None:
    days = ("2026-09-24", "2026-09-25", "2026-10-24", "2026-10-25")
    file = sheet(tmp_path, *[f"{day},ktp,{GOOD}" for day in days])
    assert texts(refusal(office(tmp_path), file, "2026-10")) == [
        "kertas.csv, baris 2: tanggal 24 September 2026 di luar periode 2026-10.",
        "kertas.csv, baris 5: tanggal 25 Oktober 2026 di luar periode 2026-10.",
    ]


def test_a_date_on_which_another_instrument_was_asked_is_refused(tmp_path: Path) -> None:
    workspace = office(tmp_path, TWO_INSTRUMENTS)
    file = sheet(tmp_path, f"2026-10-09,ktp,{GOOD}", f"2026-10-10,ktp,{GOOD}")
    assert texts(refusal(workspace, file)) == [
        "kertas.csv: baris 2 bertanggal 9 Oktober 2026 memakai instrumen lain (permenpanrb-14-2017);"
        " pisahkan berkasnya."
    ]


def test_a_file_of_a_past_periode_is_read_with_the_instrument_of_that_periode(tmp_path: Path) -> None:
    workspace = office(tmp_path, TWO_INSTRUMENTS)
    take(workspace, sheet(tmp_path, f"2026-09-01,ktp,{GOOD}"), "2026-09")
    assert [row["form"] for row in rows(workspace)] == ["permenpanrb-14-2017/1"]
    other = sheet(tmp_path, f"2026-10-11,ktp,{GOOD}")
    assert refusal(workspace, other, "2026-10").code == "PERIODE_INSTRUMENT"  # changed within


def test_a_date_gets_one_remark_and_never_one_about_a_day_that_is_not_in_the_file(tmp_path: Path) -> None:
    workspace = office(tmp_path, TWO_INSTRUMENTS)
    file = sheet(tmp_path, f"kemarin,ktp,{GOOD}", f"2026-10-11,ktp,{GOOD}")
    faults = refusal(workspace, file, "2026-09").remarks
    assert [fault.code for fault in faults] == ["TABLE_CELL", "IMPORT_DATE_OUTSIDE"]


def test_every_fault_of_a_file_is_told_at_once_in_the_order_of_the_rows(tmp_path: Path) -> None:
    head = f"tanggal,layanan,{U_NUMBERS},usia,saran"
    file = sheet(
        tmp_path,
        f"2026-10-05,ktp,{GOOD},17-25,baik",
        "kemarin,sim,5,3,3,4,3,3,4,2,x,muda,baik",
        ",,,,,,,,,,,,",
        f"2026-10-27,kk,{GOOD},,{'a' * 301}",
        "2026-10-05,kk,,,,,,,,,,,baik",
        head=head,
    )
    error = refusal(office(tmp_path), file)
    assert str(error) == "kertas.csv: 8 kesalahan; tidak ada yang dihitung atau disimpan. Betulkan lalu ulangi."
    assert texts(error) == [
        'kertas.csv, baris 3, kolom persyaratan: "5" tidak sah; isi 1 sampai 4, atau kosongkan.',
        'kertas.csv, baris 3, kolom sarana: "x" tidak sah; isi 1 sampai 4, atau kosongkan.',
        'kertas.csv, baris 3, kolom tanggal: "kemarin" tidak sah; isi tanggal seperti 2026-10-05 atau 05/10/2026.',
        'kertas.csv, baris 3, kolom layanan: "sim" tidak sah; isi salah satu: ktp, kk, pindah, usaha, lainnya.',
        'kertas.csv, baris 3, kolom usia: "muda" tidak sah; isi salah satu: 17-25, 26-35, 36-45, 46-55, 56+.',
        "kertas.csv, baris 5: tanggal 27 Oktober 2026 belum terjadi.",
        f'kertas.csv, baris 5, kolom saran: "{"a" * 20}…" tidak sah; paling banyak 300 huruf.',
        "kertas.csv, baris 6: tidak ada satu pun jawaban.",
    ]


def test_blank_answers_are_stored_as_blanks_and_never_as_zero(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    take(workspace, sheet(tmp_path, "2026-10-05,ktp,4,,,,,,,,", "2026-10-05,ktp,,,,,,,,,1"))
    assert [answers(row) for row in rows(workspace)] == [(4, *[None] * 8), (*[None] * 7, 1, None)]


def test_profile_codes_may_be_typed_in_any_case_and_left_out(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    head = f"tanggal,layanan,{U_NUMBERS},jenis_kelamin,usia,pendidikan,pekerjaan,disabilitas"
    full, part = f"2026-10-05,ktp,{GOOD},p,56+,sma,Swasta,tidak", f"2026-10-05,ktp,{GOOD},L,,,,"
    take(workspace, sheet(tmp_path, full, part, head=head))
    assert [tuple(row[f"p{number:02d}"] for number in range(1, 7)) for row in rows(workspace)] == [
        ("P", "56+", "SMA", "SWASTA", "TIDAK", None),
        ("L", None, None, None, None, None),
    ]


def test_a_saran_is_cleaned_and_kept_apart_from_its_row(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    head = f"tanggal,layanan,{U_NUMBERS},saran"
    texts_in = ('"Antrean\u202e lama,\n\n\n\n\tmohon kursi.\u0007"', "\u200b", "", "b" * 300)
    take(workspace, sheet(tmp_path, *[f"2026-10-05,ktp,{GOOD},{text}" for text in texts_in], head=head))
    stored = rows(workspace)
    assert [(row["response"], row["text"]) for row in rows(workspace, "saran")] == [
        (stored[0]["id"], "Antrean lama,\n\nmohon kursi."),
        (stored[3]["id"], "b" * 300),
    ]


def test_the_same_file_is_imported_once_whatever_it_is_called(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = sheet(tmp_path, f"2026-10-05,ktp,{GOOD}")
    assert take(workspace, file) == Imported(1, None)
    assert take(workspace, file, today=date(2026, 10, 27)) == Imported(0, "2026-10-25")
    assert take(workspace, file.rename(tmp_path / "salinan.csv")) == Imported(0, "2026-10-25")
    assert len(rows(workspace)) == len(rows(workspace, "batch")) == 1


def test_a_refused_file_may_come_again_when_it_is_mended(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    refusal(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}", "2026-10-05,ktp,9,,,,,,,,"))
    assert take(workspace, sheet(tmp_path, f"2026-10-05,ktp,{GOOD}", "2026-10-05,ktp,4,,,,,,,,")) == Imported(2, None)


@pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL
def test_a_closed_periode_takes_no_sheet_and_no_other_of_the_same_file(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    assert collect(workspace, "close", "2026-09", "--empty") == 0
    open_day, closed_day = f"2026-10-05,ktp,{GOOD},baik", f"2026-09-24,ktp,{GOOD},baik"
    file = sheet(tmp_path, open_day, closed_day, head=f"tanggal,layanan,{U_NUMBERS},saran")
    assert refusal(workspace, file).code == "PERIODE_CLOSED"
    assert refusal(workspace, sheet(tmp_path, GOOD, head=U_NUMBERS), "2026-09", "ktp").code == "PERIODE_CLOSED"
    assert take(workspace, sheet(tmp_path, open_day, head=f"tanggal,layanan,{U_NUMBERS},saran")).sheets == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "TABLE_EMPTY"),
        (f"tanggal,{U_NUMBERS},umur\n2026-10-05,{GOOD},40\n".encode(), "TABLE_COLUMN_UNKNOWN"),
        (f"tanggal,{U_NUMBERS},saran\n2026-10-05,{GOOD},caf\xe9\n".encode("latin-1"), "FILE_UNREADABLE"),
    ],
)
def test_a_file_that_is_no_table_of_answers_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    workspace, file = office(tmp_path), tmp_path / "kertas.csv"
    file.write_bytes(content)
    assert refusal(workspace, file, layanan="ktp").code == code
    assert refusal(workspace, tmp_path / "tiada.csv").code == "FILE_MISSING"
    assert refusal(workspace, tmp_path).code == "FILE_UNREADABLE"


def command(workspace: Workspace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m collector import` as `make import` does."""
    options = ["--office", str(workspace.root / "office.toml"), "--rehearsal-day", TODAY.isoformat()]
    python = [sys.executable, "-m", "collector", "import"]
    return subprocess.run([*python, *arguments, *options], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_command_says_what_it_stored_and_ends_with_0(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = str(sheet(tmp_path, GOOD, GOOD, head=U_NUMBERS))
    done = command(workspace, file, "--periode", "2026-10", "--layanan", "kk")
    assert (done.returncode, done.stdout, done.stderr) == (0, "2 lembar dari kertas.csv disimpan.\n", "")
    again = command(workspace, file, "--periode", "2026-10", "--layanan", "kk")
    said = "Berkas kertas.csv sudah diimpor pada 25 Oktober 2026; tidak ada yang ditambahkan.\n"
    assert (again.returncode, again.stdout, again.stderr) == (0, said, "")
    assert [(row["day"], row["layanan"]) for row in rows(workspace)] == [("2026-10-24", "kk")] * 2


def test_the_command_lists_every_fault_and_ends_with_2(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    done = command(workspace, str(sheet(tmp_path, "2026-10-05,ktp,5,,,,,,,,", "2026-10-05,sim,4,,,,,,,,")))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "kertas.csv: 2 kesalahan; tidak ada yang dihitung atau disimpan. Betulkan lalu ulangi.",
        '- kertas.csv, baris 2, kolom persyaratan: "5" tidak sah; isi 1 sampai 4, atau kosongkan.',
        '- kertas.csv, baris 3, kolom layanan: "sim" tidak sah; isi salah satu: ktp, kk, pindah, usaha, lainnya.',
    ]
    assert rows(workspace) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tiada.csv",), "Berkas tiada.csv tidak ada. Periksa nama dan foldernya."),
        (("tiada.csv", "--periode", "Oktober"), "Periode Oktober tidak dikenal."),
    ],
)
def test_the_command_ends_with_2_and_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert collect(office(tmp_path), "import", *arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(said)
    assert len(captured.err.splitlines()) == 1


def test_the_fifty_sheets_of_wonosobo_come_in_by_u_number_and_score_what_the_office_could_have_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older = {'id = "permenpanrb-14-2017"\nfrom = 2017-05-09': 'id = "permenpanrb-16-2014"\nfrom = 2014-05-02'}
    workspace = office(tmp_path, older)
    file = str(ROOT / "publish" / "demo_data" / "wonosobo-2017.csv")
    assert collect(workspace, "import", file, "--periode", "2026-09", "--layanan", "lainnya") == 0
    assert capsys.readouterr().out == "50 lembar dari wonosobo-2017.csv disimpan.\n"
    with reading(workspace.store) as connection:
        figures = result.score(counting.tally(connection, workspace.office, workspace.office.periode("2026-09")))
    assert (figures["n_responden"], figures["n_complete"], figures["ikm"]) == (50, 49, "81.85")
