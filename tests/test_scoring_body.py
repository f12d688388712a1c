"""What a stranger may post as JSON: the corpus that breaks a naive web service is refused, quickly and never raised."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import OFFICE

from scoring import strict_json
from scoring.office import parse_office
from scoring.response import (
    BODY_LIMIT,
    Refusal,
    Response,
    canonical,
    commitment,
    from_json,
    parse_json,
)

OFFICE_HERE = parse_office("office.toml", OFFICE)
SURVEY = OFFICE_HERE.surveys[-1]
NONCE = bytes(range(32))
NINE = [4, 4, 3, 4, 3, 4, 4, 3, 4]
FORM = "permenpanrb-14-2017/1"
VALID = {
    "id": commitment(NONCE, canonical(NINE, FORM, "ktp", "teladan")).hex(),
    "nonce": NONCE.hex(),
    "a": NINE,
    "f": FORM,
    "s": "ktp",
    "u": "teladan",
    "channel": 1,
    "profil": {"jenis_kelamin": "P"},
    "saran": "Baik.",
}
TEXT = json.dumps(VALID)

UNREADABLE = {
    "nothing": b"",
    "a list without end": b"[" * 8_000,
    "lists and their ends": b"[" * 8_000 + b"]" * 8_000,
    "objects without end": b'{"a":' * 3_000,
    "five deep": b'{"a":[[[[1]]]]}',
    "null": b"null",
    "a list": b"[1]",
    "a text": b'"x"',
    "a number": b"7",
    "not a number": TEXT.replace('"channel": 1', '"channel": NaN').encode(),
    "infinity": TEXT.replace('"channel": 1', '"channel": Infinity').encode(),
    "a number too large for a float": TEXT.replace('"channel": 1', '"channel": 1e999').encode(),
    "a fraction": TEXT.replace('"channel": 1', '"channel": 1.0').encode(),
    "two to the power of 63": TEXT.replace('"channel": 1', f'"channel": {2**63}').encode(),
    "five thousand digits": TEXT.replace('"channel": 1', f'"channel": {"9" * 5000}').encode(),
    "a key written twice": TEXT.replace('"channel": 1', '"channel": 1, "channel": 2').encode(),
    "a key written twice inside": b'{"profil": {"usia": "56+", "usia": "17-25"}}',
    "not UTF-8": b'{"saran": "\xff"}',
    "UTF-16": TEXT.encode("utf-16"),
    "a mark before the text": b"\xef\xbb\xbf" + TEXT.encode(),
    "UTF-7 brackets": b"+AHsAfQ-",
    "a zero byte": b'{"saran": "a\x00b"}',
    "two objects": b"{}{}",
    "half an object": TEXT[:-1].encode(),
}
# readable JSON of the wrong shape: the field that must be named
MISSHAPEN: dict[str, tuple[dict[str, object], str]] = {
    "true as an answer": ({"a": [True, *NINE[1:]]}, "persyaratan"),
    "a text as an answer": ({"a": ["4", *NINE[1:]]}, "persyaratan"),
    "a list as an answer": ({"a": [[4], *NINE[1:]]}, "persyaratan"),
    "an object as an answer": ({"a": [{}, *NINE[1:]]}, "persyaratan"),
    "zero as an answer": ({"a": [0, *NINE[1:]]}, "persyaratan"),
    "five as an answer": ({"a": [5, *NINE[1:]]}, "persyaratan"),
    "an answer too few": ({"a": NINE[1:]}, "a"),
    "an answer too many": ({"a": [*NINE, 4]}, "a"),
    "answers as a text": ({"a": "443434434"}, "a"),
    "no answers": ({"a": None}, "a"),
    "an object as a comment": ({"saran": {}}, "saran"),
    "a number as a comment": ({"saran": 1}, "saran"),
    "a list as a service": ({"s": ["ktp"]}, "s"),
    "true as a channel": ({"channel": True}, "channel"),
    "the channel of paper": ({"channel": 3}, "channel"),
    "no channel": ({"channel": None}, "channel"),
    "a profile as a list": ({"profil": []}, "profil"),
    "a profile code nobody offers": ({"profil": {"usia": "12"}}, "usia"),
    "a profile code that is a list": ({"profil": {"usia": ["56+"]}}, "usia"),
    "a profile field nobody knows": ({"profil": {"nik": "1"}}, "nik"),
    "a short nonce": ({"nonce": "00"}, "nonce"),
    "a nonce in capitals": ({"nonce": "A" * 64}, "nonce"),
    "a nonce that is a number": ({"nonce": 5}, "nonce"),
    "an id that is none": ({"id": "x" * 64}, "id"),
    "quickness as a number": ({"cepat": 1}, "cepat"),
    "a field nobody knows": ({"nama": "Budi"}, "nama"),
}


def post(changes: dict[str, object]) -> Response | Refusal:
    return from_json(json.dumps({**VALID, **changes}).encode(), OFFICE_HERE, SURVEY)


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_body_like_this_is_refused_as_unreadable(name: str) -> None:
    assert len(UNREADABLE[name]) <= BODY_LIMIT
    assert parse_json(UNREADABLE[name]) == Refusal("BODY_UNREADABLE")
    assert from_json(UNREADABLE[name], OFFICE_HERE, SURVEY) == Refusal("BODY_UNREADABLE")


@pytest.mark.parametrize("name", MISSHAPEN)
def test_a_field_like_this_is_refused_by_name(name: str) -> None:
    changes, field = MISSHAPEN[name]
    refusal = post(changes)
    assert isinstance(refusal, Refusal)
    assert [remark.field for remark in refusal.remarks] in ([field], ["", field])


def test_a_body_of_16_kib_is_read_and_one_byte_more_is_too_large() -> None:
    body = TEXT.encode() + b" " * (BODY_LIMIT - len(TEXT))
    assert isinstance(from_json(body, OFFICE_HERE, SURVEY), Response)
    assert parse_json(body + b" ") == Refusal("BODY_LARGE")


def test_four_levels_are_read_and_brackets_inside_a_text_are_no_level() -> None:
    assert parse_json(b'{"a":[[[1]]]}') == {"a": [[[1]]]}
    assert parse_json(rb'{"saran":"[[[[[[ \" {{{{{{"}') == {"saran": '[[[[[[ " {{{{{{'}


@pytest.mark.parametrize("body", [b'\\"' * 8192, b'"\\' * 8192, b'"' * 16384, b"{" * 16384, b'"\\"' * 5461])
def test_no_body_takes_long_to_refuse(body: bytes) -> None:
    start = time.perf_counter()
    assert parse_json(body) == Refusal("BODY_UNREADABLE")
    assert time.perf_counter() - start < 0.2


def test_a_name_chosen_by_a_stranger_comes_back_short_and_without_hidden_characters() -> None:
    refusal = post({"\ud800\u202e\x00" + "n" * 100: 1})
    assert isinstance(refusal, Refusal)
    (remark,) = refusal.remarks
    assert remark.field == "n" * 37
    assert remark.text.encode() == f"Isian {'n' * 37} tidak dikenal.".encode()


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise(body: bytes) -> None:
    assert isinstance(from_json(body, OFFICE_HERE, SURVEY), Refusal)


@given(st.data())
def test_a_body_with_some_bytes_changed_is_stored_right_or_refused(data: st.DataObject) -> None:
    body = bytearray(TEXT.encode())
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    read = from_json(bytes(body), OFFICE_HERE, SURVEY)
    if isinstance(read, Response):
        assert read.id == commitment(read.nonce, canonical(read.answers, read.form, read.layanan, read.office))
        assert all(type(value) is int and 1 <= value <= 4 for value in read.answers)
        read.saran.encode()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
        max_leaves=8,
    ),
    st.sampled_from(sorted(VALID)),
)
def test_no_value_in_any_field_raises(value: object, field: str) -> None:
    body = json.dumps({**VALID, field: value}).encode()
    assert isinstance(from_json(body, OFFICE_HERE, SURVEY), Response | Refusal)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"a": [[1], [[1]]]}', None),
        ('{"a": [[1], [[[1]]]]}', "lebih dari 4 tingkat"),
        ('[[[["]"]]], ["[[[["]]', None),
        ("[999999999999999, -99999999999999]", None),
        ("[1000000000000000]", "bilangan lebih dari 15 angka"),
        (f"[3.{'1' * 30}]", f"3.{'1' * 18} bukan bilangan bulat"),
        (f'{{"{"k" * 41}": 1, "{"k" * 41}": 2}}', f"kunci '{'k' * 40}' tertulis dua kali"),
    ],
)
def test_json_is_read_four_deep_and_fifteen_digits_long_and_no_further(text: str, reason: str | None) -> None:
    if reason is None:
        assert strict_json.read(text, 4) == json.loads(text)
        return
    with pytest.raises(ValueError, match=r"tingkat|angka|bulat|dua kali") as caught:
        strict_json.read(text, 4)
    assert str(caught.value) == reason
