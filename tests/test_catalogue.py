"""What the open data says of itself is true, and other programs read it: Frictionless, DCAT, Atom, the dictionary."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
import xml.etree.ElementTree as ET
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from frictionless import Package, Resource, validate
from nginx_samples import proxied, through
from published_office import fill, make_office, publish, three_published
from rdflib import RDF, Graph, Namespace, URIRef

from collector.workspace import Workspace
from publish.dictionary import DICTIONARY
from publish.opendata import read_published

DCAT = Namespace("http://www.w3.org/ns/dcat#")
DCT = Namespace("http://purl.org/dc/terms/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
HOME = "https://skm.contohkab.example/"
ATOM = "{http://www.w3.org/2005/Atom}"
PERIODS = ("2026-08", "2026-09", "2026-10")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return three_published(tmp_path_factory.mktemp("kantor"))


def read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def graph(workspace: Workspace) -> Graph:
    return Graph().parse(workspace.public / "katalog.jsonld", format="json-ld")


@pytest.mark.parametrize("place", ["", *(f"periode/{name}" for name in PERIODS)])
def test_every_package_is_valid_to_frictionless_with_its_keys_sizes_and_digests(office: Workspace, place: str) -> None:
    file = office.public / place / "datapackage.json"
    found = validate(str(file))
    assert found.valid, found.flatten(["type", "note"])
    tables = {item["name"]: item for item in read(file)["resources"] if "schema" in item}
    assert list(tables) == list(DICTIONARY)
    assert tables["hitung"]["schema"]["foreignKeys"][0]["reference"] == {"resource": "periode", "fields": "id"}


def test_frictionless_sees_a_row_of_a_periode_that_is_not_there_and_a_changed_byte(
    office: Workspace, tmp_path: Path
) -> None:
    for file in office.public.glob("*.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "silang.csv").open("a", encoding="utf-8") as lines:
        lines.write("2031-01,*,kuadrat,ikm,40,1/2\n")
    kinds = {kind for (kind,) in validate(str(tmp_path / "datapackage.json")).flatten(["type"])}
    assert {"foreign-key", "hash-count", "byte-count"} <= kinds


def test_a_table_reads_with_its_types(office: Workspace) -> None:
    package = Package(str(office.public / "datapackage.json"))
    resource = package.get_resource("periode")
    assert isinstance(resource, Resource)
    rows = resource.read_rows()
    assert [float(row["ikm"]) for row in rows] == [float(public["ikm"]) for public in read_published(office.public)]


def test_csv_json_and_sqlite_hold_the_same_rows(office: Workspace) -> None:
    whole = read(office.public / "data.json")
    with sqlite3.connect(office.public / "publik.db") as database:
        for table, columns in DICTIONARY.items():
            cells = database.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall()
            assert [tuple(row.values()) for row in whole[table]] == cells
            lines = [*csv.reader((office.public / f"{table}.csv").read_text("utf-8").splitlines())]
            assert lines[0] == list(columns)
            kinds = [column.kind for column in columns.values()]
            read_back = [
                tuple(kind(cell) if cell or kind is str else None for cell, kind in zip(row, kinds, strict=True))
                for row in lines[1:]
            ]
            assert read_back == [
                tuple("" if cell is None and kind is str else cell for cell, kind in zip(row, kinds, strict=True))
                for row in cells
            ]


def test_the_dictionary_explains_every_column_in_two_languages(office: Workspace) -> None:
    rows = [*csv.DictReader((office.public / "kamus.csv").read_text("utf-8").splitlines())]
    assert [(row["tabel"], row["kolom"]) for row in rows] == [
        (table, column) for table, columns in DICTIONARY.items() for column in columns
    ]
    assert all(row["arti"] and row["meaning"] and row["arti"] != row["meaning"] for row in rows)


def test_the_catalogue_is_dcat_that_lists_every_file_with_its_size_and_digest(office: Workspace) -> None:
    found = graph(office)
    assert (URIRef(f"{HOME}katalog.jsonld"), RDF.type, DCAT.Catalog) in found
    datasets = {str(node) for node in found.subjects(RDF.type, DCAT.Dataset)}
    assert datasets == {f"{HOME}#data", *(f"{HOME}periode/{name}/#data" for name in PERIODS)}
    files = set()
    for node in found.subjects(RDF.type, DCAT.Distribution):
        address = str(found.value(node, DCAT.downloadURL))
        assert address.startswith(HOME)
        content = (office.public / address.removeprefix(HOME)).read_bytes()
        assert int(str(found.value(node, DCAT.byteSize))) == len(content)
        checksum = found.value(node, SPDX.checksum)
        assert str(found.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert str(found.value(node, DCT.license)) == "https://creativecommons.org/licenses/by/4.0/"
        files.add(address.removeprefix(HOME))
    wanted = {file.relative_to(office.public).as_posix() for file in office.public.rglob("*.csv")} - {"kamus.csv"}
    wanted |= {"publik.db", "data.json", "datapackage.json"}
    assert files >= wanted | {f"periode/{name}/{file}" for name in PERIODS for file in ("hasil.json", "rekap.xlsx")}


def test_every_dataset_has_publisher_days_place_and_page(office: Workspace) -> None:
    found = graph(office)
    for node in found.subjects(RDF.type, DCAT.Dataset):
        for name in ("title", "description", "publisher", "license", "issued", "modified", "temporal", "spatial"):
            assert found.value(node, DCT[name]) is not None, (node, name)
        assert found.value(node, DCAT.landingPage) is not None
    days = found.value(URIRef(f"{HOME}periode/2026-10/#data"), DCT.temporal)
    ends = [found.value(days, DCAT.startDate), found.value(days, DCAT.endDate)]
    assert [end.toPython() for end in ends if end is not None] == [date(2026, 9, 25), date(2026, 10, 24)]  # type: ignore[attr-defined]


def test_the_catalogue_carries_its_context_so_that_nothing_is_fetched(office: Workspace) -> None:
    context = read(office.public / "katalog.jsonld")["@context"]
    assert isinstance(context, dict)
    assert all(isinstance(value, str) and value.endswith(("#", "/")) for value in context.values())


def test_the_metadata_of_the_survey_say_what_the_office_has_yet_to_give(office: Workspace) -> None:
    found = read(office.public / "periode" / "2026-10" / "satu-data.json")
    activity = found["kegiatan"]
    assert activity["judul"] == "Survei Kepuasan Masyarakat Kecamatan Teladan Oktober 2026"
    assert activity["jadwal"]["pengumpulan"] == {"mulai": "2026-09-25", "selesai": "2026-10-24"}
    empty = [name for name, value in activity.items() if value is None]
    empty += [f"jadwal.{name}" for name, value in activity["jadwal"].items() if value is None]
    assert sorted(found["belum_diisi"]) == sorted(empty)
    assert {"penanggung_jawab_eselon_1", "jadwal.perencanaan"} <= set(empty)
    names = [variable["alias"] for variable in found["variabel"]]
    assert names[:2] == ["ikm", "persyaratan"]
    assert all(variable["definisi"] and variable["satuan"] for variable in found["variabel"])
    assert "Contohwati" not in json.dumps(found)


def test_the_feed_has_every_periode_at_its_address_with_the_day_it_was_published(office: Workspace) -> None:
    feed = ET.parse(office.public / "umpan.xml").getroot()
    entries = feed.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"{HOME}periode/{name}/" for name in reversed(PERIODS)
    ]
    assert {entry.findtext(f"{ATOM}updated") for entry in entries} == {"2026-10-25T00:00:00+07:00"}
    assert feed.findtext(f"{ATOM}updated") == "2026-10-25T00:00:00+07:00"
    assert "Nilai IKM 83,92, mutu B (Baik), 148 responden" in (entries[0].findtext(f"{ATOM}summary") or "")


def test_a_later_edition_moves_its_entry_and_keeps_its_id(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    for name in ("2026-09", "2026-10"):
        fill(workspace, name, {"ktp": 40, "kk": 20})
        publish(workspace, name)
    publish(workspace, "2026-09", date(2026, 11, 2))
    entries = ET.parse(workspace.public / "umpan.xml").getroot().findall(f"{ATOM}entry")
    assert [(entry.findtext(f"{ATOM}id"), entry.findtext(f"{ATOM}updated")) for entry in entries] == [
        (f"{HOME}periode/2026-09/", "2026-11-02T00:00:00+07:00"),
        (f"{HOME}periode/2026-10/", "2026-10-25T00:00:00+07:00"),
    ]


def test_a_periode_without_a_value_is_announced_without_one(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", {"ktp": 9})
    publish(workspace, "2026-10")
    text = (workspace.public / "umpan.xml").read_text("utf-8")
    assert "nilainya tidak ditampilkan" in text
    assert "Nilai IKM" not in text
    assert validate(str(workspace.public / "datapackage.json")).valid
    assert validate(str(workspace.public / "periode" / "2026-10" / "datapackage.json")).valid


def test_open_data_is_given_to_any_page_with_its_media_type_and_pages_are_not(
    office: Workspace, tmp_path: Path
) -> None:
    kinds = {
        "hitung.csv": "text/csv; charset=utf-8",
        "katalog.jsonld": "application/ld+json",
        "umpan.xml": "application/atom+xml; charset=utf-8",
        "publik.db": "application/vnd.sqlite3",
        "periode/2026-10/hasil.json": "application/json",
    }
    with proxied(tmp_path) as running:
        shutil.copytree(office.public, running.workspace.public)
        for name, kind in kinds.items():
            status, headers, content = through(running.tls, "GET", f"/{name}", Host="skm.contohkab.example")
            assert (status, headers["content-type"]) == (200, kind)
            assert content == (office.public / name).read_bytes()
            assert headers["access-control-allow-origin"] == "*"
            assert headers["x-content-type-options"] == "nosniff"
        status, headers, _ = through(running.tls, "GET", "/", Host="skm.contohkab.example")
        assert (status, "access-control-allow-origin" in headers) == (200, False)
        assert through(running.tls, "GET", "/tiada.csv", Host="skm.contohkab.example")[0] == 404
