"""How a periode stands, as a table for the office: step, who, state, since, standard, what is missing, what to type."""

from __future__ import annotations

from datetime import date, datetime
from textwrap import wrap
from typing import Final

from publish import draft, workflow
from publish.due import allowed_for
from publish.flow import Desk
from publish.freezing import edition_folder
from publish.journal import Entry
from publish.procedure import ROLE_NAMES, Step
from publish.standard import CLOSES, late
from publish.workflow import Progress, State, changed
from scoring.errors import IkmError
from scoring.periode import tanggal

HEADS: Final = ("No.", "Langkah", "Oleh", "Keadaan", "Sejak", "Selesai", "Waktu baku", "Terlambat")
WIDTHS: Final = (3, 36, 20, 12, 11, 11, 12, 13)
COLUMN: Final = "  "


def status(desk: Desk) -> str:
    """Return the whole table with what is missing and the next command to type."""
    state, lines = desk.state, []
    lines.append(f"Periode {desk.periode.nama} ({desk.periode.id}), keadaan {desk.now:%d-%m-%Y %H.%M}")
    lines += wrap(f"Prosedur: {desk.procedure.nama}", 120)
    if desk.journal.torn:
        lines += ["", f"Catatan terakhir terputus dan disisihkan di {desk.journal.torn}; catatan lain tidak hilang."]
    lines += ["", _row(HEADS), COLUMN.join("-" * width for width in WIDTHS)]
    for progress in state.steps:
        lines += _rows(desk, progress)
    notes = dict.fromkeys(filter(None, (_standard(progress)[1] for progress in state.steps)))
    lines += [""] * bool(notes) + [f"*) {note}" for note in notes]
    lines += ["", *standing_lines(desk, state), "", allowed_for(desk.workspace.office.libur)]
    return "\n".join(lines)


def standing_lines(desk: Desk, state: State) -> list[str]:
    """Return what stands below the table: the edition, what is open and why, what is missing, what to type."""
    lines = [*_edition(state), *_next(desk, state)]
    if vacant := desk.workspace.office.vacant(desk.now.date()):
        said = {"procedure": desk.procedure.id, "roles": ", ".join(vacant), "date": tanggal(desk.now.date())}
        lines += ["", *wrap(str(IkmError("PEJABAT_LACKING", **said)), 120)]
    return lines


def cells(desk: Desk, progress: Progress) -> tuple[str, ...]:
    """Return what the table says of a step, under the words of HEADS."""
    step = progress.step
    acted = dict.fromkeys(entry.official.jabatan for entry in progress.acts)
    moments = [f"{moment:%d-%m %H.%M}" if moment else "" for moment in (progress.since, progress.until)]
    overdue = "" if step.kind == "collect" else progress.overdue(desk.now, desk.workspace.office.libur)
    first = (str(step.no or "–"), f"{step.nama} [{step.id}]", ", ".join(acted) or step.who, progress.status)
    return (*first, *moments, step.standard.printed, overdue)


def _rows(desk: Desk, progress: Progress) -> list[str]:
    number, name, official, status, since, until, _, overdue = cells(desk, progress)
    names = wrap(name, WIDTHS[1], break_on_hyphens=False)
    who = wrap(official, WIDTHS[2])
    standard = wrap(_standard(progress)[0], WIDTHS[6])
    rows = [_row([number, names[0], who[0], status, since, until, standard[0], overdue])]
    for line in range(1, max(len(names), len(who), len(standard))):
        line_cells = ["", *(part[line] if line < len(part) else "" for part in (names, who)), "", "", ""]
        rows.append(_row([*line_cells, standard[line] if line < len(standard) else "", ""]))
    return rows


def _standard(progress: Progress) -> tuple[str, str]:
    """Return the time standard of a step and what is remarked on it, which stands below the table."""
    printed, _, note = progress.step.standard.printed.partition(" (")
    return (f"{printed} *)", note.rstrip(")")) if note else (printed, "")


def _row(cells: tuple[str, ...] | list[str]) -> str:
    return COLUMN.join(f"{cell:<{width}}" for cell, width in zip(cells, WIDTHS, strict=True)).rstrip()


def _edition(state: State) -> list[str]:
    lines = []
    if state.frozen:
        lines.append(f"Edisi beku: {state.editions} ({tanggal(state.frozen.moment.date())}).")
    elif state.editions:
        lines.append(f"Edisi {state.editions} tetap ada; edisi berikutnya belum dibekukan.")
    for entry in state.voided:
        what = "Paraf" if entry.act == "paraf" else f"Tanda tangan pada {entry.detail['document']}"
        lines.append(
            f"{what} {entry.official.jabatan} ({tanggal(entry.moment.date())}) tidak berlaku bagi isi yang baru."
        )
    return lines


