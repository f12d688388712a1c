"""tindak-lanjut.toml: what came of the follow-up plan of the periode before. It returns by itself, to be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from collector.workspace import Workspace
from publish import rtl
from publish.isian import plain_name
from scoring.periode import CUTS, Periode, before, containing
from scoring.toml_table import Table, parse_toml

FILE: Final = "tindak-lanjut.toml"
KEPT: Final = "sudah"
STATUS: Final = (KEPT, "belum")
HEAD: Final = """\
# Tindak lanjut atas rencana periode {periode}. status: sudah atau belum. uraian: apa yang dikerjakan, atau mengapa
# belum. foto (boleh kosong): berkas JPG atau PNG di dalam folder foto/. Berkas ini tidak pernah ditimpa.
"""
ENTRY: Final = """
# {nama}: {kegiatan}
[[tindak_lanjut]]
unsur = "{unsur}"
status = ""
uraian = ""
foto = ""
"""


@dataclass(frozen=True)
class TindakLanjut:
    """A promise of the periode before, and what came of it; "" where nobody has said so yet."""

    rencana: rtl.Rencana
    nama: str
    status: str
    uraian: str
    foto: str

    @property
    def complete(self) -> bool:
        """Say whether people have said what came of it."""
        return bool(self.status and self.uraian)


def promises(folder: Path, names: dict[str, str]) -> list[rtl.Rencana]:
    """Return what the periode in `folder` promised: as in its last frozen edition where that is there, else as written.

    `names` are the unsur of its instrument by id. A plan without an activity is no promise. Raises KEY_* errors.
    """
    editions = [file for file in folder.glob("edisi-*/rtl.toml") if file.parent.name.removeprefix("edisi-").isdigit()]
    frozen = max(editions, key=lambda file: int(file.parent.name.removeprefix("edisi-")), default=None)
    file = frozen or folder / "rtl.toml"
    if not file.exists():
        return []
    plans = rtl.parse(f"{folder.name}/{file.name}", file.read_text("utf-8-sig"), tuple(names))
    return [plan for plan in plans if plan.kegiatan]


def kept(workspace: Workspace, periode: Periode) -> set[str]:
    """Return the unsur whose promises of a periode the next one reported as kept. Raises KEY_* errors."""
    report_day = workspace.office.report_day
    after = [containing(periode.selesai + timedelta(days=1), cut, report_day) for cut in CUTS]
    following = next(item for item in after if before(item, report_day).id == periode.id)
    file = workspace.periode_folder(following.id) / FILE
    if not file.exists():
        return set()
    pack = workspace.office.survey_on(periode.selesai).instrument
    known = read(file.name, file.read_text("utf-8-sig"), tuple(unsur.id for unsur in pack.unsur))
    return {unsur for unsur, (status, _, _) in known.items() if status == KEPT}


def prepare(file: Path, periode: str, promised: Sequence[rtl.Rencana], names: dict[str, str]) -> list[TindakLanjut]:
    """Return what came of each promise, after adding an empty entry for each that the file lacks.

    Without promises no file is written. Raises KEY_* errors.
    """
    if not promised:
        return []
    text = file.read_text("utf-8-sig") if file.exists() else HEAD.format(periode=periode)
    known = read(file.name, text, tuple(plan.unsur for plan in promised))
    missing = [plan for plan in promised if plan.unsur not in known]
    if missing:
        added = [
            ENTRY.format(nama=names[plan.unsur], unsur=plan.unsur, kegiatan=_line(plan.kegiatan)) for plan in missing
        ]
        file.write_text(text.rstrip("\n") + "\n" + "".join(added), "utf-8")
    return [TindakLanjut(plan, names[plan.unsur], *known.get(plan.unsur, ("", "", ""))) for plan in promised]


def _line(text: str) -> str:
    """Return a text as one line, for a comment."""
    return " ".join(text.split())


def read(file: str, text: str, unsur: tuple[str, ...]) -> dict[str, tuple[str, str, str]]:
    """Return status, account and photo of each promise by unsur, as `text` has them. Raises KEY_* errors."""
    table = parse_toml(file, text)
    found = [_entry(entry, unsur) for entry in table.tables("tindak_lanjut", optional=True)]
    table.unique("tindak_lanjut", [name for name, _ in found])
    table.done()
    return dict(found)


def _entry(entry: Table, unsur: tuple[str, ...]) -> tuple[str, tuple[str, str, str]]:
    name = entry.choice("unsur", unsur)
    said = entry.choice("status", STATUS, ""), entry.text("uraian", ""), plain_name(entry, "foto", "")
    entry.done()
    return name, said
