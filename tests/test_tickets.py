"""Tickets: one lets in one answer, nobody can tell which, and a slip of the finger is no unknown ticket."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from http_samples import DAY, OFFICE, Collector, Returned, ask, body, collector, count, form, json_bytes, server
from hypothesis import given
from hypothesis import strategies as st
from publish_samples import ROOT, collect, office
from ticket_samples import REQUIRED, answer_with, campaign, code, files_of, hashes, redeem

import collector.__main__ as commands
from collector import tickets
from collector.freeze import freeze
from collector.store import Arrival, reading
from collector.storing import Entry
from scoring.errors import SENTENCES, IkmError
from scoring.response import FLAG_TICKET
from scoring.ticket import CROCKFORD, LENGTH, RANDOM, completed, digest, printed, read

OWN = {'id = "kk"\nnama = "Kartu Keluarga"': 'id = "kk"\nnama = "Kartu Keluarga"\ntiket = "optional"'}
letters = st.text(CROCKFORD, min_size=RANDOM, max_size=RANDOM)


@pytest.fixture
def here(tmp_path: Path, engine: str) -> Iterator[Collector]:
    with collector(tmp_path, {**REQUIRED, **OWN}) as running:
        running.store.load_tickets(hashes(1, 2, 3), None, DAY)
        running.store.load_tickets(hashes(7), "kk", DAY)
        yield running


def redemptions(here: Collector) -> list[tuple[object, ...]]:
    with reading(here.workspace.store) as connection:
        return [tuple(row) for row in connection.execute("SELECT * FROM redemption")]


# the letters


@given(letters, st.integers(0, LENGTH - 1), st.sampled_from(CROCKFORD))
def test_one_wrong_letter_is_found(random: str, place: int, other: str) -> None:
    whole = completed(random)
    wrong = whole[:place] + other + whole[place + 1 :]
    assert (read(wrong) is None) == (wrong != whole)


@given(letters, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_two_exchanged_letters_are_found(random: str, one: int, other: int) -> None:
    whole = list(completed(random))
    whole[one], whole[other] = whole[other], whole[one]
    assert (read("".join(whole)) is None) == ("".join(whole) != completed(random))


@given(letters)
def test_a_ticket_is_read_however_it_is_typed(random: str) -> None:
    whole = completed(random)
    assert len(printed(whole)) == LENGTH + 4
    alike = printed(whole).lower().replace("0", "o").replace("1", "l").replace("-", " ")
    for text in (whole, printed(whole), f"  {alike} ", whole.replace("1", "I")):
        assert read(text) == whole


@pytest.mark.parametrize("text", ["", "x", "U" * LENGTH, "0" * (LENGTH + 1), "0" * (LENGTH - 1), "é" * LENGTH])
def test_what_is_no_ticket_is_not_read(text: str) -> None:
    assert read(text) is None


# making and loading


def test_tickets_are_made_without_an_office_and_only_their_hashes_are_handed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert commands.main(["tickets", "--n", "40", "--layanan", "ktp", "--out", "tiket"]) == 0
    said = capsys.readouterr().out
    header, *rows = (tmp_path / "tiket/tiket.csv").read_text("ascii").splitlines()
    found = (tmp_path / "tiket/tiket-hash.txt").read_text("ascii").splitlines()
    codes = [row.removesuffix(",ktp") for row in rows]
    assert header == "tiket,layanan" and len(set(codes)) == 40
    assert all(printed(read(row) or "") == row for row in codes)
    by_hand = [hashlib.sha256(row.replace("-", "").encode()).hexdigest() for row in codes]
    assert found == sorted(by_hand) != by_hand
    assert not [row for row in codes if row in said]
    assert stat.S_IMODE((tmp_path / "tiket/tiket.csv").stat().st_mode) == 0o600
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["tiket", "tiket-hash.txt", "tiket.csv"]
    assert commands.main(["tickets", "--n", "40", "--out", "tiket"]) == 2
    assert "tidak ditimpa" in capsys.readouterr().err
    assert len((tmp_path / "tiket/tiket.csv").read_text("ascii").splitlines()) == 41


@pytest.mark.parametrize("n", ["0", "-1", "1000001"])
def test_no_number_of_tickets_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str], n: str) -> None:
    assert commands.main(["tickets", "--n", n, "--out", str(tmp_path / "t")]) == 2
    assert "1 sampai 1.000.000" in capsys.readouterr().err
    assert not (tmp_path / "t").exists()


def test_hashes_are_loaded_once_and_a_wrong_file_loads_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = office(tmp_path)
    tickets.write(tickets.make(5), tmp_path / "t", "")
    load = ("tickets", "--load", str(tmp_path / "t" / "tiket-hash.txt"))
    assert (collect(workspace, *load, "--layanan", "ktp"), collect(workspace, *load)) == (0, 0)
    said = capsys.readouterr().out.splitlines()
    assert said == [
        "5 tiket baru berlaku; 0 sudah dimuat sebelumnya.",
        "0 tiket baru berlaku; 5 sudah dimuat sebelumnya.",
    ]
    with reading(workspace.store) as connection:
        rows = [tuple(row) for row in connection.execute("SELECT office, layanan, loaded_on FROM ticket")]
    assert rows == [(OFFICE, "ktp", "2026-10-25")] * 5
    wrong = ("tickets", "--load", str(tmp_path / "t" / "tiket.csv"))
    for arguments in (wrong, (*load, "--layanan", "paspor"), (*load[:2], str(tmp_path / "tiada"))):
        assert collect(workspace, *arguments) == 2
        assert capsys.readouterr().err.count("\n") == 1


# one ticket, one answer


def test_a_ticket_lets_in_one_answer_and_a_retry_of_it_is_known(here: Collector) -> None:
    first = here.send(body(1, tiket=printed(code(1))))
    again = here.send(body(1, tiket=printed(code(1))))
    assert (first.status_code, again.status_code, first.get_json()) == (201, 200, again.get_json())
    other = here.send(body(2, tiket=code(1).lower()))
    assert (other.status_code, other.get_json()["problems"]) == (
        409,
        [{"field": "tiket", "text": SENTENCES["TICKET_USED"]}],
    )
    (row,) = here.rows()
    assert row["flags"] == FLAG_TICKET
    assert redemptions(here) == [(OFFICE, digest(code(1)), DAY.isoformat())]


def test_a_retry_is_known_even_with_another_ticket_which_stays_good(here: Collector) -> None:
    assert here.send(body(1, tiket=code(1))).status_code == 201
    assert here.send(body(1, tiket=code(2))).status_code == 200
    assert here.send(body(2, tiket=code(2))).status_code == 201
    assert len(redemptions(here)) == count(here.workspace) == 2


WRONG: dict[str, tuple[str, int, str]] = {
    "no ticket": ("", 422, "TICKET_MISSING"),
    "blanks": ("   ", 422, "TICKET_MISSING"),
    "a wrong letter": (code(1)[:-1] + ("0" if code(1)[-1] != "0" else "1"), 422, "TICKET_TYPO"),
    "too short": (code(1)[:-1], 422, "TICKET_TYPO"),
    "one that nobody issued": (code(99), 403, "TICKET_UNKNOWN"),
    "one of another layanan": (code(7), 403, "TICKET_UNKNOWN"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_answer_is_refused_with_the_sentence_for(here: Collector, name: str) -> None:
    text, status, error = WRONG[name]
    reply = here.send(body(1, tiket=text))
    assert (reply.status_code, reply.get_json()["problems"]) == (status, [{"field": "tiket", "text": SENTENCES[error]}])
    page = here.send_form(form(tiket=text, saran="Antre."))
    back = Returned(page.text)
    assert page.status_code == status and SENTENCES[error] in page.text
    assert back.links["#i-tiket"] == SENTENCES[error] and back.invalid == {"tiket"}
    assert (back.fields["saran"], back.fields["tiket"]) == ("Antre.", text)
    assert (count(here.workspace), redemptions(here)) == (0, [])


def test_without_script_a_second_post_with_the_ticket_says_that_one_answer_is_stored(here: Collector) -> None:
    assert here.send_form(form(tiket=printed(code(1)))).status_code == 303
    again = here.send_form(form(tiket=printed(code(1))))
    assert (again.status_code, count(here.workspace)) == (409, 1)
    assert "Satu jawaban dengan tiket ini sudah tersimpan" in again.text


def test_a_layanan_may_go_another_way_than_its_office(here: Collector) -> None:
    assert here.send(body(1, s="kk")).status_code == 201
    assert here.send(body(2, s="kk", tiket="")).status_code == 201
    assert here.send(body(3, s="kk", tiket=code(7))).status_code == 201
    assert here.send(body(4, s="kk", tiket=code(99))).status_code == 403
    assert [row["flags"] for row in here.rows()] == [0, 0, FLAG_TICKET]


def test_without_tickets_the_field_is_not_asked_and_a_ticket_is_neither_needed_nor_used(tmp_path: Path) -> None:
    with collector(tmp_path) as here:
        here.store.load_tickets(hashes(1), None, DAY)
        for number, text in enumerate((code(1), code(1), "x")):
            assert here.send(body(number, tiket=text)).status_code == 201
        assert [row["flags"] for row in here.rows()] == [0, 0, 0]
        assert redemptions(here) == []
        pages = freeze(here.workspace.office, here.workspace.site, DAY, rehearsal=True)
        assert not [file for file in pages if b'name="tiket"' in file.read_bytes()]


@pytest.mark.parametrize("value", [1, None, True, ["x"], {}])
def test_a_ticket_is_a_text(here: Collector, value: object) -> None:
    assert here.send(body(1, tiket=value)).status_code == 400


def test_what_refuses_the_answer_leaves_the_ticket_good(here: Collector) -> None:
    assert here.send(body(1, tiket=code(1), a=[9] * 9)).status_code == 422
    with pytest.raises((sqlite3.IntegrityError, psycopg.DatabaseError)):  # a row that the store does not take
        here.store.add(replace(answer_with(5, hashes(1)[0]), channel=9), Arrival(DAY, 10))
    assert redemptions(here) == []
    assert here.send(body(1, tiket=code(1))).status_code == 201


def test_refused_answers_in_one_transaction_do_not_touch_the_others(here: Collector) -> None:
    one, two, three = hashes(1, 2, 99)
    entries = [Entry(answer_with(n, ticket), Arrival(DAY, 10)) for n, ticket in enumerate((one, one, two, three, b""))]
    said = [outcome.code if isinstance(outcome, IkmError) else outcome for outcome in here.store._write(entries)]
    assert said == [True, "TICKET_USED", True, "TICKET_UNKNOWN", True]
    assert (count(here.workspace), len(redemptions(here))) == (3, 2)


def test_each_of_fifty_tickets_redeemed_by_twenty_at_once_lets_in_one_answer(tmp_path: Path, engine: str) -> None:
    campaign(office(tmp_path), 50, 20)


def test_two_collectors_at_once_let_in_one_answer_for_a_ticket(tmp_path: Path, engine: str) -> None:
    campaign(office(tmp_path), 20, 12, collectors=3)


# nobody learns which answer


def test_the_store_does_not_say_which_answer_a_ticket_let_in(here: Collector, engine: str) -> None:
    for number in (3, 1, 2):
        assert here.send(body(number, tiket=code(number))).status_code == 201
    stored = redemptions(here) if engine == "sqlite" else sorted(redemptions(here))  # docs/batas.md says what remains
    assert stored == sorted((OFFICE, found, DAY.isoformat()) for found in hashes(1, 2, 3))
    refusal = pytest.raises((sqlite3.OperationalError, psycopg.DatabaseError), match="rowid")
    with reading(here.workspace.store) as connection, refusal:
        connection.execute("SELECT rowid FROM redemption")
    for row in here.rows():
        assert not [value for value in tuple(row) if value in hashes(1, 2, 3)]
    assert redeem(here.store, answer_with(50, b"")) == "new"


def test_no_ticket_and_no_hash_of_one_reaches_a_log_a_receipt_or_a_frozen_page(tmp_path: Path) -> None:
    workspace = office(tmp_path, REQUIRED)
    tickets.write([code(number) for number in range(5)], tmp_path / "t", "")
    collect(workspace, "tickets", "--load", str(tmp_path / "t" / "tiket-hash.txt"))
    replies = []
    with server(workspace) as (port, process):
        kind = {"Content_Type": "application/json"}
        for number, sent in enumerate((code(1), code(1), code(9), code(2)[:-1])):
            replies.append(ask(port, "POST", "/v1/jawaban", json_bytes(number, tiket=sent), **kind))
        replies.append(ask(port, "GET", "/ktp/"))
        receipt = "/terima/" + replies[0][2].decode().split('"')[3]
        replies.append(ask(port, "GET", receipt))
        process.terminate()
        logs = "".join(process.communicate(timeout=10))
    assert [status for status, _, _ in replies] == [201, 409, 403, 422, 200, 200]
    told = logs + "".join(f"{headers}{content.decode()}" for _, headers, content in replies)
    told += b"".join(files_of(workspace.site)).decode("utf-8", "replace")
    for number in (1, 2, 9):
        for secret in (code(number), printed(code(number)), hashes(number)[0].hex()):
            assert secret not in told
    stored = b"".join(files_of(workspace.data))
    assert code(1).encode() not in stored and digest(code(1)) in stored


def test_the_receipt_is_the_same_with_and_without_a_ticket(here: Collector) -> None:
    with_one = here.send(body(1, tiket=code(1), s="kk")).get_json()["kode"]
    without = here.send(body(2, s="kk")).get_json()["kode"]
    pages = [
        here.client.get(f"/terima/{receipt}").data.replace(receipt.encode(), b"") for receipt in (with_one, without)
    ]
    assert pages[0] == pages[1]


def test_the_command_is_documented() -> None:
    said = subprocess.run(
        [ROOT / ".venv/bin/python", "-m", "collector", "tickets", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    manual = (ROOT / "docs" / "petunjuk.md").read_text("utf-8")
    for option in ("--n", "--load", "--layanan", "--out"):
        assert option in said.stdout and f"{option} " in manual
