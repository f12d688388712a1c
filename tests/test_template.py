"""The template for paper answers: only entry cells can be changed, choices in words, and what is typed comes back."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_samples import TODAY, answers, refusal, rows, take, texts
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from publish_samples import office, publish

from collector.imports import read_sheets
from collector.workspace import Workspace
from publish.template import ROWS, write_template
from scoring.errors import IkmError
from scoring.office import Office

LAST = ROWS + 1
FILLED = ["05/10/2026", "Kartu Keluarga", 4, 3, 3, 4, 3, 3, 4, 1, 2, "Perempuan", "17–25 tahun", None, "TNI", "Ya"]


def made(folder: Path, layanan: str | None = None) -> tuple[Workspace, Path, Workbook]:
    """Return an office, its template, and the template opened."""
    workspace = office(folder)
    file = write_template(workspace.office, workspace.data, TODAY, layanan)
    return workspace, file, load_workbook(file)


def fill(sheet: Worksheet, row: int, cells: list[Any], saran: str = "") -> None:
    for column, content in enumerate([*cells, saran or None], 2):
        sheet.cell(row, column).value = content


def test_every_cell_is_locked_but_those_to_be_filled_in_and_the_heading_stays_in_sight(tmp_path: Path) -> None:
    _, _, book = made(tmp_path)
    sheet = book["Lembar"]
    assert book.sheetnames == ["Lembar", "Petunjuk", "Pilihan"]
    assert all(worksheet.protection.sheet and worksheet.protection.password is None for worksheet in book.worksheets)
    assert (sheet.freeze_panes, sheet.max_row, sheet.max_column) == ("D2", LAST, 18)
    unlocked = {cell.row for line in sheet.iter_rows() for cell in line if not cell.protection.locked}
    assert unlocked == set(range(2, LAST + 1))
    assert all(cell.protection.locked for name in ("Petunjuk", "Pilihan") for line in book[name] for cell in line)
    assert all(cell.protection.locked for cell in sheet[1])


def test_text_cells_are_text_and_choices_are_given_in_words(tmp_path: Path) -> None:
    _, _, book = made(tmp_path)
    sheet, lists = book["Lembar"], book["Pilihan"]
    assert [sheet.cell(2, column).number_format for column in (1, 2, 3, 4, 13, 18)] == ["@", "@", "@", "0", "@", "@"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules[f"D2:D{LAST}"].formula1 == '"1,2,3,4"'
    assert rules[f"D2:D{LAST}"].prompt.startswith("1 = Tidak sesuai; 2 = Kurang sesuai;")
    assert rules[f"C2:C{LAST}"].formula1 == "Pilihan!$A$2:$A$6"
    assert [lists.cell(row, 1).value for row in range(2, 7)] == [
        *("Perekaman KTP Elektronik", "Kartu Keluarga", "Surat Pindah Datang", "Surat Keterangan Usaha"),
        "Layanan Lainnya",
    ]
    assert all(rule.showErrorMessage and rule.allow_blank for rule in rules.values())


def test_what_is_typed_comes_back_and_rows_that_nobody_filled_in_are_passed_over(tmp_path: Path) -> None:
    workspace, _, book = made(tmp_path)
    fill(book["Lembar"], 2, FILLED, "Mohon kursi.")
    fill(book["Lembar"], 9, [date(2026, 10, 6), "ktp", "3 ", *[None] * 13])
    book.save(tmp_path / "kertas.xlsx")
    assert take(workspace, tmp_path / "kertas.xlsx").sheets == 2
    one, other = sorted(rows(workspace), key=lambda row: row["day"])
    assert (one["day"], one["layanan"], one["channel"], answers(one)) == (
        *("2026-10-05", "kk", 3),
        (4, 3, 3, 4, 3, 3, 4, 1, 2),
    )
    assert [one[f"p{number:02d}"] for number in range(1, 6)] == ["P", "17-25", None, "TNI", "YA"]
    assert (other["day"], other["layanan"], answers(other)) == ("2026-10-06", "ktp", (3, *[None] * 8))
    assert [row["text"] for row in rows(workspace, "saran")] == ["Mohon kursi."]


def test_a_template_of_one_layanan_holds_it_in_every_row_and_is_empty_all_the_same(tmp_path: Path) -> None:
    workspace, file, book = made(tmp_path, "kk")
    assert file.name == "templat-kertas-kk.xlsx"
    assert {book["Lembar"].cell(row, 3).value for row in range(2, LAST + 1)} == {"Kartu Keluarga"}
    assert refusal(workspace, file).code == "TABLE_EMPTY"
    with pytest.raises(IkmError, match="Layanan sim tidak ada"):
        write_template(workspace.office, workspace.data, TODAY, "sim")


def test_every_fault_is_told_by_row_and_letter_and_nothing_is_stored(tmp_path: Path) -> None:
    workspace, _, book = made(tmp_path)
    sheet = book["Lembar"]
    fill(sheet, 2, ["05/10/2026", "ktp", 5, "=1+2", 3.5, "#N/A", *[None] * 4, "x", None, "muda"])
    fill(sheet, 3, FILLED)
    fill(sheet, 4, ["kemarin", "sim", *[None] * 14], "Baik.")
    sheet.row_dimensions[3].hidden = True
    book.save(tmp_path / "kertas.xlsx")
    assert texts(refusal(workspace, tmp_path / "kertas.xlsx")) == [
        'kertas.xlsx, baris 2, kolom E (2. Sistem, Mekanisme, dan Prosedur): "=1+2" tidak sah; rumus tidak dibaca; '
        "salin sel itu, lalu tempel sebagai nilai.",
        'kertas.xlsx, baris 2, kolom G (4. Biaya/Tarif): "#N/A" tidak sah; sel ini berisi galat; isi dengan nilainya.',
        'kertas.xlsx, baris 2, kolom D (1. Persyaratan): "5" tidak sah; isi 1 sampai 4, atau kosongkan.',
        'kertas.xlsx, baris 2, kolom F (3. Waktu Penyelesaian): "3.5" tidak sah; isi 1 sampai 4, atau kosongkan.',
        'kertas.xlsx, baris 2, kolom L (9. Penanganan Pengaduan, Saran dan Masukan): "x" tidak sah; '
        "isi 1 sampai 4, atau kosongkan.",
        'kertas.xlsx, baris 2, kolom N (Usia): "muda" tidak sah; isi salah satu: 17-25, 26-35, 36-45, 46-55, 56+.',
        "kertas.xlsx, baris 3 tersembunyi tetapi berisi. Tampilkan baris itu, atau hapus.",
        "kertas.xlsx, baris 4: tidak ada satu pun jawaban.",
        'kertas.xlsx, baris 4, kolom B (Tanggal): "kemarin" tidak sah; isi tanggal seperti 2026-10-05 atau 05/10/2026.',
        'kertas.xlsx, baris 4, kolom C (Layanan): "sim" tidak sah; isi salah satu: ktp, kk, pindah, usaha, lainnya.',
    ]


def test_columns_that_are_unknown_personal_or_missing_are_named_together(tmp_path: Path) -> None:
    workspace, _, book = made(tmp_path)
    sheet = book["Lembar"]
    fill(sheet, 2, FILLED)
    sheet["D1"], sheet["S1"], sheet["T1"], sheet["U3"] = "Syarat", "Nama Lengkap", "Tanggal", "x"
    book.save(tmp_path / "kertas.xlsx")
    error = refusal(workspace, tmp_path / "kertas.xlsx")
    assert [(fault.code, fault.text.partition(": ")[2].partition(".")[0]) for fault in error.remarks] == [
        ("XLSX_COLUMN", "kolom D (Syarat) tidak dikenal"),
        ("MAP_PERSONAL", "kolom S (Nama Lengkap) memuat data pribadi dan tidak boleh dibaca"),
        ("TABLE_COLUMN_TWICE", "kolom T (Tanggal) tertulis dua kali"),
        ("XLSX_COLUMN", "kolom U (tanpa judul) tidak dikenal"),
        ("TABLE_COLUMN_MISSING", "kolom untuk Persyaratan tidak ada"),
    ]


def test_a_template_that_was_filled_in_is_never_written_over(tmp_path: Path) -> None:
    workspace, file, book = made(tmp_path)
    before = file.read_bytes()
    assert write_template(workspace.office, workspace.data, date(2027, 1, 1), None).read_bytes() == before
    fill(book["Lembar"], 2, FILLED)
    book.save(file)
    filled = file.read_bytes()
    with pytest.raises(IkmError, match="mungkin sudah diisi"):
        write_template(workspace.office, workspace.data, TODAY, None)
    assert file.read_bytes() == filled


def test_the_command_says_where_the_template_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    assert publish(workspace, "template", "--layanan", "ktp") == 0
    assert capsys.readouterr().out == f"Templat 500 lembar: {workspace.data / 'templat-kertas-ktp.xlsx'}\n"
    assert publish(workspace, "template", "--layanan", "sim") == 2


def stored(office: Office, file: Path, content: bytes) -> list[tuple[Any, ...]]:
    """Return what an import would store, without the random numbers."""
    found = read_sheets(office, file, content, TODAY, None, None, None)
    return [(day, each.layanan, each.channel, each.answers, each.profil, each.saran) for _, each, day in found]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_workbook_reads_back_to_the_same_rows_as_its_csv(tmp_path_factory: Any, data: st.DataObject) -> None:
    workspace = office(tmp_path_factory.mktemp("kantor"))
    pack = workspace.office.survey_on(TODAY).instrument
    days = st.dates(date(2026, 1, 1), TODAY)
    value = st.one_of(st.none(), st.integers(1, 4))
    saran = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Co"]), max_size=60)
    lines = []
    for _ in range(data.draw(st.integers(1, 6))):
        scores = [data.draw(st.integers(1, 4)), *(data.draw(value) for _ in pack.questions[1:])]
        codes = [data.draw(st.sampled_from(["", *(code for code, _ in field.options)])) for field in pack.profil]
        service = data.draw(st.sampled_from([item.nama for item in workspace.office.layanan]))
        lines.append([data.draw(days), service, *scores, *codes, data.draw(saran)])
    heading = ["Tanggal", "layanan", *(q.id for q in pack.questions), *(f.nama for f in pack.profil), "saran"]
    text, book, out = io.StringIO(), Workbook(), io.BytesIO()
    csv.writer(text).writerows([heading, *lines])
    for row, line in enumerate([heading, *lines], 1):
        for column, content in enumerate(line, 1):
            cell = book.worksheets[0].cell(row, column)
            cell.value = content
            if isinstance(content, str):
                cell.data_type = "s"  # a text stays one, whatever it begins with
    book.save(out)
    by_csv = stored(workspace.office, Path("a.csv"), text.getvalue().encode())
    assert stored(workspace.office, Path("a.xlsx"), out.getvalue()) == by_csv


@pytest.mark.soak  # LibreOffice is on the machine of the long campaigns only
def test_libreoffice_opens_the_template_and_what_it_saves_comes_back(tmp_path: Path) -> None:
    workspace, _, book = made(tmp_path)
    for row in range(2, 32):
        fill(book["Lembar"], row, FILLED, f"Baik, {row}.")
    book["Lembar"]["B3"] = date(2026, 10, 5)
    book.save(tmp_path / "kertas.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out")]
    subprocess.run([*command, str(tmp_path / "kertas.xlsx")], check=True, capture_output=True, timeout=300)
    saved = tmp_path / "out" / "kertas.xlsx"
    kept = load_workbook(saved)["Lembar"]
    assert kept.protection.sheet and not kept["D2"].protection.locked and kept["D1"].protection.locked
    assert len(kept.data_validations.dataValidation) >= 10
    today = workspace.office
    assert stored(today, saved, saved.read_bytes()) == stored(
        today, tmp_path / "kertas.xlsx", (tmp_path / "kertas.xlsx").read_bytes()
    )
    assert take(workspace, saved).sheets == 30