def _next(desk: Desk, state: State) -> list[str]:
    """Return what is open, why, what is missing in it, and the command that does it."""
    current, periode, jalur = state.open, desk.periode.id, desk.workspace.office.tanda_tangan.jalur
    if current is None:
        return [f"Semua langkah selesai. Ketik: make publish PERIOD={periode}, lalu make archive PERIOD={periode}"]
    step = current.step
    if step.kind == "collect":
        return [f"Periode belum ditutup. Sesudah {tanggal(desk.periode.selesai)} ketik: make close PERIOD={periode}"]
    awaited = [ROLE_NAMES[role] for role in current.awaited]
    lines = [f"Langkah yang terbuka: {step.nama} [{step.id}], menunggu {' dan '.join(awaited) or step.who}."]
    if current.note:
        lines.append(_reopened(state, current.note))
    lines += _to_read(desk, state, step)
    missing = draft.missing(desk.workspace, periode, step.requires, desk.now.date())
    lines += ["Belum lengkap:", *(f"- {fault.text}" for fault in missing)] if missing else []
    present = draft.content(desk.folder)
    if state.checked and (names := changed(state, present)):
        lines.append(
            f"Berubah sesudah langkah {state.checked.step}: {', '.join(names)} (make changes PERIOD={periode})"
        )
    return [*lines, f"{'Sesudah lengkap, ketik' if missing else 'Ketik'}: {command(current, periode, jalur)}"]


def _reopened(state: State, note: str) -> str:
    """Return why a step is open again, and who sent it back where nothing was recorded since."""
    last = state.checked
    if last and (last.act, last.note) == ("returned", note):
        return f"Dikembalikan pada {when_read(last)} dengan catatan: {note}"
    return f"Dibuka kembali dengan catatan: {note}"


def when_read(entry: Entry) -> str:
    """Return a step that was recorded as a reader knows it: "langkah koreksi (Kepala Seksi, 28-12 10.00)"."""
    return f"langkah {entry.step} ({entry.official.jabatan}, {entry.moment:%d-%m %H.%M})"


def _to_read(desk: Desk, state: State, step: Step) -> list[str]:
    """Return for those who judge what others wrote which files to open, and what changed since they last did."""
    if step.kind not in workflow.READING:
        return []
    folder = edition_folder(desk.workspace, desk.periode.id, state.editions) if state.frozen else desk.folder
    documents = state.procedure.steps[state.procedure.first("sign")].documents
    lines = [f"Yang dibaca: {', '.join(f'{name}.pdf' for name in documents)} di {folder}"]
    last = workflow.last_read(state, desk.journal.entries)
    before = last.detail.get("naskah", last.files) if last else {}
    present = draft.content(desk.folder)
    names = sorted(name for name in {*before, *present} if before.get(name) != present.get(name))
    if last and names:
        lines.append(f"Berubah sejak {when_read(last)}: {', '.join(names)} (make changes PERIOD={desk.periode.id})")
    return lines


def command(current: Progress, periode: str, jalur: str) -> str:
    """Return the command that does the open step in an office that signs by way of `jalur`."""
    step = current.step
    by = current.awaited[0] if current.awaited else step.roles[0]
    hand = {"certificate": f" P12={by}.p12", "bsre": " PERSON=NIK-atau-pos-el"}.get(jalur, "")
    if step.kind == "sign":
        file = " FILE=pindaian.pdf" if jalur == "ink" else " FILE=bertanda-tangan.pdf"
        one = "" if hand else f" DOCUMENT={current.unsigned[0]}{file}"
        return f"{workflow.command('sign', jalur)} PERIOD={periode}{one} BY={by}{hand}"
    if step.kind in workflow.COMMAND:
        return f"{workflow.COMMAND[step.kind]} PERIOD={periode}"
    written = f"make step PERIOD={periode} STEP={step.id} BY={by}"
    if step.kind == "paraf" and hand:
        return f'make sign PERIOD={periode} BY={by}{hand} (atau kembalikan: {written} RETURN=1 NOTE="alasan")'
    return written + (' (atau kembalikan: tambahkan RETURN=1 NOTE="alasan")' if step.back else "")


def following(desk: Desk) -> str:
    """Return what to type next, in one line."""
    return _next(desk, desk.state)[-1]


def standing(desk: Desk, due: date) -> str:
    """Return in a few words how far a periode is, and by how much it is past the day on which it is due."""
    current = desk.state.open
    if current is None:
        return "selesai"
    overdue = late(datetime.combine(due, CLOSES, desk.now.tzinfo), desk.now, desk.workspace.office.libur)
    text = f"menunggu langkah {current.step.id}, {current.step.who}"
    return f"{text}; terlambat {overdue}" if overdue else text
