"""Open data: counts that recompute the index, the public result, and one SQLite file for Datasette.

Only what `public_part` lets through comes here. Decimal points, UTF-8, one meaning a column: `COLUMNS` says which.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlite_utils import Database

from publish.withheld import group_part
from publish.words import nama_periode
from scoring.disclosure import layanan_counts_shown
from scoring.instrument import Instrument, built_in
from scoring.tally import Tally

HITUNG: Final = "hitung.csv"
HASIL: Final = "hasil.json"
DATABASE: Final = "publik.db"
WHOLE: Final = "*"  # the office, all layanan together

# Name, type and meaning of every column, table by table: the dictionary of the open data.
COLUMNS: Final[dict[str, dict[str, tuple[type, str]]]] = {
    "periode": {
        "id": (str, "Kode periode, misalnya 2026-10, 2026-TW3, 2026-S1, atau 2026"),
        "nama": (str, "Nama periode"),
        "mulai": (str, "Hari pertama survei (tahun-bulan-hari)"),
        "selesai": (str, "Hari terakhir survei (tahun-bulan-hari)"),
        "n_responden": (int, "Jumlah responden (orang)"),
        "populasi": (int, "Jumlah orang yang dilayani; kosong bila tidak dicatat"),
        "tingkat_tanggapan": (float, "Responden dibagi orang yang dilayani (persen)"),
        "sampel_minimum": (int, "Jumlah responden paling sedikit menurut peraturan (orang)"),
        "sampel_tercapai": (int, "1 bila sampel minimum tercapai, 0 bila tidak"),
        "ikm": (float, "Nilai IKM, skala 25 sampai 100; kosong bila tidak ditampilkan"),
        "mutu": (str, "Huruf mutu pelayanan, A sampai D"),
        "kinerja": (str, "Kinerja dalam kata"),
        "instrumen": (str, "Kode instrumen survei"),
        "peraturan": (str, "Peraturan yang dipakai"),
        "aturan": (str, "Kode aturan hitung"),
        "aturan_keterangan": (str, "Aturan hitung dalam kata"),
        "jawaban_kosong": (str, "Cara menghitung jawaban kosong: available, zero, atau complete"),
        "uji_coba": (int, "1 bila data uji coba, 0 bila survei sesungguhnya"),
        "ditahan": (str, "Alasan nilai tidak ditampilkan; kosong bila ditampilkan"),
        "diterbitkan": (str, "Tanggal terbit (tahun-bulan-hari)"),
    },
    "layanan": {
        "periode": (str, "Kode periode"),
        "id": (str, "Kode layanan"),
        "nama": (str, "Nama layanan"),
        "n_responden": (int, "Jumlah responden (orang)"),
        "populasi": (int, "Jumlah orang yang dilayani; kosong bila tidak dicatat"),
        "tingkat_tanggapan": (float, "Responden dibagi orang yang dilayani (persen)"),
        "ikm": (float, "Nilai IKM, skala 25 sampai 100; kosong bila tidak ditampilkan"),
        "mutu": (str, "Huruf mutu pelayanan, A sampai D"),
        "kinerja": (str, "Kinerja dalam kata"),
        "ditahan": (str, "Alasan nilai tidak ditampilkan; kosong bila ditampilkan"),
    },
    "unsur": {
        "periode": (str, "Kode periode"),
        "layanan": (str, "Kode layanan; * berarti seluruh layanan"),
        "id": (str, "Kode unsur"),
        "nomor": (str, "Nomor unsur menurut peraturan"),
        "nama": (str, "Nama unsur"),
        "n": (int, "Jumlah jawaban yang dihitung"),
        "nrr": (float, "Nilai rata-rata unsur, skala 1 sampai 4"),
        "bobot": (str, "Bobot unsur, ditulis sebagai pecahan"),
        "nrr_tertimbang": (float, "Nilai rata-rata dikalikan bobot"),
        "konversi": (float, "Nilai rata-rata dikalikan 25, skala 25 sampai 100"),
        "mutu": (str, "Huruf mutu unsur, A sampai D"),
    },
    "hitung": {
        "periode": (str, "Kode periode"),
        "layanan": (str, "Kode layanan; * berarti seluruh layanan"),
        "unsur": (str, "Kode unsur"),
        "pertanyaan": (str, "Kode pertanyaan"),
        "nilai": (int, "Nilai jawaban, 1 sampai 4; kosong berarti tidak dijawab"),
        "n": (int, "Jumlah responden dengan jawaban itu (orang)"),
    },
    "profil": {
        "periode": (str, "Kode periode"),
        "isian": (str, "Isian profil responden"),
        "kode": (str, "Kode pilihan; kosong berarti tidak diisi"),
        "nama": (str, "Pilihan dalam kata"),
        "n": (int, "Jumlah responden (orang); kosong bila tidak ditampilkan"),
        "persen": (float, "Bagian dari seluruh responden (persen)"),
        "keterangan": (str, "tidak ditampilkan: jumlah 1 sampai 4 orang, atau jumlah terkecil berikutnya"),
    },
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
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS["hitung"])
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


def read_published(folder: Path) -> list[dict[str, Any]]:
    """Return the public part of every published periode in `folder`, oldest first; a longer one after its last part."""
    parts = [json.loads(file.read_text("utf-8")) for file in folder.glob(f"periode/*/{HASIL}")]
    return sorted(parts, key=lambda public: (public["selesai"], _reversed(public["mulai"])))


def _reversed(day: str) -> int:
    return -date.fromisoformat(day).toordinal()


def build(folder: Path, published: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write hitung.csv and publik.db of all `published` periode, oldest first, into `folder`; return both."""
    rows = [row for public in published for row in _read_hitung(folder / "periode" / public["periode"] / HITUNG)]
    whole, database = folder / HITUNG, folder / DATABASE
    whole.write_text(hitung_csv(rows), "utf-8")
    tables = {
        "periode": [_periode(public) for public in published],
        "layanan": [row for public in published for row in _layanan(public)],
        "unsur": [row for public in published for row in _unsur(public)],
        "hitung": rows,
        "profil": [row for public in published for row in _profil(public)],
    }
    write_database(database, COLUMNS, KEYS, tables)
    return [whole, database]


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


def _read_hitung(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            (row["periode"], row["layanan"], row["unsur"], row["pertanyaan"], row["nilai"] or None, row["n"])
            for row in csv.DictReader(lines)
        ]


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
    fields = ("id", "number", "nama", "n", "nrr", "bobot", "nrr_tertimbang", "konversi", "mutu")
    for name, group in groups:
        for entry in group["unsur"]:
            yield (public["periode"], name, *(entry[field] for field in fields))


def _profil(public: Mapping[str, Any]) -> Iterator[Row]:
    for field in public["profil"]:
        for row in field["options"]:
            note = "tidak ditampilkan" if row["n"] is None else None
            yield (public["periode"], field["id"], row["code"], row["nama"], row["n"], row["persen"], note)
