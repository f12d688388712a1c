"""Publishes a periode: its public part and its documents join those already published, and everything is built anew.

What was published is what lies under public/periode/; pages, open data and the database are made from there.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from collector import counting
from collector.database import Connection
from collector.store import reading
from collector.workspace import Workspace
from publish import (
    catalogue,
    check_pages,
    datasettes,
    dokumen,
    feed,
    gangguan,
    last_result,
    opendata,
    transparency,
    wall,
)
from publish.flow import SignedEdition, signed_edition
from publish.withheld import public_part
from publish.workbook import REKAP, public_workbook
from scoring import result as scoring_result
from scoring import tally_json
from scoring.disclosure import changed_since, previous_shown, span
from scoring.errors import IkmError, Remark
from scoring.office import Office
from scoring.periode import Periode
from scoring.tally import Tally

REQUIRED: Final = (
    *("result.json", "tally.json"),
    *("laporan.pdf", "rtl.pdf", "surat-pengantar.pdf", "lembar-publikasi.pdf"),
)
WITH_DETAIL: Final = ("laporan.pdf", "lembar-publikasi.pdf")  # they break layanan or profil down


def publish_periode(workspace: Workspace, periode_id: str, today: date) -> list[Path]:
    """Publish the signed edition of a periode; return the files of the public folder.

    Raises NOT_SIGNED before its signatures are entered, FROZEN_CHANGED, the JOURNAL_* errors, and what
    publish_edition does.
    """
    _require_closed(workspace, workspace.office.periode(periode_id))
    return publish_edition(workspace, periode_id, signed_edition(workspace, periode_id), today)


def publish_edition(workspace: Workspace, periode_id: str, edition: SignedEdition, today: date) -> list[Path]:
    """Publish a closed periode from its signed edition; return the files of the public folder.

    Publishing again replaces it; other periode stay as they are, and so do the documents of an edition that this one
    replaces. Raises PERIODE_INVALID, STORE_MISSING, PERIODE_OPEN, REPORT_MISSING, REPORT_CHANGED, REPORT_OLD,
    PUBLISHED_CHANGED, PUBLISHED_FILE, FROZEN_CHANGED, and KEY_* of rtl.toml and tindak-lanjut.toml.
    """
    periode = workspace.office.periode(periode_id)
    _require_closed(workspace, periode)
    target = workspace.public
    result, tally = _report(edition.folder, periode.id)
    _recover(target)
    _unchanged(workspace, result, opendata.read_published(target))
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    if (target / "periode").exists():
        shutil.copytree(target / "periode", fresh / "periode")
    folder = fresh / "periode" / periode.id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    public = public_part(result, tally, opendata.read_published(fresh), today)
    (folder / opendata.HASIL).write_text(opendata.hasil_json(public), "utf-8")
    rows = opendata.hitung_rows(public, tally)
    (folder / opendata.HITUNG).write_text(opendata.hitung_csv(rows), "utf-8")
    (folder / opendata.SILANG).write_text(opendata.silang_csv(opendata.silang_rows(public, tally)), "utf-8")
    if not public["withheld"]:
        (folder / REKAP).write_bytes(public_workbook(public, tally))
    present = workspace.periode_folder(periode.id)
    last_result.keep_promises(workspace.office, public, edition.folder, present, folder)
    last_result.keep_answers(workspace.office, public, present, folder)
    gangguan.keep(workspace, periode, edition.folder, folder)
    before = target / "periode" / periode.id
    dokumen.write(workspace.office, public, _documents(public, result), edition, before, folder)
    build(workspace, fresh)
    _replace(target, fresh)
    return sorted(file for file in target.rglob("*") if file.is_file())


def _require_closed(workspace: Workspace, periode: Periode) -> None:
    with reading(workspace.store) as connection:
        if not counting.is_closed(connection, workspace.office.id, periode):
            raise IkmError("PERIODE_OPEN", id=periode.id)


def build(workspace: Workspace, folder: Path) -> None:
    """Write everything that follows from the periode published in `folder`: pages, counts, database, last result."""
    published = opendata.read_published(folder)
    rehearsal = any(public["rehearsal"] for public in published)
    datasettes.write_public_metadata(workspace.office, folder, rehearsal=rehearsal)
    build_static(workspace.office, folder, published)


def build_static(
    office: Office, folder: Path, published: Sequence[Mapping[str, Any]], *, database: bool = True
) -> None:
    """Write what any web server gives out of `published`, oldest first; without `database`, all but the SQLite file.

    Raises PUBLISHED_FILE, and what read_counts does on a hitung.csv.
    """
    last_result.build(folder, published)
    opendata.build(folder, published, database=database)
    transparency.build(office, folder, published, database=database)
    check_pages.build(office, folder, published)
    wall.build(office, folder, published)
    feed.build(office, folder, published)
    catalogue.build(office, folder, published)  # last: it lists the files, their sizes and digests


def _report(source: Path, periode_id: str) -> tuple[dict[str, Any], Tally]:
    """Return result and tally as `make report` left them; the result must follow from the tally."""
    missing = [name for name in REQUIRED if not (source / name).exists()]
    if missing:
        faults = tuple(Remark("REPORT_MISSING", name, f"{source / name} tidak ada.") for name in missing)
        raise IkmError("REPORT_MISSING", faults, id=periode_id)
    text = (source / "result.json").read_text("utf-8")
    tally = tally_json.load((source / "tally.json").read_text("utf-8"))
    result = scoring_result.score(tally)
    if scoring_result.dump(result) != text or result["periode"] != periode_id:
        raise IkmError("REPORT_CHANGED", id=periode_id)
    return result, tally


def _unchanged(workspace: Workspace, result: Mapping[str, Any], published: Sequence[Mapping[str, Any]]) -> None:
    """See that nothing was left out of the count since the report, or since other scores of these days were published.

    Whoever kept what was published could subtract. Raises REPORT_OLD and PUBLISHED_CHANGED.
    """
    here = span(result, scored=True, detail=False)
    scored = [public for public in published if public["withheld"] is None]
    near = [public for public in scored if here.overlaps(span(public, scored=True, detail=False))]
    with reading(workspace.store) as connection:
        if _counted(connection, workspace, result) != (result["n_responden"], result["n_complete"]):
            raise IkmError("REPORT_OLD", id=result["periode"])
        counted = {public["periode"]: _counted(connection, workspace, public) for public in near}
    changed = changed_since(result, scored, counted)
    if changed:
        raise IkmError("PUBLISHED_CHANGED", id=changed)


def _counted(connection: Connection, workspace: Workspace, figures: Mapping[str, Any]) -> tuple[int, int]:
    """Return the respondents now counted in the days of a result, and those without a blank."""
    days = date.fromisoformat(figures["mulai"]), date.fromisoformat(figures["selesai"])
    tally = counting.tally(connection, workspace.office, Periode(figures["periode"], *days))
    return tally.n, sum(part.complete for part in tally.parts)


def _documents(public: Mapping[str, Any], result: Mapping[str, Any]) -> list[str]:
    """Return the files that go with the page: none where there are no scores, no detail where there is none.

    The report compares with the periode before, so it stays inside while that one is not published.
    """
    if public["withheld"]:
        return []
    names = [f"{name}.pdf" for name in dokumen.DOCUMENTS]
    if public["previous"] is None and previous_shown(result):
        names.remove("laporan.pdf")
    return names if public["detail"] else [name for name in names if name not in WITH_DETAIL]


def _recover(target: Path) -> None:
    """Put back what was published when a run was cut off between the two renames of `_replace`."""
    old = target.with_name(target.name + ".old")
    if old.exists() and not target.exists():
        old.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def _replace(target: Path, fresh: Path) -> None:
    """Put `fresh` in the place of `target`: whoever reads sees the old folder or the new one, never half of each."""
    old = target.with_name(target.name + ".old")
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)
