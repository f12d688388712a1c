"""The tables and lists of the transparency page: cells as they are printed, small counts withheld already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any, Final

from markupsafe import Markup

from publish.opendata import COLUMNS, HITUNG, REASONS
from publish.trend import TrendPoint, kind, point
from publish.words import NONE, angka, bulat, daftar, nama_periode, persen
from scoring.instrument import Instrument
from scoring.office import Office
from scoring.periode import before

MOST_POINTS: Final = 12  # periode in the trend
JOINER: Final = "\u2060"  # no line break here
BREAK: Final = "\u200b"  # a line may break here

Public = Mapping[str, Any]
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table of the page: `figures` are the columns set to the right, `name` the one that heads its row.

    A `narrow` one fits a phone as it is; any other becomes one entry a row there.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: frozenset[int] = frozenset()
    name: int = 0
    hidden_caption: bool = False
    narrow: bool = False

    @property
    def html(self) -> Markup:
        """Return the table as the pages show it. Written here: by a template it takes ten times as long."""
        right = [' class="n"' if place in self.figures else "" for place in range(len(self.heads))]
        heads = "".join(
            f'<th role="columnheader" scope="col"{side}>{escape(head)}</th>'
            for head, side in zip(self.heads, right, strict=True)
        )
        cells = [
            ('<th role="rowheader" scope="row">', "</th>")
            if place == self.name
            else (f'<td role="cell" data-judul="{escape(head)}"{right[place]}>', "</td>")
            for place, head in enumerate(self.heads)
        ]
        hidden = ' class="tersembunyi"' if self.hidden_caption else ""
        rows = "".join(
            '<tr role="row">'
            + "".join([f"{start}{escape(cell)}{end}" for (start, end), cell in zip(cells, row, strict=True)])
            + "</tr>\n"
            for row in self.rows
        )
        return Markup(  # noqa: S704  # every text is escaped above
            f'<table class="{"ringkas" if self.narrow else "susun"}" role="table">\n'
            f"<caption{hidden}>{escape(self.caption)}</caption>\n"
            f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
            f'<tbody role="rowgroup">\n{rows}</tbody>\n</table>'
        )


def link_list(items: Sequence[tuple[str, str, str]]) -> Markup:
    """Return a list of links: address, name, note. Written here as tables are: each page has dozens."""
    lines = [
        f'<li><a href="{escape(href)}">{escape(nama)}</a> <span class="lembut kecil">{escape(catatan)}</span></li>\n'
        for href, nama, catatan in items
    ]
    return Markup(f'<ul class="tautan">\n{"".join(lines)}</ul>' if lines else "")  # noqa: S704  # escaped above


def unsur_table(public: Public, words: Words) -> Table:
    """Return every figure of the unsur, the index below them."""
    rows = [
        (
            *(entry["number"], entry["nama"], bulat(entry["n"]), angka(entry["nrr"])),
            *(angka(entry["nrr_tertimbang"]), angka(entry["konversi"]), entry["mutu"] or NONE),
        )
        for entry in public["unsur"]
    ]
    index = (bulat(public["n_responden"]), NONE, angka(public["nilai"]), angka(public["ikm"]), public["mutu"] or NONE)
    rows.append((NONE, words["ikm"], *index))
    word = words["unsur"]
    return Table(word["tabel"], word["kolom"], rows, frozenset({2, 3, 4, 5}), name=1, hidden_caption=True)


def layanan_table(public: Public, words: Words) -> Table:
    """Return respondents and index of every layanan, and why a score is not there."""
    rows = [
        (
            *(entry["nama"], bulat(entry["population"]), bulat(entry["n_responden"]), persen(entry["response_rate"])),
            *(angka(entry["ikm"]), entry["mutu"] or NONE, REASONS[entry["withheld"]] or NONE),
        )
        for entry in public["layanan"]
    ]
    sample, word = public["sample"], words["layanan"]
    counts = (bulat(sample["population"]), bulat(public["n_responden"]), persen(sample["response_rate"]))
    rows.append((word["seluruh"], *counts, angka(public["ikm"]), public["mutu"] or NONE, NONE))
    return Table(word["tabel"], word["kolom"], rows, frozenset({1, 2, 3, 4}), hidden_caption=True)


def profil_tables(public: Public) -> list[dict[str, Any]]:
    """Return for every profile field its rows of name, count and share; an empty "Tidak diisi" is left out.

    The count of a withheld cell is None.
    """
    fields = []
    for field in public["profil"]:
        rows = [
            (
                row["nama"].replace("/", f"/{BREAK}"),
                None if row["n"] is None else bulat(row["n"]),
                persen(row["persen"]),
            )
            for row in field["options"]
            if row["n"] != 0 or row["code"]
        ]
        fields.append({"nama": field["nama"], "rows": rows})
    return fields


def lowest(public: Public, words: Words) -> str:
    """Return the lowest unsur with their values as the chart shows them, or that all are the same."""
    word, chosen = words["unsur"], public["lowest"]["unsur"]
    values = {entry["id"]: entry for entry in public["unsur"]}
    if not chosen:
        return ""
    if len({entry["nrr"] for entry in public["unsur"]}) == 1:
        return str(word["semua_sama"])
    names = daftar([f"{values[unsur]['nama']} ({angka(values[unsur]['konversi'])})" for unsur in chosen])
    tie = f" {word['seri']}" if public["lowest"]["tied"] else ""
    return f"{word['terendah'].format(daftar=names)}{tie}"


def bands_table(pack: Instrument, words: Words) -> Table:
    """Return the letters with their limits, best first."""
    word = words["membaca"]
    rows = [
        (band.mutu, f"{angka(str(band.min))}–{JOINER}{angka(str(band.max))}", band.kinerja)
        for band in reversed(pack.bands)
    ]
    return Table(word["tabel"].format(peraturan=pack.peraturan), word["kolom"], rows, narrow=True)


def hitung_table(words: Words) -> Table:
    """Return the meaning of the columns of hitung.csv."""
    word = words["data"]
    rows = [(name, meaning) for name, (_, meaning) in COLUMNS["hitung"].items()]
    return Table(word["kamus"], word["kolom"], rows, hidden_caption=True, narrow=True)


def recount(public: Public, pack: Instrument, words: Words) -> list[str]:
    """Return the steps from hitung.csv to the printed index, under this periode's rule and reading of blanks."""
    word = words["data"]
    weights = {entry["bobot"] for entry in public["unsur"]}
    each = daftar([f"{entry['nama']} {entry['bobot']}" for entry in public["unsur"]])
    given = {
        "berkas": HITUNG,
        "bobot": weights.pop() if len(weights) == 1 else each,
        "faktor": pack.factor,
        "ikm": f"IKM {angka(public['ikm'])}",
    }
    first, *rest = (step.format(**given) for step in word["ulang"])
    extra = {"zero": [word["ulang_zero"]], "complete": [word["ulang_complete"]]}.get(public["blank"], [])
    return [first, *extra, *rest]


