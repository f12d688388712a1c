"""A grid's columns and words by the names of ours: with an import map, or by the names that our template prints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from collector.grid import Fault, Grid, Line
from collector.import_map import ImportMap, is_personal
from scoring.errors import IkmError, Remark, remark
from scoring.instrument import Instrument, Profil, Question
from scoring.table import Row, column_names, heading_key, plain, printed_names, profil_code, refused, shortened

PREPARED: Final = ("no", "layanan")  # what a row of the template holds before anyone has filled it in
LABELLED: Final = re.compile(r"\(?([0-9]{1,2}|[a-j])[.):\-]*\s+(.+)")  # "4. Sangat sesuai", "(d) Sangat sesuai"
DATED: Final = re.compile(r"([0-9]{1,4})[/.-]([0-9]{1,2})[/.-]([0-9]{1,4})(?:[\sT,].*)?")


def read_rows(grid: Grid, pack: Instrument, peta: ImportMap | None) -> tuple[list[str], list[Row]]:
    """Return the columns by our names and the rows that are not empty, words turned into values where a map says so.

    Columns that a map ignores are left behind here. Raises TABLE_REFUSED with a remark for every column that is
    unknown, missing, personal or twice there; TABLE_EMPTY.
    """
    places, remarks = find_columns(grid, known_columns(pack), peta)
    for question in pack.questions:
        if question.id not in places:
            remarks.append(missing(grid, question.id, _shown(question, pack), peta))
    if remarks:
        raise refused(grid.file, remarks)
    labels = {name: grid.label(place) for name, place in places.items()}
    rows = [row for line in grid.lines if (row := _row(grid, line, places, labels, pack, peta)) is not None]
    if not rows:
        raise IkmError("TABLE_EMPTY", file=grid.file)
    return list(places), rows


def known_columns(pack: Instrument) -> dict[str, str]:
    """Return every heading of ours as it is compared, and the column it stands for."""
    names = {**printed_names(pack), **column_names(pack)}
    return {heading_key(heading): name for heading, name in names.items()}


def find_columns(grid: Grid, known: Mapping[str, str], peta: ImportMap | None) -> tuple[dict[str, int], list[Remark]]:
    """Return the place of every column that is read, and a remark for every heading that cannot be.

    Raises HEADING_UNKNOWN when there is none of either: the heading stands elsewhere.
    """
    places: dict[str, int] = {}
    remarks = []
    own = {} if peta is None else {key: known.get(target, target) for key, target in peta.columns.items()}
    ids = {*known.values()}
    for place, heading in enumerate(grid.heading):
        key = heading_key(heading)
        if peta is not None and key in peta.ignore:
            continue
        name = own.get(key) if own.get(key) in ids else known.get(key)
        if not heading and not _holds_anything(grid, place):
            continue
        if name is None:
            remarks.append(_unknown(grid, place, peta))
        elif name in places:
            remarks.append(remark("TABLE_COLUMN_TWICE", name, file=grid.file, column=grid.label(place)))
        elif place in grid.faults:
            remarks.append(cell_fault(grid, grid.heading_row, place, name, grid.faults[place]))
        else:
            places[name] = place
    if not places and not any(fault.field in ids for fault in remarks):
        raise IkmError("HEADING_UNKNOWN", file=grid.file, row=grid.heading_row)
    return places, remarks


def missing(grid: Grid, name: str, shown: str, peta: ImportMap | None) -> Remark:
    """Return the remark that no column feeds `name`."""
    if peta is None:
        return remark("TABLE_COLUMN_MISSING", name, file=grid.file, column=shown)
    return remark("MAP_COLUMN_MISSING", name, file=grid.file, column=shown, key=name, map=peta.file)


def _unknown(grid: Grid, place: int, peta: ImportMap | None) -> Remark:
    column = grid.label(place)
    if is_personal(grid.heading[place]):
        return remark("MAP_PERSONAL", column, file=grid.file, column=column)
    if peta is None:
        return remark("XLSX_COLUMN", column, file=grid.file, column=column)
    return remark("MAP_COLUMN_UNKNOWN", column, file=grid.file, column=column, map=peta.file)


def _holds_anything(grid: Grid, place: int) -> bool:
    return any((place < len(line.cells) and line.cells[place]) or place in line.faults for line in grid.lines)


def _shown(question: Question, pack: Instrument) -> str:
    nama = next(unsur.nama for unsur in pack.unsur if unsur.id == question.unsur)
    return nama if len(pack.questions_of(question.unsur)) == 1 else question.text


def _row(
    grid: Grid,
    line: Line,
    places: Mapping[str, int],
    labels: Mapping[str, str],
    pack: Instrument,
    peta: ImportMap | None,
) -> Row | None:
    """Return the row of a line, or None when nobody has filled it in."""
    texts = {name: line.cells[place] if place < len(line.cells) else "" for name, place in places.items()}
    unread = {name: line.faults[place] for name, place in places.items() if place in line.faults}
    prepared = PREPARED if grid.lettered and peta is None else ()
    if not unread and not any(text for name, text in texts.items() if name not in prepared):
        return None
    remarks = [cell_fault(grid, line.number, places[name], name, fault) for name, fault in unread.items()]
    if line.hidden:
        remarks.append(remark("XLSX_HIDDEN", "", file=grid.file, row=line.number))
    cells = dict(texts)
    for name, text in texts.items():
        if peta is None or not text or name in unread:
            continue
        value, expected = _value(name, text, pack, peta)
        cells[name] = value
        if expected:
            remarks.append(cell_fault(grid, line.number, places[name], name, Fault(text, expected)))
    return Row(line.number, cells, labels, tuple(_once(remarks)))


def _once(remarks: Sequence[Remark]) -> Iterator[Remark]:
    """Yield the remarks without a second one on the same field."""
    told = set()
    for found in remarks:
        if found.field not in told:
            told.add(found.field)
            yield found


def cell_fault(grid: Grid, row: int, place: int, name: str, fault: Fault) -> Remark:
    """Return the remark on one cell."""
    where = {"file": grid.file, "row": row, "column": grid.label(place)}
    return remark("TABLE_CELL", name, **where, value=shortened(fault.value), expected=fault.expected)


def _value(name: str, text: str, pack: Instrument, peta: ImportMap) -> tuple[str, str]:
    """Return what a cell stands for by the map, and what is expected when it stands for nothing (else "")."""
    if name == "tanggal":
        day = read_day(text, peta.date)
        return day, "" if day else f"tanggal pada peta ditulis {peta.date}"
    if name == "layanan":
        return peta.values.get(name, {}).get(plain(text), text), ""
    for profil in pack.profil:
        if profil.id == name:
            return _option(profil, text, peta)
    for question in pack.questions:
        if question.id == name:
            return _answer(question, text, pack, peta)
    return text, ""


def read_day(text: str, order: str) -> str:
    """Return the day as 2026-10-05 of a text that may go on with a time, or "" when it is none in that order."""
    found = DATED.fullmatch(text)
    if found is None:
        return ""
    parts = dict(zip(order.split("/") if len(found[1]) < 3 else "ymd", found.groups(), strict=True))
    try:
        return date(*(int(parts[part]) for part in "ymd")).isoformat() if len(parts["y"]) == 4 else ""
    except ValueError:
        return ""


def _option(profil: Profil, text: str, peta: ImportMap) -> tuple[str, str]:
    words = peta.values.get(profil.id, {})
    code = words.get(plain(text)) or profil_code(profil, text)
    known = [option for option, _ in profil.options]
    if code not in known and "*" in words:
        code = words["*"]
    if code in known:
        return code, ""
    return "", f"isi salah satu: {', '.join(known)}, atau artikan pada [values.{profil.id}] di {peta.file}"


def _answer(question: Question, text: str, pack: Instrument, peta: ImportMap) -> tuple[str, str]:
    """Return the value that a cell names: by the map's words, as a number, or in the words of the question.

    A number before the words must be theirs: where "4" stands before the words of 1, nobody knows which was meant.
    """
    key = plain(text)
    words = {plain(option): str(value) for value, option in enumerate(question.options, pack.low)}
    mapped = {**words, **peta.values.get("answers", {}), **peta.values.get(question.id, {})}
    numbers = {str(value) for value in range(pack.low, pack.high + 1)}
    if key in mapped:
        return mapped[key], ""
    if key in numbers:
        return key, ""
    found = LABELLED.fullmatch(key)
    value = mapped.get(found[2]) if found else None
    if found and value and (found[1] == value or not found[1].isdigit()):
        return value, ""
    return "", f"isi {pack.low} sampai {pack.high}, kata pada kuesioner, atau artikan pada [values] di {peta.file}"
