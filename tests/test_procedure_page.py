"""docs/prosedur.md is true: each step of the SOPs as the procedures have it, its command, its document, its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from publish.procedure import Procedure, Step, built_in
from scoring.office import PROCEDURES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "prosedur.md").read_text("utf-8")
pytestmark = pytest.mark.docs

HEAD = "| No. | Langkah | Oleh | Waktu baku | Perintah | Dokumen |\n|---|---|---|---|---|---|\n"
# Collecting is done by people and pages; what the office types for it, and what there is.
COLLECTING = {
    "arahkan": ("`make site`", "`data/poster/`"),
    "isi": ("`make serve`", "`data/site/`"),
    "terima": ("`make site`, `make serve`", "`data/site/`"),
    ("sukma-rtl", "kumpul"): ("`make site`, `make serve`", "`data/site/`"),
    ("eskm-semester", "kumpul"): (
        "`make serve`; kertas: `make paper-form`, `make import FILE=kertas.csv`",
        "`data/site/`, `data/formulir-kertas.pdf`",
    ),
}
# By kind of step: what is typed before the step is entered, and what it leaves in the folder of the periode.
PREPARED = {
    "recap": "`make close`, `make report`",
    "compose": "`make report`",
    "check": "`make changes`",
    "decide": "`make changes`",
    "rtl": "isi `rtl.toml`, `make report`",
    "letter": "isi `surat.toml`, `make report`",
}
LEFT = {
    "recap": "`rekap-hasil.pdf`",
    "compose": "`laporan.pdf`",
    "check": "`jurnal.jsonl`",
    "decide": "`rtl.toml`, `jurnal.jsonl`",
    "rtl": "`rtl.pdf`",
    "letter": "`surat-pengantar.pdf`",
    "freeze": "`edisi-1/`",
    "paraf": "`edisi-1/diparaf-{number}/` atau paraf pada cetakan",
    "sign": "`edisi-1/ditandatangani/` atau `edisi-1/pindaian/`",
    "send": "`kirim/edisi-1/`",
}


def typed(procedure: Procedure, step: Step) -> str:
    """Return what is typed for a step, as the page has it."""
    if step.kind == "collect":
        return collecting(procedure, step)[0]
    by = step.roles[0]
    entered = [f"`make step STEP={step.id} BY={role}`" for role in (step.roles if step.every else (by,))]
    said = {
        "freeze": ["`make freeze`"],
        "paraf": [f"`make sign BY={by} P12={by}.p12`, atau {entered[0]}"],
        "sign": [f"`make scan`, `make sign`, atau `make import-signed` dengan `BY={'` atau `BY='.join(step.roles)}`"],
        "send": ["`make send`"],
    }.get(step.kind, [*[text for text in [PREPARED.get(step.kind)] if text], *entered])
    back = f"; bila tidak: `RETURN=1`, kembali ke `{step.back}`" if step.back else ""
    if step.back and step.kind in ("paraf", "sign"):
        back = f"; bila tidak: `make step STEP={step.id} BY={by} RETURN=1`, kembali ke `{step.back}`"
    return ", ".join(said) + back


def collecting(procedure: Procedure, step: Step) -> tuple[str, str]:
    return COLLECTING.get(step.id) or COLLECTING[procedure.id, step.id]


def table(procedure: Procedure) -> str:
    """Return the table of a procedure, as the page has it."""
    lines = []
    for step in procedure.steps:
        left = collecting(procedure, step)[1] if step.kind == "collect" else LEFT[step.kind]
        cells = (
            str(step.no or "–"),
            f"{step.nama} (`{step.id}`)",
            step.who,
            step.standard.printed,
            typed(procedure, step),
            left.format(number=step.id[-1]),
        )
        lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_page_maps_every_step_of_the_procedure_to_its_command_and_document(procedure: str) -> None:
    expected = table(built_in(procedure))
    assert expected in PAGE, f"write into docs/prosedur.md:\n{expected}"


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_page_names_tests_that_walk_the_procedure(procedure: str) -> None:
    section = next(part for part in PAGE.split("\n## ") if f"`{procedure}`" in part.split("\n", 1)[0])
    named = re.findall(r"`(test_\w+)`", section)
    assert len(named) >= 2  # the whole way, and the answers
    sources = {file: file.read_text("utf-8") for file in (ROOT / "tests").glob("test_*.py")}
    for name in named:
        found = [text for text in sources.values() if f"\ndef {name}(" in text]
        assert len(found) == 1, name
    walk = next(name for name in named if name.startswith("test_procedure_"))
    body = sources[ROOT / "tests" / "test_procedures.py"].partition(f"\ndef {walk}(")[2].partition("\ndef ")[0]
    assert "finish(" in body and f'"{procedure}"' in body  # finish sees that every step was done
