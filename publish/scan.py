"""Scans of signatures in ink: which edition their pages are of, by the QR code on each.

Poppler's pdftoppm draws the pages and zbarimg reads them, each in a process of its own. What cannot be read is left to
the eye, and the journal says so.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from publish import flow, freezing
from publish.flow import Desk
from publish.stamp import Edition
from publish.verdict import ink_verdict
from scoring.errors import IkmError

DRAWS: Final = "pdftoppm"
READS: Final = "zbarimg"
SHARPNESS: Final = 200  # dots an inch, as an office's scanner makes them; the small code has three to a module then
MOST_PAGES: Final = 400
MOST_PIXELS: Final = 150_000_000  # A3 at 600 dots an inch
SIDE: Final = 5000  # pixels of the longer side that is read
SECONDS: Final = 300
AT_ONCE: Final = 2
Pages = tuple[frozenset[str], ...]


def enter_scan(desk: Desk, document: str, scan: Path, pages: Pages, role: str = "", note: str = "") -> list[str]:
    """File and enter the scan of a document that was signed in ink; return the sentences that say so.

    `pages` are what read_scan found on it, `role` is the signer's, by default the first of the step, `note` why it
    takes the place of an earlier scan. Raises what flow.enter_signature does: SIGNATURE_REFUSED for the scan of another
    edition, SCAN_PAGES for one that lacks pages, SCAN_KNOWN where there is one already.
    """
    state = desk.state
    place = state.procedure.first("sign")
    role = role or state.steps[place].step.roles[0]
    signer = flow.require_signer(desk, state, document, role, scan, note)[0].nama
    freezing.verify(desk.folder, state.frozen)
    result = freezing.edition_folder(desk.workspace, desk.periode.id, state.editions) / "result.json"
    verdict = ink_verdict(Edition.of(desk.periode.id, state.editions, result.read_bytes()), pages, signer)
    entered = flow.enter_signature(desk, document, verdict, role, scan=scan, note=note)
    return [entered, *(f"- {sentence}" for sentence in verdict.sentences)]


def read_scan(scan: Path) -> Pages:
    """Return the texts of the QR codes on each page of a scan (PDF, PNG or JPEG), in order.

    Nothing where no page can be drawn, or where the programs that draw and read are not installed. Raises FILE_MISSING.
    """
    if not scan.is_file():
        advice = "Pindai dokumen yang sudah ditandatangani, lalu sebut berkasnya."
        raise IkmError("FILE_MISSING", file=scan, advice=advice)
    if not shutil.which(READS):
        return ()
    with tempfile.TemporaryDirectory(prefix="ikm-pindaian-") as folder:
        pages = list(_drawn(scan, Path(folder)))
        with ThreadPoolExecutor(AT_ONCE) as readers:
            return tuple(readers.map(_read, pages))


def _drawn(scan: Path, folder: Path) -> Iterator[Path]:
    """Yield the pages of a scan as grey images in `folder`."""
    with scan.open("rb") as file:
        is_pdf = file.read(5) == b"%PDF-"
    if is_pdf:
        program = shutil.which(DRAWS)
        size = ["-r", str(SHARPNESS), "-gray", "-l", str(MOST_PAGES)]
        if program and _ran([program, *size, str(scan), str(folder / "hal")]) is not None:
            yield from sorted(folder.glob("hal*.pgm"))
        return
    try:
        with Image.open(scan, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > MOST_PIXELS:
                return
            grey = image.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return  # what cannot be read is compared by eye
    grey.thumbnail((SIDE, SIDE))
    grey.save(folder / "hal.pgm")
    yield folder / "hal.pgm"


def _read(page: Path) -> frozenset[str]:
    """Return the texts of the codes on a page; nothing when there is none that can be read."""
    said = _ran([READS, "--quiet", "--raw", "--set", "disable", "--set", "qrcode.enable", str(page)])
    return frozenset((said or "").splitlines())


def _ran(command: list[str]) -> str | None:
    """Return what a program printed, or None when it found nothing, failed or took too long."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace")
