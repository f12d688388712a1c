"""The demonstration: a made-up office lives through one of the four procedures, from the answers to the publication.

Everything runs through the office's own commands and over HTTP, on a rehearsal store whose day is set.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Sequence
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Final

from collector.command import Arguments, finish
from collector.workspace import Workspace
from publish.demo_answers import send_answers
from publish.demo_entries import fill_entries, fill_letter, fill_rtl, laid_out
from publish.demo_office import DATA, ROOT, Stage, made_up, step
from publish.demo_procedures import PLANS, Plan
from publish.demo_serve import Ports, serve_all
from publish.standard import after
from scoring.errors import IkmError
from scoring.office import Office

FOLDER: Final = Path(os.path.relpath(ROOT / "data" / "demo"))  # as the person who started it would write it
PAPER_PERIODE: Final = "2026-09"
WEB_PERIODE: Final = "2026-10"
SIGNED: Final = ("laporan", "rtl", "surat-pengantar")
SHEET: Final = "lembar-publikasi"
# The example asks one instrument; here the paper periode used the older one, so that the comparison must say so.
ONE_INSTRUMENT: Final = '[[instrument]]\nid = "permenpanrb-14-2017"\nfrom = 2017-05-09\n'
TWO_INSTRUMENTS: Final = (
    '[[instrument]]\nid = "permenpanrb-16-2014"\nfrom = 2014-05-02\n\n'
    '[[instrument]]\nid = "permenpanrb-14-2017"\nfrom = 2026-09-25\n'
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return 0, or 2 with one sentence on standard error."""
    parser = Arguments(prog="python -m publish.demo", description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="stop after publishing")
    parser.add_argument("--procedure", default="A", help="A, B, C or D: the procedure that the office lives through")
    parser.set_defaults(run=_run)
    return finish(parser.parse_args(arguments))


def _run(options: argparse.Namespace) -> None:
    """Run the demonstration; unless `no_serve`, keep everything open until interrupted. Raises PROCEDURE_LETTER."""
    letter = options.procedure.upper()
    plan = PLANS.get(letter)
    if plan is None and letter != "A":
        raise IkmError("PROCEDURE_LETTER", letter=options.procedure)
    ports = Ports.free()
    workspace, day = live_through(plan, ports) if plan else two_months(ports)
    if not options.no_serve:
        serve_all(workspace, ports, day)


def last_day(office: Office) -> date:
    """Return the day on which two months end, sealed up to the one before: a working day after the second periode."""
    return after(office.periode(WEB_PERIODE).selesai, 1)


def two_months(ports: Ports) -> tuple[Workspace, str]:
    """Live through two months of procedure A: fifty real paper answers, then some hundred made-up ones."""
    started = time.monotonic()
    data, stage = made_up(), Stage(FOLDER)
    step("1/7", f"Menyiapkan kantor rekaan di {FOLDER}")
    workspace = stage.build(ports, {ONE_INSTRUMENT: TWO_INSTRUMENTS})
    web = workspace.office.periode(WEB_PERIODE)
    paper_day = web.mulai.isoformat()
    report_day = last_day(workspace.office).isoformat()
    stage.publish("site", "--rehearsal-day", paper_day)
    stage.publish("paper-form", "--rehearsal-day", paper_day)
    step("2/7", f"Mengimpor lima puluh jawaban kertas untuk periode {PAPER_PERIODE}")
    stage.collect("import", str(DATA / "wonosobo-2017.csv"), "--periode", PAPER_PERIODE, "--layanan", "lainnya",
                  "--rehearsal-day", paper_day)  # fmt: skip
    stage.collect("close", PAPER_PERIODE, "--rehearsal-day", paper_day)
    step("3/7", f"Mengirim {data['answers'] + data['few']} jawaban rekaan melalui HTTP untuk periode {WEB_PERIODE}")
    send_answers(workspace, web, data)
    step("4/7", f"Menutup periode {WEB_PERIODE}")
    stage.collect("close", WEB_PERIODE, "--rehearsal-day", report_day)
    step(
        "5/7",
        "Menyusun dokumen kedua periode; petugas mengisi rtl.toml dan surat.toml, lalu prosedur kantor dijalankan",
    )
    for periode, day in ((PAPER_PERIODE, paper_day), (WEB_PERIODE, report_day)):
        folder = laid_out(workspace, periode, day)
        fill_rtl(folder, data["rtl"], "TW IV")
        fill_letter(folder, data["nomor"][periode])
        fill_entries(folder, workspace.office.periode(periode), data)
        stage.publish("report", periode, "--rehearsal-day", day)
        with redirect_stdout(io.StringIO()):
            sign_and_send(stage, folder, periode, day)
        pack = folder / "kirim" / "edisi-1"
        print(f"Edisi 1 periode {periode} diperiksa, dibekukan, ditandatangani dengan pena, dan dikirim: {pack}")
    step("6/7", "Menerbitkan halaman transparansi dan data terbuka")
    for periode, day in ((PAPER_PERIODE, paper_day), (WEB_PERIODE, report_day)):
        stage.publish("public", periode, "--rehearsal-day", day)
    print(f"[7/7] Selesai dalam {time.monotonic() - started:.0f} detik. Yang dapat dibuka:", flush=True)
    say_what_to_see(workspace, *(workspace.periode_folder(WEB_PERIODE) / f"{name}.pdf" for name in (*SIGNED, SHEET)))
    return workspace, report_day


