"""tally.json: the same tally always gives the same bytes; a file that is not one is refused by its fault."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import date
from typing import Any, Final

from scoring.errors import IkmError
from scoring.instrument import Instrument, built_in
from scoring.strict_json import read
from scoring.tally import FORMAT, SPARSE, Part, Tally, Tickets, merge
from scoring.ticket import ANY, MODES

TEXTS: Final = ("office", "office_nama", "periode", "mulai", "selesai", "instrument", "form", "rule", "blank")
TALLY_KEYS: Final = frozenset(
    {*TEXTS, "format", "rehearsal", "layanan", "population", "parts", "previous", "excluded", "excluded_parts"}
)
OPTIONAL_KEYS: Final = frozenset({"tickets"})  # stands only where tickets are used
TICKET_COUNTS: Final = ("issued", "available", "redeemed")
REASONS: Final = frozenset({"uji-coba", "lembar-rusak", "ganda", "luar-periode"})
PART_KEYS: Final = frozenset(
    {"layanan", "channel", "n", "answers", "complete", "complete_sums", "profil", "repeats", *SPARSE}
)
HOUR: Final = re.compile(r"\d{4}-[01]\d-[0-3]\d [012]\d", re.ASCII)
NESTING: Final = 32


def dump(tally: Tally) -> str:
    """Return the file's text: sorted keys, indented, a line end at the end."""
    return "".join(_indented(_plain(tally), "\n")) + "\n"


def _indented(value: Any, edge: str) -> Iterator[str]:
    """Yield what `json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)` gives.

    A list or object of plain values goes through the fast encoder in one piece: with `indent` all is slow.
    """
    named, inner = isinstance(value, dict), edge + " "
    items = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    if not any(isinstance(item, dict | list | tuple) for item in items):
        whole = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=("," + inner, ": "))
        yield whole[0] + inner + whole[1:-1] + edge + whole[-1] if items else whole
        return
    keys = sorted(value) if isinstance(value, dict) else range(len(items))
    for place, key in enumerate(keys):
        yield ("," if place else "{" if named else "[") + inner
        yield json.dumps(key, ensure_ascii=False) + ": " if named else ""
        yield from _indented(value[key], inner)
    yield edge + ("}" if named else "]")


def digest(tally: Tally) -> str:
    """Return the SHA-256 of what was counted, the same however its parts were split or ordered."""
    before = tally.previous
    merged = replace(
        tally,
        parts=merge(tally.parts),
        excluded_parts=merge(tally.excluded_parts),
        previous=None if before is None else replace(before, parts=merge(before.parts), previous=None),
    )
    return hashlib.sha256(dump(merged).encode()).hexdigest()


def load(text: str) -> Tally:
    """Return the tally in `text`. Raises TALLY_INVALID with the place and the reason, INSTRUMENT_UNKNOWN."""
    try:
        value = read(text, NESTING)
    except json.JSONDecodeError as error:
        reason = f"bukan JSON yang sah (baris {error.lineno}, kolom {error.colno})"
        raise _invalid("berkas", reason) from None
    except ValueError as error:
        raise _invalid("berkas", str(error)) from None
    return _tally(value, "")


def _plain(tally: Tally) -> dict[str, Any]:
    fields = {name: getattr(tally, name) for name in (*TEXTS, "rehearsal")}
    return {
        **fields,
        "format": FORMAT,
        "layanan": [{"id": key, "nama": nama} for key, nama in tally.layanan.items()],
        "population": dict(tally.population),
        "parts": [vars(part) for part in tally.parts],
        "excluded": dict(tally.excluded),
        "excluded_parts": [vars(part) for part in tally.excluded_parts],
        "previous": None if tally.previous is None else _plain(tally.previous),
        **({"tickets": {name: vars(held) for name, held in tally.tickets.items()}} if tally.tickets else {}),
    }


