"""Files of answers, their import on a fixed day, and what stands in the store afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from publish_samples import named

from collector.import_map import load_map
from collector.imports import Imported, import_paper
from collector.store import open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError

TODAY = date(2026, 10, 25)  # the first day after the periode 2026-10
U_NUMBERS = "U1,U2,U3,U4,U5,U6,U7,U8,U9"
IDS = "persyaratan,prosedur,waktu,biaya,produk,kompetensi,perilaku,pengaduan,sarana"
GOOD = "4,3,3,4,3,3,4,2,1"  # U8 pengaduan 2, U9 sarana 1
IN_FORM_ORDER = (4, 3, 3, 4, 3, 3, 4, 1, 2)  # the form asks sarana before pengaduan


def sheet(folder: Path, *rows: str, head: str = f"tanggal,layanan,{U_NUMBERS}", name: str = "kertas.csv") -> Path:
    """Write a file of paper answers."""
    file = folder / name
    file.write_text("\n".join([head, *rows]) + "\n", "utf-8")
    return file


def book(folder: Path, *lines: Sequence[Any], name: str = "kertas.xlsx", title: str = "Lembar", first: int = 1) -> Path:
    """Write a workbook whose one sheet holds the lines from row `first` on."""
    file, made = folder / name, Workbook()
    worksheet = made.worksheets[0]
    worksheet.title = title
    for row, cells in enumerate(lines, first):
        for column, content in enumerate(cells, 1):
            worksheet.cell(row, column).value = content
    made.save(file)
    return file


def take(
    workspace: Workspace,
    file: Path,
    periode: str | None = None,
    layanan: str | None = None,
    today: date = TODAY,
    peta: str | None = None,
) -> Imported:
    """Import a file on `today`, by the map of this name."""
    store = open_store(workspace.store, workspace.office.id)
    try:
        span = workspace.office.periode(periode) if periode else None
        return import_paper(workspace.office, store, file, today, span, layanan, load_map(peta) if peta else None)
    finally:
        store.close()


def refusal(
    workspace: Workspace, file: Path, periode: str | None = None, layanan: str | None = None, peta: str | None = None
) -> IkmError:
    """Return the error of an import that must not store anything."""
    before = [rows(workspace, table) for table in ("response", "saran", "batch")]
    with pytest.raises(IkmError) as caught:
        take(workspace, file, periode, layanan, peta=peta)
    assert [rows(workspace, table) for table in ("response", "saran", "batch")] == before
    return caught.value


def rows(workspace: Workspace, table: str = "response") -> list[dict[str, Any]]:
    """Return the rows of a table as they are stored."""
    with reading(workspace.store) as connection:
        return named(connection.execute(f"SELECT * FROM {table} ORDER BY 1"))


def answers(row: dict[str, Any], questions: int = 9) -> tuple[int | None, ...]:
    return tuple(row[f"a{number:02d}"] for number in range(1, questions + 1))


def texts(error: IkmError) -> list[str]:
    return [fault.text for fault in error.remarks]
