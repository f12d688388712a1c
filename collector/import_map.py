"""An import map: which heading of another tool's file feeds which column of ours, read strictly from TOML.

Names, NIK, telephone numbers and addresses feed nothing: such a column can only be ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from scoring.errors import IkmError
from scoring.instrument import built_in, built_in_ids
from scoring.table import PASSED_OVER, heading_key, plain
from scoring.toml_table import Table, parse_toml

SHIPPED: Final = Path(__file__).parent / "import_maps"
KINDS: Final = ("rows", "counts", "sums", "nrr")
DATES: Final = ("d/m/y", "m/d/y", "y/m/d")
MOST_HEADING_ROW: Final = 50
# What the columns of a recap may hold, beside the values of the scale.
RECAP: Final = ("unsur", "jumlah", "n", "kosong", "nrr", *(str(value) for value in range(11)))
PERSONAL: Final = re.compile(
    r"\b(nama|name|nik|ktp|telepon|telp|tlp|phone|hp|handphone|ponsel|whats ?app|wa|e-?mail|surel|pos-el|alamat|address"
    r"|nip|npwp|username|tanda tangan|kontak)\b"
)
# "Nama layanan" names no person, nor does the KTP that somebody came for.
IMPERSONAL: Final = re.compile(
    r"\bnama( jenis)? (layanan|pelayanan|unit|unsur|instansi|opd|kantor|loket|dinas|kecamatan|kelurahan|desa|produk)\b"
    r"|\b(layanan|pelayanan|perekaman|pencetakan|pengurusan|pembuatan)( \w+)? ktp\b|\bunit name\b"
)
OPINION: Final = re.compile(r"\b(bagaimana|pendapat|menurut)\b")  # a question, not a field of a person


@dataclass(frozen=True)
class ImportMap:
    """One map. Headings and words stand in it as they are compared (`heading_key`, `plain`)."""

    file: str
    kind: str
    source: str
    sheet: tuple[str, ...]
    heading_row: int
    date: str
    ignore: frozenset[str]
    ignore_rows: frozenset[str]
    columns: Mapping[str, str] = field(default_factory=dict)
    unsur: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def load_map(name: str) -> ImportMap:
    """Return the map shipped under `name`, or the one in the file of that name. Raises MAP_UNKNOWN, KEY_*, MAP_*."""
    shipped = SHIPPED / f"{name.removesuffix('.toml')}.toml"
    file = shipped if re.fullmatch(r"[a-z0-9-]+(\.toml)?", name) and not Path(name).is_file() else Path(name)
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        known = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.toml")))
        raise IkmError("MAP_UNKNOWN", name=name, known=known) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None
    return parse_map(file.name, text)


def parse_map(file: str, text: str) -> ImportMap:
    """Return the map written in `text`. Raises TOML_SYNTAX, KEY_* and MAP_PERSONAL_FED."""
    table = parse_toml(file, text)
    kind = table.choice("kind", KINDS)
    columns = _headings(table, "columns", _targets(kind))
    for key, target in columns.items():
        if is_personal(key):
            raise IkmError("MAP_PERSONAL_FED", file=file, column=key, key=target)
    found = ImportMap(
        file=file,
        kind=kind,
        source=_source(table),
        sheet=table.texts("sheet", ()),
        heading_row=table.integer("heading_row", 1, MOST_HEADING_ROW, 1),
        date=table.choice("date", DATES, "d/m/y"),
        ignore=frozenset(map(heading_key, table.texts("ignore", ()))),
        ignore_rows=frozenset(map(heading_key, table.texts("ignore_rows", ()))),
        columns=columns,
        unsur=_headings(table, "unsur", _ids()),
        values=_values(table),
    )
    for key in columns:
        if key in found.ignore:
            raise table.invalid("ignore", f'"{key}" juga tertulis pada columns')
    table.done()
    return found


def _source(table: Table) -> str:
    source = table.text("source")
    if len(source) > 40 or not re.fullmatch(r"[\w .,+&/-]+", source):
        raise table.invalid("source", "paling banyak 40 huruf, angka, spasi, titik, atau tanda hubung")
    return source


def _headings(table: Table, key: str, known: frozenset[str]) -> dict[str, str]:
    """Return heading to target of a table of lists; a heading stands once."""
    given = table.table(key, optional=True)
    found: dict[str, str] = {}
    for target in given.keys():  # noqa: SIM118  # a Table is no dict
        if target not in known:
            raise IkmError("KEY_UNKNOWN", file=table.file, key=f"{key}.{target}", known=", ".join(sorted(known)))
        for text in given.texts(target):
            if found.setdefault(heading_key(text), target) != target:
                raise given.invalid(target, f'"{text}" juga tertulis pada {found[heading_key(text)]}')
    return found


def _values(table: Table) -> dict[str, dict[str, str]]:
    """Return, by column, what each word stands for; "answers" holds for every question."""
    given = table.table("values", optional=True)
    known = _ids() | _profil() | {"answers", "layanan"}
    found = {}
    for target in given.keys():  # noqa: SIM118  # a Table is no dict
        if target not in known:
            raise IkmError("KEY_UNKNOWN", file=table.file, key=f"values.{target}", known=", ".join(sorted(known)))
        words = given.table(target)
        texts = target in _profil() or target == "layanan"
        found[target] = {
            plain(word): words.text(word) if texts else str(words.integer(word, 0, 10))
            for word in words.keys()  # noqa: SIM118  # a Table is no dict
        }
    return found


def _targets(kind: str) -> frozenset[str]:
    if kind == "rows":
        return _ids() | _profil() | {*PASSED_OVER}
    return frozenset(RECAP) | (_ids() if kind == "nrr" else frozenset())


def _ids() -> frozenset[str]:
    """Return the ids of every question and unsur of every pack, and their U-numbers."""
    packs = [built_in(name) for name in built_in_ids()]
    ids = {question.id for pack in packs for question in pack.questions}
    ids |= {unsur.id for pack in packs for unsur in pack.unsur}
    return frozenset(ids | {f"u{unsur.number}" for pack in packs for unsur in pack.unsur})


def _profil() -> frozenset[str]:
    return frozenset(profil.id for name in built_in_ids() for profil in built_in(name).profil)


def is_personal(heading: str) -> bool:
    """Say whether a heading announces what tells who somebody is."""
    words = re.sub(r"[._/()]+", " ", plain(heading))
    return OPINION.search(words) is None and PERSONAL.search(IMPERSONAL.sub(" ", words)) is not None
