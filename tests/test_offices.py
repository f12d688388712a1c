"""The documents of many offices in one call: one line for each, one that fails is named and holds up no other."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from flow_samples import write_briefly
from publish_samples import answer, collect, office

import publish.__main__ as commands


def report(folder: Path) -> int:
    asked = ["report", "2026-10", "--offices", str(folder), "--rehearsal-day", "2026-10-25"]
    return commands.main(asked)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an office with a closed periode."""
    workspace = office(tmp_path_factory.mktemp("first") / "kantor")
    answer(workspace, 30)
    assert collect(workspace, "close", "2026-10") == 0
    write_briefly(workspace.periode_folder("2026-10"))
    return workspace.root


def test_every_office_of_a_folder_has_its_documents_and_a_line(
    first: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("a-kecamatan", "b-kelurahan"):
        shutil.copytree(first, tmp_path / name)
    (tmp_path / "bukan-kantor").mkdir()
    assert report(tmp_path) == 0
    printed = capfd.readouterr().out
    lines = re.findall(r"^\[\d/2\] ([\w-]+): 6 berkas dalam \d+,\d detik$", printed, re.MULTILINE)
    assert sorted(lines) == ["a-kecamatan", "b-kelurahan"]
    assert "Dokumen periode 2026-10: 2 dari 2 kantor" in printed
    one, other = (tmp_path / name / "data/periode/2026-10/laporan.pdf" for name in ("a-kecamatan", "b-kelurahan"))
    assert one.read_bytes() == other.read_bytes()


def test_offices_that_fail_are_named_and_the_others_are_done(
    first: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("a-rusak", "b-baik", "c-belum-tutup", "d-terkunci"):
        shutil.copytree(first, tmp_path / name)
    (tmp_path / "a-rusak" / "office.toml").write_text("id = ", "utf-8")
    shutil.rmtree(tmp_path / "c-belum-tutup" / "data")
    answer(office(tmp_path / "c-belum-tutup"), 5)
    place = tmp_path / "d-terkunci" / "data" / "periode"
    shutil.rmtree(place)
    place.write_text("sebuah berkas di tempat folder")
    assert report(tmp_path) == 2
    said = capfd.readouterr()
    assert "a-rusak: GAGAL. office.toml: tulisan TOML tidak dapat dibaca" in said.out
    assert "c-belum-tutup: GAGAL. Periode 2026-10 belum ditutup" in said.out
    assert "d-terkunci: GAGAL." in said.out
    assert "1 dari 4 kantor" in said.out
    assert "Dokumen 3 kantor belum tersusun: a-rusak, c-belum-tutup, d-terkunci." in said.err
    assert (tmp_path / "b-baik" / "data/periode/2026-10/laporan.pdf").exists()


def test_a_folder_without_an_office_is_said_to_be_one(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert report(tmp_path) == 2
    assert "tidak memuat folder kantor" in capfd.readouterr().err
