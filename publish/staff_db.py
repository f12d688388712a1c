"""The staff's database: closed periode only, derived anew from the store; counts, and never the answer of anyone.

The questionnaire promises that no officer can see an answer, so no row of answers stands in it, and no mean or
distribution of fewer than ten people, nor of groups whose difference would be as few.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from collector import counting
from collector.database import Connection
from collector.store import reading
from collector.workspace import Workspace, office_clock
from publish import staff_work
from publish.kewajaran import checks
from publish.opendata import COLUMNS, KEYS, REASONS, WHOLE, Row, write_database
from publish.public_checks import public_checks
from publish.staff_work import Meanings
from publish.withheld import group_part
from publish.words import CHANNEL_NAMES, nama_periode
from scoring import result as scoring_result
from scoring.disclosure import (
    BASE,
    REMAINDER,
    SMALL,
    base,
    counts_shown,
    isolates,
    layanan_counts_shown,
    published_groups,
    published_layanan,
)
from scoring.errors import IkmError
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import Periode
from scoring.tally import Tally

DATABASE: Final = "staf.db"
UNSCORED: Final = ("PERIODE_INSTRUMENT", "FORM_MIXED")
FIGURES: Final = ("ikm", "mutu", "kinerja")
PERIODE: Final = (
    *("id", "nama", "mulai", "selesai", "n_responden", "populasi", "tingkat_tanggapan", "sampel_minimum"),
    *("sampel_tercapai", *FIGURES, "instrumen", "aturan", "jawaban_kosong", "uji_coba"),
)
WITHHELD: Final = "Alasan nilai tidak ditampilkan; kosong bila ditampilkan"
LAYANAN: Final = {name: meaning for name, meaning in COLUMNS["layanan"].items() if name != "ditahan"}
STAFF_COLUMNS: Final[dict[str, Meanings]] = {
    "periode": {
        **{name: COLUMNS["periode"][name] for name in PERIODE},
        "keterangan": (str, WITHHELD),
    },
    "layanan": {**LAYANAN, "keterangan": (str, WITHHELD)},
    "saluran": {
        "periode": COLUMNS["hitung"]["periode"],
        "saluran": (str, "Cara pengisian"),
        "n_responden": COLUMNS["layanan"]["n_responden"],
        "ikm": COLUMNS["layanan"]["ikm"],
        "mutu": COLUMNS["layanan"]["mutu"],
        "keterangan": (str, WITHHELD),
    },
    "unsur": COLUMNS["unsur"],
    "hitung": COLUMNS["hitung"],
    "waktu": {
        "periode": COLUMNS["hitung"]["periode"],
        "tanggal": (str, "Tanggal jawaban diterima (tahun-bulan-hari)"),
        "jam": (int, "Jam jawaban diterima, 0 sampai 23; kosong untuk formulir kertas"),
        "n": (int, "Jumlah jawaban"),
    },
    "kewajaran": {
        "periode": COLUMNS["hitung"]["periode"],
        "pemeriksaan": (str, "Nama pemeriksaan"),
        "keadaan": (str, "Hasil pemeriksaan dalam kata"),
        "uraian": (str, "Kalimat yang mengikuti dari jumlahnya"),
    },
    "pengecualian": {
        "periode": COLUMNS["hitung"]["periode"],
        "alasan": (str, "Alasan jawaban tidak dihitung"),
        "n": (int, "Jumlah jawaban"),
    },
    "tiket": {
        "periode": COLUMNS["hitung"]["periode"],
        "layanan": (str, "Nama layanan; semua layanan bila tiketnya berlaku di mana saja"),
        "cara": (str, "Apakah tiket dipakai pada layanan itu"),
        "diterbitkan": (int, "Jumlah tiket yang dimuat dalam periode"),
        "tersedia": (int, "Jumlah tiket yang dapat dipakai dalam periode"),
        "dipakai": (int, "Jumlah tiket yang dipakai dalam periode"),
    },
    **staff_work.COLUMNS,
}


@dataclass(frozen=True)
class _Scored:
    """A closed periode with its counts and figures, and the layanan whose figures may be seen."""

    periode: Periode
    pack: Instrument
    tally: Tally
    result: Mapping[str, Any]
    shown: frozenset[str]


def build_staff(workspace: Workspace, now: datetime | None = None) -> Path:
    """Write staf.db of all closed periode into the staff's folder, in place of the one before; return its path.

    What is overdue is so at `now`, by default the office's clock. A periode that cannot be scored is listed with the
    reason. Raises STORE_MISSING, and KEY_* for a file of the documents that cannot be read.
    """
    folder = staff_folder(workspace)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh, target = folder / f"{DATABASE}.new", folder / DATABASE
    now = now or office_clock(workspace.office)()
    with reading(workspace.store) as connection:
        closed = counting.closed_periodes(connection, workspace.office)
        found = [_score(connection, workspace.office, periode) for periode in closed]
        tables = {
            **_figures(found),
            "waktu": [row for periode in closed for row in _waktu(connection, workspace.office.id, periode)],
            **staff_work.tables(workspace, connection, closed, now),
        }
        keys = {name: key for name, key in KEYS.items() if name in STAFF_COLUMNS}
        write_database(fresh, STAFF_COLUMNS, keys, tables)
    fresh.replace(target)
    return target


def staff_folder(workspace: Workspace) -> Path:
    """Return the folder of what only the staff may read."""
    return workspace.data / "staf"


def _figures(found: Sequence[_Scored | Row]) -> dict[str, Iterable[Row]]:
    scored = [item for item in found if isinstance(item, _Scored)]
    names = {"layanan": _layanan, "saluran": _saluran, "unsur": _unsur, "hitung": _hitung, "kewajaran": _kewajaran}
    names |= {"pengecualian": _pengecualian, "tiket": _tiket}
    return {
        "periode": [_periode(item) if isinstance(item, _Scored) else item for item in found],
        **{name: [row for item in scored for row in rows(item)] for name, rows in names.items()},
    }


def _score(connection: Connection, office: Office, periode: Periode) -> _Scored | Row:
    """Return the periode with its figures, or its row with the reason why it has none."""
    try:
        tally = counting.tally(connection, office, periode)
    except IkmError as error:
        if error.code not in UNSCORED:
            raise
        days = (periode.mulai.isoformat(), periode.selesai.isoformat())
        return (periode.id, periode.nama, *days, *[None] * (len(PERIODE) - 4), str(error))
    result = scoring_result.score(tally)
    shown = published_layanan(result) if base(result, result["blank"]) >= BASE else frozenset[str]()
    return _Scored(periode, office.survey_of(periode).instrument, tally, result, shown)


def _whole_shown(item: _Scored) -> bool:
    return base(item.result, item.result["blank"]) >= BASE


def _periode(item: _Scored) -> Row:
    result = item.result
    sample, shown = result["sample"], _whole_shown(item)
    return (
        *(result["periode"], nama_periode(result["periode"]), result["mulai"], result["selesai"]),
        *(result["n_responden"], sample["population"], sample["response_rate"], sample["minimum"], sample["reached"]),
        *(result[name] if shown else None for name in FIGURES),
        *(result["instrument"], result["rule"], result["blank"], result["rehearsal"]),
        None if shown else _reason(result, result["blank"]),
    )


def _reason(group: Mapping[str, Any], blank: str) -> str | None:
    """Return why a group has no figures: it is empty, small, or would show a small one."""
    n = base(group, blank)
    return REASONS["empty" if not n else SMALL if n < BASE else REMAINDER]


def _layanan(item: _Scored) -> Iterator[Row]:
    for entry in item.result["layanan"]:
        fields = (entry[name] for name in ("id", "nama", "n_responden", "population", "response_rate"))
        shown = entry["id"] in item.shown
        figures = (entry[name] if shown else None for name in FIGURES)
        yield (item.periode.id, *fields, *figures, None if shown else _reason(entry, item.result["blank"]))


def _saluran(item: _Scored) -> Iterator[Row]:
    shown = _shown_channels(item)
    for entry in item.result["channel"]:
        figures = (entry[name] if entry["id"] in shown else None for name in ("ikm", "mutu"))
        reason = None if entry["id"] in shown else _reason(entry, item.result["blank"])
        yield (item.periode.id, CHANNEL_NAMES[entry["id"]], entry["n_responden"], *figures, reason)


def _shown_channels(item: _Scored) -> frozenset[str]:
    """Return the channels whose index may stand beside that of the office and of the layanan that are shown."""
    blank, kept = item.result["blank"], list[str]()
    if not _whole_shown(item):
        return frozenset()
    for name in sorted(published_groups({entry["id"]: base(entry, blank) for entry in item.result["channel"]})):
        cells: Counter[tuple[bool, ...]] = Counter()
        for part in item.tally.parts:
            member = (True, *(part.layanan == one for one in sorted(item.shown)))
            member += tuple(part.channel == one for one in (*kept, name))
            cells[member] += part.complete if blank == "complete" else part.n
        if not isolates(cells):
            kept.append(name)
    return frozenset(kept)


def _unsur(item: _Scored) -> Iterator[Row]:
    fields = ("id", "number", "nama", "n", "nrr", "bobot", "nrr_tertimbang", "konversi", "mutu")
    groups = [(WHOLE, item.result)] if _whole_shown(item) else []
    for name, group in [*groups, *((entry["id"], entry) for entry in item.result["layanan"])]:
        if name == WHOLE or name in item.shown:
            for entry in group["unsur"]:
                yield (item.periode.id, name, *(entry[field] for field in fields))


def _hitung(item: _Scored) -> Iterator[Row]:
    """Yield the counts of the office and of every layanan that may be shown, the blanks of each question last."""
    names = [WHOLE] if _whole_shown(item) and counts_shown(item.result) else []
    if names and layanan_counts_shown(item.result):
        names += [name for name in item.tally.layanan if name in item.shown]
    for name in names:
        part = group_part(item.tally, name)
        for question in item.pack.questions:
            place = (item.periode.id, name, question.unsur, question.id)
            counts = part.answers[question.id]
            yield from ((*place, value, n) for value, n in enumerate(counts, item.pack.low))
            yield (*place, None, part.n - sum(counts))


def _kewajaran(item: _Scored) -> Iterator[Row]:
    names = dict(item.tally.layanan)
    for check in checks(public_checks(item.result, item.tally, detail=True), names):
        yield (item.periode.id, check.name, check.state, check.sentence)


def _pengecualian(item: _Scored) -> Iterator[Row]:
    for reason, n in item.tally.excluded.items():
        yield (item.periode.id, staff_work.EXCLUDED[reason], n)


def _tiket(item: _Scored) -> Iterator[Row]:
    for layanan, tickets in item.tally.tickets.items():
        name = item.tally.layanan.get(layanan, "semua layanan")
        how = staff_work.TICKET_MODES[tickets.mode]
        yield (item.periode.id, name, how, tickets.issued, tickets.available, tickets.redeemed)


def _waktu(connection: Connection, office: str, periode: Periode) -> list[Row]:
    rows = connection.execute(
        "SELECT day, hour, count(*) FROM response WHERE office = ? AND day BETWEEN ? AND ?"
        " GROUP BY day, hour ORDER BY day, hour",
        (office, periode.mulai.isoformat(), periode.selesai.isoformat()),
    )
    return [(periode.id, *row) for row in rows]
