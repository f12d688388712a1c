"""A periode's way from draft to dispatch: what the commands do, on the journal and the files of the periode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from pathlib import Path
from typing import Final, Protocol

from collector.counting import is_closed, is_rehearsal
from collector.store import reading
from collector.workspace import Workspace, clock_of
from publish import draft, freezing, journal, workflow
from publish.journal import Entry, Journal, Official
from publish.procedure import ROLE_NAMES, Procedure, built_in, of_office
from publish.standard import CLOSES, OPENS
from publish.verdict import INK
from publish.workflow import Evidence, State
from scoring.errors import IkmError, Remark
from scoring.periode import Periode, containing, tanggal

SUPPLIED: Final = {"bulanan": "2026-10", "triwulan": "2026-TW4", "semester": "2026-S2", "tahunan": "2026"}


class Verdict(Protocol):
    """What is said of one signature: whether it holds, why, whose it is, of which level, and by which way it came."""

    @property
    def ok(self) -> bool: ...
    @property
    def sentences(self) -> tuple[str, ...]: ...
    @property
    def signer(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def kind(self) -> str: ...  # "certificate", "imported" or "ink"


@dataclass(frozen=True)
class SignedEdition:
    """A frozen edition that is signed: its folder and number, the entries of its signatures, and the whole journal.

    `files` are the PDF files that hold their signature themselves, by name: they replace the frozen ones.
    """

    folder: Path
    number: int
    files: Mapping[str, Path]
    signatures: Sequence[Entry]
    journal: Sequence[Entry]


@dataclass
class Desk:
    """A periode laid open: its journal held alone, its state, the moment and kind of the store."""

    workspace: Workspace
    periode: Periode
    journal: Journal
    evidence: Evidence
    now: datetime
    rehearsal: bool

    @property
    def procedure(self) -> Procedure:
        """Return the office's procedure."""
        return of_office(self.workspace.office)

    @property
    def folder(self) -> Path:
        """Return the folder of the periode."""
        return self.workspace.periode_folder(self.periode.id)

    @property
    def state(self) -> State:
        """Return where the periode stands after the last entry."""
        return workflow.fold(self.procedure, self.journal.entries, self.evidence)

    def official(self, role: str) -> Official:
        """Return who holds `role` today. Raises PEJABAT_MISSING."""
        person = self.workspace.office.official(role, self.now.date())
        return Official(f"{person.status} {person.jabatan}".strip(), person.nama, person.nip)

    def enter(
        self,
        step: str,
        act: str,
        role: str,
        *,
        note: str = "",
        files: dict[str, str] | None = None,
        detail: dict[str, object] | None = None,
    ) -> Entry:
        """Write one entry for whoever holds `role` today."""
        who = (step, act, role, self.official(role))
        return self.journal.append(self.now, *who, note=note, files=files, detail=detail, rehearsal=self.rehearsal)


def moment(workspace: Workspace, rehearsal_day: date | None) -> tuple[datetime, bool]:
    """Return the office's moment, and whether its store is one for practice. Raises STORE_KIND."""
    with reading(workspace.store) as connection:
        rehearsal = is_rehearsal(connection, workspace.office.id)
    return clock_of(workspace, "rehearsal" if rehearsal else "real", rehearsal_day)(), rehearsal


