"""Migrations: every earlier schema with rows becomes the newest, old or new when killed in between, never older."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from http_samples import DAY, OFFICE
from publish_samples import ROOT, office
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations
from store_samples import everything, response

from collector.migrate import migrations
from collector.schema import SQL_FOLDER, insert, row
from collector.store import Arrival, open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError

FILES = sorted(SQL_FOLDER.glob("sqlite_*.sql"))
NAMES = [file.stem for file in FILES]
ROWS = 300
MEASURED_AGAIN = 20  # kills after which an uninterrupted migration is timed anew: other work comes and goes


def as_of(workspace: Workspace, version: int) -> None:
    """Put a store of the schema's first `version` steps, with rows, in place of the office's."""
    for file in workspace.store.parent.glob("responses.db*"):
        file.unlink()
    earlier = Migrations("ikm")
    for file in FILES[:version]:
        _register(earlier, file)
    with closing(sqlite3.connect(workspace.store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        earlier.apply(Database(connection))
        connection.execute("INSERT INTO store VALUES (1, ?, 'real')", (OFFICE,))
        connection.execute("BEGIN")
        for number in range(ROWS):
            answer = response(number, "Baik.")
            connection.execute(insert(), row(answer, Arrival(DAY, 10)))
            connection.execute("INSERT INTO saran (response, text) VALUES (?, ?)", (answer.id, "Baik."))
        if version >= 3:
            entry = (response(5).id, "ganda", "staf", "2026-10-02")
            connection.execute("INSERT INTO exclusion (response, reason, role, day) VALUES (?, ?, ?, ?)", entry)
        connection.execute("COMMIT")


def _register(earlier: Migrations, file: Path) -> None:
    from collector.migrate import _statements

    @earlier(name=file.stem)
    def apply(db: Database) -> None:
        for statement in _statements(file.read_text("utf-8")):
            db.execute(statement)


def held(path: Path, table: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY seq").fetchall()


def done(path: Path) -> list[str]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


@pytest.mark.parametrize("version", range(1, len(FILES) + 1), ids=lambda version: NAMES[version - 1])
def test_a_store_of_this_schema_with_rows_is_migrated_after_a_copy(tmp_path: Path, version: int) -> None:
    workspace = office(tmp_path)
    as_of(workspace, version)
    tables = ["response", "saran", *(["exclusion"] if version >= 3 else [])]
    before = {table: held(workspace.store, table) for table in tables}
    assert len(before["response"]) == ROWS
    open_store(workspace.store, OFFICE).close()
    assert done(workspace.store) == NAMES
    assert {table: held(workspace.store, table) for table in tables} == before
    with reading(workspace.store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    copies = list(workspace.data.glob("responses.db.sebelum-*"))
    if version == len(FILES):
        assert copies == []
        return
    (copy,) = copies
    assert copy.name.endswith(NAMES[version]) and done(copy) == NAMES[:version]
    assert {table: held(copy, table) for table in tables} == before


def test_a_migrated_store_takes_answers_and_exclusions_as_a_new_one_does(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    as_of(workspace, 3)
    store = open_store(workspace.store, OFFICE)
    assert store.add(response(ROWS + 1), Arrival(DAY, 11)) is True
    assert store.add(response(7), Arrival(DAY, 11)) is False
    assert store.exclude(response(5).id, "ganda", "staf", DAY) is False
    assert store.exclude(response(6).id, "ganda", "staf", DAY) is True
    with pytest.raises(sqlite3.IntegrityError, match="no such answer"):
        store.exclude(b"\x07" * 32, "ganda", "staf", DAY)
    store.close()
    assert len(everything(workspace.store)["exclusion"]) == 2


@pytest.mark.parametrize("known", ["sqlite_0099_later", "sqlite_9999_x"])
def test_a_store_that_a_later_version_changed_is_refused_and_stays_as_it_is(tmp_path: Path, known: str) -> None:
    workspace = office(tmp_path)
    with closing(sqlite3.connect(workspace.store, isolation_level=None)) as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('ikm', ?, '2030-01-01')", (known,)
        )
    before = done(workspace.store)
    with pytest.raises(IkmError) as refused:
        open_store(workspace.store, OFFICE)
    assert refused.value.code == "STORE_NEWER" and known in str(refused.value)
    assert done(workspace.store) == before and list(workspace.data.glob("*.sebelum-*")) == []


def begun(store: Path) -> subprocess.Popen[bytes]:
    """Return a process that has loaded all it needs and is about to open the store; it says a line when it has."""
    code = f"from pathlib import Path; from collector import migrate; from collector.store import open_store;\
 print(1, flush=True); open_store(Path({str(store)!r}), {OFFICE!r}); print(2, flush=True)"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def seconds_to_migrate(workspace: Workspace) -> float:
    """Return how long a migration that nothing stops takes at present."""
    as_of(workspace, 1)
    process, start = begun(workspace.store), time.monotonic()
    assert process.stdout is not None
    process.stdout.readline()
    taken = time.monotonic() - start
    process.communicate()
    assert process.returncode == 0 and done(workspace.store) == NAMES
    return taken


def killed_while_migrating(tmp_path: Path, kills: int) -> set[int]:
    """Kill a migration at random moments of it; return the numbers of steps that the file had afterwards."""
    people, seen = random.Random(8), set()
    workspace = office(tmp_path)
    for number in range(kills):
        if number % MEASURED_AGAIN == 0:
            window = seconds_to_migrate(workspace)
        as_of(workspace, 1)
        before = held(workspace.store, "response")
        process = begun(workspace.store)
        time.sleep(people.random() * window)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        steps = done(workspace.store)
        assert steps == NAMES[: len(steps)]  # each step whole, in their order, or not at all
        assert held(workspace.store, "response") == before
        seen.add(len(steps))
        open_store(workspace.store, OFFICE).close()
        assert done(workspace.store) == NAMES and held(workspace.store, "response") == before
    return seen


def test_a_migration_that_is_killed_leaves_the_old_or_the_new_and_runs_again(tmp_path: Path) -> None:
    assert killed_while_migrating(tmp_path, 12) <= set(range(1, len(FILES) + 1))


@pytest.mark.soak
def test_two_hundred_kills_leave_the_old_or_the_new(tmp_path: Path) -> None:
    assert len(killed_while_migrating(tmp_path, 200)) > 1


def test_the_names_of_the_migrations_are_those_of_their_files() -> None:
    assert [migration.name for migration in migrations.pending(Database(memory=True))] == NAMES
