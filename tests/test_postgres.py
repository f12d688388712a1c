"""The store on a real PostgreSQL: what a file has not. Many offices and collectors in one database, none of its own."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import psycopg
import pytest
from http_samples import OFFICE, count, stored
from postgres_server import PASSWORD, behind_our_back, quick_server
from publish_samples import answer, collect, named, office, publish
from store_samples import ARRIVAL, OURS, SCHEMA, everything, fill, response
from test_counting import people

from collector import counting
from collector.schema import SQL_FOLDER
from collector.store import Arrival, Server, Store, create, is_there, open_store, reading
from collector.storing import Entry
from collector.workspace import STORE_VARIABLE, Workspace
from scoring.errors import IkmError
from scoring.instrument import built_in
from scoring.tally import Tally


@pytest.fixture
def workspace(postgres: str, tmp_path: Path) -> Workspace:
    return office(tmp_path)


@pytest.fixture
def store(workspace: Workspace) -> Iterator[Store]:
    opened = open_store(workspace.store, OFFICE)
    yield opened
    opened.close()


@pytest.fixture
def empty(request: pytest.FixtureRequest) -> Server:
    place = quick_server().empty()
    request.addfinalizer(lambda: quick_server().drop(place))
    return place


def place_of(workspace: Workspace) -> Server:
    assert isinstance(workspace.store, Server)
    return workspace.store


# append-only


def columns(place: Server, table: str) -> list[str]:
    sql = f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position"
    return [name for (name,) in behind_our_back(place, sql)]


def test_the_tables_are_those_of_the_file_with_the_office_where_it_is_needed(workspace: Workspace) -> None:
    expected = {table: [*names] for table, names in SCHEMA.items() if table in OURS}
    expected["store"].remove("one")
    expected["saran"].insert(1, "office")
    assert {table: columns(place_of(workspace), table) for table in OURS} == expected
    assert columns(place_of(workspace), "response_id") == ["office", "id"]


@pytest.mark.parametrize("table", [*OURS, "response_id"])
def test_no_row_of_this_table_can_be_changed_replaced_or_deleted(
    workspace: Workspace, store: Store, table: str
) -> None:
    fill(workspace, store)
    before = everything(workspace.store)
    place, key = place_of(workspace), columns(place_of(workspace), table)
    upsert = f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}"
    statements = [
        f"DELETE FROM {table}",
        *(f"UPDATE {table} SET {column} = {column}" for column in key),
        f"TRUNCATE {table} CASCADE",
        *(f"{word} {share}" for share in shares(place, table) for word in ("TRUNCATE saran, response,", "DELETE FROM")),
    ]
    if table != "response":  # whose ids are unique in response_id
        upsert = f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}"
        statements.append(f"{upsert} ON CONFLICT ({unique(place, table)}) DO UPDATE SET {key[0]} = DEFAULT")
    with psycopg.connect(place.dsn, autocommit=True) as stranger:
        for statement in statements:
            with pytest.raises(psycopg.Error, match=r"append-only|only be updated to DEFAULT|closed"):
                stranger.execute(statement)
    assert everything(workspace.store) == before


def unique(place: Server, table: str) -> str:
    """Return the columns of the table's primary key."""
    sql = (
        "SELECT string_agg(a.attname, ', ') FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid"
        f" AND a.attnum = ANY(i.indkey) WHERE i.indrelid = '{table}'::regclass AND i.indisprimary"
    )
    return str(behind_our_back(place, sql)[0][0])


def shares(place: Server, table: str) -> list[str]:
    """Return the parts of a table that hold a row, by name."""
    kept = behind_our_back(place, f"SELECT DISTINCT tableoid::regclass::text FROM {table}")
    return [name for (name,) in kept if name != table]


def test_every_part_of_a_table_refuses_to_be_emptied(workspace: Workspace) -> None:
    parts = (
        "SELECT count(*), count(tgname) FROM (SELECT relid FROM pg_partition_tree('response') UNION ALL"
        " SELECT relid FROM pg_partition_tree('response_id')) AS part"
        " LEFT JOIN pg_trigger ON tgrelid = relid AND tgname LIKE '%keeps_table' AND tgenabled = 'O'"
    )
    assert behind_our_back(place_of(workspace), parts) == [(1 + 8 + 8 * 12 + 1 + 8,) * 2]


def test_a_reader_cannot_write_and_each_of_its_transactions_sees_one_moment(workspace: Workspace, store: Store) -> None:
    with reading(workspace.store) as reader:
        for statement in (
            "INSERT INTO store VALUES ('lain', 'real')",
            "DROP TABLE saran",
            "SELECT nextval('response_seq')",
        ):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
                reader._connection.execute(statement)
        seen = []
        for statement in ("BEGIN", "COMMIT"):
            seen.append(reader.execute("SELECT count(*) FROM response").fetchone()[0])
            reader.execute(statement)
            seen.append(reader.execute("SELECT count(*) FROM response").fetchone()[0])
            store.add(response(len(seen)), ARRIVAL)
    assert seen == [0, 0, 0, 1]


