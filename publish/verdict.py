"""What is said of a signed document: whether it holds, and in Indonesian what holds, what does not, and what to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from publish.pdf_fields import INITIALS
from publish.stamp import TRIAL, Edition, read_edition
from scoring.periode import tanggal

CERTIFICATE: Final = "certificate"
IMPORTED: Final = "imported"
INK: Final = "ink"
INK_LEVEL: Final = "tinta"
BY_EYE: Final = "Tanda tangan basah tidak dapat diperiksa dengan komputer; cocokkan dengan lembar aslinya."
SAME_CONTENT: Final = (
    "Isi dokumen sama bita demi bita dengan yang dibekukan; sesudahnya hanya ditambahkan tanda tangan."
)
WHAT_TO_DO: Final = (
    "Jangan kirim berkas ini. Dokumen beku tetap tersimpan dan tidak berubah; mintalah tanda tangan lagi atasnya."
)
NAMES: Final = {INITIALS[0]: "Paraf pertama", INITIALS[1]: "Paraf kedua"}
LEVELS: Final = {
    "B-B": "waktunya menurut komputer penanda tangan, tanpa cap waktu dan tanpa bukti bahwa sertifikat belum dicabut",
    "B-T": "waktunya dibuktikan dengan cap waktu, tanpa bukti bahwa sertifikat belum dicabut",
    "B-LT": "waktunya dibuktikan dengan cap waktu, dan bukti bahwa sertifikat belum dicabut ada di dalam berkas",
    "B-LTA": "bukti di dalam berkas dilindungi cap waktu, sehingga tetap dapat diperiksa setelah sertifikatnya habis",
}


@dataclass(frozen=True)
class Signature:
    """One signature: its field, the names in its certificate, when (aware), its level, whether it holds and why not."""

    field: str
    signer: str
    issuer: str
    when: datetime | None
    level: str
    ok: bool
    reason: str = ""


@dataclass(frozen=True)
class Verdict:
    """Whether a document is what was frozen and signed; `sentences` say it to a clerk.

    `signer` and `level` are those of the last signature, `kind` is CERTIFICATE, IMPORTED or INK.
    """

    ok: bool
    sentences: tuple[str, ...]
    signer: str = ""
    level: str = ""
    kind: str = CERTIFICATE
    signatures: tuple[Signature, ...] = ()


def refused(reason: str, kind: str = CERTIFICATE, signatures: tuple[Signature, ...] = ()) -> Verdict:
    """Return the verdict on a document that does not hold, for one reason."""
    return Verdict(False, (reason, WHAT_TO_DO), kind=kind, signatures=signatures)


def judged(kind: str, signatures: tuple[Signature, ...], zone: tzinfo = UTC) -> Verdict:
    """Return the verdict on a document whose content holds, from its signatures in the order of signing."""
    broken = [item for item in signatures if not item.ok]
    if broken:
        reasons = tuple(
            f"{NAMES.get(item.field, 'Tanda tangan')} oleh {item.signer} tidak diterima: {item.reason}."
            for item in broken
        )
        return Verdict(False, (*reasons, WHAT_TO_DO), kind=kind, signatures=signatures)
    said = [SAME_CONTENT, *(_sentence(item, zone) for item in signatures)]
    if any(TRIAL in item.signer + item.issuer for item in signatures):
        said.append(f"Sertifikatnya bertuliskan {TRIAL}: dokumen ini tidak berlaku sebagai dokumen resmi.")
    return Verdict(True, tuple(said), signatures[-1].signer, signatures[-1].level, kind, signatures)


def ink_verdict(edition: Edition, pages: Sequence[Collection[str]], signer: str = "") -> Verdict:
    """Return the verdict on a scan of what `signer` signed in ink, by the texts of the QR codes on each of its pages.

    A page of another edition is refused; one whose code cannot be read is to be compared by eye, which is said.
    """
    found = [{named for text in page if (named := read_edition(text))} for page in pages]
    read = sum(edition in page for page in found)
    for other in sorted(set().union(*found) - {edition}, key=lambda item: (item.periode, item.number)):
        reason = f"Hasil pindaian memuat edisi {other.number} periode {other.periode}"
        wanted = f"yang dicatat edisi {edition.number} periode {edition.periode}"
        same = (other.periode, other.number) == (edition.periode, edition.number)
        return refused(f"{reason} dengan hasil hitungan yang lain." if same else f"{reason}, {wanted}.", INK)
    about = f"edisi {edition.number} periode {edition.periode} dan hasil hitungannya"
    if not read:
        said = f"Kode QR pada hasil pindaian tidak terbaca; cocokkan dengan mata bahwa semua halamannya {about}."
    elif read < len(pages):
        said = (
            f"Kode QR pada {read} dari {len(pages)} halaman pindaian sama dengan {about}; cocokkan sisanya dengan mata."
        )
    else:
        said = f"Kode QR pada semua halaman pindaian ({read}) sama dengan {about}."
    return Verdict(True, (said, BY_EYE), signer, INK_LEVEL, INK)


def _sentence(item: Signature, zone: tzinfo) -> str:
    when = moment(item.when, zone) if item.when else "waktu yang tidak disebut"
    return (
        f"{NAMES.get(item.field, 'Tanda tangan')} oleh {item.signer} pada {when}, dengan sertifikat dari {item.issuer} "
        f"yang dipercaya kantor ini. Tingkat {item.level}: {LEVELS[item.level]}."
    )


def moment(when: datetime, zone: tzinfo) -> str:
    """Return a moment as printed in a zone: "25 Oktober 2026 14.03 WIB"."""
    there = when.astimezone(zone)
    return f"{tanggal(there.date())} {there:%H.%M %Z}"
