"""Reconciliation with another application: its recap beside the office's figures, the causes in lines, what remains."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from publish import blocks
from publish.tables import table
from publish.words import HARI, NONE, angka, bulat, grouped, nama_periode, rentang, tanggal
from scoring.disclosure import excluded_shown
from scoring.errors import IkmError
from scoring.figure import text
from scoring.office import Office

FILE: Final = "rekap-luar.json"
FORMAT: Final = "rekap-luar/1"
KINDS: Final = {
    "counts": "banyaknya setiap nilai",
    "sums": "jumlah nilai dan banyaknya jawaban",
    "nrr": "NRR per unsur",
}
PLACES: Final = 2
Recap = Mapping[str, Any]


def read_recaps(folder: Path) -> list[Recap]:
    """Return the recaps of other tools that were imported for a periode; none without the file.

    Raises RECAP_LACKING when it is not what the import wrote.
    """
    file = folder / FILE
    if not file.exists():
        return []
    try:
        held = json.loads(file.read_text("utf-8"))
        if held["format"] != FORMAT:
            raise IkmError("RECAP_LACKING", file=FILE, reason=f"bukan berkas {FORMAT}")
        for recap in held["recaps"]:
            for key in ("source", "file", "sha256", "imported_on", "kind", "printed", "blank", "figures", "explained"):
                recap[key]
        recaps: list[Recap] = held["recaps"]
    except (KeyError, TypeError, ValueError) as error:
        raise IkmError("RECAP_LACKING", file=FILE, reason=f"isinya tidak terbaca ({error})") from None
    return recaps


def named(office: Office, result: Mapping[str, Any], recaps: Sequence[Recap], day: date) -> dict[str, str | Markup]:
    """Return the named values of the minutes; empty ones where nothing was imported."""
    return {
        "hari_dokumen": HARI[day.weekday()],
        "judul_rekonsiliasi": blocks.minutes_head("BERITA ACARA REKONSILIASI NILAI SURVEI"),
        "tabel_rekonsiliasi": _table(result, recaps) if recaps else Markup(""),
        "rincian_rekonsiliasi": Markup("").join(_lines(result, recap) for recap in recaps),
        "tanda_tangan_rekonsiliasi": _signatures(office, day) if recaps else Markup(""),
    }


def _table(result: Mapping[str, Any], recaps: Sequence[Recap]) -> Markup:
    """Return the office's figure and that of each recap: as printed, recomputed from its sheet, and the difference."""
    own = (office_name(result), "basis data jawaban", bulat(result["n_responden"]), angka(result["ikm"]), NONE, NONE)
    rows: list[tuple[object, ...]] = [own]
    for recap in recaps:
        figures, printed = recap["figures"], recap["printed"]
        rows.append(
            (
                f"{recap['source']} ({recap['file']})",
                KINDS.get(recap["kind"], recap["kind"]),
                bulat(_forms(recap)),
                angka(figures["ikm"]),
                angka(printed) if printed else NONE,
                angka(_difference(printed or figures["ikm"], result["ikm"])),
            )
        )
    heads = ("*Sumber", "Isi", "#Jawaban", "#Dihitung", "#Tercetak", "#Selisih")
    return table("Nilai yang dibandingkan", heads, rows, css_class="kisi banding")


def office_name(result: Mapping[str, Any]) -> str:
    """Return how the office's own figure is called, with its rule."""
    return f"{result['office_nama']}, {result['rule_keterangan']}"


def _forms(recap: Recap) -> int | None:
    """Return how many answers the fullest unsur of a recap counts, or None where only NRR are known."""
    counts = [entry["n"] for entry in recap["figures"]["unsur"] if entry["n"] is not None]
    return max(counts) if counts else None


def _difference(one: str | None, other: str | None) -> str | None:
    return None if one is None or other is None else text(Fraction(one) - Fraction(other), PLACES)


