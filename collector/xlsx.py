"""A workbook's sheet as a grid of texts: values only; formulas, errors, merged and hidden cells are named as faults."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from typing import Final
from xml.etree import ElementTree as ET

from collector.grid import Fault, Grid, Line, letters
from collector.xlsx_parts import Parts, attribute, child, tag
from scoring.errors import IkmError

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_MERGED: Final = 2_000
REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
DATES: Final = frozenset({*range(14, 18), 22, *range(27, 37), *range(50, 59)})  # number formats every reader knows
NO_DATE: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')  # what stands in a format beside its letters
ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
EPOCHS: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
LAST_DAY: Final = 2_958_465  # 31 December 9999
AS_SHOWN: Final = Context(prec=15)  # a spreadsheet keeps 17 digits and shows 15
PASTE: Final = "salin sel itu, lalu tempel sebagai nilai"


@dataclass
class Found:
    """What stands in a sheet: texts and faults by row and column, both from 1 on; hidden rows and columns."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    faults: dict[tuple[int, int], Fault] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[range] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, left, bottom, right


@dataclass(frozen=True)
class Words:
    """What cells refer to: shared texts, the styles that are dates, the day on which serial numbers begin."""

    shared: Sequence[str]
    dates: frozenset[int]
    epoch: date


def xlsx_grid(file: str, content: bytes, wanted: Sequence[str], heading_row: int) -> Grid:
    """Return the sheet called as one of `wanted`, or the only one there is; its heading stands in `heading_row`.

    Raises IMPORT_LARGE, XLSX_KIND, XLSX_BROKEN, XLSX_SHEET and TABLE_EMPTY.
    """
    parts = Parts(file, content)
    book = _linked(parts, "", "officeDocument") or "xl/workbook.xml"
    root = parts.xml(book)
    name = _sheet(parts, book, root, wanted)
    properties = child(root, "workbookPr")
    later = properties is not None and properties.get("date1904") in {"1", "true"}
    words = Words(_shared(parts, book), _date_styles(parts, book), EPOCHS[later])
    try:
        found = _read(parts.xml(name), words, parts)
    except (ValueError, IndexError):
        raise parts.broken("ada sel yang tidak wajar") from None
    return _grid(file, found, heading_row)


def _linked(parts: Parts, name: str, kind: str) -> str | None:
    return next((target for found, target in parts.links(name).values() if found == kind), None)


def _sheet(parts: Parts, book: str, root: ET.Element, wanted: Sequence[str]) -> str:
    """Return the part that holds the wanted sheet."""
    listed, links = child(root, "sheets"), parts.links(book)
    found = {}
    for sheet in () if listed is None else listed:
        kind, target = links.get(attribute(sheet, "id"), ("", ""))
        if kind == "worksheet" and sheet.get("state", "visible") == "visible":
            found[sheet.get("name", "")] = target
    names = {name.strip().casefold(): name for name in found}
    for name in wanted:
        if name.casefold() in names:
            return found[names[name.casefold()]]
    if len(found) == 1:
        return next(iter(found.values()))
    raise IkmError("XLSX_SHEET", file=parts.file, wanted=" atau ".join(wanted), known=", ".join(found) or "tidak ada")


def _shared(parts: Parts, book: str) -> list[str]:
    name = _linked(parts, book, "sharedStrings")
    return [] if name is None else [_text(item) for item in parts.xml(name) if tag(item) == "si"]


def _text(item: ET.Element) -> str:
    """Return the text of a string, in one piece or in several; a reading aid beside it is passed over."""
    pieces = [part for part in item if tag(part) == "t"]
    pieces += [part for run in item if tag(run) == "r" for part in run if tag(part) == "t"]
    text = "".join(piece.text or "" for piece in pieces)
    return ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    """Return the character that a text names by its number; half a pair names none."""
    number = int(found[1], 16)
    return "" if 0xD800 <= number <= 0xDFFF else chr(number)


def _date_styles(parts: Parts, book: str) -> frozenset[int]:
    """Return the numbers of the cell styles that show a date."""
    name = _linked(parts, book, "styles")
    if name is None:
        return frozenset()
    root = parts.xml(name)
    own, used = child(root, "numFmts"), child(root, "cellXfs")
    formats = {item.get("numFmtId", ""): item.get("formatCode", "") for item in (() if own is None else own)}
    dates = set()
    for place, style in enumerate(() if used is None else used):
        number = style.get("numFmtId", "0")
        shown = NO_DATE.sub("", formats.get(number, "")).lower()
        if (number in formats and any(letter in shown for letter in "yd")) or (
            number not in formats and number.isdigit() and int(number) in DATES
        ):
            dates.add(place)
    return frozenset(dates)


def _read(root: ET.Element, words: Words, parts: Parts) -> Found:
    """Return what stands in the sheet."""
    found = Found()
    for part in root:
        if tag(part) == "cols":
            spans = [column for column in part if column.get("hidden") in {"1", "true"}]
            found.hidden_columns += [range(int(span.get("min", 1)), int(span.get("max", 1)) + 1) for span in spans]
        elif tag(part) == "sheetData":
            for row, hidden, cells in _rows(part, parts):
                if hidden:
                    found.hidden_rows.add(row)
                for column, cell in cells:
                    _take(found, row, column, cell, words)
        elif tag(part) == "mergeCells":
            corners = [corner for merged in part for corner in merged.get("ref", "").split(":")]
            places = [(int(place[2]), _column(place[1])) for place in map(REFERENCE.fullmatch, corners) if place]
            if len(places) > 2 * MOST_MERGED or len(places) != len(corners):
                raise ValueError("merged cells")
            found.merged = [(*first, *last) for first, last in zip(places[::2], places[1::2], strict=True)]
    return found


