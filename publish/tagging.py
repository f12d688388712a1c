"""What kind each comment of a periode is: tags given by people in the staff's Datasette, kept in penandaan.toml.

The file only grows, and of two tags on one comment the last holds. A comment is known by a key that says neither when
it came nor whose answer it stands beside, and its words are not in the file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from collector.counting import is_closed
from collector.store import reading
from collector.workspace import Workspace
from publish import journal, workflow
from publish.procedure import of_office
from publish.workflow import Evidence
from scoring.errors import UNSEEN, IkmError, Remark, remark
from scoring.mask import mask
from scoring.periode import Periode
from scoring.toml_table import Table, parse_toml

FILE: Final = "penandaan.toml"
HEAD: Final = """\
# Tanda setiap saran, dicatat dari halaman "Menandai saran" (make datasette-staff). Berkas ini hanya bertambah dan tidak
# disunting: saran yang keliru tandanya ditandai lagi, dan tanda terakhir yang berlaku.
"""
SARAN, ADUAN, DICATAT = "saran", "aduan", "dicatat"
JENIS: Final = {SARAN: "Saran", ADUAN: "Aduan", DICATAT: "Dicatat, tidak perlu tindak lanjut"}
TEMA_LIMIT: Final = 60  # letters
KEY_LENGTH: Final = 16  # hexadecimal digits
KEY_PURPOSE: Final = b"penandaan/"
# As many as `entered` counts: comments of answers left out of the count are read like the others.
TEXTS: Final = (
    "SELECT response, text FROM saran WHERE response IN"
    " (SELECT id FROM response WHERE office = ? AND day >= ? AND day <= ?)"
)
Counts = Counter[tuple[str, bool]]


@dataclass(frozen=True)
class Comment:
    """A comment as it was masked, with the key by which a tag names it."""

    key: str
    text: str


@dataclass(frozen=True)
class Tanda:
    """The tag on a comment: one of JENIS, and what it is about ("" only where it is just noted)."""

    jenis: str
    tema: str


def comments(workspace: Workspace, periode: Periode) -> list[Comment]:
    """Return the comments of a closed periode in an order that says nothing of when they came. Raises PERIODE_OPEN."""
    office = workspace.office
    with reading(workspace.store) as connection:
        if not is_closed(connection, office.id, periode):
            raise IkmError("PERIODE_OPEN", id=periode.id)
        rows = connection.execute(TEXTS, (office.id, periode.mulai.isoformat(), periode.selesai.isoformat())).fetchall()
    # Masked once more: what was stored before the list of patterns grew is read like what comes in today.
    found = [Comment(_key(bytes(response)), mask(text)) for response, text in rows]
    return sorted(found, key=lambda comment: comment.key)


def _key(response: bytes) -> str:
    """Return the key of a comment: ids are random, so that keys in order are shuffled comments."""
    return hashlib.sha256(KEY_PURPOSE + response).hexdigest()[:KEY_LENGTH]


def read(file: Path) -> dict[str, Tanda]:
    """Return the tag of each comment that has one, by its key. Raises KEY_* and TOML_SYNTAX."""
    return parse(file.name, file.read_text("utf-8-sig")) if file.exists() else {}


def parse(file: str, text: str) -> dict[str, Tanda]:
    """Return the tags in `text` by the keys of the comments; the last on a comment holds. Raises KEY_* errors."""
    table = parse_toml(file, text)
    found = dict(_tanda(entry) for entry in table.tables("tanda", optional=True))
    table.done()
    return found


def _tanda(entry: Table) -> tuple[str, Tanda]:
    key, jenis = entry.line("saran"), entry.choice("jenis", tuple(JENIS))
    tanda = Tanda(jenis, entry.line("tema") if jenis != DICATAT or entry.has("tema") else "")
    entry.day("tanggal")
    entry.text("oleh")
    entry.done()
    return key, tanda


def counts(tags: Mapping[str, Tanda]) -> Counts:
    """Return how many comments have each theme, those tagged as complaints apart; what is just noted is one theme."""
    return Counter(
        (mask(tag.tema), tag.jenis == ADUAN) if tag.jenis != DICATAT else (JENIS[DICATAT], False)
        for tag in tags.values()
    )


def frozen_edition(workspace: Workspace, book: journal.Journal) -> int:
    """Return the number of the edition that is frozen with the tags as they are, 0 while there is none."""
    now = datetime.now().astimezone()
    state = workflow.fold(of_office(workspace.office), book.entries, Evidence(now, now))
    return state.editions if state.frozen else 0


def tag(workspace: Workspace, periode: Periode, wanted: Mapping[str, Tanda], by: str, today: date) -> list[Remark]:
    """Keep tags on comments of a closed periode, durable on return, or return what is wrong with which: all or none.

    A tag that is there already is not written again. Raises PERIODE_OPEN, TAG_FROZEN, JOURNAL_BUSY and KEY_* errors.
    """
    known = {comment.key for comment in comments(workspace, periode)}
    folder = workspace.periode_folder(periode.id)
    with journal.held(folder, workspace.office.id, periode.id) as book:
        if edition := frozen_edition(workspace, book):
            raise IkmError("TAG_FROZEN", id=periode.id, edition=edition)
        file = folder / FILE
        before = file.read_text("utf-8-sig") if file.exists() else HEAD
        kept = parse(FILE, before)
        fresh = {key: tanda for key, tanda in wanted.items() if kept.get(key) != tanda}
        if remarks := [found for key, tanda in fresh.items() if (found := _fault(key, tanda, known, periode))]:
            return remarks
        if fresh:
            _write(file, before.rstrip("\n") + "\n" + "".join(_entry(*item, by, today) for item in fresh.items()))
    return []


def _fault(key: str, tanda: Tanda, known: set[str], periode: Periode) -> Remark | None:
    if key not in known:
        return remark("TAG_UNKNOWN", key, id=periode.id)
    if tanda.jenis not in JENIS:
        return remark("TAG_JENIS", key)
    if tanda.jenis == DICATAT and not tanda.tema:
        return None
    if UNSEEN.search(tanda.tema) or not 0 < len(tanda.tema) <= TEMA_LIMIT:
        return remark("TAG_TEMA", key, limit=TEMA_LIMIT)
    return None


def _entry(key: str, tanda: Tanda, by: str, today: date) -> str:
    tema = f"tema = {json.dumps(tanda.tema, ensure_ascii=False)}\n" if tanda.tema else ""
    return (
        f'\n[[tanda]]\nsaran = "{key}"\njenis = "{tanda.jenis}"\n{tema}'
        f"tanggal = {today.isoformat()}\noleh = {json.dumps(by)}\n"
    )


def _write(file: Path, text: str) -> None:
    """Put the longer file in place of the one before in one step, so that a power cut leaves one or the other."""
    parse(FILE, text)
    fresh = file.with_suffix(".toml.baru")
    with fresh.open("w", encoding="utf-8", newline="\n") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
    journal.to_disk(file.parent)
