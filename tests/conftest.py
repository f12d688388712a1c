"""Settings for all tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_samples import Site, chromium, served
from hypothesis import settings
from playwright.sync_api import Browser
from postgres_server import ENGINES, engine_of

from collector import freeze

AS_AN_OFFICE = freeze.BLOCKS

settings.register_profile("project", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("project")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the demonstrations, of a minute each: at the end the other workers would wait for the last of them."""
    items.sort(key=lambda item: item.path.name != "test_readme.py")


def pytest_collection_finish() -> None:
    """Look for garbage seldom, and never in the libraries: it took a sixth of the time of drawing and checking PDF."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def quick_to_pack() -> Iterator[None]:
    """Pack pages in one block: a ninth of the time, a fiftieth heavier, which only the tests that weigh them notice."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(freeze, "BLOCKS", 1)
        yield


@pytest.fixture
def weighed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pack pages as an office does."""
    monkeypatch.setattr(freeze, "BLOCKS", AS_AN_OFFICE)
    freeze.compressed.cache_clear()
    yield
    freeze.compressed.cache_clear()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test on a file of SQLite and on a database of PostgreSQL; return which."""
    return engine_of(request, monkeypatch, request.param)


@pytest.fixture
def postgres(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test on PostgreSQL alone."""
    return engine_of(request, monkeypatch, "postgres")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Hold a Chromium for the tests of a file."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Hold an office whose questionnaire is served."""
    with served(tmp_path) as opened:
        yield opened
