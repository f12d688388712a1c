"""isian.toml: what people add to the laporan: timetable, recommendations, suggestions, photos. Nothing is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scoring.toml_table import Table, parse_toml

FILE: Final = "isian.toml"
TEXT: Final = """\
# Isian laporan. Diisi orang; yang belum diisi tetap kosong dan disebut sebelum laporan dapat dinyatakan lengkap.
# Hapus tanda # di depan contoh, lalu ganti isinya. Berkas ini tidak pernah ditimpa.

# Jadwal pelaksanaan: satu [[kegiatan]] untuk setiap kegiatan. selesai boleh sama dengan mulai.
# [[kegiatan]]
# nama = "Persiapan kuesioner dan petugas"
# mulai = {mulai}
# selesai = {mulai}
# hari_kerja = 1

# Rekomendasi atas hasil survei. unsur (id seperti pada rtl.toml) boleh tidak ditulis.
# [[rekomendasi]]
# unsur = "waktu"
# isi = "Menambah petugas loket pada jam sibuk."

# Saran untuk pelayanan yang lebih baik.
# [[perbaikan]]
# isi = "Memasang daftar persyaratan di dekat pintu masuk."

# Foto kegiatan: berkas JPG atau PNG di dalam folder foto/ di samping berkas ini.
# [[foto]]
# berkas = "loket.jpg"
# keterangan = "Pengisian kuesioner di loket pelayanan"
"""


@dataclass(frozen=True)
class Kegiatan:
    """One line of the timetable."""

    nama: str
    mulai: date
    selesai: date
    hari_kerja: int


@dataclass(frozen=True)
class Rekomendasi:
    """What is recommended, and for which unsur ("" for none)."""

    unsur: str
    isi: str


@dataclass(frozen=True)
class Foto:
    """A photo of the folder foto/ and what it shows."""

    berkas: str
    keterangan: str


@dataclass(frozen=True)
class Isian:
    """Everything that isian.toml says."""

    kegiatan: tuple[Kegiatan, ...]
    rekomendasi: tuple[Rekomendasi, ...]
    perbaikan: tuple[str, ...]
    foto: tuple[Foto, ...]


def prepare(file: Path, mulai: str, unsur: tuple[str, ...]) -> Isian:
    """Return what `file` says, written with an example that counts for nothing when it is not there yet.

    `mulai` is the first day of the periode, as in result.json. Raises KEY_* errors.
    """
    if not file.exists():
        file.write_text(TEXT.format(mulai=mulai), "utf-8")
    return parse(file.name, file.read_text("utf-8-sig"), unsur)


def parse(file: str, text: str, unsur: tuple[str, ...]) -> Isian:
    """Return what `text` says; unknown keys and unsur are not allowed. Raises KEY_* errors."""
    table = parse_toml(file, text)
    isian = Isian(
        tuple(_kegiatan(entry) for entry in table.tables("kegiatan", optional=True)),
        tuple(_rekomendasi(entry, unsur) for entry in table.tables("rekomendasi", optional=True)),
        tuple(_perbaikan(entry) for entry in table.tables("perbaikan", optional=True)),
        tuple(_foto(entry) for entry in table.tables("foto", optional=True)),
    )
    table.done()
    return isian


def _kegiatan(entry: Table) -> Kegiatan:
    kegiatan = Kegiatan(
        entry.text("nama"), entry.day("mulai"), entry.day("selesai"), entry.integer("hari_kerja", 1, 366)
    )
    days = (kegiatan.selesai - kegiatan.mulai).days + 1
    if days < 1:
        raise entry.invalid("selesai", "lebih awal daripada mulai")
    if kegiatan.hari_kerja > days:
        raise entry.invalid("hari_kerja", f"lebih banyak daripada hari dari mulai sampai selesai ({days})")
    entry.done()
    return kegiatan


def _rekomendasi(entry: Table, unsur: tuple[str, ...]) -> Rekomendasi:
    found = Rekomendasi(entry.choice("unsur", unsur, ""), entry.text("isi"))
    entry.done()
    return found


def _perbaikan(entry: Table) -> str:
    isi = entry.text("isi")
    entry.done()
    return isi


def _foto(entry: Table) -> Foto:
    foto = Foto(plain_name(entry, "berkas"), entry.text("keterangan"))
    entry.done()
    return foto


def plain_name(entry: Table, key: str, default: object = ...) -> str:
    """Return the name of a file in foto/, without a folder before it."""
    name = entry.text(key, default)
    if name != Path(name).name or name in {"..", "."}:
        raise entry.invalid(key, "tulis nama berkas di dalam folder foto/ saja, tanpa nama folder")
    return name
