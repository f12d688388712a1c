"""An office of one of the four procedures with a closed periode, and what its people do: fill in, decide, sign."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from publish_samples import answer, collect, office, publish

from collector.workspace import Workspace
from publish.demo_entries import fill_entries
from publish.demo_office import DATA
from publish.documents import PROSE, score_periode
from publish.entered import read_entered
from publish.pdf_fields import page_count
from publish.surat import ROMAN

# Per procedure: how the periode is cut, its name, and a working day on which it is over.
PERIODES = {
    "sukma-monthly": ("bulanan", "2026-10", "2026-10-26"),
    "sukma-rtl": ("bulanan", "2026-10", "2026-10-26"),
    "eskm-quarterly": ("triwulan", "2026-TW4", "2026-12-28"),
    "eskm-semester": ("semester", "2026-S2", "2026-12-28"),
}
VERIFIERS = """\
[[pejabat]]
role = "verifikator-1"
jabatan = "Kepala Subbagian Umum"
nama = "Dewi Seandainya, S.E."
nip = "00000000 000000 0 005"
from = 2024-01-02

[[pejabat]]
role = "verifikator-2"
jabatan = "Kepala Subbagian Program"
nama = "Eko Andaikata, S.IP."
nip = "00000000 000000 0 006"
from = 2024-01-02

# Surat pengantar:"""
# What an office may write instead of our prose: the places to sign are there, and the pages are soon drawn.
BRIEFLY = {
    "laporan.md": "# Hasil\n\n{{ kalimat_ringkas }}\n\n# Penutup\n\n{{ tanda_tangan_camat }}\n\n{{ tempat_paraf }}\n",
    "rekap-hasil.md": "# Rekapitulasi\n\n{{ kalimat_ringkas }}\n",
    "lembar-publikasi.md": "# Indeks\n\n{{ kalimat_ringkas }}\n",
}


@dataclass
class Case:
    """An office, the periode it reports on, and the day."""

    workspace: Workspace
    periode: str
    day: str

    @property
    def folder(self) -> Path:
        return self.workspace.periode_folder(self.periode)

    @property
    def edition(self) -> Path:
        """Return the folder of the newest edition."""
        return max(self.folder.glob("edisi-?"))

    def do(self, command: str, *arguments: str, day: str = "") -> int:
        """Run a command of `python -m publish` on the periode; return its exit code."""
        return publish(self.workspace, command, self.periode, *arguments, day=day or self.day)

    def step(self, name: str, role: str, *arguments: str, day: str = "") -> int:
        return self.do("step", name, "--by", role, *arguments, day=day)

    def back(self, name: str, role: str, note: str) -> int:
        return self.step(name, role, "--return", "--note", note)

    def sign(self, *, role: str = "camat") -> int:
        """File a scan for each document that waits for a signature; return the sum of the exit codes."""
        code = 0
        for document in ("laporan", "rtl", "surat-pengantar"):
            scan = self.workspace.root / f"pindaian-{document}.pdf"
            scan.write_bytes(blank_scan(self.edition / f"{document}.pdf", document))
            code += self.do("scan", "--document", document, "--file", str(scan), "--by", role)
        return code

    def entries(self) -> list[dict[str, Any]]:
        """Return the lines of the journal."""
        return [json.loads(line) for line in (self.folder / "jurnal.jsonl").read_text("utf-8").splitlines()]

    def acts(self) -> list[str]:
        """Return what the journal says, as "step act role"."""
        return [f"{entry['step']} {entry['act']} {entry['role']}" for entry in self.entries()]


