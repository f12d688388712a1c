"""rtl.toml: the follow-up plan that people write for the lowest unsur. Nothing is invented for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from publish.words import angka
from scoring.toml_table import Table, parse_toml

QUARTERS: Final = ("TW I", "TW II", "TW III", "TW IV")
NOT_BEGUN: Final = "belum"
STATUS: Final = (NOT_BEGUN, "berjalan", "selesai")
HEAD: Final = """\
# Rencana tindak lanjut untuk unsur terendah. Isi di antara tanda kutip; waktu memakai TW I, TW II, TW III, TW IV,
# misalnya waktu = ["TW I", "TW II"]. Berkas ini tidak pernah ditimpa; unsur baru ditambahkan di bawah.
# penanggung_jawab: jabatan, bukan nama orang. status (belum, berjalan, atau selesai) dan hasil (satu kalimat tentang
# yang sudah diperbaiki) diisi kemudian; keduanya tampil di poster dan halaman terima kasih sesudah make publish.
"""
ENTRY: Final = """
# {nama}: NRR {nrr}
[[rtl]]
unsur = "{unsur}"
kegiatan = ""
waktu = []
penanggung_jawab = ""
indikator = ""
bukti = ""
status = ""
hasil = ""
"""


@dataclass(frozen=True)
class Rencana:
    """One promise: the unsur, what will be done, in which quarters, by whom, and how one will see it.

    `status` is one of STATUS and `hasil` says what was improved, `bukti` by what proof; "" until people write them.
    """

    unsur: str
    kegiatan: str
    waktu: tuple[str, ...]
    penanggung_jawab: str
    indikator: str
    status: str = ""
    hasil: str = ""
    bukti: str = ""

    @property
    def complete(self) -> bool:
        """Say whether people have filled in all of it."""
        return bool(self.kegiatan and self.waktu and self.penanggung_jawab)


def prepare(file: Path, lowest: Sequence[str], names: Mapping[str, str], nrr: Mapping[str, str]) -> list[Rencana]:
    """Return the plans for the `lowest` unsur, after adding an empty entry for each that the file lacks.

    Raises KEY_* errors that name the file and the key.
    """
    text = file.read_text("utf-8-sig") if file.exists() else HEAD
    plans = {plan.unsur: plan for plan in parse(file.name, text, tuple(names))}
    missing = [unsur for unsur in lowest if unsur not in plans]
    if missing or not file.exists():
        added = "".join(ENTRY.format(unsur=unsur, nama=names[unsur], nrr=angka(nrr[unsur])) for unsur in missing)
        file.write_text(text.rstrip("\n") + "\n" + added, "utf-8")
    return [plans.get(unsur, Rencana(unsur, "", (), "", "")) for unsur in lowest]


def promised(file: Path, lowest: Sequence[str], unsur: tuple[str, ...]) -> list[Rencana]:
    """Return what people have promised for the `lowest` unsur, in that order; an entry without kegiatan is no promise.

    Nothing is written. Raises KEY_* errors that name the file and the key.
    """
    if not file.exists():
        return []
    plans = {plan.unsur: plan for plan in parse(file.name, file.read_text("utf-8-sig"), unsur)}
    return [plans[name] for name in lowest if name in plans and plans[name].kegiatan]


def parse(file: str, text: str, unsur: tuple[str, ...]) -> list[Rencana]:
    """Return the plans written in `text`; empty fields are allowed, unknown keys and unsur are not."""
    table = parse_toml(file, text)
    plans = []
    for entry in table.tables("rtl", optional=True):
        plans.append(_plan(entry, unsur))
        entry.done()
    table.done()
    return plans


def _plan(entry: Table, unsur: tuple[str, ...]) -> Rencana:
    waktu = entry.texts("waktu", ())
    for quarter in waktu:
        if quarter not in QUARTERS:
            raise entry.invalid("waktu", f'"{quarter}" bukan salah satu dari {", ".join(QUARTERS)}')
    status, hasil = entry.choice("status", STATUS, ""), entry.text("hasil", "")
    if hasil and status == NOT_BEGUN:
        raise entry.invalid("hasil", f'diisi sesudah dikerjakan, sedangkan status masih "{NOT_BEGUN}"')
    return Rencana(
        entry.choice("unsur", unsur),
        entry.text("kegiatan", ""),
        waktu,
        entry.text("penanggung_jawab", ""),
        entry.text("indikator", ""),
        status,
        hasil,
        entry.text("bukti", ""),
    )
