"""Tries the mutants of scoring, and says what became of them, by module: `make mutation`.

Mutmut makes the mutants and notes which test reaches which function. It would start pytest anew for each of them; here
pytest reads the tests once, and every mutant is a copy of that process in which the tests that reach it run, the
quickest first, until one fails. A mutant that runs without end is stopped, which is a test that fails.
"""

from __future__ import annotations

import gc
import json
import math
import os
import resource
import signal
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

ENOUGH = 95  # per cent
KILLED = {1, 3, 24, 36, 152, 255, -24}  # tests failed, or the mutant was stopped
UNTESTED = {5, 33}
MADE = Path("mutants/scoring")
AT_ONCE = 2
MEMORY = 4 << 30  # bytes: what grows without end is stopped before the machine is full


def codes_of(meta: Path) -> dict[str, int | None]:
    """Return how each mutant of one module ended; None is one not tried."""
    codes: dict[str, int | None] = json.loads(meta.read_text("utf-8"))["exit_code_by_key"]
    return codes


def keep(meta: Path, codes: dict[str, int | None]) -> None:
    """Write how the mutants of one module ended where mutmut looks for it."""
    meta.write_text(json.dumps(json.loads(meta.read_text("utf-8")) | {"exit_code_by_key": codes}), "utf-8")


def told(wanted: str) -> int:
    """Print a line a module and every mutant that lives; return 1 under 95 %. `wanted` is one module or "*"."""
    whole: Counter[str] = Counter()
    alive: list[str] = []
    for meta in sorted(MADE.glob(f"{wanted}.py.meta")):
        codes = codes_of(meta)
        tried = {name: code for name, code in codes.items() if code is not None}
        if not tried:
            continue
        killed = sum(code in KILLED for code in tried.values())
        module = meta.name.removesuffix(".py.meta")
        print(f"{module:<18}{killed:>6} of {len(tried):>5}  {100 * killed / len(tried):.1f} %")
        whole.update(killed=killed, tried=len(tried), all=len(codes))
        alive += [
            f"{name}{' (no test)' if code in UNTESTED else ''}" for name, code in tried.items() if code not in KILLED
        ]
    print(f"{'together':<18}{whole['killed']:>6} of {whole['tried']:>5}, {whole['all'] - whole['tried']} not tried")
    if alive:
        print("alive; `mutmut show NAME` in build/mutation prints one:", *alive, sep="\n  ")
    return 0 if whole["killed"] * 100 >= ENOUGH * whole["tried"] else 1


def again(wanted: str) -> int:
    """Forget of every mutant that lived that it was tried: mutmut sees that the code changed, not the tests."""
    for meta in MADE.glob(f"{wanted}.py.meta"):
        keep(meta, {name: code if code in KILLED else None for name, code in codes_of(meta).items()})
    return 0


class Attempts:
    """A plugin of pytest: instead of running the tests it has read, it tries the mutants with them."""

    def __init__(self, metas: list[Path], stats: dict[str, dict[str, object]]) -> None:
        self.codes = {meta: codes_of(meta) for meta in metas}
        self.reached_by = stats["tests_by_mangled_function_name"]
        self.seconds = stats["duration_by_test"]
        self.running: dict[int, tuple[Path, str, int]] = {}
        self.kills: Counter[tuple[Path, str]] = Counter()

    def pytest_runtestloop(self, session) -> bool:
        """Try every mutant that has no verdict, two at a time."""
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        for meta, name in self.left():
            reached = self.reached_by.get(name.rpartition("__mutmut_")[0], [])
            if not (tests := [items[test] for test in reached if test in items]):
                self.codes[meta][name] = 33
                continue
            while len(self.running) >= AT_ONCE:
                self.ended()
            # What killed others of this module goes first, then what is quick.
            tests.sort(key=lambda item: self.seconds[item.nodeid] / (1 + 4 * self.kills[meta, item.nodeid]))
            killer, told = os.pipe()
            if not (child := os.fork()):
                os._exit(self.tried(name, tests, told))
            os.close(told)
            self.running[child] = (meta, name, killer)
        while self.running:
            self.ended()
        return True

    def left(self) -> Iterator[tuple[Path, str]]:
        """Yield what has no verdict yet; a module's are kept when the next module begins."""
        for meta, codes in self.codes.items():
            yield from [(meta, name) for name, code in codes.items() if code is None]
            keep(meta, codes)

    def ended(self) -> None:
        """Wait for one mutant and note how it ended."""
        child, status = os.wait()
        meta, name, killer = self.running.pop(child)
        with os.fdopen(killer, encoding="utf-8") as told:
            self.kills[meta, told.read()] += 1
        code = os.waitstatus_to_exitcode(status)
        self.codes[meta][name] = code if code >= 0 else -24
        keep(meta, self.codes[meta])

    def tried(self, name: str, tests: list, told: int) -> int:
        """Run the tests on one mutant; return 1 as soon as one fails, which is told, 0 when it lives through all."""
        from _pytest.runner import runtestprotocol

        os.environ["MUTANT_UNDER_TEST"] = name
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        for item in tests:
            # Of the processor, not of the clock: others may work here. Its signal ends the process.
            signal.setitimer(signal.ITIMER_PROF, 2 + 5 * math.ceil(self.seconds[item.nodeid]))
            if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                os.write(told, item.nodeid.encode())
                return 1
        return 0


def attempt(wanted: str) -> int:
    """Try all mutants of the wanted modules that have no verdict; return 0 when that was done."""
    import pytest
    from hypothesis import Phase, settings

    # A failure need not be made small, and a test that is only slow has not failed.
    settings.register_profile("mutants", phases=[Phase.explicit, Phase.generate], deadline=None, database=None)
    settings.load_profile("mutants")
    options = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["tool"]["mutmut"]
    metas = [meta.absolute() for meta in sorted(MADE.glob(f"{wanted}.py.meta"))]
    os.chdir(MADE.parent)
    os.environ["MUTANT_UNDER_TEST"] = ""
    stats = json.loads(Path("mutmut-stats.json").read_text("utf-8"))
    args = [
        *options["pytest_add_cli_args"],
        *options["pytest_add_cli_args_test_selection"],
        "-q",
        "--rootdir=.",
        "--tb=native",
    ]
    return int(pytest.main(args, plugins=[Attempts(metas, stats)]))


COMMANDS: dict[str, Callable[[str], int]] = {"again": again, "try": attempt}

if __name__ == "__main__":
    name, *rest = [*sys.argv[1:], "*"]
    sys.exit(COMMANDS[name](rest[0]) if name in COMMANDS else told(name))
