"""Which PDF are published, by their SHA-256: edition, what replaced it, and what was found of its signature."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from collector.workspace import SITE_SOURCE
from publish.opendata import read_published
from publish.words import nama_periode, tanggal
from scoring.errors import IkmError
from scoring.office import Office

LISTED: Final = "dokumen.json"
DAY: Final = len("2026-10-25")


@dataclass(frozen=True)
class Replaced:
    """The edition in the place of an older one: number, day in words, why, address from public/; "" where not known."""

    nomor: int
    tanggal: str
    alasan: str
    href: str


@dataclass(frozen=True)
class Signature:
    """The verdict at publication: by which way, whether it held, whose, of which level, when, and why in sentences."""

    cara: str
    berlaku: bool
    jabatan: str
    tingkat: str
    waktu: str
    kalimat: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One published PDF. `edisi` and `tanda_tangan` are None where the publication did not record them."""

    sha256: str
    nama: str
    periode: str
    periode_nama: str
    edisi: int | None
    href: str
    diganti: Replaced | None
    tanda_tangan: Signature | None


def documents(office: Office, folder: Path, published: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Return every PDF of the `published` periode in the public `folder`, the newest periode and edition first."""
    return [item for public in reversed(published) for item in _of_periode(office, folder, public["periode"])]


def look_up(office: Office, folder: Path, name: str, content: bytes) -> tuple[bool, list[str]]:
    """Say whether a PDF of this content is published, newest and with a signature that holds; and say it in sentences.

    They are those of the page periksa/. Raises NOTHING_PUBLISHED.
    """
    published = read_published(folder)
    if not published:
        raise IkmError("NOTHING_PUBLISHED")
    texts = tomllib.loads((SITE_SOURCE / "locale" / "periksa.id.toml").read_text("utf-8"))
    words = texts["periksa"]["skrip"]
    mark = [texts["umum"]["uji_coba"]] if any(public["rehearsal"] for public in published) else []
    sha256 = hashlib.sha256(content).hexdigest()
    item = next((item for item in documents(office, folder, published) if item.sha256 == sha256), None)
    digest = f"{words['sidik']} {sha256}"
    if item is None:
        causes = [f"- {cause}" for cause in words["asing_sebab"]]
        return False, [*mark, words["asing_kalimat"].format(berkas=name), *causes, words["asing_saran"], digest]
    good = item.diganti is None and (item.tanda_tangan is None or item.tanda_tangan.berlaku)
    return good, [*mark, *_said(item, name, words), *_said_of_signature(item.tanda_tangan, words), digest]


def _said(item: Document, name: str, words: Mapping[str, Any]) -> list[str]:
    values = {"berkas": name, "nama": item.nama, "periode": item.periode_nama}
    if item.diganti:
        new = {"nomor": item.edisi, "baru": item.diganti.nomor, "tanggal": item.diganti.tanggal}
        why = [words["diganti_alasan"].format(alasan=item.diganti.alasan)] if item.diganti.alasan else []
        return [words["diganti_kalimat"].format(**values, **new), *why]
    edition = "" if item.edisi is None else words["edisi"].format(nomor=item.edisi)
    return [words["cocok_kalimat"].format(**values, edisi=edition)]


def _said_of_signature(found: Signature | None, words: Mapping[str, Any]) -> list[str]:
    if found is None:
        return [str(words["tanpa_catatan"])]
    facts = {
        **{"jabatan": found.jabatan, "cara": words["cara_nama"].get(found.cara, found.cara)},
        **{"tingkat": found.tingkat, "waktu": found.waktu},
    }
    return [
        f"{words['tanda_tangan']}: {words['berlaku' if found.berlaku else 'tidak_berlaku']}",
        *(f"- {words[name]}: {text}" for name, text in facts.items() if text),
        *(f"- {sentence}" for sentence in found.kalimat),
        *(() if found.berlaku else (words["tidak_sah_kalimat"],)),
    ]


def _of_periode(office: Office, folder: Path, periode_id: str) -> list[Document]:
    place = folder / "periode" / periode_id
    listed = place / LISTED
    if not listed.exists():
        return list(_published_files(place, periode_id))
    fields = json.loads(listed.read_text("utf-8"))
    editions = {entry["nomor"]: entry for entry in fields["edisi"]}
    newest = max((*editions, *(entry["edisi"] for entry in fields["dokumen"])), default=0)
    entries = sorted(fields["dokumen"], key=lambda entry: -entry["edisi"])
    return [
        Document(
            entry["sha256"].lower(),
            entry["nama"],
            periode_id,
            nama_periode(periode_id),
            entry["edisi"],
            _href(place, periode_id, entry["berkas"]) if entry["edisi"] == newest else "",
            _replaced(place, periode_id, entry, editions.get(newest, {})) if entry["edisi"] < newest else None,
            _signature(office, entry.get("tanda_tangan")),
        )
        for entry in entries
    ]


def _published_files(place: Path, periode_id: str) -> Iterator[Document]:
    """Yield the PDF that lie in the folder of a periode whose publication listed none."""
    for stem, nama in _names().items():
        file = place / f"{stem}.pdf"
        if file.exists():
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            href = _href(place, periode_id, file.name)
            yield Document(digest, nama, periode_id, nama_periode(periode_id), None, href, None, None)


@cache
def _names() -> dict[str, str]:
    """Return the printed names of the published documents, by the stem of their file."""
    words = tomllib.loads((SITE_SOURCE / "locale" / "transparansi.id.toml").read_text("utf-8"))
    return dict(words["dokumen"]["nama"])


def _href(place: Path, periode_id: str, name: str) -> str:
    """Return the address of a file from public/, "" where it is not there (or is not a name of a file)."""
    return f"periode/{periode_id}/{name}" if Path(name).name == name and (place / name).is_file() else ""


def _replaced(place: Path, periode_id: str, entry: Mapping[str, Any], newest: Mapping[str, Any]) -> Replaced:
    return Replaced(
        newest["nomor"],
        tanggal(newest["tanggal"]),
        newest.get("alasan") or "",
        _href(place, periode_id, entry["berkas"]),
    )


def _signature(office: Office, found: Mapping[str, Any] | None) -> Signature | None:
    if not found:
        return None
    return Signature(
        found["cara"],
        found["berlaku"],
        found.get("jabatan") or "",
        found.get("tingkat") or "",
        _moment(office, found.get("waktu") or ""),
        tuple(found.get("kalimat") or ()),
    )


def _moment(office: Office, text: str) -> str:
    """Return an ISO day or moment as printed in the office's zone: "25 Oktober 2026 14.03 WIB"; "" for none."""
    if len(text) <= DAY:
        return tanggal(text) if text else ""
    there = datetime.fromisoformat(text).astimezone(ZoneInfo(office.timezone))
    return f"{tanggal(there.date().isoformat())} {there:%H.%M %Z}"
