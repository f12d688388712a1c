"""What the open data says of itself: datapackage.json (Frictionless), katalog.jsonld (DCAT) and kamus.csv.

Everything is read from the files that lie in the public folder, so it is made last; no clock, nothing fetched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from publish import opendata, satu_data
from publish.dictionary import DICTIONARY, PRIMARY, TITLES
from publish.feed import FEED
from publish.words import nama_periode
from publish.workbook import REKAP
from scoring.office import Office

PACKAGE: Final = "datapackage.json"
CATALOGUE: Final = "katalog.jsonld"
GLOSSARY: Final = "kamus.csv"
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME: Final = "CC-BY-4.0"
MEDIA: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".db": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TYPES: Final = {str: "string", int: "integer", float: "number"}
EU: Final = "http://publications.europa.eu/resource/authority/"
FREQUENCY: Final = {"bulanan": "MONTHLY", "triwulan": "QUARTERLY", "semester": "ANNUAL_2", "tahunan": "ANNUAL"}
OTHERS: Final = {
    opendata.HASIL: "Semua nilai periode ini",
    REKAP: "Rekapitulasi dengan rumus",
    opendata.DATA: "Semua tabel dalam satu berkas JSON",
    opendata.DATABASE: "Semua tabel dalam satu basis data SQLite",
    satu_data.FILE: "Metadata kegiatan dan variabel statistik",
}
JOIN: Final = ",\n"
ENCODE: Final = json.JSONEncoder(ensure_ascii=False).encode
Package = Mapping[str, Any]

CONTEXT: Final = {
    **{"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/"},
    **{"spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#"},
    **{"rdfs": "http://www.w3.org/2000/01/rdf-schema#"},
}


def build(office: Office, folder: Path, published: Sequence[Mapping[str, Any]]) -> list[Path]:
    """Write dictionary, packages, metadata and catalogue of all `published` into `folder`; return the files."""
    made = [_write(folder / GLOSSARY, glossary())]
    packages: list[Package] = []
    for public in published:
        place = folder / "periode" / public["periode"]
        made.append(_write(place / satu_data.FILE, _dump(satu_data.metadata(office, public))))
        packages.append(package(office, place, [public]))
        made.append(_write(place / PACKAGE, _dump(packages[-1])))
    whole = package(office, folder, published)
    made.append(_write(folder / PACKAGE, _dump(whole)))
    made.append(_write(folder / CATALOGUE, _dump(catalogue(office, folder, published, whole, packages))))
    return made


def glossary() -> str:
    """Return kamus.csv: table, column, type, and the meaning in Indonesian and English."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("tabel", "kolom", "tipe", "arti", "meaning"))
    for table, columns in DICTIONARY.items():
        writer.writerows(
            (table, name, TYPES[column.kind], column.arti, column.meaning) for name, column in columns.items()
        )
    return out.getvalue()


