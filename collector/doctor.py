"""Looks at everything that can go wrong with a collector; each check gives a state, a sentence and what to do."""

from __future__ import annotations

import http.client
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from collector import last_result
from collector.backup import backup_folder, backups
from collector.database import Connection
from collector.doctor_pages import examine_pages
from collector.finding import BROKEN, CARE, GOOD, Finding
from collector.retention import due
from collector.schema import names
from collector.seal import sealed_until
from collector.startup import MEMORY, NETWORK, file_system, readable_by_all, require_clock, require_own
from collector.store import reading
from collector.workspace import Workspace, clock_of, load
from scoring.errors import IkmError
from scoring.periode import tanggal

WAL_RESET: Final = ((3, 7, 0), (3, 51, 2))  # the first and the last SQLite with the bug
LARGE_WAL: Final = 16 << 20
LITTLE_SPACE: Final = (100 << 20, 1 << 30)  # below the first nothing may be stored soon, below the second look after it
OLD_BACKUP: Final = timedelta(days=2)
PROGRAMS: Final = {  # what cannot be done without it, and the package of Debian that brings it
    "pdftoppm": ("gambar lembar publikasi dan dokumen tidak dapat dibuat", "poppler-utils"),
    "zbarimg": ("kode QR pada pindaian tidak dapat dibaca", "zbar-tools"),
}
WELL: Final = b'{"status":"ok"}\n'  # what our own server says of its health
LAYERED: Final = frozenset(("overlay", "aufs"))


def examine(office_file: Path, host: str, port: int, rehearsal_day: date | None) -> Iterator[Finding]:
    """Yield every check's finding; nothing is written, and one that fails does not keep the others from running."""
    try:
        workspace = load(office_file)
    except IkmError as error:
        yield Finding(BROKEN, "office.toml", str(error))
        return
    yield Finding(GOOD, "office.toml", f"terbaca, kantor {workspace.office.nama}.")
    yield _zone(workspace)
    yield _sqlite()
    yield _programs()
    if isinstance(workspace.store, Path):
        yield from _disk(workspace, workspace.store)
    yield from _store(workspace, rehearsal_day)
    yield from examine_pages(workspace)
    yield _server(host, port)


def _zone(workspace: Workspace) -> Finding:
    try:
        ZoneInfo(workspace.office.timezone)
    except ZoneInfoNotFoundError:
        return Finding(BROKEN, "zona waktu", f"data zona {workspace.office.timezone} tidak ada. Ketik: make env")
    return Finding(GOOD, "zona waktu", f"{workspace.office.zona} ({workspace.office.timezone}).")


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if WAL_RESET[0] <= sqlite3.sqlite_version_info <= WAL_RESET[1]:
        text = "memuat kesalahan WAL-reset yang dikenal; dicegah karena hanya satu penulis, di bawah satu kunci. Jangan"
        return Finding(GOOD, "versi SQLite", f"{version} {text} menulis ke basis data dengan program lain.")
    return Finding(GOOD, "versi SQLite", f"{version}.")


def _programs() -> Finding:
    """Look for the small programs that documents need; without them answers are still taken in."""
    lacking = {name: what for name, what in PROGRAMS.items() if not shutil.which(name)}
    if not lacking:
        return Finding(GOOD, "program bantu", f"{' dan '.join(PROGRAMS)} terpasang.")
    text = "; ".join(f"{name} tidak ada, sehingga {what}" for name, (what, _) in lacking.items())
    packages = " ".join(package for _, package in lacking.values())
    return Finding(CARE, "program bantu", f"{text}. Ketik: make env, atau pasang {packages}")


