"""What is still missing in the documents of a periode: one sentence each, by document. Empty stays empty and blocks."""

from __future__ import annotations

import json
from datetime import date

from collector.workspace import Workspace
from publish.complaints import ADUAN, SARAN
from publish.entered import Entered, read_entered
from publish.followup import FILE as FOLLOW_UP
from publish.isian import FILE as ISIAN
from publish.rtl import Rencana
from scoring.errors import IkmError


def missing_in(workspace: Workspace, periode_id: str, today: date) -> dict[str, list[str]]:
    """Return what people still have to fill in, by document; every list is empty when all is there.

    Raises REPORT_MISSING without a result, KEY_* and LETTER_USED when a file cannot be read.
    """
    file = workspace.periode_folder(periode_id) / "result.json"
    if not file.exists():
        raise IkmError("REPORT_MISSING", id=periode_id)
    result = json.loads(file.read_text("utf-8"))
    names = {entry["id"]: entry["nama"] for entry in result["unsur"]}
    return missing(read_entered(workspace, result, today), names)


def missing(entered: Entered, names: dict[str, str]) -> dict[str, list[str]]:
    """Return what people still have to fill in, by document; `names` are the unsur by id."""
    plans = [sentence for plan in entered.rencana for sentence in _plan(plan, names[plan.unsur])]
    complaints = _complaints(entered)
    followed = _followed(entered)
    return {
        "laporan": [*_laporan(entered), *plans, *followed],
        "rtl": [*plans, *complaints],
        "tindak-lanjut": followed,
        "surat-pengantar": [] if entered.surat.nomor else ["surat.toml: nomor surat belum diisi."],
    }


def _laporan(entered: Entered) -> list[str]:
    found = []
    if not entered.isian.kegiatan:
        found.append(f"{ISIAN}: jadwal pelaksanaan ([[kegiatan]]) belum diisi.")
    if not entered.isian.rekomendasi:
        found.append(f"{ISIAN}: rekomendasi belum diisi.")
    if not entered.isian.perbaikan:
        found.append(f"{ISIAN}: saran untuk pelayanan yang lebih baik ([[perbaikan]]) belum diisi.")
    if not entered.isian.foto:
        found.append(f"{ISIAN}: foto dokumentasi belum ada.")
    return found + _comments(entered)


def _comments(entered: Entered) -> list[str]:
    if entered.saran.diterima and not entered.saran.tema:
        return [f"{SARAN}: {entered.saran.diterima} saran warga belum dirangkum."]
    return [f'{SARAN}: rangkuman tema "{tema.nama}" belum diisi.' for tema in entered.saran.tema if not tema.ringkasan]


def _plan(plan: Rencana, nama: str) -> list[str]:
    fields = {
        "kegiatan": plan.kegiatan,
        "waktu": plan.waktu,
        "penanggung_jawab": plan.penanggung_jawab,
        "indikator": plan.indikator,
        "bukti": plan.bukti,
    }
    empty = [key for key, value in fields.items() if not value]
    return [f"rtl.toml: rencana untuk unsur {nama} belum lengkap ({', '.join(empty)})."] if empty else []


def _complaints(entered: Entered) -> list[str]:
    found = (
        []
        if entered.register.nihil or entered.register.aduan
        else [f"{ADUAN}: register aduan belum diisi; tulis nihil = true bila tidak ada aduan."]
    )
    found += [
        f'{SARAN}: tindak lanjut aduan "{tema.nama}" belum lengkap.'
        for tema in entered.saran.aduan
        if not tema.answer.complete
    ]
    open_ones = [item for item in entered.register.aduan if not item.answer.complete]
    return found + [
        f"{ADUAN}: tindak lanjut aduan melalui {item.saluran} tanggal {item.tanggal:%d-%m-%Y} belum lengkap."
        for item in open_ones
    ]


def _followed(entered: Entered) -> list[str]:
    return [
        f"{FOLLOW_UP}: hasil rencana untuk unsur {item.nama} belum diisi (status dan uraian)."
        for item in entered.before
        if not item.complete
    ]
