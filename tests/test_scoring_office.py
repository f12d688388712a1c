"""office.toml is read strictly: what is wrong stops the start with the file, the key and the reason."""

from __future__ import annotations

from datetime import date

import pytest
from scoring_samples import NINE, OFFICE

from scoring.errors import SENTENCES, IkmError, shown
from scoring.office import Office, parse_office

SIGNING = "[public]"  # where a table about signing is put in front
PUBLIC = "https://survei.contoh.example"

# the line to change, what it becomes, the code, the key as named, and words of the reason
FAULTS: dict[str, tuple[str, str, str, str, str]] = {
    "no TOML": ('zona = "WIB"', "zona = “WIB”", "TOML_SYNTAX", "baris 6", "tanda kutip lurus"),
    "a path as Windows writes it": ('zona = "WIB"', 'zona = "C:\\Gambar"', "TOML_SYNTAX", "", "(/)"),
    "a day as offices print it": ('zona = "WIB"', "libur = [25-12-2026]", "TOML_SYNTAX", "", "misalnya 2026-12-25"),
    "a key written twice": ('zona = "WIB"', 'zona = "WIB"\nzona = "WIT"', "TOML_SYNTAX", "", "dua kali"),
    "an unknown key": ('zona = "WIB"', 'zona = "WIB"\nwarna = "biru"', "KEY_UNKNOWN", "warna", "zona"),
    "an unknown key in a table": ("report_day = 25", "report_hari = 25", "KEY_UNKNOWN", "periode.report_hari", "cut"),
    "an unknown key in the letterhead": ("alamat =", 'fax = "1"\nalamat =', "KEY_UNKNOWN", "kop.fax", "kontak"),
    "an unknown key in a list": ('id = "kk"', 'id = "kk"\nloket = 2', "KEY_UNKNOWN", "layanan[2].loket", "nama"),
    "an unknown key of an official": ('status = "Plh."', 'gelar = "S.H."', "KEY_UNKNOWN", "pejabat[2].gelar", "nip"),
    "an unknown key of the letter": ('di = "Contoh"', 'di = "Contoh"\nhal = ""', "KEY_UNKNOWN", "surat.hal", "sifat"),
    "an unknown key of the addresses": ("origins =", 'peta = ""\norigins =', "KEY_UNKNOWN", "public.peta", "survei"),
    "an unknown service in the people served": ("kk = 50", "kkk = 50", "KEY_UNKNOWN", "population.2026-10.kkk", "ktp"),
    "a lacking key": ('tempat = "Teladan"\n', "", "KEY_MISSING", "tempat", "belum diisi"),
    "a misspelt table": ("[kop]", "[kup]", "KEY_MISSING", "kop", "yang tertulis kup"),
    "a lacking key in a list": ('nama = "Kartu Keluarga"\n', "", "KEY_MISSING", "layanan[2].nama", "belum diisi"),
    "a lacking day": ("from = 2017-05-25\n", "", "KEY_MISSING", "instrument[2].from", "belum diisi"),
    "a number for a text": ('paper = "A4"', "paper = 4", "KEY_INVALID", "paper", "teks dalam tanda kutip"),
    "an empty text": ('nama = "Kecamatan Teladan"', 'nama = " "', "KEY_INVALID", "nama", "tidak boleh kosong"),
    "a word that is no choice": ('zona = "WIB"', 'zona = "wib"', "KEY_INVALID", "zona", "WIB, WITA, WIT"),
    "a procedure nobody knows": ("sukma-monthly", "sukma", "KEY_INVALID", "procedure", "eskm-semester"),
    "a cut nobody knows": ('cut = "bulanan"', 'cut = "mingguan"', "KEY_INVALID", "periode.cut", "tahunan"),
    "a text for a number": ("report_day = 25", 'report_day = "25"', "KEY_INVALID", "periode.report_day", "bilangan"),
    "a report day no February has": ("report_day = 25", "report_day = 29", "KEY_INVALID", "periode.report_day", "28"),
    "true for a number": ("report_day = 25", "report_day = true", "KEY_INVALID", "periode.report_day", "bilangan"),
    "a fraction for a number": ("ktp = 400", "ktp = 4.5", "KEY_INVALID", "population.2026-10.ktp", "bilangan bulat"),
    "fewer people served than none": ("ktp = 400", "ktp = -1", "KEY_INVALID", "population.2026-10.ktp", "0 sampai"),
    "a periode that is none": ("2026-10]", "2026-13]", "KEY_INVALID", "population.2026-13", "2026-TW3"),
    "a day in quotes": ("from = 2024-01-02", 'from = "2024-01-02"', "KEY_INVALID", "pejabat[1].from", "tanpa tanda"),
    "a day with an hour": ("from = 2024-01-02", "from = 2024-01-02T08:00:00", "KEY_INVALID", "pejabat[1].from", "jam"),
    "an end before the start": ("until = 2026-12-31", "until = 2023-12-31", "KEY_INVALID", "pejabat[1].until", "awal"),
    "a role nobody knows": ('role = "camat"', 'role = "lurah"', "KEY_INVALID", "pejabat[1].role", "verifikator-1"),
    "a status nobody knows": ("Plh.", "Pjs.", "KEY_INVALID", "pejabat[2].status", "Plt., Plh."),
    "an id with a space": ('id = "teladan"', 'id = "Kec Teladan"', "KEY_INVALID", "id", "huruf kecil"),
    "an id too long": ('id = "kk"', f'id = "{"k" * 41}"', "KEY_INVALID", "layanan[2].id", "paling panjang 40"),
    "a service written twice": ('id = "kk"', 'id = "ktp"', "KEY_INVALID", "layanan", "tertulis dua kali"),
    "services that are no list": ("[[layanan]]\n" + 'id = "ktp"', "[layanan]", "TOML_SYNTAX", "", ""),
    "a rule of another instrument": ('rule = "0.071"', 'rule = "0.11"', "KEY_INVALID", "instrument[1].rule", "exact"),
    "a reading of blanks": ("from = 2017-05-25", 'from = 2017-05-25\nblank = "-"', "KEY_INVALID", "[2].blank", "zero"),
    "instruments out of order": ("from = 2017-05-25", "from = 2009-05-25", "KEY_INVALID", "instrument", "urutkan"),
    "two instruments on one day": ("from = 2017-05-25", "from = 2010-01-01", "KEY_INVALID", "instrument", "urutkan"),
    "an address without a scheme": (f'"{PUBLIC}/"', '"survei.example/"', "KEY_INVALID", "public.survei", "https://"),
    "an address without its slash": (f'"{PUBLIC}/"', f'"{PUBLIC}"', "KEY_INVALID", "public.survei", "garis miring"),
    "an origin with a path": (f'["{PUBLIC}"]', f'["{PUBLIC}/"]', "KEY_INVALID", "public.origins", "bukan asal"),
    "an origin that is a number": (f'["{PUBLIC}"]', "[1]", "KEY_INVALID", "public.origins", "setiap isi daftar"),
    "a list that is a text": (f'["{PUBLIC}"]', f'"{PUBLIC}"', "KEY_INVALID", "public.origins", "daftar teks"),
    "a way of signing nobody knows": (
        SIGNING,
        '[tanda_tangan]\njalur = "cap"',
        "KEY_INVALID",
        "tanda_tangan.jalur",
        "ink",
    ),
    "a certificate from nobody trusted": (
        *(SIGNING, '[tanda_tangan]\njalur = "certificate"', "KEY_INVALID", "tanda_tangan.anchors", "dipercaya"),
    ),
    "a level without time stamps": (
        *(SIGNING, '[tanda_tangan]\ntingkat = "B-LT"', "KEY_INVALID", "tanda_tangan.tingkat", "cap waktu"),
    ),
    "time stamps from no address": (SIGNING, '[tanda_tangan]\ntsa = "tsa"', "KEY_INVALID", "tanda_tangan.tsa", "https"),
    "a service without its address": (
        *(SIGNING, '[tanda_tangan]\njalur = "bsre"\nanchors = ["a"]', "KEY_INVALID", "tanda_tangan.bsre", "alamat"),
    ),
    "an unknown key of signing": (SIGNING, "[tanda_tangan]\nnik = 1", "KEY_UNKNOWN", "tanda_tangan.nik", "jalur"),
    "an instrument nobody knows": (NINE, "skm-2030", "INSTRUMENT_UNKNOWN", "", "skm-2030 tidak dikenal"),
}


