"""The words of the pages: the same keys in every language, and replies in the language of the caller."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from http_samples import FORMULIR, JAWABAN, NINE, PACK, Collector, Returned, body, collector, count, form
from werkzeug.test import TestResponse

from collector.bahasa import CODES, LOCALE, PACKS, load_packs, load_words
from collector.pages import LANGUAGE_PATH
from scoring.errors import IkmError

OTHERS = CODES[1:]
THANKS = {"id": "Terima kasih", "jv": "Matur nuwun", "en": "Thank you", "mudah": "Terima kasih"}
MISSING = {
    "id": "Pertanyaan 3 belum dijawab.",
    "jv": "Pitakenan 3 dereng dipunwangsuli.",
    "en": "Question 3 has not been answered.",
    "mudah": "Pertanyaan 3 belum dijawab.",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collector]:
    with collector(tmp_path_factory.mktemp("bahasa")) as running:
        yield running


# the files


@pytest.mark.parametrize("file", [f"{code}.toml" for code in OTHERS])
@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kirim_lagi = "', 'kirim_sekali = "', "kuesioner.skrip.kirim_lagi belum ada"),
        ("[kuesioner.skrip]\n", '[kuesioner.skrip]\nlebih = "x"\n', "kuesioner.skrip.lebih tidak dikenal"),
        ("{isi} ", "", "kuesioner.skrip.kemajuan seharusnya memuat tepat {isi} {jumlah}"),
        ("{hari} ", "{hari} {jam} ", "seharusnya memuat tepat {hari}"),
        ('situs = "', 'situs = "{x}', "kuesioner.situs seharusnya tanpa kurung kurawal"),
        ("TICKET_TYPO = ", "TICKET_NONE = ", "kuesioner.salah.TICKET_TYPO belum ada"),
        ('cap = "', 'cap = "" # "', "umum.cap masih kosong"),
        ("kalimat = [", 'kalimat = ["x", ', "kalimat[6] tidak dikenal"),
    ],
)
def test_a_language_that_lacks_a_word_or_has_one_more_stops_the_build(
    tmp_path: Path, file: str, old: str, new: str, says: str
) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale")
    text = (tmp_path / "locale" / file).read_text("utf-8")
    assert old in text
    (tmp_path / "locale" / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(IkmError) as stopped:
        load_words(tmp_path / "locale")
    assert stopped.value.code == "LOCALE_INCOMPLETE"
    assert str(stopped.value).startswith(f"{file}: kunci ") and says in str(stopped.value)
    assert "\n" not in str(stopped.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[unsur]\n", '[unsur]\nlain = "x"\n', "unsur.lain tidak dikenal"),
        ("[question.waktu]\n", "[question.jam]\n", "question.waktu.text belum ada"),
        ("options = [", 'options = ["x", ', "options[5] tidak dikenal"),
        ("[profil.usia.options]\n", '[profil.usia.options]\n"99" = "x"\n', "profil.usia.options.99 tidak dikenal"),
    ],
)
def test_the_words_of_a_pack_that_do_not_fit_it_stop_the_build(tmp_path: Path, old: str, new: str, says: str) -> None:
    shutil.copytree(LOCALE, tmp_path / "locale")
    file = tmp_path / "locale" / PACKS / f"{PACK.id}.jv.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(IkmError) as stopped:
        load_packs(tmp_path / "locale")
    assert str(stopped.value).startswith(f"{PACK.id}.jv.toml: kunci ") and says in str(stopped.value)


def test_words_for_a_pack_that_does_not_exist_a_lacking_file_and_a_broken_one_are_named(tmp_path: Path) -> None:
    def broken(change: Callable[[Path], object]) -> str:
        shutil.rmtree(tmp_path / "locale", ignore_errors=True)
        shutil.copytree(LOCALE, tmp_path / "locale")
        change(tmp_path / "locale")
        with pytest.raises(IkmError) as stopped:
            load_words(tmp_path / "locale")
            load_packs(tmp_path / "locale")
        return f"{stopped.value.code} {stopped.value}"

    stray = broken(lambda folder: (folder / PACKS / "lain.jv.toml").write_text("", "utf-8"))
    assert stray.startswith("LOCALE_INCOMPLETE lain.jv.toml")
    assert broken(lambda folder: (folder / "jv.toml").unlink()).startswith("FILE_MISSING")
    assert broken(lambda folder: (folder / "en.toml").write_text("x", "utf-8")).startswith("TOML_SYNTAX en.toml")


# the replies


def lang(reply: TestResponse) -> str:
    page = reply.get_data(as_text=True)
    return page.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize("code", CODES)
def test_what_is_missing_is_said_in_the_language_of_the_form_and_of_the_json(here: Collector, code: str) -> None:
    before = count(here.workspace)
    page = here.send_form(form(waktu="", bahasa=code))
    assert page.status_code == 422
    assert lang(page) == ("id" if code == "mudah" else code)
    assert Returned(page.get_data(as_text=True)).links == {"#i-waktu": MISSING[code]}
    reply = here.send(body(1, a=[*NINE[:2], None, *NINE[3:]], bahasa=code))
    assert reply.status_code == 422
    assert [problem["text"] for problem in reply.get_json()["problems"]] == [MISSING[code]]
    assert count(here.workspace) == before


@pytest.mark.parametrize("code", CODES)
def test_the_receipt_and_the_errors_are_in_the_language_of_the_post(here: Collector, code: str) -> None:
    sent = here.send_form(form(bahasa=code))
    assert sent.status_code == 303
    assert sent.headers["Location"].endswith("" if code == "id" else f"?bahasa={code}")
    thanks = here.client.get(sent.headers["Location"])
    assert THANKS[code] in thanks.text and lang(thanks) == ("id" if code == "mudah" else code)
    words = load_words()[code]["galat"]["halaman"]["formulir_lama"]
    assert words["judul"] in here.send_form(form(f="lama/1", bahasa=code)).text
    assert here.send(body(2, f="lama/1", bahasa=code)).get_json()["galat"] == " ".join(words["kalimat"])


@pytest.mark.parametrize("named", ["", "xx", "../id", "id.toml", "JV"])
def test_an_unknown_language_is_answered_in_indonesian(here: Collector, named: str) -> None:
    assert lang(here.send_form(form(waktu="", bahasa=named))) == "id"
    assert here.send(body(3, f="x/1", bahasa=named)).get_json()["galat"].startswith("Jawaban belum tersimpan")
    assert "Terima kasih" in here.client.get("/terima/K7QM-2XTA-9F", query_string={"bahasa": named}).text


@pytest.mark.parametrize("value", [1, None, ["jv"], {}])
def test_a_language_in_json_is_a_text(here: Collector, value: Any) -> None:
    assert here.send(body(4, bahasa=value)).status_code == 400


def test_the_same_answer_in_four_languages_is_one_row(tmp_path: Path) -> None:
    with collector(tmp_path) as mine:
        replies = [mine.send(body(7, bahasa=code)) for code in CODES]
        assert [reply.status_code for reply in replies] == [201, 200, 200, 200]
        assert len({reply.get_json()["kode"] for reply in replies}) == 1
        assert len(mine.rows()) == 1
        for code in CODES:
            assert mine.send_form(form(bahasa=code)).status_code == 303
        stored = [{**row, "id": 0, "nonce": 0, "seq": 0} for row in mine.rows()[1:]]
        assert stored == stored[:1] * 4


# the switch without script


@pytest.mark.parametrize("code", CODES)
def test_the_switch_gives_the_same_form_back_with_everything_kept_and_stores_nothing(
    here: Collector, code: str
) -> None:
    before = count(here.workspace)
    given = form(waktu="", saran="Antre <lama> & panas.", usia="26-35", channel="4", bahasa=code)
    page = here.client.post(LANGUAGE_PATH, data=given)
    assert page.status_code == 200
    assert lang(page) == ("id" if code == "mudah" else code)
    back = Returned(page.get_data(as_text=True))
    kept = {name: value for name, value in given.items() if value and name != "bahasa"}
    assert {name: back.fields.get(name) for name in kept} == kept
    assert "waktu" not in back.fields and back.links == {} and back.invalid == set()
    assert count(here.workspace) == before


@pytest.mark.parametrize(
    ("changes", "status"), [({"f": "x/1"}, 410), ({"s": "tiada"}, 422), ({"u": "lain"}, 422), ({"f": ""}, 410)]
)
def test_the_switch_does_not_show_a_form_that_is_not_ours(
    here: Collector, changes: dict[str, str], status: int
) -> None:
    assert here.client.post(LANGUAGE_PATH, data=form(bahasa="en", **changes)).status_code == status


def test_the_switch_refuses_strangers_other_types_and_floods_like_the_form(here: Collector) -> None:
    data = form(bahasa="en")
    assert here.client.post(LANGUAGE_PATH, data=data, headers={"Origin": "https://jahat.example"}).status_code == 403
    assert here.client.post(LANGUAGE_PATH, data=b"{}", content_type="application/json").status_code == 415
    assert here.client.post(LANGUAGE_PATH, data={"x": "y" * 20_000}).status_code == 413
    assert here.client.get(LANGUAGE_PATH).status_code == 405
    assert here.client.get(JAWABAN).status_code == here.client.get(FORMULIR).status_code == 405


def test_a_form_that_comes_back_without_script_shows_the_text_as_it_will_be_stored(here: Collector) -> None:
    page = here.send_form(form(waktu="", saran="Hubungi saya di warga@contoh.example"))
    assert "Akan dikirim sebagai:" in page.text and "Hubungi saya di ###" in page.text
    plain = here.send_form(form(waktu="", saran="Antrean lama."))
    assert '<p class="samar" id="samar" aria-live="polite" hidden>' in plain.text
