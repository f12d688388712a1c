"""A file that was imported before and edited since: most of its sheets are there already.

Many honest sheets are equal, all threes on one day, so equal sheets are taken for one: a file is refused when at least
five different sheets (two where the earlier file had its name) are there again, and these are two thirds of all that
the file, or the earlier one, has on those days. Texts are not compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from collector.database import Connection
from collector.schema import ANSWER_COLUMNS, PROFIL_COLUMNS
from scoring.errors import IkmError
from scoring.periode import tanggal
from scoring.response import Response

LEAST: Final = 5
LEAST_OF_SAME_NAME: Final = 2
SHARE: Final = (2, 3)
SHOWN: Final = 5  # row numbers in the sentence
# By the index response_by_day: what other days, offices and channels hold is never read.
KEPT: Final = (
    f"SELECT batch, day, layanan, form, {', '.join((*ANSWER_COLUMNS, *PROFIL_COLUMNS))} FROM response"  # noqa: S608
    " WHERE office = ? AND day = ? AND layanan = ? AND channel = ? AND batch IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM exclusion WHERE exclusion.response = response.id)"
)
Content = tuple[object, ...]  # day, layanan, form, answers and profile: what makes two sheets equal


class Sheet(NamedTuple):
    """A sheet of a file: the number of its row, what it says, and the day it counts on."""

    line: int
    response: Response
    day: date


def refuse_again(connection: Connection, file: str, name: str, digest: bytes, sheets: Sequence[Sheet]) -> None:
    """Raise IMPORT_AGAIN when the sheets are mostly those of one earlier batch of their channel; excluded ones aside.

    `name` and `digest` are what the batch of `file` would have. One with this very digest, which another person brought
    at the same moment, is not an earlier one: the store sees that itself.
    """
    brought = Counter(map(_content, sheets))
    found = _kept(connection, sheets)
    for batch, kept in sorted(found.items(), key=lambda item: (-(item[1] & brought).total(), item[0])):
        sql = "SELECT file, imported_on FROM batch WHERE id = ? AND sha256 <> ?"
        known, day = connection.execute(sql, (batch, digest)).fetchone() or ("", "")
        if day and _is_again(brought, kept, LEAST_OF_SAME_NAME if known == name else LEAST):
            others = _others(sheets, brought & kept)
            said = {"again": len(sheets) - len(others), "rows": len(sheets), "others": _said(others)}
            raise IkmError("IMPORT_AGAIN", file=file, known=known, day=tanggal(date.fromisoformat(day)), **said)


def _is_again(brought: Counter[Content], kept: Counter[Content], least: int) -> bool:
    again = len(brought.keys() & kept.keys())
    part, whole = SHARE
    return again >= least and again * whole >= min(len(brought), len(kept)) * part


def _kept(connection: Connection, sheets: Sequence[Sheet]) -> dict[int, Counter[Content]]:
    """Return what each earlier batch holds of the days and layanan of these sheets."""
    found: dict[int, Counter[Content]] = {}
    keys = {(each.office, day.isoformat(), each.layanan, each.channel) for _, each, day in sheets}
    for key in sorted(keys):
        for batch, *content in connection.execute(KEPT, key):
            found.setdefault(int(batch), Counter())[tuple(content)] += 1
    return found


def _content(sheet: Sheet) -> Content:
    _, each, day = sheet
    answers = (*each.answers, *[None] * (len(ANSWER_COLUMNS) - len(each.answers)))
    profil = (*each.profil, *[None] * (len(PROFIL_COLUMNS) - len(each.profil)))
    return (day.isoformat(), each.layanan, each.form, *answers, *profil)


def _others(sheets: Sequence[Sheet], again: Counter[Content]) -> list[int]:
    """Return the rows of the sheets that are not there yet."""
    others = []
    for sheet in sheets:
        content = _content(sheet)
        if again[content]:
            again[content] -= 1
        else:
            others.append(sheet.line)
    return others


def _said(others: Sequence[int]) -> str:
    if not others:
        return "tidak ada baris lain"
    rows = ", ".join(map(str, others[:SHOWN]))
    more = f", dan {len(others) - SHOWN} baris lagi" if len(others) > SHOWN else ""
    return f"yang baru atau dibetulkan: baris {rows}{more}"
