"""The made-up office of a demonstration, and its own commands as its people type them."""

from __future__ import annotations

import io
import os
import shutil
import tomllib
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import collector.__main__ as collector_commands
import publish.__main__ as publish_commands
from collector.store import create
from collector.workspace import STORE_VARIABLE, Workspace, load
from publish.demo_serve import Ports
from scoring.errors import IkmError

ROOT: Final = Path(__file__).parent.parent
DATA: Final = Path(__file__).parent / "demo_data"
# The commands of publish that make calls by another name.
MAKE: Final = {"sign-edition": "sign", "public": "publish"}


def made_up() -> dict[str, Any]:
    """Return what is made up for the demonstration."""
    return tomllib.loads((DATA / "demo.toml").read_text("utf-8"))


def step(number: str, text: str) -> None:
    """Say which step begins."""
    print(f"[{number}] {text} ...", flush=True)


@dataclass(frozen=True)
class Stage:
    """The folder in which a demonstration is played, and the commands that its people give there."""

    folder: Path

    def publish(self, *arguments: str) -> None:
        """Run a command of `python -m publish` as the office would."""
        _must(publish_commands.main([*arguments, "--office", str(self.folder / "office.toml")]))

    def collect(self, *arguments: str) -> None:
        """Run a command of `python -m collector` as the office would."""
        _must(collector_commands.main([*arguments, "--office", str(self.folder / "office.toml")]))

    def quietly(self, *arguments: str) -> str:
        """Run a command of `publish`; return what it said instead of printing it."""
        said = io.StringIO()
        with redirect_stdout(said):
            self.publish(*arguments)
        return said.getvalue()

    def build(self, ports: Ports, changes: Mapping[str, str]) -> Workspace:
        """Write the office's configuration and its rehearsal store, in place of those of an earlier run.

        `changes` are made to the text of the example. Raises KEY_MISSING when the example has not what they change.
        """
        os.environ.pop(STORE_VARIABLE, None)  # made-up answers go into a file of their own
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        text = (ROOT / "office.example.toml").read_text("utf-8")
        survey = f"http://127.0.0.1:{ports.survey}"
        addresses = {
            'data = "data"': 'data = "."',
            'survei = "https://survei.contohkab.example/"': f'survei = "{survey}/"',
            'transparansi = "https://skm.contohkab.example/"': f'transparansi = "http://127.0.0.1:{ports.public}/"',
            'origins = ["https://survei.contohkab.example"]': f'origins = ["{survey}"]',
        }
        for old, new in {**addresses, **changes}.items():
            if old not in text:
                raise IkmError("KEY_MISSING", file="office.example.toml", key=old, near="")
            text = text.replace(old, new)
        (self.folder / "office.toml").write_text(text, "utf-8")
        workspace = load(self.folder / "office.toml")
        create(workspace.store, workspace.office.id, "rehearsal").close()
        return workspace


@dataclass(frozen=True)
class Desk:
    """The desk of a periode on a day: every command is shown as it is typed, with its answer."""

    stage: Stage
    periode: str
    day: str

    def do(self, command: str, *arguments: str, typed: str = "") -> None:
        """Run a command of the procedure on the periode; `typed` is what follows PERIOD on the line of make."""
        print(f"  $ make {MAKE.get(command, command)} PERIOD={self.periode}{typed and f' {typed}'}", flush=True)
        said = self.stage.quietly(command, self.periode, *arguments, "--rehearsal-day", self.day)
        for line in _answer(command, said.splitlines()):
            print(f"    {line}", flush=True)

    def step(self, name: str, *roles: str) -> None:
        """Enter a step for each of these roles."""
        for role in roles:
            self.do("step", name, "--by", role, typed=f"STEP={name} BY={role}")


def _answer(command: str, lines: list[str]) -> list[str]:
    """Return what a command answered, without the list of drafts and without the advice on what to type next."""
    return [line for line in lines if line.startswith("Dokumen")] if command == "report" else lines[:-1]


def _must(code: int) -> None:
    if code:
        raise SystemExit(code)
