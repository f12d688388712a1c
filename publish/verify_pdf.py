"""Checks a signed PDF against the frozen one: bytes in, a verdict out. Offline unless fetching is allowed.

pyHanko is known here, in `trust.py` and in `sign.py`, and nowhere else. A file holds only if its first bytes are the
frozen file, its updates are signatures and nothing else, the last signature covers the whole, and every signer is
trusted.
"""

from __future__ import annotations

import asyncio
import io
import logging
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator.errors import PathError, ValidationError

from publish.anchors import Anchors
from publish.cms_shape import UNREADABLE_CERTIFICATE, ShapeError, certificates_in, check_shape, contents_of
from publish.pdf_fields import FINAL, INITIALS, description
from publish.trust import Distrust, Judge
from publish.verdict import CERTIFICATE, IMPORTED, Verdict, judged, refused

# What a broken or hostile file makes the reader raise. Its verdict is a refusal, whatever was raised.
BROKEN: Final = (
    *(PdfError, ValidationError, PathError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError),
    *(AssertionError, RecursionError, NotImplementedError, OSError, struct.error, zlib.error),
    *(UnsupportedAlgorithm, *UNREADABLE_CERTIFICATE),
)
ROOM: Final = 40.0  # points by which a mark set elsewhere may stand beyond the place for it
STAMP_TYPE: Final = "/DocTimeStamp"
for _library in ("pyhanko", "pyhanko_certvalidator"):  # what it finds is in the verdict, not on the clerk's screen
    logging.getLogger(_library).addHandler(logging.NullHandler())


def verify(
    frozen: bytes,
    signed: bytes,
    anchors: Anchors,
    *,
    required: str = FINAL,
    expected: Mapping[str, str] | None = None,
    zone: tzinfo = UTC,
    moment: datetime | None = None,
    fetch: bool = False,
) -> Verdict:
    """Return whether `signed` is `frozen` with valid signatures of trusted people behind it, and nothing else.

    `required` is the field that has to be signed by now; the last one may instead stand in a field that another
    program brought along. `expected` names the person of each field as office.toml has it; a field that is not named
    there may be signed by anyone whom the anchors trust. `moment` (aware) stands for now. Nothing is fetched unless
    `fetch`. Never raises for what a file contains.
    """
    try:
        reader = _opened(frozen, signed)
        embedded = _embedded(reader)
        _check_bytes(reader, embedded, signed, anchors)
        kind = _check_fields(frozen, reader, embedded, required)
        _check_changes(frozen, signed, reader, embedded, kind)
        judge = Judge(anchors, moment or datetime.now(UTC), fetch)
        people = tuple(asyncio.run(judge.all(embedded, expected or {})))
    except (ShapeError, Distrust) as error:
        return refused(f"Berkas ini tidak diterima: {error}.")
    except BROKEN as error:
        return refused(f"Berkas ini tidak dapat dibaca sebagai PDF yang ditandatangani ({type(error).__name__}).")
    return judged(kind, people, zone)


def _opened(frozen: bytes, signed: bytes) -> PdfFileReader:
    """Return a reader of the signed file. Raises ShapeError unless the frozen file is its first part."""
    if signed == frozen:
        raise ShapeError("belum ada tanda tangan di dalamnya")
    if not signed.startswith(frozen):
        raise ShapeError(
            "isinya bukan dokumen yang dibekukan; mungkin edisi lain, atau disimpan ulang oleh program lain"
        )
    reader = PdfFileReader(io.BytesIO(signed), strict=True)
    if reader.encrypted or reader.xrefs.hybrid_xrefs_present:
        raise ShapeError("berkas disandikan atau memakai dua daftar isi")
    return reader


