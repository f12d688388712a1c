"""The one door to WeasyPrint: HTML in, PDF bytes out. Nothing is fetched but the fonts that the project ships."""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from publish.libraries import by_their_names

with by_their_names():
    import weasyprint
from weasyprint.text.ffi import pango
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from publish.pdf_fields import Field, Place, add_fields
from scoring.errors import IkmError
from scoring.office import PAPERS

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
VARIANT: Final = "pdf/a-3a"  # archivable, with its structure tagged, and allowed to carry files
MOST_SHOWN: Final = 200  # characters of an address in an error
LINKS: Final = ("https", "http", "mailto")  # a reader's program follows others into scripts and files
PLACE_ID: Final = "bidang-{}"  # the id of the element in whose box the signature field of that name is put
POINTS_PER_PIXEL: Final = 0.75
# WeasyPrint knows one standard for a file; the second claim has to stand in the same rdf:RDF, with the description of
# its schema, without which PDF/A refuses a property that it does not know.
CLAIM: Final = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    b'</rdf:Description><rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"'
    b' xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"><pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>'
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>"
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b"<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>PDF/UA version</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property>"
    b"</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"
)


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


def renderer() -> dict[str, str]:
    """Return the versions of what lays out and draws: WeasyPrint, and Pango, which chooses the letters' places."""
    return {"weasyprint": weasyprint.__version__, "pango": str(pango.pango_version())}


def paper(name: str) -> str:
    """Return the style of a page on the paper `name`, upright."""
    across, down = PAPERS[name]
    return f"@page{{size:{across}mm {down}mm}}"


def pages(css: str, body: str) -> int:
    """Return the number of pages that `body` takes."""
    html = Markup('<html lang="id"><style>{}</style><body>{}</body></html>')
    text = html.format(Markup(FONT_CSS + css), Markup(body))  # noqa: S704  # escaped by their makers
    return len(weasyprint.HTML(string=str(text), url_fetcher=Fetcher()).render(font_config=FontConfiguration()).pages)


def render(
    title: str,
    css: str,
    body: str,
    *,
    author: str,
    day: date,
    attachments: Sequence[tuple[str, bytes, str]] = (),
    fields: Sequence[Field] = (),
) -> bytes:
    """Return the PDF/A-3a and PDF/UA-1 file of `body`, with `attachments` and empty signature `fields`.

    An attachment is a file of data: its name, its content, and what it is in one sentence.

    The same input gives the same bytes: `day` stands for the time of making. A field is put in the box of the element
    whose id is PLACE_ID with its name; without such an element it is invisible. Raises PDF_ADDRESS for an address in it
    that cannot be used.
    """
    document = _laid_out(title, css, body, author, day)
    return _written(document, day, attachments, fields)


def render_on_one_page(title: str, styles: Sequence[str], body: str, *, author: str, day: date) -> bytes:
    """Return the PDF of `body` in the first of `styles` in which it takes one page, or else in the last of them.

    Every style must take less room than the one before it. Raises PDF_ADDRESS.
    """
    document = _laid_out(title, styles[0], body, author, day)
    if len(document.pages) == 1:
        return _written(document, day)
    fitting, low, high = None, 1, len(styles) - 1
    while low <= high:
        middle = (low + high) // 2
        document = _laid_out(title, styles[middle], body, author, day)
        if len(document.pages) == 1:
            fitting, high = document, middle - 1
        else:
            low = middle + 1
    return _written(fitting or document, day)


def _written(
    document: Any, day: date, attachments: Sequence[tuple[str, bytes, str]] = (), fields: Sequence[Field] = ()
) -> bytes:
    """Return the file of a laid-out document, with both claims, its attachments and its empty fields."""
    for kind, address, *_ in (link for page in document.pages for link in page.links):
        if kind == "external" and address.partition(":")[0].lower() not in LINKS:
            raise IkmError("PDF_ADDRESS", address=address[:MOST_SHOWN])
    rdf = document.metadata.generate_rdf_metadata
    document.metadata.generate_rdf_metadata = lambda *given: rdf(*given).replace(b"</rdf:RDF>", CLAIM + b"</rdf:RDF>")
    made = datetime(day.year, day.month, day.day)  # noqa: DTZ001  # weasyprint writes it without a zone, as it is
    for name, data, description in attachments:
        document.metadata.attachments.append(
            weasyprint.Attachment(
                string=data, name=name, description=description, relationship="Data", created=made, modified=made
            )
        )
    with _own_addresses():  # what is attached is fetched only now
        content: bytes = document.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    return add_fields(content, [(field, _box(document, field.name)) for field in fields]) if fields else content


def mark(css: str, body: str) -> bytes:
    """Return a PDF of one page with `body`, without a claim: the drawing of a visible signature."""
    html = Markup("<style>{}</style>{}").format(Markup(FONT_CSS + css), Markup(body))  # noqa: S704  # escaped by its maker
    content: bytes = weasyprint.HTML(string=str(html), url_fetcher=Fetcher()).write_pdf(font_config=FontConfiguration())
    return content


def _laid_out(title: str, css: str, body: str, author: str, day: date) -> Any:
    """Return WeasyPrint's document of `body`, laid out on its pages."""
    stamp = f"{day.isoformat()}T00:00:00Z"
    html = Markup(
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{}</title><meta name="author" content="{}">'
        '<meta name="dcterms.created" content="{}"><meta name="dcterms.modified" content="{}"><style>{}</style></head>'
        "<body>{}</body></html>"
    ).format(title, author, stamp, stamp, Markup(FONT_CSS + css), Markup(body))  # noqa: S704  # escaped by their makers
    source = weasyprint.HTML(string=str(html), url_fetcher=Fetcher())
    with _own_addresses():
        return source.render(font_config=FontConfiguration(), pdf_variant=VARIANT, pdf_tags=True)


@contextmanager
def _own_addresses() -> Iterator[None]:
    """Raise PDF_ADDRESS for an address that is not fetched."""
    try:
        yield
    except NotFetched as refused:
        raise IkmError("PDF_ADDRESS", address=refused.address[:MOST_SHOWN]) from None


def _box(document: Any, name: str) -> Place | None:
    """Return page and box, in points from the lower left corner, of the element that is the field's place."""
    for number, page in enumerate(document.pages):
        if box := page.anchors.get(PLACE_ID.format(name)):
            left, top, right, bottom = box
            edges = (left, page.height - bottom, right, page.height - top)
            return Place(number, tuple(edge * POINTS_PER_PIXEL for edge in edges))
    return None


def place(name: str, *, tag: bool = False) -> Markup:
    """Return the room for the signature field `name`; with `tag`, the # that other programs put their mark on."""
    return Markup('<div class="ruang" id="{}">{}</div>').format(PLACE_ID.format(name), "#" if tag else "")


def image(content: bytes, name: str, alt: str, css_class: str) -> Markup:
    """Return an image element that carries its own content, so that nothing is fetched."""
    kind = mimetypes.guess_type(name)[0] or "image/png"
    data = base64.b64encode(content).decode("ascii")
    return Markup('<img class="{}" alt="{}" src="data:{};base64,{}">').format(css_class, escape(alt), kind, data)
