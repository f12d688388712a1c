"""Before serving: what would lose answers keeps the server from starting; practice never reaches the real store."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from http_samples import DAY, OFFICE, free_port, start
from publish_samples import ROOT, answer, collect, office

from collector import startup
from collector.freeze import freeze
from collector.startup import file_system
from collector.store import create
from collector.workspace import Workspace, load


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an office that could serve."""
    made = office(tmp_path)
    answer(made, 12)
    freeze(made.office, made.site, DAY, rehearsal=True)
    return made


def served(workspace: Workspace) -> tuple[int, str]:
    """Start the server with the day of the clock; return how it ended at once."""
    process = start(workspace, free_port())
    try:
        _, err = process.communicate(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return process.returncode, err


def test_a_clock_before_the_last_seal_keeps_the_server_from_starting(workspace: Workspace) -> None:
    future = date.today() + timedelta(days=3)  # noqa: DTZ011
    collect(workspace, "seal", day=future.isoformat())
    code, err = served(workspace)
    assert (code, err.count("\n")) == (2, 1)
    assert err.startswith("Jam komputer menunjukkan ") and "sudah disegel" in err


def test_a_store_that_anybody_may_write_keeps_the_server_from_starting(workspace: Workspace) -> None:
    workspace.store.chmod(0o666)
    assert served(workspace) == (2, startup.IkmError("FILE_OPEN", file=workspace.store).lines + "\n")


def test_network_file_systems_are_refused_and_memory_for_real_answers_only(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, rehearsal, refused in (
        ("nfs4", True, True),
        ("tmpfs", True, False),
        ("tmpfs", False, True),
        ("xfs", False, False),
    ):
        monkeypatch.setattr(startup, "file_system", lambda folder, kind=kind: kind)
        if refused:
            with pytest.raises(startup.IkmError) as error:
                list(startup.before_serving(workspace, rehearsal=rehearsal, day_is_set=False))
            assert error.value.code == "FOLDER_UNSAFE" and kind in str(error.value)
        else:
            assert list(startup.before_serving(workspace, rehearsal=rehearsal, day_is_set=False)) == []
    workspace.store.chmod(0o644)
    (warning,) = startup.before_serving(workspace, rehearsal=True, day_is_set=False)
    assert warning.startswith("Perlu perhatian: ") and "chmod o-rwx" in warning


def test_the_file_system_is_that_of_the_nearest_mount(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /srv/data\\040survei nfs4 rw 0 0\n"
        "tmpfs /srv tmpfs rw 0 0\n/dev/sdb1 /srv xfs rw 0 0\n",
        "utf-8",
    )
    monkeypatch.setattr(startup, "MOUNTS", mounts)
    assert file_system(Path("/srv/data survei/kantor")) == "nfs4"
    assert (file_system(Path("/srv/lain")), file_system(Path("/home"))) == ("xfs", "ext4")
    monkeypatch.setattr(startup, "MOUNTS", tmp_path / "tidak-ada")
    assert file_system(Path("/srv")) == ""


def test_the_server_loads_neither_doctor_nor_backup_nor_what_makes_documents() -> None:
    code = "import sys, collector.wsgi, collector.serve; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {
        "collector.doctor",
        "collector.backup",
        "collector.retention",
        "collector.outage",
        "qrcode",
        "weasyprint",
        "datasette",
        "psycopg",
    }
    assert heavy & set(loaded) == set()


# rehearsal


def test_a_rehearsal_has_a_store_of_its_own_that_no_command_turns_into_a_real_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = office(tmp_path, {'data = "data"': 'data = "simpanan"'})
    written = (tmp_path / "office.toml").read_text("utf-8")
    (tmp_path / "office.toml").write_text(
        written.replace('store = ""', 'store = "postgresql://basisdata/ikm"'), "utf-8"
    )
    file = tmp_path / "simpanan" / "gladi" / "office.toml"
    assert collect(real, "rehearsal") == 0
    assert f"OFFICE={file}" in capsys.readouterr().out
    rehearsal = load(file)
    assert rehearsal.store == file.parent / "data" / "responses.db"
    create(rehearsal.store, OFFICE, "real").close()
    with sqlite3.connect(rehearsal.store) as connection:
        assert connection.execute("SELECT kind FROM store").fetchone() == ("rehearsal",)
    answer(rehearsal, 12)
    collect(rehearsal, "close", "2026-10")
    capsys.readouterr()
    assert collect(rehearsal, "tally", "2026-10") == 0
    assert '"rehearsal": true' in capsys.readouterr().out
    assert collect(real, "rehearsal") == 0  # a second time changes nothing
    assert len(list((file.parent / "data").glob("responses.db"))) == 1
    monkeypatch.setenv("IKM_STORE", "postgresql://basisdata/ikm")  # the real one; practice never reaches it
    assert collect(real, "rehearsal") == 0
    assert load(file).store == file.parent / "data" / "responses.db" != real.store
    monkeypatch.chdir(file.parent)
    assert load(Path("office.toml")).store == Path("data", "responses.db")
