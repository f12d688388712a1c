"""What a workbook holds before it is a file: sheets of cells that are text, whole numbers, weights or formulas.

A formula is a type of its own, so that no text from outside can become one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from collector.grid import letters

LINE_HEIGHT: Final = 15  # points


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign, made of references and numbers alone."""

    text: str


Content = str | int | Fraction | Formula


@dataclass(frozen=True)
class Cell:
    """What a cell holds, and the name of its style (publish/workbook.py)."""

    content: Content
    style: str


@dataclass(frozen=True)
class Choice:
    """What may be entered between two cells of a column, and what is said about it.

    `allowed` is a list of values ("1,2,3"), the address of one, or the greatest number of characters.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    allowed: str | Formula | int
    title: str
    prompt: str


@dataclass
class Sheet:
    """One sheet; rows and columns count from 1. `repeat` are the first and last row printed on every page.

    In a `locked` one only cells whose style is an entry's can be changed, until somebody lifts the protection.
    """

    title: str
    widths: list[int]
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    heights: dict[int, int] = field(default_factory=dict)
    breaks: list[int] = field(default_factory=list)
    freeze: tuple[int, int] | None = None
    repeat: tuple[int, int] | None = None
    one_page: bool = False
    locked: bool = False
    choices: list[Choice] = field(default_factory=list)

    def put(self, row: int, column: int, content: Content, style: str) -> str:
        """Write a cell; return its address."""
        self.cells[row, column] = Cell(content, style)
        return address(row, column)

    def line(self, row: int, text: str, style: str = "note", *, last: int = 0) -> int:
        """Write a text over all columns (or up to `last`), as many lines high as it needs; return the next row."""
        last = last or len(self.widths)
        self.put(row, 1, text, style)
        self.merges.append((row, 1, row, last))
        size = {"title": 3, "big": 4}.get(style, 2)  # halves of the running size
        lines = -(-len(text) * size // (2 * sum(self.widths[:last]) - 4))
        self.heights[row] = max(1, lines) * LINE_HEIGHT * size // 2
        return row + 1


def address(row: int, column: int, *, fixed: bool = False) -> str:
    """Return the address of a cell: "B7", or "$B$7" when it is `fixed`."""
    return f"${letters(column)}${row}" if fixed else f"{letters(column)}{row}"


def span(first: tuple[int, int], last: tuple[int, int], *, fixed: bool = False) -> str:
    """Return the address of a range of cells, each end being row and column."""
    return f"{address(*first, fixed=fixed)}:{address(*last, fixed=fixed)}"


def at(value: str, places: int | None) -> str:
    """Return the formula for `value` rounded half up to `places` decimals; None leaves it as it is.

    A spreadsheet reckons in binary, where half a cent is seldom half a cent: 1.005 is a little less. Shifted first,
    the half is a number that binary holds, and the inner ROUND takes away what the reckoning left behind it; so every
    program rounds it up.
    """
    return value if places is None else f"ROUND(ROUND(({value})*{10**places},8),0)/{10**places}"
