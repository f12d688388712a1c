"""surat.toml: number and date of the covering letter, which the office enters; the date also stands on the laporan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scoring.errors import IkmError
from scoring.toml_table import Table, parse_toml

ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
FILE: Final = "surat.toml"
ONE: Final = "1 (satu) berkas"
WITHOUT_REPORT: Final = "2 (dua) berkas"
WITH_REPORT: Final = "3 (tiga) berkas"
TEXT: Final = """\
# Nomor diisi menurut buku agenda surat keluar. Tanggal berlaku untuk semua dokumen periode ini. lampiran boleh kosong:
# naskah yang dikirim lalu dihitung.
nomor = ""
tanggal = {today}
lampiran = ""
hal = "Penyampaian Laporan Survei Kepuasan Masyarakat"
"""


@dataclass(frozen=True)
class SuratIsi:
    """What is entered for one letter; `lampiran` is "" where what is sent is to be counted."""

    nomor: str
    tanggal: date
    lampiran: str
    hal: str

    def enclosed(self, reported: bool) -> str:
        """Return how much is enclosed: as entered, or counted; `reported`: with a report on the last plan."""
        return self.lampiran or (WITH_REPORT if reported else WITHOUT_REPORT)


def prepare(file: Path, today: date, pola: str = "") -> SuratIsi:
    """Return what `file` says, written with `today` when it is not there yet.

    The number must be as `pola` has it ("" for any) and stand in no letter of another periode. Raises KEY_* errors and
    LETTER_USED.
    """
    if not file.exists():
        file.write_text(TEXT.format(today=today.isoformat()), "utf-8")
    table = parse_toml(file.name, file.read_text("utf-8-sig"))
    entered = SuratIsi(table.text("nomor", ""), table.day("tanggal"), table.text("lampiran", ""), table.text("hal"))
    table.done()
    if entered.nomor:
        _check_form(table, entered, pola)
        _check_once(file, entered.nomor)
    return entered


def number_example(pola: str, day: date) -> str:
    """Return a number as `pola` has it, for a letter of `day`."""
    parts = {"{urut}": "12", "{bulan}": ROMAN[day.month - 1], "{tahun}": str(day.year)}
    for part, value in parts.items():
        pola = pola.replace(part, value)
    return pola


def _check_form(table: Table, entered: SuratIsi, pola: str) -> None:
    """Raise KEY_INVALID when the number is not as the pattern has it, or of another month than the letter."""
    parts = {"{urut}": "[0-9]+", "{bulan}": ROMAN[entered.tanggal.month - 1], "{tahun}": str(entered.tanggal.year)}
    written = re.escape(pola)
    for part, value in parts.items():
        written = written.replace(re.escape(part), value)
    if pola and not re.fullmatch(written, entered.nomor):
        example = number_example(pola, entered.tanggal)
        raise table.invalid("nomor", f'"{entered.nomor}" tidak berbentuk seperti "{example}" (surat.pola_nomor)')


def _check_once(file: Path, nomor: str) -> None:
    """Raise LETTER_USED when a letter of another periode has the number."""
    for other in sorted(file.parent.parent.glob(f"*/{file.name}")):
        if other.parent.name == file.parent.name:
            continue
        table = parse_toml(f"{other.parent.name}/{other.name}", other.read_text("utf-8-sig"))
        if " ".join(table.text("nomor", "").split()) == " ".join(nomor.split()):
            raise IkmError("LETTER_USED", file=file.name, nomor=nomor, other=other.parent.name)
