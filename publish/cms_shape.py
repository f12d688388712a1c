"""The parts of a signature that its own digest does not cover: they have to be as the standard writes them.

A signature proves the document and its signed attributes. What stands beside them in the CMS (version numbers, other
people's certificates, padding) could be changed without breaking it; RFC 5652 leaves one way to write most of it, and
certificates prove each other. One thing has two spellings and may change: the RSA of a time stamp, with its digest or
without.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Sequence
from typing import Any, Final

from asn1crypto import cms, parser
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature

HEX: Final = re.compile(rb"[0-9a-f]+|[0-9A-F]+")  # one way of writing, not both
NONE: Final = (b"", b"\x05\x00")  # a digest has no parameters, or says so
STAMP: Final = "signature_time_stamp_token"
UNREADABLE_CERTIFICATE: Final = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
BROKEN: Final = (ValueError, TypeError, LookupError, AttributeError, *UNREADABLE_CERTIFICATE)


class ShapeError(ValueError):
    """Says in Indonesian what is not as it has to be."""


def contents_of(signed: bytes, byte_range: Sequence[int]) -> bytes:
    """Return the CMS that stands in the gap of a /ByteRange. Raises ShapeError for holes, blanks and loose ends."""
    if len(byte_range) != 4 or byte_range[0] != 0:
        raise ShapeError("jangkauan tanda tangan tidak dimulai dari awal berkas")
    start, end = int(byte_range[1]), int(byte_range[2])
    if not 0 < start < end <= end + int(byte_range[3]) <= len(signed):
        raise ShapeError("jangkauan tanda tangan melewati akhir berkas")
    gap = signed[start:end]
    if gap[:1] != b"<" or gap[-1:] != b">" or not HEX.fullmatch(gap[1:-1]) or len(gap) % 2:
        raise ShapeError("di dalam celah tanda tangan ada tulisan lain")
    whole = bytes.fromhex(gap[1:-1].decode("ascii"))
    try:
        length = parser.peek(whole)
    except ValueError:
        raise ShapeError("tanda tangan tidak terbaca") from None
    if any(whole[length:]):
        raise ShapeError("di belakang tanda tangan ada sisipan")
    return whole[:length]


def check_shape(content: bytes, known: Sequence[bytes]) -> None:
    """Raise ShapeError unless the CMS is written as RFC 5652 has it and its certificates prove each other.

    `known` are certificates in DER that stand elsewhere in the file or among the anchors.
    """
    try:
        _check(cms.ContentInfo.load(content, strict=True), known)
    except ShapeError:
        raise
    except BROKEN as error:
        raise ShapeError(f"tanda tangan tidak terbaca ({type(error).__name__})") from None


def certificates_in(content: bytes) -> list[bytes]:
    """Return the certificates that a CMS and its time stamp carry, in DER. Raises ShapeError."""
    try:
        signed = cms.ContentInfo.load(content, strict=True)["content"]
        found = [choice.chosen.dump() for choice in signed["certificates"]]
        for token in _tokens(signed["signer_infos"][0]):
            found += [choice.chosen.dump() for choice in token["content"]["certificates"]]
    except BROKEN as error:
        raise ShapeError(f"tanda tangan tidak terbaca ({type(error).__name__})") from None
    return found


def _check(info: Any, known: Sequence[bytes]) -> None:
    signed = info["content"]
    if len(signed["signer_infos"]) != 1:
        raise ShapeError("tanda tangan harus dari tepat satu orang")
    signer = signed["signer_infos"][0]
    if not all(_is_full(part) for part in (info, signed, signer)):
        raise ShapeError("di dalam tanda tangan ada sisipan")
    plain = signed["encap_content_info"]["content_type"].native == "data"
    by_key = signer["sid"].name == "subject_key_identifier"
    expected = ("v1" if plain and not by_key else "v3", "v3" if by_key else "v1")
    if (signed["version"].native, signer["version"].native) != expected:
        raise ShapeError("nomor versi tanda tangan tidak sesuai dengan isinya")
    algorithms = [*signed["digest_algorithms"], signer["digest_algorithm"]]
    names = {item["algorithm"].dotted for item in algorithms}
    if len(algorithms) != 2 or len(names) != 1 or any(item["parameters"].dump() not in NONE for item in algorithms):
        raise ShapeError("algoritma tanda tangan tidak sesuai dengan isinya")
    embedded = [choice.chosen.dump() for choice in signed["certificates"]]
    if not by_key and signer["sid"].chosen.dump() not in [_issuer_and_serial(content) for content in embedded]:
        raise ShapeError("nama di dalam tanda tangan tidak sama dengan nama di dalam sertifikatnya")
    _check_certificates(embedded, known)
    for token in _tokens(signer):
        _check(token, [*known, *embedded])


def _is_full(part: Any) -> bool:
    """Say whether the fields that the standard knows fill the part to its last byte."""
    return bool(b"".join(part[name].dump() for name in part) == part.contents)


def _issuer_and_serial(content: bytes) -> bytes:
    """Return how a signature names this certificate, letter by letter; readers overlook capitals."""
    certificate = asn1_x509.Certificate.load(content)
    named = {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
    whole: bytes = cms.IssuerAndSerialNumber(named).dump()
    return whole


def _tokens(signer: Any) -> Iterable[Any]:
    """Yield the time stamp token of a signature; anything else unsigned has no place there."""
    unsigned = signer["unsigned_attrs"]
    for attribute in unsigned or ():
        if attribute["type"].native != STAMP or len(unsigned) != 1 or len(attribute["values"]) != 1:
            raise ShapeError("ada keterangan yang tidak ikut ditandatangani")
        yield attribute["values"][0]


def _check_certificates(embedded: Sequence[bytes], known: Sequence[bytes]) -> None:
    """Every certificate stands elsewhere too, or is issued by one that is known: a changed copy is neither."""
    with warnings.catch_warnings(action="ignore"):  # of cryptography, on names with odd countries
        issuers = [x509.load_der_x509_certificate(content) for content in (*known, *embedded)]
        for content in embedded:
            certificate = x509.load_der_x509_certificate(content)
            if content not in known and not any(_issued(certificate, issuer) for issuer in issuers):
                raise ShapeError("ada sertifikat yang asalnya tidak dapat diperiksa")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
