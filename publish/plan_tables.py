"""The tables of what people entered: timetable, comments, complaints, plans and what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, Final

from markupsafe import Markup

from publish.complaints import Register, Saran
from publish.followup import TindakLanjut
from publish.isian import Isian
from publish.last_result import due_day
from publish.rtl import QUARTERS, Rencana
from publish.tables import table
from publish.words import NONE, angka, bulat, daftar, nama_periode, tanggal, terbilang
from scoring.disclosure import SMALL_CELL, previous_shown
from scoring.periode import rentang

Result = Mapping[str, Any]
SMALL: Final = f"kurang dari {SMALL_CELL}"
RTL_HEAD: Final = Markup(
    '<table class="rencana"><caption>Rencana tindak lanjut</caption><colgroup><col class="nomor">'
    '<col class="unsur"><col class="kegiatan"><col class="tw"><col class="tw"><col class="tw"><col class="tw">'
    '<col class="oleh"><col class="indikator"></colgroup><thead><tr><th scope="col" rowspan="2">No.</th>'
    '<th scope="col" rowspan="2">Prioritas unsur</th><th scope="col" rowspan="2">Program/kegiatan</th>'
    '<th scope="colgroup" colspan="4">Waktu (TW)</th><th scope="col" rowspan="2">Penanggung jawab</th>'
    '<th scope="col" rowspan="2">Indikator dan bukti</th></tr><tr><th scope="col">I</th><th scope="col">II</th>'
    '<th scope="col">III</th><th scope="col">IV</th></tr></thead><tbody>'
)


def empty(what: str) -> Markup:
    """Return that `what` has not been filled in."""
    return Markup('<p class="kosong">{} belum diisi.</p>').format(what)


def rtl(rencana: Sequence[Rencana], names: Mapping[str, str], nrr: Mapping[str, str], selesai: date) -> Markup:
    """Return the follow-up plan in the ministry's columns; what nobody has filled in stays empty.

    `selesai` is the last day of the periode: its columns name quarters without a year, so the day it is due stands too.
    """
    parts = [RTL_HEAD]
    for number, plan in enumerate(rencana, 1):
        marks = [Markup('<td class="tw">{}</td>').format("•" if quarter in plan.waktu else "") for quarter in QUARTERS]
        due = due_day(plan.waktu, selesai)
        by_then = (
            Markup("<br>Jatuh tempo: {}").format(tanggal(due.isoformat()).replace(" ", "\N{NO-BREAK SPACE}"))
            if due
            else ""
        )
        proof = Markup("<br>Bukti: {}").format(plan.bukti) if plan.bukti else ""
        parts.append(
            Markup('<tr><td class="n">{}</td><td>{}<br>NRR {}</td><td>{}{}</td>{}<td>{}</td><td>{}{}</td></tr>').format(
                number,
                names[plan.unsur],
                angka(nrr[plan.unsur]),
                plan.kegiatan,
                by_then,
                Markup("").join(marks),
                plan.penanggung_jawab,
                plan.indikator,
                proof,
            )
        )
    parts.append(Markup("</tbody></table>"))
    return Markup("").join(parts)


def timetable(isian: Isian) -> Markup:
    """Return the timetable as people entered it."""
    if not isian.kegiatan:
        return empty("Jadwal pelaksanaan")
    rows = [
        (number, entry.nama, rentang(entry.mulai, entry.selesai), bulat(entry.hari_kerja))
        for number, entry in enumerate(isian.kegiatan, 1)
    ]
    heads = ("#No.", "*Kegiatan", "Waktu pelaksanaan", "#Hari kerja")
    return table("Jadwal pelaksanaan", heads, rows, css_class="jadwal")


def advice(isian: Isian, names: Mapping[str, str]) -> Markup:
    """Return the recommendations as a numbered list, each with its unsur."""
    items = [f"{names[entry.unsur]}: {entry.isi}" if entry.unsur else entry.isi for entry in isian.rekomendasi]
    return numbered(items, "Rekomendasi")


def numbered(items: Sequence[str], what: str) -> Markup:
    """Return a numbered list, or that `what` has not been filled in."""
    if not items:
        return empty(what)
    return Markup("<ol>{}</ol>").format(Markup("").join(Markup("<li>{}</li>").format(item) for item in items))


def comments(saran: Saran) -> str:
    """Return how many comments came, in one sentence."""
    if not saran.diterima:
        return "Tidak ada saran tertulis yang diterima melalui survei pada periode ini."
    return (
        f"Melalui survei diterima {bulat(saran.diterima)} saran tertulis. Saran dirangkum oleh petugas menurut tema; "
        "satu saran dapat memuat lebih dari satu tema."
    )


def themes(saran: Saran) -> Markup:
    """Return the comments as people summarised them; a number under five is not printed."""
    if not saran.diterima:
        return Markup("")
    if not saran.tema:
        return empty("Rangkuman saran")
    rows = [
        (tema.nama + (" (aduan)" if tema.aduan else ""), _few(tema.jumlah), tema.ringkasan)
        for tema in sorted(saran.tema, key=lambda tema: -tema.jumlah)
    ]
    return table("Saran menurut tema", ("Tema", "#Jumlah", "*Rangkuman"), rows, css_class="saran")


def _few(count: int) -> str:
    return SMALL if count < SMALL_CELL else bulat(count)


def complaints(saran: Saran, register: Register) -> str:
    """Return in one paragraph how many complaints there were and where they came from."""
    inside = len(saran.aduan)
    text = (
        f"Petugas menandai {terbilang(inside)} tema saran sebagai aduan."
        if inside
        else "Tidak ada saran yang ditandai sebagai aduan."
    )
    if register.nihil:
        return f"{text} Tidak ada aduan yang diterima dengan cara lain."
    if not register.aduan:
        return f"{text} Register aduan yang diterima dengan cara lain belum diisi."
    done = sum(item.answer.status == "selesai" for item in register.aduan)
    of = (
        "sudah"
        if done == len(register.aduan)
        else f"{terbilang(done)} di antaranya sudah"
        if done
        else "belum ada yang"
    )
    return f"{text} Dengan cara lain diterima {terbilang(len(register.aduan))} aduan; {of} selesai ditindaklanjuti."


def complaint_table(saran: Saran, register: Register) -> Markup:
    """Return every complaint with what was done about it: those of the survey, then those that came otherwise."""
    found = [("Survei", f"{tema.nama}: {tema.ringkasan}".rstrip(": "), tema.answer) for tema in saran.aduan]
    for item in register.aduan:
        origin = f"{item.saluran}, {tanggal(item.tanggal.isoformat())}"
        found.append((origin, f"{item.perihal}: {item.isi}" if item.perihal else item.isi, item.answer))
    if not found:
        return Markup("")
    rows = [
        (number, origin, text, answer.tindak_lanjut, answer.penanggung_jawab, answer.status)
        for number, (origin, text, answer) in enumerate(found, 1)
    ]
    heads = ("#No.", "Asal", "Aduan", "Tindak lanjut", "Penanggung jawab", "Status")
    return table("Tindak lanjut aduan", heads, rows, css_class="aduan")


def kept_promises(before: Sequence[TindakLanjut], periode: str) -> str:
    """Return how many promises of the periode before were kept; `periode` is its printed name."""
    if not before:
        return "Tidak ada rencana tindak lanjut dari periode sebelumnya."
    count = {status: sum(item.status == status for item in before) for status in ("sudah", "belum", "")}
    said = [f"{terbilang(n)} {status} dilaksanakan" for status, n in count.items() if n and status]
    said += [f"{terbilang(count[''])} belum diterangkan"] if count[""] else []
    return f"Dari {terbilang(len(before))} rencana tindak lanjut periode {periode}, {daftar(said)}."


def follow_up(before: Sequence[TindakLanjut]) -> Markup:
    """Return each promise of the periode before with what came of it, in the ministry's columns."""
    if not before:
        return Markup("")
    rows = [
        (
            number,
            Markup("{}<br>Unsur: {}").format(item.rencana.kegiatan, item.nama),
            item.status.capitalize(),
            item.uraian,
            "Foto terlampir" if item.foto else NONE,
        )
        for number, item in enumerate(before, 1)
    ]
    heads = ("#No.", "Rencana tindak lanjut", "Sudah/belum", "Deskripsi tindak lanjut", "Dokumentasi")
    return table("Tindak lanjut rencana periode sebelumnya", heads, rows, css_class="lanjut")


