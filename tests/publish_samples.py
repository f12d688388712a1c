"""A small office with a closed periode on a real store, for the tests of `publish`."""

from __future__ import annotations

import random
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import collector.__main__ as collector_commands
import publish.__main__ as publish_commands
from collector.store import Arrival, create
from collector.workspace import Workspace, load
from scoring.response import Response, canonical, commitment

ROOT = Path(__file__).parent.parent
REPORT_DAY = "2026-10-25"


def office(folder: Path, changes: dict[str, str] | None = None) -> Workspace:
    """Return a workspace made from the example configuration, with a rehearsal store and `changes` to its text."""
    text = (ROOT / "office.example.toml").read_text("utf-8")
    for old, new in (changes or {}).items():
        assert old in text, old
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "office.toml").write_text(text, "utf-8")
    workspace = load(folder / "office.toml")
    create(workspace.store, workspace.office.id, "rehearsal").close()
    return workspace


def answer(workspace: Workspace, n: int, *, seed: int = 1, day: date = date(2026, 10, 1), saran: str = "") -> None:
    """Store `n` made-up answers of `day`, spread over the layanan."""
    people = random.Random(seed)
    pack = workspace.office.survey_on(day).instrument
    store = create(workspace.store, workspace.office.id, "rehearsal")
    for _ in range(n):
        values = tuple(people.choices((1, 2, 3, 4), (2, 9, 55, 34))[0] for _ in pack.questions)
        layanan = people.choice(workspace.office.layanan[:-1]).id
        nonce = people.randbytes(32)
        held = canonical(values, pack.form, layanan, workspace.office.id)
        profil = tuple(people.choice(field.options)[0] for field in pack.profil)
        identity = (commitment(nonce, held), nonce, workspace.office.id, layanan, pack.form)
        store.add(Response(*identity, 1, 0, values, profil, saran), Arrival(day, 10))
    store.close()


def collect(workspace: Workspace, *arguments: str, day: str = REPORT_DAY) -> int:
    """Run a command of the collector on the rehearsal store's day; return its exit code."""
    return collector_commands.main(
        [*arguments, "--office", str(workspace.root / "office.toml"), "--rehearsal-day", day]
    )


def publish(workspace: Workspace, *arguments: str, day: str = REPORT_DAY) -> int:
    """Run a command of `publish` on the rehearsal store's day; return its exit code."""
    return publish_commands.main([*arguments, "--office", str(workspace.root / "office.toml"), "--rehearsal-day", day])


def named(rows: Any) -> list[dict[str, Any]]:
    """Return the rows that a statement found, their values by name, whatever the engine."""
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def text_of(pdf: Path) -> str:
    """Return the text of a PDF as poppler reads it, with single spaces."""
    command = ["pdftotext", "-layout", str(pdf), "-"]
    return " ".join(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