@contextmanager
def opened(workspace: Workspace, periode_id: str, rehearsal_day: date | None) -> Iterator[Desk]:
    """Hold the journal of a periode. Raises PERIODE_INVALID, PROCEDURE_PERIODE, STORE_*, and the JOURNAL_* errors."""
    office = workspace.office
    periode = office.periode(periode_id)
    cadence = built_in(office.procedure).cadence
    if cadence and containing(periode.selesai, cadence, office.report_day) != periode:
        said = {"procedure": office.procedure, "cadence": cadence, "example": SUPPLIED[cadence]}
        raise IkmError("PROCEDURE_PERIODE", id=periode_id, **said)
    now, rehearsal = moment(workspace, rehearsal_day)
    with reading(workspace.store) as connection:
        closed = None
        if is_closed(connection, office.id, periode):
            found = "SELECT max(closed_on) FROM closing WHERE office = ? AND mulai <= ? AND selesai >= ?"
            days = (office.id, periode.selesai.isoformat(), periode.mulai.isoformat())
            day = date.fromisoformat(connection.execute(found, days).fetchone()[0])
            closed = min(datetime.combine(day, CLOSES, now.tzinfo), now)
    with journal.held(workspace.periode_folder(periode.id), office.id, periode.id) as book:
        if closed and book.entries:  # the day of the closing is known, not its hour
            closed = min(closed, book.entries[0].moment)
        evidence = Evidence(datetime.combine(periode.mulai, OPENS, now.tzinfo), closed)
        desk = Desk(workspace, periode, book, evidence, now, rehearsal)
        _require_editions(desk)
        yield desk


def _require_editions(desk: Desk) -> None:
    """See that the journal names every edition that lies in the folder. Raises JOURNAL_BROKEN when it was cut short."""
    editions = desk.state.editions
    for file in desk.folder.glob(f"edisi-*/{freezing.EDITION}"):
        said = loads(file.read_text("utf-8"))
        unfinished = said["edisi"] == editions + 1 and said["jurnal"] == desk.journal.head
        if said["edisi"] > editions and not unfinished and not file.parent.name.endswith(".baru"):
            reason = f"catatan sesudah baris ini hilang, sebab edisi {said['edisi']} tidak tercatat"
            raise IkmError("JOURNAL_BROKEN", id=desk.periode.id, line=len(desk.journal.entries), reason=reason)


def step(desk: Desk, name: str, role: str, *, back: bool, note: str) -> str:
    """Do one step, or send it back with a note; return the sentence that says so. Raises STEP_*, CONTENT_CHANGED."""
    state, periode = desk.state, desk.periode.id
    place = workflow.find(state, name)
    chosen = state.steps[place].step
    if chosen.kind == "collect":
        raise IkmError("STEP_COLLECTING", step=name, id=periode)
    require_person(desk, state, place, role)
    present = draft.content(desk.folder)
    missing = draft.missing(desk.workspace, periode, chosen.requires, desk.now.date())
    if back:
        note = note or "; ".join(fault.text for fault in missing)
        return _return(desk, state, place, role, note, present)
    if chosen.kind in workflow.COMMAND:
        raise IkmError(
            "STEP_COMMAND",
            step=name,
            command=workflow.command(chosen.kind, desk.workspace.office.tanda_tangan.jalur),
            id=periode,
        )
    workflow.require_news(state, place, present)
    workflow.require_unchanged(state, place, present, periode)
    if missing:
        raise IkmError("STEP_INCOMPLETE", tuple(missing), step=name)
    if chosen.kind == "paraf":
        freezing.verify(desk.folder, state.frozen)
        files = dict(state.frozen.files) if state.frozen else {}
        entry = desk.enter(name, "paraf", role, note=note, files=files)
    else:
        draft.keep(desk.folder, present)
        entry = desk.enter(name, "done", role, note=note, files=present)
    return f"Langkah {name} dicatat: {entry.official.nama}, {entry.official.jabatan}."


def require_person(desk: Desk, state: State, place: int, role: str) -> Official:
    """See that the step is open to this role and this person; return the person. Raises STEP_*, PEJABAT_MISSING."""
    workflow.require_turn(state, place, role, desk.periode.id)
    official = desk.official(role)
    workflow.require_other_person(state, place, official)
    return official


def _return(desk: Desk, state: State, place: int, role: str, note: str, present: dict[str, str]) -> str:
    chosen = state.steps[place].step
    if not chosen.back or place != state.at:
        raise IkmError("STEP_NO_RETURN", step=chosen.id)
    if not note.strip():
        raise IkmError("STEP_NOTE")
    draft.keep(desk.folder, present)
    desk.enter(chosen.id, "returned", role, note=note, files=present)
    return f"Langkah {chosen.id} dikembalikan ke langkah {chosen.back}. Langkah sesudahnya diulang."


