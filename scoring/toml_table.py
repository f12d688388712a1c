"""Reads a TOML table strictly: every key is asked for by name and type; what is left over is an error.

The sentence of each error names the file, the key and the reason, because a clerk has to mend it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, TypeVar

from scoring.errors import UNSEEN, IkmError

T = TypeVar("T")
CURVED = re.compile("[\u2018-\u201f]")
LONGEST_WORD = 300  # letters, as an address may have; to break a word takes time by the square of its length


def parse_toml(file: str, text: str) -> Table:
    """Return the whole document as a `Table`; `file` only names it in errors. Raises TOML_SYNTAX."""
    try:
        return Table(file, "", tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        raise IkmError("TOML_SYNTAX", file=file, reason=toml_fault(text, error)) from None


def toml_fault(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Return where `text` is no TOML, and what to do about it, for someone who knows only word processors."""
    found = re.search(r"line (\d+), column (\d+)", str(error))
    line = text.splitlines()[int(found[1]) - 1] if found else ""
    place = f"baris {found[1]}, kolom {found[2]}" if found else "akhir berkas"
    if CURVED.search(line):
        return f"{place}: tanda kutip melengkung dari pengolah kata. Ganti dengan tanda kutip lurus"
    if "overwrite" in str(error) or "twice" in str(error) or "mutate" in str(error):
        return f"{place}: kunci atau bagian yang sama tertulis dua kali. Hapus salah satunya"
    if "\\" in line:
        return f"{place}: garis miring terbalik. Tulis nama berkas dan folder dengan garis miring biasa (/)"
    if re.search(r"=\s*\[?\s*\d{1,2}[-/]\d{1,2}[-/]\d{4}", line):
        return f"{place}: tanggal ditulis tahun-bulan-hari tanpa tanda kutip, misalnya 2026-12-25"
    return f"{place}. Periksa tanda kutip lurus di kedua ujung teks dan tanda sama dengan"