def history(
    office: Office, public: Public, published: Sequence[Public], words: Words
) -> tuple[list[TrendPoint], Table]:
    """Return the points up to this periode, oldest first, and the table behind them.

    Only periode of the same length stand in one trend; one that was not published has a place but no value.
    """
    known = {item["periode"]: item for item in published if kind(item["periode"]) == kind(public["periode"])}
    names: list[str] = []
    here = office.periode(public["periode"])
    for _ in range(MOST_POINTS):
        names.insert(0, here.id)
        here = before(here, office.report_day)
    while names[0] not in known:
        del names[0]
    points: list[TrendPoint] = []
    for name in names:
        item = known.get(name)
        points.append(_point(item) if item else replace(points[-1], periode=name, value=None, low=None, high=None))
    word = words["tren"]
    rows = [
        (nama_periode(name), bulat(item["n_responden"]), angka(item["ikm"]), item["mutu"] or NONE, item["peraturan"])
        for name in names
        if (item := known.get(name))
    ]
    return points, Table(word["tabel"], word["kolom"], rows, frozenset({1, 2}), hidden_caption=True)


def _point(public: Public) -> TrendPoint:
    ends = public["interval"] or {"low": None, "high": None}
    return replace(point(public, _series(public)), low=ends["low"], high=ends["high"])


def _series(public: Public) -> str:
    """Return what must be the same for two periode to be compared."""
    return f"{public['form']} {public['rule']} {public['blank']}"
