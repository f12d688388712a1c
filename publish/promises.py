"""Promises of the follow-up plans as they stand: as published with their periode, and what later ones say of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from collector.last_result import DONE
from publish.last_result import ANSWERS, PROMISES
from publish.rtl import NOT_BEGUN, STATUS

ANSWERED: Final = {"sudah": DONE, "belum": NOT_BEGUN}
RUNNING: Final = STATUS[1]

Public = Mapping[str, Any]


@dataclass(frozen=True)
class Promise:
    """One promise; texts are "" and `due` None where nobody wrote them.

    `status` is one of rtl.STATUS or ""; `account` says what came of it, and `answered` in which periode that was said
    ("": beside the promise itself). `late` is against the day on which the newest periode was published.
    """

    periode: str
    unsur: str
    kegiatan: str
    owner: str
    due: str | None
    indikator: str
    bukti: str
    status: str
    account: str
    answered: str
    late: bool

    @property
    def kept(self) -> bool:
        """Say whether it was done."""
        return self.status == DONE


def standing(folder: Path, published: Sequence[Public]) -> dict[str, list[Promise]]:
    """Return the promises of every published periode by its id; `published` are all, oldest first, under `folder`."""
    places = {public["periode"]: folder / "periode" / public["periode"] for public in published}
    answers: dict[tuple[str, str], tuple[str, Mapping[str, str]]] = {}
    for periode, place in places.items():
        found = _read(place / ANSWERS)
        answers |= {(found["atas"], item["id"]): (periode, item) for item in found.get("tindak_lanjut", [])}
    newest = max(public["published"] for public in published)
    return {
        periode: [
            _promise(periode, entry, answers.get((periode, entry["id"])), newest)
            for entry in _read(place / PROMISES).get("rtl", [])
        ]
        for periode, place in places.items()
    }


def _promise(
    periode: str, entry: Mapping[str, Any], answer: tuple[str, Mapping[str, str]] | None, newest: str
) -> Promise:
    status, account, answered = entry["status"], entry["hasil"], ""
    if answer and status != DONE:
        answered, said = answer
        later = ANSWERED[said["status"]]
        status = RUNNING if (status, later) == (RUNNING, NOT_BEGUN) else later
        account = said["uraian"] or account
    due = entry.get("jatuh_tempo")
    texts = {name: entry.get(name, "") for name in ("unsur", "kegiatan", "indikator", "bukti")}
    late = due is not None and due < newest and status != DONE
    return Promise(
        periode,
        owner=entry["penanggung_jawab"],
        due=due,
        status=status,
        account=account,
        answered=answered,
        late=late,
        **texts,
    )


def _read(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return found


def shown(promises: Mapping[str, Sequence[Promise]], periode: str, earlier: Sequence[str]) -> list[Promise]:
    """Return those of a page: its own, then of the `earlier` periode what is open or was answered in this one."""
    own = list(promises[periode])
    before = [
        item for name in reversed(earlier) for item in promises[name] if not item.kept or item.answered == periode
    ]
    return own + before