def causes(result: Mapping[str, Any], recap: Recap) -> list[tuple[str, str | None]]:
    """Return the causes of the difference in words, each with its part of it in points of the index (None: unknown).

    The parts add up: what the sheet gives by the office's rule against the office's own index is due to other answers;
    what the printed figure has beyond that is due to the rule, where one is known that gives it.
    """
    figures, printed, explained = recap["figures"], recap["printed"], recap["explained"]
    found: list[tuple[str, str | None]] = []
    start, n, left_out = result["ikm"], _forms(recap), result["excluded"]
    if n == result["n_responden"] + left_out["n"] and left_out["n"] and excluded_shown(result):
        word = f"Kuesioner yang dikeluarkan kantor ({bulat(left_out['n'])}) ikut dihitung"
        found.append((word, _difference(left_out["ikm_with"], start)))
        start = left_out["ikm_with"]
    if n is None:
        word = "NRR pada rekap sudah dibulatkan, atau jawaban yang dihitung lain"
    else:
        word = (
            f"Jawaban lain yang dihitung ({bulat(n)}; kantor {bulat(result['n_responden'])}), misalnya karena tanggal"
        )
    found.append((word, _difference(figures["ikm"], start)))
    if printed:
        found.append(_rule(explained, _difference(printed, figures["ikm"])))
    return found


def _rule(explained: Mapping[str, Any] | None, part: str | None) -> tuple[str, str | None]:
    """Return which weight and order of rounding gives the printed figure, and how much that makes."""
    names = {entry["name"]: entry["keterangan"] for entry in explained["rules"]} if explained else {}
    for key, also in (("reproduced_by", ""), ("within_rounding", "; NRR pada rekap sudah dibulatkan")):
        if explained and explained[key]:
            return f"Bobot dan urutan pembulatan: {names[explained[key][0]]}{also}", part
    return "Bobot dan urutan pembulatan tidak dikenali", None


def remainder(result: Mapping[str, Any], recap: Recap) -> str | None:
    """Return what no cause explains, in points of the index with two decimals; None where there is no index."""
    whole = _difference(recap["printed"] or recap["figures"]["ikm"], result["ikm"])
    if whole is None:
        return None
    known = sum((Fraction(part) for _, part in causes(result, recap) if part is not None), Fraction(0))
    return text(Fraction(whole) - known, PLACES)


def _lines(result: Mapping[str, Any], recap: Recap) -> Markup:
    """Return one recap in lines: where it comes from, the causes with their parts, what remains."""
    about = f"Rekap {recap['source']}, berkas {recap['file']}, diimpor {tanggal(recap['imported_on'])}, sidik SHA-256 "
    excluded = result["excluded"]["n"]
    left_out = f"{bulat(excluded)} jawaban" if excluded else "tidak ada"
    own = (
        f"Nilai kantor: jawaban {rentang(result['mulai'], result['selesai'])}; dikeluarkan dari hitungan: {left_out}; "
        f"aturan {result['rule_keterangan']}."
    )
    rows = [(cause, angka(part) if part is not None else "tidak diketahui") for cause, part in causes(result, recap)]
    caption = f"Sebab selisih dengan {recap['source']} periode {nama_periode(result['periode'])}"
    foot = ("Selisih yang belum terjelaskan", angka(remainder(result, recap)))
    return Markup('<p>{}<span class="sidik">{}</span>.</p><p>{}</p>{}').format(
        about,
        grouped(recap["sha256"]),
        own,
        table(caption, ("*Sebab", "#Poin IKM"), rows, foot, css_class="kisi sebab"),
    )


def _signatures(office: Office, day: date) -> Markup:
    left = blocks.signature(office.official("kasi", day), heading="Yang membandingkan,")
    right = blocks.signature(office.official("camat", day), place=f"{office.tempat}, {tanggal(day.isoformat())}")
    return Markup('<div class="berdampingan">{}{}</div>').format(left, right)
