"""A Datasette plugin for both instances: closes what nobody needs, sends security headers, leads staff to the login.

Datasette loads it from this folder (`--plugins-dir`); what it does is said in `plugins.fence` of metadata.json.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from functools import wraps
from typing import Any, Final

from datasette import Response, hookimpl

Scope = MutableMapping[str, Any]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

# The style stands in the page; our templates need no script and nothing from outside.
HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
)


@hookimpl  # type: ignore[untyped-decorator]  # datasette ships no types
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    """Refuse the paths in `closed` and the endings in `formats` with 404, and add the headers to every answer."""
    config = datasette.plugin_config("fence") or {}
    closed = frozenset(config.get("closed", ()))
    endings = tuple(f".{ending}" for ending in config.get("formats", ()))

    def wrap(app: App) -> App:
        @wraps(app)
        async def fenced(scope: Scope, receive: Any, send: Send) -> None:
            async def send_with_headers(event: Scope) -> None:
                if event["type"] == "http.response.start":
                    event = {**event, "headers": [*event.get("headers", ()), *HEADERS]}
                await send(event)

            path = scope["path"].rstrip("/") if scope["type"] == "http" else ""
            if path in closed or path.endswith(endings):
                await Response.text("Halaman tidak ditemukan.", status=404).asgi_send(send_with_headers)
                return
            await app(scope, receive, send_with_headers)

        return fenced

    return wrap if config else lambda app: app


@hookimpl  # type: ignore[untyped-decorator]  # datasette ships no types
def forbidden(datasette: Any, request: Any) -> Any:
    """Show the login to someone with a browser who is not signed in; a program gets 403."""
    config = datasette.plugin_config("fence") or {}
    if config.get("login") and not request.actor and "text/html" in (request.headers.get("accept") or ""):
        return Response.redirect(datasette.urls.path("/-/login"))
    return None
