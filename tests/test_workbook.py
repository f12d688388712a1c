"""The recap workbook: recomputed by another program it says what result.json says; no text in it is a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from published_office import OCTOBER, TODAY, fill, make_office, publish
from scoring_samples import ALL, ELEVEN, MAKLUMAT, NINE, WONOSOBO, part, rows_of, tally
from workbook_samples import by_formulas, check, check_all, made_up, tied, values, whole

from collector.workspace import Workspace
from publish.__main__ import main
from publish.cells import Sheet, at
from publish.opendata import HITUNG
from publish.rekap import MOST_ROWS, REHEARSAL, SORTED, TOO_FEW, TOO_MANY, WHOLE_FORMS, sheets
from publish.withheld import public_part
from publish.workbook import REKAP, office_workbook, public_workbook, render
from scoring.group import Group
from scoring.instrument import BLANKS, built_in, parse_instrument
from scoring.result import score
from scoring.table import read_answers, read_table
from scoring.tally import Tally, count_rows

RULES = [(name, rule.id) for name in ALL for rule in built_in(name).rules]
# Every pack, every place at which is rounded, every treatment of blanks, and an unsur that nobody answered.
OFTEN = [RULES.index(pair) for pair in (
    ("kepmenpan-25-2004", "0.071-products-rounded"),
    ("permenpanrb-14-2017", "0.111"),
    ("permenpanrb-14-2017", "0.11-nrr-rounded"),
    ("permenpanrb-16-2014", "exact-index-rounded"),
    ("sukma-jatim-11", "exact"),
)]  # fmt: skip
CASES = [
    pytest.param(place, *pair, marks=() if place in OFTEN else pytest.mark.soak) for place, pair in enumerate(RULES)
]
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x")', "#N/A", "a\x00\x0bb\x1f=1", "&P <b>")


def cells_of(content: bytes, tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "r.xlsx").write_bytes(content)
    return dict(values(tmp_path / "r.xlsx"))


def texts(content: bytes) -> str:
    """Return all text of a workbook."""
    book = load_workbook(io.BytesIO(content))
    return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None)


@pytest.mark.parametrize(("place", "instrument", "rule"), CASES)
def test_every_figure_recomputed_is_that_of_the_result(place: int, instrument: str, rule: str, tmp_path: Path) -> None:
    made = made_up(instrument, rule, BLANKS[place % 3], place)
    result = score(made)
    found = by_formulas(office_workbook(result, made), tmp_path)
    assert ("Responden" in found) == (made.blank != "complete")
    assert check_all(found, result) >= 40


@pytest.mark.parametrize(
    ("n", "total", "ikm"),
    [(40, 131, "81.88"), (200, 461, "57.63"), pytest.param(1000, 3271, "81.78", marks=pytest.mark.soak)],
)
def test_half_of_the_last_digit_is_rounded_up_as_the_result_does(n: int, total: int, ikm: str, tmp_path: Path) -> None:
    made = tied(NINE, "exact", n, total)
    result = score(made)
    assert result["ikm"] == ikm
    check_all(by_formulas(office_workbook(result, made), tmp_path), result)


def test_a_half_that_binary_holds_as_a_little_less_is_rounded_up() -> None:
    assert at("A1", 2) == "ROUND(ROUND((A1)*100,8),0)/100"
    assert 1.005 * 100 < 100.5 and round(1.005 * 100, 8) == 100.5


def test_the_fifty_published_answers_of_wonosobo_give_their_published_recount(tmp_path: Path) -> None:
    pack = built_in(MAKLUMAT)
    names, rows = read_table("wonosobo.csv", WONOSOBO.read_text("utf-8"), pack)
    answers, remarks = read_answers("wonosobo.csv", rows, pack)
    assert names and not remarks
    made = tally(part(answers, instrument=MAKLUMAT), instrument=MAKLUMAT)
    result = score(made)
    assert result["ikm"] == "81.85"
    assert check_all(by_formulas(office_workbook(result, made), tmp_path), result) > 120


def test_several_questions_may_feed_one_unsur(tmp_path: Path) -> None:
    (source,) = (Path(__file__).parent.parent / "scoring" / "instruments").glob(f"{NINE}.toml")
    text = source.read_text("utf-8")
    block = text[text.index('[[question]]\nid = "waktu"') :].partition("\n\n")[0]
    second = block.replace('id = "waktu"', 'id = "antre"')
    pack = parse_instrument("x.toml", text.replace(block, f"{block}\n\n{second}"))
    answers = [
        [(line * 3 + place * 5) % 4 + 1 if (line + place) % 9 else None for place in range(10)] for line in range(25)
    ]
    counted = count_rows(answers, [question.id for question in pack.questions], 1, 4, "ktp")
    made = tally(counted)
    for blank in BLANKS:
        group = Group(pack, counted, pack.rule("0.11-products-rounded"), blank, None)
        result = {**score(tally(whole(25))), **group.fields(), "blank": blank, "layanan": []}
        held = sheets(result, replace(made, rule="0.11-products-rounded", blank=blank), pack, (), rows=True)
        found = by_formulas(render(held, "x", "y", date(2026, 10, 24)), tmp_path)
        check_all(found, result, pack)


def test_each_column_of_answers_is_sorted_by_itself_so_that_no_line_is_a_person(tmp_path: Path) -> None:
    answers = rows_of("4-1232143 143234112 232344-21 333333333 1-4121214 " * 3)
    made = tally(part(answers))
    content = office_workbook(score(made), made)
    cells = cells_of(content, tmp_path)["Responden"]
    (first,) = (row for (row, column), value in cells.items() if column == 1 and value == 1)
    lines = [[cells[row, column] for column in range(2, 11)] for row in range(first, first + 15)]
    for column in zip(*lines, strict=True):
        assert list(column) == sorted(column, key=lambda value: -(value or 0))
    form = [question.id for question in built_in(NINE).questions]
    order = [form.index(unsur.id) for unsur in built_in(NINE).unsur]
    for place, column in zip(order, zip(*lines, strict=True), strict=True):
        assert Counter(column) == Counter(row[place] for row in answers)
    other = tally(
        part([list(row) for row in zip(*[column[::-1] for column in zip(*answers, strict=True)], strict=True)])
    )
    mixed = tally(part([list(row) for row in zip(*map(sorted_column, zip(*answers, strict=True)), strict=True)]))
    for joined in (other, mixed):  # other people, the same counts
        assert office_workbook(score(made), replace(joined, parts=joined.parts)) == content
    assert SORTED in texts(content)


def sorted_column(column: tuple[int | None, ...]) -> list[int | None]:
    return sorted(column, key=lambda value: value or 0)


def test_the_same_tally_gives_the_same_bytes() -> None:
    made = made_up(ELEVEN, "exact", "available", 5)
    content = office_workbook(score(made), made)
    assert content == office_workbook(score(made), replace(made, parts=tuple(reversed(made.parts))))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2026-10-24T00:00:00Z"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_and_never_a_formula(name: str) -> None:
    made = tally(whole(20), whole(12, "kk"), layanan={"ktp": name, "kk": name}, office_nama=name)
    content = office_workbook(score(made), made)
    calm = tally(whole(20), whole(12, "kk"), layanan={"ktp": "a", "kk": "b"}, office_nama="c")
    kept = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f]", "", name)
    assert formulas_of(content) == formulas_of(office_workbook(score(calm), calm))
    book = load_workbook(io.BytesIO(content))
    held = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == kept]
    assert len(held) >= 4 and {cell.data_type for cell in held} == {"s"}
    assert {bool(cell.quotePrefix) for cell in held} == {name.startswith(("=", "+", "-", "@", "\t", "\r"))}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"".join(map(archive.read, archive.namelist())))


def formulas_of(content: bytes) -> list[tuple[str, str, str]]:
    """Return every formula as it stands in the XML of the file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        found = [(name, archive.read(name).decode()) for name in names]
    return [(name, *pair) for name, text in found for pair in re.findall(r'<c r="(\w+)"[^>]*><f>([^<]*)</f>', text)]


