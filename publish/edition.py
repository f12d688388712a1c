"""What a frozen edition has and a draft has not: number, QR code on every page, signature fields, attached counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from collector.workspace import Workspace
from publish import opendata
from publish.pdf_fields import FINAL, INITIALS, Field
from publish.procedure import ROLE_NAMES, built_in, of_office
from publish.stamp import Edition, edition_qr, running_qr
from publish.withheld import public_part
from scoring import tally_json
from scoring.office import Office

COUNTED: Final = "laporan"  # the document that carries the counts
LARGEST_QR: Final = 22  # millimetres
SMALLEST_QR: Final = 18  # a smaller one is not read from a scan


@dataclass(frozen=True)
class Marks:
    """What one edition adds: its number (0: a draft), a style, and by document its fields and attached files."""

    number: int = 0
    css: str = ""
    fields: Mapping[str, tuple[Field, ...]] = field(default_factory=dict)
    attachments: Mapping[str, tuple[tuple[str, bytes, str], ...]] = field(default_factory=dict)


def marks(workspace: Workspace, result: Mapping[str, Any], number: int, today: date) -> Marks:
    """Return the marks of edition `number` of the periode whose result and tally lie in its folder; of a draft for 0.

    The counts attached are those that may be published: the laporan is handed out.
    """
    if not number:
        return Marks()
    office, folder = workspace.office, workspace.periode_folder(result["periode"])
    text = qr_text(office, result["periode"], number, (folder / "result.json").read_bytes())
    room = min(LARGEST_QR, office.naskah.margin[2] - 1)
    tally = tally_json.load((folder / "tally.json").read_text("utf-8"))
    public = public_part(result, tally, opendata.read_published(workspace.public), today)
    counts = (
        (opendata.HASIL, opendata.hasil_json(public).encode(), "Hasil survei yang boleh diumumkan (JSON)"),
        (opendata.HITUNG, opendata.hitung_csv(opendata.hitung_rows(public, tally)).encode(), "Hitungan jawaban (CSV)"),
    )
    return Marks(number, running_qr(text, room) if room >= SMALLEST_QR else "", _fields(office), {COUNTED: counts})


def qr_text(office: Office, periode_id: str, number: int, result: bytes) -> str:
    """Return the text of the QR code of an edition, whose result.json has the bytes `result`."""
    return edition_qr(office.public.transparansi, Edition.of(periode_id, number, result))


def initial_fields(office: Office) -> dict[str, str]:
    """Return the signature field of each role that initials by the office's procedure."""
    steps = [step for step in built_in(office.procedure).steps if step.kind == "paraf"]
    return {step.roles[0]: name for step, name in zip(steps, INITIALS, strict=False)}


def initial_roles(office: Office) -> tuple[str, ...]:
    """Return who initials: as office.toml says, or else as the procedure does."""
    return office.naskah.paraf or tuple(initial_fields(office))


def _fields(office: Office) -> dict[str, tuple[Field, ...]]:
    procedure = of_office(office)
    step = procedure.steps[procedure.first("sign")]
    initials = [Field(name, f"Paraf {ROLE_NAMES[role]}") for role, name in initial_fields(office).items()]
    return dict.fromkeys(step.documents, (*initials, Field(FINAL, f"Tanda tangan {ROLE_NAMES[step.roles[0]]}")))
