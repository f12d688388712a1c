"""The named values of the documents: every figure, name, table and chart that prose may use, by one flat name each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from collector.outage import Outages
from publish import analysis, blocks, certainty, chart, kewajaran, plan_tables, recap_tables, tables
from publish.edition import initial_fields, initial_roles
from publish.entered import Entered
from publish.photos import gallery
from publish.public_checks import public_checks
from publish.surat import SuratIsi
from publish.words import angka, bulat, daftar, nama_periode, persen, rentang, tanggal
from scoring.disclosure import published_layanan, published_rules
from scoring.instrument import Instrument, built_in
from scoring.office import Office, Pejabat
from scoring.tally import Tally

BY_HAND: Final = "Lembar ini diisi ketika laporan diperiksa, diparaf, ditandatangani, dan dikirim."
IN_JOURNAL: Final = (
    "Laporan ini ditandatangani secara elektronik. Siapa yang menyusun, memeriksa, memaraf, dan menandatanganinya "
    "dicatat dalam jurnal kantor dan dimuat dalam lembar-pengendalian.pdf, yang dikirim bersama laporan ini."
)


def values(
    office: Office,
    result: Mapping[str, Any],
    tally: Tally,
    entered: Entered,
    image: tuple[str, bytes] | None,
    diary: Outages | None,
) -> dict[str, str | Markup]:
    """Return every value by name but the photos; `tally` is the result's, `diary` tells of outages on its days.

    Raises PEJABAT_MISSING when nobody holds an office on the letter's date.
    """
    return {
        **_names(office, result, entered.surat),
        **_figures(result),
        **_sentences(result),
        "kalimat_gangguan": certainty.outages(diary),
        **_integrity(result, tally),
        **_tables(result),
        **_entered(result, entered),
        **_blocks(office, result, entered, image),
    }


def _names(office: Office, result: Mapping[str, Any], entered: SuratIsi) -> dict[str, str | Markup]:
    pack = built_in(result["instrument"])
    cited = legal_basis(office, pack)
    laws = [Markup("<li>{};</li>").format(law) for law in cited[:-1]]
    laws.append(Markup("<li>{}.</li>").format(cited[-1]))
    camat, kasi = office.official("camat", entered.tanggal), office.official("kasi", entered.tanggal)
    return {
        "nama_kantor": office.nama,
        "instansi": office.instansi,
        "kabupaten": office.kabupaten,
        "periode": nama_periode(result["periode"]),
        "rentang": rentang(result["mulai"], result["selesai"]),
        "tanggal_mulai": tanggal(result["mulai"]),
        "tanggal_selesai": tanggal(result["selesai"]),
        "tanggal_dokumen": tanggal(entered.tanggal.isoformat()),
        "tempat": office.tempat,
        "peraturan": pack.peraturan,
        "dasar_hukum": Markup("<ol>{}</ol>").format(Markup("").join(laws)),
        "daftar_layanan": daftar([item.nama for item in office.layanan]),
        "daftar_unsur": daftar([entry["nama"] for entry in result["unsur"]]),
        "jumlah_unsur": bulat(len(result["unsur"])),
        "jumlah_pertanyaan": bulat(len(pack.questions)),
        "jabatan_camat": camat.jabatan,
        "jabatan_kasi": kasi.jabatan,
    }


def legal_basis(office: Office, pack: Instrument) -> tuple[str, ...]:
    """Return what the documents cite: the basis of the instrument, then what the office adds to it."""
    return tuple(dict.fromkeys((*pack.dasar_hukum, *office.naskah.dasar_hukum)))


def _figures(result: Mapping[str, Any]) -> dict[str, str | Markup]:
    sample = result["sample"]
    return {
        "ikm": angka(result["ikm"]),
        "nilai_indeks": angka(result["nilai"]),
        "mutu": result["mutu"],
        "kinerja": result["kinerja"],
        "n_responden": bulat(result["n_responden"]),
        "populasi": bulat(sample["population"]),
        "sampel_minimum": bulat(sample["minimum"]),
        "tingkat_tanggapan": persen(sample["response_rate"]),
        "aturan": result["rule_keterangan"],
    }


def _sentences(result: Mapping[str, Any]) -> dict[str, str | Markup]:
    shown = published_layanan(result)
    return {
        "kalimat_ringkas": analysis.summary(result),
        "kalimat_rentang": certainty.margin(result),
        "kalimat_kepastian_perubahan": certainty.change(result),
        "kalimat_kepastian_terendah": certainty.lowest(result),
        "kalimat_pengecualian": certainty.excluded(result),
        "kalimat_aturan": _rules(result),
        "kalimat_tanpa_biaya": certainty.without_cost(result),
        "kalimat_gabungan": certainty.combined(result, whole=len(shown) == len(result["layanan"])),
        "kalimat_simpulan": analysis.conclusion(result),
        "kalimat_sampel": analysis.sample(result),
        "kalimat_tanggapan": analysis.response_rate(result),
        "kalimat_perubahan": analysis.change(result),
        "kalimat_terendah": analysis.lowest(result),
        "kalimat_tertinggi": analysis.highest(result),
        "kalimat_layanan": analysis.layanan(result, shown),
        "kalimat_metode": analysis.method(result),
        "kalimat_kosong": analysis.blanks(result),
        "kalimat_indeks_lain": analysis.other_indexes(result),
    }


def _rules(result: Mapping[str, Any]) -> str:
    """Return under which rules the letter would be another; nothing where there is no letter to compare with."""
    return certainty.rules({**result, "rules": published_rules(result)}) if result["ikm"] is not None else ""


def _integrity(result: Mapping[str, Any], tally: Tally) -> dict[str, str | Markup]:
    """Return the integrity panel, no more of it than the page may show: the laporan is handed out."""
    names = {entry["id"]: entry["nama"] for entry in result["layanan"]}
    found = kewajaran.checks(public_checks(result, tally, detail=True), names)
    return {"kalimat_kewajaran": kewajaran.summary(found), "tabel_kewajaran": tables.checks(found)}


def _tables(result: Mapping[str, Any]) -> dict[str, str | Markup]:
    pack = built_in(result["instrument"])
    return {
        "tabel_unsur": tables.unsur(result),
        "tabel_layanan": tables.layanan(result),
        "tabel_profil": tables.profil(result),
        "tabel_cara": tables.channels(result),
        "tabel_jawaban": tables.answers(result, pack),
        "tabel_pertanyaan": tables.questions(pack),
        "tabel_mutu": tables.bands(pack),
        "tabel_sebelumnya": tables.previous(result),
        "tabel_rekap": recap_tables.recap(result),
        "tabel_rekap_layanan": recap_tables.recap_layanan(result),
        "keterangan_unsur": recap_tables.legend(result),
        "grafik_layanan": chart.layanan_figure(result, pack),
        "grafik_unsur": chart.unsur_figure(result, pack),
        "grafik_tren": chart.trend_figure(result),
    }


def _entered(result: Mapping[str, Any], entered: Entered) -> dict[str, str | Markup]:
    """Return what people entered, each in its table or sentence; what they left empty says so."""
    names = analysis.unsur_names(result)
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    return {
        "periode_sebelumnya": entered.earlier.nama,
        "tabel_jadwal": plan_tables.timetable(entered.isian),
        "kalimat_saran": plan_tables.comments(entered.saran),
        "tabel_saran": plan_tables.themes(entered.saran),
        "kalimat_aduan": plan_tables.complaints(entered.saran, entered.register),
        "tabel_aduan": plan_tables.complaint_table(entered.saran, entered.register),
        "daftar_rekomendasi": plan_tables.advice(entered.isian, names),
        "daftar_perbaikan": plan_tables.numbered(entered.isian.perbaikan, "Saran perbaikan pelayanan"),
        "tabel_rtl": plan_tables.rtl(entered.rencana, names, nrr, date.fromisoformat(result["selesai"])),
        "kalimat_tindak_lanjut": plan_tables.kept_promises(entered.before, entered.earlier.nama),
        "tabel_tindak_lanjut": plan_tables.follow_up(entered.before),
        "tabel_sebelum_sesudah": plan_tables.before_and_after(entered.before, result),
    }


def photos(entered: Entered, folder: Path) -> dict[str, str | Markup]:
    """Return the photos of `folder` by name. Raises FILE_MISSING and PHOTO_INVALID."""
    shown = [(foto.berkas, foto.keterangan) for foto in entered.isian.foto]
    done = [(item.foto, f"Tindak lanjut: {item.rencana.kegiatan}") for item in entered.before if item.foto]
    return {
        "foto_dokumentasi": gallery(folder, shown) or plan_tables.empty("Foto dokumentasi"),
        "foto_tindak_lanjut": gallery(folder, done),
    }


def maker_of(office: Office, day: date) -> Pejabat:
    """Return who makes the recap: the staf, or the kasi in an office that names none. Raises PEJABAT_MISSING."""
    held = any(person.role == "staf" and person.since <= day <= person.until for person in office.pejabat)
    return office.official("staf" if held else "kasi", day)


def _blocks(
    office: Office, result: Mapping[str, Any], entered: Entered, image: tuple[str, bytes] | None
) -> dict[str, str | Markup]:
    letter = entered.surat
    maker = maker_of(office, letter.tanggal)
    place = f"{office.tempat}, {tanggal(letter.tanggal.isoformat())}"
    fields, roles = initial_fields(office), initial_roles(office)
    initialling = [(office.official(role, letter.tanggal), fields.get(role, "")) for role in roles]
    by_hand = office.tanda_tangan.jalur == "ink"
    services = "Seluruh layanan" if len(office.layanan) > 1 else office.layanan[0].nama
    return {
        "kop": blocks.kop(office, image),
        "sampul": blocks.cover(office, image, result),
        "tanda_tangan_camat": blocks.signed_for(office, letter.tanggal, place),
        "tanda_tangan_staf": blocks.signature(maker, place),
        "tempat_paraf": blocks.initials(initialling),
        "kalimat_pengendalian": BY_HAND if by_hand else IN_JOURNAL,
        "tempat_pengendalian": blocks.control_place(roles, by_hand=by_hand),
        "kepala_surat": blocks.letter_head(office, letter, letter.enclosed(bool(entered.before))),
        "tabel_naskah": blocks.letter_table(result, entered.earlier.nama if entered.before else ""),
        "kaki_surat": blocks.letter_foot(office, letter.tanggal),
        "kotak_ikm": blocks.index_line(result),
        "kotak_nilai": blocks.score_box(result),
        "kotak_responden": blocks.respondent_box(result, services),
    }


def listing(named: Mapping[str, str | Markup]) -> str:
    """Return the list of names with what each stands for, for people who edit the prose."""
    lines = ["# Nama yang dapat dipakai dalam naskah, ditulis di antara kurung kurawal ganda: {{ ikm }}", ""]
    for name, value in named.items():
        lines.append(f"{name} = {'(blok: tabel, grafik, atau bagian surat)' if isinstance(value, Markup) else value}")
    return "\n".join(lines) + "\n"
