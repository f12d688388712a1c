"""What an office trusts: the certificates that a signer's certificate must lead to, and lists of revoked ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from scoring.errors import IkmError

CERTIFICATES: Final = (".pem", ".crt", ".cer", ".der")
REVOKED: Final = ".crl"
PEM: Final = b"-----BEGIN"


@dataclass(frozen=True)
class Anchors:
    """Trusted certificates and lists of revoked ones, each in DER."""

    certificates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


NO_ANCHORS: Final = Anchors()


def read_anchors(places: Iterable[Path]) -> Anchors:
    """Return what the files, and the files of the folders, hold: PEM or DER, a list of revoked ones ending in .crl.

    Raises FILE_MISSING and ANCHOR_INVALID.
    """
    certificates: list[bytes] = []
    crls: list[bytes] = []
    for file in _files(places):
        try:
            content = file.read_bytes()
            if file.suffix.lower() == REVOKED:
                crls.append(_crl(content))
            else:
                certificates += _certificates(content)
        except (OSError, ValueError) as error:
            raise IkmError("ANCHOR_INVALID", file=file, reason=error) from None
    return Anchors(tuple(certificates), tuple(crls))


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            yield from sorted(file for file in place.iterdir() if file.suffix.lower() in {*CERTIFICATES, REVOKED})
        elif place.exists():
            yield place
        else:
            raise IkmError("FILE_MISSING", file=place, advice="Betulkan tanda_tangan.anchors dalam office.toml.")


def _certificates(content: bytes) -> list[bytes]:
    pem = PEM in content
    found = x509.load_pem_x509_certificates(content) if pem else [x509.load_der_x509_certificate(content)]
    return [certificate.public_bytes(Encoding.DER) for certificate in found]


def _crl(content: bytes) -> bytes:
    read = x509.load_pem_x509_crl if PEM in content else x509.load_der_x509_crl
    return read(content).public_bytes(Encoding.DER)
