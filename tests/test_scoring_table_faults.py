"""A recap sheet that cannot be read: one stable code, exit code 2, and a sentence that names the cell."""

from __future__ import annotations

from pathlib import Path

import pytest
from scoring_samples import NINE, WONOSOBO, run

from scoring.errors import SENTENCES, IkmError
from scoring.instrument import built_in
from scoring.table import Row, printed, read_answers, score_table

HEADING = ",".join(question.id for question in built_in(NINE).questions)
GOOD = "4,4,4,4,4,4,4,4,4"

# code, the sheet, and what the sentence must name
COLUMNS = {
    "an empty file": ("TABLE_EMPTY", "", ("rekap.csv",)),
    "a heading without words": ("TABLE_EMPTY", ",,\n", ("rekap.csv",)),
    "a heading alone": ("TABLE_EMPTY", f"{HEADING}\n,,,,,,,,\n\n", ("rekap.csv",)),
    "a column nobody knows": ("TABLE_COLUMN_UNKNOWN", f"{HEADING},umur\n{GOOD},40\n", ("umur", "persyaratan", "u9")),
    "a column without a name": ("TABLE_COLUMN_UNKNOWN", f"{HEADING},\n{GOOD},\n", ("(kosong)",)),
    "a column that is lacking": (
        "TABLE_COLUMN_MISSING",
        f"{HEADING.replace(',sarana', '')}\n4,4,4,4,4,4,4,4\n",
        ("sarana",),
    ),
    "a column written twice": ("TABLE_COLUMN_TWICE", f"{HEADING},no,no\n{GOOD},1,1\n", ("kolom no",)),
    "a column under both its names": ("TABLE_COLUMN_TWICE", f"{HEADING},U9\n{GOOD},4\n", ("U9",)),
    "a row longer than the heading": ("TABLE_ROW_LONG", f"{HEADING}\n{GOOD}\n{GOOD},4\n", ("baris 3",)),
    "a field without end": ("FILE_UNREADABLE", f"{HEADING}\n" + "4" * 200_000, ("rekap.csv",)),
    "a carriage return inside a line": ("FILE_UNREADABLE", f"{HEADING}\n4\r4,4\n", ("rekap.csv",)),
}
CELLS = {
    "a value above the scale": ("4,4,4,4,5,4,4,4,4", "produk", "5"),
    "a value below the scale": ("0,4,4,4,4,4,4,4,4", "persyaratan", "0"),
    "a letter": ("4,4,4,4,4,4,4,4,b", "pengaduan", "b"),
    "half a value": ('4,4,"3,5",4,4,4,4,4,4', "waktu", "3,5"),
    "a figure of another script": ("4,４,4,4,4,4,4,4,4", "prosedur", "４"),
    "a formula": ("4,4,4,=4,4,4,4,4,4", "biaya", "=4"),
}
NRR = {
    "above the scale": "4.01",
    "below the scale": "0.99",
    "a blank": "",
    "a word": "baik",
    "a power of ten": "3e0",
    "no end of digits": "3." + "1" * 5000,
}


def refusal(text: str, *, nrr: bool = False) -> IkmError:
    with pytest.raises(IkmError) as caught:
        score_table("rekap.csv", text, built_in(NINE), "exact", "available", nrr=nrr)
    return caught.value


@pytest.mark.parametrize("name", COLUMNS)
def test_a_sheet_with_this_fault_is_refused_by_name(name: str, tmp_path: Path) -> None:
    code, text, named = COLUMNS[name]
    error = refusal(text)
    assert error.code == code
    assert all(word in str(error) for word in ("rekap.csv", *named))


@pytest.mark.parametrize("name", CELLS)
def test_a_wrong_cell_is_named_by_row_and_column(name: str) -> None:
    row, column, value = CELLS[name]
    error = refusal(f"{HEADING}\n{GOOD}\n{row}\n")
    assert error.code == "TABLE_REFUSED"
    (fault,) = error.remarks
    assert (fault.code, fault.field) == ("TABLE_CELL", column)
    assert fault.text == (f'rekap.csv, baris 3, kolom {column}: "{value}" tidak sah; isi 1 sampai 4, atau kosongkan.')


def test_a_row_without_any_answer_is_named() -> None:
    error = refusal(f"no,{HEADING}\n1,{GOOD}\n2,,,,,,,,,\n")
    assert [(fault.code, fault.text) for fault in error.remarks] == [
        ("TABLE_ROW_EMPTY", "rekap.csv, baris 3: tidak ada satu pun jawaban.")
    ]


