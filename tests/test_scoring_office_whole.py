"""Every key of office.toml reaches its field, every bound holds on both sides, and every refusal says it whole."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import pytest
from scoring_samples import NINE, OFFICE

from scoring.errors import IkmError
from scoring.office import Office, parse_office

WHOLE = """\
id = "kantor-2"
nama = "Kecamatan Lain"
instansi = "Pemerintah Kabupaten Lain"
kabupaten = "Kabupaten Lain"
provinsi = "Bali"
zona = "WITA"
tempat = "Kota Lain"
data = "isi"
store = "postgresql://ikm@mesin/ikm"
paper = "F4"
procedure = "sukma-rtl"
libur = [2026-12-25]

[periode]
cut = "triwulan"
report_day = 28
blind_until_close = false

[kop]
baris = ["SATU", "DUA"]
alamat = "Jalan Satu"
kontak = "Telepon"
lambang = "lambang.png"

[[layanan]]
id = "ktp"
nama = "KTP"
tiket = "required"

[[layanan]]
id = "kk"
nama = "KK"

[tiket]
mode = "optional"

[[instrument]]
id = "permenpanrb-14-2017"
from = 2017-05-25
rule = "0.11"
blank = "zero"

[[pejabat]]
role = "verifikator-1"
jabatan = "Jabatan"
nama = "Nama"
pangkat = "Pangkat"
nip = "Nomor"
status = "Plt."
from = 2026-01-02
until = 2026-01-02

[naskah]
outline = "B"
margin_atas = 10
margin_kanan = 60
margin_bawah = 11
margin_kiri = 59
face = "sans"
size = 14
paraf = ["kasi"]
penandatangan = "sekcam"
dasar_hukum = ["Peraturan"]

[surat]
kepada = "Bupati"
di = "Tempat"
sifat = "Segera"
tembusan = ["Arsip"]
pola_nomor = "{urut}/{tahun}"

[tanda_tangan]
jalur = "bsre"
tampilan = "invisible"
tingkat = "B-LT"
anchors = ["ca.pem"]
tsa = "http://tsa.example.go.id"
bsre = "https://bsre.example.go.id"
bsre_pengguna = "pengguna"

[public]
survei = "http://survei.example/"
transparansi = "https://skm.example/"
origins = ["https://survei.example", "http://lokal:8000"]

[cadangan]
simpan = 1000
folder = "salinan"

[retensi]
komentar_hari = 3650
jawaban_hari = 3650

