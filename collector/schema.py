"""The shape of a stored answer: its columns by name, in every engine, and the names of the SQLite migrations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from scoring.instrument import MOST_PROFIL, MOST_QUESTIONS
from scoring.response import Response

SQL_FOLDER: Final = Path(__file__).parent / "sql"
ANSWER_COLUMNS: Final = tuple(f"a{number:02d}" for number in range(1, MOST_QUESTIONS + 1))
PROFIL_COLUMNS: Final = tuple(f"p{number:02d}" for number in range(1, MOST_PROFIL + 1))
FIXED_COLUMNS: Final = ("id", "nonce", "office", "day", "hour", "layanan", "channel", "form", "flags", "batch")
COLUMNS: Final = (*FIXED_COLUMNS, *ANSWER_COLUMNS, *PROFIL_COLUMNS)


class Width(NamedTuple):
    """How many columns of answers and of profile fields a statement names; the others stay empty."""

    answers: int = MOST_QUESTIONS
    profil: int = MOST_PROFIL


WIDEST: Final = Width()


@dataclass(frozen=True)
class Arrival:
    """When and how an answer came in: the office's day, the hour (None on paper), and the batch of a paper file."""

    day: date
    hour: int | None
    batch: int | None = None


def insert(rows: int = 1, width: Width = WIDEST) -> str:
    """Return the INSERT of so many answers. The column names are constants; every value is bound."""
    columns = (*FIXED_COLUMNS, *ANSWER_COLUMNS[: width.answers], *PROFIL_COLUMNS[: width.profil])
    marks = ", ".join([f"({', '.join('?' * len(columns))})"] * rows)
    return f"INSERT INTO response ({', '.join(columns)}) VALUES {marks}"  # noqa: S608


def row(response: Response, arrival: Arrival, width: Width = WIDEST) -> tuple[object, ...]:
    """Return the values of `insert` for one answer."""
    return (
        *(response.id, response.nonce, response.office, arrival.day.isoformat(), arrival.hour),
        *(response.layanan, response.channel, response.form, response.flags, arrival.batch),
        *response.answers,
        *[None] * (width.answers - len(response.answers)),
        *response.profil,
        *[None] * (width.profil - len(response.profil)),
    )


def names() -> set[str]:
    """Return the names of the migrations of the SQLite store."""
    return {file.stem for file in SQL_FOLDER.glob("sqlite_*.sql")}
