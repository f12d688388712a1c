"""An office with a published periode and a follow-up plan, for the tests of posters and of the thank-you page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from published_office import SEPTEMBER, fill, make_office, publish_periode, report

from collector.last_result import FILE
from collector.workspace import Workspace

PERIODE = "2026-09"
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


def waiting_office(folder: Path, *, kind: str = "rehearsal") -> Workspace:
    """Return an office whose September is closed and reported, but not published."""
    workspace = make_office(folder)
    fill(workspace, PERIODE, SEPTEMBER, kind=kind)
    report(workspace, PERIODE)
    return workspace


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
    workspace = waiting_office(folder, kind=kind)
    plan(workspace)
    publish(workspace)
    return workspace


def last(workspace: Workspace) -> dict[str, Any]:
    """Return what terakhir.json says."""
    fields: dict[str, Any] = json.loads((workspace.public / FILE).read_text("utf-8"))
    return fields


def hasil(workspace: Workspace, periode_id: str = PERIODE) -> dict[str, Any]:
    """Return the published hasil.json of a periode."""
    fields: dict[str, Any] = json.loads((workspace.public / "periode" / periode_id / "hasil.json").read_text("utf-8"))
    return fields
