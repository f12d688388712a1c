"""Recaps of other tools: recomputed, explained, kept beside the periode, and never counted as answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from import_samples import book, refusal, rows
from publish_samples import answer, collect, office

from collector import counting
from collector.recap_import import NAME
from collector.store import reading
from collector.workspace import Workspace
from scoring import tally_json
from scoring.instrument import built_in

NAMES = [unsur.nama for unsur in built_in("permenpanrb-14-2017").unsur]
SUMS = ["No", "Unsur Pelayanan", "Jumlah Nilai", "Jumlah Responden", "NRR", "NRR Tertimbang"]
GOOD = [[number, nama, 150 + number, 50, "=C2/D2", None] for number, nama in enumerate(NAMES, 1)]


def recap(workspace: Workspace, file: Path, *options: str, peta: str = "e-skm") -> int:
    return collect(workspace, "import-recap", "2026-10", str(file), "--map", peta, *options)


def counted(workspace: Workspace) -> str:
    with reading(workspace.store) as connection:
        return tally_json.dump(counting.tally(connection, workspace.office, workspace.office.periode("2026-10")))


def kept(workspace: Workspace) -> Any:
    return json.loads((workspace.periode_folder("2026-10") / NAME).read_text("utf-8"))


def test_a_recap_is_recomputed_explained_and_kept_apart_from_the_store(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    file = book(tmp_path, SUMS, *GOOD, [None, "Nilai IKM", None, None, None, 76.73], name="rekap.xlsx")
    assert recap(workspace, file, "--printed", "76,73") == 0
    said = capsys.readouterr().out
    assert "IKM 77,50  mutu B (Baik)  aturan exact\n" in said
    assert "76,73 dihasilkan oleh aturan: 0.11, 0.11-nrr-rounded, 0.11-products-rounded.\n" in said
    assert "tidak masuk basis data dan tidak masuk indeks kantor" in said
    assert [rows(workspace, table) for table in ("response", "batch", "day_tally")] == [[], [], []]
    held = kept(workspace)
    (found,) = held["recaps"]
    assert (held["format"], held["periode"], found["source"], found["kind"]) == (
        "rekap-luar/1",
        "2026-10",
        "E-SKM",
        "sums",
    )
    assert found["mark"].startswith("rekap impor: bukan jawaban")
    assert found["given"]["pengaduan"] == {"jumlah": "158", "n": "50"}
    assert (found["figures"]["ikm"], found["figures"]["mutu"], len(found["sha256"])) == ("77.50", "B", 64)


def test_the_index_of_the_office_is_the_same_with_and_without_a_recap(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 30)
    before = counted(workspace)
    assert recap(workspace, book(tmp_path, SUMS, *GOOD)) == 0
    assert counted(workspace) == before


def test_the_same_recap_stands_once_and_another_beside_it(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    first = book(tmp_path, SUMS, *GOOD, name="a.xlsx")
    other = book(tmp_path, SUMS, *[[*line[:2], 170, 50, None, None] for line in GOOD], name="b.xlsx")
    for file, printed in ((first, "70"), (first, "77.50"), (other, "85")):
        assert recap(workspace, file, "--printed", printed) == 0
    assert [(item["file"], item["printed"]) for item in kept(workspace)["recaps"]] == [
        ("a.xlsx", "77.50"),
        ("b.xlsx", "85"),
    ]
    (workspace.periode_folder("2026-10") / NAME).write_text("{}", "utf-8")
    assert recap(workspace, first) == 2


def test_words_beside_a_u_number_decide_which_unsur_a_row_is(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    lines = [[f"U{number}. {nama}", "3,10"] for number, nama in enumerate(NAMES, 1)]
    lines[7], lines[8] = ["U8 Sarana dan Prasarana", "3,50"], ["U9 Penanganan Pengaduan", 2.5]
    assert recap(workspace, book(tmp_path, ["Unsur", "NRR"], *lines), peta="e-sukma") == 0
    given = kept(workspace)["recaps"][0]["given"]
    assert (given["sarana"], given["pengaduan"]) == ({"nrr": "3,50"}, {"nrr": "2.5"})


def test_a_line_of_nrr_with_a_column_an_unsur_and_a_recap_of_counts_are_read(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    (tmp_path / "lebar.toml").write_text('kind = "nrr"\nsource = "X"\nignore = ["no"]\n', "utf-8")
    line = book(tmp_path, ["No", *(f"U{n}" for n in range(1, 10))], ["NRR", *["3,06"] * 9], name="a.xlsx")
    assert recap(workspace, line, peta=str(tmp_path / "lebar.toml")) == 0
    (tmp_path / "nilai.toml").write_text(
        'kind = "counts"\nsource = "X"\n[columns]\nkosong = ["Tidak dijawab"]\n', "utf-8"
    )
    counts = tmp_path / "b.csv"
    text = "\n".join(f"{nama};0;;10;30;1" for nama in (f'"{nama}"' for nama in NAMES))
    counts.write_text(f"Unsur;1;2;3;4;Tidak dijawab\n{text}\n", "utf-8")
    assert recap(workspace, counts, peta=str(tmp_path / "nilai.toml")) == 0
    assert [item["figures"]["ikm"] for item in kept(workspace)["recaps"]] == ["76.50", "93.75"]


def test_every_fault_of_a_recap_is_told_at_once_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    lines = [list(line) for line in GOOD]
    lines[0][2], lines[1][2], lines[2][1], lines[3][2] = "1.530", "=1+1", "Kenyamanan", 900
    lines[4][1] = NAMES[5]
    assert recap(workspace, book(tmp_path, SUMS, *lines, name="rekap.xlsx"), "--printed", "81") == 2
    assert capsys.readouterr().err.splitlines() == [
        "rekap.xlsx: 7 kesalahan; tidak ada yang dihitung atau disimpan. Betulkan lalu ulangi.",
        '- rekap.xlsx, baris 2, kolom C (Jumlah Nilai): "1.530" tidak sah; isi bilangan bulat tanpa titik atau koma.',
        '- rekap.xlsx, baris 3, kolom C (Jumlah Nilai): "=1+1" tidak sah; rumus tidak dibaca; salin sel itu, lalu '
        "tempel sebagai nilai.",
        '- rekap.xlsx, baris 4: "Kenyamanan" bukan unsur yang dikenal. Tulis pada [unsur] di e-skm.toml, atau pada '
        "ignore_rows bila tidak dipakai.",
        '- rekap.xlsx, baris 5, kolom C (Jumlah Nilai): "900" tidak sah; 50 jawaban berjumlah 50 sampai 200.',
        '- rekap.xlsx, baris 7, kolom B (Unsur Pelayanan): "Kompetensi Pelaksana" tidak sah; setiap unsur '
        "ditulis satu kali.",
        "- rekap.xlsx: baris untuk unsur Waktu Penyelesaian tidak ada.",
        "- rekap.xlsx: baris untuk unsur Produk Spesifikasi Jenis Pelayanan tidak ada.",
    ]
    assert not (workspace.periode_folder("2026-10") / NAME).exists()


def test_a_map_of_the_other_kind_is_refused_with_the_command_to_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, file = office(tmp_path), book(tmp_path, SUMS, *GOOD)
    assert "make import-recap" in str(refusal(workspace, file, peta="e-skm"))
    assert recap(workspace, file, peta="google-forms") == 2
    assert "ketik make import." in capsys.readouterr().err


def test_columns_that_a_recap_lacks_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    assert recap(workspace, book(tmp_path, ["Unsur", "NRR", "Nama Petugas"], ["Biaya", 3, "x"], name="r.xlsx")) == 2
    assert [line.partition(": ")[2].partition(".")[0] for line in capsys.readouterr().err.splitlines()[1:]] == [
        "kolom C (Nama Petugas) memuat data pribadi dan tidak boleh dibaca",
        "kolom untuk jumlah tidak ada",
        "kolom untuk n tidak ada",
    ]
