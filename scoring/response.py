"""One answered form: what is accepted from a page, its canonical bytes, its commitment and receipt code.

The id of a response is a commitment: SHA-256("skm-commit/v1\\n" || nonce || canonical). The same answers with
the same nonce have the same id, so a retry is recognised without any other key; without the nonce the id tells
nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from scoring import strict_json, ticket
from scoring.errors import Remark, remark
from scoring.instrument import Instrument
from scoring.mask import mask
from scoring.office import Office, Survey

DOMAIN: Final = b"skm-commit/v1\n"
BODY_LIMIT: Final = 16 * 1024  # bytes
SARAN_LIMIT: Final = 300  # characters
NESTING: Final = 4
CHANNELS: Final = {1: "phone", 2: "kiosk", 3: "paper", 4: "assisted", 5: "import"}
WEB_CHANNELS: Final = (1, 2, 4)
FLAG_FAST: Final = 1
FLAG_HONEYPOT: Final = 2
FLAG_TICKET: Final = 4
CROCKFORD: Final = ticket.CROCKFORD
JSON_FIELDS: Final = frozenset(
    {"id", "nonce", "a", "f", "s", "u", "channel", "profil", "saran", "cepat", "situs", "tiket", "bahasa"}
)
TEXT_FIELDS: Final = ("f", "s", "u", "saran", "situs", "tiket", "bahasa")
FORM_FIELDS: Final = frozenset({"f", "s", "u", "channel", "saran", "situs", "tiket", "bahasa"})
HEX32: Final = re.compile("[0-9a-f]{64}")
ENCODER: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"))
# Control, format (also the bidirectional ones), surrogate and private-use characters.
HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


@dataclass(frozen=True)
class Response:
    """An answer ready to be stored: `answers` in the order of the pack, None for a blank.

    `ticket` is the hash of the ticket that lets it in, b"" for none; it is not stored with the answer.
    """

    id: bytes
    nonce: bytes
    office: str
    layanan: str
    form: str
    channel: int
    flags: int
    answers: tuple[int | None, ...]
    profil: tuple[str | None, ...]
    saran: str
    ticket: bytes = field(default=b"", repr=False)


@dataclass(frozen=True)
class Refusal:
    """Why an answer was not accepted: one code for the whole, and a remark for every field."""

    code: str
    remarks: tuple[Remark, ...] = ()


def canonical(answers: Sequence[int | None], form: str, layanan: str, office: str) -> bytes:
    """Return the bytes that are committed to: JSON with sorted keys, no spaces, ASCII."""
    held = {"a": list(answers), "f": form, "s": layanan, "u": office}
    return ENCODER.encode(held).encode("ascii")


def commitment(nonce: bytes, held: bytes) -> bytes:
    """Return the 32-byte id for a 32-byte `nonce` and the canonical bytes."""
    return hashlib.sha256(DOMAIN + nonce + held).digest()


def receipt_code(response_id: bytes) -> str:
    """Return the ten characters the citizen keeps, such as "K7QM-2XTA-9F": the first 50 bits of the id."""
    bits = int.from_bytes(response_id[:7], "big") >> 6
    digits = "".join(CROCKFORD[bits >> shift & 31] for shift in range(45, -1, -5))
    return f"{digits[:4]}-{digits[4:8]}-{digits[8:]}"


def parse_json(body: bytes) -> dict[str, Any] | Refusal:
    """Return the object in `body`, or a refusal; never raises.

    Refused: more than 16 KiB, not UTF-8, not an object, keys written twice, NaN and other fractions, numbers
    without end, deep nesting.
    """
    if len(body) > BODY_LIMIT:
        return Refusal("BODY_LARGE")
    try:
        value = strict_json.read(body.decode("utf-8"), NESTING)
    except ValueError:  # includes UnicodeDecodeError and JSONDecodeError
        return Refusal("BODY_UNREADABLE")
    return value if isinstance(value, dict) else Refusal("BODY_UNREADABLE")


def from_json(body: bytes, office: Office, survey: Survey) -> Response | Refusal:
    """Return the answer posted as JSON by the page's script, or a refusal. The id must match its content."""
    fields = parse_json(body)
    if isinstance(fields, Refusal):
        return fields
    unknown = sorted(set(fields) - JSON_FIELDS)
    if unknown:
        return Refusal("BODY_UNREADABLE", tuple(_unknown(field) for field in unknown))
    faults = _shape_faults(fields, len(survey.instrument.questions))
    if faults:
        return Refusal("BODY_UNREADABLE", tuple(faults))
    nonce = bytes.fromhex(fields["nonce"])
    flags = FLAG_FAST * fields.get("cepat", False) + FLAG_HONEYPOT * bool(fields.get("situs"))
    response = _check(office, survey, nonce, fields, fields["a"], fields.get("profil", {}), flags)
    if isinstance(response, Response) and response.id.hex() != fields["id"]:
        return Refusal("COMMITMENT_MISMATCH")
    return response


def from_form(fields: Mapping[str, Sequence[str]], office: Office, survey: Survey, nonce: bytes) -> Response | Refusal:
    """Return the answer posted by the plain form, or a refusal; `nonce` is 32 random bytes of the server's."""
    pack = survey.instrument
    known = FORM_FIELDS | {question.id for question in pack.questions} | {field.id for field in pack.profil}
    faults = [_unknown(field) for field in sorted(set(fields) - known)]
    faults += [remark("FIELD_INVALID", field) for field in sorted(known & set(fields)) if len(fields[field]) != 1]
    if faults:
        return Refusal("BODY_UNREADABLE", tuple(faults))
    plain: dict[str, Any] = {field: values[0] for field, values in fields.items()}
    channel = plain.get("channel", "")
    plain["channel"] = int(channel) if channel in {"1", "2", "4"} else 0
    answers = [_value(plain.get(question.id, "")) for question in pack.questions]
    profil = {field.id: plain[field.id] for field in pack.profil if plain.get(field.id)}
    return _check(office, survey, nonce, plain, answers, profil, FLAG_HONEYPOT * bool(plain.get("situs")))


