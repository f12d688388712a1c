"""Workbooks as strangers make them: values are read, everything else is named; no file harms the machine."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_samples import book
from openpyxl import Workbook, load_workbook

from collector.grid import Fault, Grid, letters
from collector.xlsx import xlsx_grid
from collector.xlsx_parts import MOST_PACKED, MOST_UNPACKED
from scoring.errors import IkmError

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def grid(content: bytes, *wanted: str, row: int = 1) -> Grid:
    return xlsx_grid("a.xlsx", content, wanted or ("Lembar",), row)


def one(content: Any, style: str = "General") -> str:
    """Return what a cell with `content` reads as."""
    made, file = Workbook(), io.BytesIO()
    made.worksheets[0]["A1"] = "judul"
    made.worksheets[0]["A2"] = content
    made.worksheets[0]["A2"].number_format = style
    made.save(file)
    lines = grid(file.getvalue()).lines
    return lines[0].cells[0] if lines else ""


def changed(change: Callable[[str, bytes], bytes | None], source: bytes = b"", **added: bytes) -> bytes:
    """Return a good workbook whose parts went through `change`; None leaves a part out."""
    file, out = io.BytesIO(source), io.BytesIO()
    if not source:
        made = Workbook()
        made.worksheets[0].append(["judul", "lain"])
        made.worksheets[0].append([3, "x"])
        made.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = change(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


def with_sheet(rows: str, after: str = "", before: str = "") -> bytes:
    """Return a workbook whose sheet is written by hand."""
    xml = f"<worksheet {NS}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>".encode()
    return changed(lambda name, part: xml if name == "xl/worksheets/sheet1.xml" else part)


def refused(content: bytes, *wanted: str) -> IkmError:
    with pytest.raises(IkmError) as caught:
        grid(content, *wanted)
    assert "a.xlsx" in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("content", "style", "read"),
    [
        (3, "General", "3"),
        (3.0, "0.00", "3"),
        (3.5, "0", "3.5"),
        (0.1 + 0.2, "General", "0.3"),
        (3.0612244897959, "0.00", "3.0612244897959"),
        ("3 ", "General", "3"),
        (" Sangat  sesuai\n", "@", "Sangat  sesuai"),
        (True, "General", "TRUE"),
        (date(2026, 10, 5), "yyyy-mm-dd", "2026-10-05"),
        (datetime(2026, 10, 5, 23, 59, 59), "dd/mm/yyyy hh:mm:ss", "2026-10-05"),  # noqa: DTZ001
        (46300, "[$-421]dd mmmm yyyy", "2026-10-05"),
        (46300, '"dari" 0', "46300"),
        (46300, "General", "46300"),
        ("<b>&amp;</b> _x0041_", "@", "<b>&amp;</b> A"),
    ],
)
def test_a_cell_reads_as_its_value(content: Any, style: str, read: str) -> None:
    assert one(content, style) == read


def test_a_date_counts_from_the_day_that_the_workbook_names() -> None:
    made, file = Workbook(), io.BytesIO()
    made.epoch = datetime(1904, 1, 1)  # noqa: DTZ001
    made.worksheets[0].append(["tanggal"])
    made.worksheets[0].append([date(2026, 10, 5)])
    made.save(file)
    assert grid(file.getvalue()).lines[0].cells == ("2026-10-05",)


def test_formulas_errors_merged_cells_hidden_rows_and_columns_are_named_and_never_read(tmp_path: Path) -> None:
    file = book(tmp_path, ["a", "b", "c"], [1, "=1+2", "#N/A"], [2, 2, 2], [3, 3, 3], [4, 4, 4])
    made = load_workbook(file)
    sheet = made.worksheets[0]
    sheet.merge_cells("B4:C5")
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["A"].hidden = True
    made.save(file)
    found = grid(file.read_bytes())
    assert found.lines[0].faults == {
        1: Fault("=1+2", "rumus tidak dibaca; salin sel itu, lalu tempel sebagai nilai"),
        2: Fault("#N/A", "sel ini berisi galat; isi dengan nilainya"),
    }
    assert [line.hidden for line in found.lines] == [False, True, False, False]
    merged = Fault("B4:C5", "pisahkan dahulu sel yang digabung")
    assert found.lines[2].faults == {1: merged, 2: merged}
    assert set(found.faults) == {0}
    assert (found.label(1), found.label(9), letters(28)) == ("B (b)", "J (tanpa judul)", "AB")


def test_the_cached_result_of_a_formula_is_not_taken_for_a_value() -> None:
    found = grid(
        with_sheet('<row><c t="inlineStr"><is><t>judul</t></is></c></row><row><c><f>1+2</f><v>3</v></c></row>')
    )
    assert (found.lines[0].cells, found.lines[0].faults[0].value) == (("",), "=1+2")


def test_cells_without_addresses_and_texts_in_pieces_are_read() -> None:
    text = '<c t="inlineStr"><is><r><t>ju</t></r><rPh><t>X</t></rPh><r><t>dul</t></r></is></c>'
    found = grid(with_sheet(f"<row>{text}<c/><c><v>2</v></c></row><row><c><v>4</v></c></row>"))
    assert (found.heading, found.lines[0].cells) == (("judul", "", "2"), ("4", "", ""))


def test_a_heading_merged_over_two_rows_keeps_its_words() -> None:
    made, file = Workbook(), io.BytesIO()
    sheet = made.worksheets[0]
    for row in (["No", "Nilai unsur", None], [None, "U1", "U2"], [1, 3, 4]):
        sheet.append(row)
    sheet.merge_cells("A1:A2")
    sheet.merge_cells("B1:C1")
    made.save(file)
    found = grid(file.getvalue(), row=2)
    assert (found.heading, found.faults, found.lines[0].cells) == (("No", "U1", "U2"), {}, ("1", "3", "4"))


def test_the_sheet_is_the_one_that_is_wanted_or_the_only_one_to_be_seen(tmp_path: Path) -> None:
    made = load_workbook(book(tmp_path, ["judul"], [1], title="Jawaban"))
    file = tmp_path / "b.xlsx"
    made.save(file)
    assert grid(file.read_bytes()).lines[0].cells == ("1",)
    made.create_sheet("Lain").append(["lain"])
    made.save(file)
    assert "Yang terlihat: Jawaban, Lain." in str(refused(file.read_bytes()))
    assert grid(file.read_bytes(), "lain").heading == ("lain",)
    made["Lain"].sheet_state = "hidden"
    made.save(file)
    assert grid(file.read_bytes(), "Lain").heading == ("judul",)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "XLSX_BROKEN", "bukan berkas .xlsx yang utuh"),
        (b"PK\x03\x04 not a zip", "XLSX_BROKEN", "bukan berkas .xlsx yang utuh"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "XLSX_KIND", "berkata sandi"),
        (bytes(MOST_PACKED + 1), "IMPORT_LARGE", "5 MB"),
        (changed(lambda name, part: part, **{"xl/vbaProject.bin": b"x"}), "XLSX_KIND", "berisi makro"),
        (
            changed(lambda name, part: part.replace(b"sheet.main+xml", b"sheet.macroEnabled.main+xml")),
            "XLSX_KIND",
            "berisi makro",
        ),
        (changed(lambda name, part: None if name.startswith("[") else part), "XLSX_KIND", "bukan berkas Excel"),
        (changed(lambda name, part: None if "sheet1" in name else part), "XLSX_BROKEN", "tidak ada"),
        (changed(lambda name, part: part[:-9] if "sheet1" in name else part), "XLSX_BROKEN", "tidak dapat dibaca"),
        (with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "XLSX_BROKEN", "sel yang tidak wajar"),
        (with_sheet('<row r="1"><c r="A1"><v>tiga</v></c></row>'), "XLSX_BROKEN", "sel yang tidak wajar"),
        (with_sheet('<row r="x"><c><v>1</v></c></row>'), "XLSX_BROKEN", "sel yang tidak wajar"),
        (with_sheet(""), "TABLE_EMPTY", "tidak ada baris"),
    ],
)
def test_a_file_that_is_no_whole_harmless_workbook_is_refused_with_a_way_out(
    content: bytes, code: str, said: str
) -> None:
    error = refused(content)
    assert (error.code, said in str(error)) == (code, True)


def test_a_file_that_calls_itself_one_with_macros_is_refused_though_it_has_none() -> None:
    with pytest.raises(IkmError, match="berisi makro"):
        xlsx_grid("a.XLSM", changed(lambda name, part: part), (), 1)


@pytest.mark.parametrize(
    "head",
    [
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]>',
        '<?xml version="1.0" encoding="cp037"?>',
    ],
)
def test_xml_with_a_doctype_or_in_another_encoding_is_refused(head: str) -> None:
    def change(name: str, part: bytes) -> bytes:
        return head.encode() + part.partition(b"?>")[2].strip() if name == "xl/workbook.xml" else part

    assert refused(changed(change)).code == "XLSX_BROKEN"
    utf16 = changed(lambda name, part: part.decode().encode("utf-16") if name == "xl/workbook.xml" else part)
    assert refused(utf16).code == "XLSX_BROKEN"


def test_a_bomb_is_refused_by_its_unpacked_size_before_anything_is_unpacked() -> None:
    bomb = changed(lambda name, part: part, **{"xl/media/a.bin": bytes(MOST_UNPACKED + 1)})
    assert len(bomb) < MOST_PACKED
    started = time.monotonic()
    assert refused(bomb).code == "IMPORT_LARGE"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    ("rows", "after", "code"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "", "IMPORT_LARGE"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "", "IMPORT_LARGE"),
        (
            '<row r="1"><c r="A1"><v>1</v></c></row>',
            "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 9999 + "</mergeCells>",
            "XLSX_BROKEN",
        ),
    ],
)
def test_far_cells_and_countless_merged_ones_are_refused_at_once(rows: str, after: str, code: str) -> None:
    started = time.monotonic()
    assert refused(with_sheet(rows, after)).code == code
    assert time.monotonic() - started < 5


def test_a_merge_of_the_whole_sheet_costs_nothing() -> None:
    started = time.monotonic()
    after = '<mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    found = grid(with_sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>', after))
    assert found.lines[0].faults[0].value == "A2:XFD1048576"
    assert time.monotonic() - started < 5


GOOD = changed(lambda name, part: part)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, len(GOOD)))
def test_a_damaged_file_is_read_or_refused_by_a_sentence_and_nothing_else(at: int, value: int, end: int) -> None:
    damaged = bytearray(GOOD)
    damaged[at] = value
    for content in (bytes(damaged), GOOD[:end]):
        try:
            grid(content)
        except IkmError as error:
            assert error.code in {"XLSX_BROKEN", "XLSX_KIND", "XLSX_SHEET", "IMPORT_LARGE", "TABLE_EMPTY"}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]),
    st.integers(0, 10**6),
    st.text("<>/=\"' 0-9A9abr:&;\x00é", max_size=4),
)
def test_a_part_with_wrong_words_is_read_or_refused_by_a_sentence(part: str, at: int, wrong: str) -> None:
    def change(name: str, content: bytes) -> bytes:
        place = at % len(content)
        return content[:place] + wrong.encode() + content[place + len(wrong) :] if name == part else content

    try:
        grid(changed(change))
    except IkmError as error:
        assert error.code in {"XLSX_BROKEN", "XLSX_KIND", "XLSX_SHEET", "IMPORT_LARGE", "TABLE_EMPTY"}
