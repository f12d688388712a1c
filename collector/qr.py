"""QR codes of the questionnaire's addresses, as SVG for print and PNG for the rest."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any, Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M, ERROR_CORRECT_Q
from qrcode.image.svg import SvgPathFillImage

QUIET_ZONE: Final = 4  # modules, as ISO/IEC 18004 asks for
# A cheap phone's preview (1280 pixels over some 60 degrees) sees two pixels of it from eighty centimetres.
LEAST_MODULE: Final = 1.5  # millimetres
INK: Final = "#000000"
REHEARSAL_INK: Final = "#a3261f"  # a code that counts for nothing is red: dark enough for every scanner


class _RehearsalImage(SvgPathFillImage):
    QR_PATH_STYLE = {**SvgPathFillImage.QR_PATH_STYLE, "fill": REHEARSAL_INK}  # noqa: RUF012  # as the library has it


def svg(address: str, millimetres: int = 0, *, rehearsal: bool = False) -> bytes:
    """Return the code of `address` as an SVG image on white with its quiet zone.

    `millimetres` is the width it will be printed at, quiet zone included; 0 where that is not known.
    """
    image = _code(address, millimetres).make_image(_RehearsalImage if rehearsal else SvgPathFillImage)
    buffer = io.BytesIO()
    image.save(buffer)
    return buffer.getvalue()


def png(address: str, *, rehearsal: bool = False) -> bytes:
    """Return the code of `address` as a PNG image with its quiet zone, ten pixels a module."""
    image = _code(address, 0).make_image(fill_color=REHEARSAL_INK if rehearsal else INK)
    buffer = io.BytesIO()
    image.save(buffer)
    return buffer.getvalue()


def modules(address: str, correction: int) -> int:
    """Return how many modules wide the code is, quiet zone included."""
    return _make(address, correction).modules_count + 2 * QUIET_ZONE


def _code(address: str, millimetres: int) -> qrcode.QRCode[Any]:
    """Return the code with the correction that fits its size.

    Q repairs 25 % of damage, and a poster hangs for months, is scratched and fades; but it needs more and so smaller
    modules. Where these would be too small to be seen from some way off, and on a slip that is scanned once from near,
    M (15 %) with its larger modules is read more easily.
    """
    if millimetres and millimetres >= LEAST_MODULE * modules(address, ERROR_CORRECT_Q):
        return _make(address, ERROR_CORRECT_Q)
    return _make(address, ERROR_CORRECT_M)


@lru_cache(maxsize=64)  # a code is drawn in several sizes and kinds, and to find its pattern takes longest
def _make(address: str, correction: int) -> qrcode.QRCode[Any]:
    code = qrcode.QRCode(error_correction=correction, border=QUIET_ZONE)
    code.add_data(address)
    code.make(fit=True)
    return code
