"""The commands of a periode's way from draft to dispatch: status, step, freeze, scan, send, archive ..."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.workspace import load
from publish.flow import Desk
from scoring.office import ROLES


@dataclass(frozen=True)
class InInk:
    """The verdict on a signature in ink, which people give: the scan stands for it."""

    signer: str
    ok: bool = True
    sentences: tuple[str, ...] = ()
    level: str = "tinta"
    kind: str = "ink"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add the commands to the parser of `python -m publish`."""

    def add(name: str, run: Callable[[argparse.Namespace], None], text: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, parents=[shared], help=text)
        command.set_defaults(run=run)
        if name != "due":
            command.add_argument("periode")
        return command

    add("status", _status, "print where a periode stands")
    add("changes", _changes, "print what changed since the last check")
    command = add("step", _step, "do a step of the procedure, or return it with a note")
    command.add_argument("step")
    command.add_argument("--by", required=True, choices=ROLES)
    outcome = command.add_mutually_exclusive_group()
    for flag in ("--return", "--incomplete"):
        outcome.add_argument(flag, dest="back", action="store_true", help="send it back")
    outcome.add_argument("--complete", dest="back", action="store_false", help="it is complete (the default)")
    command.add_argument("--note", default="")
    for name, run, text in (("freeze", _freeze, "freeze an edition"), ("send", _send, "write the dispatch pack")):
        command = add(name, run, text)
        command.add_argument("--by", default="", choices=("", *ROLES))
        command.add_argument("--note", default="")
    command = add("scan", _scan, "file the scan of a document that was signed in ink")
    command.add_argument("--document", required=True)
    command.add_argument("--file", type=Path, required=True)
    command.add_argument("--by", default="", choices=("", *ROLES), help="who signed")
    command = add("ralat", _ralat, "open a signed periode for a correction")
    command.add_argument("--by", required=True, choices=ROLES)
    command.add_argument("--note", default="")
    add("archive", _archive, "write the whole periode as a BagIt bag")
    add("due", _due, "print due dates and write data/tenggat.ics")


@contextmanager
def _opened(options: argparse.Namespace) -> Iterator[Desk]:
    from publish.flow import opened

    with opened(load(options.office), options.periode, options.rehearsal_day) as desk:
        if desk.journal.torn:
            print(f"Catatan terakhir terputus dan disisihkan di {desk.journal.torn}; catatan lain tidak hilang.")
        yield desk


def _status(options: argparse.Namespace) -> None:
    from publish.status import status

    with _opened(options) as desk:
        print(status(desk))


def _changes(options: argparse.Namespace) -> None:
    from publish import draft

    with _opened(options) as desk:
        state, present = desk.state, draft.content(desk.folder)
        if state.checked is None:
            print("Belum ada langkah yang dicatat, sehingga belum ada yang dibandingkan.")
            return
        draft.keep(desk.folder, present)
        text = draft.changes(desk.folder, state.baseline, present)
        print(text or f"Tidak ada yang berubah sejak langkah {state.checked.step}.")


def _step(options: argparse.Namespace) -> None:
    from publish.flow import step
    from publish.status import following

    with _opened(options) as desk:
        print(step(desk, options.step, options.by, back=options.back, note=options.note))
        print(following(desk))


def _freeze(options: argparse.Namespace) -> None:
    from publish.flow import freeze
    from publish.status import following

    with _opened(options) as desk:
        print(freeze(desk, options.by, options.note))
        print(following(desk))


def _scan(options: argparse.Namespace) -> None:
    from publish.flow import record_signature
    from publish.procedure import built_in

    workspace = load(options.office)
    steps = built_in(workspace.office.procedure)
    role = options.by or steps.steps[steps.first("sign")].roles[0]
    with _opened(options) as desk:
        signer = desk.official(role).nama
    day = options.rehearsal_day
    said = (workspace, options.periode, options.document, InInk(signer))
    print(record_signature(*said, role=role, scan=options.file, rehearsal_day=day))


def _send(options: argparse.Namespace) -> None:
    from publish.dispatch import send
    from publish.status import following

    with _opened(options) as desk:
        print(send(desk, options.by, options.note))
        print(following(desk))


def _ralat(options: argparse.Namespace) -> None:
    from publish.flow import ralat
    from publish.status import following

    with _opened(options) as desk:
        print(ralat(desk, options.by, options.note))
        print(following(desk))


def _archive(options: argparse.Namespace) -> None:
    from publish.dispatch import archive

    with _opened(options) as desk:
        bag = archive(desk)
    print(f"Arsip periode {options.periode}: {bag}. Yang dicetak untuk berkas kertas: {bag / 'daftar-berkas.txt'}")


def _due(options: argparse.Namespace) -> None:
    from publish.due import CALENDAR, around, calendar, due_date, weekend
    from publish.flow import moment, opened
    from publish.procedure import built_in
    from publish.status import standing
    from scoring.periode import tanggal

    workspace = load(options.office)
    office, procedure = workspace.office, built_in(workspace.office.procedure)
    print(f"Tenggat menurut prosedur {procedure.id}:")
    today = moment(workspace, options.rehearsal_day)[0].date()
    periodes = around(office, procedure, today)
    for periode in periodes:
        due, stands = due_date(procedure, periode), "belum berakhir"
        if today > periode.selesai:
            with opened(workspace, periode.id, options.rehearsal_day) as desk:
                stands = standing(desk, due)
        print(f"  {periode.nama}: {tanggal(due)}{weekend(due)}; {stands}")
    file = workspace.data / CALENDAR
    file.write_bytes(calendar(office, procedure, periodes))
    print(f"Untuk kalender: {file}. Hari libur nasional tidak diperhitungkan.")
