"""Lets system libraries be loaded by their own names, without a search that starts a compiler for each other name."""

from __future__ import annotations

import ctypes.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def by_their_names() -> Iterator[None]:
    """Let cffi load what is asked for by a file name alone, as long as the context lasts.

    WeasyPrint tries the names of other systems first, and for each of them ctypes asks ldconfig, gcc and ld: fifty
    processes and a fifth of a second at every start. Elsewhere than on Linux the search stays.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _found_nowhere
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _found_nowhere(name: str) -> str | None:
    """Return that there is no library of this name."""
    return None
