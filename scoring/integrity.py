"""The integrity panel: what in the counts deserves a look. It finds nothing out about people and removes no answer.

Every check says "ok", "seen" (look at it) or "unknown" (the counts do not tell). The constants of the bursts were tuned
on the simulation of bench/integrity.py, whose own parameters were fixed before; docs/kewajaran.md explains them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from scoring.bursts import SELF, bursts
from scoring.figure import text
from scoring.group import Group
from scoring.index import IKM_PLACES, compute, grade, unsur_means
from scoring.margin import FEWEST, half_width
from scoring.tally import Part, Tally, Tickets, total
from scoring.ticket import ANY

WEB: Final = (*SELF, "assisted")  # channels that know the hour, the time taken, the honeypot
ASSISTED_SHARE: Final = Fraction(1, 2)  # above it most answers were given to an officer
OPENS, CLOSES = 7, 17  # hours; answers before the first and from the second on are outside service hours
FAMILY_SHARE: Final = Fraction(1, 5)  # of honest answers may repeat the one before: families, neighbours
STRAIGHT_USUAL: Final = Fraction(12, 100)  # of honest respondents choose one value throughout that is not the best
DEVIATIONS: Final = 4  # standard deviations above what is usual before a share is seen
FAST_SHARE: Final = Fraction(1, 20)  # of web answers may be too fast
THIN_SHARE: Final = Fraction(1, 20)  # a letter that this share of all-best forms carries stands on little


def panel(tally: Tally, group: Group) -> list[dict[str, Any]]:
    """Return one entry a check; `group` is the whole office. Shares are texts in per cent, counts are integers."""
    return [
        _assisted(tally),
        _mode(tally, group),
        bursts(tally),
        _repeats(tally, group.pack.low),
        _straight(group),
        _outside(tally),
        _flagged(tally, "fast", FAST_SHARE),
        _flagged(tally, "honeypot", Fraction(0)),
        _tickets(tally),
        _served(tally),
        _carried(group),
    ]


def _state(seen: bool | None) -> str:
    return "unknown" if seen is None else "seen" if seen else "ok"


def _percent(part: int, whole: int) -> str | None:
    return text(Fraction(part * 100, whole), 1) if whole else None


def _exceeds(count: int, n: int, usual: Fraction) -> bool:
    """Say whether `count` of `n` is more than chance makes of the usual share."""
    excess = count - n * usual
    return excess * abs(excess) > DEVIATIONS**2 * n * usual * (1 - usual)


def _assisted(tally: Tally) -> dict[str, Any]:
    n = sum(part.n for part in tally.parts if part.channel == "assisted")
    seen = n > ASSISTED_SHARE * tally.n if tally.n else None
    return {"id": "assisted", "state": _state(seen), "n": n, "of": tally.n, "persen": _percent(n, tally.n)}


def _mode(tally: Tally, group: Group) -> dict[str, Any]:
    """Return the IKM of each channel of thirty respondents, and its difference to the largest one's."""
    channels = {}
    for name in sorted({part.channel for part in tally.parts}):
        part = total([part for part in tally.parts if part.channel == name])
        found = replace(group, part=part, population=None)
        ikm, spread = found.figures[0].ikm, found.spread(found.figures[0].bobot)
        if found.sums.n >= FEWEST and ikm is not None and spread is not None:
            channels[name] = (part.n, ikm, spread)
    base = max(channels, key=lambda name: (name in SELF, channels[name][0], name), default="")
    pairs = [
        {"channel": name, "base": base, **_difference(*channels[name][1:], *channels[base][1:])}
        for name in channels
        if name != base
    ]
    return {
        "id": "mode",
        "state": _state(any(pair["distinct"] for pair in pairs) if pairs else None),
        "channels": [{"id": name, "n": n, "ikm": text(ikm, IKM_PLACES)} for name, (n, ikm, _) in channels.items()],
        "differences": pairs,
    }


def _difference(ikm: Fraction, spread: Fraction, base_ikm: Fraction, base_spread: Fraction) -> dict[str, Any]:
    """Return an IKM less another, with its 95 % interval, from their variances."""
    change, margin = ikm - base_ikm, half_width(spread + base_spread)
    return {
        "difference": text(change, IKM_PLACES),
        "low": text(change - margin, IKM_PLACES),
        "high": text(change + margin, IKM_PLACES),
        "distinct": abs(change) > margin,
    }


