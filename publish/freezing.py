"""Frozen editions of a periode: the bytes that are initialled, signed, sent and published. They never change.

`edisi-1/` holds the PDF files, result and tally, and `edisi.json` with the SHA-256 of each. What comes to it later lies
in folders of its own: `ditandatangani/` (signed PDF files), `pindaian/` (scans of signatures in ink, by their SHA-256).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from PIL import Image

from collector.workspace import Workspace
from publish.draft import content, digest
from publish.journal import Entry, to_disk
from scoring.errors import IkmError

EDITION: Final = "edisi.json"
DIFFERENCE: Final = "perbedaan.txt"
SIGNED: Final = "ditandatangani"
SCANS: Final = "pindaian"
READ_ONLY: Final = 0o444
MAGIC: Final = {b"%PDF-": ".pdf", b"\x89PNG": ".png", b"\xff\xd8\xff": ".jpg"}  # kinds of scans


def edition_folder(workspace: Workspace, periode_id: str, edition: int) -> Path:
    """Return the folder of an edition, from 1 on."""
    return workspace.periode_folder(periode_id) / f"edisi-{edition}"


def freeze(
    workspace: Workspace, periode_id: str, edition: int, today: date, said: Mapping[str, Any], difference: str
) -> dict[str, str]:
    """Write an edition and return the SHA-256 of its files, by their names in the periode's folder.

    `said` (reason, last SHA-256 of the journal) goes into edisi.json, `difference` to the edition before beside it.
    Raises what write_documents does, and CONTENT_CHANGED when the store gives another result than was checked.
    """
    from publish import rebuild  # what draws is loaded only to draw: status and steps do without
    from publish.documents import write_documents

    source, target = workspace.periode_folder(periode_id), edition_folder(workspace, periode_id, edition)
    before, made_of = content(source), rebuild.keep(workspace, periode_id)
    fresh = target.with_name(f"{target.name}.baru")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    for _ in write_documents(workspace, periode_id, today, edition=edition, into=fresh):
        pass
    if wrong := sorted(name for name, sha256 in content(source).items() if before.get(name) != sha256):
        raise IkmError("CONTENT_CHANGED", files=", ".join(wrong), last="pemeriksaan", step="bekukan", id=periode_id)
    if difference:
        (fresh / DIFFERENCE).write_text(difference, "utf-8")
    files = {file.name: digest(file) for file in sorted(fresh.glob("*"))}
    identity = {"kantor": workspace.office.id, "periode": periode_id, "edisi": edition, "tanggal": today.isoformat()}
    whole = {**identity, **said, "berkas": files, rebuild.MADE_OF: made_of, rebuild.MADE_BY: rebuild.program()}
    (fresh / EDITION).write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")
    for file in fresh.glob("*"):
        file.chmod(READ_ONLY)
        to_disk(file)
    to_disk(fresh)
    shutil.rmtree(target, ignore_errors=True)  # one that no entry of the journal names: cut off before it counted
    fresh.rename(target)
    to_disk(target.parent)
    return {f"{target.name}/{file.name}": digest(file) for file in sorted(target.glob("*")) if file.is_file()}


def verify(folder: Path, *entries: Entry | None) -> None:
    """See that every file of these entries (frozen, signed) has still its SHA-256. Raises FROZEN_CHANGED."""
    for entry in entries:
        for name, sha256 in entry.files.items() if entry else ():
            if not (folder / name).is_file() or digest(folder / name) != sha256:
                raise IkmError("FROZEN_CHANGED", file=folder / name)


def file_scan(edition: Path, document: str, scan: Path) -> Path:
    """File the scan of a document signed in ink under its SHA-256; return its place.

    Raises FILE_MISSING, SCAN_INVALID, and SCAN_PAGES when it has fewer pages than the document.
    """
    if not scan.is_file():
        raise IkmError(
            "FILE_MISSING", file=scan, advice="Pindai dokumen yang sudah ditandatangani, lalu sebut berkasnya."
        )
    head = scan.read_bytes()[:8]
    kind = next((end for start, end in MAGIC.items() if head.startswith(start)), None)
    if kind is None:
        raise IkmError("SCAN_INVALID", file=scan)
    found, pages = _pages(scan), _pages(edition / f"{document}.pdf")
    if found < pages:
        raise IkmError("SCAN_PAGES", file=scan, found=found, document=document, pages=pages)
    target = edition / SCANS / f"{digest(scan)}{kind}"
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        fresh = target.with_suffix(".baru")
        shutil.copyfile(scan, fresh)
        fresh.chmod(READ_ONLY)
        to_disk(fresh)
        fresh.rename(target)
        to_disk(target.parent)
    return target


def _pages(file: Path) -> int:
    """Return the number of pages of a PDF or an image; 0 when it cannot be read."""
    content = file.read_bytes()
    if content.startswith(b"%PDF-"):
        from publish.pdf_fields import page_count  # what draws is loaded only to draw

        return page_count(content)
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            image.verify()
    except (Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        return 0
    return 1
