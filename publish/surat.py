"""surat.toml: number and date of the covering letter, which the office enters; the date also stands on the laporan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scoring.toml_table import parse_toml

TEXT: Final = """\
# Nomor diisi menurut buku agenda surat keluar. Tanggal berlaku untuk semua dokumen periode ini.
nomor = ""
tanggal = {today}
lampiran = "1 (satu) berkas"
hal = "Penyampaian Laporan Survei Kepuasan Masyarakat"
"""


@dataclass(frozen=True)
class SuratIsi:
    """What is entered for one letter."""

    nomor: str
    tanggal: date
    lampiran: str
    hal: str


def prepare(file: Path, today: date) -> SuratIsi:
    """Return what `file` says, written with `today` when it is not there yet. Raises KEY_* errors."""
    if not file.exists():
        file.write_text(TEXT.format(today=today.isoformat()), "utf-8")
    table = parse_toml(file.name, file.read_text("utf-8-sig"))
    entered = SuratIsi(table.text("nomor", ""), table.day("tanggal"), table.text("lampiran"), table.text("hal"))
    table.done()
    return entered