def test_answers_lie_in_the_share_of_their_office_and_year(workspace: Workspace, store: Store) -> None:
    for number, year in enumerate((2024, 2025, 2026, 2035, 2036)):
        store.add(response(number), Arrival(date(year, 10, 1), 10))
    found = behind_our_back(place_of(workspace), "SELECT tableoid::regclass::text FROM response ORDER BY seq")
    kept = [name for (name,) in found]
    assert len({name.split("_")[1] for name in kept}) == 1
    assert [name.split("_")[2] for name in kept] == ["other", "2025", "2026", "2035", "other"]


def test_an_answer_sent_again_after_midnight_or_new_year_counts_once(workspace: Workspace, store: Store) -> None:
    days = [date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)]
    assert [store.add(response(1), Arrival(day, 0)) for day in days] == [True, False, False]
    assert [row["day"] for row in stored(workspace)] == ["2026-12-31"]


# whose answers they are


def test_two_offices_in_one_database_never_see_each_other(postgres: str, tmp_path: Path) -> None:
    here = office(tmp_path / "sini")
    there = office(tmp_path / "sana", {f'id = "{OFFICE}"': 'id = "kelurahan-lain"'})
    for workspace, n in ((here, 30), (there, 20)):
        answer(workspace, n)
    assert collect(here, "close", "2026-10") == 0
    answer(there, 5, seed=2)
    paper = b"\x01" * 32
    for workspace in (here, there):
        store = open_store(workspace.store, workspace.office.id)
        (own,) = people(built_in("permenpanrb-14-2017"), workspace.office.id, 9, 1, ("ktp",))
        assert store.batch_day(paper) is None
        store.add_batch(paper, "kertas.csv", date(2026, 11, 1), [(own, date(2026, 10, 30))])
        store.close()
    assert [tally(workspace).n for workspace in (here, there)] == [30, 25]
    with reading(there.store) as connection:
        assert counting.closed_periodes(connection, there.office) == []
        assert connection.execute("SELECT count(*) FROM day_tally WHERE office = 'kelurahan-lain'").fetchone()[0] == 1
    assert {kind_of(here), kind_of(there)} == {"rehearsal"}


def tally(workspace: Workspace) -> Tally:
    with reading(workspace.store) as connection:
        return counting.tally(connection, workspace.office, workspace.office.periode("2026-10"))


def kind_of(workspace: Workspace) -> str:
    store = open_store(workspace.store, workspace.office.id)
    try:
        return store.kind()
    finally:
        store.close()


def test_a_rehearsal_office_never_becomes_a_real_one_beside_one_that_is(
    workspace: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create(workspace.store, "kelurahan-lain", "real").close()
    create(workspace.store, "kelurahan-lain", "rehearsal").close()
    create(workspace.store, OFFICE, "real").close()
    assert kind_of(workspace) == "rehearsal"
    text = (tmp_path / "office.toml").read_text("utf-8")
    (tmp_path / "office.toml").write_text(text.replace(f'id = "{OFFICE}"', 'id = "kelurahan-lain"'), "utf-8")
    assert collect(workspace, "close", "2026-10") == 2
    assert capsys.readouterr().err.endswith("Hapus TODAY, atau tambahkan OFFICE=data/gladi/office.toml.\n")


def test_an_office_that_has_nothing_in_the_database_is_told_what_to_type(
    empty: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    monkeypatch.setenv(STORE_VARIABLE, empty.dsn)
    assert not is_there(empty, OFFICE)
    assert behind_our_back(empty, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    for tables in (False, True):
        for run in (lambda: collect(workspace, "tally", "2026-10"), lambda: publish(workspace, "report", "2026-10")):
            assert run() == 2
            assert capsys.readouterr().err.endswith("belum ada. Ketik: make site\n")
        if not tables:
            create(empty, "kelurahan-lain", "real").close()
    assert collect(workspace, "close", "2026-10") == 2
    assert capsys.readouterr().err == f"Basis data {empty} belum ada. Ketik: make site\n"
    assert not is_there(empty, OFFICE) and is_there(empty, "kelurahan-lain")


# its address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ikm:{}@127.0.0.1:1/ikm",
        "postgresql://ikm:{}@127.0.0.1:{port}/tidak-ada",
        "postgresql://ikm:{}-salah@127.0.0.1:{port}/postgres",
        "postgresql://ikm:{}@127.0.0.1:angka/ikm",
        "postgresql://ikm:{} x@[127.0.0.1/ikm",
        "postgresql://ikm:{}/x@127.0.0.1:1/ikm",
        "host=127.0.0.1 port=1 user=ikm password={}",
        "bukan alamat {}",
    ],
)
def test_a_server_that_is_not_to_be_had_is_said_in_one_line_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], address: str
) -> None:
    workspace = office(tmp_path)
    port = quick_server().port
    monkeypatch.setenv(STORE_VARIABLE, address.replace("{port}", str(port)).replace("{}", PASSWORD))
    for run in (lambda: collect(workspace, "close", "2026-10"), lambda: publish(workspace, "site")):
        assert run() == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1 and "tidak dapat dihubungi" in said
        assert PASSWORD not in said and PASSWORD not in repr(workspace.store)


