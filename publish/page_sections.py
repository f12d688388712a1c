"""The sections of a transparency page: what each one says and shows, from one hasil.json and what lies beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

from collector.pages import templates
from publish import analysis, certainty, kewajaran
from publish.chart import Row, axis_svg, dot_svgs, unsur_rows
from publish.notice import (
    Shown,
    Strip,
    bands_table,
    check_list,
    history,
    hitung_table,
    layanan_table,
    link_list,
    link_text,
    linked,
    lowest,
    promise_list,
    recount,
    strip_list,
    unsur_table,
)
from publish.opendata import DATABASE, HASIL, HITUNG
from publish.promises import Promise
from publish.trend import trend_chart
from publish.words import angka, bulat, daftar, nama_periode, tanggal
from publish.workbook import REKAP
from scoring.instrument import Instrument
from scoring.office import Office

NARROW_POINTS: Final = 6  # of the trend on a phone

Public = Mapping[str, Any]
Words = Mapping[str, Any]


class Named(dict[str, Any]):
    """Words that a template finds as attributes, where it looks first: to find them in a dict takes it much longer."""

    def __init__(self, found: Words) -> None:
        super().__init__({key: Named(held) if isinstance(held, dict) else held for key, held in found.items()})
        self.__dict__.update(self)


@cache
def page_templates() -> Environment:
    """Return the templates of the pages; they are not looked at again for each of thousands of pages."""
    return templates().overlay(auto_reload=False)


def strips(rows: Sequence[Row], pack: Instrument) -> list[Strip]:
    """Return the rows of a chart with their drawings."""
    drawings = dot_svgs(rows, pack.bands)
    return [Strip(row.nama, drawing, angka(row.value), row.lowest) for row, drawing in zip(rows, drawings, strict=True)]


def unsur(public: Public, pack: Instrument, words: Words) -> dict[str, Any]:
    """Return the lowest unsur in words, the chart of all of them, and the table behind it."""
    return {
        "kalimat": " ".join(filter(None, (lowest(public, words), certainty.lowest(public)))),
        **chart(public, pack, words),
        "lain": analysis.other_indexes(public),
    }


def chart(group: Public, pack: Instrument, words: Words) -> dict[str, Any]:
    """Return the chart of the unsur of an office or of one layanan, with its table; a layanan marks no lowest."""
    letters = daftar([band.mutu for band in pack.bands])
    scale = {"low": pack.low * pack.factor, "high": pack.high * pack.factor, "huruf": letters}
    rows = unsur_rows({**group, "lowest": group.get("lowest", {"unsur": []})})
    return {
        "skala": words["unsur"]["skala"].format(**scale),
        "bagan": strip_list(strips(rows, pack), axis_svg(pack.bands), words["terendah"]),
        "tabel": unsur_table(group, words).html,
    }


def layanan(public: Public, pack: Instrument, words: Words, here: str) -> dict[str, Any]:
    """Return the published layanan in the office's order, each linked to its page below `here`; why others are not."""
    word = words["layanan"]
    shown = [entry for entry in public["layanan"] if entry["withheld"] is None]
    notes = [f"{bulat(entry['n_responden'])} responden" for entry in shown]
    withheld = [(entry["nama"], word["alasan"][entry["withheld"]]) for entry in public["layanan"] if entry["withheld"]]
    rows = [
        row._replace(catatan=note, href=f"{here}layanan/{entry['id']}/")
        for row, entry, note in zip(strips([layanan_row(entry) for entry in shown], pack), shown, notes, strict=True)
    ]
    return {
        "bagan": strip_list(rows, axis_svg(pack.bands), words["terendah"]) if rows else "",
        "gabungan": certainty.combined(public, whole=public["combined"] is not None),
        "withheld": withheld if public["detail"] else [],
        "tanpa_rincian": not public["detail"],
        "tabel": layanan_table(public, words).html,
    }


def layanan_row(entry: Public) -> Row:
    """Return the row of a layanan in a chart."""
    return Row(entry["nama"], entry["ikm"], low=entry["interval"]["low"], high=entry["interval"]["high"])


def checks(public: Public) -> dict[str, Any]:
    """Return the checks of the counts in words: those that ask for a look, then the others."""
    found = kewajaran.checks(public["integrity"], {entry["id"]: entry["nama"] for entry in public["layanan"]})
    return {
        "kalimat": kewajaran.summary(found),
        "dilihat": check_list([check for check in found if check.seen]),
        "lain": check_list([check for check in found if not check.seen]),
    }


def trend(office: Office, public: Public, published: Sequence[Public], words: Words) -> dict[str, Any] | None:
    """Return the trend up to this periode, or None where there is no second value to join."""
    points, table = history(office, public, published, words)
    if sum(item.value is not None for item in points) < 2:
        return None
    return {
        "wide": trend_chart(points, width=720),
        "narrow": trend_chart(points[-NARROW_POINTS:], width=288),
        "tabel": table.html,
    }


