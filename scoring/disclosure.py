"""What may be published: no score on a small base, and none that a subtraction would give away.

This module alone decides; `publish` and `collector` ask it. A group is a set of respondents whose mean or distribution
is shown: at least `BASE` people, and no sum or difference of shown groups may be 1 to 9 people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from scoring.tally import Part, total

BASE: Final = 10  # least number of respondents behind any published mean or distribution
SMALL_CELL: Final = 5  # a count of people with a trait under this is not printed
SMALL: Final = "base"  # fewer than ten respondents
REMAINDER: Final = "difference"  # ten or more, but published beside the others it would show a smaller group


def published_groups(sizes: Mapping[str, int]) -> frozenset[str]:
    """Return the groups whose scores may be published beside their total.

    `sizes` are the respondents of each group. A group under `BASE` is withheld; when those withheld hold
    1 to 9 people together, the total minus the rest would show them, so the next smallest group is withheld
    as well.
    """
    shown = {group for group, size in sizes.items() if size >= BASE}
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    if is_few(hidden) and shown:
        shown.remove(min(shown, key=lambda group: (sizes[group], group)))
    return frozenset(shown)


def is_few(people: int) -> bool:
    """Say whether a group is too small to be shown, and not empty."""
    return 0 < people < BASE


def base(group: Mapping[str, Any], blank: str) -> int:
    """Return the respondents behind the scores of a group: under the rule `complete` only the whole forms."""
    return int(group["n_complete"] if blank == "complete" else group["n_responden"])


def published_layanan(result: Mapping[str, Any]) -> frozenset[str]:
    """Return the layanan whose scores may stand beside those of the office."""
    return published_groups({entry["id"]: base(entry, result["blank"]) for entry in result["layanan"]})


def published_cells(counts: Mapping[str, int]) -> dict[str, int | None]:
    """Return the counts of one profile field as they may be printed, None for a cell that is withheld.

    Cells of 1 to 4 are withheld, and with them every cell of the next smallest count. Print all of them alike: which
    cells are withheld stays the same when the counts among them change places, so that even someone who knows the total
    and this rule cannot tell a small one from the others.
    """
    small = {count for count in counts.values() if 0 < count < SMALL_CELL}
    withheld = small | {min((count for count in counts.values() if count >= SMALL_CELL), default=0)} if small else set()
    return {code: None if count and count in withheld else count for code, count in counts.items()}


def counts_shown(result: Mapping[str, Any]) -> bool:
    """Say whether the counts of all answers may stand beside the index.

    Only under the rule `complete` are the two of different groups: the difference are the forms with a blank.
    """
    return result["blank"] != "complete" or not is_few(result["n_responden"] - result["n_complete"])


def layanan_counts_shown(result: Mapping[str, Any]) -> bool:
    """Say whether the counts of each published layanan may be shown: they hold the same people as its index.

    Under `complete` the forms with a blank of each layanan would come out, and with them those of the withheld ones.
    """
    return bool(result["blank"] != "complete" or result["n_responden"] == result["n_complete"])


def published_rules(result: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the index under other rules, without those over another group that could be subtracted."""
    used = result["blank"] == "complete"
    shown = _whole_forms_shown(result)
    return [entry for entry in result["rules"] if shown or (entry["blank"] == "complete") == used]


def _whole_forms_shown(result: Mapping[str, Any]) -> bool:
    """Say whether a mean over whole forms and one over all forms may be shown together, beside the layanan."""
    if result["n_complete"] < BASE or is_few(result["n_responden"] - result["n_complete"]):
        return False
    shown = published_layanan(result)
    blocks: dict[str, tuple[int, int]] = {}
    for entry in result["layanan"]:
        block = entry["id"] if entry["id"] in shown else ""
        whole, rest = blocks.get(block, (0, 0))
        blocks[block] = (whole + entry["n_complete"], rest + entry["n_responden"] - entry["n_complete"])
    cut = [block for block in blocks.values() if all(block)]
    return result["blank"] == "complete" or not any(is_few(sum(block[side] for block in cut)) for side in (0, 1))


