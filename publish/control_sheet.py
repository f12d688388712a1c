"""Lembar pengendalian: the steps a document went through, who took each, when, and the SHA-256 of what they saw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector.workspace import Workspace
from publish import blocks, pdf
from publish.documents import CONTROL, CSS, coat_of_arms, page_style, render_prose, running, standing_prose
from publish.tables import table
from publish.words import grouped, nama_periode
from scoring.periode import tanggal

TITLE: Final = "Lembar Pengendalian"


@dataclass(frozen=True)
class ControlRow:
    """One step: what was done, in which role, by which official, at what time of the office, on which bytes."""

    step: str
    role: str
    official: str
    time: datetime
    sha256: str


def control_table(rows: Sequence[ControlRow]) -> Markup:
    """Return the steps in the order given; without any, that there are none yet."""
    if not rows:
        return Markup('<p class="kosong">Belum ada langkah yang tercatat.</p>')
    heads = ("#No.", "Langkah", "Pelaksana", "Waktu", "Sidik SHA-256")
    cells = [
        (
            number,
            row.step,
            Markup("{}<br>{}").format(row.official, row.role),
            Markup("{}<br>pukul {}").format(tanggal(row.time.date()), f"{row.time:%H.%M}"),
            Markup('<span class="sidik">{}</span>').format(grouped(row.sha256)),
        )
        for number, row in enumerate(rows, 1)
    ]
    return table("Langkah yang tercatat", heads, cells, css_class="pengendalian")


def write_control_sheet(
    workspace: Workspace,
    periode_id: str,
    rows: Sequence[ControlRow],
    day: date,
    *,
    rehearsal: bool,
    into: Path,
    edition: int = 0,
) -> Path:
    """Write the control sheet of a periode into the folder `into`; return the PDF. Edited prose is kept.

    `edition` is the frozen edition that the steps led to, 0 for none.

    Raises the PROSE_* errors and FILE_MISSING.
    """
    office = workspace.office
    prose = standing_prose(workspace.periode_folder(periode_id) / f"{CONTROL}.md", f"{CONTROL}.md")
    named: dict[str, str | Markup] = {
        "kop": blocks.kop(office, coat_of_arms(workspace)),
        "nama_kantor": office.nama,
        "periode": nama_periode(periode_id),
        "tabel_pengendalian": control_table(rows),
    }
    title = f"{TITLE} {nama_periode(periode_id)}"
    content = pdf.render(
        f"{title} - {office.nama}",
        CSS + page_style(office) + running(title, office.nama, rehearsal=rehearsal, edition=edition),
        Markup('<main class="lembar">{}</main>').format(render_prose(prose.name, prose.read_text("utf-8-sig"), named)),
        author=office.nama,
        day=day,
    )
    file = into / f"lembar-{CONTROL}.pdf"
    file.write_bytes(content)
    return file
