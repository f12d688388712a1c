"""Freezes the questionnaire: one static page per layanan, the list of layanan, and the QR codes that lead there."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from collector import qr
from collector.pages import WORKER, Pages
from collector.workspace import SITE_SOURCE
from scoring.office import Layanan, Office


def address(office: Office, layanan: Layanan) -> str:
    """Return the address that the QR code of a layanan leads to."""
    return f"{office.public.survei}{layanan.id}/"


def freeze(office: Office, target: Path, today: date, *, rehearsal: bool) -> list[Path]:
    """Write the static site under `target`, in place of what stood there; return the files.

    The pages ask the instrument that is valid `today`; they are frozen anew when it changes.
    """
    pages, survey = Pages(office, rehearsal=rehearsal), office.survey_on(today)
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    files: dict[str, bytes] = {
        "index.html": pages.home().encode(),
        WORKER: (SITE_SOURCE / "assets" / WORKER).read_bytes(),
    }
    for layanan in office.layanan:
        files[f"{layanan.id}/index.html"] = pages.questionnaire(layanan, survey, {}, ()).encode()
        files[f"qr/{layanan.id}.svg"] = qr.svg(address(office, layanan), rehearsal=rehearsal)
        files[f"qr/{layanan.id}.png"] = qr.png(address(office, layanan), rehearsal=rehearsal)
    for name, content in files.items():
        file = fresh / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    return [target / name for name in files]
