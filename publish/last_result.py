"""terakhir.json: the last published result in a few lines, for the thank-you page and the posters.

It is made of hasil.json and rtl.json alone, so that it can say nothing that is not published already. What a periode
promised and what it says of the promises before it lie beside its hasil.json: rtl.json and tindak-lanjut.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from collector.last_result import FILE, FORMAT
from publish import certainty, followup
from publish.rtl import QUARTERS, Rencana, promised
from publish.words import nama_periode, rentang
from scoring.instrument import built_in
from scoring.office import Office
from scoring.periode import before

PROMISES: Final = "rtl.json"
PROMISES_FORMAT: Final = "rtl/1"
ANSWERS: Final = "tindak-lanjut.json"
ANSWERS_FORMAT: Final = "tindak-lanjut/1"
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
        entries = [_promise(office, names[entry.unsur], entry, public["selesai"]) for entry in plans]
        fields = {"format": PROMISES_FORMAT, "periode": public["periode"], "rtl": entries}
        (folder / PROMISES).write_text(_dump(fields), "utf-8")


def keep_answers(office: Office, public: Mapping[str, Any], present: Path, folder: Path) -> None:
    """Write what tindak-lanjut.toml says of the promises of the periode before into the published `folder`.

    Nothing where that periode promised nothing in public. `present` is the periode's folder. Raises KEY_* errors.
    """
    earlier = before(office.periode(public["periode"]), office.report_day).id
    file, promises = present / followup.FILE, folder.parent / earlier / PROMISES
    if not (file.exists() and promises.exists()):
        return
    pack = json.loads((folder.parent / earlier / "hasil.json").read_text("utf-8"))["instrument"]
    unsur = tuple(item.id for item in built_in(pack).unsur)
    said = followup.read(file.name, file.read_text("utf-8-sig"), unsur)
    entries = [
        {"id": name, "status": status, "uraian": without_names(office, uraian)}
        for name, (status, uraian, _) in said.items()
        if status
    ]
    fields = {"format": ANSWERS_FORMAT, "periode": public["periode"], "atas": earlier, "tindak_lanjut": entries}
    (folder / ANSWERS).write_text(_dump(fields), "utf-8")


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


def _promise(office: Office, nama: str, plan: Rencana, selesai: str) -> dict[str, Any]:
    due = due_day(plan.waktu, date.fromisoformat(selesai))
    return {
        "id": plan.unsur,
        "unsur": nama,
        "kegiatan": plan.kegiatan,
        "waktu": list(plan.waktu),
        "jatuh_tempo": due.isoformat() if due else None,
        "penanggung_jawab": jabatan(office, plan.penanggung_jawab),
        "indikator": without_names(office, plan.indikator),
        "bukti": without_names(office, plan.bukti),
        "status": plan.status,
        "hasil": plan.hasil,
    }


def due_day(waktu: Sequence[str], selesai: date) -> date | None:
    """Return the last day of the latest quarter promised, None without any.

    A quarter is the first of its name that ends after `selesai`, the last day of the periode that promised.
    """
    ends = []
    for quarter in waktu:
        month = 3 * (QUARTERS.index(quarter) + 1)
        years = (selesai.year, selesai.year + 1)
        days = [date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1) for year in years]
        ends.append(next(day for day in days if day > selesai))
    return max(ends, default=None)


def jabatan(office: Office, text: str) -> str:
    """Return who is responsible as an office, never as a person.

    The name of an official of office.toml becomes what he holds; a text that still names a person is left out.
    """
    for person in office.pejabat:
        for name in (person.nama, person.nama.partition(",")[0]):
            if name in text:
                return person.jabatan
    return "" if PERSON.search(text) else text


def without_names(office: Office, text: str) -> str:
    """Return a text of the office with its officials' names replaced by what they hold; "" when it names others."""
    for person in office.pejabat:
        for name in (person.nama, person.nama.partition(",")[0]):
            text = text.replace(name, person.jabatan)
    return "" if PERSON.search(text) else text


def _dump(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, indent=1) + "\n"
