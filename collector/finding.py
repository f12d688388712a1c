"""What a check of the doctor gives: a state, what it looked at, and a sentence with what to do."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, CARE, BROKEN = "baik", "perlu perhatian", "rusak"


@dataclass(frozen=True)
class Finding:
    """One check: its state, what it looked at, what it found and what to do."""

    state: str
    name: str
    text: str