def test_no_figure_is_written_as_a_number_only_counts_answers_and_weights_are() -> None:
    made = made_up(NINE, "exact", "available", 2)
    result = score(made)
    book = load_workbook(io.BytesIO(office_workbook(result, made)))
    labels = {
        "NRR",
        "Nilai konversi",
        "Mutu unsur",
        "NRR tertimbang",
        "Nilai indeks",
        "Nilai IKM (konversi)",
        "Kinerja",
    }
    for sheet in book:
        for row in sheet.iter_rows():
            if row[0].value in {*labels, "Jumlah nilai", "Jumlah jawaban", "Mutu pelayanan", "Bobot"}:
                assert str(row[1].value).startswith("="), (sheet.title, row[0].value)
    assert "=1/9" in {cell.value for cell in next(row for row in book["Hitungan"] if row[0].value == "Bobot")}


def test_layanan_that_may_not_be_shown_have_no_figures(tmp_path: Path) -> None:
    made = tally(
        *(whole(30), whole(14, "kk"), whole(4, "pindah")),
        layanan={"ktp": "KTP", "kk": "KK", "pindah": "Pindah"},
    )
    found = by_formulas(office_workbook(score(made), made), tmp_path)["Layanan"]
    lines = {value: row for (row, column), value in found.items() if column == 1}
    assert [found[lines[name], 3] for name in ("KK", "Pindah")] == ["tidak ditampilkan"] * 2
    assert "Layanan: KTP" in lines and "Layanan: KK" not in lines and "Layanan: Pindah" not in lines


def test_few_respondents_many_respondents_and_whole_forms_have_no_lines() -> None:
    few, many = tally(whole(9)), tally(whole(MOST_ROWS + 1))
    forms = tally(whole(40), blank="complete")
    for made, reason in ((few, TOO_FEW), (many, TOO_MANY), (forms, WHOLE_FORMS)):
        content = office_workbook(score(made), made)
        assert load_workbook(io.BytesIO(content)).sheetnames[0] == "Hitungan"
        assert reason in texts(content)


