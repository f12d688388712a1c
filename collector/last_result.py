"""The last published result, as the thank-you page and the posters show it: read from the public folder.

`publish` writes the file and decides what may stand in it; here it is only read. It is an extra: without it, or with a
broken one, answers are taken in all the same, and `doctor` says what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.workspace import Workspace
from scoring import strict_json
from scoring.errors import IkmError

FILE: Final = "terakhir.json"
FORMAT: Final = "terakhir/1"
NESTING: Final = 4
DONE: Final = "selesai"

Signature = tuple[int, int, int]


@dataclass(frozen=True)
class Promise:
    """What the office promised for one unsur; `status` and `hasil` are "" until people have written them."""

    unsur: str
    kegiatan: str
    waktu: tuple[str, ...]
    penanggung_jawab: str
    status: str
    hasil: str

    @property
    def improved(self) -> str:
        """Return what was improved, in the office's own words; "" while nothing was."""
        return self.hasil or (self.kegiatan if self.status == DONE else "")


@dataclass(frozen=True)
class LastResult:
    """The published figures as texts with a decimal point, the days in words, and the promises of that periode."""

    periode: str
    nama: str
    rentang: str
    ikm: str
    mutu: str
    kinerja: str
    n_responden: int
    margin: str
    promises: tuple[Promise, ...]


def read(file: Path, office: str, *, rehearsal: bool) -> LastResult | None:
    """Return the last published result of `office`, None where there is none. Raises LAST_BROKEN."""
    try:
        fields = strict_json.read(file.read_text("utf-8"), NESTING)
        return _result(fields, office, rehearsal=rehearsal)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, not JSON, or not what the format says
        raise IkmError("LAST_BROKEN", file=file, reason=error) from None


class Watched:
    """Gives the last published result, read again when the file has changed."""

    def __init__(self, workspace: Workspace, *, rehearsal: bool) -> None:
        self.file = workspace.public / FILE
        self.office = workspace.office.id
        self.rehearsal = rehearsal
        self._seen: tuple[Signature | None, LastResult | None] = (None, None)

    def __call__(self) -> LastResult | None:
        """Return what is published now, None where nothing is or it cannot be read."""
        signature = self._signature()
        if signature != self._seen[0]:
            self._seen = (signature, self._read())  # both at once: other threads look here too
        return self._seen[1]

    def _signature(self) -> Signature | None:
        try:
            found = self.file.stat()
        except OSError:  # not there yet, or just then being replaced
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self) -> LastResult | None:
        try:
            return read(self.file, self.office, rehearsal=self.rehearsal)
        except IkmError:  # a citizen is thanked without it; doctor tells the office
            return None


def _result(fields: Any, office: str, *, rehearsal: bool) -> LastResult:
    if not isinstance(fields, dict) or fields.get("format") != FORMAT:
        raise ValueError(f"bukan {FORMAT}")
    if fields.get("office") != office:
        raise ValueError("milik kantor lain")
    if fields.get("rehearsal") is not rehearsal:
        raise ValueError("hasil uji coba" if fields.get("rehearsal") else "hasil sebenarnya pada basis data uji coba")
    n = fields.get("n_responden")
    if not isinstance(n, int) or isinstance(n, bool):
        raise ValueError("n_responden bukan bilangan bulat")
    names = ("periode", "nama", "rentang", "ikm", "mutu", "kinerja")
    texts = {name: _text(fields, name) for name in names}
    promises = tuple(_promise(entry) for entry in _list(fields, "rtl"))
    return LastResult(**texts, n_responden=n, margin=_text(fields, "margin"), promises=promises)


def _promise(entry: Any) -> Promise:
    if not isinstance(entry, dict):
        raise ValueError("isi rtl bukan objek")
    waktu = _list(entry, "waktu")
    if not all(isinstance(quarter, str) for quarter in waktu):
        raise ValueError("isi waktu bukan teks")
    names = ("unsur", "kegiatan", "penanggung_jawab", "status", "hasil")
    return Promise(waktu=tuple(waktu), **{name: _text(entry, name) for name in names})


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name} bukan teks")
    return value


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    value = fields.get(name)
    if not isinstance(value, list):
        raise ValueError(f"{name} bukan daftar")
    return value
