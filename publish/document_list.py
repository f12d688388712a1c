"""Which PDF are published, by their SHA-256: edition, what replaced it, and what was found of its signature."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from collector.workspace import SITE_SOURCE
from publish.dokumen import FILE
from publish.opendata import read_published
from publish.words import nama_periode, tanggal
from scoring.errors import IkmError
from scoring.office import Office

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
    """What was found at publication: by which way, whose, of which level, when, and in sentences.

    Only what held is published; a document without a signature of its own has the sentences alone.
    """

    cara: str
    berlaku: bool
    jabatan: str
    tingkat: str
    waktu: str
    kalimat: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One published PDF, its address from public/, and what replaced it."""

    sha256: str
    nama: str
    periode: str
    periode_nama: str
    edisi: int
    href: str
    diganti: Replaced | None
    tanda_tangan: Signature


def documents(office: Office, folder: Path, published: Sequence[Mapping[str, Any]]) -> list[Document]:
    """Return every PDF of the `published` periode in the public `folder`, the newest periode and edition first."""
    return [item for public in reversed(published) for item in _of_periode(office, folder, public["periode"])]


def look_up(office: Office, folder: Path, name: str, content: bytes) -> tuple[bool, list[str]]:
    """Say whether a PDF of this content is published and the newest; and say it in sentences.

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
    return item.diganti is None, [
        *mark,
        *_said(item, name, words),
        *_said_of_signature(item.tanda_tangan, words),
        digest,
    ]


def _said(item: Document, name: str, words: Mapping[str, Any]) -> list[str]:
    values = {"berkas": name, "nama": item.nama, "periode": item.periode_nama}
    if item.diganti:
        new = {"nomor": item.edisi, "baru": item.diganti.nomor, "tanggal": item.diganti.tanggal}
        why = [words["diganti_alasan"].format(alasan=item.diganti.alasan)] if item.diganti.alasan else []
        return [words["diganti_kalimat"].format(**values, **new), *why]
    return [words["cocok_kalimat"].format(**values, nomor=item.edisi)]


def _said_of_signature(found: Signature, words: Mapping[str, Any]) -> list[str]:
    facts = {
        **{"jabatan": found.jabatan, "cara": words["cara_nama"].get(found.cara, "")},
        **{"tingkat": found.tingkat, "waktu": found.waktu},
    }
    return [
        f"{words['tanda_tangan']}: {words['berlaku' if found.berlaku else 'tanpa']}",
        *(f"- {words[name]}: {text}" for name, text in facts.items() if text),
        *(f"- {sentence}" for sentence in found.kalimat),
    ]


def _of_periode(office: Office, folder: Path, periode_id: str) -> list[Document]:
    """Return the PDF of one periode; the files of an edition that was replaced lie beside those in its place."""
    fields = json.loads((folder / "periode" / periode_id / FILE).read_text("utf-8"))
    latest = fields["edisi"][-1]
    newest = {entry["nama"]: _href(periode_id, entry) for entry in fields["dokumen"] if _current(entry, latest)}
    return [
        Document(
            entry["sha256"],
            entry["nama"],
            periode_id,
            nama_periode(periode_id),
            entry["edisi"],
            _href(periode_id, entry),
            None if _current(entry, latest) else _replaced(latest, newest.get(entry["nama"], "")),
            _signature(office, entry["tanda_tangan"]),
        )
        for entry in sorted(fields["dokumen"], key=lambda entry: -entry["edisi"])
    ]


def _current(entry: Mapping[str, Any], latest: Mapping[str, Any]) -> bool:
    return bool(entry["edisi"] == latest["nomor"])


def _href(periode_id: str, entry: Mapping[str, Any]) -> str:
    return f"periode/{periode_id}/{entry['berkas']}"


def _replaced(latest: Mapping[str, Any], href: str) -> Replaced:
    return Replaced(latest["nomor"], tanggal(latest["tanggal"]), latest["alasan"], href)


def _signature(office: Office, found: Mapping[str, Any]) -> Signature:
    return Signature(
        found["cara"],
        found["berlaku"] is True,
        found["jabatan"],
        found["tingkat"],
        _moment(office, found["waktu"] or ""),
        tuple(found["kalimat"]),
    )


def _moment(office: Office, text: str) -> str:
    """Return an ISO day or moment as printed in the office's zone: "25 Oktober 2026 14.03 WIB"; "" for none."""
    if len(text) <= DAY:
        return tanggal(text) if text else ""
    there = datetime.fromisoformat(text).astimezone(ZoneInfo(office.timezone))
    return f"{tanggal(there.date().isoformat())} {there:%H.%M %Z}"
