"""What may be published: no score on a small base, and none that a subtraction would give away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

BASE: Final = 10  # least number of respondents behind any published mean or distribution


def published_groups(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups whose scores may be published beside their total.

    `sizes` are the respondents of each group. A group under `BASE` is withheld; when those withheld hold
    1 to 9 people together, the total minus the rest would show them, so the next smallest group is withheld
    as well.
    """
    shown = {group for group, size in sizes.items() if size >= BASE}
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    if 0 < hidden < BASE and shown:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return frozenset(shown)


SMALL_CELL: Final = 5  # a count of people with a trait under this is not printed


def published_cells(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of one profile field as they may be printed, None for a cell that is withheld.

    Cells of 1 to 4 are withheld, and with a single such cell the next smallest that is not empty, so that the total
    less the others does not show it.
    """
    hidden = {code for code, count in counts.items() if 0 < count < SMALL_CELL}
    rest = sorted((count, code) for code, count in counts.items() if count >= SMALL_CELL)
    if len(hidden) == 1 and rest:
        hidden.add(rest[0][1])
    return {code: None if code in hidden else count for code, count in counts.items()}
