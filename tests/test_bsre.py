"""The client for BSrE against a server on loopback that follows the published parameters, kind and unkind."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import Any

import pytest
from attack_samples import foreign_field
from esign_samples import NIK, PASSPHRASE, Esign, Reply, as_json, esign_service
from pki_samples import BODY, PEOPLE, Pki, frozen, running_pki

from publish import bsre
from publish.pdf_fields import place_of
from publish.verdict import IMPORTED
from publish.verify_pdf import verify
from scoring.errors import IkmError


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture
def esign(pki: Pki) -> Iterator[Esign]:
    with esign_service(pki) as running:
        yield running


def refusal(esign: Esign, account: bsre.Account | None = None) -> IkmError:
    with pytest.raises(IkmError) as caught:
        bsre.sign(frozen(), account or esign.account, "TandaTangan")
    assert PASSPHRASE not in str(caught.value) and NIK not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("visible", [True, False])
def test_what_comes_back_signed_is_an_update_that_holds(esign: Esign, pki: Pki, visible: bool) -> None:
    signed = bsre.sign(frozen(), esign.account, "TandaTangan", visible=visible)
    verdict = verify(frozen(), signed, pki.anchors)
    assert (verdict.ok, verdict.kind, verdict.signer) == (True, IMPORTED, PEOPLE["camat"]), verdict.sentences


def test_the_service_is_asked_as_its_parameters_say(esign: Esign) -> None:
    bsre.sign(frozen(), esign.account, "TandaTangan")
    (status, who, headers), (path, order, _) = esign.seen
    assert (status, who) == ("/api/v2/user/check/status", {"nik": NIK})
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"kecamatan:sandi-layanan").decode()
    assert path == "/api/v2/sign/pdf"
    assert set(order) == {"nik", "passphrase", "file", "signatureProperties"}
    place = place_of(frozen(), "TandaTangan")
    assert place is not None
    left, bottom, right, top = place.box
    assert order["signatureProperties"] == [
        {
            "tampilan": "VISIBLE",
            "page": 2,
            "originX": left,
            "originY": bottom,
            "width": round(right - left, 2),
            "height": round(top - bottom, 2),
        }
    ]


def test_an_e_mail_address_goes_as_one(esign: Esign) -> None:
    account = bsre.Account(esign.account.address, "camat@contohkab.example", PASSPHRASE)
    bsre.sign(frozen(), account, "TandaTangan", visible=False)
    _, body, headers = esign.seen[1]
    assert body["email"] == "camat@contohkab.example" and "nik" not in body and "Authorization" not in headers
    assert body["signatureProperties"] == [{"tampilan": "INVISIBLE"}]


def test_a_wrong_passphrase_and_a_person_nobody_knows_are_told_apart(esign: Esign) -> None:
    wrong = bsre.Account(esign.account.address, NIK, "salah-ketik")
    assert refusal(esign, wrong).code == "BSRE_PASSPHRASE"
    for status in ("NOT_REGISTERED", "EXPIRED", "SUSPENDED"):
        esign.status = lambda body, status=status: as_json(200, {"status": status})
        assert refusal(esign).code == "BSRE_USER"
    esign.status = lambda body: as_json(404, {"status_code": 2011, "error": "User tidak terdaftar"})
    assert refusal(esign).code == "BSRE_USER"
    assert [path for path, *_ in esign.seen].count("/api/v2/sign/pdf") == 1  # the passphrase is not sent for nothing


REPLIES: dict[str, tuple[Reply, str]] = {
    "another fault": (as_json(400, {"status_code": 3001, "error": "Kuota habis"}), "BSRE_REFUSED"),
    "a fault with status 200": (as_json(200, {"status_code": 2031, "error": "Passphrase"}), "BSRE_PASSPHRASE"),
    "a server that broke": ((500, b"<html>galat</html>"), "BSRE_UNREACHABLE"),
    "a gateway without a server": ((502, b""), "BSRE_UNREACHABLE"),
    "a redirect": ((302, b""), "BSRE_UNREACHABLE"),
    "a page for people": ((200, b"<html>masuk</html>"), "BSRE_REPLY"),
    "a fault that is no JSON": ((400, b"tidak"), "BSRE_REPLY"),
    "a list": (as_json(200, []), "BSRE_REPLY"),
    "no file": (as_json(200, {"file": []}), "BSRE_REPLY"),
    "two files": (as_json(200, {"file": ["", ""]}), "BSRE_REPLY"),
    "a file that is a number": (as_json(200, {"file": [1]}), "BSRE_REPLY"),
    "a file that is no base64": (as_json(200, {"file": ["%%%"]}), "BSRE_REPLY"),
    "the same file again": (as_json(200, {"file": [base64.b64encode(frozen()).decode()]}), "BSRE_OTHER_FILE"),
    "an empty file": (as_json(200, {"file": [""]}), "BSRE_OTHER_FILE"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_this_reply_ends_with_a_sentence_and_nothing_changed(esign: Esign, name: str) -> None:
    reply, code = REPLIES[name]
    esign.sign = lambda body: reply
    error = refusal(esign)
    assert error.code == code
    assert "Dokumen tidak berubah" in str(error)


def test_another_document_with_a_valid_signature_is_not_taken_for_ours(esign: Esign, pki: Pki) -> None:
    other = foreign_field(frozen(BODY.replace("81,85", "99,99")), pki, "camat", None)
    esign.sign = lambda body: as_json(200, {"file": [base64.b64encode(other).decode()]})
    assert refusal(esign).code == "BSRE_OTHER_FILE"


def test_a_service_that_is_not_there_or_does_not_answer_is_named(esign: Esign, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(esign, bsre.Account("http://127.0.0.1:1", NIK, PASSPHRASE)).code == "BSRE_UNREACHABLE"
    monkeypatch.setattr(bsre, "SECONDS", 0.3)

    def sleep(body: dict[str, Any]) -> Reply:
        time.sleep(1)
        return 200, b"{}"

    esign.sign = sleep
    error = refusal(esign)
    assert error.code == "BSRE_UNREACHABLE" and "TimeoutError" in str(error)


def test_what_an_account_prints_hides_its_secrets(esign: Esign) -> None:
    assert not any(secret in repr(esign.account) for secret in (NIK, PASSPHRASE, "sandi-layanan"))
