"""An answered form: its canonical bytes, its id, its receipt, and what is accepted from a page."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import OFFICE

from scoring.instrument import built_in
from scoring.office import parse_office
from scoring.response import (
    FLAG_FAST,
    FLAG_HONEYPOT,
    SARAN_LIMIT,
    Refusal,
    Response,
    answer_remarks,
    canonical,
    clean_text,
    commitment,
    from_form,
    from_json,
    receipt_code,
)

HERE = parse_office("office.toml", OFFICE)
SURVEY = HERE.surveys[-1]
PACK = SURVEY.instrument
NONCE = bytes(range(32))
ANSWERS = [4, 4, 3, 4, 3, 4, 4, 3, 4]


def json_fields(**changes: Any) -> dict[str, Any]:
    """Return the fields that the page's script posts, with an id that matches them."""
    fields: dict[str, Any] = {
        "nonce": NONCE.hex(),
        "a": ANSWERS,
        "f": PACK.form,
        "s": "ktp",
        "u": "teladan",
        "channel": 1,
        "profil": {"jenis_kelamin": "P", "usia": "26-35"},
        "saran": "Loket sebaiknya dua.",
        "cepat": False,
        "situs": "",
        **changes,
    }
    held = canonical(fields["a"], fields["f"], fields["s"], fields["u"])
    return {"id": commitment(bytes.fromhex(fields["nonce"]), held).hex(), **fields}


def post(**changes: Any) -> Response | Refusal:
    return from_json(json.dumps(json_fields(**changes)).encode(), HERE, SURVEY)


def form_fields(**changes: str) -> dict[str, list[str]]:
    """Return the fields that the plain form posts."""
    fields = {question.id: str(value) for question, value in zip(PACK.questions, ANSWERS, strict=True)}
    fields |= {"f": PACK.form, "s": "ktp", "u": "teladan", "channel": "1", "saran": "", "situs": ""}
    return {name: [value] for name, value in {**fields, "usia": "", **changes}.items()}


def submit(**changes: str) -> Response | Refusal:
    return from_form(form_fields(**changes), HERE, SURVEY, NONCE)


def test_the_canonical_bytes_have_sorted_keys_no_spaces_and_ascii_alone() -> None:
    held = canonical([4, None, 1], "skm9/1", "ktp", "kérjo")
    assert held == rb'{"a":[4,null,1],"f":"skm9/1","s":"ktp","u":"k\u00e9rjo"}'


def test_the_id_is_the_hash_of_domain_nonce_and_bytes() -> None:
    # A vector made by another program; its bytes carry a periode, which our own do not, and are opaque here.
    held = b'{"a":[4,4,3,4,3,4,4,3,4],"f":"skm9/1","p":"2026-Q1","s":"ktp","u":"kerjo"}'
    assert commitment(NONCE, held).hex() == "533536f124baa1a47037fae52b023916db4508ad1625f14e4075c758d42b81f8"


@given(st.binary(min_size=32, max_size=32))
def test_the_receipt_is_the_first_50_bits_in_letters_that_cannot_be_mistaken(response_id: bytes) -> None:
    code = receipt_code(response_id)
    plain, crockford = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    letters = base64.b32encode(response_id).decode()[:10].translate(str.maketrans(plain, crockford))
    assert code == f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
    assert not set(code) & set("ILOU")


def test_the_receipt_of_the_vector_is_this_one() -> None:
    response_id = "533536f124baa1a47037fae52b023916db4508ad1625f14e4075c758d42b81f8"
    assert receipt_code(bytes.fromhex(response_id)) == "ACTK-DW94-QA"
    assert receipt_code(bytes(32)) == "0000-0000-00"


def test_a_whole_answer_posted_by_the_script_is_accepted() -> None:
    assert post() == Response(
        id=bytes.fromhex(json_fields()["id"]),
        nonce=NONCE,
        office="teladan",
        layanan="ktp",
        form="permenpanrb-14-2017/1",
        channel=1,
        flags=0,
        answers=tuple(ANSWERS),
        profil=("P", "26-35", None, None, None),
        saran="Loket sebaiknya dua.",
    )


def test_profile_comment_and_marks_may_be_left_out() -> None:
    fields = json_fields()
    for name in ("profil", "saran", "cepat", "situs"):
        del fields[name]
    read = from_json(json.dumps(fields).encode(), HERE, SURVEY)
    assert isinstance(read, Response)
    assert (read.profil, read.saran, read.flags) == ((None,) * 5, "", 0)


@pytest.mark.parametrize(
    ("changes", "flags"),
    [
        ({"cepat": True}, FLAG_FAST),
        ({"situs": "http://spam.example"}, FLAG_HONEYPOT),
        ({"cepat": True, "situs": "x"}, FLAG_FAST | FLAG_HONEYPOT),
    ],
)
def test_a_suspicious_answer_is_marked_and_not_refused(changes: dict[str, object], flags: int) -> None:
    read = post(**changes)
    assert isinstance(read, Response) and read.flags == flags


