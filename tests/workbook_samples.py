"""Recap workbooks of made-up periode, two programs that recompute them, and the comparison with result.json."""

from __future__ import annotations

import random
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import formulas
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple
from scoring_samples import part, tally

from publish.rekap_block import Method
from scoring.instrument import Instrument, built_in
from scoring.tally import Part, Tally

LAYANAN = {"ktp": "Perekaman KTP Elektronik", "kk": "Kartu Keluarga", "pindah": "Surat Pindah Datang"}
SIZES = {"ktp": 21, "kk": 13, "pindah": 11}
Cells = Mapping[tuple[int, int], Any]
Sheets = Mapping[str, Cells]


def made_up(instrument: str, rule: str, blank: str, seed: int, **changes: Any) -> Tally:
    """Return the tally of a seeded periode of three layanan: few blanks, or many, or an unsur that nobody answered."""
    people = random.Random(seed)
    size = len(built_in(instrument).questions)
    blanks = people.choice((0, 3, 40))
    empty = people.randrange(size) if seed % 7 == 6 else None
    parts = []
    for layanan, n in SIZES.items():
        likes = [people.randint(1, 60) for _ in range(4)]
        rows = [people.choices((1, 2, 3, 4, None), (*likes, blanks), k=size) for _ in range(n)]
        rows = [[None if place == empty else value for place, value in enumerate(row)] for row in rows]
        parts.append(part(rows, instrument=instrument, layanan=layanan))
    given = {"rule": rule, "blank": blank, "layanan": LAYANAN, **changes}
    return tally(*parts, instrument=instrument, **given)


def tied(instrument: str, rule: str, n: int, total: int) -> Tally:
    """Return a periode in which the answers to every question add up to `total` over `n` respondents."""
    low, more = divmod(total, n)
    size = len(built_in(instrument).questions)
    rows = [[low + (line < more)] * size for line in range(n)]
    return tally(part(rows, instrument=instrument), instrument=instrument, rule=rule)


def by_formulas(content: bytes, folder: Path) -> Sheets:
    """Return every cell as the package `formulas`, which reckons in plain binary numbers, recomputes it."""
    file = folder / "rekap.xlsx"
    file.write_bytes(content)
    titles = {title.upper(): title for title in load_workbook(file).sheetnames}
    found: dict[str, dict[tuple[int, int], Any]] = {title: {} for title in titles.values()}
    solution = formulas.ExcelModel().loads(str(file)).finish().calculate()
    for name, cell in solution.items():
        match = re.fullmatch(r"'\[rekap\.xlsx\](.+)'!([A-Z]+[0-9]+)", str(name))
        if match:
            found[titles[match[1]]][coordinate_to_tuple(match[2])] = cell.value[0, 0]
    return found


def by_libreoffice(files: Sequence[Path], folder: Path) -> list[Sheets]:
    """Return every cell of each file as LibreOffice recomputes it; the files themselves hold no computed value."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    out = folder / "recomputed"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [values(out / file.name) for file in files]


def values(file: Path) -> Sheets:
    """Return what is stored as the value of every cell."""
    book = load_workbook(file, data_only=True)
    return {
        sheet.title: {(cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row}
        for sheet in book.worksheets
    }


def check(cells: Cells, pack: Instrument, result: Mapping[str, Any], first: int = 1, last: int = 10**6) -> int:
    """Compare the block between two rows with the figures of a group, to the last printed digit; return how many."""
    rows: dict[str, list[int]] = {}
    for (row, column), value in sorted(cells.items()):
        if column == 1 and first <= row <= last and isinstance(value, str):
            rows.setdefault(value, []).append(row)
    columns = {unsur: column for unsur, column, _ in Method(pack, pack.rules[0], "available").columns()}
    seen = 0
    for entry in result["unsur"]:
        expected = {
            "NRR": "nrr",
            "Nilai konversi": "konversi",
            "Mutu unsur": "mutu",
            "NRR tertimbang": "nrr_tertimbang",
        }
        for label, field in expected.items():
            found = cells.get((rows[label][0], columns[entry["id"]]))
            assert printed(found, entry[field]) == entry[field], (label, entry["id"])
            seen += 1
    labels = {"Nilai indeks": "nilai", "Nilai IKM (konversi)": "ikm", "Mutu pelayanan": "mutu", "Kinerja": "kinerja"}
    for place, index in enumerate(result["indexes"]):
        for label, field in labels.items():
            found = cells.get((rows[label][place], 2))
            assert printed(found, index[field]) == index[field], (label, index["id"])
            seen += 1
    return seen


def printed(found: Any, expected: str | None) -> str | None:
    """Return a recomputed value as it is printed, with as many decimals as `expected` has."""
    if found is None or str(found) in {"", "empty"}:
        return None
    if isinstance(found, str):
        return found
    return f"{found:.{len((expected or '').partition('.')[2])}f}"


def check_all(sheets: Sheets, result: Mapping[str, Any], pack: Instrument | None = None) -> int:
    """Compare every block of every sheet; return how many figures were compared."""
    pack = pack or built_in(result["instrument"])
    seen = sum(check(sheets[title], pack, result) for title in ("Responden", "Hitungan") if title in sheets)
    cells = sheets.get("Layanan", {})
    starts = {str(value): row for (row, column), value in cells.items() if str(value).startswith("Layanan: ")}
    for entry in result["layanan"]:
        row = starts.get(f"Layanan: {entry['nama']}")
        if row:
            last = min((other for other in starts.values() if other > row), default=10**6)
            seen += check(cells, pack, entry, row, last - 1)
            line = next(line for (line, column), value in cells.items() if column == 1 and value == entry["nama"])
            assert printed(cells[line, 3], entry["ikm"]) == entry["ikm"]
            seen += 1
    return seen


def whole(n: int, layanan: str = "ktp", instrument: str = "permenpanrb-14-2017") -> Part:
    """Return `n` respondents who answered everything, not all alike."""
    size = len(built_in(instrument).questions)
    return part([[3 + (line + place) % 2 for place in range(size)] for line in range(n)], layanan=layanan)
