"""The office of published_office.py with three published periode, made once for all workers; each test has a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from published_office import three_published
from shared_setup import made_once

from collector.workspace import Workspace, load


def published_copy(factory: pytest.TempPathFactory, folder: Path) -> Workspace:
    """Return a copy in `folder` of the office with August, September and October published."""
    shutil.copytree(made_once(factory, "tiga-periode", _make), folder, dirs_exist_ok=True)
    return load(folder / "office.toml")


def _make(folder: Path) -> None:
    folder.mkdir()
    three_published(folder)
