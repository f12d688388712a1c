"""What of the integrity panel may be published: the laporan and the page both show this, and nothing else of it.

Every check keeps its state. Its figures go by these rules:

- A count of forms with a trait (alike, one value throughout, outside hours, too fast, trapped) is not given when it, or
  the forms without the trait, are 1 to 4; `about` then says "few" or "most". Shares go with their counts.
- Where another published periode breaks the same days down, the two could be subtracted: no such count, no layanan and
  no channel (`about` is "withheld"). So it is with the profil.
- The IKM of a channel is a score beside those of the layanan: none where both would show 1 to 9 people.
- One value throughout: the counts of each question are published, so taking these forms away shows the answers of the
  others; their number is given only when the others are none or at least ten.
- A burst names its layanan, day and hour only where the layanan has a published score, and with at least ten answers.
- Tickets: the layanan are listed only where layanan are broken down, and the answers with a ticket of each only where
  no layanan has 1 to 4 answers with one or without one.
- `assisted` and `served` are the numbers of respondents that stand beside the index already. k* follows from the
  published counts of the answers; the number of all-best forms goes with the values of `straight`.

A figure that a later version adds to the panel stays inside until it is listed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any, Final

from scoring.disclosure import BASE, SMALL_CELL, base, published_cells, published_layanan
from scoring.tally import Tally

Entry = Mapping[str, Any]
Public = dict[str, Any]
FEW: Final = "few"  # 1 to 4
MOST: Final = "most"  # all but 1 to 4
WITHHELD: Final = "withheld"
MIXED: Final = "mixed"  # the forms with more than one value
OTHER: Final = "*"  # what is not shown by itself, taken together


def public_checks(result: Mapping[str, Any], tally: Tally, *, detail: bool) -> list[Public]:
    """Return the panel as it may be published; nothing on a base under ten. `tally` is that of the result.

    `detail` says whether no other published periode breaks down the same days.
    """
    if base(result, result["blank"]) < BASE:
        return []
    shown = published_layanan(result)
    named = shown if detail else frozenset[str]()
    ways: dict[str, Callable[[Entry], Public]] = {
        "assisted": lambda entry: _only(entry, "n", "of", "persen"),
        "mode": lambda entry: _mode(entry, tally, shown, detail=detail),
        "bursts": lambda entry: _bursts(entry, named),
        "repeats": lambda entry: _repeats(entry, named, detail=detail),
        "straight": lambda entry: _straight(entry, result["n_responden"], detail=detail),
        "outside": lambda entry: {**_only(entry, "opens", "closes"), **_counted(entry, "n", detail=detail)},
        "fast": lambda entry: _counted(entry, "n", detail=detail),
        "honeypot": lambda entry: _counted(entry, "n", detail=detail),
        "tickets": lambda entry: _tickets(entry, detail=detail),
        "served": lambda entry: _served(entry, detail=detail),
        "kstar": lambda entry: _only(entry, "k", "persen", "of", "mutu", "below"),
    }
    return [
        {"id": entry["id"], "state": entry["state"], **(ways[entry["id"]](entry) if entry["id"] in ways else {})}
        for entry in result["integrity"]
    ]


def _only(entry: Entry, *keys: str) -> Public:
    return {key: entry[key] for key in keys}


def _counted(entry: Entry, key: str, *, detail: bool) -> Public:
    """Return a count of forms with a trait, its share and what it is a part of, as far as it may be printed."""
    n, of = entry[key], entry["of"]
    about = None if detail else WITHHELD
    if about is None and 0 < n < SMALL_CELL:
        about = FEW
    elif about is None and 0 < of - n < SMALL_CELL:
        about = MOST
    return {key: None if about else n, "persen": None if about else entry["persen"], "of": of, "about": about}


def _repeats(entry: Entry, named: frozenset[str], *, detail: bool) -> Public:
    """Return the answers like the one before; what chance makes of them is rounded up, for it comes of small groups."""
    usual = _up(entry["expected"]) if detail else None
    layanan = sorted({part["layanan"] for part in entry["parts"]} & named)
    return {**_counted(entry, "repeats", detail=detail), "usual": usual, "layanan": layanan}


def _straight(entry: Entry, n: int, *, detail: bool) -> Public:
    """Return how many chose one value throughout, by value where no small count can be found from the others."""
    counts = {str(row["value"]): row["n"] for row in entry["values"]}
    cells = published_cells({**counts, MIXED: entry["of"] - entry["n"]})
    others = n - sum(cells[value] or 0 for value in counts)
    close = not detail or 0 < others < BASE
    whole = _counted(entry, "n", detail=detail)
    if whole["about"] is None and (close or cells[MIXED] is None):
        whole |= {"n": None, "persen": None, "about": WITHHELD}
    values = [{"value": row["value"], "n": None if close else cells[str(row["value"])]} for row in entry["values"]]
    return {**whole, "values": values}


def _bursts(entry: Entry, named: frozenset[str]) -> Public:
    """Return how many hours stand out, and which of them may be named."""
    listed = [
        {**_only(burst, "layanan", "day", "hour", "n"), "usual": _up(burst["usual"])}
        for burst in entry["bursts"]
        if burst["layanan"] in named and burst["n"] >= BASE
    ]
    return {**_only(entry, "days", "hours"), "count": len(entry["bursts"]), "bursts": listed}


def _served(entry: Entry, *, detail: bool) -> Public:
    """Return answers beside people served; the layanan with more answers only where layanan are broken down."""
    over = [_only(row, "layanan", "n", "population") for row in entry["over"] if detail]
    return {**_only(entry, "n", "population", "known", "of"), "count": len(entry["over"]), "over": over}


def _tickets(entry: Entry, *, detail: bool) -> Public:
    """Return services, tickets and answers; what became of a ticket whose answer was excluded stays inside."""
    rows = entry["layanan"] if detail else []
    close = any(0 < n < SMALL_CELL for row in rows for n in (row["n"], row["of"] - row["n"]))
    keys = ("layanan", "mode", "population", "issued", "of")
    return {
        **_only(entry, "population", "issued"),
        **_counted(entry, "n", detail=detail),
        "layanan": [{**_only(row, *keys), "n": None if close else row["n"]} for row in rows],
        "faults": sorted({fault["fault"] for fault in entry["faults"]}),
    }


def _mode(entry: Entry, tally: Tally, shown: frozenset[str], *, detail: bool) -> Public:
    """Return the IKM of the channels and their differences, all or none."""
    listed = [channel["id"] for channel in entry["channels"]]
    if not entry["differences"]:
        return {"channels": [], "differences": [], "about": None}
    if not detail or _exposed(tally, shown, listed):
        return {"channels": [], "differences": [], "about": WITHHELD}
    keys = ("channel", "base", "difference", "low", "high", "distinct")
    return {
        "channels": [_only(channel, "id", "n", "ikm") for channel in entry["channels"]],
        "differences": [_only(pair, *keys) for pair in entry["differences"]],
        "about": None,
    }


def _exposed(tally: Tally, shown: frozenset[str], listed: Sequence[str]) -> bool:
    """Say whether the scores of channels, layanan and the whole show 1 to 9 people when they are subtracted.

    They do where some layanan hold some channels, or the other way round, but for so few. Scores that are not shown
    count as one, for the whole less the others gives them.
    """
    cells: dict[tuple[str, str], int] = {}
    for part in tally.parts:
        key = (part.layanan if part.layanan in shown else OTHER, part.channel if part.channel in listed else OTHER)
        cells[key] = cells.get(key, 0) + (part.complete if tally.blank == "complete" else part.n)
    channels = sorted({channel for _, channel in cells})
    return any(0 < rest < BASE for chosen in _subsets(channels) for rest in _rests(cells, chosen))


def _subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    for size in range(1, len(names) + 1):
        yield from (frozenset(chosen) for chosen in combinations(names, size))


def _rests(cells: Mapping[tuple[str, str], int], chosen: frozenset[str]) -> tuple[int, int]:
    """Return the people of the layanan touched who are not in the chosen channels, and those of the channels only."""
    around = within = 0
    for layanan in {layanan for layanan, _ in cells}:
        inside = sum(n for (name, channel), n in cells.items() if name == layanan and channel in chosen)
        outside = sum(n for (name, channel), n in cells.items() if name == layanan and channel not in chosen)
        around += outside if inside else 0
        within += inside if outside else 0
    return around, within


def _up(figure: str) -> int:
    return -(-Fraction(figure) // 1)