def test_every_fault_of_a_sheet_is_told_at_once() -> None:
    error = refusal(f"no,{HEADING}\n1,9,4,4,4,4,4,4,4,x\n2,,,,,,,,,\n")
    assert [fault.code for fault in error.remarks] == ["TABLE_CELL", "TABLE_CELL", "TABLE_ROW_EMPTY"]
    assert str(error).startswith("rekap.csv: 3 kesalahan;")


@pytest.mark.parametrize("rows", [f"{GOOD}\n{GOOD}", f"{GOOD}\n{GOOD}\n{GOOD}"])
def test_a_sheet_of_nrr_has_exactly_one_row(rows: str) -> None:
    error = refusal(f"{HEADING}\n{rows}\n", nrr=True)
    assert error.code == "TABLE_NRR_ROWS"
    assert f"terbaca {rows.count('4,4,4,4,4,4,4,4,4')}" in str(error)


@pytest.mark.parametrize("name", NRR)
def test_an_nrr_outside_the_scale_is_named_by_row_and_column(name: str) -> None:
    error = refusal(f"{HEADING}\n4,4,{NRR[name]},4,4,4,4,4,4\n", nrr=True)
    (fault,) = error.remarks
    assert (error.code, fault.code, fault.field) == ("TABLE_REFUSED", "TABLE_CELL", "waktu")
    assert "baris 2, kolom waktu" in fault.text and "isi NRR dari 1 sampai 4" in fault.text


def test_no_code_for_tables_is_left_without_a_test() -> None:
    codes = {code for code, _, _ in COLUMNS.values()}
    codes |= {"TABLE_CELL", "TABLE_REFUSED", "TABLE_ROW_EMPTY", "TABLE_NRR_ROWS"}
    assert codes >= {code for code in SENTENCES if code.startswith("TABLE_")}


@pytest.mark.parametrize("name", [name for name in COLUMNS if COLUMNS[name][0].startswith("TABLE_")])
def test_the_command_ends_with_2_and_says_the_sentence_alone(name: str, tmp_path: Path) -> None:
    sheet = tmp_path / "rekap.csv"
    sheet.write_bytes(COLUMNS[name][1].encode())
    done = run("table", str(sheet), "--instrument", NINE)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"{refusal(COLUMNS[name][1])}\n"


def test_the_command_lists_every_wrong_cell_below_the_sentence(tmp_path: Path) -> None:
    sheet = tmp_path / "rekap.csv"
    sheet.write_text(f"{HEADING}\n4,4,4,4,5,4,4,4,b\n", "utf-8")
    done = run("table", str(sheet), "--instrument", NINE)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().splitlines() == [
        "rekap.csv: 2 kesalahan; tidak ada yang dihitung atau disimpan. Betulkan lalu ulangi.",
        '- rekap.csv, baris 2, kolom produk: "5" tidak sah; isi 1 sampai 4, atau kosongkan.',
        '- rekap.csv, baris 2, kolom pengaduan: "b" tidak sah; isi 1 sampai 4, atau kosongkan.',
    ]


def test_the_command_refuses_a_sheet_of_nrr_with_two_rows(tmp_path: Path) -> None:
    sheet = tmp_path / "nrr.csv"
    sheet.write_text(f"{HEADING}\n{GOOD}\n{GOOD}\n", "utf-8")
    done = run("table", str(sheet), "--instrument", NINE, "--nrr")
    assert (done.returncode, done.stderr.decode()) == (
        2,
        "nrr.csv: rekap NRR harus berisi tepat satu baris angka, terbaca 2.\n",
    )


def test_a_file_that_is_absent_a_folder_or_not_utf_8_is_refused(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(f"{HEADING},saran\n{GOOD},d\xe9j\xe0 vu\n".encode("latin-1"))
    for file, words in (
        (tmp_path / "tiada.csv", f"Berkas {tmp_path / 'tiada.csv'} tidak ada."),
        (tmp_path, f"Berkas {tmp_path} tidak dapat dibaca:"),
        (latin, "simpan sebagai CSV UTF-8"),
    ):
        done = run("table", str(file), "--instrument", NINE)
        assert (done.returncode, done.stdout) == (2, b"")
        assert words in done.stderr.decode() and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--instrument", "skm-2030"), "Instrumen skm-2030 tidak dikenal; yang ada: kepmenpan-25-2004"),
        (("--instrument", NINE, "--rule", "0.071"), f"Aturan hitung 0.071 tidak ada pada instrumen {NINE}"),
    ],
)
def test_an_instrument_or_rule_nobody_knows_is_refused_with_those_there_are(
    options: tuple[str, ...], words: str
) -> None:
    done = run("table", str(WONOSOBO), *options)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith(words) and done.stderr.count(b"\n") == 1


