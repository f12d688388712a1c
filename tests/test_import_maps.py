"""Answers of other tools by an import map: words become values, personal columns are never read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from import_samples import answers, book, refusal, rows, take, texts
from publish_samples import collect, office

from collector.import_map import SHIPPED, is_personal, load_map, parse_map
from collector.map_rows import read_day
from scoring.errors import IkmError
from scoring.instrument import built_in, built_in_ids

PACK = built_in("permenpanrb-14-2017")
QUESTIONS = [question.text for question in PACK.questions]
BEST = [question.options[3] for question in PACK.questions]
FORM = ["Stempel waktu", "Nama lengkap", "Jenis layanan", "Jenis Kelamin *", *QUESTIONS, "Kritik dan saran"]


def form(folder: Path, *lines: list[Any], heading: list[str] | None = None, name: str = "jawaban.xlsx") -> Path:
    return book(folder, heading or FORM, *lines, name=name, title="Form Responses 1")


def person(day: str = "05/10/2026 9:41:22", layanan: str = "ktp", saran: str = "", **changed: Any) -> list[Any]:
    cells = dict(zip((question.id for question in PACK.questions), BEST, strict=True)) | changed
    return [day, "Budi Contoh", layanan, "Pria", *cells.values(), saran]


def own_map(folder: Path, name: str, old: str = "", new: str = "") -> str:
    """Write a copy of a shipped map with one change; return its path."""
    text = (SHIPPED / f"{name}.toml").read_text("utf-8")
    assert old in text
    (folder / "peta.toml").write_text(text.replace(old, new, 1), "utf-8")
    return str(folder / "peta.toml")


@pytest.mark.usefixtures("engine")  # on SQLite and on PostgreSQL
def test_a_google_form_comes_in_with_words_for_values_and_its_tool_beside_the_file(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    mixed = person(
        prosedur="3. Mudah", waktu="d. Sangat cepat", biaya=2, produk="Sangat puas", sarana="", saran="Baik."
    )
    assert take(workspace, form(tmp_path, mixed, person()), peta="google-forms").sheets == 2
    (batch,) = rows(workspace, "batch")
    first, second = rows(workspace)
    assert batch["file"] == "jawaban.xlsx (Google Forms)"
    assert (first["day"], first["hour"], first["layanan"], first["channel"]) == ("2026-10-05", None, "ktp", 5)
    assert answers(first) == (4, 3, 4, 2, 4, 4, 4, None, 4)
    assert (answers(second), first["p01"]) == ((4,) * 9, "L")
    assert [row["text"] for row in rows(workspace, "saran")] == ["Baik."]


def test_no_trace_of_a_personal_column_is_stored_or_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = office(tmp_path)
    wrong = person(prosedur="entah")
    good = form(tmp_path, person(), name="baik.xlsx")
    assert collect(workspace, "import", str(form(tmp_path, wrong)), "--map", "google-forms") == 2
    assert collect(workspace, "import", str(good), "--map", "google-forms") == 0
    captured = capsys.readouterr()
    assert captured.out == "1 lembar dari baik.xlsx (Google Forms) disimpan.\n"
    assert "Budi" not in captured.err
    assert isinstance(workspace.store, Path)
    for file in workspace.store.parent.iterdir():
        assert not file.is_file() or b"Budi" not in file.read_bytes()


def test_the_same_export_as_csv_reads_the_same(tmp_path: Path) -> None:
    workspace, file = office(tmp_path), tmp_path / "jawaban.csv"
    lines = [FORM, ["2026/10/05 9:41:22 AM GMT+7", *person()[1:]]]
    file.write_text("\n".join(",".join(f'"{cell}"' for cell in line) for line in lines), "utf-8")
    assert take(workspace, file, peta="google-forms").sheets == 1
    (row,) = rows(workspace)
    assert (row["day"], answers(row), row["channel"]) == ("2026-10-05", (4,) * 9, 5)


def test_words_that_mean_nothing_and_a_number_beside_other_words_are_named_by_cell(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = form(tmp_path, person(prosedur="Entah", biaya="1. Gratis", waktu=5, layanan="sim"), person("13/31/2026"))
    said = texts(refusal(workspace, file, peta="google-forms"))
    hint = "isi 1 sampai 4, kata pada kuesioner, atau artikan pada [values] di google-forms.toml."
    assert [text.partition(", kolom ")[2][0] for text in said] == ["F", "G", "H", "C", "A"]
    assert said[0].endswith(f'"Entah" tidak sah; {hint}')
    assert '"1. Gratis" tidak sah' in said[2]
    assert said[4].endswith('"13/31/2026" tidak sah; tanggal pada peta ditulis d/m/y.')


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("05/10/2026 9:41:22", "d/m/y", "2026-10-05"),
        ("10/5/2026 9:41:22", "m/d/y", "2026-10-05"),
        ("2026/10/05 9:41:22 AM GMT+7", "m/d/y", "2026-10-05"),
        ("2026-10-05T09:41:22", "d/m/y", "2026-10-05"),
        ("05.10.2026", "d/m/y", "2026-10-05"),
        ("05/10/26", "d/m/y", ""),
        ("05/10/2026", "y/m/d", ""),
        ("5 Oktober 2026", "d/m/y", ""),
    ],
)
def test_a_date_is_read_in_the_order_that_the_map_names_and_in_no_other(text: str, order: str, day: str) -> None:
    assert read_day(text, order) == day


def test_unknown_personal_and_missing_columns_are_named_together_with_what_to_do(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    heading = [*FORM[:4], "Nomor paspor dan alamat tinggal", *FORM[5:], "Warna kesukaan"]
    said = texts(refusal(workspace, form(tmp_path, [*person(), "biru"], heading=heading), peta="google-forms"))
    assert said == [
        "jawaban.xlsx: kolom E (Nomor paspor dan alamat tinggal) memuat data pribadi dan tidak boleh dibaca. Hapus "
        "kolom itu, atau tulis judulnya pada ignore di berkas peta.",
        "jawaban.xlsx: kolom O (Warna kesukaan) tidak dikenal. Tulis judulnya pada [columns] di google-forms.toml, "
        "atau pada ignore bila tidak dipakai.",
        "jawaban.xlsx: kolom untuk Persyaratan tidak ada. Tulis judul kolomnya pada persyaratan di bawah [columns] di "
        "google-forms.toml.",
    ]


@pytest.mark.parametrize("target", ["saran", "no", "layanan", "usia", "persyaratan", "tanggal"])
@pytest.mark.parametrize("heading", ["Nama", "NIK Anda", "No. HP", "Alamat email", "nomor WA"])
def test_a_map_that_feeds_a_personal_column_anywhere_is_refused(target: str, heading: str) -> None:
    with pytest.raises(IkmError) as caught:
        parse_map("peta.toml", f'kind = "rows"\nsource = "X"\n[columns]\n{target} = ["{heading}"]\n')
    assert caught.value.code == "MAP_PERSONAL_FED"


def test_no_question_unsur_or_layanan_is_taken_for_a_personal_column() -> None:
    for pack in map(built_in, built_in_ids()):
        words = [*(item.text for item in pack.questions), *(item.nama for item in (*pack.unsur, *pack.profil))]
        assert [text for text in words if is_personal(text)] == []
    for heading in ("Nama layanan", "Nama unit pelayanan", "Perekaman KTP Elektronik", "Jenis layanan KTP"):
        assert not is_personal(heading)
    for heading in ("NAMA", "nama_responden", "No.Telp", "E-mail", "Nomor KTP", "HP/WA", "Alamat rumah"):
        assert is_personal(heading)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('kind = "rows"', "KEY_MISSING"),
        ('kind = "tabel"\nsource = "X"', "KEY_INVALID"),
        ('kind = "rows"\nsource = "X"\nignored = ["a"]', "KEY_UNKNOWN"),
        ('kind = "rows"\nsource = "X"\n[columns]\nwarna = ["a"]', "KEY_UNKNOWN"),
        ('kind = "rows"\nsource = "X"\n[columns]\nbiaya = ["a"]\nwaktu = ["A"]', "KEY_INVALID"),
        ('kind = "rows"\nsource = "X"\nignore = ["a"]\n[columns]\nbiaya = ["1. A"]', "KEY_INVALID"),
        ('kind = "rows"\nsource = "X"\n[values.answers]\n"Puas" = 11', "KEY_INVALID"),
        ('kind = "rows"\nsource = "X"\n[values.warna]\n"a" = 1', "KEY_UNKNOWN"),
        ('kind = "sums"\nsource = "X"\n[columns]\nusia = ["a"]', "KEY_UNKNOWN"),
        ('kind = "rows"\nsource = "X (Y)"', "KEY_INVALID"),
        ("kind = rows", "TOML_SYNTAX"),
    ],
)
def test_a_map_with_a_key_that_nobody_knows_or_that_contradicts_itself_is_refused(text: str, code: str) -> None:
    with pytest.raises(IkmError) as caught:
        parse_map("peta.toml", text)
    assert caught.value.code == code


def test_every_shipped_map_is_read_and_an_unknown_name_lists_them(tmp_path: Path) -> None:
    assert {path.stem: load_map(path.stem).kind for path in SHIPPED.iterdir()} == {
        "e-skm": "sums",
        "e-sukma": "nrr",
        "excel": "rows",
        "google-forms": "rows",
    }
    with pytest.raises(IkmError, match="Yang tersedia: e-skm, e-sukma, excel, google-forms"):
        load_map(str(tmp_path / "tiada.toml"))


def test_a_cumulative_export_is_not_counted_twice(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    first, second = person("05/10/2026"), person("06/10/2026")
    file = form(tmp_path, first)
    assert take(workspace, file, peta="google-forms").sheets == 1
    assert take(workspace, file, peta="google-forms").known_since == "2026-10-25"
    error = refusal(workspace, form(tmp_path, first, second), peta="google-forms")
    assert error.code == "IMPORT_OVERLAP"
    assert "layanan ktp pada 5 Oktober 2026 sudah pernah diimpor dari jawaban.xlsx (Google Forms)" in str(error)
    assert take(workspace, form(tmp_path, second), peta="google-forms").sheets == 1
    assert take(workspace, form(tmp_path, person(layanan="kk")), peta="google-forms").sheets == 1


def test_a_plain_sheet_by_u_numbers_is_read_below_its_titles(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    heading = ["No", "Nama", "Tgl", "L/P", *(f"U{number}" for number in range(1, 10)), "Jumlah"]
    line = [1, "Budi Contoh", date(2026, 10, 5), "P", 4, 3, 3, 4, 3, 3, 4, 2, 1, "=SUM(E5:M5)"]
    file = book(tmp_path, ["REKAP JAWABAN"], [], [], heading, line, name="rekap.xlsx", title="Sheet1")
    assert refusal(workspace, file, layanan="ktp", peta="excel").code == "HEADING_UNKNOWN"
    peta = own_map(tmp_path, "excel", "heading_row = 1", "heading_row = 4")
    assert take(workspace, file, layanan="ktp", peta=peta).sheets == 1
    (row,) = rows(workspace)
    assert (answers(row), row["p01"], row["channel"]) == ((4, 3, 3, 4, 3, 3, 4, 1, 2), "P", 5)


def test_a_sheet_that_follows_the_order_of_the_form_is_read_so_where_the_map_says_it(tmp_path: Path) -> None:
    workspace = office(tmp_path)
    file = book(tmp_path, ["Tgl", *(f"U{n}" for n in range(1, 10))], ["05/10/2026", 4, 3, 3, 4, 3, 3, 4, 2, 1])
    take(
        workspace,
        file,
        layanan="ktp",
        peta=own_map(tmp_path, "excel", "\n[columns]", '\n[columns]\nsarana = ["U8"]\npengaduan = ["U9"]'),
    )
    assert [answers(row) for row in rows(workspace)] == [(4, 3, 3, 4, 3, 3, 4, 2, 1)]
