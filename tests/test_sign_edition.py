"""A frozen edition signed by the public command through BSrE and with a token; test_electronic.py has the files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from esign_samples import NIK, PASSPHRASE, PIN, SOFTHSM, Esign, Reply, as_json, esign_service, soft_token
from flow_samples import Case
from pki_samples import PEOPLE, Pki, running_pki
from shared_samples import brief_office

from collector.workspace import load
from publish import signing

DOCUMENTS = ("laporan", "rtl", "surat-pengantar")


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return brief_office(tmp_path_factory)


@pytest.fixture
def esign(pki: Pki) -> Iterator[Esign]:
    with esign_service(pki) as running:
        yield running


def signing_by(first: Case, folder: Path, pki: Pki, anchor: str, changes: dict[str, str]) -> Case:
    """Return a copy of the office that signs in another way."""
    shutil.copytree(first.workspace.root, folder / "kantor")
    file = folder / "kantor" / "office.toml"
    text = file.read_text("utf-8")
    for old, new in ({"anchors = []": 'anchors = ["akar.der"]'} | changes).items():
        assert old in text, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    (file.parent / "akar.der").write_bytes(pki.certificate(anchor))
    return Case(load(file), first.periode, first.day)


def assert_signed(made: Case, kind: str) -> None:
    edition = made.folder / "edisi-1"
    for name in DOCUMENTS:
        signed = edition / "ditandatangani" / f"{name}.pdf"
        verdict = signing.check(made.workspace, edition / f"{name}.pdf", signed)
        assert verdict.ok and (verdict.kind, verdict.signer) == (kind, PEOPLE["camat"]), verdict.sentences
    entries = [entry for entry in made.entries() if entry["act"] == "signed"]
    assert [(entry["detail"]["document"], entry["detail"]["kind"]) for entry in entries] == [
        (name, kind) for name in DOCUMENTS
    ]
    assert made.do("send") == 0


def test_an_edition_is_signed_at_bsre_and_a_refusal_there_leaves_nothing_behind(
    first: Case,
    esign: Esign,
    pki: Pki,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    changes = {
        'jalur = "ink"': 'jalur = "bsre"',
        'bsre = ""': f'bsre = "{esign.account.address}"',
        'bsre_pengguna = ""': 'bsre_pengguna = "kecamatan"',
    }
    made = signing_by(first, tmp_path, pki, "root", changes)
    monkeypatch.setenv("IKM_BSRE_PASSWORD", "sandi-layanan")
    monkeypatch.setenv("IKM_PASSPHRASE", "salah")
    assert made.do("status") == 0
    assert "make sign PERIOD=2026-10 BY=camat PERSON=" in capsys.readouterr().out
    assert made.do("sign-edition", "--person", NIK) == 2
    assert "BSrE menolak kata sandi" in capsys.readouterr().err
    monkeypatch.setenv("IKM_PASSPHRASE", PASSPHRASE)
    working = esign.sign
    asked: list[str] = []

    def full_after_one(body: dict[str, Any]) -> Reply:
        asked.append(body["nik"])
        return working(body) if len(asked) == 1 else as_json(400, {"status_code": 3001, "error": "Kuota habis"})

    esign.sign = full_after_one
    assert made.do("sign-edition", "--person", NIK) == 2  # the first document was signed, the second not
    said = capsys.readouterr()
    assert "Kuota habis" in said.err and NIK not in said.out + said.err
    assert made.acts()[-1] == "bekukan frozen staf" and not (made.folder / "edisi-1" / "ditandatangani").exists()
    esign.sign = working
    assert made.do("sign-edition", "--person", NIK) == 0
    assert_signed(made, "imported")


@pytest.mark.skipif(SOFTHSM is None, reason="no softhsm2 on this machine: a token cannot be imitated")
def test_an_edition_is_signed_with_a_token_and_a_wrong_pin_leaves_nothing_behind(
    first: Case, pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = signing_by(first, tmp_path, pki, "interm", {'jalur = "ink"': 'jalur = "certificate"'})
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    soft_token(pki, tmp_path)
    token = ("sign-edition", "--pkcs11", str(SOFTHSM), "--token", "kantor", "--key", "camat")
    monkeypatch.setenv("IKM_PASSPHRASE", "9999")
    assert made.do(*token) == 2
    assert "Token kantor tidak dapat dipakai" in capsys.readouterr().err
    assert not (made.folder / "edisi-1" / "ditandatangani").exists()
    monkeypatch.setenv("IKM_PASSPHRASE", PIN)
    assert made.do(*token) == 0
    assert_signed(made, "certificate")
