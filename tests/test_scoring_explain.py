"""`python -m scoring explain`: which named rule gives the figure that another tool printed."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scoring_samples import FOURTEEN, MAKLUMAT, NINE, WONOSOBO, run, vectors

from scoring.errors import IkmError
from scoring.explain import explain
from scoring.instrument import built_in
from scoring.recap import read_recap


def explained(file: Path, printed: str, *options: str, instrument: str = NINE) -> dict[str, Any]:
    done = run("explain", str(file), "--instrument", instrument, "--printed", printed, "--json", *options)
    assert (done.returncode, done.stderr) == (0, b"")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def sheet(folder: Path, text: str) -> Path:
    file = folder / "rekap.csv"
    file.write_text(text, "utf-8")
    return file


def case_sheet(folder: Path, case: dict[str, Any]) -> tuple[Path, tuple[str, ...]]:
    """Return the input of a published case as a sheet, and the options that say what it is."""
    given, pack = case["input"], built_in(case["instrument"])
    numbers = [f"U{unsur.number}" for unsur in pack.unsur]
    if "file" in given:
        return WONOSOBO, ()
    if "sums" in given:
        rows = [f"{number},{total},{given['n']}" for number, total in zip(numbers, given["sums"], strict=True)]
        return sheet(folder, "\n".join(["unsur,jumlah,n", *rows])), ()
    values = given.get("nrr") or [given["all"]] * len(numbers)
    return sheet(folder, f"{','.join(numbers)}\n{','.join(values)}\n"), ("--nrr",)


@pytest.mark.parametrize("case", vectors("cases"), ids=lambda case: case["id"])
def test_every_published_figure_is_explained_by_the_rules_that_give_it(tmp_path: Path, case: dict[str, Any]) -> None:
    file, options = case_sheet(tmp_path, case)
    printed = case["ikm"] if "ikm" in case else case["printed"]
    answer = explained(file, printed, *options, instrument=case["instrument"])
    wanted = {
        way["rule"] if way["blank"] in (None, "available") else f"{way['rule']}/{way['blank']}"
        for way in case["reproduced_by"]
    }
    assert set(answer["reproduced_by"]) == wanted
    assert answer["nearest"] is not None


def test_a_figure_that_no_rule_gives_names_the_nearest_and_says_so(tmp_path: Path) -> None:
    file = sheet(tmp_path, "U1,U2,U3,U4,U5,U6,U7,U8,U9\n3.200,3.216,2.936,3.530,3.136,3.200,3.316,3.916,3.323\n")
    done = run("explain", str(file), "--nrr", "--instrument", NINE, "--printed", "81.71")
    first, *rows = done.stdout.decode().splitlines()
    assert first == "81,71 tidak dihasilkan oleh aturan mana pun; yang terdekat: 0.11."
    assert len(rows) == len(built_in(NINE).rules)


def test_blanks_counted_as_zero_are_recognised() -> None:
    assert explained(WONOSOBO, "81.667", instrument=MAKLUMAT)["reproduced_by"] == ["exact/zero"]


def test_a_printed_figure_may_have_a_decimal_comma(tmp_path: Path) -> None:
    file = sheet(tmp_path, "unsur;jumlah;n\n" + "\n".join(f"U{n};87;29" for n in range(1, 10)))
    assert "exact" in explained(file, "75,00")["reproduced_by"]


def test_a_recap_of_counts_is_read_with_its_blanks(tmp_path: Path) -> None:
    rows = [f"U{n},0,0,10,0,{2 if n == 1 else 0}" for n in range(1, 10)]
    file = sheet(tmp_path, "\n".join(["unsur,1,2,3,4,kosong", *rows]))
    assert explained(file, "75.00")["reproduced_by"] == ["exact", "exact-index-rounded"]
    assert "exact/zero" in explained(file, "73.61")["reproduced_by"]


def test_printed_nrr_of_two_decimals_leave_room_that_is_named_apart(tmp_path: Path) -> None:
    file = sheet(tmp_path, ",".join(f"U{n}" for n in range(1, 10)) + "\n" + ",".join(["3.33"] * 9) + "\n")
    answer = explained(file, "83.33", "--nrr")
    assert "exact" not in answer["reproduced_by"]
    assert "exact" in answer["within_rounding"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("unsur,jumlah\nU1,3\n", "kolom untuk n tidak ada"),
        ("unsur,jumlah,n\nU1,3,1\n", "baris untuk unsur prosedur tidak ada"),
        ("unsur,jumlah,n\nU99,3,1\n", "baris 2, kolom unsur"),
        ("unsur,jumlah,n\nU1,tiga,1\n", "baris 2, kolom jumlah"),
        ("unsur,jumlah,n,umur\nU1,3,1,4\n", "kolom umur tidak dikenal"),
    ],
)
def test_a_recap_with_a_fault_is_refused_by_its_cell(tmp_path: Path, text: str, code: str) -> None:
    done = run("explain", str(sheet(tmp_path, text)), "--instrument", NINE, "--printed", "75")
    assert done.returncode == 2
    assert code in done.stderr.decode()


def test_a_printed_figure_that_is_none_is_refused() -> None:
    done = run("explain", str(WONOSOBO), "--instrument", MAKLUMAT, "--printed", "baik")
    assert (done.returncode, done.stderr.decode()) == (2, "Angka tercetak baik tidak terbaca. Tulis misalnya 90.56.\n")


def test_the_worked_example_of_the_regulation_is_products_rounded(tmp_path: Path) -> None:
    values = "3.45 2.65 3.53 2.31 1.55 3.12 2.13 2.43 3.21 1.45 1.93 2.31 3.03 1.56".split()  # noqa: SIM905
    file = sheet(tmp_path, ",".join(f"U{n}" for n in range(1, 15)) + "\n" + ",".join(values) + "\n")
    answer = explained(file, "61.55", "--nrr", instrument=FOURTEEN)
    assert "0.071-products-rounded" in answer["reproduced_by"]


def test_an_unsur_without_an_answer_leaves_no_figure_to_be_nearest(tmp_path: Path) -> None:
    rows = [f"U{n},{0 if n == 3 else 87},{0 if n == 3 else 29}" for n in range(1, 10)]
    file = sheet(tmp_path, "\n".join(["unsur,jumlah,n", "", *rows]))
    answer = explained(file, "75.00")
    assert (answer["reproduced_by"], answer["within_rounding"], answer["nearest"]) == ([], [], None)
    entry = answer["rules"][0]
    assert (entry["ikm"], entry["ikm_exact"], entry["mutu"], entry["distance"]) == (None, None, None, None)
    assert (entry["reproduces"], entry["possible"]) == (False, False)
    said = run("explain", str(file), "--instrument", NINE, "--printed", "75.00").stdout.decode().splitlines()
    assert said[1] == f"{'exact':<28}{'-':>10}  -   selisih {'-':>8}  tidak"


def test_people_read_the_verdict_first_and_then_one_line_a_rule(tmp_path: Path) -> None:
    file = sheet(tmp_path, ",".join(f"U{n}" for n in range(1, 10)) + "\n" + ",".join(["3.33"] * 9) + "\n")
    done = run("explain", str(file), "--nrr", "--instrument", NINE, "--printed", "83.33")
    assert done.returncode == 0
    first, second, *_ = done.stdout.decode().splitlines()
    assert first == "83,33 tidak dihasilkan oleh aturan mana pun; yang terdekat: exact."
    assert second == f"{'exact':<28}{'83,25':>10}  B   selisih   0,0800  mungkin"
    same = run("explain", str(file), "--nrr", "--instrument", NINE, "--printed", " 83.25 ").stdout.decode()
    assert same.startswith("83,25 dihasilkan oleh aturan: exact, ")
    assert f"\n{'exact':<28}{'83,25':>10}  B   selisih   0,0000  ya\n" in same


def test_answers_outside_the_scale_are_refused_by_their_cells(tmp_path: Path) -> None:
    file = sheet(tmp_path, ",".join(f"U{n}" for n in range(1, 10)) + "\n" + "4,4,4,4,4,4,4,4,7\n")
    done = run("explain", str(file), "--instrument", NINE, "--printed", "75")
    assert done.returncode == 2
    assert "1 kesalahan" in done.stderr.decode() and "baris 2, kolom sarana" in done.stderr.decode()


def test_a_printed_figure_has_at_most_three_digits_and_six_decimals() -> None:
    for printed, code in (("81.666667", 0), ("100", 0), ("81.6666667", 2), ("1000", 2), ("81.", 2), (".5", 2), ("", 2)):
        done = run("explain", str(WONOSOBO), "--instrument", MAKLUMAT, f"--printed={printed}")
        assert done.returncode == code, printed


UNSUR = [f"U{n}" for n in range(1, 10)]
KNOWN = "Kolom yang dikenal: 1, 2, 3, 4, jumlah, kosong, n."
ONCE = "isi id unsur atau nomor U, masing-masing satu kali."


def refusal(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the sentence of a refused recap, and field and sentence of each fault."""
    with pytest.raises(IkmError) as caught:
        explain("rekap.csv", text, built_in(NINE), "75", nrr=False)
    return str(caught.value), [(fault.field, fault.text) for fault in caught.value.remarks]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "rekap.csv: tidak ada baris jawaban."),
        ("unsur,umur,jumlah,n\nU1,4,3,1\n", f"rekap.csv: kolom umur tidak dikenal. {KNOWN}"),
        ("unsur,jumlah,n,\nU1,3,1,\n", f"rekap.csv: kolom (kosong) tidak dikenal. {KNOWN}"),
        ("unsur,jumlah\nU1,3\n", "rekap.csv: kolom untuk n tidak ada."),
        ("unsur,1,2,4\nU1,3,3,3\n", "rekap.csv: kolom untuk 3 tidak ada."),
        ("unsur,jumlah,n\nU1,3,1\n", "rekap.csv: baris untuk unsur prosedur tidak ada."),
    ],
)
def test_a_recap_that_lacks_something_is_refused_in_one_whole_sentence(text: str, sentence: str) -> None:
    assert refusal(text) == (sentence, [])


