"""The board of many offices: who stands apart from their mean, and who cannot be told from it. It ranks nobody.

Only offices with the same periode, instrument, rule and reading of blanks are compared; data of a rehearsal never with
real ones. Figures are those of hasil.json; the mean is exact.
"""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Final

from collector.pages import lean, still_policy, templates
from collector.workspace import SITE_SOURCE
from publish.words import NONE, angka, bulat, nama_periode
from scoring.figure import ratio, text
from scoring.office import Office

JSON: Final = "kantor.json"
CSV: Final = "kantor.csv"
FORMAT: Final = "kantor/1"
STYLES: Final = ("transparansi.css", "papan.css")
# The groups in the order of the page; the offices of the first three are compared with one another.
ABOVE, ALIKE, BELOW, OTHER, TRIAL, WITHHELD, NOT_YET = GROUPS = (
    *("di-atas", "tidak-dapat-dibedakan", "di-bawah"),
    *("instrumen-lain", "uji-coba", "ditahan", "belum-terbit"),
)
COMPARED: Final = (ABOVE, ALIKE, BELOW)

Entry = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """An office on the board, figures as in hasil.json; `periode` is the newest where it has not the board's own."""

    id: str
    nama: str
    kelompok: str
    periode: str | None
    n_responden: int | None = None
    ikm: str | None = None
    mutu: str | None = None
    margin: str | None = None
    low: str | None = None
    high: str | None = None
    peraturan: str | None = None
    aturan: str | None = None
    uji_coba: bool = False
    alamat: str | None = None


@dataclass(frozen=True)
class Board:
    """The board's periode ("" where nothing is published), the exact mean, how many offices it is of, and all lines."""

    periode: str
    mean: Fraction | None
    compared: int
    lines: Sequence[Line]


