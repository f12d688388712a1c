"""What is typed wrong at a command: one sentence in Indonesian, and nothing is done."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

import collector.__main__ as collector_commands
import publish.__main__ as publish_commands
from collector.command import finish


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


def test_a_fault_of_ours_is_not_taken_for_one_of_the_disk() -> None:
    with pytest.raises(FileNotFoundError):
        finish(Namespace(run=lambda _: Path("/tidak/ada").read_text()))
