"""hitung.csv, the published counts: read with every fault named by its cell, and its index written step by step."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.errors import IkmError, Remark, remark
from scoring.instrument import Instrument, built_in, built_in_ids
from scoring.table import refused, shortened, split
from scoring.tally import Part

COLUMNS: Final = ("periode", "layanan", "unsur", "pertanyaan", "nilai", "n")
VALUE: Final = re.compile(r"[0-9]{0,2}")  # empty: not answered
COUNT: Final = re.compile(r"[0-9]{1,9}")
BLANK: Final = "(kosong)"
ANY_VALUE: Final = "isi nilai jawaban, atau kosongkan"
WHOLE_NUMBER: Final = "isi bilangan bulat"
ONCE: Final = "setiap nilai hanya boleh satu baris"

Cells = Mapping[str, str]
Counts = dict[str, dict[str, int]]  # by question and value, "" for a blank


@dataclass(frozen=True)
class Counted:
    """The counts of one group ("*": the office) in one periode, and the pack that asks its questions."""

    periode: str
    layanan: str
    pack: Instrument
    part: Part

    @property
    def blanks(self) -> bool:
        """Say whether some question was left blank: then the counts alone do not tell the whole forms."""
        return self.part.complete != self.part.n


def read_counts(file: str, text: str) -> list[Counted]:
    """Return every group in the text of a hitung.csv, in its order.

    Raises TABLE_EMPTY, TABLE_COLUMN_*, TABLE_ROW_LONG, COUNTS_INSTRUMENT, FILE_UNREADABLE, and TABLE_REFUSED with a
    remark for every fault.
    """
    rows, remarks = _rows(file, text)
    packs = {name: _pack(file, name, rows) for name in dict.fromkeys(cells["periode"] for _, cells in rows)}
    groups: dict[tuple[str, str], Counts] = {}
    for line, cells in rows:
        pack = packs[cells["periode"]]
        counts = groups.setdefault((cells["periode"], cells["layanan"]), {})
        found = _misplaced(file, line, cells, pack, counts)
        if found:
            remarks.append(found)
        elif COUNT.fullmatch(cells["n"]):
            counts.setdefault(cells["pertanyaan"], {})[cells["nilai"]] = int(cells["n"])
    if not remarks:
        remarks = [item for key, counts in groups.items() for item in _lacking(file, key, packs[key[0]], counts)]
    if remarks:
        raise refused(file, remarks)
    return [Counted(*key, packs[key[0]], _part(packs[key[0]], key[1], counts)) for key, counts in groups.items()]


def group(file: str, groups: Sequence[Counted], periode: str | None, layanan: str) -> Counted:
    """Return one group; without a `periode` that of the last in the file. Raises COUNTS_GROUP."""
    wanted = groups[-1].periode if periode is None else periode
    known = list(dict.fromkeys(item.periode for item in groups))
    if wanted not in known:
        raise IkmError("COUNTS_GROUP", file=file, name="periode", id=wanted, known=", ".join(known))
    here = {item.layanan: item for item in groups if item.periode == wanted}
    if layanan not in here:
        raise IkmError("COUNTS_GROUP", file=file, name="layanan", id=layanan, known=", ".join(here))
    return here[layanan]


def _rows(file: str, text: str) -> tuple[list[tuple[int, Cells]], list[Remark]]:
    """Return line and cells of every row that is not empty, and a remark for every cell that is no number."""
    heading, *lines = split(file, text)
    names = _columns(file, heading)
    rows: list[tuple[int, Cells]] = []
    for line, content in enumerate(lines, 2):
        if any(cell.strip() for cell in content[len(names) :]):
            raise IkmError("TABLE_ROW_LONG", file=file, row=line)
        if any(cell.strip() for cell in content):
            padded = [*content, *[""] * len(names)]
            rows.append((line, {name: cell.strip() for name, cell in zip(names, padded, strict=False)}))
    if not rows:
        raise IkmError("TABLE_EMPTY", file=file)
    wanted = (("nilai", VALUE, ANY_VALUE), ("n", COUNT, WHOLE_NUMBER))
    remarks = [
        _cell(file, line, name, cells[name], expected)
        for line, cells in rows
        for name, pattern, expected in wanted
        if not pattern.fullmatch(cells[name])
    ]
    return rows, remarks


def _columns(file: str, heading: Sequence[str]) -> list[str]:
    names: list[str] = []
    for cell in heading:
        name = cell.strip().lower()
        if name not in COLUMNS:
            raise IkmError("TABLE_COLUMN_UNKNOWN", file=file, column=name or BLANK, known=", ".join(COLUMNS))
        if name in names:
            raise IkmError("TABLE_COLUMN_TWICE", file=file, column=name)
        names.append(name)
    for name in COLUMNS:
        if name not in names:
            raise IkmError("TABLE_COLUMN_MISSING", file=file, column=name)
    return names


def _pack(file: str, periode: str, rows: Iterable[tuple[int, Cells]]) -> Instrument:
    """Return the pack that asks most of the questions of a periode, and few others."""
    asked = {(cells["unsur"], cells["pertanyaan"]) for _, cells in rows if cells["periode"] == periode}
    packs = [built_in(name) for name in built_in_ids()]
    shared = {pack.id: len(asked & {(item.unsur, item.id) for item in pack.questions}) for pack in packs}
    best = max(packs, key=lambda pack: (shared[pack.id], -len(pack.questions)))
    if not shared[best.id]:
        raise IkmError("COUNTS_INSTRUMENT", file=file, periode=periode, known=", ".join(built_in_ids()))
    return best


def _misplaced(file: str, line: int, cells: Cells, pack: Instrument, counts: Counts) -> Remark | None:
    """Return what is wrong with the place of a row: a question or value that the pack has not, or one come twice."""
    question = next((item for item in pack.questions if item.id == cells["pertanyaan"]), None)
    value = cells["nilai"]
    if question is None:
        known = ", ".join(item.id for item in pack.questions)
        return _cell(file, line, "pertanyaan", cells["pertanyaan"], f"isi salah satu dari {known}")
    if question.unsur != cells["unsur"]:
        return _cell(file, line, "unsur", cells["unsur"], f"isi {question.unsur}")
    if value not in values(pack) and VALUE.fullmatch(value):
        return _cell(file, line, "nilai", value, f"isi {pack.low} sampai {pack.high}, atau kosongkan")
    if value in counts.get(question.id, {}):
        return _cell(file, line, "nilai", value or BLANK, ONCE)
    return None


def values(pack: Instrument) -> list[str]:
    """Return the values of an answer as hitung.csv writes them, the blank last."""
    return [*(str(value) for value in range(pack.low, pack.high + 1)), ""]


def _lacking(file: str, key: tuple[str, str], pack: Instrument, counts: Counts) -> list[Remark]:
    """Return a remark for every row that is not there, else for every question that another number of people saw."""
    where = {"file": file, "periode": key[0], "layanan": key[1]}
    missing = [
        remark("COUNTS_ROW_MISSING", "n", **where, question=question.id, value=value or BLANK)
        for question in pack.questions
        for value in values(pack)
        if value not in counts.get(question.id, {})
    ]
    if missing:
        return missing
    first, *others = ((question.id, sum(counts[question.id].values())) for question in pack.questions)
    return [
        remark("COUNTS_TOTAL", "n", **where, question=name, n=n, first=first[0], total=first[1])
        for name, n in others
        if n != first[1]
    ]


def _part(pack: Instrument, layanan: str, counts: Counts) -> Part:
    """Return the counts as a part; where nothing is blank every form is whole, else the whole ones are not known."""
    answers = {
        question.id: tuple(counts[question.id][value] for value in values(pack)[:-1]) for question in pack.questions
    }
    n = sum(counts[pack.questions[0].id].values())
    whole = not any(counts[question.id][""] for question in pack.questions)
    sums = {name: sum(value * count for value, count in enumerate(found, pack.low)) for name, found in answers.items()}
    return Part(layanan, "*", n, answers, n if whole else 0, sums if whole else dict.fromkeys(sums, 0))


def _cell(file: str, line: int, column: str, value: str, expected: str) -> Remark:
    where = {"file": file, "row": line, "column": column}
    return remark("TABLE_CELL", column, **where, value=shortened(value), expected=expected)
