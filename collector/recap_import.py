"""A recap of another tool, by its import map: counts, sums or NRR per unsur. It is kept beside the periode, marked.

It never becomes answers: nothing of it enters the store or the office's index.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from collector.grid import Fault, Grid, Line, csv_grid, decode, is_workbook, read_file
from collector.import_map import ImportMap
from collector.map_rows import cell_fault, find_columns, known_columns, missing
from collector.xlsx import xlsx_grid
from scoring.errors import IkmError, Remark, remark, shown
from scoring.explain import explain, read_ways
from scoring.instrument import Instrument
from scoring.office import Survey
from scoring.table import NUMBER, heading_key, nrr_figures, refused

NAME: Final = "rekap-luar.json"
FORMAT: Final = "rekap-luar/1"
MARK: Final = "rekap impor: bukan jawaban, tidak masuk basis data, tidak masuk indeks kantor"
COUNT: Final = re.compile(r"[0-9]{1,9}")
NUMBERED: Final = re.compile(r"u ?[0-9]{1,2}[.:) -]+(.+)")
Rows = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Recap:
    """What was read: the texts per unsur, as they stand in the file, and the table that `scoring` computes on."""

    file: str
    sha256: str
    peta: ImportMap
    rows: Rows
    table: str


def read(file: Path, pack: Instrument, peta: ImportMap) -> Recap:
    """Return the recap in `file`. Raises FILE_*, XLSX_*, MAP_KIND and TABLE_REFUSED with every fault."""
    if peta.kind == "rows":
        raise IkmError("MAP_KIND", map=peta.file, kind=peta.kind)
    content = read_file(file)
    if is_workbook(file, content):
        grid = xlsx_grid(file.name, content, peta.sheet, peta.heading_row)
    else:
        grid = csv_grid(file.name, decode(file, content), peta.heading_row)
    rows = _rows(grid, pack, peta)
    return Recap(shown(file.name), hashlib.sha256(content).hexdigest(), peta, rows, _table(rows, pack, peta.kind))


def entry(recap: Recap, survey: Survey, today: date, printed: str | None) -> dict[str, Any]:
    """Return what is kept of a recap, its figures by the office's own rule, and what gives the printed one.

    Raises PRINTED_INVALID.
    """
    pack, nrr = survey.instrument, recap.peta.kind == "nrr"
    ways, _ = read_ways(recap.file, recap.table, pack, nrr=nrr)
    blank = survey.blank if survey.blank in ways else "available"
    return {
        "mark": MARK,
        "source": recap.peta.source,
        "map": recap.peta.file,
        "file": recap.file,
        "sha256": recap.sha256,
        "imported_on": today.isoformat(),
        "kind": recap.peta.kind,
        "given": recap.rows,
        "printed": printed,
        "blank": blank,
        "figures": nrr_figures(pack, pack.rule(survey.rule), ways[blank]),
        "explained": explain(recap.file, recap.table, pack, printed, nrr=nrr) if printed else None,
    }


def keep(folder: Path, periode: str, found: Mapping[str, Any]) -> Path:
    """Add the entry to those of the periode, in the place of one of the same file by the same map; return the file.

    Raises FILE_UNREADABLE when what stands there is not ours.
    """
    file = folder / NAME
    known = _kept(file) if file.exists() else []
    same = ("sha256", "map")
    others = [item for item in known if any(item.get(key) != found[key] for key in same)]
    content = {"format": FORMAT, "mark": MARK, "periode": periode, "recaps": [*others, found]}
    folder.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".tmp")
    fresh.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")
    fresh.replace(file)
    return file


def _kept(file: Path) -> list[Any]:
    """Return the recaps that were kept before."""
    try:
        held = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None
    if not isinstance(held, dict) or held.get("format") != FORMAT or not isinstance(held.get("recaps"), list):
        raise IkmError("FILE_UNREADABLE", file=file, reason=f"bukan berkas {FORMAT}")
    return list(held["recaps"])


def _rows(grid: Grid, pack: Instrument, peta: ImportMap) -> Rows:
    """Return the texts per unsur. Raises TABLE_REFUSED."""
    known = {name: name for name in ("unsur", *_wanted(pack, peta.kind), "kosong")}
    wide = "unsur" not in peta.columns.values() and all(heading_key(name) != "unsur" for name in grid.heading)
    if wide and peta.kind == "nrr":
        known = {key: name for key, name in known_columns(pack).items() if name in {q.id for q in pack.questions}}
    places, remarks = find_columns(grid, known, peta)
    for name in known.values() if wide and peta.kind == "nrr" else ("unsur", *_wanted(pack, peta.kind)):
        if name not in places and not any(fault.field == name for fault in remarks):
            remarks.append(missing(grid, name, name, peta))
    if remarks:
        raise refused(grid.file, list(dict.fromkeys(remarks)))
    rows = _wide(grid, places, pack, remarks) if "unsur" not in places else _long(grid, places, pack, peta, remarks)
    if remarks:
        raise refused(grid.file, remarks)
    return rows


def _wanted(pack: Instrument, kind: str) -> tuple[str, ...]:
    values = tuple(str(value) for value in range(pack.low, pack.high + 1))
    return {"counts": values, "sums": ("jumlah", "n"), "nrr": ("nrr",)}[kind]


def _long(grid: Grid, places: Mapping[str, int], pack: Instrument, peta: ImportMap, remarks: list[Remark]) -> Rows:
    """Return the rows of a recap with one unsur a row."""
    known = _labels(pack, peta)
    rows: Rows = {}
    for line in grid.lines:
        texts = {name: _cell(line, place) for name, place in places.items()}
        label = texts.pop("unsur")
        if heading_key(label) in peta.ignore_rows or not (label or any(texts.values()) or line.faults):
            continue
        unsur = known.get(heading_key(label)) or known.get(_unnumbered(label))
        if unsur is None:
            where = {"row": line.number, "label": f'"{label}"', "map": peta.file}
            remarks.append(remark("RECAP_ROW_UNKNOWN", "unsur", file=grid.file, **where))
        elif unsur in rows:
            fault = Fault(label, "setiap unsur ditulis satu kali")
            remarks.append(cell_fault(grid, line.number, places["unsur"], "unsur", fault))
        else:
            remarks += _faults(grid, line, places, texts, pack, peta.kind)
            rows[unsur] = texts
    for item in pack.unsur:
        if item.id not in rows:
            remarks.append(remark("RECAP_ROW_MISSING", item.id, file=grid.file, unsur=item.nama))
    return rows


def _wide(grid: Grid, places: Mapping[str, int], pack: Instrument, remarks: list[Remark]) -> Rows:
    """Return the rows of a recap whose one line holds the NRR, a column an unsur. Raises TABLE_NRR_ROWS."""
    lines = [
        line for line in grid.lines if any(_cell(line, place) or place in line.faults for place in places.values())
    ]
    if len(lines) != 1:
        raise IkmError("TABLE_NRR_ROWS", file=grid.file, rows=len(lines))
    texts = {name: _cell(lines[0], place) for name, place in places.items()}
    remarks += _faults(grid, lines[0], places, texts, pack, "nrr")
    return {unsur.id: {"nrr": texts[pack.questions_of(unsur.id)[0].id]} for unsur in pack.unsur}


def _cell(line: Line, place: int) -> str:
    return line.cells[place] if place < len(line.cells) else ""


def _labels(pack: Instrument, peta: ImportMap) -> dict[str, str]:
    """Return what the rows may be called, and the unsur each stands for."""
    numbers = {f"u{unsur.number}": unsur.id for unsur in pack.unsur}
    names = {heading_key(unsur.nama): unsur.id for unsur in pack.unsur}
    ids = {unsur.id: unsur.id for unsur in pack.unsur}
    of_questions = {question.id: question.unsur for question in pack.questions}
    given = {key: {**of_questions, **numbers, **ids}.get(target, "") for key, target in peta.unsur.items()}
    return {**numbers, **names, **ids, **{key: unsur for key, unsur in given.items() if unsur}}


def _unnumbered(label: str) -> str:
    """Return the words behind a U-number: tools number the unsur differently, so the words decide."""
    found = NUMBERED.fullmatch(heading_key(label))
    return found[1] if found else ""


def _faults(
    grid: Grid, line: Line, places: Mapping[str, int], texts: dict[str, str], pack: Instrument, kind: str
) -> list[Remark]:
    """Return what is wrong with the figures of one row; a figure that may be left out reads as 0 afterwards."""
    found = [
        cell_fault(grid, line.number, at, name, line.faults[at]) for name, at in places.items() if at in line.faults
    ]
    if line.hidden:
        found.append(remark("XLSX_HIDDEN", "", file=grid.file, row=line.number))
    if found:
        return found
    for name, text in texts.items():
        expected = _expected(text, pack, kind)
        if kind == "counts" and not text:
            texts[name] = "0"
        elif expected:
            found.append(cell_fault(grid, line.number, places[name], name, Fault(text, expected)))
    if kind == "sums" and not found:
        total, n = int(texts["jumlah"]), int(texts["n"])
        if not pack.low * n <= total <= pack.high * n:
            fault = Fault(texts["jumlah"], f"{n} jawaban berjumlah {pack.low * n} sampai {pack.high * n}")
            found.append(cell_fault(grid, line.number, places["jumlah"], "jumlah", fault))
    return found


def _expected(text: str, pack: Instrument, kind: str) -> str:
    """Return what a figure should be, or nothing where it is that."""
    if kind != "nrr":
        return "" if COUNT.fullmatch(text) else "isi bilangan bulat tanpa titik atau koma"
    number = text.replace(",", ".")
    good = NUMBER.fullmatch(number) is not None and pack.low <= Fraction(number) <= pack.high
    return "" if good else f"isi NRR dari {pack.low} sampai {pack.high}"


def _table(rows: Rows, pack: Instrument, kind: str) -> str:
    """Return the recap as `scoring` reads one."""
    if kind == "nrr":
        cells = [rows[question.unsur]["nrr"].replace(",", ".") for question in pack.questions]
        return ",".join(question.id for question in pack.questions) + "\n" + ",".join(cells) + "\n"
    names = [name for name in (*_wanted(pack, kind), "kosong") if name in rows[pack.unsur[0].id]]
    lines = [",".join([unsur, *(row[name] for name in names)]) for unsur, row in rows.items()]
    return "\n".join([",".join(["unsur", *names]), *lines]) + "\n"
