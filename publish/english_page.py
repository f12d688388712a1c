"""The English page of a periode: its essentials, and the way to the Indonesian page for the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from collector.bahasa import load_packs
from collector.outage import Outages
from publish import english
from publish.chart import Row, axis_svg, dot_svgs, letter, unsur_rows
from publish.dokumen import UNSIGNED
from publish.english import count, day, figure, listing, period, span, words
from publish.notice import JOINER, Answer, Strip, Table, answer_list, fact_list, strip_list
from publish.page_sections import Named, data_links, page_templates
from publish.words import NONE
from scoring.instrument import Band, Instrument, built_in
from scoring.office import Office

Public = Mapping[str, Any]
Record = Mapping[str, Any]


@cache
def unsur_names(pack_id: str) -> Mapping[str, str]:
    """Return the English names of the unsur of a pack by id; empty where it has none."""
    found: Mapping[str, str] = load_packs().get((pack_id, "en"), {}).get("unsur", {})
    return found


def contents(office: Office, public: Public, diary: Outages | None, record: Record) -> dict[str, Any]:
    """Return what the page shows wherever it stands: all but what leads elsewhere, the charts drawn once."""
    word, pack, scored = words(), built_in(public["instrument"]), public["withheld"] is None
    known = scored and public["interval"]["margin"]
    ends = {name: figure(public["interval"][name]) for name in ("low", "high")} if known else {}
    return {
        "words": _named_words(),
        "periode": period(public["periode"]),
        "ditahan": None if scored else word["ditahan"][public["withheld"]],
        "kalimat": english.summary(public, office.nama) if scored else word["ditahan"][public["withheld"]],
        "rentang": word["rentang"].format(**ends) if known else "",
        "ikm": figure(public["ikm"]),
        "mutu": public["mutu"] or NONE,
        "kinerja": word["kinerja"].get(public["mutu"], NONE),
        "fakta": fact_list(_facts(public, diary, record)),
        "unsur": _unsur(public, pack) if scored else None,
        "membaca": _reading(office, public, pack),
    }


@cache
def _named_words() -> Named:
    return Named(words())


def page(
    public: Public, context: Mapping[str, Any], record: Record, frame: Mapping[str, Any], *, database: bool
) -> str:
    """Return the English page; `frame` is what every page has around its content, `database` whether one lies there."""
    scored = public["withheld"] is None
    more = {
        "lima": answer_list(_questions(public, record, frame["root"])) if scored else "",
        "dokumen": _documents(public, record, frame["here"]),
        "data": data_links(public, words()["data"], frame["root"], database=database),
    }
    return page_templates().get_template("transparansi_en.html").render(**frame, **context, **more)


def _facts(public: Public, diary: Outages | None, record: Record) -> list[tuple[str, str, bool]]:
    word, scored = words()["fakta"], public["withheld"] is None
    edition = word["edisi"].format(nomor=record["edisi"][-1]["nomor"]) if scored and record["edisi"] else ""
    found = [
        (word["masa"], span(public["mulai"], public["selesai"])),
        (word["responden"], "" if scored else count(public["n_responden"])),
        (word["cara"], "" if scored else english.ways(public)),
        (word["metode"], english.method(public)),
        (word["dikeluarkan"], english.excluded(public) if scored else ""),
        (word["gangguan"], english.outages(diary)),
        (word["terbit"], f"{day(public['published'])}{edition}"),
    ]
    return [(name, value, False) for name, value in found if value]


def _questions(public: Public, record: Record, root: str) -> list[Answer]:
    """Return the five questions, their answers and where more is said."""
    word = words()["lima"]
    signed = [item["tanda_tangan"] for item in record["dokumen"] if item["tanda_tangan"]["cara"] != UNSIGNED]
    first = english.signature(signed[0], rehearsal=public["rehearsal"]) if signed else words()["dokumen"]["kosong"]
    edition = record["edisi"][-1]["nomor"] if len(record["edisi"]) > 1 else 0
    link = word["tautan"]
    said = {
        "berapa": (english.many(public), []),
        "pasti": (f"{english.margin(public)} {english.rules(public)}", [("#membaca", link["membaca"])]),
        "dipilih": (english.chosen(public), []),
        "berubah": (
            english.changed(public) + (f" {word['ralat'].format(nomor=edition)}" if edition else ""),
            [(f"{root}periode/{public['periode']}/#janji", link["janji"])],
        ),
        "asli": (
            f"{first} {english.checks(public)} {english.excluded(public)} {word['ulang']}",
            [("#dokumen", link["dokumen"])]
            + [(f"{root}{name}/en.html", link[name]) for name in ("periksa", "hitung-ulang")],
        ),
    }
    return [Answer(word[name], text.strip(), links) for name, (text, links) in said.items()]


def _unsur(public: Public, pack: Instrument) -> dict[str, Any]:
    word, names = words()["unsur"], unsur_names(pack.id)
    scale = {"low": pack.low * pack.factor, "high": pack.high * pack.factor}
    letters = listing([band.mutu for band in pack.bands])
    entries = [{**entry, "nama": names.get(entry["id"], entry["nama"])} for entry in public["unsur"]]
    rows = unsur_rows({**public, "unsur": entries})
    drawings = dot_svgs(rows, pack.bands, said=[_says(row, pack.bands) for row in rows])
    strips = [
        Strip(row.nama, drawing, figure(row.value), row.lowest) for row, drawing in zip(rows, drawings, strict=True)
    ]
    table = [
        (
            *(entry["number"], entry["nama"], count(entry["n"]), figure(entry["nrr"])),
            *(figure(entry["nrr_tertimbang"]), figure(entry["konversi"]), entry["mutu"] or NONE),
        )
        for entry in entries
    ]
    index = (count(public["n_responden"]), NONE, figure(public["nilai"]), figure(public["ikm"]), public["mutu"] or NONE)
    table.append((NONE, words()["ikm"], *index))
    limits = ", ".join(f"{band.mutu} {band.min}–{band.max}" for band in pack.bands)
    axis = word["sumbu"].format(**scale, huruf=limits)
    return {
        "skala": word["skala"].format(**scale, huruf=letters),
        "bagan": strip_list(strips, axis_svg(pack.bands, said=axis, mark="."), words()["terendah"]),
        "tabel": Table(word["tabel"], word["kolom"], table, frozenset({2, 3, 4, 5}), name=1, hidden_caption=True).html,
    }


def _says(row: Row, bands: Sequence[Band]) -> str:
    """Return in English what the strip of a row shows."""
    word = words()["unsur"]
    if row.value is None:
        return str(word["titik_kosong"].format(nama=row.nama))
    ends = word["titik_rentang"].format(low=row.low, high=row.high) if row.low and row.high else ""
    return f"{word['titik'].format(nama=row.nama, nilai=row.value, mutu=letter(row.value, bands))}{ends}"


def _documents(public: Public, record: Record, here: str) -> dict[str, Any]:
    word = words()["dokumen"]
    items = [
        {
            "href": f"{here}{item['berkas']}",
            "nama": word["nama"][Path(item["berkas"]).stem],
            "size": f"{count(-(-item['bytes'] // 1000))} kB",
            "edisi": word["edisi"].format(nomor=item["edisi"]),
            "putusan": english.signature(item["tanda_tangan"], rehearsal=public["rehearsal"]),
            "sha256": item["sha256"],
        }
        for item in record["dokumen"]
    ]
    editions = [{**item, "tanggal": day(item["tanggal"])} for item in reversed(record["edisi"])]
    return {"berkas": items, "edisi": editions if len(editions) > 1 else []}


def _reading(office: Office, public: Public, pack: Instrument) -> dict[str, Any]:
    word = words()["membaca"]
    scale = {"terkecil": pack.low, "terbesar": pack.high, "faktor": pack.factor}
    scale |= {"low": pack.low * pack.factor, "high": pack.high * pack.factor}
    bands = [
        (band.mutu, f"{band.min}–{JOINER}{band.max}", words()["kinerja"][band.mutu]) for band in reversed(pack.bands)
    ]
    address = f"{office.public.transparansi}periode/{public['periode']}/en/"
    cited = {"kantor": office.nama, "periode": period(public["periode"]), "alamat": address}
    cited |= {"ikm": figure(public["ikm"]), "n": count(public["n_responden"])}
    return {
        "kalimat": [sentence.format(**scale) for sentence in word["kalimat"]],
        "tabel": Table(word["tabel"].format(peraturan=pack.peraturan), word["kolom"], bands, narrow=True).html,
        "kutip": word["sumber"].format(**cited) if public["withheld"] is None else "",
    }
