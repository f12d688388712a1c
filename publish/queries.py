"""The ready questions of the public Datasette: title, one sentence, and the query. Parameters are always bound.

Those of the staff are in `staff_queries`, and share some of these.
"""

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


def query(title: str, description: str, sql: str, **parts: str) -> Query:
    for name, part in {"chosen": CHOSEN, **parts}.items():
        sql = sql.replace(f"{{{name}}}", part)
    return {"title": title, "description": description, "sql": sql.strip(), "hide_sql": True}


INDEKS_TITLE: Final = "Nilai IKM setiap periode"
INDEKS_TEXT: Final = "Nilai, mutu, dan jumlah responden, dari periode terbaru."
UNSUR: Final = query("Nilai unsur pada satu periode", ASKED, NILAI_UNSUR)

PUBLIC_QUERIES: Final[dict[str, Query]] = {
    "indeks": query(INDEKS_TITLE, INDEKS_TEXT, INDEKS, remark="ditahan"),
    "nilai_unsur": UNSUR,
    "sebaran_jawaban": query(
        "Sebaran jawaban setiap unsur pada satu periode", ASKED, SEBARAN, layanan="", rows="h.layanan = '*'"
    ),
}
