"""Public folders made straight from tallies, without a store: what `publish_edition` writes, less the PDF."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from publish_samples import ROOT

from publish import catalogue, datasettes, dokumen, feed, opendata, public
from publish.withheld import public_part
from publish.workbook import REKAP, public_workbook
from scoring import result
from scoring.office import Office
from scoring.tally import Tally

TODAY = date(2026, 10, 25)
RECOUNT = ROOT / "docs" / "hitung_ulang.py"


def add_periode(folder: Path, counts: Tally, today: date = TODAY) -> dict[str, Any]:
    """Publish a tally beside what lies in `folder`; return its public part."""
    place = folder / "periode" / counts.periode
    others = [other for other in opendata.read_published(folder) if other["periode"] != counts.periode]
    shown = public_part(result.score(counts), counts, others, today)
    place.mkdir(parents=True, exist_ok=True)
    (place / opendata.HASIL).write_text(opendata.hasil_json(shown), "utf-8")
    (place / opendata.HITUNG).write_text(opendata.hitung_csv(opendata.hitung_rows(shown, counts)), "utf-8")
    (place / opendata.SILANG).write_text(opendata.silang_csv(opendata.silang_rows(shown, counts)), "utf-8")
    edition = {"nomor": 1, "tanggal": today.isoformat(), "alasan": "", "perbedaan": ""}
    record = {"format": dokumen.FORMAT, "periode": counts.periode, "dokumen": [], "edisi": [edition]}
    (place / dokumen.FILE).write_text(json.dumps(record), "utf-8")
    if not shown["withheld"]:
        (place / REKAP).write_bytes(public_workbook(shown, counts))
    return shown


def build(folder: Path, office: Office, *, pages: bool = True) -> Path:
    """Write everything that follows from the periode in `folder`; return it."""
    published = opendata.read_published(folder)
    datasettes.write_public_metadata(office, folder, rehearsal=False)
    if pages:
        public.build_static(office, folder, published)
    else:
        opendata.build(folder, published)
        feed.build(office, folder, published)
        catalogue.build(office, folder, published)
    return folder


def open_data(folder: Path, tallies: Iterable[Tally]) -> Path:
    """Return a folder with the tables of these tallies, published one after the other."""
    for counts in tallies:
        add_periode(folder, counts)
    opendata.build(folder, opendata.read_published(folder))
    return folder


def recount(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run docs/hitung_ulang.py as a stranger would: alone, seeing none of our folders."""
    command = [sys.executable, "-I", str(RECOUNT), str(folder)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
