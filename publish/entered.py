"""What people entered for the documents of a periode, read together from the files of its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from collector.store import reading
from collector.workspace import Workspace
from publish import complaints, followup, isian, rtl, surat
from publish.analysis import unsur_names
from scoring.periode import Periode, before

# Comments are apart from the rows; those of answers left out of the count are read like the others.
COMMENTS: Final = (
    "SELECT count(*) FROM saran WHERE response IN (SELECT id FROM response WHERE office = ? AND day >= ? AND day <= ?)"
)


@dataclass(frozen=True)
class Entered:
    """Everything that people entered; `before` is what came of the promises of `earlier`, the periode before."""

    surat: surat.SuratIsi
    rencana: list[rtl.Rencana]
    isian: isian.Isian
    saran: complaints.Saran
    register: complaints.Register
    earlier: Periode
    before: list[followup.TindakLanjut]


def read_entered(workspace: Workspace, result: Mapping[str, Any], today: date) -> Entered:
    """Return what people entered for the periode of `result`; a file that is not there is written with its keys empty.

    Raises KEY_*, TOML_SYNTAX, LETTER_USED.
    """
    office, periode = workspace.office, workspace.office.periode(result["periode"])
    folder, earlier = workspace.periode_folder(periode.id), before(periode, workspace.office.report_day)
    names = unsur_names(result)
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    promised = followup.promises(workspace.periode_folder(earlier.id), _known_names(workspace, earlier))
    return Entered(
        surat=surat.prepare(folder / surat.FILE, today, office.surat.pola_nomor),
        rencana=rtl.prepare(folder / "rtl.toml", result["lowest"]["unsur"], names, nrr),
        isian=isian.prepare(folder / isian.FILE, result["mulai"], tuple(names)),
        saran=complaints.prepare_saran(folder / complaints.SARAN, count_comments(workspace, periode)),
        register=complaints.prepare_register(folder / complaints.ADUAN, periode),
        earlier=earlier,
        before=followup.prepare(folder / followup.FILE, earlier.nama, promised, _known_names(workspace, earlier)),
    )


def _known_names(workspace: Workspace, periode: Periode) -> dict[str, str]:
    """Return the unsur of a periode by id: of its result where there is one, else of what was asked on its last day."""
    file = workspace.periode_folder(periode.id) / "result.json"
    if file.exists():
        return unsur_names(json.loads(file.read_text("utf-8")))
    pack = workspace.office.survey_on(periode.selesai).instrument
    return {unsur.id: unsur.nama for unsur in pack.unsur}


def count_comments(workspace: Workspace, periode: Periode) -> int:
    """Return how many comments of the periode the store holds; none any more once they were destroyed."""
    span = (workspace.office.id, periode.mulai.isoformat(), periode.selesai.isoformat())
    with reading(workspace.store) as connection:
        return int(connection.execute(COMMENTS, span).fetchone()[0])
