"""The minutes of a destruction (berita acara pemusnahan): what was destroyed on a day, by whose decision, one page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector.counting import is_rehearsal
from collector.retention import Destroyed, destroyed_on, last_destruction
from collector.store import reading
from collector.workspace import Workspace
from publish import blocks, pdf, tables
from publish.documents import CSS, PROSE, coat_of_arms, render_prose, running
from publish.words import HARI, bulat, nama_periode, rentang
from scoring.errors import IkmError
from scoring.office import Office, Pejabat
from scoring.periode import tanggal

TITLE: Final = "Berita Acara Pemusnahan"
STEM: Final = "berita-acara"
WHAT: Final = {"saran": "Saran bebas", "jawaban": "Jawaban perorangan"}
EXECUTES: Final = "kasi"


def write_minutes(workspace: Workspace, day: date | None) -> Path:
    """Write the minutes of a day, by default the last with a destruction; return the PDF. Edited prose is kept.

    Raises MINUTES_NONE, PEJABAT_MISSING and the PROSE_* errors.
    """
    office = workspace.office
    with reading(workspace.store) as connection:
        day = day or last_destruction(connection, office.id)
        done = destroyed_on(connection, office.id, day) if day else []
        rehearsal = is_rehearsal(connection, office.id)
    if day is None or not done:
        raise IkmError("MINUTES_NONE", day="hari apa pun" if day is None else tanggal(day))
    folder = workspace.data / STEM
    folder.mkdir(parents=True, exist_ok=True)
    prose = folder / f"{STEM}-pemusnahan-{day.isoformat()}.md"
    if not prose.exists():
        prose.write_text((PROSE / f"{STEM}.md").read_text("utf-8"), "utf-8")
    body = render_prose(prose.name, prose.read_text("utf-8-sig"), _values(workspace, done, day))
    content = pdf.render(
        f"{TITLE} {tanggal(day)} - {office.nama}",
        CSS + pdf.paper(office.paper) + running(f"{TITLE} · {tanggal(day)}", office.nama, rehearsal=rehearsal),
        Markup('<main class="berita-acara">{}</main>').format(body),
        author=office.nama,
        day=day,
    )
    file = prose.with_suffix(".pdf")
    file.write_bytes(content)
    return file


def _values(workspace: Workspace, done: list[Destroyed], day: date) -> dict[str, str | Markup]:
    office = workspace.office
    decides, executes = office.official(done[0].role, day), office.official(EXECUTES, day)
    return {
        "kop": blocks.kop(office, coat_of_arms(workspace)),
        "judul": blocks.minutes_head("BERITA ACARA PEMUSNAHAN DATA SURVEI"),
        "hari": HARI[day.weekday()],
        "tanggal_pemusnahan": tanggal(day),
        "nama_kantor": office.nama,
        "kabupaten": office.kabupaten,
        "tabel_pemusnahan": _table(done),
        "jabatan_pemutus": _title(decides),
        "tanda_tangan": _signatures(office, executes, decides, day),
    }


def _table(done: list[Destroyed]) -> Markup:
    rows = [
        (
            WHAT[item.due.what],
            f"{nama_periode(item.due.periode)} ({rentang(item.due.mulai, item.due.selesai)})",
            bulat(item.due.n),
            f"{bulat(item.due.kept_days)} hari",
        )
        for item in done
    ]
    heads = ("Data", "*Periode", "#Jumlah", "Masa simpan")
    return tables.table("Data yang dimusnahkan", heads, rows, css_class="kisi")


def _title(person: Pejabat) -> str:
    return f"{person.status} {person.jabatan}".strip()


def _signatures(office: Office, executes: Pejabat, decides: Pejabat, day: date) -> Markup:
    left = blocks.signature(executes, heading="Yang melaksanakan,")
    right = blocks.signature(decides, place=f"{office.tempat}, {tanggal(day)}")
    return Markup('<div class="berdampingan">{}{}</div>').format(left, right)
