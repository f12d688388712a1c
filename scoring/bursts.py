"""Bursts: the hours at one QR code that hold more answers than the other hours and days make likely.

The constants were tuned on the simulation of bench/integrity.py, whose own parameters were fixed before;
docs/kewajaran.md explains them and says what is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from scoring.figure import text
from scoring.margin import Z, half_width
from scoring.tally import Tally

SELF: Final = ("phone", "kiosk")  # channels a citizen fills in alone, by a QR code
BURST_LEAST: Final = 10  # answers in one hour at one QR code; two families are fewer
BURST_CHANCE: Final = Fraction(1, 50)  # of one honest periode being flagged, shared by all its hours
SPREAD: Final = 2  # variance of the answers of an hour over their mean: families come together
OWN_LEAST: Final = 10  # answers at the same hour of other days before a QR code has an hour of its own
BURST_TIMES: Final = Fraction(3, 2)  # the usual count, at least: in a large office hours differ more than by chance
SETTLE: Final = 20  # rounds until an expected count stands still
GRID: Final = 16  # an expected count is taken up to the next sixteenth


@dataclass
class Hours:
    """The answers of one QR code (one layanan and channel) or of all: by day and hour, and their sums."""

    cells: dict[tuple[str, str], int] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)
    hours: dict[str, int] = field(default_factory=dict)
    n: int = 0

    def add(self, counts: Mapping[str, int]) -> None:
        """Count the answers of a part, by keys such as "2026-10-05 09"."""
        cells, days, hours = self.cells, self.days, self.hours
        for key, n in counts.items():
            day, _, hour = key.partition(" ")
            cells[day, hour] = cells.get((day, hour), 0) + n
            days[day] = days.get(day, 0) + n
            hours[hour] = hours.get(hour, 0) + n
            self.n += n


@dataclass(frozen=True)
class Usual:
    """What an hour at a QR code usually holds, in grid steps, and the counts from which that was reckoned."""

    steps: int
    counts: tuple[int, ...]

    @property
    def mean(self) -> Fraction:
        """Return the number of answers."""
        return Fraction(self.steps, GRID)

    @property
    def vague(self) -> Fraction:
        """Return the squared relative error of the mean."""
        return sum((Fraction(1, n) for n in self.counts), Fraction(0))

    def reached(self, n: int) -> bool:
        """Say whether `n` answers are BURST_TIMES the usual, without which no hour is a burst."""
        return n * GRID * BURST_TIMES.denominator >= BURST_TIMES.numerator * self.steps


def bursts(tally: Tally) -> dict[str, Any]:
    """Return the hours at one QR code that hold more answers than the other days make likely."""
    whole = Hours()
    codes: dict[tuple[str, str], Hours] = {}
    for part in sorted(tally.parts, key=lambda part: (part.layanan, part.channel)):
        if part.channel in SELF and part.hours:
            whole.add(part.hours)
            codes.setdefault((part.layanan, part.channel), Hours()).add(part.hours)
    cells = sum(len(code.cells) for code in codes.values())
    found: list[dict[str, Any]] = []
    for (layanan, channel), code in codes.items() if len(whole.days) > 1 else ():
        for (day, hour), n, ways in _unusual(code, whole):
            if ways and all(_rare(n, way, BURST_CHANCE * Fraction(1, cells)) for way in ways):
                where = {"layanan": layanan, "channel": channel, "day": day, "hour": hour}
                found.append({**where, "n": n, "usual": text(max(way.mean for way in ways), 1)})
    return {
        "id": "bursts",
        "state": "unknown" if len(whole.days) < 2 else "seen" if found else "ok",
        "days": len(whole.days),
        "hours": cells,
        "bursts": found,
        "n": sum(int(burst["n"]) for burst in found),
    }


def _unusual(code: Hours, whole: Hours) -> Iterator[tuple[tuple[str, str], int, list[Usual]]]:
    """Yield the hours of a QR code that may be bursts, in their order, with their answers and what is usual there.

    Most hours end at the first test, in whole numbers: a large office has thousands of them. It is the first round of
    `_settled`, which is its least, and makes the hour no burst already there.
    """
    times, per = BURST_TIMES.numerator, BURST_TIMES.denominator
    code_n, whole_n, days, hours = code.n, whole.n, whole.days, whole.hours
    found = []
    for (day, hour), n in code.cells.items():
        if n < BURST_LEAST:
            continue
        qr, day_n, hour_n, all_n = code_n - n, days[day] - n, hours[hour] - n, whole_n - n
        known = all_n >= BURST_LEAST
        if known and n * all_n**2 * per < times * qr * day_n * hour_n:
            continue
        ways = [_settled(max(1, qr), max(1, day_n), max(1, hour_n), all_n)] if known else []
        if all(way.reached(n) for way in ways):
            found.append(((day, hour), n, [*ways, *_own(code, (day, hour), n, len(days))]))
    yield from sorted(found, key=lambda entry: entry[0])


def _settled(qr: int, day: int, hour: int, all_n: int) -> Usual:
    """Return what the day's other hours, the hour's other days and the code's share make usual, over all QR codes.

    The day's scale (a market day) comes from the other hours of the day, the hour's share from the other days.
    """
    steps, before = 0, -1
    for _ in range(SETTLE):  # the cell's own part in the sums, put back
        if steps == before:
            break
        before = steps
        product = (qr * GRID + steps) * (day * GRID + steps) * (hour * GRID + steps)
        steps = max(GRID, -(-product // (all_n * GRID + steps) ** 2))
    return Usual(steps, (qr, day, hour))


def _own(code: Hours, cell: tuple[str, str], n: int, days: int) -> Iterator[Usual]:
    """Yield the same from this QR code alone, where it has enough answers; on a day of that one hour, the mean."""
    day, hour = code.days[cell[0]] - n, code.hours[cell[1]] - n
    rest = code.n - n - day - hour
    if min(day, hour, rest) >= OWN_LEAST:
        yield Usual(_steps(Fraction(day * hour, rest)), (day, hour, rest))
    if hour and not day:
        yield Usual(_steps(Fraction(hour, days - 1)), (hour,))


def _steps(value: Fraction) -> int:
    """Return the value in grid steps, rounded up, at least one answer: an empty hour is not an impossible one."""
    return max(GRID, -(-value.numerator * GRID // value.denominator))


def _rare(n: int, usual: Usual, least: Fraction) -> bool:
    """Say whether `n` or more answers have less than the chance `least`.

    Poisson, of visits of SPREAD answers each, around the mean and one standard deviation of what is not known of it.
    Its chance is exact but for terms beyond `last`, which weigh nothing: 1 - sum to m - 1 over sum to `last` of l^x/x!.
    """
    if not usual.reached(n):
        return False
    unknown = half_width(usual.mean**2 * usual.vague * SPREAD) * Fraction(Z.denominator, Z.numerator)
    visits = Fraction(_steps(usual.mean + unknown), GRID * SPREAD)
    fewest = -(-n // SPREAD)
    if fewest <= visits or (fewest - visits) ** 2 <= 4 * visits:  # two deviations: at least 1 in 50, without summing
        return False
    a, b = visits.numerator, visits.denominator
    last = fewest + -(-a // b) + 40
    below = whole = 0
    term = a**last  # l^x / x! times a common denominator, from the last one down
    for x in range(last, -1, -1):
        whole += term
        below += term if x < fewest else 0
        term = term * x * b // a
    return Fraction(whole - below, whole) < least
