"""What the staff's own pages show and do beside Datasette: tagging comments, the procedure's state, the filter menu.

Nothing here knows Datasette; its plugin (datasette_plugins/petugas.py) asks and draws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from collector import saring
from collector.counting import closed_periodes
from collector.store import open_store, reading
from collector.workspace import Workspace, office_clock
from publish import journal, status, tagging
from publish.due import allowed_for
from publish.flow import opened
from publish.procedure import of_office
from publish.tagging import ADUAN, DICATAT, JENIS, SARAN, Comment, Tanda
from scoring.errors import IkmError, Remark
from scoring.instrument import Instrument
from scoring.periode import Periode, containing, rentang, tanggal

PAGE: Final = 10  # comments on one page
UNTAGGED, ALL = "belum", "semua"
# Written the first time; what the office has used before stands on the list as well.
THEMES: Final = ("Antrean", "Waktu layanan", "Persyaratan", "Petugas", "Sarana dan ruang tunggu", "Biaya", "Informasi")
CHOICES: Final = {SARAN: "Saran dengan tema", ADUAN: "Aduan dengan tema", DICATAT: JENIS[DICATAT]}
JENIS_FIELD, TEMA_FIELD = "jenis-", "tema-"


@dataclass(frozen=True)
class Shown:
    """A comment on the page: its tag, or what was typed and is not kept, and what is wrong with it."""

    comment: Comment
    tanda: Tanda
    kept: bool
    fault: str


@dataclass
class SaranPage:
    """The page on which comments are tagged."""

    choices: list[Periode]
    periode: Periode
    show: str
    page: int
    received: int = 0
    tagged: int = 0
    matching: int = 0
    comments: list[Shown] = field(default_factory=list)
    counts: list[tuple[str, str, int]] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)
    frozen: str = ""

    @property
    def last(self) -> int:
        """Return the number of the last page, from 1 on."""
        return max(1, -(-self.matching // PAGE))


def saran_page(workspace: Workspace, asked: Mapping[str, str], faults: tuple[Remark, ...] = ()) -> SaranPage | None:
    """Return the page for the periode asked for, by default the newest closed one; None while none is closed.

    What was typed stands in `asked` as well, and is shown again beside its fault. Raises PERIODE_*, KEY_*, JOURNAL_*.
    """
    choices = closed(workspace)
    if not choices:
        return None
    periode = chosen(workspace, choices, asked.get("periode", ""))
    found = tagging.comments(workspace, periode)
    folder = workspace.periode_folder(periode.id)
    tags = tagging.read(folder / tagging.FILE)
    show = ALL if asked.get("lihat") == ALL else UNTAGGED
    listed = found if show == ALL else [comment for comment in found if comment.key not in tags]
    page = SaranPage(choices, periode, show, 1, len(found), sum(comment.key in tags for comment in found), len(listed))
    page.page = min(max(1, _number(asked.get("halaman", ""))), page.last)
    by_key = {fault.field: fault.text for fault in faults}
    for comment in listed[PAGE * (page.page - 1) : PAGE * page.page]:
        kept = tags.get(comment.key, Tanda("", ""))
        typed = _typed(asked, comment.key) if faults else None
        page.comments.append(Shown(comment, typed or kept, comment.key in tags, by_key.get(comment.key, "")))
    counted = tagging.counts(tags)
    page.counts = [(nama, _kind(nama, aduan=aduan), n) for (nama, aduan), n in counted.most_common()]
    page.themes = list(dict.fromkeys([*sorted({tag.tema for tag in tags.values() if tag.tema}), *THEMES]))
    with journal.held(folder, workspace.office.id, periode.id) as book:
        if edition := tagging.frozen_edition(workspace, book):
            page.frozen = str(IkmError("TAG_FROZEN", id=periode.id, edition=edition))
    return page


def _kind(nama: str, *, aduan: bool) -> str:
    return JENIS[DICATAT] if nama == JENIS[DICATAT] else JENIS[ADUAN if aduan else SARAN]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def save_saran(workspace: Workspace, typed: Mapping[str, str], by: str) -> tuple[Remark, ...]:
    """Keep the tags that were chosen on the page; return what is wrong, and then nothing was kept.

    A comment without a choice is left alone. Raises what `tagging.tag` does.
    """
    periode = chosen(workspace, closed(workspace), typed.get("periode", ""))
    keys = [name.removeprefix(JENIS_FIELD) for name in typed if name.startswith(JENIS_FIELD)]
    keys += [name.removeprefix(TEMA_FIELD) for name in typed if name.startswith(TEMA_FIELD)]
    wanted = {key: tanda for key in dict.fromkeys(keys) if (tanda := _typed(typed, key))}
    return tuple(tagging.tag(workspace, periode, wanted, by, office_clock(workspace.office)().date()))


def _typed(typed: Mapping[str, str], key: str) -> Tanda | None:
    """Return what was chosen for a comment, None for nothing."""
    jenis, tema = typed.get(JENIS_FIELD + key, ""), " ".join(typed.get(TEMA_FIELD + key, "").split())
    return Tanda(jenis, tema) if jenis or tema else None


def closed(workspace: Workspace) -> list[Periode]:
    """Return the closed periode, newest first. Raises STORE_MISSING."""
    with reading(workspace.store) as connection:
        return closed_periodes(connection, workspace.office)[::-1]


def chosen(workspace: Workspace, choices: list[Periode], periode_id: str) -> Periode:
    """Return the periode that was asked for, the first of `choices` for "". Raises PERIODE_INVALID, PERIODE_OPEN."""
    wanted = workspace.office.periode(periode_id).id if periode_id else choices[0].id
    for periode in choices:  # with the days it was closed with
        if periode.id == wanted:
            return periode
    raise IkmError("PERIODE_OPEN", id=wanted)


def tag_counts(workspace: Workspace) -> str:
    """Return the tags of all closed periode as JSON: periode, kind, theme and number of comments of each."""
    rows = []
    for periode in closed(workspace):
        counted = tagging.counts(tagging.read(workspace.periode_folder(periode.id) / tagging.FILE))
        for (nama, aduan), n in counted.items():
            kind = _kind(nama, aduan=aduan)
            rows.append([periode.id, kind, None if kind == nama else nama, n])
    return json.dumps(rows, ensure_ascii=False)


def procedure_page(workspace: Workspace, periode_id: str) -> dict[str, Any]:
    """Return where a periode stands, as `make status` says it; by default the newest closed one.

    Raises PERIODE_INVALID, STORE_MISSING, and the JOURNAL_* and KEY_* errors.
    """
    office, today = workspace.office, office_clock(workspace.office)().date()
    procedure = of_office(office)
    cut = procedure.cadence or office.cut
    days = [today, *(periode.selesai for periode in closed(workspace))]
    choices = list(dict.fromkeys(containing(day, cut, office.report_day) for day in days))
    newest = choices[1] if len(choices) > 1 else choices[0]
    periode = office.periode(periode_id) if periode_id else newest
    with opened(workspace, periode.id, None) as desk:
        rows = [status.cells(desk, progress) for progress in desk.state.steps]
        return {
            "choices": choices,
            "periode": periode,
            "prosedur": desk.procedure.nama,
            "heads": status.HEADS,
            "rows": rows,
            "here": desk.state.at,
            "lines": status.standing_lines(desk, desk.state),
            "remark": allowed_for(office.libur),
            "moment": f"{desk.now:%d-%m-%Y %H.%M}",
        }


def filter_form(workspace: Workspace) -> dict[str, Any]:
    """Return what can be chosen in the filter menu: the days of the newest closed periode, layanan, profile fields."""
    choices = closed(workspace)
    day = choices[0].selesai if choices else office_clock(workspace.office)().date()
    pack = workspace.office.survey_on(day).instrument
    first = choices[0].mulai if choices else day
    return {
        "dari": first.isoformat(),
        "sampai": day.isoformat(),
        "layanan": [(item.id, item.nama) for item in workspace.office.layanan],
        "profil": [(entry.id, entry.nama, entry.options) for entry in pack.profil],
    }


def filtered(workspace: Workspace, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the figures of the answers that match, entered in the ledger of filters as `make filter` does.

    Raises FILTER_*, LAYANAN_UNKNOWN, PERIODE_*, BASE_SMALL, FORM_MIXED, ROWS_DESTROYED and the STORE_* errors.
    """
    office = workspace.office
    profil = [(name.removeprefix("profil-"), code) for name, code in asked.items() if name.startswith("profil-")]
    conditions = ",".join(f"{name}={code}" for name, code in profil if code)
    first, last = _days(asked)
    wanted = saring.read(office, first, last, asked.get("layanan", ""), conditions)
    store = open_store(workspace.store, office.id)
    try:
        group = saring.asked(office, wanted, store.moment())
        with reading(workspace.store) as connection:
            figures = saring.figures(connection, office, wanted, group)
        store.enter_filter(group, office_clock(office)().date())
    finally:
        store.close()
    return {**figures, "heading": _heading(workspace, wanted)}


