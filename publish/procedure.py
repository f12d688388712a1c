"""An office procedure (SOP) as data: its steps in order, who does them, in what time, what they need and may change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from scoring.office import PROCEDURES, ROLES, Office
from scoring.periode import CUTS
from scoring.toml_table import Table, parse_toml

FOLDER: Final = Path(__file__).parent / "procedures"
PUBLIC_ROLE: Final = "pengguna"  # the people served; they hold no office
KINDS: Final = ("collect", "recap", "compose", "check", "decide", "rtl", "letter", "freeze", "paraf", "sign", "send")
REQUIREMENTS: Final = ("hasil", "dokumen", "isian", "rtl", "nomor")
UNITS: Final = ("months", "days", "hours", "minutes")
ROLE_NAMES: Final = {**ROLES, PUBLIC_ROLE: "Pengguna layanan"}


@dataclass(frozen=True)
class Standard:
    """The time standard of a step: as printed, and as `amount` of a `unit` (0: the SOP sets none)."""

    printed: str
    unit: str
    amount: int


@dataclass(frozen=True)
class Step:
    """One step; `no` is its number in the SOP, 0 where the SOP has none.

    `back` and `onward` are where a decision leads when it is no and yes, both "" where there is none.
    """

    no: int
    id: str
    nama: str
    roles: tuple[str, ...]
    every: bool
    kind: str
    needs: tuple[str, ...]
    output: str
    standard: Standard
    requires: tuple[str, ...]
    changes: tuple[str, ...]
    documents: tuple[str, ...]
    back: str
    onward: str
    not_same_as: tuple[str, ...]

    @property
    def who(self) -> str:
        """Return the roles as printed: "Kepala Seksi dan Camat", "Camat atau Sekretaris Kecamatan"."""
        names = [ROLE_NAMES[role] for role in self.roles]
        word = " dan " if self.every else " atau "
        return word.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


@dataclass(frozen=True)
class Procedure:
    """One SOP. It is due on `due_day` of a month, or else `due_working_days` after the periode has ended."""

    id: str
    nama: str
    dasar_hukum: tuple[str, ...]
    sop_terkait: tuple[str, ...]
    peringatan: str
    pencatatan: str
    cadence: str
    ralat: str
    due_day: int
    due_working_days: int
    steps: tuple[Step, ...]

    def index(self, step_id: str) -> int:
        """Return the place of a step, from 0 on. Raises KeyError for a step it does not have."""
        for place, step in enumerate(self.steps):
            if step.id == step_id:
                return place
        raise KeyError(step_id)

    def first(self, kind: str) -> int:
        """Return the place of the first step of a kind that every procedure has: freeze, sign, send."""
        return next(place for place, step in enumerate(self.steps) if step.kind == kind)


def built_in(procedure_id: str) -> Procedure:
    """Return one of the four procedures shipped with the project, by its id in office.toml."""
    if procedure_id not in PROCEDURES:
        raise KeyError(procedure_id)
    file = FOLDER / f"{procedure_id}.toml"
    return parse_procedure(file.name, file.read_text("utf-8"))


def of_office(office: Office) -> Procedure:
    """Return the office's procedure; where several may sign, it is the one whom office.toml names."""
    procedure, signer = built_in(office.procedure), office.naskah.penandatangan
    steps = (replace(step, roles=(signer,)) if step.kind == "sign" else step for step in procedure.steps)
    return replace(procedure, steps=tuple(steps))


def parse_procedure(file: str, text: str) -> Procedure:
    """Return the procedure written in `text`. Raises TOML_SYNTAX and the KEY_* errors that name file and key."""
    table = parse_toml(file, text)
    due = table.table("due")
    procedure = Procedure(
        id=table.choice("id", PROCEDURES),
        nama=table.text("nama"),
        dasar_hukum=table.texts("dasar_hukum"),
        sop_terkait=table.texts("sop_terkait"),
        peringatan=table.text("peringatan"),
        pencatatan=table.text("pencatatan"),
        cadence=table.choice("cadence", tuple(CUTS), ""),
        ralat=table.text("ralat"),
        due_day=due.integer("day", 1, 28, 0),
        due_working_days=due.integer("working_days", 1, 60, 0),
        steps=table.each("step", _step),
    )
    due.done()
    table.done()
    _check(table, procedure)
    return procedure


def _step(table: Table) -> Step:
    decision = table.table("decision", optional=True)
    back, yes = decision.text("no", ""), decision.text("yes", "")
    decision.done()
    step = Step(
        no=table.integer("no", 0, 20),
        id=table.text("id"),
        nama=table.text("nama"),
        roles=table.texts("roles"),
        every=table.flag("every", default=False),
        kind=table.choice("kind", KINDS),
        needs=table.texts("needs", ()),
        output=table.text("output"),
        standard=_standard(table),
        requires=table.texts("requires", ()),
        changes=table.texts("changes", ()),
        documents=table.texts("documents", ()),
        back=back,
        onward=yes,
        not_same_as=table.texts("not_same_as", ()),
    )
    known = (*ROLES, PUBLIC_ROLE) if step.kind == "collect" else ROLES
    for key, values, allowed in (("roles", step.roles, known), ("requires", step.requires, REQUIREMENTS)):
        for value in values:
            if value not in allowed:
                raise table.invalid(key, f'"{value}" bukan salah satu dari {", ".join(allowed)}')
    if bool(step.documents) != (step.kind == "sign"):
        raise table.invalid("documents", "diisi pada langkah tanda tangan saja")
    if bool(back) != bool(yes):
        raise table.invalid("decision", "memuat yes dan no")
    return step


def _standard(table: Table) -> Standard:
    printed = table.text("waktu")
    amounts = [(unit, table.integer(unit, 1, 600)) for unit in UNITS if table.has(unit)]
    if len(amounts) > 1:
        raise table.invalid("waktu", "satu satuan saja")
    return Standard(printed, *(amounts[0] if amounts else ("", 0)))


def _check(table: Table, procedure: Procedure) -> None:
    """Refuse a procedure whose steps do not lead from collecting over one freeze and signature to one dispatch."""
    ids = table.unique("step", [step.id for step in procedure.steps])
    kinds = [step.kind for step in procedure.steps]
    for kind in ("freeze", "sign", "send"):
        if kinds.count(kind) != 1:
            raise table.invalid("step", f"tepat satu langkah {kind}")
    if kinds[kinds.index("freeze") :] != ["freeze", *["paraf"] * kinds.count("paraf"), "sign", "send"]:
        raise table.invalid("step", "berakhir dengan freeze, paraf, sign, send")
    if kinds[0] != "collect" or "collect" in kinds[kinds.count("collect") :]:
        raise table.invalid("step", "pengumpulan mendahului semua langkah lain")
    if procedure.ralat not in ids[: procedure.first("freeze")]:
        raise table.invalid("ralat", "menyebut langkah sebelum pembekuan")
    if bool(procedure.due_day) == bool(procedure.due_working_days):
        raise table.invalid("due", "memuat day atau working_days")
    _check_references(table, procedure, ids)


def _check_references(table: Table, procedure: Procedure, ids: tuple[str, ...]) -> None:
    for place, step in enumerate(procedure.steps):
        for other in (*step.not_same_as, *((step.back,) if step.back else ())):
            if other not in ids[:place]:
                raise table.invalid("step", f'{step.id} menyebut "{other}", yang bukan langkah sebelumnya')
        if step.onward and step.onward != (*ids, "")[place + 1]:
            raise table.invalid("step", f"{step.id}: yes menyebut langkah berikutnya")
