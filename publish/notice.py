"""The tables and lists of the transparency page: cells as they are printed, small counts withheld already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from publish.drawing import escaped
from publish.kewajaran import Check
from publish.opendata import COLUMNS, HITUNG, REASONS
from publish.trend import TrendPoint, point
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
        names = escaped(self.heads)
        heads = "".join(
            f'<th role="columnheader" scope="col"{side}>{head}</th>' for head, side in zip(names, right, strict=True)
        )
        cells = "".join(
            '<th role="rowheader" scope="row">%s</th>'
            if place == self.name
            else f'<td role="cell" data-judul="{head.replace("%", "%%")}"{right[place]}>%s</td>'
            for place, head in enumerate(names)
        )
        hidden = ' class="tersembunyi"' if self.hidden_caption else ""
        texts = escaped([cell for row in self.rows for cell in row])
        rows = f'<tr role="row">{cells}</tr>\n' * len(self.rows) % tuple(texts)
        return Markup(  # noqa: S704  # every text is escaped above
            f'<table class="{"ringkas" if self.narrow else "susun"}" role="table">\n'
            f"<caption{hidden}>{escape(self.caption)}</caption>\n"
            f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>\n'
            f'<tbody role="rowgroup">\n{rows}</tbody>\n</table>'
        )


def link_list(items: Sequence[tuple[str, str, str]]) -> Markup:
    """Return a list of links: address, name, note. Written here as tables are: each page has dozens."""
    return linked([(href, link_text(nama, catatan)) for href, nama, catatan in items])


@lru_cache(maxsize=256)  # those to the data are on every page
def link_text(nama: str, catatan: str) -> str:
    """Return what follows the address of a link in a list: its name, and a note."""
    return f'{escape(nama)}</a> <span class="lembut kecil">{escape(catatan)}</span>'


def linked(items: Sequence[tuple[str, str]]) -> Markup:
    """Return a list of links: address, and what `link_text` made of name and note."""
    places = escaped([href for href, _ in items])
    lines = [f'<li><a href="{place}">{text}</li>\n' for place, (_, text) in zip(places, items, strict=True)]
    return Markup(f'<ul class="tautan">\n{"".join(lines)}</ul>' if lines else "")  # noqa: S704  # escaped above


class Strip(NamedTuple):
    """A row of a chart: name, drawing, value, whether it is among the lowest, a note, where its name leads."""

    nama: str
    drawing: Markup
    nilai: str
    terendah: bool
    catatan: str = ""
    href: str = ""


def strip_list(strips: Sequence[Strip], axis: Markup, lowest: str) -> Markup:
    """Return a chart as a list, the axis last; `lowest` is the word at the lowest ones."""
    word, lines = f' <strong class="alarm">{escape(lowest)}</strong>', []
    names, values = escaped([item.nama for item in strips]), escaped([item.nilai for item in strips])
    for (_, drawing, _, terendah, catatan, href), nama, nilai in zip(strips, names, values, strict=True):
        name = f'<a href="{escape(href)}">{nama}</a>' if href else nama
        note = f' <span class="lembut kecil">{escape(catatan)}</span>' if catatan else ""
        lines.append(
            f'<li><span class="nama">{name}{word if terendah else ""}{note}</span>'
            f'<span class="strip">{drawing}</span><span class="nilai">{nilai}</span></li>\n'
        )
    last = f'<li class="sumbu"><span class="strip">{axis}</span></li>'
    return Markup(f'<ul class="bagan">\n{"".join(lines)}{last}\n</ul>')  # noqa: S704  # escaped above


def fact_list(facts: Sequence[tuple[str, str, bool]]) -> Markup:
    """Return facts: name, value, and whether the value is a warning."""
    warning = ' class="awas"'
    lines = [
        f"<div><dt>{escape(name)}</dt><dd{warning if warn else ''}>{escape(value)}</dd></div>\n"
        for name, value, warn in facts
    ]
    return Markup(f'<dl class="fakta">\n{"".join(lines)}</dl>')  # noqa: S704  # escaped above


class Answer(NamedTuple):
    """A question of those who doubt, its answer, and links to where more is said: address and words."""

    tanya: str
    jawab: str | Markup
    tautan: Sequence[tuple[str, str]]


def answer_list(answers: Sequence[Answer]) -> Markup:
    """Return questions with their answers."""
    lines = []
    for item in answers:
        links = " · ".join(f'<a href="{escape(href)}">{escape(nama)}</a>' for href, nama in item.tautan)
        more = f'<p class="kecil">{links}</p>' if links else ""
        said = item.jawab if isinstance(item.jawab, Markup) else escape(item.jawab)
        lines.append(f"<div><h3>{escape(item.tanya)}</h3><div><p>{said}</p>{more}</div></div>\n")
    return Markup("".join(lines))  # noqa: S704  # escaped above


def check_list(checks: Sequence[Check]) -> Markup:
    """Return checks of the counts: name, state, and what it means."""
    lines = [
        f'<li><p class="nama">{escape(check.name)} <span class="{"alarm" if check.seen else "lembut"}">'
        f"{escape(check.state)}</span></p><p>{escape(check.sentence)}</p></li>\n"
        for check in checks
    ]
    return Markup(f'<ul class="periksa">\n{"".join(lines)}</ul>' if lines else "")  # noqa: S704  # escaped above


class Shown(NamedTuple):
    """A promise as it is printed: what is promised, how it stands, whether it is late, and what is known of it."""

    kegiatan: str
    status: str
    late: bool
    isi: Sequence[tuple[str, str]]


def promise_list(promises: Sequence[Shown]) -> Markup:
    """Return promises as a list, those that are late set off."""
    lines = []
    for item in promises:
        known = " ".join(
            f'<span class="butir"><span class="lembut">{escape(nama)}:</span> {escape(isi)}</span>'
            for nama, isi in item.isi
        )
        name = (
            f'{escape(item.kegiatan)} <span class="{"alarm" if item.late else "lembut"}">{escape(item.status)}</span>'
        )
        late = ' class="awas"' if item.late else ""
        lines.append(f'<li{late}><p class="nama">{name}</p><p class="kecil">{known}</p></li>\n')
    return Markup(f'<ul class="janji">\n{"".join(lines)}</ul>' if lines else "")  # noqa: S704  # escaped above


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


def profil_tables(public: Public, words: Words) -> Markup:
    """Return a table of counts and shares for every profile field; an empty "Tidak diisi" is left out.

    A dash stands for a count that is withheld.
    """
    word = {name: escape(text) for name, text in words["profil"].items()}
    withheld = f'<span aria-hidden="true">{NONE}</span><span class="tersembunyi">{word["ditahan"]}</span>'
    tables = []
    for field in public["profil"]:
        rows = [
            f'<tr><th scope="row">{escape(row["nama"].replace("/", f"/{BREAK}"))}</th>'
            f'<td class="n">{withheld if row["n"] is None else bulat(row["n"])}</td>'
            f'<td class="n">{escape(persen(row["persen"]))}</td></tr>\n'
            for row in field["options"]
            if row["n"] != 0 or row["code"]
        ]
        name = escape(field["nama"])
        tables.append(
            f"<table>\n<caption>{name}</caption>\n"
            f'<thead><tr><th scope="col"><span class="tersembunyi">{name}</span></th>'
            f'<th scope="col" class="n">{word["orang"]}</th><th scope="col" class="n">{word["bagian"]}</th>'
            f"</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>\n"
        )
    return Markup("".join(tables))  # noqa: S704  # escaped above


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
    known = {item["periode"]: item for item in published}
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
        points.append(_point(item) if item else points[-1]._replace(periode=name, value=None, low=None, high=None))
    word = words["tren"]
    rows = [
        (nama_periode(name), bulat(item["n_responden"]), angka(item["ikm"]), item["mutu"] or NONE, item["peraturan"])
        for name in names
        if (item := known.get(name))
    ]
    return points, Table(word["tabel"], word["kolom"], rows, frozenset({1, 2}), hidden_caption=True)


def _point(public: Public) -> TrendPoint:
    ends = public["interval"] or {"low": None, "high": None}
    return point(public, _series(public))._replace(low=ends["low"], high=ends["high"])


def _series(public: Public) -> str:
    """Return what must be the same for two periode to be compared."""
    return f"{public['form']} {public['rule']} {public['blank']}"
