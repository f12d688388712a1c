"""What a clerk wrote wrong in a TOML file is said in one sentence: the file, the key, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from scoring.errors import IkmError
from scoring.toml_table import Table, parse_toml

Ask = Callable[[Table], object]

# What is written, what is asked for, and what is said of the key.
WRONG: dict[str, tuple[str, Ask, str]] = {
    "a text that is a number": ("nama = 4", lambda table: table.text("nama"), "seharusnya teks dalam tanda kutip"),
    "a text of spaces": ('nama = "  "', lambda table: table.text("nama"), "tidak boleh kosong"),
    "a line of two lines": ('nama = "a\\nb"', lambda table: table.line("nama"), "tulis pada satu baris, tanpa tab"),
    "a word without an end": (
        f'nama = "{"a" * 301}"',
        lambda table: table.text("nama"),
        "memuat 301 huruf tanpa spasi, paling banyak 300; beri spasi atau singkatkan",
    ),
    "a letter that cannot be seen": (
        'nama = "Ke\\u0007camatan"',
        lambda table: table.text("nama"),
        "memuat huruf yang tidak tampak (U+0007); hapus lalu ketik kembali",
    ),
    "a choice that is none": (
        'warna = "ungu"',
        lambda table: table.choice("warna", ("hijau", "biru")),
        '"ungu" bukan salah satu dari hijau, biru',
    ),
    "a number in quotes": ('hari = "25"', lambda table: table.integer("hari", 1, 28), "seharusnya bilangan bulat"),
    "a truth as a number": ("hari = true", lambda table: table.integer("hari", 1, 28), "seharusnya bilangan bulat"),
    "a number too large": ("hari = 29", lambda table: table.integer("hari", 1, 28), "seharusnya 1 sampai 28"),
    "a number too small": ("hari = 0", lambda table: table.optional_integer("hari", 1, 28), "seharusnya 1 sampai 28"),
    "a truth in quotes": ('uji = "ya"', lambda table: table.flag("uji", False), "seharusnya true atau false"),
    "a day in quotes": (
        'mulai = "2026-10-25"',
        lambda table: table.day("mulai"),
        "seharusnya tanggal tanpa tanda kutip, misalnya 2026-10-25",
    ),
    "a day with an hour": (
        "mulai = 2026-10-25T08:00:00",
        lambda table: table.day("mulai"),
        "seharusnya tanggal saja, tanpa jam",
    ),
    "a decimal with a comma": (
        'min = "64,99"',
        lambda table: table.decimal("min"),
        '"64,99" bukan angka desimal seperti "64.99"',
    ),
    "a division by nought": (
        'bobot = "1/0"',
        lambda table: table.fraction("bobot"),
        '"1/0" bukan angka seperti "0.11" atau "1/9"',
    ),
    "a list that is a text": (
        'baris = "a"',
        lambda table: table.texts("baris"),
        'seharusnya daftar teks dalam kurung siku, misalnya ["..."]',
    ),
    "an empty text in a list": (
        'baris = ["a", " "]',
        lambda table: table.texts("baris"),
        "setiap isi daftar harus teks yang tidak kosong",
    ),
    "what cannot be seen in a list": (
        'baris = ["a\\u0007"]',
        lambda table: table.texts("baris"),
        "memuat huruf yang tidak tampak (U+0007); hapus lalu ketik kembali",
    ),
    "an id twice": ("", lambda table: table.unique("layanan", ["ktp", "kk", "ktp"]), '"ktp" tertulis dua kali'),
    "a table that is a text": ('kop = "a"', lambda table: table.table("kop"), "seharusnya tabel"),
    "tables that are a number": ("layanan = 4", lambda table: list(table.tables("layanan")), "seharusnya daftar tabel"),
    "a table among tables that is none": (
        "layanan = [{}, 4]",
        lambda table: list(table.tables("layanan")),
        "isi ke-2 bukan tabel",
    ),
    "no table at all": ("layanan = []", lambda table: table.each("layanan", Table.done), "paling sedikit satu"),
}

SYNTAX = {
    "two keys": ('nama = "a"\nnama = "b"\n', "baris 2, kolom 11: kunci atau bagian yang sama tertulis dua kali"),
    "two parts": ("[kop]\n[kop]\n", "baris 2, kolom 5: kunci atau bagian yang sama tertulis dua kali"),
    "a part inside a line": ("kop = {}\n[kop.a]\n", "baris 2, kolom 7: kunci atau bagian yang sama tertulis dua kali"),
    "curved quotes": ("id = 4\nnama = \u201ca\u201d\nkop = 4\n", "baris 2, kolom 8: tanda kutip melengkung"),
    "curved quotes elsewhere": ('id = 4\nnama = a\nkop = "\u201ca\u201d"\n', "baris 2, kolom 8. Periksa tanda kutip"),
    "no end": ('nama = "a', "akhir berkas. Periksa tanda kutip lurus di kedua ujung teks dan tanda sama dengan."),
}


def said(work: Callable[[], object]) -> tuple[str, str]:
    """Return code and sentence of the refusal of `work`."""
    with pytest.raises(IkmError) as caught:
        work()
    return caught.value.code, str(caught.value)


@pytest.mark.parametrize("name", WRONG)
def test_a_value_with_this_fault_is_refused_in_one_sentence(name: str) -> None:
    text, ask, reason = WRONG[name]
    key = text.partition(" ")[0] or "layanan"
    sentence = f"office.toml: isi kunci {key} tidak sesuai: {reason}."
    assert said(lambda: ask(parse_toml("office.toml", text))) == ("KEY_INVALID", sentence)


@pytest.mark.parametrize("name", SYNTAX)
def test_what_is_no_toml_is_refused_with_its_place_and_what_to_do(name: str) -> None:
    text, words = SYNTAX[name]
    code, sentence = said(lambda: parse_toml("office.toml", text))
    assert code == "TOML_SYNTAX"
    assert sentence.startswith(f"office.toml: tulisan TOML tidak dapat dibaca: {words}")


def test_a_key_that_is_lacking_is_named_with_the_one_that_looks_like_it() -> None:
    table = parse_toml("office.toml", 'namq = "a"\nnamaa = "b"\n[kop]\n')
    assert said(lambda: table.text("nama")) == (
        *("KEY_MISSING", "office.toml: kunci nama belum diisi; yang tertulis namaa."),
    )
    assert said(lambda: table.table("kop").text("alamat")) == (
        *("KEY_MISSING", "office.toml: kunci kop.alamat belum diisi."),
    )


def test_a_key_nobody_asked_for_is_refused_with_those_there_are() -> None:
    table = parse_toml("office.toml", 'nama = "a"\ntempat = "b"\n')
    assert (table.text("nama"), table.optional_integer("hari", 1, 28)) == ("a", None)
    assert said(table.done) == (
        "KEY_UNKNOWN",
        "office.toml: kunci tempat tidak dikenal. Hapus atau betulkan ejaannya; kunci yang ada: nama, hari.",
    )


def test_values_are_what_was_written_or_what_stands_in_their_place() -> None:
    table = parse_toml("office.toml", 'a = 28\nb = 1\nc = 2026-10-25\nd = "64.90"\ne = true\nf = ["x"]\n')
    assert (table.integer("a", 1, 28), table.integer("b", 1, 28), table.day("c")) == (28, 1, date(2026, 10, 25))
    assert (str(table.decimal("d")), table.flag("e", False), table.texts("f")) == ("64.90", True, ("x",))
    assert (table.flag("g", True), table.flag("g", False), table.text("h", "")) == (True, False, "")
    assert (table.integer("i", 1, 28, 40), table.texts("j", ()), list(table.tables("k", optional=True))) == (40, (), [])
    table.table("l", optional=True).done()
    table.done()


def test_a_word_of_three_hundred_letters_and_a_text_over_two_lines_are_read() -> None:
    table = parse_toml("office.toml", f'panjang = "{"a" * 300}"\nbaris = "satu\\ndua\\ttiga"\n')
    assert (table.text("panjang"), table.text("baris")) == ("a" * 300, "satu\ndua\ttiga")


def test_a_number_with_a_point_is_read_to_the_digit() -> None:
    table = parse_toml("office.toml", "berat = 0.1")
    assert table._values == {"berat": Decimal("0.1")}
