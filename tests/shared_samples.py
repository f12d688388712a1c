"""What takes long to make, made once for all test processes of a run; each test that spoils it takes a copy."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flow_samples import PERIODES, Case, frozen

from collector.workspace import load

PROCEDURE = "sukma-monthly"  # of `frozen`


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return the folder that `make` filled: by this process, or by another one of the same run, never by two."""
    run = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    folder, done = run / f"once-{name}", run / f"once-{name}.done"
    with (run / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a process that was cut off
            make(folder)
            done.touch()
    return folder


def frozen_office(factory: pytest.TempPathFactory) -> Case:
    """Return the office of procedure A whose first edition is frozen and not signed yet. It is everybody's: copy it."""
    folder = made_once(factory, "frozen", frozen)
    _, periode, day = PERIODES[PROCEDURE]
    return Case(load(folder / "office.toml"), periode, day)


def copied(whole: Case, folder: Path) -> Case:
    """Return a copy of an office in a folder that is not there yet."""
    shutil.copytree(whole.workspace.root, folder)
    return Case(load(folder / "office.toml"), whole.periode, whole.day)
