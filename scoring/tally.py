"""The tally: counts per layanan and channel, never a row. Tallies of services, days and channels add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from scoring.errors import IkmError

FORMAT: Final = "tally/1"


@dataclass(frozen=True)
class Part:
    """What was counted for one layanan over one channel.

    `answers` has for each question the count of each value, lowest first; blanks are `n` less their sum.
    `complete` counts the respondents without any blank, `complete_sums` their sum per question. `profil` counts
    codes by field.

    What margins need, by pair of questions "first second" in the order of the pack: `cross` the sum of products of
    the two values (a blank is 0); and over the respondents with a blank only, where not 0: `blank_cross` the same,
    each question with itself too, `blank_sums` the first's value where the second is filled, `blank_both` how often
    both are filled.

    What the integrity panel needs: `straight` the respondents who chose one value throughout, by value; `repeats`
    those who answered just as the one before them on the same day and layanan; `flags` counts "fast", "honeypot"
    and "ticket" (came with one);
    `hours` counts answers by day and hour ("2026-10-05 09", paper has none).
    """

    layanan: str
    channel: str
    n: int
    answers: Mapping[str, tuple[int, ...]]
    complete: int
    complete_sums: Mapping[str, int]
    profil: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cross: Mapping[str, int] = field(default_factory=dict)
    blank_cross: Mapping[str, int] = field(default_factory=dict)
    blank_sums: Mapping[str, int] = field(default_factory=dict)
    blank_both: Mapping[str, int] = field(default_factory=dict)
    straight: Mapping[str, int] = field(default_factory=dict)
    repeats: int = 0
    flags: Mapping[str, int] = field(default_factory=dict)
    hours: Mapping[str, int] = field(default_factory=dict)


SPARSE: Final = ("cross", "blank_cross", "blank_sums", "blank_both", "straight", "flags", "hours")


@dataclass(frozen=True)
class Tickets:
    """The tickets that hold for one layanan, in one periode.

    `mode` is "off", "optional" or "required"; `issued` were loaded within the periode, `available` could be used in
    it (loaded by its end and not used before), `redeemed` were used in it.
    """

    mode: str
    issued: int
    available: int
    redeemed: int


@dataclass(frozen=True)
class Tally:
    """All counts of one periode of one office, with what is needed to score them.

    `layanan` maps ids to names in printed order; `population` the people served per layanan, where known.
    `previous` is the tally of the periode before, or None. `excluded` counts the answers left out, by reason, and
    `excluded_parts` are their counts, which `parts` no longer hold. `tickets` are by the layanan they hold for, "*" for
    any; empty where none are used.
    """

    office: str
    office_nama: str
    periode: str
    mulai: str
    selesai: str
    instrument: str
    form: str
    rule: str
    blank: str
    rehearsal: bool
    layanan: Mapping[str, str]
    population: Mapping[str, int]
    parts: tuple[Part, ...]
    previous: Tally | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    excluded_parts: tuple[Part, ...] = ()
    tickets: Mapping[str, Tickets] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Return the number of respondents."""
        return sum(part.n for part in self.parts)

    def only(self, layanan: str) -> Tally:
        """Return the tally of one layanan."""
        return replace(self, parts=tuple(part for part in self.parts if part.layanan == layanan), previous=None)


def add(first: Part, second: Part) -> Part:
    """Return the counts of both parts together; both must hold the same questions."""
    return _added((first, second))


def _added(parts: Sequence[Part]) -> Part:
    """Return the counts of all parts together, in one pass, as a part named like the first."""
    first = parts[0]
    sparse: dict[str, Any] = {name: _sum([getattr(part, name) for part in parts]) for name in SPARSE}
    return replace(
        first,
        n=sum(part.n for part in parts),
        answers={
            question: tuple(map(sum, zip(*(part.answers[question] for part in parts), strict=True)))
            for question in first.answers
        },
        complete=sum(part.complete for part in parts),
        complete_sums={question: sum(part.complete_sums[question] for part in parts) for question in first.answers},
        profil={name: _sum([part.profil[name] for part in parts]) for name in first.profil},
        repeats=sum(part.repeats for part in parts),
        **sparse,
    )


def _sum(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return all counts added, sorted; what is 0 is left out."""
    found: dict[str, int] = {}
    for part in counts:
        for key, n in part.items():
            found[key] = found.get(key, 0) + n
    return {key: n for key, n in sorted(found.items()) if n > 0}


def merge(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return one part per layanan and channel, sorted: counts of the same two are added."""
    merged: dict[tuple[str, str], Part] = {}
    for part in parts:
        key = (part.layanan, part.channel)
        merged[key] = add(merged[key], part) if key in merged else part
    return tuple(merged[key] for key in sorted(merged))


def total(parts: Sequence[Part]) -> Part:
    """Return all parts added into one, its layanan and channel "*". There must be at least one part."""
    whole = _added(parts) if len(parts) > 1 else parts[0]
    return replace(whole, layanan="*", channel="*")


def count_rows(
    rows: Iterable[Sequence[int | None]], questions: Sequence[str], low: int, high: int, layanan: str = "*"
) -> Part:
    """Return the part that counts `rows` of answers in the order of `questions`, None being a blank.

    For recap sheets, which are small; a store counts in SQL. The values must lie within `low` and `high`.
    """
    counts = {question: [0] * (high - low + 1) for question in questions}
    sums = dict.fromkeys(questions, 0)
    sparse: dict[str, Counter[str]] = {name: Counter() for name in SPARSE}
    n = complete = 0
    for row in rows:
        n += 1
        whole = None not in row
        complete += whole
        answered = list(zip(questions, row, strict=True))
        for question, value in answered:
            if value is None:
                continue
            if not low <= value <= high:
                raise IkmError("TALLY_INVALID", where=question, reason=f"nilai {value}")
            counts[question][value - low] += 1
            sums[question] += value * whole
        _count_pairs(sparse, answered, whole=whole)
    answers = {question: tuple(values) for question, values in counts.items()}
    kept: dict[str, Any] = {
        name: {key: count for key, count in sorted(counter.items()) if count} for name, counter in sparse.items()
    }
    return Part(layanan, "import", n, answers, complete, sums, **kept)


def _count_pairs(sparse: Mapping[str, Counter[str]], row: Sequence[tuple[str, int | None]], *, whole: bool) -> None:
    """Add one row to the cross sums and to those who chose one value throughout."""
    if whole and len({value for _, value in row}) == 1:
        sparse["straight"][str(row[0][1])] += 1
    for place, (first, value) in enumerate(row):
        for other, (second, beside) in enumerate(row):
            if value is None or beside is None:
                continue
            if other > place:
                sparse["cross"][f"{first} {second}"] += value * beside
            if whole:
                continue
            if other >= place:
                sparse["blank_cross"][f"{first} {second}"] += value * beside
            if other > place:
                sparse["blank_both"][f"{first} {second}"] += 1
            if other != place:
                sparse["blank_sums"][f"{first} {second}"] += value
