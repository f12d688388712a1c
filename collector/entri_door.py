"""Who may open the clerk's pages: whoever knows the office's token, from whatever machine.

The token, not the address, decides: behind a proxy every request comes from this machine, so "local only" would let in
everybody. A cookie and not HTTP Basic, because a counter's computer is shared: it ends by itself and one can leave.
It is no record of anybody: the time it ends, signed with a key made from the token, so that every process can read it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

TOKEN_VARIABLE: Final = "IKM_STAF_TOKEN"  # noqa: S105  # its name, not a token
LEAST_LETTERS: Final = 16  # too many to guess one by one
COOKIE: Final = "ikm-petugas"
SECONDS: Final = 10 * 3600  # a working day
LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Door:
    """Lets in who brings the token; closed to everybody while the office has none, or a short one."""

    def __init__(self, token: str) -> None:
        self.is_set = len(token) >= LEAST_LETTERS
        self._token = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        self._key = hmac.digest(self._token, b"ikm-petugas/v1", hashlib.sha256)

    def opens(self, given: str) -> bool:
        """Say whether this is the token; as long for a wrong one, whatever its length."""
        digest = hashlib.sha256(given.encode("utf-8", "surrogatepass")).digest()
        return self.is_set and hmac.compare_digest(digest, self._token)

    def stamp(self, now: int) -> str:
        """Return a cookie that holds from `now` (seconds) for a working day."""
        end = str(now + SECONDS)
        return f"{end}.{self._mac(end)}"

    def holds(self, cookie: str, now: int) -> bool:
        """Say whether the cookie is one of ours that has not ended."""
        end, _, mac = cookie.partition(".")
        ours = mac.isascii() and end.isascii() and end.isdigit() and hmac.compare_digest(mac, self._mac(end))
        return self.is_set and ours and now < int(end) <= now + SECONDS

    def _mac(self, end: str) -> str:
        return hmac.new(self._key, end.encode("ascii"), hashlib.sha256).hexdigest()


def is_own_page(environ: Mapping[str, str], origins: Sequence[str]) -> bool:
    """Say whether a post comes from a page of the same origin; a program that names no origin is no browser.

    The cookie's SameSite=Strict already keeps it from posts of other pages: this is the second lock.
    """
    origin = environ.get("HTTP_ORIGIN")
    if environ.get("HTTP_SEC_FETCH_SITE", "none") not in {"none", "same-origin"}:
        return False
    return origin is None or origin in origins or urlsplit(origin).netloc == environ.get("HTTP_HOST", "")


def is_local(host: str) -> bool:
    """Say whether the page was asked for on this machine, without TLS; elsewhere the cookie needs HTTPS."""
    return urlsplit(f"//{host}").hostname in LOCAL
