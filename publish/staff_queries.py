"""The ready questions of the staff's Datasette, in groups; every parameter is chosen from a list, and bound."""

from __future__ import annotations

from typing import Final

from publish.queries import CHOSEN, INDEKS, INDEKS_TEXT, INDEKS_TITLE, NILAI_UNSUR, SEBARAN, Query, query

SMALL: Final = (
    "Nilai kelompok di bawah 10 responden, atau yang selisihnya menunjukkan kelompok sekecil itu, dikosongkan."
)
LIVE: Final = "Tanda yang baru disimpan langsung terhitung."
GROUPS: Final = ("Nilai", "Jawaban yang masuk", "Kertas dan tiket", "Saran, aduan, dan janji", "Pemeriksaan")
# Written {named} and {tags} below.
NAMED: Final = f"JOIN periode p ON p.id = {CHOSEN}"
# The tags as they are at this moment: a function of our own (datasette_plugins/petugas.py) gives them as JSON.
TAGS: Final = """(
  SELECT value ->> 0 AS periode, value ->> 1 AS jenis, value ->> 2 AS tema, value ->> 3 AS n
  FROM json_each(tanda_saran())
)"""

NILAI_LAYANAN: Final = """
SELECT p.nama AS periode, l.nama AS layanan, l.n_responden AS responden, l.ikm AS "IKM", l.mutu, l.keterangan
FROM layanan l {named}
WHERE l.periode = p.id ORDER BY l.rowid"""
UNSUR_LAYANAN: Final = """
SELECT p.nama AS periode, coalesce(l.nama, 'Semua layanan') AS layanan, u.nomor, u.nama AS unsur, u.n AS jawaban,
  u.nrr AS "NRR", u.konversi AS nilai, u.mutu
FROM unsur u {named} LEFT JOIN layanan l ON l.periode = u.periode AND l.id = u.layanan
WHERE u.periode = p.id AND u.layanan = coalesce(nullif(trim(:layanan), ''), '*') ORDER BY u.rowid"""
SALURAN: Final = """
SELECT p.nama AS periode, s.saluran AS "cara pengisian", s.n_responden AS jawaban, s.ikm AS "IKM", s.mutu, s.keterangan
FROM saluran s {named}
WHERE s.periode = p.id ORDER BY s.n_responden DESC"""
BANDING: Final = """
WITH pilihan AS (SELECT {chosen} AS kini),
dua AS (
  SELECT kini, coalesce(
    nullif(trim(:pembanding), ''),
    (SELECT s.id FROM periode s JOIN periode k ON k.id = kini
      WHERE s.selesai < k.mulai AND s.ikm IS NOT NULL AND s.instrumen = k.instrumen
      ORDER BY s.selesai DESC, s.mulai DESC LIMIT 1)
  ) AS lalu FROM pilihan
),
baris AS (
  SELECT 0 AS urut, 'IKM' AS yang, a.ikm AS kini, b.ikm AS lalu, a.nama AS nama_kini, b.nama AS nama_lalu, 2 AS tempat
  FROM dua JOIN periode a ON a.id = dua.kini JOIN periode b ON b.id = dua.lalu AND b.instrumen = a.instrumen
  UNION ALL
  SELECT u.rowid, u.nama || ' (NRR)', u.nrr, v.nrr, a.nama, b.nama, 3
  FROM dua JOIN periode a ON a.id = dua.kini JOIN periode b ON b.id = dua.lalu AND b.instrumen = a.instrumen
  JOIN unsur u ON u.periode = a.id AND u.layanan = '*'
  JOIN unsur v ON v.periode = b.id AND v.layanan = '*' AND v.id = u.id
)
SELECT yang AS "yang dibandingkan", nama_lalu AS sebelumnya, printf('%.*f', tempat, lalu) + 0 AS "nilai sebelumnya",
  nama_kini AS periode, printf('%.*f', tempat, kini) + 0 AS "nilai periode ini",
  CASE WHEN kini > lalu THEN 'naik' WHEN kini < lalu THEN 'turun' WHEN kini = lalu THEN 'tetap'
    ELSE 'tidak dapat dibandingkan' END AS perubahan,
  round(kini - lalu, tempat) AS selisih
FROM baris ORDER BY urut"""
TANGGAPAN: Final = """
SELECT p.nama AS periode, l.nama AS layanan, l.n_responden AS responden, l.populasi AS "orang yang dilayani",
  l.tingkat_tanggapan AS "tanggapan (%)",
  CASE WHEN l.populasi IS NULL THEN 'jumlah yang dilayani belum dicatat dalam office.toml' END AS keterangan
FROM layanan l JOIN periode p ON p.id = {chosen} WHERE l.periode = p.id
UNION ALL
SELECT p.nama, 'Semua layanan', p.n_responden, p.populasi, p.tingkat_tanggapan, NULL FROM periode p
WHERE p.id = {chosen}"""
HARIAN: Final = """
WITH RECURSIVE p AS (
  SELECT *, CAST(julianday(selesai) - julianday(mulai) AS INTEGER) + 1 AS lama FROM periode WHERE id = {chosen}
),
hari (ke, tanggal) AS (
  SELECT 1, mulai FROM p
  UNION ALL
  SELECT ke + 1, date(tanggal, '+1 day') FROM hari WHERE ke < (SELECT lama FROM p)
),
masuk AS (SELECT tanggal, sum(n) AS n FROM waktu WHERE periode = (SELECT id FROM p) GROUP BY tanggal)
SELECT hari.tanggal, coalesce(masuk.n, 0) AS jawaban,
  sum(coalesce(masuk.n, 0)) OVER (ORDER BY hari.tanggal) AS "jumlah sampai hari itu",
  (p.sampel_minimum * ke + lama - 1) / lama AS "target sampai hari itu",
  CASE WHEN p.sampel_minimum IS NULL THEN 'tidak ada sampel minimum'
    WHEN sum(coalesce(masuk.n, 0)) OVER (ORDER BY hari.tanggal) * lama >= p.sampel_minimum * ke THEN 'tercapai'
    ELSE 'kurang' END AS keadaan
FROM hari CROSS JOIN p LEFT JOIN masuk ON masuk.tanggal = hari.tanggal ORDER BY hari.tanggal"""
PER_JAM: Final = """
SELECT coalesce(printf('%02d.00 sampai %02d.59', jam, jam), 'tidak dicatat (formulir kertas)') AS jam,
  sum(n) AS jawaban
FROM waktu WHERE periode = {chosen} GROUP BY waktu.jam ORDER BY waktu.jam IS NULL, waktu.jam"""
SAMPEL: Final = """
SELECT nama AS periode, n_responden AS responden, populasi AS "orang yang dilayani", sampel_minimum AS "sampel minimum",
  CASE sampel_tercapai WHEN 1 THEN 'tercapai' WHEN 0 THEN 'kurang ' || (sampel_minimum - n_responden) || ' orang'
    ELSE 'tidak dapat dinilai' END AS keadaan
FROM periode ORDER BY selesai DESC, mulai DESC"""
KOSONG: Final = """
SELECT p.nama AS periode, coalesce(l.nama, 'Semua layanan') AS layanan, u.nomor, u.nama AS unsur,
  h.pertanyaan, sum(h.n) FILTER (WHERE h.nilai IS NULL) AS "tidak dijawab", sum(h.n) AS responden
FROM hitung h {named} JOIN unsur u ON u.periode = h.periode AND u.layanan = '*' AND u.id = h.unsur
LEFT JOIN layanan l ON l.periode = h.periode AND l.id = h.layanan
WHERE h.periode = p.id AND h.layanan = coalesce(nullif(trim(:layanan), ''), '*')
GROUP BY h.pertanyaan ORDER BY min(h.rowid)"""
BUNDEL: Final = """
SELECT bundel, tanggal, layanan, printf('%04d sampai %04d', lembar_pertama, lembar_terakhir) AS "nomor lembar",
  lembar, terisi, rusak, sisa, dientri_kedua AS "dientri dua kali", dibandingkan AS "isian dibandingkan",
  berbeda AS "isian berbeda", keadaan
FROM bundel WHERE :periode = '' OR periode = :periode ORDER BY bundel DESC"""
LEMBAR: Final = """
SELECT seri, tanggal, coalesce(layanan, 'semua layanan') AS layanan,
  printf('%04d sampai %04d', lembar_pertama, lembar_terakhir) AS "nomor lembar", diterbitkan, terisi, rusak,
  belum AS "belum dipakai atau belum dientri"
FROM lembar ORDER BY seri DESC"""
TIKET: Final = """
SELECT p.nama AS periode, t.layanan, t.cara AS "cara tiket", t.diterbitkan, t.tersedia AS "dapat dipakai",
  t.dipakai, t.tersedia - t.dipakai AS "belum dipakai"
FROM tiket t {named} WHERE t.periode = p.id ORDER BY t.rowid"""
BELUM_DITANDAI: Final = """
SELECT p.nama AS periode, s.diterima AS "saran diterima", coalesce(sum(t.n), 0) AS "sudah ditandai",
  max(s.diterima - coalesce(sum(t.n), 0), 0) AS "belum ditandai"
FROM saran s JOIN periode p ON p.id = s.periode LEFT JOIN {tags} t ON t.periode = s.periode
GROUP BY p.id ORDER BY p.selesai DESC, p.mulai DESC"""
MENURUT_TANDA: Final = """
SELECT p.nama AS periode, t.jenis AS tanda, t.tema, t.n AS "jumlah saran"
FROM {tags} t {named} WHERE t.periode = p.id ORDER BY t.n DESC, t.jenis, t.tema"""
ADUAN: Final = """
SELECT p.nama AS periode, a.asal, a.tanggal, a.perihal, a.n AS jumlah, a.tindak_lanjut AS "tindak lanjut", a.status
FROM aduan a JOIN periode p ON p.id = a.periode
WHERE a.status <> 'selesai' ORDER BY p.selesai, a.rowid"""
JANJI: Final = """
SELECT p.nama AS periode, j.unsur, j.kegiatan, j.penanggung_jawab AS "penanggung jawab", j.waktu, j.tenggat, j.keadaan,
  j.hari_terlambat AS "hari terlambat"
FROM janji j JOIN periode p ON p.id = j.periode
WHERE j.keadaan <> 'selesai' ORDER BY j.tenggat IS NULL, j.tenggat, j.rowid"""
PENGECUALIAN: Final = """
SELECT p.nama AS periode, e.alasan, e.n AS "jawaban tidak dihitung"
FROM pengecualian e JOIN periode p ON p.id = e.periode ORDER BY p.selesai DESC, p.mulai DESC, e.rowid"""
GANGGUAN: Final = """
SELECT p.nama AS periode, g.mulai, g.selesai, g.menit, g.dicatat_sejak AS "dicatat sejak"
FROM gangguan g JOIN periode p ON p.id = g.periode ORDER BY g.mulai DESC"""
KEWAJARAN: Final = """
SELECT p.nama AS periode, k.pemeriksaan, k.keadaan, k.uraian
FROM kewajaran k {named} WHERE k.periode = p.id ORDER BY k.rowid"""


