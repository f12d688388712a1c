"""The pages on which anyone checks for himself, in the browser alone: is this PDF published, does the index follow.

Each is one file with everything in it (periksa/, hitung-ulang/), so that it also works from a disk; the policy lets it
connect to nothing. The script gets its words and its data as JSON; the arithmetic is site/assets/hitung-ulang.js.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Final

from collector.pages import inline_source, templates
from collector.workspace import SITE_SOURCE
from publish.document_list import documents
from publish.opendata import HITUNG, WHOLE
from publish.words import nama_periode, tanggal
from scoring.counts import COLUMNS, read_counts
from scoring.errors import SENTENCES
from scoring.figure import ratio
from scoring.instrument import BLANKS, Instrument, built_in, built_in_ids
from scoring.office import Office

PAGES: Final = {"id": "index.html", "en": "en.html"}  # by language, in the folder of each page
SCRIPTS: Final = {
    "periksa": ("berkas.js", "periksa.js"),
    "hitung-ulang": ("berkas.js", "hitung-ulang.js", "hitung-halaman.js"),
}
STYLES: Final = ("transparansi.css", "periksa.css")
FAULTS: Final = (
    *("TABLE_EMPTY", "TABLE_COLUMN_UNKNOWN", "TABLE_COLUMN_MISSING", "TABLE_COLUMN_TWICE", "TABLE_CELL"),
    *("TABLE_ROW_LONG", "COUNTS_INSTRUMENT", "COUNTS_ROW_MISSING", "COUNTS_TOTAL", "COUNTS_COMPLETE"),
)
RECENT: Final = 6  # periode with a button of their own before the list is folded

Public = Mapping[str, Any]


def build(office: Office, folder: Path, published: Sequence[Public]) -> list[Path]:
    """Write both pages in both languages under the public `folder`; `published`, oldest first, lies there already."""
    listed = documents(office, folder, published)
    counts = [_counts(folder, public) for public in reversed(published) if public["withheld"] is None]
    arithmetic = f'{{"instrumen":{_packs()},"terbit":{_told(counts)}'
    files = []
    for code, file in PAGES.items():
        words = read_words(code)
        shared = {
            "office": office,
            "lang": code,
            "umum": words["umum"],
            "rehearsal": any(public["rehearsal"] for public in published),
            "lain": next(other for language, other in PAGES.items() if language != code),
        }
        until = tanggal(max(public["published"] for public in published))
        address = f"{office.public.transparansi}periksa/"
        check = {
            "words": words["periksa"],
            "documents": listed,
            "sampai": words["periksa"]["sampai"].format(tanggal=until, alamat=address),
        }
        told = _told({"dokumen": [asdict(item) for item in listed], "kata": words["periksa"]["skrip"]})
        files.append(_write(folder / "periksa" / file, "periksa", told, {**shared, **check}))
        spoken = {**words["hitung"]["skrip"], "galat": words["hitung"]["galat"], "desimal": words["umum"]["desimal"]}
        recount = {"words": words["hitung"], "terbit": counts, "recent": RECENT, "blanks": BLANKS}
        told = f'{arithmetic},"kata":{_told(spoken)}}}'
        files.append(_write(folder / "hitung-ulang" / file, "hitung-ulang", told, {**shared, **recount}))
    return files


@cache
def read_words(code: str) -> dict[str, Any]:
    """Return the words of both pages; in Indonesian the sentences on a wrong file are those of `scoring`."""
    words = tomllib.loads((SITE_SOURCE / "locale" / f"periksa.{code}.toml").read_text("utf-8"))
    words["hitung"].setdefault("galat", {name: SENTENCES[name] for name in FAULTS})
    return words


@cache
def _packs() -> str:
    return _told([pack_fields(built_in(name)) for name in built_in_ids()])


def pack_fields(pack: Instrument) -> dict[str, Any]:
    """Return what the script needs of a pack to compute an index: weights as "p/q", limits of bands as decimals."""
    return {
        **{"id": pack.id, "nama": pack.nama, "peraturan": pack.peraturan, "faktor": pack.factor},
        **{"terkecil": pack.low, "terbesar": pack.high},
        **{"aturan_bawaan": pack.default_rule, "kosong_bawaan": pack.default_blank},
        "unsur": [{"id": unsur.id, "nomor": f"U{unsur.number}", "nama": unsur.nama} for unsur in pack.unsur],
        "pertanyaan": [{"id": question.id, "unsur": question.unsur} for question in pack.questions],
        "indeks": [
            {"id": item.id, "nama": item.nama, "unsur": item.unsur, "bobot": [ratio(weight) for weight in item.bobot]}
            for item in pack.indexes
        ],
        "aturan": [
            {
                **{"id": rule.id, "keterangan": rule.keterangan, "bobot": ratio(rule.bobot)},
                **{"nrr_places": rule.nrr_places, "product_places": rule.product_places},
                "index_places": rule.index_places,
            }
            for rule in pack.rules
        ],
        "mutu": [
            {"mutu": band.mutu, "kinerja": band.kinerja, "min": str(band.min), "max": str(band.max)}
            for band in pack.bands
        ],
    }


def _counts(folder: Path, public: Public) -> dict[str, Any]:
    """Return the published counts of a periode by layanan, with the rule and the figures that were published."""
    text = (folder / "periode" / public["periode"] / HITUNG).read_text("utf-8")
    shown = [entry for entry in public["layanan"] if entry["withheld"] is None]
    figures = {WHOLE: public, **{entry["id"]: entry for entry in shown}}
    return {
        **{"periode": public["periode"], "nama": nama_periode(public["periode"])},
        **{"instrumen": public["instrument"], "aturan": public["rule"], "kosong": public["blank"]},
        "nilai": {
            name: {"nama": "" if name == WHOLE else entry["nama"], "ikm": entry["ikm"], "mutu": entry["mutu"]}
            for name, entry in figures.items()
        },
        "hitung": _groups(text, built_in(public["instrument"])),
        "utuh": public["complete_sums"],
    }


def _groups(text: str, pack: Instrument) -> dict[str, dict[str, list[int]]]:
    """Return the counts of hitung.csv by layanan and question, the blanks last.

    Rows that stand as `opendata` writes them are taken as they are. Anything else is read with every fault named, as a
    file of a citizen is, which takes ten times as long; raises what read_counts does.
    """
    head, *lines = text.splitlines() or [""]
    wanted = [
        f"{question.unsur},{question.id},{value}"
        for question in pack.questions
        for value in (*range(pack.low, pack.high + 1), "")
    ]
    size, each, found = len(wanted), pack.high - pack.low + 2, {}
    for start in range(0, len(lines), size):
        part = [line.rpartition(",") for line in lines[start : start + size]]
        periode, layanan = [*lines[start].split(","), ""][:2]
        counts = [int(count) for _, _, count in part if count.isdecimal()]
        sums = {sum(counts[place : place + each]) for place in range(0, len(counts), each)}
        if (
            [named for named, _, _ in part] != [f"{periode},{layanan},{name}" for name in wanted]
            or len(counts) != size
            or len(sums) != 1
            or head != ",".join(COLUMNS)
        ):
            return _read(text)
        found[layanan] = {
            question.id: counts[place * each : (place + 1) * each] for place, question in enumerate(pack.questions)
        }
    return found


def _read(text: str) -> dict[str, dict[str, list[int]]]:
    return {
        item.layanan: {question: [*counts, item.part.n - sum(counts)] for question, counts in item.part.answers.items()}
        for item in read_counts(HITUNG, text)
    }


def _told(data: object) -> str:
    """Return data for the script as JSON; nothing in it can end the element that holds it, or open a comment."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _frame(name: str) -> Mapping[str, Any]:
    """Return style and scripts of a page, and the policy that names them by their hash."""
    assets = SITE_SOURCE / "assets"
    css = "\n".join((assets / style).read_text("utf-8") for style in STYLES)
    scripts = [(assets / script).read_text("utf-8") for script in SCRIPTS[name]]
    allowed = " ".join(map(inline_source, scripts))
    policy = (
        f"default-src 'none'; style-src {inline_source(css)}; script-src {allowed}; "
        "connect-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )
    return {"css": css, "csp": policy, "scripts": scripts}


def _write(file: Path, name: str, data: str, context: Mapping[str, Any]) -> Path:
    """Write one page, with all that it needs in it."""
    page = templates().get_template(f"{name}.html").render(data=data, **_frame(name), **context)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(page.encode())
    return file
