"""A made office for the tests of publication: a real store, answers that follow a pattern, closed periode, reports.

Two instruments (fourteen unsur until 24 August 2026, nine from then on); in September one layanan has seven answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from collector.store import Arrival, create
from collector.workspace import Workspace, load
from publish.documents import score_periode
from publish.flow import SignedEdition
from publish.journal import Entry, Official
from publish.public import publish_edition
from scoring.instrument import Instrument
from scoring.response import Response, canonical, commitment

ROOT = Path(__file__).parent.parent
TODAY = date(2026, 10, 25)
CAMAT = Official("Camat Teladan", "Ratna Contohwati, S.STP., M.Si.", "00000000 000000 0 001")
PDFS = ("laporan.pdf", "rtl.pdf", "surat-pengantar.pdf", "lembar-publikasi.pdf")
AUGUST = {"ktp": 31, "kk": 22, "pindah": 12, "usaha": 15, "lainnya": 11}
SEPTEMBER = {"ktp": 52, "kk": 38, "pindah": 15, "usaha": 24, "lainnya": 7}
OCTOBER = {"ktp": 61, "kk": 41, "pindah": 14, "usaha": 21, "lainnya": 11}
INSTRUMENTS = """\
[[instrument]]
id = "kepmenpan-25-2004"
from = 2010-01-01

[[instrument]]
id = "permenpanrb-14-2017"
from = 2026-08-25
"""
BROWSER_ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
SARAN = "RAHASIA: antrean terlalu lama"


def make_office(folder: Path, instruments: str = INSTRUMENTS) -> Workspace:
    """Return the office of office.example.toml in `folder`, with other instruments."""
    text = (ROOT / "office.example.toml").read_text("utf-8")
    before, _, rest = text.partition("\n[[instrument]]\n")
    _, _, after = rest.partition("# Pejabat menurut peran")
    (folder / "office.toml").write_text(f"{before}\n{instruments}\n# Pejabat{after}", "utf-8")
    return load(folder / "office.toml")


def fill(workspace: Workspace, periode_id: str, sizes: Mapping[str, int], *, kind: str = "real", gaps: int = 0) -> None:
    """Store answers for a periode, `sizes` of each layanan, then close it.

    The first `gaps` sheets of each layanan leave the last question blank.
    """
    office, periode = workspace.office, workspace.office.periode(periode_id)
    pack = office.survey_of(periode).instrument
    store = create(workspace.store, office.id, "rehearsal" if kind == "rehearsal" else "real")
    days = (periode.selesai - periode.mulai).days + 1
    for layanan, size in sizes.items():
        for number in range(size):
            day = periode.mulai + timedelta(days=number * 5 % days)
            paper = number % 4 == 3
            answers = tuple(
                None if number < gaps and place == len(pack.questions) - 1 else value(pack, number, place)
                for place in range(len(pack.questions))
            )
            store.add(
                _response(office.id, layanan, pack, number, answers, periode_id), Arrival(day, None if paper else 9)
            )
    store.close_periode(periode, periode.selesai + timedelta(days=1))
    store.close()


def value(pack: Instrument, number: int, place: int) -> int:
    """Return an answer: mostly 3, more 4 for later questions, always 4 where the service costs nothing."""
    if pack.questions[place].unsur == "biaya":
        return 4
    sign = (number * 7 + place * 5) % 20
    return 4 if sign < 5 + place % 5 else 2 if sign == 19 or (sign == 18 and place % 4 == 2) else 3


def _response(
    office: str, layanan: str, pack: Instrument, number: int, answers: tuple[int | None, ...], seed: str
) -> Response:
    nonce = hashlib.sha256(f"{seed} {layanan} {number}".encode()).digest()
    held = canonical(answers, pack.form, layanan, office)
    profil = tuple(
        None if number % 11 == 10 else field.options[number * (3 + place) % 13 % len(field.options)][0]
        for place, field in enumerate(pack.profil)
    )
    channel = 3 if number % 4 == 3 else 4 if number % 10 == 0 else 1
    saran = SARAN if number == 1 else ""
    return Response(commitment(nonce, held), nonce, office, layanan, pack.form, channel, 0, answers, profil, saran)


def report(workspace: Workspace, periode_id: str) -> None:
    """Write the result as `make report` does, and documents of which only the bytes matter."""
    score_periode(workspace, periode_id)
    for name in PDFS:
        content = f"%PDF-1.7 {name} {periode_id} ".encode() * 4000
        (workspace.periode_folder(periode_id) / name).write_bytes(content)


def publish_periode(workspace: Workspace, periode_id: str, today: date = TODAY) -> list[Path]:
    """Publish from the periode's folder as from an edition; how one gets signed is no matter of these tests."""
    return publish_edition(workspace, periode_id, signed(workspace.periode_folder(periode_id)), today)


def signed(
    folder: Path, number: int = 1, *, kind: str = "ink", level: str = "tinta", before: tuple[Entry, ...] = ()
) -> SignedEdition:
    """Return the documents in `folder` as a signed edition; `before` is the journal of the editions before it."""
    first = len(before) + 1
    journal = [*before, _entry(first, "frozen", {"edition": number, "naskah": {}})]
    for document in ("laporan", "rtl", "surat-pengantar"):
        detail = {"document": document, "edition": number, "kind": kind, "level": level, "signer": CAMAT.nama}
        journal.append(_entry(len(journal) + 1, "signed", detail))
    return SignedEdition(folder, number, {}, tuple(journal[first:]), tuple(journal))


def _entry(seq: int, act: str, detail: dict[str, Any], note: str = "") -> Entry:
    step = {"frozen": "bekukan", "signed": "tanda-tangan", "ralat": "susun"}[act]
    return Entry(seq, f"{TODAY}T10:00:00+07:00", step, act, "camat", CAMAT, note, {}, detail, False, "")


def correction(edition: SignedEdition, note: str) -> tuple[Entry, ...]:
    """Return the journal of an edition with a correction opened at its end."""
    return (*edition.journal, _entry(len(edition.journal) + 1, "ralat", {}, note))


def publish(workspace: Workspace, periode_id: str, today: date = TODAY) -> list[Path]:
    """Make the report of a periode and publish it."""
    report(workspace, periode_id)
    return publish_periode(workspace, periode_id, today)


def three_published(folder: Path, *, kind: str = "real") -> Workspace:
    """Return the office with August, September and October published."""
    workspace = make_office(folder)
    for periode_id, sizes in (("2026-08", AUGUST), ("2026-09", SEPTEMBER), ("2026-10", OCTOBER)):
        fill(workspace, periode_id, sizes, kind=kind)
        publish(workspace, periode_id)
    return workspace


@contextmanager
def chromium(**context: object) -> Iterator[tuple[Page, list[str]]]:
    """Hold a page of a real browser and the list of what went wrong in it: errors, refused and outside requests."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium-headless-shell", args=BROWSER_ARGUMENTS)
        page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
        yield page, faults
        browser.close()
