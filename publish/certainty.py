"""The sentences that say how sure the figures are, and what they would be by another rule."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from collector.outage import Outages
from publish.words import angka, bulat, daftar, tanggal, terbilang
from scoring.disclosure import excluded_shown
from scoring.integrity import CLOSES, OPENS

Result = Mapping[str, Any]
EXCLUDED: Final = {
    "uji-coba": "uji coba",
    "lembar-rusak": "lembar rusak",
    "ganda": "isian ganda",
    "luar-periode": "di luar periode",
}
NO_INTERVAL: Final = {
    "few": "Rentang nilai tidak dihitung karena responden kurang dari tiga puluh orang.",
    "same": "Semua responden menjawab sama, sehingga rentang nilai tidak dapat dihitung.",
    "undefined": "Rentang nilai tidak dapat dihitung.",
}


def margin(result: Result) -> str:
    """Return the 95 % interval of the index and the letters in it, or in plain words why there is none."""
    found = result["interval"]
    if found["margin"] is None:
        return NO_INTERVAL[found["reason"]]
    text = (
        f"Dengan tingkat kepercayaan 95 persen, nilainya berada antara {angka(found['low'])} dan "
        f"{angka(found['high'])} (± {angka(found['margin'])}), sejauh responden mewakili orang yang dilayani."
    )
    if len(found["mutu"]) > 1:
        text += f" Huruf mutu belum pasti: rentang itu memuat mutu {daftar(found['mutu'])}."
    return text


def change(result: Result) -> str:
    """Return whether the change against the periode before is more than chance would do; nothing without one."""
    before = result["previous"]
    found = before["change_interval"] if before else None
    if not found or Fraction(before["change"]) == 0:
        return ""
    if found["distinct"]:
        return f"Perubahan itu (± {angka(found['margin'])}) lebih besar daripada yang dapat terjadi karena kebetulan."
    return f"Perubahan itu (± {angka(found['margin'])}) belum dapat dibedakan dari kebetulan."


def lowest(result: Result) -> str:
    """Return which of the lowest unsur chance alone may have put among them; nothing where none or not known."""
    entry = result["lowest"]
    if not entry["uncertain"]:
        return ""
    names = {unsur["id"]: unsur["nama"] for unsur in result["unsur"]}
    doubtful = daftar([names[unsur] for unsur in entry["uncertain"]])
    return f"Kedudukan {doubtful} di antara unsur terendah belum dapat dibedakan dari {names[entry['next']]}."


def rules(result: Result) -> str:
    """Return under which published rules the letter would be another, or that it is the same under all."""
    others = [entry for entry in result["rules"] if not entry["used"] and entry["ikm"] is not None]
    if not others:
        return ""
    differing = [entry for entry in others if entry["other_mutu"]]
    if differing:
        items = [f"{_rule(entry)} ({angka(entry['ikm'])}, mutu {entry['mutu']})" for entry in differing]
        return f"Huruf mutu akan lain dengan {daftar(items)}."
    least = min(others, key=lambda entry: Fraction(entry["ikm"]))
    most = max(others, key=lambda entry: Fraction(entry["ikm"]))
    return (
        "Huruf mutu tetap sama dengan aturan hitung lain yang lazim dipakai "
        f"(nilainya {angka(least['ikm'])} sampai {angka(most['ikm'])})."
    )


def _rule(entry: Mapping[str, Any]) -> str:
    blanks = {"zero": "jawaban kosong dihitung nol", "complete": "hanya kuesioner lengkap"}
    return blanks.get(entry["blank"], "") if entry["blank"] in blanks else str(entry["keterangan"])


def without_cost(result: Result) -> str:
    """Return the index without the unsur on cost, as a note; nothing where there is none."""
    found = result["without_cost"]
    if not found or found["ikm"] is None:
        return ""
    return f"Tanpa unsur biaya, nilai IKM {angka(found['ikm'])} (mutu {found['mutu']})."


def combined(result: Result, *, whole: bool) -> str:
    """Return which way of combining the layanan the index is, with the other beside it where all are shown."""
    found = result["combined"]
    text = "Nilai IKM kantor dihitung dari seluruh responden tanpa membedakan layanan (gabungan)."
    if not whole or not found or found["mean"] is None or found["parts"] < 2:
        return text
    return f"{text} Rata-rata sederhana antarlayanan {angka(found['mean'])}."


def outages(diary: Outages | None) -> str:
    """Return for how many minutes of service hours the questionnaire could not be reached, as the server noted it."""
    hours = f"antara pukul {OPENS:02d}.00 dan {CLOSES:02d}.00"
    if diary is None:
        return "Gangguan layanan daring tidak dicatat pada periode ini (buku gangguan belum ada)."
    since = f"{tanggal(diary.since.date().isoformat())} pukul {diary.since:%H.%M}"
    if not diary.minutes:
        return f"Tidak tercatat gangguan layanan daring {hours} (dicatat sejak {since})."
    return (
        f"Kuesioner daring tidak dapat dijangkau selama {bulat(diary.minutes)} menit {hours}, "
        f"menurut catatan server sejak {since}."
    )


def excluded(result: Result) -> str:
    """Return how many answers were left out of the count and why, with the index they would have given."""
    found = result["excluded"]
    if not found["n"]:
        return "Tidak ada jawaban yang dikeluarkan dari hitungan."
    reasons = daftar([f"{EXCLUDED[reason]} {bulat(n)}" for reason, n in found["reasons"].items()])
    count = terbilang(found["n"]).capitalize()
    text = f"{count} jawaban dikeluarkan dari hitungan: {reasons}."
    if found["ikm_with"] is None or not excluded_shown(result):
        return f"{text} Nilai bila ikut dihitung tidak ditampilkan agar jawaban itu tidak dapat dihitung mundur."
    return f"{text} Bila ikut dihitung, nilai IKM {angka(found['ikm_with'])} (mutu {found['mutu_with']})."
