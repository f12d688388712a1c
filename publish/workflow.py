"""Where a periode stands: a procedure and the entries of its journal, folded into the state of every step.

Pure: no clock, file or store. What has to be known of the world (when the periode was closed, what lies in its folder
now) is handed in. A procedure is a line of steps; one of them is open, those before it are done. A return, a new
version of a draft and a correction open an earlier step again, and then every later one has to be done again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatch
from typing import Final

from publish.journal import Entry, Official
from publish.procedure import ROLE_NAMES, Procedure, Step
from publish.standard import deadline, late
from scoring.errors import IkmError, Remark

DONE, OPEN, WAITING, RETURNED = "selesai", "terbuka", "menunggu", "dikembalikan"
# The acts that record a step as done, by the kind of the step; all other kinds record "done".
ACT: Final = {"freeze": "frozen", "paraf": "paraf", "sign": "signed", "send": "sent"}
COMMAND: Final = {"freeze": "make freeze", "sign": "make sign", "send": "make send"}
READING: Final = ("check", "decide", "paraf", "sign")  # the steps of those who judge what others wrote
REPLACES: Final = "replaces"  # in the detail of a scan: the SHA-256 of the wrong one whose place it takes
SIGNING: Final = {"ink": "make scan", "import": "make import-signed"}  # in the place of make sign, by the office's way


def command(kind: str, jalur: str) -> str:
    """Return the command that records a step of a kind in COMMAND; `jalur` is the way in which the office signs."""
    return SIGNING.get(jalur, COMMAND[kind]) if kind == "sign" else COMMAND[kind]


@dataclass(frozen=True)
class Evidence:
    """What the store says of the collecting: when it began, and when it was closed (None: not yet)."""

    began: datetime
    closed: datetime | None


@dataclass
class Progress:
    """One step as it stands; `acts` are its entries that count, `note` is why it was opened again."""

    step: Step
    status: str = WAITING
    since: datetime | None = None
    until: datetime | None = None
    acts: list[Entry] = field(default_factory=list)
    note: str = ""

    @property
    def awaited(self) -> tuple[str, ...]:
        """Return the roles that have still to act; where any one of them suffices, all."""
        if self.status == DONE:
            return ()
        acted = {entry.role for entry in self.acts}
        return tuple(role for role in self.step.roles if not (self.step.every and role in acted))

    @property
    def unsigned(self) -> tuple[str, ...]:
        """Return the documents that this step has still to get signed."""
        signed = {entry.detail["document"] for entry in self.acts}
        return tuple(name for name in self.step.documents if name not in signed)

    def overdue(self, now: datetime, libur: Collection[date] = ()) -> str:
        """Return by how much the step is past its time standard, or was when it was done; "" within it."""
        due = deadline(self.since, self.step.standard, libur) if self.since else None
        return late(due, self.until or now, libur) if due else ""


@dataclass
class State:
    """The whole: steps in order, `at` the open one (or their number when all are done).

    `baseline` is the content as last put forward or checked, `checked` the entry that says so; `frozen` is the entry
    of the edition that parafs and signatures bind to, None when there is none; `voided` are those that no longer count.
    """

    procedure: Procedure
    steps: list[Progress]
    at: int = 0
    baseline: Mapping[str, str] = field(default_factory=dict)
    checked: Entry | None = None
    frozen: Entry | None = None
    editions: int = 0
    voided: list[Entry] = field(default_factory=list)
    reason: str = ""

    @property
    def open(self) -> Progress | None:
        """Return the step that is open, None when all are done."""
        return self.steps[self.at] if self.at < len(self.steps) else None

    @property
    def signed(self) -> bool:
        """Say whether every document of the frozen edition is signed."""
        return self.at > self.procedure.first("sign")


def fold(procedure: Procedure, entries: Sequence[Entry], evidence: Evidence) -> State:
    """Return the state that follows from the journal. `entries` are in order and were refused nothing."""
    state = State(procedure, [Progress(step) for step in procedure.steps])
    collecting = [progress for progress in state.steps if progress.step.kind == "collect"]
    for progress in collecting:
        progress.since, progress.until = evidence.began, evidence.closed
        progress.status = DONE if evidence.closed else OPEN
    if evidence.closed:
        state.at = len(collecting)
        _open(state, evidence.closed)
    for entry in entries:
        _enter(state, entry)
    return state


def _enter(state: State, entry: Entry) -> None:
    place = state.procedure.index(entry.step)
    progress = state.steps[place]
    if entry.act == "returned":
        back = state.procedure.index(progress.step.back)
        _reopen(state, back, entry, RETURNED)
    elif entry.act == "ralat":
        _reopen(state, place, entry, RETURNED)
    elif REPLACES in entry.detail:
        own = entry.detail["document"]
        progress.acts = [entry if past.detail["document"] == own else past for past in progress.acts]
    else:
        if place < state.at:
            _reopen(state, place, entry, OPEN)
        progress.acts.append(entry)
        if not (progress.unsigned if progress.step.documents else progress.step.every and progress.awaited):
            progress.status, progress.until = DONE, entry.moment
            state.at = place + 1
            _open(state, entry.moment)
    if entry.act == "frozen":
        state.frozen, state.editions, state.reason = entry, entry.detail["edition"], ""
        state.baseline, state.checked = entry.detail["naskah"], entry
    elif entry.act in ("done", "returned"):
        state.baseline, state.checked = entry.files, entry


def _open(state: State, since: datetime) -> None:
    if state.open:
        state.open.status, state.open.since, state.open.until = OPEN, since, None


def _reopen(state: State, place: int, entry: Entry, status: str) -> None:
    """Open the step at `place` again; what was recorded from there on no longer counts."""
    for progress in state.steps[place:]:
        state.voided += [past for past in progress.acts if past.act in ("paraf", "signed")]
        progress.status, progress.since, progress.until, progress.acts, progress.note = WAITING, None, None, [], ""
    if place <= state.procedure.first("freeze"):
        state.frozen = None
    state.at = place
    state.reason = state.reason or entry.note
    _open(state, entry.moment)
    state.steps[place].status, state.steps[place].note = status, entry.note


def find(state: State, step_id: str) -> int:
    """Return the place of the step called `step_id`. Raises STEP_UNKNOWN."""
    for place, progress in enumerate(state.steps):
        if progress.step.id == step_id:
            return place
    known = ", ".join(progress.step.id for progress in state.steps)
    raise IkmError("STEP_UNKNOWN", step=step_id, procedure=state.procedure.id, known=known)


def require_turn(state: State, place: int, role: str, periode: str) -> None:
    """See that it is this step's turn and this role's. Raises STEP_ROLE, STEP_ORDER, STEP_TWICE, STEP_SIGNED,
    STEP_FINISHED."""
    progress, current = state.steps[place], state.open
    step = progress.step
    if role not in step.roles:
        raise IkmError("STEP_ROLE", step=step.id, roles=step.who, role=ROLE_NAMES.get(role, role))
    if place < state.at and any(entry.act == "signed" for later in state.steps[place:] for entry in later.acts):
        raise IkmError("STEP_SIGNED", step=step.id, id=periode)
    again = place < state.at and step.changes and step.kind != "freeze"  # a draft may be put forward once more
    if current is None:
        raise IkmError("STEP_FINISHED", id=periode)
    if place != state.at and not again:
        raise IkmError("STEP_ORDER", step=step.id, open=current.step.id, roles=current.step.who)
    if place == state.at and role not in progress.awaited:
        waiting = ", ".join(ROLE_NAMES[other] for other in progress.awaited)
        raise IkmError("STEP_TWICE", step=step.id, role=ROLE_NAMES[role], roles=waiting)


def require_other_person(state: State, place: int, official: Official) -> None:
    """See that nobody checks their own work, in whatever office. Raises STEP_SELF."""
    step = state.steps[place].step
    for other in state.steps[:place]:
        if other.step.id in step.not_same_as and any(entry.official.same_person(official) for entry in other.acts):
            raise IkmError("STEP_SELF", nama=official.nama, other=other.step.id, step=step.id)


def last_read(state: State, entries: Sequence[Entry]) -> Entry | None:
    """Return the entry since which whoever is awaited wants to see the changes.

    For whoever checks, initials or signs next it is their own last check or return, or else the last of anybody: they
    have to read what the staf put forward since. For all others it is what was put forward or checked last.
    """
    if state.open and state.open.step.kind in READING:
        reads = {step.id for step in state.procedure.steps if step.kind in READING}
        checks = [entry for entry in entries if entry.step in reads and entry.act in ("done", "returned")]
        own = [entry for entry in checks if entry.role in state.open.awaited[:1]]
        if checks:
            return (own or checks)[-1]
    return state.checked


def changed(state: State, present: Mapping[str, str]) -> list[str]:
    """Return the names of what was added, changed or removed since it was last put forward or checked."""
    names = sorted(set(present) | set(state.baseline))
    return [name for name in names if present.get(name) != state.baseline.get(name)]


def require_news(state: State, place: int, present: Mapping[str, str]) -> None:
    """See that a step is not repeated without need: that would void what was done after it. Raises STEP_REPEATED."""
    if place < state.at and not changed(state, present):
        raise IkmError("STEP_REPEATED", step=state.steps[place].step.id)


def require_unchanged(state: State, place: int, present: Mapping[str, str], periode: str) -> None:
    """See that only what this step may change has changed. Raises CONTENT_CHANGED."""
    step = state.steps[place].step
    wrong = [name for name in changed(state, present) if not any(fnmatch(name, may) for may in step.changes)]
    if state.checked and wrong:
        names = {"files": ", ".join(wrong), "last": state.checked.step, "step": step.id, "id": periode}
        raise IkmError("CONTENT_CHANGED", **names)


def require_signed(state: State, periode: str, what: str) -> None:
    """See that every step up to the signature is done.

    Raises NOT_SIGNED, which names the step that is missing and every document that is not signed.
    """
    current = state.open
    if current and not state.signed:
        signing = state.steps[state.procedure.first("sign")]
        files = [f"{name}.pdf" for name in signing.unsigned]
        faults = tuple(
            Remark("NOT_SIGNED", name, f"{name} belum ditandatangani." if state.frozen else f"{name} belum dibekukan.")
            for name in files
        )
        raise IkmError("NOT_SIGNED", faults, id=periode, what=what, step=current.step.id, roles=current.step.who)
