"""The web app: who may post, what comes back, which day and form count, and what it says when the disk is full."""

from __future__ import annotations

import base64
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from http_samples import (
    FORMULIR,
    JAWABAN,
    NINE,
    ORIGIN,
    PACK,
    Collector,
    Returned,
    again,
    at,
    body,
    collector,
    count,
    form,
)
from publish_samples import office
from werkzeug.test import TestResponse

from collector.store import open_store
from collector.workspace import office_clock
from scoring.instrument import built_in
from scoring.office import ZONES

EVERY_REPLY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
}
ONE_INSTRUMENT = 'from = 2017-05-09\nrule = "exact"\nblank = "available"\n'
TWO_INSTRUMENTS = {ONE_INSTRUMENT: f'{ONE_INSTRUMENT}\n[[instrument]]\nid = "sukma-jatim-11"\nfrom = 2026-10-02\n'}
ELEVEN = built_in("sukma-jatim-11")
MIDNIGHT = datetime(2026, 10, 2)  # noqa: DTZ001 - of whichever zone the test adds
SECOND = timedelta(seconds=1)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Collector]:
    with collector(tmp_path) as running:
        yield running


# who may post

ORIGINS: list[tuple[dict[str, str], bool]] = [
    ({"Origin": ORIGIN}, True),
    ({"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"}, True),  # a page of ours on another address
    ({"Origin": "https://jahat.example"}, False),
    ({"Origin": "https://jahat.example", "Sec-Fetch-Site": "same-origin"}, False),
    ({"Origin": "null"}, False),
    ({"Origin": ""}, False),
    ({"Origin": ORIGIN + "/"}, False),
    ({"Origin": ORIGIN + ".jahat.example"}, False),
    ({"Origin": ORIGIN.replace("https", "http")}, False),
    ({"Origin": ORIGIN + ":8443"}, False),
    ({"Origin": ORIGIN.upper()}, False),
    ({"Origin": f"{ORIGIN}, https://jahat.example"}, False),
    ({}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "same-site"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "x"}, False),
]


@pytest.mark.parametrize(("headers", "allowed"), ORIGINS)
def test_only_pages_of_ours_and_programs_may_post(here: Collector, headers: dict[str, str], allowed: bool) -> None:
    assert here.send(body(), **headers).status_code == (201 if allowed else 403)
    assert here.send_form(form(), **headers).status_code == (303 if allowed else 403)
    assert count(here.workspace) == (2 if allowed else 0)


def test_a_preflight_lets_pages_of_ours_post_and_no_others(here: Collector) -> None:
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    reply = here.client.options(JAWABAN, headers={"Origin": ORIGIN, **asked})
    assert (reply.status_code, reply.data) == (204, b"")
    assert reply.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert reply.headers["Access-Control-Allow-Methods"] == "POST"
    assert reply.headers["Access-Control-Allow-Headers"] == "content-type"
    assert reply.headers["Vary"] == "Origin"
    for origin in ("https://jahat.example", "null"):
        reply = here.client.options(JAWABAN, headers={"Origin": origin, **asked})
        assert reply.status_code == 403
        assert not [name for name, _ in reply.headers if name.startswith("Access-Control")]


def test_a_page_of_ours_on_another_address_may_read_the_reply_and_the_plain_form_needs_no_such_leave(
    here: Collector,
) -> None:
    for fields in (body(), body(a=[9] * 9), {}):
        assert here.send(fields, Origin=ORIGIN).headers["Access-Control-Allow-Origin"] == ORIGIN
        assert "Access-Control-Allow-Origin" not in here.send(fields, Origin="https://jahat.example").headers
        assert "Access-Control-Allow-Origin" not in here.send(fields).headers
    assert "Access-Control-Allow-Origin" not in here.send_form(form(), Origin=ORIGIN).headers
    assert "Access-Control-Allow-Credentials" not in here.send(body(), Origin=ORIGIN).headers


# what comes back


