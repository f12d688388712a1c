"""Masks personal data in free text: the patterns are data, so that the citizens' page applies the very same ones."""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "###"
# (pattern, flags), applied in order; they mean the same in Python and in JavaScript. Group 1 stays.
PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    (r"()[\w.+-]+@[\w-]+(?:\.[\w-]+)+", ""),
    (r"()(?:\d[ .-]?){15}\d", ""),
    (r"()(?:\+62|\b62|\b0)[ -]?8(?:[ -]?\d){7,11}", ""),
    (r"()\b[A-Z]{1,2} ?\d{1,4} ?[A-Z]{2,3}\b", ""),
    (r"((?:\bpak|\bbu|\bbapak|\bibu) )(?!camat|lurah|petugas)[a-z]+", "i"),
    (r"()\b(?:jl\.|jalan) ?[a-z ]+ no\.? ?\d+", "i"),
)


def mask(text: str) -> str:
    """Return `text` with personal data replaced by "###"."""
    for pattern, flags in PATTERNS:
        text = re.sub(pattern, r"\1" + MASK, text, flags=re.ASCII | (re.IGNORECASE if flags else 0))
    return text