@pytest.mark.parametrize("channel", [1, 2, 4])
def test_a_page_may_say_that_it_is_a_phone_a_kiosk_or_assisted(channel: int) -> None:
    for read in (post(channel=channel), submit(channel=str(channel))):
        assert isinstance(read, Response) and read.channel == channel


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"u": "lain"}, "OFFICE_UNKNOWN"),
        ({"s": "paspor"}, "LAYANAN_UNKNOWN"),
        ({"s": ""}, "LAYANAN_UNKNOWN"),
        ({"f": "permenpanrb-14-2017/0"}, "FORM_OLD"),
        ({"f": "sukma-jatim-11/1"}, "FORM_OLD"),
    ],
)
def test_an_answer_for_another_office_service_or_form_is_refused(changes: dict[str, str], code: str) -> None:
    for refusal in (post(**changes), submit(**changes)):
        assert isinstance(refusal, Refusal) and refusal.code == code


def test_an_id_that_does_not_match_its_content_is_refused() -> None:
    fields = {**json_fields(), "a": [1, *ANSWERS[1:]]}
    refusal = from_json(json.dumps(fields).encode(), HERE, SURVEY)
    assert refusal == Refusal("COMMITMENT_MISMATCH")


def test_neither_profile_nor_comment_belongs_to_the_id() -> None:
    read = post(profil={}, saran="")
    assert isinstance(read, Response) and read.id.hex() == json_fields()["id"]


def test_every_blank_answer_is_asked_for_by_its_number() -> None:
    refusals = (post(a=[None, *ANSWERS[1:-1], None]), submit(persyaratan="", pengaduan=""))
    for refusal in refusals:
        assert isinstance(refusal, Refusal) and refusal.code == "ANSWERS_REFUSED"
        assert [(remark.code, remark.field, remark.text) for remark in refusal.remarks] == [
            ("ANSWER_MISSING", "persyaratan", "Pertanyaan 1 belum dijawab."),
            ("ANSWER_MISSING", "pengaduan", "Pertanyaan 9 belum dijawab."),
        ]


def test_a_question_left_out_of_the_plain_form_is_a_blank() -> None:
    fields = form_fields()
    del fields["sarana"]
    refusal = from_form(fields, HERE, SURVEY, NONCE)
    assert isinstance(refusal, Refusal)
    assert [(remark.code, remark.field) for remark in refusal.remarks] == [("ANSWER_MISSING", "sarana")]


@pytest.mark.parametrize("value", ["0", "5", "44", "4.0", " 4", "４", "-1", "empat", "true"])
def test_a_value_outside_the_options_of_the_plain_form_is_refused(value: str) -> None:
    refusal = submit(waktu=value)
    assert isinstance(refusal, Refusal) and refusal.code == "ANSWERS_REFUSED"
    assert [(remark.code, remark.field) for remark in refusal.remarks] == [("ANSWER_INVALID", "waktu")]


def test_the_plain_form_gives_the_same_answer_as_the_script() -> None:
    assert submit(saran="Loket sebaiknya dua.", jenis_kelamin="P", usia="26-35") == post()


@pytest.mark.parametrize("channel", ["3", "5", "0", "", "1 ", "１", "phone"])
def test_a_page_cannot_say_that_it_is_paper(channel: str) -> None:
    refusal = submit(channel=channel)
    assert isinstance(refusal, Refusal)
    assert [(remark.code, remark.field) for remark in refusal.remarks] == [("FIELD_INVALID", "channel")]


def test_a_field_nobody_knows_or_sent_twice_makes_the_plain_form_unreadable() -> None:
    for fields, code, field in (
        ({**form_fields(), "nik": ["1"]}, "FIELD_UNKNOWN", "nik"),
        ({**form_fields(), "waktu": ["4", "1"]}, "FIELD_INVALID", "waktu"),
        ({**form_fields(), "waktu": []}, "FIELD_INVALID", "waktu"),
    ):
        refusal = from_form(fields, HERE, SURVEY, NONCE)
        assert isinstance(refusal, Refusal) and refusal.code == "BODY_UNREADABLE"
        assert [(remark.code, remark.field) for remark in refusal.remarks] == [(code, field)]


def test_a_profile_code_the_form_does_not_offer_is_refused() -> None:
    refusal = submit(usia="12")
    assert isinstance(refusal, Refusal) and refusal.code == "ANSWERS_REFUSED"
    assert [(remark.code, remark.field) for remark in refusal.remarks] == [("FIELD_INVALID", "usia")]


def test_a_comment_has_at_most_300_characters_after_cleaning() -> None:
    assert SARAN_LIMIT == 300
    assert isinstance(post(saran="a" * 300 + " \u200b\r\n"), Response)
    for refusal in (post(saran="é" * 301), submit(saran="é" * 301)):
        assert isinstance(refusal, Refusal)
        (remark,) = refusal.remarks
        assert (remark.code, remark.text) == ("SARAN_LONG", "Saran paling banyak 300 huruf; tulisan Anda 301 huruf.")


