"""Settings for all tests."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("project", deadline=None)  # a slow machine is no fault of the code
settings.load_profile("project")
