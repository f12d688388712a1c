"""The trend: dots joined by a line over the periode, with a visible break where the instrument or its rule changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from html import escape
from itertools import groupby
from math import ceil
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from publish.drawing import (
    BAND_FILL,
    INK,
    LINE,
    PAPER,
    SOFT,
    Scale,
    band_parts,
    edge_label,
    element,
    image,
    number,
    printed,
    width_of,
    words,
)
from publish.words import nama_periode
from scoring.instrument import Band, built_in
from scoring.periode import BULAN

TOP: Final = 44.0
PLOT: Final = 190.0
HEIGHT: Final = TOP + PLOT + 44
GUTTER: Final = 50.0  # left of every run of comparable periode: the letters and boundaries that hold for it
INSET: Final = 12.0  # between the end of a run's bands and its first and last place
LABEL: Final = 44.0  # room that a value and the name of its periode need
NEW_INSTRUMENT: Final = "instrumen berganti"
NEW_RULE: Final = "aturan hitung berganti"
# What stands at every place of every trend; left open is where, and what it says.
DOT: Final = str(element("circle", cx="{x}", cy="{y}", r=6, fill=INK, stroke=PAPER, stroke_width=2, css="titik tinta"))
VALUE: Final = str(words("{x}", "{y}", "{says}", 12, text_anchor="middle", font_weight="bold"))
NAME: Final = str(words("{x}", "{y}", "{says}", 12, text_anchor="middle", fill=SOFT, css="lembut"))


class TrendPoint(NamedTuple):
    """The index of one periode; `value` None where none was published. Points of one `series` are comparable."""

    periode: str
    value: str | None
    instrument: str
    series: str
    bands: Sequence[Band]
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True)
class _Run:
    """Comparable points that follow one another, and where they are drawn: `left` to `left` + `step` a point."""

    points: Sequence[TrendPoint]
    left: float
    step: float

    @property
    def right(self) -> float:
        return self.left + 2 * INSET + self.step * len(self.points)

    def x(self, place: int) -> float:
        return self.left + INSET + self.step * (place + 0.5)


def point(result: Mapping[str, Any], series: str) -> TrendPoint:
    """Return the point of a periode; `result` is a result or its `previous`."""
    bands = built_in(result["instrument"]).bands
    return TrendPoint(result["periode"], result["ikm"], result["instrument"], series, bands)


def trend_chart(
    points: Sequence[TrendPoint], *, width: int = 640, low: int = 25, high: int = 100, title: str = "Perkembangan IKM"
) -> Markup:
    """Return the points from left to right, oldest first; there must be at least one.

    Drawn for a place about `width` wide: text keeps its size, and only as many names and values are written as fit.
    """
    runs = list(_runs(points, width))
    scale = Scale(TOP + PLOT, -PLOT, "", low, high)
    stride = int(LABEL // min(run.step for run in runs)) + 1 if runs[0].step < LABEL else 1
    parts, first = [], 0
    for place, run in enumerate(runs):
        parts.append(_background(tuple(run.points[0].bands), run.left, run.right, scale))
        if place:
            parts.append(_break(run, runs[place - 1], width, place))
        parts.append(_line(run, scale))
        shown = [(len(points) - 1 - first - at) % stride == 0 for at in range(len(run.points))]
        parts += [_dot(run, at, scale, named=shown[at]) for at in range(len(run.points))]
        first += len(run.points)
    drawn = Markup("".join(parts))  # noqa: S704  # elements of ours
    return image(width, HEIGHT, title, _says(points), drawn)


def _runs(points: Sequence[TrendPoint], width: float) -> Iterator[_Run]:
    """Yield the points in runs of one series."""
    groups = [list(group) for _, group in groupby(points, lambda item: item.series)]
    step = (width - (GUTTER + 2 * INSET) * len(groups)) / len(points)
    left = 0.0
    for group in groups:
        run = _Run(group, left + GUTTER, step)
        yield run
        left = run.right


@lru_cache(maxsize=64)  # the same for every periode of an office, and for offices with as many of them
def _background(bands: tuple[Band, ...], left: float, right: float, scale: Scale) -> Markup:
    """Return the bands behind a run, with letter and boundaries in the gutter on its left."""
    parts = []
    spans = band_parts(bands, scale.low, scale.high)
    for mutu, low, high in spans:
        size = {"width": right - left, "height": scale.span(low, high)}
        fill = {"fill": BAND_FILL.get(mutu, LINE), "css": f"mutu-{mutu}"}
        parts.append(element("rect", x=left, y=scale.at(high), **size, **fill))
        middle = float(scale.at((low + high) / 2)) + 4
        look = {"fill": SOFT, "css": "lembut", "font_weight": "bold"}
        parts.append(words(left - GUTTER + 17, middle, mutu, 12, text_anchor="middle", **look))
    for edge in [*(low for _, low, _ in spans), Fraction(scale.high)]:
        y = float(scale.at(edge)) + 4
        parts.append(words(left - 5, y, edge_label(edge), 11, text_anchor="end", fill=SOFT, css="lembut"))
    return Markup("").join(parts)


def _break(run: _Run, before: _Run, width: float, place: int) -> Markup:
    """Return the dashed line between two runs and the note why their values are not joined."""
    note = NEW_INSTRUMENT if run.points[0].instrument != before.points[0].instrument else NEW_RULE
    x, y = before.right + 5, 13.0 if place % 2 else 28.0
    half = width_of(note, 12) / 2
    path = f"M{number(x)} {number(y + 5)}V{number(TOP + PLOT + 6)}"
    line = element("path", d=path, stroke=SOFT, stroke_width=1, stroke_dasharray="3 3", css="putus")
    middle = min(max(x, half), width - half)
    return line + words(middle, y, note, 12, text_anchor="middle", fill=SOFT, css="lembut")


def _line(run: _Run, scale: Scale) -> Markup:
    """Return the band of the intervals and the line, interrupted where a periode has no value."""
    parts = []
    for known, group in groupby(enumerate(run.points), lambda item: item[1].value is not None):
        chain = list(group)
        if not known or len(chain) < 2:
            continue
        ends = [
            (run.x(at), item.low, item.high) for at, item in chain if item.low is not None and item.high is not None
        ]
        if len(ends) == len(chain):
            upper = [f"{number(x)} {scale.at(float(high))}" for x, _, high in ends if high]
            lower = [f"{number(x)} {scale.at(float(low))}" for x, low, _ in reversed(ends) if low]
            shape = f"M{'L'.join([*upper, *lower])}Z"
            parts.append(element("path", d=shape, fill=SOFT, fill_opacity=0.25, css="pita-rentang"))
        dots = [f"{number(run.x(at))} {scale.at(float(item.value or 0))}" for at, item in chain]
        parts.append(
            element("path", d=f"M{'L'.join(dots)}", fill="none", stroke=INK, stroke_width=2, css="garis-nilai")
        )
    return Markup("").join(parts)


def _dot(run: _Run, at: int, scale: Scale, *, named: bool) -> Markup:
    """Return the dot with its value above, and the periode below; a periode without a value has only its name."""
    item, x = run.points[at], number(run.x(at))
    parts = []
    if item.value is not None:
        parts.append(DOT.format(x=x, y=scale.at(float(item.value))))
        if named:
            reach = ceil(LABEL / 2 / run.step) - 1
            near = [other.value for other in run.points[max(at - reach, 0) : at + reach + 1]]
            above = float(scale.at(max(float(value) for value in near if value is not None))) - 12
            parts.append(VALUE.format(x=x, y=number(above), says=escape(printed(item.value))))
    if named:
        for row, line in enumerate(short_name(item.periode)):
            parts.append(NAME.format(x=x, y=number(TOP + PLOT + 17 + 15 * row), says=escape(line)))
    return Markup("".join(parts))  # noqa: S704  # numbers of ours, and words escaped above


def short_name(periode_id: str) -> tuple[str, ...]:
    """Return the name of a periode in short lines: ("Okt", "2026"), ("TW III", "2026"), ("2026",)."""
    year, _, part = periode_id.partition("-")
    if part.startswith("TW"):
        return f"TW {('I', 'II', 'III', 'IV')[int(part[2:]) - 1]}", year
    if part.startswith("S"):
        return f"Smt {'I' * int(part[1:])}", year
    return (BULAN[int(part) - 1][:3], year) if part else (year,)


def _says(points: Sequence[TrendPoint]) -> str:
    """Return the values in words, with the breaks."""
    said = []
    for place, item in enumerate(points):
        if place and item.series != points[place - 1].series:
            said.append("mulai di sini nilai tidak dapat dibandingkan dengan sebelumnya")
        said.append(f"{nama_periode(item.periode)} {printed(item.value)}")
    return "; ".join(said) + "."
