"""The packs' words in other languages: nothing missing or unknown, nothing said twice, nothing much longer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from scoring_samples import ALL, NINE, ROOT

from scoring.instrument import Instrument, built_in, built_in_ids

Words = dict[str, Any]

FOLDER = ROOT / "site" / "locale" / "instrumen"
PAGE = (ROOT / "docs" / "terjemahan.md").read_text("utf-8")
BAHASA = ("en", "jv", "mudah")
MOST_TIMES = 1.6  # of the Indonesian text: a questionnaire of any language must fit 14 KiB
ALWAYS_FITS = 24  # letters: "S2" and "Ya" cannot be said in three
MOST_WORDS = 12  # in a question of the easy language
OPTION = re.compile(r"[A-Za-z][A-Za-z',/ -]*")  # words only: no number, no sign that draws a face
ACRONYM = re.compile(r"\b[A-Z]{2,}\b")


def translation(instrument: str, bahasa: str) -> Words:
    """Return the words of one pack in one language."""
    return tomllib.loads((FOLDER / f"{instrument}.{bahasa}.toml").read_text("utf-8"))


def original(pack: Instrument) -> Words:
    """Return the pack's own words in the shape of a translation."""
    return {
        "unsur": {unsur.id: unsur.nama for unsur in pack.unsur},
        "question": {q.id: {"text": q.text, "options": list(q.options)} for q in pack.questions},
        "profil": {field.id: {"nama": field.nama, "options": dict(field.options)} for field in pack.profil},
    }


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every text with its place, such as ("question.waktu.options.0", "Tidak cepat")."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path, value
        return
    for name, item in items:
        yield from leaves(item, f"{path}.{name}".lstrip("."))


def faults(own: Words, words: Words) -> list[str]:
    """Return what is wrong with the translation `words` of the pack whose own words are `own`."""
    texts, expected = dict(leaves(words)), dict(leaves(own))
    found = [f"missing {path}" for path in expected.keys() - texts.keys()]
    found += [f"unknown {path}" for path in texts.keys() - expected.keys()]
    for path in texts.keys() & expected.keys():
        text = texts[path]
        if not isinstance(text, str) or not text or text != " ".join(text.split()):
            found.append(f"not a clean text: {path}")
        elif len(text) > max(ALWAYS_FITS, MOST_TIMES * len(expected[path])):
            found.append(f"too long: {path}")
        elif path.startswith("profil.usia.") and re.findall(r"\d+", text) != re.findall(r"\d+", expected[path]):
            found.append(f"another age: {path}")
    return sorted(found + [fault for id_, question in words["question"].items() for fault in unclear(id_, question)])


def unclear(id_: str, question: Words) -> list[str]:
    """Return what is wrong with the options of one question."""
    options = [str(option).casefold() for option in question.get("options", ())]
    found = [f"no words only: {id_}: {option}" for option in options if not OPTION.fullmatch(option)]
    return found + ([f"an option twice: {id_}"] if len(set(options)) < len(options) else [])


def changed(place: str, value: Any) -> Words:
    """Return the English words of the nine unsur with the text at `place` set to `value`, or gone for None."""
    words = translation(NINE, "en")
    *way, last = place.split(".")
    table: Any = words
    for name in way:
        table = table[name]
    if value is None:
        del table[last]
    else:
        table[int(last) if isinstance(table, list) else last] = value
    return words


def test_every_pack_is_translated_into_every_language_and_no_other_file_stands_there() -> None:
    assert set(ALL) == set(built_in_ids())
    expected = {f"{instrument}.{bahasa}.toml" for instrument in built_in_ids() for bahasa in BAHASA}
    assert {file.name for file in FOLDER.iterdir()} == expected


@pytest.mark.parametrize("bahasa", BAHASA)
@pytest.mark.parametrize("instrument", ALL)
def test_a_translation_has_what_the_pack_has_in_clean_short_distinct_words(instrument: str, bahasa: str) -> None:
    assert faults(original(built_in(instrument)), translation(instrument, bahasa)) == []


@pytest.mark.parametrize("bahasa", BAHASA)
@pytest.mark.parametrize("instrument", ALL)
def test_questions_and_codes_stand_in_the_order_of_the_pack(instrument: str, bahasa: str) -> None:
    own, words = original(built_in(instrument)), translation(instrument, bahasa)
    assert [path for path, _ in leaves(words)] == [path for path, _ in leaves(own)]


