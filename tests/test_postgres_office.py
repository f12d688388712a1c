"""An office on PostgreSQL: the same figures as on a file, every command, and the web app."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from flow_samples import Case, walked
from http_samples import DAY, NOON, OFFICE, again, body
from last_result_samples import TWO_LAYANAN
from postgres_server import PASSWORD, quick_server
from publish_samples import REPORT_DAY, answer, collect, office, publish
from store_samples import ARRIVAL, response
from test_counting import people

from collector import counting
from collector.seal import recount
from collector.store import Arrival, Server, create, open_store, reading
from collector.workspace import STORE_VARIABLE, Workspace
from scoring import result, tally_json
from scoring.instrument import built_in

PACKS = ("permenpanrb-14-2017", "kepmenpan-25-2004", "sukma-jatim-11", "permenpanrb-16-2014")
FIRST, LAST = date(2026, 9, 25), date(2026, 10, 24)


@pytest.fixture
def workspace(postgres: str, tmp_path: Path) -> Workspace:
    return office(tmp_path)


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Server:
    place = quick_server().empty()
    request.addfinalizer(lambda: quick_server().drop(place))
    return place


# the same figures as on a file


@pytest.mark.parametrize("instrument", PACKS)
def test_the_tally_and_the_result_have_the_same_bytes_as_from_a_file(
    postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, instrument: str
) -> None:
    changes = {'id = "permenpanrb-14-2017"\nfrom': f'id = "{instrument}"\nfrom'}
    made = []
    for name in ("berkas", "server"):
        with monkeypatch.context() as patch:
            if name == "berkas":
                patch.delenv(STORE_VARIABLE)
            made.append(figures(office(tmp_path / name, changes), instrument))
    assert made[0] == made[1]
    assert json.loads(made[0][-1])["n_responden"] > 200


def figures(workspace: Workspace, instrument: str) -> list[str]:
    """Return the tallies and the result of an office as its days are sealed, paper comes in, and answers leave."""
    days = [date(2026, 9, 1), FIRST, FIRST, DAY, date(2026, 10, 2), LAST]
    sheets = [*people(built_in(instrument), OFFICE, 7, 260, ("ktp", "kk", "lainnya"))]
    sheets += [replace(sheet, id=number.to_bytes(32, "big")) for number, sheet in enumerate(sheets[-30:])]  # repeats
    held, found = open_store(workspace.store, OFFICE), []
    for number, sheet in enumerate(sheets):
        held.add(sheet, Arrival(days[number * 6 // len(sheets)], None if sheet.channel == 3 else number % 24))
    found.append(tally(workspace))
    paper = [*people(built_in(instrument), OFFICE, 8, 40, ("ktp", "kk"))]
    held.seal(date(2026, 10, 2))
    held.add_batch(b"\x07" * 32, "kertas.csv", LAST, [(replace(sheet, channel=3), DAY) for sheet in paper])
    found.append(tally(workspace))
    for number, sheet in enumerate([sheets[60], sheets[90], paper[3]]):
        held.exclude(sheet.id, ("ganda", "uji-coba", "ganda")[number], "staf", LAST)
    found.append(tally(workspace))
    for periode_id, day in (("2026-09", FIRST), ("2026-10", date(2026, 10, 25))):
        held.close_periode(workspace.office.periode(periode_id), day)
    held.close()
    with reading(workspace.store) as connection:
        whole = counting.tally(connection, workspace.office, workspace.office.periode("2026-10"))
        assert all(same for _, same in recount(connection, OFFICE))
    assert whole.previous is not None
    return [*found, tally_json.dump(whole), result.dump(result.score(whole))]


def tally(workspace: Workspace) -> str:
    with reading(workspace.store) as connection:
        return tally_json.dump(counting.tally(connection, workspace.office, workspace.office.periode("2026-10")))


def test_a_whole_periode_runs_on_postgresql_as_office_toml_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], empty: Server
) -> None:
    workspace = office(tmp_path, {**TWO_LAYANAN, 'store = ""': f'store = "{empty.dsn}"'})
    assert workspace.store == empty
    for seed, day in enumerate((date(2026, 9, 3), DAY, date(2026, 10, 20))):
        answer(workspace, 40, seed=seed, day=day)
    sheet = tmp_path / "kertas.csv"
    sheet.write_text("tanggal,layanan,U1,U2,U3,U4,U5,U6,U7,U8,U9\n" + f"2026-10-01,ktp{',4' * 9}\n" * 12, "utf-8")
    leave = ("exclude", "--file", "kertas.csv", "--sheet", "2", "--reason", "lembar-rusak", "--by", "staf")
    days = ("--from", "2026-09-25", "--to", "2026-10-24")
    assert publish(workspace, "site") == 0
    for arguments in (("import", str(sheet)), leave, ("close", "2026-09"), ("seal",), ("close", "2026-10")):
        assert collect(workspace, *arguments) == 0, capsys.readouterr().err
    for arguments in (("recount",), ("tally", "2026-10"), ("filter", *days)):
        assert collect(workspace, *arguments) == 0, capsys.readouterr().err
    assert walked(Case(workspace, "2026-10", REPORT_DAY)).sign() == 0, capsys.readouterr().err
    assert publish(workspace, "public", "2026-10") == 0, capsys.readouterr().err
    printed = capsys.readouterr()
    assert "12 lembar dari kertas.csv disimpan." in printed.out
    assert "semuanya sama dengan hitungan yang tersimpan." in printed.out
    assert json.loads((workspace.periode_folder("2026-10") / "result.json").read_text("utf-8"))["n_responden"] == 91
    assert (workspace.public / "index.html").exists()
    assert not list(workspace.data.glob("responses.db*"))
    assert PASSWORD not in printed.out + printed.err


# over the web


def test_the_web_app_says_new_known_and_closed(workspace: Workspace) -> None:
    with again(workspace, NOON) as here:
        assert [here.send(body(1)).status_code for _ in range(2)] == [201, 200]
        assert here.client.get("/v1/health").status_code == 200
        here.store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25))
        assert [here.send(body(number)).status_code for number in (1, 2)] == [200, 410]
        assert (len(here.rows()), here.rows()[0]["saran"]) == (1, "Baik, tetapi antre.")


def test_the_web_app_is_busy_while_an_office_is_sealed_and_other_offices_are_not(workspace: Workspace) -> None:
    create(workspace.store, "kelurahan-lain", "rehearsal").close()
    neighbour = open_store(workspace.store, "kelurahan-lain")
    with again(workspace, NOON) as here:
        here.store.patience = 0.1
        command = open_store(workspace.store, OFFICE)
        with command.writing():
            reply = here.send(body(1))
            assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
            assert neighbour.add(replace(response(1), office="kelurahan-lain"), ARRIVAL)
        command.close()
        assert here.send(body(1)).status_code == 201
    neighbour.close()
