"""The collector's commands: serve, import, exclude, seal, close, tally ... Each says what it did in one line.

Those that keep it running (backup, doctor, retention ...) are in `operations`.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from collector import closing, counting, import_commands, operations, saring, tickets
from collector.command import Arguments, finish, office_options
from collector.destroyed import destroyed_days
from collector.exclusion import REASONS, find_by_code, find_sheet
from collector.seal import recount
from collector.serve import prepare
from collector.store import open_store, reading
from collector.workspace import clock_of, load
from scoring import tally_json
from scoring.errors import IkmError
from scoring.mask import mask
from scoring.office import ROLES
from scoring.periode import tanggal
from scoring.table import printed

PROGRESS = 10  # days between two lines of progress


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 with one sentence for each fault on standard error."""
    return finish(_parser().parse_args(arguments))


def _parser() -> Arguments:
    shared = office_options()
    parser = Arguments(prog="python -m collector", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="perintah")
    command = commands.add_parser("serve", parents=[shared], help="run the questionnaire and take answers")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.set_defaults(run=_serve)
    command = commands.add_parser("close", parents=[shared], help="close a periode for good")
    command.add_argument("periode")
    command.add_argument("--empty", action="store_true", help="nobody answered in it, and nobody will")
    command.set_defaults(run=_close)
    import_commands.add_commands(commands, shared)
    command = commands.add_parser("exclude", parents=[shared], help="take an answer out of the count, with a reason")
    command.add_argument("--code", help="the receipt code of the answer, K7QM-2XTA-9F")
    command.add_argument("--file", help="the imported file of a paper sheet, by its name")
    command.add_argument("--sheet", type=int, default=0, help="the number of the sheet in that file, from 1 on")
    command.add_argument("--reason", required=True, choices=REASONS)
    command.add_argument("--by", required=True, choices=ROLES, help="who decides it")
    command.set_defaults(run=_exclude)
    _add_tickets(commands.add_parser("tickets", parents=[shared], help="make single-use tickets, or load their hashes"))
    command = commands.add_parser("seal", parents=[shared], help="count and keep the days that are over")
    command.set_defaults(run=_seal)
    command = commands.add_parser("recount", parents=[shared], help="count all rows again, compare with what is kept")
    command.set_defaults(run=_recount)
    command = commands.add_parser("filter", parents=[shared], help="print the figures of the answers that match")
    command.add_argument("--from", dest="first", required=True, help="the first day, 2026-09-25")
    command.add_argument("--to", dest="last", required=True, help="the last day, 2026-10-24")
    command.add_argument("--layanan", default="")
    command.add_argument("--profil", default="", help="jenis_kelamin=P,usia=17-25")
    command.set_defaults(run=_filter)
    command = commands.add_parser("mask", help="mask personal data in lines of standard input; needs no office")
    command.set_defaults(run=_mask)
    operations.add_commands(commands, shared)
    command = commands.add_parser("tally", parents=[shared], help="print the tally of a periode as JSON")
    command.add_argument("periode")
    command.set_defaults(run=_tally)
    return parser


def _add_tickets(command: Arguments) -> None:
    what = command.add_mutually_exclusive_group(required=True)
    what.add_argument("--n", type=int, help="how many to make; needs no office and no store")
    what.add_argument("--load", type=Path, metavar="FILE", help="let in the tickets of this file of hashes")
    command.add_argument("--layanan", default="", help="the only layanan they hold for")
    command.add_argument("--out", type=Path, default=Path(), help="the folder of the two files that are made")
    command.set_defaults(run=_tickets)


def _serve(options: argparse.Namespace) -> None:
    serve = prepare(options.office, options.host, options.port, options.rehearsal_day)
    address = f"http://{options.host}:{options.port}/"
    print(f"Kuesioner dan penerima jawaban berjalan pada {address} (Ctrl-C untuk berhenti).", flush=True)
    serve()


