"""What the posters say of the office: kept beside them when they are made, so that a later office.toml can be compared.

Only what makes a poster wrong counts: a changed name or address, not every change of office.toml.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from collector.freeze import address
from scoring.office import Office

FOLDER: Final = "poster"  # in the data of the office
FILE: Final = "poster.json"
ALL: Final = "semua_layanan"  # no layanan has such an id: they have no low line


def said(office: Office) -> dict[str, list[str]]:
    """Return what each poster says by the name of its file: office, then layanan, then where its code leads."""
    head = [office.instansi, office.nama]
    each = {item.id: [*head, item.nama, address(office, item)] for item in office.layanan}
    return {**each, ALL: [*head, *(item.nama for item in office.layanan), office.public.survei]}


def keep(folder: Path, office: Office) -> None:
    """Write beside the posters in `folder` what they say."""
    (folder / FILE).write_text(json.dumps(said(office), ensure_ascii=False, indent=1) + "\n", "utf-8")


def kept(folder: Path) -> dict[str, list[str]] | None:
    """Return what the posters in `folder` say, None where no posters were made or nobody can read it any more."""
    try:
        found = json.loads((folder / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
