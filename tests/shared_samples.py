"""Offices with a frozen edition, made once for all test processes of a run; each test that spoils one takes a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flow_samples import PERIODES, Case, case, frozen, put_briefly, walked
from shared_setup import made_once

from collector.workspace import load


def made_case(factory: pytest.TempPathFactory, name: str, procedure: str, make: Callable[[Path], object]) -> Case:
    """Return the office of a procedure that `make` made, once for all processes. It is everybody's: copy it."""
    folder = made_once(factory, f"kantor-{name}", make)
    _, periode, day = PERIODES[procedure]
    return Case(load(folder / "office.toml"), periode, day)


def frozen_office(factory: pytest.TempPathFactory) -> Case:
    """Return the office of procedure A whose first edition is frozen and not signed yet. It is everybody's: copy it."""
    return made_case(factory, "beku", "sukma-monthly", frozen)


def brief_office(factory: pytest.TempPathFactory) -> Case:
    """Return the same of an office that puts its report briefly: where the length of a document does not matter."""
    return made_case(factory, "beku-ringkas", "sukma-monthly", lambda folder: walked(put_briefly(case(folder))))


def copied(whole: Case, folder: Path) -> Case:
    """Return a copy of an office in a folder that is not there yet."""
    shutil.copytree(whole.workspace.root, folder)
    return Case(load(folder / "office.toml"), whole.periode, whole.day)
