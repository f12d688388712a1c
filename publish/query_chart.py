"""The house chart of a ready question of the public Datasette: drawn here, as SVG, because its pages run no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from publish.chart import Row, unsur_chart
from publish.drawing import BAND_FILL, LINE, element, image, words, wrap
from publish.trend import TrendPoint, trend_chart
from scoring.instrument import built_in

MOST_POINTS: Final = 12
WIDTH, NAMES, HEIGHT, STRIP, SIZE = 640, 196, 40, 26, 13
LEAST: Final = 26  # a narrower piece has no room for its number
ANSWERS: Final = ("nilai 1", "nilai 2", "nilai 3", "nilai 4")
LETTERS: Final = ("D", "C", "B", "A")

Found = Mapping[str, Any]


def trend(periods: Sequence[Found]) -> Markup:
    """Return the indexes of the last periode, given newest first as rows of the table periode."""
    points = [
        TrendPoint(
            row["id"],
            _text(row["ikm"]),
            row["instrumen"],
            f"{row['instrumen']} {row['aturan']} {row['jawaban_kosong']}",
            built_in(row["instrumen"]).bands,
        )
        for row in reversed(periods[:MOST_POINTS])
    ]
    return trend_chart(points) if points else Markup("")


def unsur(rows: Sequence[Found], instrument: str) -> Markup:
    """Return the converted value of every unsur that the question found."""
    return unsur_chart([Row(row["unsur"], _text(row["nilai"])) for row in rows], built_in(instrument).bands)


def spread(rows: Sequence[Found]) -> Markup:
    """Return how the answers to every unsur are spread, 1 on the left to 4 on the right; blanks are left out."""
    parts = []
    for place, row in enumerate(rows):
        top, lines = place * HEIGHT, wrap(row["unsur"], SIZE, NAMES)[:2]
        first = top + (HEIGHT - 16 * len(lines)) / 2 + 12
        parts += [words(0, first + 16 * number, line, SIZE) for number, line in enumerate(lines)]
        parts.append(_bar([int(row[name] or 0) for name in ANSWERS], top + (HEIGHT - STRIP) / 2))
    legend = "Warna dari kiri: nilai 1, 2, 3, 4; angka adalah jumlah jawaban."
    parts.append(words(NAMES + 12, len(rows) * HEIGHT + 16, legend, 12))
    desc = "; ".join(f"{row['unsur']}: " + ", ".join(f"{name} {row[name] or 0}" for name in ANSWERS) for row in rows)
    return image(WIDTH, len(rows) * HEIGHT + 24, "Sebaran jawaban setiap unsur", f"{desc}.", Markup("").join(parts))


def _bar(counts: Sequence[int], top: float) -> Markup:
    room, left, parts = WIDTH - NAMES - 12, float(NAMES + 12), []
    for count, letter in zip(counts, LETTERS, strict=True):
        width = room * count / max(sum(counts), 1)
        fill = {"fill": BAND_FILL.get(letter, LINE), "stroke": LINE}
        parts.append(element("rect", x=left, y=top, width=width, height=STRIP, **fill))
        if width >= LEAST:
            parts.append(words(left + width / 2, top + STRIP / 2 + 5, str(count), 12, text_anchor="middle"))
        left += width
    return Markup("").join(parts)


def _text(value: float | None) -> str | None:
    """Return a figure of the database as it was published, with two decimals."""
    return None if value is None else f"{value:.2f}"