def _days(asked: Mapping[str, str]) -> tuple[str, str]:
    """Return the first and the last day as they were typed. Raises FILTER_INVALID, in the words of the page."""
    days = []
    for name, label in (("dari", "Dari"), ("sampai", "Sampai dengan")):
        try:
            days.append(date.fromisoformat(asked.get(name, "")))
        except ValueError:
            expected = "pilih tanggalnya"
            raise IkmError("FILTER_INVALID", name=label, value=asked.get(name, ""), expected=expected) from None
    if days[1] < days[0]:
        expected = f"tidak lebih awal daripada {tanggal(days[0])}"
        raise IkmError("FILTER_INVALID", name="Sampai dengan", value=tanggal(days[1]), expected=expected)
    return days[0].isoformat(), days[1].isoformat()


def _heading(workspace: Workspace, wanted: saring.Saring) -> str:
    """Return in words what was asked for."""
    office = workspace.office
    pack: Instrument = office.survey_on(wanted.last).instrument
    parts = [rentang(wanted.first, wanted.last)]
    parts += [item.nama for item in office.layanan if item.id == wanted.layanan]
    for entry in pack.profil:
        parts += [f"{entry.nama}: {nama}" for code, nama in entry.options if wanted.profil.get(entry.id) == code]
    return "; ".join(parts)
