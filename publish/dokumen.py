"""dokumen.json: which PDF files of a periode are published, whether their signatures hold, and in which editions.

What the public may see of the journal: the office that signed, never the person. An edition that a correction replaced
keeps its files, in a folder of its own beside those that replaced them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from publish.draft import HEADINGS, RESULT, digest
from publish.flow import SignedEdition
from publish.journal import Entry
from publish.last_result import without_names
from publish.opendata import HASIL
from publish.verdict import INK, LEVELS, SAME_CONTENT
from publish.words import angka, bulat, daftar, nama_periode, tanggal
from scoring.errors import IkmError
from scoring.office import Office

FILE: Final = "dokumen.json"
FORMAT: Final = "dokumen/1"
DOCUMENTS: Final = ("laporan", "rtl", "lembar-publikasi")
NAMES: Final = {
    "laporan": "Laporan Survei Kepuasan Masyarakat",
    "rtl": "Rencana Tindak Lanjut",
    "lembar-publikasi": "Lembar Publikasi",
}
UNSIGNED: Final = "none"  # beside the signed documents of its edition, without a signature of its own
NOT_SIGNED_ITSELF: Final = (
    "Tidak ditandatangani tersendiri; dibekukan dalam edisi yang sama dengan laporan yang ditandatangani."
)
INK_LIMIT: Final = (
    "Berkas ini sama bita demi bita dengan dokumen yang dicetak untuk ditandatangani. Tanda tangan pena tidak dapat "
    "diperiksa dengan komputer; hasil pindaiannya disimpan oleh kantor."
)
REHEARSAL: Final = "Data uji coba: dokumen ini tidak berlaku sebagai dokumen resmi."
NAMED: Final = "Alasannya tidak ditampilkan karena memuat nama orang."


def write(
    office: Office, public: Mapping[str, Any], names: Sequence[str], edition: SignedEdition, before: Path, folder: Path
) -> None:
    """Copy the PDF files `names` of the signed edition into `folder` and write dokumen.json beside them.

    `before` is the folder in which the periode was published until now, which need not exist; what it holds of other
    editions stays reachable, as far as `names` may still be published.
    """
    for name in names:
        shutil.copyfile(edition.files.get(name, edition.folder / name), folder / name)
    entries = [_entry(folder, name, edition, rehearsal=public["rehearsal"]) for name in names]
    old = json.loads((before / FILE).read_text("utf-8")) if (before / FILE).exists() else {"dokumen": [], "edisi": []}
    earlier = [item for item in old["edisi"] if item["nomor"] != edition.number]
    for item in old["dokumen"]:
        name = Path(item["berkas"]).name
        if item["edisi"] != edition.number and name in names and (before / item["berkas"]).exists():
            kept = f"edisi-{item['edisi']}/{name}"
            (folder / kept).parent.mkdir(exist_ok=True)
            shutil.copyfile(before / item["berkas"], folder / kept)
            entries.append({**item, "berkas": kept})
    editions = [*earlier, _edition(office, public, edition, earlier[-1]["nomor"] if earlier else 0, before)]
    fields = {"format": FORMAT, "periode": public["periode"], "dokumen": entries, "edisi": editions}
    (folder / FILE).write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n", "utf-8")


def read(folder: Path, periode_id: str) -> dict[str, Any]:
    """Return dokumen.json of a published periode, every file looked at again.

    Raises PUBLISHED_FILE, which names the file, when one is not there, has changed, or has a signature that was not
    accepted: such a periode has no page.
    """
    place = folder / "periode" / periode_id
    if not (place / FILE).is_file():
        raise _broken(place / FILE, periode_id)
    found: dict[str, Any] = json.loads((place / FILE).read_text("utf-8"))
    for item in found["dokumen"]:
        file, signature = place / item["berkas"], item["tanda_tangan"]
        if not file.is_file() or digest(file) != item["sha256"]:
            raise _broken(file, periode_id)
        if signature["cara"] != UNSIGNED and signature["berlaku"] is not True:
            raise _broken(file, periode_id)
    return found


def _broken(file: Path, periode_id: str) -> IkmError:
    """Return the error on a published file; it is named as people find it, not in the folder being built."""
    shown = Path(*("public" if part == "public.new" else part for part in file.parts))
    return IkmError("PUBLISHED_FILE", file=shown, id=periode_id)


def _entry(folder: Path, name: str, edition: SignedEdition, *, rehearsal: bool) -> dict[str, Any]:
    content, document = (folder / name).read_bytes(), name.removesuffix(".pdf")
    signed = [entry for entry in edition.signatures if entry.detail["document"] == document]
    return {
        "nama": NAMES[document],
        "berkas": name,
        "edisi": edition.number,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "tanda_tangan": _signature(signed[-1] if signed else None, rehearsal=rehearsal),
    }


def _signature(entry: Entry | None, *, rehearsal: bool) -> dict[str, Any]:
    """Return what is said of one signature; an entry of the journal is there only when it was accepted."""
    last = [REHEARSAL] if rehearsal else []
    if entry is None:
        nothing = {"cara": UNSIGNED, "berlaku": None, "jabatan": "", "tingkat": "", "waktu": None}
        return {**nothing, "kalimat": [NOT_SIGNED_ITSELF, *last]}
    kind, level, jabatan = entry.detail["kind"], entry.detail["level"], entry.official.jabatan
    day = tanggal(entry.moment.date().isoformat())
    if kind == INK:
        said = [f"Ditandatangani dengan pena oleh {jabatan}; dicatat {day}.", INK_LIMIT]
    else:
        proof = [f"Tingkat {level}: {LEVELS[level]}."] if level in LEVELS else []
        first = f"Ditandatangani secara elektronik oleh {jabatan}; diperiksa dan berlaku pada {day}."
        said = [first, *proof, SAME_CONTENT]
    sealed = {"cara": kind, "berlaku": True, "jabatan": jabatan, "tingkat": level, "waktu": entry.time}
    return {**sealed, "kalimat": [*said, *last]}


def _edition(
    office: Office, public: Mapping[str, Any], edition: SignedEdition, replaced: int, before: Path
) -> dict[str, Any]:
    """Return number, day, and against the edition that it replaces (0: none) the reason and the difference."""
    frozen = {entry.detail["edition"]: entry for entry in edition.journal if entry.act == "frozen"}
    own = frozen.get(edition.number)
    day = own.moment.date().isoformat() if own else public["published"]
    fields = {"nomor": edition.number, "tanggal": day, "alasan": "", "perbedaan": ""}
    if replaced and own:
        last = frozen.get(replaced)
        since = last.seq if last else 0
        notes = [item.note for item in edition.journal if item.act == "ralat" and since < item.seq < own.seq]
        reason = without_names(office, "; ".join(notes) or own.note)
        fields["alasan"] = f"{reason.rstrip('.')}." if reason else NAMED
        old = json.loads((before / HASIL).read_text("utf-8"))
        fields["perbedaan"] = difference(old, public, last.detail["naskah"] if last else None, own.detail["naskah"])
    return fields


def difference(
    old: Mapping[str, Any], new: Mapping[str, Any], texts_before: Mapping[str, str] | None, texts: Mapping[str, str]
) -> str:
    """Return what is other in an edition, from two public results and the SHA-256 of what people wrote for each."""
    said = []
    if old["withheld"] is None and new["withheld"] is None:
        said += _figures(old, new)
    names = sorted({*(texts_before or {}), *texts} - set(RESULT))
    changed = [HEADINGS.get(name, name) for name in names if (texts_before or {}).get(name) != texts.get(name)]
    if texts_before is not None and changed:
        said.append(f"Bagian yang berubah: {daftar(list(dict.fromkeys(changed)))}.")
    return " ".join(said) or f"Tidak ada angka yang berubah pada periode {nama_periode(new['periode'])}."


def _figures(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    said = []
    if old["n_responden"] != new["n_responden"]:
        said.append(f"Responden {bulat(old['n_responden'])} menjadi {bulat(new['n_responden'])}.")
    if old["ikm"] != new["ikm"] or old["mutu"] != new["mutu"]:
        then, now = (f"{angka(item['ikm'])} (mutu {item['mutu']})" for item in (old, new))
        said.append(f"Nilai IKM {then} menjadi {now}.")
    else:
        said.append(f"Nilai IKM tetap {angka(new['ikm'])}, mutu {new['mutu']}.")
    was = {entry["id"]: entry["konversi"] for entry in old["unsur"]}
    moved = [
        f"{entry['nama']} {angka(was[entry['id']])} menjadi {angka(entry['konversi'])}"
        for entry in new["unsur"]
        if entry["id"] in was and was[entry["id"]] != entry["konversi"]
    ]
    return [*said, f"Nilai unsur berubah: {daftar(moved)}."] if moved else said
