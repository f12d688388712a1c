"""The commands that give results out, from the questionnaire to the open data. `make` calls them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collector.command import Arguments, finish, office_options
from collector.counting import is_rehearsal
from collector.entri_issue import lembar
from collector.freeze import freeze
from collector.last_result import FILE, LastResult, read
from collector.store import create, is_there, reading
from collector.workspace import Workspace, clock_of, load, office_clock
from publish import procedure_commands
from scoring.errors import IkmError

if TYPE_CHECKING:  # it loads what draws, which most commands do without
    from publish.offices import Done


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 with one sentence for each fault on standard error."""
    return finish(_parser().parse_args(arguments))


def _parser() -> Arguments:
    shared = office_options()
    parser = Arguments(prog="python -m publish", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="perintah")
    _preparing(commands, shared)
    command = commands.add_parser("report", parents=[shared], help="write the documents of a closed periode")
    command.add_argument("periode")
    command.add_argument(
        "--offices", type=Path, help="for every office of this folder, each in one with its office.toml"
    )
    command.set_defaults(run=_report)
    command = commands.add_parser("workbook", parents=[shared], help="write the recap workbook of a closed periode")
    command.add_argument("periode")
    command.set_defaults(run=_workbook)
    command = commands.add_parser("public", parents=[shared], help="publish the result of a periode")
    command.add_argument("periode")
    command.set_defaults(run=_public)
    command = commands.add_parser("tree", help="write the published pages of many offices as one static tree")
    command.add_argument("--offices", type=Path, required=True, help="the folder of the offices, one folder each")
    command.add_argument("--to", type=Path, required=True, help="the folder of the tree")
    command.set_defaults(run=_tree)
    command = commands.add_parser("datasette", parents=[shared], help="serve the public or the staff Datasette")
    command.add_argument("--staff", action="store_true")
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int)
    command.set_defaults(run=_datasette)
    command = commands.add_parser("minutes", parents=[shared], help="write the minutes of a destruction")
    command.add_argument("day", nargs="?", type=date.fromisoformat, help="the day of it; by default the last")
    command.set_defaults(run=_minutes)
    procedure_commands.add_commands(commands, shared)
    command = commands.add_parser("handover", parents=[shared], help="write the pack for a change of officials")
    command.set_defaults(run=_handover)
    _signing(commands, shared)
    command = commands.add_parser("manual", help="write the manual for the office as one PDF")
    command.add_argument("--to", type=Path, default=Path("data"), help="the folder it is written into")
    command.set_defaults(run=_manual)
    return parser


def _preparing(commands: Any, shared: Arguments) -> None:
    """Add the commands for pages and paper, which come before a periode."""
    command = commands.add_parser("site", parents=[shared], help="freeze the questionnaire, QR codes and posters")
    command.set_defaults(run=_site)
    command = commands.add_parser(
        "preview", parents=[shared], help="write every page of the questionnaire for a meeting"
    )
    command.set_defaults(run=_preview)
    _add_paper_form(commands.add_parser("paper-form", parents=[shared], help="write the paper questionnaire as PDF"))
    command = commands.add_parser("template", parents=[shared], help="write the workbook for typing paper answers")
    command.add_argument("--layanan", help="the layanan that every row holds already")
    command.set_defaults(run=_template)
    command = commands.add_parser("slips", parents=[shared], help="print single-use tickets with their QR codes as PDF")
    command.add_argument("--file", type=Path, required=True, help="tiket.csv of `python -m collector tickets`")
    command.add_argument("--layanan", help="the layanan whose page they lead to, where the file names none")
    command.set_defaults(run=_slips)


def _add_paper_form(command: Arguments) -> None:
    command.add_argument("--n", type=int, help="so many numbered sheets; without it, one blank form without a number")
    command.add_argument("--start", type=int, help="the first number; by default the one after the last printed")
    command.add_argument("--layanan", default="", help="the only layanan they are for")
    command.add_argument("--large", action="store_true", help="in letters of 18 points")
    command.set_defaults(run=_paper_form)