def office(text: str = OFFICE) -> Office:
    return parse_office("office.toml", text)


def refusal(text: str) -> IkmError:
    with pytest.raises(IkmError) as caught:
        parse_office("kantor/office.toml", text)
    return caught.value


@pytest.mark.parametrize("name", FAULTS)
def test_this_fault_is_named_by_file_key_and_reason(name: str) -> None:
    line, other, code, key, reason = FAULTS[name]
    assert line in OFFICE
    error = refusal(OFFICE.replace(line, f"{other}\n{line}" if line == SIGNING else other, 1))
    sentence = str(error)
    assert error.code == code
    assert (code == "INSTRUMENT_UNKNOWN") or sentence.startswith("kantor/office.toml: ")
    assert f"kunci {key}" in sentence or key in sentence
    assert reason in sentence and "\n" not in sentence


@pytest.mark.parametrize("list_name", ["layanan", "instrument", "pejabat"])
def test_a_list_that_is_lacking_or_empty_is_named(list_name: str) -> None:
    head, *entries = OFFICE.split("\n[")
    kept = [entry for entry in entries if not entry.startswith(f"[{list_name}]") and "population" not in entry]
    lacking = "\n[".join([head, *kept])
    assert (refusal(lacking).code, f"kunci {list_name}" in str(refusal(lacking))) == ("KEY_MISSING", True)
    assert "paling sedikit satu" in str(refusal(f"{list_name} = []\n{lacking}"))
    assert "daftar tabel" in str(refusal(f"{list_name} = 1\n{lacking}"))
    assert "isi ke-1 bukan tabel" in str(refusal(f"{list_name} = [1]\n{lacking}"))


