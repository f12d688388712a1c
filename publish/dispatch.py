"""What leaves the office: the dispatch pack of a signed edition, with what has to be typed into SRIKANDI and SIPPN."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from publish import surat, workflow
from publish.control_sheet import ControlRow, write_control_sheet
from publish.documents import DOCUMENTS
from publish.draft import content, digest
from publish.flow import Desk, verify_signed
from publish.freezing import SIGNED, edition_folder
from publish.journal import Entry, to_disk
from publish.procedure import ROLE_NAMES
from publish.words import angka, nama_periode
from publish.workflow import REPLACES
from scoring.errors import IkmError

PACK: Final = "kirim"
SUMS: Final = "SHA256SUMS"
LETTER: Final = "surat-pengantar"
TITLES: Final = {document.name: document.title for document in DOCUMENTS}
SAID: Final = {
    "returned": "{nama}: dikembalikan. {note}",
    "ralat": "Ralat dibuka. {note}",
    "signed": "{nama}: {document}",
    REPLACES: "{nama}: {document}. {note}",
}


def send(desk: Desk, role: str, note: str) -> str:
    """Write the dispatch pack and enter the dispatch; return the sentence that says so.

    Raises NOT_SIGNED before everything is signed, FROZEN_CHANGED, CONTENT_CHANGED, STEP_ROLE, STEP_ORDER.
    """
    state, periode = desk.state, desk.periode.id
    place = state.procedure.first("send")
    chosen = state.steps[place].step
    role = role or chosen.roles[0]
    workflow.require_signed(state, periode, "dikirim")
    workflow.require_turn(state, place, role, periode)
    workflow.require_unchanged(state, place, content(desk.folder), periode)
    signatures = verify_signed(desk, state)
    desk.official(role)
    target = desk.folder / PACK / f"edisi-{state.editions}"
    fresh = target.with_name(target.name + ".baru")
    sums = _write_pack(desk, fresh, signatures)
    for file in fresh.iterdir():
        to_disk(file)
    shutil.rmtree(target, ignore_errors=True)  # one whose dispatch was cut off before it was entered
    fresh.rename(target)
    to_disk(target.parent)
    files = {f"{PACK}/{target.name}/{name}": sha256 for name, sha256 in sums.items()}
    desk.enter(chosen.id, "sent", role, note=note, files=files, detail={"edition": state.editions})
    return f"Paket kiriman edisi {state.editions}: {target}, {len(sums) + 1} berkas. Pengiriman dicatat."


def _write_pack(desk: Desk, fresh: Path, signatures: Sequence[Entry]) -> dict[str, str]:
    """Write the files of the dispatch into the folder `fresh`; return the SHA-256 of each but their own list."""
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _copy(desk, fresh, [name for entry in signatures for name in entry.files])
    write_control_sheet(
        desk.workspace,
        desk.periode.id,
        control_rows(desk),
        desk.now.date(),
        rehearsal=desk.rehearsal,
        into=fresh,
        edition=desk.state.editions,
    )
    said = _fields(desk, {entry.detail["document"]: entry.official.nama for entry in signatures})
    for name, fields in said.items():
        (fresh / f"{name}.csv").write_text(_csv(fields), "utf-8-sig")  # the mark lets a spreadsheet read the letters
        (fresh / f"{name}.json").write_text(json.dumps(fields, ensure_ascii=False, indent=1) + "\n", "utf-8")
    sums = {file.name: digest(file) for file in sorted(fresh.iterdir())}
    (fresh / SUMS).write_text("".join(f"{sha256}  {name}\n" for name, sha256 in sums.items()), "utf-8")
    return sums


def control_rows(desk: Desk) -> list[ControlRow]:
    """Return the entries of the journal as lines of the control sheet.

    What concerns several files has the SHA-256 of the list of theirs, as sha256sum writes it.
    """
    rows = []
    for entry in desk.journal.entries:
        step = desk.procedure.steps[desk.procedure.index(entry.step)]
        said = SAID.get(REPLACES if REPLACES in entry.detail else entry.act, "{nama}").format(
            nama=step.nama, document=TITLES.get(entry.detail.get("document", ""), ""), note=entry.note
        )
        files = entry.detail.get("naskah", entry.files)
        listed = "".join(f"{sha256}  {name}\n" for name, sha256 in sorted(files.items()))
        sha256 = next(iter(files.values())) if len(files) == 1 else hashlib.sha256(listed.encode()).hexdigest()
        who = f"{entry.official.nama}, {entry.official.jabatan}"
        rows.append(ControlRow(said, ROLE_NAMES[entry.role], who, entry.moment, sha256))
    return rows


def _copy(desk: Desk, target: Path, signed: list[str]) -> None:
    """Copy the PDF files: the signed one where there is one, or else the frozen one, and the scans of signatures."""
    edition = edition_folder(desk.workspace, desk.periode.id, desk.state.editions)
    for file in sorted(edition.glob("*.pdf")):
        own = edition / SIGNED / file.name
        shutil.copyfile(own if own.relative_to(desk.folder).as_posix() in signed else file, target / file.name)
    entries = desk.state.steps[desk.procedure.first("sign")].acts
    for entry in entries:
        if entry.detail["kind"] == "ink":
            scan = desk.folder / next(iter(entry.files))
            shutil.copyfile(scan, target / f"{entry.detail['document']}-bertanda-tangan{scan.suffix}")


def _fields(desk: Desk, signers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return what has to be typed: into SRIKANDI for the letter, into SIPPN for the result."""
    office = desk.workspace.office
    edition = edition_folder(desk.workspace, desk.periode.id, desk.state.editions)
    result: Mapping[str, Any] = json.loads((edition / "result.json").read_text("utf-8"))
    letter = surat.prepare(desk.folder / "surat.toml", desk.now.date())
    name = nama_periode(desk.periode.id)
    srikandi = {
        "Jenis naskah": "Surat Pengantar",
        "Nomor naskah": letter.nomor,
        "Kode klasifikasi": letter.nomor.partition("/")[0],
        "Tanggal naskah": letter.tanggal.isoformat(),
        "Sifat": office.surat.sifat,
        "Hal": letter.hal,
        "Lampiran": letter.enclosed((edition / "tindak-lanjut.pdf").exists()),
        "Isi ringkas": f"Laporan Survei Kepuasan Masyarakat {office.nama} periode {name}",
        "Tujuan": f"{office.surat.kepada} di {office.surat.di}",
        "Tembusan": "; ".join(office.surat.tembusan),
        "Penandatangan": signers.get(LETTER, ""),
        "Berkas": f"{LETTER}.pdf",
        "Edisi": str(desk.state.editions),
    }
    sippn = {
        "Unit penyelenggara": office.nama,
        "Instansi": office.instansi,
        "Provinsi": office.provinsi,
        "Periode": name,
        "Tanggal awal survei": result["mulai"],
        "Tanggal akhir survei": result["selesai"],
        "Dasar": result["peraturan"],
        "Jumlah responden": str(result["n_responden"]),
        "Nilai IKM": angka(result["ikm"]),
        "Mutu pelayanan": result["mutu"],
        "Kinerja": result["kinerja"],
        **{f"Nilai unsur {entry['nama']}": angka(entry["nrr"]) for entry in result["unsur"]},
        "Berkas laporan": "laporan.pdf",
        "Edisi": str(desk.state.editions),
    }
    return {"srikandi": srikandi, "sippn": sippn}


