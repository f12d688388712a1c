"""What every command line of ours shares: the options that name the office, and how a command ends."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from scoring.errors import IkmError


def office_options() -> argparse.ArgumentParser:
    """Return the options that every command on an office takes, as a parent for its parser."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--office", type=Path, default=Path("office.toml"), help="the office's configuration")
    shared.add_argument("--rehearsal-day", type=date.fromisoformat, help="the day of a rehearsal store, 2026-10-25")
    return shared


def finish(options: argparse.Namespace) -> int:
    """Run the chosen command; return 0, or 2 with one sentence for each fault on standard error."""
    try:
        options.run(options)
    except IkmError as error:
        print(error.lines, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0
