"""The doctor and the checks before serving: each fault is found, said in a sentence, and told from a lesser one."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from http_samples import DAY, OFFICE, ask, free_port, server
from publish_samples import answer, collect, office

from collector import doctor, posters
from collector.backup import backup_folder, take
from collector.finding import GOOD
from collector.freeze import freeze
from collector.workspace import Workspace, office_clock

TODAY = "2026-10-02"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return an office with which everything is well."""
    made = office(tmp_path, {"contohkab.example": "contohkab.go.id", 'lambang = ""': 'lambang = "lambang.png"'})
    (made.root / "lambang.png").write_bytes(b"...")
    answer(made, 12, saran="Baik.")
    take(made, office_clock(made.office)(), backup_folder(made))
    freeze(made.office, made.site, DAY, rehearsal=True)
    (made.data / posters.FOLDER).mkdir()
    posters.keep(made.data / posters.FOLDER, made.office)
    return made


def found(workspace: Workspace, day: str = TODAY, port: int = 1) -> dict[str, tuple[str, str]]:
    findings = doctor.examine(workspace.root / "office.toml", "127.0.0.1", port, date.fromisoformat(day))
    return {item.name: (item.state, item.text) for item in findings}


def ill(workspace: Workspace, day: str = TODAY) -> dict[str, str]:
    """Return the state of every check that is not good, but for the server, which does not run."""
    return {name: state for name, (state, _) in found(workspace, day).items() if state != GOOD and name != "layanan"}


def test_a_healthy_office_has_nothing_to_mend_and_the_server_is_asked(workspace: Workspace) -> None:
    with server(workspace) as (port, _):
        findings = found(workspace, port=port)
    assert {state for state, _ in findings.values()} == {"baik"}
    assert len(findings) == 23
    assert found(workspace)["layanan"][0] == "perlu perhatian"


@contextmanager
def other_program(folder: Path) -> Iterator[int]:
    """Hold a server of files that is not ours, and that has one at the address of our health check."""
    (folder / "v1").mkdir(parents=True)
    (folder / "v1" / "health").write_text("sehat", "utf-8")
    port = free_port()
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 15
            while True:
                try:
                    assert ask(port, "GET", "/")[0] == 200
                    break
                except OSError:
                    assert time.monotonic() < end and process.poll() is None
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()