def clean_text(text: str) -> str:
    """Return `text` in NFC without control, bidirectional and private characters.

    A tab becomes a space, any line end one newline, and no more than one empty line stays between two others.
    """
    if not text:
        return ""
    lines = re.split("\r\n|[\n\r\u2028\u2029]", text.replace("\t", " "))
    kept = ("".join(char for char in line if unicodedata.category(char) not in HIDDEN).strip() for line in lines)
    plain = unicodedata.normalize("NFC", "\n".join(kept))
    return re.sub(r"\n{3,}", "\n\n", plain).strip()


def answer_remarks(pack: Instrument, answers: Sequence[object], *, blanks: bool) -> list[Remark]:
    """Return a remark for every answer outside the scale, and for every blank unless `blanks` are allowed."""
    remarks = []
    for nomor, (question, value) in enumerate(zip(pack.questions, answers, strict=True), 1):
        if value is None and not blanks:
            remarks.append(remark("ANSWER_MISSING", question.id, nomor=nomor))
        elif value is not None and not (type(value) is int and pack.low <= value <= pack.high):
            remarks.append(remark("ANSWER_INVALID", question.id, nomor=nomor))
    return remarks


def _check(
    office: Office,
    survey: Survey,
    nonce: bytes,
    fields: Mapping[str, Any],
    answers: Sequence[Any],
    profil: Mapping[str, Any],
    flags: int,
) -> Response | Refusal:
    """Apply the rules that both kinds of post share."""
    pack, layanan = survey.instrument, fields.get("s", "")
    if fields.get("u") != office.id:
        return Refusal("OFFICE_UNKNOWN")
    if not office.has_layanan(layanan):
        return Refusal("LAYANAN_UNKNOWN")
    if fields.get("f") != pack.form:
        return Refusal("FORM_OLD")
    saran = clean_text(fields.get("saran", ""))
    remarks = answer_remarks(pack, answers, blanks=False)
    if fields.get("channel") not in WEB_CHANNELS:
        remarks.append(remark("FIELD_INVALID", "channel"))
    remarks += profil_remarks(pack, profil)
    if len(saran) > SARAN_LIMIT:
        remarks.append(remark("SARAN_LONG", "saran", limit=SARAN_LIMIT, length=len(saran)))
    let_in = _ticket(office.ticket_mode(layanan), fields.get("tiket", ""), remarks)
    if remarks:
        return Refusal("ANSWERS_REFUSED", tuple(remarks))
    chosen = tuple(profil.get(field.id) for field in pack.profil)
    response_id = commitment(nonce, canonical(answers, pack.form, layanan, office.id))
    # The limit holds for what was written; masking makes nothing longer, and only a short text reaches it.
    sent = (fields["channel"], flags | FLAG_TICKET * bool(let_in), tuple(answers), chosen, mask(saran), let_in)
    return Response(response_id, nonce, office.id, layanan, pack.form, *sent)


def _ticket(mode: str, text: str, remarks: list[Remark]) -> bytes:
    """Return the hash of the ticket in `text`, b"" for none; remark on one that is mistyped, or lacks and must not."""
    if mode == "off" or (mode == "optional" and not text.strip()):
        return b""
    letters = ticket.read(text)
    if letters is None:
        remarks.append(remark("TICKET_TYPO" if text.strip() else "TICKET_MISSING", "tiket"))
        return b""
    return ticket.digest(letters)


def profil_remarks(pack: Instrument, profil: Mapping[str, Any]) -> list[Remark]:
    """Return a remark for every profile field that the pack does not know or whose code it does not offer."""
    if not profil:
        return []
    codes = {field.id: {code for code, _ in field.options} for field in pack.profil}
    remarks = [_unknown(name) for name in profil if name not in codes]
    for name, value in profil.items():
        if name in codes and not (isinstance(value, str) and value in codes[name]):
            remarks.append(remark("FIELD_INVALID", name))
    return remarks


def _value(text: str) -> int | str | None:
    """Return a form field's value as a number when it is one digit; other text stays, to be refused."""
    return int(text) if re.fullmatch("[0-9]", text) else text or None


def _shape_faults(fields: Mapping[str, Any], questions: int) -> list[Remark]:
    """Return a remark for every field of a posted object that is lacking or of the wrong type."""
    answers = fields.get("a")
    fits = {
        "id": _is_hex32(fields.get("id")),
        "nonce": _is_hex32(fields.get("nonce")),
        "a": isinstance(answers, list) and len(answers) == questions,
        "channel": type(fields.get("channel")) is int,
        "profil": isinstance(fields.get("profil", {}), dict),
        "cepat": isinstance(fields.get("cepat", False), bool),
        **{name: isinstance(fields.get(name, ""), str) for name in TEXT_FIELDS},
    }
    return [remark("FIELD_INVALID", name) for name, fit in fits.items() if not fit]


def _is_hex32(value: object) -> bool:
    return isinstance(value, str) and HEX32.fullmatch(value) is not None


def _unknown(field: str) -> Remark:
    """Return the remark on a name that a stranger chose: cut short, and only of characters that can be shown."""
    return remark("FIELD_UNKNOWN", clean_text(field[:40]))
