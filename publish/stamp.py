"""Visible marks: the note in the place of a signature, the small QR code on every page, and how that code is read."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup

from collector import qr
from publish import pdf

CSS: Final = (Path(__file__).parent / "layout" / "stempel.css").read_text("utf-8")
TRIAL: Final = "UJI COBA"
SIGNED_BY: Final = "Ditandatangani secara elektronik oleh:"
INITIALLED_BY: Final = "Diparaf secara elektronik oleh:"
# After the #, nothing is sent to a server when a citizen scans it. Capitals and digits alone keep the code small.
EDITION: Final = re.compile(r"#E/(?P<periode>[0-9A-Z-]+)/(?P<number>[1-9][0-9]*)/(?P<sha256>[A-Z2-7]{52})")
LARGEST: Final = 7.5  # letters of a note, in points
SMALLEST: Final = 4.0
LETTER: Final = 0.58  # width of a letter, by the size of the letters
LINE: Final = 1.27  # height of a line, by the same
LEAST_QR: Final = 42  # points; a smaller place has words alone, because no telephone would read the code


@dataclass(frozen=True)
class Note:
    """What a visible signature says: who, as what, when (as printed), by whose certificate, and the text of its QR."""

    name: str
    jabatan: str = ""
    moment: str = ""
    issuer: str = ""
    qr: str = ""
    heading: str = SIGNED_BY


@dataclass(frozen=True)
class Edition:
    """One numbered edition of a periode's documents, bound to the SHA-256 (hexadecimal) of its result.json."""

    periode: str
    number: int
    sha256: str

    @classmethod
    def of(cls, periode: str, number: int, result: bytes) -> Edition:
        """Return the edition `number` (from 1) of a periode whose result.json has the bytes `result`."""
        return cls(periode, number, hashlib.sha256(result).hexdigest())


def edition_qr(address: str, edition: Edition) -> str:
    """Return the text of the QR code on every page: the office's public `address`, and the edition behind a #."""
    digest = base64.b32encode(bytes.fromhex(edition.sha256)).decode("ascii").rstrip("=")
    return f"{address}#E/{edition.periode}/{edition.number}/{digest}"


def read_edition(text: str) -> Edition | None:
    """Return the edition that a QR code names, whatever the address before it; None for any other text."""
    found = EDITION.search(text)
    if not found or found.end() != len(text):
        return None
    digest = base64.b32decode(found["sha256"] + "====").hex()
    edition = Edition(found["periode"], int(found["number"]), digest)
    # The last letter has a bit to spare: of the two texts with one meaning only ours is the edition's.
    return edition if edition_qr("", edition) == found[0] else None


def running_qr(text: str, width: int = 22) -> str:
    """Return the style that puts the QR code of `text` below every page, `width` mm wide with its white edge."""
    data = base64.b64encode(qr.svg(text)).decode("ascii")
    return (
        f'@page{{@bottom-center{{content:"";background:url("data:image/svg+xml;base64,{data}") '
        f"center/{width}mm no-repeat;height:{width}mm;width:{width}mm;margin:auto}}}}"
    )


def drawing(width: float, height: float, note: Note) -> bytes:
    """Return the note as a PDF page of `width` by `height` points, the QR code on the left if there is room for it."""
    texts = (
        ("", note.heading),
        ("nama", note.name),
        ("", note.jabatan),
        ("", note.moment),
        ("", note.issuer and f"Sertifikat elektronik: {note.issuer}"),
    )
    lines = [Markup('<p class="{}">{}</p>').format(css_class, text) for css_class, text in texts if text]
    side = height - 2
    code = pdf.image(qr.svg(note.qr), "qr.svg", "", "qr") if note.qr and height >= LEAST_QR else ""
    cell = Markup('<td class="kode" style="width:{:.2f}pt">{}</td>').format(side, code) if code else ""
    size = _letters([text for _, text in texts if text], width - (side if code else 0) - 8, side)
    page = (
        f"@page{{size:{width:.2f}pt {height:.2f}pt}}html{{font-size:{size:.1f}pt}}td{{height:{side:.2f}pt}}"
        f".qr{{display:block;margin:1pt;width:{side - 2:.2f}pt;height:{side - 2:.2f}pt}}"  # the frame stays free
    )
    body = Markup("<main><table><tr>{}<td>{}</td></tr></table></main>").format(cell, Markup("").join(lines))
    return pdf.mark(CSS + page, body)


def _letters(texts: Sequence[str], width: float, height: float) -> float:
    """Return the largest size of letters, in points, at which the wrapped texts fit; at least SMALLEST."""
    size = LARGEST
    while size > SMALLEST and sum(-(-len(text) * LETTER * size // width) for text in texts) * LINE * size > height:
        size -= 0.5
    return size