def replies(here: Collector) -> dict[str, TestResponse]:
    """Return one reply of every kind that an open collector with room gives."""
    code = here.send(body(100)).get_json()["kode"]
    return {
        "201": here.send(body(1)),
        "200": here.send(body(1)),
        "204": here.client.options(JAWABAN),
        "303": here.send_form(form()),
        "receipt": here.client.get(f"/terima/{code}"),
        "health": here.client.get("/v1/health"),
        "400": here.client.post(JAWABAN, data="x", content_type="application/json"),
        "403": here.send(body(), Origin="null"),
        "403 page": here.send_form(form(), Origin="null"),
        "404": here.client.get("/x"),
        "405": here.client.get(JAWABAN),
        "405 page": here.client.get(FORMULIR),
        "410": here.send(body(f="x/1")),
        "410 page": here.send_form(form(f="x/1")),
        "413": here.send(body(saran="x" * 20_000)),
        "413 page": here.send_form(form(saran="x" * 20_000)),
        "415": here.client.post(JAWABAN, data="x"),
        "422": here.send(body(a=[9] * 9)),
        "422 page": here.send_form(form(usia="x")),
    }


def test_every_kind_of_reply_carries_the_security_headers_and_no_cookie(here: Collector) -> None:
    for name, reply in replies(here).items():
        assert str(reply.status_code) == (name.split()[0] if name[0].isdigit() else "200"), name
        assert {header: reply.headers.get(header) for header in EVERY_REPLY} == EVERY_REPLY, name
        policy = reply.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ") and policy.endswith("frame-ancestors 'none'"), name
        assert "unsafe" not in policy and "*" not in policy, name
        assert "Set-Cookie" not in reply.headers and "Server" not in reply.headers, name


def test_the_policy_of_a_page_allows_exactly_the_style_and_script_in_it(here: Collector) -> None:
    for reply in (here.send_form(form(usia="x")), here.client.get("/x"), here.client.get("/terima/K7QM-2XTA-9F")):
        page = reply.get_data(as_text=True)
        inlined = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", page, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in inlined]
        assert re.findall(r"'sha256-([^']+)'", reply.headers["Content-Security-Policy"]) == digests
        assert not re.search(r'\son\w+="|style="|javascript:', page)


def test_the_receipt_page_is_the_same_whatever_was_answered_apart_from_the_code(here: Collector) -> None:
    pages = []
    for value in (1, 4):
        posted = here.send_form(form(**{question.id: str(value) for question in PACK.questions}, saran="x" * value))
        place = posted.headers["Location"]
        reply = here.client.get(place)
        assert reply.status_code == 200
        pages.append((reply.text.replace(place.removeprefix("/terima/"), "CODE"), dict(reply.headers)))
    assert pages[0] == pages[1]
    assert "CODE" in pages[0][0] and "Terima kasih" in pages[0][0]


@pytest.mark.parametrize(
    "code",
    [
        *("x", "K7QM2XTA9F", "K7QM-2XTA-9", "K7QM-2XTA-9FF", "k7qm-2xta-9f", "--K7QM2XTA9F", "K7QM2XTA-9F-"),
        *("K7QI-2XTA-9F", "K7QU-2XTA-9F", "K7QM-2XTA-9F%0A", "K7QM-2XTA-9%D9%A4", "%3Cb%3E-2XTA-9F", "../v1/health"),
    ],
)
def test_what_cannot_be_a_receipt_code_is_not_found(here: Collector, code: str) -> None:
    reply = here.client.get(f"/terima/{code}")
    assert reply.status_code == 404
    assert "Halaman tidak ditemukan" in reply.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/x", "/v1", "/v1/jawaban/", "/v2/jawaban", "/terima/", "/office.toml", "/%00"])
def test_an_unknown_address_is_answered_in_indonesian(here: Collector, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        reply = here.client.open(path, method=method)
        assert reply.status_code == 404
        assert '<html lang="id">' in reply.text and "Alamat yang Anda buka tidak ada." in reply.text


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "X"])
def test_another_method_is_refused_in_indonesian_and_says_which_there_are(here: Collector, method: str) -> None:
    for path, allowed in ((JAWABAN, "OPTIONS, POST"), (FORMULIR, "POST")):
        reply = here.client.open(path, method=method)
        assert (reply.status_code, reply.headers["Allow"]) == (405, allowed)
        assert method == "HEAD" or "Alamat ini hanya menerima kiriman dari formulir survei." in reply.text
    assert here.client.post("/v1/health").status_code == 405


# a form that comes back

SARAN = 'Antre "lama" & </textarea><script>alert(1)</script> <b>\u00e9</b>'