def _disk(workspace: Workspace, store: Path) -> Iterator[Finding]:
    kind = file_system(workspace.data)
    if kind in NETWORK | MEMORY:
        yield Finding(BROKEN, "cakram", f"{workspace.data} terletak pada {kind}. Pindahkan ke cakram komputer ini.")
    elif kind in LAYERED:
        text = "hilang bersama wadahnya. Pasang folder data sebagai volume."
        yield Finding(CARE, "cakram", f"{workspace.data} terletak pada {kind} dan {text}")
    else:
        yield Finding(GOOD, "cakram", f"{workspace.data} terletak pada {kind or 'cakram yang tidak dikenal'}.")
    if not workspace.data.exists():
        return
    free = shutil.disk_usage(workspace.data).free
    state = BROKEN if free < LITTLE_SPACE[0] else CARE if free < LITTLE_SPACE[1] else GOOD
    advice = "" if state == GOOD else " Kosongkan cakram; tanpa ruang tidak ada jawaban yang dapat disimpan."
    yield Finding(state, "ruang cakram", f"{free >> 20} MiB bebas.{advice}")
    yield _permissions(store)
    wal = store.with_name(store.name + "-wal")
    size = wal.stat().st_size if wal.exists() else 0
    if size > LARGE_WAL:
        advice = "Ada yang membaca terus-menerus; hentikan pembaca itu, lalu jalankan ulang layanan."
        yield Finding(CARE, "berkas WAL", f"{size >> 20} MiB. {advice}")
    else:
        yield Finding(GOOD, "berkas WAL", f"{size >> 10} KiB.")


def _permissions(store: Path) -> Finding:
    try:
        require_own(store)
    except IkmError as error:
        return Finding(BROKEN, "hak akses", str(error))
    found = readable_by_all(store)
    if found:
        files = " ".join(str(file) for file in found)
        return Finding(
            CARE, "hak akses", f"jawaban dapat dibaca siapa pun pada komputer ini. Ketik: chmod o-rwx {files}"
        )
    return Finding(GOOD, "hak akses", "hanya petugas layanan yang dapat membaca dan mengubah basis data.")


def _store(workspace: Workspace, rehearsal_day: date | None) -> Iterator[Finding]:
    """Yield what the store tells; when it cannot be read, one finding says so."""
    try:
        with reading(workspace.store) as connection:
            pending = _migrations(connection, workspace)
            yield pending
            if pending.state != GOOD:
                return
            row = connection.execute("SELECT office, kind FROM store ORDER BY office = ? DESC", (workspace.office.id,))
            owner, kind = tuple(row.fetchone() or ("(kosong)", ""))
            if owner != workspace.office.id:
                raise IkmError("STORE_OTHER_OFFICE", file=workspace.store, owner=owner, office=workspace.office.id)
            meaning = "basis data uji coba" if kind == "rehearsal" else "basis data sebenarnya"
            yield Finding(GOOD, "basis data", f"{workspace.store} milik kantor ini, {meaning}.")
            now = clock_of(workspace, kind, rehearsal_day)()
            for check in (_integrity, _clock, _seals, _retention, _officials):
                yield check(connection, workspace, now)
            yield _last_result(workspace, rehearsal=kind == "rehearsal")
        yield _backup(workspace, now)
    except IkmError as error:
        yield Finding(BROKEN, "basis data", str(error))
    except sqlite3.Error as error:
        advice = "Hentikan layanan, simpan berkasnya, dan pulihkan cadangan terbaru."
        yield Finding(BROKEN, "basis data", f"tidak dapat dibaca ({error}). {advice}")