def sign_and_send(stage: Stage, folder: Path, periode: str, day: str) -> None:
    """Walk procedure A to its end: checked, frozen, signed in ink, sent. A scan is a copy of the print."""
    when = ("--rehearsal-day", day)
    for name, role in (("susun", "staf"), ("evaluasi", "kasi"), ("evaluasi", "camat")):
        stage.publish("step", periode, name, "--by", role, *when)
    stage.publish("freeze", periode, *when)
    for document in SIGNED:
        scan = folder / "edisi-1" / f"{document}.pdf"
        stage.publish("scan", periode, "--document", document, "--file", str(scan), *when)
    stage.publish("send", periode, *when)


def live_through(plan: Plan, ports: Ports) -> tuple[Workspace, str]:
    """Live through one periode of procedure B, C or D; return the office and the day of the report."""
    started = time.monotonic()
    data, stage = made_up(), Stage(FOLDER.with_name(f"demo-{plan.letter.lower()}"))
    step("1/6", f"Menyiapkan kantor rekaan dengan prosedur {plan.letter} ({plan.procedure}) di {stage.folder}")
    workspace = stage.build(ports, plan.changes(data))
    periode = workspace.office.periode(plan.periode)
    day = after(periode.selesai, 1, workspace.office.libur).isoformat()
    for command in ("site", "paper-form"):
        stage.quietly(command, "--rehearsal-day", periode.mulai.isoformat())
    print(f"Kuesioner, poster, dan formulir kertas: {workspace.site}, {workspace.data / 'poster'}")
    step("2/6", f"Mengirim {data['answers'] + data['few']} jawaban rekaan melalui HTTP untuk periode {periode.id}")
    send_answers(workspace, periode, data)
    if plan.paper:
        print(f"  $ make import FILE={(DATA / plan.paper).relative_to(ROOT)}")
        stage.collect("import", str(DATA / plan.paper), "--rehearsal-day", day)
    step("3/6", f"Menutup periode {periode.id}")
    stage.collect("close", periode.id, "--rehearsal-day", day)
    step("4/6", "Menjalankan prosedur kantor dari konsep sampai terkirim; yang diketik tertulis sesudah tanda $")
    plan.walk(stage, workspace, day, data)
    step("5/6", "Menerbitkan halaman transparansi dan data terbuka")
    stage.publish("public", periode.id, "--rehearsal-day", day)
    print(f"[6/6] Selesai dalam {time.monotonic() - started:.0f} detik. Yang dapat dibuka:", flush=True)
    edition = workspace.periode_folder(periode.id) / "edisi-1"
    say_what_to_see(workspace, *(edition / plan.signed / f"{name}.pdf" for name in SIGNED), edition / f"{SHEET}.pdf")
    return workspace, day


def say_what_to_see(workspace: Workspace, *documents: Path) -> None:
    """Print the files that are worth opening."""
    for file in documents:
        print(f"  {file}")
    print(f"  {workspace.public / 'index.html'}")
    print(f"  {workspace.data / 'formulir-kertas.pdf'}")
    print(f"  {workspace.data / 'poster'}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
