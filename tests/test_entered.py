"""What people enter for the documents: read strictly, checked, and missed where it is empty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from publish_samples import office
from scoring_samples import OFFICE

from publish import complaints, followup, isian, rtl, surat
from publish.completeness import missing
from publish.entered import Entered
from publish.rtl import Rencana
from scoring.errors import IkmError
from scoring.office import parse_office
from scoring.periode import parse

UNSUR = ("persyaratan", "waktu")
OCTOBER = parse("2026-10", 25)
ANSWERED = 'tindak_lanjut = "Ditambah"\npenanggung_jawab = "Kasi"\nstatus = "selesai"\n'
TEMA = '[[tema]]\nnama = "Antrean"\njumlah = 3\nringkasan = "Panjang."\n'
ADUAN = '[[aduan]]\ntanggal = 2026-10-01\nsaluran = "Kotak"\nisi = "Loket tutup."\n'
KEGIATAN = '[[kegiatan]]\nnama = "Persiapan"\nmulai = 2026-09-25\nselesai = 2026-09-26\nhari_kerja = 1\n'


def refused(read: Callable[[], object]) -> str:
    with pytest.raises(IkmError) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (KEGIATAN.replace("hari_kerja = 1", "hari_kerja = 3"), "kegiatan[1].hari_kerja"),
        (KEGIATAN.replace("selesai = 2026-09-26", "selesai = 2026-09-24"), "lebih awal daripada mulai"),
        (KEGIATAN.replace("hari_kerja = 1", ""), "kegiatan[1].hari_kerja belum diisi"),
        ('[[rekomendasi]]\nunsur = "cuaca"\nisi = "x"', "rekomendasi[1].unsur"),
        ('[[rekomendasi]]\nisi = " "', "tidak boleh kosong"),
        ('[[perbaikan]]\nteks = "x"', "perbaikan[1].isi belum diisi"),
        ('[[foto]]\nberkas = "../kunci.jpg"\nketerangan = "x"', "tanpa nama folder"),
        ('jadwal = "x"', "jadwal tidak dikenal"),
    ],
)
def test_what_is_wrong_in_isian_toml_is_named(text: str, words: str) -> None:
    assert words in refused(lambda: isian.parse("isian.toml", text, UNSUR))


def test_the_examples_in_the_files_count_for_nothing_until_their_marks_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "isian.toml"
    assert isian.prepare(file, "2026-09-25", UNSUR) == isian.Isian((), (), (), ())
    wanted = file.read_text("utf-8").replace("# [[", "[[")
    for key in ("nama", "mulai", "selesai", "hari_kerja", "unsur", "isi", "berkas", "keterangan"):
        wanted = wanted.replace(f"# {key} = ", f"{key} = ")
    read = isian.parse("isian.toml", wanted, UNSUR)
    assert (len(read.kegiatan), len(read.rekomendasi), len(read.perbaikan), len(read.foto)) == (1, 1, 1, 1)
    assert complaints.prepare_register(tmp_path / "aduan.toml", OCTOBER) == complaints.Register(False, ())
    assert complaints.prepare_saran(tmp_path / "saran.toml", 7) == complaints.Saran(7, ())


@pytest.mark.parametrize(
    ("text", "counted", "words"),
    [
        ("diterima = 9\n", 7, "basis data memuat 7 saran"),
        (f"diterima = 2\n{TEMA}", 2, "lebih banyak daripada saran yang diterima (2)"),
        (f"diterima = 9\n{TEMA}{TEMA}", 9, "tertulis dua kali"),
        (f'diterima = 9\n{TEMA}status = "lama"', 9, "belum, diproses, selesai"),
        (TEMA, 9, "diterima belum diisi"),
    ],
)
def test_what_is_wrong_in_saran_toml_is_named(text: str, counted: int, words: str) -> None:
    assert words in refused(lambda: complaints.parse_saran("saran.toml", text, counted))


def test_what_the_program_writes_beside_an_unsur_has_a_comma_as_every_document_has(tmp_path: Path) -> None:
    rtl.prepare(tmp_path / "rtl.toml", ["waktu"], {"waktu": "Waktu Pelayanan"}, {"waktu": "3.060"})
    assert "# Waktu Pelayanan: NRR 3,060\n" in (tmp_path / "rtl.toml").read_text("utf-8")


def test_a_summary_stays_after_the_comments_were_destroyed() -> None:
    assert complaints.parse_saran("saran.toml", f"diterima = 9\n{TEMA}", 0).diterima == 9


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ADUAN.replace("2026-10-01", "2026-10-25"), "25 September sampai dengan 24 Oktober 2026"),
        (f"nihil = true\n{ADUAN}", "tulis nihil = false"),
        (ADUAN.replace('saluran = "Kotak"\n', ""), "aduan[1].saluran belum diisi"),
    ],
)
def test_what_is_wrong_in_the_register_of_complaints_is_named(text: str, words: str) -> None:
    assert words in refused(lambda: complaints.parse_register("aduan.toml", text, OCTOBER))


def test_what_people_wrote_is_masked_before_it_is_printed() -> None:
    said = complaints.parse_register("aduan.toml", ADUAN.replace("Loket tutup.", "Telepon 081234567890"), OCTOBER)
    assert said.aduan[0].isi == "Telepon ###"
    tema = complaints.parse_saran("saran.toml", "diterima = 9\n" + TEMA.replace("Panjang.", "Hubungi a@b.id"), 9).tema
    assert tema[0].ringkasan == "Hubungi ###"


PLANS = [
    Rencana("waktu", "Membuka loket kedua", ("TW IV",), "Kasi", "Antrean", bukti="Catatan"),
    Rencana("biaya", "Memasang tarif", ("TW IV",), "Kasi", "Terpasang", bukti="Foto"),
]
NAMES = {"waktu": "Waktu Penyelesaian", "biaya": "Biaya/Tarif"}


def test_every_promise_returns_to_be_answered_and_an_answer_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "tindak-lanjut.toml"
    first = followup.prepare(file, "September 2026", PLANS[:1], NAMES)
    assert [(item.nama, item.complete) for item in first] == [("Waktu Penyelesaian", False)]
    answered = file.read_text("utf-8").replace('status = ""\nuraian = ""', 'status = "sudah"\nuraian = "Loket dibuka."')
    file.write_text(answered, "utf-8")
    both = followup.prepare(file, "September 2026", PLANS, NAMES)
    assert [(item.status, item.complete) for item in both] == [("sudah", True), ("", False)]
    assert file.read_text("utf-8").startswith(answered.rstrip("\n"))


def test_without_a_promise_there_is_no_file(tmp_path: Path) -> None:
    assert followup.prepare(tmp_path / "tindak-lanjut.toml", "September 2026", [], NAMES) == []
    assert list(tmp_path.iterdir()) == []


def test_the_promises_are_those_of_the_last_frozen_edition(tmp_path: Path) -> None:
    def plan(kegiatan: str) -> str:
        return f'[[rtl]]\nunsur = "waktu"\nkegiatan = "{kegiatan}"\n'

    (tmp_path / "rtl.toml").write_text(plan("sesudah beku"), "utf-8")
    assert followup.promises(tmp_path, NAMES)[0].kegiatan == "sesudah beku"
    for number in (1, 2, 10):
        (tmp_path / f"edisi-{number}").mkdir()
        (tmp_path / f"edisi-{number}" / "rtl.toml").write_text(plan(f"edisi {number}"), "utf-8")
    assert followup.promises(tmp_path, NAMES)[0].kegiatan == "edisi 10"
    (tmp_path / "edisi-11").mkdir()
    (tmp_path / "edisi-11" / "rtl.toml").write_text(plan(""), "utf-8")
    assert followup.promises(tmp_path, NAMES) == []


def letter(folder: Path, periode: str, nomor: str, day: str = "2026-10-25") -> Path:
    (folder / periode).mkdir(exist_ok=True)
    file = folder / periode / "surat.toml"
    text = surat.TEXT.format(today=day).replace('nomor = ""', f'nomor = "{nomor}"')
    file.write_text(text, "utf-8")
    return file


POLA = "000.8.3.4/{urut}/{bulan}/{tahun}"


@pytest.mark.parametrize("nomor", ["000.8.3.4/7/X/2026", "000.8.3.4/0117/X/2026"])
def test_a_number_of_the_offices_form_is_taken(tmp_path: Path, nomor: str) -> None:
    assert surat.prepare(letter(tmp_path, "2026-10", nomor), date(2026, 10, 25), POLA).nomor == nomor


@pytest.mark.parametrize("nomor", ["7/X/2026", "000.8.3.4/7/IX/2026", "000.8.3.4/7/X/2025", "000x8x3x4/7/X/2026"])
def test_a_number_of_another_form_month_or_year_is_refused_with_an_example(tmp_path: Path, nomor: str) -> None:
    file = letter(tmp_path, "2026-10", nomor)
    assert "000.8.3.4/12/X/2026" in refused(lambda: surat.prepare(file, date(2026, 10, 25), POLA))
    assert surat.prepare(file, date(2026, 10, 25)).nomor == nomor


def test_a_number_is_used_once(tmp_path: Path) -> None:
    letter(tmp_path, "2026-09", "000.8.3.4/7/X/2026")
    file = letter(tmp_path, "2026-10", "000.8.3.4/7/X/2026")
    sentence = refused(lambda: surat.prepare(file, date(2026, 10, 25)))
    assert "sudah dipakai surat periode 2026-09" in sentence
    letter(tmp_path, "2026-10", "000.8.3.4/8/X/2026")
    assert surat.prepare(file, date(2026, 10, 25)).nomor == "000.8.3.4/8/X/2026"


def entered(**changes: object) -> Entered:
    """Return everything filled in, but for `changes`."""
    answer = complaints.Answer("Ditambah", "Kasi", "selesai")
    whole: dict[str, object] = {
        "surat": surat.SuratIsi("7", date(2026, 10, 25), "1 (satu) berkas", "Laporan"),
        "rencana": PLANS,
        "isian": isian.parse(
            "isian.toml",
            KEGIATAN
            + '[[rekomendasi]]\nisi = "a"\n[[perbaikan]]\nisi = "b"\n[[foto]]\nberkas = "c.jpg"\nketerangan = "d"',
            UNSUR,
        ),
        "saran": complaints.Saran(9, (complaints.Tema("Antrean", 3, "Panjang.", True, answer),)),
        "register": complaints.Register(True, ()),
        "earlier": parse("2026-09", 25),
        "before": [followup.TindakLanjut(PLANS[0], "Waktu Penyelesaian", "sudah", "Loket dibuka.", "")],
    }
    return Entered(**{**whole, **changes})  # type: ignore[arg-type]


def test_nothing_is_missing_when_everything_is_filled_in() -> None:
    assert set(map(tuple, missing(entered(), NAMES).values())) == {()}


@pytest.mark.parametrize(
    ("changes", "document", "words"),
    [
        ({"isian": isian.Isian((), (), (), ())}, "laporan", "jadwal pelaksanaan"),
        ({"isian": isian.Isian((), (), (), ())}, "laporan", "rekomendasi"),
        ({"isian": isian.Isian((), (), (), ())}, "laporan", "[[perbaikan]]"),
        ({"isian": isian.Isian((), (), (), ())}, "laporan", "foto dokumentasi"),
        ({"saran": complaints.Saran(9, ())}, "laporan", "9 saran warga belum dirangkum"),
        ({"rencana": [Rencana("waktu", "Membuka loket", ("TW I",), "Kasi", "")]}, "rtl", "(indikator, bukti)"),
        ({"register": complaints.Register(False, ())}, "rtl", "nihil = true"),
        ({"surat": surat.SuratIsi("", date(2026, 10, 25), "1", "x")}, "surat-pengantar", "nomor surat"),
        ({"before": [followup.TindakLanjut(PLANS[0], "Waktu", "belum", "", "")]}, "tindak-lanjut", "unsur Waktu"),
        ({"before": [followup.TindakLanjut(PLANS[0], "Waktu", "belum", "", "")]}, "laporan", "unsur Waktu"),
    ],
)
def test_what_is_empty_is_missed_in_its_document(changes: dict[str, object], document: str, words: str) -> None:
    assert any(words in sentence for sentence in missing(entered(**changes), NAMES)[document])


def test_a_complaint_without_an_answer_is_missed() -> None:
    empty = complaints.Answer("", "", "")
    tagged = complaints.Saran(9, (complaints.Tema("Antrean", 3, "Panjang.", True, empty),))
    register = complaints.Register(False, (complaints.Aduan(date(2026, 10, 1), "Kotak", "x", "", empty),))
    found = missing(entered(saran=tagged, register=register), NAMES)["rtl"]
    assert ['aduan "Antrean"' in found[0], "melalui Kotak tanggal 01-10-2026" in found[1]] == [True, True]


@pytest.mark.parametrize(
    ("line", "other", "key"),
    [
        ("[public]", '[naskah]\noutline = "C"\n\n[public]', "naskah.outline"),
        ("[public]", "[naskah]\nmargin_kiri = 5\n\n[public]", "naskah.margin_kiri"),
        ("[public]", '[naskah]\nface = "Arial"\n\n[public]', "naskah.face"),
        ("[public]", '[naskah]\nparaf = ["lurah"]\n\n[public]', "naskah.paraf"),
        ("[public]", '[naskah]\nparaf = ["kasi", "kasi"]\n\n[public]', "naskah.paraf"),
        ("[public]", "[naskah]\nspasi = 2\n\n[public]", "naskah.spasi"),
        ('di = "Contoh"', 'di = "Contoh"\npola_nomor = "{nomor}/2026"', "surat.pola_nomor"),
        ('di = "Contoh"', 'di = "Contoh"\npola_nomor = "800/2026"', "surat.pola_nomor"),
        ('di = "Contoh"', 'di = "Contoh"\npola_nomor = "800/{urut"', "surat.pola_nomor"),
    ],
)
def test_what_is_wrong_about_the_documents_in_office_toml_is_named(line: str, other: str, key: str) -> None:
    assert line in OFFICE
    assert key in refused(lambda: parse_office("office.toml", OFFICE.replace(line, other, 1)))


def test_without_the_table_documents_are_laid_out_as_most_offices_do() -> None:
    naskah = parse_office("office.toml", OFFICE).naskah
    assert (naskah.outline, naskah.margin, naskah.face, naskah.size, naskah.paraf) == (
        "A",
        (25, 25, 25, 30),
        "serif",
        12,
        (),
    )


def test_the_example_configuration_names_what_the_office_may_choose(tmp_path: Path) -> None:
    naskah = office(tmp_path).office.naskah
    assert (naskah.outline, naskah.dasar_hukum) == ("A", ())
