"""Tickets as the counts and the arithmetic see them: how one is read, what lets an answer in, what the panel says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from scoring_samples import NINE, OFFICE, part, rows_of, tally

from scoring import tally_json
from scoring.errors import IkmError
from scoring.group import group_of
from scoring.instrument import built_in
from scoring.integrity import panel
from scoring.office import parse_office
from scoring.response import FLAG_TICKET, Refusal, Response, from_form
from scoring.tally import Part, Tally, Tickets
from scoring.ticket import CROCKFORD, LENGTH, RANDOM, completed, digest, printed, read

CODE = completed("K7QM2XTA9F0BC3DE5G8")
PACK = built_in(NINE)


def test_a_ticket_is_nineteen_letters_and_the_one_that_checks_them() -> None:
    assert (RANDOM, LENGTH, len(CODE), CODE[:-1]) == (19, 20, 20, "K7QM2XTA9F0BC3DE5G8")
    assert completed("0" * 19) == "0" * 20
    assert completed("0" * 18 + "1") == "0" * 18 + "12"  # x times one is two


def test_a_ticket_is_printed_in_groups_of_four_and_read_back_from_them() -> None:
    assert printed(CODE) == "K7QM-2XTA-9F0B-C3DE-5G8" + CODE[-1]
    assert read(printed(CODE)) == CODE
    assert read(f"  {printed(CODE).lower().replace('-', ' ')}\n") == CODE


def test_letters_that_look_like_figures_are_read_as_figures() -> None:
    ticket = completed("0110" + "7" * 15)
    assert read("OIL0" + ticket[4:]) == ticket
    assert read("oil0" + ticket[4:].lower()) == ticket


def test_every_single_wrong_letter_is_found() -> None:
    for place in range(LENGTH):
        for letter in CROCKFORD:
            typed = CODE[:place] + letter + CODE[place + 1 :]
            assert (read(typed) == CODE) if letter == CODE[place] else (read(typed) is None)


def test_any_two_different_letters_exchanged_are_found() -> None:
    for first in range(LENGTH):
        for second in range(first + 1, LENGTH):
            typed = [*CODE]
            typed[first], typed[second] = typed[second], typed[first]
            assert ("".join(typed) == CODE) or read("".join(typed)) is None


@pytest.mark.parametrize("typed", ["", "K7QM", CODE + "0", CODE[:-1] + "U", CODE[:-1] + "É", "0" * 19, "0" * 21])
def test_what_is_no_ticket_is_not_read(typed: str) -> None:
    assert read(typed) is None


def test_only_the_hash_of_a_ticket_is_kept() -> None:
    assert digest(CODE) == hashlib.sha256(CODE.encode()).digest()


def posted(mode: str, text: str) -> Response | Refusal:
    """Return what becomes of a form with `text` for a ticket at an office with this way with tickets."""
    office = parse_office("office.toml", OFFICE.replace("[kop]", f'[tiket]\nmode = "{mode}"\n\n[kop]'))
    survey = office.surveys[-1]
    fields = {question.id: ["4"] for question in survey.instrument.questions}
    fields |= {"f": [survey.instrument.form], "s": ["ktp"], "u": ["teladan"], "channel": ["1"], "tiket": [text]}
    return from_form(fields, office, survey, bytes(32))


@pytest.mark.parametrize(
    ("mode", "text"), [("off", ""), ("off", CODE), ("off", "x"), ("optional", ""), ("optional", " ")]
)
def test_an_answer_is_let_in_without_a_ticket_where_none_is_needed(mode: str, text: str) -> None:
    answer = posted(mode, text)
    assert isinstance(answer, Response)
    assert (answer.ticket, answer.flags) == (b"", 0)


@pytest.mark.parametrize("mode", ["optional", "required"])
def test_an_answer_with_a_ticket_carries_its_hash_and_says_so(mode: str) -> None:
    answer = posted(mode, printed(CODE))
    assert isinstance(answer, Response)
    assert (answer.ticket, answer.flags) == (digest(CODE), FLAG_TICKET)


@pytest.mark.parametrize(
    ("mode", "text", "code"),
    [
        ("required", "", "TICKET_MISSING"),
        ("required", " ", "TICKET_MISSING"),
        ("required", CODE[:-1], "TICKET_TYPO"),
        ("optional", CODE[:-1], "TICKET_TYPO"),
    ],
)
def test_a_ticket_that_is_lacking_or_mistyped_is_a_remark_on_its_field(mode: str, text: str, code: str) -> None:
    refusal = posted(mode, text)
    assert isinstance(refusal, Refusal) and refusal.code == "ANSWERS_REFUSED"
    assert [(found.code, found.field) for found in refusal.remarks] == [(code, "tiket")]


def test_a_layanan_may_have_its_own_way_with_tickets() -> None:
    text = OFFICE.replace('nama = "Kartu Keluarga"', 'nama = "Kartu Keluarga"\ntiket = "required"')
    office = parse_office("office.toml", text)
    assert [office.ticket_mode(name) for name in ("ktp", "kk", "paspor")] == ["off", "required", "off"]
    optional = parse_office("office.toml", text.replace("[kop]", '[tiket]\nmode = "optional"\n\n[kop]'))
    assert [optional.ticket_mode(name) for name in ("ktp", "kk", "paspor")] == ["optional", "required", "optional"]


def with_tickets(n: int, layanan: str = "ktp", **changes: Any) -> Part:
    """Return the part of twenty answers, `n` of which came with a ticket."""
    return replace(part(rows_of("443344334 " * 20), layanan=layanan), flags={"ticket": n}, **changes)


def said(counted: Tally) -> dict[str, Any]:
    """Return what the panel says of tickets."""
    entries = panel(counted, group_of(counted, PACK, counted.parts, None))
    return next(entry for entry in entries if entry["id"] == "tickets")


def test_the_panel_shows_services_tickets_and_answers_side_by_side() -> None:
    held = {"ktp": Tickets("required", 30, 40, 20), "*": Tickets("optional", 5, 6, 3)}
    counted = tally(
        with_tickets(20), with_tickets(3, "kk"), tickets=held, population={"ktp": 30, "kk": 25}, excluded_parts=()
    )
    entry = said(counted)
    assert entry == {
        "id": "tickets",
        "state": "ok",
        "population": 55,
        "issued": 35,
        "redeemed": 23,
        "n": 23,
        "of": 40,
        "persen": "57.5",
        "layanan": [
            {
                **{"layanan": "ktp", "population": 30, "mode": "required", "issued": 30, "available": 40},
                **{"redeemed": 20, "n": 20, "of": 20, "without": 0},
            },
            {
                **{"layanan": "*", "population": None, "mode": "optional", "issued": 5, "available": 6},
                **{"redeemed": 3, "n": 0, "of": 0, "without": 0},
            },
        ],
        "faults": [],
    }


def faults(*parts: Part, population: dict[str, int] | None = None, **held: Tickets) -> list[tuple[str, str]]:
    tickets = {name.replace("any", "*"): value for name, value in held.items()}
    entry = said(tally(*parts, tickets=tickets, population=population or {}))
    assert entry["state"] == ("seen" if entry["faults"] else "ok")
    return [(fault["layanan"], fault["fault"]) for fault in entry["faults"]]


def test_more_tickets_than_services_are_seen_of_a_layanan_and_of_the_office() -> None:
    one = with_tickets(20)
    assert faults(one, population={"ktp": 30}, ktp=Tickets("optional", 30, 30, 20)) == []
    assert faults(one, population={"ktp": 29}, ktp=Tickets("optional", 30, 30, 20)) == [("ktp", "issued")]
    assert faults(one, population={"ktp": 20, "kk": 9}, any=Tickets("optional", 30, 30, 20)) == [("*", "issued")]
    assert faults(one, population={"ktp": 20, "kk": 10}, any=Tickets("optional", 30, 30, 20)) == []
    assert faults(one, population={"ktp": 20}, any=Tickets("optional", 30, 30, 20)) == []  # of kk nobody knows
    both = {"ktp": Tickets("optional", 30, 30, 20), "any": Tickets("optional", 9, 9, 0)}
    assert faults(one, population={"ktp": 29, "kk": 0}, **both) == [("ktp", "issued")]  # told once


def test_more_used_than_there_were_are_seen() -> None:
    assert faults(with_tickets(20), ktp=Tickets("optional", 5, 20, 20)) == []
    assert faults(with_tickets(20), ktp=Tickets("optional", 5, 19, 20)) == [("ktp", "redeemed")]


def test_a_web_answer_without_a_ticket_is_seen_where_one_must_be_brought() -> None:
    assert faults(with_tickets(19), ktp=Tickets("required", 30, 30, 19)) == [("ktp", "without")]
    assert faults(with_tickets(19), ktp=Tickets("optional", 30, 30, 19)) == []
    assert faults(with_tickets(0, channel="paper"), ktp=Tickets("required", 30, 30, 0)) == []
    assert faults(with_tickets(19), any=Tickets("required", 30, 30, 19)) == []


def test_answers_with_a_ticket_must_be_as_many_as_were_used_with_those_left_out() -> None:
    held = {"ktp": Tickets("optional", 30, 30, 20)}
    assert faults(with_tickets(19), **held) == [("*", "answers")]
    left_out = said(tally(with_tickets(19), tickets=held, excluded_parts=(with_tickets(1),)))
    assert (left_out["state"], left_out["n"]) == ("ok", 19)


def test_without_tickets_nothing_is_said_of_them() -> None:
    entry = said(tally(with_tickets(0)))
    assert (entry["state"], entry["layanan"], entry["faults"], entry["population"]) == ("unknown", [], [], None)
    assert said(tally(layanan={}, population={}))["population"] is None


def fields_with(name: str, **held: Any) -> dict[str, Any]:
    counted = tally(with_tickets(3), tickets={"ktp": Tickets("optional", 1, 2, 3)})
    fields: dict[str, Any] = json.loads(tally_json.dump(counted))
    fields["tickets"] = {name: {"mode": "required", "issued": 4, "available": 5, "redeemed": 6, **held}}
    return fields


def test_tickets_stand_in_the_tally_only_where_they_are_used_and_are_read_back() -> None:
    assert "tickets" not in json.loads(tally_json.dump(tally(with_tickets(0))))
    for name in ("ktp", "*"):
        loaded = tally_json.load(json.dumps(fields_with(name)))
        assert loaded.tickets == {name: Tickets("required", 4, 5, 6)}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        (fields_with("paspor"), "tickets.paspor: tidak ada pada daftar layanan"),
        (fields_with("ktp", mode="wajib"), "tickets.ktp.mode: seharusnya salah satu dari off, optional, required"),
        (fields_with("ktp", issued=-1), "tickets.ktp.issued: seharusnya bilangan bulat"),
        (fields_with("ktp", redeemed=True), "tickets.ktp.redeemed: seharusnya bilangan bulat"),
        (fields_with("ktp", lost=1), "tickets.ktp: seharusnya berisi tepat: available, issued, mode, redeemed"),
        ({**fields_with("ktp"), "tickets": [1]}, "tickets: seharusnya tabel bilangan"),
    ],
)
def test_tickets_that_are_none_are_refused_by_their_place(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(IkmError) as refused:
        tally_json.load(json.dumps(fields))
    assert refused.value.code == "TALLY_INVALID" and says in str(refused.value)