[population.2026]
ktp = 10000000
kk = 0
"""


def office(text: str = WHOLE) -> Office:
    return parse_office("office.toml", text)


def reason_of(text: str) -> str:
    with pytest.raises(IkmError) as caught:
        office(text)
    return str(caught.value)


def test_every_key_of_the_office_is_read_into_its_field() -> None:
    here = asdict(office())
    (survey,) = here.pop("surveys")
    assert (survey["instrument"]["id"], survey["since"]) == (NINE, date(2017, 5, 25))
    assert (survey["rule"], survey["blank"]) == ("0.11", "zero")
    assert here == {
        **{"id": "kantor-2", "nama": "Kecamatan Lain", "instansi": "Pemerintah Kabupaten Lain", "provinsi": "Bali"},
        **{"kabupaten": "Kabupaten Lain", "zona": "WITA", "tempat": "Kota Lain", "data": "isi", "paper": "F4"},
        **{"store": "postgresql://ikm@mesin/ikm", "procedure": "sukma-rtl", "libur": (date(2026, 12, 25),)},
        **{"cut": "triwulan", "report_day": 28, "blind_until_close": False, "tiket": "optional"},
        "kop": {"baris": ("SATU", "DUA"), "alamat": "Jalan Satu", "kontak": "Telepon", "lambang": "lambang.png"},
        "layanan": ({"id": "ktp", "nama": "KTP", "tiket": "required"}, {"id": "kk", "nama": "KK", "tiket": ""}),
        "pejabat": (
            {
                **{"role": "verifikator-1", "jabatan": "Jabatan", "nama": "Nama", "pangkat": "Pangkat", "nip": "Nomor"},
                **{"status": "Plt.", "since": date(2026, 1, 2), "until": date(2026, 1, 2)},
            },
        ),
        "naskah": {
            **{"outline": "B", "margin": (10, 60, 11, 59), "face": "sans", "size": 14, "paraf": ("kasi",)},
            **{"dasar_hukum": ("Peraturan",), "penandatangan": "sekcam"},
        },
        "surat": {
            **{"kepada": "Bupati", "di": "Tempat", "sifat": "Segera", "tembusan": ("Arsip",)},
            "pola_nomor": "{urut}/{tahun}",
        },
        "tanda_tangan": {
            **{"jalur": "bsre", "tampilan": "invisible", "tingkat": "B-LT", "anchors": ("ca.pem",)},
            **{"tsa": "http://tsa.example.go.id", "bsre": "https://bsre.example.go.id", "bsre_pengguna": "pengguna"},
        },
        "public": {
            **{"survei": "http://survei.example/", "transparansi": "https://skm.example/"},
            "origins": ("https://survei.example", "http://lokal:8000"),
        },
        **{"cadangan": {"simpan": 1000, "folder": "salinan"}},
        **{"retensi": {"komentar_hari": 3650, "jawaban_hari": 3650}},
        "population": {"2026": {"ktp": 10_000_000, "kk": 0}},
    }


def test_a_layanan_has_its_own_way_with_tickets_or_that_of_the_office() -> None:
    assert [office().ticket_mode(name) for name in ("ktp", "kk")] == ["required", "optional"]
    assert parse_office("office.toml", OFFICE).ticket_mode("ktp") == "off"


def test_what_is_left_out_has_the_default_that_the_example_prints() -> None:
    here = parse_office("office.toml", OFFICE)
    assert (here.cadangan.simpan, here.cadangan.folder, here.store, here.libur) == (30, "", "", ())
    assert (here.retensi.komentar_hari, here.retensi.jawaban_hari, here.blind_until_close) == (90, 730, True)
    assert (here.naskah.dasar_hukum, here.naskah.paraf, here.naskah.penandatangan) == ((), (), "camat")
    signing = here.tanda_tangan
    assert (signing.anchors, signing.tsa, signing.bsre, signing.bsre_pengguna) == ((), "", "", "")
    assert (here.surat.pola_nomor, here.layanan[0].tiket) == ("", "")


# what is changed, into what, and the sentence on the key that stands there
SAID = {
    "an id of capitals": (
        *('id = "kantor-2"', 'id = "Kantor"', "id"),
        "hanya huruf kecil, angka, dan tanda hubung, paling panjang 40",
    ),
    "a name that begins a formula": (
        *('nama = "KTP"', 'nama = "=KTP"', "layanan[1].nama"),
        "tidak boleh diawali tanda =, +, -, atau @, yang dibaca lembar kerja sebagai rumus",
    ),
    "an office that ends before it begins": (
        *("until = 2026-01-02", "until = 2026-01-01", "pejabat[1].until"),
        "lebih awal daripada from",
    ),
    "a number without its count": (
        *('pola_nomor = "{urut}/{tahun}"', 'pola_nomor = "{tahun}"', "surat.pola_nomor"),
        "memuat {urut}; bagian yang dikenal: {urut}, {bulan}, {tahun}",
    ),
    "holidays as a text": ("libur = [2026-12-25]", 'libur = "25"', "libur", "seharusnya daftar tanggal"),
    "a holiday in quotes": (
        *("libur = [2026-12-25]", 'libur = ["2026-12-25"]', "libur"),
        "setiap isi daftar harus tanggal tanpa tanda kutip, misalnya 2026-12-25",
    ),
    "a narrow face": ("size = 14", "size = 9", "naskah.size", "seharusnya 10 sampai 14"),
    "a wide margin": ("margin_kanan = 60", "margin_kanan = 61", "naskah.margin_kanan", "seharusnya 10 sampai 60"),
    "a paraf of nobody": (
        *('paraf = ["kasi"]', 'paraf = ["lurah"]', "naskah.paraf"),
        '"lurah" bukan salah satu dari camat, sekcam, kasi, verifikator-1, verifikator-2, staf',
    ),
    "a page without its slash": (
        *('transparansi = "https://skm.example/"', 'transparansi = "https://skm.example"', "public.transparansi"),
        "alamat lengkap yang diakhiri garis miring, misalnya https://survei.example.go.id/",
    ),
    "an origin with a path": (
        *('"http://lokal:8000"', '"http://lokal:8000/a"', "public.origins"),
        '"http://lokal:8000/a" bukan asal seperti https://survei.example.go.id',
    ),
    "too many backups": ("simpan = 1000", "simpan = 1001", "cadangan.simpan", "seharusnya 2 sampai 1000"),
    "comments for too long": (
        *("komentar_hari = 3650", "komentar_hari = 3651", "retensi.komentar_hari"),
        "seharusnya 1 sampai 3650",
    ),
    "answers for no day": (
        "jawaban_hari = 3650",
        "jawaban_hari = 0",
        "retensi.jawaban_hari",
        "seharusnya 1 sampai 3650",
    ),
    "answers for shorter than comments": (
        *("jawaban_hari = 3650", "jawaban_hari = 3649", "retensi.jawaban_hari"),
        "tidak boleh lebih pendek daripada komentar_hari",
    ),
    "a time stamp from nowhere": (
        *('tsa = "http://tsa', 'tsa = "tsa', "tanda_tangan.tsa"),
        "alamat lengkap, misalnya https://tsa.example.go.id",
    ),
    "a service at no address": (
        *('bsre = "https://', 'bsre = "ftp://', "tanda_tangan.bsre"),
        "alamat lengkap, misalnya https://tsa.example.go.id",
    ),
    "a level without time stamps": (
        *('tsa = "http://tsa.example.go.id"', 'tsa = ""', "tanda_tangan.tingkat"),
        "B-LT memerlukan layanan cap waktu; isi tsa",
    ),
    "nobody trusted": (
        *('anchors = ["ca.pem"]', "anchors = []", "tanda_tangan.anchors"),
        "jalur bsre memerlukan sertifikat penerbit yang dipercaya",
    ),
    "a service without its address": (
        *('bsre = "https://bsre.example.go.id"', 'bsre = ""', "tanda_tangan.bsre"),
        "jalur bsre memerlukan alamat layanannya",
    ),
    "a store elsewhere": (
        *('store = "postgresql://ikm@mesin/ikm"', 'store = "mysql://x"', "store"),
        "ditulis seperti postgresql://nama@mesin/basisdata",
    ),
    "a periode that is none": (
        *("[population.2026]", "[population.2026-13]", "population.2026-13"),
        "nama periode ditulis seperti 2026-10, 2026-TW3, 2026-S1, atau 2026",
    ),
    "too many people served": (
        *("ktp = 10000000", "ktp = 10000001", "population.2026.ktp"),
        "seharusnya 0 sampai 10000000",
    ),
    "a report day no February has": (
        "report_day = 28",
        "report_day = 29",
        "periode.report_day",
        "seharusnya 1 sampai 28",
    ),
    "a signer whom the procedure has not": (
        *('procedure = "sukma-rtl"', 'procedure = "eskm-semester"', "naskah.penandatangan"),
        "prosedur eskm-semester ditandatangani oleh camat",
    ),
    "a layanan twice": ('id = "kk"', 'id = "ktp"', "layanan", '"ktp" tertulis dua kali'),
}


@pytest.mark.parametrize("name", SAID)
def test_this_fault_of_an_office_is_said_in_one_whole_sentence(name: str) -> None:
    line, other, key, reason = SAID[name]
    assert WHOLE.count(line) == 1
    assert reason_of(WHOLE.replace(line, other)) == f"office.toml: isi kunci {key} tidak sesuai: {reason}."


def test_instruments_out_of_order_are_to_be_sorted() -> None:
    assert "kunci instrument tidak sesuai: urutkan menurut from, dari yang paling lama." in reason_of(
        OFFICE.replace("from = 2010-01-01", "from = 2018-01-01")
    )


def test_the_smallest_that_may_be_written_is_read() -> None:
    small = WHOLE.replace("simpan = 1000", "simpan = 2").replace("size = 14", "size = 10")
    small = small.replace("report_day = 28", "report_day = 1").replace("_hari = 3650", "_hari = 1")
    long = small.replace('id = "kk"', f'id = "{"k" * 40}"').replace("kk = 0\n", "")
    here = office(long)
    assert (here.cadangan.simpan, here.naskah.size, here.report_day, here.retensi.jawaban_hari) == (2, 10, 1, 1)
    assert here.layanan[1].id == "k" * 40


def test_an_official_serves_on_the_last_day_and_an_acting_one_goes_before_a_newer_definitive_one() -> None:
    newer = OFFICE.replace("from = 2024-01-02", "from = 2026-10-15")
    here = parse_office("office.toml", newer)
    assert here.official("camat", date(2026, 10, 20)).status == "Plh."
    assert "camat" not in here.vacant(date(2026, 12, 31)) and "camat" in here.vacant(date(2027, 1, 1))


def test_a_periode_with_two_instruments_is_named_with_the_day_of_the_change() -> None:
    here = parse_office("office.toml", OFFICE)
    with pytest.raises(IkmError) as caught:
        here.survey_of(here.periode("2017-TW2"))
    assert "2017-TW2" in str(caught.value) and "2017-05-25" in str(caught.value)