def _signing(commands: Any, shared: Arguments) -> None:
    """Add the commands on signatures. A passphrase is no option: it would stand in the shell's history."""
    command = commands.add_parser("sign", parents=[shared], help="sign a PDF with a certificate file or a token")
    command.add_argument("pdf", type=Path)
    command.add_argument("--field", required=True, help="Paraf1, Paraf2 or TandaTangan")
    command.add_argument("--jabatan", default="", help="the position that the note names")
    command.add_argument("--qr", default="", help="the text of the QR code in the note; without it there is none")
    command.add_argument("--p12", type=Path, help="the certificate file")
    command.add_argument("--pkcs11", help="the library of the token's driver")
    command.add_argument("--token", help="the label of the token")
    command.add_argument("--key", help="the label of key and certificate on the token")
    command.add_argument("--out", type=Path, help="by default the name with -ttd behind it")
    command.set_defaults(run=_sign)
    command = commands.add_parser(
        "check-pdf",
        parents=[shared],
        help="say whether a PDF is published; or check a signed PDF against the frozen one",
    )
    command.add_argument("pdf", type=Path, help="the PDF; the frozen one when a signed one stands behind it")
    command.add_argument("signed", type=Path, nargs="?")
    command.set_defaults(run=_check_pdf)
    command = commands.add_parser("verify", parents=[shared], help="prove a periode anew, from answers to open data")
    command.add_argument("periode")
    command.set_defaults(run=_verify)


def _today(workspace: Workspace, options: argparse.Namespace) -> date:
    """Return the office's day; a rehearsal store may be given one."""
    with reading(workspace.store) as connection:
        kind = "rehearsal" if is_rehearsal(connection, workspace.office.id) else "real"
    return clock_of(workspace, kind, options.rehearsal_day)().date()


def _site(options: argparse.Namespace) -> None:
    from collector.posters import FOLDER
    from publish.poster import SHEETS, write_posters

    workspace = load(options.office)
    office = workspace.office
    if not is_there(workspace.store, workspace.office.id):
        create(workspace.store, office.id, "real").close()
    today = _today(workspace, options)
    with reading(workspace.store) as connection:
        rehearsal = is_rehearsal(connection, office.id)
    freeze(office, workspace.site, today, rehearsal=rehearsal)
    questions = len(office.survey_on(today).instrument.questions)
    last = _last_result(workspace, rehearsal=rehearsal)
    folder = workspace.data / FOLDER
    posters = write_posters(folder, office, questions, last, today, rehearsal=rehearsal)
    for layanan in office.layanan:
        files = " dan ".join(str(next(posters)) for _ in SHEETS)
        print(f"  {layanan.nama}: {workspace.site / layanan.id / 'index.html'}, {files}", flush=True)
    print(f"  Semua layanan: {workspace.site / 'index.html'}, {' dan '.join(str(file) for file in posters)}")
    print(f"Kuesioner {len(office.layanan)} layanan, kode QR, dan poster selesai dibuat.")


def _preview(options: argparse.Namespace) -> None:
    from publish.preview import write_preview

    workspace = load(options.office)
    today, rehearsal = options.rehearsal_day or office_clock(workspace.office)().date(), False
    if (workspace.public / FILE).exists() and is_there(workspace.store, workspace.office.id):
        with reading(workspace.store) as connection:
            rehearsal = is_rehearsal(connection, workspace.office.id)
    file, pages = write_preview(workspace, today, _last_result(workspace, rehearsal=rehearsal))
    print(f"Pratinjau {pages} halaman: {file}")
    print("Buka berkas itu dengan peramban; tidak perlu server, dan tidak ada isian yang dikirim atau disimpan.")


def _last_result(workspace: Workspace, *, rehearsal: bool) -> LastResult | None:
    """Return the result for the posters; one that cannot be read is told and does not keep the pages from citizens."""
    try:
        return read(workspace.public / FILE, workspace.office.id, rehearsal=rehearsal)
    except IkmError as error:
        print(f"Perlu perhatian: {error}", file=sys.stderr)
        return None


