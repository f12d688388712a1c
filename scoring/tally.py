"""The tally: counts per layanan and channel, never a row. Tallies of services, days and channels add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from scoring.errors import IkmError

FORMAT: Final = "tally/1"


@dataclass(frozen=True)
class Part:
    """What was counted for one layanan over one channel.

    `answers` has for each question the count of each value, lowest first; blanks are `n` less their sum.
    `complete` counts the respondents without any blank, `complete_sums` their sum per question. `profil` counts
    codes by field.
    """

    layanan: str
    channel: str
    n: int
    answers: Mapping[str, tuple[int, ...]]
    complete: int
    complete_sums: Mapping[str, int]
    profil: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Tally:
    """All counts of one periode of one office, with what is needed to score them.

    `layanan` maps ids to names in printed order; `population` the people served per layanan, where known.
    `previous` is the tally of the periode before, or None.
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

    @property
    def n(self) -> int:
        """Return the number of respondents."""
        return sum(part.n for part in self.parts)

    def only(self, layanan: str) -> Tally:
        """Return the tally of one layanan."""
        return replace(self, parts=tuple(part for part in self.parts if part.layanan == layanan), previous=None)


def add(first: Part, second: Part) -> Part:
    """Return the counts of both parts together; both must hold the same questions."""
    return replace(
        first,
        n=first.n + second.n,
        answers={
            question: tuple(a + b for a, b in zip(counts, second.answers[question], strict=True))
            for question, counts in first.answers.items()
        },
        complete=first.complete + second.complete,
        complete_sums={
            question: total + second.complete_sums[question] for question, total in first.complete_sums.items()
        },
        profil={
            name: dict(sorted((Counter(codes) + Counter(second.profil[name])).items()))
            for name, codes in first.profil.items()
        },
    )


def merge(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return one part per layanan and channel, sorted: counts of the same two are added."""
    merged: dict[tuple[str, str], Part] = {}
    for part in parts:
        key = (part.layanan, part.channel)
        merged[key] = add(merged[key], part) if key in merged else part
    return tuple(merged[key] for key in sorted(merged))


def total(parts: Sequence[Part]) -> Part:
    """Return all parts added into one, its layanan and channel "*". There must be at least one part."""
    whole = replace(parts[0], layanan="*", channel="*")
    for part in parts[1:]:
        whole = add(whole, part)
    return whole


def count_rows(
    rows: Iterable[Sequence[int | None]], questions: Sequence[str], low: int, high: int, layanan: str = "*"
) -> Part:
    """Return the part that counts `rows` of answers in the order of `questions`, None being a blank.

    For recap sheets, which are small; a store counts in SQL. The values must lie within `low` and `high`.
    """
    counts = {question: [0] * (high - low + 1) for question in questions}
    sums = dict.fromkeys(questions, 0)
    n = complete = 0
    for row in rows:
        n += 1
        whole = None not in row
        complete += whole
        for question, value in zip(questions, row, strict=True):
            if value is None:
                continue
            if not low <= value <= high:
                raise IkmError("TALLY_INVALID", where=question, reason=f"nilai {value}")
            counts[question][value - low] += 1
            sums[question] += value * whole
    answers = {question: tuple(values) for question, values in counts.items()}
    return Part(layanan, "import", n, answers, complete, sums)