def test_a_reading_of_blanks_nobody_knows_is_refused() -> None:
    with pytest.raises(IkmError, match="tebakan") as caught:
        score_table("rekap.csv", f"{HEADING}\n{GOOD}\n", built_in(NINE), "exact", "tebakan", nrr=False)
    assert caught.value.code == "BLANK_UNKNOWN"


def scored(text: str, *, nrr: bool = False) -> dict[str, object]:
    return score_table("rekap.csv", text, built_in(NINE), "exact", "available", nrr=nrr)


def test_lines_without_a_word_are_passed_over_and_cells_left_out_at_the_end_are_blank() -> None:
    whole = scored(f"{HEADING}\n{GOOD}\n,,,,,,,,\n\n3,3,3\n{GOOD},,\n")
    assert whole["n_responden"] == 3
    assert [(entry["n"], entry["blank"]) for entry in whole["unsur"]] == [(3, 0)] * 3 + [(2, 1)] * 6  # type: ignore[attr-defined]


def test_the_heading_alone_says_how_cells_are_separated() -> None:
    heading = HEADING.replace(",", ";") + ";saran"
    row = ";".join("444444444") + ";" + "ramah, " * 40
    assert scored(f"{heading}\n{row}\n{row}\n")["n_responden"] == 2


def test_headings_may_carry_a_number_in_front_and_a_mark_behind() -> None:
    names = [unsur.nama for unsur in built_in(NINE).unsur]
    heading = ",".join(f'"{number}. {nama} *"' for number, nama in enumerate(names, 1))
    assert scored(f"{heading}\n{GOOD}\n")["ikm"] == "100.00"


def test_an_nrr_may_be_the_lowest_and_the_highest_of_the_scale() -> None:
    assert scored(f"{HEADING}\n1,1,1,1,1,1,1,1,1\n", nrr=True)["ikm"] == "25.00"
    assert scored(f"{HEADING}\n{GOOD}\n", nrr=True)["ikm"] == "100.00"


def test_every_sentence_names_the_file_and_quotes_at_most_forty_letters() -> None:
    error = refusal(f"{HEADING}\n0,{'4' * 40},{'4' * 41},4,4,4,4,4,4\n", nrr=True)
    assert str(error).startswith("rekap.csv: 3 kesalahan;")
    assert [fault.text for fault in error.remarks] == [
        f'rekap.csv, baris 2, kolom {column}: "{value}" tidak sah; isi NRR dari 1 sampai 4.'
        for column, value in (("persyaratan", "0"), ("prosedur", "4" * 40), ("waktu", "4" * 39 + "…"))
    ]
    (empty,) = refusal(f"no,{HEADING}\n1,{GOOD}\n2,,,,,,,,,\n").remarks
    assert empty.field == "3"
    assert "field larger than field limit" in str(refusal(COLUMNS["a field without end"][1]))


def test_a_column_without_a_name_is_said_to_be_empty_beside_the_names_that_are_known() -> None:
    sentence = str(refusal(COLUMNS["a column without a name"][1]))
    assert '"(kosong)"' in sentence or " (kosong) " in sentence
    assert "persyaratan, prosedur, waktu," in sentence


def test_a_fault_keeps_the_values_that_fill_its_sentence_so_that_another_language_can_say_it() -> None:
    (fault,) = refusal(f"{HEADING}\n4,4,4,4,4,4,4,4,\x1b\n").remarks
    assert fault.values == {
        **{"file": "rekap.csv", "row": 2, "column": "pengaduan", "field": "pengaduan", "value": "\\x1b"},
        "expected": "isi 1 sampai 4, atau kosongkan",
    }
    assert type(fault.values["row"]) is int


def test_of_a_sheet_of_nrr_no_number_of_people_is_printed() -> None:
    heading, first, *_, last = printed(scored(f"{HEADING}\n{GOOD}\n", nrr=True)).splitlines()
    assert first == f"{'U1 Persyaratan':<46}{'':>6}{'4,000':>8}{'0,444':>12}{'100,00':>10}  A"
    assert last == "IKM 100,00  mutu A (Sangat baik)  aturan exact"
    assert heading.split() == ["unsur", "n", "NRR", "tertimbang", "konversi", "mutu"]


def test_a_cell_of_a_spreadsheet_is_named_as_people_find_it() -> None:
    rows = [Row(7, dict.fromkeys(HEADING.split(","), "4") | {"waktu": "9"}, {"waktu": "E (Waktu)"})]
    _, (fault,) = read_answers("rekap.xlsx", rows, built_in(NINE))
    assert fault.text == 'rekap.xlsx, baris 7, kolom E (Waktu): "9" tidak sah; isi 1 sampai 4, atau kosongkan.'
