"""The staff's database: closed periode only, derived anew from the store; counts, and never the answer of anyone.

The questionnaire promises that no officer can see an answer, so no row of answers stands in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector import counting
from collector.database import Connection
from collector.store import reading
from collector.workspace import Workspace
from publish.opendata import COLUMNS, KEYS, WHOLE, Row, write_database
from publish.words import CHANNEL_NAMES, nama_periode
from scoring import result as scoring_result
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import Periode
from scoring.tally import Tally

DATABASE: Final = "staf.db"
UNSCORED: Final = ("PERIODE_INSTRUMENT", "FORM_MIXED")
PERIODE: Final = (
    *("id", "nama", "mulai", "selesai", "n_responden", "populasi", "tingkat_tanggapan", "sampel_minimum"),
    *("sampel_tercapai", "ikm", "mutu", "kinerja", "instrumen", "aturan", "jawaban_kosong", "uji_coba"),
)
Meanings = Mapping[str, tuple[type, str]]
STAFF_COLUMNS: Final[dict[str, Meanings]] = {
    "periode": {
        **{name: COLUMNS["periode"][name] for name in PERIODE},
        "keterangan": (str, "Alasan periode tidak dapat dihitung; kosong bila dihitung"),
    },
    "layanan": {name: meaning for name, meaning in COLUMNS["layanan"].items() if name != "ditahan"},
    "unsur": COLUMNS["unsur"],
    "hitung": {
        "periode": COLUMNS["hitung"]["periode"],
        "layanan": (str, "Kode layanan"),
        "saluran": (str, "Cara pengisian"),
        "unsur": COLUMNS["hitung"]["unsur"],
        "pertanyaan": COLUMNS["hitung"]["pertanyaan"],
        "nilai": COLUMNS["hitung"]["nilai"],
        "n": COLUMNS["hitung"]["n"],
    },
    "waktu": {
        "periode": COLUMNS["hitung"]["periode"],
        "tanggal": (str, "Tanggal jawaban diterima (tahun-bulan-hari)"),
        "jam": (int, "Jam jawaban diterima, 0 sampai 23; kosong untuk formulir kertas"),
        "n": (int, "Jumlah jawaban"),
    },
}


@dataclass(frozen=True)
class _Scored:
    """A closed periode with its counts and figures."""

    periode: Periode
    pack: Instrument
    tally: Tally
    result: Mapping[str, Any]


def build_staff(workspace: Workspace) -> Path:
    """Write staf.db of all closed periode into the staff's folder, in place of the one before; return its path.

    A periode that cannot be scored is listed with the reason. Raises STORE_MISSING.
    """
    folder = staff_folder(workspace)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh, target = folder / f"{DATABASE}.new", folder / DATABASE
    with reading(workspace.store) as connection:
        closed = counting.closed_periodes(connection, workspace.office)
        found = [_score(connection, workspace.office, periode) for periode in closed]
        scored = [item for item in found if isinstance(item, _Scored)]
        tables: dict[str, Iterable[Row]] = {
            "periode": [_periode(item.result) if isinstance(item, _Scored) else item for item in found],
            "layanan": [row for item in scored for row in _layanan(item.result)],
            "unsur": [row for item in scored for row in _unsur(item.result)],
            "hitung": [row for item in scored for row in _hitung(item.tally, item.pack)],
            "waktu": [row for periode in closed for row in _waktu(connection, workspace.office.id, periode)],
        }
        keys = {name: key for name, key in KEYS.items() if name in STAFF_COLUMNS}
        write_database(fresh, STAFF_COLUMNS, keys, tables)
    fresh.replace(target)
    return target


def _score(connection: Connection, office: Office, periode: Periode) -> _Scored | Row:
    """Return the periode with its figures, or its row with the reason why it has none."""
    try:
        tally = counting.tally(connection, office, periode)
    except IkmError as error:
        if error.code not in UNSCORED:
            raise
        days = (periode.mulai.isoformat(), periode.selesai.isoformat())
        return (periode.id, periode.nama, *days, *[None] * (len(PERIODE) - 4), str(error))
    return _Scored(periode, office.survey_of(periode).instrument, tally, scoring_result.score(tally))


def staff_folder(workspace: Workspace) -> Path:
    """Return the folder of what only the staff may read."""
    return workspace.data / "staf"


def _periode(result: Mapping[str, Any]) -> Row:
    sample = result["sample"]
    return (
        *(result["periode"], nama_periode(result["periode"]), result["mulai"], result["selesai"]),
        *(result["n_responden"], sample["population"], sample["response_rate"], sample["minimum"], sample["reached"]),
        *(result["ikm"], result["mutu"], result["kinerja"], result["instrument"], result["rule"], result["blank"]),
        *(result["rehearsal"], None),
    )


def _layanan(result: Mapping[str, Any]) -> Iterator[Row]:
    fields = ("id", "nama", "n_responden", "population", "response_rate", "ikm", "mutu", "kinerja")
    for entry in result["layanan"]:
        yield (result["periode"], *(entry[field] for field in fields))


def _unsur(result: Mapping[str, Any]) -> Iterator[Row]:
    fields = ("id", "number", "nama", "n", "nrr", "bobot", "nrr_tertimbang", "konversi", "mutu")
    for name, group in [(WHOLE, result), *((entry["id"], entry) for entry in result["layanan"])]:
        for entry in group["unsur"]:
            yield (result["periode"], name, *(entry[field] for field in fields))


def _hitung(tally: Tally, pack: Instrument) -> Iterator[Row]:
    """Yield the counts of every layanan and channel, the blanks of each question last."""
    for part in tally.parts:
        for question in pack.questions:
            place = (tally.periode, part.layanan, CHANNEL_NAMES[part.channel], question.unsur, question.id)
            counts = part.answers[question.id]
            yield from ((*place, value, n) for value, n in enumerate(counts, pack.low))
            yield (*place, None, part.n - sum(counts))


def _waktu(connection: Connection, office: str, periode: Periode) -> list[Row]:
    rows = connection.execute(
        "SELECT day, hour, count(*) FROM response WHERE office = ? AND day BETWEEN ? AND ?"
        " GROUP BY day, hour ORDER BY day, hour",
        (office, periode.mulai.isoformat(), periode.selesai.isoformat()),
    )
    return [(periode.id, *row) for row in rows]
