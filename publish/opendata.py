"""Open data: counts that recompute the index, the public result, and one SQLite file for Datasette.

Only what `public_part` lets through comes here. Decimal points, UTF-8, one meaning a column: `COLUMNS` says which.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from json.encoder import encode_basestring
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from publish.dictionary import DICTIONARY
from publish.withheld import group_part, squares_of
from publish.words import nama_periode
from scoring.disclosure import layanan_counts_shown
from scoring.figure import ratio
from scoring.instrument import Instrument, built_in
from scoring.squares import squares
from scoring.tally import Tally

HITUNG: Final = "hitung.csv"
SILANG: Final = "silang.csv"
HASIL: Final = "hasil.json"
DATABASE: Final = "publik.db"
DATA: Final = "data.json"
COUNTED: Final = ("hitung", "silang")  # written from the counts, when a periode is published
TRUTHS: Final = {"periode"}  # the table with columns that are true or false
WHOLE: Final = "*"  # the office, all layanan together

# Type and Indonesian meaning of every column, table by table, as Datasette and the page print them.
COLUMNS: Final[dict[str, dict[str, tuple[type, str]]]] = {
    table: {name: (column.kind, column.arti) for name, column in columns.items()}
    for table, columns in DICTIONARY.items()
}
KEYS: Final = {
    "periode": ("id",),
    "layanan": ("periode", "id"),
    "unsur": ("periode", "layanan", "id"),
    "profil": ("periode", "isian", "kode"),
}
REASONS: Final = {
    "base": "responden kurang dari 10",
    "difference": "selisih dengan nilai lain akan menunjukkan kelompok kecil",
    "earlier": "rincian hari yang sama sudah terbit pada periode lain",
    "empty": "tidak ada responden",
    None: None,
}

Row = tuple[object, ...]


def hasil_json(public: Mapping[str, Any]) -> str:
    """Return the text of hasil.json: sorted keys, indented, a line end at the end."""
    return json.dumps(public, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def hitung_csv(rows: Sequence[Row]) -> str:
    """Return the text of hitung.csv: the head, and one row for each count."""
    return table_csv("hitung", rows)


def silang_csv(rows: Sequence[Row]) -> str:
    """Return the text of silang.csv: the head, and one row for each sum."""
    return table_csv("silang", rows)


def table_csv(table: str, rows: Iterable[Row]) -> str:
    """Return a table as CSV: the head, then its rows; true and false are 1 and 0, what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS[table])
    if table in TRUTHS:
        rows = (tuple(int(cell) if cell is True or cell is False else cell for cell in row) for row in rows)
    writer.writerows(rows)
    return out.getvalue()


def hitung_rows(public: Mapping[str, Any], tally: Tally) -> list[Row]:
    """Return how often each value was given to each question: the office first, then each published layanan."""
    if public["withheld"]:
        return []
    pack = built_in(tally.instrument)
    names = [WHOLE] if public["questions"] else []
    if layanan_counts_shown(public):
        names += [entry["id"] for entry in public["layanan"] if entry["withheld"] is None]
    return [row for name in names for row in _counts(tally, pack, name)]


def _counts(tally: Tally, pack: Instrument, name: str) -> Iterator[Row]:
    """Yield the counts of one group in the order of the form, the blanks of each question last."""
    part = group_part(tally, name)
    for question in pack.questions:
        place = (tally.periode, name, question.unsur, question.id)
        counts = part.answers[question.id]
        yield from ((*place, value, n) for value, n in enumerate(counts, pack.low))
        yield (*place, None, part.n - sum(counts))


def silang_rows(public: Mapping[str, Any], tally: Tally) -> list[Row]:
    """Return what hitung.csv lacks to compute index and margin again: one sum of squares for each group that may show.

    Under the rule `complete` also the sums over whole forms, of every published group.
    """
    rows: list[Row] = []
    for name in squares_of(public, tally):
        found = squares(tally, group_part(tally, name))
        if found:
            rows.append((tally.periode, name, "kuadrat", public["indexes"][0]["id"], found[0], ratio(found[1])))
    pack = built_in(tally.instrument)
    for name, held in public["complete_sums"].items():
        for unsur in pack.unsur:
            fed = [question.id for question in pack.questions_of(unsur.id)]
            nilai = Fraction(sum(held["sums"][question] for question in fed), len(fed))
            rows.append((tally.periode, name, "lengkap", unsur.id, held["n"], ratio(nilai)))
    return rows


def read_published(folder: Path) -> list[dict[str, Any]]:
    """Return the public part of every published periode in `folder`, oldest first; a longer one after its last part."""
    parts = [json.loads(file.read_bytes()) for file in folder.glob(f"periode/*/{HASIL}")]
    return sorted(parts, key=lambda public: (public["selesai"], _reversed(public["mulai"])))


def _reversed(day: str) -> int:
    return -date.fromisoformat(day).toordinal()