def before_and_after(before: Sequence[TindakLanjut], result: Result) -> Markup:
    """Return the unsur of those promises in both periode on the scale of the index, each with its margin.

    The change is said in words, and whether it is certain: as a figure it is known as NRR only, on another scale.
    """
    then = result["previous"]
    if not before or not previous_shown(result):
        return Markup("")
    old = {entry["id"]: entry for entry in then["unsur"]}
    rows = [_pair(item, old.get(item.rencana.unsur), result) for item in before]
    heads = ("*Unsur", f"#{nama_periode(then['periode'])}", f"#{nama_periode(result['periode'])}", "Perubahan")
    caption = "Nilai konversi unsur sebelum dan sesudah, dengan rentang 95 persen"
    return table(caption, heads, rows, css_class="lanjut-nilai")


def _pair(item: TindakLanjut, old: Mapping[str, Any] | None, result: Result) -> tuple[object, ...]:
    now = next((entry for entry in result["unsur"] if entry["id"] == item.rencana.unsur), None)
    return item.nama, _with_margin(old), _with_margin(now), _meaning(item.rencana.unsur, result["previous"])


def _meaning(unsur: str, then: Mapping[str, Any]) -> str:
    """Return which way the unsur went, and whether that is more than chance would do."""
    change, distinct = then["unsur_change"].get(unsur), then["unsur_distinct"].get(unsur)
    if change is None:
        return "tidak dapat dibandingkan"
    moved = Fraction(change)
    if not moved:
        return "tetap"
    way = "naik" if moved > 0 else "turun"
    if distinct is None:
        return f"{way}; kepastiannya tidak dapat dihitung"
    return f"{way}, {'lebih besar daripada' if distinct else 'belum dapat dibedakan dari'} kebetulan"


def _with_margin(entry: Mapping[str, Any] | None) -> Markup | str:
    """Return a converted value with its interval in a line below: "81,85", "(80,10–83,60)"."""
    if entry is None or entry["konversi"] is None:
        return NONE
    low, high = entry["interval"]["low"], entry["interval"]["high"]
    if low is None or high is None:
        return angka(entry["konversi"])
    return Markup("{}<br>({}–{})").format(angka(entry["konversi"]), angka(low), angka(high))
