"""How the made-up office lives through procedures B, C and D: what its office.toml says, and who does what in turn."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.workspace import Workspace
from publish.demo_entries import fill_entries, fill_letter, fill_rtl
from publish.demo_office import Desk, Stage
from publish.freezing import SIGNED
from publish.secret import PASSPHRASE
from publish.trial import trial_certificate

DOCUMENTS: Final = ("laporan", "rtl", "surat-pengantar")
EDITION: Final = "edisi-1"
ANCHORS: Final = "sertifikat"
SIGNERS: Final = ("verifikator-1", "verifikator-2", "camat")
PLANNED: Final = {"2026-TW3": "TW IV", "2026-S2": "TW I"}  # the quarter after the periode


@dataclass(frozen=True)
class Plan:
    """One demonstration. `office` are changes to the example, `signed` is where an edition holds what is signed."""

    letter: str
    procedure: str
    cut: str
    periode: str
    office: Mapping[str, str]
    walk: Callable[[Stage, Workspace, str, Mapping[str, Any]], None]
    signed: str = ""
    paper: str = ""

    def changes(self, data: Mapping[str, Any]) -> dict[str, str]:
        """Return what differs from the example, with the people served where the periode is longer than a month."""
        first = '[population."2026-10"]'
        served = "".join(f"{name} = {n}\n" for name, n in data["populasi"].get(self.periode, {}).items())
        population = {first: f'[population."{self.periode}"]\n{served}\n{first}'} if served else {}
        procedure = {
            'procedure = "sukma-monthly"': f'procedure = "{self.procedure}"',
            'cut = "bulanan"': f'cut = "{self.cut}"',
            "libur = []": "libur = [2026-12-25]",
        }
        return {**procedure, **self.office, **population}


def with_plan(stage: Stage, workspace: Workspace, day: str, data: Mapping[str, Any]) -> None:
    """Procedure B: recap, document of eleven unsur, check, plan of its own, signed by the sekcam, sent."""
    periode = workspace.office.periode(PLANS["B"].periode)
    desk, folder = Desk(stage, periode.id, day), workspace.periode_folder(periode.id)
    desk.do("report")
    desk.step("rekap", "staf")
    print("  Staf mengisi isian.toml, saran.toml, dan aduan.toml.")
    fill_entries(folder, periode, data, workspace.office.libur)
    desk.do("report")
    desk.step("susun", "staf")
    desk.step("periksa", "kasi")
    print("  Kepala Seksi mengisi rtl.toml: rencana untuk tiga unsur terendah.")
    fill_rtl(folder, data["rtl"], "TW IV")
    desk.do("report")
    desk.step("rencana", "kasi")
    print("  Staf menulis nomor surat dalam surat.toml.")
    fill_letter(folder, data["nomor"][periode.id])
    desk.do("report")
    desk.do("freeze")
    sign_in_ink(desk, folder, "sekcam")
    desk.do("send")


def with_certificates(stage: Stage, workspace: Workspace, day: str, data: Mapping[str, Any]) -> None:
    """Procedure C: checked, decided, composed again, two parafs and a signature by trial certificates, sent."""
    periode = workspace.office.periode(PLANS["C"].periode)
    desk, folder = Desk(stage, periode.id, day), workspace.periode_folder(periode.id)
    desk.do("report")
    desk.step("susun", "staf")
    desk.step("koreksi", "kasi")
    desk.step("putuskan", "camat")
    print("  Staf mengisi rencana tindak lanjut yang disepakati, isian lain, dan nomor surat.")
    fill_entries(folder, periode, data, workspace.office.libur)
    fill_rtl(folder, data["rtl"], PLANNED[periode.id])
    fill_letter(folder, data["nomor"][periode.id])
    desk.do("report")
    desk.step("susun-ulang", "staf")
    desk.do("freeze")
    sign_by_certificate(desk, workspace)
    desk.do("send")


def with_letter(stage: Stage, workspace: Workspace, day: str, data: Mapping[str, Any]) -> None:
    """Procedure D: three decide, the sekcam verifies, the letter is written last, the camat signs, sent."""
    periode = workspace.office.periode(PLANS["D"].periode)
    desk, folder = Desk(stage, periode.id, day), workspace.periode_folder(periode.id)
    desk.do("report")
    desk.step("susun", "staf")
    desk.step("putuskan", "kasi", "sekcam", "camat")
    print("  Staf mengisi rencana tindak lanjut dan isian lain.")
    fill_entries(folder, periode, data, workspace.office.libur)
    fill_rtl(folder, data["rtl"], PLANNED[periode.id])
    desk.do("report")
    desk.step("susun-ulang", "staf")
    desk.step("verifikasi", "sekcam")
    print("  Staf menulis nomor surat dalam surat.toml.")
    fill_letter(folder, data["nomor"][periode.id])
    desk.do("report")
    desk.step("surat", "staf")
    desk.do("freeze")
    sign_in_ink(desk, folder, "camat")
    desk.do("send")


def sign_in_ink(desk: Desk, folder: Path, role: str) -> None:
    """Enter a scan of every document; in the demonstration it is a copy of the print."""
    for document in DOCUMENTS:
        scan = folder / EDITION / f"{document}.pdf"
        typed = f"DOCUMENT={document} FILE={scan} BY={role}"
        desk.do("scan", "--document", document, "--file", str(scan), "--by", role, typed=typed)


def sign_by_certificate(desk: Desk, workspace: Workspace) -> None:
    """Make trial certificates for those who sign, then put parafs and signature with the office's own command."""
    phrase = secrets.token_urlsafe(12)
    print(f"  Sertifikat uji coba dibuat di {workspace.root}; kata sandinya dari variabel {PASSPHRASE}.")
    (workspace.root / ANCHORS).mkdir()
    for role in SIGNERS:
        person = workspace.office.official(role, workspace.office.periode(desk.periode).selesai)
        content, certificate = trial_certificate(person.nama.partition(",")[0], phrase)
        file = workspace.root / f"{role}.p12"
        file.write_bytes(content)
        file.chmod(0o600)  # a key, though of a trial
        (workspace.root / ANCHORS / f"{role}.pem").write_bytes(certificate)
    with given(phrase):
        for role in SIGNERS:
            file = workspace.root / f"{role}.p12"
            desk.do("sign-edition", "--by", role, "--p12", str(file), typed=f"BY={role} P12={file}")


