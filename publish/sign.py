"""Signs a frozen PDF with a certificate file or a token: bytes in, bytes out, always as an update behind them.

PAdES baseline: B-B, or with a time stamp authority B-T,
B-LT and B-LTA. Each signature carries its own validation data in its own revision, so nothing uncovered follows it.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp
import pkcs11
from asn1crypto import pkcs12 as asn1_pkcs12
from asn1crypto import x509
from pyhanko.config.pkcs11 import TokenCriteria
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers, timestamps
from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import CRLValidationError, OCSPValidationError, PathError, ValidationError

from publish.anchors import NO_ANCHORS, Anchors
from publish.stamp import Note, drawing
from scoring.errors import IkmError

LEVELS: Final = ("B-B", "B-T", "B-LT", "B-LTA")
WITH_REVOCATION: Final = LEVELS[2:]
SIGNING_USES: Final = {"digital_signature", "non_repudiation"}  # either will do
TSA_SECONDS: Final = 20
UNREACHABLE: Final = (TimestampRequestError, aiohttp.ClientError, TimeoutError, OSError)
FULL: Final = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID)
UNPROVABLE: Final = (ValidationError, PathError, CRLValidationError, OCSPValidationError)


@dataclass(frozen=True)
class Key:
    """A certificate that can sign: the names in it, its last moment, and pyHanko's signer."""

    name: str
    issuer: str
    until: datetime
    signer: signers.Signer


@dataclass(frozen=True)
class Order:
    """What is wanted: which field, at which level of LEVELS, by which time stamp authority, and with which note.

    `anchors` are needed from B-LT on, because the proof that nothing is revoked is gathered at signing.
    """

    field: str
    level: str = LEVELS[0]
    tsa: str = ""
    anchors: Anchors = NO_ANCHORS
    note: Note | None = None


def p12_key(file: str, content: bytes, passphrase: str) -> Key:
    """Return the key of a PKCS#12 file; `file` names it in errors. Raises SIGN_CERTIFICATE and SIGN_PASSPHRASE."""
    try:
        asn1_pkcs12.Pfx.load(content, strict=True).native  # noqa: B018  # reading it is the check
    except (ValueError, TypeError):
        raise IkmError("SIGN_CERTIFICATE", file=file) from None
    try:
        signer = signers.SimpleSigner.load_pkcs12_data(content, other_certs=(), passphrase=passphrase.encode())
    except (ValueError, AttributeError):  # AttributeError: it holds no key or no certificate
        raise IkmError("SIGN_PASSPHRASE", file=file) from None
    return _key(signer)


@contextmanager
def token_key(module: str, token: str, pin: str, label: str) -> Iterator[Key]:
    """Give the key called `label` on a PKCS#11 token, as long as the context lasts.

    `module` is the driver's library. Raises SIGN_TOKEN.
    """
    try:
        with open_pkcs11_session(module, token_criteria=TokenCriteria(label=token), user_pin=pin) as session:
            signer = PKCS11Signer(session, cert_label=label, key_label=label, other_certs_to_pull=None)
            asyncio.run(signer.ensure_objects_loaded())  # type: ignore[no-untyped-call]  # pyHanko leaves it so
            yield _key(signer)
    except (pkcs11.PKCS11Error, PdfError, SigningError, RuntimeError) as error:
        raise IkmError("SIGN_TOKEN", token=token, reason=type(error).__name__) from None


def _key(signer: signers.Signer) -> Key:
    certificate = signer.signing_cert
    if certificate is None:
        raise IkmError("SIGN_FAILED", reason="tidak ada sertifikat di samping kuncinya")
    return Key(common_name(certificate.subject), common_name(certificate.issuer), certificate.not_valid_after, signer)


def common_name(name: x509.Name) -> str:
    """Return the common name of a certificate's subject or issuer, or the whole name where there is none."""
    found = name.native.get("common_name")
    return str(found[-1] if isinstance(found, list) else found or name.human_friendly)


