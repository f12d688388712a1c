"""The restore test: the newest backup is put into a folder of its own, opened as a store, and counted again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collector import counting
from collector.backup import backups, checksum, checksum_file, integrity
from collector.database import Connection
from collector.destroyed import destroyed_days
from collector.seal import recount
from collector.store import open_store, reading
from collector.workspace import Workspace
from scoring import tally_json
from scoring.errors import IkmError
from scoring.office import Office
from scoring.periode import Periode


@dataclass(frozen=True)
class Check:
    """One check of a backup and what it found."""

    good: bool
    text: str


def newest(folder: Path) -> Path:
    """Return the newest backup. Raises BACKUP_NONE."""
    found = backups(folder)
    if not found:
        raise IkmError("BACKUP_NONE", folder=folder)
    return found[-1]


def restore_test(workspace: Workspace, file: Path) -> Iterator[Check]:
    """Yield each check of the backup; the store itself is only read."""
    beside = checksum_file(file)
    said = beside.read_text("ascii").partition(" ")[0] if beside.exists() else ""
    same = said == checksum(file)
    yield Check(same, f"sidik SHA-256 {'sesuai' if same else 'tidak sesuai atau tidak ada'}")
    if not same:
        return
    with tempfile.TemporaryDirectory(prefix="ikm-uji-pemulihan-") as folder:
        restored = Path(folder) / "responses.db"
        shutil.copyfile(file, restored)
        try:
            open_store(restored, workspace.office.id).close()  # as a restored store is opened: migrated when it is old
        except IkmError as error:
            yield Check(False, str(error))
            return
        with reading(restored) as copy, reading(workspace.store) as live:
            yield from _compare(workspace.office, copy, live)


def _compare(office: Office, copy: Connection, live: Connection) -> Iterator[Check]:
    found = integrity(copy)
    yield Check(found == "ok", "isi basis data utuh" if found == "ok" else f"isi basis data tidak utuh: {found}")
    here, there = _answers(copy, office.id), _answers(live, office.id)
    yield Check(here <= there, f"{here} jawaban dalam cadangan, {there} dalam basis data sekarang")
    wrong = [day for day, same in recount(copy, office.id) if not same]
    days = f"hitung ulang berbeda pada {', '.join(wrong)}" if wrong else "hitung ulang setiap hari sama"
    yield Check(not wrong, days)
    closed = counting.closed_periodes(copy, office)
    if not closed:
        yield Check(True, "belum ada periode yang ditutup dalam cadangan")
        return
    periode = closed[-1]
    if _exclusions(copy) != _exclusions(live):
        yield Check(True, f"periode {periode.id} tidak dibandingkan: pengecualian bertambah sesudah cadangan")
        return
    same = _tally(copy, office, periode) == _tally(live, office, periode)
    yield Check(same, f"hitungan periode {periode.id} {'sama' if same else 'berbeda'}")


def _answers(connection: Connection, office: str) -> int:
    """Return how many answers there are and were."""
    (n,) = connection.execute("SELECT count(*) FROM response WHERE office = ?", (office,)).fetchone()
    if destroyed_days(connection, office):
        sql = "SELECT sum(n) FROM destruction WHERE office = ? AND what = 'jawaban'"
        n += connection.execute(sql, (office,)).fetchone()[0]
    return int(n)


def _exclusions(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM exclusion").fetchone()[0])


def _tally(connection: Connection, office: Office, periode: Periode) -> str:
    """Return the tally as JSON, or why there is none."""
    try:
        return tally_json.dump(counting.tally(connection, office, periode))
    except IkmError as error:
        return str(error)
