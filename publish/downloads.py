"""A table as the staff takes it away: figures with their decimals, a CSV that Excel opens as it is, and an XLSX.

In neither file can a text become a formula, whatever a citizen or a clerk wrote into it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from publish.cells import Content, Sheet
from publish.words import tanggal
from publish.workbook import RISKY, render

# Decimals of a column; the figures of a result are stored as numbers, which lose the zeros at their end.
PLACES: Final = {
    **dict.fromkeys(("ikm", "IKM", "nilai", "konversi", "nilai sebelumnya", "nilai periode ini", "selisih"), 2),
    **dict.fromkeys(("nrr", "NRR", "nrr_tertimbang"), 3),
    **dict.fromkeys(("tingkat_tanggapan", "tanggapan (%)"), 1),
}
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
SEPARATOR: Final = ";"  # where the decimal sign is a comma, Excel takes no comma between columns
BOM: Final = "\ufeff"
GUARD: Final = "'"
SHEET: Final = "Data"
WIDEST: Final = 60
NARROWEST: Final = 10


def printed(column: str, value: object) -> str:
    """Return a value as a reader sees it: a decimal comma and the column's decimals; "" for None."""
    if value is None:
        return ""
    if isinstance(value, float):
        places = PLACES.get(column)
        return (str(value) if places is None else f"{value:.{places}f}").replace(".", ",")
    return str(value)


def in_words(value: object) -> str | None:
    """Return a day as "25 September 2026", None when the value is none."""
    return tanggal(value) if isinstance(value, str) and DAY.fullmatch(value) else None


def guarded(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that looks like it begins with an apostrophe."""
    return GUARD + text if text.lstrip(" \u00a0\n").startswith(RISKY) else text


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """Return the file: UTF-8 with a byte order mark, semicolons, decimal commas, texts guarded."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=SEPARATOR, lineterminator="\r\n")
    writer.writerow([guarded(column) for column in columns])
    for row in rows:
        cells = zip(columns, row, strict=True)
        writer.writerow([guarded(item) if isinstance(item, str) else printed(name, item) for name, item in cells])
    return (BOM + out.getvalue()).encode()


def as_xlsx(
    title: str, note: str, columns: Sequence[str], rows: Sequence[Sequence[object]], author: str, day: date
) -> bytes:
    """Return a workbook of one sheet: title, what is said about it, heads, rows; `day` stands in it as its day."""
    sheet = Sheet(SHEET, _widths(columns, rows))
    top = sheet.line(sheet.line(1, title, "title"), note)
    for place, column in enumerate(columns, 1):
        sheet.put(top, place, column, "head")
    for number, row in enumerate(rows, top + 1):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), 1):
            sheet.put(number, place, *_cell(column, value))
    sheet.freeze, sheet.repeat = (top + 1, 1), (top, top)
    return render([sheet], title, author, day)


def _cell(column: str, value: object) -> tuple[Content, str]:
    """Return content and style of a cell; a figure is the printed one, so that it adds up as it is read."""
    if isinstance(value, float):
        places = PLACES.get(column, 2)
        return Fraction(f"{value:.{places}f}"), "three" if places == 3 else "two"
    if isinstance(value, int):
        return value, "count"
    return printed(column, value), "word"


def _widths(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[int]:
    """Return the width of each column in letters: as wide as its longest text, within reason."""
    texts = [[column, *(printed(column, row[place]) for row in rows)] for place, column in enumerate(columns)]
    return [min(WIDEST, max(NARROWEST, *(len(text) + 2 for text in column))) for column in texts]
