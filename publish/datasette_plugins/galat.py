"""A Datasette plugin for both instances: what a reader asked wrongly is the reader's error, no fault of the server."""

from __future__ import annotations

from typing import Final

from datasette import hookimpl
from datasette.views.base import DatasetteError

FAULT: Final = 500
ASKED_WRONGLY: Final = 400


@hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]  # datasette ships no types
def handle_exception(exception: Exception) -> None:
    """Let Datasette answer 400 where it refuses an order or a page by an error of its own that names no status."""
    if isinstance(exception, DatasetteError) and exception.status == FAULT:
        exception.status = ASKED_WRONGLY