def _rows(data: ET.Element, parts: Parts) -> Iterator[tuple[int, bool, list[tuple[int, ET.Element]]]]:
    """Yield number, whether hidden, and cells with their columns of every row. Raises IMPORT_LARGE."""
    row = 0
    for line in data:
        row = int(line.get("r", row + 1))
        cells, column = [], 0
        for cell in line:
            place = REFERENCE.fullmatch(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            if len(cell):
                cells.append((column, cell))
        if cells and (row > MOST_ROWS or cells[-1][0] > MOST_COLUMNS):
            raise IkmError("IMPORT_LARGE", file=parts.file, limit=f"{MOST_ROWS} baris dan {MOST_COLUMNS} kolom")
        yield row, line.get("hidden") in {"1", "true"}, cells


def _column(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _take(found: Found, row: int, column: int, cell: ET.Element, words: Words) -> None:
    """Read one cell: its text, or why it has none."""
    formula, kind = child(cell, "f"), cell.get("t", "n")
    shown = child(cell, "v")
    value = "" if shown is None else shown.text or ""
    if formula is not None:
        text = f"={formula.text or ''}"
        found.faults[row, column] = Fault(text if len(text) <= 40 else f"{text[:39]}…", f"rumus tidak dibaca; {PASTE}")
    elif kind == "e":
        found.faults[row, column] = Fault(value, "sel ini berisi galat; isi dengan nilainya")
    elif kind == "inlineStr":
        inline = child(cell, "is")
        _put(found, row, column, "" if inline is None else _text(inline))
    elif kind == "s":
        _put(found, row, column, words.shared[int(value)] if value else "")
    elif kind == "b":
        _put(found, row, column, {"1": "TRUE", "0": "FALSE"}.get(value, value))
    elif kind in {"str", "d"}:
        _put(found, row, column, value.partition("T")[0] if kind == "d" else value)
    elif value:
        _put(found, row, column, _number(value, int(cell.get("s", 0)) in words.dates, words.epoch))


def _put(found: Found, row: int, column: int, text: str) -> None:
    if text.strip():
        found.texts[row, column] = text.strip()


def _number(value: str, is_date: bool, epoch: date) -> str:
    """Return a number as a text: a whole one without decimals, a date as 2026-10-05 whatever its hour."""
    try:
        number = AS_SHOWN.create_decimal(value.strip())
    except InvalidOperation:
        raise ValueError(value) from None
    if not number.is_finite() or abs(number) >= 10**15:
        return value.strip()
    if is_date and 1 <= number <= LAST_DAY:
        with suppress(OverflowError):
            return (epoch + timedelta(days=int(number))).isoformat()
    if number == number.to_integral_value():
        return str(int(number))
    return f"{number.normalize():f}" if abs(number) > Decimal("1e-15") else str(number)


def _grid(file: str, found: Found, heading_row: int) -> Grid:
    """Return the grid from the heading on. Raises TABLE_EMPTY."""
    _unmerge(found, heading_row)
    rows: dict[int, dict[int, str]] = {}
    for (row, column), text in found.texts.items():
        rows.setdefault(row, {})[column] = text
    faults: dict[int, dict[int, Fault]] = {}
    for (row, column), fault in found.faults.items():
        faults.setdefault(row, {})[column - 1] = fault
    if heading_row not in rows:
        raise IkmError("TABLE_EMPTY", file=file)
    width = max(column for row, column in (*found.texts, *found.faults) if row >= heading_row)
    lines = [
        Line(row, _cells(rows.get(row, {}), width), faults.get(row, {}), row in found.hidden_rows)
        for row in sorted({*rows, *faults})
        if row > heading_row
    ]
    unseen = {
        column - 1: Fault("kolom tersembunyi", "tampilkan kolom itu, atau hapus")
        for columns in found.hidden_columns
        for column in columns[: MOST_COLUMNS + 1]
    }
    heading = _cells(rows[heading_row], width)
    return Grid(
        file, heading_row, heading, tuple(lines), lettered=True, faults={**unseen, **faults.get(heading_row, {})}
    )


def _unmerge(found: Found, heading_row: int) -> None:
    """Name merged cells as faults, where they touch the table.

    A heading that is merged with cells above or below it, in one column, keeps its words.
    """
    width = max((column for _, column in found.texts), default=0)
    last = max((row for row, _ in found.texts), default=0)
    for top, left, bottom, right in found.merged:
        if left == right and top <= heading_row <= bottom:
            words = found.texts.pop((top, left), "")
            _put(found, heading_row, left, words)
        elif bottom >= heading_row and top <= last and left <= width:
            fault = Fault(f"{letters(left)}{top}:{letters(right)}{bottom}", "pisahkan dahulu sel yang digabung")
            row = max(top, heading_row)
            found.faults.update({(row, column): fault for column in range(left, min(right, width) + 1)})


def _cells(row: Mapping[int, str], width: int) -> tuple[str, ...]:
    return tuple(row.get(column, "") for column in range(1, width + 1))
