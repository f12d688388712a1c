"""saran.toml and aduan.toml: comments as people summarised them, and complaints that came by another way.

Both are filled in by people. What they write is masked before it is printed, and no comment is copied into them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from publish import tagging
from scoring.mask import mask
from scoring.periode import Periode, rentang
from scoring.toml_table import Table, parse_toml

SARAN: Final = "saran.toml"
ADUAN: Final = "aduan.toml"
STATUS: Final = ("belum", "diproses", "selesai")
NO_TAGS: Final[Mapping[tuple[str, bool], int]] = MappingProxyType({})
SARAN_TEXT: Final = """\
# Rangkuman saran warga. Tandai sarannya menurut tema (make datasette-staff), lalu rangkum dengan kata sendiri.
# Jangan menyalin nama, nomor, atau alamat. Tema yang ditandai ditambahkan di bawah oleh make report, tanpa jumlah:
# banyaknya dihitung dari tanda. jumlah yang ditulis orang yang berlaku; satu saran boleh bertema dua.
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
TEMA_ENTRY: Final = """
[[tema]]
nama = {nama}
ringkasan = {ringkasan}
aduan = {aduan}
tindak_lanjut = ""
penanggung_jawab = ""
status = ""
"""
NOTED: Final = "Saran dicatat dan tidak memerlukan tindak lanjut."
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

    Themes of the tags beside it that it lacks are added below; what people wrote stays. Comments are destroyed before
    the documents are, so that a store with none proves nothing. Raises KEY_* errors.
    """
    text = file.read_text("utf-8-sig") if file.exists() else SARAN_TEXT.format(diterima=counted)
    tags = tagged(file)
    written = {(tema.nama, tema.aduan) for tema in _parse(file.name, text, counted, tags).tema}
    added = "".join(_added(*theme) for theme in sorted(tags) if theme not in written)
    if added or not file.exists():
        file.write_text(text.rstrip("\n") + "\n" + added, "utf-8")
    return parse_saran(file.name, file.read_text("utf-8-sig"), counted, tags)


def tagged(file: Path) -> tagging.Counts:
    """Return how many comments people tagged with each theme, in the folder of saran.toml. Raises KEY_* errors."""
    return tagging.counts(tagging.read(file.with_name(tagging.FILE)))


def _added(nama: str, aduan: bool) -> str:
    ringkasan = NOTED if nama == tagging.JENIS[tagging.DICATAT] else ""
    texts = {"nama": json.dumps(nama, ensure_ascii=False), "ringkasan": json.dumps(ringkasan)}
    return TEMA_ENTRY.format(**texts, aduan=json.dumps(aduan))


def parse_saran(file: str, text: str, counted: int, tags: Mapping[tuple[str, bool], int] = NO_TAGS) -> Saran:
    """Return the summary in `text`; a kind may not have more comments than came. Raises KEY_* errors.

    A kind without a number has that of `tags`, and is left out where its comments were tagged otherwise since.
    """
    found = _parse(file, text, counted, tags)
    return Saran(found.diterima, tuple(tema for tema in found.tema if tema.jumlah))


def _parse(file: str, text: str, counted: int, tags: Mapping[tuple[str, bool], int]) -> Saran:
    table = parse_toml(file, text)
    diterima = table.integer("diterima", 0, 10_000_000)
    if counted and diterima != counted:
        raise table.invalid("diterima", f"basis data memuat {counted} saran; kembalikan angkanya")
    tema = tuple(_tema(entry, diterima, tags) for entry in table.tables("tema", optional=True))
    table.unique("tema", [f"{entry.nama} (aduan)" if entry.aduan else entry.nama for entry in tema])
    table.done()
    return Saran(diterima, tema)


def _tema(entry: Table, diterima: int, tags: Mapping[tuple[str, bool], int]) -> Tema:
    nama, aduan = mask(entry.text("nama")), entry.flag("aduan", default=False)
    from_tags = ... if not tags else tags.get((nama, aduan), 0)
    tema = Tema(
        nama=nama,
        jumlah=entry.integer("jumlah", 1, 10_000_000, from_tags),
        ringkasan=mask(entry.text("ringkasan", "")),
        aduan=aduan,
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