def _migrations(connection: Connection, workspace: Workspace) -> Finding:
    if not isinstance(workspace.store, Path):
        return Finding(GOOD, "susunan basis data", "diperiksa setiap kali layanan dimulai.")
    done = {name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations")}
    if newer := sorted(done - names()):
        return Finding(BROKEN, "susunan basis data", str(IkmError("STORE_NEWER", name=newer[-1])))
    if pending := sorted(names() - done):
        text = "Jalankan ulang layanan; salinan dibuat lebih dahulu."
        return Finding(CARE, "susunan basis data", f"{len(pending)} perubahan belum dijalankan ({pending[0]}). {text}")
    return Finding(GOOD, "susunan basis data", "terbaru.")


def _integrity(connection: Connection, workspace: Workspace, _now: datetime) -> Finding:
    if not isinstance(workspace.store, Path):
        return Finding(GOOD, "isi basis data", "diperiksa oleh PostgreSQL.")
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found == "ok":
        return Finding(GOOD, "isi basis data", "utuh.")
    advice = "Hentikan layanan, simpan berkasnya, dan pulihkan cadangan terbaru."
    return Finding(BROKEN, "isi basis data", f"tidak utuh ({found}). {advice}")


def _clock(connection: Connection, workspace: Workspace, now: datetime) -> Finding:
    office = workspace.office.id
    try:
        require_clock(connection, office, now.date())
    except IkmError as error:
        return Finding(BROKEN, "jam", str(error))
    (last,) = connection.execute(
        "SELECT max(day) FROM response WHERE office = ? AND hour IS NOT NULL", (office,)
    ).fetchone()
    if last is not None and now.date().isoformat() < last:
        text = f"ada jawaban bertanggal {last}, sesudah hari ini. Betulkan jam komputer, lalu ulangi."
        return Finding(BROKEN, "jam", text)
    return Finding(GOOD, "jam", f"{now:%Y-%m-%d %H.%M}, tidak mendahului atau tertinggal dari isi basis data.")


def _seals(connection: Connection, workspace: Workspace, now: datetime) -> Finding:
    until = sealed_until(connection, workspace.office.id)
    (waiting,) = connection.execute(
        "SELECT count(DISTINCT day) FROM response WHERE office = ? AND day > ? AND day < ? AND batch IS NULL",
        (workspace.office.id, until.isoformat() if until else "", (now.date() - timedelta(days=1)).isoformat()),
    ).fetchone()
    if waiting:
        return Finding(
            CARE, "segel harian", f"{waiting} hari belum disegel. Ketik: make seal, dan periksa ikm-seal.timer."
        )
    return Finding(GOOD, "segel harian", f"sampai {until}." if until else "belum ada hari yang perlu disegel.")


def _retention(connection: Connection, workspace: Workspace, now: datetime) -> Finding:
    found = due(connection, workspace.office, now.date())
    if found:
        return Finding(CARE, "retensi", f"{len(found)} kelompok habis masa simpannya. Ketik: make retention")
    return Finding(GOOD, "retensi", "tidak ada yang habis masa simpannya.")


def _officials(_connection: Connection, workspace: Workspace, now: datetime) -> Finding:
    office = workspace.office
    if vacant := office.vacant(now.date()):
        said = {"procedure": office.procedure, "roles": ", ".join(vacant), "date": tanggal(now.date())}
        return Finding(CARE, "pejabat", str(IkmError("PEJABAT_LACKING", **said)))
    return Finding(GOOD, "pejabat", f"semua peran prosedur {office.procedure} ada pejabatnya.")


def _backup(workspace: Workspace, now: datetime) -> Finding:
    if not isinstance(workspace.store, Path):
        return Finding(CARE, "cadangan", str(IkmError("BACKUP_SERVER", file=workspace.store)))
    found = backups(backup_folder(workspace))
    if not found:
        return Finding(CARE, "cadangan", str(IkmError("BACKUP_NONE", folder=backup_folder(workspace))))
    taken = datetime.fromtimestamp(found[-1].stat().st_mtime, now.tzinfo)
    if now - taken > OLD_BACKUP:
        text = "Ketik: make backup, dan periksa ikm-backup.timer."
        return Finding(CARE, "cadangan", f"yang terbaru dari {taken:%Y-%m-%d %H.%M}. {text}")
    return Finding(GOOD, "cadangan", f"{len(found)} cadangan, yang terbaru {found[-1].name}.")


def _last_result(workspace: Workspace, *, rehearsal: bool) -> Finding:
    try:
        last = last_result.read(workspace.public / last_result.FILE, workspace.office.id, rehearsal=rehearsal)
    except IkmError as error:
        return Finding(CARE, "hasil terakhir", str(error))
    text = f"periode {last.nama}, IKM {last.ikm.replace('.', ',')}." if last else "belum ada yang diterbitkan."
    return Finding(GOOD, "hasil terakhir", text)


def _server(host: str, port: int) -> Finding:
    """Ask the server for its health; one that does not run needs attention, one that is ill is broken."""
    connection, place = http.client.HTTPConnection(host, port, timeout=5), f"{host}:{port}"
    try:
        connection.request("GET", "/v1/health")
        reply = connection.getresponse()
        status, said = reply.status, reply.read(len(WELL) + 1)
    except (OSError, http.client.HTTPException):
        return Finding(CARE, "layanan", f"tidak menjawab pada {place}. Ketik: make serve, atau sebut portanya.")
    finally:
        connection.close()
    if status >= http.client.INTERNAL_SERVER_ERROR:
        return Finding(BROKEN, "layanan", f"menjawab {status} pada {place}. Jalankan ulang, lalu periksa lagi.")
    if (status, said) != (http.client.OK, WELL):
        text = f"yang menjawab pada {place} program lain. Sebut porta kuesioner, misalnya: make doctor PORT=8000"
        return Finding(CARE, "layanan", text)
    return Finding(GOOD, "layanan", f"menjawab pada {place}.")
