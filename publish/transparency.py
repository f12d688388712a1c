"""The transparency page: one static notice for each published periode, made of its hasil.json and its files alone.

No clock and no store is read, so the same published files give the same pages.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup, escape

from collector.pages import templates
from collector.workspace import SITE_SOURCE
from publish import analysis, certainty, kewajaran
from publish.chart import Row, axis_svg, dot_svg, unsur_rows
from publish.notice import (
    bands_table,
    history,
    hitung_table,
    layanan_table,
    lowest,
    profil_tables,
    recount,
    unsur_table,
)
from publish.opendata import DATABASE, HASIL, HITUNG
from publish.trend import trend_chart
from publish.words import CHANNEL_NAMES, angka, bulat, daftar, nama_periode, persen, rentang, tanggal
from publish.workbook import REKAP
from scoring.instrument import Instrument, built_in
from scoring.office import Office

DOCUMENTS: Final = ("laporan", "rtl", "lembar-publikasi")
NARROW_POINTS: Final = 6  # of the trend on a phone

Public = Mapping[str, Any]
Words = Mapping[str, Any]


@dataclass(frozen=True)
class Document:
    """One published PDF: printed name, address from the page, size in words, SHA-256 in hexadecimal."""

    nama: str
    href: str
    size: str
    sha256: str


def build(office: Office, folder: Path, published: Sequence[Public]) -> list[Path]:
    """Write the pages of `published`, oldest first, under `folder`, the newest also as index.html; return them.

    The PDFs are those that lie in the folder of each periode.
    """
    words: Words = tomllib.loads((SITE_SOURCE / "locale" / "transparansi.id.toml").read_text("utf-8"))
    newest = published[-1]
    places = [(folder / "periode" / item["periode"] / "index.html", item, "../../") for item in published]
    places.append((folder / "index.html", newest, ""))
    for file, public, root in places:
        documents = read_documents(folder, public["periode"], root, words)
        file.write_text(page(office, public, published, documents, words, root), "utf-8")
    return [file for file, *_ in places]


def read_documents(folder: Path, periode_id: str, root: str, words: Words) -> list[Document]:
    """Return the PDFs of a periode in their fixed order; `root` leads from the page to `folder`."""
    documents = []
    for name in DOCUMENTS:
        file = folder / "periode" / periode_id / f"{name}.pdf"
        if file.exists():
            content = file.read_bytes()
            href = f"{root}periode/{periode_id}/{file.name}"
            digest = hashlib.sha256(content).hexdigest()
            documents.append(Document(words["dokumen"]["nama"][name], href, _size(len(content)), digest))
    return documents


def page(
    office: Office,
    public: Public,
    published: Sequence[Public],
    documents: Sequence[Document],
    words: Words,
    root: str,
) -> str:
    """Return the page of one periode; `published` are all periode, oldest first, this one among them."""
    css = (SITE_SOURCE / "assets" / "transparansi.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    pack = built_in(public["instrument"])
    scored = public["withheld"] is None
    return (
        templates()
        .get_template("transparansi.html")
        .render(
            office=office,
            words=words,
            css=css,
            csp=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
            rehearsal=public["rehearsal"],
            periode=nama_periode(public["periode"]),
            ditahan=None if scored else words["ditahan"][public["withheld"]],
            ringkas=analysis.summary(public) if scored else words["ditahan"][public["withheld"]],
            kalimat=_sentence(public, words) if scored else "",
            **{name: angka(public[name]) for name in ("ikm", "mutu", "kinerja")},
            fakta=_facts(public, words),
            axis=axis_svg(pack.bands),
            unsur=_unsur(public, pack, words) if scored else None,
            layanan=_layanan(public, pack, words) if scored else None,
            tren=_trend(office, public, published, words) if scored else None,
            profil=profil_tables(public),
            kewajaran=_checks(public) if scored else None,
            documents=documents,
            tanpa_dokumen=scored and not public["detail"],
            membaca=_reading(office, public, pack, words),
            data=_data(public, pack, words, root),
            periods=_others(public, published, words, root),
        )
    )


def _sentence(public: Public, words: Words) -> Markup:
    """Return what the large figure means, the number of respondents and the change set off."""
    change = words["sebelumnya_ditahan"] if public["previous_withheld"] else analysis.change(public)
    sentences = (analysis.summary(public), certainty.margin(public), change, certainty.change(public))
    text = escape(" ".join(filter(None, sentences)))
    before = public["previous"]
    marked = [f"{bulat(public['n_responden'])} responden", "belum dapat dibedakan dari kebetulan"]
    if public["interval"]["margin"]:
        marked.append(f"antara {angka(public['interval']['low'])} dan {angka(public['interval']['high'])}")
    if before and before["comparable"]:
        marked += [f"{word} {angka(before['change'].lstrip('-'))}" for word in ("naik", "turun")]
    for part in marked:
        text = text.replace(part, Markup("<strong>{}</strong>").format(part), 1)
    return text


def _facts(public: Public, words: Words) -> list[tuple[str, str, bool]]:
    """Return name, value and whether the value is a warning, of what a reader must know about the survey."""
    fact, sample = words["fakta"], public["sample"]
    known = sample["population"] is not None
    of = fact["dari"].format(populasi=bulat(sample["population"]), persen=persen(sample["response_rate"]))
    adequacy = analysis.sample(public)
    if public["withheld"]:  # without its last sentence, which speaks of the index
        adequacy = f"{adequacy.partition('. ')[0].rstrip('.')}."
    ways = [f"{CHANNEL_NAMES[entry['id']]} {bulat(entry['n_responden'])}" for entry in public["channel"]]
    return [
        (fact["masa"], rentang(public["mulai"], public["selesai"]), False),
        (fact["responden"], f"{bulat(public['n_responden'])} {of if known else '– ' + fact['tanpa_populasi']}", False),
        (fact["sampel"], adequacy, sample["reached"] is False),
        (fact["cara"], daftar(ways).capitalize(), False),
        (fact["metode"], analysis.method(public), False),
        *(() if public["withheld"] else _more_facts(public, fact)),
        (fact["terbit"], tanggal(public["published"]), False),
    ]


def _more_facts(public: Public, fact: Words) -> list[tuple[str, str, bool]]:
    """Return what is only said of a published index: other rules, and answers left out where there are any."""
    facts = [(fact["aturan"], _rules(public), False)]
    if public["excluded"]["n"]:
        facts.append((fact["dikeluarkan"], certainty.excluded(public), False))
    return facts


def _rules(public: Public) -> str:
    """Return what the index would be by other rules, and without the unsur on cost."""
    return " ".join(filter(None, (certainty.rules(public), certainty.without_cost(public))))


def _strips(rows: Sequence[Row], pack: Instrument, notes: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return the rows of a chart as the template draws them: name, strip, value, a note where there is one."""
    return [
        {
            "nama": row.nama,
            "lowest": row.lowest,
            "note": notes[place] if notes else "",
            "strip": dot_svg(row, pack.bands),
            "value": angka(row.value),
        }
        for place, row in enumerate(rows)
    ]


