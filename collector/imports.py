"""Paper answers from a CSV file: one row a sheet, all of them or none, the same file only once."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collector.store import Store
from scoring.errors import IkmError, Remark, remark
from scoring.instrument import Instrument
from scoring.mask import mask
from scoring.office import Office, Survey
from scoring.periode import Periode, tanggal
from scoring.response import SARAN_LIMIT, Response, canonical, clean_text, commitment, profil_remarks
from scoring.table import Row, read_answers, read_table, refused

PAPER = 3


@dataclass(frozen=True)
class Imported:
    """What became of a file: its number of sheets, and the day it had been taken in before (None when new)."""

    sheets: int
    known_since: str | None


def import_paper(
    office: Office, store: Store, file: Path, today: date, periode: Periode | None, layanan: str | None
) -> Imported:
    """Store every sheet of `file`; a sheet without a date counts on the last day of `periode`.

    Raises FILE_*, TABLE_*, IMPORT_*, LAYANAN_UNKNOWN and PERIODE_CLOSED; then nothing was stored.
    """
    content = _read(file)
    digest = hashlib.sha256(content).digest()
    if (known := store.batch_day(digest)) is not None:
        return Imported(0, known)
    sheets = read_sheets(office, file.name, _decode(file, content), today, periode, layanan)
    stored = store.add_batch(digest, file.name, today, sheets)
    return Imported(stored, None if stored else store.batch_day(digest))


def read_sheets(
    office: Office, file: str, text: str, today: date, periode: Periode | None, layanan: str | None
) -> list[tuple[Response, date]]:
    """Return the answers of a file with their days. Raises TABLE_REFUSED with a remark for every wrong cell."""
    pack = _survey(office, today, periode).instrument
    names, rows = read_table(file, text, pack)
    if "tanggal" not in names and periode is None:
        raise IkmError("IMPORT_DATE_MISSING", file=file)
    if layanan and _layanan_id(office, layanan) is None:
        raise IkmError("LAYANAN_UNKNOWN", id=layanan)
    sheets: list[tuple[Response, date]] = []
    remarks: list[Remark] = []
    for row in rows:  # one after the other, so that the faults are told in the order of the rows
        (answers,), faults = read_answers(file, [row], pack)
        remarks += faults
        day = _day(file, row, today, periode, remarks)
        service = _layanan(office, file, row, layanan, remarks)
        remarks += _sheet_remarks(office, file, row, day, pack)
        sheets.append((_response(office, pack, row, answers, service), day))
    if remarks:
        raise refused(file, remarks)
    return sheets


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
        values = {"file": file, "row": row.line, "column": "tanggal", "value": cell, "expected": expected}
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
    values = {"file": file, "row": row.line, "column": "layanan", "value": cell, "expected": f"isi salah satu: {known}"}
    remarks.append(remark("TABLE_CELL", "layanan", **values))
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
        values = {"file": file, "row": row.line, "column": fault.field, "value": row.cells[fault.field]}
        remarks.append(remark("TABLE_CELL", fault.field, expected=f"isi salah satu: {codes}", **values))
    saran = clean_text(row.cells.get("saran", ""))
    if len(saran) > SARAN_LIMIT:
        values = {"file": file, "row": row.line, "column": "saran", "value": saran[:20] + "…"}
        remarks.append(remark("TABLE_CELL", "saran", expected=f"paling banyak {SARAN_LIMIT} huruf", **values))
    return remarks


def _profil(row: Row, pack: Instrument) -> dict[str, str]:
    return {field.id: row.cells[field.id].upper() for field in pack.profil if row.cells.get(field.id)}


def _response(office: Office, pack: Instrument, row: Row, answers: Sequence[int | None], layanan: str) -> Response:
    nonce = secrets.token_bytes(32)
    profil = _profil(row, pack)
    return Response(
        id=commitment(nonce, canonical(answers, pack.form, layanan, office.id)),
        nonce=nonce,
        office=office.id,
        layanan=layanan,
        form=pack.form,
        channel=PAPER,
        flags=0,
        answers=tuple(answers),
        profil=tuple(profil.get(field.id) for field in pack.profil),
        saran=mask(clean_text(row.cells.get("saran", ""))),
    )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Periksa nama dan foldernya.") from None
    except OSError as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None


def _decode(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise IkmError("FILE_UNREADABLE", file=file, reason="simpan sebagai CSV UTF-8") from None
