"""Services, tickets and answers beside each other: what is counted, what is seen, what of it is published."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from publish_samples import collect, office
from scoring_samples import part, rows_of, tally
from ticket_samples import OPTIONAL, REQUIRED, answer_with, hashes, redeem

from collector import counting
from collector.schema import Arrival
from collector.seal import recount
from collector.store import open_store, reading
from collector.workspace import Workspace
from publish import kewajaran
from publish.public_checks import public_checks
from scoring import tally_json
from scoring.errors import IkmError
from scoring.response import receipt_code
from scoring.result import score
from scoring.tally import Part, Tally, Tickets

MIXED = rows_of(" ".join(["343434343", "334433443", "444333344", "343344334", "434343333"] * 8))


def counted(workspace: Workspace, periode: str = "2026-10") -> Tally:
    with reading(workspace.store) as connection:
        return counting.tally(connection, workspace.office, workspace.office.periode(periode))


def filled(folder: Path, changes: dict[str, str]) -> Workspace:
    """Return an office with tickets 0 to 9 for any layanan and 10 to 14 for kk, of which six were used in October."""
    workspace = office(folder, changes)
    store = open_store(workspace.store, workspace.office.id)
    store.load_tickets(hashes(*range(10)), None, date(2026, 9, 20))
    store.load_tickets(hashes(*range(10, 15)), "kk", date(2026, 9, 30))
    assert store.add(answer_with(100, *hashes(9)), Arrival(date(2026, 9, 21), 9))
    for number in range(4):
        assert redeem(store, answer_with(number, *hashes(number))) == "new"
    for number in (10, 11):
        assert redeem(store, answer_with(number, *hashes(number), layanan="kk")) == "new"
    assert redeem(store, answer_with(50, b"", layanan="kk")) == "new"
    store.close()
    return workspace


@pytest.mark.parametrize("sealed", [False, True])
def test_a_periode_counts_its_tickets_by_the_layanan_they_hold_for(tmp_path: Path, sealed: bool) -> None:
    workspace = filled(tmp_path, OPTIONAL)
    if sealed:
        assert collect(workspace, "seal") == 0
    october = counted(workspace)
    none = Tickets("optional", 0, 0, 0)
    assert october.tickets == {
        **dict.fromkeys(("ktp", "pindah", "usaha", "lainnya"), none),
        "kk": Tickets("optional", 5, 5, 2),
        "*": Tickets("optional", 0, 9, 4),
    }
    flags = {(item.layanan, item.flags.get("ticket", 0)) for item in october.parts}
    assert flags == {("ktp", 4), ("kk", 2)}
    assert counted(workspace, "2026-09").tickets["*"] == Tickets("optional", 10, 10, 1)
    with reading(workspace.store) as connection:
        assert all(same for _, same in recount(connection, workspace.office.id))
    assert tally_json.load(tally_json.dump(october)) == october


def test_an_office_without_tickets_counts_none_and_its_file_is_as_before(tmp_path: Path) -> None:
    plain = counted(office(tmp_path))
    assert plain.tickets == {} and '"tickets"' not in tally_json.dump(plain)


def test_an_excluded_answer_keeps_its_ticket_used(tmp_path: Path) -> None:
    workspace = filled(tmp_path, OPTIONAL)
    code = receipt_code(answer_with(0, b"").id)
    assert collect(workspace, "exclude", "--code", code, "--reason", "uji-coba", "--by", "staf") == 0
    entry = entry_of(counted(workspace))
    assert (entry["state"], entry["n"], entry["redeemed"], entry["faults"]) == ("ok", 5, 6, [])


def test_vectors_kept_before_tickets_were_counted_still_add_up_and_recount(tmp_path: Path) -> None:
    workspace = filled(tmp_path, REQUIRED)
    store = open_store(workspace.store, workspace.office.id)
    collect(workspace, "seal")
    now = counted(workspace)
    with store.writing() as connection:
        connection.execute("DROP TRIGGER day_tally_keeps_values")
        connection.execute("UPDATE day_tally SET layout = 1, sums = substr(sums, 1, length(sums) - 8)")
    store.close()
    before = counted(workspace)
    assert [replace(item, flags={}) for item in now.parts] == [replace(item, flags={}) for item in before.parts]
    assert not any(item.flags for item in before.parts)
    with reading(workspace.store) as connection:
        assert not any(same for day, same in recount(connection, workspace.office.id))  # these days had tickets


def entry_of(made: Tally) -> dict[str, Any]:
    (entry,) = [entry for entry in score(made)["integrity"] if entry["id"] == "tickets"]
    return dict(entry)


def one(with_ticket: int, **changes: Any) -> Part:
    """Return forty answers of ktp, so many of them with a ticket."""
    return replace(part(MIXED), flags={"ticket": with_ticket} if with_ticket else {}, **changes)


def made(with_ticket: int, held: Tickets, served: int = 100, channel: str = "phone") -> Tally:
    return tally(one(with_ticket, channel=channel), population={"ktp": served, "kk": 0}, tickets={"ktp": held})


SEEN: dict[str, tuple[Tally, list[str]]] = {
    "all in order": (made(40, Tickets("required", 60, 60, 40)), []),
    "no ticket where none is needed": (made(30, Tickets("optional", 60, 60, 30)), []),
    "paper needs none": (made(0, Tickets("required", 60, 60, 0), channel="paper"), []),
    "more tickets than people served": (made(40, Tickets("required", 101, 101, 40)), ["issued"]),
    "an answer without where it needs one": (made(39, Tickets("required", 60, 60, 39)), ["without"]),
    "more used than there were": (made(40, Tickets("required", 39, 39, 40)), ["redeemed"]),
    "more answers than tickets used": (made(40, Tickets("required", 60, 60, 39)), ["answers"]),
    "more tickets used than answers": (made(39, Tickets("optional", 60, 60, 40)), ["answers"]),
}


@pytest.mark.parametrize("name", SEEN)
def test_the_panel_sees(name: str) -> None:
    counts, faults = SEEN[name]
    entry = entry_of(counts)
    assert [fault["fault"] for fault in entry["faults"]] == faults
    assert entry["state"] == ("seen" if faults else "ok")
    (shown,) = [entry for entry in public_checks(score(counts), counts, detail=True) if entry["id"] == "tickets"]
    (said,) = kewajaran.checks([shown], counts.layanan)
    assert said.seen == bool(faults) and said.sentence.endswith(".")
    assert all(kewajaran.TICKET_FAULTS[fault] in said.sentence for fault in faults)


def test_services_tickets_and_answers_stand_beside_each_other() -> None:
    counts = made(30, Tickets("optional", 60, 60, 30))
    (shown,) = [entry for entry in public_checks(score(counts), counts, detail=True) if entry["id"] == "tickets"]
    sentence = kewajaran.checks([shown], counts.layanan)[0].sentence
    assert sentence.startswith(
        "Layanan : tiket : jawaban = 100 : 60 : 40. 30 dari 40 jawaban (75,0%) memakai tiket sekali pakai."
    )
    assert "Perekaman KTP Elektronik 100 : 60 : 40, 30 di antaranya dengan tiket" in sentence
    assert "dengan dan tanpa tiket sama-sama dihitung" in sentence


def test_a_few_answers_without_a_ticket_are_not_printed() -> None:
    counts = made(38, Tickets("optional", 60, 60, 38))
    (shown,) = [entry for entry in public_checks(score(counts), counts, detail=True) if entry["id"] == "tickets"]
    assert (shown["n"], shown["about"], [row["n"] for row in shown["layanan"]]) == (None, "most", [None])
    (closed,) = [entry for entry in public_checks(score(counts), counts, detail=False) if entry["id"] == "tickets"]
    assert (closed["n"], closed["about"], closed["layanan"]) == (None, "withheld", [])
    assert "redeemed" not in shown


@pytest.mark.parametrize(
    ("tickets", "where"),
    [
        ("x", "tickets"),
        ({"paspor": {"mode": "off", "issued": 0, "available": 0, "redeemed": 0}}, "tickets.paspor"),
        ({"ktp": {"mode": "on", "issued": 0, "available": 0, "redeemed": 0}}, "tickets.ktp.mode"),
        ({"ktp": {"mode": "off", "issued": -1, "available": 0, "redeemed": 0}}, "tickets.ktp.issued"),
        ({"ktp": {"mode": "off", "issued": 0, "redeemed": 0}}, "tickets.ktp"),
    ],
)
def test_a_tally_file_with_tickets_that_are_none_is_refused(tickets: object, where: str) -> None:
    fields = {**json.loads(tally_json.dump(made(0, Tickets("off", 0, 0, 0)))), "tickets": tickets}
    with pytest.raises(IkmError, match=where):
        tally_json.load(json.dumps(fields))
