"""Tickets: made by whoever issues them, their hashes loaded into the office's store, each let in with one answer.

The tickets themselves are never stored. What a redemption keeps is the hash and the day, not the answer.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from collector.database import Connection
from scoring.errors import IkmError, remark
from scoring.office import Office
from scoring.periode import Periode
from scoring.tally import Tickets
from scoring.ticket import ANY, CROCKFORD, RANDOM, completed, digest, printed

MOST: Final = 1_000_000  # tickets made at once
TICKETS: Final = "tiket.csv"
HASHES: Final = "tiket-hash.txt"
HEADER: Final = "tiket,layanan"
FIELD: Final = "tiket"  # of a post


def make(n: int) -> list[str]:
    """Return `n` different random tickets in random order. Raises TICKET_NUMBER."""
    if not 1 <= n <= MOST:
        raise IkmError("TICKET_NUMBER", n=n, most=f"{MOST:_}".replace("_", "."))
    made: set[str] = set()
    while len(made) < n:
        made.add(completed("".join(secrets.choice(CROCKFORD) for _ in range(RANDOM))))
    shuffled = sorted(made)
    secrets.SystemRandom().shuffle(shuffled)
    return shuffled


def write(tickets: Sequence[str], folder: Path, layanan: str) -> tuple[Path, Path]:
    """Write the secret tickets, for the owner's eyes only, and the file of their hashes; return both.

    The hashes are sorted, so that their order says nothing about that of the slips. Raises TICKET_FILES rather than
    write over tickets that may be in use.
    """
    folder.mkdir(parents=True, exist_ok=True)
    secret, hashes = folder / TICKETS, folder / HASHES
    for file in (secret, hashes):
        if file.exists():
            raise IkmError("TICKET_FILES", file=file)
    rows = [HEADER, *(f"{printed(ticket)},{layanan}" for ticket in tickets)]
    _write(secret, rows, 0o600)
    _write(hashes, sorted(digest(ticket).hex() for ticket in tickets), 0o644)
    return secret, hashes


def _write(file: Path, lines: Iterable[str], mode: int) -> None:
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "w", encoding="ascii", newline="\n") as out:
        out.writelines(f"{line}\n" for line in lines)


def read_hashes(file: Path) -> list[bytes]:
    """Return the hashes of a file, each once. Raises FILE_MISSING, FILE_UNREADABLE and TICKET_HASH."""
    found: dict[bytes, None] = {}
    for number, line in enumerate(read_lines(file), 1):
        if not re.fullmatch("[0-9a-f]{64}", line):
            raise IkmError("TICKET_HASH", file=file.name, line=number)
        found[bytes.fromhex(line)] = None
    return list(found)


def read_lines(file: Path) -> list[str]:
    """Return the lines of a small text file, stripped. Raises FILE_MISSING and FILE_UNREADABLE."""
    try:
        return [line.strip() for line in file.read_text("utf-8-sig").splitlines() if line.strip()]
    except FileNotFoundError:
        raise IkmError("FILE_MISSING", file=file, advice="Periksa nama dan foldernya.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise IkmError("FILE_UNREADABLE", file=file, reason=error) from None


def load(connection: Connection, office: str, hashes: Sequence[bytes], layanan: str | None, today: date) -> int:
    """Enter the hashes that are not there yet; return how many. Runs inside the writer's transaction."""
    rows = connection.execute("SELECT hash FROM ticket WHERE office = ?", (office,))
    known = {bytes(found) for (found,) in rows}
    fresh = [(office, found, layanan, today.isoformat()) for found in hashes if found not in known]
    connection.executemany("INSERT INTO ticket (office, hash, layanan, loaded_on) VALUES (?, ?, ?, ?)", fresh)
    return len(fresh)


def refusal(holds_for: Mapping[bytes, str | None], used: Iterable[bytes], ticket: bytes, layanan: str) -> str | None:
    """Return the code of why a ticket lets nothing in, or None. `holds_for` has the tickets issued, with layanan."""
    if ticket not in holds_for or holds_for[ticket] not in (None, layanan):
        return "TICKET_UNKNOWN"
    return "TICKET_USED" if ticket in used else None


def refused(code: str) -> IkmError:
    """Return the error that refuses an answer for its ticket, with a remark on the field."""
    return IkmError(code, (remark(code, FIELD),))


def counts(connection: Connection, office: Office, periode: Periode) -> dict[str, Tickets]:
    """Return what became of the tickets in the periode, by the layanan they hold for; nothing where none are used."""
    mulai, selesai = periode.mulai.isoformat(), periode.selesai.isoformat()
    sql = (
        "SELECT coalesce(ticket.layanan, ?), count(*) FILTER (WHERE loaded_on >= ?),"
        " count(*) FILTER (WHERE day IS NULL OR day >= ?), count(*) FILTER (WHERE day BETWEEN ? AND ?)"
        " FROM ticket LEFT JOIN redemption ON redemption.office = ticket.office AND redemption.hash = ticket.hash"
        " WHERE ticket.office = ? AND loaded_on <= ? GROUP BY ticket.layanan"
    )
    rows = connection.execute(sql, (ANY, mulai, mulai, mulai, selesai, office.id, selesai))
    found = {layanan: (issued, available, redeemed) for layanan, issued, available, redeemed in rows}
    modes = {item.id: office.ticket_mode(item.id) for item in office.layanan} | {ANY: office.tiket}
    kept = [name for name in modes if any(found.get(name, ())) or (name != ANY and modes[name] != "off")]
    return {name: Tickets(modes[name], *found.get(name, (0, 0, 0))) for name in kept}