def _unsur(public: Public, pack: Instrument, words: Words) -> dict[str, Any]:
    letters = daftar([band.mutu for band in pack.bands])
    scale = {"low": pack.low * pack.factor, "high": pack.high * pack.factor, "huruf": letters}
    return {
        "kalimat": " ".join(filter(None, (lowest(public, words), certainty.lowest(public)))),
        "skala": words["unsur"]["skala"].format(**scale),
        "rows": _strips(unsur_rows(public), pack),
        "tabel": unsur_table(public, words),
        "lain": analysis.other_indexes(public),
    }


def _layanan(public: Public, pack: Instrument, words: Words) -> dict[str, Any]:
    """Return the published layanan in the office's order, the others with the reason why not."""
    word = words["layanan"]
    shown = [entry for entry in public["layanan"] if entry["withheld"] is None]
    notes = [f"{bulat(entry['n_responden'])} responden" for entry in shown]
    withheld = [(entry["nama"], word["alasan"][entry["withheld"]]) for entry in public["layanan"] if entry["withheld"]]
    return {
        "rows": _strips([_layanan_row(entry) for entry in shown], pack, notes),
        "gabungan": certainty.combined(public, whole=public["combined"] is not None),
        "withheld": withheld if public["detail"] else [],
        "tanpa_rincian": not public["detail"],
        "tabel": layanan_table(public, words),
    }


def _checks(public: Public) -> dict[str, Any]:
    """Return the checks of the counts in words: those that ask for a look, then the others."""
    found = kewajaran.checks(public["integrity"], {entry["id"]: entry["nama"] for entry in public["layanan"]})
    return {
        "kalimat": kewajaran.summary(found),
        "dilihat": [check for check in found if check.seen],
        "lain": [check for check in found if not check.seen],
    }


def _layanan_row(entry: Mapping[str, Any]) -> Row:
    return Row(entry["nama"], entry["ikm"], low=entry["interval"]["low"], high=entry["interval"]["high"])


def _trend(office: Office, public: Public, published: Sequence[Public], words: Words) -> dict[str, Any] | None:
    """Return the trend up to this periode, or None where there is no second value to join."""
    points, table = history(office, public, published, words)
    if sum(item.value is not None for item in points) < 2:
        return None
    return {
        "wide": trend_chart(points, width=720),
        "narrow": trend_chart(points[-NARROW_POINTS:], width=288),
        "tabel": table,
    }


def _reading(office: Office, public: Public, pack: Instrument, words: Words) -> dict[str, Any]:
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
        "tabel": bands_table(pack, words),
        "kutip": word["sumber"].format(**cited) if public["withheld"] is None else "",
    }


def _data(public: Public, pack: Instrument, words: Words, root: str) -> dict[str, Any]:
    word, here = words["data"], f"{root}periode/{public['periode']}/"
    links = [
        *(() if public["withheld"] else ((f"{here}{REKAP}", word["rekap"], REKAP),)),
        *((f"{here}{HITUNG}", word["hitung"], HITUNG), (f"{here}{HASIL}", word["hasil"], HASIL)),
        *((f"{root}{HITUNG}", word["semua"], HITUNG), (f"{root}{DATABASE}", word["database"], DATABASE)),
    ]
    return {
        "tautan": links,
        "ulang": recount(public, pack, words) if public["withheld"] is None else [],
        "aturan": word["ulang_aturan"].format(aturan=public["rule_keterangan"]),
        "kamus": hitung_table(words),
    }


def _others(public: Public, published: Sequence[Public], words: Words, root: str) -> list[tuple[str, str, str]]:
    """Return the other periode, newest first: address, name, index with its letter."""
    found = []
    for other in reversed(published):
        if other["periode"] == public["periode"]:
            continue
        value = f"IKM {angka(other['ikm'])}, mutu {other['mutu']}, {bulat(other['n_responden'])} responden"
        note = words["periode"]["tanpa_nilai"] if other["withheld"] else value
        found.append((f"{root}periode/{other['periode']}/", nama_periode(other["periode"]), note))
    return found


def _size(count: int) -> str:
    """Return a size for people: "48 kB", "1,3 MB"."""
    if count < 1_000_000:
        return f"{bulat((count + 999) // 1000)} kB"
    whole, tenth = divmod(count // 100_000, 10)
    return f"{bulat(whole)},{tenth} MB"
