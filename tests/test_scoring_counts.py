"""`python -m scoring counts`: the index of published counts, every step from the counts to the letter."""

from __future__ import annotations

import random
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from scoring_samples import ALL, ELEVEN, NINE, part, run, tally

from publish.opendata import hitung_csv, hitung_rows
from publish.withheld import public_part
from scoring.counts import Counted, group, read_counts
from scoring.errors import IkmError
from scoring.instrument import BLANKS, Instrument, built_in
from scoring.result import score
from scoring.steps import steps
from scoring.tally import Tally

HEAD = "periode,layanan,unsur,pertanyaan,nilai,n\n"


def drawn(pack: Instrument, *, people: int, blanks: int, seed: int) -> Tally:
    """Return the tally of made-up answers; so many of a hundred are left blank."""
    chance = random.Random(seed)
    scale = range(pack.low, pack.high + 1)
    rows = [
        [None if chance.randrange(100) < blanks else chance.choice(scale) for _ in pack.questions]
        for _ in range(people)
    ]
    return tally(part(rows, instrument=pack.id), instrument=pack.id, rule=pack.default_rule)


def published(counted: Tally) -> str:
    """Return the hitung.csv that is published of a tally."""
    public = public_part(score(counted), counted, [], date(2026, 10, 25))
    return hitung_csv(hitung_rows(public, counted))


def lines(pack: Instrument, **changes: int) -> list[str]:
    """Return the rows of a good file, ten people who all chose the best; `changes` are other counts by question."""
    return [
        f"2026-10,*,{question.unsur},{question.id},{value},{changes.get(question.id, 10) if value == '4' else 0}"
        for question in pack.questions
        for value in (*map(str, range(pack.low, pack.high + 1)), "")
    ]


def faults(text: str) -> list[str]:
    with pytest.raises(IkmError) as caught:
        read_counts("hitung.csv", text)
    return [fault.text for fault in caught.value.remarks] or [str(caught.value)]


@pytest.mark.parametrize("instrument", ALL)
def test_published_counts_give_the_index_of_the_tally_they_were_published_from(instrument: str) -> None:
    pack = built_in(instrument)
    for seed in range(5):
        counted = drawn(pack, people=40 + seed, blanks=seed * 3, seed=seed)
        groups = {item.layanan: item for item in read_counts("hitung.csv", published(counted))}
        assert set(groups) == {"*", "ktp"}
        assert groups["*"].pack is pack and groups["*"].part.answers == counted.parts[0].answers
        result = score(counted)
        said = steps("hitung.csv", groups["*"], pack.default_rule, counted.blank)
        assert f"setengah ke atas: {result['ikm'].replace('.', ',')}" in said
        assert f"6. Mutu {result['mutu']} ({result['kinerja']})" in said
        assert result["ikm_exact"] in said


@pytest.mark.parametrize("blank", BLANKS)
def test_every_step_follows_from_the_one_before(blank: str) -> None:
    pack = built_in(NINE)
    counted = Counted("2026-10", "*", pack, drawn(pack, people=30, blanks=0, seed=1).parts[0])
    said = steps("hitung.csv", counted, "exact", blank).splitlines()
    products = [Fraction(line.rpartition("= ")[2]) for line in said if " x 1/9 = " in line]
    assert len(products) == 9
    total = next(line for line in said if line.startswith("3. Jumlah"))
    assert Fraction(total.rpartition("= ")[2]) == sum(products)
    converted = next(line for line in said if line.startswith("4. x 25"))
    assert Fraction(converted.split(" = ")[1]) == 25 * sum(products)


def test_the_command_prints_the_steps_of_the_office_and_of_one_layanan(tmp_path: Path) -> None:
    file = tmp_path / "hitung.csv"
    file.write_text(published(drawn(built_in(NINE), people=40, blanks=0, seed=3)), "utf-8")
    done = run("counts", str(file))
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().startswith("hitung.csv, periode 2026-10, layanan *: 40 responden\n")
    rounded = run("counts", str(file), "--layanan", "ktp", "--rule", "0.11-products-rounded").stdout.decode()
    assert "layanan ktp: 40 responden" in rounded and "x bobot (dibulatkan 3 desimal)" in rounded
    assert "x 11/100 =" in rounded


