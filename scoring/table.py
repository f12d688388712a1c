"""A recap sheet as offices keep it: respondent by unsur, or one row of NRR. Every fault is named by its cell."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from scoring.errors import IkmError, Remark, remark
from scoring.index import Mean, compute, index_fields, unsur_fields, unsur_means
from scoring.instrument import Instrument, Profil, Rule
from scoring.tally import Part, count_rows

# Columns that a recap carries beside the answers; scoring passes them over, an import may use them.
PASSED_OVER: Final = ("no", "nomor", "tanggal", "layanan", "saran")
NUMBERING: Final = re.compile(r"^\(?[0-9]{1,2}[.)]\s*")
NUMBER: Final = re.compile(r"[0-9]{1,2}(\.[0-9]{1,20})?")


@dataclass(frozen=True)
class Row:
    """One filled sheet: the line in the file, and the text of each column by its name.

    Of a spreadsheet `labels` say how people find a column ("E (Persyaratan)"), `faults` what could not be read.
    """

    line: int
    cells: dict[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Remark, ...] = ()

    def place(self, column: str) -> str:
        """Return how the column is called in a sentence."""
        return self.labels.get(column, column)


def read_table(file: str, text: str, pack: Instrument) -> tuple[list[str], list[Row]]:
    """Return the columns that carry questions, in the order of the pack, and the rows that are not empty.

    Columns may be named by question id or U-number (U8 is the pack's eighth unsur), in any order and case,
    separated by comma, semicolon or tab. Raises TABLE_* errors for columns, FILE_UNREADABLE for what is not CSV;
    cells are left to the reader of the values.
    """
    lines = split(file, text)
    names = _columns(file, lines[0], pack)
    rows = []
    for line, cells in enumerate(lines[1:], 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(names) and any(cell.strip() for cell in cells[len(names) :]):
            raise IkmError("TABLE_ROW_LONG", file=file, row=line)
        padded = [*cells, *[""] * (len(names) - len(cells))]
        rows.append(Row(line, {name: cell.strip() for name, cell in zip(names, padded, strict=False)}))
    if not rows:
        raise IkmError("TABLE_EMPTY", file=file)
    return names, rows


def split(file: str, text: str) -> list[list[str]]:
    """Return the cells of every line, the heading first. Raises TABLE_EMPTY, FILE_UNREADABLE."""
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=_delimiter(text)))
    except csv.Error as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None
    if not lines or not any(cell.strip() for cell in lines[0]):
        raise IkmError("TABLE_EMPTY", file=file)
    return lines


def read_answers(file: str, rows: Sequence[Row], pack: Instrument) -> tuple[list[tuple[int | None, ...]], list[Remark]]:
    """Return the answers of every row, None for a blank, and a remark for every cell that is no answer."""
    answers: list[tuple[int | None, ...]] = []
    remarks: list[Remark] = []
    values = {str(value): value for value in range(pack.low, pack.high + 1)}
    for row in rows:
        cells = [row.cells[question.id] for question in pack.questions]
        for question, cell in zip(pack.questions, cells, strict=True):
            if cell and cell not in values:
                expected = f"isi {pack.low} sampai {pack.high}, atau kosongkan"
                remarks.append(_cell(file, row, question.id, cell, expected))
        if not any(cells):
            remarks.append(remark("TABLE_ROW_EMPTY", str(row.line), file=file, row=row.line))
        answers.append(tuple(values.get(cell) for cell in cells))
    return answers, remarks


def read_nrr(file: str, rows: Sequence[Row], pack: Instrument) -> dict[str, Fraction | None]:
    """Return the NRR per unsur of a file with one row of them. Raises TABLE_NRR_ROWS and TABLE_REFUSED."""
    if len(rows) != 1:
        raise IkmError("TABLE_NRR_ROWS", file=file, rows=len(rows))
    nrr: dict[str, Fraction | None] = {}
    remarks = []
    for unsur in pack.unsur:
        (question, *_) = pack.questions_of(unsur.id)
        cell = rows[0].cells[question.id].replace(",", ".")
        value = Fraction(cell) if NUMBER.fullmatch(cell) else None
        if value is None or not pack.low <= value <= pack.high:
            expected = f"isi NRR dari {pack.low} sampai {pack.high}"
            remarks.append(_cell(file, rows[0], question.id, cell, expected))
        nrr[unsur.id] = value
    if remarks:
        raise refused(file, remarks)
    return nrr


def column_names(pack: Instrument) -> dict[str, str]:
    """Return the short names that a column may have, in small letters, and the column each stands for."""
    known = {question.id: question.id for question in pack.questions}
    for unsur in pack.unsur:
        questions = pack.questions_of(unsur.id)
        if len(questions) == 1:
            known[f"u{unsur.number}"] = questions[0].id
    return known | {name: name for name in (*PASSED_OVER, *(profil.id for profil in pack.profil))}


def printed_names(pack: Instrument) -> dict[str, str]:
    """Return the same for the printed names of unsur, questions and profile fields, as `heading_key` writes them."""
    words = {heading_key(question.text): question.id for question in pack.questions}
    for unsur in pack.unsur:
        questions = pack.questions_of(unsur.id)
        if len(questions) == 1:
            words |= {heading_key(name): questions[0].id for name in (unsur.nama, f"U{unsur.number} {unsur.nama}")}
    return {"nomor lembar": "no", **words, **{heading_key(profil.nama): profil.id for profil in pack.profil}}


def heading_key(text: str) -> str:
    """Return a heading as it is compared: `plain`, without its number in front and the mark behind it."""
    return NUMBERING.sub("", plain(text)).strip(" *:?.")


def plain(text: str) -> str:
    """Return the text as it is compared: small letters, single spaces, a plain hyphen."""
    return " ".join(text.casefold().replace("–", "-").split())


def profil_code(profil: Profil, cell: str) -> str:
    """Return the code of the option that a cell names by code or in words, else the cell in capitals."""
    words = {plain(name): code for code, nama in profil.options for name in (nama, code)}
    return words.get(plain(cell), cell.upper())


def score_table(file: str, text: str, pack: Instrument, rule_id: str, blank: str, *, nrr: bool) -> dict[str, Any]:
    """Return the index of a recap sheet: `n_responden`, `ikm`, `ikm_exact`, `mutu`, `kinerja`, and `unsur`.

    `n_responden` and each `n` are None when the sheet holds NRR only. Raises TABLE_*, FILE_UNREADABLE,
    RULE_UNKNOWN, BLANK_UNKNOWN.
    """
    rule = pack.rule(rule_id)
    _, rows = read_table(file, text, pack)
    if nrr:
        return nrr_figures(pack, rule, read_nrr(file, rows, pack))
    answers, remarks = read_answers(file, rows, pack)
    if remarks:
        raise refused(file, remarks)
    part = count_rows(answers, [question.id for question in pack.questions], pack.low, pack.high)
    return part_figures(pack, part, rule, blank)


def part_figures(pack: Instrument, part: Part, rule: Rule, blank: str) -> dict[str, Any]:
    """Return the same for counted answers. Raises BLANK_UNKNOWN."""
    means = unsur_means(pack, part, blank)
    figures = _figures(pack, rule, {unsur: mean.nrr for unsur, mean in means.items()}, means, part.n)
    return {**figures, "blank": blank}


def nrr_figures(pack: Instrument, rule: Rule, nrr: Mapping[str, Fraction | None]) -> dict[str, Any]:
    """Return the same where nothing but the NRR per unsur is known."""
    return _figures(pack, rule, nrr, None, None)


def _figures(
    pack: Instrument, rule: Rule, values: Mapping[str, Fraction | None], means: Mapping[str, Mean] | None, n: int | None
) -> dict[str, Any]:
    figures = [compute(pack, index, rule, values) for index in pack.indexes]
    return {
        "instrument": pack.id,
        "rule": rule.id,
        "blank": None,
        "n_responden": n,
        **index_fields(pack, figures[0]),
        "unsur": unsur_fields(pack, figures[0], means),
        "indexes": [
            {"id": figure.index.id, "nama": figure.index.nama, **index_fields(pack, figure)} for figure in figures
        ],
    }


def printed(figures: Mapping[str, Any]) -> str:
    """Return the figures as a small table for people, with a decimal comma; a dash for what is undefined."""
    lines = [f"{'unsur':<46}{'n':>6}{'NRR':>8}{'tertimbang':>12}{'konversi':>10}  mutu"]
    for entry in figures["unsur"]:
        n = "" if entry["n"] is None else entry["n"]
        nrr, weighted, converted, mutu = (_shown(entry[name]) for name in ("nrr", "nrr_tertimbang", "konversi", "mutu"))
        label = f"{entry['number']} {entry['nama']}"
        lines.append(f"{label:<46}{n:>6}{nrr:>8}{weighted:>12}{converted:>10}  {mutu}")
    n = figures["n_responden"]
    ikm, mutu, kinerja = (_shown(figures[name]) for name in ("ikm", "mutu", "kinerja"))
    people = "" if n is None else f", {n} responden, jawaban kosong: {figures['blank']}"
    lines.append(f"IKM {ikm}  mutu {mutu} ({kinerja})  aturan {figures['rule']}{people}")
    return "\n".join(lines)


def _shown(figure: str | None) -> str:
    return "-" if figure is None else figure.replace(".", ",")


def refused(file: str, remarks: Sequence[Remark]) -> IkmError:
    """Return the error that carries every fault of the sheet."""
    return IkmError("TABLE_REFUSED", tuple(remarks), file=file, count=len(remarks))


def _cell(file: str, row: Row, column: str, value: str, expected: str) -> Remark:
    where = {"file": file, "row": row.line, "column": row.place(column)}
    return remark("TABLE_CELL", column, **where, value=shortened(value), expected=expected)


def shortened(cell: str) -> str:
    """Return what a sentence quotes of a cell: at most 40 characters."""
    return cell if len(cell) <= 40 else f"{cell[:39]}…"


def _delimiter(text: str) -> str:
    """Return the separator of the heading: Indonesian spreadsheets write semicolons."""
    heading = text.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _columns(file: str, heading: Sequence[str], pack: Instrument) -> list[str]:
    """Return the heading with every answer column renamed to its question id."""
    known, words = column_names(pack), printed_names(pack)
    names = []
    for cell in heading:
        column = cell.strip()
        name = known.get(column.lower()) or words.get(heading_key(column))
        if name is None:
            raise IkmError("TABLE_COLUMN_UNKNOWN", file=file, column=column or "(kosong)", known=", ".join(known))
        if name in names:
            raise IkmError("TABLE_COLUMN_TWICE", file=file, column=column)
        names.append(name)
    for question in pack.questions:
        if question.id not in names:
            raise IkmError("TABLE_COLUMN_MISSING", file=file, column=question.id)
    return names
