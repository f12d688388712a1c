"""One figure of several offices: pooled by respondents, and the simple mean of the offices, each named."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from scoring.errors import IkmError
from scoring.figure import text
from scoring.group import group_of
from scoring.index import IKM_PLACES, grade, index_fields
from scoring.instrument import built_in
from scoring.tally import Tally, total


def combine(tallies: Sequence[Tally]) -> dict[str, Any]:
    """Return the index of every office and both ways to combine them: `pooled` and `mean`.

    `pooled` weighs every respondent alike, `mean` every office alike; offices without an index are left out of the
    mean and counted in `without_index`. Raises COMBINE_MIXED unless instrument, form, rule, treatment of blanks,
    days, and whether they are a rehearsal, are the same.
    """
    first = tallies[0]
    for tally in tallies[1:]:
        for name in ("form", "rule", "blank", "mulai", "selesai", "rehearsal"):
            if getattr(tally, name) != getattr(first, name):
                values = f"{getattr(first, name)} dan {getattr(tally, name)}"
                raise IkmError("COMBINE_MIXED", first=first.office, second=tally.office, name=name, values=values)
    pack = built_in(first.instrument)
    groups = [group_of(tally, pack, tally.parts, None) for tally in tallies]
    known = [group.figures[0].ikm for group in groups if group.figures[0].ikm is not None]
    mean = Fraction(sum(known), len(known)) if known else None
    whole = [total(tally.parts) for tally in tallies if tally.parts]
    pooled, band = group_of(first, pack, whole, None), grade(pack, mean)
    return {
        "periode": first.periode,
        "instrument": pack.id,
        "rule": first.rule,
        "offices": [
            {"office": tally.office, "n_responden": group.part.n, **index_fields(pack, group.figures[0])}
            for tally, group in zip(tallies, groups, strict=True)
        ],
        "pooled": {"n_responden": pooled.part.n, **index_fields(pack, pooled.figures[0])},
        "mean": {"ikm": text(mean, IKM_PLACES), "mutu": band.mutu if band else None},
        "without_index": len(groups) - len(known),
    }