def test_a_pack_with_two_indexes_shows_the_steps_of_both() -> None:
    pack = built_in(ELEVEN)
    said = steps("x.csv", Counted("2026-10", "*", pack, drawn(pack, people=12, blanks=0, seed=4).parts[0]), None, None)
    assert said.count("5. Dibulatkan 2 desimal") == 2
    assert all(index.nama in said for index in pack.indexes)


def test_an_unsur_without_an_answer_gives_no_index() -> None:
    pack = built_in(NINE)
    text = HEAD + "\n".join(lines(pack, waktu=0)).replace("waktu,waktu,,0", "waktu,waktu,,10")
    (counted,) = read_counts("x.csv", text)
    assert "Ada unsur tanpa jawaban, sehingga indeks tidak dapat dihitung." in steps("x.csv", counted, None, None)


def test_complete_is_refused_where_the_counts_do_not_tell_the_whole_forms() -> None:
    (counted, *_) = read_counts("x.csv", published(drawn(built_in(NINE), people=40, blanks=10, seed=5)))
    with pytest.raises(IkmError) as caught:
        steps("x.csv", counted, None, "complete")
    assert caught.value.code == "COUNTS_COMPLETE"


def test_a_wrong_cell_is_named_by_line_and_column() -> None:
    good = lines(built_in(NINE))

    def changed(place: int, row: str) -> list[str]:
        return faults(HEAD + "\n".join([*good[:place], row, *good[place + 1 :]]))

    start = "hitung.csv, baris 5, kolom"
    assert changed(3, "2026-10,*,persyaratan,persyaratan,4,sepuluh") == [
        f'{start} n: "sepuluh" tidak sah; isi bilangan bulat.'
    ]
    assert f'{start} nilai: "7" tidak sah; isi 1 sampai 4, atau kosongkan.' in changed(
        3, "2026-10,*,persyaratan,persyaratan,7,1"
    )
    assert f'{start} unsur: "waktu" tidak sah; isi persyaratan.' in changed(3, "2026-10,*,waktu,persyaratan,4,10")
    assert changed(3, "2026-10,*,persyaratan,syarat,4,10")[0].startswith(f'{start} pertanyaan: "syarat" tidak sah')
    assert f'{start} nilai: "3" tidak sah; setiap nilai hanya boleh satu baris.' in changed(3, good[2])


def test_a_file_that_is_cut_off_or_does_not_add_up_is_refused() -> None:
    good = lines(built_in(NINE))
    assert faults(HEAD + "\n".join(good[:-1])) == [
        "hitung.csv, periode 2026-10, layanan *: baris pertanyaan pengaduan dengan nilai (kosong) tidak ada."
    ]
    assert faults(HEAD + "\n".join(lines(built_in(NINE), waktu=9))) == [
        "hitung.csv, periode 2026-10, layanan *: jumlah n pertanyaan waktu adalah 9, padahal pertanyaan persyaratan "
        "berjumlah 10."
    ]
    assert faults(HEAD) == ["hitung.csv: tidak ada baris jawaban."]
    assert faults(HEAD.replace(",n\n", "\n") + "2026-10,*,a,a,1") == ["hitung.csv: kolom untuk n tidak ada."]
    assert faults(HEAD + "2026-10,*,harga,harga,1,3")[0].startswith("hitung.csv, periode 2026-10: pertanyaannya tidak")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--periode", "2026-09"), "hitung.csv: periode 2026-09 tidak ada. Yang ada: 2026-10.\n"),
        (("--layanan", "kk"), "hitung.csv: layanan kk tidak ada. Yang ada: *, ktp.\n"),
        (("--rule", "tebakan"), "Aturan hitung tebakan tidak ada pada instrumen"),
    ],
)
def test_what_is_asked_for_and_not_there_is_named(tmp_path: Path, options: tuple[str, ...], says: str) -> None:
    file = tmp_path / "hitung.csv"
    file.write_text(published(drawn(built_in(NINE), people=20, blanks=0, seed=6)), "utf-8")
    done = run("counts", str(file), *options)
    assert done.returncode == 2 and done.stderr.decode().startswith(says)


