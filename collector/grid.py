"""The cells of a table as texts, whatever file it came from, with what could not be read and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from collector.xlsx_parts import OLE, ZIP, check_size
from scoring.errors import IkmError
from scoring.table import split

WORKBOOKS: Final = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xls", ".ods")


@dataclass(frozen=True)
class Fault:
    """Why a cell cannot be read: what stands in it, and what to do."""

    value: str
    expected: str


@dataclass(frozen=True)
class Line:
    """One row below the heading: its number in the file, the texts of its cells, and the cells that cannot be read."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, Fault] = field(default_factory=dict)
    hidden: bool = False


@dataclass(frozen=True)
class Grid:
    """A heading and the lines below it; `lettered` when people find a column by its letter, as in a spreadsheet.

    `faults` are those of the heading, by the place of the column.
    """

    file: str
    heading_row: int
    heading: tuple[str, ...]
    lines: tuple[Line, ...]
    lettered: bool
    faults: Mapping[int, Fault] = field(default_factory=dict)

    def label(self, place: int) -> str:
        """Return how a sentence calls the column at `place`, from 0 on: "E (Persyaratan)" or its heading."""
        heading = " ".join(self.heading[place].split()) if place < len(self.heading) else ""
        short = heading if len(heading) <= 60 else f"{heading[:59]}…"
        if not self.lettered:
            return short or "(kosong)"
        return f"{letters(place + 1)} ({short or 'tanpa judul'})"


def read_file(file: Path) -> bytes:
    """Return the content of the file. Raises FILE_MISSING, FILE_UNREADABLE and IMPORT_LARGE."""
    try:
        check_size(file.name, file.stat().st_size)
        return file.read_bytes()
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Periksa nama dan foldernya.") from None
    except OSError as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None


def is_workbook(file: Path, content: bytes) -> bool:
    """Say whether the file is (or calls itself) a spreadsheet's own, rather than CSV."""
    return content.startswith((ZIP, OLE)) or file.suffix.lower() in WORKBOOKS


def decode(file: Path, content: bytes) -> str:
    """Return the text of a CSV file. Raises FILE_UNREADABLE when it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IkmError("FILE_UNREADABLE", file=file, reason="simpan sebagai CSV UTF-8") from None


def csv_grid(file: str, text: str, heading_row: int) -> Grid:
    """Return the grid of a CSV text whose heading is line `heading_row`. Raises TABLE_EMPTY and FILE_UNREADABLE."""
    above = text.split("\n", heading_row - 1)
    heading, *lines = split(file, above[-1] if len(above) == heading_row else "")
    rows = tuple(
        Line(number, tuple(cell.strip() for cell in cells))
        for number, cells in enumerate(lines, heading_row + 1)
        if any(cell.strip() for cell in cells)
    )
    return Grid(file, heading_row, tuple(cell.strip() for cell in heading), rows, lettered=False)


def letters(column: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
