"""A Datasette plugin for the staff's instance: figures as they are printed, every table as CSV for Excel and XLSX.

What makes them is loaded on first use, since the public instance finds this file as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from datasette import Response, hookimpl

LONGEST = 80  # letters of a file name
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@hookimpl  # type: ignore[untyped-decorator]  # datasette ships no types
def register_output_renderer(datasette: Any) -> list[dict[str, Any]]:
    """Add both formats where the staff's pages are."""
    if not datasette.plugin_config("petugas"):
        return []
    return [{"extension": "excel", "render": render_csv}, {"extension": "xlsx", "render": render_xlsx}]


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(value: object, column: str, datasette: Any) -> str | None:
    """Print figures with a decimal comma and days in words."""
    if not datasette.plugin_config("petugas"):
        return None
    from publish.downloads import in_words, printed

    return printed(column, value) if isinstance(value, float) else in_words(value)


async def render_csv(
    datasette: Any, columns: list[str], rows: list[Any], database: str, table: str, query_name: str, request: Any
) -> Any:
    """Return the rows as a CSV file for Excel."""
    from publish.downloads import as_csv

    content = await asyncio.to_thread(as_csv, columns, _plain(rows))
    return _file(content, CSV_TYPE, f"{_name(table, query_name, request)}.csv")


async def render_xlsx(
    datasette: Any, columns: list[str], rows: list[Any], database: str, table: str, query_name: str, request: Any
) -> Any:
    """Return the rows as a workbook with the title of the page."""
    from publish.downloads import as_xlsx

    known = await datasette.get_canned_query(database, query_name, request.actor) if query_name else None
    told = known or datasette.metadata(database=database, table=table) or {}
    title, note = told.get("title") or table, told.get("description") or datasette.metadata("description") or ""
    author = datasette.metadata("source") or ""
    taken = (title, note, columns, _plain(rows), author, datetime.now().astimezone().date())
    return _file(await asyncio.to_thread(as_xlsx, *taken), XLSX_TYPE, f"{_name(table, query_name, request)}.xlsx")


def _plain(rows: Sequence[Any]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in rows]


def _name(table: str, query_name: str, request: Any) -> str:
    """Return the name of the file: what was asked and what was chosen, in letters that every system takes."""
    chosen = [request.args[key] for key in sorted(request.args) if not key.startswith("_")]
    words = "-".join([query_name or table, *filter(None, chosen)])[:LONGEST]
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "_" for letter in words)


def _file(content: bytes, content_type: str, name: str) -> Any:
    return Response(
        content, headers={"content-disposition": f'attachment; filename="{name}"'}, content_type=content_type
    )