def freeze(desk: Desk, role: str, note: str) -> str:
    """Freeze a new edition; return the sentence that says so. Raises STEP_*, CONTENT_CHANGED, KEY_*, PROSE_*."""
    state, periode = desk.state, desk.periode.id
    place = state.procedure.first("freeze")
    chosen = state.steps[place].step
    role = role or chosen.roles[0]
    require_person(desk, state, place, role)
    present = draft.content(desk.folder)
    workflow.require_unchanged(state, place, present, periode)
    if missing := draft.missing(desk.workspace, periode, chosen.requires, desk.now.date()):
        raise IkmError("STEP_INCOMPLETE", tuple(missing), step=chosen.id)
    draft.keep(desk.folder, present)
    earlier = [entry for entry in desk.journal.entries if entry.act == "frozen"]
    difference = draft.changes(desk.folder, earlier[-1].detail["naskah"], present) if earlier else ""
    edition = state.editions + 1
    reason = note or (state.reason if earlier else "")
    said = {"alasan": reason, "sebelumnya": state.editions, "jurnal": desk.journal.head}
    files = freezing.freeze(desk.workspace, periode, edition, desk.now.date(), said, difference)
    detail: dict[str, object] = {"edition": edition, "naskah": present}
    desk.enter(chosen.id, "frozen", role, note=reason, files=files, detail=detail)
    folder = freezing.edition_folder(desk.workspace, periode, edition)
    return f"Edisi {edition} dibekukan di {folder}: {len(files)} berkas. Isinya tidak berubah lagi."


def record_signature(
    workspace: Workspace,
    periode_id: str,
    document: str,
    verdict: Verdict,
    *,
    role: str = "",
    scan: Path | None = None,
    rehearsal_day: date | None = None,
) -> str:
    """Enter that a frozen document is signed; return the sentence that says so.

    The signed file is `edisi-N/ditandatangani/<document>.pdf`; a signature in ink brings its `scan`. `role` is the
    signer's, by default the first of the step. Raises SIGNATURE_*, SCAN_INVALID, FROZEN_CHANGED, STEP_*.
    """
    with opened(workspace, periode_id, rehearsal_day) as desk:
        return enter_signature(desk, document, verdict, role, scan=scan)


def enter_signature(
    desk: Desk, document: str, verdict: Verdict, role: str = "", *, scan: Path | None = None, note: str = ""
) -> str:
    """Do what record_signature does, at a desk that is open; with a `note` a scan takes the place of a wrong one."""
    state, periode = desk.state, desk.periode.id
    place = state.procedure.first("sign")
    progress = state.steps[place]
    role = role or progress.step.roles[0]
    _, before = require_signer(desk, state, document, role, scan, note)
    workflow.require_unchanged(state, place, draft.content(desk.folder), periode)
    freezing.verify(desk.folder, state.frozen)
    if not verdict.ok:
        faults = tuple(Remark("SIGNATURE_REFUSED", document, sentence) for sentence in verdict.sentences)
        raise IkmError("SIGNATURE_REFUSED", faults, document=document)
    edition = freezing.edition_folder(desk.workspace, periode, state.editions)
    file = freezing.file_scan(edition, document, scan) if scan else _signed_file(edition, document)
    files = {file.relative_to(desk.folder).as_posix(): draft.digest(file)}
    detail: dict[str, object] = {"document": document, "edition": state.editions, "kind": verdict.kind}
    detail |= {"level": verdict.level, "signer": verdict.signer}
    said = verdict.sentences[0] if verdict.kind == INK else ""  # what was seen of the scan, and what is left to the eye
    if before:
        said = f"Pindaian diganti: {note.strip().rstrip('.')}. {said}"
        detail[workflow.REPLACES] = next(iter(before.files.values()))
    desk.enter(progress.step.id, "signed", role, note=said, files=files, detail=detail)
    left = desk.state.steps[place].unsigned
    more = f"Yang masih menunggu: {', '.join(left)}." if left else "Semua dokumen edisi ini sudah ditandatangani."
    return f"Tanda tangan pada {document} edisi {state.editions} dicatat ({file}). {more}"


