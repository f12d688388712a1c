"""Figures beside figures: the periode before, the lowest unsur, the rules side by side, the parts combined."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from scoring.figure import rounded, text
from scoring.group import Group, differs, group_of
from scoring.index import IKM_PLACES, NRR_PLACES, grade
from scoring.instrument import BLANKS, Instrument, built_in
from scoring.margin import FEWEST, half_width
from scoring.tally import Tally

ASKED: Final = ("instrument", "form", "rule", "blank")
LOWEST: Final = 3  # unsur for the follow-up plan (procedure `sukma-rtl`, step 3)


def ranked(group: Group, unsur: Sequence[Mapping[str, Any]], *, highest: bool) -> dict[str, Any]:
    """Return the three lowest (or highest) unsur by printed NRR; a tie with the third brings all of it.

    `uncertain` names those that chance alone may have put there: their distance to `next`, the first unsur left out,
    is within 1.96 standard errors. It is None under thirty respondents.
    """
    known = [entry for entry in unsur if entry["nrr"] is not None]
    ordered = sorted(known, key=lambda entry: Fraction(entry["nrr"]), reverse=highest)
    if not ordered:
        return {"unsur": [], "tied": [], "nrr": None, "next": None, "uncertain": None}
    edge = ordered[min(LOWEST, len(ordered)) - 1]["nrr"]
    beyond = {entry["nrr"] for entry in ordered[:LOWEST]}
    chosen = [entry["id"] for entry in ordered if entry["nrr"] in beyond]
    tied = [entry["id"] for entry in ordered if entry["nrr"] == edge] if len(chosen) > LOWEST else []
    left = [entry["id"] for entry in ordered if entry["id"] not in chosen]
    after = left[0] if left else None
    uncertain = None
    if after is not None and group.sums.n >= FEWEST:
        uncertain = [entry for entry in chosen if not _apart(group, entry, after)]
    return {"unsur": chosen, "tied": tied, "nrr": edge, "next": after, "uncertain": uncertain}


def _apart(group: Group, first: str, second: str) -> bool:
    spread = group.spread({first: Fraction(1), second: Fraction(-1)})
    apart = (group.nrr[first] or Fraction(0)) - (group.nrr[second] or Fraction(0))  # only what has an NRR is ranked
    return bool(differs(apart * group.pack.factor, spread))


def previous(tally: Tally, now: Group, fields: Mapping[str, Any], population: int | None) -> dict[str, Any] | None:
    """Return the periode before beside this one, or None.

    The index is compared only where form, rule and treatment of blanks are the same; an unsur only where the same
    question feeds it in both.
    """
    before = tally.previous
    if before is None or not before.n:
        return None
    pack = built_in(before.instrument)
    then = group_of(before, pack, before.parts, population)
    old = then.fields()
    same = (before.form, before.rule, before.blank) == (tally.form, tally.rule, tally.blank)
    nrr = {entry["id"]: entry["nrr"] for entry in old["unsur"]}
    shared = _shared(tally, before, now.pack, pack)
    return {
        **{name: getattr(before, name) for name in ("periode", "mulai", "selesai", *ASKED)},
        "comparable": same,
        **old,
        "change": _difference(fields["ikm"], old["ikm"], IKM_PLACES) if same else None,
        "change_interval": _change_interval(fields, old) if same else None,
        "unsur_change": {
            entry["id"]: _difference(entry["nrr"], nrr.get(entry["id"]), NRR_PLACES) if entry["id"] in shared else None
            for entry in fields["unsur"]
        },
        "unsur_distinct": {unsur: _unsur_distinct(now, then, unsur) for unsur in shared},
    }


def _shared(tally: Tally, before: Tally, now: Instrument, then: Instrument) -> list[str]:
    """Return the unsur that can be compared; of an older form of the same instrument the words are not kept."""
    if before.blank != tally.blank or (before.instrument == tally.instrument and before.form != tally.form):
        return []
    return [unsur.id for unsur in now.unsur if _same(now, then, unsur.id)]


def _same(now: Instrument, then: Instrument, unsur: str) -> bool:
    """Say whether the same questions with the same options feed the unsur in both packs."""
    asked = [(question.text, question.options) for question in now.questions_of(unsur)]
    return asked == [(question.text, question.options) for question in then.questions_of(unsur)]


def _change_interval(fields: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the margin of the change of the index, and whether it is more than chance would do.

    None where either index has no interval: too few respondents, all alike, or no value.
    """
    if fields["interval"]["margin"] is None or old["interval"]["margin"] is None:
        return None
    change = Fraction(fields["ikm"]) - Fraction(old["ikm"])
    margin = half_width(Fraction(fields["variance"]) + Fraction(old["variance"]))
    return {
        "margin": str(rounded(margin, IKM_PLACES)),
        "low": str(rounded(change - margin, IKM_PLACES)),
        "high": str(rounded(change + margin, IKM_PLACES)),
        "distinct": abs(change) > margin,
    }


