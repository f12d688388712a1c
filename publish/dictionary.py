"""The dictionary of the open data: type and meaning of every column, in Indonesian and English; keys of every table."""

from __future__ import annotations

from typing import Final, NamedTuple


class Column(NamedTuple):
    """The type of a column and what it means, with its unit, in Indonesian and in English."""

    kind: type
    arti: str
    meaning: str


PERIODE: Final = Column(str, "Kode periode", "Code of the periode (survey period)")
LAYANAN: Final = Column(str, "Kode layanan; * berarti seluruh layanan", "Code of the service; * means all services")
N: Final = Column(int, "Jumlah responden (orang)", "Number of respondents (people)")
POPULASI: Final = Column(
    int,
    "Jumlah orang yang dilayani; kosong bila tidak dicatat",
    "Number of people served; empty where it was not recorded",
)
TANGGAPAN: Final = Column(
    float, "Responden dibagi orang yang dilayani (persen)", "Respondents divided by people served (percent)"
)
IKM: Final = Column(
    float,
    "Nilai IKM, skala 25 sampai 100; kosong bila tidak ditampilkan",
    "Satisfaction index (IKM), scale 25 to 100; empty where it is withheld",
)
MUTU: Final = Column(str, "Huruf mutu pelayanan, A sampai D", "Letter of service quality, A to D")
KINERJA: Final = Column(str, "Kinerja dalam kata", "Performance in words")
DITAHAN: Final = Column(
    str,
    "Alasan nilai tidak ditampilkan; kosong bila ditampilkan",
    "Why the values are withheld; empty where they are shown",
)

