"""The published files, read as a stranger would, give no base and no difference of bases of 1 to 9 people.

The offices are those of test_disclosure_pairs; here every group is read off the files: CSV, JSON, SQLite, feed, pages.
"""

from __future__ import annotations

import csv
import json
import random
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from open_samples import add_periode, build
from openpyxl import load_workbook
from published_office import make_office
from scoring_samples import NINE
from test_disclosure_pairs import DAYS, Group, Person, all_faults, groups_of, ids, people, tally_of, within

from publish.words import angka
from scoring import disclosure, result
from scoring.instrument import built_in
from scoring.office import Office

SIX = ("2026-07", "2026-08", "2026-09", "2026-TW3", "2026-S2", "2026")
DAYS.setdefault("2026-S2", ("2026-07-01", "2026-12-31"))
INSTRUMENT = f'[[instrument]]\nid = "{NINE}"\nfrom = 2017-05-09\n'
OFFICES = 200
FEW = 12


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def made(folder: Path, office: Office, seed: int, *, pages: bool) -> tuple[list[Person], str]:
    """Publish six periode of a made office in some order; return its people and its treatment of blanks."""
    chance = random.Random(seed)
    crowd, blank = people(chance), chance.choice(("available", "available", "zero", "complete"))
    for name in chance.sample(SIX, len(SIX)):
        counts = tally_of(crowd, name, blank)
        if counts.n:
            add_periode(folder, counts)
    build(folder, office, pages=pages)
    return crowd, blank


def tables(folder: Path) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every row of every table, from the CSV of each periode and of all, from data.json and from publik.db."""
    for file in sorted(folder.rglob("*.csv")):
        if file.stem != "kamus":
            yield from ((str(file), file.stem, row) for row in rows(file))
    whole = json.loads((folder / "data.json").read_text("utf-8"))
    yield from (("data.json", table, row) for table, found in whole.items() for row in found)
    with sqlite3.connect(folder / "publik.db") as database:
        database.row_factory = sqlite3.Row
        for table in whole:
            yield from (("publik.db", table, dict(row)) for row in database.execute(f"SELECT * FROM {table}"))


def group_of_row(table: str, row: dict[str, Any], crowd: list[Person], blank: str) -> tuple[str, Group] | None:
    """Return name and people of the mean or distribution that a row is of, if it is of any."""
    periode, layanan = (row["id"], "*") if table == "periode" else (row["periode"], row.get("layanan", row.get("id")))
    inside = within(crowd, str(periode))
    if table in ("periode", "layanan"):
        return (f"{periode} {layanan}", ids(inside, blank=blank, layanan=str(layanan))) if row["ikm"] else None
    if table == "profil":
        return f"{periode} profil", ids(inside)
    over = blank if table in ("unsur", "silang") else "available"
    return f"{periode} {layanan} {table} {row.get('jumlah', '')}", ids(inside, blank=over, layanan=str(layanan))


def groups(folder: Path, crowd: list[Person], blank: str) -> dict[str, Group]:
    """Return every group that the files show a mean, a distribution or a sum of."""
    found: dict[str, Group] = {}
    for file, table, row in tables(folder):
        shown = group_of_row(table, row, crowd, blank)
        if shown:
            found[f"{Path(file).name} {shown[0]}"] = shown[1]
    for file_json in folder.glob("periode/*/hasil.json"):
        public = json.loads(file_json.read_text("utf-8"))
        found |= dict(groups_of(crowd, {**public, "complete_sums": {}}, tally_of(crowd, public["periode"], blank)))
        found |= {
            f"{public['periode']} sums {name}": ids(within(crowd, public["periode"]), blank="complete", layanan=name)
            for name in public["complete_sums"]
        }
    # The same people under another name are no other group; the profile is told apart by the end of its name.
    return {name: group for name, group in found.items() if group}


def withheld_values(folder: Path, crowd: list[Person], blank: str) -> set[str]:
    """Return the printed indexes that were computed but not published in any periode."""
    computed, shown = set(), set()
    for file in folder.glob("periode/*/hasil.json"):
        text = file.read_text("utf-8")
        scored = result.score(tally_of(crowd, json.loads(text)["periode"], blank))
        computed |= {scored["ikm"], *(entry["ikm"] for entry in scored["layanan"])}
        shown |= set(re.findall(r"\d+\.\d\d", text))
    limits = {str(end) for band in built_in(NINE).bands for end in (band.min, band.max)}
    return {value for value in computed - shown - limits if value}


def texts(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every published text: pages (less markup: coordinates), feed, JSON, CSV, the cells of the workbooks."""
    for file in folder.rglob("*"):
        if file.suffix == ".html":
            yield file.name, re.sub(r"(?s)<style.*?</style>|<[^>]*>", " ", file.read_text("utf-8"))
        if file.suffix in (".xml", ".json", ".jsonld", ".csv"):
            yield file.name, file.read_text("utf-8")
        if file.suffix == ".xlsx":
            book = load_workbook(file, read_only=True)
            yield file.name, "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell)


def audit(folder: Path, office: Office, seed: int, *, pages: bool) -> int:
    """Publish an office and audit its folder; return how many distinct groups it shows."""
    folder.mkdir()
    crowd, blank = made(folder, office, seed, pages=pages)
    found = groups(folder, crowd, blank)
    assert all_faults(found) == [], seed
    secret = withheld_values(folder, crowd, blank)
    for name, text in texts(folder):
        printed = set(re.findall(r"(?<![\d.,])\d+[.,]\d\d(?!\d)", text))
        assert not printed & (secret | {angka(value) for value in secret}), (seed, name)
    return len(set(found.values()))


def test_the_files_of_twelve_offices_and_six_periode_show_no_small_group(tmp_path: Path) -> None:
    office = make_office(tmp_path, INSTRUMENT).office
    shown = [audit(tmp_path / str(seed), office, seed, pages=seed % 4 == 0) for seed in range(FEW)]
    assert sum(shown) > 5 * FEW


@pytest.mark.soak
def test_the_files_of_two_hundred_offices_and_six_periode_show_no_small_group(tmp_path: Path) -> None:
    office = make_office(tmp_path, INSTRUMENT).office
    for seed in range(FEW, FEW + OFFICES):
        audit(tmp_path / str(seed), office, seed, pages=True)


def test_the_audit_sees_a_small_layanan_that_is_let_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = make_office(tmp_path, INSTRUMENT).office
    monkeypatch.setattr(disclosure, "published_groups", lambda sizes: frozenset(name for name, n in sizes.items() if n))
    with pytest.raises(AssertionError):
        for seed in range(FEW):
            audit(tmp_path / str(seed), office, seed, pages=False)
