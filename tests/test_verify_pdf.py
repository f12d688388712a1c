"""A signed document is accepted as what was frozen and signed, and nothing else is: changed bytes, updates, people."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from attack_samples import ATTACKS, foreign_field, signed
from pki_samples import PEOPLE, Pki, frozen, running_pki

from publish.anchors import Anchors
from publish.pdf_fields import place_of
from publish.sign import Order, p12_key, sign
from publish.stamp import Edition, edition_qr
from publish.trial import trial_certificate
from publish.verdict import CERTIFICATE, IMPORTED, INK, ink_verdict
from publish.verify_pdf import verify

YEAR = timedelta(days=365)
# A time stamp may name its algorithm as RSA or as RSA with SHA-256: of 10,626 places in the gap of a B-T signature, all
# of which were changed once, this is the one where another byte means the same, and is therefore accepted.
RSA_BY_ITS_SHORT_NAME = b"2A864886F70D010101"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@cache
def at_level(pki: Pki, level: str, who: str = "camat") -> bytes:
    return sign(frozen(), pki.key(who), Order("TandaTangan", level, pki.tsa, pki.anchors))


def test_a_document_with_two_initials_and_a_signature_holds_and_is_said_to(pki: Pki) -> None:
    verdict = verify(frozen(), signed(frozen(), pki), pki.anchors, zone=ZoneInfo("Asia/Jakarta"))
    assert verdict.ok, verdict.sentences
    assert (verdict.kind, verdict.signer, verdict.level) == (CERTIFICATE, PEOPLE["camat"], "B-B")
    assert [item.field for item in verdict.signatures] == ["Paraf1", "Paraf2", "TandaTangan"]
    first, *people = verdict.sentences
    assert "sama bita demi bita" in first
    for name, sentence in zip(PEOPLE.values(), people, strict=True):
        assert name in sentence and "WIB" in sentence and "Penerbit UJI" in sentence
    assert people[0].startswith("Paraf pertama oleh") and people[2].startswith("Tanda tangan oleh")


@pytest.mark.parametrize("level", ["B-B", "B-T", "B-LT", "B-LTA"])
def test_the_level_of_a_signature_is_found_offline(pki: Pki, level: str) -> None:
    verdict = verify(frozen(), at_level(pki, level), pki.anchors)
    assert (verdict.ok, verdict.level) == (True, level), verdict.sentences


def test_a_signature_with_time_stamp_outlives_its_certificate_and_one_without_does_not(pki: Pki) -> None:
    later = datetime.now(UTC) + 12 * YEAR  # the certificate is over, that of the time stamp authority is not
    for level in ("B-T", "B-LT", "B-LTA"):
        verdict = verify(frozen(), at_level(pki, level), pki.anchors, moment=later)
        assert (verdict.ok, verdict.level) == (True, level), verdict.sentences
    old = verify(frozen(), at_level(pki, "B-B"), pki.anchors, moment=later)
    assert not old.ok and "tidak berlaku pada waktu itu" in old.sentences[0]


def test_initials_are_proven_for_as_long_as_the_signature(pki: Pki) -> None:
    content = frozen()
    for who, field, level in (
        ("paraf1", "Paraf1", "B-LT"),
        ("paraf2", "Paraf2", "B-LT"),
        ("camat", "TandaTangan", "B-LTA"),
    ):
        content = sign(content, pki.key(who), Order(field, level, pki.tsa, pki.anchors))
    verdict = verify(frozen(), content, pki.anchors, moment=datetime.now(UTC) + 12 * YEAR)
    assert verdict.ok, verdict.sentences
    assert {item.level for item in verdict.signatures} == {"B-LTA"}


@pytest.mark.parametrize("name", ATTACKS)
def test_this_attack_is_refused(pki: Pki, name: str) -> None:
    content = ATTACKS[name](frozen(), pki)
    verdict = verify(frozen(), content, pki.anchors)
    assert not verdict.ok, verdict.sentences
    assert "Jangan kirim berkas ini" in verdict.sentences[-1]


def flips(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield `content` with one byte changed, at places and to values drawn by lot."""
    lot = random.Random(seed)
    for place in lot.sample(range(len(content)), count):
        changed = bytearray(content)
        changed[place] ^= lot.randrange(1, 256)
        yield bytes(changed)


def test_a_hundred_changed_bytes_are_refused(pki: Pki) -> None:
    for changed in flips(signed(frozen(), pki), 100, seed=1):
        assert not verify(frozen(), changed, pki.anchors).ok


@pytest.mark.soak
@pytest.mark.parametrize("level", ["B-B", "B-LTA"])
def test_a_thousand_changed_bytes_are_refused(pki: Pki, level: str) -> None:
    content = at_level(pki, level)
    assert verify(frozen(), content, pki.anchors).ok
    for changed in flips(content, 1000, seed=2):
        assert not verify(frozen(), changed, pki.anchors).ok


@pytest.mark.parametrize("level", ["B-B", "B-LTA"])  # the gap of a person's signature, that of a document time stamp
def test_bytes_in_the_gap_of_the_last_signature_count_although_no_digest_covers_them(pki: Pki, level: str) -> None:
    content = at_level(pki, level)
    start, end = (int(edge) for edge in content.rsplit(b"/ByteRange [0 ", 1)[1].split(b"]")[0].split()[:2])
    lot = random.Random(3)
    for place in [start, end - 1, end - 2, *lot.sample(range(start, end), 15)]:
        changed = bytearray(content)
        others = [digit for digit in b"0123456789abcdefABCDEF" if digit != changed[place]]
        changed[place] = lot.choice(others)
        if changed[place - 17 : place + 1] == RSA_BY_ITS_SHORT_NAME:
            continue
        assert not verify(frozen(), bytes(changed), pki.anchors).ok, place - start


