"""What is typed wrong at a command: one sentence in Indonesian, and nothing is done."""

from __future__ import annotations

import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from publish_samples import ROOT, office

import collector.__main__ as collector_commands
import publish.__main__ as publish_commands
from collector.command import finish
from scoring.errors import IkmError


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["step", "2026-10", "susun", "--by", "bupati"],
            "BY: bupati tidak dikenal. Pilihannya camat, sekcam, kasi, verifikator-1, verifikator-2, staf.",
        ),
        (["step", "2026-10", "susun"], "BY belum diisi."),
        (["sign-edition", "2026-10", "--by", "lurah"], "BY: lurah tidak dikenal. Pilihannya camat, sekcam,"),
        (["minutes", "kemarin"], "DAY: kemarin tidak dapat dibaca; tulis tanggal seperti 2026-10-25."),
        (["datasette", "--port", "rumah"], "PORT: rumah tidak dapat dibaca; tulis bilangan bulat."),
        (["report", "2026-10", "lagi\nsatu"], "lagi satu tidak dikenal. Tidak ada yang dikerjakan"),
        ([], "belum diisi. Tidak ada yang dikerjakan."),
    ],
)
def test_a_command_typed_wrong_is_answered_in_indonesian(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        publish_commands.main(arguments)
    shown = capsys.readouterr()
    assert (ended.value.code, shown.out, shown.err.count("\n")) == (2, "", 1)
    assert said in shown.err


def test_every_command_of_the_collector_answers_in_indonesian_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        collector_commands.main(["serve", "--port", "x"])
    assert "PORT: x tidak dapat dibaca" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/dev/full", "Ruang disk habis. Jawaban dan yang sudah terbit tetap ada; kosongkan ruang"),
        (
            "/etc/hostname/laporan",
            "/etc/hostname/laporan tidak dapat dibaca atau ditulis: sebagian namanya bukan folder.",
        ),
        ("/etc", "/etc tidak dapat dibaca atau ditulis: ini folder, bukan berkas."),
    ],
)
def test_a_full_disk_and_a_folder_that_refuses_are_said_in_one_line(
    file: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert finish(Namespace(run=lambda _: Path(file).write_text("x"))) == 2
    shown = capsys.readouterr()
    assert said in shown.err and shown.err.count("\n") == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("STORE_FULL", "Ruang disk habis. Jawaban dan yang sudah terbit tetap ada; kosongkan ruang, lalu ulangi"),
        ("STORE_BUSY", "Basis data sedang dipakai perintah lain. Tidak ada yang berubah; ulangi perintah ini"),
        ("STORE_BROKEN", "yang sudah tersimpan tidak diubah. Ketik: make doctor"),
    ],
)
def test_a_clerk_is_not_told_of_the_store_in_the_words_for_a_citizen(
    code: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: Namespace) -> None:
        raise IkmError(code)

    assert finish(Namespace(run=refuse)) == 2
    shown = capsys.readouterr()
    assert said in shown.err and "kirim kembali" not in shown.err


def test_the_pages_of_an_office_whose_id_was_changed_are_not_said_to_lack_a_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "office.toml"
    text = (ROOT / "office.example.toml").read_text("utf-8")
    file.write_text(text, "utf-8")
    for command in (["paper-form"], ["site"]):
        assert publish_commands.main([*command, "--office", str(file)]) == 0
    file.write_text(text.replace('id = "kecamatan-teladan"', 'id = "kelurahan-umpama"'), "utf-8")
    capsys.readouterr()
    assert publish_commands.main(["site", "--office", str(file)]) == 2
    said = capsys.readouterr().err
    assert "milik kantor kecamatan-teladan, bukan kelurahan-umpama. Tidak ada yang berubah" in said
    assert "kembalikan id dalam office.toml" in said


def test_the_day_of_a_rehearsal_may_come_from_make(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    for day, ended in (("2026-10-24", 2), ("2026-10-25", 0)):
        close = [
            "make",
            "close",
            "PERIOD=2026-10",
            "EMPTY=1",
            f"OFFICE={workspace.root / 'office.toml'}",
            f"TODAY={day}",
        ]
        assert subprocess.run(close, cwd=ROOT, capture_output=True, check=False).returncode == ended


def test_a_command_that_make_does_not_know_is_said_in_indonesian() -> None:
    asked = subprocess.run(["make", "laporan"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert asked.returncode == 2
    assert asked.stderr.startswith(
        "Perintah make laporan tidak ada. Tidak ada yang dikerjakan; ketik make untuk daftar"
    )


def test_a_command_whose_reader_has_gone_says_so_and_shows_no_traceback() -> None:
    code = "from argparse import Namespace; from collector.command import finish; import sys\n"
    code += "sys.exit(finish(Namespace(run=lambda _: [print('x' * 200, flush=True) for _ in range(2000)])))"
    asked = subprocess.run(
        ["bash", "-c", '"$0" -c "$1" | head -1 >/dev/null; exit ${PIPESTATUS[0]}', sys.executable, code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (asked.returncode, asked.stderr.count("\n")) == (2, 1)
    assert "berhenti di tengah. Yang sudah tersimpan tetap ada" in asked.stderr


def test_a_day_that_is_none_is_called_as_it_was_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        collector_commands.main(["close", "2026-10", "--rehearsal-day", "kemarin"])
    assert capsys.readouterr().err.startswith("TODAY: kemarin tidak dapat dibaca; tulis tanggal seperti 2026-10-25.")


def test_a_fault_of_ours_is_not_taken_for_one_of_the_disk() -> None:
    with pytest.raises(FileNotFoundError):
        finish(Namespace(run=lambda _: Path("/tidak/ada").read_text()))