def excluded_shown(result: Mapping[str, Any]) -> bool:
    """Say whether the index with the answers left out may stand beside the one without: they are not 1 to 9."""
    left_out = result["excluded"]
    return not is_few(left_out["n_complete"] if result["blank"] == "complete" else left_out["n"])


def differing(group: Part, blank: str) -> int:
    """Return how many respondents at least gave another answer than most did: those whom a sum of squares is about.

    All others add a constant to it, which the counts tell. So under `BASE` it would be a figure of few people.
    """
    most = max((sum(counts) - max(counts) for counts in group.answers.values()), default=0)
    return most - (group.n - group.complete) if blank == "complete" else most


def squares_shown(layanan: Mapping[str, Part], blank: str, printed: Collection[str]) -> frozenset[str]:
    """Return the groups, "*" for the office, whose sum of squares may be published: see `scoring.squares`.

    `layanan` are the parts of all of them, `printed` the groups whose margin is printed. What is left of the office
    without the layanan shown must be nobody, or hold ten who differ as well; else the smallest one is withheld.
    """
    if "*" not in printed or differing(total([*layanan.values()]), blank) < BASE:
        return frozenset()
    shown = {name for name, part in layanan.items() if name in printed and differing(part, blank) >= BASE}
    while shown:
        rest = [part for name, part in layanan.items() if name not in shown and part.n]
        if not rest or differing(total(rest), blank) >= BASE:
            break
        shown.remove(min(shown, key=lambda name: (layanan[name].n, name)))
    return frozenset({"*", *shown})


def previous_shown(result: Mapping[str, Any]) -> bool:
    """Say whether the periode before has figures that may be shown: its base, by its own treatment of blanks."""
    before = result["previous"]
    return before is not None and base(before, before["blank"]) >= BASE


@dataclass(frozen=True)
class Span:
    """The days of a published total, the respondents behind it (0: no score is shown), and what else it tells.

    `over` names the group: "complete" forms or "all", and "" where the two are the same people. `detail` says whether
    layanan and profile are broken down.
    """

    mulai: str
    selesai: str
    n: int
    over: str
    detail: bool

    def within(self, other: Span) -> bool:
        """Say whether all days lie in `other`, which has more."""
        return other.mulai <= self.mulai and self.selesai <= other.selesai and not self.same(other)

    def same(self, other: Span) -> bool:
        """Say whether both are of the same days."""
        return (self.mulai, self.selesai) == (other.mulai, other.selesai)

    def overlaps(self, other: Span) -> bool:
        """Say whether the two share a day."""
        return self.mulai <= other.selesai and other.mulai <= self.selesai

    def clashes(self, other: Span) -> bool:
        """Say whether both may not have a score: they cross, count other forms, or this cuts through a breakdown."""
        if not self.overlaps(other):
            return False
        nested = self.same(other) or self.within(other) or other.within(self)
        return not nested or {self.over, other.over} == {"all", "complete"} or (other.detail and self.within(other))


def span(result: Mapping[str, Any], *, scored: bool, detail: bool) -> Span:
    """Return the span of a result, or of the public part of one."""
    here = result["mulai"], result["selesai"]
    if not scored:
        return Span(*here, 0, "", detail=False)
    whole = result["n_complete"] == result["n_responden"]
    over = "" if whole else "complete" if result["blank"] == "complete" else "all"
    return Span(*here, base(result, result["blank"]), over, detail)


def withheld_reason(here: Span, published: Iterable[Span]) -> str | None:
    """Return why the scores of a total may not be published beside those already published, or None."""
    if here.n < BASE:
        return SMALL
    others = {other for other in published if other.n}
    spans = [here, *others]
    if any(here.clashes(other) for other in others) or any(is_few(_remainder(item, spans)) for item in spans):
        return REMAINDER
    return None


