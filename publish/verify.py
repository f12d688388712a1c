"""Proof of a periode, in three years too: what was counted, computed, drawn, signed, sent and published is as it was.

Everything is recounted, recomputed and made anew in a temporary folder and compared with the journal; nothing is
written elsewhere. Each finding holds, does not, or says what no computer can prove.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from collector.workspace import Workspace, load
from publish import freezing, journal, rebuild, workflow
from publish.draft import HISTORY
from publish.journal import Entry
from publish.procedure import Procedure, of_office
from publish.verify_answers import answers
from publish.verify_case import BACKUP, FAILS, HOLDS, NOTE, Case, Line, few, is_file_with
from publish.verify_published import published
from publish.verify_sent import sent
from publish.verify_signatures import signatures
from publish.workflow import Evidence, State
from scoring.errors import IkmError
from scoring.office import Office

LATER: Final = (freezing.SIGNED, freezing.SCANS, "diparaf-1", "diparaf-2")  # folders that fill after freezing


def verify(workspace: Workspace, periode_id: str) -> Iterator[Line]:
    """Yield every finding on the last frozen edition of a periode. Raises PERIODE_INVALID and EDITION_NONE."""
    periode = workspace.office.periode(periode_id)
    with tempfile.TemporaryDirectory(prefix="ikm-periksa-") as scratch:
        try:
            book = _journal(workspace, periode.id, Path(scratch))
        except IkmError as error:
            yield Line("Jurnal", FAILS, f"{error} Pemeriksaan berhenti di sini.")
            return
        entries = tuple(book.entries)
        yield from _whole(workspace, periode.id, book)
        case = _case(workspace, periode.id, entries, Path(scratch))
        if case is None:
            yield Line("Edisi", FAILS, f"edisi.json tidak sama dengan jurnal. {BACKUP} Pemeriksaan berhenti di sini.")
            return
        yield from _editions(case)
        if any(not (case.folder / name).is_file() for name in case.frozen.files):
            yield Line("Edisi", FAILS, "Pemeriksaan berhenti di sini, sebab yang lain dicocokkan dengan berkas itu.")
            return
        for part in (answers, signatures, sent, published):
            yield from part(case)


def _journal(workspace: Workspace, periode_id: str, scratch: Path) -> journal.Journal:
    """Return the journal, read from a copy because reading sets an unfinished line aside. Raises JOURNAL_BROKEN."""
    copy = scratch / "jurnal"
    copy.mkdir()
    file = workspace.periode_folder(periode_id) / journal.JOURNAL
    if file.exists():
        shutil.copyfile(file, copy / journal.JOURNAL)
    with journal.held(copy, workspace.office.id, periode_id) as book:
        return book


def _whole(workspace: Workspace, periode_id: str, book: journal.Journal) -> Iterator[Line]:
    """Yield whether the journal holds, and names everything that only an entry of it can have left in the folder."""
    part, folder = "Jurnal", workspace.periode_folder(periode_id)
    named = {name for entry in book.entries for name in entry.files}
    places = [folder.glob(f"edisi-*/{name}/*") for name in LATER]
    places += [folder.glob(f"edisi-*/{freezing.EDITION}"), folder.glob("kirim/edisi-*/*.pdf")]
    there = {file.relative_to(folder).as_posix() for found in places for file in found if file.is_file()}
    lost = sorted(name for name in there - named if ".baru" not in name)
    if book.torn is not None:
        yield Line(part, NOTE, "Baris terakhir jurnal terputus saat ditulis dan tidak pernah diakui; baris lain utuh.")
    if lost:
        text = f"Jurnal tidak menyebut {few(lost)}: catatannya hilang. Pulihkan jurnal.jsonl dari cadangan."
        yield Line(part, FAILS, text)
    elif book.entries:
        text = f"{len(book.entries)} catatan, setiap catatan menyambung pada yang sebelumnya."
        text += " Setiap berkas edisi, tanda tangan, dan kiriman ada catatannya."
        text += f" Sidik catatan terakhir: {book.head}. Cocokkan dengan daftar-berkas.txt yang dicetak."
        yield Line(part, HOLDS, text)


def _case(workspace: Workspace, periode_id: str, entries: tuple[Entry, ...], scratch: Path) -> Case | None:
    """Return the last edition as it stood when it last counted, None when its edisi.json is another."""
    frozen = [entry for entry in entries if entry.act == "frozen"]
    if not frozen:
        raise IkmError("EDITION_NONE", id=periode_id)
    last = frozen[-1]
    name = f"edisi-{last.detail['edition']}/{freezing.EDITION}"
    file = workspace.periode_folder(periode_id) / name
    if not is_file_with(file, last.files.get(name, "")):
        return None
    said = json.loads(file.read_text("utf-8"))
    procedure = of_office(_office_then(workspace, periode_id, said))
    state = _counted(procedure, entries, last)
    return Case(workspace, periode_id, entries, state, last, said, scratch)


def _office_then(workspace: Workspace, periode_id: str, said: Mapping[str, Any]) -> Office:
    """Return the office as it was when the edition was frozen, or as it is where nothing was kept of it."""
    sha256 = said.get(rebuild.MADE_OF, {}).get(rebuild.OFFICE, "")
    file = workspace.periode_folder(periode_id) / HISTORY / sha256
    return load(file).office if sha256 and is_file_with(file, sha256) else workspace.office


def _counted(procedure: Procedure, entries: Sequence[Entry], last: Entry) -> State:
    """Return the state when the edition last counted: a correction that has begun since voids nothing of it."""
    evidence = Evidence(entries[0].moment, entries[0].moment)
    until = len(entries)
    while until > last.seq:
        state = workflow.fold(procedure, entries[:until], evidence)
        if state.frozen == last:
            return state
        until -= 1
    return workflow.fold(procedure, entries[: last.seq], evidence)


def _editions(case: Case) -> Iterator[Line]:
    """Yield whether the files of every edition are those that were frozen."""
    for entry in (entry for entry in case.entries if entry.act == "frozen"):
        number = entry.detail["edition"]
        if changed := case.changed(entry):
            text = f"Edisi {number}: {few(changed)} berubah atau hilang sesudah dibekukan. {BACKUP}"
            yield Line("Edisi", FAILS, text)
        else:
            day = date.fromisoformat(entry.time[:10])
            what = f"semua {len(entry.files)} berkas yang dibekukan {day:%d-%m-%Y} sama dengan sidiknya dalam jurnal"
            yield Line("Edisi", HOLDS, f"Edisi {number}: {what}.")