def test_the_form_that_comes_back_keeps_every_answer_choice_and_word(here: Collector) -> None:
    told = {"jenis_kelamin": "L", "usia": "26-35", "pendidikan": "S1", "pekerjaan": "LAINNYA", "disabilitas": "YA"}
    answers = {question.id: str(1 + place % 4) for place, question in enumerate(PACK.questions)}
    for missing in PACK.questions:
        sent = form(**{**answers, **told, "saran": SARAN, "channel": "2"})
        del sent[missing.id]
        reply = here.send_form(sent)
        assert reply.status_code == 422
        back = Returned(reply.text)
        assert back.fields == {**sent, "situs": ""}
        nomor = PACK.questions.index(missing) + 1
        assert back.links["#i-" + missing.id] == f"Pertanyaan {nomor} belum dijawab."
        assert back.invalid == {missing.id}
        assert "<script>alert" not in reply.text
        assert count(here.workspace) == nomor - 1
        assert here.send_form({**back.fields, missing.id: "3"}).status_code == 303
    assert {row["saran"] for row in here.rows()} == {SARAN}
    assert {row["channel"] for row in here.rows()} == {2}


def test_the_form_that_comes_back_lists_all_that_is_missing_with_links_to_it(here: Collector) -> None:
    sent = {name: text for name, text in form().items() if name in {"u", "s", "f", "channel"}}
    reply = here.send_form({**sent, "usia": "12", "saran": "x" * 301})
    back = Returned(reply.text)
    links = {place: text for place, text in back.links.items() if place.startswith("#")}
    fields = [*(question.id for question in PACK.questions), "usia", "saran"]
    assert list(links) == [f"#i-{field}" for field in fields]
    assert {place.removeprefix("#") for place in links} <= back.ids
    assert back.invalid == set(fields)
    assert links["#i-saran"] == "Saran paling banyak 300 huruf; tulisan Anda 301 huruf."
    assert back.fields["saran"] == "x" * 301
    assert "<title>Jawaban belum terkirim" in reply.text


def test_json_names_the_field_of_every_problem(here: Collector) -> None:
    reply = here.send(body(a=[None, 9, *NINE[2:]], profil={"usia": "x", "nik": "1"}, channel=3))
    assert reply.status_code == 422
    fields = [problem["field"] for problem in reply.get_json()["problems"]]
    assert fields == [PACK.questions[0].id, PACK.questions[1].id, "channel", "nik", "usia"]


# once, on the right day, for the right form


def test_the_same_answer_sent_again_has_the_same_code_and_one_row(here: Collector) -> None:
    first = here.send(body())
    more = [here.send(body()) for _ in range(3)]
    assert (first.status_code, {reply.status_code for reply in more}) == (201, {200})
    assert {reply.get_json()["kode"] for reply in (first, *more)} == {first.get_json()["kode"]}
    assert count(here.workspace) == 1
    assert here.send(body(1)).get_json()["kode"] != first.get_json()["kode"]


@pytest.mark.parametrize("zona", ZONES)
def test_the_offices_own_midnight_decides_the_day_and_the_form(tmp_path: Path, zona: str) -> None:
    workspace = office(tmp_path, {'zona = "WIB"': f'zona = "{zona}"', **TWO_INSTRUMENTS})
    midnight = MIDNIGHT.replace(tzinfo=ZoneInfo(ZONES[zona])).astimezone(UTC)
    new = body(2, a=[4] * len(ELEVEN.questions), f=ELEVEN.form, profil={})
    with again(workspace, at(midnight - SECOND, ZONES[zona])) as here:
        assert here.send(body(1)).status_code == 201
        assert here.send_form(form()).status_code == 303
        assert here.send(new).status_code == 410
    with again(workspace, at(midnight + SECOND, ZONES[zona])) as here:
        for old in (here.send(body(3)), here.send_form(form())):
            assert (old.status_code, "formulir ini sudah diganti" in old.text) == (410, True)
        assert here.send(new).status_code == 201
        rows = [(row["day"], row["hour"], row["form"]) for row in here.rows()]
    assert rows == [("2026-10-01", 23, PACK.form)] * 2 + [("2026-10-02", 0, ELEVEN.form)]


def test_an_answer_counts_for_the_day_on_which_it_was_checked(tmp_path: Path) -> None:
    moments = iter([MIDNIGHT - SECOND, *[MIDNIGHT + SECOND] * 9])
    zone = ZoneInfo("Asia/Jakarta")
    with collector(tmp_path, TWO_INSTRUMENTS, lambda: next(moments).replace(tzinfo=zone)) as here:
        assert here.send(body()).status_code == 201
        assert [(row["day"], row["hour"], row["form"]) for row in here.rows()] == [("2026-10-01", 23, PACK.form)]


