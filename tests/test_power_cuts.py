"""Power that goes at any moment, simulated: the store opens, is whole, and holds every acknowledged answer."""

from __future__ import annotations

import random
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Sequence, Set
from pathlib import Path

import pytest
from http_samples import OFFICE
from power_cut import Step, after_cut, files_of, record
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from store_samples import ARRIVAL, response

from collector.migrate import _statements
from collector.schema import SQL_FOLDER, insert, names, row
from collector.store import create, open_store
from scoring.errors import IkmError

NAME = "responses.db"
SHORT, LONG = 40, 1000  # cuts
CUTS = pytest.mark.parametrize("cuts", [SHORT, pytest.param(LONG, marks=pytest.mark.soak)])
MEMORY = Path("/dev/shm")  # where the files of one cut are laid
RELEASED = sorted(SQL_FOLDER.glob("sqlite_*.sql"))
MIGRATIONS = [  # from the first release and from the one before this; the long campaign begins with every one
    *((SHORT, held) for held in (1, len(RELEASED) - 1)),
    *(pytest.param(LONG, held, marks=pytest.mark.soak) for held in range(1, len(RELEASED))),
]


def fresh(folder: Path) -> dict[str, bytes]:
    """Return the files of a new store in `folder`."""
    folder.mkdir()
    create(folder / NAME, OFFICE, "real").close()
    return files_of(folder)


def judge_cut(before: dict[str, bytes], steps: Sequence[Step], people: random.Random, kept: Set[int]) -> str:
    """Cut after the last step and return what the store is then: "good", "lost", "corrupt" or "half migrated"."""
    folder, store = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None)), None
    try:
        for name, data in after_cut(before, steps, people).items():
            (folder / name).write_bytes(data)
        store = open_store(folder / NAME, OFFICE)
        with store.reading() as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                return "corrupt"
            there = {int.from_bytes(found[0], "big") for found in connection.execute("SELECT nonce FROM response")}
            versions = {found[0] for found in connection.execute("SELECT name FROM _sqlite_migrations")}
    except (IkmError, sqlite3.Error):
        return "corrupt"
    finally:
        if store:
            store.close()
        shutil.rmtree(folder)
    acknowledged = kept | {step.offset for step in steps if step.kind == "ack"}
    if versions != names():
        return "half migrated"
    return "good" if acknowledged <= there else "lost"


def campaign(before: dict[str, bytes], steps: list[Step], cuts: int, kept: Set[int] = frozenset()) -> Counter[str]:
    """Return what became of the store at `cuts` random moments; `kept` are the answers it began with."""
    people = random.Random(cuts)
    return Counter(judge_cut(before, steps[: people.randrange(len(steps) + 1)], people, kept) for _ in range(cuts))


def tell(capsys: pytest.CaptureFixture[str], name: str, steps: list[Step], seen: Counter[str]) -> None:
    """Print the figures of a campaign."""
    kinds = Counter(step.kind for step in steps)
    with capsys.disabled():
        print(f"\npower cuts, {name}: {dict(seen)}; recorded: {dict(kinds)}")


@CUTS
@pytest.mark.parametrize(("name", "autocheckpoint"), [("steady load", 1000), ("small checkpoints", 10)])
def test_a_cut_while_answers_come_in_loses_none_that_was_acknowledged(
    tmp_path: Path, name: str, autocheckpoint: int, cuts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, answers = tmp_path / "store", 200 if cuts == SHORT else 1200
    before = fresh(folder)
    steps = record(folder, str(folder / NAME), "FULL", str(autocheckpoint), "1", str(answers // 2), str(answers))
    seen = campaign(before, steps, cuts)
    tell(capsys, name, steps, seen)
    assert sum(step.kind == "ack" for step in steps) == answers - 1
    assert seen == {"good": cuts}


@pytest.mark.parametrize(("cuts", "held"), MIGRATIONS)
def test_a_cut_while_an_older_store_is_migrated_leaves_one_that_can_be_migrated_again(
    tmp_path: Path, held: int, cuts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, answers = tmp_path / "store", 100 if cuts == SHORT else 1000
    folder.mkdir()
    older_store(folder / NAME, held, answers)
    before = files_of(folder)
    steps = record(folder, str(folder / NAME), "FULL", "1000", *map(str, (answers, answers + 10, answers + 20)))
    seen = campaign(before, steps, cuts, set(range(answers)))
    tell(capsys, f"migration from {RELEASED[held - 1].stem}", steps, seen)
    assert seen == {"good": cuts}


def older_store(file: Path, held: int, answers: int) -> None:
    """Make a store as the release with `held` migrations left it, with answers in it."""
    database = Database(sqlite3.connect(file, isolation_level=None))
    database.execute("PRAGMA journal_mode=WAL")
    released = Migrations("ikm")
    for script in RELEASED[:held]:

        def apply(db: Database, script: Path = script) -> None:
            for statement in _statements(script.read_text("utf-8")):
                db.execute(statement)

        released(name=script.stem)(apply)
    released.apply(database)
    database.execute("INSERT INTO store VALUES (1, ?, 'real')", (OFFICE,))
    database.execute("BEGIN")
    for number in range(answers):
        database.execute(insert(), row(response(number), ARRIVAL))
    database.execute("COMMIT")
    database.close()


@CUTS
def test_an_answer_that_a_killed_server_left_unsynced_is_on_the_disk_before_it_is_said_to_be_known(
    tmp_path: Path, cuts: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, seen = tmp_path / "store", Counter[str]()
    people, file = random.Random(cuts), str(folder / NAME)
    for _ in range(rounds := cuts // SHORT):
        shutil.rmtree(folder, ignore_errors=True)
        before = fresh(folder)
        first = record(folder, file, "FULL", "1000", "1", "1", "100", stop_before_sync=people.randint(1, 6))
        known = sum(step.kind == "ack" for step in first) + 2  # those acknowledged, and one written but not synced
        again = record(folder, file, "FULL", "1000", "1", "1", str(known))  # the phones send the same once more
        steps = [*first, *again]
        seen += Counter(
            judge_cut(before, steps[: people.randrange(len(first), len(steps) + 1)], people, set())
            for _ in range(cuts // rounds)
        )
    tell(capsys, "killed before a sync, then sent again", steps, seen)
    assert set(seen) == {"good"}


@pytest.mark.parametrize(("synchronous", "fate"), [("NORMAL", "lost"), ("OFF", "corrupt")])
def test_the_simulation_finds_what_a_store_that_syncs_less_would_lose(
    tmp_path: Path, synchronous: str, fate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "store"
    before = fresh(folder)
    steps = record(folder, str(folder / NAME), synchronous, "20", "1", "100", "200")
    seen = campaign(before, steps, SHORT)
    tell(capsys, f"control {synchronous}", steps, seen)
    assert seen[fate] > 0
