"""Bundles of printed sheets, and a clerk who keys them, for the tests of paper."""

from __future__ import annotations

from datetime import date

from http_samples import DAY, PACK
from store_samples import SCORES, print_sheets

from collector.entri import FIRST, RUSAK, SISA, TERISI, Book, Entri, Sheet
from collector.entri_ledger import lock, open_entri, save
from collector.store import Store
from collector.workspace import Workspace

BLANK = (None,) * len(PACK.profil)
GOOD = Sheet(TERISI, SCORES, BLANK)
OTHER = Sheet(TERISI, (1, *SCORES[1:]), BLANK)


def opened(workspace: Workspace, store: Store, n: int, day: date = DAY) -> Entri:
    """Return a bundle of `n` sheets just printed."""
    issue = print_sheets(workspace, store, n)
    entri = open_entri(store, workspace.office, day, "ktp", issue.first, issue.last, DAY)
    assert isinstance(entri, Entri), entri
    return entri


def keyed(store: Store, entri: Entri, turn: int, number: int, sheet: Sheet = GOOD) -> Book:
    found = save(store, entri.id, turn, number, sheet)
    assert isinstance(found, Book), found
    return found


def codes(found: object) -> list[str]:
    assert isinstance(found, list), found
    return [remark.code for remark in found]


def paper(used: int, spoiled: int = 0, unused: int = 0) -> dict[str, int]:
    return {TERISI: used, RUSAK: spoiled, SISA: unused}


def locked(workspace: Workspace, store: Store, n: int) -> tuple[Entri, tuple[int, ...]]:
    """Return a bundle whose first entry is over, and its sample."""
    entri = opened(workspace, store, n)
    for number in entri.numbers:
        keyed(store, entri, FIRST, number)
    found = lock(store, entri.id, paper(n), DAY)
    assert isinstance(found, Book) and found.lock is not None
    return entri, found.lock.sample