def _csv(fields: Mapping[str, str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("isian", "nilai"))
    writer.writerows(fields.items())
    return text.getvalue()


# --- The archive ---

BAG: Final = "arsip"
SKIPPED: Final = (".lock", ".baru")
PRINTED: Final = (
    ("Surat pengantar bertanda tangan", "surat-pengantar.pdf"),
    ("Laporan Survei Kepuasan Masyarakat bertanda tangan", "laporan.pdf"),
    ("Rencana tindak lanjut bertanda tangan", "rtl.pdf"),
    ("Laporan tindak lanjut periode sebelumnya", "tindak-lanjut.pdf"),
    ("Lembar publikasi", "lembar-publikasi.pdf"),
    ("Lembar pengendalian", "lembar-pengendalian.pdf"),
)


def archive(desk: Desk) -> Path:
    """Write the whole periode as a BagIt bag (RFC 8493) into data/arsip/ and return its folder; one there is replaced.

    Raises NOT_SIGNED before the dispatch, and FROZEN_CHANGED.
    """
    state, periode = desk.state, desk.periode.id
    if state.open:
        who = {"step": state.open.step.id, "roles": state.open.step.who}
        raise IkmError("NOT_SIGNED", id=periode, what="diarsipkan", **who)
    verify_signed(desk, state)
    bag = desk.workspace.data / BAG / f"{desk.workspace.office.id}-{periode}"
    fresh, old = (bag.with_name(bag.name + end) for end in (".baru", ".lama"))
    shutil.rmtree(fresh, ignore_errors=True)
    payload = fresh / "data"
    for file in sorted(desk.folder.rglob("*")):
        inside = file.relative_to(desk.folder)
        if file.is_file() and not any(part.endswith(SKIPPED) for part in inside.parts):
            (payload / inside).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, payload / inside)
    _describe(desk, fresh)
    for file in fresh.rglob("*"):
        to_disk(file)
    shutil.rmtree(old, ignore_errors=True)
    if bag.exists():
        bag.rename(old)
    fresh.rename(bag)
    to_disk(bag.parent)
    shutil.rmtree(old, ignore_errors=True)
    return bag