def test_every_fault_of_a_recap_is_told_at_once_by_row_and_column() -> None:
    sentence, faults = refusal("unsur,jumlah,n\nU99,3,1\nU1,tiga,1.5\n,,\nu1,3,1\nU2,3,-1\n")
    assert sentence.startswith("rekap.csv: 5 kesalahan;")
    assert faults == [
        ("unsur", f'rekap.csv, baris 2, kolom unsur: "U99" tidak sah; {ONCE}'),
        ("jumlah", 'rekap.csv, baris 3, kolom jumlah: "tiga" tidak sah; isi bilangan bulat.'),
        ("n", 'rekap.csv, baris 3, kolom n: "1.5" tidak sah; isi bilangan bulat.'),
        ("unsur", f'rekap.csv, baris 5, kolom unsur: "u1" tidak sah; {ONCE}'),
        ("n", 'rekap.csv, baris 6, kolom n: "-1" tidak sah; isi bilangan bulat.'),
    ]


def test_a_cell_left_out_of_a_recap_counts_nobody() -> None:
    rows = ["U1,,,10,5,2", "U2,5", *(f"{name},0,0,10,0" for name in UNSUR[2:])]
    ways = read_recap("rekap.csv", "\n".join(["unsur,1,2,3,4,kosong", *rows]), built_in(NINE))
    first, second, third, *_ = ways["available"].values()
    assert (first, second, third) == (Fraction(50, 15), 1, 3)
    assert list(ways["zero"].values())[:2] == [Fraction(50, 17), 1]
    sums = read_recap(
        "rekap.csv", "\n".join(["unsur,jumlah,n", "U1,30", *(f"{u},30,10" for u in UNSUR[1:])]), built_in(NINE)
    )
    assert (sums["available"]["persyaratan"], sums["available"]["prosedur"]) == (None, 3)


