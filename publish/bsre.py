"""Signs through a BSrE Esign Client Service, version 2, in the network of a regional government.

The PDF goes there whole and comes back signed; the key never leaves BSrE. Written to the published parameters and
tested against a server that follows them; not tried against BSrE. The passphrase is sent once and kept nowhere.
"""

from __future__ import annotations

import base64
import binascii
import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any, Final

from publish.pdf_fields import place_of
from scoring.errors import IkmError

SIGN: Final = "/api/v2/sign/pdf"
STATUS: Final = "/api/v2/user/check/status"
READY: Final = "ISSUE"  # the person has a valid certificate
NO_USER: Final = ("2011",)
WRONG_PASSPHRASE: Final = ("2031",)
SECONDS: Final = 60
MOST_BYTES: Final = 64 * 1024 * 1024  # of a reply


@dataclass(frozen=True)
class Account:
    """Where the service is, how it knows the caller, and who signs: `person` is a NIK or an e-mail address."""

    address: str
    person: str = field(repr=False)
    passphrase: str = field(repr=False)
    user: str = ""
    password: str = field(default="", repr=False)


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: what carries a passphrase goes to the address in office.toml and nowhere else."""

    def redirect_request(self, *given: Any) -> None:
        """Return nothing, which makes the redirect an error."""
        return None


def sign(content: bytes, account: Account, at: str, *, visible: bool = True) -> bytes:
    """Return `content` signed by BSrE, its mark in the box of the field `at`; every byte of `content` stays in front.

    Raises BSRE_PASSPHRASE, BSRE_USER, BSRE_REFUSED, BSRE_UNREACHABLE, BSRE_REPLY and BSRE_OTHER_FILE. Nothing has
    been written then; whether the returned signature holds is for `verify_pdf.verify` to say.
    """
    who = {"email" if "@" in account.person else "nik": account.person}
    status = _ask(account, STATUS, who)
    if status.get("status") != READY:
        raise IkmError("BSRE_USER") if isinstance(status.get("status"), str) else _fault(status)
    wanted = {"file": [base64.b64encode(content).decode("ascii")], "signatureProperties": [_mark(content, at, visible)]}
    reply = _ask(account, SIGN, {**who, "passphrase": account.passphrase, **wanted})
    signed = _file(reply)
    if signed == content or not signed.startswith(content):
        raise IkmError("BSRE_OTHER_FILE")
    return signed


def _mark(content: bytes, at: str, visible: bool) -> dict[str, Any]:
    """Return where the mark goes: page from 1, points from the lower left corner."""
    place = place_of(content, at) if visible else None
    if place is None or place.box[0] == place.box[2]:
        return {"tampilan": "INVISIBLE"}
    left, bottom, right, top = place.box
    size = {"width": round(right - left, 2), "height": round(top - bottom, 2)}
    return {"tampilan": "VISIBLE", "page": place.page + 1, "originX": left, "originY": bottom, **size}


def _ask(account: Account, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the service's reply to `body`, an object of JSON."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if account.user:
        login = base64.b64encode(f"{account.user}:{account.password}".encode()).decode("ascii")
        headers["Authorization"] = f"Basic {login}"
    address = account.address.rstrip("/") + path
    # That the scheme is http or https was checked when office.toml was read.
    request = urllib.request.Request(address, json.dumps(body).encode(), headers, method="POST")  # noqa: S310
    opener = urllib.request.build_opener(Stay(), urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return _object(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as error:
        raise _refusal(account, error) from None
    except (urllib.error.URLError, http.client.HTTPException, OSError) as error:
        reason = getattr(error, "reason", error)
        raise IkmError("BSRE_UNREACHABLE", address=account.address, reason=type(reason).__name__) from None


def _refusal(account: Account, error: urllib.error.HTTPError) -> IkmError:
    """Return what an HTTP status and its body mean: the service is down, or it names a fault of ours."""
    if error.code >= 500 or error.code in range(300, 400):
        return IkmError("BSRE_UNREACHABLE", address=account.address, reason=f"HTTP {error.code}")
    try:
        return _fault(_object(error.read(MOST_BYTES)))
    except IkmError as unreadable:
        return unreadable


def _fault(said: dict[str, Any]) -> IkmError:
    """Return what the service says is wrong; some versions say it with HTTP status 200."""
    code = str(said.get("status_code") or said.get("code") or said.get("status") or "")
    if code in WRONG_PASSPHRASE:
        return IkmError("BSRE_PASSPHRASE")
    if code in NO_USER:
        return IkmError("BSRE_USER")
    return IkmError("BSRE_REFUSED", reason=f"{said.get('error') or said.get('message') or 'tanpa alasan'}, kode {code}")


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except ValueError:
        raise IkmError("BSRE_REPLY", reason="bukan JSON") from None
    if not isinstance(found, dict):
        raise IkmError("BSRE_REPLY", reason="susunannya lain")
    return found


def _file(reply: dict[str, Any]) -> bytes:
    """Return the one file of a reply."""
    if "file" not in reply:
        raise _fault(reply)
    files = reply["file"]
    if not isinstance(files, list) or len(files) != 1 or not isinstance(files[0], str):
        raise IkmError("BSRE_REPLY", reason="tidak memuat satu berkas")
    try:
        return base64.b64decode(files[0], validate=True)
    except binascii.Error:
        raise IkmError("BSRE_REPLY", reason="berkasnya tidak terbaca") from None