def _remainder(whole: Span, spans: Sequence[Span]) -> int:
    """Return the respondents of `whole` that no shorter published total within it holds."""
    inside = [item for item in spans if item.within(whole)]
    return whole.n - sum(item.n for item in inside if not any(item.within(other) for other in inside))


def broken_down(here: Span, published: Iterable[Span]) -> bool:
    """Say whether layanan, profile, other rules and the answers left out may be shown as well.

    Of all published totals that share a day only one is broken down, and none lies within it.
    """
    return not any(here.overlaps(other) and (other.detail or (other.n and other.within(here))) for other in published)


def same_answers(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Say whether two results of the same days are over the same people: nothing enters, so the counts tell."""
    counts = ("n_responden", "n_complete", "form")
    over = first["blank"] == second["blank"] or first["n_responden"] == first["n_complete"]
    return over and all(first[name] == second[name] for name in counts)


def changed_since(
    result: Mapping[str, Any], published: Iterable[Mapping[str, Any]], counted: Mapping[str, tuple[int, int]]
) -> str | None:
    """Return a periode whose published scores are over other people than are counted now, or None.

    Whoever kept what was published could subtract. `published` are public parts with scores; `counted` has the
    respondents now, and those without a blank, of each that shares a day with `result`.
    """
    for public in published:
        name = public["periode"]
        if name == result["periode"]:
            changed = not same_answers(public, result)
        else:
            changed = name in counted and counted[name] != (public["n_responden"], public["n_complete"])
        if changed:
            return str(name)
    return None


def isolates(cells: Mapping[tuple[bool, ...], int]) -> bool:
    """Say whether some sum or difference of shown groups is a group of 1 to 9 people.

    `cells` counts people by which of the groups hold them. Cells of ten or more cannot be part of such a group, so they
    are eliminated; what is left are combinations of small cells, which are tried one by one.
    """
    kept = {member: n for member, n in cells.items() if n and any(member)}
    order = sorted(kept, key=lambda member: (-kept[member], member))
    rows = [[Fraction(cell) for cell in row] for row in zip(*order, strict=True)]
    pivots = _reduce(rows)
    sizes = [kept[member] for member in order]
    left = [(place, row) for place, row in zip(pivots, rows, strict=False) if is_few(sizes[place])]
    return _small_sum(left, [Fraction(0)] * len(order), sizes, BASE - 1)


def _reduce(rows: list[list[Fraction]]) -> list[int]:
    """Bring the rows to reduced echelon form in place; return the columns of the pivots."""
    pivots: list[int] = []
    for column in range(len(rows[0]) if rows else 0):
        top = len(pivots)
        found = next((number for number in range(top, len(rows)) if rows[number][column]), None)
        if found is None:
            continue
        rows[top], rows[found] = rows[found], rows[top]
        scale = rows[top][column]
        rows[top] = [Fraction(value, scale) for value in rows[top]]
        for number, row in enumerate(rows):
            if number != top and row[column]:
                rows[number] = [value - row[column] * above for value, above in zip(row, rows[top], strict=True)]
        pivots.append(column)
    return pivots


def _small_sum(
    rows: Sequence[tuple[int, Sequence[Fraction]]], held: Sequence[Fraction], sizes: Sequence[int], room: int
) -> bool:
    """Say whether adding some of `rows`, each with its pivot, to `held` gives a group of 1 to 9 people.

    A pivot stands in one row alone, so each row is taken once or not at all; `room` are the people still allowed.
    """
    if not rows:
        return set(held) <= {0, 1} and is_few(sum(sizes[place] for place, cell in enumerate(held) if cell))
    (pivot, row), rest = rows[0], rows[1:]
    if sizes[pivot] <= room:
        added = [cell + value for cell, value in zip(held, row, strict=True)]
        if _small_sum(rest, added, sizes, room - sizes[pivot]):
            return True
    return _small_sum(rest, held, sizes, room)
