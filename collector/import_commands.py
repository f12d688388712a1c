"""The commands that take files in: answers, which are stored, and recaps of other tools, which never are."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any, Final

from collector import recap_import
from collector.command import Arguments
from collector.import_map import load_map
from collector.imports import batch_name, import_paper
from collector.store import open_store
from collector.workspace import clock_of, load, office_clock
from scoring.explain import lines
from scoring.periode import tanggal
from scoring.table import printed

KINDS: Final = {
    "counts": "banyaknya jawaban per nilai",
    "sums": "jumlah nilai dan banyaknya jawaban",
    "nrr": "NRR per unsur",
}


def add_commands(commands: Any, shared: Arguments) -> None:
    """Add the commands to the parser's."""
    command = commands.add_parser("import", parents=[shared], help="take in a CSV or XLSX file of answers")
    command.add_argument("file", type=Path)
    command.add_argument("--periode", help="the periode of sheets without a date")
    command.add_argument("--layanan", help="the layanan of sheets that name none")
    command.add_argument("--map", help="google-forms, excel, or a file: the columns of another tool")
    command.add_argument("--other", action="store_true", help="they are other sheets than those of an earlier file")
    command.set_defaults(run=_import)
    command = commands.add_parser(
        "import-recap", parents=[shared], help="keep a recap of another tool beside a periode, apart from the answers"
    )
    command.add_argument("periode")
    command.add_argument("file", type=Path)
    command.add_argument("--map", required=True, help="e-sukma, e-skm, or a file: the columns of the other tool")
    command.add_argument("--printed", help="the IKM that the other tool printed, 90.56")
    command.set_defaults(run=_import_recap)


def _import(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    office = workspace.office
    periode = office.periode(options.periode) if options.periode else None
    peta = load_map(options.map) if options.map else None
    store = open_store(workspace.store, office.id)
    try:
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        given = (options.file, today, periode, options.layanan, peta)
        done = import_paper(office, store, *given, other=options.other)
    finally:
        store.close()
    if done.known_since:
        day = tanggal(date.fromisoformat(done.known_since))
        print(f"Berkas {batch_name(options.file, None)} sudah diimpor pada {day}; tidak ada yang ditambahkan.")
    else:
        print(f"{done.sheets} lembar dari {batch_name(options.file, peta)} disimpan.")


def _import_recap(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    periode = workspace.office.periode(options.periode)
    survey = workspace.office.survey_of(periode)
    today = options.rehearsal_day or office_clock(workspace.office)().date()
    recap = recap_import.read(options.file, survey.instrument, load_map(options.map))
    found = recap_import.entry(recap, survey, today, options.printed)
    file = recap_import.keep(workspace.periode_folder(periode.id), periode.id, found)
    print(f"Rekap {recap.file} dari {recap.peta.source}: {KINDS[recap.peta.kind]}.")
    print(printed(found["figures"]))
    if found["explained"]:
        print(lines(found["explained"]))
    print(f"Dicatat di {file} sebagai rekap impor; tidak masuk basis data dan tidak masuk indeks kantor.")