def _paper_form(options: argparse.Namespace) -> None:
    from publish.paper_form import print_form

    workspace = load(options.office)
    if not is_there(workspace.store, workspace.office.id):
        create(workspace.store, workspace.office.id, "real").close()
    today = _today(workspace, options)
    if options.layanan and not workspace.office.has_layanan(options.layanan):
        raise IkmError("LAYANAN_UNKNOWN", id=options.layanan)
    issue, file = print_form(workspace, today, options.n, options.start, options.layanan, large=options.large)
    if issue is None:
        print(f"Formulir kertas: {file}")
    else:
        span = f"{lembar(issue.first)} sampai dengan {lembar(issue.last)}"
        print(f"Lembar {span} (seri {issue.series}) diterbitkan: {file}")


def _template(options: argparse.Namespace) -> None:
    from publish.template import ROWS, write_template

    workspace = load(options.office)
    today = options.rehearsal_day or office_clock(workspace.office)().date()
    file = write_template(workspace.office, workspace.data, today, options.layanan)
    print(f"Templat {ROWS} lembar: {file}")


def _slips(options: argparse.Namespace) -> None:
    from publish.slips import read_slips, slips_pdf, write_secret

    office = load(options.office).office
    slips = read_slips(office, options.file, options.layanan)
    file = options.file.with_suffix(".pdf")
    write_secret(file, slips_pdf(office, slips, options.rehearsal_day or office_clock(office)().date()))
    print(f"{len(slips)} tiket: {file}")


def _report(options: argparse.Namespace) -> None:
    if options.offices:
        _report_offices(options)
        return
    from publish import draft
    from publish.completeness import missing_in
    from publish.documents import write_documents

    workspace = load(options.office)
    today = _today(workspace, options)
    for file in write_documents(workspace, options.periode, today):
        print(f"  {file}", flush=True)
    folder = workspace.periode_folder(options.periode)
    draft.stamp(folder)
    print(f"Dokumen periode {options.periode} selesai; naskah dan isiannya di {folder} dapat disunting.")
    lacking = dict.fromkeys(line for lines in missing_in(workspace, options.periode, today).values() for line in lines)
    if lacking:
        print("Belum lengkap:")
    for line in lacking:
        print(f"  {line}")


def _report_offices(options: argparse.Namespace) -> None:
    import time

    from publish.offices import offices_in, report_all
    from publish.words import angka

    files, began = offices_in(options.offices), time.monotonic()
    failed = _tell(report_all(files, options.periode, options.rehearsal_day), len(files))
    took = angka(f"{time.monotonic() - began:.1f}")
    print(f"Dokumen periode {options.periode}: {len(files) - len(failed)} dari {len(files)} kantor, {took} detik.")
    if failed:
        raise IkmError("OFFICES_FAILED", n=len(failed), names=", ".join(failed))


def _tell(found: Iterable[Done], count: int) -> list[str]:
    """Print a line for each office as it is done, out of `count`; return the names of those that failed."""
    from publish.words import angka

    width, failed = len(str(count)), []
    for number, done in enumerate(found, 1):
        said = f"{done.files} berkas dalam {angka(f'{done.seconds:.1f}')} detik"
        if done.fault:
            failed.append(done.name)
            said = f"GAGAL. {done.fault}"
        print(f"[{number:>{width}}/{count}] {done.name}: {said}", flush=True)
    return sorted(failed)


def _tree(options: argparse.Namespace) -> None:
    import time

    from publish.tree import write_tree
    from publish.words import angka

    began = time.monotonic()
    found = write_tree(options.offices, options.to, _tell)
    took = angka(f"{time.monotonic() - began:.1f}")
    print(
        f"Pohon {options.to}: {len(found.made)} kantor disusun, {len(found.same)} tidak berubah, "
        f"{found.removed} dihapus, {took} detik."
    )
    if found.failed:
        raise IkmError("TREE_FAILED", n=len(found.failed), names=", ".join(found.failed))


def _workbook(options: argparse.Namespace) -> None:
    from publish.documents import write_workbook

    print(f"Rekapitulasi: {write_workbook(load(options.office), options.periode)}")


