"""A Datasette plugin: `grafik` in a template draws the chart of a ready question; nothing for any other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from publish import query_chart

PERIODS = "SELECT id, nama, ikm, instrumen, aturan, jawaban_kosong FROM periode ORDER BY selesai DESC, mulai DESC"


@hookimpl  # type: ignore[untyped-decorator]  # datasette ships no types
def extra_template_vars(datasette: Any, database: str | None) -> dict[str, Callable[..., Awaitable[Markup]]]:
    """Return the function for templates. The staff's instance has none of these charts."""

    async def grafik(question: str | None, columns: Sequence[str], cells: Sequence[Sequence[Any]]) -> Markup:
        if database != "publik" or not cells:
            return Markup("")
        periods = [dict(row) for row in (await datasette.get_database(database).execute(PERIODS)).rows]
        rows = [dict(zip(columns, row, strict=True)) for row in cells]
        if question == "indeks":
            return query_chart.trend([row for row in periods if row["ikm"] is not None])
        if question == "nilai_unsur":
            asked = next(row for row in periods if row["nama"] == rows[0]["periode"])
            return query_chart.unsur(rows, asked["instrumen"])
        return query_chart.spread(rows) if question == "sebaran_jawaban" else Markup("")

    return {"grafik": grafik}
