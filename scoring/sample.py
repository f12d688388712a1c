"""How many respondents a periode needs at least, by the pack's rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from scoring.figure import rounded
from scoring.instrument import Instrument

# Krejcie and Morgan (1970): chi-square for 1 degree of freedom at 95 %, P = 0.5, d = 0.05. The formula rounded
# half up gives all 90 rows of their table; a table's next row up or down is not used for a population between
# two rows.
CHI_SQUARE: Final = Fraction(3841, 1000)
SHARE: Final = Fraction(1, 2)
ERROR: Final = Fraction(1, 20)


def krejcie_morgan(population: int) -> int:
    """Return the least number of respondents for `population` (0 or more people served)."""
    spread = CHI_SQUARE * SHARE * (1 - SHARE)
    size = Fraction(spread * population, ERROR**2 * (population - 1) + spread)
    return int(rounded(size, 0))


def minimum(instrument: Instrument, population: int | None) -> int | None:
    """Return the least number of respondents, or None when the rule needs a population that is not known."""
    if instrument.sample_rule == "(unsur+1)x10":  # KEP/25/M.PAN/2/2004: (14 + 1) x 10 = 150
        return (len(instrument.unsur) + 1) * 10
    return None if population is None else krejcie_morgan(population)
