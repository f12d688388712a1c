"""How figures, counts and lists are written in Indonesian."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from scoring import periode

NONE: Final = "–"
DIGITS: Final = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
HARI: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
GROUP: Final = 8  # characters of a SHA-256 that stand together, so that eyes can compare them
CHANNEL_NAMES: Final = {
    "phone": "ponsel",
    "kiosk": "anjungan",
    "paper": "formulir kertas",
    "assisted": "didampingi petugas",
    "import": "rekap impor",
}


def angka(figure: str | None) -> str:
    """Return a figure of result.json with decimal comma and minus sign: "-0.12" becomes "−0,12"; None is a dash."""
    return NONE if figure is None else figure.replace(".", ",").replace("-", "−")


def bulat(count: int | None) -> str:
    """Return a count with points between thousands: 1362 becomes "1.362"; None becomes a dash."""
    return NONE if count is None else f"{count:,}".replace(",", ".")


def persen(figure: str | None) -> str:
    """Return a percentage of result.json: "22.9" becomes "22,9%"; None becomes a dash."""
    return NONE if figure is None else f"{angka(figure)}%"


def terbilang(count: int) -> str:
    """Return a small number in words, as running text has it: 3 becomes "tiga"; over ten stays in digits."""
    return DIGITS[count] if 0 <= count < len(DIGITS) else bulat(count)


def daftar(items: Sequence[str]) -> str:
    """Return a list in running text: "a", "a dan b", "a, b, dan c"."""
    if len(items) < 3:
        return " dan ".join(items)
    return f"{', '.join(items[:-1])}, dan {items[-1]}"


def tanggal(day: str) -> str:
    """Return an ISO date as "24 Oktober 2026"."""
    return periode.tanggal(date.fromisoformat(day))


def rentang(mulai: str, selesai: str) -> str:
    """Return a span of ISO dates as "25 September sampai dengan 24 Oktober 2026"."""
    return periode.rentang(date.fromisoformat(mulai), date.fromisoformat(selesai))


@lru_cache(maxsize=256)  # each page names every periode
def nama_periode(periode_id: str) -> str:
    """Return the printed name of a periode: "Oktober 2026"."""
    return periode.parse(periode_id, 1).nama


def grouped(sha256: str) -> str:
    """Return a digest in groups of eight characters."""
    return " ".join(sha256[place : place + GROUP] for place in range(0, len(sha256), GROUP))