def test_no_code_about_keys_is_left_without_a_test() -> None:
    codes = {code for _, _, code, _, _ in FAULTS.values()}
    assert codes >= {code for code in SENTENCES if code.startswith(("KEY_", "TOML_"))}


def test_a_valid_office_is_read_whole() -> None:
    here = office()
    assert (here.id, here.nama, here.zona, here.timezone) == ("teladan", "Kecamatan Teladan", "WIB", "Asia/Jakarta")
    assert (here.cut, here.report_day, here.paper, here.procedure) == ("bulanan", 25, "A4", "sukma-monthly")
    assert [item.id for item in here.layanan] == ["ktp", "kk"]
    assert here.population == {"2026-10": {"ktp": 400, "kk": 50}}
    assert here.kop.baris == ("PEMERINTAH KABUPATEN CONTOH", "KECAMATAN TELADAN")


def test_what_may_be_left_out_has_its_default() -> None:
    here = office(OFFICE.partition("[population")[0].replace("report_day = 25\n", ""))
    assert (here.report_day, here.population) == (1, {})
    assert (here.kop.kontak, here.kop.lambang) == ("", "")
    assert (here.surat.sifat, here.surat.tembusan) == ("Biasa", ())
    assert (here.tanda_tangan.jalur, here.tanda_tangan.tampilan, here.tanda_tangan.tingkat) == ("ink", "visible", "B-B")
    first = here.pejabat[0]
    assert (first.pangkat, first.nip, first.status) == ("", "", "")
    assert office(OFFICE.replace("until = 2026-12-31\n", "")).pejabat[0].until == date.max


def test_with_a_time_stamp_authority_the_level_is_the_highest_unless_another_is_written() -> None:
    stamped = '[tanda_tangan]\ntsa = "https://tsa.example.go.id"\n'
    for written, level in (("", "B-LTA"), ('tingkat = "B-T"\n', "B-T"), ('tingkat = ""\n', "B-LTA")):
        here = office(OFFICE.replace(SIGNING, f"{stamped}{written}{SIGNING}", 1))
        assert here.tanda_tangan.tingkat == level


def test_a_rule_and_a_reading_of_blanks_left_out_are_those_of_the_instrument() -> None:
    first, second = office().surveys
    assert (first.instrument.id, first.rule, first.blank) == ("kepmenpan-25-2004", "0.071", "available")
    assert (second.instrument.id, second.rule, second.blank) == (NINE, "exact", "available")