def entry(office: Office, published: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what the board must know of an office: its names, and the figures of every published periode."""
    named = {"id": office.id, "nama": office.nama, "instansi": office.instansi}
    return {**named, "periode": {public["periode"]: _figures(public) for public in published}}


def _figures(public: Mapping[str, Any]) -> dict[str, Any]:
    scored = public["withheld"] is None and public["ikm"] is not None
    interval = public["interval"] if scored else {}
    return {
        **{name: public[name] for name in ("selesai", "n_responden", "ikm", "ikm_exact", "mutu", "peraturan")},
        **{name: interval.get(name) for name in ("low", "high", "margin")},
        **{"aturan": public["rule"], "uji_coba": public["rehearsal"], "terbit": scored},
        "seri": [public["form"], public["rule"], public["blank"], public["rehearsal"]],
    }


def board(entries: Sequence[Entry]) -> Board:
    """Return the offices in their groups, alphabetical within each."""
    periode = common_periode(entries)
    here = {item["id"]: item["periode"][periode] for item in entries if periode in item["periode"]}
    scored = {name: found for name, found in here.items() if found["terbit"]}
    series = _main_series([found["seri"] for found in scored.values()])
    same = [Fraction(found["ikm_exact"]) for found in scored.values() if found["seri"] == series]
    mean = sum(same, Fraction(0)) * Fraction(1, len(same)) if same else None
    lines = [_line(item, periode, here.get(item["id"]), series, mean) for item in entries]
    ordered = sorted(lines, key=lambda line: (GROUPS.index(line.kelompok), line.nama.casefold(), line.id))
    return Board(periode, mean, len(same), ordered)


def common_periode(entries: Sequence[Entry]) -> str:
    """Return the newest periode that at least half of the offices have published, else that of most; "" without any.

    Offices that have never published anything do not count.
    """
    counted = Counter(name for item in entries for name in item["periode"])
    ends = {name: found["selesai"] for item in entries for name, found in item["periode"].items()}
    publishing = sum(bool(item["periode"]) for item in entries)
    most = max(counted.values(), default=0)
    wanted = [name for name, count in counted.items() if 2 * count >= publishing or count == most]
    half = [name for name in wanted if 2 * counted[name] >= publishing]
    return max(half or wanted, key=lambda name: (ends[name], name), default="")


def _main_series(found: Sequence[Sequence[Any]]) -> list[Any]:
    """Return the way of counting that most offices share, real data before those of a rehearsal."""
    counted = Counter(tuple(series) for series in found)
    return [*max(counted, key=lambda series: (not series[3], counted[series], series), default=())]


def _line(
    item: Entry, periode: str, found: Mapping[str, Any] | None, series: Sequence[Any], mean: Fraction | None
) -> Line:
    named = {"id": item["id"], "nama": item["nama"]}
    if found is None:
        newest = max(item["periode"], key=lambda name: (item["periode"][name]["selesai"], name), default=None)
        return Line(**named, kelompok=NOT_YET, periode=newest, alamat=f"{item['id']}/" if newest else None)
    names = ("n_responden", "ikm", "mutu", "margin", "low", "high", "peraturan", "aturan", "uji_coba")
    shown = {name: found[name] for name in (names if found["terbit"] else ("peraturan", "aturan", "uji_coba"))}
    group = _group(found, series, mean)
    return Line(**named, kelompok=group, periode=periode, **shown, alamat=f"{item['id']}/periode/{periode}/")


def _group(found: Mapping[str, Any], series: Sequence[Any], mean: Fraction | None) -> str:
    if not found["terbit"]:
        return WITHHELD
    if found["seri"] != series or mean is None:
        return TRIAL if found["uji_coba"] and found["seri"] != series else OTHER
    if found["low"] is None or found["high"] is None:
        return ALIKE
    return ABOVE if Fraction(found["low"]) > mean else BELOW if Fraction(found["high"]) < mean else ALIKE


def write(to: Path, entries: Sequence[Entry]) -> list[Path]:
    """Write page, JSON and CSV of the board into `to`; a file that would be the same is not touched."""
    found = board(entries)
    texts = {"index.html": page(found, entries), JSON: board_json(found), CSV: board_csv(found)}
    for name, content in texts.items():
        file, part = to / name, to / f".{name}.part"
        if not file.exists() or file.read_text("utf-8") != content:
            part.write_text(content, "utf-8")
            part.replace(file)
    return [to / name for name in texts]


def board_json(found: Board) -> str:
    """Return the board as JSON: the mean as "p/q" and printed, then a line for each office."""
    head = {"format": FORMAT, "periode": found.periode or None, "kantor_dibandingkan": found.compared}
    head |= {"rata_rata": text(found.mean, 2), "rata_rata_tepat": ratio(found.mean)}
    lines = ",\n".join(json.dumps(asdict(line), ensure_ascii=False) for line in found.lines)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "kantor": [\n{lines}\n]}}\n'


def board_csv(found: Board) -> str:
    """Return the board as CSV, a row for each office; true and false are 1 and 0, what is not known is empty."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(Line.__dataclass_fields__)
    for line in found.lines:
        writer.writerow([int(cell) if isinstance(cell, bool) else cell for cell in asdict(line).values()])
    return out.getvalue()


def page(found: Board, entries: Sequence[Entry]) -> str:
    """Return the page of the board."""
    css = "\n".join(lean("css", (SITE_SOURCE / "assets" / name).read_text("utf-8")) for name in STYLES)
    words, of = _words(), {item["instansi"] for item in entries}
    known = {"periode": nama_periode(found.periode) if found.periode else "", "n": bulat(found.compared)}
    known |= {"rata": angka(text(found.mean, 2))}
    groups = {name: [_shown(line) for line in found.lines if line.kelompok == name] for name in GROUPS}
    return (
        templates()
        .get_template("papan.html")
        .render(
            css=css,
            csp=still_policy(css),
            lang="id",
            words=words,
            known=known,
            instansi=of.pop() if len(of) == 1 else "",
            periode=known["periode"],
            rehearsal=any(line.uji_coba for line in found.lines),
            compared=found.compared,
            groups=groups,
            compare=COMPARED,
            files=(JSON, CSV),
        )
    )


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tomllib.loads((SITE_SOURCE / "locale" / "papan.id.toml").read_text("utf-8"))
    return found


def _shown(line: Line) -> dict[str, Any]:
    """Return the line as the page prints it."""
    known = line.low is not None and line.high is not None
    return {
        **{"nama": line.nama, "href": line.alamat, "uji_coba": line.uji_coba, "peraturan": line.peraturan},
        **{"ikm": angka(line.ikm), "mutu": line.mutu or NONE, "n": bulat(line.n_responden)},
        "margin": f"± {angka(line.margin)}" if known else NONE,
        "rentang": f"{angka(line.low)}–{angka(line.high)}" if known else NONE,
        "periode": nama_periode(line.periode) if line.periode else "",
    }