def _close(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    office, periode = workspace.office, workspace.office.periode(options.periode)
    store = open_store(workspace.store, office.id)
    try:
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        with store.reading() as connection:
            again = closing.is_known(connection, office, periode)
            if not again:
                closing.require_closable(connection, office, periode, today, empty=options.empty)
        n = store.close_periode(periode, today)
    finally:
        store.close()
    if again:
        print(f"Periode {periode.nama} sudah ditutup sebelumnya dengan {n} jawaban; tidak ada yang berubah.")
    else:
        print(f"Periode {periode.nama} ditutup dengan {n} jawaban; tidak ada lagi yang dapat ditambahkan.")


def _exclude(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    store = open_store(workspace.store, workspace.office.id)
    try:
        with reading(workspace.store) as connection:
            if options.code:
                response = find_by_code(connection, workspace.office.id, options.code)
            else:
                response = find_sheet(connection, workspace.office.id, options.file or "(tanpa nama)", options.sheet)
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        new = store.exclude(response, options.reason, options.by, today)
    finally:
        store.close()
    print("Jawaban dikeluarkan dari hitungan dan dicatat." if new else "Jawaban itu sudah dikeluarkan sebelumnya.")


def _tickets(options: argparse.Namespace) -> None:
    if options.load is None:
        secret, hashes = tickets.write(tickets.make(options.n), options.out, options.layanan)
        print(f"{options.n} tiket dibuat. Rahasiakan {secret}; serahkan {hashes} kepada kantor.")
        return
    workspace = load(options.office)
    if options.layanan and not workspace.office.has_layanan(options.layanan):
        raise IkmError("LAYANAN_UNKNOWN", id=options.layanan)
    found = tickets.read_hashes(options.load)
    store = open_store(workspace.store, workspace.office.id)
    try:
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        new = store.load_tickets(found, options.layanan or None, today)
    finally:
        store.close()
    print(f"{new} tiket baru berlaku; {len(found) - new} sudah dimuat sebelumnya.")


def _seal(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    store = open_store(workspace.store, workspace.office.id)
    try:
        days = store.seal(clock_of(workspace, store.kind(), options.rehearsal_day)().date())
    finally:
        store.close()
    names = f" ({tanggal(days[0])} sampai dengan {tanggal(days[-1])})" if days else ""
    print(f"{len(days)} hari disegel{names}.")


def _recount(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    wrong, done = [], 0
    with reading(workspace.store) as connection:
        for first, last in destroyed_days(connection, workspace.office.id):
            print(f"  {first} sampai dengan {last} tidak dihitung ulang: jawabannya sudah dimusnahkan", flush=True)
        for day, same in recount(connection, workspace.office.id):
            done += 1
            wrong += [] if same else [day]
            if done % PROGRESS == 0:
                print(f"  {done} hari dihitung ulang, sampai {day}", flush=True)
    if wrong:
        raise IkmError("RECOUNT_DIFFERS", days=", ".join(wrong))
    print(f"{done} hari dihitung ulang; semuanya sama dengan hitungan yang tersimpan.")


def _tally(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    office, periode = workspace.office, workspace.office.periode(options.periode)
    with reading(workspace.store) as connection:
        tally = counting.tally(connection, office, periode)
        if office.blind_until_close and not counting.is_closed(connection, office.id, periode):
            raise IkmError("PERIODE_BLIND", id=periode.id, n=tally.n)
    sys.stdout.write(tally_json.dump(tally))


def _filter(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    wanted = saring.read(workspace.office, options.first, options.last, options.layanan, options.profil)
    store = open_store(workspace.store, workspace.office.id)
    try:
        asked = saring.asked(workspace.office, wanted, store.moment())  # one moment, however long the count takes
        with reading(workspace.store) as connection:
            figures = saring.figures(connection, workspace.office, wanted, asked)
        store.enter_filter(asked, clock_of(workspace, store.kind(), options.rehearsal_day)().date())
    finally:
        store.close()
    print(printed(figures))


def _mask(_: argparse.Namespace) -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # ends quietly when nobody reads any more, as in `... | head`
    for number, line in enumerate(sys.stdin.buffer, 1):  # bytes: whatever the terminal's language, the text is UTF-8
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            reason = f"baris {number} bukan teks UTF-8; simpan berkasnya sebagai UTF-8"
            raise IkmError("FILE_UNREADABLE", file="masukan", reason=reason) from None
        sys.stdout.buffer.write(mask(text.rstrip("\r\n")).encode() + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
