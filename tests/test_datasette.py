"""Both Datasettes: ready questions answer, everything else is refused, and the staff's copy tells of nobody."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette.app import Datasette
from datasette_auth_passwords.utils import hash_password
from published_office import OCTOBER, ROOT, SARAN, TODAY, chromium, fill, make_office, three_published

from collector.store import open_store
from collector.workspace import Workspace
from publish import datasettes
from publish.dictionary import DICTIONARY
from publish.queries import PUBLIC_QUERIES
from publish.staff_db import STAFF_COLUMNS, build_staff
from publish.staff_queries import STAFF_QUERIES
from scoring.errors import IkmError

PASSWORD = "kata sandi petugas"
HASH = hash_password(PASSWORD, iterations=1000)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    workspace = three_published(tmp_path_factory.mktemp("kantor"))
    datasettes.prepare_staff(workspace)
    return workspace


@pytest.fixture
def staff(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(datasettes.PASSWORD_VARIABLE, HASH)
    return office.data / "staf" / "staf.db"


def ask(database: Path, questions: Callable[[Datasette], Awaitable[Any]]) -> Any:
    """Put questions to an instance with the metadata, settings and templates that the command gives it."""

    async def run() -> Any:
        instance = Datasette(
            [],
            immutables=[str(database)],
            metadata=json.loads(database.with_name("metadata.json").read_text("utf-8")),
            settings=datasettes.SETTINGS,
            template_dir=str(datasettes.TEMPLATES),
            plugins_dir=str(datasettes.PLUGINS),
        )
        await instance.invoke_startup()
        return await questions(instance)

    return asyncio.run(run())


def get(database: Path, *paths: str, **options: Any) -> list[httpx.Response]:
    async def questions(instance: Datasette) -> list[httpx.Response]:
        return [await instance.client.get(path, **options) for path in paths]

    answers: list[httpx.Response] = ask(database, questions)
    return answers


def as_staff(database: Path, *paths: str) -> list[httpx.Response]:
    async def questions(instance: Datasette) -> list[httpx.Response]:
        cookies = {"ds_actor": instance.sign({"a": {"id": "staf"}}, "actor")}
        return [await instance.client.get(path, cookies=cookies) for path in paths]

    answers: list[httpx.Response] = ask(database, questions)
    return answers


def public(workspace: Workspace) -> Path:
    return workspace.public / "publik.db"


def test_the_three_ready_questions_of_the_public_answer(office: Workspace) -> None:
    index, unsur, newest, spread = (
        answer.json()["rows"]
        for answer in get(
            public(office),
            "/publik/indeks.json?_shape=objects",
            "/publik/nilai_unsur.json?_shape=objects&periode=2026-08",
            "/publik/nilai_unsur.json?_shape=objects",
            "/publik/sebaran_jawaban.json?_shape=objects&periode=2026-10",
        )
    )
    assert (index[0]["periode"], index[0]["IKM"]) == ("Oktober 2026", 83.92)
    assert len(index) == 3
    assert len(unsur) == 14
    assert {row["periode"] for row in newest} == {"Oktober 2026"}
    assert len(spread) == 9
    assert all(sum(value for key, value in row.items() if key.startswith("nilai")) == 148 for row in spread)


def test_every_ready_question_has_an_indonesian_title_and_a_page(staff: Path, office: Workspace) -> None:
    pages = get(public(office), *(f"/publik/{name}" for name in PUBLIC_QUERIES))
    pages += as_staff(staff, *(f"/staf/{name}" for name in STAFF_QUERIES))
    queries = [*PUBLIC_QUERIES.values(), *STAFF_QUERIES.values()]
    for page, query in zip(pages, queries, strict=True):
        assert page.status_code == 200
        assert f"<h1>{query['title']}</h1>" in page.text
        assert "<td" in page.text or "Tidak ada data" in page.text
        assert '<html lang="id">' in page.text


def test_free_sql_and_the_download_of_the_file_are_refused(office: Workspace, staff: Path) -> None:
    refused = ["/publik.json?sql=select+1", "/publik?sql=select+1", "/publik/hitung.json?_where=1%3D1", "/publik.db"]
    assert [answer.status_code for answer in get(public(office), *refused)] == [403, 403, 403, 403]
    assert [answer.status_code for answer in as_staff(staff, "/staf.json?sql=select+1", "/staf.db")] == [403, 403]


def test_the_whole_table_cannot_be_streamed_at_once(office: Workspace) -> None:
    answer = get(public(office), "/publik/hitung.csv?_stream=on&_size=max")[0]
    assert answer.status_code == 400


def test_the_public_start_page_names_data_licence_and_questions(office: Workspace) -> None:
    page = get(public(office), "/")[0].text
    for words in (
        "Hasil Survei Kepuasan Masyarakat Kecamatan Teladan",
        "Jawaban perorangan tidak diterbitkan",
        "NRR 1 sampai 4",
        "CC BY 4.0",
        "Nilai IKM setiap periode",
        "Jumlah jawaban menurut nilai",
    ):
        assert words in page


def test_pages_load_nothing_and_carry_the_security_headers(office: Workspace, staff: Path) -> None:
    paths = ("/", "/publik", "/publik/hitung", "/publik/indeks", "/publik/tidak-ada", "/-/login")
    for answer in [*get(public(office), *paths), *as_staff(staff, "/", "/staf/hitung")]:
        assert not re.search(r'<script|<link|<img|src="', answer.text)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"


def test_every_ready_question_of_the_public_has_its_chart_drawn_without_a_script(office: Workspace) -> None:
    pages = get(public(office), "/publik/indeks", "/publik/nilai_unsur", "/publik/sebaran_jawaban?periode=2026-08")
    for page, said in zip(pages, ("Perkembangan IKM", "Nilai setiap unsur", "Sebaran jawaban"), strict=True):
        drawing = re.search(r'<svg [^>]*role="img".*?</svg>', page.text, re.S)
        assert drawing and said in drawing.group()
    assert "83,92" in pages[0].text
    nothing = get(public(office), "/publik/nilai_unsur?periode=2031-01")[0]
    assert (nothing.status_code, "<svg" in nothing.text) == (200, False)


def test_the_charts_need_no_exception_from_the_policy_of_the_page(office: Workspace) -> None:
    answers = get(public(office), *(f"/publik/{name}" for name in PUBLIC_QUERIES))
    with chromium() as (page, faults):
        for answer in answers:
            policy = answer.headers["content-security-policy"].replace("; frame-ancestors 'none'", "")
            held = f'<head><meta http-equiv="content-security-policy" content="{policy}">'
            page.set_content(answer.text.replace("<head>", held))
            assert page.locator("svg[role=img]").bounding_box()
        assert faults == []


def test_the_public_instance_serves_the_tables_of_the_open_data_row_by_row_and_no_other(office: Workspace) -> None:
    listed = get(public(office), "/publik.json")[0].json()
    assert sorted(table["name"] for table in listed["tables"]) == sorted(DICTIONARY)
    whole = json.loads((office.public / "data.json").read_text("utf-8"))
    tables = get(public(office), *(f"/publik/{name}.json?_shape=objects&_size=1000" for name in DICTIONARY))
    for name, answer in zip(DICTIONARY, tables, strict=True):
        rows = [{key: row[key] for key in DICTIONARY[name]} for row in answer.json()["rows"]]
        assert sorted(rows, key=str) == sorted(whole[name], key=str)


def test_any_page_may_read_the_public_instance_and_none_the_staffs(office: Workspace, staff: Path) -> None:
    assert datasettes.public_command(office, "127.0.0.1", 1)[-1] == "--cors"
    assert "--cors" not in datasettes.staff_command(office, "127.0.0.1", 1)
    assert staff.exists()


def test_the_public_has_no_login_and_no_password_tool(office: Workspace, staff: Path) -> None:
    assert [answer.status_code for answer in get(public(office), "/-/login", "/-/password-tool")] == [404, 404]
    assert get(staff, "/-/password-tool")[0].status_code == 404


def test_columns_are_explained_on_the_page_of_their_table(office: Workspace) -> None:
    assert "Nilai jawaban, 1 sampai 4; kosong berarti tidak dijawab" in get(public(office), "/publik/hitung")[0].text


def test_anonymous_is_refused_everywhere_in_the_staff_instance(staff: Path) -> None:
    paths = ("/", "/staf", "/staf/hitung", "/staf/hitung.json", "/staf/indeks.json", "/staf.db", "/-/metadata.json")
    for answer in get(staff, *paths):
        assert answer.status_code == 403
        assert "Kecamatan" not in answer.text
    browser = get(staff, "/staf/hitung", headers={"accept": "text/html"})[0]
    assert (browser.status_code, browser.headers["location"]) == (302, "/-/login")


def test_the_password_opens_the_staff_instance_and_a_wrong_one_does_not(staff: Path) -> None:
    async def questions(instance: Datasette) -> tuple[httpx.Response, httpx.Response, httpx.Response]:
        form = await instance.client.get("/-/login")
        token = {"csrftoken": form.cookies["ds_csrftoken"]}
        cookies = {"ds_csrftoken": form.cookies["ds_csrftoken"]}

        async def sign_in(password: str) -> httpx.Response:
            data = {"username": "staf", "password": password, **token}
            return await instance.client.post("/-/login", data=data, cookies=cookies)

        wrong, right = await sign_in("salah"), await sign_in(PASSWORD)
        actor = {"ds_actor": right.cookies["ds_actor"]}
        return wrong, right, await instance.client.get("/staf/hitung.json?_shape=array&_size=5", cookies=actor)

    wrong, right, rows = ask(staff, questions)
    assert wrong.status_code == 200
    assert "tidak cocok" in wrong.text
    assert "ds_actor" not in wrong.cookies
    assert right.status_code == 302
    assert len(rows.json()) == 5


def test_the_hash_of_the_password_is_shown_to_nobody(staff: Path) -> None:
    assert "pbkdf2" not in staff.with_name("metadata.json").read_text("utf-8")
    assert "pbkdf2" not in as_staff(staff, "/-/metadata.json")[0].text


def test_the_staff_database_holds_counts_and_never_the_answer_of_anyone(office: Workspace, staff: Path) -> None:
    content = staff.read_bytes()
    with sqlite3.connect(office.store) as store:
        secrets = store.execute("SELECT id, nonce FROM response").fetchall()
    assert not [part for row in secrets for part in row if part in content or part.hex().encode() in content]
    assert SARAN.encode() not in content
    with sqlite3.connect(staff) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        (n,) = database.execute(
            "SELECT sum(n) FROM hitung WHERE periode = '2026-10' AND layanan = 'ktp' AND pertanyaan = 'waktu'"
        ).fetchone()
    assert tables == set(STAFF_COLUMNS)
    assert "response" not in tables
    assert n == OCTOBER["ktp"]


def test_the_staff_database_knows_closed_periode_only_and_says_why_one_has_no_figure(tmp_path: Path) -> None:
    workspace = make_office(tmp_path)
    fill(workspace, "2026-08", OCTOBER)
    fill(workspace, "2026-09", OCTOBER)
    close(workspace, "2026-TW3")
    database = build_staff(workspace)
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT id, ikm IS NULL, keterangan IS NULL FROM periode ORDER BY id").fetchall()
        counted = connection.execute("SELECT sum(n) FROM waktu WHERE periode = '2026-09'").fetchone()
    assert rows == [("2026-08", 0, 1), ("2026-09", 0, 1), ("2026-TW3", 1, 0)]
    assert counted == (sum(OCTOBER.values()),)
    assert database.parent.stat().st_mode & 0o077 == 0


def close(workspace: Workspace, periode_id: str) -> None:
    store = open_store(workspace.store, workspace.office.id)
    store.close_periode(workspace.office.periode(periode_id), TODAY)
    store.close()


def test_the_same_store_gives_the_same_staff_database(office: Workspace) -> None:
    first = build_staff(office).read_bytes()
    assert build_staff(office).read_bytes() == first


def code_of(run: Callable[[], object]) -> str:
    with pytest.raises(IkmError) as caught:
        run()
    return caught.value.code


def test_a_command_that_cannot_run_says_why(tmp_path: Path, office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(datasettes.PASSWORD_VARIABLE, raising=False)
    assert code_of(lambda: datasettes.run_public(make_office(tmp_path))) == "NOTHING_PUBLISHED"
    assert code_of(lambda: datasettes.run_staff(office)) == "PASSWORD_MISSING"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert code_of(lambda: datasettes.run_public(office, "127.0.0.1", port)) == "PORT_TAKEN"


def test_the_staff_command_without_a_password_says_in_one_line_how_to_set_one(office: Workspace) -> None:
    before = {file for file in office.data.rglob("*") if file.is_file()}
    environment = {name: value for name, value in os.environ.items() if name != datasettes.PASSWORD_VARIABLE}
    for given in ({}, {datasettes.PASSWORD_VARIABLE: ""}):
        command = [
            sys.executable,
            "-m",
            "publish",
            "datasette",
            "--staff",
            "--office",
            str(office.root / "office.toml"),
        ]
        done = subprocess.run(
            command, cwd=ROOT, env=environment | given, capture_output=True, text=True, check=False, timeout=30
        )
        assert (done.returncode, done.stdout, done.stderr) == (2, "", IkmError("PASSWORD_MISSING").lines + "\n")
        assert "datasette hash-password" in done.stderr and datasettes.PASSWORD_VARIABLE in done.stderr
    assert {file for file in office.data.rglob("*") if file.is_file()} == before  # no database was made for it


def test_the_command_serves_on_loopback_and_takes_its_server_with_it(office: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = str(office.root / "office.toml")
    arguments = ["-m", "publish", "datasette", "--office", file, "--port", str(port)]
    command = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stderr=subprocess.PIPE)
    try:
        assert "Nilai IKM setiap periode" in first_answer(f"http://127.0.0.1:{port}/")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/publik/indeks.json", timeout=30) as answer:
            assert answer.headers["access-control-allow-origin"] == "*"
    finally:
        command.terminate()
        command.communicate(timeout=10)
    assert command.returncode == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def first_answer(address: str) -> str:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {address}")
