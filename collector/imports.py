"""Answers from a file, CSV or XLSX: one row a sheet, all of them or none, the same file only once.

Without an import map they are paper; with one they come from another tool, whose name stands beside the file's.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.database import Connection
from collector.grid import csv_grid, decode, is_workbook, read_file
from collector.import_again import Sheet, refuse_again
from collector.import_map import ImportMap
from collector.map_rows import read_rows
from collector.store import Store
from collector.xlsx import xlsx_grid
from scoring.errors import IkmError, Remark, remark, shown
from scoring.instrument import Instrument
from scoring.mask import mask
from scoring.office import Office, Survey
from scoring.periode import Periode, tanggal
from scoring.response import SARAN_LIMIT, Response, canonical, clean_text, commitment, profil_remarks
from scoring.table import Row, profil_code, read_answers, read_table, refused, shortened

PAPER = 3
FOREIGN = 5  # the channel "import"
SHEETS = ("Lembar", "kertas")  # where the template keeps the answers


@dataclass(frozen=True)
class Imported:
    """What became of a file: its number of sheets, and the day it had been taken in before (None when new)."""

    sheets: int
    known_since: str | None


def import_paper(
    office: Office,
    store: Store,
    file: Path,
    today: date,
    periode: Periode | None,
    layanan: str | None,
    peta: ImportMap | None = None,
    *,
    other: bool = False,
) -> Imported:
    """Store every sheet of `file`; a sheet without a date counts on the last day of `periode`.

    `other` says that they are other sheets, however many are like those of an earlier file. Raises FILE_*, TABLE_*,
    XLSX_*, MAP_*, IMPORT_*, LAYANAN_UNKNOWN and PERIODE_CLOSED; then nothing was stored.
    """
    content = read_file(file)
    digest = hashlib.sha256(content).digest()
    if (known := store.batch_day(digest)) is not None:
        return Imported(0, known)
    if peta is not None and peta.kind != "rows":
        raise IkmError("MAP_KIND", map=peta.file, kind=peta.kind)
    sheets, name = read_sheets(office, file, content, today, periode, layanan, peta), batch_name(file, peta)
    with store.reading() as connection:
        if peta is not None:
            _refuse_overlap(connection, office, file.name, peta.source, sheets)
        if not other:
            refuse_again(connection, file.name, name, digest, sheets)
    stored = store.add_batch(digest, name, today, [(each.response, each.day) for each in sheets])
    return Imported(stored, None if stored else store.batch_day(digest))


def batch_name(file: Path, peta: ImportMap | None) -> str:
    """Return what the batch is called: the file, and the tool it comes from."""
    name = shown(file.name)  # it may hold bytes that no text has
    return name if peta is None else f"{name} ({peta.source})"


def read_sheets(
    office: Office,
    file: Path,
    content: bytes,
    today: date,
    periode: Periode | None,
    layanan: str | None,
    peta: ImportMap | None,
) -> list[Sheet]:
    """Return the answers of a file, their rows and days. Raises TABLE_REFUSED with a remark for every wrong cell."""
    pack = _survey(office, today, periode).instrument
    names, rows = _rows(file, content, pack, peta)
    name = file.name
    if "tanggal" not in names and periode is None:
        raise IkmError("IMPORT_DATE_MISSING", file=name)
    if layanan and _layanan_id(office, layanan) is None:
        raise IkmError("LAYANAN_UNKNOWN", id=layanan)
    sheets: list[Sheet] = []
    remarks: list[Remark] = []
    for row in rows:  # one after the other, so that the faults are told in the order of the rows
        (answers,), faults = read_answers(name, [row], pack)
        day = _day(name, row, today, periode, faults)
        service = _layanan(office, name, row, layanan, faults)
        faults += _sheet_remarks(office, name, row, day, pack)
        remarks += [*row.faults, *_beside(row, faults)]
        response = _response(office, pack, row, answers, service, PAPER if peta is None else FOREIGN)
        sheets.append(Sheet(row.line, response, day))
    if remarks:
        raise refused(name, remarks)
    return sheets


def _rows(file: Path, content: bytes, pack: Instrument, peta: ImportMap | None) -> tuple[list[str], list[Row]]:
    """Return the columns by our names and the rows, from whichever kind of file."""
    heading_row = 1 if peta is None else peta.heading_row
    if is_workbook(file, content):
        sheets = (peta.sheet if peta else ()) or SHEETS
        return read_rows(xlsx_grid(file.name, content, sheets, heading_row), pack, peta)
    if peta is not None:
        return read_rows(csv_grid(file.name, decode(file, content), heading_row), pack, peta)
    return read_table(file.name, decode(file, content), pack)


def _beside(row: Row, faults: Sequence[Remark]) -> list[Remark]:
    """Return the faults of a row without those that follow from a cell that could not be read."""
    unread = {fault.field for fault in row.faults}
    empty = "TABLE_ROW_EMPTY" if row.faults else ""
    return [fault for fault in faults if fault.field not in unread and fault.code != empty]


def _refuse_overlap(connection: Connection, office: Office, file: str, source: str, sheets: Sequence[Sheet]) -> None:
    """Raise IMPORT_OVERLAP when the same tool has given answers of one of these days before.

    A form's export holds the old answers again beside the new ones; the digest of the file does not show that.
    """
    days = {(each.day.isoformat(), each.response.layanan) for each in sheets}
    found = connection.execute(
        "SELECT DISTINCT response.day, response.layanan, batch.file"
        " FROM response JOIN batch ON batch.id = response.batch"
        " WHERE response.office = ? AND response.day BETWEEN ? AND ? AND response.channel = ?"
        " ORDER BY response.day, response.layanan, batch.file",
        (office.id, min(days)[0], max(days)[0], FOREIGN),
    ).fetchall()
    met = [row for row in found if (str(row[0]), row[1]) in days and str(row[2]).endswith(f" ({source})")]
    if met:
        first = [row for row in met if row[1:] == met[0][1:]]
        values = {"layanan": met[0][1], "known": met[0][2], "days": daftar_hari(str(row[0]) for row in first)}
        raise IkmError("IMPORT_OVERLAP", file=file, source=source, **values)


def daftar_hari(days: Iterable[str]) -> str:
    """Return the days in words, at most five of them."""
    names = [tanggal(date.fromisoformat(day)) for day in days]
    more = f" dan {len(names) - 5} hari lain" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more


def _survey(office: Office, today: date, periode: Periode | None) -> Survey:
    """Return what the file's sheets asked: that of its periode, else what is asked today."""
    return office.survey_on(today) if periode is None else office.survey_of(periode)


