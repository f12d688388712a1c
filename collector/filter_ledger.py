"""The ledger of answered filters: a new one is refused when, with those before it, it would show 1 to 9 people.

Everything is counted by the database: how many answers lie in which of the groups. Known beside the filters are the
totals of the closed periode and of their layanan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from datetime import date

from collector.database import Connection
from collector.destroyed import require_rows
from collector.schema import ANSWER_COLUMNS, PROFIL_COLUMNS
from scoring.disclosure import BASE, isolates, published_groups
from scoring.errors import IkmError

Cells = Counter[tuple[bool, ...]]


@dataclass(frozen=True)
class Asked:
    """A filter as the ledger keeps it; the fields are the columns of the table."""

    office: str
    mulai: str
    selesai: str
    layanan: str
    profil: str
    whole: int
    answers: int
    exclusions: int

    def where(self) -> tuple[str, list[object]]:
        """Return the condition on a row of answers, made of constants of the store, and what is bound to it."""
        where = "office = ? AND day BETWEEN ? AND ? AND seq <= ?"
        where += " AND id NOT IN (SELECT response FROM exclusion WHERE seq <= ?)"
        bound: list[object] = [self.office, self.mulai, self.selesai, self.answers, self.exclusions]
        if self.layanan:
            where, bound = f"{where} AND layanan = ?", [*bound, self.layanan]
        for item in filter(None, self.profil.split(",")):
            column, _, code = item.partition("=")
            if column in PROFIL_COLUMNS:
                where, bound = f"{where} AND coalesce({column}, '') = ?", [*bound, code]
        for column in ANSWER_COLUMNS[: self.whole]:
            where += f" AND {column} IS NOT NULL"
        return where, bound


def moment(connection: Connection) -> tuple[int, int]:
    """Return the last answer and the last exclusion that are stored now. Runs inside the writer's transaction."""
    answers, exclusions = connection.execute(
        "SELECT (SELECT coalesce(max(seq), 0) FROM response), (SELECT coalesce(max(seq), 0) FROM exclusion)"
    ).fetchone()
    return int(answers), int(exclusions)


def enter(connection: Connection, asked: Asked, today: date) -> None:
    """Enter a filter that may be answered; the same group again is answered and not entered twice.

    Runs inside the writer's transaction. Raises FILTER_DIFFERENCE, and ROWS_DESTROYED when the rows to hold
    it against are gone.
    """
    filters = _earlier(connection, asked)
    near = _near([*filters, *_totals(connection, asked)], asked)
    for group in (*near, asked):
        require_rows(connection, asked.office, group.mulai, group.selesai)
    earlier = [group for group in filters if group in near]
    known = [*earlier, *(group for group in near if group not in filters)]
    cells = _cells(connection, [*known, asked])
    if any(all(member[place] == member[-1] for member in cells) for place in range(len(earlier))):
        return
    kept = _without_clash(cells, len(known), len(earlier))
    if isolates(_only(cells, [*kept, len(known)])):
        raise IkmError("FILTER_DIFFERENCE", least=BASE)
    connection.execute(
        "INSERT INTO filter (office, mulai, selesai, layanan, profil, whole, answers, exclusions, asked_on)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*astuple(asked), today.isoformat()),
    )


def _earlier(connection: Connection, asked: Asked) -> list[Asked]:
    rows = connection.execute(
        "SELECT office, mulai, selesai, layanan, profil, whole, answers, exclusions FROM filter WHERE office = ?"
        " ORDER BY seq",
        (asked.office,),
    )
    return [Asked(*row) for row in rows]


def _totals(connection: Connection, asked: Asked) -> list[Asked]:
    """Return the groups that are known without a filter: each closed periode, and each of its shown layanan."""
    rows = connection.execute(
        "SELECT mulai, selesai FROM closing WHERE office = ? ORDER BY closed_on, mulai, selesai", (asked.office,)
    )
    found = []
    for mulai, selesai in rows.fetchall():
        whole = replace(asked, mulai=mulai, selesai=selesai, layanan="", profil="")
        where, bound = whole.where()
        sizes = dict(
            connection.execute(f"SELECT layanan, count(*) FROM response WHERE {where} GROUP BY layanan", bound)  # noqa: S608
        )
        if sum(sizes.values()) >= BASE:
            found += [whole, *(replace(whole, layanan=name) for name in sorted(published_groups(sizes)))]
    return found


def _near(groups: Sequence[Asked], asked: Asked) -> list[Asked]:
    """Return the groups that share a day with `asked`, or with one that does, and so on."""
    first, last = asked.mulai, asked.selesai
    while True:
        near = [group for group in groups if group.mulai <= last and group.selesai >= first]
        days = min([first, *(group.mulai for group in near)]), max([last, *(group.selesai for group in near)])
        if days == (first, last):
            return near
        first, last = days


def _cells(connection: Connection, groups: Sequence[Asked]) -> Cells:
    """Return how many answers lie in which of the groups."""
    conditions = [group.where() for group in groups]
    columns = ", ".join(f"({where}) AS g{place}" for place, (where, _) in enumerate(conditions))
    names = ", ".join(str(place) for place in range(1, len(groups) + 1))
    days = min(group.mulai for group in groups), max(group.selesai for group in groups)
    bound = [value for _, values in conditions for value in values]
    sql = (
        f"SELECT {columns}, count(*) FROM response"  # noqa: S608
        f" WHERE office = ? AND day BETWEEN ? AND ? GROUP BY {names}"
    )
    rows = connection.execute(sql, (*bound, groups[-1].office, *days))
    return Counter({tuple(map(bool, member)): n for *member, n in rows if any(member)})


def _without_clash(cells: Cells, known: int, earlier: int) -> list[int]:
    """Return the places of the groups that are known: every answered filter, and each total that isolates nobody."""
    if not isolates(_only(cells, range(known))):
        return list(range(known))
    kept = list(range(earlier))
    for place in range(earlier, known):
        if not isolates(_only(cells, [*kept, place])):
            kept.append(place)
    return kept


def _only(cells: Cells, places: Sequence[int]) -> Cells:
    """Return the cells as some of the groups make them."""
    found: Cells = Counter()
    for member, n in cells.items():
        found[tuple(member[place] for place in places)] += n
    return found
