"""The pack for a change of officials: who holds what, what is due, what is open, and whether a backup restores."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector import backup
from collector.counting import is_rehearsal
from collector.restoring import newest, restore_test
from collector.store import reading
from collector.workspace import Workspace
from publish import blocks, complaints, followup, pdf
from publish.analysis import unsur_names
from publish.documents import CSS, coat_of_arms, page_style, render_prose, running, standing_prose
from publish.last_result import due_day
from publish.rtl import Rencana
from publish.tables import table
from publish.words import NONE
from scoring import periode as periods
from scoring.errors import IkmError
from scoring.office import ROLES
from scoring.periode import Periode, containing, tanggal

STEM: Final = "serah-terima"
TITLE: Final = "Berkas Serah Terima"
DONE: Final = "selesai"  # as rtl.toml and aduan.toml write it
AHEAD: Final = 3  # periode whose deadlines are listed
MONTHS_BACK: Final = 400  # days in which a promise or complaint may still be open


def write_handover(workspace: Workspace, today: date) -> Path:
    """Write the pack of `today` and return its PDF; edited prose is kept. The newest backup is restored for it.

    Raises PEJABAT_MISSING, STORE_MISSING, the PROSE_* errors, and KEY_* when a file of a periode cannot be read.
    """
    office = workspace.office
    with reading(workspace.store) as connection:
        rehearsal = is_rehearsal(connection, office.id)
    folder = workspace.data / STEM
    folder.mkdir(parents=True, exist_ok=True)
    prose = standing_prose(folder / f"{STEM}-{today.isoformat()}.md", f"{STEM}.md")
    named: dict[str, str | Markup] = {
        "kop": blocks.kop(office, coat_of_arms(workspace)),
        "judul": blocks.minutes_head(TITLE.upper()),
        "nama_kantor": office.nama,
        "tanggal_dokumen": tanggal(today),
        "tabel_pejabat": _officials(workspace, today),
        "tabel_tenggat": _deadlines(workspace, today),
        "tabel_rtl_terbuka": _open_promises(workspace, today),
        "tabel_aduan_terbuka": _open_complaints(workspace, today),
        "tabel_perangkat": _restored(workspace, today),
        "tanda_tangan": _signatures(workspace, today),
    }
    content = pdf.render(
        f"{TITLE} {tanggal(today)} - {office.nama}",
        CSS + page_style(office) + running(f"{TITLE} · {tanggal(today)}", office.nama, rehearsal=rehearsal),
        Markup('<main class="serah">{}</main>').format(render_prose(prose.name, prose.read_text("utf-8-sig"), named)),
        author=office.nama,
        day=today,
    )
    file = prose.with_suffix(".pdf")
    file.write_bytes(content)
    return file


def _officials(workspace: Workspace, today: date) -> Markup:
    """Return who holds each role on the day, and until when; a role that nobody holds is said to be vacant."""
    rows: list[tuple[str, ...]] = []
    for role, name in ROLES.items():
        holders = [person for person in workspace.office.pejabat if person.role == role]
        if not holders:
            continue
        if not any(person.since <= today <= person.until for person in holders):
            rows.append((name, "kosong", "", ""))
            continue
        person = workspace.office.official(role, today)
        until = "tidak ditentukan" if person.until == date.max else tanggal(person.until)
        rows.append((name, f"{person.status} {person.jabatan}".strip(), person.nama, until))
    return table("Pemegang peran", ("Peran", "Jabatan", "*Nama", "Sampai dengan"), rows)


def _deadlines(workspace: Workspace, today: date) -> Markup:
    """Return the periode that is open and those after it, with the first day on which each can be closed."""
    office = workspace.office
    rows = []
    coming = containing(today, office.cut, office.report_day)
    for _ in range(AHEAD):
        following = coming.selesai + timedelta(days=1)
        rows.append((coming.nama, periods.rentang(coming.mulai, coming.selesai), tanggal(following)))
        coming = containing(following, office.cut, office.report_day)
    return table("Periode berikutnya", ("Periode", "*Jawaban diterima", "Ditutup dan dilaporkan mulai"), rows)


def _recent(workspace: Workspace, today: date) -> Iterator[tuple[Periode, Path]]:
    """Yield the periode of about the last year that have a result, oldest first."""
    found = []
    for file in (workspace.data / "periode").glob("*/result.json"):
        periode = workspace.office.periode(file.parent.name)
        if today - timedelta(days=MONTHS_BACK) <= periode.selesai <= today:
            found.append((periode, file.parent))
    yield from sorted(found, key=lambda item: (item[0].selesai, item[0].mulai))


def _open_promises(workspace: Workspace, today: date) -> Markup:
    """Return every promise that no later periode reported as kept."""
    rows: list[tuple[str, ...]] = []
    for periode, folder in _recent(workspace, today):
        names = unsur_names(json.loads((folder / "result.json").read_text("utf-8")))
        kept = followup.kept(workspace, periode)
        rows += [
            (periode.nama, names[plan.unsur], plan.kegiatan, plan.penanggung_jawab, _due(plan, periode))
            for plan in followup.promises(folder, names)
            if plan.unsur not in kept and plan.status != DONE
        ]
    if not rows:
        return Markup("<p>Tidak ada rencana tindak lanjut yang terbuka.</p>")
    heads = ("Periode", "Unsur", "*Rencana tindak lanjut", "Penanggung jawab", "Jatuh tempo")
    return table("Rencana tindak lanjut yang terbuka", heads, rows)


def _due(plan: Rencana, periode: Periode) -> str:
    """Return the last day of the quarters promised, or a dash where none was."""
    day = due_day(plan.waktu, periode.selesai)
    return tanggal(day).replace(" ", "\N{NO-BREAK SPACE}") if day else NONE


def _open_complaints(workspace: Workspace, today: date) -> Markup:
    """Return every complaint whose answer is not finished."""
    rows: list[tuple[str, ...]] = []
    for periode, folder in _recent(workspace, today):
        saran, aduan = folder / complaints.SARAN, folder / complaints.ADUAN
        if saran.exists():
            tags = complaints.tagged(saran)
            themes = complaints.parse_saran(saran.name, saran.read_text("utf-8-sig"), 0, tags).aduan
            rows += [
                (periode.nama, "Survei", tema.nama, tema.answer.tindak_lanjut, tema.answer.status or "belum")
                for tema in themes
                if tema.answer.status != DONE
            ]
        if aduan.exists():
            register = complaints.parse_register(aduan.name, aduan.read_text("utf-8-sig"), periode)
            rows += [
                (periode.nama, item.saluran, item.isi, item.answer.tindak_lanjut, item.answer.status or "belum")
                for item in register.aduan
                if item.answer.status != DONE
            ]
    if not rows:
        return Markup("<p>Tidak ada aduan yang terbuka.</p>")
    return table("Aduan yang terbuka", ("Periode", "Asal", "*Aduan", "Tindak lanjut", "Status"), rows)


def _restored(workspace: Workspace, today: date) -> Markup:
    """Return where data and backups lie, and what the restore test of the day found."""
    folder = backup.backup_folder(workspace)
    rows = [("Basis data", str(workspace.store)), ("Folder cadangan", str(folder))]
    try:
        file = newest(folder)
        checks = list(restore_test(workspace, file))
        state = "baik" if all(check.good for check in checks) else "RUSAK"
        found = "; ".join(check.text for check in checks)
        rows.append((f"Uji pemulihan {tanggal(today)}", f"{state}: {file.name}; {found}"))
    except IkmError as error:
        rows.append((f"Uji pemulihan {tanggal(today)}", f"tidak dapat dijalankan: {error}"))
    return table("Data dan cadangan", ("Perangkat", "*Keadaan"), rows)


def _signatures(workspace: Workspace, today: date) -> Markup:
    office = workspace.office
    dots = Markup('<span class="titik"></span>')
    sides = [
        Markup('<div class="tanda-tangan"><p>{},</p><div class="ruang"></div><p>Nama {}</p><p>NIP {}</p></div>').format(
            heading, dots, dots
        )
        for heading in ("Yang menyerahkan", "Yang menerima")
    ]
    camat = blocks.signature(office.official("camat", today), f"{office.tempat}, {tanggal(today)}", "Mengetahui,")
    return Markup('<div class="berdampingan">{}</div>{}').format(Markup("").join(sides), camat)