def test_a_port_where_nothing_or_something_else_answers_is_told_apart_from_a_server_that_is_ill(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = free_port()
    assert found(workspace, port=nobody)["layanan"] == (
        "perlu perhatian",
        f"tidak menjawab pada 127.0.0.1:{nobody}. Ketik: make serve, atau sebut portanya.",
    )
    with other_program(tmp_path / "lain") as port:
        for page in (tmp_path / "lain" / "v1" / "health", None):  # first an answer of 200, then of 404
            state, text = found(workspace, port=port)["layanan"]
            assert state == "perlu perhatian"
            assert text.startswith(f"yang menjawab pada 127.0.0.1:{port} program lain.") and "PORT=" in text
            if page:
                page.unlink()
    with socket.create_server(("127.0.0.1", 0)) as listener:  # no program of the web at all

        def hang_up() -> None:
            listener.accept()[0].close()

        refusing = threading.Thread(target=hang_up)
        refusing.start()
        assert found(workspace, port=listener.getsockname()[1])["layanan"][1].startswith("tidak menjawab")
        refusing.join()
    with server(workspace) as (port, _):
        workspace.store.write_bytes(b"x" * 9000)
        assert found(workspace, port=port)["layanan"] == (
            "rusak",
            f"menjawab 503 pada 127.0.0.1:{port}. Jalankan ulang, lalu periksa lagi.",
        )
    assert collect(workspace, "doctor", "--port", str(nobody), day=TODAY) == 2
    assert f"pada 127.0.0.1:{nobody}." in capsys.readouterr().out


def drop_page(workspace: Workspace) -> None:
    (workspace.site / "index.html").unlink()


def touch_office(workspace: Workspace) -> None:
    later = time.time() + 60
    os.utime(workspace.root / "office.toml", (later, later))


def write(workspace: Workspace, *changes: tuple[str, str]) -> None:
    """Change the text of office.toml, which stays as old as the pages: only its meaning is looked at."""
    file = workspace.root / "office.toml"
    text, made = file.read_text("utf-8"), file.stat().st_mtime
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    os.utime(file, (made, made))


def move(workspace: Workspace) -> None:
    write(workspace, ("https://survei.", "https://pindah."))


def move_alone(workspace: Workspace) -> None:
    write(workspace, ('survei = "https://survei.', 'survei = "https://pindah.'))


def copy_the_example(workspace: Workspace) -> None:
    write(workspace, ('transparansi = "https://skm.contohkab.go.id', 'transparansi = "https://skm.contohkab.example'))


def rename_layanan(workspace: Workspace) -> None:
    write(workspace, ('nama = "Kartu Keluarga"', 'nama = "Pembaruan Kartu Keluarga"'))


def add_officials(workspace: Workspace) -> None:
    write(workspace, ("usaha = 248", "usaha = 250"), ("Bagus Misalnya", "Budi Misalnya"))


def make_no_posters(workspace: Workspace) -> None:
    (workspace.data / posters.FOLDER / posters.FILE).unlink()


def break_posters(workspace: Workspace) -> None:
    (workspace.data / posters.FOLDER / posters.FILE).write_text("[", "utf-8")


def no_lambang(workspace: Workspace) -> None:
    write(workspace, ('lambang = "lambang.png"', 'lambang = ""'))


def lose_lambang(workspace: Workspace) -> None:
    (workspace.root / "lambang.png").unlink()


def corrupt(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.store) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'saran'").fetchone()
    content = bytearray(workspace.store.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\x55" * 4096
    workspace.store.write_bytes(content)


def forget_step(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.store) as connection:
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = 'sqlite_0006_destruction'")


def know_more(workspace: Workspace) -> None:
    with sqlite3.connect(workspace.store) as connection:
        row = ("ikm", "sqlite_0099_later", "2030-01-01")
        connection.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", row)


def other_office(workspace: Workspace) -> None:
    file = workspace.root / "office.toml"
    file.write_text(file.read_text("utf-8").replace(f'id = "{OFFICE}"', 'id = "kelurahan-lain"'), "utf-8")


def age_backup(workspace: Workspace) -> None:
    for file in backup_folder(workspace).iterdir():
        os.utime(file, (0, 0))


def no_backup(workspace: Workspace) -> None:
    for file in backup_folder(workspace).iterdir():
        file.unlink()


FAULTS: list[tuple[Callable[[Workspace], object], dict[str, str]]] = [
    (drop_page, {"halaman": "rusak"}),
    (touch_office, {"halaman": "perlu perhatian"}),
    (move, {"kode QR": "rusak", "poster": "perlu perhatian"}),
    (move_alone, {"kode QR": "rusak", "poster": "perlu perhatian", "alamat": "rusak"}),
    (copy_the_example, {"alamat": "perlu perhatian"}),
    (rename_layanan, {"poster": "perlu perhatian"}),
    (add_officials, {}),
    (make_no_posters, {"poster": "perlu perhatian"}),
    (break_posters, {"poster": "perlu perhatian"}),
    (no_lambang, {"lambang": "perlu perhatian"}),
    (lose_lambang, {"lambang": "rusak"}),
    (corrupt, {"isi basis data": "rusak"}),
    (forget_step, {"susunan basis data": "perlu perhatian"}),
    (know_more, {"susunan basis data": "rusak"}),
    (other_office, {"basis data": "rusak", "halaman": "perlu perhatian"}),
    (age_backup, {"cadangan": "perlu perhatian"}),
    (no_backup, {"cadangan": "perlu perhatian"}),
    (lambda workspace: workspace.store.chmod(0o644), {"hak akses": "perlu perhatian"}),
    (lambda workspace: workspace.store.chmod(0o666), {"hak akses": "rusak"}),
    (lambda workspace: workspace.store.unlink(), {"basis data": "rusak"}),
    (lambda workspace: workspace.store.write_bytes(b"x" * 9000), {"basis data": "rusak"}),
    (lambda workspace: (workspace.root / "office.toml").write_text("x"), {"office.toml": "rusak"}),
]


@pytest.mark.parametrize(
    ("fault", "expected"), FAULTS, ids=[fault.__name__ + str(n) for n, (fault, _) in enumerate(FAULTS)]
)
def test_this_fault_is_found(
    workspace: Workspace, fault: Callable[[Workspace], object], expected: dict[str, str]
) -> None:
    assert ill(workspace) == {}
    fault(workspace)
    assert ill(workspace) == expected


def test_the_example_is_told_by_the_keys_that_still_hold_its_addresses(workspace: Workspace) -> None:
    write(workspace, ("contohkab.go.id", "contohkab.example"))
    state, text = found(workspace)["alamat"]
    assert state == "perlu perhatian"
    assert text.startswith("public.survei, public.transparansi, kop.kontak masih alamat contoh")
    assert "make site" in text


def test_a_poster_is_named_that_says_something_else_and_one_whose_layanan_is_gone(workspace: Workspace) -> None:
    write(workspace, ('nama = "Kartu Keluarga"', 'nama = "KK"'), ('id = "pindah"', 'id = "pindah-datang"'))
    write(workspace, ("\npindah = ", "\npindah-datang = "))
    _, text = found(workspace)["poster"]
    changed, gone = text.split(". Ketik: make site, lalu cetak dan ganti. ")
    assert changed == "kk, pindah-datang, semua_layanan memuat nama atau alamat lain"
    assert gone.startswith("pindah milik layanan yang sudah tidak ada. Turunkan")


def test_days_change_what_is_due_and_a_clock_that_is_behind_is_broken(workspace: Workspace) -> None:
    assert ill(workspace, "2026-10-03") == {"segel harian": "perlu perhatian"}
    collect(workspace, "seal", day="2026-10-05")
    assert ill(workspace, "2026-10-05") == {}
    assert ill(workspace, "2026-10-04") == {"jam": "rusak"}
    assert ill(workspace, "2026-09-30") == {"jam": "rusak"}
    collect(workspace, "close", "2026-10", day="2026-10-25")
    assert ill(workspace, "2027-02-01")["retensi"] == "perlu perhatian"


def test_an_answer_of_tomorrow_shows_a_clock_that_was_wrong(workspace: Workspace) -> None:
    assert ill(workspace, "2026-09-30") == {"jam": "rusak"}


@pytest.mark.parametrize(
    ("kind", "expected"), [("nfs4", "rusak"), ("cifs", "rusak"), ("tmpfs", "rusak"), ("overlay", "perlu perhatian")]
)
def test_a_file_system_that_loses_answers_is_found(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, kind: str, expected: str
) -> None:
    monkeypatch.setattr(doctor, "file_system", lambda folder: kind)
    assert ill(workspace) == {"cakram": expected}


def test_little_space_and_a_large_log_are_found(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LITTLE_SPACE", (0, 1 << 62))
    assert ill(workspace) == {"ruang cakram": "perlu perhatian"}
    monkeypatch.setattr(doctor, "LITTLE_SPACE", (1 << 62, 1 << 62))
    assert ill(workspace) == {"ruang cakram": "rusak"}
    monkeypatch.undo()
    monkeypatch.setattr(doctor, "LARGE_WAL", -1)
    assert ill(workspace) == {"berkas WAL": "perlu perhatian"}


def test_a_program_that_documents_need_is_named_when_it_is_not_there(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    state, text = found(workspace)["program bantu"]
    assert state == "perlu perhatian"
    assert "pdftoppm tidak ada" in text and "zbarimg tidak ada" in text and "make env" in text


def test_every_finding_is_a_sentence_and_nothing_is_written(workspace: Workspace) -> None:
    before = {
        file: file.read_bytes() for file in workspace.root.rglob("*") if file.is_file() and "-shm" not in file.name
    }
    for state, text in found(workspace).values():
        assert state in {"baik", "perlu perhatian", "rusak"} and text[-1] in "./0123456789abcdefghijklmnopqrstuvwxyz"
    after = {
        file: file.read_bytes() for file in workspace.root.rglob("*") if file.is_file() and "-shm" not in file.name
    }
    assert {file: content for file, content in after.items() if content} == {
        file: content for file, content in before.items() if content
    }


def test_the_command_ends_with_0_only_when_nothing_is_broken(
    workspace: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert collect(workspace, "doctor", "--port", "1", day=TODAY) == 0
    drop_page(workspace)
    assert collect(workspace, "doctor", "--port", "1", day=TODAY) == 2
    said = capsys.readouterr()
    assert "\nrusak            halaman: " in said.out
    assert said.err == "Pemeriksaan menemukan 1 hal yang rusak; kerjakan petunjuk pada baris yang bertanda rusak.\n"
