"""The WSGI application: the frozen questionnaire and the app on one address, configured by the environment.

IKM_OFFICE names the office.toml; IKM_REHEARSAL_DAY sets the day of a rehearsal store and is refused by a real one;
IKM_STAF_TOKEN is what a clerk needs to open the pages for paper sheets (collector/entri_door.py).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from whitenoise import WhiteNoise

from collector.app import Application, create_app, headers_of, with_headers
from collector.entri_app import PATH, create_entri
from collector.entri_door import TOKEN_VARIABLE
from collector.heartbeat import keep_beating
from collector.last_result import Watched
from collector.pages import WORKER
from collector.store import open_store
from collector.workspace import DAY_VARIABLE, OFFICE_VARIABLE, OWN_VARIABLE, clock_of, load
from scoring.office import Office

LAST_WORDS: Final = 0.2  # seconds


def build(office_file: Path, rehearsal_day: date | None) -> Application:
    """Return the application. Raises STORE_MISSING, STORE_OTHER_OFFICE, and STORE_KIND for a day on a real store."""
    workspace = load(office_file)
    store = open_store(workspace.store, workspace.office.id)
    clock = clock_of(workspace, store.kind(), rehearsal_day)
    rehearsal = store.kind() == "rehearsal"
    last = Watched(workspace, rehearsal=rehearsal)
    office = _with_own_addresses(workspace.office)
    app = create_app(office, store, clock, rehearsal=rehearsal, broken=_end, last=last)
    files = WhiteNoise(
        app,
        root=workspace.site,
        index_file=True,
        max_age=0,
        allow_all_origins=False,
        autorefresh=True,  # the pages may be frozen anew while the server runs
        add_headers_function=_headers,
    )
    token = os.environ.get(TOKEN_VARIABLE, "")
    entri = create_entri(office, store, clock, rehearsal=store.kind() == "rehearsal", token=token, broken=_end)
    pages = with_headers(files, headers_of(office))

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Look for a page only where there can be one; the app says no in the citizens' language."""

        if f"{environ['PATH_INFO']}/".startswith(f"{PATH}/"):
            return entri(environ, start_response)
        asks = environ["REQUEST_METHOD"] in {"GET", "HEAD"} and "\0" not in environ["PATH_INFO"]
        reply: Iterable[bytes] = (pages if asks else app)(environ, start_response)
        return reply

    return application


def _with_own_addresses(office: Office) -> Office:
    """Return the office with what `serve` listens on among its origins: who tries it on that computer can answer."""
    own = os.environ.get(OWN_VARIABLE, "").split()
    return replace(office, public=replace(office.public, origins=(*office.public.origins, *own)))


def _end() -> None:
    """End this process as soon as the replies under way are out; the server starts it anew, on what the disk holds."""
    threading.Timer(LAST_WORDS, os._exit, (1,)).start()


def _headers(headers: dict[str, str], path: str, _url: str) -> None:
    """Add what a page cannot say in its own meta element, and what its worker may do: load it again."""
    headers["Cache-Control"] = "no-cache"
    if path.endswith(".html"):
        headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    elif path.endswith(WORKER):
        headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"


def from_environment() -> Application:
    """Return the application that the environment asks for."""
    day = os.environ.get(DAY_VARIABLE, "")
    office_file = Path(os.environ[OFFICE_VARIABLE])
    application = build(office_file, date.fromisoformat(day) if day else None)
    if not day:  # a server whose day is set serves nobody's service hours
        keep_beating(load(office_file))
    return application
