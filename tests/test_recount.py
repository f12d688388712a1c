"""Anyone recomputes index, letter and margin from the published files alone, with a script that knows none of ours."""

from __future__ import annotations

import ast
import json
import random
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flow_samples import Case
from open_samples import RECOUNT, add_periode, open_data, recount
from publish_samples import text_of
from published_office import three_published
from scoring_samples import ALL, FOURTEEN, NINE, part, rows_of, tally
from shared_samples import copied, frozen_office

from publish.opendata import read_published, silang_rows
from publish.words import angka
from scoring import disclosure
from scoring.disclosure import BASE, differing, squares_shown
from scoring.instrument import BLANKS, built_in
from scoring.tally import Part, Tally, total

SIZES = {"ktp": 64, "kk": 41, "pindah": 33, "usaha": 18, "lainnya": 6}
NAMES = {name: name.upper() for name in SIZES}


def made_up(instrument: str, rule: str, blank: str, seed: int) -> Tally:
    """Return a periode of five layanan, large and small, with blanks in some and a population in some."""
    people = random.Random(f"{instrument} {rule} {blank} {seed}")
    size = len(built_in(instrument).questions)
    blanks = people.choice((0, 2, 8))
    parts = []
    for layanan, n in SIZES.items():
        likes = [people.randint(1, 60) for _ in range(4)]
        rows = [people.choices((1, 2, 3, 4, None), (*likes, blanks), k=size) for _ in range(n)]
        parts.append(part(rows, instrument=instrument, layanan=layanan))
    served = {name: n * people.randint(1, 6) for name, n in SIZES.items()} if seed % 2 else {}
    return tally(*parts, instrument=instrument, rule=rule, blank=blank, layanan=NAMES, population=served)


def expected(public: Mapping[str, Any]) -> dict[str, str | None]:
    """Return, by group, what the script must say of the margin: the printed one, or None where none is printed."""
    groups = {"*": public, **{entry["id"]: entry for entry in public["layanan"] if entry["withheld"] is None}}
    found = {}
    for name, group in groups.items():
        ends = group["interval"]
        found[name] = f"± {ends['margin']}, antara {ends['low']} dan {ends['high']}" if ends["margin"] else None
    return found


def said(output: str, periode: str) -> dict[str, tuple[str, str]]:
    """Return, by group, index with letter and what is said of the margin."""
    pattern = rf"(?m)^{periode} (\S+): IKM ([0-9.]+, mutu [A-D]) \(sama dengan yang terbit\); (.*)$"
    return {name: (index, margin) for name, index, margin in re.findall(pattern, output)}


def check(public: Mapping[str, Any], output: str, sums: set[str]) -> int:
    """Compare one periode with what the script said; return how many margins it recomputed."""
    lines = said(output, public["periode"])
    margins = 0
    for name, wanted in expected(public).items():
        group = public if name == "*" else next(entry for entry in public["layanan"] if entry["id"] == name)
        index, margin = lines.pop(name)
        assert index == f"{group['ikm']}, mutu {group['mutu']}"
        if name in sums:
            assert margin == wanted
            margins += 1
        elif wanted:
            assert "jumlah kuadratnya tidak diterbitkan" in margin
        else:
            assert margin.startswith("rentang tidak dihitung")
    assert not lines
    return margins


def test_a_published_office_of_two_instruments_and_five_layanan_is_recomputed(tmp_path: Path) -> None:
    workspace = three_published(tmp_path)
    done = recount(workspace.public)
    assert done.returncode == 0, done.stderr
    assert "2026-09 lainnya: nilai tidak ditampilkan (responden kurang dari 10)" in done.stdout
    published = read_published(workspace.public)
    assert {public["instrument"] for public in published} == {FOURTEEN, NINE}
    assert sum(check(public, done.stdout, {"*", "ktp", "kk"} - few(public)) for public in published) == 8
    alone = recount(workspace.public / "periode" / "2026-10")
    assert set(alone.stdout.splitlines()) < set(done.stdout.splitlines())


