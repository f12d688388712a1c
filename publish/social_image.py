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
# A page of the same shape, so that nothing is cut off; no running lines but the state of the document.
PAGE: Final = (
    "@page{size:162mm 202.5mm;margin:13mm 9mm 7mm 9mm;@top-right{content:none}@bottom-left{content:none}"
    "@bottom-right{content:none}}"
)


@dataclass(frozen=True)
class Sheet:
    """A document ready to be drawn."""

    title: str
    css: str
    body: Markup


def social_image(sheet: Sheet, author: str, day: date) -> bytes:
    """Return the PNG (1080 x 1350 pixels) of a publication sheet; the same sheet gives the same bytes.

    Raises FILE_MISSING when the program that draws it is not installed.
    """
    body = sheet.body.replace('class="publikasi"', 'class="publikasi medsos"', 1)
    content = pdf.render(sheet.title, sheet.css + PAGE, body, author=author, day=day)
    program = shutil.which(PROGRAM)
    if program is None:
        raise IkmError("FILE_MISSING", file=PROGRAM, advice="Pasang paket poppler-utils, atau ketik: make env")
    size = ["-scale-to-x", str(WIDTH), "-scale-to-y", str(HEIGHT)]
    with tempfile.TemporaryDirectory(prefix="ikm-gambar-") as folder:
        source = Path(folder) / "lembar.pdf"
        source.write_bytes(content)
        target = Path(folder) / "lembar"
        subprocess.run([program, "-png", "-singlefile", *size, str(source), str(target)], check=True)
        return target.with_suffix(".png").read_bytes()
