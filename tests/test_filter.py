"""The filter over stored answers: the figures of what matches, and of nothing too small or not closed yet."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from postgres_server import behind_our_back
from publish_samples import answer, collect, office

from collector import counting, saring
from collector.filter_ledger import moment
from collector.store import reading
from collector.workspace import Workspace
from scoring import result
from scoring.errors import IkmError
from scoring.table import printed

OCTOBER = ("--from", "2026-09-25", "--to", "2026-10-24")
DAYS = [date(2026, 9, 25), date(2026, 10, 1), date(2026, 10, 24)]
pytestmark = pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL


def filled(folder: Path, changes: dict[str, str] | None = None) -> Workspace:
    workspace = office(folder, changes)
    for number, day in enumerate(DAYS):
        answer(workspace, 60, seed=number, day=day)
    return workspace


def closed(folder: Path) -> Workspace:
    workspace = filled(folder)
    assert collect(workspace, "close", "2026-10") == 0
    return workspace


def found(workspace: Workspace, first: str = "2026-09-25", last: str = "2026-10-24", **asked: str) -> dict[str, Any]:
    whole = {"layanan": "", "profil": "", **asked}
    with reading(workspace.store) as connection:
        wanted = saring.read(workspace.office, first, last, **whole)
        asked = saring.asked(workspace.office, wanted, moment(connection))
        return saring.figures(connection, workspace.office, wanted, asked)


def refusal(workspace: Workspace, *days: str, **asked: str) -> tuple[str, str]:
    with pytest.raises(IkmError) as refused:
        found(workspace, *days, **asked)
    return refused.value.code, str(refused.value)


def rows(workspace: Workspace, where: str) -> list[tuple[int, ...]]:
    columns = ", ".join(f"a{n:02d}" for n in range(1, 10))
    return behind_our_back(workspace.store, f"SELECT {columns} FROM response WHERE {where}")


def test_without_conditions_it_prints_the_result_of_the_closed_periode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = closed(tmp_path)
    with reading(workspace.store) as connection:
        whole = result.score(counting.tally(connection, workspace.office, workspace.office.periode("2026-10")))
    capsys.readouterr()
    assert collect(workspace, "filter", *OCTOBER) == 0
    assert capsys.readouterr().out == printed(whole) + "\n"
    assert whole["n_responden"] == 180


def test_a_profile_and_a_layanan_give_what_plain_python_counts_over_the_same_rows(tmp_path: Path) -> None:
    workspace = closed(tmp_path)
    for asked, where in (
        ({"profil": "jenis_kelamin=P"}, "p01 = 'P'"),
        ({"profil": "jenis_kelamin=P,usia=17-25"}, "p01 = 'P' AND p02 = '17-25'"),
        ({"layanan": "ktp"}, "layanan = 'ktp'"),
        ({"layanan": "ktp", "profil": "jenis_kelamin=L"}, "layanan = 'ktp' AND p01 = 'L'"),
    ):
        answers = rows(workspace, where)
        figures = found(workspace, **asked)
        assert 10 <= figures["n_responden"] == len(answers) < 180
        means = [Fraction(sum(column), len(answers)) for column in zip(*answers, strict=True)]
        assert Fraction(figures["ikm_exact"]) == sum(means) / 9 * 25
        pack = workspace.office.survey_on(DAYS[0]).instrument
        assert {unsur["id"]: Fraction(unsur["nrr_exact"]) for unsur in figures["unsur"]} == {
            question.unsur: mean for question, mean in zip(pack.questions, means, strict=True)
        }


def test_some_days_of_a_closed_periode_can_be_asked_for_alone(tmp_path: Path) -> None:
    assert found(closed(tmp_path), "2026-10-01", "2026-10-23")["n_responden"] == 60


def test_an_excluded_answer_is_not_counted(tmp_path: Path) -> None:
    workspace = closed(tmp_path)
    leave_out(workspace, 1)
    assert found(workspace)["n_responden"] == 179


def test_under_ten_respondents_nothing_is_shown_and_nine_are_not_even_named(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    answer(workspace, 9, day=DAYS[0])
    answer(workspace, 10, seed=2, day=DAYS[1])
    collect(workspace, "close", "2026-10")
    assert found(workspace, "2026-10-01", "2026-10-01")["n_responden"] == 10
    assert refusal(workspace, "2026-09-25", "2026-09-25") == (
        "BASE_SMALL",
        "Kurang dari 10 responden cocok dengan saringan ini, sehingga nilainya tidak ditampilkan."
        " Perlebar saringannya.",
    )
    assert refusal(workspace, "2026-10-02", "2026-10-03")[0] == "BASE_SMALL"


def test_days_of_an_open_periode_stay_hidden_even_beside_closed_ones(tmp_path: Path) -> None:
    workspace = filled(tmp_path)
    code, sentence = refusal(workspace)
    assert code == "PERIODE_BLIND"
    assert sentence.startswith("Nilai periode 25 September sampai dengan 24 Oktober 2026 baru ditampilkan")
    assert sentence.endswith("Jumlah jawaban sementara: 180.")
    collect(workspace, "close", "2026-10")
    assert refusal(workspace, "2026-09-25", "2026-10-25")[0] == "PERIODE_BLIND"
    assert found(workspace)["n_responden"] == 180


def test_an_office_that_does_not_wait_for_the_closing_may_filter_at_any_time(tmp_path: Path) -> None:
    workspace = filled(tmp_path, {"blind_until_close = true": "blind_until_close = false"})
    assert found(workspace)["n_responden"] == 180


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"first": "25-09-2026"}, 'Saringan FROM "25-09-2026" tidak sah: tanggal ditulis seperti 2026-10-24.'),
        ({"first": "20260925"}, 'Saringan FROM "20260925" tidak sah: tanggal ditulis seperti 2026-10-24.'),
        ({"last": "2026-02-30"}, 'Saringan TO "2026-02-30" tidak sah: tanggal ditulis seperti 2026-10-24.'),
        ({"last": "2026-09-24"}, 'Saringan TO "2026-09-24" tidak sah: tidak lebih awal daripada 2026-09-25.'),
        ({"layanan": "sim"}, "Layanan sim tidak ada pada kantor ini."),
        (
            {"profil": "jenis_kelamin=X"},
            'Saringan PROFIL "jenis_kelamin=X" tidak sah: kode jenis_kelamin yang ada: L, P.',
        ),
        ({"profil": "jenis_kelamin=P' OR 1=1 --"}, "kode jenis_kelamin yang ada: L, P."),
    ],
)
def test_what_cannot_be_asked_is_refused_in_one_sentence(tmp_path: Path, asked: dict[str, str], sentence: str) -> None:
    assert refusal(office(tmp_path), **asked)[1].endswith(sentence)


@pytest.mark.parametrize("profil", ["umur=17-25", "jenis_kelamin=P,jenis_kelamin=L", "P"])
def test_a_field_is_named_once_and_as_the_instrument_names_it(tmp_path: Path, profil: str) -> None:
    code, sentence = refusal(office(tmp_path), profil=profil)
    assert code == "FILTER_INVALID"
    assert "sebut sekali salah satu dari jenis_kelamin, usia" in sentence


def test_days_on_both_sides_of_a_change_of_instrument_cannot_be_asked_together(tmp_path: Path) -> None:
    change = {"from = 2017-05-09": 'from = 2017-05-09\n\n[[instrument]]\nid = "permenpanrb-16-2014"\nfrom = 2026-10-01'}
    assert refusal(office(tmp_path, change))[0] == "PERIODE_INSTRUMENT"


# the ledger of answered filters


def ask(workspace: Workspace, *conditions: str, first: str = OCTOBER[1], last: str = OCTOBER[3]) -> int:
    return collect(workspace, "filter", "--from", first, "--to", last, *conditions)


def ledger(workspace: Workspace) -> int:
    with reading(workspace.store) as connection:
        return int(connection.execute("SELECT count(*) FROM filter").fetchone()[0])


def leave_out(workspace: Workspace, n: int, where: str = "1 = 1") -> None:
    behind_our_back(
        workspace.store,
        "INSERT INTO exclusion (response, reason, role, day) SELECT id, 'ganda', 'staf', '2026-10-25' FROM response"
        f" WHERE id NOT IN (SELECT response FROM exclusion) AND {where} ORDER BY seq LIMIT {n}",
    )


def with_days(folder: Path, *sizes: int, changes: dict[str, str] | None = None) -> Workspace:
    """Return an office with so many answers on 1, 2, 3 ... October, closed unless it shows figures at any time."""
    workspace = office(folder, changes)
    for number, size in enumerate(sizes, 1):
        answer(workspace, size, seed=number, day=date(2026, 10, number))
    if not changes:
        assert collect(workspace, "close", "2026-10") == 0
    return workspace


def test_two_filters_that_differ_by_three_people_are_not_both_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = with_days(tmp_path, 30, 3, 30)
    assert ask(workspace, first="2026-10-01", last="2026-10-02") == 0
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 2
    assert (
        capsys.readouterr()
        .err.strip()
        .endswith(
            "Dibandingkan dengan nilai yang sudah pernah ditampilkan, saringan ini menunjukkan kelompok kurang dari 10"
            " responden. Perlebar saringannya."
        )
    )
    assert ask(workspace, first="2026-10-03", last="2026-10-03") == 0


def test_the_order_in_which_they_are_asked_does_not_help(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 30, 3, 30)
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
    assert ask(workspace, first="2026-10-01", last="2026-10-02") == 2
    assert ask(workspace, first="2026-10-02", last="2026-10-03") == 0  # the whole less the first day, which is known
    assert ledger(workspace) == 2


def test_the_same_filter_is_answered_as_often_as_it_is_asked_and_entered_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = with_days(tmp_path, 30, 30)
    capsys.readouterr()
    printed_lines = set()
    for _ in range(3):
        assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
        printed_lines.add(capsys.readouterr().out)
    assert len(printed_lines) == ledger(workspace) == 1


def test_the_total_of_a_closed_periode_is_known_without_a_filter(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 30, 4)
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 2
    assert ask(workspace) == 0


def test_so_is_the_total_of_each_of_its_layanan(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 160)
    with reading(workspace.store) as connection:
        (day_after,) = connection.execute("SELECT count(*) FROM response WHERE layanan = 'ktp'").fetchone()
        men = connection.execute("SELECT count(*) FROM response WHERE layanan = 'ktp' AND p01 = 'L'").fetchone()[0]
    assert day_after - men >= 10 and men >= 10
    leave_out(workspace, day_after - men - 4, "layanan = 'ktp' AND p01 = 'P'")
    assert ask(workspace, "--layanan", "ktp", "--profil", "jenis_kelamin=L") == 2
    assert ask(workspace, "--layanan", "ktp") == 0


def test_three_filters_together_are_held_to_the_rule_as_well(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 20, 5, 20)
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
    assert ask(workspace, first="2026-10-03", last="2026-10-03") == 2  # the periode less both days would be five


def test_groups_that_only_cross_are_answered(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 60, 60)
    assert ask(workspace, "--profil", "jenis_kelamin=P") == 0
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0


def test_an_answer_left_out_later_cannot_be_found_by_asking_again(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 40, 40)
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
    leave_out(workspace, 1, "day = '2026-10-01'")
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 2
    leave_out(workspace, 11, "day = '2026-10-01'")
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0


def test_answers_that_came_in_since_cannot_be_found_by_asking_again(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 40, changes={"blind_until_close = true": "blind_until_close = false"})
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
    answer(workspace, 3, seed=7, day=date(2026, 10, 1))
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 2
    answer(workspace, 7, seed=8, day=date(2026, 10, 1))
    assert ask(workspace, first="2026-10-01", last="2026-10-01") == 0
    assert ledger(workspace) == 2


def test_a_filter_that_is_refused_leaves_nothing_in_the_ledger(tmp_path: Path) -> None:
    workspace = with_days(tmp_path, 30, 9)
    assert ask(workspace, first="2026-10-02", last="2026-10-02") == 2
    assert ledger(workspace) == 0
