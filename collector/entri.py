"""A bundle of paper sheets on its way into the count: what was keyed, what it adds up to, and what still lacks.

A sheet is keyed once; a sample, drawn after that, is keyed a second time by someone who does not see the first. Where
the two differ, a third look at the paper decides. Nothing here touches a store (`entri_ledger` does).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Final, Literal

from scoring.errors import Remark, remark
from scoring.figure import rounded
from scoring.instrument import Instrument
from scoring.mask import mask
from scoring.response import SARAN_LIMIT, answer_remarks, clean_text

FIRST, SECOND, THIRD = 1, 2, 3
TERISI, RUSAK, SISA = "terisi", "rusak", "sisa"
STATES: Final = (TERISI, RUSAK, SISA)
BLANK_KEYS: Final = frozenset({"", "0", "-"})  # also a space, once it is stripped
LETTERS: Final = "abcdefghij"
LEAST_SAMPLE: Final = 5  # sheets keyed twice, or all where there are fewer
SAMPLE_SHARE: Final = 10  # one sheet of so many
MOST_SHEETS: Final = 1000  # of one bundle
Stage = Literal["first", "second", "third", "ready", "counted", "cancelled"]


@dataclass(frozen=True)
class Sheet:
    """What was keyed of one sheet; answers and profile in the order of the pack, None for a blank."""

    state: str
    answers: tuple[int | None, ...] = ()
    profil: tuple[str | None, ...] = ()
    saran: str = ""


@dataclass(frozen=True)
class Entri:
    """A bundle: the sheets from `first` to `last`, of one layanan and one day."""

    id: int
    day: date
    layanan: str
    form: str
    first: int
    last: int
    opened_on: date

    @property
    def file(self) -> str:
        """Return the name that the bundle has among the batches: "entri-0003"."""
        return f"entri-{self.id:04d}"

    @property
    def numbers(self) -> range:
        """Return the numbers of its sheets."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Lock:
    """The end of the first entry: the sheets counted on paper by their state, and those drawn to be keyed again."""

    used: int
    spoiled: int
    unused: int
    seed: str
    sample: tuple[int, ...]
    day: date


@dataclass(frozen=True)
class End:
    """How a bundle ended: `batch` is its number in the count, None when it was given up."""

    batch: int | None
    compared: int
    different: int
    day: date


@dataclass(frozen=True)
class Difference:
    """A value that two entries of a sheet do not share: the question (or profile field) by its place, from 0 on."""

    part: Literal["answers", "profil"]
    place: int
    first: int | str | None
    second: int | str | None


@dataclass
class Book:
    """A bundle with everything said of it so far."""

    entri: Entri
    passes: dict[int, dict[int, Sheet]] = field(default_factory=lambda: {FIRST: {}, SECOND: {}, THIRD: {}})
    lock: Lock | None = None
    end: End | None = None

    def sheets(self, state: str) -> list[int]:
        """Return the numbers of the sheets in a state; of which nothing is said, those are left over."""
        found = self.passes[FIRST]
        return [number for number in self.entri.numbers if (found[number].state if number in found else SISA) == state]

    @property
    def untyped(self) -> list[int]:
        """Return the sheets of the sample that were not keyed a second time yet."""
        return [number for number in self.lock.sample if number not in self.passes[SECOND]] if self.lock else []

    def differences(self, number: int) -> list[Difference]:
        """Return what the two entries of a sheet do not share."""
        if number not in self.passes[SECOND]:
            return []
        one, two = self.passes[FIRST][number], self.passes[SECOND][number]
        return [*_differing("answers", one.answers, two.answers), *_differing("profil", one.profil, two.profil)]

    @property
    def undecided(self) -> list[int]:
        """Return the sheets whose entries differ and that nobody has looked at a third time."""
        sample = self.lock.sample if self.lock else ()
        return [number for number in sample if number not in self.passes[THIRD] and self.differences(number)]

    @property
    def compared(self) -> int:
        """Return how many values were keyed twice; a profile field that is blank both times is none."""
        return sum(
            len(one.answers) + sum(pair != (None, None) for pair in zip(one.profil, two.profil, strict=True))
            for one, two in ((self.passes[FIRST][number], two) for number, two in self.passes[SECOND].items())
        )

    @property
    def different(self) -> int:
        """Return how many values differed between the two entries."""
        return sum(len(self.differences(number)) for number in self.passes[SECOND])

    def final(self, number: int) -> Sheet:
        """Return what counts of a sheet: the third look where there was one, else the first entry."""
        return self.passes[THIRD].get(number) or self.passes[FIRST][number]

    @property
    def stage(self) -> Stage:
        """Return what is to be done next."""
        if self.end:
            return "counted" if self.end.batch is not None else "cancelled"
        if self.lock is None:
            return "first"
        if self.untyped:
            return "second"
        return "third" if self.undecided else "ready"


@dataclass(frozen=True)
class Totals:
    """The control totals of a bundle; sums and blanks for each question."""

    used: int
    spoiled: int
    unused: int
    sums: tuple[int, ...]
    blanks: tuple[int, ...]


