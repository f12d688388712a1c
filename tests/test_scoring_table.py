"""`python -m scoring table`: what an office gets for its recap sheet, from the outside."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from scoring_samples import ALL, ELEVEN, FOURTEEN, MAKLUMAT, NINE, POOLED, ROOT, WONOSOBO, run

from scoring.instrument import built_in, parse_instrument
from scoring.table import column_names, printed_names, profil_code, score_table

QUESTIONS = [question.id for question in built_in(NINE).questions]


def figures(file: str | Path, *options: str, instrument: str = NINE) -> dict[str, Any]:
    """Return what `--json` prints."""
    done = run("table", str(file), "--instrument", instrument, "--json", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    answer: dict[str, Any] = json.loads(done.stdout, parse_float=lambda token: pytest.fail(f"a float: {token}"))
    return answer


def score(text: str, instrument: str = NINE, *, nrr: bool = False, blank: str = "available") -> dict[str, Any]:
    return score_table("rekap.csv", text, built_in(instrument), "exact", blank, nrr=nrr)


@pytest.mark.parametrize(("blank", "ikm"), [("available", "81.85"), ("zero", "81.67"), ("complete", "81.80")])
def test_the_sheet_of_wonosobo_gives_the_figure_of_each_reading_of_blanks(blank: str, ikm: str) -> None:
    assert figures(WONOSOBO, "--blank", blank, instrument=MAKLUMAT)["ikm"] == ikm


def test_a_blank_leaves_the_divisor_of_its_unsur_and_of_no_other() -> None:
    unsur = {entry["number"]: entry for entry in figures(WONOSOBO)["unsur"]}
    assert (unsur["U5"]["n"], unsur["U5"]["blank"]) == (49, 1)
    assert {(entry["n"], entry["blank"]) for number, entry in unsur.items() if number != "U5"} == {(50, 0)}


def test_the_json_has_these_keys_and_figures_are_texts_with_a_decimal_point() -> None:
    answer = figures(WONOSOBO)
    assert list(answer) == [
        *("instrument", "rule", "blank", "n_responden", "nilai", "ikm", "ikm_exact", "mutu", "kinerja"),
        *("unsur", "indexes"),
    ]
    assert answer["n_responden"] == 50 and type(answer["n_responden"]) is int
    assert (answer["rule"], answer["blank"]) == ("exact", "available")
    assert re.fullmatch(r"[1-4]\.\d{3}", answer["nilai"])
    assert answer["ikm_exact"] == "72193/882"
    assert (answer["mutu"], answer["kinerja"]) == ("B", "Baik")
    assert answer["indexes"] == [
        {
            "id": "ikm",
            "nama": "Indeks Kepuasan Masyarakat",
            **{key: answer[key] for key in ("nilai", "ikm", "ikm_exact", "mutu", "kinerja")},
        }
    ]


def test_every_unsur_of_the_json_has_its_own_figures() -> None:
    first = figures(WONOSOBO)["unsur"][0]
    assert first == {
        "id": "persyaratan",
        "number": "U1",
        "nama": "Persyaratan",
        "n": 50,
        "blank": 0,
        "nrr": "3.060",
        "nrr_exact": "153/50",
        "bobot": "1/9",
        "nrr_tertimbang": "0.340",
        "konversi": "76.50",
        "mutu": "C",
        "kinerja": "Kurang baik",
    }


def test_the_exact_index_is_written_p_over_q_even_when_whole() -> None:
    assert score(f"{','.join(QUESTIONS)}\n4,4,4,4,4,4,4,4,4\n")["ikm_exact"] == "100/1"


def test_without_json_people_get_a_table_with_a_decimal_comma() -> None:
    done = run("table", str(WONOSOBO), "--instrument", NINE)
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 11
    assert lines[1].split() == ["U1", "Persyaratan", "50", "3,060", "0,340", "76,50", "C"]
    last = "IKM 81,85  mutu B (Baik)  aturan exact, 50 responden, jawaban kosong: available"
    assert lines[-1] == last


def test_without_json_an_undefined_figure_is_a_dash(tmp_path: Path) -> None:
    sheet = tmp_path / "rekap.csv"
    sheet.write_text(f"{','.join(QUESTIONS)}\n4,4,4,4,4,4,4,4,\n", "utf-8")
    lines = run("table", str(sheet), "--instrument", NINE).stdout.decode().splitlines()
    assert lines[8].split() == ["U8", "Penanganan", "Pengaduan,", "Saran", "dan", "Masukan", "0", "-", "-", "-", "-"]
    assert lines[-1].startswith("IKM -  mutu - (-)")


def test_an_unsur_without_any_answer_leaves_the_index_undefined_and_not_renormalised() -> None:
    answer = score(f"{','.join(QUESTIONS)}\n4,4,4,4,4,4,4,4,\n")
    assert [answer[key] for key in ("nilai", "ikm", "ikm_exact", "mutu", "kinerja")] == [None] * 5


def test_nrr_alone_give_an_index_without_any_number_of_respondents(tmp_path: Path) -> None:
    sheet = tmp_path / "nrr.csv"
    heading = ";".join(f"U{number}" for number in range(1, 15))
    values = "3,45;2,65;3,53;2,31;1,55;3,12;2,13;2,43;3,21;1,45;1,93;2,31;3,03;1,56"
    sheet.write_bytes(f"\ufeff{heading}\r\n{values}\r\n".encode())
    answer = figures(sheet, "--nrr", "--rule", "0.071-products-rounded", instrument=FOURTEEN)
    assert (answer["nilai"], answer["ikm"], answer["mutu"]) == ("2.462", "61.55", "C")
    assert (answer["n_responden"], answer["blank"]) == (None, None)
    assert {(entry["n"], entry["blank"]) for entry in answer["unsur"]} == {(None, None)}


def test_nrr_alone_are_printed_for_people_without_respondents(tmp_path: Path) -> None:
    sheet = tmp_path / "nrr.csv"
    sheet.write_text(f"{','.join(QUESTIONS)}\n{','.join(['3.5'] * 9)}\n", "utf-8")
    done = run("table", str(sheet), "--instrument", NINE, "--nrr")
    assert done.stdout.decode().splitlines()[-1] == "IKM 87,50  mutu B (Baik)  aturan exact"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sheet_reads_the_same_however_the_spreadsheet_saved_it(separator: str, mark: str, end: str) -> None:
    rows = [["no", *QUESTIONS], ["1", *"443343444"], ["2", *"33333 333"], ["", *[""] * 9]]
    text = mark + end.join(separator.join(row) for row in rows) + end
    assert score(text) == score(f"{','.join(QUESTIONS)}\n4,4,3,3,4,3,4,4,4\n3,3,3,3,3,,3,3,3\n")


def test_columns_may_be_named_by_question_in_any_order_and_case() -> None:
    turned = list(reversed(QUESTIONS))
    text = f"{','.join(name.upper() for name in turned)}\n1,2,3,4,4,3,2,1,1\n"
    assert score(text) == score(f"{','.join(QUESTIONS)}\n1,1,2,3,4,4,3,2,1\n")


def test_u8_is_pengaduan_and_u9_sarana_although_the_form_asks_them_the_other_way_round() -> None:
    text = f"{','.join(f'u{number}' for number in range(1, 10))}\n3,3,3,3,3,3,3,1,4\n"
    nrr = {entry["id"]: entry["nrr"] for entry in score(text)["unsur"]}
    assert (nrr["pengaduan"], nrr["sarana"]) == ("1.000", "4.000")
    assert QUESTIONS[-2:] == ["sarana", "pengaduan"]


@pytest.mark.parametrize("instrument", ALL)
def test_every_pack_takes_a_sheet_by_u_number(instrument: str) -> None:
    pack = built_in(instrument)
    heading = ",".join(f"U{unsur.number}" for unsur in pack.unsur)
    values = [number % 4 + 1 for number in range(len(pack.unsur))]
    answer = score(f"{heading}\n{','.join(map(str, values))}\n", instrument)
    assert [entry["nrr"] for entry in answer["unsur"]] == [f"{value}.000" for value in values]


def test_columns_that_every_recap_has_are_passed_over() -> None:
    heading = ["no", "tanggal", "layanan", "jenis_kelamin", *QUESTIONS, "saran"]
    row = ["1", "2026-10-01", "ktp", "L", *"444444444", "bagus; sekali"]
    assert score(f"{','.join(heading)}\n{','.join(row)}\n")["ikm"] == "100.00"


def test_a_text_over_two_lines_in_quotes_stays_one_row() -> None:
    text = f'{",".join(QUESTIONS)},saran\n4,4,4,4,4,4,4,4,4,"dua\nbaris"\n2,2,2,2,2,2,2,2,2,\n'
    assert score(text)["n_responden"] == 2


def test_eleven_unsur_print_the_index_of_nine_beside_their_own() -> None:
    heading = ",".join(f"U{number}" for number in range(1, 12))
    indexes = score(f"{heading}\n3,3,3,3,3,3,3,3,3,4,4\n", ELEVEN)["indexes"]
    assert [(index["id"], index["ikm"]) for index in indexes] == [("ikm", "79.55"), ("ikm-9", "75.00")]


def test_the_command_of_the_readme_prints_what_the_readme_says() -> None:
    readme = (ROOT / "scoring" / "README.md").read_text("utf-8")
    ((command, output),) = re.findall(r"^    \$ python (.*)\n((?:    [^$].*\n)+)", readme, re.MULTILINE)
    done = subprocess.run(f"{sys.executable} {command}", shell=True, cwd=ROOT, capture_output=True, check=True)
    assert done.stdout.decode().splitlines() == [line.strip() for line in output.splitlines()]


def test_an_unsur_with_several_questions_has_no_u_number_and_no_name_of_its_own_in_a_sheet() -> None:
    pack = parse_instrument("kecil.toml", POOLED)
    assert {name: column for name, column in column_names(pack).items() if name.startswith("u")} == {"u2": "jam"}
    names = printed_names(pack)
    assert (names["waktu"], names["u2 waktu"], names["jam"], names["loket"]) == ("jam", "jam", "jam", "loket")
    assert "sarana" not in names and "u1 sarana" not in names
    assert (names["nomor lembar"], names["jenis kelamin"]) == ("no", "jenis_kelamin")


def test_a_profile_is_named_by_its_code_or_in_words_and_what_is_neither_stays_in_capitals() -> None:
    gender = next(field for field in built_in(NINE).profil if field.id == "jenis_kelamin")
    assert [profil_code(gender, cell) for cell in ("L", "p", "Perempuan", " laki–laki ", "x")] == [
        "L",
        "P",
        "P",
        "L",
        "X",
    ]
