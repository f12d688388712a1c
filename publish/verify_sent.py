"""Whether the dispatch pack of an edition still holds what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from publish.dispatch import PACK, SUMS
from publish.verify_case import BACKUP, FAILS, HOLDS, NOTE, Case, Line, few

PART = "Kiriman"


def sent(case: Case) -> Iterator[Line]:
    """Yield whether the pack has its files, no others, and the checksums that the journal has."""
    entry = next((entry for step in case.state.steps for entry in step.acts if entry.act == "sent"), None)
    if entry is None:
        yield Line(PART, NOTE, f"Edisi {case.number} belum dikirim, atau pengirimannya belum dicatat.")
        return
    folder = case.folder / PACK / f"edisi-{case.number}"
    sums = "".join(f"{sha256}  {name.rpartition('/')[2]}\n" for name, sha256 in entry.files.items())
    names = {*entry.files, f"{PACK}/{folder.name}/{SUMS}"}
    strange = [file for file in folder.rglob("*") if file.relative_to(case.folder).as_posix() not in names]
    changed = case.changed(entry)
    if not (folder / SUMS).is_file() or (folder / SUMS).read_bytes() != sums.encode():
        changed.append(f"{PACK}/{folder.name}/{SUMS}")
    if changed:
        yield Line(PART, FAILS, f"{few(changed)} berubah atau hilang sesudah dikirim. {BACKUP}")
    if strange:
        listed = few(sorted(file.relative_to(case.folder).as_posix() for file in strange))
        yield Line(PART, FAILS, f"{listed} tidak termasuk yang dikirim. Pindahkan dari folder itu.")
    if not changed and not strange:
        day = f"{entry.moment:%d-%m-%Y}"
        yield Line(PART, HOLDS, f"Paket kiriman {day}: {len(entry.files)} berkas sama dengan yang dicatat, dan {SUMS}.")
