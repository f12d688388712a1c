"""What is said of a result in English: figures, dates and sentences, by the same conditions as the Indonesian ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

from collector.outage import Outages
from collector.workspace import SITE_SOURCE
from publish.questions import UNKNOWN
from publish.words import NONE
from scoring.disclosure import excluded_shown, previous_shown
from scoring.periode import SHAPE

Public = Mapping[str, Any]
Words = Mapping[str, Any]


@cache
def words() -> Words:
    """Return every word of the English page."""
    found: Words = tomllib.loads((SITE_SOURCE / "locale" / "transparansi.en.toml").read_text("utf-8"))
    return found


def figure(text: str | None) -> str:
    """Return a figure of hasil.json, which has a decimal point already; None becomes a dash."""
    return NONE if text is None else text


def count(number: int | None) -> str:
    """Return a count with commas between thousands; None becomes a dash."""
    return NONE if number is None else f"{number:,}"


def day(iso: str) -> str:
    """Return an ISO date as "24 October 2026"."""
    found = date.fromisoformat(iso)
    return f"{found.day} {words()['periode']['months'][found.month - 1]} {found.year}"


def span(mulai: str, selesai: str) -> str:
    """Return a span of days as "25 September to 24 October 2026"."""
    first = day(mulai) if mulai[:4] != selesai[:4] else day(mulai).rsplit(" ", 1)[0]
    return str(words()["periode"]["rentang"].format(mulai=first, selesai=day(selesai)))


def period(periode_id: str) -> str:
    """Return the name of a periode: "October 2026", "quarter 3 of 2026", "2026"."""
    found, word = SHAPE.fullmatch(periode_id), words()["periode"]
    if found is None or not (found["month"] or found["quarter"] or found["half"]):
        return periode_id
    if found["month"]:
        return f"{word['months'][int(found['month']) - 1]} {found['year']}"
    name = "quarter" if found["quarter"] else "half"
    return str(word[name].format(nomor=found["quarter"] or found["half"], tahun=found["year"]))


def listing(items: Sequence[str]) -> str:
    """Return a list in running text: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1] if items else "")))


def summary(public: Public, office: str) -> str:
    """Return who answered, of how many, and the index with its grade."""
    word, population = words(), public["sample"]["population"]
    if public["ikm"] is None:
        return str(word["tak_terhitung"])
    return str(
        word["ringkas"].format(
            periode=period(public["periode"]),
            rentang=span(public["mulai"], public["selesai"]),
            n=count(public["n_responden"]),
            dari=word["dari"].format(populasi=count(population)) if population else "",
            kantor=office,
            ikm=figure(public["ikm"]),
            mutu=public["mutu"],
            kinerja=word["kinerja"][public["mutu"]],
        )
    )


def many(public: Public) -> str:
    """Return how many answered of how many and when, and whether they are enough."""
    word, entry = words()["lima"], public["sample"]
    known = {"n": count(public["n_responden"]), "rentang": span(public["mulai"], public["selesai"])}
    if entry["population"] is None:
        return f"{word['berapa_tanpa'].format(**known)} {sample(public)}"
    of = {"populasi": count(entry["population"]), "persen": f"{figure(entry['response_rate'])}%"}
    return f"{word['berapa_dari'].format(**known, **of)} {sample(public)}"


def sample(public: Public) -> str:
    """Return whether the least number of respondents was reached, and by which rule."""
    word, entry = words()["sampel"], public["sample"]
    if entry["minimum"] is None:
        return str(word["tanpa"])
    named = {"rumus": word.get(entry["rule"], word["lain"]), "minimum": count(entry["minimum"])}
    lacking = count(entry["minimum"] - public["n_responden"])
    return str(word["cukup"].format(**named) if entry["reached"] else word["kurang"].format(**named, kurang=lacking))


def margin(group: Public) -> str:
    """Return the 95 % interval and the grades in it, or why there is none."""
    word, found = words()["kepastian"], group["interval"]
    if found["margin"] is None:
        return str(word[found["reason"]])
    text = str(word["rentang"].format(**{name: figure(found[name]) for name in ("low", "high", "margin")}))
    return f"{text} {word['huruf'].format(huruf=listing(found['mutu']))}" if len(found["mutu"]) > 1 else text


def rules(public: Public) -> str:
    """Return whether the grade would be another under other published rules."""
    word = words()["kepastian"]
    others = [entry for entry in public["rules"] if not entry["used"] and entry["ikm"] is not None]
    if not others:
        return ""
    differing = [entry for entry in others if entry["other_mutu"]]
    if differing:
        items = [word["aturan_satu"].format(ikm=figure(entry["ikm"]), mutu=entry["mutu"]) for entry in differing]
        return str(word["aturan_lain"].format(daftar=listing(items)))
    values = sorted((entry["ikm"] for entry in others), key=Fraction)
    return str(word["aturan_sama"].format(low=figure(values[0]), high=figure(values[-1])))


