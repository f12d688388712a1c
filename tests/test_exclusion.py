"""An answer leaves the count only by an entry with a reason; it is never deleted, and the index with it is printed."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from publish_samples import answer, collect, office

from collector import counting
from collector.seal import recount
from collector.store import reading
from collector.workspace import Workspace
from publish import certainty
from scoring.response import receipt_code
from scoring.result import score
from scoring.tally import Tally

HEADING = "tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9\n"

pytestmark = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL


def tally(workspace: Workspace) -> Tally:
    with reading(workspace.store) as connection:
        return counting.tally(connection, workspace.office, workspace.office.periode("2026-10"))


def first_code(workspace: Workspace) -> str:
    with reading(workspace.store) as connection:
        return receipt_code(connection.execute("SELECT id FROM response ORDER BY seq").fetchone()[0])


def exclude(workspace: Workspace, *arguments: str) -> int:
    return collect(workspace, "exclude", *arguments, "--reason", "uji-coba", "--by", "staf")


@pytest.mark.parametrize("sealed", [False, True])
def test_an_excluded_answer_leaves_the_count_and_stays_in_the_store(tmp_path: Path, sealed: bool) -> None:
    workspace = office(tmp_path)
    answer(workspace, 30)
    whole = tally(workspace)
    if sealed:
        assert collect(workspace, "seal") == 0
    assert exclude(workspace, "--code", first_code(workspace)) == 0
    left = tally(workspace)
    assert (left.n, dict(left.excluded), sum(part.n for part in left.excluded_parts)) == (29, {"uji-coba": 1}, 1)
    result = score(left)
    assert result["excluded"]["ikm_with"] == score(whole)["ikm"]
    with reading(workspace.store) as connection:
        assert connection.execute("SELECT count(*) FROM response").fetchone()[0] == 30
        assert all(same for _, same in recount(connection, workspace.office.id))


def test_a_paper_sheet_is_excluded_by_its_file_and_number(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = tmp_path / "kertas.csv"
    file.write_text(f"{HEADING}2026-10-01,ktp{',4' * 9}\n2026-10-01,ktp{',1' * 9}\n", "utf-8")
    collect(workspace, "import", str(file))
    assert exclude(workspace, "--file", "kertas.csv", "--sheet", "2") == 0
    result = score(tally(workspace))
    assert (result["n_responden"], result["ikm"], result["excluded"]["ikm_with"]) == (1, "100.00", "62.50")
    assert certainty.excluded(result) == (
        "Satu jawaban dikeluarkan dari hitungan: uji coba 1. Nilai bila ikut dihitung tidak ditampilkan agar jawaban"
        " itu tidak dapat dihitung mundur."
    )


def test_excluding_twice_is_said_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    answer(workspace, 3)
    code = first_code(workspace)
    assert (exclude(workspace, "--code", code), exclude(workspace, "--code", code.lower())) == (0, 0)
    assert capsys.readouterr().out.splitlines() == [
        "Jawaban dikeluarkan dari hitungan dan dicatat.",
        "Jawaban itu sudah dikeluarkan sebelumnya.",
    ]
    assert tally(workspace).n == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--code", "0000-0000-00"), "Tidak ada jawaban dengan kode tanda terima 0000-0000-00"),
        (("--code", "bukan kode"), "Tidak ada jawaban"),
        (("--file", "kertas.csv", "--sheet", "1"), "Berkas kertas.csv tidak memiliki lembar nomor 1"),
        ((), "tidak memiliki lembar nomor 0"),
    ],
)
def test_an_answer_that_is_not_there_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    workspace = office(tmp_path)
    answer(workspace, 2, day=date(2026, 10, 2))
    assert exclude(workspace, *arguments) == 2
    assert words in capsys.readouterr().err


def test_nothing_excluded_is_said_too(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 12)
    assert certainty.excluded(score(tally(workspace))) == "Tidak ada jawaban yang dikeluarkan dari hitungan."
    assert json.loads(json.dumps(score(tally(workspace))["excluded"]["reasons"])) == {}
