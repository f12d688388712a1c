"""The packs shipped, and what a changed one is refused for: file, key and reason."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from fractions import Fraction
from importlib import resources

import pytest
from scoring_samples import ALL, ELEVEN, FOURTEEN, MAKLUMAT, NINE, POOLED, ROOT

from scoring.errors import IkmError
from scoring.figure import text as printed
from scoring.index import grade
from scoring.instrument import MOST_PROFIL, MOST_QUESTIONS, Instrument, built_in, built_in_ids, parse_instrument
from scoring.table import score_table


def source(instrument: str = NINE) -> str:
    return resources.files("scoring").joinpath("instruments", f"{instrument}.toml").read_text("utf-8")


def refusal(text: str) -> IkmError:
    with pytest.raises(IkmError) as caught:
        parse_instrument("paket.toml", text)
    return caught.value


def changed(old: str, new: str, instrument: str = NINE) -> str:
    """Return a pack's text with the first `old` replaced."""
    text = source(instrument)
    assert old in text
    return text.replace(old, new, 1)


WEIGHTED = '[[index]]\nid = "ikm"\nnama = "IKM"\nunsur = ["waktu", "biaya"]\nbobot = {{ {} }}\n\n[[rule]]'
BOX = '[[profil]]\nid = "x{}"\nnama = "X"\noptions = [{{ code = "A", nama = "A" }}]\n'
ASK = '[[question]]\nid = "q{}"\nunsur = "waktu"\ntext = "?"\noptions = ["a", "b", "c", "d"]\n'

