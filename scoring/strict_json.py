"""JSON without surprises: no fraction, no key written twice, no deep nesting, no endless number."""

from __future__ import annotations

import json
import re
from typing import Any, Final

DIGITS: Final = 15  # of a whole number, sign included
# The closing quote is optional: a string that never ends is passed over once, not again from each quote in it.
STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def read(text: str, nesting: int) -> Any:
    """Return the value in `text`, its lists and objects at most `nesting` deep. Raises ValueError."""
    if text.count("[") + text.count("{") > nesting and _depth(text) > nesting:
        raise ValueError(f"lebih dari {nesting} tingkat")
    return DECODER.decode(text)


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in STRING.sub("", text):
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest


def _whole(token: str) -> int:
    if len(token) > DIGITS:
        raise ValueError(f"bilangan lebih dari {DIGITS} angka")
    return int(token)


def _refuse(token: str) -> Any:
    raise ValueError(f"{token[:20]} bukan bilangan bulat")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for key, value in pairs:
        if key in fields:
            raise ValueError(f"kunci {key[:40]!r} tertulis dua kali")
        fields[key] = value
    return fields


# Made once: json.loads would make one for every text.
DECODER: Final = json.JSONDecoder(
    parse_int=_whole, parse_float=_refuse, parse_constant=_refuse, object_pairs_hook=_once
)