def test_empty_rows_are_passed_over_and_a_row_longer_than_the_heading_is_refused() -> None:
    good = lines(built_in(NINE))
    (counted,) = read_counts("x.csv", HEAD + "\n".join([*good[:4], ",,,,,", "", *good[4:]]))
    assert counted.part.n == 10
    assert faults(HEAD + good[0] + ",7") == ["hitung.csv, baris 2: isinya lebih banyak daripada kolom judul."]
    assert read_counts("x.csv", HEAD + "\n".join([good[0] + ", ,", *good[1:]]))[0].part == counted.part


def test_a_column_nobody_knows_or_that_comes_twice_is_named() -> None:
    row = lines(built_in(NINE))[0]
    assert faults(HEAD.replace(",n\n", ",n,umur\n") + row)[0].startswith("hitung.csv: kolom umur tidak dikenal.")
    assert faults(HEAD.replace(",n\n", ",n,\n") + row)[0].startswith("hitung.csv: kolom (kosong) tidak dikenal.")
    assert faults(HEAD.replace(",n\n", ",n,N\n") + row) == ["hitung.csv: kolom n tertulis dua kali."]


def test_columns_may_stand_in_any_order_and_case() -> None:
    pack = built_in(NINE)
    turned = [",".join(reversed(row.split(","))) for row in lines(pack)]
    (counted,) = read_counts("x.csv", " N ,NILAI,pertanyaan,unsur,layanan,periode\n" + "\n".join(turned))
    assert (counted.periode, counted.layanan, counted.pack.id, counted.part.n) == ("2026-10", "*", NINE, 10)
    assert counted.part.answers["waktu"] == (0, 0, 0, 10)
    assert (counted.part.complete, counted.part.complete_sums["waktu"], counted.blanks) == (10, 40, False)


def wrong(text: str) -> list[tuple[str, str, str]]:
    """Return code, field and sentence of every fault of a file, and see that the whole names it."""
    with pytest.raises(IkmError) as caught:
        read_counts("hitung.csv", text)
    assert str(caught.value).startswith(f"hitung.csv: {len(caught.value.remarks)} kesalahan;")
    return [(item.code, item.field, item.text) for item in caught.value.remarks]


def test_every_fault_of_the_counts_is_a_remark_on_its_column() -> None:
    pack = built_in(NINE)
    good = lines(pack)
    first, second = pack.questions[0].id, pack.questions[1].id
    where = "hitung.csv, periode 2026-10, layanan *"
    assert wrong(HEAD + "\n".join(good[1:])) == [
        ("COUNTS_ROW_MISSING", "n", f"{where}: baris pertanyaan {first} dengan nilai 1 tidak ada.")
    ]
    assert len(wrong(HEAD + "\n".join(good[5:]))) == 5
    assert wrong(HEAD + "\n".join(lines(pack, **{second: 9}))) == [
        (
            "COUNTS_TOTAL",
            "n",
            f"{where}: jumlah n pertanyaan {second} adalah 9, padahal pertanyaan {first} berjumlah 10.",
        )
    ]
    known = ", ".join(question.id for question in pack.questions)
    assert wrong(HEAD + "\n".join([*good, "2026-10,*,loket,loket,1,3"])) == [
        (
            *("TABLE_CELL", "pertanyaan"),
            f'hitung.csv, baris {len(good) + 2}, kolom pertanyaan: "loket" tidak sah; isi salah satu dari {known}.',
        )
    ]


