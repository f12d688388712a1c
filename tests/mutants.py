"""What became of the mutants of scoring, by module; exit code 1 below 95 %: `make mutation` prints this.

Read from what mutmut leaves in mutants/. A mutant that runs without end is stopped, which is a test that fails. With
"again", before a run, those that lived are to be tried once more: mutmut sees that the code changed, not the tests.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

ENOUGH = 95  # per cent
KILLED = {1, 3, 24, 36, 152, 255, -24}  # tests failed, or the mutant was stopped
UNTESTED = {5, 33}
MADE = Path("mutants/scoring")


def main(wanted: str) -> int:
    """Print a line a module and the name of every mutant that lives; `wanted` is one module or "*"."""
    whole: Counter[str] = Counter()
    alive: list[str] = []
    for meta in sorted(MADE.glob(f"{wanted}.py.meta")):
        codes = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
        tried = {name: code for name, code in codes.items() if code is not None}
        if not tried:
            continue
        killed = sum(code in KILLED for code in tried.values())
        print(
            f"{meta.name.removesuffix('.py.meta'):<18}{killed:>6} of {len(tried):>5}  {100 * killed / len(tried):.1f} %"
        )
        whole.update(killed=killed, tried=len(tried), all=len(codes))
        alive += [
            f"{name}{' (no test)' if code in UNTESTED else ''}" for name, code in tried.items() if code not in KILLED
        ]
    print(f"{'together':<18}{whole['killed']:>6} of {whole['tried']:>5}, {whole['all'] - whole['tried']} not tried")
    if alive:
        print("alive; `mutmut show NAME` in build/mutation prints one:", *alive, sep="\n  ")
    return 0 if whole["killed"] * 100 >= ENOUGH * whole["tried"] else 1


def again() -> int:
    """Forget of every mutant that lived that it was tried."""
    for meta in MADE.glob("*.py.meta"):
        content = json.loads(meta.read_text("utf-8"))
        codes = content["exit_code_by_key"]
        content["exit_code_by_key"] = {name: code if code in KILLED else None for name, code in codes.items()}
        meta.write_text(json.dumps(content), "utf-8")
    return 0


if __name__ == "__main__":
    name = sys.argv[1] if len(sys.argv) > 1 else "*"
    sys.exit(again() if name == "again" else main(name))
