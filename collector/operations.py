"""The commands that keep a collector running: backup, restore-test, doctor, outages, retention, rehearsal, batches."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from collector import backup, doctor, entri_list, retention
from collector.command import Arguments
from collector.finding import BROKEN
from collector.outage import outages
from collector.rehearsal import prepare_rehearsal
from collector.restoring import newest, restore_test
from collector.store import open_store, reading
from collector.workspace import Workspace, clock_of, load, office_clock
from scoring.errors import IkmError
from scoring.office import ROLES
from scoring.periode import rentang, tanggal


def add_commands(commands: Any, shared: Arguments) -> None:
    """Add the commands to the parser's."""
    command = commands.add_parser("backup", parents=[shared], help="copy the store while the server runs")
    command.add_argument("--to", type=Path, help="another folder than office.toml names; nothing is removed there")
    command.set_defaults(run=_backup)
    command = commands.add_parser("restore-test", parents=[shared], help="restore the newest backup and count it again")
    command.add_argument("--from", dest="source", type=Path, help="another folder than office.toml names")
    command.set_defaults(run=_restore_test)
    command = commands.add_parser(
        "doctor", parents=[shared], help="check everything; exit code 0 when nothing is broken"
    )
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8000)
    command.set_defaults(run=_doctor)
    command = commands.add_parser("outages", parents=[shared], help="print the minutes not reachable in a periode")
    command.add_argument("periode")
    command.set_defaults(run=_outages)
    command = commands.add_parser("retention", parents=[shared], help="show, or destroy, what has had its time")
    command.add_argument("--destroy", action="store_true")
    command.add_argument("--by", choices=ROLES, help="who decides it")
    command.set_defaults(run=_retention)
    command = commands.add_parser(
        "rehearsal", parents=[shared], help="prepare an office to rehearse with, apart from the real one"
    )
    command.set_defaults(run=_rehearsal)
    entri_list.add_command(commands, shared)


def _backup(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    folder = options.to or backup.backup_folder(workspace)
    file = _back_up(workspace, folder)
    gone = [] if options.to else backup.prune(folder, workspace.office.cadangan.simpan, file)
    old = f" {len(gone)} cadangan terlama dihapus." if gone else ""
    print(f"Cadangan {file} selesai dan utuh; sidiknya di {backup.checksum_file(file).name}.{old}")
    print(
        f"Isinya jawaban saja. Salin sendiri {options.office} dan folder {workspace.data / 'periode'} ke cakram lain."
    )


def _back_up(workspace: Workspace, folder: Path) -> Path:
    return backup.take(workspace, office_clock(workspace.office)(), folder)


def _restore_test(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    file = newest(options.source or backup.backup_folder(workspace))
    print(f"Uji pemulihan {file}:")
    good = True
    for check in restore_test(workspace, file):
        good &= check.good
        print(f"  {'baik ' if check.good else 'RUSAK'}  {check.text}", flush=True)
    if not good:
        raise IkmError("RESTORE_BROKEN", file=file)


def _doctor(options: argparse.Namespace) -> None:
    broken = 0
    for finding in doctor.examine(options.office, options.host, options.port, options.rehearsal_day):
        broken += finding.state == BROKEN
        print(f"{finding.state:16} {finding.name}: {finding.text}", flush=True)
    if broken:
        raise IkmError("DOCTOR_BROKEN", n=broken)


def _outages(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    periode = workspace.office.periode(options.periode)
    found = outages(workspace, periode, office_clock(workspace.office)())
    if found is None:
        print(f"Buku gangguan belum memuat periode {periode.nama}.")
        return
    for first, last in found.spans:
        print(f"  {tanggal(first.date())} {first:%H.%M} sampai {last:%H.%M}")
    print(
        f"Periode {periode.nama}: {found.minutes} menit tidak dapat dijangkau pada jam layanan, dicatat sejak "
        f"{tanggal(found.since.date())} {found.since:%H.%M}."
    )


def _retention(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    if not options.destroy:
        _show_due(workspace, options)
        return
    if options.by is None:
        raise IkmError("KEY_MISSING", file="make destroy", key="BY", near="")
    store = open_store(workspace.store, workspace.office.id)
    try:
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        done = retention.destroy(store, workspace.office, options.by, today)
    finally:
        store.close()
    for item in done:
        print(f"  {item.n} {item.what} periode {item.periode} dimusnahkan")
    folder = backup.backup_folder(workspace)
    old = [*backup.backups(folder), *retention.copies(workspace)]
    if not done and not _hold_destroyed(workspace, old):
        print("Tidak ada yang habis masa simpannya.")
        return
    _back_up(workspace, folder)
    backup.forget(old)
    print(f"  {len(old)} cadangan dan salinan lama di komputer ini dihapus, satu cadangan baru dibuat")
    print(f"Berita acara: ketik make minutes DAY={today.isoformat()}")


def _hold_destroyed(workspace: Workspace, old: list[Path]) -> bool:
    """Say whether a copy is older than the last destruction: a run before this one did not come to its end."""
    with reading(workspace.store) as connection:
        day = retention.last_destruction(connection, workspace.office.id)
        if day is None:
            return False
        (n,) = connection.execute("SELECT count(*) FROM destruction").fetchone()
    return any(retention.destructions_in(file) < n for file in old)


def _show_due(workspace: Workspace, options: argparse.Namespace) -> None:
    store = open_store(workspace.store, workspace.office.id)
    try:
        today = clock_of(workspace, store.kind(), options.rehearsal_day)().date()
        with store.reading() as connection:
            found = retention.due(connection, workspace.office, today)
    finally:
        store.close()
    for item in found:
        days = rentang(date.fromisoformat(item.mulai), date.fromisoformat(item.selesai))
        print(f"  {item.n} {item.what} periode {item.periode} ({days}), masa simpan {item.kept_days} hari")
    print(f"{len(found)} kelompok habis masa simpannya." + (" Ketik: make destroy BY=camat" if found else ""))


def _rehearsal(options: argparse.Namespace) -> None:
    office_file = prepare_rehearsal(options.office)
    print(f"Kantor gladi siap. Ketik: make site OFFICE={office_file}, dan sebut OFFICE itu pada setiap perintah.")