def promises(found: Sequence[Promise], periode: str, words: Words) -> dict[str, Any]:
    """Return the promises of a page, the late ones first, with how many there are of each kind in one sentence."""
    word = words["janji"]
    late, kept = (sum(getattr(item, name) for item in found) for name in ("late", "kept"))
    counts = {"jumlah": bulat(len(found)), "selesai": bulat(kept), "terlambat": bulat(late)}
    sentence = word["kosong"] if not found else word["ringkas"].format(**counts)
    ordered = sorted(found, key=lambda item: (not item.late, item.kept))
    return {
        "kalimat": sentence,
        "terlambat": late,
        "daftar": promise_list([_promise(item, periode, word) for item in ordered]),
    }


def _promise(item: Promise, periode: str, word: Words) -> Shown:
    status = word["status"][item.status or "kosong"]
    facts = [
        (word["unsur"], item.unsur),
        (word["oleh"], item.owner),
        (word["tempo"], tanggal(item.due) if item.due else word["tanpa_tempo"]),
        (word["indikator"], item.indikator),
        (word["bukti"], item.bukti or word["tanpa_bukti"]),
        (word["kabar"], item.account),
        (word["dari"], nama_periode(item.periode) if item.periode != periode else ""),
    ]
    stands = f"{word['terlambat']} – {status[0].lower()}{status[1:]}" if item.late else status
    return Shown(item.kegiatan, stands, item.late, [(name, value) for name, value in facts if value])


def documents(record: Mapping[str, Any], here: str, words: Words) -> dict[str, Any]:
    """Return the PDF files with the verdict on their signatures, those of replaced editions apart, and the editions."""
    word, last = words["dokumen"], record["edisi"][-1]["nomor"] if record["edisi"] else 0
    items = [
        {
            **item,
            "href": f"{here}{item['berkas']}",
            "size": size(item["bytes"]),
            "putusan": word["putusan"][item["tanda_tangan"]["cara"]],
        }
        for item in record["dokumen"]
    ]
    editions = [
        {**item, "tanggal": tanggal(item["tanggal"]), "alasan": item["alasan"] or word["pertama"]}
        for item in reversed(record["edisi"])
    ]
    return {
        "kini": [item for item in items if item["edisi"] == last],
        "lama": [item for item in items if item["edisi"] != last],
        "edisi": editions,
    }


def reading(office: Office, public: Public, pack: Instrument, words: Words) -> dict[str, Any]:
    """Return how to read the figure, the letters, and how to cite it."""
    word = words["membaca"]
    scale = {
        **{"terkecil": pack.low, "terbesar": pack.high, "faktor": pack.factor},
        **{"low": pack.low * pack.factor, "high": pack.high * pack.factor},
    }
    cited = {
        **{"kantor": office.nama, "periode": nama_periode(public["periode"]), "ikm": angka(public["ikm"])},
        **{"n": bulat(public["n_responden"]), "alamat": f"{office.public.transparansi}periode/{public['periode']}/"},
    }
    return {
        "kalimat": [sentence.format(**scale) for sentence in word["kalimat"]],
        "tabel": bands_table(pack, words).html,
        "kutip": word["sumber"].format(**cited) if public["withheld"] is None else "",
    }


def data(public: Public, pack: Instrument, words: Words, root: str, *, database: bool) -> dict[str, Any]:
    """Return the links to the data, with or without the `database`, and how to reckon the index again from them."""
    word = words["data"]
    return {
        "tautan": data_links(public, word, root, database=database),
        "ulang": recount(public, pack, words) if public["withheld"] is None else [],
        "aturan": word["ulang_aturan"].format(aturan=public["rule_keterangan"]),
        "kamus": hitung_table(words).html,
    }


def data_links(public: Public, word: Words, root: str, *, database: bool) -> Markup:
    """Return the links to the data of a periode and of all, with or without the `database`; `word` names each file."""
    here = f"{root}periode/{public['periode']}/"
    return link_list(
        [
            *(() if public["withheld"] else ((f"{here}{REKAP}", word["rekap"], REKAP),)),
            *((f"{here}{HITUNG}", word["hitung"], HITUNG), (f"{here}{HASIL}", word["hasil"], HASIL)),
            (f"{root}{HITUNG}", word["semua"], HITUNG),
            *(((f"{root}{DATABASE}", word["database"], DATABASE),) if database else ()),
            *((f"{root}{name}", word["lain"][name], name) for name in word["lain"]),
        ]
    )


def listed(published: Sequence[Public], words: Words) -> list[tuple[str, str]]:
    """Return each periode, newest first: its id, and what a link to it says, as `others` takes it."""
    without = words["periode"]["tanpa_nilai"]
    return [
        (item["periode"], link_text(nama_periode(item["periode"]), without if item["withheld"] else in_short(item)))
        for item in reversed(published)
    ]


def in_short(group: Public) -> str:
    """Return index, letter and number of respondents of an office or a layanan in a line."""
    return f"IKM {angka(group['ikm'])}, mutu {group['mutu']}, {bulat(group['n_responden'])} responden"


def others(periode: str, known: Sequence[tuple[str, str]], root: str, below: str = "") -> Markup:
    """Return links to the `known` periode but this one, each to the page `below` its own."""
    return linked([(f"{root}periode/{id}/{below}", text) for id, text in known if id != periode])


def size(count: int) -> str:
    """Return a size for people: "48 kB", "1,3 MB"."""
    if count < 1_000_000:
        return f"{bulat((count + 999) // 1000)} kB"
    whole, tenth = divmod(count // 100_000, 10)
    return f"{bulat(whole)},{tenth} MB"
