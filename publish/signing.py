"""Signing and checking as office.toml says: from files to files. The commands and the procedures call this."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from collector.workspace import Workspace
from publish import bsre, pdf_fields, secret
from publish.anchors import Anchors, read_anchors
from publish.sign import Key, Order, p12_key, sign, token_key
from publish.stamp import INITIALLED_BY, SIGNED_BY, Note
from publish.verdict import Verdict, moment
from publish.verify_pdf import verify
from scoring.errors import IkmError


def anchors_of(workspace: Workspace) -> Anchors:
    """Return what office.toml trusts. Raises FILE_MISSING, ANCHOR_INVALID, and ANCHOR_NONE where it trusts nobody."""
    anchors = read_anchors(workspace.root / place for place in workspace.office.tanda_tangan.anchors)
    if not anchors.certificates:
        raise IkmError("ANCHOR_NONE")
    return anchors


def order_of(workspace: Workspace, field: str, key: Key, *, jabatan: str = "", qr: str = "") -> Order:
    """Return the order to sign `field` with `key` now, at the level and with the note that office.toml wants."""
    settings = workspace.office.tanda_tangan
    zone = ZoneInfo(workspace.office.timezone)
    heading = INITIALLED_BY if field in pdf_fields.INITIALS else SIGNED_BY
    note = Note(key.name, jabatan, moment(datetime.now(zone), zone), key.issuer, qr, heading)
    return Order(
        field,
        settings.tingkat,
        settings.tsa,
        anchors_of(workspace) if settings.anchors else Anchors(),
        note if settings.tampilan == "visible" else None,
    )


class Put(Protocol):
    """Puts one signature on a PDF: its content, the field, the signer's position, the text of the QR code."""

    def __call__(self, content: bytes, field: str, jabatan: str, qr: str) -> bytes: ...


@contextmanager
def by_file(workspace: Workspace, p12: Path) -> Iterator[Put]:
    """Give what signs with a certificate file, whose passphrase is asked for once. Raises SIGN_* and FILE_*."""
    yield _with_key(workspace, p12_key(p12.name, read(p12), secret.passphrase(f"Kata sandi {p12.name}")))


@contextmanager
def by_token(workspace: Workspace, module: str, token: str, label: str) -> Iterator[Put]:
    """Give what signs with the key `label` on a PKCS#11 token, whose PIN is asked for once. Raises SIGN_*."""
    with token_key(module, token, secret.passphrase(f"PIN token {token}"), label) as key:
        yield _with_key(workspace, key)


@contextmanager
def by_bsre(workspace: Workspace, person: str) -> Iterator[Put]:
    """Give what has BSrE sign for `person` (NIK or e-mail), whose passphrase is asked for once. Raises BSRE_*."""
    settings = workspace.office.tanda_tangan
    password = secret.passphrase("Kata sandi layanan", secret.BSRE_PASSWORD) if settings.bsre_pengguna else ""
    account = bsre.Account(
        settings.bsre, person, secret.passphrase("Kata sandi BSrE"), settings.bsre_pengguna, password
    )
    yield lambda content, field, jabatan, qr: bsre.sign(content, account, field, visible=settings.tampilan == "visible")


def _with_key(workspace: Workspace, key: Key) -> Put:
    return lambda content, field, jabatan, qr: sign(
        content, key, order_of(workspace, field, key, jabatan=jabatan, qr=qr)
    )


def sign_with_file(
    workspace: Workspace, content: bytes, field: str, p12: Path, *, jabatan: str = "", qr: str = ""
) -> bytes:
    """Return `content` signed with a certificate file, whose passphrase is asked for. Raises SIGN_* and FILE_*."""
    with by_file(workspace, p12) as put:
        return put(content, field, jabatan, qr)


def sign_with_token(
    workspace: Workspace,
    content: bytes,
    field: str,
    module: str,
    token: str,
    label: str,
    *,
    jabatan: str = "",
    qr: str = "",
) -> bytes:
    """Return `content` signed with the key `label` on a PKCS#11 token, whose PIN is asked for. Raises SIGN_*."""
    with by_token(workspace, module, token, label) as put:
        return put(content, field, jabatan, qr)


def check(workspace: Workspace, frozen: Path, signed: Path) -> Verdict:
    """Return the verdict on a signed file, by the office's anchors and zone. Raises FILE_* and ANCHOR_*."""
    zone = ZoneInfo(workspace.office.timezone)
    return verify(read(frozen), read(signed), anchors_of(workspace), zone=zone)


def read(file: Path) -> bytes:
    """Return a file's content. Raises FILE_MISSING and FILE_UNREADABLE."""
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Periksa nama dan foldernya.") from None
    except OSError as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error.strerror) from None