@pytest.mark.parametrize("bahasa", BAHASA)
def test_the_same_question_has_the_same_words_in_every_pack(bahasa: str) -> None:
    seen: dict[str, tuple[str, Words]] = {}
    for instrument in ALL:
        own, words = original(built_in(instrument)), translation(instrument, bahasa)
        for id_, question in own["question"].items():
            first, translated = seen.setdefault(str(question), (instrument, words["question"][id_]))
            assert words["question"][id_] == translated, f"{id_}: {instrument} and {first}"
        first, translated = seen.setdefault(str(own["profil"]), (instrument, words["profil"]))
        assert words["profil"] == translated, f"profil: {instrument} and {first}"


@pytest.mark.parametrize("bahasa", BAHASA)
def test_the_same_options_have_the_same_words_within_a_language_but_for_one_in_english(
    bahasa: str,
) -> None:
    seen: dict[str, set[str]] = {}
    for instrument in ALL:
        own, words = original(built_in(instrument)), translation(instrument, bahasa)
        for id_, question in own["question"].items():
            seen.setdefault(str(question["options"]), set()).add(str(words["question"][id_]["options"]))
    # English says "Matches" of a result and "Suitable" of requirements where Indonesian says "Sesuai" of both.
    several = [options for options, translated in seen.items() if len(translated) > 1]
    assert several == (["['Tidak sesuai', 'Kurang sesuai', 'Sesuai', 'Sangat sesuai']"] if bahasa == "en" else [])


@pytest.mark.parametrize("instrument", ALL)
def test_an_easy_question_is_short_and_says_you_without_acronyms(instrument: str) -> None:
    for id_, question in translation(instrument, "mudah")["question"].items():
        text = question["text"]
        assert len(text.split()) <= MOST_WORDS, id_
        assert "Anda" in text.split(",")[0].split() and "Saudara" not in text, id_
        assert text.count("?") == 1 and not ACRONYM.search(" ".join([text, *question["options"]])), id_


@pytest.mark.parametrize(
    ("place", "value", "fault"),
    [
        ("unsur.waktu", None, "missing unsur.waktu"),
        ("unsur.maklumat", "Pledge", "unknown unsur.maklumat"),
        ("question.waktu.text", None, "missing question.waktu.text"),
        ("question.waktu.kata", "?", "unknown question.waktu.kata"),
        ("question.waktu.options", ["Slow", "Fast"], "missing question.waktu.options.2"),
        ("question.waktu.options", ["A", "B", "C", "D", "E"], "unknown question.waktu.options.4"),
        ("question.waktu.options.1", "not FAST", "an option twice: waktu"),
        ("question.waktu.options.3", "Very fast :)", "no words only: waktu: very fast :)"),
        ("question.waktu.options.3", "Fast 4", "no words only: waktu: fast 4"),
        ("question.waktu.text", "", "not a clean text: question.waktu.text"),
        ("question.waktu.text", "How  fast?", "not a clean text: question.waktu.text"),
        ("question.waktu.text", "How fast? " * 13 + ".", "too long: question.waktu.text"),
        ("profil.usia.options.17-25", "17–26 years", "another age: profil.usia.options.17-25"),
        ("profil.usia.options.56+", None, "missing profil.usia.options.56+"),
        ("profil.pekerjaan.options.PNS", 1, "not a clean text: profil.pekerjaan.options.PNS"),
        ("terbit", "yes", "unknown terbit"),
    ],
)
def test_this_fault_of_a_translation_is_found(place: str, value: Any, fault: str) -> None:
    assert fault in faults(original(built_in(NINE)), changed(place, value))


@pytest.mark.docs
def test_the_page_names_every_language_and_quotes_the_doubtful_words_as_they_stand() -> None:
    for bahasa in BAHASA:
        assert f"| `{bahasa}` |" in PAGE
        texts = {text for instrument in ALL for _, text in leaves(translation(instrument, bahasa))}
        quoted = re.findall(rf"^\| {bahasa} \| [^|]+ \| ([^|]+) \|", PAGE, re.MULTILINE)
        assert quoted, bahasa
        for words in quoted:
            assert any(words.strip("“”") in text for text in texts), f"{bahasa}: {words}"