def _embedded(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """Return every signature and document time stamp in the order in which they were added."""
    embedded: list[EmbeddedPdfSignature] = reader.embedded_signatures
    if len(embedded) != len(list(enumerate_sig_fields(reader, filled_status=True))):
        raise ShapeError("ada tanda tangan dengan jenis yang tidak dikenal")
    if not _people(embedded):
        raise ShapeError("belum ada tanda tangan di dalamnya")
    return embedded


def _people(embedded: Sequence[EmbeddedPdfSignature]) -> list[EmbeddedPdfSignature]:
    return [item for item in embedded if item.sig_object_type != STAMP_TYPE]


def _check_bytes(
    reader: PdfFileReader, embedded: Sequence[EmbeddedPdfSignature], signed: bytes, anchors: Anchors
) -> None:
    """Every signature is in order byte by byte, and what it covers has not changed since."""
    contents = [contents_of(signed, item.byte_range) for item in embedded]
    known = [*anchors.certificates, *_stored(reader)]
    every = [found for content in contents for found in certificates_in(content)]
    for item, content in zip(reversed(embedded), reversed(contents), strict=True):
        if not item.pkcs7_content.startswith(content):
            raise ShapeError("tanda tangan yang dibaca bukan yang tertulis")
        item.compute_integrity_info(skip_diff=True)  # type: ignore[no-untyped-call]
        if not _digest_holds(item):
            raise ShapeError("isinya berubah sesudah ditandatangani")
        check_shape(content, [*known, *(found for found in every if found not in certificates_in(content))])


def _stored(reader: PdfFileReader) -> list[bytes]:
    """Return the certificates in the document's store of validation data, in DER."""
    try:
        return [found.dump() for found in DocumentSecurityStore.read_dss(reader).load_certs()]
    except NoDSSFoundError:
        return []


def _digest_holds(item: EmbeddedPdfSignature) -> bool:
    """Say whether the digest of the covered bytes is the one that was signed."""
    digest = item.compute_digest()
    if item.sig_object_type == STAMP_TYPE:
        info = item.signed_data["encap_content_info"]["content"].parsed
        return bool(info["message_imprint"]["hashed_message"].native == digest)
    attributes = {entry["type"].native: entry["values"] for entry in item.signer_info["signed_attrs"]}
    return bool(attributes["message_digest"][0].native == digest)


def _check_fields(frozen: bytes, reader: PdfFileReader, embedded: Sequence[EmbeddedPdfSignature], required: str) -> str:
    """Return the kind: signed in the fields of the document, or in one that another program brought along.

    Raises ShapeError for a field too many, a field too few, a wrong order, or a mark outside its place.
    """
    before = PdfFileReader(io.BytesIO(frozen), strict=True)
    ours = {name: field for name, _, field in enumerate_sig_fields(before)}
    names = [item.field_name for item in _people(embedded)]
    foreign = [name for name in names if name not in ours]
    kind = IMPORTED if foreign and FINAL not in names else CERTIFICATE
    if foreign and kind == CERTIFICATE:
        raise ShapeError(f"ada tanda tangan di luar tempat yang disediakan ({', '.join(foreign)})")
    if required not in names and not (required == FINAL and foreign):
        raise ShapeError(f"{required} belum ditandatangani")
    turns = {name: place for place, name in enumerate((*INITIALS, FINAL))}
    order = [turns.get(name, len(INITIALS)) for name in names]
    if order != sorted(order):
        raise ShapeError(f"urutan tanda tangan salah: {', '.join(names)}")
    _check_places(reader, {name: field.get_object() for name, field in ours.items()})
    return kind


def _check_places(reader: PdfFileReader, ours: Mapping[str, Any]) -> None:
    """A mark that another program brought along stands on the place for it and covers nothing else."""
    allowed = [float(edge) for edge in ours[FINAL]["/Rect"]] if FINAL in ours else [0.0] * 4
    home = ours[FINAL].raw_get("/P").reference if FINAL in ours else None
    for name, _, field in enumerate_sig_fields(reader):
        if name in ours:
            continue
        widget = field.get_object()
        for item in [kid.get_object() for kid in widget.get("/Kids", ())] or [widget]:
            left, bottom, right, top = (float(edge) for edge in item.get("/Rect", (0, 0, 0, 0)))
            if left == right or bottom == top:
                continue
            inside = allowed[0] - ROOM <= min(left, right) and max(left, right) <= allowed[2] + ROOM
            inside = inside and allowed[1] - ROOM <= min(bottom, top) and max(bottom, top) <= allowed[3] + ROOM
            if not inside or allowed[0] == allowed[2] or "/P" not in item or item.raw_get("/P").reference != home:
                raise ShapeError(f"tanda {name} menutupi bagian dokumen; letakkan pada tempat tanda tangan (#)")


def _check_changes(
    frozen: bytes, signed: bytes, reader: PdfFileReader, embedded: Sequence[EmbeddedPdfSignature], kind: str
) -> None:
    """Every update since the frozen file, and since each signature, is a signature or its validation data."""
    before = PdfFileReader(io.BytesIO(frozen), strict=True).xrefs
    base = before.total_revisions - 1
    after = reader.xrefs
    same = all(
        after.get_startxref_for_revision(revision) == before.get_startxref_for_revision(revision)
        for revision in range(base + 1)
    )
    if after.total_revisions <= base + 1 or not same:
        raise ShapeError("isinya diganti dengan dokumen lain di belakang dokumen beku")
    results: list[Any] = [DEFAULT_DIFF_POLICY.review_file(reader, base)]
    for item in embedded:
        item.compute_integrity_info()  # type: ignore[no-untyped-call]
        results.append(item.diff_result)
        if item.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION:
            raise ShapeError(f"tanda tangan {item.field_name} tidak mencakup seluruh dokumen")
    for result in results:
        if not isinstance(result, DiffResult) or result.modification_level > ModificationLevel.FORM_FILLING:
            raise ShapeError("sesudah dibekukan ada perubahan selain tanda tangan")
    if description(frozen) != description(signed):
        raise ShapeError("judul atau keterangan berkas diubah")
    last = embedded[-1]
    whole = last.coverage == SignatureCoverageLevel.ENTIRE_FILE
    # Other programs write their validation data behind the signature; what is no update at all is nobody's.
    behind = (
        kind == IMPORTED and last.signed_revision < after.total_revisions - 1 and signed.rstrip().endswith(b"%%EOF")
    )
    if not whole and (not behind or results[-1].modification_level > ModificationLevel.LTA_UPDATES):
        raise ShapeError("di belakang tanda tangan terakhir ada tambahan")
