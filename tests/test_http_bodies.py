"""Over a hundred bodies that no page of ours sends: refused in Indonesian, never a fault of ours, nothing stored."""

from __future__ import annotations

import gc
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from bad_bodies import BAD_FORM, BAD_JSON, MULTIPART, WRONG_CHARSETS, WRONG_TYPES
from http_samples import (
    FORM_TYPE,
    FORMULIR,
    JAWABAN,
    JSON_TYPE,
    Collector,
    ask,
    body,
    collector,
    count,
    faults_of,
    form_bytes,
    json_bytes,
    server,
)
from publish_samples import office
from werkzeug.test import TestResponse


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector(tmp_path_factory.mktemp("bodies")) as running:
        yield running


def says_why(reply: TestResponse) -> bool:
    """Say whether the reply tells a person, in Indonesian, that nothing was stored."""
    if reply.request.path == JAWABAN:
        sentence = reply.get_json()["galat"]
        problems = reply.get_json()["problems"]
        return bool(sentence.strip()) and all(problem["text"].strip() for problem in problems)
    page = reply.get_data(as_text=True)
    return reply.content_type == "text/html; charset=utf-8" and '<html lang="id">' in page and "<h1" in page


def refused(here: Collector, path: str, data: bytes, content_type: str, status: int) -> None:
    before = count(here.workspace)
    reply = here.client.post(path, data=data, content_type=content_type)
    assert reply.status_code == status, reply.get_data(as_text=True)
    assert says_why(reply)
    assert count(here.workspace) == before


@pytest.mark.parametrize("name", BAD_JSON)
def test_this_json_is_refused_with_a_sentence_and_nothing_is_stored(here: Collector, name: str) -> None:
    status, data = BAD_JSON[name]
    refused(here, JAWABAN, data, JSON_TYPE, status)


@pytest.mark.parametrize("name", BAD_FORM)
def test_this_form_is_refused_with_a_page_and_nothing_is_stored(here: Collector, name: str) -> None:
    status, data = BAD_FORM[name]
    refused(here, FORMULIR, data, FORM_TYPE, status)


@pytest.mark.parametrize("content_type", WRONG_TYPES)
def test_a_right_body_under_this_type_is_refused(here: Collector, content_type: str) -> None:
    refused(here, JAWABAN, json_bytes(), content_type, 415)
    refused(here, FORMULIR, form_bytes(), content_type, 415)


def test_the_two_posts_do_not_take_each_others_type_nor_a_multipart_form(here: Collector) -> None:
    refused(here, JAWABAN, json_bytes(), FORM_TYPE, 415)
    refused(here, JAWABAN, form_bytes(), FORM_TYPE, 415)
    refused(here, FORMULIR, json_bytes(), JSON_TYPE, 415)
    refused(here, FORMULIR, MULTIPART, "multipart/form-data; boundary=x", 415)


@pytest.mark.parametrize("charset", WRONG_CHARSETS)
def test_a_right_body_said_to_be_in_this_charset_is_refused(here: Collector, charset: str) -> None:
    refused(here, JAWABAN, json_bytes(), f"{JSON_TYPE}; charset={charset}", 415)
    refused(here, FORMULIR, form_bytes(), f"{FORM_TYPE}; charset={charset}", 415)


def test_the_bodies_that_the_bad_ones_are_made_from_are_accepted(tmp_path: Path) -> None:
    with collector(tmp_path) as here:
        for content_type in (JSON_TYPE, "application/json; charset=utf-8", 'Application/JSON; charset="UTF-8"'):
            reply = here.client.post(JAWABAN, data=json_bytes(), content_type=content_type)
            assert reply.status_code in {200, 201}
        for content_type in (FORM_TYPE, f"{FORM_TYPE}; charset=UTF-8"):
            assert here.client.post(FORMULIR, data=form_bytes(), content_type=content_type).status_code == 303
        full = json_bytes(1) + b" " * (16_384 - len(json_bytes(1)))
        assert here.client.post(JAWABAN, data=full, content_type=JSON_TYPE).status_code == 201
        assert [faults_of(row) for row in here.rows()] == [[]] * 4


def test_hidden_characters_in_a_saran_are_left_out_and_the_answer_is_stored(tmp_path: Path) -> None:
    with collector(tmp_path) as here:
        assert here.send(body(1, saran="a\0b\ud800c\u202ed\x1be\ue000")).status_code == 201
        assert here.send(body(2, saran="\ud800\0")).status_code == 201
        assert [row["saran"] for row in here.rows()] == ["abcde", None]


WARM = 1_000  # bodies after which everything is loaded that will be
MOST_GROWN = 20.0  # MB