def _describe(desk: Desk, bag: Path) -> None:
    """Write the tag files of a bag: what it is, what lies in it, and the SHA-256 of both."""
    office, payload = desk.workspace.office, [file for file in sorted(bag.rglob("data/**/*")) if file.is_file()]
    size = sum(file.stat().st_size for file in payload)
    info = {
        "Source-Organization": office.nama,
        "Organization-Address": office.kop.alamat,
        "External-Identifier": f"{office.id}-{desk.periode.id}",
        "External-Description": f"Survei Kepuasan Masyarakat periode {nama_periode(desk.periode.id)}",
        "Bagging-Date": desk.now.date().isoformat(),
        "Payload-Oxum": f"{size}.{len(payload)}",
    }
    (bag / "bagit.txt").write_text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n", "utf-8")
    (bag / "bag-info.txt").write_text("".join(f"{key}: {value}\n" for key, value in info.items()), "utf-8")
    (bag / "daftar-berkas.txt").write_text(_to_print(desk), "utf-8")
    (bag / "manifest-sha256.txt").write_text(_manifest(bag, payload), "utf-8")
    tags = [file for file in sorted(bag.iterdir()) if file.is_file()]
    (bag / "tagmanifest-sha256.txt").write_text(_manifest(bag, tags), "utf-8")


def _manifest(bag: Path, files: list[Path]) -> str:
    """Return the lines of a manifest; RFC 8493 wants line ends and percent signs in a name written by number."""
    lines = []
    for file in files:
        name = file.relative_to(bag).as_posix().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        lines.append(f"{digest(file)}  {name}\n")
    return "".join(lines)


def _to_print(desk: Desk) -> str:
    """Return the list of what goes into the paper file, to be ticked off."""
    edition = desk.state.editions
    pack = desk.folder / PACK / f"edisi-{edition}"
    sent = [(title, name) for title, name in PRINTED if (pack / name).exists()]
    lines = [f"DAFTAR BERKAS - {desk.workspace.office.nama} - periode {nama_periode(desk.periode.id)}", ""]
    lines += [
        f"[ ] {number}. {title} (data/{PACK}/edisi-{edition}/{name})" for number, (title, name) in enumerate(sent, 1)
    ]
    lines += [f"[ ] {len(sent) + 1}. Jurnal langkah (data/jurnal.jsonl), SHA-256 terakhir {desk.journal.head}"]
    lines += ["", "Bila ditandatangani dengan pena, yang disimpan adalah lembar aslinya.", ""]
    return "\n".join(lines)
