"""The house chart: a dot on the full scale of converted values, the bands of the letters behind it.

One drawing for the page and the PDF: `dot_svg` is one row in the width of its place, `unsur_chart` the whole chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from publish.drawing import (
    ALARM,
    BAND_FILL,
    INK,
    LINE,
    PAPER,
    SOFT,
    Scale,
    band_parts,
    edge_label,
    element,
    escaped,
    image,
    number,
    printed,
    words,
    wrap,
)
from publish.trend import point, trend_chart
from publish.words import daftar, nama_periode
from scoring.disclosure import previous_shown, published_layanan
from scoring.instrument import Band, Instrument

LOWEST: Final = "terendah"
UNKNOWN: Final = "belum ada jawaban"
WIDTH: Final = 640
NAMES: Final = 196  # width of the column of names
VALUES: Final = 66  # width of the column of values
SIZE: Final = 13
LEADING: Final = 16
STRIP: Final = 26  # height of the bands in one row
RADIUS: Final = 6
AXIS: Final = 20


class Row(NamedTuple):
    """One value of the chart, as figures of result.json; `low` and `high` are its interval where there is one."""

    nama: str
    value: str | None
    lowest: bool = False
    low: str | None = None
    high: str | None = None


def unsur_rows(result: Mapping[str, Any]) -> list[Row]:
    """Return the converted value of every unsur, those of the follow-up plan marked as the lowest.

    Where all unsur are in that list, none of them is lower than the rest and none is marked.
    """
    marked = result["lowest"]["unsur"]
    marked = [] if len(marked) == len(result["unsur"]) else marked
    return [
        Row(
            entry["nama"],
            entry["konversi"],
            entry["id"] in marked,
            entry["interval"]["low"],
            entry["interval"]["high"],
        )
        for entry in result["unsur"]
    ]


def dot_svg(row: Row, bands: Sequence[Band], low: int = 25, high: int = 100, *, said: str = "") -> Markup:
    """Return the strip of one row in the full width of its place; name and value stand beside it as text.

    `said` is what it shows in words of another language.
    """
    return dot_svgs([row], bands, low, high, said=[said] if said else ())[0]


def dot_svgs(
    rows: Sequence[Row], bands: Sequence[Band], low: int = 25, high: int = 100, *, said: Sequence[str] = ()
) -> list[Markup]:
    """Return the strips of a whole chart; `said` are the words of each."""
    before, after, scale = _empty_strip(tuple(bands), low, high)
    return [
        Markup(f"{before}{text}{after}{_dot(row, scale, 0)}</svg>")  # noqa: S704  # escaped
        for row, text in zip(rows, escaped(said or [says(row, bands) for row in rows]), strict=True)
    ]


def axis_svg(bands: Sequence[Band], low: int = 25, high: int = 100, *, said: str = "", mark: str = ",") -> Markup:
    """Return the boundaries and letters that belong below a column of strips.

    `said` is as for dot_svg, `mark` the decimal mark of that language.
    """
    return _axis_strip(tuple(bands), low, high, said, mark)


@lru_cache(maxsize=64)  # the same below every chart of an office
def _axis_strip(bands: tuple[Band, ...], low: int, high: int, said: str, mark: str) -> Markup:
    content = _axis(bands, Scale(0, 100, "%", low, high), 0, mark)
    title = said or f"Skala {low} sampai {high}: {bands_text(bands)}"
    return image("100%", 2 * AXIS, title, "", content, view=False)


def unsur_chart(
    rows: Sequence[Row], bands: Sequence[Band], low: int = 25, high: int = 100, *, title: str = "Nilai setiap unsur"
) -> Markup:
    """Return one row a value on the scale `low` to `high`, the boundaries named once below.

    `bands` are those of the pack; a row without a value has no dot, one without an interval has no line.
    """
    scale = Scale(NAMES + 12, WIDTH - NAMES - VALUES - 12, "", low, high)
    parts, top = [], 0.0
    for row in rows:
        lines = wrap(row.nama, SIZE, NAMES)
        height = max(STRIP + 10, LEADING * (len(lines) + row.lowest) + 12)
        parts += [_label(row, lines, top, height), _marks(row, bands, scale, top + (height - STRIP) / 2)]
        parts.append(element("path", d=f"M0 {top + height}H{WIDTH}", stroke=LINE, css="garis"))
        top += height
    parts.append(_axis(bands, scale, top + 2))
    desc = "; ".join(f"{row.nama} {printed(row.value)}{f' ({LOWEST})' if row.lowest else ''}" for row in rows)
    return image(WIDTH, top + 2 * AXIS + 2, title, f"{desc}. {bands_text(bands)}.", Markup("").join(parts))


def bands_text(bands: Sequence[Band]) -> str:
    """Return the letters with their limits in one line: "D 25,00–64,99, C 65,00–76,60"."""
    return ", ".join(f"{band.mutu} {printed(str(band.min))}–{printed(str(band.max))}" for band in bands)


def says(row: Row, bands: Sequence[Band]) -> str:
    """Return in words what the strip of a row shows."""
    if row.value is None:
        return f"{row.nama}: {UNKNOWN}"
    interval = f", rentang {printed(row.low)} sampai {printed(row.high)}" if row.low and row.high else ""
    return f"{row.nama}: {printed(row.value)}, mutu {letter(row.value, bands)}{interval}"


def letter(value: str, bands: Sequence[Band]) -> str:
    """Return the letter of a value; what lies below all bands has that of the lowest."""
    found = Decimal(value)
    return ([band.mutu for band in bands if band.min <= found] or [bands[0].mutu])[-1]


def _label(row: Row, lines: Sequence[str], top: float, height: float) -> Markup:
    """Return name on the left, with the word for the lowest below it, and value on the right."""
    first = top + (height - LEADING * (len(lines) + row.lowest)) / 2 + 12
    parts = [words(0, first + LEADING * place, line, SIZE) for place, line in enumerate(lines)]
    if row.lowest:
        y = first + LEADING * len(lines)
        parts.append(words(0, y, LOWEST, 12, fill=ALARM, css="alarm", font_weight="bold"))
    parts.append(words(WIDTH, top + height / 2 + 5, printed(row.value), 14, text_anchor="end", font_weight="bold"))
    return Markup("").join(parts)


def _marks(row: Row, bands: Sequence[Band], scale: Scale, top: float) -> Markup:
    """Return the bands, and before them what shows the value."""
    return _background(tuple(bands), scale, top) + Markup(_dot(row, scale, top))  # noqa: S704  # as it says


@lru_cache(maxsize=64)
def _empty_strip(bands: tuple[Band, ...], low: int, high: int) -> tuple[str, str, Scale]:
    """Return what stands before and after the words of a strip, up to its dot, and its scale: each row has the same."""
    scale = Scale(0, 100, "%", low, high)
    before, after = image("100%", STRIP, "|", "", _background(bands, scale, 0), view=False).split("|")
    return before, after.removesuffix("</svg>"), scale


def _dot(row: Row, scale: Scale, top: float) -> str:
    """Return the interval as a line, and the dot; red for the lowest. Figures and words of ours alone."""
    middle, line = number(top + STRIP / 2), ""
    colour, shape = (ALARM, "alarm") if row.lowest else (INK, "tinta")
    if row.low is not None and row.high is not None:
        ends = f'x1="{scale.at(float(row.low))}" x2="{scale.at(float(row.high))}" y1="{middle}" y2="{middle}"'
        line = f'<line {ends} stroke="{SOFT}" stroke-width="4" class="rentang"></line>'
    if row.value is None:
        place = scale.at(scale.low)
        dot = str(words(place, top + STRIP / 2 + 4, UNKNOWN, 12, dx=8, fill=SOFT, css="lembut"))
    else:
        look = f'fill="{colour}" stroke="{PAPER}" stroke-width="2" class="titik {shape}"'
        dot = f'<circle cx="{scale.at(float(row.value))}" cy="{middle}" r="{RADIUS + 1}" {look}></circle>'
    return line + dot


@lru_cache(maxsize=64)  # the same behind every dot of a column
def _background(bands: tuple[Band, ...], scale: Scale, top: float) -> Markup:
    parts = []
    for mutu, low, high in band_parts(bands, scale.low, scale.high):
        place = {"x": scale.at(low), "y": top, "width": scale.span(low, high), "height": STRIP}
        parts.append(element("rect", **place, fill=BAND_FILL.get(mutu, LINE), css=f"mutu-{mutu}"))
    return Markup("").join(parts)


def _axis(bands: Sequence[Band], scale: Scale, top: float, mark: str = ",") -> Markup:
    """Return the letters in the middle of their bands, and below them the boundaries."""
    parts = []
    ends = {"text_anchor": "middle", "fill": SOFT, "css": "lembut"}
    spans = band_parts(bands, scale.low, scale.high)
    for mutu, low, high in spans:
        parts.append(words(scale.at((low + high) / 2), top + 15, mutu, 13, **{**ends, "font_weight": "bold"}))
    for _, low, _ in spans[1:]:
        label = edge_label(low).replace(",", mark)
        parts.append(words(scale.at(low), top + AXIS + 13, label, 12, **ends))
    for edge, anchor in ((scale.low, "start"), (scale.high, "end")):
        place = scale.at(Fraction(edge))
        parts.append(words(place, top + AXIS + 13, str(edge), 12, **{**ends, "text_anchor": anchor}))
    return Markup("").join(parts)


def unsur_figure(result: Mapping[str, Any], pack: Instrument) -> Markup:
    """Return the chart of the unsur with a caption that states the finding, for the documents."""
    rows = unsur_rows(result)
    names = daftar([f"{row.nama} ({printed(row.value)})" for row in rows if row.lowest])
    finding = f"terendah {names}" if names else "tidak ada unsur yang lebih rendah daripada yang lain"
    scale = f"{pack.low * pack.factor} sampai {pack.high * pack.factor}"
    return _figure(f"Nilai konversi setiap unsur pada skala {scale}; {finding}.", unsur_chart(rows, pack.bands))


def layanan_figure(result: Mapping[str, Any], pack: Instrument) -> Markup:
    """Return the chart of the layanan whose scores may be shown, for the documents; nothing under two of them."""
    shown = published_layanan(result)
    known = [entry for entry in result["layanan"] if entry["id"] in shown and entry["ikm"] is not None]
    if len(known) < 2:
        return Markup("")
    rows = [
        Row(entry["nama"], entry["ikm"], low=entry["interval"]["low"], high=entry["interval"]["high"])
        for entry in known
    ]
    ends = sorted(known, key=lambda entry: Fraction(entry["ikm"]))
    finding = (
        f"dari {printed(ends[0]['ikm'])} ({ends[0]['nama']}) sampai {printed(ends[-1]['ikm'])} ({ends[-1]['nama']})"
    )
    drawing = unsur_chart(rows, pack.bands, title="Nilai setiap layanan")
    return _figure(f"Nilai IKM setiap layanan, {finding}.", drawing)


def trend_figure(result: Mapping[str, Any]) -> Markup:
    """Return the index of this periode beside the one before, with a caption that states both, for the documents.

    What came of it is said in the text. Nothing where there is none before, or where fewer than ten answered.
    """
    before = result["previous"]
    if not previous_shown(result):
        return Markup("")
    points = [point(before, "same" if before["comparable"] else "before"), point(result, "same")]
    values = daftar([f"{printed(item.value)} pada periode {nama_periode(item.periode)}" for item in points])
    return _figure(f"Nilai IKM {values}.", trend_chart(points))


def _figure(finding: str, drawing: Markup) -> Markup:
    return Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(finding, drawing)