def sign(content: bytes, key: Key, order: Order) -> bytes:
    """Return `content` with one signature behind it; every byte of `content` stays in front.

    Raises SIGN_EXPIRED, SIGN_FIELD, SIGN_FILE, SIGN_LEVEL, SIGN_TSA, SIGN_REVOCATION and SIGN_FAILED; nothing has been
    written then.
    """
    _check(key, order)
    try:
        writer = IncrementalPdfFileWriter(io.BytesIO(content))
        box = _empty_field(writer, order.field)
        with tempfile.NamedTemporaryFile(suffix=".pdf") as drawn:
            signer = signers.PdfSigner(
                _metadata(key, order),
                signer=key.signer,
                timestamper=_tsa(order),
                stamp_style=_style(box, order.note, drawn),
            )
            signed: bytes = signer.sign_pdf(writer).getvalue()
    except UNPROVABLE as error:
        raise IkmError("SIGN_REVOCATION", reason=error) from None
    except UNREACHABLE as error:
        raise IkmError("SIGN_TSA", tsa=order.tsa, reason=type(error).__name__) from None
    except SigningError as error:
        code = "SIGN_REVOCATION" if isinstance(error.__cause__, UNPROVABLE) else "SIGN_FAILED"
        raise IkmError(code, reason=error) from None
    except PdfError as error:
        raise IkmError("SIGN_FILE", reason=error) from None
    return signed


def _check(key: Key, order: Order) -> None:
    """Refuse what cannot end well before anything is asked of a token or a server."""
    if key.until <= datetime.now(UTC):
        raise IkmError("SIGN_EXPIRED", name=key.name, until=key.until.date())
    if order.level not in LEVELS:
        raise IkmError("SIGN_LEVEL", level=order.level, lack=f"tingkat yang ada: {', '.join(LEVELS)}")
    if order.level != LEVELS[0] and not order.tsa:
        raise IkmError("SIGN_LEVEL", level=order.level, lack="isi tanda_tangan.tsa dalam office.toml")
    if order.level in WITH_REVOCATION and not order.anchors.certificates:
        raise IkmError("SIGN_LEVEL", level=order.level, lack="isi tanda_tangan.anchors dalam office.toml")


def _empty_field(writer: IncrementalPdfFileWriter, name: str) -> tuple[float, float]:
    """Return width and height of the field, in points. Raises SIGN_FIELD when it is not there or signed."""
    found = {field: (value, reference) for field, value, reference in enumerate_sig_fields(writer.prev)}
    if name not in found or found[name][0] is not None:
        empty = [field for field, (value, _) in found.items() if value is None]
        raise IkmError("SIGN_FIELD", field=name, known=", ".join(empty) or "tidak ada")
    left, bottom, right, top = (float(edge) for edge in found[name][1].get_object()["/Rect"])
    return right - left, top - bottom


def _metadata(key: Key, order: Order) -> signers.PdfSignatureMetadata:
    proven = order.level in WITH_REVOCATION
    return signers.PdfSignatureMetadata(
        field_name=order.field,
        name=key.name,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=proven,
        use_pades_lta=order.level == LEVELS[3],
        validation_context=_context(order.anchors) if proven else None,
        signer_key_usage=set(),  # judged at verification, by what a signature may carry
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )


def _context(anchors: Anchors) -> ValidationContext:
    """Return what the signer's certificate is checked by, against lists fetched now."""
    trusted = [x509.Certificate.load(certificate) for certificate in anchors.certificates]
    return ValidationContext(
        trust_roots=trusted,
        other_certs=trusted,
        crls=list(anchors.crls),
        allow_fetching=True,
        revocation_mode="hard-fail",
    )


def _tsa(order: Order) -> timestamps.HTTPTimeStamper | None:
    if order.level == LEVELS[0]:
        return None
    return timestamps.HTTPTimeStamper(order.tsa, timeout=TSA_SECONDS)


def _style(box: tuple[float, float], note: Note | None, drawn: Any) -> StaticStampStyle:
    """Return what is drawn into the field: the note, or nothing. Without a style pyHanko would bring its own font."""
    if note is None or not all(box):
        return StaticStampStyle(border_width=0)
    drawn.write(drawing(*box, note))
    drawn.flush()
    return StaticStampStyle.from_pdf_file(drawn.name, border_width=0, background_layout=FULL)
