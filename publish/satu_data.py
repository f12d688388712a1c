"""satu-data.json: the statistical activity and its variables, in the terms of the metadata that BPS asks for.

The fields follow the metadata of statistical activities and variables (Peraturan BPS 5/2020). What the office has not
given stays null and is listed in `belum_diisi`; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from publish.words import nama_periode, rentang
from scoring.instrument import Instrument, built_in
from scoring.office import Office

FILE: Final = "satu-data.json"
FREQUENCY: Final = {"bulanan": "Bulanan", "triwulan": "Triwulanan", "semester": "Semesteran", "tahunan": "Tahunan"}
CONCEPT: Final = "Kepuasan masyarakat terhadap pelayanan publik"
TO_GIVE: Final = (
    *("identitas_rekomendasi", "alamat_kontak", "penanggung_jawab_eselon_1", "penanggung_jawab_eselon_2"),
    *("penanggung_jawab_teknis", "biaya"),
)


def metadata(office: Office, public: Mapping[str, Any]) -> dict[str, Any]:
    """Return the metadata of the activity and of every variable of one published periode."""
    pack = built_in(public["instrument"])
    activity = _activity(office, public)
    schedule = _schedule(public)
    missing = [name for name, value in activity.items() if value is None]
    missing += [f"jadwal.{name}" for name, days in schedule.items() if days is None]
    return {
        "kegiatan": {**activity, "jadwal": schedule},
        "variabel": [*_variables(pack, public)],
        "belum_diisi": missing,
        "keterangan": "Isian kosong belum diberikan oleh kantor dan dilengkapi pada saat pengisian metadata.",
    }


def _activity(office: Office, public: Mapping[str, Any]) -> dict[str, Any]:
    sample = public["sample"]
    return {
        "judul": f"Survei Kepuasan Masyarakat {office.nama} {nama_periode(public['periode'])}",
        "tahun": public["selesai"][:4],
        "uji_coba": public["rehearsal"],
        "cara_pengumpulan": "Survei",
        "sektor": "Sektor Publik, Perpajakan, dan Regulasi Pasar",
        "jenis_statistik": "Statistik sektoral",
        "penyelenggara": office.nama,
        "instansi": office.instansi,
        **dict.fromkeys(TO_GIVE),
        "latar_belakang": f"Penyelenggara pelayanan publik wajib melakukan survei kepuasan ({public['peraturan']}).",
        "tujuan": "Mengetahui kepuasan masyarakat sebagai bahan perbaikan pelayanan.",
        "frekuensi": FREQUENCY[office.cut],
        "wilayah": {"kabupaten_kota": office.kabupaten, "provinsi": office.provinsi},
        "unit_pengamatan": "Orang yang telah menerima pelayanan",
        "metode_pengumpulan": "Kuesioner yang diisi sendiri, daring atau di atas kertas, tanpa nama",
        "populasi": sample["population"],
        "jumlah_responden": public["n_responden"],
        "sampel_minimum": sample["minimum"],
        "penyajian": "Seluruh kantor; setiap layanan bila respondennya cukup",
        "akses": "Hasil dan hitungan terbuka; jawaban perorangan tidak diterbitkan",
        "alamat_data": f"{office.public.transparansi}periode/{public['periode']}/",
    }


def _schedule(public: Mapping[str, Any]) -> dict[str, Any]:
    """Return the days of every step of the activity that are known, else None."""
    return {
        "perencanaan": None,
        "desain": None,
        "pengumpulan": {"mulai": public["mulai"], "selesai": public["selesai"]},
        "pengolahan": None,
        "analisis": None,
        "diseminasi": {"mulai": public["published"], "selesai": public["published"]},
        "evaluasi": None,
    }


def _variables(pack: Instrument, public: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield concept, definition, classification, measure and unit of every variable."""
    when = rentang(public["mulai"], public["selesai"])
    bands = {band.mutu: f"{band.min} sampai {band.max} ({band.kinerja})" for band in pack.bands}
    yield {
        **{"nama": "Nilai IKM", "alias": "ikm", "konsep": CONCEPT, "referensi_waktu": when},
        "definisi": f"Jumlah NRR setiap unsur dikalikan bobotnya, dikalikan {pack.factor}",
        **{
            "klasifikasi": bands,
            "ukuran": "Indeks",
            "satuan": f"{pack.low * pack.factor} sampai {pack.high * pack.factor}",
        },
    }
    for unsur in pack.unsur:
        questions = {question.text: [*question.options] for question in pack.questions_of(unsur.id)}
        yield {
            **{"nama": unsur.nama, "alias": unsur.id, "konsep": CONCEPT, "referensi_waktu": when},
            **{"definisi": unsur.definisi, "klasifikasi": None, "pertanyaan": questions},
            **{"ukuran": "Nilai rata-rata (NRR)", "satuan": f"{pack.low} sampai {pack.high}"},
        }
    for field in pack.profil:
        yield {
            **{"nama": field.nama, "alias": field.id, "konsep": "Profil responden", "referensi_waktu": when},
            **{"definisi": f"{field.nama} menurut isian responden sendiri", "klasifikasi": dict(field.options)},
            **{"ukuran": "Jumlah", "satuan": "orang"},
        }
