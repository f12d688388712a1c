"""gangguan.json: for how many minutes of a published periode the questionnaire could not be reached."""

from __future__ import annotations

import json
from datetime import datetime, time
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from collector.outage import DIARIES, Outages, outages
from collector.workspace import Workspace
from publish import rebuild
from publish.draft import HISTORY, digest
from publish.freezing import EDITION
from scoring.errors import IkmError
from scoring.periode import Periode

FILE: Final = "gangguan.json"
FORMAT: Final = "gangguan/1"


def keep(workspace: Workspace, periode: Periode, edition: Path, folder: Path) -> None:
    """Write what the server's diaries tell of a closed periode into its published `folder`.

    They are read as they were when the `edition` was frozen, so that the page says what the signed laporan says; the
    server writes on in its own. Raises FROZEN_CHANGED for a copy that is lost or changed.
    """
    end = datetime.combine(periode.selesai, time.max, ZoneInfo(workspace.office.timezone))
    diary = outages(workspace, periode, end, _frozen_diaries(edition))
    said = {"menit": diary.minutes, "sejak": diary.since.isoformat()} if diary else {"menit": None, "sejak": None}
    text = json.dumps({"format": FORMAT, "periode": periode.id, **said}, indent=1) + "\n"
    (folder / FILE).write_text(text, "utf-8")


def _frozen_diaries(edition: Path) -> list[Path] | None:
    """Return the kept copies of the outage diaries of which the frozen `edition` was made.

    None where it does not say what it was made of. Raises FROZEN_CHANGED for a copy that is lost or changed.
    """
    file = edition / EDITION
    made_of = json.loads(file.read_text("utf-8")).get(rebuild.MADE_OF) if file.exists() else None
    if made_of is None:
        return None
    history = edition.parent / HISTORY
    wanted = {name: sha256 for name, sha256 in sorted(made_of.items()) if fnmatch(name, f"{rebuild.DATA}/{DIARIES}")}
    for sha256 in wanted.values():
        if not (history / sha256).is_file() or digest(history / sha256) != sha256:
            raise IkmError("FROZEN_CHANGED", file=history / sha256)
    return [history / sha256 for sha256 in wanted.values()]


def read(folder: Path, periode_id: str) -> Outages | None:
    """Return what was kept of a published periode, None where nothing was noted of it."""
    file = folder / "periode" / periode_id / FILE
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {"menit": None}
    return None if found["menit"] is None else Outages(found["menit"], datetime.fromisoformat(found["sejak"]), ())