def test_the_offices_clock_is_that_of_its_zone(tmp_path: Path) -> None:
    for hours, zona in ((7, "WIB"), (8, "WITA"), (9, "WIT")):
        now = office_clock(office(tmp_path / zona, {'zona = "WIB"': f'zona = "{zona}"'}).office)()
        assert now.utcoffset() == timedelta(hours=hours)
        assert abs(now - datetime.now(UTC)) < timedelta(seconds=10)


def test_nothing_enters_a_closed_periode_but_what_was_stored_is_still_known(here: Collector) -> None:
    code = here.send(body(1)).get_json()["kode"]
    here.store.close_periode(here.workspace.office.periode("2026-10"), date(2026, 10, 25))
    for reply in (here.send(body(2)), here.send_form(form())):
        assert reply.status_code == 410
        assert "sudah ditutup" in reply.text
    known = here.send(body(1))
    assert (known.status_code, known.get_json()["kode"]) == (200, code)
    assert count(here.workspace) == 1


# a store that cannot write now


def later(reply: TestResponse, status: int) -> bool:
    """Say whether the reply asks to send the same again, in words."""
    return (reply.status_code, reply.headers.get("Retry-After")) == (status, "5") and "belum tersimpan" in reply.text


def reads_go_on(here: Collector) -> bool:
    health, receipt = here.client.get("/v1/health"), here.client.get("/terima/K7QM-2XTA-9F")
    return (health.status_code, receipt.status_code, len(here.rows())) == (200, 200, count(here.workspace))


def test_a_full_disk_is_said_and_costs_no_stored_answer_and_all_goes_on_when_there_is_room(here: Collector) -> None:
    writer = here.store._connection
    (pages,) = writer.execute("PRAGMA page_count").fetchone()
    writer.execute(f"PRAGMA max_page_count={pages + 2}")
    acknowledged = 0
    while (reply := here.send(body(acknowledged, saran="x" * 300))).status_code == 201:
        acknowledged += 1
    assert 0 < acknowledged < 100
    assert later(reply, 507)
    for number in range(20):
        assert later(here.send(body(1000 + number, saran="x" * 300)), 507)
        assert later(here.send_form(form(saran="x" * 300)), 507)
    assert here.send(body(0, saran="x" * 300)).status_code == 200
    assert reads_go_on(here) and count(here.workspace) == acknowledged
    writer.execute(f"PRAGMA max_page_count={pages + 1000}")
    assert here.send(body(acknowledged, saran="x" * 300)).status_code == 201
    assert here.send_form(form()).status_code == 303
    assert writer.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert count(here.workspace) == acknowledged + 2


def test_a_store_that_another_program_writes_to_is_busy_and_takes_answers_again_afterwards(here: Collector) -> None:
    here.store._connection.execute("PRAGMA busy_timeout=20")
    other = sqlite3.connect(here.workspace.store, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert later(here.send(body()), 503) and later(here.send_form(form()), 503)
    assert reads_go_on(here) and count(here.workspace) == 0
    other.execute("ROLLBACK")
    other.close()
    assert (here.send(body()).status_code, here.send_form(form()).status_code) == (201, 303)


def test_a_command_of_ours_that_holds_the_writers_turn_makes_the_store_busy_not_silent(here: Collector) -> None:
    here.store.patience = 0.02
    command = open_store(here.workspace.store, here.workspace.office.id)
    with command.writing():
        assert later(here.send(body()), 503) and later(here.send_form(form()), 503)
        assert reads_go_on(here)
    assert (here.send(body()).status_code, here.send_form(form()).status_code) == (201, 303)
    command.close()


def test_a_fault_of_ours_is_a_500_that_asks_to_send_again_and_shows_nothing_of_the_inside(here: Collector) -> None:
    spoiler = sqlite3.connect(here.workspace.store)
    spoiler.execute("DROP TABLE saran")
    spoiler.close()
    for reply in (here.send(body()), here.send_form(form(saran="x"))):
        assert later(reply, 500)
        assert {header: reply.headers.get(header) for header in EVERY_REPLY} == EVERY_REPLY
        assert "sqlite" not in reply.text.lower() and "Traceback" not in reply.text
    assert count(here.workspace) == 0
