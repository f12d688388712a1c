"""The README is true: its commands run in a fresh copy of the project and print what it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```text\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of what git would hand out, with this machine's environment linked in."""
    folder = tmp_path_factory.mktemp("clone")
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def run(folder: Path, command: str) -> str:
    """Run one command line of the README as a person would; return what it printed."""
    environment = {**os.environ, "MAKEFLAGS": "", "MFLAGS": "", "MAKELEVEL": ""}
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


def timeless(text: str) -> str:
    return re.sub(r"\d+ detik", "N detik", text)


@pytest.fixture(scope="module")
def demonstrated(clone: Path) -> str:
    return run(clone, "make demo SERVE=0")


def test_the_demonstration_prints_what_the_readme_shows(demonstrated: str) -> None:
    assert timeless(demonstrated) == timeless(BLOCKS[0])


def test_the_demonstration_leaves_what_the_readme_says_to_open(clone: Path, demonstrated: str) -> None:
    for name in re.findall(r"Open `(.*?)` and `(.*?)`", README)[0]:
        assert (clone / name).stat().st_size > 10_000, name


def test_a_second_demonstration_prints_the_same(clone: Path, demonstrated: str) -> None:
    assert timeless(run(clone, "make demo SERVE=0")) == timeless(demonstrated)


def test_the_documents_of_the_demonstration_are_written_again_to_the_same_bytes(clone: Path, demonstrated: str) -> None:
    laporan = clone / "data/demo/periode/2026-10/laporan.pdf"
    before = laporan.read_bytes()
    run(clone, "make report PERIOD=2026-10 OFFICE=data/demo/office.toml")
    assert laporan.read_bytes() == before


def test_the_commands_that_check_a_figure_print_what_the_readme_shows(clone: Path, demonstrated: str) -> None:
    score, table = re.findall(r"^\$ (python3 -m scoring .*)$", README, re.MULTILINE)
    run(clone, score)
    assert (clone / "result.json").read_bytes() == (clone / "data/demo/periode/2026-10/result.json").read_bytes()
    assert run(clone, table) == BLOCKS[1]


def test_an_office_of_ones_own_has_its_pages_after_two_commands(clone: Path) -> None:
    run(clone, "cp office.example.toml office.toml")
    run(clone, "make site")
    assert (clone / "data/site/ktp/index.html").exists()
    assert (clone / "data/poster/ktp-a4.pdf").exists()