def totals(book: Book, questions: int) -> Totals:
    """Return what the first entry (or a third look) adds up to so far."""
    used = [book.final(number).answers for number in book.sheets(TERISI)]
    columns = list(zip(*used, strict=True)) or [()] * questions
    sums = tuple(sum(value for value in column if value is not None) for column in columns)
    blanks = tuple(sum(value is None for value in column) for column in columns)
    return Totals(len(used), len(book.sheets(RUSAK)), len(book.sheets(SISA)), sums, blanks)


def total_remarks(book: Book, found: Totals, paper: Mapping[str, int]) -> list[Remark]:
    """Return a remark for every control total of the clerk's that is not what was keyed."""
    typed = {TERISI: found.used, RUSAK: found.spoiled, SISA: found.unused}
    names = {TERISI: "Lembar terisi", RUSAK: "Lembar rusak atau tidak kembali", SISA: "Lembar sisa"}
    remarks = []
    issued, counted = len(book.entri.numbers), sum(paper.values())
    if counted != issued:
        values = {"issued": issued, "counted": counted, "difference": abs(issued - counted)}
        remarks.append(remark("ENTRI_BALANCE", "total", **values))
    for state in STATES:
        if paper[state] != typed[state]:
            values = {"paper": paper[state], "typed": typed[state], "difference": abs(paper[state] - typed[state])}
            remarks.append(remark("ENTRI_TOTAL", state, name=names[state], **values))
    if not found.used and not remarks:
        remarks.append(remark("ENTRI_NOTHING", TERISI))
    return remarks


def draw(seed: str, numbers: Sequence[int]) -> tuple[int, ...]:
    """Return the sheets to be keyed twice: a tenth, at least five; anyone who has the seed draws the same."""
    size = min(len(numbers), max(LEAST_SAMPLE, -(-len(numbers) // SAMPLE_SHARE)))

    def rank(number: int) -> bytes:
        return hashlib.sha256(f"{seed}/{number}".encode("ascii")).digest()

    return tuple(sorted(sorted(numbers, key=rank)[:size]))


def error_rate(compared: int, different: int) -> str:
    """Return the share of values that differed, in percent with two decimals: "0,44"."""
    share = Fraction(100 * different, compared) if compared else Fraction(0)
    return str(rounded(share, 2)).replace(".", ",")


def read_answer(pack: Instrument, key: str) -> int | str | None:
    """Return the value that a key stands for: a number or its letter; None for a blank, other text as it is."""
    text = key.strip().lower()
    if text in BLANK_KEYS:
        return None
    if len(text) == 1 and text in LETTERS[: pack.high - pack.low + 1]:
        return pack.low + LETTERS.index(text)
    return int(text) if len(text) == 1 and text in "123456789" else text


def read_sheet(pack: Instrument, fields: Mapping[str, str]) -> Sheet | list[Remark]:
    """Return the sheet that was keyed into these fields, or what is wrong with it, in the clerk's words."""
    state = fields.get("keadaan") or TERISI
    if state not in STATES:
        return [remark("FIELD_INVALID", "keadaan")]
    if state != TERISI:
        return Sheet(state)
    keys = [fields.get(question.id, "") for question in pack.questions]
    answers = [read_answer(pack, key) for key in keys]
    remarks = [*_skipped(pack, keys), *answer_remarks(pack, answers, blanks=True)]
    profil, saran = [], clean_text(fields.get("saran", ""))
    for item in pack.profil:
        key = fields.get(item.id, "").strip()
        choice = int(key) if key.isascii() and key.isdigit() and len(key) == 1 else 0
        blank = key in BLANK_KEYS
        profil.append(None if blank or not 0 < choice <= len(item.options) else item.options[choice - 1][0])
        if not blank and profil[-1] is None:
            remarks.append(remark("ENTRI_PROFIL", item.id, name=item.nama, most=len(item.options)))
    if len(saran) > SARAN_LIMIT:
        remarks.append(remark("SARAN_LONG", "saran", limit=SARAN_LIMIT, length=len(saran)))
    if not remarks and not any(value is not None for value in answers):
        remarks.append(remark("ENTRI_EMPTY", pack.questions[0].id))
    return remarks or Sheet(
        state, tuple(value for value in answers if not isinstance(value, str)), tuple(profil), mask(saran)
    )


def _skipped(pack: Instrument, keys: Sequence[str]) -> Iterator[Remark]:
    """Yield a remark for every question without a key: a blank is keyed too, so that none is passed over unseen."""
    for nomor, (question, key) in enumerate(zip(pack.questions, keys, strict=True), 1):
        if not key:
            yield remark("ENTRI_SKIPPED", question.id, nomor=nomor)


def _differing(
    part: Literal["answers", "profil"], one: Sequence[int | str | None], two: Sequence[int | str | None]
) -> Iterator[Difference]:
    for place, (first, second) in enumerate(zip(one, two, strict=True)):
        if first != second:
            yield Difference(part, place, first, second)
