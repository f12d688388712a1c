"""Counts stored rows: every count is one sum in a GROUP BY of the database, no row comes into Python.

A group is a vector of sums in the order of `names(pack)`, which adds up by position; `part` turns it into a part of a
tally. The names in the statements are constants of the store and the pack; every value is bound.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from collector.database import Connection
from collector.schema import ANSWER_COLUMNS, PROFIL_COLUMNS
from scoring.instrument import Instrument, built_in
from scoring.response import CHANNELS, FLAG_FAST, FLAG_HONEYPOT, FLAG_TICKET
from scoring.tally import Part

FLAGS: Final = {"fast": FLAG_FAST, "honeypot": FLAG_HONEYPOT}
# Counted since kept vectors have layout 2, at the end of them: an older one lacks it and means 0.
TICKET: Final = "flags ticket"
REPEATS: Final = -2  # the place of "repeats" in a vector
Key = tuple[str, str, int]  # form, layanan, number of the channel


@dataclass
class Counted:
    """One group: its sums in the order of `names`, and its answers by day and hour."""

    sums: list[int]
    hours: dict[str, int] = field(default_factory=dict)


def pack_of(form: str) -> Instrument:
    """Return the pack of a form such as "permenpanrb-14-2017/1". Raises INSTRUMENT_UNKNOWN."""
    return built_in(form.rpartition("/")[0])


def count(connection: Connection, where: str, bound: Sequence[object]) -> dict[Key, Counted]:
    """Return the groups of the rows that meet `where`, by form, layanan and channel."""
    groups: dict[Key, Counted] = {}
    forms = connection.execute(f"SELECT DISTINCT form FROM response WHERE {where}", bound)  # noqa: S608
    for (form,) in forms.fetchall():
        inside, values = f"({where}) AND form = ?", (*bound, form)
        for key, counted in _form(connection, pack_of(form), inside, values):
            groups[form, *key] = counted
    return groups


def _form(
    connection: Connection, pack: Instrument, where: str, bound: Sequence[object]
) -> Iterator[tuple[tuple[str, int], Counted]]:
    every, blank, less = _every(pack), _blank(pack), _less(pack)
    places = [list(every).index(name) for name in less]
    complete = " AND ".join(f"{column} IS NOT NULL" for column in _columns(pack))
    with_blank = dict(_grouped(connection, {**blank, **less}, f"({where}) AND NOT ({complete})", bound))
    repeats, hours = _repeats(connection, pack, where, bound), _hours(connection, where, bound)
    for key, row in _grouped(connection, {**every, TICKET: _if(f"flags & {FLAG_TICKET} <> 0")}, where, bound):
        rest = with_blank.get(key, [0] * (len(blank) + len(less)))
        for place, n in zip(places, rest[len(blank) :], strict=True):
            row[place] -= n
        ticket = row.pop()
        yield key, Counted([*row, *rest[: len(blank)], repeats.get(key, 0), ticket], hours.get(key, {}))


def _grouped(
    connection: Connection, sums: Mapping[str, str], where: str, bound: Sequence[object]
) -> Iterator[tuple[tuple[str, int], list[int]]]:
    fields = ", ".join(f"coalesce({expression}, 0)" for expression in sums.values())
    sql = f"SELECT layanan, channel, {fields} FROM response WHERE {where} GROUP BY layanan, channel"  # noqa: S608
    for layanan, channel, *row in connection.execute(sql, bound):
        yield (layanan, channel), row


def names(pack: Instrument) -> tuple[str, ...]:
    """Return what each place of a vector counts: "answers persyaratan 4", "cross persyaratan waktu", "n", ..."""
    return (*_every(pack), *_blank(pack), "repeats", TICKET)


@cache
def length(form: str) -> int:
    """Return the length of a vector of this form."""
    return len(names(pack_of(form)))


def _columns(pack: Instrument) -> tuple[str, ...]:
    return ANSWER_COLUMNS[: len(pack.questions)]


def _every(pack: Instrument) -> dict[str, str]:
    """Return the sums over all rows of a group, by name; those of `_less` still hold the rows with a blank."""
    columns, values = _columns(pack), range(pack.low, pack.high + 1)
    named = list(zip((question.id for question in pack.questions), columns, strict=True))
    alike = " AND ".join(f"{columns[0]} = {column}" for column in columns[1:])
    sums = {"n": "count(*)", "complete": "count(*)"}
    sums |= {f"answers {q} {value}": _if(f"{column} = {value}") for q, column in named for value in values}
    sums |= {f"complete_sums {q}": f"sum({column})" for q, column in named}
    sums |= {
        f"cross {q} {p}": f"sum({first} * {second})"
        for place, (q, first) in enumerate(named)
        for p, second in named[place + 1 :]
    }
    sums |= {f"straight {value}": _if(f"{columns[0]} = {value} AND {alike}") for value in values}
    sums |= {f"flags {name}": _if(f"flags & {bit} <> 0") for name, bit in FLAGS.items()}
    for profil, column in zip(pack.profil, PROFIL_COLUMNS, strict=False):
        sums |= {f"profil {profil.id} {code}": _if(f"{column} = '{code}'") for code, _ in profil.options}
    return sums


def _if(condition: str) -> str:
    """Return the sum that counts the rows of a condition, evaluated no further than it is true."""
    return f"count(*) FILTER (WHERE {condition})"


def _less(pack: Instrument) -> dict[str, str]:
    """Return what the rows with a blank take from sums over all rows, by name: far fewer rows than all."""
    named = zip((question.id for question in pack.questions), _columns(pack), strict=True)
    return {"complete": "count(*)", **{f"complete_sums {q}": f"sum({column})" for q, column in named}}


def _blank(pack: Instrument) -> dict[str, str]:
    """Return the sums over the rows of a group that have a blank, by name."""
    named = list(zip((question.id for question in pack.questions), _columns(pack), strict=True))
    sums = {}
    for place, (q, first) in enumerate(named):
        for other, (p, second) in enumerate(named):
            if other >= place:
                sums[f"blank_cross {q} {p}"] = f"sum({first} * {second})"
            if other > place:
                sums[f"blank_both {q} {p}"] = _if(f"{first} IS NOT NULL AND {second} IS NOT NULL")
            if other != place:
                sums[f"blank_sums {q} {p}"] = f"sum({first}) FILTER (WHERE {second} IS NOT NULL)"
    return sums


def _hours(connection: Connection, where: str, bound: Sequence[object]) -> dict[tuple[str, int], dict[str, int]]:
    """Return the answers by day and hour; paper has no hour."""
    hours: dict[tuple[str, int], dict[str, int]] = {}
    sql = (
        "SELECT layanan, channel, day, hour, count(*) FROM response"  # noqa: S608
        f" WHERE ({where}) AND hour IS NOT NULL GROUP BY layanan, channel, day, hour"
    )
    for layanan, channel, day, hour, n in connection.execute(sql, bound):
        hours.setdefault((layanan, channel), {})[f"{day} {hour:02d}"] = n
    return hours


def _repeats(
    connection: Connection, pack: Instrument, where: str, bound: Sequence[object]
) -> dict[tuple[str, int], int]:
    """Return how many answered just as the one before them, on the same day and layanan and in the same way."""
    base = pack.high + 1
    pattern = "CAST(0 AS BIGINT)"
    for column in _columns(pack):
        pattern = f"({pattern}) * {base} + coalesce({column}, 0)"
    sql = (
        "SELECT layanan, channel, count(*) FILTER (WHERE pattern = earlier)"  # noqa: S608
        f" FROM (SELECT layanan, channel, {pattern} AS pattern,"
        f" lag({pattern}) OVER (PARTITION BY day, layanan, channel, batch ORDER BY seq) AS earlier"
        f" FROM response WHERE {where}) AS coded GROUP BY layanan, channel"
    )
    return {(layanan, channel): n for layanan, channel, n in connection.execute(sql, bound)}


def part(pack: Instrument, layanan: str, channel: int, counted: Counted) -> Part:
    """Return the part of a tally that a group of sums stands for."""
    found: dict[str, Any] = {
        "answers": {question.id: [] for question in pack.questions},
        "profil": {profil.id: {} for profil in pack.profil},
        "complete_sums": {},
    }
    for name, value in zip(names(pack), counted.sums, strict=True):
        kind, _, rest = name.partition(" ")
        if kind == "answers":
            found["answers"][rest.partition(" ")[0]].append(value)
        elif kind == "complete_sums":
            found[kind][rest] = value
        elif kind == "profil" and value:
            found[kind][rest.partition(" ")[0]][rest.partition(" ")[2]] = value
        elif not rest:
            found[kind] = value
        elif value and kind != "profil":
            found.setdefault(kind, {})[rest] = value
    found["answers"] = {question: tuple(values) for question, values in found["answers"].items()}
    return Part(layanan=layanan, channel=CHANNELS[channel], hours=dict(sorted(counted.hours.items())), **found)