@contextmanager
def given(phrase: str) -> Iterator[None]:
    """Hold a passphrase where the command that signs looks for it."""
    os.environ[PASSPHRASE] = phrase
    try:
        yield
    finally:
        del os.environ[PASSPHRASE]


PLANS: Final = {
    plan.letter: plan
    for plan in (
        Plan(
            "B",
            "sukma-rtl",
            "bulanan",
            "2026-10",
            {
                'id = "permenpanrb-14-2017"\nfrom = 2017-05-09': 'id = "sukma-jatim-11"\nfrom = 2021-09-29',
                'penandatangan = "camat"': 'penandatangan = "sekcam"',
            },
            with_plan,
        ),
        Plan(
            "C",
            "eskm-quarterly",
            "triwulan",
            "2026-TW3",  # over: a certificate signs today, which must not be before the day of the document
            {
                'jalur = "ink"': 'jalur = "certificate"',
                'kepada = "Bupati Contoh"': 'kepada = "Kepala Bagian Organisasi Sekretariat Daerah Kabupaten Contoh"',
                'tembusan = ["Kepala Bagian Organisasi Sekretariat Daerah Kabupaten Contoh"]': "tembusan = []",
                "anchors = []": f'anchors = ["{ANCHORS}"]',
                **{f"\n#{key}": f"\n{key}" for key in ("[[pejabat]]", "role", "jabatan", "nama", "nip", "from")},
            },
            with_certificates,
            signed=SIGNED,
        ),
        Plan("D", "eskm-semester", "semester", "2026-S2", {}, with_letter, paper="kertas-semester.csv"),
    )
}
