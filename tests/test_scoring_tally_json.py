"""tally.json in, result.json out: the same bytes always, and a file that is no tally is refused in one sentence."""

from __future__ import annotations

import copy
import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scoring_samples import ALL, NINE, part, rows_of, run_alone, tally

from scoring import tally_json
from scoring.__main__ import main
from scoring.errors import IkmError
from scoring.instrument import built_in
from scoring.tally import Tally

Change = Callable[[dict[str, Any]], object]


def sample() -> Tally:
    before = tally(part(rows_of("333333333")), periode="2026-09", mulai="2026-08-25", selesai="2026-09-24")
    return tally(
        part(rows_of("443344334 43434343- 333333333"), profil={"jenis_kelamin": {"L": 1, "P": 2}}),
        part(rows_of("222222222"), layanan="kk", channel="paper"),
        population={"ktp": 10, "kk": 4},
        previous=before,
    )


TEXT = tally_json.dump(sample())


def set_to(value: object, *path: str | int) -> Change:
    """Return the change that puts `value` at `path`."""

    def change(fields: Any) -> None:
        for key in path[:-1]:
            fields = fields[key]
        fields[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    """Return the change that takes away what is at `path`."""

    def change(fields: Any) -> None:
        for key in path[:-1]:
            fields = fields[key]
        del fields[path[-1]]

    return change


# what is wrong, how, and the place and reason that the sentence must name
BROKEN: dict[str, tuple[Change, str]] = {
    "another format": (set_to("tally/2", "format"), "format: seharusnya tally/1."),
    "a key too few": (drop("rule"), "berkas: seharusnya berisi tepat: blank, excluded"),
    "a key too many": (set_to(1, "catatan"), "berkas: seharusnya berisi tepat: blank, excluded"),
    "rehearsal in words": (set_to("ya", "rehearsal"), "rehearsal: seharusnya true atau false."),
    "an office that is a number": (set_to(7, "office"), "office: seharusnya teks yang tidak kosong."),
    "an empty name": (set_to("", "office_nama"), "office_nama: seharusnya teks yang tidak kosong."),
    "half a character": (
        set_to("\ud83d", "office_nama"),
        "office_nama: memuat tanda kendali atau huruf yang tidak utuh.",
    ),
    "a name over two lines": (
        set_to("K\nTP", "layanan", 0, "nama"),
        "layanan[0].nama: memuat tanda kendali atau huruf yang tidak utuh.",
    ),
    "a day that does not exist": (set_to("2026-02-30", "mulai"), "mulai: seharusnya tanggal seperti 2026-10-24."),
    "a day in another notation": (set_to("20261024", "selesai"), "selesai: seharusnya tanggal seperti 2026-10-24."),
    "an end before the start": (set_to("2026-09-24", "selesai"), "selesai: lebih awal daripada mulai."),
    "an instrument nobody knows": (set_to("skm-2030", "instrument"), "skm-2030"),
    "a form of another instrument": (
        set_to("sukma-jatim-11/1", "form"),
        "form: bukan kuesioner instrumen permenpanrb-14-2017.",
    ),
    "a rule nobody knows": (set_to("0.071", "rule"), "0.071"),
    "a reading of blanks nobody knows": (set_to("tebakan", "blank"), "tebakan"),
    "layanan as a table": (set_to({"ktp": "KTP"}, "layanan"), "layanan: seharusnya daftar."),
    "a layanan without a name": (drop("layanan", 0, "nama"), "layanan[0]: seharusnya berisi tepat: id, nama."),
    "a layanan id that is a number": (
        set_to(5, "layanan", 0, "id"),
        "layanan[0].id: seharusnya teks yang tidak kosong.",
    ),
    "a layanan written twice": (set_to("kk", "layanan", 0, "id"), "layanan[1].id: tertulis dua kali."),
    "people served by nobody": (
        set_to({"paspor": 4}, "population"),
        "population: seharusnya tabel bilangan dengan kunci: kk, ktp.",
    ),
    "people served as a text": (
        set_to("banyak", "population", "ktp"),
        "population.ktp: seharusnya bilangan bulat, nol atau lebih.",
    ),
    "parts that are none": (set_to(None, "parts"), "parts: seharusnya daftar."),
    "a part that is a number": (set_to(3, "parts", 0), "parts[0]: seharusnya berisi tepat"),
    "a part of an unknown layanan": (
        set_to("paspor", "parts", 0, "layanan"),
        "parts[0].layanan: tidak ada pada daftar layanan.",
    ),
    "a part of a list of layanan": (
        set_to(["ktp"], "parts", 0, "layanan"),
        "parts[0].layanan: seharusnya teks yang tidak kosong.",
    ),
    "a channel that is a number": (
        set_to(1, "parts", 0, "channel"),
        "parts[0].channel: seharusnya teks yang tidak kosong.",
    ),
    "fewer than no respondents": (
        set_to(-1, "parts", 0, "n"),
        "parts[0].n: seharusnya bilangan bulat, nol atau lebih.",
    ),
    "true as a number": (set_to(True, "parts", 0, "n"), "parts[0].n: seharusnya bilangan bulat, nol atau lebih."),
    "fewer respondents than answers": (
        set_to(2, "parts", 0, "n"),
        "parts[0].answers.persyaratan: jumlahnya tidak cocok dengan n dan complete.",
    ),
    "more complete ones than answers": (
        set_to(3, "parts", 0, "complete"),
        "parts[0].answers.pengaduan: jumlahnya tidak cocok dengan n dan complete.",
    ),
    "a question too few": (drop("parts", 0, "answers", "sarana"), "parts[0].answers: seharusnya berisi tepat"),
    "a question nobody asks": (
        set_to([0, 0, 0, 0], "parts", 0, "answers", "maklumat"),
        "parts[0].answers: seharusnya berisi tepat",
    ),
    "five values on a scale of four": (
        set_to([0, 0, 2, 1, 0], "parts", 0, "answers", "biaya"),
        "parts[0].answers.biaya: seharusnya 4 bilangan.",
    ),
    "a text among the counts": (
        set_to([0, 0, "2", 1], "parts", 0, "answers", "biaya"),
        "parts[0].answers.biaya: seharusnya bilangan bulat, nol atau lebih.",
    ),
    "a sum no scale allows": (
        set_to(99, "parts", 0, "complete_sums", "waktu"),
        "parts[0].complete_sums.waktu: di luar skala.",
    ),
    "a sum too few": (drop("parts", 0, "complete_sums", "waktu"), "parts[0].complete_sums: seharusnya berisi tepat"),
    "a profile code nobody offers": (
        set_to({"X": 1}, "parts", 0, "profil", "usia"),
        "parts[0].profil.usia: seharusnya tabel bilangan dengan kunci: 17-25, 26-35, 36-45, 46-55, 56+.",
    ),
    "more profiles than respondents": (
        set_to({"56+": 9}, "parts", 0, "profil", "usia"),
        "parts[0].profil.usia: jumlahnya lebih dari n.",
    ),
    "a profile field too few": (
        drop("parts", 0, "profil", "usia"),
        "parts[0].profil: seharusnya berisi tepat: disabilitas, jenis_kelamin, pekerjaan, pendidikan, usia.",
    ),
    "more repeats than respondents": (set_to(4, "parts", 0, "repeats"), "parts[0].repeats: lebih dari 3."),
    "more fast forms than respondents": (
        set_to({"fast": 4}, "parts", 0, "flags"),
        "parts[0].flags.fast: lebih dari 3.",
    ),
    "a flag nobody sets": (
        set_to({"slow": 1}, "parts", 0, "flags"),
        "parts[0].flags: seharusnya tabel bilangan dengan kunci: fast, honeypot, ticket.",
    ),
    "more in an hour than respondents": (
        set_to({"2026-10-05 09": 4}, "parts", 0, "hours"),
        "parts[0].hours.2026-10-05 09: lebih dari 3.",
    ),
    "an hour that is none": (
        set_to({"2026-10-05 9": 1}, "parts", 0, "hours"),
        "parts[0].hours: seharusnya tabel bilangan dengan kunci: .",
    ),
    "hours as a list": (set_to([1], "parts", 0, "hours"), "parts[0].hours: seharusnya tabel bilangan."),
    "more straight forms than whole ones": (
        set_to({"3": 3}, "parts", 0, "straight"),
        "parts[0].straight.3: lebih dari 2.",
    ),
    "a straight value off the scale": (
        set_to({"5": 1}, "parts", 0, "straight"),
        "parts[0].straight: seharusnya tabel bilangan dengan kunci: 1, 2, 3, 4.",
    ),
    "products that no answers can have": (
        set_to({"persyaratan prosedur": 49}, "parts", 0, "cross"),
        "parts[0].cross.persyaratan prosedur: lebih dari 48.",
    ),
    "products in the other order": (
        set_to({"prosedur persyaratan": 1}, "parts", 0, "cross"),
        "parts[0].cross: seharusnya tabel bilangan dengan kunci",
    ),
    "a question with itself": (
        set_to({"waktu waktu": 1}, "parts", 0, "cross"),
        "parts[0].cross: seharusnya tabel bilangan dengan kunci",
    ),
    "products of more forms than have a blank": (
        set_to({"waktu waktu": 17}, "parts", 0, "blank_cross"),
        "parts[0].blank_cross.waktu waktu: lebih dari 16.",
    ),
    "sums of more forms than have a blank": (
        set_to({"prosedur persyaratan": 5}, "parts", 0, "blank_sums"),
        "parts[0].blank_sums.prosedur persyaratan: lebih dari 4.",
    ),
    "a sum of a question with itself": (
        set_to({"waktu waktu": 1}, "parts", 0, "blank_sums"),
        "parts[0].blank_sums: seharusnya tabel bilangan dengan kunci",
    ),
    "pairs of more forms than have a blank": (
        set_to({"persyaratan prosedur": 2}, "parts", 0, "blank_both"),
        "parts[0].blank_both.persyaratan prosedur: lebih dari 1.",
    ),
    "a reason nobody gives for leaving an answer out": (
        set_to({"lain": 1}, "excluded"),
        "excluded: seharusnya tabel bilangan dengan kunci: ganda, lembar-rusak, luar-periode, uji-coba.",
    ),
    "parts left out that are a number": (set_to(7, "excluded_parts"), "excluded_parts: seharusnya daftar."),
    "tickets of an unknown layanan": (
        set_to({"paspor": {}}, "tickets"),
        "tickets.paspor: tidak ada pada daftar layanan.",
    ),
    "tickets as a list": (set_to([], "tickets"), "tickets: seharusnya tabel bilangan."),
    "tickets of an unknown mode": (
        set_to({"ktp": {"mode": "wajib", "issued": 1, "available": 1, "redeemed": 1}}, "tickets"),
        "tickets.ktp.mode: seharusnya salah satu dari off, optional, required.",
    ),
    "tickets without a mode": (
        set_to({"ktp": {"issued": 1, "available": 1, "redeemed": 1}}, "tickets"),
        "tickets.ktp: seharusnya berisi tepat: available, issued, mode, redeemed.",
    ),
    "fewer than no tickets": (
        set_to({"*": {"mode": "optional", "issued": 1, "available": 1, "redeemed": -1}}, "tickets"),
        "tickets.*.redeemed: seharusnya bilangan bulat, nol atau lebih.",
    ),
    "a periode before that is a text": (
        set_to("2026-09", "previous"),
        "previous: seharusnya berisi tepat: blank, excluded",
    ),
    "a fault in the periode before": (
        set_to(-5, "previous", "parts", 0, "n"),
        "previous.parts[0].n: seharusnya bilangan bulat, nol atau lebih.",
    ),
    "a rule nobody knows in the periode before": (set_to("x", "previous", "rule"), "hitung x tidak ada"),
}
NO_JSON = {
    "nothing": b"",
    "a word": b"rekap",
    "a list": b"[]",
    "null": b"null",
    "half a file": TEXT[: len(TEXT) // 2].encode(),
    "two files": (TEXT + TEXT).encode(),
    "not UTF-8": TEXT.replace("Kartu", "Kart\xfc").encode("latin-1"),
    "UTF-16": TEXT.encode("utf-16"),
    "a key written twice": TEXT.replace('"blank": "available",', '"blank": "available", "blank": "zero",', 1).encode(),
    "a fraction": TEXT.replace('"n": 3', '"n": 3.0').encode(),
    "a power of ten": TEXT.replace('"n": 3', '"n": 3e0').encode(),
    "not a number": TEXT.replace('"n": 3', '"n": NaN').encode(),
    "no end of digits": TEXT.replace('"n": 3', '"n": 3' + "0" * 5000).encode(),
    "no end of brackets": b"[" * 100_000,
    "no end of periode before": b'{"previous":' * 100_000,
}


REASONS = {
    "nothing": "bukan JSON yang sah (baris 1, kolom 1)",
    "a word": "bukan JSON yang sah (baris 1, kolom 1)",
    "a list": "seharusnya berisi tepat: blank",
    "null": "seharusnya berisi tepat: blank",
    "half a file": "bukan JSON yang sah (baris 250, kolom 5)",
    "two files": "bukan JSON yang sah (baris 568, kolom 1)",
    "not UTF-8": "bukan UTF-8",
    "UTF-16": "bukan UTF-8",
    "a key written twice": "kunci 'blank' tertulis dua kali",
    "a fraction": "3.0 bukan bilangan bulat",
    "a power of ten": "3e0 bukan bilangan bulat",
    "not a number": "NaN bukan bilangan bulat",
    "no end of digits": "bilangan lebih dari 15 angka",
    "no end of brackets": "lebih dari 32 tingkat",
    "no end of periode before": "lebih dari 32 tingkat",
}


def fed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> int:
    """Run the command in this process on `content`: an exception would be the traceback a user sees."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return main([])


def refused(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], content: bytes) -> str:
    assert fed(monkeypatch, content) == 2
    out, sentence = capfd.readouterr()
    assert out == ""
    assert sentence.count("\n") == 1 and sentence.endswith(".\n")
    return sentence


@pytest.mark.parametrize("name", BROKEN)
def test_a_tally_with_this_fault_is_refused_in_one_sentence_that_names_the_place(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    change, place = BROKEN[name]
    fields = copy.deepcopy(json.loads(TEXT))
    change(fields)
    assert f" {place}" in refused(monkeypatch, capfd, json.dumps(fields).encode())


@pytest.mark.parametrize("name", NO_JSON)
def test_what_is_no_tally_at_all_is_refused_in_one_sentence(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    sentence = refused(monkeypatch, capfd, NO_JSON[name])
    assert sentence.startswith(f"Rekap hitungan tidak sah pada berkas: {REASONS[name]}")


def test_the_command_itself_ends_with_2_and_one_sentence() -> None:
    done = run_alone(stdin=b'{"format": "tally/1"}')
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"Rekap hitungan tidak sah pada berkas:") and done.stderr.count(b"\n") == 1


def test_the_same_tally_gives_the_same_bytes_twice() -> None:
    first, second = run_alone(stdin=TEXT.encode()), run_alone(stdin=TEXT.encode())
    assert (first.returncode, first.stderr) == (0, b"")
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["format"] == "result/1"


def test_the_order_of_keys_and_parts_in_the_file_does_not_change_a_byte() -> None:
    fields = json.loads(TEXT)
    fields["parts"].reverse()
    turned = json.dumps(dict(reversed(fields.items()))).encode()
    assert run_alone(stdin=turned).stdout == run_alone(stdin=TEXT.encode()).stdout


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_the_bytes_do_not_depend_on_the_language_of_the_machine(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = TEXT.replace("Kecamatan Teladan", "Kécamatan Teladan").encode()
    expected = run_alone(stdin=text).stdout
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("PYTHONUTF8", "0")
    monkeypatch.setenv("PYTHONCOERCECLOCALE", "0")
    done = run_alone(stdin=text)
    assert (done.returncode, done.stdout) == (0, expected)
    assert "Kécamatan".encode() in expected


def test_a_tally_read_back_is_the_tally_that_was_written() -> None:
    assert tally_json.load(TEXT) == sample()
    assert tally_json.dump(tally_json.load(TEXT)) == TEXT
    assert TEXT.endswith("}\n")


@pytest.mark.parametrize("instrument", ALL)
def test_a_tally_of_every_pack_can_be_written_and_read(instrument: str) -> None:
    questions = len(built_in(instrument).questions)
    written = tally(part([[3] * questions], instrument=instrument), instrument=instrument)
    assert tally_json.load(tally_json.dump(written)) == written


def test_an_empty_tally_can_be_written_and_read() -> None:
    assert tally_json.load(tally_json.dump(tally())) == tally()


def test_names_of_people_and_places_keep_every_letter() -> None:
    written = replace(sample(), office_nama="Kecamatan 'Ālim – Śrī 🏛")
    assert tally_json.load(tally_json.dump(written)).office_nama == written.office_nama


@given(st.data())
def test_no_change_of_one_value_ever_gives_anything_but_a_tally_or_a_refusal(data: st.DataObject) -> None:
    fields = json.loads(TEXT)
    spot = fields
    while isinstance(spot, dict | list) and spot:
        keys = list(spot) if isinstance(spot, dict) else list(range(len(spot)))
        key = data.draw(st.sampled_from(keys))
        inside = spot[key]
        if not isinstance(inside, dict | list) or not inside or data.draw(st.booleans()):
            spot[key] = data.draw(ODD)
            break
        spot = inside
    try:
        assert isinstance(tally_json.load(json.dumps(fields)), Tally)
    except IkmError as error:
        assert "\n" not in str(error)


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.integers(10**14, 10**20),
    st.floats(),
    st.text(max_size=4),
    st.lists(st.integers(0, 3), max_size=5),
    st.dictionaries(st.text(max_size=3), st.integers(-1, 3), max_size=2),
    st.sampled_from([NINE, "\ud800", [], {}, [[[]]]]),
)