def test_what_is_no_file_of_counts_is_refused_with_what_is_known() -> None:
    (sentence,) = faults(HEAD + "2026-10,*,loket,loket,1,3\n")
    assert f"instrumen mana pun ({', '.join(ALL)})" in sentence
    (sentence,) = faults(HEAD.replace("nilai", "angka") + "\n".join(lines(built_in(NINE))))
    assert "kolom angka tidak dikenal. Kolom yang dikenal: periode, layanan, unsur, pertanyaan, nilai, n." in sentence
    (sentence,) = faults("")
    assert sentence.startswith("hitung.csv: ")


def test_the_group_of_the_last_periode_is_taken_unless_another_is_named() -> None:
    rows = lines(built_in(NINE))
    months = [[row.replace("2026-10", f"2026-{month}") for row in rows] for month in ("08", "09", "10")]
    groups = read_counts("hitung.csv", HEAD + "\n".join(row for month in months for row in month))
    assert group("hitung.csv", groups, None, "*").periode == "2026-10"
    assert group("hitung.csv", groups, "2026-08", "*").periode == "2026-08"
    for periode, layanan, words in (
        ("2026-07", "*", "periode 2026-07 tidak ada. Yang ada: 2026-08, 2026-09, 2026-10."),
        ("2026-08", "kk", "layanan kk tidak ada. Yang ada: *."),
    ):
        with pytest.raises(IkmError) as caught:
            group("hitung.csv", groups, periode, layanan)
        assert str(caught.value) == f"hitung.csv: {words}"


def test_counts_with_a_blank_know_their_people_and_not_their_whole_forms() -> None:
    pack = built_in(NINE)
    text = HEAD + "\n".join(lines(pack, persyaratan=7)).replace("persyaratan,,0", "persyaratan,,3")
    (counted,) = read_counts("x.csv", text)
    found = counted.part
    assert (found.layanan, found.channel, found.n, found.complete) == ("*", "*", 10, 0)
    assert set(found.complete_sums.values()) == {0}
    (whole,) = read_counts("x.csv", HEAD + "\n".join(lines(pack)))
    assert (whole.part.complete, set(whole.part.complete_sums.values())) == (10, {40})


def test_what_a_rule_rounds_is_said_where_it_rounds_it_and_taken_further_rounded() -> None:
    pack = built_in(NINE)
    rows = [row.replace(",4,10", ",4,2").replace(",3,0", ",3,1") for row in lines(pack)]
    (counted,) = read_counts("x.csv", HEAD + "\n".join(rows))
    by_nrr = steps("x.csv", counted, "0.11-nrr-rounded", None).splitlines()
    assert "2. NRR (dibulatkan 2 desimal) x bobot" in by_nrr
    assert f"  {'U1 Persyaratan':<46} 3,67 x 11/100 = 4037/10000" in by_nrr
    assert "3. Jumlah = 36333/10000" in by_nrr
    by_index = steps("x.csv", counted, "exact-index-rounded", None).splitlines()
    assert "2. NRR x bobot" in by_index and "3. Jumlah (dibulatkan 3 desimal) = 3,667" in by_index


def test_an_unsur_without_an_answer_is_shown_with_a_dash_and_ends_the_steps() -> None:
    text = HEAD + "\n".join(lines(built_in(NINE), waktu=0)).replace("waktu,waktu,,0", "waktu,waktu,,10")
    (counted,) = read_counts("x.csv", text)
    said = steps("x.csv", counted, "exact", None).splitlines()
    assert any(line.endswith(" : 0 = 0 : 0 = tidak ada jawaban") for line in said)
    assert f"  {'U3 Waktu Penyelesaian':<46} - x 1/9 = -" in said
    assert said[-1] == "Ada unsur tanpa jawaban, sehingga indeks tidak dapat dihitung."
    with pytest.raises(IkmError, match=r"^x\.csv memuat jawaban kosong"):
        steps("x.csv", counted, "exact", "complete")


def test_a_row_of_the_counts_that_ends_early_is_blank_from_there() -> None:
    rows = lines(built_in(NINE))
    assert wrong(HEAD + "\n".join([rows[0].rpartition(",")[0], *rows[1:]])) == [
        ("TABLE_CELL", "n", 'hitung.csv, baris 2, kolom n: "" tidak sah; isi bilangan bulat.')
    ]
