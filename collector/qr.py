"""QR codes of the questionnaire's addresses, as SVG for print and PNG for the rest."""

from __future__ import annotations

import io

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage

QUIET_ZONE = 4  # modules, as ISO/IEC 18004 asks for


def svg(address: str) -> bytes:
    """Return the code of `address` as an SVG image with its quiet zone."""
    return _image(address, SvgPathImage)


def png(address: str) -> bytes:
    """Return the code of `address` as a PNG image with its quiet zone, ten pixels a module."""
    return _image(address, None)


def _image(address: str, factory: type[SvgPathImage] | None) -> bytes:
    # M corrects 15 % damage: a poster on a counter gets scratched.
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE, image_factory=factory)
    code.add_data(address)
    code.make(fit=True)
    buffer = io.BytesIO()
    code.make_image().save(buffer)
    return buffer.getvalue()
