"""Small inputs for the tests of `scoring`: rows of answers, tallies, an office, and a way to run the command."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import Any

from scoring.__main__ import main
from scoring.instrument import built_in
from scoring.tally import Part, Tally, count_rows

ROOT = Path(__file__).parent.parent
VECTORS = Path(__file__).parent / "vectors"
WONOSOBO = ROOT / "publish" / "demo_data" / "wonosobo-2017.csv"  # the fifty real answers
NINE = "permenpanrb-14-2017"
ELEVEN = "sukma-jatim-11"
FOURTEEN = "kepmenpan-25-2004"
MAKLUMAT = "permenpanrb-16-2014"
ALL = (FOURTEEN, NINE, MAKLUMAT, ELEVEN)

Answers = Sequence[int | None]


def rows_of(values: str) -> list[list[int | None]]:
    """Return rows written as "44343443- 333333333", a dash being a blank; in the order of the questions."""
    return [[None if sign == "-" else int(sign) for sign in row] for row in values.split()]


def part(
    rows: Sequence[Answers],
    *,
    instrument: str = NINE,
    layanan: str = "ktp",
    channel: str = "phone",
    profil: dict[str, dict[str, int]] | None = None,
) -> Part:
    """Return the part that counts `rows`; respondents said nothing about themselves unless `profil` counts it."""
    pack = built_in(instrument)
    counted = count_rows(rows, [question.id for question in pack.questions], pack.low, pack.high, layanan)
    codes = {field.id: (profil or {}).get(field.id, {}) for field in pack.profil}
    return replace(counted, channel=channel, profil=codes)


def tally(*parts: Part, instrument: str = NINE, **changes: Any) -> Tally:
    """Return the tally of October 2026 made of `parts`, with `changes` to its other fields."""
    fields: dict[str, Any] = {
        "office": "teladan",
        "office_nama": "Kecamatan Teladan",
        "periode": "2026-10",
        "mulai": "2026-09-25",
        "selesai": "2026-10-24",
        "instrument": instrument,
        "form": f"{instrument}/1",
        "rule": "exact",
        "blank": "available",
        "rehearsal": False,
        "layanan": {"ktp": "Perekaman KTP Elektronik", "kk": "Kartu Keluarga"},
        "population": {},
        "parts": parts,
    }
    return Tally(**{**fields, **changes})


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command of scoring in this process, which is much quicker; return what `run_alone` would."""
    out, err = io.BytesIO(), io.BytesIO()
    with (
        redirect_stdout(io.TextIOWrapper(out, "utf-8", write_through=True)),
        redirect_stderr(io.TextIOWrapper(err, "utf-8", write_through=True)),
    ):
        try:
            code = main(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
        return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def run_alone(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run `python -m scoring` as anyone would."""
    command = [sys.executable, "-m", "scoring", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, cwd=ROOT, env=dict(os.environ), check=False)


def vectors(group: str) -> list[dict[str, Any]]:
    """Return one group of golden numbers."""
    rows: list[dict[str, Any]] = json.loads((VECTORS / "vectors.json").read_text("utf-8"))[group]
    return rows


# A small pack: one unsur is fed by two questions, the weights differ, nothing is about cost.
POOLED = """\
id = "kecil"
version = 1
nama = "Kecil"
peraturan = "Peraturan"
valid_from = 2026-01-01
default_rule = "exact"
default_blank = "available"
dasar_hukum = ["Peraturan"]
scale = { min = 1, max = 4, factor = 25 }
sample = { rule = "krejcie-morgan" }
unsur = [
  { id = "sarana", nama = "Sarana", definisi = "Sarana." },
  { id = "waktu", nama = "Waktu", definisi = "Waktu." },
]
question = [
  { id = "loket", unsur = "sarana", text = "Loket?", options = ["1", "2", "3", "4"] },
  { id = "jam", unsur = "waktu", text = "Jam?", options = ["1", "2", "3", "4"] },
  { id = "kursi", unsur = "sarana", text = "Kursi?", options = ["1", "2", "3", "4"] },
]
index = [{ id = "ikm", nama = "IKM", bobot = { sarana = "0.3", waktu = "0.7" } }]
rule = [{ id = "exact", bobot = "1/n", keterangan = "tepat" }, { id = "0.4", bobot = "0.4", keterangan = "0,4" }]
band = [
  { mutu = "B", kinerja = "Kurang", min = "25.00", max = "62.50" },
  { mutu = "A", kinerja = "Baik", min = "62.51", max = "100.00" },
]
profil = [{ id = "jenis_kelamin", nama = "Jenis kelamin", options = [{ code = "L", nama = "Laki-laki" }] }]
"""

OFFICE = """\
id = "teladan"
nama = "Kecamatan Teladan"
instansi = "Pemerintah Kabupaten Contoh"
kabupaten = "Kabupaten Contoh"
provinsi = "Jawa Timur"
zona = "WIB"
tempat = "Teladan"
data = "data"
paper = "A4"
procedure = "sukma-monthly"

[periode]
cut = "bulanan"
report_day = 25

[kop]
baris = ["PEMERINTAH KABUPATEN CONTOH", "KECAMATAN TELADAN"]
alamat = "Jalan Balai Rakyat Nomor 1"

[[layanan]]
id = "ktp"
nama = "Perekaman KTP Elektronik"

[[layanan]]
id = "kk"
nama = "Kartu Keluarga"

[[instrument]]
id = "kepmenpan-25-2004"
from = 2010-01-01
rule = "0.071"

[[instrument]]
id = "permenpanrb-14-2017"
from = 2017-05-25

[[pejabat]]
role = "camat"
jabatan = "Camat Teladan"
nama = "Ratna Contohwati"
from = 2024-01-02
until = 2026-12-31

[[pejabat]]
role = "camat"
jabatan = "Camat Teladan"
nama = "Bagus Penggantono"
status = "Plh."
from = 2026-10-01
until = 2026-10-31

[surat]
kepada = "Bupati Contoh"
di = "Contoh"

[public]
survei = "https://survei.contoh.example/"
transparansi = "https://skm.contoh.example/"
origins = ["https://survei.contoh.example"]

[population.2026-10]
ktp = 400
kk = 50
"""