def _day(file: str, row: Row, today: date, periode: Periode | None, remarks: list[Remark]) -> date:
    """Return the day of a sheet; without a date, or with one that is refused, the last day of `periode`."""
    cell = row.cells.get("tanggal", "")
    last = today if periode is None else periode.selesai
    if not cell and periode is not None and periode.mulai <= today:
        return last
    day = parse_day(cell) if cell or periode is None else periode.mulai
    if day is None:
        expected = "isi tanggal seperti 2026-10-05 atau 05/10/2026"
        values = {
            "file": file,
            "row": row.line,
            "column": row.place("tanggal"),
            "value": shortened(cell),
            "expected": expected,
        }
        remarks.append(remark("TABLE_CELL", "tanggal", **values))
    elif periode is not None and day not in periode:
        where = {"file": file, "row": row.line, "date": tanggal(day), "periode": periode.id}
        remarks.append(remark("IMPORT_DATE_OUTSIDE", "tanggal", **where))
    elif day > today:
        remarks.append(remark("IMPORT_DATE_FUTURE", "tanggal", file=file, row=row.line, date=tanggal(day)))
    else:
        return day
    return last


def parse_day(cell: str) -> date | None:
    """Return the date written as 2026-10-05, 5/10/2026 or 05-10-2026, or None."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", cell)
    parts = found.groups() if found else ()
    if not parts and (found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", cell)):
        parts = found.groups()[::-1]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _layanan(office: Office, file: str, row: Row, default: str | None, remarks: list[Remark]) -> str:
    """Return the layanan of the sheet, by id or by name; `default` stands in for an empty cell."""
    cell = row.cells.get("layanan", "") or default or ""
    found = office.layanan[0].id if not cell and len(office.layanan) == 1 else _layanan_id(office, cell)
    if found is not None:
        return found
    known = ", ".join(item.id for item in office.layanan)
    values = {"file": file, "row": row.line, "column": row.place("layanan"), "value": shortened(cell)}
    remarks.append(remark("TABLE_CELL", "layanan", expected=f"isi salah satu: {known}", **values))
    return ""


def _layanan_id(office: Office, text: str) -> str | None:
    """Return the id of the layanan that `text` names, by id or by name in any case."""
    return next((item.id for item in office.layanan if text.lower() in {item.id, item.nama.lower()}), None)


def _sheet_remarks(office: Office, file: str, row: Row, day: date, pack: Instrument) -> list[Remark]:
    """Return what is wrong with the rest of a sheet: another instrument's day, profile codes, a long text."""
    remarks = []
    asked = office.survey_on(day).instrument
    if asked.form != pack.form:
        where = {"file": file, "row": row.line, "date": tanggal(day), "instrument": asked.id}
        remarks.append(remark("IMPORT_INSTRUMENT", "tanggal", **where))
    profil = _profil(row, pack)
    for fault in profil_remarks(pack, profil):
        codes = ", ".join(code for field in pack.profil if field.id == fault.field for code, _ in field.options)
        values = {
            "file": file,
            "row": row.line,
            "column": row.place(fault.field),
            "value": shortened(row.cells[fault.field]),
        }
        remarks.append(remark("TABLE_CELL", fault.field, expected=f"isi salah satu: {codes}", **values))
    saran = clean_text(row.cells.get("saran", ""))
    if len(saran) > SARAN_LIMIT:
        values = {"file": file, "row": row.line, "column": row.place("saran"), "value": saran[:20] + "…"}
        remarks.append(remark("TABLE_CELL", "saran", expected=f"paling banyak {SARAN_LIMIT} huruf", **values))
    return remarks


def _profil(row: Row, pack: Instrument) -> dict[str, str]:
    return {field.id: profil_code(field, row.cells[field.id]) for field in pack.profil if row.cells.get(field.id)}


def _response(
    office: Office, pack: Instrument, row: Row, answers: Sequence[int | None], layanan: str, channel: int
) -> Response:
    nonce = secrets.token_bytes(32)
    profil = _profil(row, pack)
    return Response(
        id=commitment(nonce, canonical(answers, pack.form, layanan, office.id)),
        nonce=nonce,
        office=office.id,
        layanan=layanan,
        form=pack.form,
        channel=channel,
        flags=0,
        answers=tuple(answers),
        profil=tuple(profil.get(field.id) for field in pack.profil),
        saran=mask(clean_text(row.cells.get("saran", ""))),
    )