def require_signer(
    desk: Desk, state: State, document: str, role: str, scan: Path | None, note: str
) -> tuple[Official, Entry | None]:
    """Return who signs the document, and the entry of the wrong scan whose place this one takes, for the reason `note`.

    Once sent, nothing is replaced. Raises SIGNATURE_DOCUMENT, SCAN_KNOWN, STEP_*, PEJABAT_MISSING.
    """
    place = state.procedure.first("sign")
    progress = state.steps[place]
    earlier = [entry for entry in progress.acts if entry.detail["document"] == document and entry.detail["kind"] == INK]
    if scan is None or not earlier or any(later.acts for later in state.steps[place + 1 :]):
        official = require_person(desk, state, place, role)
        if document not in progress.unsigned:
            raise IkmError("SIGNATURE_DOCUMENT", document=document, known=", ".join(progress.unsigned))
        return official, None
    if role not in progress.step.roles:
        raise IkmError("STEP_ROLE", step=progress.step.id, roles=progress.step.who, role=ROLE_NAMES.get(role, role))
    official = desk.official(role)
    workflow.require_other_person(state, place, official)
    same = scan.is_file() and draft.digest(scan) in earlier[0].files.values()
    if same or not note.strip():
        when = tanggal(earlier[0].moment.date())
        raise IkmError("SCAN_KNOWN", document=document, edition=state.editions, date=when)
    return official, earlier[0]


def _signed_file(edition: Path, document: str) -> Path:
    """Return the signed PDF. Raises FILE_MISSING, and SIGNATURE_OTHER when the frozen file is not its beginning."""
    file = edition / freezing.SIGNED / f"{document}.pdf"
    if not file.is_file():
        raise IkmError("FILE_MISSING", file=file, advice="Simpan dahulu PDF yang sudah ditandatangani di tempat itu.")
    if not file.read_bytes().startswith((edition / f"{document}.pdf").read_bytes()):
        raise IkmError("SIGNATURE_OTHER", file=file)
    return file


def ralat(desk: Desk, role: str, note: str) -> str:
    """Open a signed periode for a correction, which will be a new edition. Raises RALAT_EARLY, STEP_ROLE, STEP_NOTE."""
    state = desk.state
    chosen = state.steps[state.procedure.index(state.procedure.ralat)].step
    signer = state.steps[state.procedure.first("sign")].step
    if not state.signed:
        raise IkmError("RALAT_EARLY", id=desk.periode.id, step=chosen.id)
    if role not in signer.roles:
        raise IkmError("STEP_ROLE", step="ralat", roles=signer.who, role=ROLE_NAMES.get(role, role))
    if not note.strip():
        raise IkmError("STEP_NOTE")
    desk.enter(chosen.id, "ralat", role, note=note)
    return f"Ralat dibuka: mulai lagi dari langkah {chosen.id}. Edisi {state.editions} tetap ada dan tidak berubah."


def signed_edition(workspace: Workspace, periode_id: str) -> SignedEdition:
    """Return the signed edition of a periode.

    A signature in ink lies beside the frozen file, which then goes out itself. Raises NOT_SIGNED, FROZEN_CHANGED.
    """
    with opened(workspace, periode_id, None) as desk:
        state = desk.state
        workflow.require_signed(state, periode_id, "diterbitkan")
        entries = verify_signed(desk, state)
        held = [entry for entry in entries if entry.detail["kind"] != "ink"]
        signed = [desk.folder / name for entry in held for name in entry.files]
        folder = freezing.edition_folder(workspace, periode_id, state.editions)
        files = {file.name: file for file in signed}
        return SignedEdition(folder, state.editions, files, tuple(entries), tuple(desk.journal.entries))


def verify_signed(desk: Desk, state: State) -> list[Entry]:
    """Return the entries of the signatures, after looking that frozen and signed files are as they were."""
    signed = state.steps[state.procedure.first("sign")].acts
    freezing.verify(desk.folder, state.frozen, *signed)
    return signed
