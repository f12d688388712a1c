"""The README is true: its commands run in a fresh copy of the project and print what it shows."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from staff_samples import ask_five_questions, result_of, served, signed_in

from collector.workspace import load
from publish.demo import WEB_PERIODE
from publish.demo_office import made_up
from publish.demo_procedures import PLANS
from scoring.periode import parse

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
# Who signs in the demonstration of each other procedure: in ink the official, by certificate the name in it.
SIGNERS = {
    "B": {"Bagus Misalnya, S.Sos."},
    "C": {"UJI COBA Dewi Seandainya", "UJI COBA Eko Andaikata", "UJI COBA Ratna Contohwati"},
    "D": {"Ratna Contohwati, S.STP., M.Si."},
}
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


@pytest.mark.soak
def test_a_second_demonstration_prints_the_same(clone: Path, demonstrated: str) -> None:
    assert timeless(run(clone, "make demo SERVE=0")) == timeless(demonstrated)


def test_the_documents_of_the_demonstration_are_written_again_to_the_same_bytes(clone: Path, demonstrated: str) -> None:
    laporan = clone / "data/demo/periode/2026-10/laporan.pdf"
    before = laporan.read_bytes()
    run(clone, "make report PERIOD=2026-10 OFFICE=data/demo/office.toml")
    assert laporan.read_bytes() == before


def test_the_commands_that_check_a_figure_print_what_the_readme_shows(clone: Path, demonstrated: str) -> None:
    score, counts, table = re.findall(r"^\$ (python3 -m scoring .*)$", README, re.MULTILINE)
    run(clone, score)
    assert (clone / "result.json").read_bytes() == (clone / "data/demo/periode/2026-10/result.json").read_bytes()
    assert run(clone, table) == BLOCKS[1]
    ikm = json.loads((clone / "result.json").read_text("utf-8"))["ikm"]
    assert f"setengah ke atas: {ikm.replace('.', ',')}" in run(clone, counts)
    (alone,) = re.findall(r"^\$ (python3 docs/.*)$", README, re.MULTILINE)
    assert f"2026-10 *: IKM {ikm}, mutu B (sama dengan yang terbit)" in run(clone, alone)
    (check,) = re.findall(r"^\$ (make check-pdf .*)$", README, re.MULTILINE)
    assert "laporan.pdf sama, bita demi bita, dengan" in run(clone, check)


@pytest.mark.browser
def test_a_clerk_finds_the_figures_of_the_demonstration_without_sql(
    clone: Path, demonstrated: str, browser: Browser
) -> None:
    office = load(clone / "data/demo/office.toml")
    with served(office) as origin, signed_in(browser, origin) as page:
        ask_five_questions(page, result_of(office, "2026-10"))


@pytest.mark.soak
@pytest.mark.parametrize("letter", ["B", "C", "D"])
def test_the_demonstration_of_another_procedure_ends_with_its_publication(letter: str, clone: Path) -> None:
    printed = run(clone, f"make demo PROCEDURE={letter} SERVE=0")
    folder = clone / "data" / f"demo-{letter.lower()}"
    name = {"B": "2026-10", "C": "2026-TW3", "D": "2026-S2"}[letter]
    entries = [json.loads(line) for line in (folder / f"periode/{name}/jurnal.jsonl").read_text("utf-8").splitlines()]
    assert entries[-1]["act"] == "sent"
    for entry in entries:
        if entry["act"] == "done":  # every step was typed as the manual has it
            assert f"make step PERIOD={name} STEP={entry['step']} BY={entry['role']}" in printed
    signers = {entry["detail"].get("signer") for entry in entries if entry["act"] in ("paraf", "signed")}
    assert signers == SIGNERS[letter]
    shown = printed.partition("Yang dapat dibuka:\n")[2].split()
    assert len(shown) == 7 and all((clone / file).exists() for file in shown)
    published = json.loads((folder / f"public/periode/{name}/hasil.json").read_text("utf-8"))
    assert published["n_responden"] == (352 if letter == "D" else 312)  # forty on paper
    assert len(published["unsur"]) == (11 if letter == "B" else 9)


def test_what_a_certificate_signs_today_is_not_dated_after_the_demonstration_of_the_months() -> None:
    periode = parse(PLANS["C"].periode, 25)
    assert PLANS["C"].signed and periode.selesai <= parse(WEB_PERIODE, 25).selesai
    assert PLANS["C"].periode in made_up()["nomor"] and PLANS["C"].periode in made_up()["populasi"]


def test_a_demonstration_of_a_procedure_that_is_none_is_refused_in_one_line(clone: Path) -> None:
    command = [".venv/bin/python", "-m", "publish.demo", "--procedure", "E"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "Prosedur E tidak ada. Tulis PROCEDURE=A (bulanan)" in done.stderr


def test_an_office_of_ones_own_has_its_pages_after_two_commands(clone: Path) -> None:
    run(clone, "cp office.example.toml office.toml")
    run(clone, "make site")
    assert (clone / "data/site/ktp/index.html").exists()
    assert (clone / "data/poster/ktp-a4.pdf").exists()
