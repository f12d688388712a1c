"""A ticket against stuffing: twenty characters on a slip of paper that let in one answer.

Nineteen characters of Crockford's base 32 are random (95 bits); the last one checks them, so that a slip of the finger
is told apart from a ticket that nobody issued. Only the SHA-256 of the twenty characters is ever stored.
"""

from __future__ import annotations

import hashlib
from typing import Final

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM: Final = 19  # characters that chance gives; docs/decisions.md says why so many
LENGTH: Final = RANDOM + 1
GROUP: Final = 4  # characters between two hyphens
MODES: Final = ("off", "optional", "required")
ANY: Final = "*"  # in counts: tickets that let in an answer on any layanan
FIELD: Final = 0b100101  # x^5 + x^2 + 1: its powers of x differ, so one wrong or two exchanged characters are found
READ_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def completed(random: str) -> str:
    """Return the ticket of nineteen random characters: those, and the one that checks them."""
    return random + CROCKFORD[_remainder(random + CROCKFORD[0])]


def read(text: str) -> str | None:
    """Return the twenty characters of a ticket as it was typed, or None when it is mistyped."""
    letters = text.strip().upper().translate(READ_AS)
    if len(letters) != LENGTH or set(letters) - set(CROCKFORD) or _remainder(letters):
        return None
    return letters


def digest(letters: str) -> bytes:
    """Return what is stored of a ticket: the SHA-256 of its twenty characters."""
    return hashlib.sha256(letters.encode("ascii")).digest()


def printed(letters: str) -> str:
    """Return a ticket as it is printed, such as "K7QM-2XTA-9F0B-C3DE-5G8H"."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def _remainder(letters: str) -> int:
    """Return what is left of the characters, as a polynomial over the field of 32, at x: 0 for a whole ticket."""
    rest = 0
    for letter in letters:
        rest = (rest << 1) ^ (FIELD if rest & 16 else 0) ^ CROCKFORD.index(letter)
    return rest
