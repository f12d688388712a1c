"""The commands of a periode's way from draft to dispatch: status, step, freeze, scan, send, archive ..."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector.command import Arguments
from collector.workspace import Workspace, load
from scoring.errors import IkmError
from scoring.office import ROLES

if TYPE_CHECKING:
    from publish.flow import Desk
    from publish.signing import Put


def add_commands(commands: Any, shared: Arguments) -> None:
    """Add the commands to the parser of `python -m publish`."""

    def add(name: str, run: Callable[[argparse.Namespace], None], text: str) -> Arguments:
        command: Arguments = commands.add_parser(name, parents=[shared], help=text)
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
    _add_file(command)
    command.add_argument("--note", default="", help="why it takes the place of an earlier scan, which is kept")
    command = add("sign-edition", _sign_edition, "put a paraf or signature on the frozen documents that wait for it")
    command.add_argument("--document", default="", help="only this one")
    _add_hands(command)
    command = add("import-signed", _import_signed, "take in a document that another program signed")
    _add_file(command)
    command = add("ralat", _ralat, "open a signed periode for a correction")
    command.add_argument("--by", required=True, choices=ROLES)
    command.add_argument("--note", default="")
    add("archive", _archive, "write the whole periode as a BagIt bag")
    add("due", _due, "print due dates and write data/tenggat.ics")


def _add_file(command: Arguments) -> None:
    command.add_argument("--document", required=True)
    command.add_argument("--file", type=Path, required=True)
    command.add_argument("--by", default="", choices=("", *ROLES), help="who signed")


def _add_hands(command: Arguments) -> None:
    """Add what signs: a certificate file, a token, or a person at BSrE where office.toml says so."""
    command.add_argument("--by", default="", choices=("", *ROLES), help="who signs")
    command.add_argument("--p12", type=Path, help="the certificate file")
    command.add_argument("--pkcs11", help="the library of the token's driver")
    command.add_argument("--token", help="the label of the token")
    command.add_argument("--key", help="the label of key and certificate on the token")
    command.add_argument("--person", help="NIK or e-mail of the signer at BSrE")


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
    from publish import draft, workflow
    from publish.status import when_read

    with _opened(options) as desk:
        present = draft.content(desk.folder)
        last = workflow.last_read(desk.state, desk.journal.entries)
        if last is None:
            print("Belum ada langkah yang dicatat, sehingga belum ada yang dibandingkan.")
            return
        draft.keep(desk.folder, present)
        text = draft.changes(desk.folder, last.detail.get("naskah", last.files), present)
        since = when_read(last)
        print(f"Yang berubah sejak {since}:\n\n{text}" if text else f"Tidak ada yang berubah sejak {since}.")


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
    from publish.scan import enter_scan, read_scan

    pages = read_scan(options.file)
    with _opened(options) as desk:
        for sentence in enter_scan(desk, options.document, options.file, pages, options.by, options.note):
            print(sentence)
    _say_what_follows(options)


def _sign_edition(options: argparse.Namespace) -> None:
    from publish.electronic import sign_edition

    workspace = load(options.office)
    hand = _hand(options, workspace)
    wanted = {"document": options.document, "role": options.by, "day": options.rehearsal_day}
    for sentence in sign_edition(workspace, options.periode, hand, **wanted):
        print(sentence)
    _say_what_follows(options)


def _hand(options: argparse.Namespace, workspace: Workspace) -> AbstractContextManager[Put]:
    """Return what signs, by the options and the way of office.toml. Raises SIGN_WAY."""
    from publish import signing

    token = (options.pkcs11, options.token, options.key)
    if options.person and workspace.office.tanda_tangan.jalur == "bsre" and not options.p12 and not any(token):
        return signing.by_bsre(workspace, options.person)
    if bool(options.p12) == any(token) or (any(token) and not all(token)) or options.person:
        raise IkmError("SIGN_WAY")
    return signing.by_file(workspace, options.p12) if options.p12 else signing.by_token(workspace, *token)


def _import_signed(options: argparse.Namespace) -> None:
    from publish.electronic import import_signed

    taken = (load(options.office), options.periode, options.document, options.file)
    for sentence in import_signed(*taken, role=options.by, day=options.rehearsal_day):
        print(sentence)
    _say_what_follows(options)


def _say_what_follows(options: argparse.Namespace) -> None:
    from publish.status import following

    with _opened(options) as desk:
        print(following(desk))


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
    from publish.due import CALENDAR, allowed_for, around, calendar, closed_day, due_date
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
        due, stands = due_date(procedure, periode, office.libur), "belum berakhir"
        if today > periode.selesai:
            with opened(workspace, periode.id, options.rehearsal_day) as desk:
                stands = standing(desk, due)
        print(f"  {periode.nama}: {tanggal(due)}{closed_day(due, office.libur)}; {stands}")
    file = workspace.data / CALENDAR
    file.write_bytes(calendar(office, procedure, periodes))
    print(f"Untuk kalender: {file}. {allowed_for(office.libur)}")
