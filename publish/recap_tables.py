"""The recap that an office starts from, from counts: sums and figures below the unsur, and every layanan in a line."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from markupsafe import Markup

from publish.tables import WITHHELD
from publish.words import NONE, angka, bulat
from scoring.disclosure import counts_shown, published_layanan

ROOMY: Final = 11  # unsur that fit into a page's width in the usual size
Result = Mapping[str, Any]


def recap(result: Result) -> Markup:
    """Return the figures of the office, a column an unsur, in the order of the recap sheet that offices know."""
    unsur = result["unsur"]
    sums = counts_shown(result)
    lines = [
        ("Jumlah kuesioner yang terisi", [bulat(entry["n"]) for entry in unsur]),
        ("Jumlah nilai per unsur", [_sum(entry) if sums else NONE for entry in unsur]),
        ("NRR per unsur", [angka(entry["nrr"]) for entry in unsur]),
        ("NRR tertimbang per unsur", [angka(entry["nrr_tertimbang"]) for entry in unsur]),
        ("Nilai konversi per unsur", [angka(entry["konversi"]) for entry in unsur]),
        ("Mutu per unsur", [entry["mutu"] or NONE for entry in unsur]),
    ]
    rows = [_line(label, cells) for label, cells in lines]
    total = Markup('<tr><td>Nilai indeks dan IKM</td><td colspan="{}" class="n">{} · IKM {} · mutu {}</td></tr>')
    foot = total.format(len(unsur), angka(result["nilai"]), angka(result["ikm"]), result["mutu"] or NONE)
    caption = f"Rekapitulasi {bulat(result['n_responden'])} responden"
    return _table(caption, Markup('<th scope="col" rowspan="2">Uraian</th>'), result, rows, foot, "")


def recap_layanan(result: Result) -> Markup:
    """Return NRR, index and letter of every layanan in a line; none on a base under ten."""
    shown = published_layanan(result)
    rows = [_layanan(entry, entry["id"] in shown, result) for entry in result["layanan"]]
    foot = _cells("Seluruh layanan", result, result)
    front = Markup('<th scope="col" rowspan="2">Layanan</th><th scope="col" rowspan="2" class="n">Resp.</th>')
    behind = Markup('<th scope="col" rowspan="2" class="n">IKM</th><th scope="col" rowspan="2">Mutu</th>')
    return _table("IKM setiap layanan (NRR setiap unsur)", front, result, rows, foot, behind)


def legend(result: Result) -> Markup:
    """Return what the codes of the unsur stand for."""
    names = [f"{entry['number']} {entry['nama']}" for entry in result["unsur"]]
    return Markup('<p class="catatan">{}.</p>').format("; ".join(names))


def _sum(entry: Mapping[str, Any]) -> str:
    """Return the sum of values of an unsur: its exact NRR times what it was divided by."""
    return NONE if entry["nrr_exact"] is None else bulat(int(Fraction(entry["nrr_exact"]) * entry["n"]))


def _layanan(entry: Mapping[str, Any], shown: bool, result: Result) -> Markup:
    if shown:
        return _cells(entry["nama"], entry, result)
    words = Markup('<td colspan="{}">{}</td>').format(len(result["unsur"]) + 2, WITHHELD)
    return Markup('<tr><td>{}</td><td class="n">{}</td>{}</tr>').format(
        entry["nama"], bulat(entry["n_responden"]), words
    )


def _cells(nama: str, group: Mapping[str, Any], result: Result) -> Markup:
    nrr = {entry["id"]: entry["nrr"] for entry in group["unsur"]}
    figures = [angka(nrr[entry["id"]]) for entry in result["unsur"]]
    cells = [bulat(group["n_responden"]), *figures, angka(group["ikm"])]
    inner = [Markup('<td class="n">{}</td>').format(cell) for cell in cells]
    return Markup("<tr><td>{}</td>{}<td>{}</td></tr>").format(nama, Markup("").join(inner), group["mutu"] or NONE)


def _line(label: str, cells: list[str]) -> Markup:
    inner = Markup("").join(Markup('<td class="n">{}</td>').format(cell) for cell in cells)
    return Markup("<tr><td>{}</td>{}</tr>").format(label, inner)


def _table(
    caption: str, front: Markup, result: Result, rows: list[Markup], foot: Markup, behind: Markup | str
) -> Markup:
    numbers = [Markup('<th scope="col" class="n">{}</th>').format(entry["number"]) for entry in result["unsur"]]
    return Markup(
        '<table class="rekap{}"><caption>{}</caption><thead><tr>{}<th scope="colgroup" colspan="{}">Nilai per unsur '
        "pelayanan</th>{}</tr><tr>{}</tr></thead><tbody>{}</tbody><tfoot>{}</tfoot></table>"
    ).format(
        " rapat" if len(numbers) > ROOMY else "",
        caption,
        front,
        len(numbers),
        behind,
        Markup("").join(numbers),
        Markup("").join(rows),
        foot,
    )