def test_an_expired_certificate_is_refused_although_it_signed(pki: Pki) -> None:
    key = replace(pki.key("habis"), until=datetime.max.replace(tzinfo=UTC))  # our own signing would not begin
    for level in ("B-B", "B-T"):
        content = sign(frozen(), key, Order("TandaTangan", level, pki.tsa))
        verdict = verify(frozen(), content, pki.anchors)
        assert not verdict.ok and "tidak berlaku pada waktu itu" in verdict.sentences[0]


def test_a_revoked_certificate_is_refused_with_the_list_of_the_anchors_or_online(pki: Pki) -> None:
    content = at_level(pki, "B-B", "dicabut")
    crl = pki.architecture.service_registry.get_crl("interm", datetime.now(UTC)).dump()
    for verdict in (
        verify(frozen(), content, Anchors(pki.anchors.certificates, (crl,))),
        verify(frozen(), content, pki.anchors, fetch=True),
    ):
        assert not verdict.ok and "sudah dicabut" in verdict.sentences[0], verdict.sentences


def test_a_document_signed_by_another_program_is_accepted_where_its_mark_belongs(pki: Pki) -> None:
    place = place_of(frozen(), "TandaTangan")
    assert place is not None
    left, bottom, right, top = (round(edge) for edge in place.box)
    for box in ((left, bottom, right, top), (left + 20, bottom - 30, left + 80, bottom + 60), None):
        verdict = verify(frozen(), foreign_field(frozen(), pki, "camat", box), pki.anchors)
        assert (verdict.ok, verdict.kind, verdict.signer) == (True, IMPORTED, PEOPLE["camat"]), verdict.sentences


def test_the_person_of_a_field_is_the_one_in_office_toml(pki: Pki) -> None:
    content = sign(frozen(), pki.key("camat"), Order("TandaTangan"))
    official = {"TandaTangan": "RATNA  CONTOHWATI, S.STP., M.Si."}
    assert verify(frozen(), content, pki.anchors, expected=official).ok
    other = verify(frozen(), content, pki.anchors, expected={"TandaTangan": "Bagus Misalnya, S.Sos."})
    assert not other.ok and "yang seharusnya menandatangani Bagus Misalnya" in other.sentences[0]


def test_an_initialled_document_holds_as_far_as_it_has_come(pki: Pki) -> None:
    content = sign(frozen(), pki.key("paraf1"), Order("Paraf1"))
    assert verify(frozen(), content, pki.anchors, required="Paraf1").ok
    for required in ("Paraf2", "TandaTangan"):
        verdict = verify(frozen(), content, pki.anchors, required=required)
        assert not verdict.ok and f"{required} belum ditandatangani" in verdict.sentences[0]


def test_without_anchors_nobody_is_trusted(pki: Pki) -> None:
    verdict = verify(frozen(), at_level(pki, "B-B"), Anchors())
    assert not verdict.ok and "penerbit yang dipercaya" in verdict.sentences[0]


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"x" * 1000])
def test_what_is_no_pdf_gets_a_verdict_and_no_error(pki: Pki, content: bytes) -> None:
    for candidate in (content, frozen() + content):
        verdict = verify(frozen(), candidate, pki.anchors)
        assert not verdict.ok and len(verdict.sentences) == 2


def test_a_trial_certificate_signs_and_says_on_every_verdict_that_it_is_none() -> None:
    p12, pem = trial_certificate("Ratna Contohwati", "rahasia")
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    anchors = Anchors((x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER),))
    content = sign(frozen(), p12_key("uji.p12", p12, "rahasia"), Order("TandaTangan"))
    verdict = verify(frozen(), content, anchors, expected={"TandaTangan": "Ratna Contohwati, S.STP."})
    assert verdict.ok and verdict.signer == "UJI COBA Ratna Contohwati"
    assert "tidak berlaku sebagai dokumen resmi" in verdict.sentences[-1]


def test_a_scan_is_tied_to_its_edition_by_the_code_on_its_pages() -> None:
    edition = Edition.of("2026-10", 2, b'{"ikm": "81.85"}')
    text = edition_qr("https://skm.contohkab.example/", edition)
    verdict = ink_verdict(edition, [{text}, {text, "tautan lain"}], "Ratna Contohwati")
    assert (verdict.ok, verdict.kind, verdict.signer) == (True, INK, "Ratna Contohwati")
    assert "semua halaman pindaian (2)" in verdict.sentences[0] and "lembar aslinya" in verdict.sentences[1]
    other = Edition.of("2026-10", 2, b'{"ikm": "99.99"}')
    for edition_found, words in ((other, "hasil hitungan yang lain"), (replace(edition, number=1), "edisi 2")):
        refusal = ink_verdict(edition_found, [set(), {text}])
        assert not refusal.ok and words in refusal.sentences[0]
    unread = ink_verdict(edition, [{"https://skm.contohkab.example/"}, set()])
    assert unread.ok and "tidak terbaca; cocokkan dengan mata" in unread.sentences[0]
    assert "pada 1 dari 2 halaman" in ink_verdict(edition, [{text}, set()]).sentences[0]
