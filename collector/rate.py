"""How many posts one address may send: generous to an office whose phones share one, a wall to a flood.

The address is never kept: only its HMAC under a key that lives in memory for one day, beside a number of tokens.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import date
from ipaddress import ip_address
from typing import Final

BURST: Final = 60  # posts at once
PER_SECOND: Final = 1  # posts from then on; a counter with a queue sends a tenth of that
MOST_ADDRESSES: Final = 20_000  # the one unheard of for longest is forgotten first
KEY_BYTES: Final = 32
MARK_BYTES: Final = 16


class Rate:
    """One bucket of tokens for each address; `seconds` is a clock that never goes back."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._day: date | None = None
        self._key = b""
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def allows(self, address: str, day: date) -> bool:
        """Take one token of the address on this day; False when it has none. A proxy on this machine is not limited.

        Behind a proxy every post comes from the machine itself, and the proxy counts (deploy/nginx.conf).
        """
        if _is_local(address):
            return True
        with self._lock:
            if day != self._day:
                self._day, self._key = day, secrets.token_bytes(KEY_BYTES)
                self._buckets.clear()
            mark = hmac.digest(self._key, address.encode(), hashlib.sha256)[:MARK_BYTES]
            now = self._seconds()
            tokens, since = self._buckets.pop(mark, (float(BURST), now))
            tokens = min(float(BURST), tokens + (now - since) * PER_SECOND)
            self._buckets[mark] = (tokens - 1 if tokens >= 1 else tokens, now)
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        return tokens >= 1


def _is_local(address: str) -> bool:
    """Say whether the address is this machine; a socket of the file system has none."""
    if address == "127.0.0.1":  # a proxy's, with every post
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return True