def ways(public: Public) -> str:
    """Return through which channels how many answers came."""
    names = words()["cara"]
    return listing([f"{names[entry['id']]} {count(entry['n_responden'])}" for entry in public["channel"]])


def chosen(public: Public) -> str:
    """Return how people came to answer: nobody draws them, and of paper and recaps it is not known here."""
    word, names = words()["lima"], words()["cara"]
    unknown = [names[entry["id"]] for entry in public["channel"] if entry["id"] in UNKNOWN and entry["n_responden"]]
    text = word["dipilih_kalimat"].format(cara=ways(public))
    return f"{text} {word['dipilih_luar'].format(cara=listing(unknown))}" if unknown else str(text)


def changed(public: Public) -> str:
    """Return how the index stands against the periode before, and whether that is more than chance."""
    word, before = words()["perubahan"], public["previous"]
    if public["previous_withheld"]:
        return str(word["ditahan"])
    if before is None:
        return str(word["tidak_ada"])
    named = {"periode": period(before["periode"]), "ikm": figure(before["ikm"]), "n": count(before["n_responden"])}
    if not previous_shown(public):
        return str(word["sedikit"].format(**named))
    if not before["comparable"]:
        return str(word["lain"].format(**named))
    moved, found = Fraction(before["change"]), before["change_interval"]
    if moved == 0:
        return str(word["sama"].format(**named))
    text = word["naik" if moved > 0 else "turun"].format(selisih=before["change"].lstrip("-"), **named)
    if not found:
        return str(text)
    return f"{text} {word['nyata' if found['distinct'] else 'kebetulan'].format(margin=figure(found['margin']))}"


def method(public: Public) -> str:
    """Return questionnaire, weights, rounding and treatment of blanks."""
    word, rule = words(), str(public["rule"])
    weight, _, rounding = rule.partition("-")
    first = word["bobot"]["exact"] if weight == "exact" else word["bobot"]["weight"].format(bobot=weight)
    how = f"{first}, {word['bobot'][rounding or 'none']}"
    named = {"peraturan": public["peraturan"], "bobot": how, "kosong": word["kosong"][public["blank"]]}
    return str(word["fakta"]["metode_kalimat"].format(**named))


def excluded(public: Public) -> str:
    """Return how many answers were left out and why, with the index they would have given where it may be shown."""
    word, found = words(), public["excluded"]
    if not found["n"]:
        return str(word["fakta"]["tidak_dikeluarkan"])
    reasons = listing([f"{word['alasan'][reason]} {count(n)}" for reason, n in found["reasons"].items()])
    text = str(word["fakta"]["keluar"].format(n=count(found["n"]), daftar=reasons))
    if found["ikm_with"] is None or not excluded_shown(public):
        return f"{text} {word['fakta']['keluar_tanpa']}"
    return f"{text} {word['fakta']['keluar_dengan'].format(ikm=found['ikm_with'], mutu=found['mutu_with'])}"


def outages(diary: Outages | None) -> str:
    """Return for how many minutes of service hours the questionnaire could not be reached."""
    word = words()["fakta"]
    if diary is None:
        return str(word["gangguan_tidak_dicatat"])
    since = {"sejak": f"{day(diary.since.date().isoformat())} {diary.since:%H:%M}"}
    if not diary.minutes:
        return str(word["gangguan_nihil"].format(**since))
    return str(word["gangguan_menit"].format(menit=count(diary.minutes), **since))


def checks(public: Public) -> str:
    """Return how many checks of the counts ask for a look, and which."""
    word, panel = words()["kewajaran"], public["integrity"]
    seen = [word["nama"][entry["id"]] for entry in panel if entry["state"] == "seen"]
    named = {"n": count(len(panel)), "dilihat": count(len(seen)), "daftar": listing(seen)}
    return f"{word['sebagian' if seen else 'semua'].format(**named)} {word['hapus']}"


def signature(found: Mapping[str, Any], *, rehearsal: bool) -> str:
    """Return what is said of a signature of dokumen.json."""
    word, when = words()["dokumen"], found["waktu"]
    text = word[found["cara"]].format(jabatan=found["jabatan"], tanggal=day(when[:10]) if when else NONE)
    return f"{text} {word['uji_coba']}" if rehearsal else str(text)
