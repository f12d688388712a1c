"""saran.toml and aduan.toml: comments as people summarised them, and complaints that came by another way.

Both are filled in by people. What they write is masked before it is printed, and no comment is copied into them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scoring.mask import mask
from scoring.periode import Periode, rentang
from scoring.toml_table import Table, parse_toml

SARAN: Final = "saran.toml"
ADUAN: Final = "aduan.toml"
STATUS: Final = ("belum", "diproses", "selesai")
SARAN_TEXT: Final = """\
# Rangkuman saran warga. Baca sarannya (make datasette-staff), kelompokkan menurut tema, rangkum dengan kata sendiri.
# Jangan menyalin nama, nomor, atau alamat. jumlah: banyaknya saran dengan tema itu; satu saran boleh bertema dua.
# aduan = true bila tema itu aduan; tindak_lanjut, penanggung_jawab, dan status (belum, diproses, selesai) lalu diisi.

# Banyaknya saran yang diterima, dihitung program.
diterima = {diterima}

# [[tema]]
# nama = "Antrean"
# jumlah = 1
# ringkasan = "Warga meminta loket kedua dibuka pada pagi hari."
# aduan = false
# tindak_lanjut = ""
# penanggung_jawab = ""
# status = ""
"""
ADUAN_TEXT: Final = """\
# Register aduan yang diterima dengan cara lain: kotak aduan, telepon, laman, SP4N-LAPOR!, datang langsung. Tulis isinya
# dengan singkat, tanpa nama, nomor, atau alamat siapa pun. Bila tidak ada aduan pada periode ini: nihil = true
nihil = false

# [[aduan]]
# tanggal = {mulai}
# saluran = "Kotak aduan"
# isi = "Loket belum dibuka pada jam layanan."
# perihal = "Waktu layanan"
# tindak_lanjut = ""
# penanggung_jawab = ""
# status = ""
"""


@dataclass(frozen=True)
class Answer:
    """What was done about a complaint: by whom, and how far; "" where nobody has filled it in."""

    tindak_lanjut: str
    penanggung_jawab: str
    status: str

    @property
    def complete(self) -> bool:
        """Say whether people have filled in all of it."""
        return bool(self.tindak_lanjut and self.penanggung_jawab and self.status)


@dataclass(frozen=True)
class Tema:
    """Comments of one kind, as people summarised them."""

    nama: str
    jumlah: int
    ringkasan: str
    aduan: bool
    answer: Answer


@dataclass(frozen=True)
class Saran:
    """How many comments came, and what they were about."""

    diterima: int
    tema: tuple[Tema, ...]

    @property
    def aduan(self) -> tuple[Tema, ...]:
        """Return the kinds that people tagged as complaints."""
        return tuple(tema for tema in self.tema if tema.aduan)


@dataclass(frozen=True)
class Aduan:
    """A complaint that came by another way than the survey."""

    tanggal: date
    saluran: str
    isi: str
    perihal: str
    answer: Answer


@dataclass(frozen=True)
class Register:
    """The complaints of the periode; `nihil` says that there were none."""

    nihil: bool
    aduan: tuple[Aduan, ...]


def prepare_saran(file: Path, counted: int) -> Saran:
    """Return what `file` says, written with the number `counted` in the store when it is not there yet.

    Comments are destroyed before the documents are, so that a store with none proves nothing. Raises KEY_* errors.
    """
    if not file.exists():
        file.write_text(SARAN_TEXT.format(diterima=counted), "utf-8")
    return parse_saran(file.name, file.read_text("utf-8-sig"), counted)


def parse_saran(file: str, text: str, counted: int) -> Saran:
    """Return the summary in `text`; a kind may not have more comments than came. Raises KEY_* errors."""
    table = parse_toml(file, text)
    diterima = table.integer("diterima", 0, 10_000_000)
    if counted and diterima != counted:
        raise table.invalid("diterima", f"basis data memuat {counted} saran; kembalikan angkanya")
    tema = tuple(_tema(entry, diterima) for entry in table.tables("tema", optional=True))
    table.unique("tema", [entry.nama for entry in tema])
    table.done()
    return Saran(diterima, tema)


def _tema(entry: Table, diterima: int) -> Tema:
    tema = Tema(
        nama=mask(entry.text("nama")),
        jumlah=entry.integer("jumlah", 1, 10_000_000),
        ringkasan=mask(entry.text("ringkasan", "")),
        aduan=entry.flag("aduan", default=False),
        answer=_answer(entry),
    )
    if tema.jumlah > diterima:
        raise entry.invalid("jumlah", f"lebih banyak daripada saran yang diterima ({diterima})")
    entry.done()
    return tema


def prepare_register(file: Path, periode: Periode) -> Register:
    """Return what `file` says, written with an example that counts for nothing when it is not there yet.

    Raises KEY_* errors.
    """
    if not file.exists():
        file.write_text(ADUAN_TEXT.format(mulai=periode.mulai.isoformat()), "utf-8")
    return parse_register(file.name, file.read_text("utf-8-sig"), periode)


def parse_register(file: str, text: str, periode: Periode) -> Register:
    """Return the complaints in `text`, oldest first; each came within the periode. Raises KEY_* errors."""
    table = parse_toml(file, text)
    nihil = table.flag("nihil", default=False)
    found = [_aduan(entry, periode) for entry in table.tables("aduan", optional=True)]
    if nihil and found:
        raise table.invalid("nihil", "aduan tertulis di bawahnya; tulis nihil = false")
    table.done()
    return Register(nihil, tuple(sorted(found, key=lambda item: item.tanggal)))


def _aduan(entry: Table, periode: Periode) -> Aduan:
    aduan = Aduan(
        tanggal=entry.day("tanggal"),
        saluran=mask(entry.text("saluran")),
        isi=mask(entry.text("isi")),
        perihal=mask(entry.text("perihal", "")),
        answer=_answer(entry),
    )
    if aduan.tanggal not in periode:
        raise entry.invalid("tanggal", f"di luar periode ({rentang(periode.mulai, periode.selesai)})")
    entry.done()
    return aduan


def _answer(entry: Table) -> Answer:
    return Answer(
        mask(entry.text("tindak_lanjut", "")),
        mask(entry.text("penanggung_jawab", "")),
        entry.choice("status", STATUS, ""),
    )
