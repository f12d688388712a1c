"""Settings for all tests."""

from __future__ import annotations

import pytest
from hypothesis import settings
from postgres_server import ENGINES, engine_of

settings.register_profile("project", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("project")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test on a file of SQLite and on a database of PostgreSQL; return which."""
    return engine_of(request, monkeypatch, request.param)


@pytest.fixture
def postgres(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run the test on PostgreSQL alone."""
    return engine_of(request, monkeypatch, "postgres")
