"""An office with a published periode and a follow-up plan, for the tests of posters and of the thank-you page."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from published_office import ROOT, SEPTEMBER, fill, make_office, publish_periode, report

from collector.last_result import FILE
from collector.workspace import Workspace, load

PERIODE = "2026-09"
KEPT = TemporaryDirectory(prefix="ikm-last-result-")  # offices of this process, to be copied
GONE = re.compile(
    r'\[\[layanan]]\nid = "(?:pindah|usaha|lainnya)"\nnama = ".*"\n\n|^(?:pindah|usaha|lainnya) = \d+\n', re.MULTILINE
)
EXAMPLE = (ROOT / "office.example.toml").read_text("utf-8")
TWO_LAYANAN = {EXAMPLE: GONE.sub("", EXAMPLE)}  # what changes the example into an office with the first two alone
PLANS: tuple[dict[str, Any], ...] = (
    {
        "kegiatan": "Membuka loket kedua pada pukul 08.00–11.00",
        "waktu": ["TW IV"],
        "penanggung_jawab": "Kepala Seksi Pelayanan",
        "status": "selesai",
        "hasil": "Antrean pagi turun dari 40 menjadi 15 menit",
    },
    {"kegiatan": "Menambah kursi tunggu", "waktu": ["TW III", "TW IV"], "status": "berjalan"},
    {"kegiatan": "Memasang kotak pengaduan"},
)


def waiting_office(folder: Path, *, kind: str = "rehearsal", few: bool = False) -> Workspace:
    """Return an office whose September is closed and reported, but not published; `few`: with two layanan."""
    return copied(_waiting(kind, few), folder)


def copied(office: Path, folder: Path) -> Workspace:
    """Return a copy of an office in `folder`."""
    shutil.copytree(office, folder, dirs_exist_ok=True)
    return load(folder / "office.toml")


@cache
def _waiting(kind: str, few: bool) -> Path:
    folder = Path(mkdtemp(dir=KEPT.name))
    workspace = make_office(folder)
    if few:
        text = (folder / "office.toml").read_text("utf-8")
        (folder / "office.toml").write_text(GONE.sub("", text), "utf-8")
        workspace = load(folder / "office.toml")
    fill(workspace, PERIODE, {item.id: SEPTEMBER[item.id] for item in workspace.office.layanan}, kind=kind)
    report(workspace, PERIODE)
    return folder


@cache
def _promised(kind: str) -> Path:
    workspace = waiting_office(Path(mkdtemp(dir=KEPT.name)), kind=kind)
    plan(workspace)
    publish(workspace)
    return workspace.root


def plan(workspace: Workspace, plans: tuple[Mapping[str, Any], ...] = PLANS) -> None:
    """Write rtl.toml for the lowest unsur, as a clerk does."""
    folder = workspace.periode_folder(PERIODE)
    lowest = json.loads((folder / "result.json").read_text("utf-8"))["lowest"]["unsur"]
    entries = [{"unsur": unsur, **fields} for unsur, fields in zip(lowest, plans, strict=False)]
    lines = [
        "[[rtl]]\n" + "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in entry.items())
        for entry in entries
    ]
    (folder / "rtl.toml").write_text("\n".join(lines), "utf-8")


def publish(workspace: Workspace) -> None:
    """Publish September."""
    publish_periode(workspace, PERIODE)


def promised_office(folder: Path, *, kind: str = "rehearsal") -> Workspace:
    """Return an office whose September is published with three promises."""
    return copied(_promised(kind), folder)


def last(workspace: Workspace) -> dict[str, Any]:
    """Return what terakhir.json says."""
    fields: dict[str, Any] = json.loads((workspace.public / FILE).read_text("utf-8"))
    return fields


def hasil(workspace: Workspace, periode_id: str = PERIODE) -> dict[str, Any]:
    """Return the published hasil.json of a periode."""
    fields: dict[str, Any] = json.loads((workspace.public / "periode" / periode_id / "hasil.json").read_text("utf-8"))
    return fields