def _unsur_distinct(now: Group, then: Group, unsur: str) -> bool | None:
    spreads, values = (now.unsur_spread(unsur), then.unsur_spread(unsur)), (now.nrr[unsur], then.nrr[unsur])
    if None in spreads or None in values or min(now.sums.n, then.sums.n) < FEWEST:
        return None
    change = ((values[0] or 0) - (values[1] or 0)) * now.pack.factor
    return differs(Fraction(change), (spreads[0] or Fraction(0)) + (spreads[1] or Fraction(0)))


def _difference(now: str | None, then: str | None, places: int) -> str | None:
    """Return the difference of two printed figures, so that a reader's subtraction agrees."""
    if now is None or then is None:
        return None
    return text(Fraction(now) - Fraction(then), places)


def side_by_side(group: Group) -> list[dict[str, Any]]:
    """Return the index under every named rule, and under every treatment of blanks where there are blanks."""
    used = (group.rule.id, group.blank)
    ways = [(rule.id, group.blank) for rule in group.pack.rules]
    if group.part.complete < group.part.n:
        ways += [(group.rule.id, blank) for blank in BLANKS if blank != group.blank]
    return [_way(group, rule, blank, used) for rule, blank in ways]


def _way(group: Group, rule: str, blank: str, used: tuple[str, str]) -> dict[str, Any]:
    other = replace(group, rule=group.pack.rule(rule), blank=blank)
    band, mine = grade(group.pack, other.figures[0].ikm), grade(group.pack, group.figures[0].ikm)
    ikm, own = (text(figure.figures[0].ikm, IKM_PLACES) for figure in (other, group))
    return {
        "rule": rule,
        "blank": blank,
        "used": (rule, blank) == used,
        "keterangan": other.rule.keterangan,
        "ikm": ikm,
        "mutu": band.mutu if band else None,
        "difference": _difference(ikm, own, IKM_PLACES),
        "other_mutu": bool(band and mine and band.mutu != mine.mutu),
    }


def without_cost(group: Group) -> dict[str, Any] | None:
    """Return the index without the unsur on cost, which free services always score highest, or None."""
    pack = group.pack
    rest = [unsur for unsur in pack.indexes[0].unsur if unsur not in pack.cost]
    if len(rest) == len(pack.indexes[0].unsur):
        return None
    values = [value for value in (group.nrr[unsur] for unsur in rest) if value is not None]
    ikm = Fraction(sum(values), len(rest)) * pack.factor if len(values) == len(rest) else None
    band = grade(pack, ikm)
    return {"unsur": list(pack.cost), "ikm": text(ikm, IKM_PLACES), "mutu": band.mutu if band else None}


def combined(fields: Mapping[str, Any], layanan: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return both ways to make one figure of several layanan; the printed IKM is the pooled one.

    `pooled` weighs every respondent alike; `mean` weighs every layanan alike, whatever the number of its respondents.
    """
    values = [Fraction(entry["ikm_exact"]) for entry in layanan if entry["ikm_exact"] is not None]
    mean = Fraction(sum(values), len(values)) if values else None
    return {"used": "pooled", "pooled": fields["ikm"], "mean": text(mean, IKM_PLACES), "parts": len(values)}
