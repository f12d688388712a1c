"""A set-up that costs seconds is made once for all workers of a run; each test works on a copy of its own."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """Return the folder `name` that `make` filled once for all workers of this run. It is to be copied, not changed."""
    base = factory.getbasetemp()
    whole = base.parent if base.name.startswith("popen-") else base
    folder = whole / name
    with (whole / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (whole / f"{name}.done").exists():
            make(folder)
            (whole / f"{name}.done").touch()
    return folder
