"""Electronic signatures on a frozen edition: made or imported, checked, filed beside the frozen file, entered.

A paraf goes on every document at once. What is signed is the file as the last paraf left it, so that one file holds
all of them. Nothing is filed that does not hold, and no file that the journal names is ever written again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from collector.workspace import Workspace
from publish import draft, flow, freezing, workflow
from publish.edition import initial_fields, qr_text
from publish.flow import Desk
from publish.journal import Entry, to_disk
from publish.pdf_fields import FINAL
from publish.signing import Put, anchors_of, read
from publish.stamp import TRIAL
from publish.verdict import Verdict, refused
from publish.verify_pdf import verify
from scoring.errors import IkmError, Remark

PARAF: Final = "diparaf"  # the folder of an edition for each paraf: diparaf-1, diparaf-2
ALL_AT_ONCE: Final = "semua sekaligus, tanpa DOCUMENT"
TRIAL_ONLY: Final = f"Sertifikatnya bertuliskan {TRIAL}, sedangkan basis data ini bukan untuk uji coba."
NO_PARAF: Final = "Berkas ini tidak memuat paraf yang sudah dicatat; tanda tangani berkas yang sudah diparaf."


@dataclass(frozen=True)
class Turn:
    """Whose signature is awaited, in which field, on which files: by document, frozen and as the last paraf left it."""

    step: str
    role: str
    jabatan: str
    field: str
    people: Mapping[str, str]
    qr: str
    folder: Path
    files: Mapping[str, tuple[bytes, bytes]]
    rehearsal: bool


def sign_edition(
    workspace: Workspace,
    periode_id: str,
    hand: AbstractContextManager[Put],
    *,
    document: str = "",
    role: str = "",
    day: date | None = None,
) -> list[str]:
    """Sign what waits for this role, or one `document` of it, with `hand`; return a sentence for each.

    Raises what `hand` does, SIGNATURE_*, ANCHOR_*, FROZEN_CHANGED, CONTENT_CHANGED, STEP_*. Without an error in the
    signing or the checking everything is filed, else nothing.
    """
    anchors_of(workspace)  # said before a passphrase is asked for
    with flow.opened(workspace, periode_id, day) as desk:
        turn = _turn(desk, document, role)
    with hand as put:
        made = {name: put(base, turn.field, turn.jabatan, turn.qr) for name, (_, base) in turn.files.items()}
    return _take_in(workspace, periode_id, turn, made, day)


def import_signed(
    workspace: Workspace, periode_id: str, document: str, file: Path, *, role: str = "", day: date | None = None
) -> list[str]:
    """Take in a document that another program signed; return the sentence that says so. Raises what sign_edition does.

    Its parafs, when there are any, must be in it.
    """
    with flow.opened(workspace, periode_id, day) as desk:
        turn = _turn(desk, document, role)
    return _take_in(workspace, periode_id, turn, {document: read(file)}, day)


def _turn(desk: Desk, document: str, role: str) -> Turn:
    """Return whose turn it is. Raises SIGNATURE_DOCUMENT, STEP_*, CONTENT_CHANGED, FROZEN_CHANGED."""
    state, office = desk.state, desk.workspace.office
    signing = state.procedure.first("sign")
    place = state.at if state.open and state.open.step.kind == "paraf" else signing
    progress = state.steps[place]
    role = role or (*progress.awaited, *progress.step.roles)[0]
    official = flow.require_person(desk, state, place, role)
    workflow.require_unchanged(state, place, draft.content(desk.folder), desk.periode.id)
    awaited: Sequence[str] = progress.unsigned if place == signing else state.steps[signing].step.documents
    known = ", ".join(awaited) if place == signing else ALL_AT_ONCE
    if document and (place != signing or document not in awaited):
        raise IkmError("SIGNATURE_DOCUMENT", document=document, known=known)
    parafs = [entry for earlier in state.steps[:signing] for entry in earlier.acts if entry.act == "paraf"]
    freezing.verify(desk.folder, state.frozen, *parafs)
    folder = freezing.edition_folder(desk.workspace, desk.periode.id, state.editions)
    field = FINAL if place == signing else initial_fields(office)[role]
    people = {entry.detail["field"]: entry.official.nama for entry in parafs if "field" in entry.detail}
    return Turn(
        progress.step.id,
        role,
        official.jabatan,
        field,
        people | {field: official.nama},
        qr_text(office, desk.periode.id, state.editions, (folder / "result.json").read_bytes()),
        folder,
        {name: _bytes(desk.folder, folder, parafs, name) for name in ([document] if document else awaited)},
        desk.rehearsal,
    )


def _bytes(periode: Path, folder: Path, parafs: Sequence[Entry], name: str) -> tuple[bytes, bytes]:
    """Return a document of the edition: frozen, and as the last electronic paraf left it."""
    frozen = folder / f"{name}.pdf"
    held = [periode / file for entry in parafs for file in entry.files if "field" in entry.detail]
    own = [file for file in held if file.name == frozen.name and file.parent != folder]
    return frozen.read_bytes(), (own[-1] if own else frozen).read_bytes()


def _take_in(
    workspace: Workspace, periode_id: str, turn: Turn, made: Mapping[str, bytes], day: date | None
) -> list[str]:
    """Check every signed file, then file and enter them. Raises SIGNATURE_REFUSED and what _turn does."""
    verdicts = {name: _judged(workspace, turn, name, content) for name, content in made.items()}
    for name, verdict in verdicts.items():
        if not verdict.ok:
            faults = tuple(Remark("SIGNATURE_REFUSED", name, sentence) for sentence in verdict.sentences)
            raise IkmError("SIGNATURE_REFUSED", faults, document=name)
    said = []
    with flow.opened(workspace, periode_id, day) as desk:
        documents = list(made) if turn.field == FINAL else [""]
        if any(_turn(desk, name, turn.role).folder != turn.folder for name in documents):
            raise IkmError("SIGNATURE_REFUSED", document=", ".join(made))  # another edition was frozen meanwhile
        filed = {name: _file(turn, name, content) for name, content in made.items()}
        if turn.field == FINAL:
            said += [flow.enter_signature(desk, name, verdicts[name], turn.role) for name in made]
        else:
            said.append(_enter_paraf(desk, turn, list(filed.values()), next(iter(verdicts.values()))))
    return said


def _judged(workspace: Workspace, turn: Turn, name: str, content: bytes) -> Verdict:
    frozen, base = turn.files[name]
    zone = ZoneInfo(workspace.office.timezone)
    verdict = verify(frozen, content, anchors_of(workspace), required=turn.field, expected=turn.people, zone=zone)
    if verdict.ok and not content.startswith(base):
        return refused(NO_PARAF, verdict.kind, verdict.signatures)
    if verdict.ok and not turn.rehearsal and any(TRIAL in item.signer + item.issuer for item in verdict.signatures):
        return refused(TRIAL_ONLY, verdict.kind, verdict.signatures)
    return verdict


def _file(turn: Turn, name: str, content: bytes) -> Path:
    """Write a signed document into its place in the edition; return that."""
    folder = turn.folder / (freezing.SIGNED if turn.field == FINAL else f"{PARAF}-{turn.field[-1]}")
    folder.mkdir(exist_ok=True)
    fresh = folder / f"{name}.pdf.baru"
    fresh.write_bytes(content)
    fresh.chmod(freezing.READ_ONLY)
    to_disk(fresh)
    target = fresh.with_suffix("")
    fresh.rename(target)
    to_disk(folder)
    to_disk(turn.folder)
    return target


def _enter_paraf(desk: Desk, turn: Turn, filed: Sequence[Path], verdict: Verdict) -> str:
    state = desk.state
    files = {file.relative_to(desk.folder).as_posix(): draft.digest(file) for file in filed}
    files |= state.frozen.files if state.frozen else {}
    detail: dict[str, object] = {"edition": state.editions, "field": turn.field, "kind": verdict.kind}
    detail |= {"level": verdict.level, "signer": verdict.signer}
    entry = desk.enter(turn.step, "paraf", turn.role, files=files, detail=detail)
    return f"Paraf {entry.official.nama} pada {len(filed)} dokumen edisi {state.editions} dicatat ({filed[0].parent})."
