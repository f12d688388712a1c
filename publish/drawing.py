"""What both charts are drawn with: colours, SVG elements, the scale, and how wide a word is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from html import escape  # a third of the time that making a Markup of every attribute takes
from typing import Final

from markupsafe import Markup

from publish.words import NONE, angka
from scoring.figure import rounded, text
from scoring.instrument import Band

# Presentation attributes, because WeasyPrint reads no class in an SVG; on the page the classes beside them let its
# style sheet give the same shapes the colours of dark mode.
INK: Final = "#14232b"
SOFT: Final = "#5b6b73"
LINE: Final = "#d9dfe2"
PAPER: Final = "#ffffff"
ALARM: Final = "#a3261f"
BAND_FILL: Final = {"D": "#f3e3e1", "C": "#f6ecd9", "B": "#e6f0e2", "A": "#d9ece4"}
FONT: Final = "Noto Sans, sans-serif"

APART: Final = "\x1f"  # stands in no text of ours
NARROW: Final = frozenset("iljtfrI.,;:|!'()[] /")
BROAD: Final = frozenset("mwMW@%")


@dataclass(frozen=True)
class Scale:
    """Where a converted value stands between two ends: `low` at `start`, `high` at `start` + `length`, in `unit`."""

    start: float
    length: float
    unit: str = ""
    low: int = 25
    high: int = 100

    def at(self, value: Fraction | float) -> str:
        """Return the coordinate of `value`; what lies off the scale stands at its end."""
        here = float(value)
        if not self.low <= here <= self.high:
            here = self.low if here < self.low else self.high
        share = (here - self.low) / (self.high - self.low)
        return f"{number(self.start + self.length * share)}{self.unit}"

    def span(self, low: Fraction, high: Fraction) -> str:
        """Return the distance between two values."""
        return f"{number(abs(self.length) * float((high - low) / (self.high - self.low)))}{self.unit}"


def number(value: float) -> str:
    """Return a coordinate with at most two decimals, so that the same drawing is the same text."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def element(name: str, content: Markup | str = "", /, **attributes: object) -> Markup:
    """Return one SVG element; an attribute that is None is left out, `css` becomes `class`."""
    parts = [
        f' {_attribute(key)}="{number(value) if isinstance(value, (int, float)) else escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    ]
    inside = content if isinstance(content, Markup) else escape(content)
    return Markup(f"<{name}{''.join(parts)}>{inside}</{name}>")  # noqa: S704  # both are escaped above


@cache
def _attribute(key: str) -> str:
    return "class" if key == "css" else key.replace("_", "-")


def words(x: float | str, y: float | str, content: str, size: float = 13, **attributes: object) -> Markup:
    """Return a piece of text; its colour is the ink unless `fill` says otherwise."""
    return element("text", content, x=x, y=y, font_size=size, **{"fill": INK, "css": "tinta", **attributes})


def image(width: str | float, height: float, title: str, desc: str, content: Markup, *, view: bool = True) -> Markup:
    """Return the whole drawing with its name and description; without `view` it takes the width of its place."""
    return element(
        "svg",
        element("title", title) + (element("desc", desc) if desc else Markup("")) + content,
        xmlns="http://www.w3.org/2000/svg",
        role="img",
        width=width,
        height=height,
        viewBox=f"0 0 {width} {number(height)}" if view else None,
        overflow="visible",
        font_family=FONT,
    )


def band_parts(bands: Sequence[Band], low: int = 25, high: int = 100) -> list[tuple[str, Fraction, Fraction]]:
    """Return letter, lower and upper end of each band, without the gap of a hundredth between two of them."""
    edges = [Fraction(low), *(Fraction(band.min) for band in bands[1:]), Fraction(high)]
    return [(band.mutu, edges[place], edges[place + 1]) for place, band in enumerate(bands)]


def edge_label(edge: Fraction) -> str:
    """Return a boundary as it is written below the scale: 65 as "65", 76.61 as "76,6"."""
    return angka(text(edge, 0 if rounded(edge, 1) == rounded(edge, 0) else 1))


def printed(value: str | None) -> str:
    """Return a value of result.json as it stands beside its row, or a dash."""
    return NONE if value is None else angka(value)


def escaped(texts: Sequence[str]) -> list[str]:
    """Return texts as HTML has them. All at once: most of the time for each goes into the call."""
    found = escape(APART.join(texts)).split(APART)
    return found if len(found) == len(texts) else [escape(text) for text in texts]


def width_of(content: str, size: float) -> float:
    """Return about how wide the text is, rather too wide: the page's own face is not known."""
    ems = sum(
        0.36 if char in NARROW else 0.95 if char in BROAD else 0.72 if char.isupper() else 0.6 for char in content
    )
    return ems * size


def wrap(content: str, size: float, width: float) -> list[str]:
    """Return the text in lines no wider than `width`; a single longer word keeps a line of its own."""
    lines: list[str] = []
    for word in content.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
