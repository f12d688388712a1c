"""The languages of the citizens' pages: every word of each, checked against the Indonesian ones before it is used.

A language is a file of words, site/locale/<code>.toml, and one for each pack, instrumen/<pack>.<code>.toml beside it.
A pack that has no words in a language is not offered in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from collector.workspace import SITE_SOURCE
from scoring.errors import SENTENCES, IkmError
from scoring.instrument import Instrument, built_in, built_in_ids
from scoring.toml_table import toml_fault

DEFAULT: Final = "id"
CODES: Final = (DEFAULT, "jv", "en", "mudah")  # in the order of the switch; also the last part of a page's address
LOCALE: Final = SITE_SOURCE / "locale"
PACKS: Final = "instrumen"
# What a citizen may get wrong; the Indonesian sentences are those of the list of errors.
PROBLEMS: Final = (
    *("ANSWER_MISSING", "ANSWER_INVALID", "FIELD_INVALID", "FIELD_UNKNOWN", "SARAN_LONG"),
    *("TICKET_MISSING", "TICKET_TYPO", "TICKET_UNKNOWN"),
)
PLACEHOLDER: Final = re.compile(r"{(\w*)}")

Words = dict[str, Any]


def load_words(folder: Path = LOCALE) -> dict[str, Words]:
    """Return the words of each language by its code.

    Raises LOCALE_INCOMPLETE, naming file and key, when a language lacks a string or a placeholder or has one more;
    FILE_MISSING and TOML_SYNTAX when a file cannot be read.
    """
    languages: dict[str, Words] = {}
    for code in CODES:
        words = _read(folder / f"{code}.toml")
        if code == DEFAULT:
            words["kuesioner"]["salah"] = {problem: SENTENCES[problem] for problem in PROBLEMS}
        else:
            _require_same(f"{code}.toml", languages[DEFAULT], words)
        languages[code] = words
    return languages


def load_packs(folder: Path = LOCALE) -> dict[tuple[str, str], Words]:
    """Return the words of each pack in each other language that has them, by the ids of both.

    Raises LOCALE_INCOMPLETE when a file does not fit its pack, or belongs to no pack and language.
    """
    found: dict[tuple[str, str], Words] = {}
    for file in sorted((folder / PACKS).glob("*.toml")):
        pack, _, code = file.stem.rpartition(".")
        if pack not in built_in_ids() or code not in CODES[1:]:
            raise IkmError("LOCALE_INCOMPLETE", file=file.name, key=file.stem, reason="tidak dikenal")
        words = _read(file)
        _require_same(file.name, pack_words(built_in(pack)), words)
        found[pack, code] = words
    return found


def pack_words(pack: Instrument) -> Words:
    """Return the Indonesian words of a pack in the shape of a translation."""
    return {
        "unsur": {unsur.id: unsur.nama for unsur in pack.unsur},
        "question": {item.id: {"text": item.text, "options": list(item.options)} for item in pack.questions},
        "profil": {field.id: {"nama": field.nama, "options": dict(field.options)} for field in pack.profil},
    }


def _read(file: Path) -> Words:
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Salin dari bahasa lain, lalu terjemahkan.") from None
    except UnicodeDecodeError as error:
        raise IkmError("TOML_SYNTAX", file=file.name, reason=f"bukan UTF-8, {error.start} bita sesudah awal") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise IkmError("TOML_SYNTAX", file=file.name, reason=toml_fault(text, error)) from None


def _require_same(file: str, model: Words, found: Words) -> None:
    """Raise LOCALE_INCOMPLETE for the first key of `found` that is not as in `model`."""
    wanted, given = dict(_strings(model)), dict(_strings(found))
    for key in [*wanted, *given]:
        if key not in given:
            reason = "belum ada"
        elif key not in wanted:
            reason = "tidak dikenal"
        elif not given[key].strip():
            reason = "masih kosong"
        elif sorted(set(PLACEHOLDER.findall(given[key]))) != sorted(set(PLACEHOLDER.findall(wanted[key]))):
            names = " ".join(dict.fromkeys(f"{{{name}}}" for name in PLACEHOLDER.findall(wanted[key])))
            reason = f"seharusnya memuat tepat {names}" if names else "seharusnya tanpa kurung kurawal"
        else:
            continue
        raise IkmError("LOCALE_INCOMPLETE", file=file, key=key, reason=reason)


def _strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string below `value` with its place, such as "galat.halaman.sibuk.kalimat[2]"."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _strings(item, f"{path}[{number}]")
    else:
        yield path, value if isinstance(value, str) else ""  # a number is no word