def test_what_is_asked_on_a_day_is_the_last_entry_begun_by_then() -> None:
    first, second = office().surveys
    here = office()
    assert here.survey_on(date(2017, 5, 24)).instrument == first.instrument
    assert here.survey_on(date(2017, 5, 25)).instrument == second.instrument
    assert here.survey_on(date(1999, 1, 1)).instrument == first.instrument


def test_a_periode_in_which_the_instrument_changed_cannot_be_scored_as_one() -> None:
    here = office()
    assert here.survey_of(here.periode("2017-06")).instrument.id == NINE
    with pytest.raises(IkmError, match="2017-05-25") as caught:
        here.survey_of(here.periode("2017-TW2"))
    assert caught.value.code == "PERIODE_INSTRUMENT"


def test_an_acting_official_goes_before_the_definitive_one_during_the_days_of_office() -> None:
    here = office()
    assert here.official("camat", date(2026, 9, 30)).nama == "Ratna Contohwati"
    assert here.official("camat", date(2026, 10, 1)).status == "Plh."
    assert here.official("camat", date(2026, 10, 31)).status == "Plh."
    assert here.official("camat", date(2026, 11, 1)).status == ""


@pytest.mark.parametrize(("role", "day"), [("sekcam", date(2026, 10, 1)), ("camat", date(2027, 1, 1))])
def test_a_role_that_nobody_holds_on_the_day_is_named(role: str, day: date) -> None:
    with pytest.raises(IkmError, match=f"{role}.*{day}") as caught:
        office().official(role, day)
    assert caught.value.code == "PEJABAT_MISSING"


def test_a_service_is_known_by_its_id() -> None:
    assert office().has_layanan("ktp")
    assert not office().has_layanan("Kartu Keluarga")


def test_an_office_cannot_be_changed_after_it_was_read() -> None:
    with pytest.raises(AttributeError):
        office().nama = "Kecamatan Lain"  # type: ignore[misc]


# what is put in front of [kop], and the reason that must be given for refusing it
MORE_FAULTS = {
    "a store elsewhere": ('store = "mysql://x"', "store", "ditulis seperti postgresql://"),
    "a holiday in quotes": ('libur = ["2026-12-25"]', "libur", "tanpa tanda kutip"),
    "a holiday with an hour": ("libur = [2026-12-25T08:00:00]", "libur", "tanpa tanda kutip"),
    "a holiday twice": ("libur = [2026-12-25, 2026-12-25]", "libur", "2026-12-25 tertulis dua kali"),
    "a paraf of nobody": ('[naskah]\nparaf = ["lurah"]', "naskah.paraf", '"lurah" bukan salah satu dari camat, sekcam'),
    "a paraf twice": ('[naskah]\nparaf = ["kasi", "kasi"]', "naskah.paraf", '"kasi" tertulis dua kali'),
    "a signer whom the procedure has not": (
        *('[naskah]\npenandatangan = "sekcam"', "naskah.penandatangan"),
        "prosedur sukma-monthly ditandatangani oleh camat",
    ),
    "comments kept longer than answers": (
        *("[retensi]\nkomentar_hari = 100\njawaban_hari = 99", "retensi.jawaban_hari"),
        "tidak boleh lebih pendek daripada komentar_hari",
    ),
    "one backup": ("[cadangan]\nsimpan = 1", "cadangan.simpan", "seharusnya 2 sampai 1000"),
    "a narrow margin": ("[naskah]\nmargin_atas = 9", "naskah.margin_atas", "seharusnya 10 sampai 60"),
}


@pytest.mark.parametrize("name", MORE_FAULTS)
def test_this_fault_of_what_may_be_left_out_is_named_by_key_and_reason(name: str) -> None:
    written, key, reason = MORE_FAULTS[name]
    error = refusal(OFFICE.replace("[periode]", f"{written}\n\n[periode]", 1))
    assert error.code == "KEY_INVALID"
    assert f"kunci {key} " in str(error) and reason in str(error)