def resident() -> float:
    """Return how much memory this process holds, in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def mutated(people: random.Random, data: bytes) -> bytes:
    """Return `data` with one to four changes: bytes replaced, dropped, repeated, or swapped for a nasty token."""
    changed = bytearray(data)
    tokens = (
        b"\0",
        b"\xff",
        b'"',
        b"\\",
        b"{",
        b"[" * 50,
        b"NaN",
        b"1e999",
        b"-",
        b"\\ud800",
        b"%00",
        b"%",
        b"&",
        b"=",
    )
    for _ in range(people.randint(1, 4)):
        start = people.randrange(len(changed) + 1)
        stop = start + people.choice((0, 0, 1, 1, 2, 8))
        more = people.choice(
            (people.randbytes(people.randint(0, 3)), people.choice(tokens), bytes(changed[start:stop]) * 2)
        )
        changed[start:stop] = more
    return bytes(changed)


@pytest.mark.parametrize("tries", [2_500, pytest.param(70_000, marks=pytest.mark.soak)])
def test_changed_json_bodies_are_stored_right_or_refused_and_leave_nothing_in_memory(
    tmp_path: Path, tries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people, seen = random.Random(20261001), Counter[int]()
    with collector(tmp_path) as here:
        for number in range(tries):
            if number == WARM:
                before = resident()
            data = mutated(people, json_bytes(number, profil={"usia": "56+"} if number % 2 else {}))
            reply = here.client.post(JAWABAN, data=data, content_type=JSON_TYPE)
            assert reply.status_code in {200, 201} or (400 <= reply.status_code < 500 and says_why(reply)), data
            seen[reply.status_code] += 1
        grown = resident() - before
        rows = here.rows()
    with capsys.disabled():
        print(f"\n{tries} changed JSON bodies: {dict(seen)}, {len(rows)} rows, memory grew by {grown:.1f} MB")
    assert {201, 400, 422} <= set(seen) and grown < MOST_GROWN
    assert len(rows) > 100
    assert [faults for row in rows if (faults := faults_of(row))] == []


@pytest.mark.parametrize("tries", [2_000, pytest.param(30_000, marks=pytest.mark.soak)])
def test_changed_forms_are_stored_right_or_refused_and_leave_nothing_in_memory(
    tmp_path: Path, tries: int, capsys: pytest.CaptureFixture[str]
) -> None:
    people, seen = random.Random(20261002), Counter[int]()
    with collector(tmp_path) as here:
        for number in range(tries):
            if number == WARM:
                before = resident()
            data = mutated(people, form_bytes(saran="Baik, tetapi antre."))
            reply = here.client.post(FORMULIR, data=data, content_type=FORM_TYPE)
            assert reply.status_code == 303 or (400 <= reply.status_code < 500 and says_why(reply)), data
            seen[reply.status_code] += 1
        grown = resident() - before
        rows = here.rows()
    with capsys.disabled():
        print(f"\n{tries} changed forms: {dict(seen)}, {len(rows)} rows, memory grew by {grown:.1f} MB")
    assert {303, 400, 422} <= set(seen) and grown < MOST_GROWN
    assert len(rows) > 100
    assert [faults for row in rows if (faults := faults_of(row))] == []


def small(table: dict[str, tuple[int, bytes]]) -> list[tuple[str, tuple[int, bytes]]]:
    """Return the bodies that fit the line: the server hangs up on one that is far too large, as it should."""
    return [(name, entry) for name, entry in table.items() if len(entry[1]) < 50_000]


def test_a_real_server_refuses_what_only_a_network_can_send(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    with server(workspace) as (port, _):
        for path, kind, right in ((JAWABAN, JSON_TYPE, json_bytes()), (FORMULIR, FORM_TYPE, form_bytes())):
            large = [right, *[b" " * 8_192] * 2]
            for data in (iter(large), b"".join(large)):  # in chunks without a length, and with one
                status, _, page = ask(port, "POST", path, data, Content_Type=kind)
                assert (status, b"lebih besar" in page) == (413, True)
            status, _, _ = ask(port, "POST", path, iter([right[:40], right[40:]]), Content_Type=kind)
            assert status in {201, 303}  # sent in pieces, but right
        for name, (status, data) in small(BAD_JSON):
            got, _, reply = ask(port, "POST", JAWABAN, data, Content_Type=JSON_TYPE)
            assert (got, bool(json.loads(reply)["galat"])) == (status, True), name
        for name, (status, data) in small(BAD_FORM):
            got, _, reply = ask(port, "POST", FORMULIR, data, Content_Type=FORM_TYPE)
            assert (got, b'<html lang="id">' in reply) == (status, True), name
    assert count(workspace) == 2
