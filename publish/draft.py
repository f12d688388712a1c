"""What lies in the folder of a periode before it is frozen: its content, what is missing in it, what has changed."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

from collector import counting
from collector.store import reading
from collector.workspace import Workspace
from publish import rtl
from publish.journal import to_disk
from publish.words import angka
from scoring import result as scoring_result
from scoring import tally_json
from scoring.errors import IkmError, Remark, remark

RESULT: Final = ("result.json", "tally.json")
WRITTEN: Final = (".md", ".toml", ".csv")  # what people write: prose, rtl.toml, surat.toml, tags
PHOTOS: Final = "foto"
STAMP: Final = "konsep.json"
HISTORY: Final = "riwayat"
HUNK: Final = re.compile(r"^@@ .*\+([0-9]+).* @@$")
HEADINGS: Final = {
    "rtl.toml": "Rencana tindak lanjut",
    "surat.toml": "Nomor dan tanggal surat",
    "aduan.toml": "Aduan",
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
    files = [file for file in folder.glob("*") if file.suffix in WRITTEN or file.name in RESULT]
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
    """Note from which content the PDF files in `folder` were made."""
    documents = {file.name: digest(file) for file in sorted(folder.glob("*.pdf"))}
    (folder / STAMP).write_text(json.dumps({"naskah": content(folder), "dokumen": documents}, indent=1), "utf-8")


def missing(workspace: Workspace, periode_id: str, requires: Sequence[str]) -> list[Remark]:
    """Return what a step requires and the folder lacks; nothing when it is complete. Raises KEY_* of rtl.toml."""
    folder = workspace.periode_folder(periode_id)
    if not all((folder / name).exists() for name in RESULT):
        return [remark("REPORT_MISSING", "hasil", id=periode_id)] if requires else []
    found: list[Remark] = []
    if "hasil" in requires or "dokumen" in requires:
        found += _result(workspace, periode_id)
    if "dokumen" in requires:
        found += _documents(folder, periode_id)
    if "rtl" in requires:
        found += _rtl(folder)
    if "nomor" in requires and not _entered(folder / "surat.toml").get("nomor"):
        found.append(remark("LETTER_NUMBER", "nomor"))
    return found


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


def _rtl(folder: Path) -> Iterator[Remark]:
    result = json.loads((folder / "result.json").read_text("utf-8"))
    names = {entry["id"]: entry["nama"] for entry in result["unsur"]}
    text = (folder / "rtl.toml").read_text("utf-8-sig") if (folder / "rtl.toml").exists() else ""
    plans = {plan.unsur: plan for plan in rtl.parse("rtl.toml", text, tuple(names))}
    for unsur in result["lowest"]["unsur"]:
        plan = plans.get(unsur, rtl.Rencana(unsur, "", (), "", ""))
        if not plan.complete:
            empty = ", ".join(key for key, value in asdict(plan).items() if not value)
            yield remark("RTL_EMPTY", "rtl", unsur=names[unsur], fields=empty)


def _entered(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise IkmError("TOML_SYNTAX", file=file.name, reason=error) from None


def changes(folder: Path, before: Mapping[str, str], present: Mapping[str, str]) -> str:
    """Return what changed between two states of the content, as a reviewer reads it; "" when nothing did.

    Prose and plans as a unified diff, figures one by one, everything else by name.
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
            parts += [HUNK.sub(r"baris \1:", line) for line in lines]
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
