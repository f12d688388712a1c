"""The workbook in which paper answers are typed: a row a sheet, choices in words, everything else locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

from collector.imports import SHEETS
from publish.cells import Choice, Formula, Sheet, span
from publish.paper_form import LETTERS
from publish.workbook import render
from scoring.errors import IkmError
from scoring.instrument import Instrument, Question
from scoring.office import Office
from scoring.response import SARAN_LIMIT

ROWS: Final = 500
NAME: Final = "templat-kertas"
CHOICES: Final = "Pilihan"
NUMBER, DAY, SERVICE, FIRST = 1, 2, 3, 4  # columns; the questions begin at the last of them
DATE_LENGTH: Final = 10
STEPS: Final = (
    "Isi lembar kerja Lembar: satu baris untuk satu formulir kertas. Hanya sel isian yang dapat diubah.",
    "Nomor lembar sudah terisi. Tulis nomor yang sama pada formulir kertasnya, agar dapat dicari kembali.",
    "Tanggal ditulis sebagai teks seperti 05/10/2026 (hari/bulan/tahun). Boleh kosong bila periodenya disebut ketika "
    "diimpor.",
    "Layanan dan profil dipilih dari daftar. Profil yang tidak diisi pada formulir dibiarkan kosong.",
    "Jawaban ditulis sebagai angka menurut daftar di bawah. Yang tidak dijawab dibiarkan kosong, jangan diisi 0.",
    f"Saran disalin paling banyak {SARAN_LIMIT} huruf. Jangan menuliskan nama, NIK, atau nomor telepon.",
    "Jangan memakai rumus, menggabungkan sel, menyembunyikan baris, atau mengganti judul kolom. Baris yang belum diisi "
    "dilewati.",
    f"Setelah {ROWS} baris penuh, buat templat baru.",
    "Simpan sebagai .xlsx dengan nama lain, lalu ketik: make import FILE=kertas.xlsx. Bila ada kesalahan, semuanya "
    "disebut dengan baris dan kolomnya, dan tidak ada yang disimpan.",
)


def template(office: Office, pack: Instrument, layanan: str | None, day: date) -> bytes:
    """Return the XLSX file for sheets of `pack`; with `layanan` (its id) every row holds that one already."""
    lists, places = _choices(office, pack)
    sheets = [_answers(office, pack, layanan, places), _steps(office, pack), lists]
    return render(sheets, f"Templat lembar kertas SKM - {office.nama}", office.nama, day)


def write_template(office: Office, folder: Path, day: date, layanan: str | None) -> Path:
    """Write the template for what is asked on `day`; return the file. One that was filled in is never written over.

    Raises LAYANAN_UNKNOWN and TEMPLATE_EXISTS.
    """
    if layanan and not office.has_layanan(layanan):
        raise IkmError("LAYANAN_UNKNOWN", id=layanan)
    pack = office.survey_on(day).instrument
    content = template(office, pack, layanan, pack.valid_from)  # the same bytes every day
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / (f"{NAME}-{layanan}.xlsx" if layanan else f"{NAME}.xlsx")
    if file.exists() and file.read_bytes() != content:
        raise IkmError("TEMPLATE_EXISTS", file=file)
    file.write_bytes(content)
    return file


def _answers(office: Office, pack: Instrument, layanan: str | None, places: dict[str, Formula]) -> Sheet:
    """Return the sheet that is typed into; its first row is the heading that the import knows."""
    profil = FIRST + len(pack.questions)
    last = profil + len(pack.profil)
    sheet = Sheet(SHEETS[0], [9, 12, 27, *[13] * len(pack.questions), *[18] * len(pack.profil), 60], locked=True)
    names = {unsur.id: unsur.nama for unsur in pack.unsur if len(pack.questions_of(unsur.id)) == 1}
    asked = [f"{nomor}. {names.get(item.unsur, item.text)}" for nomor, item in enumerate(pack.questions, 1)]
    heads = ["Nomor lembar", "Tanggal", "Layanan", *asked, *(field.nama for field in pack.profil), "Saran"]
    for column, words in enumerate(heads, 1):
        sheet.put(1, column, words, "head")
    sheet.heights[1], sheet.freeze, sheet.repeat = 64, (2, FIRST), (1, 1)
    served = next((item.nama for item in office.layanan if item.id == layanan), "")
    for row in range(2, ROWS + 2):
        sheet.put(row, NUMBER, str(row - 1), "entry")
        sheet.put(row, DAY, "", "entry")
        sheet.put(row, SERVICE, served, "entry")
        for column in range(FIRST, last + 1):
            sheet.put(row, column, "", "entry_value" if column < profil else "entry")
    values = ",".join(str(value) for value in range(pack.low, pack.high + 1))
    rules: list[tuple[int, str | Formula | int, str]] = [
        (DAY, DATE_LENGTH, "Hari/bulan/tahun, misalnya 05/10/2026."),
        (SERVICE, places["layanan"], "Pilih dari daftar."),
        *((column, values, _meaning(question, pack.low)) for column, question in enumerate(pack.questions, FIRST)),
        *(
            (column, places[field.id], "Pilih dari daftar, atau kosongkan.")
            for column, field in enumerate(pack.profil, profil)
        ),
        (last, SARAN_LIMIT, f"Paling banyak {SARAN_LIMIT} huruf, tanpa nama, NIK, atau nomor telepon."),
    ]
    sheet.choices = [Choice((2, at), (ROWS + 1, at), allowed, heads[at - 1], says) for at, allowed, says in rules]
    return sheet


def _meaning(question: Question, low: int) -> str:
    options = "; ".join(f"{value} = {words}" for value, words in enumerate(question.options, low))
    return f"{options}; kosong = tidak dijawab."


def _steps(office: Office, pack: Instrument) -> Sheet:
    """Return what a clerk has to know, and what each number means."""
    options = pack.high - pack.low + 1
    sheet = Sheet("Petunjuk", [5, 60, *[24] * options], locked=True, one_page=True)
    row = sheet.line(1, "Memasukkan jawaban dari formulir kertas", "title")
    row = sheet.line(row, f"{office.nama} - {pack.nama}, {pack.peraturan}", "office")
    for number, step in enumerate(STEPS, 1):
        row = sheet.line(row, f"{number}. {step}")
    row = sheet.line(row + 1, "Arti angka jawaban", "section")
    marks = [f"{value} ({letter})" for value, letter in zip(range(pack.low, pack.high + 1), LETTERS, strict=False)]
    for column, words in enumerate(("No.", "Pertanyaan pada formulir (huruf pada formulir dalam kurung)", *marks), 1):
        sheet.put(row, column, words, "head")
    sheet.heights[row] = 30
    for nomor, question in enumerate(pack.questions, 1):
        sheet.put(row + nomor, 1, nomor, "number")
        for column, words in enumerate((question.text, *question.options), 2):
            sheet.put(row + nomor, column, words, "word")
        sheet.heights[row + nomor] = 45 if len(question.text) > 120 else 30
    return sheet


def _choices(office: Office, pack: Instrument) -> tuple[Sheet, dict[str, Formula]]:
    """Return the sheet of the lists, and where each list stands in it."""
    lists: list[tuple[str, str, Sequence[str]]] = [("layanan", "Layanan", [item.nama for item in office.layanan])]
    lists += [(field.id, field.nama, [nama for _, nama in field.options]) for field in pack.profil]
    sheet = Sheet(CHOICES, [30] * len(lists), locked=True, one_page=True)
    places = {}
    for column, (name, heading, words) in enumerate(lists, 1):
        sheet.put(1, column, heading, "head")
        for row, word in enumerate(words, 2):
            sheet.put(row, column, word, "word")
        places[name] = Formula(f"{CHOICES}!{span((2, column), (len(words) + 1, column), fixed=True)}")
    return sheet, places