def test_counts_that_could_be_subtracted_from_whole_forms_are_left_out(tmp_path: Path) -> None:
    made = tally(part([[3] * 9] * 30 + [[None] + [4] * 8] * 3), blank="complete")
    result = score(made)
    found = by_formulas(office_workbook(result, made), tmp_path)
    check_all(found, result)
    assert "Kosong" not in {value for (_, column), value in found["Hitungan"].items() if column == 1}


def test_a_rehearsal_says_so_on_every_sheet_in_big_letters() -> None:
    made = tally(whole(20), rehearsal=True)
    book = load_workbook(io.BytesIO(office_workbook(score(made), made)))
    assert all(sheet["A1"].value == REHEARSAL and sheet["A1"].font.size >= 20 for sheet in book)
    assert REHEARSAL not in texts(office_workbook(score(tally(whole(20))), tally(whole(20))))


def test_the_index_stands_beside_its_method_number_dates_and_margin() -> None:
    made = made_up(NINE, "0.11", "zero", 1)
    result = score(made)
    book = load_workbook(io.BytesIO(office_workbook(result, made)))
    for sheet in book:
        text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row)
        for said in ("45", "25 September", "24 Oktober 2026", "bobot 0,11 seperti", "bernilai nol", "95 persen"):
            assert said in text, (sheet.title, said)
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToWidth == 1


@pytest.fixture
def office(tmp_path: Path) -> Workspace:
    return make_office(tmp_path)


def run(workspace: Workspace) -> int:
    return main(["workbook", "2026-10", "--office", str(workspace.root / "office.toml")])


def test_the_command_writes_the_workbook_of_a_closed_periode(office: Workspace, tmp_path: Path) -> None:
    fill(office, "2026-10", OCTOBER)
    assert run(office) == 0
    file = office.periode_folder("2026-10") / REKAP
    assert load_workbook(file).sheetnames == ["Responden", "Hitungan", "Layanan", "Keterangan"]


def test_an_open_periode_is_refused(office: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    fill(office, "2026-09", OCTOBER)
    assert run(office) == 2
    assert "belum ditutup" in capsys.readouterr().err
    assert not (office.periode_folder("2026-10") / REKAP).exists()


def test_the_published_workbook_holds_counts_only_and_is_linked(office: Workspace, tmp_path: Path) -> None:
    fill(office, "2026-10", OCTOBER)
    publish(office, "2026-10")
    folder = office.public / "periode" / "2026-10"
    assert load_workbook(folder / REKAP).sheetnames == ["Hitungan", "Layanan", "Keterangan"]
    assert f'href="periode/2026-10/{REKAP}"' in (office.public / "index.html").read_text("utf-8")
    result = score(made_up(NINE, "exact", "available", 1))
    public = public_part(result, made_up(NINE, "exact", "available", 1), [], TODAY)
    content = public_workbook(public, made_up(NINE, "exact", "available", 1))
    check_all(by_formulas(content, tmp_path), result)


def test_a_periode_with_too_few_respondents_is_published_without_a_workbook(office: Workspace) -> None:
    fill(office, "2026-10", {"ktp": 7})
    publish(office, "2026-10")
    assert (office.public / "periode" / "2026-10" / HITUNG).exists()
    assert not list(office.public.rglob(REKAP))
    assert REKAP not in (office.public / "index.html").read_text("utf-8")


def test_a_layanan_kept_back_from_the_public_stands_in_no_cell_of_the_workbook() -> None:
    made: Tally = tally(whole(30), whole(14, "kk"), whole(4, "pindah"), layanan={"ktp": "A", "kk": "B", "pindah": "C"})
    public = public_part(score(made), made, [], TODAY)
    content = public_workbook(public, made)
    assert "Layanan: A" in texts(content)
    assert not {"Layanan: B", "Layanan: C"} & set(texts(content).split("\n"))
    earlier = {**public, "detail": False, "layanan": [{**item, "withheld": "earlier"} for item in public["layanan"]]}
    assert load_workbook(io.BytesIO(public_workbook(earlier, made))).sheetnames == ["Hitungan", "Keterangan"]


def test_a_formula_is_never_made_from_text() -> None:
    sheet = Sheet("x", [10])
    sheet.put(1, 1, "=1+1", "note")
    with zipfile.ZipFile(io.BytesIO(render([sheet], "=x", "=y", TODAY))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_wrong_figure_is_found_by_the_comparison_itself(tmp_path: Path) -> None:
    made = tied(NINE, "exact", 40, 131)
    result = score(made)
    found = cells = by_formulas(office_workbook(result, made), tmp_path)["Hitungan"]
    assert check(found, built_in(NINE), result)
    with pytest.raises(AssertionError):
        check(cells, built_in(NINE), {**result, "indexes": [{**result["indexes"][0], "ikm": "81.87"}]})
