"""Where one office keeps its things: everything is found from the place of its office.toml."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from collector.storing import Place, Server
from scoring.errors import IkmError
from scoring.office import Office, parse_office

SITE_SOURCE: Final = Path(__file__).parent.parent / "site"
REHEARSAL_FOLDER: Final = "gladi"  # in the data of the office that practises
REHEARSAL_HOUR: Final = time(10)
# What the environment may say: the office.toml, where the answers are, and the day of a rehearsal store.
OFFICE_VARIABLE: Final = "IKM_OFFICE"
STORE_VARIABLE: Final = "IKM_STORE"
DAY_VARIABLE: Final = "IKM_REHEARSAL_DAY"
OWN_VARIABLE: Final = "IKM_OWN_ADDRESSES"  # set by `serve`: where its own pages are opened on this computer

Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Workspace:
    """An office and its folders; `root` is the folder of office.toml, `data` lies in it."""

    office: Office
    root: Path

    @property
    def data(self) -> Path:
        """Return the folder of everything this office's work makes."""
        return self.root / self.office.data

    @property
    def store(self) -> Place:
        """Return where the answers are: a file, or the database that IKM_STORE or else office.toml names.

        A rehearsal keeps to its own office.toml, so that no variable leads practice into the real store.
        """
        practice = self.root.resolve().name == REHEARSAL_FOLDER
        address = (not practice and os.environ.get(STORE_VARIABLE)) or self.office.store
        return Server(address) if address else self.data / "responses.db"

    @property
    def site(self) -> Path:
        """Return the folder of the frozen questionnaire."""
        return self.data / "site"

    def periode_folder(self, periode_id: str) -> Path:
        """Return the folder of one periode's documents."""
        return self.data / "periode" / periode_id

    @property
    def public(self) -> Path:
        """Return the folder of the transparency page and the open data."""
        return self.data / "public"


def load(office_file: Path) -> Workspace:
    """Return the workspace of `office_file`. Raises FILE_MISSING, FILE_UNREADABLE and the KEY_* errors."""
    try:
        text = office_file.read_text("utf-8-sig")
    except FileNotFoundError:
        advice = "Salin office.example.toml menjadi office.toml, lalu isi."
        raise IkmError("FILE_MISSING", file=office_file, advice=advice) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IkmError("FILE_UNREADABLE", file=office_file, reason=error) from None
    return Workspace(parse_office(office_file.name, text), office_file.parent)


def office_clock(office: Office) -> Clock:
    """Return the clock of the office's zone; it alone decides the day of an answer."""
    zone = ZoneInfo(office.timezone)
    return lambda: datetime.now(zone)


def fixed_clock(office: Office, day: date) -> Clock:
    """Return a clock that stands at ten o'clock on `day`: for rehearsal stores only."""
    moment = datetime.combine(day, REHEARSAL_HOUR, ZoneInfo(office.timezone))
    return lambda: moment


def clock_of(workspace: Workspace, kind: str, rehearsal_day: date | None) -> Clock:
    """Return the office's clock, or one that stands on `rehearsal_day`. Raises STORE_KIND on a real store."""
    if rehearsal_day is None:
        return office_clock(workspace.office)
    if kind != "rehearsal":
        raise IkmError("STORE_KIND", file=workspace.store)
    return fixed_clock(workspace.office, rehearsal_day)
