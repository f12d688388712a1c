"""What lies in the folder of a periode before it is frozen: its content, what is missing in it, what has changed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

from collector import counting
from collector.store import reading
from collector.workspace import Workspace
from publish.completeness import missing_in
from publish.journal import to_disk
from publish.words import angka
from scoring import result as scoring_result
from scoring import tally_json
from scoring.errors import Remark, remark

RESULT: Final = ("result.json", "tally.json")
RECAPS: Final = "rekap-luar.json"
WRITTEN: Final = (".md", ".toml", ".csv")  # what people write: prose, rtl.toml, surat.toml, tags
PHOTOS: Final = "foto"
DRAWN: Final = (".pdf", ".png")
# What people enter, by the word that a step requires it with: the documents of completeness.missing_in.
ENTERED: Final = {"isian": "laporan", "rtl": "rtl", "nomor": "surat-pengantar"}
STAMP: Final = "konsep.json"
HISTORY: Final = "riwayat"
REMARKED: Final = ("-#", "+#")
HUNK: Final = re.compile(r"^@@ .*\+([0-9]+).* @@$")
HEADINGS: Final = {
    "rtl.toml": "Rencana tindak lanjut",
    "surat.toml": "Nomor dan tanggal surat",
    "isian.toml": "Jadwal, rekomendasi, dan foto",
    "saran.toml": "Rangkuman saran",
    "aduan.toml": "Register aduan",
    "tindak-lanjut.toml": "Tindak lanjut periode sebelumnya",
    "rekap-luar.json": "Rekap aplikasi lain",
    "laporan.md": "Naskah laporan",
    "rtl.md": "Naskah rencana tindak lanjut",
    "surat-pengantar.md": "Naskah surat pengantar",
    "lembar-publikasi.md": "Naskah lembar publikasi",
    "result.json": "Angka",
}


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def content(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of everything from which the documents of a periode are made, by name."""
    files = [file for file in folder.glob("*") if file.suffix in WRITTEN or file.name in (*RESULT, RECAPS)]
    files += folder.glob(f"{PHOTOS}/*")
    return {file.relative_to(folder).as_posix(): digest(file) for file in sorted(files) if file.is_file()}


def keep(folder: Path, present: Mapping[str, str]) -> None:
    """Keep a copy of the content as it is now, so that a later change can be shown."""
    history = folder / HISTORY
    history.mkdir(exist_ok=True)
    for name, sha256 in present.items():
        copy = history / sha256
        if not copy.exists():
            fresh = history / f"{sha256}.baru"
            fresh.write_bytes((folder / name).read_bytes())
            to_disk(fresh)
            fresh.replace(copy)
    to_disk(history)


def stamp(folder: Path) -> None:
    """Note from which content the documents in `folder` were made."""
    documents = {file.name: digest(file) for file in sorted(folder.glob("*")) if file.suffix in DRAWN}
    (folder / STAMP).write_text(json.dumps({"naskah": content(folder), "dokumen": documents}, indent=1), "utf-8")


def missing(workspace: Workspace, periode_id: str, requires: Sequence[str], today: date) -> list[Remark]:
    """Return what a step requires and the folder lacks; nothing when it is complete. Raises what missing_in does."""
    folder = workspace.periode_folder(periode_id)
    if not requires:
        return []
    if not all((folder / name).exists() for name in RESULT):
        return [remark("REPORT_MISSING", "hasil", id=periode_id)]
    if found := list(_result(workspace, periode_id)):
        return found
    if "dokumen" in requires:
        found += _documents(folder, periode_id)
    lacking = missing_in(workspace, periode_id, today) if set(requires) & set(ENTERED) else {}
    if "rtl" not in requires and lacking:  # the plan stands in the laporan too, but has a step of its own
        lacking["laporan"] = [sentence for sentence in lacking["laporan"] if sentence not in lacking["rtl"]]
    wanted = [document for name, document in ENTERED.items() if name in requires]
    sentences = dict.fromkeys(sentence for document in wanted for sentence in lacking[document])
    return found + [Remark("STEP_INCOMPLETE", "isian", sentence) for sentence in sentences]