def package(office: Office, folder: Path, published: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the Data Package of the files in `folder`: of one periode, or of all `published` oldest first."""
    periode = published[-1]["periode"] if folder.parent.name == "periode" else None
    address = _address(office, periode)
    whose = f"Survei Kepuasan Masyarakat {office.nama}"
    tables = [_table(folder, name) for name in DICTIONARY]
    # Not the workbook: what reads packages would take its sheets, made for people, for tables. The catalogue has it.
    others = [
        _resource(folder / name, title) for name, title in OTHERS.items() if name != REKAP and (folder / name).is_file()
    ]
    return {
        "profile": "data-package",
        "name": f"skm-{office.id}-{periode}".lower() if periode else f"skm-{office.id}",
        "id": address,
        "title": f"{whose}, {nama_periode(periode) if periode else 'semua periode'}",
        "description": "Hitungan dan nilai survei; jawaban perorangan tidak diterbitkan. "
        "Counts and values of the survey; no individual answers are published.",
        "homepage": address,
        "version": max(public["published"] for public in published),
        "licenses": [{"name": LICENCE_NAME, "path": LICENCE, "title": "Creative Commons Atribusi 4.0 Internasional"}],
        "sources": [{"title": office.nama, "path": office.public.transparansi}],
        "contributors": [{"title": office.nama, "role": "publisher", "organization": office.instansi}],
        "uji_coba": any(public["rehearsal"] for public in published),
        "resources": [*tables, *others],
    }


def _table(folder: Path, name: str) -> dict[str, Any]:
    """Return a table as a resource with its schema."""
    title, title_en = TITLES[name]
    return {
        **_resource(folder / f"{name}.csv", title),
        "profile": "tabular-data-resource",
        "title_en": title_en,
        "encoding": "utf-8",
        "schema": _schema(name),
    }


@cache
def _schema_json(name: str) -> str:
    return ENCODE(_schema(name))


@cache
def _schema(name: str) -> Mapping[str, Any]:
    columns = DICTIONARY[name]
    schema: dict[str, Any] = {
        "fields": [
            {"name": key, "type": TYPES[column.kind], "description": column.arti, "description_en": column.meaning}
            for key, column in columns.items()
        ],
        "missingValues": [""],
        "primaryKey": [*PRIMARY[name]],
    }
    if "periode" in columns:
        reference = {"resource": "periode", "fields": "id"}
        schema["foreignKeys"] = [{"fields": "periode", "reference": reference}]
    return schema


def _resource(file: Path, title: str) -> dict[str, Any]:
    content = file.read_bytes()
    name = file.stem if file.suffix == ".csv" else file.name.replace("_", "-")
    return {
        **{"name": name, "path": file.name, "title": title, "format": file.suffix[1:], "mediatype": MEDIA[file.suffix]},
        **{"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"},
    }


def catalogue(
    office: Office, folder: Path, published: Sequence[Mapping[str, Any]], whole: Package, packages: Sequence[Package]
) -> dict[str, Any]:
    """Return the DCAT catalogue: one dataset a periode, in the series of all; addresses as citizens see them.

    `whole` is the package of the series, `packages` are those of the `published` periode.
    """
    home = office.public.transparansi
    office_node = {"@id": f"{home}#kantor", "@type": "foaf:Agent", "foaf:name": office.nama}
    series = {
        **_dataset(office, folder, published, None, whole),
        "@type": ["dcat:Dataset", "dcat:DatasetSeries"],
        "dct:accrualPeriodicity": {"@id": f"{EU}frequency/{FREQUENCY[office.cut]}"},
    }
    parts = [
        _dataset(office, folder / "periode" / public["periode"], [public], public, found)
        for public, found in zip(published, packages, strict=True)
    ]
    return {
        "@context": CONTEXT,
        "@id": f"{home}{CATALOGUE}",
        "@type": "dcat:Catalog",
        "dct:title": _indonesian(f"Data terbuka Survei Kepuasan Masyarakat {office.nama}"),
        "dct:description": _indonesian("Hitungan dan nilai setiap periode yang sudah terbit."),
        "dct:language": {"@id": f"{EU}language/IND"},
        "dct:license": {"@id": LICENCE},
        "dct:publisher": office_node,
        "dct:modified": _day(max(public["published"] for public in published)),
        "foaf:homepage": {"@id": home},
        "rdfs:seeAlso": {"@id": f"{home}{FEED}"},
        "dcat:dataset": [series, *parts],
    }


def _dataset(
    office: Office,
    folder: Path,
    published: Sequence[Mapping[str, Any]],
    public: Mapping[str, Any] | None,
    found: Package,
) -> dict[str, Any]:
    """Return the dataset of one periode, or of the whole history for None; `found` is its package."""
    address = _address(office, public["periode"] if public else None)
    found_in = {"@id": f"{office.public.transparansi}#kantor"}
    return {
        "@id": f"{address}#data",
        "@type": "dcat:Dataset",
        "dct:identifier": found["name"],
        "dct:title": _indonesian(found["title"]),
        "dct:description": _indonesian(found["description"].split(". ")[0] + "."),
        "dct:publisher": found_in,
        "dct:creator": found_in,
        "dct:license": {"@id": LICENCE},
        "dct:issued": _day(min(item["published"] for item in published)),
        "dct:modified": _day(found["version"]),
        "dct:language": {"@id": f"{EU}language/IND"},
        "dct:spatial": {"@type": "dct:Location", "rdfs:label": _indonesian(f"{office.kabupaten}, {office.provinsi}")},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(min(item["mulai"] for item in published)),
            "dcat:endDate": _day(max(item["selesai"] for item in published)),
        },
        "dcat:theme": {"@id": f"{EU}data-theme/GOVE"},
        "dcat:keyword": [_indonesian(word) for word in ("kepuasan masyarakat", "IKM", "pelayanan publik")],
        "dcat:landingPage": {"@id": address},
        "dcat:distribution": [_distribution(address, item) for item in _files(folder, found)],
        **({"dcat:inSeries": {"@id": f"{_address(office, None)}#data"}} if public else {}),
    }


def _files(folder: Path, found: Package) -> list[dict[str, Any]]:
    """Return the resources of a package, the workbook and the package's own description."""
    workbook = [_resource(folder / REKAP, OTHERS[REKAP])] if (folder / REKAP).is_file() else []
    return [*found["resources"], *workbook, _resource(folder / PACKAGE, "Keterangan tabel dan kolom (Data Package)")]


def _distribution(address: str, resource: Mapping[str, Any]) -> dict[str, Any]:
    place = f"{address}{resource['path']}"
    return {
        "@id": f"{place}#berkas",
        "@type": "dcat:Distribution",
        "dct:title": _indonesian(resource["title"]),
        "dct:license": {"@id": LICENCE},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": place},
        "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{resource['mediatype']}"},
        "dcat:byteSize": {"@value": str(resource["bytes"]), "@type": "xsd:nonNegativeInteger"},
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": {"@value": resource["hash"].removeprefix("sha256:"), "@type": "xsd:hexBinary"},
        },
    }


def _address(office: Office, periode: str | None) -> str:
    home = office.public.transparansi
    return f"{home}periode/{periode}/" if periode else home


def _indonesian(text: str) -> dict[str, str]:
    return {"@value": text, "@language": "id"}


def _day(text: str) -> dict[str, str]:
    return {"@value": text, "@type": "xsd:date"}


def _dump(value: Mapping[str, Any]) -> str:
    """Return the object as JSON, each key and each entry of a list on a line: indented, it takes ten times as long."""
    lines = []
    for key, held in value.items():
        write = _resource_json if key == "resources" else ENCODE
        text = ",\n ".join([write(item) for item in held]) if isinstance(held, list) else ENCODE(held)
        lines.append(f"{ENCODE(key)}: {f'[{text}]' if isinstance(held, list) else text}")
    return f"{{\n{JOIN.join(lines)}\n}}\n"


def _resource_json(resource: Mapping[str, Any]) -> str:
    """Return a resource as JSON; the schema of a table, the last and longest of it, is the same for every periode."""
    if "schema" not in resource:
        return ENCODE(resource)
    others = {key: held for key, held in resource.items() if key != "schema"}
    return f'{ENCODE(others)[:-1]}, "schema": {_schema_json(resource["name"])}}}'


def _write(file: Path, text: str) -> Path:
    file.write_bytes(text.encode())
    return file
