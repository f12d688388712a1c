"""tally.json: the same tally always gives the same bytes, and a file that is not one is refused by name of its fault."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from scoring.errors import IkmError
from scoring.instrument import Instrument, built_in
from scoring.tally import FORMAT, Part, Tally

TEXTS: Final = ("office", "office_nama", "periode", "mulai", "selesai", "instrument", "form", "rule", "blank")


def dump(tally: Tally) -> str:
    """Return the file's text: sorted keys, two-space indent, a line end at the end."""
    return json.dumps(_plain(tally), ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def load(text: str) -> Tally:
    """Return the tally in `text`. Raises TALLY_INVALID with the place and the reason."""
    try:
        value = json.loads(text, parse_float=_no_fraction, parse_constant=_no_fraction)
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
        "parts": [asdict(part) for part in tally.parts],
        "previous": None if tally.previous is None else _plain(tally.previous),
    }


def _tally(value: object, where: str) -> Tally:
    fields = _object(
        value,
        where or "berkas",
        {*TEXTS, "format", "rehearsal", "layanan", "population", "parts", "previous"},
    )
    if fields["format"] != FORMAT:
        raise _invalid(where + "format", f"seharusnya {FORMAT}")
    for name in TEXTS:
        if not isinstance(fields[name], str):
            raise _invalid(where + name, "seharusnya teks")
    pack = built_in(fields["instrument"])
    layanan = {}
    for number, item in enumerate(_list(fields["layanan"], where + "layanan")):
        entry = _object(item, f"{where}layanan[{number}]", {"id", "nama"})
        layanan[str(entry["id"])] = str(entry["nama"])
    parts = tuple(
        _part(item, f"{where}parts[{number}].", pack, layanan)
        for number, item in enumerate(_list(fields["parts"], where + "parts"))
    )
    previous = None if fields["previous"] is None else _tally(fields["previous"], where + "previous.")
    return Tally(
        **{name: fields[name] for name in TEXTS},
        rehearsal=fields["rehearsal"] is True,
        layanan=layanan,
        population=_counts(fields["population"], where + "population"),
        parts=parts,
        previous=previous,
    )


def _part(value: object, where: str, pack: Instrument, layanan: Mapping[str, str]) -> Part:
    fields = _object(
        value, where, {"layanan", "channel", "n", "answers", "complete", "complete_sums", "profil"}
    )
    if fields["layanan"] not in layanan:
        raise _invalid(where + "layanan", "tidak ada pada daftar layanan")
    ids = [question.id for question in pack.questions]
    n, complete = _count(fields["n"], where + "n"), _count(fields["complete"], where + "complete")
    answers = _object(fields["answers"], where + "answers", set(ids))
    counted = {}
    for question in ids:
        counts = _list(answers[question], f"{where}answers.{question}")
        counted[question] = tuple(_count(count, f"{where}answers.{question}") for count in counts)
        if len(counts) != pack.high - pack.low + 1 or not complete <= sum(counted[question]) <= n:
            raise _invalid(f"{where}answers.{question}", "jumlahnya tidak cocok dengan n")
    sums = _counts(
        _object(fields["complete_sums"], where + "complete_sums", set(ids)), where + "complete_sums"
    )
    for question in ids:
        if not pack.low * complete <= sums[question] <= pack.high * complete:
            raise _invalid(f"{where}complete_sums.{question}", "di luar skala")
    codes = {field.id: {code for code, _ in field.options} for field in pack.profil}
    profil = _object(fields["profil"], where + "profil", set(codes))
    counted_profil = {name: _counts(profil[name], f"{where}profil.{name}") for name in codes}
    for name, counts in counted_profil.items():
        if set(counts) - codes[name] or sum(counts.values()) > n:
            raise _invalid(f"{where}profil.{name}", "kode atau jumlahnya tidak cocok")
    return Part(str(fields["layanan"]), str(fields["channel"]), n, counted, complete, sums, counted_profil)


def _object(value: object, where: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != keys:
        raise _invalid(where, f"seharusnya berisi tepat: {', '.join(sorted(keys))}")
    return value


def _list(value: object, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise _invalid(where, "seharusnya daftar")
    return value


def _counts(value: object, where: str) -> dict[str, int]:
    if not isinstance(value, dict):
        raise _invalid(where, "seharusnya tabel bilangan")
    return {name: _count(count, f"{where}.{name}") for name, count in value.items()}


def _count(value: object, where: str) -> int:
    if type(value) is not int or value < 0:
        raise _invalid(where, "seharusnya bilangan bulat, nol atau lebih")
    return value


def _no_fraction(token: str) -> Any:
    raise ValueError(f"{token} bukan bilangan bulat")


def _invalid(where: str, reason: str) -> IkmError:
    return IkmError("TALLY_INVALID", where=where, reason=reason)