def blank_scan(document: Path, text: str, pages: int = 0) -> bytes:
    """Return a scan with as many tiny empty pages as the document, or `pages`; `text` makes it one of its own."""
    pages = pages or (page_count(document.read_bytes()) if document.exists() else 1)
    kids = range(3, 3 + pages)
    objects = ["<</Type/Catalog/Pages 2 0 R>>"]
    objects.append(f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>")
    objects += ["<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * len(kids)
    written, places = f"%PDF-1.7\n%{text}\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj{content}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Root 1 0 R/Size {len(objects) + 1}>>"
    return f"{written}{head}\nstartxref\n{len(written)}\n%%EOF\n".encode()


def case(folder: Path, procedure: str = "sukma-monthly", changes: dict[str, str] | None = None) -> Case:
    """Return an office of this procedure with sixty answers in a closed periode."""
    cut, periode, day = PERIODES[procedure]
    first = {
        'procedure = "sukma-monthly"': f'procedure = "{procedure}"',
        'cut = "bulanan"': f'cut = "{cut}"',
        "# Surat pengantar:": VERIFIERS,
    }
    workspace = office(folder, first | (changes or {}))
    answer(workspace, 60)
    assert collect(workspace, "close", periode, day=day) == 0
    return Case(workspace, periode, day)


def fill_rtl(folder: Path) -> None:
    """Write the follow-up plan into rtl.toml, as a clerk does in an editor."""
    text = (folder / "rtl.toml").read_text("utf-8")
    for key, value in (
        ("kegiatan", '"Membuka loket kedua pada pagi hari"'),
        ("waktu", '["TW I"]'),
        ("penanggung_jawab", '"Kepala Seksi Pelayanan"'),
        ("indikator", '"Waktu tunggu paling lama lima belas menit"'),
        ("bukti", '"Catatan nomor antrean harian"'),
    ):
        text = re.sub(rf'(?m)^{key} = (""|\[\])$', f"{key} = {value}", text)
    (folder / "rtl.toml").write_text(text, "utf-8")


def fill_in(made: Case) -> None:
    """Write the plan and everything else that a clerk enters but the number of the letter."""
    fill_rtl(made.folder)
    fill_isian(made)


def fill_isian(made: Case) -> None:
    """Write what stands in the laporan beside figures and plan: timetable, comments, complaints, a photo."""
    data = tomllib.loads((DATA / "demo.toml").read_text("utf-8"))
    fill_entries(made.folder, made.workspace.office.periode(made.periode), data)


def fill_letter(folder: Path, nomor: str = "") -> None:
    """Write the number of the letter into surat.toml, by default one of the letter's own."""
    text = (folder / "surat.toml").read_text("utf-8")
    day = tomllib.loads(text)["tanggal"]
    month = folder.name[5:]
    urut = 121 + int(month) if month.isdigit() else 131  # no two letters have one number
    nomor = nomor or f"000.8.3.4/{urut}/{ROMAN[day.month - 1]}/{day.year}"
    (folder / "surat.toml").write_text(re.sub(r'(?m)^nomor = ".*"$', f'nomor = "{nomor}"', text), "utf-8")


def write_briefly(folder: Path, *others: str) -> None:
    """Write brief prose into the folder of a periode, but for the documents that are named: these are ours."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in BRIEFLY.items():
        if name not in others:
            (folder / name).write_text(text, "utf-8")


def put_section(folder: Path, heading: str) -> None:
    """Write brief prose, with a laporan of one section of ours."""
    write_briefly(folder)
    before, found, after = (PROSE / "laporan.md").read_text("utf-8").partition(f"## {heading}\n")
    assert before and found
    (folder / "laporan.md").write_text(f"# Laporan\n\n{found}{after.partition('## ')[0]}", "utf-8")


def put_briefly(made: Case) -> Case:
    """Have the office write most of its prose itself, in a few words; return it."""
    write_briefly(made.folder)
    return made


def begun(workspace: Workspace, periode: str, day: str) -> None:
    """Write the result and the files that people fill in, as `make report` does before it draws the first page."""
    read_entered(workspace, score_periode(workspace, periode), date.fromisoformat(day))


def filled(made: Case) -> Case:
    """Return the case with its documents made, plan and number entered."""
    begun(made.workspace, made.periode, made.day)
    fill_in(made)
    fill_letter(made.folder)
    assert made.do("report") == 0
    return made


def frozen(folder: Path, changes: dict[str, str] | None = None) -> Case:
    """Return an office of procedure A with a frozen first edition."""
    return walked(case(folder, "sukma-monthly", changes))


def walked(made: Case) -> Case:
    """Take an office of procedure A through its checks to a frozen edition; return it."""
    filled(made)
    assert made.step("susun", "staf") == 0
    assert made.step("evaluasi", "kasi") == made.step("evaluasi", "camat") == 0
    assert made.do("freeze") == 0
    return made
