"""`python -m scoring --help`: what every command does and takes, and what it needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scoring_samples import ALL, MAKLUMAT, NINE, WONOSOBO, part, rows_of, run, tally

from scoring import tally_json

HELP = {
    (): (
        "usage: python -m scoring [-h] table|explain|combine|counts ...",
        "Scoring for anyone: `python -m scoring < tally.json > result.json`; other commands read recap sheets, hitung",
        "table|explain|combine|counts table score a recap sheet (CSV): respondent by unsur, or one row of NRR explain",
        "explain name the rules that give a printed IKM for a recap sheet (CSV) combine",
        "combine combine the tallies of several offices: pooled, and their mean counts",
        "counts write the index of published counts (hitung.csv) step by step options:",
    ),
    ("table",): (
        "usage: python -m scoring table [-h] --instrument INSTRUMENT [--nrr] [--json] [--rule RULE]",
        f"--instrument INSTRUMENT {', '.join(ALL)} --nrr the file's one row is the NRR per unsur --json",
        "--json print JSON; figures are strings, decimal point --rule",
        "--rule RULE a rule of the instrument; default: the one it names --blank",
        "--blank {available,zero,complete} how blanks count; default: the one the instrument names",
    ),
    ("explain",): (
        "usage: python -m scoring explain [-h] --printed PRINTED --instrument INSTRUMENT [--nrr] [--json] file",
        "--printed PRINTED the IKM as printed, 90.56 --instrument",
    ),
    ("counts",): (
        "usage: python -m scoring counts [-h] [--periode PERIODE] [--layanan LAYANAN] [--rule RULE]",
        "--periode PERIODE default: the last in the file --layanan LAYANAN default: the whole office --rule RULE",
    ),
    ("combine",): ("usage: python -m scoring combine [-h] files [files ...]", "files tally.json of each office"),
}


@pytest.mark.parametrize("command", HELP)
def test_the_help_says_what_a_command_does_and_takes(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    done = run(*command, "--help")
    said = " ".join(done.stdout.decode().split())
    assert (done.returncode, [line for line in HELP[command] if line not in said]) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "lacking"),
    [
        (("table", str(WONOSOBO)), "--instrument"),
        (("explain", str(WONOSOBO), "--instrument", NINE), "--printed"),
        (("combine",), "files"),
        (("counts",), "file"),
    ],
)
def test_what_a_command_needs_and_was_not_given_is_named(arguments: tuple[str, ...], lacking: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().rstrip().endswith(f"the following arguments are required: {lacking}")


def test_what_is_printed_as_json_is_indented_and_keeps_its_letters(tmp_path: Path) -> None:
    file = tmp_path / "tally.json"
    file.write_text(tally_json.dump(tally(part(rows_of("444444444")), office="kérjo")), "utf-8")
    sheet = (str(WONOSOBO), "--instrument", MAKLUMAT, "--json")
    for arguments in (("combine", str(file)), ("table", *sheet), ("explain", *sheet, "--printed", "81.85")):
        printed = run(*arguments).stdout.decode()
        assert printed == json.dumps(json.loads(printed), ensure_ascii=False, indent=1) + "\n"
    assert "kérjo" in run("combine", str(file)).stdout.decode()


def test_a_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(b"U1\n\xe9\n")
    for file, sentence in (
        (tmp_path / "tiada.csv", f"Berkas {tmp_path / 'tiada.csv'} tidak ada. Periksa nama dan foldernya.\n"),
        (latin, f"Berkas {latin} tidak dapat dibaca: simpan sebagai CSV UTF-8.\n"),
        (tmp_path, f"Berkas {tmp_path} tidak dapat dibaca: [Errno 21] Is a directory: '{tmp_path}'.\n"),
    ):
        assert run("counts", str(file)).stderr.decode() == sentence
    empty = tmp_path / "kosong.csv"
    empty.write_text("\n", "utf-8")
    for command in (("counts",), ("explain", "--instrument", NINE, "--printed", "75"), ("table", "--instrument", NINE)):
        assert run(*command, str(empty)).stderr.decode() == "kosong.csv: tidak ada baris jawaban.\n"
