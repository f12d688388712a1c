"""The journal of a periode: every line is bound to the one before; what was changed, moved or torn is named."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from publish import journal
from publish.journal import JOURNAL, Official, held
from scoring.errors import IkmError

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 10, 26, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
STAF = Official("Pengolah Data", "Andi Andaikan", "004")
SCRIPT = """
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo
from publish.journal import Official, held
for number in range(20):
    with held(Path(sys.argv[1]), "kantor", "2026-10") as book:
        now = datetime(2026, 10, 26, 10, tzinfo=ZoneInfo("Asia/Jakarta"))
        book.append(now, "susun", "done", "staf", Official("a", sys.argv[2], ""), note=str(number), rehearsal=True)
"""


def write(folder: Path, n: int = 3) -> list[bytes]:
    """Write `n` entries; return the lines."""
    for number in range(n):
        with held(folder, "kantor", "2026-10") as book:
            files = {"laporan.md": f"{number:064x}"}
            book.append(NOW, "susun", "done", "staf", STAF, note=f"catatan {number}", files=files, rehearsal=False)
    return (folder / JOURNAL).read_bytes().splitlines(keepends=True)


def broken(folder: Path, periode: str = "2026-10") -> str:
    """Return the sentence with which the journal is refused."""
    with pytest.raises(IkmError) as caught, held(folder, "kantor", periode):
        pass
    assert caught.value.code == "JOURNAL_BROKEN"
    return str(caught.value)


def test_what_was_entered_comes_back_with_time_zone_official_and_content(tmp_path: Path) -> None:
    write(tmp_path)
    with held(tmp_path, "kantor", "2026-10") as book:
        entry = book.entries[2]
        assert [past.seq for past in book.entries] == [1, 2, 3]
    assert (entry.time, entry.official, entry.note) == ("2026-10-26T10:00:00+07:00", STAF, "catatan 2")
    assert entry.files == {"laporan.md": f"{2:064x}"}


def test_a_line_is_canonical_json(tmp_path: Path) -> None:
    for line in write(tmp_path):
        values = json.loads(line)
        assert line == json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def test_any_changed_character_is_found(tmp_path: Path) -> None:
    whole = b"".join(write(tmp_path, 2))
    first = whole.index(b"\n") + 1
    missed = []
    for place in range(first):  # the last line is held by nothing but the head, which editions and archives keep
        if whole[place : place + 1] == b"\n":
            continue
        (tmp_path / JOURNAL).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            with held(tmp_path, "kantor", "2026-10"):
                missed.append(place)
        except IkmError as error:
            assert error.code == "JOURNAL_BROKEN"
    assert missed == []


def test_a_removed_a_moved_and_a_foreign_line_are_named(tmp_path: Path) -> None:
    lines = write(tmp_path)
    (tmp_path / JOURNAL).write_bytes(lines[0] + lines[2])
    assert "baris 2" in broken(tmp_path)
    (tmp_path / JOURNAL).write_bytes(lines[1] + lines[0] + lines[2])
    assert "baris 1" in broken(tmp_path)
    (tmp_path / JOURNAL).write_bytes(b"".join(lines))
    assert "baris 1" in broken(tmp_path, "2026-11")  # of another periode
    (tmp_path / JOURNAL).write_bytes(lines[0] + b"{}\n")
    assert "baris tidak terbaca" in broken(tmp_path)
    (tmp_path / JOURNAL).write_bytes(lines[0].replace(b'"seq":1', b'"seq": 1'))
    assert "bentuk baku" in broken(tmp_path)


@pytest.mark.parametrize("kept", [1, 40, -1])
def test_a_line_torn_by_a_power_cut_is_set_aside_and_nothing_else_is_lost(tmp_path: Path, kept: int) -> None:
    lines = write(tmp_path)
    (tmp_path / JOURNAL).write_bytes(lines[0] + lines[1] + lines[2][:kept])
    with held(tmp_path, "kantor", "2026-10") as book:
        assert [entry.seq for entry in book.entries] == [1, 2]
        assert book.torn is not None
        assert book.torn.read_bytes() == lines[2][:kept]
    assert (tmp_path / JOURNAL).read_bytes() == lines[0] + lines[1]
    with held(tmp_path, "kantor", "2026-10") as book:
        assert book.torn is None
        assert book.append(NOW, "susun", "done", "staf", STAF, rehearsal=False).seq == 3


def test_a_second_torn_line_does_not_replace_the_first(tmp_path: Path) -> None:
    write(tmp_path)
    for text in (b"{satu", b"{dua"):
        with (tmp_path / JOURNAL).open("ab") as file:
            file.write(text)
        with held(tmp_path, "kantor", "2026-10"):
            pass
    assert {file.read_bytes() for file in tmp_path.glob("jurnal-terputus-*.txt")} == {b"{satu", b"{dua"}


def test_time_does_not_run_backward(tmp_path: Path) -> None:
    write(tmp_path)
    with pytest.raises(IkmError) as caught, held(tmp_path, "kantor", "2026-10") as book:
        book.append(NOW.replace(day=25), "susun", "done", "staf", STAF, rehearsal=False)
    assert caught.value.code == "JOURNAL_CLOCK"
    assert len((tmp_path / JOURNAL).read_bytes().splitlines()) == 3


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    running = [
        subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path), name], cwd=ROOT) for name in ("satu", "dua")
    ]
    assert [process.wait() for process in running] == [0, 0]
    with held(tmp_path, "kantor", "2026-10") as book:
        written = [(entry.official.nama, entry.note) for entry in book.entries]
    assert sorted(written) == sorted((name, str(number)) for name in ("satu", "dua") for number in range(20))


def test_a_command_that_waits_too_long_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PATIENCE", 0.1)
    with held(tmp_path, "kantor", "2026-10"):
        with pytest.raises(IkmError) as caught, held(tmp_path, "kantor", "2026-10"):
            pass
        assert caught.value.code == "JOURNAL_BUSY"


def test_one_person_in_two_offices_is_one_person() -> None:
    acting = Official("Plt. Camat", "Bagus Misalnya", "002")
    assert acting.same_person(Official("Sekretaris Kecamatan", "Bagus Misalnya, S.Sos.", "002"))
    assert acting.same_person(Official("Sekretaris Kecamatan", "Bagus Misalnya", ""))
    assert not acting.same_person(Official("Camat", "Ratna Contohwati", ""))
    assert not Official("a", "Siti", "").same_person(Official("b", "Dewi", ""))
