"""The shape of a stored answer: its columns by name, in every engine, and the names of the SQLite migrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scoring.instrument import MOST_PROFIL, MOST_QUESTIONS
from scoring.response import Response

SQL_FOLDER: Final = Path(__file__).parent / "sql"
ANSWER_COLUMNS: Final = tuple(f"a{number:02d}" for number in range(1, MOST_QUESTIONS + 1))
PROFIL_COLUMNS: Final = tuple(f"p{number:02d}" for number in range(1, MOST_PROFIL + 1))
COLUMNS: Final = (
    *("id", "nonce", "office", "day", "hour", "layanan", "channel", "form", "flags", "batch"),
    *ANSWER_COLUMNS,
    *PROFIL_COLUMNS,
)
# The column names are the constants above; every value is bound.
INSERT: Final = f"INSERT INTO response ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608
MORE_VALUES: Final = f", ({', '.join('?' * len(COLUMNS))})"  # behind INSERT, for one answer more


@dataclass(frozen=True)
class Arrival:
    """When and how an answer came in: the office's day, the hour (None on paper), and the batch of a paper file."""

    day: date
    hour: int | None
    batch: int | None = None


def row(response: Response, arrival: Arrival) -> tuple[object, ...]:
    """Return the values of INSERT, in the order of COLUMNS."""
    answers = (*response.answers, *[None] * (MOST_QUESTIONS - len(response.answers)))
    profil = (*response.profil, *[None] * (MOST_PROFIL - len(response.profil)))
    return (
        *(response.id, response.nonce, response.office, arrival.day.isoformat(), arrival.hour),
        *(response.layanan, response.channel, response.form, response.flags, arrival.batch),
        *answers,
        *profil,
    )


def names() -> set[str]:
    """Return the names of the migrations of the SQLite store."""
    return {file.stem for file in SQL_FOLDER.glob("sqlite_*.sql")}
