"""Counts the rows of a store in plain Python, apart from the SQL that the tally comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from publish_samples import named

from collector.store import reading
from collector.workspace import Workspace
from scoring.instrument import Instrument
from scoring.response import CHANNELS
from scoring.tally import Part


def counted_by_hand(workspace: Workspace, pack: Instrument, first: date, last: date) -> dict[tuple[str, str], Part]:
    """Return the parts as plain Python counts them over every row of the file."""
    with reading(workspace.store) as connection:
        rows = named(connection.execute("SELECT * FROM response"))
    groups: dict[tuple[str, str], list[dict[str, object]]] = {}
    for row in rows:
        if first.isoformat() <= row["day"] <= last.isoformat():
            groups.setdefault((row["layanan"], CHANNELS[row["channel"]]), []).append(row)
    return {key: part_by_hand(pack, key, group) for key, group in groups.items()}


def part_by_hand(pack: Instrument, key: tuple[str, str], rows: Sequence[dict[str, object]]) -> Part:
    columns = {question.id: f"a{number:02d}" for number, question in enumerate(pack.questions, 1)}
    codes = {field.id: f"p{number:02d}" for number, field in enumerate(pack.profil, 1)}
    whole = [row for row in rows if all(row[column] is not None for column in columns.values())]
    return Part(
        *key,
        n=len(rows),
        answers={
            question: tuple(sum(1 for row in rows if row[column] == value) for value in range(pack.low, pack.high + 1))
            for question, column in columns.items()
        },
        complete=len(whole),
        complete_sums={question: sum(int(str(row[column])) for row in whole) for question, column in columns.items()},
        profil={
            field: dict(Counter(str(row[column]) for row in rows if row[column] is not None))
            for field, column in codes.items()
        },
        repeats=repeats_by_hand(rows, list(columns.values())),
        flags=kept({name: sum(bool(int(str(row["flags"])) & bit) for row in rows) for name, bit in FLAGS.items()}),
        hours=dict(Counter(f"{row['day']} {row['hour']:02d}" for row in rows if row["hour"] is not None)),
        **pairs_by_hand(columns, rows, whole),
    )


FLAGS = {"fast": 1, "honeypot": 2, "ticket": 4}
Found = dict[str, dict[str, int]]


def kept(counts: dict[str, int]) -> dict[str, int]:
    return {name: n for name, n in counts.items() if n}


def repeats_by_hand(rows: Sequence[dict[str, object]], columns: Sequence[str]) -> int:
    """Return how many rows have the answers of the row before them on the same day."""
    last: dict[object, list[object]] = {}
    found = 0
    for row in sorted(rows, key=lambda row: int(str(row["seq"]))):
        pattern = [row[column] for column in columns]
        found += last.get((row["day"], row["batch"])) == pattern
        last[row["day"], row["batch"]] = pattern
    return found


def pairs_by_hand(  # noqa: C901  # one plain pass over every pair of every row, on purpose
    columns: dict[str, str], rows: Sequence[dict[str, object]], whole: Sequence[dict[str, object]]
) -> Any:
    """Return the cross sums, and who chose one value throughout."""
    found: Found = {name: {} for name in ("cross", "blank_cross", "blank_sums", "blank_both", "straight")}

    def add(name: str, key: str, n: int) -> None:
        found[name][key] = found[name].get(key, 0) + n

    ids = list(columns)
    for row in rows:
        values = {question: row[column] for question, column in columns.items()}
        filled = {question: int(str(value)) for question, value in values.items() if value is not None}
        for place, q in enumerate(ids):
            for other, p in enumerate(ids):
                if q not in filled or p not in filled:
                    continue
                if other > place:
                    add("cross", f"{q} {p}", filled[q] * filled[p])
                if row in whole:
                    continue
                if other >= place:
                    add("blank_cross", f"{q} {p}", filled[q] * filled[p])
                if other > place:
                    add("blank_both", f"{q} {p}", 1)
                if other != place:
                    add("blank_sums", f"{q} {p}", filled[q])
        if len(filled) == len(ids) and len(set(filled.values())) == 1:
            add("straight", str(filled[ids[0]]), 1)
    return found