DICTIONARY: Final[dict[str, dict[str, Column]]] = {
    "periode": {
        "id": Column(
            str,
            "Kode periode, misalnya 2026-10, 2026-TW3, 2026-S1, atau 2026",
            "Code of the periode, such as 2026-10 (month), 2026-TW3 (quarter), 2026-S1 (half-year) or 2026",
        ),
        "nama": Column(str, "Nama periode", "Name of the periode"),
        "mulai": Column(str, "Hari pertama survei (tahun-bulan-hari)", "First day of the survey (year-month-day)"),
        "selesai": Column(str, "Hari terakhir survei (tahun-bulan-hari)", "Last day of the survey (year-month-day)"),
        "n_responden": N,
        "populasi": POPULASI,
        "tingkat_tanggapan": TANGGAPAN,
        "sampel_minimum": Column(
            int,
            "Jumlah responden paling sedikit menurut peraturan (orang)",
            "Least number of respondents by the regulation (people)",
        ),
        "sampel_tercapai": Column(
            int, "1 bila sampel minimum tercapai, 0 bila tidak", "1 if the least number was reached, 0 if not"
        ),
        "ikm": IKM,
        "mutu": MUTU,
        "kinerja": KINERJA,
        "instrumen": Column(str, "Kode instrumen survei", "Code of the survey instrument"),
        "peraturan": Column(str, "Peraturan yang dipakai", "Regulation that was followed"),
        "aturan": Column(str, "Kode aturan hitung", "Code of the arithmetic rule"),
        "aturan_keterangan": Column(str, "Aturan hitung dalam kata", "The arithmetic rule in words"),
        "jawaban_kosong": Column(
            str,
            "Cara menghitung jawaban kosong: available, zero, atau complete",
            "How blank answers count: available (left out), zero (as 0), or complete (whole forms only)",
        ),
        "uji_coba": Column(
            int, "1 bila data uji coba, 0 bila survei sesungguhnya", "1 for rehearsal data, 0 for the actual survey"
        ),
        "ditahan": DITAHAN,
        "diterbitkan": Column(str, "Tanggal terbit (tahun-bulan-hari)", "Day of publication (year-month-day)"),
    },
    "layanan": {
        "periode": PERIODE,
        "id": Column(str, "Kode layanan", "Code of the service"),
        "nama": Column(str, "Nama layanan", "Name of the service"),
        "n_responden": N,
        "populasi": POPULASI,
        "tingkat_tanggapan": TANGGAPAN,
        "ikm": IKM,
        "mutu": MUTU,
        "kinerja": KINERJA,
        "ditahan": DITAHAN,
    },
    "unsur": {
        "periode": PERIODE,
        "layanan": LAYANAN,
        "id": Column(str, "Kode unsur", "Code of the unsur (element of service)"),
        "nomor": Column(str, "Nomor unsur menurut peraturan", "Number of the unsur in the regulation"),
        "nama": Column(str, "Nama unsur", "Name of the unsur"),
        "n": Column(int, "Jumlah jawaban yang dihitung", "Number of answers that count"),
        "nrr": Column(float, "Nilai rata-rata unsur, skala 1 sampai 4", "Mean of the unsur (NRR), scale 1 to 4"),
        "bobot": Column(str, "Bobot unsur, ditulis sebagai pecahan", "Weight of the unsur, written as a fraction"),
        "nrr_tertimbang": Column(float, "Nilai rata-rata dikalikan bobot", "Mean times weight"),
        "konversi": Column(
            float, "Nilai rata-rata dikalikan 25, skala 25 sampai 100", "Mean times 25, scale 25 to 100"
        ),
        "mutu": Column(str, "Huruf mutu unsur, A sampai D", "Letter of the unsur, A to D"),
    },
    "hitung": {
        "periode": PERIODE,
        "layanan": LAYANAN,
        "unsur": Column(str, "Kode unsur", "Code of the unsur (element of service)"),
        "pertanyaan": Column(str, "Kode pertanyaan", "Code of the question"),
        "nilai": Column(
            int,
            "Nilai jawaban, 1 sampai 4; kosong berarti tidak dijawab",
            "Value of the answer, 1 to 4; empty means not answered",
        ),
        "n": Column(
            int, "Jumlah responden dengan jawaban itu (orang)", "Number of respondents with that answer (people)"
        ),
    },
    "silang": {
        "periode": PERIODE,
        "layanan": LAYANAN,
        "jumlah": Column(
            str,
            "kuadrat: jumlah kuadrat selisih nilai setiap responden dari nilai indeks (untuk rentang nilai); "
            "lengkap: jumlah nilai (rata-rata pertanyaannya) satu unsur pada kuesioner yang terisi lengkap",
            "kuadrat: sum over respondents of the squared difference between their own value and the index "
            "(for the margin); lengkap: sum of the values of an unsur (mean of its questions) over whole forms",
        ),
        "butir": Column(str, "Kode indeks atau unsur", "Code of the index or the unsur"),
        "n": Column(int, "Jumlah responden di baliknya (orang)", "Number of respondents behind it (people)"),
        "nilai": Column(
            str,
            "Jumlah itu, pada skala 1 sampai 4, ditulis sebagai pecahan",
            "That sum, on the scale 1 to 4, written as a fraction",
        ),
    },
    "profil": {
        "periode": PERIODE,
        "isian": Column(str, "Isian profil responden", "Field of the respondents' profile"),
        "kode": Column(
            str, "Kode pilihan; kosong berarti tidak diisi", "Code of the choice; empty means not filled in"
        ),
        "nama": Column(str, "Pilihan dalam kata", "The choice in words"),
        "n": Column(
            int,
            "Jumlah responden (orang); kosong bila tidak ditampilkan",
            "Number of respondents (people); empty where withheld",
        ),
        "persen": Column(float, "Bagian dari seluruh responden (persen)", "Share of all respondents (percent)"),
        "keterangan": Column(
            str,
            "tidak ditampilkan: jumlah 1 sampai 4 orang, atau jumlah terkecil berikutnya",
            "'tidak ditampilkan' (withheld): a count of 1 to 4 people, or the next smallest count",
        ),
    },
}
TITLES: Final = {
    "periode": ("Periode dan nilai IKM", "Periode and satisfaction index"),
    "layanan": ("Nilai setiap layanan", "Values of each service"),
    "unsur": ("Nilai setiap unsur", "Values of each unsur"),
    "hitung": ("Jumlah jawaban menurut nilai", "Number of answers by value"),
    "silang": ("Jumlah untuk menghitung ulang rentang nilai", "Sums to compute the margin again"),
    "profil": ("Profil responden", "Profile of respondents"),
}
# Column by column, what no two rows share. In hitung and profil the last one may be empty.
PRIMARY: Final = {
    "periode": ("id",),
    "layanan": ("periode", "id"),
    "unsur": ("periode", "layanan", "id"),
    "hitung": ("periode", "layanan", "pertanyaan", "nilai"),
    "silang": ("periode", "layanan", "jumlah", "butir"),
    "profil": ("periode", "isian", "kode"),
}
