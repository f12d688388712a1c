"""The ready questions of both Datasette instances: title, one sentence, and the query. Parameters are always bound."""

from __future__ import annotations

from typing import Any, Final

Query = dict[str, Any]

ASKED: Final = "Isi kode periode, misalnya 2026-10. Bila dikosongkan, yang ditampilkan periode terbaru."
# Written {chosen} below. An empty parameter means the newest periode, so that the first look already shows something.
CHOSEN: Final = """coalesce(
  nullif(trim(:periode), ''),
  (SELECT id FROM periode WHERE ikm IS NOT NULL ORDER BY selesai DESC, mulai DESC LIMIT 1)
)"""

INDEKS: Final = """
SELECT nama AS periode, mulai, selesai, n_responden AS responden, tingkat_tanggapan AS "tanggapan (%)",
  ikm AS "IKM", mutu, kinerja, {remark} AS keterangan
FROM periode ORDER BY selesai DESC, mulai DESC"""
NILAI_UNSUR: Final = """
SELECT p.nama AS periode, u.nomor, u.nama AS unsur, u.n AS jawaban, u.nrr AS "NRR", u.konversi AS nilai, u.mutu
FROM unsur u JOIN periode p ON p.id = u.periode
WHERE u.layanan = '*' AND u.periode = {chosen} ORDER BY u.rowid"""
SEBARAN: Final = """
SELECT p.nama AS periode, {layanan}u.nama AS unsur,
  sum(h.n) FILTER (WHERE h.nilai = 1) AS "nilai 1", sum(h.n) FILTER (WHERE h.nilai = 2) AS "nilai 2",
  sum(h.n) FILTER (WHERE h.nilai = 3) AS "nilai 3", sum(h.n) FILTER (WHERE h.nilai = 4) AS "nilai 4",
  sum(h.n) FILTER (WHERE h.nilai IS NULL) AS "tidak dijawab"
FROM hitung h JOIN periode p ON p.id = h.periode
JOIN unsur u ON u.periode = h.periode AND u.layanan = '*' AND u.id = h.unsur
WHERE {rows} AND h.periode = {chosen}
GROUP BY h.layanan, h.unsur ORDER BY h.layanan, min(u.rowid)"""
NILAI_LAYANAN: Final = """
SELECT p.nama AS periode, l.nama AS layanan, l.n_responden AS responden, l.ikm AS "IKM", l.mutu
FROM layanan l JOIN periode p ON p.id = l.periode
WHERE l.periode = {chosen} ORDER BY l.rowid"""
HARIAN: Final = """
SELECT tanggal, sum(n) AS jawaban FROM waktu WHERE periode = {chosen} GROUP BY tanggal ORDER BY tanggal"""
PER_JAM: Final = """
SELECT jam, sum(n) AS jawaban FROM waktu WHERE periode = {chosen} GROUP BY jam ORDER BY jam"""
CARA: Final = """
SELECT p.nama AS periode, h.saluran AS "cara pengisian", sum(h.n) AS jawaban
FROM hitung h JOIN periode p ON p.id = h.periode
WHERE h.periode = {chosen}
  AND h.pertanyaan = (SELECT pertanyaan FROM hitung WHERE periode = h.periode ORDER BY rowid LIMIT 1)
GROUP BY h.saluran ORDER BY jawaban DESC"""


def _query(title: str, description: str, sql: str, **parts: str) -> Query:
    for name, part in {"chosen": CHOSEN, **parts}.items():
        sql = sql.replace(f"{{{name}}}", part)
    return {"title": title, "description": description, "sql": sql.strip(), "hide_sql": True}


INDEKS_TITLE: Final = "Nilai IKM setiap periode"
INDEKS_TEXT: Final = "Nilai, mutu, dan jumlah responden, dari periode terbaru."
UNSUR: Final = _query("Nilai unsur pada satu periode", ASKED, NILAI_UNSUR)

PUBLIC_QUERIES: Final[dict[str, Query]] = {
    "indeks": _query(INDEKS_TITLE, INDEKS_TEXT, INDEKS, remark="ditahan"),
    "nilai_unsur": UNSUR,
    "sebaran_jawaban": _query(
        "Sebaran jawaban setiap unsur pada satu periode", ASKED, SEBARAN, layanan="", rows="h.layanan = '*'"
    ),
}
STAFF_QUERIES: Final[dict[str, Query]] = {
    "indeks": _query(INDEKS_TITLE, INDEKS_TEXT, INDEKS, remark="keterangan"),
    "nilai_unsur": UNSUR,
    "nilai_layanan": _query("Nilai layanan pada satu periode", ASKED, NILAI_LAYANAN),
    "sebaran_jawaban": _query(
        "Sebaran jawaban setiap unsur menurut layanan", ASKED, SEBARAN, layanan="h.layanan, ", rows="1"
    ),
    "jawaban_harian": _query("Jumlah jawaban setiap hari", ASKED, HARIAN),
    "jawaban_per_jam": _query("Jumlah jawaban menurut jam", f"{ASKED} Formulir kertas tidak mencatat jam.", PER_JAM),
    "cara_pengisian": _query("Jumlah jawaban menurut cara pengisian", ASKED, CARA),
}
