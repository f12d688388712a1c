"""The figures of one group of respondents as formulas: one column per question, sums to index line by line.

The order of the lines is that of the recap sheets which offices keep; each follows from those above it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from publish.cells import Formula, Sheet, address, at, span
from scoring.index import IKM_PLACES, INDEX_PLACES, NRR_PLACES
from scoring.instrument import Index, Instrument, Question, Rule
from scoring.tally import Part

FIRST: Final = 2  # the column of the first question; what a line is called stands before it
BANDS: Final = 4  # the first of the three columns of the table of letters, beside the index


@dataclass(frozen=True)
class Method:
    """How figures come from answers: the pack, the named rule, and what a blank counts."""

    pack: Instrument
    rule: Rule
    blank: str

    @property
    def questions(self) -> list[Question]:
        """Return the questions column by column: in the order of the unsur, those of one unsur side by side."""
        return [question for unsur in self.pack.unsur for question in self.pack.questions_of(unsur.id)]

    @property
    def last(self) -> int:
        """Return the column of the last question."""
        return FIRST + len(self.pack.questions) - 1

    def columns(self) -> Iterator[tuple[str, int, int]]:
        """Yield each unsur with its first and last column."""
        column = FIRST
        for unsur in self.pack.unsur:
            size = len(self.pack.questions_of(unsur.id))
            yield unsur.id, column, column + size - 1
            column += size


@dataclass(frozen=True)
class Figures:
    """Where the IKM and its letter stand, and the first row below."""

    ikm: str
    mutu: str
    below: int


def head(sheet: Sheet, row: int, method: Method, label: str) -> int:
    """Write the heading of the columns; return the row below."""
    pack = method.pack
    numbers = {question.id: number for number, question in enumerate(pack.questions, 1)}
    names = {unsur.id: unsur for unsur in pack.unsur}
    for place, text in enumerate(("Unsur", label, "Nomor pertanyaan di formulir")):
        sheet.put(row + place, 1, text, "head")
    for unsur, first, last in method.columns():
        for column in range(first, last + 1):
            sheet.put(row, column, f"U{names[unsur].number}" if column == first else "", "head")
            sheet.put(row + 1, column, names[unsur].nama if column == first else "", "head")
        _merge(sheet, row, first, last)
        _merge(sheet, row + 1, first, last)
    for column, question in enumerate(method.questions, FIRST):
        sheet.put(row + 2, column, numbers[question.id], "head")
    sheet.heights[row + 1] = 62
    return row + 3


def counts(sheet: Sheet, row: int, method: Method, part: Part) -> int:
    """Write how often each value was given, highest first, and the blanks; return the row below."""
    low, high = method.pack.low, method.pack.high
    for place, value in enumerate(range(high, low - 1, -1)):
        sheet.put(row + place, 1, value, "value")
        for column, question in enumerate(method.questions, FIRST):
            sheet.put(row + place, column, part.answers[question.id][value - low], "count")
    below = row + high - low + 1
    sheet.put(below, 1, "Kosong", "label")
    for column, question in enumerate(method.questions, FIRST):
        sheet.put(below, column, part.n - sum(part.answers[question.id]), "count")
    return below + 1


def sums_of_counts(sheet: Sheet, row: int, method: Method, first: int) -> int:
    """Write sum and number of the answers counted from row `first` on; return the row below."""
    last = first + method.pack.high - method.pack.low
    values = span((first, 1), (last, 1), fixed=True)
    formulas = {"Jumlah nilai": f"SUMPRODUCT({values},{{0}})", "Jumlah jawaban": "SUM({0})"}
    if method.blank == "zero":
        formulas["Pembagi (jawaban kosong = 0)"] = "SUM({1})"
    for place, (label, formula) in enumerate(formulas.items()):
        sheet.put(row + place, 1, label, "label")
        for column in range(FIRST, method.last + 1):
            given, with_blanks = (span((first, column), (end, column)) for end in (last, last + 1))
            sheet.put(row + place, column, Formula(formula.format(given, with_blanks)), "count")
    return row + len(formulas)


def sums_of_rows(sheet: Sheet, row: int, method: Method, first: int) -> int:
    """Write sum and number of the answers that stand from row `first` to above `row`; return the row below."""
    everyone = span((first, 1), (row - 1, 1), fixed=True)
    labels = {"Jumlah nilai": "SUM({})", "Jumlah jawaban": "COUNT({})"}
    if method.blank == "zero":
        labels["Pembagi (jawaban kosong = 0)"] = f"COUNT({everyone})"
    for place, (label, formula) in enumerate(labels.items()):
        sheet.put(row + place, 1, label, "label")
        for column in range(FIRST, method.last + 1):
            text = formula.format(span((first, column), (row - 1, column)))
            sheet.put(row + place, column, Formula(text), "count")
    return row + len(labels)


def sums_given(sheet: Sheet, row: int, method: Method, part: Part) -> int:
    """Write the sums over whole forms, which are counted before and no formula can tell; return the row below."""
    sheet.put(row, 1, "Jumlah nilai (kuesioner lengkap)", "label")
    sheet.put(row + 1, 1, "Kuesioner lengkap", "label")
    for column, question in enumerate(method.questions, FIRST):
        sheet.put(row, column, part.complete_sums[question.id], "count")
        sheet.put(row + 1, column, part.complete, "count")
    return row + 2


def figures(sheet: Sheet, row: int, method: Method, total: int) -> Figures:
    """Write everything from NRR to letter below the sums, which stand in row `total` and, the divisor, above `row`."""
    pack, several = method.pack, len(method.pack.indexes) > 1
    start = row + 4 + len(pack.indexes) * (4 if several else 3) + 1
    bands = _bands(sheet, start, pack)
    nrr = row
    for place, label in enumerate(("NRR sebelum dibulatkan", "NRR", "Nilai konversi", "Mutu unsur")):
        sheet.put(row + place, 1, label, "label")
    for _, first, last in method.columns():
        sums, divisors = (span((line, first), (line, last)) for line in (total, row - 1))
        value = address(nrr, first)
        converted = f"({value})*{pack.factor}"
        lines = (
            (f'IF(SUM({divisors})=0,"",SUM({sums})/SUM({divisors}))', "exact"),
            (_filled(value, at(value, NRR_PLACES)), "three"),
            (_filled(value, at(converted, IKM_PLACES)), "two"),
            (_filled(value, _grade(address(row + 2, first), bands, 1)), "letter"),
        )
        for place, (formula, style) in enumerate(lines):
            for column in range(first, last + 1):
                sheet.put(row + place, column, Formula(formula) if column == first else "", style)
            _merge(sheet, row + place, first, last)
    row += len(lines)
    products = {}
    for index in pack.indexes:
        if several:
            row = sheet.line(row, index.nama, "section", last=method.last)
        row = _weighted(sheet, row, method, index, nrr)
        products[index.id] = row - 2
    return _indexes(sheet, row + 1, method, products, bands)


def _weighted(sheet: Sheet, row: int, method: Method, index: Index, nrr: int) -> int:
    """Write the lines of weight and weighted NRR of one index; return the row below."""
    rule = method.rule
    fixed = rule.bobot if index is method.pack.indexes[0] else None
    weights = dict(zip(index.unsur, index.bobot, strict=True))
    for place, label in enumerate(("Bobot", "NRR × bobot sebelum dibulatkan", "NRR tertimbang")):
        sheet.put(row + place, 1, label, "label")
    for unsur, first, last in method.columns():
        for column in range(first, last + 1):
            for place in range(3):
                sheet.put(row + place, column, "", "label")
        for place in range(3):
            _merge(sheet, row + place, first, last)
        if unsur not in weights:
            continue
        value = address(nrr, first)
        weight = weights[unsur] if fixed is None else fixed
        bobot = sheet.put(row, first, weight, "fraction" if fixed is None else "weight")
        product = at(f"{at(value, rule.nrr_places)}*{bobot}", rule.product_places)
        whole = sheet.put(row + 1, first, Formula(_filled(value, product)), "exact")
        sheet.put(row + 2, first, Formula(_filled(whole, at(whole, NRR_PLACES))), "three")
    return row + 3


def _indexes(sheet: Sheet, row: int, method: Method, products: Mapping[str, int], bands: tuple[int, int]) -> Figures:
    """Write value, IKM, letter and word of every index; return where those of the first stand."""
    pack, found = method.pack, []
    first = row
    for index in pack.indexes:
        if len(pack.indexes) > 1:
            row = sheet.line(row, index.nama, "section", last=BANDS - 1)
        across = span((products[index.id], FIRST), (products[index.id], method.last))
        total = at(f"SUM({across})", method.rule.index_places)
        value = address(row, FIRST)
        lines = (
            ("Nilai indeks sebelum dibulatkan", f'IF(COUNT({across})<{len(index.unsur)},"",{total})', "exact"),
            ("Nilai indeks", _filled(value, at(value, INDEX_PLACES)), "three"),
            ("Nilai IKM (konversi)", _filled(value, at(f"{value}*{pack.factor}", IKM_PLACES)), "result"),
            ("Mutu pelayanan", _filled(value, _grade(address(row + 2, FIRST), bands, 1)), "result_word"),
            ("Kinerja", _filled(value, _grade(address(row + 2, FIRST), bands, 2)), "result_word"),
        )
        for place, (label, formula, style) in enumerate(lines):
            sheet.put(row + place, 1, label, "label")
            sheet.put(row + place, FIRST, Formula(formula), style)
        found.append(Figures(address(row + 2, FIRST), address(row + 3, FIRST), 0))
        row += len(lines)
    return Figures(found[0].ikm, found[0].mutu, max(row, first + len(pack.bands) + 1))


def _bands(sheet: Sheet, row: int, pack: Instrument) -> tuple[int, int]:
    """Write the table of letters, lowest first as LOOKUP needs it; return its first and last row."""
    for place, label in enumerate(("Nilai mulai", "Mutu", "Kinerja")):
        sheet.put(row, BANDS + place, label, "head")
    for line, band in enumerate(pack.bands, row + 1):
        sheet.put(line, BANDS, Fraction(band.min), "two")
        sheet.put(line, BANDS + 1, band.mutu, "letter")
        sheet.put(line, BANDS + 2, band.kinerja, "word")
    return row + 1, row + len(pack.bands)


def _grade(value: str, bands: tuple[int, int], column: int) -> str:
    """Return the formula that looks a printed value up; under the scale's floor it is the lowest band."""
    lows, words = (span((bands[0], BANDS + place), (bands[1], BANDS + place), fixed=True) for place in (0, column))
    return f"LOOKUP(MAX({value},{address(bands[0], BANDS, fixed=True)}),{lows},{words})"


def _filled(value: str, formula: str) -> str:
    """Return the formula that stays empty while `value` is."""
    return f'IF({value}="","",{formula})'


def _merge(sheet: Sheet, row: int, first: int, last: int) -> None:
    if last > first:
        sheet.merges.append((row, first, row, last))
