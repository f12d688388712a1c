"""The bookkeeping of paper, printed: what became of the sheets of every bundle, and how often two entries differed."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, Final

from collector.entri import RUSAK, SECOND, SISA, TERISI, Book, error_rate
from collector.entri_issue import Issue, issues, lembar
from collector.entri_ledger import books
from collector.store import reading
from collector.workspace import load
from scoring.periode import tanggal

STAGES: Final = {
    "first": "entri pertama",
    "second": "entri kedua",
    "third": "perbedaan belum diputuskan",
    "ready": "siap dihitung",
    "counted": "masuk hitungan",
    "cancelled": "dibatalkan",
}
HEAD: Final = "bundel  tanggal     layanan         lembar       terbit terisi  rusak   sisa  berbeda           keadaan"


def add_command(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Add `batches` to the parser's commands."""
    command = commands.add_parser("batches", parents=[shared], help="print what became of the numbered sheets")
    command.add_argument("--periode", help="only the bundles of this periode")
    command.set_defaults(run=_batches)


def _batches(options: argparse.Namespace) -> None:
    workspace = load(options.office)
    office = workspace.office
    periode = office.periode(options.periode) if options.periode else None
    with reading(workspace.store) as connection:
        printed, found = issues(connection, office.id), books(connection, office.id)
    shown = [book for book in found if periode is None or book.entri.day in periode]
    print("\n".join([*_printed(printed), *_listed(shown)]))  # noqa: T201  # a command


def _printed(found: Sequence[Issue]) -> Iterator[str]:
    """Yield one line for each print."""
    if not found:
        yield "Belum ada lembar bernomor yang diterbitkan."
    for issue in found:
        what = f"{issue.layanan or 'semua layanan'}, {tanggal(issue.day)}"
        yield f"Seri {issue.series}: lembar {lembar(issue.first)}-{lembar(issue.last)}, {what}"


def _listed(found: Sequence[Book]) -> Iterator[str]:
    """Yield the table of bundles and, below it, their sums; bundles that were given up are told and not added."""
    if not found:
        yield "Belum ada bundel."
        return
    yield HEAD
    for book in found:
        entri = book.entri
        span = f"{lembar(entri.first)}-{lembar(entri.last)}"
        row = f"{entri.id:>6}  {entri.day.isoformat()}  {entri.layanan:<14.14}  {span}"
        yield f"{row:<46}{_counts([book])}  {_different(book):<16}  {STAGES[book.stage]}"
    counting = [book for book in found if book.stage != "cancelled"]
    yield f"{'jumlah':<46}{_counts(counting)}"


def _counts(found: Sequence[Book]) -> str:
    """Return issued, used, spoiled and left over; the first is the sum of the others."""
    counts = [sum(len(book.sheets(state)) for book in found) for state in (TERISI, RUSAK, SISA)]
    return "".join(f"{n:>7}" for n in (sum(counts), *counts))


def _different(book: Book) -> str:
    """Return how many values differed of those keyed twice, such as "2/45 (4,44 %)"."""
    compared, different = (book.end.compared, book.end.different) if book.end else (book.compared, book.different)
    return f"{different}/{compared} ({error_rate(compared, different)} %)" if book.passes[SECOND] else "-"
