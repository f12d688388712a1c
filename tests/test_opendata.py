"""Open data: everything that is published can be recomputed, and nothing that is withheld can be computed."""

from __future__ import annotations

import csv
import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from published_office import OCTOBER, SEPTEMBER, fill, make_office, publish, publish_periode, three_published
from scoring_samples import part, rows_of, tally

from collector.workspace import Workspace
from publish.opendata import COLUMNS, hasil_json, hitung_rows
from publish.withheld import public_part
from scoring import result, tally_json
from scoring.disclosure import published_cells
from scoring.errors import IkmError
from scoring.figure import text
from scoring.tally import Tally

TODAY = date(2026, 10, 25)
NINE = '[[instrument]]\nid = "permenpanrb-14-2017"\nfrom = 2017-05-09\nblank = "{}"\n'


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return three_published(tmp_path_factory.mktemp("kantor"))


def hasil(workspace: Workspace, periode_id: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((workspace.public / "periode" / periode_id / "hasil.json").read_text("utf-8"))
    return content


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def recounted(counts: list[dict[str, str]], layanan: str, weights: Mapping[str, str], *, zero: bool = False) -> str:
    """Return the index as a reader computes it from hitung.csv, following the steps on the page."""
    sums, divisors = defaultdict(int), defaultdict(int)
    for row in counts:
        if row["layanan"] == layanan:
            sums[row["unsur"]] += int(row["nilai"] or 0) * int(row["n"])
            divisors[row["unsur"]] += int(row["n"]) if row["nilai"] or zero else 0
    index = sum(
        (Fraction(sums[unsur], divisors[unsur]) * Fraction(bobot) for unsur, bobot in weights.items()), Fraction(0)
    )
    return text(index * 25, 2) or ""


def weights_of(group: Mapping[str, Any]) -> dict[str, str]:
    return {entry["id"]: entry["bobot"] for entry in group["unsur"]}


@pytest.mark.parametrize("periode_id", ["2026-08", "2026-09", "2026-10"])
def test_a_reader_recomputes_every_published_index_from_hitung_csv(office: Workspace, periode_id: str) -> None:
    public = hasil(office, periode_id)
    counts = rows(office.public / "periode" / periode_id / "hitung.csv")
    assert recounted(counts, "*", weights_of(public)) == public["ikm"]
    shown = [entry for entry in public["layanan"] if entry["withheld"] is None]
    assert len(shown) >= 3
    for entry in shown:
        assert recounted(counts, entry["id"], weights_of(entry)) == entry["ikm"]
    assert {row["layanan"] for row in counts} == {"*", *(entry["id"] for entry in shown)}


def test_the_history_is_all_periode_one_after_the_other(office: Workspace) -> None:
    parts = [rows(office.public / "periode" / name / "hitung.csv") for name in ("2026-08", "2026-09", "2026-10")]
    assert rows(office.public / "hitung.csv") == [row for counts in parts for row in counts]


def test_blanks_are_counted_so_that_the_rule_zero_can_be_followed(tmp_path: Path) -> None:
    workspace = make_office(tmp_path, NINE.format("zero"))
    fill(workspace, "2026-10", OCTOBER, gaps=3)
    publish(workspace, "2026-10")
    public, counts = hasil(workspace, "2026-10"), rows(workspace.public / "hitung.csv")
    assert recounted(counts, "*", weights_of(public), zero=True) == public["ikm"]
    assert sum(int(row["n"]) for row in counts if row["layanan"] == "*" and not row["nilai"]) == 15


def test_under_the_rule_complete_the_sums_of_whole_forms_recompute_the_index(tmp_path: Path) -> None:
    workspace = make_office(tmp_path, NINE.format("complete"))
    fill(workspace, "2026-10", OCTOBER, gaps=3)
    publish(workspace, "2026-10")
    public = hasil(workspace, "2026-10")
    for name, group in {"*": public, **{entry["id"]: entry for entry in public["layanan"]}}.items():
        if name == "*" or group["withheld"] is None:
            held = public["complete_sums"][name]
            products = [
                Fraction(held["sums"][unsur], held["n"]) * Fraction(bobot) for unsur, bobot in weights_of(group).items()
            ]
            assert text(sum(products, Fraction(0)) * 25, 2) == group["ikm"]
    # 14 forms of which 3 have a blank: 11 whole ones are a base, but all less whole would show the three.
    assert not [row for row in rows(workspace.public / "hitung.csv") if row["layanan"] == "pindah"]


def test_a_layanan_of_seven_is_withheld_with_the_next_smallest(office: Workspace) -> None:
    public = hasil(office, "2026-09")
    reasons = {entry["id"]: entry["withheld"] for entry in public["layanan"]}
    assert reasons == {"ktp": None, "kk": None, "usaha": None, "pindah": "difference", "lainnya": "base"}
    for entry in public["layanan"]:
        if entry["withheld"]:
            assert entry["ikm"] is entry["ikm_exact"] is entry["nilai"] is entry["mutu"] is None
            assert entry["unsur"] == entry["indexes"] == []
    with sqlite3.connect(office.public / "publik.db") as database:
        found = database.execute(
            "SELECT count(*) FROM unsur WHERE periode = '2026-09' AND layanan IN ('pindah', 'lainnya')"
        )
        assert found.fetchone() == (0,)


def test_a_figure_that_nobody_listed_does_not_leave_the_office() -> None:
    made = tally(part(rows_of("343343234 " * 12)), part(rows_of("343343234 " * 4), layanan="kk"))
    scored = result.score(made)
    later = {**scored, "baru": "79.99", "layanan": [{**entry, "baru": "79.99"} for entry in scored["layanan"]]}
    assert "79.99" not in hasil_json(public_part(later, made, [], TODAY))


def test_scores_by_channel_are_not_published(office: Workspace) -> None:
    for entry in hasil(office, "2026-10")["channel"]:
        assert set(entry) == {"id", "n_responden"}


def test_under_ten_answers_no_score_is_published_anywhere(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-10", {"ktp": 9})
    files = publish(workspace, "2026-10")
    public = hasil(workspace, "2026-10")
    assert public["withheld"] == "base"
    assert public["ikm"] is public["nilai"] is public["mutu"] is public["previous"] is None
    assert public["unsur"] == public["indexes"] == public["questions"] == public["profil"] == []
    assert rows(workspace.public / "hitung.csv") == []
    assert not [file for file in files if file.suffix == ".pdf"]
    score = result.score(tally_of(workspace))["ikm"]
    assert not [file for file in files if score.encode() in file.read_bytes()]
    page = (workspace.public / "index.html").read_text("utf-8")
    assert "kurang dari sepuluh orang" in page
    assert score.replace(".", ",") not in page


def tally_of(workspace: Workspace) -> Tally:
    return tally_json.load((workspace.periode_folder("2026-10") / "tally.json").read_text("utf-8"))


def test_the_periode_before_is_not_shown_on_a_base_under_ten(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-09", {"ktp": 9})
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    public = hasil(workspace, "2026-10")
    assert public["previous"] is None
    assert public["previous_withheld"] is True
    assert "Nilai periode sebelumnya tidak ditampilkan" in (workspace.public / "index.html").read_text("utf-8")


def compositions(whole: int, cell_count: int) -> Iterator[tuple[int, ...]]:
    for head in product(range(whole + 1), repeat=cell_count - 1):
        if sum(head) <= whole:
            yield (*head, whole - sum(head))


@pytest.mark.parametrize("whole", range(10, 19))
@pytest.mark.parametrize("cell_count", [2, 3, 4])
def test_no_small_cell_can_be_computed_by_someone_who_knows_the_rule(whole: int, cell_count: int) -> None:
    seen: dict[tuple[int | None, ...], list[tuple[int, ...]]] = defaultdict(list)
    for counts in compositions(whole, cell_count):
        seen[tuple(published_cells(dict(zip("abcd", counts, strict=False))).values())].append(counts)
    for printed, possible in seen.items():
        for place, said in enumerate(printed):
            assert said is not None or len({counts[place] for counts in possible}) > 1, (printed, possible)


def test_a_withheld_cell_has_neither_count_nor_share() -> None:
    codes = {"usia": {"17-25": 2, "26-35": 30, "36-45": 8}}
    made = tally(part([[3] * 9] * 40, profil=codes))
    fields = {field["id"]: field for field in public_part(result.score(made), made, [], TODAY)["profil"]}
    printed = {row["code"]: (row["n"], row["persen"]) for row in fields["usia"]["options"]}
    assert printed["17-25"] == printed["36-45"] == (None, None)
    assert printed["26-35"] == (30, "75.0")


def test_a_single_small_cell_takes_the_next_smallest_with_it() -> None:
    assert published_cells({"a": 3, "b": 20, "c": 9}) == {"a": None, "b": 20, "c": None}
    assert published_cells({"a": 3, "b": 9, "c": 9, "d": 20}) == {"a": None, "b": None, "c": None, "d": 20}
    assert published_cells({"a": 0, "b": 20, "c": 9}) == {"a": 0, "b": 20, "c": 9}


def month(periode_id: str, mulai: str, selesai: str, n: int) -> tuple[dict[str, Any], Tally]:
    made = tally(part(rows_of("343343234 " * n)), periode=periode_id, mulai=mulai, selesai=selesai)
    return result.score(made), made


JULY = month("2026-07", "2026-07-01", "2026-07-31", 20)
AUGUST = month("2026-08", "2026-08-01", "2026-08-31", 15)
SEVEN = month("2026-09", "2026-09-01", "2026-09-30", 7)
MANY = month("2026-09", "2026-09-01", "2026-09-30", 17)


def published(*made: tuple[dict[str, Any], Tally]) -> list[dict[str, Any]]:
    """Return the public parts, published one after the other."""
    public: list[dict[str, Any]] = []
    for scored, counts in made:
        public.append(public_part(scored, counts, public, TODAY))
    return public


def quarter(n: int) -> tuple[dict[str, Any], Tally]:
    return month("2026-TW3", "2026-07-01", "2026-09-30", n)


def test_a_quarter_less_its_months_does_not_show_a_month_of_seven() -> None:
    july, august, september, whole = published(JULY, AUGUST, SEVEN, quarter(42))
    assert [july["withheld"], august["withheld"], september["withheld"]] == [None, None, "base"]
    assert whole["withheld"] == "difference"
    assert whole["ikm"] is None


def test_a_month_published_after_its_quarter_is_held_to_the_same_rule() -> None:
    whole, _, august = published(quarter(42), JULY, AUGUST)
    assert whole["withheld"] is None
    assert august["withheld"] == "difference"


def test_a_quarter_of_published_months_shows_its_index_but_breaks_nothing_down() -> None:
    whole = published(JULY, AUGUST, MANY, quarter(52))[-1]
    assert whole["withheld"] is None
    assert whole["ikm"] is not None
    assert whole["detail"] is False
    assert whole["profil"] == []
    assert not [entry for entry in whole["layanan"] if entry["ikm"]]


def test_spans_that_cross_are_never_both_scored() -> None:
    crossing = month("2026-10", "2026-08-15", "2026-09-14", 40)
    assert published(MANY, crossing)[-1]["withheld"] == "difference"


def test_no_published_bases_of_the_same_days_differ_by_one_to_nine() -> None:
    for sizes in product((0, 7, 15), repeat=3):
        made = [JULY[0] | {}, AUGUST[0] | {}, MANY[0] | {}]
        months = [
            month(scored["periode"], scored["mulai"], scored["selesai"], n)
            for scored, n in zip(made, sizes, strict=True)
            if n
        ]
        for order in ([*months, quarter(sum(sizes))], [quarter(sum(sizes)), *months]):
            if sum(sizes) == 0:
                continue
            shown = {public["periode"]: public["n_responden"] for public in published(*order) if not public["withheld"]}
            assert all(n >= 10 for n in shown.values())
            rest = shown.pop("2026-TW3", 0)
            if rest:
                assert rest - sum(shown.values()) not in range(1, 10)


def exclude_one(workspace: Workspace, day: str) -> None:
    with sqlite3.connect(workspace.store) as connection:
        connection.execute(
            "INSERT INTO exclusion (response, reason, role, day) SELECT id, 'ganda', 'staf', '2026-10-25'"
            " FROM response WHERE day >= ? ORDER BY day LIMIT 1",
            (day,),
        )


def test_after_a_later_exclusion_what_is_published_stays_and_is_not_replaced(tmp_path: Path) -> None:
    workspace = make_office(tmp_path, NINE.format("available"))
    fill(workspace, "2026-10", OCTOBER)
    publish(workspace, "2026-10")
    before = (workspace.public / "periode" / "2026-10" / "hasil.json").read_bytes()
    publish(workspace, "2026-10")  # the same once more
    exclude_one(workspace, "2026-09-25")
    with pytest.raises(IkmError) as refused:
        publish_periode(workspace, "2026-10", TODAY)
    assert refused.value.code == "REPORT_OLD"
    with pytest.raises(IkmError) as refused:
        publish(workspace, "2026-10")
    assert refused.value.code == "PUBLISHED_CHANGED"
    assert (workspace.public / "periode" / "2026-10" / "hasil.json").read_bytes() == before


def test_the_report_stays_inside_while_the_periode_that_it_compares_with_is_not_published(tmp_path: Path) -> None:
    workspace = make_office(tmp_path, NINE.format("available"))
    fill(workspace, "2026-09", OCTOBER)
    fill(workspace, "2026-10", OCTOBER)
    names = {file.name for file in publish(workspace, "2026-10")}
    assert hasil(workspace, "2026-10")["previous"] is None
    assert "laporan.pdf" not in names and "rtl.pdf" in names
    publish(workspace, "2026-09")
    names = {file.name for file in publish(workspace, "2026-10") if "2026-10" in str(file)}
    assert hasil(workspace, "2026-10")["previous"]["periode"] == "2026-09"
    assert "laporan.pdf" in names


def test_no_cell_of_a_csv_file_starts_a_formula(office: Workspace) -> None:
    for file in office.public.rglob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            assert not [cell for row in csv.reader(lines) for cell in row if cell[:1] in tuple("=+-@\t\r")]


def test_the_same_publication_gives_the_same_bytes(office: Workspace, tmp_path: Path) -> None:
    again = three_published(tmp_path)

    def digests(workspace: Workspace) -> dict[str, str]:
        return {
            file.relative_to(workspace.public).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in workspace.public.rglob("*")
            if file.is_file()
        }

    assert digests(office) == digests(again)
    assert {"publik.db", "hitung.csv", "metadata.json", "index.html"} <= set(digests(office))


def test_the_database_holds_figures_as_numbers_and_every_column_is_explained(office: Workspace) -> None:
    with sqlite3.connect(office.public / "publik.db") as database:
        for table, meanings in COLUMNS.items():
            found = database.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall()
            assert [name for name, _ in found] == list(meanings)
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 0
        figures = database.execute("SELECT typeof(ikm), ikm FROM periode ORDER BY selesai DESC").fetchall()
    assert figures[0] == ("real", float(hasil(office, "2026-10")["ikm"]))
    assert len(figures) == 3


def test_hasil_json_is_the_public_part_and_nothing_else(office: Workspace) -> None:
    content = (office.public / "periode" / "2026-09" / "hasil.json").read_text("utf-8")
    assert content == hasil_json(json.loads(content))
    stored = json.loads((office.periode_folder("2026-09") / "result.json").read_text("utf-8"))
    public = public_part(stored, tally_of_periode(office, "2026-09"), [hasil(office, "2026-08")], TODAY)
    assert json.loads(content) == json.loads(hasil_json(public))
    assert hitung_rows(public, tally_of_periode(office, "2026-09"))
    assert SEPTEMBER["lainnya"] == 7


def tally_of_periode(workspace: Workspace, periode_id: str) -> Tally:
    return tally_json.load((workspace.periode_folder(periode_id) / "tally.json").read_text("utf-8"))
