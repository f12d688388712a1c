"""Bodies that no honest page sends, by name, with the status they get; the corpus that breaks a naive service."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

from http_samples import NINE, PACK, form, form_bytes, json_bytes

TEXT: Final = json_bytes().decode()
LONE = "\ud800"


def _replaced(old: str, new: str) -> bytes:
    assert old in TEXT, old
    return TEXT.replace(old, new, 1).encode()


def _without(field: str) -> bytes:
    fields: dict[str, Any] = json.loads(TEXT)
    del fields[field]
    return json.dumps(fields).encode()


def _channel(token: str) -> bytes:
    return _replaced('"channel": 1', f'"channel": {token}')


def _answer(token: str) -> bytes:
    return _replaced('"a": [4', f'"a": [{token}')


UNREADABLE_JSON: Final[dict[str, bytes]] = {
    "nothing": b"",
    "white space": b"  \n",
    "null": b"null",
    "true": b"true",
    "a number": b"7",
    "a text": b'"x"',
    "a list": b"[1]",
    "an empty list": b"[]",
    "an empty object": b"{}",
    "half an object": TEXT[:-1].encode(),
    "two objects": b"{}{}",
    "something behind it": TEXT.encode() + b"x",
    "a comment behind it": TEXT.encode() + b" // x",
    "a form": form_bytes(),
    "XML": b"<a>4</a>",
    "lists without end": b"[" * 16_000,
    "lists and their ends": b"[" * 8_000 + b"]" * 8_000,
    "objects without end": b'{"a":' * 3_000,
    "objects and their ends": b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "lists in the answers": _answer("[" * 6_000 + "4" + "]" * 6_000),
    "not UTF-8": TEXT.encode().replace(b"Baik", b"\xff"),
    "half a UTF-8 letter": TEXT.encode().replace(b"Baik", b"\xc3"),
    "an overlong slash": TEXT.encode().replace(b"Baik", b"\xc0\xaf"),
    "a surrogate in UTF-8": TEXT.encode().replace(b"Baik", b"\xed\xa0\x80"),
    "UTF-16": TEXT.encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-32": TEXT.encode("utf-32"),
    "a mark before the text": b"\xef\xbb\xbf" + TEXT.encode(),
    "a zero byte in the saran": TEXT.encode().replace(b"Baik", b"a\0b"),
    "zero bytes only": b"\0" * 100,
    "NaN as a channel": _channel("NaN"),
    "NaN as an answer": _answer("NaN"),
    "Infinity as an answer": _answer("Infinity"),
    "1e999 as an answer": _answer("1e999"),
    "1.0 as an answer": _answer("1.0"),
    "4e0 as an answer": _answer("4e0"),
    "04 as an answer": _answer("04"),
    "2 to the 63 as a channel": _channel(str(2**63)),
    "2 to the 64 as an answer": _answer(str(2**64)),
    "5,000 digits": _answer("9" * 5_000),
    "a key twice": _channel('1, "channel": 2'),
    "a key twice, written otherwise": _channel('1, "chann\\u0065l": 2'),
    "a key twice in the profile": _replaced('"usia":', '"usia": "17-25", "usia":'),
    "single quotes": TEXT.replace('"', "'").encode(),
    "an unknown field": json_bytes(nama="Budi"),
    "a field with the name of a method": json_bytes(__class__="x"),
    "an unknown field without a visible letter": json_bytes(**{"\ud800\u202e\0": 1}),
    "a day of its own": json_bytes(day="2020-01-01"),
    "no id": _without("id"),
    "no nonce": _without("nonce"),
    "no answers": _without("a"),
    "no channel": _without("channel"),
    "answers null": json_bytes(a=None, id="0" * 64),
    "answers as a text": json_bytes(a="443434434"),
    "answers as an object": json_bytes(a=dict.fromkeys("abcdefghi", 4), id="0" * 64),
    "too few answers": json_bytes(a=NINE[1:]),
    "too many answers": json_bytes(a=[*NINE, 4]),
    "no answer at all": json_bytes(a=[]),
    "a short nonce": json_bytes(nonce="00"),
    "a nonce in capitals": json_bytes(nonce="AB" * 32),
    "a nonce with a line end": _replaced('"nonce": "', '"nonce": "\\n'),
    "a nonce in other digits": json_bytes(nonce="٠" * 64, id="0" * 64),
    "a nonce that is a number": _without("nonce").replace(b"{", b'{"nonce": 5, ', 1),
    "an id in capitals": json_bytes(id="AB" * 32),
    "an id that is a list": json_bytes(id=["0" * 64]),
    "a channel as a text": json_bytes(channel="1"),
    "a channel as a list": json_bytes(channel=[1]),
    "true as a channel": json_bytes(channel=True),
    "null as a channel": json_bytes(channel=None),
    "the profile as a list": json_bytes(profil=[]),
    "the profile as a text": json_bytes(profil="usia"),
    "the profile null": json_bytes(profil=None),
    "the saran as a number": json_bytes(saran=1),
    "the saran as a list": json_bytes(saran=["x"]),
    "the saran as an object": json_bytes(saran={}),
    "the saran null": json_bytes(saran=None),
    "the office as a list": json_bytes(u=["kecamatan-teladan"], id="0" * 64),
    "the layanan as a number": json_bytes(s=1),
    "the form null": json_bytes(f=None),
    "haste as a number": json_bytes(cepat=1),
    "the trap as a list": json_bytes(situs=[1]),
}
OTHER_JSON: Final[dict[str, tuple[int, bytes]]] = {
    "another office": (422, json_bytes(u="kelurahan-lain")),
    "an empty office": (422, json_bytes(u="")),
    "an unknown layanan": (422, json_bytes(s="paspor")),
    "a layanan with a zero byte": (422, json_bytes(s="ktp\0")),
    "a lone surrogate as the layanan": (422, json_bytes(s=LONE)),
    "a lone surrogate as the office": (422, json_bytes(u=LONE)),
    "a lone surrogate as the form": (410, json_bytes(f=LONE)),
    "an old form": (410, json_bytes(f="permenpanrb-14-2017/0")),
    "a form of another instrument": (410, json_bytes(f="sukma-jatim-11/1")),
    "another answer than was committed to": (422, json_bytes(id=json.loads(json_bytes(a=[1] * 9))["id"])),
    "another nonce than was committed to": (422, json_bytes(1, id=json.loads(json_bytes(2))["id"])),
    "an id of zeros": (422, json_bytes(id="0" * 64)),
    "0 as an answer": (422, json_bytes(a=[0, *NINE[1:]])),
    "5 as an answer": (422, json_bytes(a=[5, *NINE[1:]])),
    "-1 as an answer": (422, json_bytes(a=[-1, *NINE[1:]])),
    "a million as an answer": (422, json_bytes(a=[1_000_000, *NINE[1:]])),
    "null as an answer": (422, json_bytes(a=[None, *NINE[1:]])),
    "true as an answer": (422, json_bytes(a=[True, *NINE[1:]])),
    "a text as an answer": (422, json_bytes(a=["4", *NINE[1:]])),
    "a list as an answer": (422, json_bytes(a=[[4], *NINE[1:]])),
    "an object as an answer": (422, json_bytes(a=[{}, *NINE[1:]])),
    "channel 0": (422, json_bytes(channel=0)),
    "channel 3, which is paper": (422, json_bytes(channel=3)),
    "channel 5, which is a file": (422, json_bytes(channel=5)),
    "channel -1": (422, json_bytes(channel=-1)),
    "an unknown profile field": (422, json_bytes(profil={"nik": "1"})),
    "an unknown profile code": (422, json_bytes(profil={"usia": "12"})),
    "an empty profile code": (422, json_bytes(profil={"usia": ""})),
    "a profile code as a number": (422, json_bytes(profil={"usia": 56})),
    "a profile code as a list": (422, json_bytes(profil={"usia": ["56+"]})),
    "a lone surrogate as a profile code": (422, json_bytes(profil={"usia": LONE})),
    "a saran of 301 letters": (422, json_bytes(saran="é" * 301)),
    "a saran of 9,000 letters": (422, json_bytes(saran="x" * 9_000)),
    "one byte more than 16 KiB": (413, TEXT.encode() + b" " * (16_385 - len(TEXT))),
    "a million bytes": (413, TEXT.encode() + b" " * 1_000_000),
}
BAD_JSON: Final[dict[str, tuple[int, bytes]]] = {
    **{name: (400, data) for name, data in UNREADABLE_JSON.items()},
    **OTHER_JSON,
}

FIRST = PACK.questions[0].id
BAD_FORM: Final[dict[str, tuple[int, bytes]]] = {
    "nothing": (400, b""),
    "half a UTF-8 letter, encoded": (400, form_bytes(drop="saran") + b"&saran=%C3"),
    "only separators": (400, b"&&&&;;"),
    "JSON": (400, TEXT.encode()),
    "zero bytes only": (400, b"\0" * 100),
    "not UTF-8": (400, form_bytes() + b"&saran=\xff"),
    "an unknown field": (400, form_bytes(("nama", "Budi"))),
    "a day of its own": (400, form_bytes(("day", "2020-01-01"))),
    "an id of its own": (400, form_bytes(("id", "0" * 64))),
    "a field without a name": (400, form_bytes(("", "x"))),
    "an answer twice": (400, form_bytes((FIRST, "1"))),
    "an answer twice, the same": (400, form_bytes((FIRST, "4"))),
    "the layanan twice": (400, form_bytes(("s", "kk"))),
    "the saran twice": (400, form_bytes(("saran", "x"))),
    "a profile field twice": (400, form_bytes(("usia", "56+"))),
    "5,000 fields": (400, urlencode([(f"{n}", "") for n in range(2_000)]).encode()),
    "another office": (422, form_bytes(u="kelurahan-lain")),
    "no office": (422, form_bytes(drop="u")),
    "an unknown layanan": (422, form_bytes(s="paspor")),
    "no layanan": (422, form_bytes(drop="s")),
    "a layanan with a zero byte": (422, form_bytes(s="ktp\0")),
    "a lone surrogate as the layanan": (400, form_bytes(drop="s") + b"&s=%ED%A0%80"),
    "an old form": (410, form_bytes(f="permenpanrb-14-2017/0")),
    "no form": (410, form_bytes(drop="f")),
    "no channel": (422, form_bytes(drop="channel")),
    **{f"channel {text!r}": (422, form_bytes(channel=text)) for text in ("0", "3", "5", "-1", "1.0", "x", "١", "1 ")},
    "no answer at all": (
        422,
        urlencode({n: v for n, v in form().items() if v not in "1234" or n == "channel"}).encode(),
    ),
    "an answer missing": (422, form_bytes(drop=FIRST)),
    "an answer empty": (422, form_bytes(**{FIRST: ""})),
    **{
        f"{text[:12]!r} as an answer": (422, form_bytes(**{FIRST: text}))
        for text in (
            "0",
            "5",
            "-1",
            "4.0",
            "4e0",
            "04",
            " 4",
            "4\n",
            "NaN",
            "true",
            "null",
            "٤",
            "４",
            "9" * 5_000,
            "[4]",
        )
    },
    "an unknown profile code": (422, form_bytes(usia="12")),
    "a saran of 301 letters": (422, form_bytes(saran="é" * 301)),
    "a saran of 9,000 letters": (422, form_bytes(saran="x" * 9_000)),
    "one byte more than 16 KiB": (413, form_bytes() + b"&saran=" + b"x" * 16_384),
    "a million bytes": (413, form_bytes() + b"x" * 1_000_000),
}

# The right body under a wrong name; the first word says which of the two posts it is wrong for.
WRONG_TYPES: Final = (
    "",
    "text/plain",
    "text/html",
    "text/plain;application/json",
    "application/octet-stream",
    "application/xml",
    "application/jsonp",
    "application/vnd.api+json",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/mixed; boundary=x",
    "image/png",
    "x",
    "/",
    "application/",
    ";charset=utf-8",
)
WRONG_CHARSETS: Final = ("utf-7", "utf-16", "utf-16le", "utf-32", "latin-1", "ascii", "rot13", "", "utf-8 x", "idna")
MULTIPART: Final = (
    b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value.encode())
        for name, value in form().items()
    )
    + b"--x--\r\n"
)
