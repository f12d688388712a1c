"""terakhir.json: the last published result in a few lines, for the thank-you page and the posters.

It is made of hasil.json and rtl.json alone, so that it can say nothing that is not published already.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from collector.last_result import FILE, FORMAT
from publish import certainty
from publish.rtl import Rencana, promised
from publish.words import nama_periode, rentang
from scoring.office import Office

PROMISES: Final = "rtl.json"
PROMISES_FORMAT: Final = "rtl/1"
FIGURES: Final = ("office", "periode", "mulai", "selesai", "rehearsal", "ikm", "mutu", "kinerja", "n_responden")
# A degree, a form of address or a staff number: the text names a person, not an office.
PERSON: Final = re.compile(r"\b[SMA]\.\s?[A-Z]|\b(?:Drs?|Dra|Ir|Sdri?|NIP)\b|\b(?:Bapak|Ibu|Pak|Bu) [A-Z]|\d{8}")


def keep_promises(office: Office, public: Mapping[str, Any], source: Path, present: Path, folder: Path) -> None:
    """Write what rtl.toml promises for the lowest unsur into the published `folder`; nothing without any.

    The promise itself is that of `source`, the signed edition; what has come of it since then is in `present`, the
    periode's folder. Raises KEY_* errors that name the file and the key.
    """
    names = {entry["id"]: entry["nama"] for entry in public["unsur"]}
    lowest = public["lowest"]["unsur"]
    plans, now = (promised(at / "rtl.toml", lowest, tuple(names)) if names else [] for at in (source, present))
    done = {plan.unsur: plan for plan in now}
    plans = [
        replace(plan, status=done[plan.unsur].status, hasil=done[plan.unsur].hasil) if plan.unsur in done else plan
        for plan in plans
    ]
    if plans:
        entries = [_promise(office, names[entry.unsur], entry) for entry in plans]
        fields = {"format": PROMISES_FORMAT, "periode": public["periode"], "rtl": entries}
        (folder / PROMISES).write_text(_dump(fields), "utf-8")


def build(folder: Path, published: Sequence[Mapping[str, Any]]) -> None:
    """Write terakhir.json of the last periode of `published`, oldest first, that has an index; none, no file."""
    scored = [public for public in published if public["withheld"] is None and public["ikm"] is not None]
    if not scored:
        (folder / FILE).unlink(missing_ok=True)
        return
    last = scored[-1]
    promises = folder / "periode" / last["periode"] / PROMISES
    fields = {
        **{name: last[name] for name in FIGURES},
        "format": FORMAT,
        "nama": nama_periode(last["periode"]),
        "rentang": rentang(last["mulai"], last["selesai"]),
        "margin": certainty.margin(last),
        "rtl": json.loads(promises.read_text("utf-8"))["rtl"] if promises.exists() else [],
    }
    (folder / FILE).write_text(_dump(fields), "utf-8")


def _promise(office: Office, nama: str, plan: Rencana) -> dict[str, Any]:
    return {
        "id": plan.unsur,
        "unsur": nama,
        "kegiatan": plan.kegiatan,
        "waktu": list(plan.waktu),
        "penanggung_jawab": jabatan(office, plan.penanggung_jawab),
        "status": plan.status,
        "hasil": plan.hasil,
    }


def jabatan(office: Office, text: str) -> str:
    """Return who is responsible as an office, never as a person.

    The name of an official of office.toml becomes what he holds; a text that still names a person is left out.
    """
    for person in office.pejabat:
        for name in (person.nama, person.nama.partition(",")[0]):
            if name in text:
                return person.jabatan
    return "" if PERSON.search(text) else text


def _dump(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
