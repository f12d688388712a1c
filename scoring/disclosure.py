"""What may be published: no score on a small base, and none that a subtraction would give away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

BASE: Final = 10  # least number of respondents behind any published mean or distribution
SMALL_CELL: Final = 5  # a count of people with a trait under this is not printed


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


def base(group: Mapping[str, Any], blank: str) -> int:
    """Return the respondents behind the scores of a group: under the rule `complete` only the whole forms."""
    return int(group["n_complete"] if blank == "complete" else group["n_responden"])


def published_cells(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of one profile field as they may be printed, None for a cell that is withheld.

    Cells of 1 to 4 are withheld, with a single such cell the next smallest too, and further cells, smallest first,
    until every cell of 1 to 4 could have at least two values for someone who knows the total and this rule (1 and 5
    withheld of a total that leaves 6 would show both).
    """
    small = {code for code, count in counts.items() if 0 < count < SMALL_CELL}
    shown: dict[str, int | None] = {code: None if code in small else count for code, count in counts.items()}
    while small and (sum(count is None for count in shown.values()) == 1 or not cell_is_uncertain(counts, shown)):
        rest = [(count, code) for code, count in shown.items() if count]
        if not rest:
            break
        shown[min(rest)[1]] = None
    return shown


def cell_is_uncertain(counts: Mapping[str, int], shown: Mapping[str, int | None]) -> bool:
    """Say whether a small cell may have more than one value, given the total and the cells that are shown."""
    hidden = [counts[code] for code, count in shown.items() if count is None]
    small = sum(count < SMALL_CELL for count in hidden)
    larger, rest = len(hidden) - small, sum(hidden)
    most = min((count for count in shown.values() if count), default=rest)
    least_value = max(1, rest - (SMALL_CELL - 1) * (small - 1) - most * larger)
    most_value = min(SMALL_CELL - 1, rest - (small - 1) - SMALL_CELL * larger)
    return least_value < most_value