# What the first entry of a list means, where nothing is chosen.
UNCHOSEN: Final = {"periode": "Periode terbaru", "layanan": "Semua layanan", "pembanding": "Periode sebelumnya"}
EVERY_PERIODE: Final = {**UNCHOSEN, "periode": "Semua periode"}


def _staff(group: int, title: str, description: str, sql: str, **parts: str) -> Query:
    unchosen = EVERY_PERIODE if ":periode = ''" in sql else UNCHOSEN
    return {
        **query(title, description, sql, named=NAMED, tags=TAGS, **parts),
        "kelompok": GROUPS[group],
        "tanpa_pilihan": unchosen,
    }


STAFF_QUERIES: Final[dict[str, Query]] = {
    "indeks": _staff(0, INDEKS_TITLE, INDEKS_TEXT, INDEKS, remark="keterangan"),
    "nilai_unsur": _staff(0, "Nilai unsur pada satu periode", "NRR, nilai konversi, dan mutu.", NILAI_UNSUR),
    "nilai_layanan": _staff(0, "Nilai setiap layanan pada satu periode", SMALL, NILAI_LAYANAN),
    "unsur_layanan": _staff(0, "Nilai unsur satu layanan", SMALL, UNSUR_LAYANAN),
    "cara_pengisian": _staff(0, "Jawaban dan nilai menurut cara pengisian", SMALL, SALURAN),
    "perbandingan": _staff(
        0, "Perbandingan dua periode", "IKM dan NRR; hanya bila instrumen kedua periode sama.", BANDING
    ),
    "sebaran_jawaban": _staff(
        0,
        "Sebaran jawaban setiap unsur",
        "Banyaknya setiap nilai pada seluruh kantor.",
        SEBARAN,
        layanan="",
        rows="h.layanan = '*'",
    ),
    "tanggapan": _staff(
        1,
        "Tingkat tanggapan terhadap orang yang dilayani",
        "Responden dibandingkan dengan orang yang dilayani menurut office.toml.",
        TANGGAPAN,
    ),
    "sampel": _staff(1, "Sampel minimum setiap periode", "Jumlah responden paling sedikit menurut peraturan.", SAMPEL),
    "jawaban_harian": _staff(
        1,
        "Jumlah jawaban setiap hari dan targetnya",
        "Target ialah sampel minimum, dibagi rata menurut hari kalender.",
        HARIAN,
    ),
    "jawaban_per_jam": _staff(1, "Jumlah jawaban menurut jam", "Formulir kertas tidak mencatat jam.", PER_JAM),
    "tidak_dijawab": _staff(1, "Pertanyaan yang tidak dijawab", "Jumlah jawaban kosong setiap pertanyaan.", KOSONG),
    "bundel": _staff(
        2,
        "Lembar kertas menurut bundel",
        "Lembar terisi, rusak, dan sisa, serta perbedaan antara entri pertama dan kedua, termasuk periode yang belum "
        "ditutup. Bundel yang dibatalkan tidak dihitung.",
        BUNDEL,
    ),
    "lembar": _staff(2, "Lembar bernomor yang diterbitkan", "Yang dicetak, terisi, rusak, dan belum dientri.", LEMBAR),
    "tiket": _staff(2, "Tiket yang diterbitkan dan dipakai", "Jumlah tiket sekali pakai setiap layanan.", TIKET),
    "saran_belum_ditandai": _staff(3, "Saran yang belum ditandai", LIVE, BELUM_DITANDAI),
    "saran_menurut_tanda": _staff(3, "Saran menurut tanda dan tema", LIVE, MENURUT_TANDA),
    "aduan_terbuka": _staff(
        3, "Aduan yang belum selesai", "Dari saran dan dari register, periode terlama dahulu.", ADUAN
    ),
    "janji_terbuka": _staff(
        3, "Janji tindak lanjut yang terbuka atau terlambat", "Menurut tenggat; yang paling awal di atas.", JANJI
    ),
    "kewajaran": _staff(4, "Hasil pemeriksaan kewajaran", "Perlu dilihat tidak berarti ada kesalahan.", KEWAJARAN),
    "pengecualian": _staff(4, "Jawaban yang tidak dihitung", "Jumlahnya menurut alasan.", PENGECUALIAN),
    "gangguan": _staff(
        4, "Gangguan kuesioner pada jam layanan", "Saat kuesioner tidak dapat dijangkau, dari yang terbaru.", GANGGUAN
    ),
}
