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

    Cells of 1 to 4 are withheld, and with them every cell of the next smallest count. Print all of them alike: which
    cells are withheld stays the same when the counts among them change places, so that even someone who knows the total
    and this rule cannot tell a small one from the others.
    """
    small = {count for count in counts.values() if 0 < count < SMALL_CELL}
    withheld = small | {min((count for count in counts.values() if count >= SMALL_CELL), default=0)} if small else set()
    return {code: None if count and count in withheld else count for code, count in counts.items()}