def few(public: Mapping[str, Any]) -> set[str]:
    return {entry["id"] for entry in public["layanan"] if entry["n_responden"] < 30}


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("instrument", ALL)
def test_every_rule_and_reading_of_blanks_is_recomputed(tmp_path: Path, instrument: str, blank: str) -> None:
    """Every second pair of them: each rule comes with at least one reading, each reading with several rules."""
    margins = 0
    rules = list(enumerate(built_in(instrument).rules))[BLANKS.index(blank) % 2 :: 2]
    for place, rule in rules:
        counts = made_up(instrument, rule.id, blank, place)
        folder = open_data(tmp_path / rule.id, [counts])
        (public,) = read_published(folder)
        done = recount(folder)
        assert done.returncode == 0, (done.stdout, done.stderr)
        sums = {str(row[1]) for row in silang_rows(public, counts) if row[2] == "kuadrat"}
        margins += check(public, done.stdout, sums)
    assert margins >= len(rules)


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Hold an office whose first edition is signed and published."""
    made = copied(frozen_office(tmp_path_factory), tmp_path_factory.mktemp("signed") / "kantor")
    assert made.sign() == 0
    assert made.do("public") == 0
    return made


def test_the_script_gives_what_the_signed_report_prints(signed: Case) -> None:
    (public,) = read_published(signed.workspace.public)
    done = recount(signed.workspace.public)
    assert done.returncode == 0, done.stderr
    index, margin = said(done.stdout, public["periode"])["*"]
    printed = text_of(signed.workspace.public / "periode" / public["periode"] / "laporan.pdf")
    ikm, mutu = index.split(", mutu ")
    width, low, high = re.findall(r"[0-9.]+", margin)
    assert f"berada antara {angka(low)} dan {angka(high)} (± {angka(width)})" in printed
    assert angka(ikm) in printed and f"mutu {mutu}" in printed.replace("Mutu", "mutu")


def test_what_is_attached_to_the_published_report_is_what_is_published_beside_it(signed: Case) -> None:
    place = signed.workspace.public / "periode" / signed.periode
    with pikepdf.open(place / "laporan.pdf") as pdf:
        attached = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    assert attached["hitung.csv"] == (place / "hitung.csv").read_bytes()
    first, second = json.loads(attached["hasil.json"]), json.loads((place / "hasil.json").read_bytes())
    assert {**first, "published": ""} == {**second, "published": ""}
    assert set(attached) <= {file.name for file in place.iterdir()}


def test_the_script_finds_a_printed_index_that_its_counts_do_not_give(tmp_path: Path) -> None:
    folder = open_data(tmp_path, [made_up(NINE, "exact", "available", 1)])
    text = (folder / "periode.csv").read_text("utf-8")
    ikm = read_published(folder)[0]["ikm"]
    (folder / "periode.csv").write_text(text.replace(f",{ikm},", ",99.00,"), "utf-8")
    done = recount(folder)
    assert done.returncode == 1
    assert "BERBEDA, terbit 99.00" in done.stdout


def test_without_a_folder_the_script_says_how_it_is_called(tmp_path: Path) -> None:
    done = recount(tmp_path / "..")
    assert (done.returncode, "python3 hitung_ulang.py FOLDER" in done.stderr) == (1, True)


def test_the_script_uses_the_standard_library_alone() -> None:
    nodes = [*ast.walk(ast.parse(RECOUNT.read_text("utf-8")))]
    names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    names |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    assert names <= {"__future__", "csv", "sys", "collections", "fractions", "math", "pathlib"}


# What a sum of squares may show


def group(sheets: str, layanan: str = "ktp") -> Part:
    return part(rows_of(sheets), layanan=layanan)


ALIKE, ONE_ELSE, TEN_ELSE = "444444444 " * 40, "444444444 " * 39 + "111111111", "444444444 " * 30 + "344444444 " * 10


def test_a_sum_about_fewer_than_ten_who_answered_otherwise_is_not_published() -> None:
    """With the counts it would give the whole sheet of the one who did: (4 - 1) x 9 squared, in one piece."""
    assert [differing(group(sheets), "available") for sheets in (ALIKE, ONE_ELSE, TEN_ELSE)] == [0, 1, 10]
    assert squares_shown({"ktp": group(ONE_ELSE)}, "available", {"*", "ktp"}) == set()
    assert squares_shown({"ktp": group(TEN_ELSE)}, "available", {"*", "ktp"}) == {"*", "ktp"}


def test_a_sum_of_the_office_less_those_of_its_layanan_is_about_ten_who_differ() -> None:
    parts = {"ktp": group(TEN_ELSE * 2), "kk": group(TEN_ELSE, "kk"), "usaha": group(ONE_ELSE, "usaha")}
    assert squares_shown(parts, "available", {"*", *parts}) == {"*", "ktp"}
    alone = {"ktp": parts["ktp"], "usaha": parts["usaha"]}
    assert squares_shown(alone, "available", {"*", *alone}) == {"*"}


def test_under_complete_the_blank_forms_may_be_those_who_differ() -> None:
    counted = group("444444444 " * 30 + "34444444- " * 6 + "344444444 " * 10)
    assert (differing(counted, "available"), differing(counted, "complete")) == (16, 10)


def test_no_exact_variance_leaves_beside_the_sums(tmp_path: Path) -> None:
    public = add_periode(tmp_path, made_up(NINE, "exact", "available", 1))
    assert '"variance"' not in str(public).replace("'", '"')
    assert public["interval"]["margin"]


def test_a_periode_that_is_not_broken_down_publishes_no_sum(tmp_path: Path) -> None:
    month = made_up(NINE, "exact", "available", 1)
    quarter = replace(
        month, periode="2026-TW4", mulai="2026-09-25", selesai="2026-12-24", parts=(*month.parts, *month.parts)
    )
    folder = open_data(tmp_path, [month, quarter])
    first, second = read_published(folder)
    assert (first["detail"], second["detail"]) == (True, False)
    assert second["interval"]["margin"]
    done = recount(folder)
    assert done.returncode == 0
    assert "jumlah kuadratnya tidak diterbitkan" in said(done.stdout, "2026-TW4")["*"][1]


def test_a_published_sum_of_squares_is_the_one_of_the_rows(tmp_path: Path) -> None:
    rows = [[4, 3, 4, 4, 2, 3, 4, 4, 3 + number % 2] for number in range(30)]
    rows += [[2, 3, 1, 4, 2, 3, 3, 4, 2] for _ in range(12)]
    counts = tally(part(rows), layanan={"ktp": "KTP"})
    public = add_periode(tmp_path, counts)
    own = [sum(row) for row in rows]
    n = len(rows)
    ninths = n * sum(value**2 for value in own) - sum(own) ** 2  # 81 n times the sum
    (row, _) = silang_rows(public, counts)
    top, bottom = (int(side) for side in str(row[5]).split("/"))
    assert top * 81 * n == ninths * bottom
    assert row[4] == n


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_of_any_office_without_its_shown_sums_differs_in_ten_or_is_nobody(seed: int) -> None:
    people = random.Random(seed)
    parts = {
        name: group(" ".join(people.choices(("444444444", "344444444", "443334444"), (30, share, share), k=n)), name)
        for name, n, share in zip("abcde", people.choices((0, 8, 12, 30, 60, 90), k=5), (1, 2, 4, 8, 16), strict=True)
        if n
    }
    if not parts:
        return
    shown = disclosure.squares_shown(parts, "available", {"*", *parts})
    rest = [held for name, held in parts.items() if name not in shown]
    for held in [*(parts[name] for name in shown - {"*"}), *([total(rest)] if rest and shown else [])]:
        assert differing(held, "available") >= BASE
