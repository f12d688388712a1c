"""result.json: every figure of a periode, from its tally alone. The same tally gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from scoring import tally_json
from scoring.compare import combined, previous, ranked, side_by_side, without_cost
from scoring.figure import rounded
from scoring.group import Group, group_of
from scoring.index import index_fields
from scoring.instrument import Instrument, built_in
from scoring.integrity import panel
from scoring.sample import minimum
from scoring.tally import Part, Tally, merge

FORMAT: Final = "result/1"


def dump(result: Mapping[str, Any]) -> str:
    """Return the file's text: sorted keys, indented, a line end at the end."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def score(tally: Tally) -> dict[str, Any]:
    """Return every figure of the periode; figures are strings with a decimal point, counts are integers.

    A figure that does not exist (an unsur nobody answered, a population not known) is None, never a guess.
    Raises INSTRUMENT_UNKNOWN, RULE_UNKNOWN, BLANK_UNKNOWN.
    """
    pack = built_in(tally.instrument)
    tally = replace(tally, parts=merge(tally.parts))  # however the counts came, they are the same counts
    main = group_of(tally, pack, tally.parts, _population(tally))
    fields = main.fields()
    layanan = _layanan(tally, pack)
    return {
        **_head(tally, pack),
        **fields,
        "layanan": layanan,
        "channel": _channels(tally, pack),
        "questions": _questions(main.part, pack),
        "profil": _profil(main.part, pack),
        "lowest": ranked(main, fields["unsur"], highest=False),
        "highest": ranked(main, fields["unsur"], highest=True),
        "sample": _sample(tally, pack),
        "excluded": _excluded(tally, main),
        "rules": side_by_side(main),
        "without_cost": without_cost(main),
        "combined": combined(fields, layanan),
        "previous": previous(tally, main, fields, _population(tally.previous) if tally.previous else None),
        "integrity": panel(tally, main),
        "tally_sha256": tally_json.digest(tally),
    }


def _head(tally: Tally, pack: Instrument) -> dict[str, Any]:
    """Return whose figures these are, of which days, and how they were reckoned."""
    rule = pack.rule(tally.rule)
    return {
        "format": FORMAT,
        "office": tally.office,
        "office_nama": tally.office_nama,
        "periode": tally.periode,
        "mulai": tally.mulai,
        "selesai": tally.selesai,
        "rehearsal": tally.rehearsal,
        "instrument": pack.id,
        "form": tally.form,
        "peraturan": pack.peraturan,
        "rule": rule.id,
        "rule_keterangan": rule.keterangan,
        "blank": tally.blank,
    }


def _excluded(tally: Tally, main: Group) -> dict[str, Any]:
    """Return how many answers were left out, by reason, and the index with them."""
    parts = (*tally.parts, *tally.excluded_parts)
    group = group_of(tally, main.pack, parts, main.population) if tally.excluded_parts else main
    complete = sum(part.complete for part in tally.excluded_parts)
    counts = {"n": sum(tally.excluded.values()), "n_complete": complete, "reasons": dict(tally.excluded)}
    return {**counts, **_with(index_fields(main.pack, group.figures[0]))}


def _with(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"ikm_with": fields["ikm"], "mutu_with": fields["mutu"]}


def _layanan(tally: Tally, pack: Instrument) -> list[dict[str, Any]]:
    entries = []
    for layanan, nama in tally.layanan.items():
        population = tally.population.get(layanan)
        group = group_of(tally, pack, tally.only(layanan).parts, population).fields()
        entries.append(
            {
                "id": layanan,
                "nama": nama,
                "population": population,
                "response_rate": _percent(group["n_responden"], population),
                **group,
            }
        )
    return entries


def _channels(tally: Tally, pack: Instrument) -> list[dict[str, Any]]:
    names = sorted({part.channel for part in tally.parts})
    return [
        {"id": name, **group_of(tally, pack, [p for p in tally.parts if p.channel == name], None).fields()}
        for name in names
    ]


def _questions(whole: Part, pack: Instrument) -> list[dict[str, Any]]:
    return [
        {
            "id": question.id,
            "unsur": question.unsur,
            "counts": list(whole.answers[question.id]),
            "blank": whole.n - sum(whole.answers[question.id]),
        }
        for question in pack.questions
    ]


def _profil(whole: Part, pack: Instrument) -> list[dict[str, Any]]:
    fields = []
    for field in pack.profil:
        counts = whole.profil.get(field.id, {})
        numbers = [(code, nama, counts.get(code, 0)) for code, nama in field.options]
        numbers.append(("", "Tidak diisi", whole.n - sum(counts.values())))
        rows = [{"code": code, "nama": nama, "n": n, "persen": _percent(n, whole.n)} for code, nama, n in numbers]
        fields.append({"id": field.id, "nama": field.nama, "options": rows})
    return fields


def _sample(tally: Tally, pack: Instrument) -> dict[str, Any]:
    population = _population(tally)
    least = minimum(pack, population)
    return {
        "rule": pack.sample_rule,
        "population": population,
        "minimum": least,
        "reached": None if least is None else tally.n >= least,
        "response_rate": _percent(tally.n, population),
    }


def _population(tally: Tally) -> int | None:
    """Return the people served by the whole office, or None when any layanan's number is not known."""
    known = set(tally.population) >= set(tally.layanan) and bool(tally.layanan)
    return sum(tally.population[layanan] for layanan in tally.layanan) if known else None


def _percent(part: int, whole: int | None) -> str | None:
    return str(rounded(Fraction(part * 100, whole), 1)) if whole else None
