"""A Datasette plugin for the staff's instance: lists to choose from, and the pages for comments, procedure and filter.

Each page asks for the signed-in actor itself, and what is posted carries Datasette's token. Nothing is written through
Datasette: tags go into the periode's folder, a filter into the ledger of the store, both by their own modules. These
are loaded on first use, since the public instance finds this file as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from datasette import Forbidden, Response, hookimpl

from scoring.errors import IkmError, Remark

if TYPE_CHECKING:
    from collector.workspace import Workspace

PAGES: Final = (
    ("/-/saran", "Menandai saran", "Setiap saran diberi tema, atau ditandai sebagai aduan."),
    ("/-/prosedur", "Keadaan prosedur", "Langkah yang sudah dan belum, yang menunggu, dan perintah berikutnya."),
    ("/-/saring", "Menu saring", "Nilai dari jawaban pada hari, layanan, dan profil tertentu."),
)
STAFF: Final = "staf"
BAD: Final = 400
PERIODES: Final = "SELECT id, nama FROM periode ORDER BY selesai DESC, mulai DESC"
LAYANAN: Final = (
    "SELECT id, nama FROM layanan WHERE periode = (SELECT id FROM periode ORDER BY selesai DESC, mulai DESC LIMIT 1)"
)
Page = Callable[[Any, Any], Awaitable[Any]]


def workspace_of(datasette: Any) -> Workspace:
    """Return the office's workspace as its file is now. Raises FILE_* and KEY_*."""
    from collector.workspace import load

    return load(Path(datasette.plugin_config("petugas")["office"]))


@hookimpl  # type: ignore[untyped-decorator]  # datasette ships no types
def prepare_connection(conn: Any, datasette: Any) -> None:
    """Give the queries `tanda_saran()`, the tags as they are at this moment."""
    if datasette.plugin_config("petugas"):
        from publish import staff_pages

        conn.create_function("tanda_saran", 0, lambda: staff_pages.tag_counts(workspace_of(datasette)))


@hookimpl  # type: ignore[untyped-decorator]
def prepare_jinja2_environment(env: Any) -> None:
    """Give the templates the decimal comma."""
    from publish.words import angka

    env.filters["desimal"] = angka


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any, database: str | None, request: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """Give the templates the pages and, beside a query, what its parameters can be."""

    async def extra() -> dict[str, Any]:
        if not datasette.plugin_config("petugas") or not request or not request.actor:
            return {}
        from publish.downloads import PLACES

        found: dict[str, Any] = {"halaman_petugas": PAGES, "angka": frozenset(PLACES)}
        if database:
            rows = (await datasette.get_database(database).execute(PERIODES)).rows
            periodes = [tuple(row) for row in rows]
            layanan = (await datasette.get_database(database).execute(LAYANAN)).rows
            found["pilihan"] = {"periode": periodes, "pembanding": periodes, "layanan": [tuple(row) for row in layanan]}
        return found

    return extra


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Page]]:
    """Add the pages where the staff's are."""
    if not datasette.plugin_config("petugas"):
        return []
    return [(rf"^{path}$", page) for (path, _, _), page in zip(PAGES, (saran, prosedur, saring), strict=True)]


def _require_staff(request: Any) -> str:
    """Return who is signed in; anybody else is refused."""
    who = (request.actor or {}).get("id")
    if who != STAFF:
        raise Forbidden("Halaman ini hanya untuk petugas.")
    return str(who)


async def saran(request: Any, datasette: Any) -> Any:
    """Show the comments of a closed periode, and keep the tags that are posted."""
    from publish import staff_pages
    from publish.tagging import TEMA_LIMIT

    who, sentence = _require_staff(request), ""
    faults: tuple[Remark, ...] = ()
    workspace = workspace_of(datasette)
    asked = _asked(request)
    if request.method == "POST":
        asked = await request.post_vars()
        try:
            faults = await asyncio.to_thread(staff_pages.save_saran, workspace, asked, who)
        except IkmError as error:
            sentence = str(error)
        if not faults and not sentence:
            kept = {name: asked.get(name, "") for name in ("periode", "lihat", "halaman")}
            return Response.redirect(datasette.urls.path(f"/-/saran?{urlencode(kept)}"))
    page = None
    try:
        page = await asyncio.to_thread(staff_pages.saran_page, workspace, asked, faults)
    except IkmError as error:
        sentence = sentence or str(error)
    told = {"page": page, "kesalahan": sentence, "faults": faults, "jenis": staff_pages.CHOICES, "batas": TEMA_LIMIT}
    return await _drawn(datasette, request, "saran.html", told, failed=bool(faults or sentence))


async def prosedur(request: Any, datasette: Any) -> Any:
    """Show where a periode stands."""
    from publish import staff_pages

    _require_staff(request)
    told: dict[str, Any] = {}
    try:
        told = await asyncio.to_thread(
            staff_pages.procedure_page, workspace_of(datasette), request.args.get("periode") or ""
        )
    except IkmError as error:
        told = {"kesalahan": error.lines}
    return await _drawn(datasette, request, "prosedur.html", told, failed="kesalahan" in told)


async def saring(request: Any, datasette: Any) -> Any:
    """Show the filter menu, and the figures of what is posted; every filter answered is kept in the ledger."""
    from publish import staff_pages

    _require_staff(request)
    workspace, told = workspace_of(datasette), dict[str, Any]()
    asked = await request.post_vars() if request.method == "POST" else {}
    try:
        told["form"] = await asyncio.to_thread(staff_pages.filter_form, workspace)
        if asked:
            told["hasil"] = await asyncio.to_thread(staff_pages.filtered, workspace, asked)
    except IkmError as error:
        told["kesalahan"] = str(error)
    return await _drawn(datasette, request, "saring.html", {**told, "asked": asked}, failed="kesalahan" in told)


def _asked(request: Any) -> dict[str, str]:
    return {name: request.args[name] for name in request.args}


async def _drawn(datasette: Any, request: Any, template: str, told: dict[str, Any], *, failed: bool) -> Any:
    html = await datasette.render_template(template, told, request=request)
    headers = {"cache-control": "no-store"}
    return Response.html(html, status=BAD if failed else 200, headers=headers)
