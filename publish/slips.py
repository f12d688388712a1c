"""The tickets on paper: slips to cut, each with its QR code, its code in letters, and where it may be typed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector import qr
from collector.freeze import address
from collector.tickets import HEADER, read_lines
from publish import pdf
from scoring import ticket
from scoring.errors import IkmError
from scoring.office import Layanan, Office

CSS: Final = (Path(__file__).parent / "layout" / "tiket.css").read_text("utf-8")
ACROSS: Final = 3
A_PAGE: Final = ACROSS * 8
LONG: Final = 50  # letters of both names together, from which on they are printed smaller


@dataclass(frozen=True)
class Slip:
    """One ticket and the layanan whose page it leads to."""

    letters: str
    layanan: Layanan


def read_slips(office: Office, file: Path, layanan: str | None) -> list[Slip]:
    """Return the tickets of a file made by `python -m collector tickets`; `layanan` goes before what the file says.

    Raises FILE_MISSING, FILE_UNREADABLE, TICKET_FILE, TICKET_LAYANAN and LAYANAN_UNKNOWN.
    """
    known = {item.id: item for item in office.layanan}
    slips = []
    for number, line in enumerate(read_lines(file), 1):
        if number == 1 and line == HEADER:
            continue
        code, _, written = line.partition(",")
        letters, name = ticket.read(code), layanan or written
        if letters is None:
            raise IkmError("TICKET_FILE", file=file.name, line=number)
        if not name:
            raise IkmError("TICKET_LAYANAN", file=file.name)
        if name not in known:
            raise IkmError("LAYANAN_UNKNOWN", id=name)
        slips.append(Slip(letters, known[name]))
    if not slips:
        raise IkmError("TABLE_EMPTY", file=file.name)
    return slips


def slips_pdf(office: Office, slips: Sequence[Slip], today: date) -> bytes:
    """Return the slips as PDF, twenty-four on a sheet of A4."""
    sheets = [
        Markup('<section class="lembar">{}</section>').format(
            Markup("").join(_slip(office, slip) for slip in slips[at : at + A_PAGE])
        )
        for at in range(0, len(slips), A_PAGE)
    ]
    body = Markup("<main>{}</main>").format(Markup("").join(sheets))
    return pdf.render(f"Tiket survei - {office.nama}", CSS, body, author=office.nama, day=today)


def link(office: Office, slip: Slip) -> str:
    """Return the address in the QR code: what stands behind the # is never sent to a server."""
    return f"{address(office, slip.layanan)}#t={slip.letters}"


def write_secret(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read."""
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as out:
        out.write(content)


def _slip(office: Office, slip: Slip) -> Markup:
    where = address(office, slip.layanan).removeprefix("https://").removeprefix("http://").rstrip("/")
    return Markup(
        '<div class="tiket{}">{}<div class="isi"><p class="kantor">{}</p><p class="layanan">{}</p>'
        '<p class="cara">Pindai dengan kamera ponsel. Satu tiket untuk satu jawaban, tanpa nama.</p></div>'
        '<div class="bawah"><p class="kode">{}</p><p class="alamat">Dapat juga diketik di <b>{}</b></p></div></div>'
    ).format(
        " panjang" if len(office.nama + slip.layanan.nama) > LONG else "",
        pdf.image(qr.svg(link(office, slip)), "qr.svg", "Kode QR tiket", "qr"),
        office.nama,
        slip.layanan.nama,
        ticket.printed(slip.letters),
        where,
    )
