"""The sentences of analysis: each one follows from result.json alone, so that no two results read the same by habit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from publish.words import angka, bulat, daftar, nama_periode, persen, rentang, terbilang
from scoring.disclosure import previous_shown

Result = Mapping[str, Any]
WITHHELD = (
    "Nilai {} tidak ditampilkan: nilai kelompok dengan kurang dari sepuluh responden tidak diumumkan, dan kelompok "
    "terkecil berikutnya ikut ditutup bila tanpa itu nilainya dapat dihitung mundur."
)
BLANK_RULES = {
    "available": "jawaban kosong tidak ikut dalam pembagi unsur yang bersangkutan",
    "zero": "jawaban kosong dihitung bernilai nol",
    "complete": "hanya kuesioner yang terisi lengkap yang dihitung",
}


def unsur_names(result: Result) -> dict[str, str]:
    """Return the printed name of each unsur by id."""
    return {entry["id"]: entry["nama"] for entry in result["unsur"]}


def summary(result: Result) -> str:
    """Return who answered, of how many, and the index with its letter."""
    population = result["sample"]["population"]
    of = f" dari {bulat(population)} orang yang dilayani" if population else ""
    text = (
        f"Pada periode {nama_periode(result['periode'])} ({rentang(result['mulai'], result['selesai'])}), "
        f"{bulat(result['n_responden'])} responden{of} menilai pelayanan {result['office_nama']}."
    )
    if result["ikm"] is None:
        return f"{text} {undefined(result)}"
    return f"{text} Nilai IKM {angka(result['ikm'])}, mutu pelayanan {result['mutu']}, kinerja {_kinerja(result)}."


def undefined(result: Result) -> str:
    """Return why there is no index: an unsur that nobody answered; it is not left out silently."""
    unknown = daftar([entry["nama"] for entry in result["unsur"] if entry["nrr"] is None])
    return f"Nilai IKM tidak dapat dihitung karena tidak ada jawaban tentang unsur {unknown}."


def _kinerja(result: Result) -> str:
    return str(result["kinerja"]).lower()


def conclusion(result: Result) -> str:
    """Return the index with its letter and base, for the closing chapter."""
    if result["ikm"] is None:
        return undefined(result)
    return (
        f"IKM {result['office_nama']} periode {nama_periode(result['periode'])} adalah {angka(result['ikm'])} "
        f"(mutu {result['mutu']}, {_kinerja(result)}), dihitung dari {bulat(result['n_responden'])} responden."
    )


def sample(result: Result) -> str:
    """Return whether the least number of respondents was reached, and by which rule."""
    entry = result["sample"]
    rule = "rumus Krejcie dan Morgan" if entry["rule"] == "krejcie-morgan" else "ketentuan (jumlah unsur + 1) × 10"
    if entry["minimum"] is None:
        return "Jumlah orang yang dilayani belum dicatat, sehingga kecukupan sampel tidak dapat dinyatakan."
    n, least = result["n_responden"], entry["minimum"]
    if entry["reached"]:
        return f"Sampel minimum menurut {rule} adalah {bulat(least)} responden; jumlah responden sudah memadai."
    return (
        f"Sampel minimum menurut {rule} adalah {bulat(least)} responden; jumlah responden belum memadai, "
        f"kurang {bulat(least - n)} orang. Nilai indeks dibaca dengan hati-hati."
    )


def change(result: Result) -> str:
    """Return how the index stands against the periode before, or why the two cannot be compared."""
    before = result["previous"]
    if before is None:
        return "Belum ada hasil periode sebelumnya sebagai pembanding."
    name = nama_periode(before["periode"])
    if not previous_shown(result):
        return f"Periode {name} dijawab oleh kurang dari sepuluh orang, sehingga tidak dipakai sebagai pembanding."
    if not before["comparable"]:
        return (
            f"Periode {name} (IKM {angka(before['ikm'])}, {bulat(before['n_responden'])} responden) memakai instrumen "
            "atau aturan hitung yang berbeda, sehingga selisih nilainya tidak dihitung."
        )
    moved = Fraction(before["change"])
    if moved == 0:
        return f"Nilai IKM sama dengan periode {name} ({angka(before['ikm'])})."
    word = "naik" if moved > 0 else "turun"
    return f"Nilai IKM {word} {angka(before['change'].lstrip('-'))} dari periode {name} ({angka(before['ikm'])})."


def lowest(result: Result) -> str:
    """Return the three lowest unsur with their values, and the tie where more than three share a place."""
    return _ranked(result, "lowest", "terendah", "perbaikan")


def highest(result: Result) -> str:
    """Return the three highest unsur with their values, and the tie where more than three share a place."""
    return _ranked(result, "highest", "tertinggi", "kekuatan")


def _ranked(result: Result, key: str, word: str, use: str) -> str:
    entry = result[key]
    figures = {unsur["id"]: unsur for unsur in result["unsur"]}
    if len(entry["unsur"]) == len(figures):
        nrr = {figures[unsur]["nrr"] for unsur in entry["unsur"]}
        if len(nrr) == 1:
            return f"Semua unsur bernilai sama (NRR {angka(nrr.pop())}), sehingga tidak ada unsur {word}."
    items = [f"{figures[unsur]['nama']} ({angka(figures[unsur]['nrr'])})" for unsur in entry["unsur"]]
    text = f"Unsur dengan nilai {word} adalah {daftar(items)}."
    if entry["tied"]:
        tied = daftar([figures[unsur]["nama"] for unsur in entry["tied"]])
        text += (
            f" {terbilang(len(entry['unsur'])).capitalize()} unsur disebut karena {tied} bernilai sama "
            f"({angka(entry['nrr'])}); semuanya diperlakukan setara sebagai bahan {use}."
        )
    return text


def layanan(result: Result, shown: frozenset[str]) -> str:
    """Return which layanan stand highest and lowest among those on a base of at least ten."""
    known = [entry for entry in result["layanan"] if entry["id"] in shown and entry["ikm"] is not None]
    hidden = [entry["nama"] for entry in result["layanan"] if entry["id"] not in shown]
    withheld = f" {WITHHELD.format(daftar(hidden))}" if hidden else ""
    if len(known) < 2:
        return ("Nilai antarlayanan tidak dibandingkan." + withheld).strip()
    ordered = sorted(known, key=lambda entry: Fraction(entry["ikm"]))
    low, high = ordered[0], ordered[-1]
    if low["ikm"] == high["ikm"]:
        return f"Semua layanan yang ditampilkan bernilai sama, yaitu {angka(low['ikm'])}." + withheld
    return (
        f"Di antara layanan, nilai tertinggi diperoleh {high['nama']} ({angka(high['ikm'])}, "
        f"{bulat(high['n_responden'])} responden) dan terendah {low['nama']} ({angka(low['ikm'])}, "
        f"{bulat(low['n_responden'])} responden)." + withheld
    )


def method(result: Result) -> str:
    """Return instrument, weight and treatment of blanks in one sentence."""
    return (
        f"Perhitungan memakai instrumen {result['peraturan']} dengan aturan {result['rule_keterangan']}; "
        f"{BLANK_RULES[result['blank']]}."
    )


def blanks(result: Result) -> str:
    """Return how many answers were left blank and where."""
    missing = [(entry["nama"], entry["blank"]) for entry in result["unsur"] if entry["blank"]]
    if not missing:
        return "Semua pertanyaan dijawab oleh semua responden."
    items = daftar([f"{nama} ({bulat(count)})" for nama, count in missing])
    return f"Jawaban kosong terdapat pada unsur {items}."


def response_rate(result: Result) -> str:
    """Return the share of the people served who answered, or that it is not known."""
    rate = result["sample"]["response_rate"]
    return "Tingkat tanggapan belum dapat dihitung." if rate is None else f"Tingkat tanggapan {persen(rate)}."


def other_indexes(result: Result) -> str:
    """Return the further indexes that the same form feeds, or nothing where there is only one."""
    others = [f"{entry['nama']} {angka(entry['ikm'])} (mutu {entry['mutu']})" for entry in result["indexes"][1:]]
    return f"Dari kuesioner yang sama diperoleh pula {daftar(others)}." if others else ""
