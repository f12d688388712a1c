"""Answers for tests of the store, and what every one of its tables holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from http_samples import DAY, OFFICE, PACK
from store_writers import ARRIVAL, SCORES, response

from collector.entri import FIRST, RUSAK, SISA, TERISI, Entri, Sheet
from collector.entri_issue import Issue, enter_issue, issues, next_issue
from collector.entri_ledger import cancel, lock, open_entri, save
from collector.filter_ledger import Asked
from collector.store import Place, Store, reading
from collector.workspace import Workspace

LAST_DAY = "2026-10-24"
ANSWERS = [f"a{number:02d}" for number in range(1, 25)]
PROFIL = [f"p{number:02d}" for number in range(1, 9)]
# Every column there is. A day and an hour are the only times; nothing holds an address, an agent, or who answered.
SCHEMA = {
    "store": ["one", "office", "kind"],
    "batch": ["id", "office", "sha256", "file", "sheets", "imported_on"],
    "response": [
        *("seq", "id", "nonce", "office", "day", "hour", "layanan", "channel", "form", "flags", "batch"),
        *ANSWERS,
        *PROFIL,
    ],
    "saran": ["seq", "response", "text"],
    "closing": ["office", "periode", "mulai", "selesai", "closed_on", "n"],
    "seal": ["office", "until", "sealed_on"],
    "day_tally": ["office", "day", "form", "layanan", "channel", "batch", "n", "layout", "sums", "hours"],
    "exclusion": ["seq", "response", "reason", "role", "day"],
    "filter": [
        *("seq", "office", "mulai", "selesai", "layanan", "profil", "whole", "answers", "exclusions", "asked_on"),
    ],
    "ticket": ["office", "hash", "layanan", "loaded_on"],
    "redemption": ["office", "hash", "day"],
    "destruction": [
        *("seq", "office", "periode", "mulai", "selesai", "what", "n", "kept_days", "role", "destroyed_on"),
    ],
    "excluded_tally": ["office", "day", "form", "layanan", "channel", "layout", "sums", "hours"],
    "excluded_reason": ["office", "day", "reason", "n"],
    "sheet_issue": ["office", "series", "first_sheet", "last_sheet", "layanan", "form", "issued_on"],
    "entri": ["office", "id", "day", "layanan", "form", "first_sheet", "last_sheet", "opened_on"],
    "entri_sheet": ["seq", "office", "entri", "sheet", "pass", "state"],
    "entri_answer": ["seq", "answers", "profil"],
    "entri_saran": ["seq", "text"],
    "entri_lock": ["office", "entri", "used", "spoiled", "unused", "seed", "sample", "locked_on"],
    "entri_end": ["office", "entri", "batch", "compared", "different", "ended_on"],
    "_sqlite_migrations": ["id", "migration_set", "name", "applied_at"],
}
OURS = [table for table in SCHEMA if not table.startswith("_")]


def fill(workspace: Workspace, store: Store) -> None:
    """Put a row into every table."""
    store.add(response(1, "Baik."), ARRIVAL)
    store.add_batch(b"\x01" * 32, "kertas.csv", date(2026, 10, 20), [(response(2), date(2026, 10, 2))])
    store.close_periode(workspace.office.periode("2026-09"), date(2026, 9, 25))
    store.exclude(response(1).id, "uji-coba", "staf", date(2026, 10, 2))
    store.load_tickets([b"\x02" * 32], None, DAY)
    store.add(replace(response(3), ticket=b"\x02" * 32), ARRIVAL)
    with store.writing() as connection:  # as retention.destroy enters them
        connection.execute(
            "INSERT INTO destruction (office, periode, mulai, selesai, what, n, kept_days, role, destroyed_on)"
            " VALUES (?, '2025-01', '2024-12-25', '2025-01-24', 'jawaban', 1, 1, 'camat', '2026-01-01')",
            (OFFICE,),
        )
        connection.execute(
            "INSERT INTO excluded_tally VALUES (?, '2025-01-01', 'x/1', 'ktp', 1, 1, ?, '{}')", (OFFICE, b"")
        )
        connection.execute("INSERT INTO excluded_reason VALUES (?, '2025-01-01', 'ganda', 1)", (OFFICE,))
    print_sheets(workspace, store, 1)
    opened = open_entri(store, workspace.office, DAY, "ktp", 1, 1, DAY)
    assert isinstance(opened, Entri)
    save(store, opened.id, FIRST, 1, Sheet(TERISI, SCORES, (None,) * len(PACK.profil), "Baik."))
    lock(store, opened.id, {TERISI: 1, RUSAK: 0, SISA: 0}, DAY)
    cancel(store, opened.id, DAY)
    store.enter_filter(Asked(OFFICE, "2026-11-01", "2026-11-01", "", "", 0, 1, 0), date(2026, 11, 2))


def print_sheets(workspace: Workspace, store: Store, n: int, layanan: str | None = None) -> Issue:
    """Enter `n` sheets as printed and return their numbers."""
    with reading(workspace.store) as connection:
        known = issues(connection, workspace.office.id)
    issue = next_issue(known, n, None, layanan, PACK.form, DAY)
    enter_issue(store, issue)
    return issue


def everything(path: Place) -> dict[str, list[tuple[object, ...]]]:
    with reading(path) as connection:
        return {table: [tuple(row) for row in connection.execute(f"SELECT * FROM {table}")] for table in OURS}