def build(folder: Path, published: Sequence[Mapping[str, Any]], *, database: bool = True) -> list[Path]:
    """Write the tables of every periode of `published`, oldest first, and of all together; return the latter.

    Each table is one CSV; all of them together are data.json and, with `database`, publik.db. hitung.csv and silang.csv
    of a periode are there already: they were made from its counts when it was published.
    """
    whole: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    texts = {table: [table_csv(table, ())] for table in COLUMNS}
    for public in published:
        place = folder / "periode" / public["periode"]
        for table, rows in _tables(public).items():
            text = table_csv(table, rows)
            (place / f"{table}.csv").write_bytes(text.encode())
            whole[table] += rows
            texts[table].append(text.removeprefix(texts[table][0]))
        for table in COUNTED:
            text, rows = _kept(place / f"{table}.csv", table)
            whole[table] += rows
            texts[table].append(text.removeprefix(texts[table][0]))
    for table, parts in texts.items():
        (folder / f"{table}.csv").write_bytes("".join(parts).encode())
    (folder / DATA).write_bytes(_data_json(whole).encode())
    made = [*(folder / f"{table}.csv" for table in COLUMNS), folder / DATA]
    if database:
        write_database(folder / DATABASE, COLUMNS, KEYS, whole)
        made.append(folder / DATABASE)
    return made


def _data_json(tables: Mapping[str, Sequence[Row]]) -> str:
    """Return all tables as one JSON object: by table, a list of rows with their columns by name, one row a line."""
    parts = ",".join(f'\n"{table}": [{_json_rows(table, rows)}]' for table, rows in tables.items())
    return f"{{{parts}\n}}\n"


def _json_rows(table: str, rows: Sequence[Row]) -> str:
    """Return the rows as JSON. Column by column: of its thousands of cells few differ, and each is written once."""
    columns = []
    for (name, (kind, _)), column in zip(COLUMNS[table].items(), zip(*rows, strict=True), strict=bool(rows)):
        written = {cell: f'"{name}": {_json(cell, kind)}' for cell in {*column}}
        columns.append([written[cell] for cell in column])
    return ",".join([f"\n{{{', '.join(row)}}}" for row in zip(*columns, strict=True)])


def _json(cell: object, kind: type) -> str:
    """Return a cell as JSON; figures come as text."""
    if cell is None:
        return "null"
    return encode_basestring(str(cell)) if kind is str else repr(kind(cell))


def _tables(public: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the rows of every table of one published periode but those that are `COUNTED`."""
    return {
        "periode": [_periode(public)],
        "layanan": [*_layanan(public)],
        "unsur": [*_unsur(public)],
        "profil": [*_profil(public)],
    }


def write_database(
    file: Path,
    columns: Mapping[str, Mapping[str, tuple[type, str]]],
    keys: Mapping[str, Sequence[str]],
    tables: Mapping[str, Iterable[Row]],
) -> None:
    """Write a new SQLite file with these tables; the same rows give the same bytes.

    Figures come as text with a decimal point; a column of type float makes SQLite store them as numbers.
    """
    file.unlink(missing_ok=True)
    database = Database(file)
    for name, meanings in columns.items():
        types = {column: kind for column, (kind, _) in meanings.items()}
        table = database.create_table(name, types, pk=keys.get(name), strict=True)
        table.insert_all(dict(zip(types, row, strict=True)) for row in tables[name])
    database.vacuum()
    database.close()


def _kept(file: Path, table: str) -> tuple[str, list[Row]]:
    """Return a CSV of ours and its rows; a periode that was published before the file was known has none."""
    if not file.exists():
        return "", []
    lines = file.read_text("utf-8").splitlines()
    heads, *found = csv.reader(lines)
    places = [heads.index(name) for name in COLUMNS[table]]
    columns = [[row[place] or None for row in found] for place in places]
    rows: list[Row] = [*zip(*columns, strict=True)]
    as_now = heads == [*COLUMNS[table]]  # else it was written when the table had other columns
    return "".join([f"{line}\n" for line in lines]) if as_now else table_csv(table, rows), rows


def _periode(public: Mapping[str, Any]) -> Row:
    sample = public["sample"]
    return (
        *(public["periode"], nama_periode(public["periode"]), public["mulai"], public["selesai"]),
        *(public["n_responden"], sample["population"], sample["response_rate"], sample["minimum"], sample["reached"]),
        *(public["ikm"], public["mutu"], public["kinerja"], public["instrument"], public["peraturan"], public["rule"]),
        *(public["rule_keterangan"], public["blank"], public["rehearsal"]),
        *(REASONS[public["withheld"]], public["published"]),
    )


def _layanan(public: Mapping[str, Any]) -> Iterator[Row]:
    for entry in public["layanan"]:
        yield (
            *(public["periode"], entry["id"], entry["nama"], entry["n_responden"], entry["population"]),
            *(entry["response_rate"], entry["ikm"], entry["mutu"], entry["kinerja"], REASONS[entry["withheld"]]),
        )


def _unsur(public: Mapping[str, Any]) -> Iterator[Row]:
    groups = [(WHOLE, public), *((entry["id"], entry) for entry in public["layanan"])]
    figures = itemgetter("id", "number", "nama", "n", "nrr", "bobot", "nrr_tertimbang", "konversi", "mutu")
    for name, group in groups:
        for entry in group["unsur"]:
            yield (public["periode"], name, *figures(entry))


def _profil(public: Mapping[str, Any]) -> Iterator[Row]:
    for field in public["profil"]:
        for row in field["options"]:
            note = "tidak ditampilkan" if row["n"] is None else None
            yield (public["periode"], field["id"], row["code"], row["nama"], row["n"], row["persen"], note)
