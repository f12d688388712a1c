"""Whether what is published follows from the signed edition: the periode is published once more, aside."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, Final

from publish import journal, opendata, public
from publish.freezing import SIGNED
from publish.rebuild import DATA, Copy
from publish.verify_case import FAILS, HOLDS, NOTE, Case, Line, few
from publish.withheld import public_part
from scoring import result as scoring_result
from scoring import tally_json
from scoring.disclosure import span
from scoring.errors import IkmError

PART = "Terbitan"
MOST_NEAR: Final = 8  # published periode of the same days; of more only all together are tried
AGAIN: Final = (
    "Sebabnya dapat pelaksanaan rencana yang dicatat atau program yang diperbarui sesudah terbit, dapat juga berkas "
    "yang diubah. Ketik: make publish PERIOD={}"
)


def published(case: Case) -> Iterator[Line]:
    """Yield whether the public folder is what publishing the edition gives."""
    live = case.workspace.public
    there = live / "periode" / case.periode
    if not there.exists():
        yield Line(PART, NOTE, f"Periode {case.periode} belum diterbitkan.")
        return
    yield from _documents(case, there)
    try:
        day = date.fromisoformat(json.loads((there / opendata.HASIL).read_text("utf-8"))["published"])
        aside = _published_again(case, day)
    except IkmError as error:
        yield Line(PART, FAILS, f"Terbitan tidak dapat disusun ulang, sehingga datanya belum dicocokkan: {error}")
        return
    except (OSError, ValueError, KeyError):
        advice = f"Ketik: make publish PERIOD={case.periode}"
        yield Line(PART, FAILS, f"{opendata.HASIL} yang terbit hilang atau tidak terbaca. {advice}")
        return
    names = {file.relative_to(at).as_posix() for at in (live, aside) for file in at.rglob("*") if file.is_file()}
    other = sorted(name for name in names if not _same(live / name, aside / name))
    if other:
        yield Line(PART, FAILS, f"{few(other, 9)} tidak sama dengan yang disusun ulang. {AGAIN.format(case.periode)}")
    else:
        yield Line(PART, HOLDS, f"Halaman dan data terbuka disusun ulang: {len(names)} berkas sama bita demi bita.")


def _documents(case: Case, there: Path) -> Iterator[Line]:
    """Yield whether the published documents are the signed or frozen ones."""
    files = sorted(there.glob("*.pdf"))
    signed = {name: case.folder / name for entry in _signed(case) for name in entry.files}
    own = {file.name: file for name, file in signed.items() if f"/{SIGNED}/" in name}
    wrong = [file.name for file in files if not _same(file, own.get(file.name, case.edition / file.name))]
    if wrong:
        text = f"{few(wrong)} yang terbit bukan dokumen edisi {case.number}."
        yield Line(PART, FAILS, f"{text} Ketik: make publish PERIOD={case.periode}")
    elif files:
        yield Line(PART, HOLDS, f"{len(files)} dokumen yang terbit sama dengan edisi {case.number}.")


def _signed(case: Case) -> Sequence[journal.Entry]:
    return [entry for step in case.state.steps for entry in step.acts if entry.act == "signed"]


def _same(first: Path, second: Path) -> bool:
    return first.is_file() and second.is_file() and first.read_bytes() == second.read_bytes()


def _published_again(case: Case, day: date) -> Path:
    """Publish the edition on `day` beside what was published then, then all pages anew; return the public folder."""
    copy, live = _aside(case), case.workspace.public
    others = [item for item in opendata.read_published(live) if item["periode"] != case.periode]
    for item in _known_then(case, others, day):
        _take(live, copy.public, item["periode"])
    public.publish_periode(copy, case.periode, day)
    for item in others:
        if not (copy.public / "periode" / item["periode"]).exists():
            _take(live, copy.public, item["periode"])
    public.build(copy, copy.public)
    return copy.public


def _take(source: Path, target: Path, periode_id: str) -> None:
    shutil.copytree(source / "periode" / periode_id, target / "periode" / periode_id)


def _known_then(case: Case, others: Sequence[Mapping[str, Any]], day: date) -> Sequence[Mapping[str, Any]]:
    """Return the periode that were published when this one was: what may be shown depends on them.

    Which they were is not kept; so every choice of those that have a say is tried, and all are taken when none gives
    what is published.
    """
    text = (case.workspace.public / "periode" / case.periode / opendata.HASIL).read_text("utf-8")
    tally = tally_json.load((case.edition / "tally.json").read_text("utf-8"))
    result = scoring_result.score(tally)
    here = span(result, scored=True, detail=False)
    earlier = (result["previous"] or {}).get("periode")
    near = [
        item
        for item in others
        if item["periode"] == earlier or here.overlaps(span(item, scored=item["withheld"] is None, detail=False))
    ]
    sizes = range(len(near), -1, -1) if len(near) <= MOST_NEAR else [len(near)]
    for size in sizes:
        for chosen in combinations(near, size):
            if opendata.hasil_json(public_part(result, tally, chosen, day)) == text:
                return chosen
    return near


def _aside(case: Case) -> Copy:
    """Return a copy of the office in which it may publish: links to what is read, copies of what is written."""
    workspace, root = case.workspace, case.scratch / "terbit"
    copy = Copy(replace(workspace.office, data=DATA), root, workspace.store)
    own = copy.periode_folder(case.periode)
    own.mkdir(parents=True)
    _link(workspace.root, root, {workspace.data.name})
    _link(workspace.data, copy.data, {"public", "periode"})
    _link(workspace.data / "periode", copy.data / "periode", {case.periode})
    skipped = {journal.JOURNAL, f".{journal.JOURNAL}.lock"}
    for file in case.folder.iterdir():
        later = file.name.startswith("edisi-") and file.name != case.edition.name
        if file.name not in skipped and not later:
            (own / file.name).symlink_to(file.resolve())
    until = max([case.frozen.seq, *(entry.seq for step in case.state.steps for entry in step.acts)])
    lines = (case.folder / journal.JOURNAL).read_bytes().split(b"\n")[:until]
    (own / journal.JOURNAL).write_bytes(b"".join(line + b"\n" for line in lines))
    return copy


def _link(source: Path, target: Path, but: set[str]) -> None:
    for item in source.iterdir():
        if item.name not in but and not (target / item.name).exists():
            (target / item.name).symlink_to(item.resolve())
