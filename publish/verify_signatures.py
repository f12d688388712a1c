"""Whether the parafs and signatures of an edition still hold, each by the way in which it was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from publish.journal import Entry
from publish.pdf_fields import FINAL
from publish.scan import read_scan
from publish.signing import anchors_of
from publish.stamp import Edition
from publish.verdict import BY_EYE, INK, SAME_CONTENT, WHAT_TO_DO, Verdict, ink_verdict
from publish.verify_case import BACKUP, FAILS, HOLDS, NOTE, Case, Line, few
from publish.verify_pdf import verify
from scoring.errors import IkmError

PART = "Tanda tangan"


def signatures(case: Case) -> Iterator[Line]:
    """Yield what is to be said of every paraf and signature of the edition, and which are lacking.

    What holds in the same words for several documents is said once.
    """
    documents = case.state.procedure.steps[case.state.procedure.first("sign")].documents
    said: dict[tuple[str, str], list[str]] = {}
    for line in _each(case):
        name, _, text = line.text.partition(": ")
        if line.state == HOLDS and name in documents:
            said.setdefault((line.state, text), []).append(name)
        else:
            yield line
    for (state, text), names in said.items():
        yield Line(PART, state, f"{', '.join(names)}: {text}")


def _each(case: Case) -> Iterator[Line]:
    signing = case.state.procedure.first("sign")
    parafs = [entry for step in case.state.steps[:signing] for entry in step.acts if entry.act == "paraf"]
    for entry in parafs:
        yield from _paraf(case, entry)
    people = {entry.detail["field"]: entry.official.nama for entry in parafs if "field" in entry.detail}
    signed = {entry.detail["document"]: entry for entry in case.state.steps[signing].acts if entry.act == "signed"}
    if any(entry.detail["kind"] == INK for entry in signed.values()):
        yield Line(PART, NOTE, BY_EYE)
    for document in case.state.procedure.steps[signing].documents:
        if document not in signed:
            yield Line(PART, FAILS, f"{document} belum ditandatangani. Ketik: make status PERIOD={case.periode}")
            continue
        entry = signed[document]
        if changed := case.changed(entry):
            yield Line(PART, FAILS, f"{few(changed)} berubah atau hilang sesudah dicatat. {BACKUP}")
        elif entry.detail["kind"] == INK:
            yield _ink(case, document, entry)
        else:
            yield _electronic(case, document, entry, people | {FINAL: entry.official.nama})


def _paraf(case: Case, entry: Entry) -> Iterator[Line]:
    who = f"Paraf {entry.official.nama}"
    if changed := [name for name in case.changed(entry) if name not in case.frozen.files]:
        yield Line(PART, FAILS, f"{who}: {few(changed)} berubah atau hilang sesudah dicatat. {BACKUP}")
    elif "field" in entry.detail:
        yield Line(PART, HOLDS, f"{who}: berkasnya sama dengan yang dicatat; parafnya diperiksa bersama tanda tangan.")
    else:
        yield Line(PART, NOTE, f"{who} dicatat dalam jurnal, tanpa berkas yang dapat diperiksa.")


def _ink(case: Case, document: str, entry: Entry) -> Line:
    """Return what the scan of a signature in ink tells: which edition was signed, never by whom."""
    edition = Edition.of(case.periode, case.number, (case.edition / "result.json").read_bytes())
    scan = case.folder / next(iter(entry.files))
    verdict = ink_verdict(edition, read_scan(scan), entry.official.nama)
    text = f"{document}: pindaian sama dengan yang dicatat. {verdict.sentences[0]}"
    return Line(PART, NOTE if verdict.ok else FAILS, text)


def _electronic(case: Case, document: str, entry: Entry, people: dict[str, str]) -> Line:
    """Return whether a signed file holds today, or held when it was entered and its certificate has run out since."""
    try:
        anchors = anchors_of(case.workspace)
    except IkmError as error:
        return Line(PART, FAILS, f"{document}: tanda tangan tidak dapat diperiksa. {error}")
    zone = ZoneInfo(case.workspace.office.timezone)
    frozen = (case.edition / f"{document}.pdf").read_bytes()
    signed = (case.folder / next(iter(entry.files))).read_bytes()

    def judged(moment: datetime | None = None) -> Verdict:
        return verify(frozen, signed, anchors, expected=people, zone=zone, moment=moment)

    verdict = judged()
    if verdict.ok:
        said = " ".join(sentence for sentence in verdict.sentences if sentence != SAME_CONTENT)
        return Line(PART, HOLDS, f"{document}: {SAME_CONTENT} {said}")
    if judged(entry.moment).ok:
        text = "isinya sama dengan yang dibekukan dan tanda tangannya sah ketika dicatat; sertifikatnya sekarang habis"
        return Line(
            PART, NOTE, f"{document}: {text}. Waktu pencatatan itu hanya dibuktikan oleh jurnal, tanpa cap waktu."
        )
    said = " ".join(sentence for sentence in verdict.sentences if sentence != WHAT_TO_DO)
    return Line(PART, FAILS, f"{document}: {said} {BACKUP}")