# the changed text, the code, the key as named, words of the reason
FAULTS: dict[str, tuple[str, str, str, str]] = {
    "an unknown key": (changed("version = 1", "version = 1\nwarna = 1"), "KEY_UNKNOWN", "warna", "best_first"),
    "an unknown key in the scale": (changed("factor = 25", "faktor = 25"), "KEY_MISSING", "scale.factor", "belum"),
    "a further key in the scale": (changed("[sample]", "step = 1\n[sample]"), "KEY_UNKNOWN", "scale.step", "factor"),
    "an unknown key of an unsur": (changed("definisi", "arti"), "KEY_MISSING", "unsur[1].definisi", "belum diisi"),
    "an unknown key of a question": (
        changed("options =", "opsi = 1\noptions ="),
        "KEY_UNKNOWN",
        "question[1].opsi",
        "text",
    ),
    "an unknown key of a band": (changed('mutu = "D"', 'mutu = "D"\nnilai = 1'), "KEY_UNKNOWN", "band[1].nilai", "min"),
    "an unknown key of a rule": (
        changed('bobot = "1/n"', 'bobot = "1/n"\nx = 1'),
        "KEY_UNKNOWN",
        "rule[1].x",
        "places",
    ),
    "no version": (changed("version = 1\n", ""), "KEY_MISSING", "version", "belum diisi"),
    "a day in quotes": (
        changed("valid_from = 2017-05-09", 'valid_from = "2017"'),
        "KEY_INVALID",
        "valid_from",
        "tanggal",
    ),
    "a gap between bands": (
        changed('"65.00"', '"65.01"'),
        "KEY_INVALID",
        "band[2].min",
        '"65.00" agar tidak ada celah',
    ),
    "bands that overlap": (changed('"76.60"', '"76.61"'), "KEY_INVALID", "band[3].min", '"76.62"'),
    "bands that begin too high": (changed('"25.00"', '"26.00"'), "KEY_INVALID", "band[1].min", '"25.00"'),
    "bands that end too low": (changed('"100.00"', '"99.00"'), "KEY_INVALID", "band[4].max", '"100.00"'),
    "a band turned round": (changed('max = "64.99"', 'max = "24.00"'), "KEY_INVALID", "band[1].min", "celah"),
    "a limit that is no number": (
        changed('"64.99"', '"NaN"'),
        "KEY_INVALID",
        "band[1].max",
        '"NaN" bukan angka desimal',
    ),
    "a limit without quotes": (changed('"64.99"', "64.99"), "KEY_INVALID", "band[1].max", "teks dalam tanda kutip"),
    "weights that do not sum to 1": (
        changed("[[rule]]", WEIGHTED.format('waktu = "1/2", biaya = "1/3"')).replace(
            '[[index]]\nid = "ikm"\nnama = "Indeks Kepuasan Masyarakat"\n', ""
        ),
        "KEY_INVALID",
        "index[1].bobot",
        "jumlah bobot 5/6, seharusnya tepat 1",
    ),
    "a weight too few": (
        changed("[[rule]]", WEIGHTED.format('waktu = "1"')).replace('id = "ikm"', 'id = "satu"', 1),
        "KEY_MISSING",
        "index[2].bobot.biaya",
        "belum diisi",
    ),
    "a weight of an unsur left out": (
        changed("[[rule]]", WEIGHTED.format('waktu = "1/2", biaya = "1/2", produk = "0"')).replace(
            'id = "ikm"', 'id = "satu"', 1
        ),
        "KEY_UNKNOWN",
        "index[2].bobot.produk",
        "waktu, biaya",
    ),
    "a weight that is no number": (changed('bobot = "0.11"', 'bobot = "1/0"'), "KEY_INVALID", "rule[2].bobot", '"1/0"'),
    "a negative weight": (changed('bobot = "0.11"', 'bobot = "-0.11"'), "KEY_INVALID", "rule[2].bobot", '"-0.11"'),
    "a weight without quotes": (changed('bobot = "0.11"', "bobot = 0.11"), "KEY_INVALID", "rule[2].bobot", "kutip"),
    "a question for an unknown unsur": (
        changed('unsur = "biaya"', 'unsur = "tarif"'),
        "KEY_INVALID",
        "question[4].unsur",
        '"tarif"',
    ),
    "an unsur nobody asks about": (
        changed('unsur = "biaya"', 'unsur = "waktu"'),
        "KEY_INVALID",
        "question",
        "unsur biaya",
    ),
    "an option too few": (changed(', "Gratis"', ""), "KEY_INVALID", "question[4].options", "seharusnya 4 pilihan"),
    "an empty option": (changed('"Gratis"', '""'), "KEY_INVALID", "question[4].options", "tidak kosong"),
    "an index of an unknown unsur": (
        changed('unsur = ["persyaratan"', 'unsur = ["syarat"', ELEVEN),
        "KEY_INVALID",
        "index[2].unsur",
        "syarat",
    ),
    "an index with an unsur twice": (
        changed('unsur = ["persyaratan"', 'unsur = ["waktu"', ELEVEN),
        "KEY_INVALID",
        "index[2].unsur",
        '"waktu" tertulis',
    ),
    "an index id written twice": (
        changed('id = "ikm-9"', 'id = "ikm"', ELEVEN),
        "KEY_INVALID",
        "index",
        '"ikm" tertulis dua kali',
    ),
    "an unsur id written twice": (
        changed('id = "biaya"', 'id = "waktu"'),
        "KEY_INVALID",
        "unsur",
        '"waktu" tertulis dua kali',
    ),
    "a question id written twice": (
        changed('id = "biaya"\nunsur', 'id = "waktu"\nunsur'),
        "KEY_INVALID",
        "question",
        '"waktu" tertulis',
    ),
    "a rule id written twice": (
        changed('id = "0.111"', 'id = "0.11"'),
        "KEY_INVALID",
        "rule",
        '"0.11" tertulis dua kali',
    ),
    "a profile id written twice": (changed('id = "usia"', 'id = "pekerjaan"'), "KEY_INVALID", "profil", '"pekerjaan"'),
    "a profile code written twice": (
        changed('code = "SMA"', 'code = "SMP"'),
        "KEY_INVALID",
        "profil[3].options",
        '"SMP" tertulis',
    ),
    "a sample rule nobody knows": (changed("krejcie-morgan", "slovin"), "KEY_INVALID", "sample.rule", "krejcie-morgan"),
    "a scale turned round": (changed("max = 4", "max = 1"), "KEY_INVALID", "scale.max", "lebih dari 1"),
    "a reading of blanks nobody knows": (changed('"available"', '"none"'), "KEY_INVALID", "default_blank", "complete"),
    "places beyond reason": (
        changed("nrr_places = 2", "nrr_places = 7"),
        "KEY_INVALID",
        "rule[4].nrr_places",
        "0 sampai 6",
    ),
    "more questions than columns": (
        source() + "\n".join(ASK.format(number) for number in range(16)),
        "KEY_INVALID",
        "question",
        "24",
    ),
    "more profile fields than columns": (
        source() + "\n".join(BOX.format(number) for number in range(4)),
        "KEY_INVALID",
        "question",
        "8 isian",
    ),
    "a default rule that is none": (changed('default_rule = "exact"', 'default_rule = "x"'), "RULE_UNKNOWN", "x", NINE),
    "no TOML": (source() + "[[", "TOML_SYNTAX", "", "tidak dapat dibaca"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_this_fault_of_a_pack_is_named_by_file_key_and_reason(name: str) -> None:
    text, code, key, reason = FAULTS[name]
    error = refusal(text)
    assert (error.code, "\n" in str(error)) == (code, False)
    assert code == "RULE_UNKNOWN" or str(error).startswith("paket.toml: ")
    assert re.search(rf"\b{re.escape(key)}(\W|$)" if key else "", str(error))
    assert reason in str(error)


def test_a_pack_of_thirty_unsur_is_refused_and_does_not_crash() -> None:
    more = (f'[[unsur]]\nid = "u{number}"\nnama = "U"\ndefinisi = "U"\n' for number in range(21))
    assert refusal(source() + "\n".join(more)).code == "KEY_INVALID"


def test_these_packs_are_shipped_and_no_others() -> None:
    assert built_in_ids() == tuple(sorted(ALL))
    with pytest.raises(IkmError, match=", ".join(sorted(ALL))) as caught:
        built_in("../office")
    assert caught.value.code == "INSTRUMENT_UNKNOWN"


@pytest.mark.parametrize(("instrument", "unsur"), [(NINE, 9), (MAKLUMAT, 9), (ELEVEN, 11), (FOURTEEN, 14)])
def test_a_pack_has_this_many_unsur_each_with_one_question(instrument: str, unsur: int) -> None:
    pack = built_in(instrument)
    assert len(pack.unsur) == len(pack.questions) == unsur
    assert [item.number for item in pack.unsur] == list(range(1, unsur + 1))
    assert {question.unsur for question in pack.questions} == {item.id for item in pack.unsur}


@pytest.mark.parametrize("instrument", ALL)
def test_a_pack_is_called_as_its_file_and_scores_exactly_by_default(instrument: str) -> None:
    pack = built_in(instrument)
    assert (pack.id, pack.form) == (instrument, f"{instrument}/{pack.version}")
    assert (pack.default_rule, pack.default_blank, pack.rule("exact").bobot) == ("exact", "available", None)
    assert (pack.low, pack.high, pack.factor) == (1, 4, 25)
    assert all(sum(index.bobot) == 1 for index in pack.indexes)
    assert pack.indexes[0].unsur == tuple(item.id for item in pack.unsur)


@pytest.mark.parametrize("instrument", ALL)
def test_a_pack_fits_the_columns_of_the_store(instrument: str) -> None:
    pack = built_in(instrument)
    assert len(pack.questions) <= MOST_QUESTIONS and len(pack.profil) <= MOST_PROFIL
    assert all(re.fullmatch("[a-z_]{1,32}", item.id) for item in (*pack.unsur, *pack.questions, *pack.profil))
    assert all(re.fullmatch(r"[A-Z0-9+-]{1,16}", code) for field in pack.profil for code, _ in field.options)


@pytest.mark.parametrize("instrument", ALL)
def test_every_value_from_25_to_100_has_a_letter_and_none_falls_between_two(instrument: str) -> None:
    pack = built_in(instrument)
    letters = [grade(pack, Fraction(value, 1000)) for value in range(25_000, 100_001)]
    order = [band.mutu for band in letters if band]
    assert len(order) == 75_001
    assert order == sorted(order, reverse=True) and set(order) == set("ABCD")


@pytest.mark.parametrize(
    ("instrument", "limits"),
    [
        (NINE, ["25.00-64.99", "65.00-76.60", "76.61-88.30", "88.31-100.00"]),
        (ELEVEN, ["25.00-64.99", "65.00-76.60", "76.61-88.30", "88.31-100.00"]),
        (FOURTEEN, ["25.00-43.75", "43.76-62.50", "62.51-81.25", "81.26-100.00"]),
        (MAKLUMAT, ["25.00-43.75", "43.76-62.50", "62.51-81.25", "81.26-100.00"]),
    ],
)
def test_the_bands_are_those_of_the_regulation(instrument: str, limits: list[str]) -> None:
    bands = built_in(instrument).bands
    assert [f"{band.min}-{band.max}" for band in bands] == limits
    assert [(band.mutu, band.kinerja) for band in bands] == [
        ("D", "Tidak baik"),
        ("C", "Kurang baik"),
        ("B", "Baik"),
        ("A", "Sangat baik"),
    ]


@pytest.mark.parametrize("instrument", ALL)
def test_outside_the_bands_a_value_keeps_the_nearest_letter(instrument: str) -> None:
    letters = [grade(built_in(instrument), Fraction(value)) for value in ("24.75", "100.10")]
    assert [band and band.mutu for band in letters] == ["D", "A"]


def test_the_form_of_14_2017_asks_for_sarana_before_pengaduan_although_u8_is_pengaduan() -> None:
    pack = built_in(NINE)
    assert [item.id for item in pack.unsur][-2:] == ["pengaduan", "sarana"]
    assert [question.id for question in pack.questions][-2:] == ["sarana", "pengaduan"]


def test_the_eleven_are_the_nine_with_the_same_words_and_two_more() -> None:
    nine, eleven = built_in(NINE), built_in(ELEVEN)
    assert eleven.unsur[:9] == nine.unsur and eleven.questions[:9] == nine.questions
    assert [item.id for item in eleven.unsur[9:]] == ["transparansi", "integritas"]
    assert eleven.indexes[1].unsur == tuple(item.id for item in nine.unsur)


def test_the_nine_of_2014_have_maklumat_where_those_of_2017_have_sarana() -> None:
    older, newer = ({item.id for item in built_in(name).unsur} for name in (MAKLUMAT, NINE))
    assert (older - newer, newer - older) == ({"maklumat"}, {"sarana"})


def test_options_of_biaya_kepastian_and_pengaduan_have_words_of_their_own() -> None:
    def options(pack: Instrument, question: str) -> tuple[str, ...]:
        return next(item.options for item in pack.questions if item.id == question)

    assert options(built_in(NINE), "biaya") == ("Sangat mahal", "Cukup mahal", "Murah", "Gratis")
    assert options(built_in(NINE), "pengaduan")[0] == "Tidak ada"
    assert options(built_in(FOURTEEN), "kepastian_biaya")[2] == "Banyak sesuainya"
    assert options(built_in(FOURTEEN), "kepastian_jadwal")[3] == "Selalu tepat"


def test_unsur_outside_the_first_index_are_asked_but_neither_printed_nor_weighed() -> None:
    only_two = WEIGHTED.format('waktu = "1/4", biaya = "3/4"').replace("[[rule]]", "[[index]]")
    pack = parse_instrument("paket.toml", changed('[[index]]\nid = "ikm"', f'{only_two}\nid = "semua"'))
    heading = ",".join(question.id for question in pack.questions)
    figures = score_table("rekap.csv", f"{heading}\n1,1,4,2,1,1,1,1,1\n", pack, "exact", "available", nrr=False)
    assert [(entry["id"], entry["bobot"]) for entry in figures["unsur"]] == [("waktu", "1/4"), ("biaya", "3/4")]
    assert [(index["id"], index["ikm"]) for index in figures["indexes"]] == [("ikm", "62.50"), ("semua", "36.11")]


def test_weights_of_an_index_may_differ_as_long_as_they_sum_to_1() -> None:
    heavy = WEIGHTED.format('waktu = "0.7", biaya = "3/10"').replace('id = "ikm"', 'id = "berat"')
    index = parse_instrument("paket.toml", changed("[[rule]]", heavy)).indexes[1]
    assert index.bobot == (Fraction(7, 10), Fraction(3, 10))


def test_no_figure_of_a_pack_is_read_as_a_float() -> None:
    for instrument in ALL:
        plain = json.dumps(tomllib.loads(source(instrument)), default=str)
        assert not re.search(r"[:\[ ]-?\d+\.\d+[,\]}]", plain)
        assert printed(built_in(instrument).indexes[0].bobot[0], 4) is not None


@pytest.mark.docs
@pytest.mark.parametrize("instrument", ALL)
def test_the_sources_of_every_pack_are_told(instrument: str) -> None:
    told = (ROOT / "docs" / "sumber.md").read_text("utf-8")
    assert f"## {instrument} " in told
    named = re.findall(r"https?://[^\s);]+", source(instrument))
    assert [address for address in named if address.rstrip(".,") not in told] == []


@pytest.mark.parametrize(
    ("written", "key", "reason"),
    [
        ("version = 1000", "version", "seharusnya 1 sampai 999"),
        ("min = 10", "scale.min", "seharusnya 0 sampai 9"),
        ("max = 11", "scale.max", "seharusnya 1 sampai 10"),
        ("factor = 101", "scale.factor", "seharusnya 1 sampai 100"),
        ("nrr_places = 7", "rule[2].nrr_places", "seharusnya 0 sampai 6"),
        ("product_places = 7", "rule[2].product_places", "seharusnya 0 sampai 6"),
        ("index_places = 7", "rule[2].index_places", "seharusnya 0 sampai 6"),
    ],
)
def test_a_number_of_a_pack_has_these_bounds(written: str, key: str, reason: str) -> None:
    name = written.partition(" ")[0]
    places = 'bobot = "0.4"'
    old = places if name.endswith("places") else next(part for part in BOUNDED if part.startswith(f"{name} = "))
    new = f"{places}, {written}" if name.endswith("places") else written
    with pytest.raises(IkmError) as caught:
        parse_instrument("kecil.toml", POOLED.replace(old, new, 1))
    assert str(caught.value) == f"kecil.toml: isi kunci {key} tidak sesuai: {reason}."


BOUNDED = ("version = 1", "min = 1", "max = 4", "factor = 25")


def test_what_a_pack_leaves_out_has_its_default_and_what_it_writes_is_kept() -> None:
    pack = parse_instrument("kecil.toml", POOLED.replace('bobot = "0.4"', 'bobot = "0.4", index_places = 0'))
    assert pack.best_first is False and {unsur.cost for unsur in pack.unsur} == {False}
    assert pack.profil[0].options == (("L", "Laki-laki"),)
    rule = pack.rule("0.4")
    assert (rule.nrr_places, rule.product_places, rule.index_places) == (None, None, 0)
    with pytest.raises(IkmError) as caught:
        pack.rule("x")
    assert str(caught.value) == "Aturan hitung x tidak ada pada instrumen kecil; yang ada: exact, 0.4."


def test_a_band_may_hold_one_value_alone() -> None:
    narrow = 'mutu = "B+", kinerja = "Cukup", min = "62.51", max = "62.51" },\n  { mutu = "A", '
    pack = parse_instrument(
        "kecil.toml",
        POOLED.replace('mutu = "A", ', narrow).replace('min = "62.51", max = "100', 'min = "62.52", max = "100'),
    )
    assert [pack.band(Decimal(value)).mutu for value in ("62.50", "62.51", "62.52")] == ["B", "B+", "A"]


def test_a_pack_has_as_many_questions_and_fields_as_the_store_has_columns() -> None:
    question = '  { id = "q", unsur = "waktu", text = "Jam?", options = ["1", "2", "3", "4"] },\n'
    more = "".join(question.replace('"q"', f'"q{n}"') for n in range(MOST_QUESTIONS - 3))
    field = '{ id = "f", nama = "F", options = [{ code = "L", nama = "L" }] }'
    fields = ", ".join(field.replace('"f"', f'"f{n}"') for n in range(MOST_PROFIL))
    text = POOLED.replace("question = [\n", f"question = [\n{more}").partition("profil =")[0]
    pack = parse_instrument("kecil.toml", f"{text}profil = [{fields}]\n")
    assert (len(pack.questions), len(pack.profil)) == (MOST_QUESTIONS, MOST_PROFIL)
