"""Tickets with known letters, an office that uses them, and a crowd that redeems one at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from http_samples import DAY, NINE, OFFICE, PACK

from collector.schema import Arrival
from collector.store import Store, open_store, reading
from collector.workspace import Workspace
from scoring.errors import IkmError
from scoring.response import FLAG_TICKET, Response, canonical, commitment
from scoring.ticket import CROCKFORD, RANDOM, completed, digest

REQUIRED = {'mode = "off"': 'mode = "required"'}
OPTIONAL = {'mode = "off"': 'mode = "optional"'}


def code(number: int) -> str:
    """Return the ticket with the number `number` in its random letters."""
    letters = ""
    for _ in range(RANDOM):
        number, place = divmod(number, len(CROCKFORD))
        letters = CROCKFORD[place] + letters
    return completed(letters)


def hashes(*numbers: int) -> list[bytes]:
    """Return what is stored of these tickets."""
    return [digest(code(number)) for number in numbers]


def answer_with(number: int, ticket: bytes, layanan: str = "ktp") -> Response:
    """Return an answer with the nonce `number` and a ticket."""
    nonce = number.to_bytes(32, "big")
    identity = (commitment(nonce, canonical(NINE, PACK.form, layanan, OFFICE)), nonce, OFFICE, layanan, PACK.form)
    profil = (None,) * len(PACK.profil)
    return Response(*identity, 1, FLAG_TICKET if ticket else 0, tuple(NINE), profil, "", ticket)


def redeem(store: Store, response: Response) -> str:
    """Send an answer to the store; return "new", "known", or the code of why it was refused."""
    try:
        return "new" if store.add(response, Arrival(DAY, 10)) else "known"
    except IkmError as error:
        return error.code


def crowd(stores: Sequence[Store], tickets: Sequence[bytes], each: int) -> list[dict[str, int]]:
    """Let `each` people at a time redeem one ticket after the other, each with an answer of their own; count outcomes.

    All wait for each other before every ticket, so that they really come at once; they spread over the stores.
    """
    gate = threading.Barrier(each)

    def person(place: int) -> list[str]:
        said = []
        for number, ticket in enumerate(tickets):
            gate.wait()
            said.append(redeem(stores[place % len(stores)], answer_with(number * each + place, ticket)))
        return said

    with ThreadPoolExecutor(each) as pool:
        columns = list(pool.map(person, range(each)))
    return [{word: row.count(word) for word in set(row)} for row in zip(*columns, strict=True)]


def campaign(workspace: Workspace, tickets: int, each: int, collectors: int = 1) -> None:
    """Redeem `tickets` tickets by `each` people at once over `collectors` writers; exactly one answer each is in."""
    stores = [open_store(workspace.store, OFFICE) for _ in range(collectors)]
    try:
        stores[0].load_tickets(hashes(*range(tickets)), None, DAY)
        for store in stores:
            store.patience = 60
        outcomes = crowd(stores, hashes(*range(tickets)), each)
    finally:
        for store in stores:
            store.close()
    assert outcomes == [{"new": 1, "TICKET_USED": each - 1}] * tickets
    with reading(workspace.store) as connection:
        for table in ("response", "redemption"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == tickets


def files_of(folder: Path) -> list[bytes]:
    """Return the content of every file below `folder`."""
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