def _tally(value: object, where: str) -> Tally:
    optional = OPTIONAL_KEYS.intersection(value if isinstance(value, dict) else ())
    fields = _object(value, where.rstrip(".") or "berkas", TALLY_KEYS | optional)
    if fields["format"] != FORMAT:
        raise _invalid(where + "format", f"seharusnya {FORMAT}")
    if type(fields["rehearsal"]) is not bool:
        raise _invalid(where + "rehearsal", "seharusnya true atau false")
    texts = {name: _text(fields[name], where + name) for name in TEXTS}
    pack = built_in(texts["instrument"])
    _check_head(texts, where, pack)
    layanan = _layanan(fields["layanan"], where + "layanan")
    previous = fields["previous"]
    return Tally(
        **texts,
        rehearsal=fields["rehearsal"],
        layanan=layanan,
        population=_counts(fields["population"], where + "population", set(layanan)),
        parts=_parts(fields["parts"], where + "parts", pack, layanan),
        excluded=_counts(fields["excluded"], where + "excluded", REASONS),
        excluded_parts=_parts(fields["excluded_parts"], where + "excluded_parts", pack, layanan),
        previous=None if previous is None else _tally(previous, where + "previous."),
        tickets=_tickets(fields.get("tickets", {}), where + "tickets", {*layanan, ANY}),
    )


def _tickets(value: object, where: str, known: Set[str]) -> dict[str, Tickets]:
    found = {}
    for name, item in _object_any(value, where).items():
        at = f"{where}.{name}"
        if name not in known:
            raise _invalid(at, "tidak ada pada daftar layanan")
        fields = _object(item, at, frozenset({"mode", *TICKET_COUNTS}))
        if fields["mode"] not in MODES:
            raise _invalid(at + ".mode", f"seharusnya salah satu dari {', '.join(MODES)}")
        found[name] = Tickets(fields["mode"], *(_count(fields[key], f"{at}.{key}") for key in TICKET_COUNTS))
    return found


def _check_head(texts: Mapping[str, str], where: str, pack: Instrument) -> None:
    """Refuse days that are none or in the wrong order, and a form of another instrument."""
    for name in ("mulai", "selesai"):
        if not _is_day(texts[name]):
            raise _invalid(where + name, "seharusnya tanggal seperti 2026-10-24")
    if texts["selesai"] < texts["mulai"]:
        raise _invalid(where + "selesai", "lebih awal daripada mulai")
    if texts["form"].rpartition("/")[0] != pack.id:
        raise _invalid(where + "form", f"bukan kuesioner instrumen {pack.id}")


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _layanan(value: object, where: str) -> dict[str, str]:
    layanan: dict[str, str] = {}
    for number, item in enumerate(_list(value, where)):
        entry = _object(item, f"{where}[{number}]", frozenset({"id", "nama"}))
        layanan_id = _text(entry["id"], f"{where}[{number}].id")
        if layanan_id in layanan:
            raise _invalid(f"{where}[{number}].id", "tertulis dua kali")
        layanan[layanan_id] = _text(entry["nama"], f"{where}[{number}].nama")
    return layanan


def _parts(value: object, where: str, pack: Instrument, layanan: Mapping[str, str]) -> tuple[Part, ...]:
    return tuple(_part(item, f"{where}[{number}]", pack, layanan) for number, item in enumerate(_list(value, where)))


def _part(value: object, where: str, pack: Instrument, layanan: Mapping[str, str]) -> Part:
    fields = _object(value, where, PART_KEYS)
    layanan_id = _text(fields["layanan"], where + ".layanan")
    if layanan_id not in layanan:
        raise _invalid(where + ".layanan", "tidak ada pada daftar layanan")
    n, complete = _count(fields["n"], where + ".n"), _count(fields["complete"], where + ".complete")
    return Part(
        layanan=layanan_id,
        channel=_text(fields["channel"], where + ".channel"),
        n=n,
        answers=_answers(fields["answers"], where + ".answers", pack, n, complete),
        complete=complete,
        complete_sums=_sums(fields["complete_sums"], where + ".complete_sums", pack, complete),
        profil=_profil(fields["profil"], where + ".profil", pack, n),
        repeats=_at_most(_count(fields["repeats"], where + ".repeats"), n, where + ".repeats"),
        **_sparse(fields, where, pack, n, complete),
    )


