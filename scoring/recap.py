"""A recap that holds no answers any more: per unsur the count of each value, or the sum of values and their number."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from scoring.errors import IkmError, Remark, remark
from scoring.instrument import Instrument
from scoring.table import refused, split

Nrr = Mapping[str, Fraction | None]
SUMS: Final = ("jumlah", "n")
BLANKS: Final = "kosong"
COUNT: Final = re.compile(r"[0-9]{1,9}")


def is_recap(file: str, text: str) -> bool:
    """Say whether a sheet has one row an unsur: its first column is then called "unsur". Raises TABLE_EMPTY."""
    return split(file, text)[0][0].strip().lower() == "unsur"


def read_recap(file: str, text: str, pack: Instrument) -> dict[str, Nrr]:
    """Return the NRR per unsur by treatment of blanks: "available", and "zero" where blanks are counted.

    Columns: `unsur` (id or U-number), and either `jumlah,n` or the values of the scale with an optional `kosong`.
    Raises TABLE_* errors with row and column.
    """
    heading, *rows = split(file, text)
    names = [cell.strip().lower() for cell in heading]
    values = [str(value) for value in range(pack.low, pack.high + 1)]
    known = {*SUMS, *values, BLANKS}
    for name in names[1:]:
        if name not in known:
            raise IkmError("TABLE_COLUMN_UNKNOWN", file=file, column=name or "(kosong)", known=", ".join(sorted(known)))
    wanted = values if values[0] in names else list(SUMS)
    for name in wanted:
        if name not in names:
            raise IkmError("TABLE_COLUMN_MISSING", file=file, column=name)
    counts, remarks = _counts(file, names, rows, pack)
    if remarks:
        raise refused(file, remarks)
    for unsur in pack.unsur:
        if unsur.id not in counts:
            raise IkmError("RECAP_ROW_MISSING", file=file, unsur=unsur.id)
    sums = {unsur: _sum(row, values) for unsur, row in counts.items()}
    ways: dict[str, Nrr] = {"available": {unsur: _ratio(total, n) for unsur, (total, n) in sums.items()}}
    if any(row.get(BLANKS) for row in counts.values()):
        ways["zero"] = {unsur: _ratio(total, n + counts[unsur][BLANKS]) for unsur, (total, n) in sums.items()}
    return ways


def _counts(
    file: str, names: Sequence[str], rows: Sequence[Sequence[str]], pack: Instrument
) -> tuple[dict[str, dict[str, int]], list[Remark]]:
    """Return the numbers of each row by unsur, and a remark for every cell that is none."""
    ids = {f"u{unsur.number}": unsur.id for unsur in pack.unsur} | {unsur.id: unsur.id for unsur in pack.unsur}
    counts: dict[str, dict[str, int]] = {}
    remarks = []
    for line, cells in enumerate(rows, 2):
        if not any(cell.strip() for cell in cells):
            continue
        unsur = ids.get(cells[0].strip().lower())
        if unsur is None or unsur in counts:
            expected = "isi id unsur atau nomor U, masing-masing satu kali"
            remarks.append(_cell(file, line, "unsur", cells[0], expected))
            continue
        padded = [*cells[1:], *[""] * len(names)]
        row = {name: cell.strip() or "0" for name, cell in zip(names[1:], padded, strict=False)}
        wrong = [name for name, cell in row.items() if not COUNT.fullmatch(cell)]
        remarks += [_cell(file, line, name, row[name], "isi bilangan bulat") for name in wrong]
        counts[unsur] = {name: int(cell) for name, cell in row.items() if name not in wrong}
    return counts, remarks


def _sum(row: Mapping[str, int], values: Sequence[str]) -> tuple[int, int]:
    """Return the sum of values and their number; where every value was counted, a column of sums is not needed."""
    if values[0] in row:
        return sum(int(value) * row[value] for value in values), sum(row[value] for value in values)
    return row["jumlah"], row["n"]


def _ratio(total: int, n: int) -> Fraction | None:
    return Fraction(total, n) if n else None


def _cell(file: str, line: int, column: str, value: str, expected: str) -> Remark:
    return remark("TABLE_CELL", column, file=file, row=line, column=column, value=value, expected=expected)