def test_half_an_emoji_cut_by_the_browser_does_not_lose_the_answer() -> None:
    body = json.dumps(json_fields(saran="bagus \ud83d")).encode()
    read = from_json(body, HERE, SURVEY)
    assert isinstance(read, Response) and read.saran == "bagus"


@pytest.mark.parametrize(
    ("given_text", "cleaned"),
    [
        ("  baik  ", "baik"),
        ("satu\r\ndua\rtiga\n", "satu\ndua\ntiga"),
        ("satu\n\n\n\n\ndua", "satu\n\ndua"),
        ("satu \n dua", "satu\ndua"),
        ("cepat\tsekali", "cepat sekali"),
        ("a\x00b\x1bc\x7f", "abc"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("\ue000a\udc00", "a"),
        ("e\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("<b>&amp;=1+1</b>", "<b>&amp;=1+1</b>"),
        ("\t\n \r", ""),
    ],
)
def test_a_comment_is_cleaned_of_what_cannot_be_seen(given_text: str, cleaned: str) -> None:
    assert clean_text(given_text) == cleaned


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_can_always_be_stored(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode()


def test_a_sheet_may_hold_blanks_where_a_page_may_not() -> None:
    pack = built_in("permenpanrb-14-2017")
    assert answer_remarks(pack, [None] * 9, blanks=True) == []
    assert len(answer_remarks(pack, [None] * 9, blanks=False)) == 9
    (remark,) = answer_remarks(pack, [None] * 8 + [True], blanks=True)
    assert (remark.code, remark.field) == ("ANSWER_INVALID", "pengaduan")


def refused(found: Response | Refusal) -> tuple[str, list[tuple[str, str, str]]]:
    """Return the code of a refusal, and code, field and sentence of each remark."""
    assert isinstance(found, Refusal)
    return found.code, [(item.code, item.field, item.text) for item in found.remarks]


def test_what_a_script_may_not_send_is_refused_as_a_whole_and_by_field() -> None:
    assert refused(post(nik="1")) == ("BODY_UNREADABLE", [("FIELD_UNKNOWN", "nik", "Isian nik tidak dikenal.")])
    assert refused(post(cepat=1)) == ("BODY_UNREADABLE", [("FIELD_INVALID", "cepat", "Isian cepat tidak sesuai.")])
    assert refused(post(a=[4, 9, *ANSWERS[2:]])) == (
        "ANSWERS_REFUSED",
        [
            (
                *("ANSWER_INVALID", PACK.questions[1].id),
                "Jawaban pertanyaan 2 harus salah satu dari pilihan yang tersedia.",
            )
        ],
    )
    assert refused(post(saran="a" * 301))[1] == [
        ("SARAN_LONG", "saran", "Saran paling banyak 300 huruf; tulisan Anda 301 huruf.")
    ]


def test_of_a_plain_form_only_answers_office_service_form_and_channel_are_needed() -> None:
    fields = form_fields()
    for name in ("saran", "situs", "usia"):
        del fields[name]
    whole = from_form(fields, HERE, SURVEY, NONCE)
    assert isinstance(whole, Response) and (whole.saran, whole.flags, whole.ticket) == ("", 0, b"")
    assert isinstance(submit(situs="https://iklan.example"), Response)
    marked = submit(situs="https://iklan.example")
    assert isinstance(marked, Response) and marked.flags == FLAG_HONEYPOT
    for name, refusal in (
        ("s", ("LAYANAN_UNKNOWN", [])),
        ("u", ("OFFICE_UNKNOWN", [])),
        ("f", ("FORM_OLD", [])),
        ("channel", ("ANSWERS_REFUSED", [("FIELD_INVALID", "channel", "Isian channel tidak sesuai.")])),
    ):
        lacking = {key: value for key, value in fields.items() if key != name}
        assert refused(from_form(lacking, HERE, SURVEY, NONCE)) == refusal


def test_a_layanan_that_needs_a_ticket_asks_for_it_in_both_kinds_of_post() -> None:
    own = OFFICE.replace('nama = "Kartu Keluarga"', 'nama = "Kartu Keluarga"\ntiket = "required"')
    here = parse_office("office.toml", own)
    missing = "Kode tiket belum diisi. Kodenya tertulis pada tiket yang Anda terima dari petugas."
    form, body = form_fields(s="kk"), json.dumps(json_fields(s="kk")).encode()
    for found in (from_form(form, here, here.surveys[-1], NONCE), from_json(body, here, here.surveys[-1])):
        assert refused(found) == ("ANSWERS_REFUSED", [("TICKET_MISSING", "tiket", missing)])
    assert isinstance(from_form(form_fields(s="ktp"), here, here.surveys[-1], NONCE), Response)