def _sparse(
    fields: Mapping[str, Any], where: str, pack: Instrument, n: int, complete: int
) -> dict[str, dict[str, int]]:
    """Return the counts that leave zeros out, each with known keys and no larger than its respondents allow."""
    ids = [question.id for question in pack.questions]
    upper = {f"{q} {p}" for place, q in enumerate(ids) for p in ids[place + 1 :]}
    every = {f"{q} {p}" for q in ids for p in ids if q != p}
    blanks, top = n - complete, pack.high
    bounds: dict[str, tuple[Set[str] | None, int]] = {
        "cross": (upper, top**2 * n),
        "blank_cross": (upper | {f"{q} {q}" for q in ids}, top**2 * blanks),
        "blank_sums": (every, top * blanks),
        "blank_both": (upper, blanks),
        "straight": ({str(value) for value in range(pack.low, pack.high + 1)}, complete),
        "flags": ({"fast", "honeypot", "ticket"}, n),
        "hours": (None, n),
    }
    kept = {}
    for name, (keys, most) in bounds.items():
        at = f"{where}.{name}"
        known = {key for key in _object_any(fields[name], at) if HOUR.fullmatch(key)} if keys is None else keys
        kept[name] = _counts(fields[name], at, known)
        for key, count in kept[name].items():
            _at_most(count, most, f"{at}.{key}")
    return kept


def _at_most(count: int, most: int, where: str) -> int:
    if count > most:
        raise _invalid(where, f"lebih dari {most}")
    return count


def _answers(value: object, where: str, pack: Instrument, n: int, complete: int) -> dict[str, tuple[int, ...]]:
    fields = _object(value, where, frozenset(question.id for question in pack.questions))
    answers = {}
    for question in pack.questions:
        at = f"{where}.{question.id}"
        counts = tuple(_count(count, at) for count in _list(fields[question.id], at))
        if len(counts) != pack.high - pack.low + 1:
            raise _invalid(at, f"seharusnya {pack.high - pack.low + 1} bilangan")
        if not complete <= sum(counts) <= n:
            raise _invalid(at, "jumlahnya tidak cocok dengan n dan complete")
        answers[question.id] = counts
    return answers


def _sums(value: object, where: str, pack: Instrument, complete: int) -> dict[str, int]:
    ids = frozenset(question.id for question in pack.questions)
    sums = _counts(_object(value, where, ids), where, ids)
    for question, total in sums.items():
        if not pack.low * complete <= total <= pack.high * complete:
            raise _invalid(f"{where}.{question}", "di luar skala")
    return sums


def _profil(value: object, where: str, pack: Instrument, n: int) -> dict[str, dict[str, int]]:
    fields = _object(value, where, frozenset(field.id for field in pack.profil))
    profil = {}
    for field in pack.profil:
        counts = _counts(fields[field.id], f"{where}.{field.id}", {code for code, _ in field.options})
        if sum(counts.values()) > n:
            raise _invalid(f"{where}.{field.id}", "jumlahnya lebih dari n")
        profil[field.id] = counts
    return profil


def _object(value: object, where: str, keys: frozenset[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != keys:
        raise _invalid(where, f"seharusnya berisi tepat: {', '.join(sorted(keys))}")
    return value


def _object_any(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _invalid(where, "seharusnya tabel bilangan")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _invalid(where, "seharusnya daftar")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise _invalid(where, "seharusnya teks yang tidak kosong")
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in value):
        raise _invalid(where, "memuat tanda kendali atau huruf yang tidak utuh")
    return value


def _counts(value: object, where: str, known: Set[str]) -> dict[str, int]:
    if not isinstance(value, dict) or not value.keys() <= known:
        raise _invalid(where, f"seharusnya tabel bilangan dengan kunci: {', '.join(sorted(known))}")
    return {name: _count(count, f"{where}.{name}") for name, count in value.items()}


def _count(value: object, where: str) -> int:
    if type(value) is not int or value < 0:
        raise _invalid(where, "seharusnya bilangan bulat, nol atau lebih")
    return value


def _invalid(where: str, reason: str) -> IkmError:
    return IkmError("TALLY_INVALID", where=where, reason=reason)