def _repeats(tally: Tally, low: int) -> dict[str, Any]:
    """Return how many answered as the one before, beside what their answers' own concentration makes likely."""
    parts = []
    answered = [part for part in tally.parts if part.n]
    for part in sorted(answered, key=lambda part: (part.layanan, part.channel)):
        usual = _alike(part, low)
        share = usual + (1 - usual) * FAMILY_SHARE
        if part.n >= FEWEST and _exceeds(part.repeats, part.n, share):
            most = text(part.n * share, 1)
            entry = {"layanan": part.layanan, "channel": part.channel, "n": part.n}
            parts.append({**entry, "repeats": part.repeats, "usual": most})
    repeats = sum(part.repeats for part in tally.parts)
    expected = text(Fraction(sum(part.n * _alike(part, low) for part in answered)), 1)
    enough = any(part.n >= FEWEST for part in answered)
    return {
        "id": "repeats",
        "state": _state(bool(parts) if enough else None),
        "repeats": repeats,
        "of": tally.n,
        "persen": _percent(repeats, tally.n),
        "expected": expected,
        "parts": parts,
    }


def _alike(part: Part, low: int) -> Fraction:
    """Return the chance that two answers are alike: those of one value throughout, and the others by question."""
    straight = {int(value): n for value, n in part.straight.items()}
    rest = part.n - sum(straight.values())
    found = Fraction(sum(n**2 for n in straight.values()), part.n**2)
    if rest <= 0:
        return found
    mixed = Fraction(rest, part.n) ** 2
    for counts in part.answers.values():
        left = [n - straight.get(value, 0) for value, n in enumerate(counts, low)]
        blank = part.n - sum(counts)
        mixed *= Fraction(sum(n**2 for n in left) + blank**2, rest**2)
    return found + mixed


def _straight(group: Group) -> dict[str, Any]:
    """Return how many chose one value throughout, by value; the best value is never seen, it may be content."""
    part, pack = group.part, group.pack
    counts = [part.straight.get(str(value), 0) for value in range(pack.low, pack.high + 1)]
    values = [
        {"value": value, "n": n, "persen": _percent(n, part.complete)} for value, n in enumerate(counts, pack.low)
    ]
    seen = any(_exceeds(n, part.complete, STRAIGHT_USUAL) for n in counts[:-1])
    n = sum(part.straight.values())
    return {
        "id": "straight",
        "state": _state(seen if part.complete >= FEWEST else None),
        "n": n,
        "of": part.complete,
        "persen": _percent(n, part.complete),
        "values": values,
    }


def _outside(tally: Tally) -> dict[str, Any]:
    """Return the answers outside service hours by channel; of paper nobody knows the hour."""
    found: Counter[str] = Counter()
    whole = 0
    for part in tally.parts:
        for key, n in part.hours.items():
            whole += n
            if not OPENS <= int(key.partition(" ")[2]) < CLOSES:
                found[part.channel] += n
    n = sum(found.values())
    return {
        "id": "outside",
        "state": _state(n > 0 if whole else None),
        "n": n,
        "of": whole,
        "persen": _percent(n, whole),
        "channels": dict(sorted(found.items())),
        "opens": OPENS,
        "closes": CLOSES,
    }


def _flagged(tally: Tally, flag: str, most: Fraction) -> dict[str, Any]:
    """Return how many web answers carry the flag; a form without script never is too fast."""
    parts = [part for part in tally.parts if part.channel in WEB]
    n, whole = sum(part.flags.get(flag, 0) for part in parts), sum(part.n for part in parts)
    seen = n > most * whole if whole else None
    return {"id": flag, "state": _state(seen), "n": n, "of": whole, "persen": _percent(n, whole)}


