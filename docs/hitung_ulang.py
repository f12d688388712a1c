"""Hitung ulang nilai IKM, huruf mutu, dan rentang nilai dari data terbuka, hanya dengan pustaka baku Python.

    python3 hitung_ulang.py FOLDER

FOLDER berisi periode.csv, layanan.csv, hitung.csv, dan silang.csv yang diunduh dari halaman transparansi. Naskah ini
ditulis tersendiri dan tidak memakai program kantor. Keluaran: satu baris untuk seluruh kantor (*) dan setiap layanan.
Selesai dengan kode 1 bila ada nilai terbit yang tidak sama dengan hasil hitung ulang.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from fractions import Fraction
from math import floor, isqrt
from pathlib import Path

Rows = list[dict[str, str]]
# Batas bawah huruf B, C, D pada lampiran peraturan; di atas batas B hurufnya A.
BARU = (("A", "88.31"), ("B", "76.61"), ("C", "65.00"), ("D", "0"))
LAMA = (("A", "81.26"), ("B", "62.51"), ("C", "43.76"), ("D", "0"))
BANDS = {
    **dict.fromkeys(("kepmenpan-25-2004", "permenpanrb-16-2014"), LAMA),
    **dict.fromkeys(("permenpanrb-14-2017", "sukma-jatim-11"), BARU),
}
SALAH = {
    "few": "rentang tidak dihitung: kurang dari 30 responden",
    "same": "rentang tidak dihitung: semua jawaban sama",
    "closed": "rentang tidak dapat dihitung ulang: jumlah kuadratnya tidak diterbitkan karena bersama data lain dapat "
    "menunjukkan kelompok kecil",
}


def dibulatkan(value: Fraction, places: int) -> Fraction:
    """Bulatkan bilangan positif ke sekian desimal, setengah ke atas."""
    return Fraction(floor(value * 10**places + Fraction(1, 2)), 10**places)


def teks(value: Fraction) -> str:
    """Tulis dengan dua desimal."""
    cents = int(dibulatkan(value, 2) * 100)
    return f"{cents // 100}.{cents % 100:02d}"


def rata_rata(counts: Rows, sums: Rows, blank: str) -> dict[str, Fraction]:
    """Hitung NRR setiap unsur, jawaban kosong menurut aturan periode itu; kosong bila satu unsur tanpa jawaban."""
    total: dict[str, Fraction] = defaultdict(Fraction)
    n: dict[str, int] = defaultdict(int)
    if blank == "complete":
        return {row["butir"]: Fraction(row["nilai"]) / int(row["n"]) for row in sums if row["jumlah"] == "lengkap"}
    for row in counts:
        total[row["unsur"]] += int(row["nilai"] or 0) * int(row["n"])
        n[row["unsur"]] += int(row["n"]) if row["nilai"] or blank == "zero" else 0
    return {unsur: total[unsur] / n[unsur] for unsur in n} if all(n.values()) else {}


def indeks(nrr: dict[str, Fraction], rule: str) -> Fraction:
    """Hitung IKM menurut kode aturan: bobot di depan, lalu apa yang dibulatkan di tengah."""
    weight, _, rounding = rule.partition("-")
    bobot = Fraction(1, len(nrr)) if weight == "exact" else Fraction(weight)
    if rounding == "nrr-rounded":
        nrr = {unsur: dibulatkan(value, 2) for unsur, value in nrr.items()}
    products = [value * bobot for value in nrr.values()]
    if rounding == "products-rounded":
        products = [dibulatkan(product, 3) for product in products]
    whole = sum(products, Fraction(0))
    return 25 * (dibulatkan(whole, 3) if rounding == "index-rounded" else whole)


def rentang(ikm: Fraction, sums: Rows, counts: Rows, n: int, population: str) -> str:
    """Tulis rentang 95 persen: ragam = jumlah kuadrat / (n (n - 1)), dikalikan (1 - n / populasi)."""
    squares = [row for row in sums if row["jumlah"] == "kuadrat" and row["butir"] == "ikm"]
    if not squares:
        given: dict[str, set[str]] = defaultdict(set)
        for row in counts:
            if row["n"] != "0":
                given[row["pertanyaan"]].add(row["nilai"])
        same = given and all(len(values) == 1 for values in given.values())
        return SALAH["few" if n < 30 else "same" if same else "closed"]
    n = int(squares[0]["n"])
    variance = Fraction(squares[0]["nilai"]) * 625 / (n * (n - 1))
    if population and int(population) >= n:
        variance *= 1 - Fraction(n, int(population))
    error = Fraction(isqrt(int(variance * 10**24)), 10**12)
    margin = Fraction("1.96") * error
    low, high = max(ikm - margin, Fraction(25)), min(ikm + margin, Fraction(100))
    return f"± {teks(margin)}, antara {teks(low)} dan {teks(high)}"


def baca(folder: Path, name: str) -> Rows:
    """Baca satu tabel."""
    with (folder / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def hitung_ulang(folder: Path) -> tuple[list[str], bool]:
    """Tulis satu baris untuk setiap nilai yang terbit; benar bila semuanya sama."""
    layanan, counts, sums = (baca(folder, f"{name}.csv") for name in ("layanan", "hitung", "silang"))
    lines, same = [], True
    for periode in baca(folder, "periode.csv"):
        own = [row for row in layanan if row["periode"] == periode["id"]]
        for group in [{**periode, "id": "*"}, *own]:
            here = {"periode": periode["id"], "layanan": group["id"]}
            counted = [row for row in counts if here.items() <= row.items()]
            summed = [row for row in sums if here.items() <= row.items()]
            where = f"{periode['id']} {group['id']}"
            if group["ditahan"]:
                lines.append(f"{where}: nilai tidak ditampilkan ({group['ditahan']})")
                continue
            nrr = rata_rata(counted, summed, periode["jawaban_kosong"])
            if not nrr or not group["ikm"]:
                same = same and not nrr and not group["ikm"]
                lines.append(f"{where}: IKM tidak ada, karena satu unsur tidak dijawab siapa pun")
                continue
            ikm = indeks(nrr, periode["aturan"])
            bands = BANDS[periode["instrumen"]]
            mutu = next(letter for letter, least in bands if dibulatkan(ikm, 2) >= Fraction(least))
            agrees = (Fraction(teks(ikm)), mutu) == (Fraction(group["ikm"]), group["mutu"])
            same = same and agrees
            verdict = "sama dengan yang terbit" if agrees else f"BERBEDA, terbit {group['ikm']} mutu {group['mutu']}"
            whole = [int(row["n"]) for row in summed if row["jumlah"] == "lengkap"]
            n = min(whole, default=int(group["n_responden"]))
            margin = rentang(ikm, summed, counted, n, group["populasi"])
            lines.append(f"{where}: IKM {teks(ikm)}, mutu {mutu} ({verdict}); {margin}")
    return lines, same


if __name__ == "__main__":
    needed = [f"{name}.csv" for name in ("periode", "layanan", "hitung", "silang")]
    if len(sys.argv) != 2 or not all(Path(sys.argv[1], name).is_file() for name in needed):
        sys.exit(f"Tulis folder yang berisi {', '.join(needed)}: python3 hitung_ulang.py FOLDER")
    found, agreed = hitung_ulang(Path(sys.argv[1]))
    sys.stdout.write("\n".join(found) + "\n")
    sys.exit(0 if agreed else 1)