def test_a_database_that_a_later_version_changed_is_refused(workspace: Workspace) -> None:
    behind_our_back(place_of(workspace), "INSERT INTO migration VALUES ('postgres_9999_lain')")
    with pytest.raises(IkmError) as refused:
        open_store(workspace.store, OFFICE)
    assert (refused.value.code, "postgres_9999_lain" in str(refused.value)) == ("STORE_NEWER", True)


def test_each_migration_runs_once_however_many_collectors_start_at_once(empty: Server) -> None:
    with ThreadPoolExecutor(8) as pool:
        stores = list(pool.map(lambda number: create(empty, f"kantor-{number % 4}", "real"), range(8)))
    for store in stores:
        store.close()
    found = [name for (name,) in behind_our_back(empty, "SELECT name FROM migration ORDER BY name")]
    assert found == sorted(file.stem for file in SQL_FOLDER.glob("postgres_*.sql"))


def test_a_collector_that_may_only_add_rows_needs_no_more(workspace: Workspace) -> None:
    place, address = place_of(workspace), place_of(workspace).dsn
    behind_our_back(
        place,
        f"CREATE ROLE pencatat LOGIN PASSWORD '{PASSWORD}'",
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO pencatat",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO pencatat",
    )
    store = open_store(Server(address.replace("//ikm:", "//pencatat:")), OFFICE)
    assert store.add(response(1, "Baik."), ARRIVAL)
    assert store.close_periode(workspace.office.periode("2026-10"), date(2026, 10, 25)) == 1
    store.close()
    behind_our_back(place, "DROP OWNED BY pencatat", "DROP ROLE pencatat")


# many at once


def test_a_batch_of_64_takes_few_statements_whatever_becomes_of_each(workspace: Workspace, store: Store) -> None:
    old = [Entry(response(number), ARRIVAL) for number in range(8)]
    store._write(old)
    store.close_periode(workspace.office.periode("2026-09"), date(2026, 9, 25))
    new = [Entry(response(number, "x"), ARRIVAL) for number in range(100, 140)]
    closed = [Entry(response(number), Arrival(date(2026, 9, 1), 1)) for number in range(200, 208)]
    outcomes = store._write([*old, *new, *closed, *new[:8]])
    assert outcomes[:48] == [False] * 8 + [True] * 40
    assert [getattr(outcome, "code", None) for outcome in outcomes[48:56]] == ["PERIODE_CLOSED"] * 8
    assert (outcomes[56:], count(workspace)) == ([False] * 8, 48)


def test_a_tally_is_counted_at_one_moment_while_answers_come_in(workspace: Workspace, store: Store) -> None:
    done, faults = threading.Event(), []

    def arrive() -> None:
        chance = random.Random(1)
        while not done.is_set():
            store.add(response(chance.randrange(2**200)), ARRIVAL)

    writers = [threading.Thread(target=arrive) for _ in range(3)]
    for writer in writers:
        writer.start()
    try:
        for _ in range(15):
            with reading(workspace.store) as connection:
                counted = counting.tally(connection, workspace.office, workspace.office.periode("2026-10"))
            faults += [part.n for part in counted.parts if sum(part.hours.values()) != part.n != part.complete]
    finally:
        done.set()
        for writer in writers:
            writer.join()
    assert faults == []


def test_an_answer_whose_number_was_given_out_is_stored_before_a_filter_takes_its_moment(
    workspace: Workspace, store: Store
) -> None:
    other = open_store(workspace.store, OFFICE)
    store.patience = 0.2
    with other._transaction("pg_advisory_xact_lock_shared") as session:  # type: ignore[attr-defined]
        other.insert(session, Entry(response(1), ARRIVAL))
        with pytest.raises(IkmError) as refused:
            store.moment()
    other.close()
    assert (refused.value.code, store.moment()) == ("STORE_BUSY", (1, 0))


def test_a_table_can_be_read_by_the_names_of_its_columns(workspace: Workspace, store: Store) -> None:
    fill(workspace, store)
    with reading(workspace.store) as connection:
        rows = named(connection.execute("SELECT * FROM response ORDER BY seq"))
    assert [row["a01"] for row in rows] == [4, 4, 4]
