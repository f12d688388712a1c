"""The publication sheet as an image for the office's social media: the same words and figures on a page of 4 : 5.

The image is drawn from a PDF by poppler's pdftoppm: one small program that Debian keeps safe, in a process of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from markupsafe import Markup

from publish import pdf
from scoring.errors import IkmError

PROGRAM: Final = "pdftoppm"
WIDTH, HEIGHT = 1080, 1350  # pixels
WIDTHS: Final = (160, 172, 184, 196, 216, 240)  # millimetres of the page; on a wider one the same words look smaller
# No running lines but the state of the document.
PAGE: Final = (
    "@page{{size:{}mm {}mm;margin:13mm 9mm 7mm 9mm;@top-right{{content:none}}@bottom-left{{content:none}}"
    "@bottom-center{{content:none}}@bottom-right{{content:none}}}}"
)


@dataclass(frozen=True)
class Sheet:
    """A document ready to be drawn."""

    title: str
    css: str
    body: Markup


def social_image(sheet: Sheet, author: str, day: date) -> bytes:
    """Return the PNG (1080 x 1350 pixels) of a publication sheet; the same sheet gives the same bytes.

    It is drawn as large as all of it fits. Raises FILE_MISSING when the program that draws it is not installed, and
    IMAGE_FULL when the words do not fit.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise IkmError("FILE_MISSING", file=PROGRAM, advice="Pasang paket poppler-utils, atau ketik: make env")
    body = Markup('<div class="medsos">{}</div>').format(sheet.body)
    styles = [sheet.css + PAGE.format(width, width * HEIGHT // WIDTH) for width in WIDTHS]
    pages = _draw(program, pdf.render_on_one_page(sheet.title, styles, body, author=author, day=day))
    if len(pages) > 1:
        raise IkmError("IMAGE_FULL")
    return pages[0]


def _draw(program: str, content: bytes) -> list[bytes]:
    """Return the first two pages of a PDF as PNG."""
    size = ["-l", "2", "-scale-to-x", str(WIDTH), "-scale-to-y", str(HEIGHT)]
    with tempfile.TemporaryDirectory(prefix="ikm-gambar-") as folder:
        source = Path(folder) / "lembar.pdf"
        source.write_bytes(content)
        subprocess.run([program, "-png", *size, str(source), str(source.with_suffix(""))], check=True)
        return [file.read_bytes() for file in sorted(Path(folder).glob("*.png"))]