LINES = {
    "a tab": ('nama = "Kartu Keluarga"', 'nama = "Kartu\\tKeluarga"', "tulis pada satu baris, tanpa tab"),
    "two lines": ('nama = "Kartu Keluarga"', 'nama = "Kartu\\nKeluarga"', "tulis pada satu baris, tanpa tab"),
    "a letter nobody sees": ('di = "Contoh"', 'di = "Con\\u200etoh"', "memuat huruf yang tidak tampak (U+200E)"),
    "a word without end": ('di = "Contoh"', f'di = "{"x" * 301}"', "memuat 301 huruf tanpa spasi, paling banyak 300"),
    "a formula": ('nama = "Kartu Keluarga"', 'nama = " @Kartu"', "tidak boleh diawali tanda =, +, -, atau @"),
    "a number pattern without a number": (
        *('di = "Contoh"', 'di = "Contoh"\npola_nomor = "{bulan}"'),
        "memuat {urut}; bagian yang dikenal: {urut}, {bulan}, {tahun}",
    ),
    "a number pattern nobody fills": (
        *('di = "Contoh"', 'di = "Contoh"\npola_nomor = "{urut}/{hari}"'),
        "memuat {urut}; bagian yang dikenal: {urut}, {bulan}, {tahun}",
    ),
}


@pytest.mark.parametrize("name", LINES)
def test_a_text_that_people_cannot_read_or_a_program_would_run_is_refused(name: str) -> None:
    line, other, reason = LINES[name]
    assert reason in str(refusal(OFFICE.replace(line, other, 1)))


def test_what_may_be_written_besides_is_read() -> None:
    more = 'store = "postgresql://ikm@mesin/ikm"\nlibur = [2026-12-25, 2026-08-17]\n\n[periode]'
    signed = '[naskah]\nparaf = ["kasi", "sekcam"]\nmargin_kiri = 40\n\n[periode]'
    here = office(OFFICE.replace("[periode]", more, 1).replace("[periode]", signed, 1))
    assert here.store == "postgresql://ikm@mesin/ikm"
    assert here.libur == (date(2026, 8, 17), date(2026, 12, 25))
    assert (here.naskah.paraf, here.naskah.margin, here.naskah.penandatangan) == (
        *(("kasi", "sekcam"), (25, 25, 25, 40)),
        "camat",
    )
    plain = office().naskah
    assert (plain.outline, plain.margin, plain.face, plain.size) == ("A", (25, 25, 25, 30), "serif", 12)
    numbered = OFFICE.replace('di = "Contoh"', 'di = "Contoh"\npola_nomor = "000/{urut}/{bulan}/{tahun}"')
    assert office(numbered).surat.pola_nomor == "000/{urut}/{bulan}/{tahun}"
    assert office(OFFICE.replace('di = "Contoh"', f'di = "{"x" * 300} {"x" * 300}"')).surat.di.count("x") == 600


def test_roles_that_the_procedure_needs_and_nobody_holds_on_the_day_are_named_once() -> None:
    assert office().vacant(date(2026, 10, 1)) == ("kasi", "staf")
    assert office().vacant(date(2027, 1, 1)) == ("camat", "kasi", "staf")
    assert office().vacant(date(2024, 1, 2)) == ("kasi", "staf")
    assert office().vacant(date(2024, 1, 1)) == ("camat", "kasi", "staf")
    initialled = OFFICE.replace("[periode]", '[naskah]\nparaf = ["sekcam", "kasi"]\n\n[periode]', 1)
    assert office(initialled).vacant(date(2026, 10, 1)) == ("kasi", "staf", "sekcam")


def test_in_the_procedure_of_the_follow_up_plan_the_secretary_may_sign() -> None:
    signed = OFFICE.replace("sukma-monthly", "sukma-rtl").replace(
        "[periode]", '[naskah]\npenandatangan = "sekcam"\n\n[periode]', 1
    )
    assert office(signed).naskah.penandatangan == "sekcam"
    assert office(signed).vacant(date(2026, 10, 1)) == ("kasi", "staf", "sekcam")


def test_what_nobody_can_see_is_shown_by_its_number_on_one_line() -> None:
    assert shown("a\tb\nc") == "a b c"
    assert shown("\x1b[31m") == "\\x1b[31m"
    assert shown("\xff\x9f") == "\xff\\x9f"
    assert shown("a\u202eb") == "a\\u202eb"
    assert shown(12) == "12"