def _result(workspace: Workspace, periode_id: str) -> Iterator[Remark]:
    """Yield what is wrong with the result: not what follows from the tally, or the count has changed since."""
    folder, office = workspace.periode_folder(periode_id), workspace.office
    text = (folder / "tally.json").read_text("utf-8")
    if scoring_result.dump(scoring_result.score(tally_json.load(text))) != (folder / "result.json").read_text("utf-8"):
        yield remark("REPORT_CHANGED", "hasil", id=periode_id)
        return
    with reading(workspace.store) as connection:
        if tally_json.dump(counting.tally(connection, office, office.periode(periode_id))) != text:
            yield remark("REPORT_OLD", "hasil", id=periode_id)


def _documents(folder: Path, periode_id: str) -> Iterator[Remark]:
    """Yield what is wrong with the drafts: not made, touched, or older than what people wrote."""
    if not (folder / STAMP).exists():
        yield remark("REPORT_MISSING", "dokumen", id=periode_id)
        return
    made = json.loads((folder / STAMP).read_text("utf-8"))
    present = content(folder)
    names = sorted(name for name in {*present, *made["naskah"]} if present.get(name) != made["naskah"].get(name))
    for name, sha256 in made["dokumen"].items():
        if not (folder / name).exists() or digest(folder / name) != sha256:
            names.append(name)
    if names:
        yield remark("DRAFT_OLD", "dokumen", files=", ".join(names), id=periode_id)


def changes(folder: Path, before: Mapping[str, str], present: Mapping[str, str]) -> str:
    """Return what changed between two states of the content, as a reviewer reads it; "" when nothing did.

    Prose and plans as a unified diff, without the remarks of the TOML files, which no document shows; figures one by
    one, everything else by name.
    """
    parts = []
    for name in sorted({*before, *present}):
        if before.get(name) == present.get(name) or name == "tally.json":
            continue
        state = "ditambahkan" if name not in before else "dihapus" if name not in present else "berubah"
        parts.append(f"{HEADINGS.get(name, 'Berkas')} ({name}) {state}:")
        old, new = _text(folder, before.get(name)), _text(folder, present.get(name))
        if name == "result.json":
            parts += _figures(old, new)
        elif old is not None and new is not None:
            lines = list(unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=1))[2:]
            lines = [line for line in lines if not (name.endswith(".toml") and line.startswith(REMARKED))]
            parts += [HUNK.sub(r"baris \1:", line) for line in lines]
            parts += [] if any(line[0] in "-+" for line in lines) else ["  hanya keterangan (baris #) yang berubah"]
        else:
            parts[-1] = parts[-1].rstrip(":") + "."
        parts.append("")
    return "\n".join(parts)


def _text(folder: Path, sha256: str | None) -> str | None:
    """Return a kept text, "" when there was none, None when it is no text."""
    if sha256 is None:
        return ""
    try:
        return (folder / HISTORY / sha256).read_text("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _figures(old: str | None, new: str | None) -> list[str]:
    """Return the figures that differ: "Indeks: 81,85 menjadi 82,10"."""
    before, after = (_named(json.loads(text)) if text else {} for text in (old, new))
    lines = [
        f"  {name}: {angka(before.get(name))} menjadi {angka(after.get(name))}"
        for name in after
        if before.get(name) != after.get(name)
    ]
    return lines or ["  tidak ada nilai yang berubah; rinciannya berubah"]


def _named(result: Mapping[str, Any]) -> dict[str, str]:
    figures = {"IKM": result["ikm"], "Mutu": result["mutu"], "Responden": str(result["n_responden"])}
    return figures | {f"NRR {entry['nama']}": entry["nrr"] for entry in result["unsur"]}
