"""The five questions of whoever doubts a figure, each answered in sentences that follow from what is published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from markupsafe import Markup

from publish import analysis, certainty
from publish.dokumen import UNSIGNED
from publish.notice import Answer
from publish.words import CHANNEL_NAMES, angka, bulat, daftar, persen, rentang

UNKNOWN: Final = ("paper", "import")  # handed out or counted by people: whom they asked is not recorded

Public = Mapping[str, Any]
Words = Mapping[str, Any]


def answers(
    public: Public, record: Mapping[str, Any], parts: Mapping[str, Any], words: Words, root: str
) -> list[Answer]:
    """Return question, answer and links; `record` is dokumen.json, `parts` are the sections that the page has."""
    word = words["lima"]
    there = {name: (f"#{name}", word["tautan"][name]) for name in ("profil", "tren", "janji", "dokumen", "kewajaran")}
    tools = [(f"{root}{name}/", word["tautan"][name]) for name in ("periksa", "hitung-ulang")]
    links = {
        "pasti": [("#membaca", word["tautan"]["membaca"])],
        "dipilih": [there["profil"]] if parts["profil"] else [],
        "berubah": [there[name] for name in ("tren", "janji") if parts[name]],
        "asli": [there["dokumen"], *tools],
    }
    said = {
        "berapa": many(public, words),
        "pasti": " ".join(filter(None, (certainty.margin(public), parts["aturan"]))),
        "dipilih": chosen(public, words),
        "berubah": changed(public, record, parts["janji"], words),
        "asli": real(record, parts["kewajaran"], public, words),
    }
    strong = marks(public)
    return [Answer(word[name], marked(said[name], strong), links.get(name, [])) for name in said]


def many(public: Public, words: Words) -> str:
    """Return how many answered of how many, when, and whether they are enough."""
    counts = {"population": public["sample"]["population"], "response_rate": public["sample"]["response_rate"]}
    return f"{served({**public, **counts}, words)} {analysis.sample(public)}"


def served(group: Public, words: Words) -> str:
    """Return how many answered of how many people served and when, for an office or one layanan with its days."""
    word, known = (
        words["lima"],
        {"n": bulat(group["n_responden"]), "rentang": rentang(group["mulai"], group["selesai"])},
    )
    if group["population"] is None:
        return str(word["berapa_tanpa"].format(**known))
    of = {"populasi": bulat(group["population"]), "persen": persen(group["response_rate"])}
    return str(word["berapa_dari"].format(**known, **of))


def ways(public: Public) -> str:
    """Return through which channels how many answers came: "ponsel 98, formulir kertas 35"."""
    return daftar([f"{CHANNEL_NAMES[entry['id']]} {bulat(entry['n_responden'])}" for entry in public["channel"]])


def chosen(public: Public, words: Words) -> str:
    """Return how people came to answer: nobody draws them, and of paper and recaps it is not known here."""
    word = words["lima"]
    unknown = [
        CHANNEL_NAMES[entry["id"]] for entry in public["channel"] if entry["id"] in UNKNOWN and entry["n_responden"]
    ]
    text = word["dipilih_kalimat"].format(cara=ways(public))
    return f"{text} {word['dipilih_luar'].format(cara=daftar(unknown))}" if unknown else str(text)


def changed(public: Public, record: Mapping[str, Any], promises: Mapping[str, Any], words: Words) -> str:
    """Return the change of the index, what came of the promises, and whether a correction was published."""
    word = words["lima"]
    said = [words["sebelumnya_ditahan"] if public["previous_withheld"] else analysis.change(public)]
    said += [certainty.change(public), promises["kalimat"] if promises["daftar"] else ""]
    if len(record["edisi"]) > 1:
        said.append(word["ralat"].format(nomor=record["edisi"][-1]["nomor"], alasan=record["edisi"][-1]["alasan"]))
    return " ".join(filter(None, said))


def real(record: Mapping[str, Any], checks: Mapping[str, Any], public: Public, words: Words) -> str:
    """Return whose signature is on the documents, what the checks of the counts say, and what was left out."""
    word = words["lima"]
    signed = [item["tanda_tangan"] for item in record["dokumen"] if item["tanda_tangan"]["cara"] != UNSIGNED]
    first = signed[0]["kalimat"][0] if signed else word["tanpa_dokumen"]
    return " ".join((first, checks["kalimat"], certainty.excluded(public), word["ulang"]))


def marked(text: str, parts: Sequence[str]) -> Markup:
    """Return a text with those `parts` set off by which an eye finds the answer."""
    found = escape(text)
    for part in map(escape, parts):
        found = found.replace(part, f"<strong>{part}</strong>", 1)
    return Markup(found)  # noqa: S704  # escaped above


def marks(public: Public) -> Sequence[str]:
    """Return the words that stand out in an answer."""
    parts = [f"{bulat(public['n_responden'])} responden", "belum dapat dibedakan dari kebetulan"]
    if public["interval"]["margin"]:
        parts.append(f"antara {angka(public['interval']['low'])} dan {angka(public['interval']['high'])}")
    before = public["previous"]
    if before and before["comparable"]:
        parts += [f"{word} {angka(before['change'].lstrip('-'))}" for word in ("naik", "turun")]
    return parts
