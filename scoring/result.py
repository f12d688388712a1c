"""result.json: every figure of a periode, from its tally alone. The same tally gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Final

from scoring.figure import rounded, text
from scoring.index import IKM_PLACES, NRR_PLACES, compute, index_fields, unsur_fields, unsur_means
from scoring.instrument import Instrument, built_in
from scoring.sample import minimum
from scoring.tally import Part, Tally, total

FORMAT: Final = "result/1"
LOWEST: Final = 3  # unsur for the follow-up plan (procedure `sukma-rtl`, step 3)


def dump(result: Mapping[str, Any]) -> str:
    """Return the file's text: sorted keys, indented, a line end at the end."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, indent=1) + "\n"


def score(tally: Tally) -> dict[str, Any]:
    """Return every figure of the periode; figures are strings with a decimal point, counts are integers.

    A figure that does not exist (an unsur nobody answered, a population not known) is None, never a guess.
    Raises INSTRUMENT_UNKNOWN, RULE_UNKNOWN, BLANK_UNKNOWN.
    """
    pack = built_in(tally.instrument)
    main = _group(tally, tally.parts, pack)
    return {
        **_head(tally, pack),
        **main,
        "layanan": _layanan(tally, pack),
        "channel": _channels(tally, pack),
        "questions": _questions(tally, pack),
        "profil": _profil(tally, pack),
        "lowest": _ranked(main["unsur"], highest=False),
        "highest": _ranked(main["unsur"], highest=True),
        "sample": _sample(tally, pack),
        "previous": _previous(tally, main),
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


def _group(tally: Tally, parts: Sequence[Part], pack: Instrument) -> dict[str, Any]:
    """Return the figures of one group of respondents: the office, a layanan, a channel."""
    whole = total(parts) if parts else _nobody(pack)
    means = unsur_means(pack, whole, tally.blank)
    nrr = {unsur: mean.nrr for unsur, mean in means.items()}
    rule = pack.rule(tally.rule)
    figures = [compute(pack, index, rule, nrr) for index in pack.indexes]
    return {
        "n_responden": whole.n,
        "n_complete": whole.complete,
        **index_fields(pack, figures[0]),
        "unsur": unsur_fields(pack, figures[0], means),
        "indexes": [
            {"id": figure.index.id, "nama": figure.index.nama, **index_fields(pack, figure)} for figure in figures
        ],
    }


def _nobody(pack: Instrument) -> Part:
    """Return a part without respondents, so that an empty periode has undefined figures instead of an error."""
    zeros = (0,) * (pack.high - pack.low + 1)
    ids = [question.id for question in pack.questions]
    profil: dict[str, dict[str, int]] = {field.id: {} for field in pack.profil}
    return Part("*", "*", 0, dict.fromkeys(ids, zeros), 0, dict.fromkeys(ids, 0), profil)


def _layanan(tally: Tally, pack: Instrument) -> list[dict[str, Any]]:
    entries = []
    for layanan, nama in tally.layanan.items():
        group = _group(tally, tally.only(layanan).parts, pack)
        population = tally.population.get(layanan)
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
        {"id": name, **_group(tally, [part for part in tally.parts if part.channel == name], pack)} for name in names
    ]


def _questions(tally: Tally, pack: Instrument) -> list[dict[str, Any]]:
    whole = total(tally.parts) if tally.parts else _nobody(pack)
    return [
        {
            "id": question.id,
            "unsur": question.unsur,
            "counts": list(whole.answers[question.id]),
            "blank": whole.n - sum(whole.answers[question.id]),
        }
        for question in pack.questions
    ]


def _profil(tally: Tally, pack: Instrument) -> list[dict[str, Any]]:
    whole = total(tally.parts) if tally.parts else _nobody(pack)
    fields = []
    for field in pack.profil:
        counts = whole.profil.get(field.id, {})
        numbers = [(code, nama, counts.get(code, 0)) for code, nama in field.options]
        numbers.append(("", "Tidak diisi", whole.n - sum(counts.values())))
        rows = [{"code": code, "nama": nama, "n": n, "persen": _percent(n, whole.n)} for code, nama, n in numbers]
        fields.append({"id": field.id, "nama": field.nama, "options": rows})
    return fields


def _ranked(unsur: Sequence[Mapping[str, Any]], *, highest: bool) -> dict[str, Any]:
    """Return the three lowest (or highest) unsur by printed NRR; a tie with the third brings all of it."""
    known = [entry for entry in unsur if entry["nrr"] is not None]
    ordered = sorted(known, key=lambda entry: Fraction(entry["nrr"]), reverse=highest)
    if not ordered:
        return {"unsur": [], "tied": [], "nrr": None}
    edge = ordered[min(LOWEST, len(ordered)) - 1]["nrr"]
    beyond = {entry["nrr"] for entry in ordered[:LOWEST]}
    chosen = [entry["id"] for entry in ordered if entry["nrr"] in beyond]
    tied = [entry["id"] for entry in ordered if entry["nrr"] == edge] if len(chosen) > LOWEST else []
    return {"unsur": chosen, "tied": tied, "nrr": edge}


def _sample(tally: Tally, pack: Instrument) -> dict[str, Any]:
    known = set(tally.population) >= set(tally.layanan) and bool(tally.layanan)
    population = sum(tally.population[layanan] for layanan in tally.layanan) if known else None
    least = minimum(pack, population)
    return {
        "rule": pack.sample_rule,
        "population": population,
        "minimum": least,
        "reached": None if least is None else tally.n >= least,
        "response_rate": _percent(tally.n, population),
    }


def _previous(tally: Tally, main: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the periode before; a change only where both used the same form, rule and reading of blanks."""
    before = tally.previous
    if before is None or not before.n:
        return None
    group = _group(before, before.parts, built_in(before.instrument))
    same = (before.form, before.rule, before.blank) == (tally.form, tally.rule, tally.blank)
    nrr = {entry["id"]: entry["nrr"] for entry in group["unsur"]}
    return {
        "periode": before.periode,
        "mulai": before.mulai,
        "selesai": before.selesai,
        "instrument": before.instrument,
        "rule": before.rule,
        "comparable": same,
        **group,
        "change": _change(main["ikm"], group["ikm"], IKM_PLACES) if same else None,
        "unsur_change": {
            entry["id"]: _change(entry["nrr"], nrr.get(entry["id"]), NRR_PLACES) if same else None
            for entry in main["unsur"]
        },
    }


def _change(now: str | None, then: str | None, places: int) -> str | None:
    """Return the difference of two printed figures, so that a reader's subtraction agrees."""
    if now is None or then is None:
        return None
    return text(Fraction(now) - Fraction(then), places)


def _percent(part: int, whole: int | None) -> str | None:
    return str(rounded(Fraction(part * 100, whole), 1)) if whole else None
