"""The one door to WeasyPrint: HTML in, PDF bytes out. Nothing is fetched but the fonts that the project ships."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import weasyprint
from markupsafe import Markup, escape
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from scoring.errors import IkmError

FONTS: Final = Path(__file__).parent / "fonts"
FACES: Final = (
    ("Noto Sans", 400, "normal", "NotoSans-Regular.ttf"),
    ("Noto Sans", 700, "normal", "NotoSans-Bold.ttf"),
    ("Noto Serif", 400, "normal", "NotoSerif-Regular.ttf"),
    ("Noto Serif", 700, "normal", "NotoSerif-Bold.ttf"),
    ("Noto Serif", 400, "italic", "NotoSerif-Italic.ttf"),
)
FONT_CSS: Final = "".join(
    f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};src:url("{(FONTS / file).as_uri()}")}}'
    for family, weight, style, file in FACES
)
ALLOWED: Final = frozenset((FONTS / file).as_uri() for *_, file in FACES)
VARIANT: Final = "pdf/a-3a"  # archivable, with its structure tagged
MOST_SHOWN: Final = 200  # characters of an address in an error
LINKS: Final = ("https", "http", "mailto")  # a reader's program follows others into scripts and files


class NotFetched(FatalURLFetchingError):  # type: ignore[misc]  # weasyprint ships no types
    """An address that is not ours; anything but this one class the library would pass over and go on."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Fetcher(URLFetcher):  # type: ignore[misc]  # weasyprint ships no types
    """Gives the shipped fonts and images that stand in the page itself; stops at anything else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        """Return the resource at `url`. Raises NotFetched for any address but our own."""
        if url not in ALLOWED and not url.startswith("data:image/"):
            raise NotFetched(url)
        return super().fetch(url, headers)


def pages(css: str, body: str) -> int:
    """Return the number of pages that `body` takes."""
    html = Markup('<html lang="id"><style>{}</style><body>{}</body></html>')
    text = html.format(Markup(FONT_CSS + css), Markup(body))  # noqa: S704  # escaped by their makers
    return len(weasyprint.HTML(string=str(text), url_fetcher=Fetcher()).render(font_config=FontConfiguration()).pages)


def render(title: str, css: str, body: str, *, author: str, day: date) -> bytes:
    """Return the PDF of `body`. The same input gives the same bytes: `day` stands for the time of making.

    Raises PDF_ADDRESS for an address in it that cannot be used.
    """
    return _written(_laid_out(title, css, body, author, day))


def render_on_one_page(title: str, styles: Sequence[str], body: str, *, author: str, day: date) -> bytes:
    """Return the PDF of `body` in the first of `styles` in which it takes one page, or else in the last of them.

    Every style must take less room than the one before it. Raises PDF_ADDRESS.
    """
    document = _laid_out(title, styles[0], body, author, day)
    if len(document.pages) == 1:
        return _written(document)
    fitting, low, high = None, 1, len(styles) - 1
    while low <= high:
        middle = (low + high) // 2
        document = _laid_out(title, styles[middle], body, author, day)
        if len(document.pages) == 1:
            fitting, high = document, middle - 1
        else:
            low = middle + 1
    return _written(fitting or document)


def _laid_out(title: str, css: str, body: str, author: str, day: date) -> Any:
    stamp = f"{day.isoformat()}T00:00:00Z"
    html = Markup(
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{}</title><meta name="author" content="{}">'
        '<meta name="dcterms.created" content="{}"><meta name="dcterms.modified" content="{}"><style>{}</style></head>'
        "<body>{}</body></html>"
    ).format(title, author, stamp, stamp, Markup(FONT_CSS + css), Markup(body))  # noqa: S704  # escaped by their makers
    with _own_addresses():
        return weasyprint.HTML(string=str(html), url_fetcher=Fetcher()).render(
            font_config=FontConfiguration(), pdf_variant=VARIANT, pdf_tags=True
        )


def _written(document: Any) -> bytes:
    for kind, address, *_ in (link for page in document.pages for link in page.links):
        if kind == "external" and address.partition(":")[0].lower() not in LINKS:
            raise IkmError("PDF_ADDRESS", address=address[:MOST_SHOWN])
    with _own_addresses():  # what is attached is fetched only now
        content: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return content


@contextmanager
def _own_addresses() -> Iterator[None]:
    """Raise PDF_ADDRESS for an address that is not fetched."""
    try:
        yield
    except NotFetched as refused:
        raise IkmError("PDF_ADDRESS", address=refused.address[:MOST_SHOWN]) from None


def image(content: bytes, name: str, alt: str, css_class: str) -> Markup:
    """Return an image element that carries its own content, so that nothing is fetched."""
    kind = mimetypes.guess_type(name)[0] or "image/png"
    data = base64.b64encode(content).decode("ascii")
    return Markup('<img class="{}" alt="{}" src="data:{};base64,{}">').format(css_class, escape(alt), kind, data)
