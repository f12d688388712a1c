"""The named values of the documents: every figure, name, table and chart that prose may use, by one flat name each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from collector.outage import Outages
from publish import analysis, blocks, certainty, chart, kewajaran, tables
from publish.public_checks import public_checks
from publish.rtl import Rencana
from publish.surat import SuratIsi
from publish.words import angka, bulat, daftar, nama_periode, persen, rentang, tanggal
from scoring.disclosure import published_layanan, published_rules
from scoring.instrument import built_in
from scoring.office import Office
from scoring.tally import Tally


def values(
    office: Office,
    result: Mapping[str, Any],
    tally: Tally,
    rencana: Sequence[Rencana],
    entered: SuratIsi,
    image: tuple[str, bytes] | None,
    diary: Outages | None,
) -> dict[str, str | Markup]:
    """Return every value by name; `tally` is that of the result, `diary` what the outage diary tells of its days.

    Raises PEJABAT_MISSING when nobody holds an office on the letter's date.
    """
    return {
        **_names(office, result, entered),
        **_figures(result),
        **_sentences(result),
        "kalimat_gangguan": certainty.outages(diary),
        **_integrity(result, tally),
        **_tables(result, rencana),
        **_blocks(office, result, entered, image),
    }


def _names(office: Office, result: Mapping[str, Any], entered: SuratIsi) -> dict[str, str | Markup]:
    pack = built_in(result["instrument"])
    laws = [Markup("<li>{};</li>").format(law) for law in pack.dasar_hukum[:-1]]
    laws.append(Markup("<li>{}.</li>").format(pack.dasar_hukum[-1]))
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
        "kalimat_aturan": certainty.rules({**result, "rules": published_rules(result)}),
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


def _integrity(result: Mapping[str, Any], tally: Tally) -> dict[str, str | Markup]:
    """Return the integrity panel, no more of it than the page may show: the laporan is handed out."""
    names = {entry["id"]: entry["nama"] for entry in result["layanan"]}
    found = kewajaran.checks(public_checks(result, tally, detail=True), names)
    return {"kalimat_kewajaran": kewajaran.summary(found), "tabel_kewajaran": tables.checks(found)}


def _tables(result: Mapping[str, Any], rencana: Sequence[Rencana]) -> dict[str, str | Markup]:
    pack = built_in(result["instrument"])
    nrr = {entry["id"]: entry["nrr"] for entry in result["unsur"]}
    return {
        "tabel_unsur": tables.unsur(result),
        "tabel_layanan": tables.layanan(result),
        "tabel_profil": tables.profil(result),
        "tabel_cara": tables.channels(result),
        "tabel_jawaban": tables.answers(result, pack),
        "tabel_pertanyaan": tables.questions(pack),
        "tabel_mutu": tables.bands(pack),
        "tabel_sebelumnya": tables.previous(result),
        "tabel_rtl": tables.rtl(rencana, analysis.unsur_names(result), nrr),
        "grafik_unsur": chart.unsur_figure(result, pack),
        "grafik_tren": chart.trend_figure(result),
    }


def _blocks(
    office: Office, result: Mapping[str, Any], entered: SuratIsi, image: tuple[str, bytes] | None
) -> dict[str, str | Markup]:
    camat = office.official("camat", entered.tanggal)
    place = f"{office.tempat}, {tanggal(entered.tanggal.isoformat())}"
    services = "Seluruh layanan" if len(office.layanan) > 1 else office.layanan[0].nama
    return {
        "kop": blocks.kop(office, image),
        "sampul": blocks.cover(office, image, result),
        "tanda_tangan_camat": blocks.signature(camat, place),
        "kepala_surat": blocks.letter_head(office, entered),
        "tabel_naskah": blocks.letter_table(entered, result),
        "kaki_surat": blocks.letter_foot(office, camat),
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