def test_a_recap_that_counts_each_value_may_carry_a_column_of_sums_too() -> None:
    text = "\n".join(["unsur,1,2,3,4,jumlah", *(f"{name},0,0,10,0,30" for name in UNSUR)])
    assert set(read_recap("rekap.csv", text, built_in(NINE))["available"].values()) == {3}


def reached(nrr: str, printed: str, rule: str = "exact") -> bool:
    """Say whether a printed figure lies within what the rounding of the printed NRR may have taken."""
    text = ";".join(UNSUR) + "\n" + ";".join([nrr] * 9) + "\n"
    answer = explain("rekap.csv", text, built_in(NINE), printed, nrr=True)
    return next(bool(entry["possible"]) for entry in answer["rules"] if entry["name"] == rule)


def test_what_rounding_may_have_taken_is_half_a_unit_of_every_nrr_and_of_the_printed_figure() -> None:
    """An NRR of 3.33 may be 0.005 off, times 25 that is 0.125; the figure itself half of its last decimal."""
    assert [reached("3,33", printed) for printed in ("83.38", "83.39", "83.12", "83.11")] == [True, False, True, False]
    assert [reached("3,3330", printed) for printed in ("83.3263", "83.3264")] == [True, False]
    assert [reached("3,33", printed, "0.11") for printed in ("82.5412", "82.5425")] == [True, False]
    assert [reached("3", printed) for printed in ("75.00", "75.01", "75")] == [True, False, True]
    counts = "\n".join(["unsur,jumlah,n", *(f"{name},30,10" for name in UNSUR)])
    (first, *_) = explain("rekap.csv", counts, built_in(NINE), "75.01", nrr=False)["rules"]
    assert first["possible"] is False


def test_without_a_blank_every_rule_is_tried_once_and_with_one_three_times() -> None:
    sheet_of = ";".join(UNSUR) + "\n" + "3;3;3;3;3;3;3;3;{}\n"
    tried = {
        last: explain("r.csv", sheet_of.format(last), built_in(NINE), "75", nrr=False)["rules"] for last in ("3", "")
    }
    assert [len(rules) for rules in tried.values()] == [len(built_in(NINE).rules), 3 * len(built_in(NINE).rules)]


@pytest.mark.parametrize("nrr", [False, True])
def test_a_wrong_cell_of_a_sheet_is_named_with_the_file(nrr: bool) -> None:
    with pytest.raises(IkmError) as caught:
        explain("rekap.csv", ";".join(UNSUR) + "\n" + ";".join("444444447") + "\n", built_in(NINE), "75", nrr=nrr)
    assert str(caught.value).startswith("rekap.csv: 1 kesalahan;")
    assert caught.value.remarks[0].text.startswith('rekap.csv, baris 2, kolom sarana: "7"') or nrr
    with pytest.raises(IkmError, match=r"^rekap\.csv: kolom umur tidak dikenal"):
        explain("rekap.csv", "umur\n4\n", built_in(NINE), "75", nrr=nrr)