def _public(options: argparse.Namespace) -> None:
    from publish.public import publish_periode

    workspace = load(options.office)
    files = publish_periode(workspace, options.periode, _today(workspace, options))
    print(f"Periode {options.periode} terbit: {workspace.public / 'index.html'} dan data terbuka, {len(files)} berkas.")


def _datasette(options: argparse.Namespace) -> None:
    from publish.datasettes import run_public, run_staff

    workspace = load(options.office)
    if options.staff:
        run_staff(workspace, options.host, options.port or 8002, options.office)
    else:
        run_public(workspace, options.host, options.port or 8001)


def _minutes(options: argparse.Namespace) -> None:
    from publish.minutes import write_minutes

    print(f"Berita acara: {write_minutes(load(options.office), options.day)}")


def _handover(options: argparse.Namespace) -> None:
    from publish.handover import write_handover

    workspace = load(options.office)
    print(f"Berkas serah terima: {write_handover(workspace, _today(workspace, options))}")


def _sign(options: argparse.Namespace) -> None:
    from publish import signing

    workspace = load(options.office)
    target = options.out or options.pdf.with_stem(f"{options.pdf.stem}-ttd")
    token = (options.pkcs11, options.token, options.key)
    if bool(options.p12) == any(token) or (any(token) and not all(token)):
        raise IkmError("SIGN_WAY")
    content = signing.read(options.pdf)
    if target.exists():
        raise IkmError("SIGN_EXISTS", file=target)
    note = {"jabatan": options.jabatan, "qr": options.qr}
    if options.p12:
        signed = signing.sign_with_file(workspace, content, options.field, options.p12, **note)
    else:
        signed = signing.sign_with_token(workspace, content, options.field, *token, **note)
    target.write_bytes(signed)
    print(f"{options.field} ditandatangani: {target}")


def _check_pdf(options: argparse.Namespace) -> None:
    from publish import signing

    if options.signed is None:
        _look_up(options)
        return
    verdict = signing.check(load(options.office), options.pdf, options.signed)
    for sentence in verdict.sentences:
        print(f"- {sentence}")
    if not verdict.ok:
        raise IkmError("PDF_REFUSED", file=options.signed)
    print("Kesimpulan: isi dokumen dan tanda tangannya cocok.")


def _look_up(options: argparse.Namespace) -> None:
    """Print whether a PDF is published; end with 1 when it is not, is replaced, or its signature does not hold."""
    from publish.document_list import look_up
    from publish.signing import read

    workspace = load(options.office)
    found, sentences = look_up(workspace.office, workspace.public, options.pdf.name, read(options.pdf))
    print("\n".join(sentences))
    if not found:
        raise SystemExit(1)


def _verify(options: argparse.Namespace) -> None:
    from textwrap import TextWrapper

    from publish.verify import verify
    from publish.verify_case import FAILS, WIDTH
    from publish.words import nama_periode

    workspace = load(options.office)
    print(
        f"Pemeriksaan {workspace.office.nama}, periode {nama_periode(options.periode)} ({options.periode})", flush=True
    )
    part, wrong = "", 0
    wrapper = TextWrapper(120, break_long_words=False, break_on_hyphens=False)  # a path stays one word, to be copied
    for line in verify(workspace, options.periode):
        if line.part != part:
            print(f"\n{line.part}")
        part, wrong = line.part, wrong + (line.state == FAILS)
        head = f"  {line.state:<{WIDTH}}"
        wrapper.initial_indent, wrapper.subsequent_indent = head, " " * len(head)
        print(wrapper.fill(line.text), flush=True)
    if wrong:
        raise IkmError("VERIFY_FAILED", id=options.periode, n=wrong)
    print("\nKesimpulan: semua yang dapat diperiksa cocok. Tidak ada yang diubah oleh pemeriksaan ini.")


def _manual(options: argparse.Namespace) -> None:
    from publish.manual import write_manual

    print(f"Buku petunjuk: {write_manual(options.to, datetime.now(UTC).date())}")


if __name__ == "__main__":
    sys.exit(main())