class Table:
    """One TOML table whose keys are taken one by one; `done` refuses the keys nobody asked for."""

    def __init__(self, file: str, path: str, values: dict[str, Any]) -> None:
        self.file = file
        self.path = path
        self._values = values
        self._asked: list[str] = []

    def invalid(self, key: str, reason: str) -> IkmError:
        """Return the error that says what is wrong with `key`."""
        return IkmError("KEY_INVALID", file=self.file, key=self.path + key, reason=reason)

    def keys(self) -> list[str]:
        """Return the keys as written; they count as asked for."""
        self._asked += self._values
        return list(self._values)

    def _take(self, key: str, kind: type | tuple[type, ...], name: str, default: object) -> Any:
        self._asked.append(key)
        value = self._values.get(key, default)
        if value is ...:
            near = get_close_matches(key, [name for name in self._values if name not in self._asked], 1)
            hint = f"; yang tertulis {near[0]}" if near else ""
            raise IkmError("KEY_MISSING", file=self.file, key=self.path + key, near=hint)
        if value is not default and (not isinstance(value, kind) or isinstance(value, bool) != (kind is bool)):
            raise self.invalid(key, f"seharusnya {name}")
        return value

    def text(self, key: str, default: object = ...) -> str:
        """Return a text that is not empty (the default may be)."""
        value: str = self._take(key, str, "teks dalam tanda kutip", default)
        if value != default and not value.strip():
            raise self.invalid(key, "tidak boleh kosong")
        return self._readable(key, value)

    def line(self, key: str) -> str:
        """Return a text on one line."""
        value = self.text(key)
        if re.search(r"[\n\t]", value):
            raise self.invalid(key, "tulis pada satu baris, tanpa tab")
        return value

    def _readable(self, key: str, value: str) -> str:
        """Return the text when all of it can be seen, spaces and line ends apart, and no word is endless."""
        if found := UNSEEN.search(re.sub(r"[\n\t]", "", value)):
            raise self.invalid(key, f"memuat huruf yang tidak tampak (U+{ord(found[0]):04X}); hapus lalu ketik kembali")
        if (longest := max(map(len, value.split()), default=0)) > LONGEST_WORD:
            raise self.invalid(
                key, f"memuat {longest} huruf tanpa spasi, paling banyak {LONGEST_WORD}; beri spasi atau singkatkan"
            )
        return value

    def choice(self, key: str, known: Collection[str], default: object = ...) -> str:
        """Return one of the `known` texts."""
        value = self.text(key, default)
        if value not in known and value != default:
            raise self.invalid(key, f'"{value}" bukan salah satu dari {", ".join(known)}')
        return value

    def integer(self, key: str, low: int, high: int, default: object = ...) -> int:
        """Return a whole number from `low` to `high`."""
        value: int = self._take(key, int, "bilangan bulat", default)
        if value is not default and not low <= value <= high:
            raise self.invalid(key, f"seharusnya {low} sampai {high}")
        return value

    def optional_integer(self, key: str, low: int, high: int) -> int | None:
        """Return a whole number from `low` to `high`, or None when the key is absent."""
        return self.integer(key, low, high) if self.has(key) else None

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        return bool(self._take(key, bool, "true atau false", default))

    def day(self, key: str, default: object = ...) -> date:
        """Return a date written without quotes, such as 2026-10-25."""
        value: date = self._take(key, date, "tanggal tanpa tanda kutip, misalnya 2026-10-25", default)
        if isinstance(value, datetime):
            raise self.invalid(key, "seharusnya tanggal saja, tanpa jam")
        return value

    def decimal(self, key: str) -> Decimal:
        """Return a decimal written as a text, so that its digits stay as printed."""
        value = self.text(key)
        if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
            raise self.invalid(key, f'"{value}" bukan angka desimal seperti "64.99"')
        return Decimal(value)

    def fraction(self, key: str) -> Fraction:
        """Return an exact number written as a text: "0.11" or "1/9"."""
        value = self.text(key)
        if not re.fullmatch(r"[0-9]+(\.[0-9]+|/0*[1-9][0-9]*)?", value):
            raise self.invalid(key, f'"{value}" bukan angka seperti "0.11" atau "1/9"')
        return Fraction(value)

    def texts(self, key: str, default: object = ...) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self._take(key, list, 'daftar teks dalam kurung siku, misalnya ["..."]', default)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.invalid(key, "setiap isi daftar harus teks yang tidak kosong")
        return tuple(self._readable(key, value) for value in values)

    def unique(self, key: str, ids: Sequence[str]) -> tuple[str, ...]:
        """Return `ids`, which stand under `key`; one that is written twice is invalid."""
        for item in ids:
            if ids.count(item) > 1:
                raise self.invalid(key, f'"{item}" tertulis dua kali')
        return tuple(ids)

    def table(self, key: str, *, optional: bool = False) -> Table:
        """Return the table under `key`; an absent optional one is empty."""
        value = self._take(key, dict, "tabel", {} if optional else ...)
        return Table(self.file, f"{self.path}{key}.", value)

    def has(self, key: str) -> bool:
        """Say whether `key` is written; it then counts as known."""
        self._asked.append(key)
        return key in self._values

    def tables(self, key: str, *, optional: bool = False) -> Iterator[Table]:
        """Yield each table of the list under `key`; errors inside name the number (`band[2].min`)."""
        values = self._take(key, list, "daftar tabel", [] if optional else ...)
        for number, value in enumerate(values, 1):
            if not isinstance(value, dict):
                raise self.invalid(key, f"isi ke-{number} bukan tabel")
            yield Table(self.file, f"{self.path}{key}[{number}].", value)

    def each(self, key: str, read: Callable[[Table], T]) -> tuple[T, ...]:
        """Return `read` of every table under `key`, each checked for left-over keys; at least one."""
        items = []
        for table in self.tables(key):
            items.append(read(table))
            table.done()
        if not items:
            raise self.invalid(key, "paling sedikit satu")
        return tuple(items)

    def done(self) -> None:
        """Raise KEY_UNKNOWN when a key was written that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                known = ", ".join(dict.fromkeys(self._asked))
                raise IkmError("KEY_UNKNOWN", file=self.file, key=self.path + key, known=known)