def _tickets(tally: Tally) -> dict[str, Any]:
    """Return services, tickets and answers beside each other, by layanan, and what of them cannot be or is too many."""
    rows = [_ticket_row(tally, name, tally.tickets[name]) for name in (*tally.layanan, ANY) if name in tally.tickets]
    issued, redeemed = (sum(row[key] for row in rows) for key in ("issued", "redeemed"))
    known = bool(tally.layanan) and set(tally.population) >= set(tally.layanan)
    services = sum(tally.population[name] for name in tally.layanan) if known else None
    faults = [{"layanan": row["layanan"], "fault": fault} for row in rows for fault in _ticket_faults(row)]
    if services is not None and issued > services and not faults:
        faults.append({"layanan": ANY, "fault": "issued"})
    if rows and _with_ticket((*tally.parts, *tally.excluded_parts)) != redeemed:
        faults.append({"layanan": ANY, "fault": "answers"})
    n = _with_ticket(tally.parts)
    return {
        "id": "tickets",
        "state": _state(bool(faults) if rows else None),
        "population": services,
        "issued": issued,
        "redeemed": redeemed,
        "n": n,
        "of": tally.n,
        "persen": _percent(n, tally.n),
        "layanan": rows,
        "faults": faults,
    }


def _with_ticket(parts: Sequence[Part]) -> int:
    return sum(part.flags.get("ticket", 0) for part in parts)


def _ticket_row(tally: Tally, name: str, held: Tickets) -> dict[str, Any]:
    """Return the numbers of the tickets that hold for one layanan; `without` are web answers that came without."""
    parts = [part for part in tally.parts if part.layanan == name]
    n, web = _with_ticket(parts), sum(part.n for part in parts if part.channel in WEB)
    answers = sum(part.n for part in parts)
    return {"layanan": name, "population": tally.population.get(name), **vars(held), "n": n, "of": answers} | {
        "without": web - n
    }


def _ticket_faults(row: Mapping[str, Any]) -> list[str]:
    """Return what is wrong: more tickets than services, more used than there were, an answer without where it must."""
    services = row["population"]
    seen = {
        "issued": services is not None and row["issued"] > services,
        "redeemed": row["redeemed"] > row["available"],
        "without": row["mode"] == "required" and row["layanan"] != ANY and row["without"] > 0,
    }
    return [name for name, wrong in seen.items() if wrong]


def _served(tally: Tally) -> dict[str, Any]:
    """Return the layanan with more answers than services delivered."""
    counts = {layanan: sum(part.n for part in tally.only(layanan).parts) for layanan in tally.population}
    over = [
        {"layanan": layanan, "n": n, "population": tally.population[layanan]}
        for layanan, n in sorted(counts.items())
        if n > tally.population[layanan]
    ]
    return {
        "id": "served",
        "state": _state(bool(over) if counts else None),
        "n": sum(counts.values()),
        "population": sum(tally.population.values()) if counts else None,
        "known": len(counts),
        "of": len(tally.layanan),
        "over": over,
    }


def _carried(group: Group) -> dict[str, Any]:
    """Return k*: the least number of all-best forms without which the letter would be a lower one, or None.

    Without `k` such forms every count is known (answers, sums, respondents), and the index never rises with k: so the
    least k is found by halving.
    """
    best = group.part.straight.get(str(group.pack.high), 0)
    many = best if _mutu(group, best) is not None else best - 1
    mutu, after, few = _mutu(group, 0), _mutu(group, many), 0
    reachable = mutu is not None and after is not None and after != mutu
    while reachable and many - few > 1:
        half = (few + many) // 2
        few, many = (few, half) if _mutu(group, half) != mutu else (half, many)
    k = many if reachable else None
    return {
        "id": "kstar",
        "state": _state(None if mutu is None else k is not None and k <= THIN_SHARE * group.part.n),
        "k": k,
        "persen": None if k is None else _percent(k, group.part.n),
        "best": best,
        "of": group.part.n,
        "mutu": mutu,
        "below": None if k is None else _mutu(group, k),
    }


def _mutu(group: Group, k: int) -> str | None:
    """Return the letter without `k` all-best forms, or None where no index is left."""
    part, pack = group.part, group.pack
    answers = {question: (*counts[:-1], counts[-1] - k) for question, counts in part.answers.items()}
    sums = {question: total - k * pack.high for question, total in part.complete_sums.items()}
    less = replace(part, n=part.n - k, complete=part.complete - k, answers=answers, complete_sums=sums)
    means = unsur_means(pack, less, group.blank)
    nrr = {unsur: mean.nrr for unsur, mean in means.items()}
    band = grade(pack, compute(pack, pack.indexes[0], group.rule, nrr).ikm)
    return band.mutu if band else None
