"""How a figure leaves the arithmetic: the one rounding function, and its text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def rounded(value: Fraction, places: int) -> Decimal:
    """Return `value` rounded half up (away from zero) to `places` decimals, exactly."""
    whole = (2 * abs(value.numerator) * 10**places + value.denominator) // (2 * value.denominator)
    digits = tuple(int(digit) for digit in str(whole))
    return Decimal((int(value < 0 and whole > 0), digits, -places))


def text(value: Fraction | None, places: int) -> str | None:
    """Return the printed form with a decimal point ("81.85"), or None for an undefined figure."""
    return None if value is None else str(rounded(value, places))


def ratio(value: Fraction | None) -> str | None:
    """Return the exact form "p/q" (also "100/1"), or None for an undefined figure."""
    return None if value is None else f"{value.numerator}/{value.denominator}"
