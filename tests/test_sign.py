"""Signing: the frozen bytes stay in front, every level, seen or not, and the file stays PDF/A, tagged and readable."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from esign_samples import SOFTHSM, soft_token
from pdfua import validate
from pki_samples import BODY, COUNTS, CSS, FIELDS, PASSPHRASE, PEOPLE, Pki, frozen, running_pki
from publish_samples import ROOT

import publish.__main__ as commands
from publish import pdf
from publish.anchors import Anchors, read_anchors
from publish.pdf_fields import Field, place_of
from publish.sign import LEVELS, Key, Order, p12_key, sign, token_key
from publish.stamp import Edition, Note, edition_qr, read_edition, running_qr
from publish.trial import trial_certificate
from publish.verify_pdf import verify
from scoring.errors import IkmError

QR = edition_qr("https://skm.contohkab.example/", Edition.of("2026-10", 1, b"{}"))


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(scope="module")
def seen(pki: Pki) -> bytes:
    """Return the document with two visible initials and a visible signature at the highest level."""
    content = frozen()
    for (who, name), field in zip(PEOPLE.items(), FIELDS, strict=True):
        note = Note(name, "Camat Teladan", "25 Oktober 2026 14.03 WIB", "Penerbit UJI", QR)
        level = "B-LTA" if who == "camat" else "B-LT"
        content = sign(content, pki.key(who), Order(field.name, level, pki.tsa, pki.anchors, note))
    return content


def run(command: list[str], content: bytes, folder: Path) -> str:
    """Run a command on the PDF; return what it printed."""
    file = folder / "berkas.pdf"
    file.write_bytes(content)
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_sound(content: bytes, folder: Path) -> None:
    """Assert what can be said of PDF/A-3a and PDF/UA-1 without veraPDF."""
    run(["qpdf", "--check"], content, folder)
    with pikepdf.open(io.BytesIO(content)) as document:
        root = document.Root
        assert root.MarkInfo.Marked and root.StructTreeRoot.K is not None
        assert [intent.S for intent in root.OutputIntents] == ["/GTS_PDFA1"]
        assert [(spec.UF, spec.AFRelationship) for spec in root.AF] == [(name, "/Data") for name, *_ in COUNTS]
        with document.open_metadata() as metadata:
            claims = [metadata.get(f"{key}") for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
        assert claims == ["3", "A", "1"]
        assert root.Metadata.read_bytes().count(b"<rdf:RDF") == 1
        assert b"PDF/UA identification schema" in root.Metadata.read_bytes()
        parents = root.StructTreeRoot.ParentTree.Nums
        elements = {int(parents[at]): parents[at + 1] for at in range(0, len(parents), 2)}
        for field in root.AcroForm.Fields:
            if not str(field.T).startswith("Timestamp"):
                element = elements[int(field.StructParent)]
                assert (element.S, element.K.Obj.objgen) == ("/Form", field.objgen)
                assert int(field.F) & 4 and str(field.TU) == str(element.Alt)
                assert field.P.Tabs == "/S"
    file = folder / "berkas.pdf"
    assert not validate(str(file)).findings


def valid_signatures(content: bytes, folder: Path) -> int:
    """Return how many signatures poppler, which shares no code with pyHanko, calls valid."""
    said = run(["pdfsig", "-nocert"], content, folder)
    assert "Digest Mismatch" not in said and "Invalid" not in said
    return said.count("Signature is Valid")


def test_a_frozen_document_claims_both_standards_and_carries_its_counts_and_tagged_fields(tmp_path: Path) -> None:
    assert_sound(frozen(), tmp_path)
    run(["pdfdetach", "-saveall", "-o", str(tmp_path)], frozen(), tmp_path)
    for name, content, _ in COUNTS:
        assert (tmp_path / name).read_bytes() == content


def test_the_same_document_has_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys, hashlib; sys.path[:0] = ['.', 'tests']; from pki_samples import frozen;"
        "print(hashlib.sha256(frozen()).hexdigest())"
    )
    python = str(ROOT / ".venv/bin/python")
    done = subprocess.run([python, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == hashlib.sha256(frozen()).hexdigest()


def test_a_document_without_fields_is_written_by_weasyprint_alone_and_claims_both_standards() -> None:
    content = pdf.render("Judul", CSS, "<h1>Judul</h1>", author="Kantor", day=date(2026, 10, 25))
    with pikepdf.open(io.BytesIO(content)) as document, document.open_metadata() as metadata:
        assert "/AcroForm" not in document.Root
        assert metadata["pdfuaid:part"] == "1"


def test_fields_stand_where_the_document_has_room_for_them_and_nowhere_else() -> None:
    final = place_of(frozen(), "TandaTangan")
    assert final is not None and final.page == 1
    width, height = final.box[2] - final.box[0], final.box[3] - final.box[1]
    assert (round(width * 25.4 / 72), round(height * 25.4 / 72)) == (82, 24)
    unseen = pdf.render(
        "Judul", CSS, BODY, author="K", day=date(2026, 10, 25), fields=(Field("Segel", "Segel kantor"),)
    )
    place = place_of(unseen, "Segel")
    assert place is not None and place.box == (0.0, 0.0, 0.0, 0.0)
    assert place_of(unseen, "TandaTangan") is None


def test_the_tag_for_other_programs_stands_in_the_room_for_the_signature(tmp_path: Path) -> None:
    css = CSS + ".ruang{height:24mm;width:80mm}"
    body = f"<h1>Judul</h1>{pdf.place('TandaTangan', tag=True)}"
    content = pdf.render("Judul", css, body, author="K", day=date(2026, 10, 25), fields=FIELDS[2:])
    (tmp_path / "ekspor.pdf").write_bytes(content)
    command = ["pdftotext", "-bbox", str(tmp_path / "ekspor.pdf"), "-"]
    words = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">#<', words)
    where = place_of(content, "TandaTangan")
    assert found and where
    left, top, right, bottom = (float(edge) for edge in found.groups())
    height = 297 * 72 / 25.4
    assert where.box[0] <= left + 1 and right <= where.box[2]
    assert where.box[1] <= height - bottom and height - top <= where.box[3] + 1


def test_visible_signatures_keep_the_standards_and_other_programs_find_them_valid(seen: bytes, tmp_path: Path) -> None:
    assert_sound(seen, tmp_path)
    assert valid_signatures(seen, tmp_path) == 3
    fonts = run(["pdffonts"], seen, tmp_path).splitlines()[2:]
    assert fonts and all(re.search(r"Noto.*\byes\s+yes\s+yes\b", font) for font in fonts)


def test_the_mark_says_who_and_its_code_leads_to_the_edition(seen: bytes, tmp_path: Path) -> None:
    file = tmp_path / "berkas.pdf"
    file.write_bytes(seen)
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-f", "2", "-l", "2", file, tmp_path / "hal"], check=True)
    page = next(tmp_path.glob("hal*.png"))
    code = subprocess.run(["zbarimg", "-q", "--raw", page], capture_output=True, text=True, check=False).stdout.strip()
    assert code == QR
    assert read_edition(code) == Edition.of("2026-10", 1, b"{}")


@pytest.mark.parametrize("level", LEVELS)
def test_an_invisible_signature_at_this_level_leaves_the_frozen_bytes_in_front(
    pki: Pki, level: str, tmp_path: Path
) -> None:
    content = sign(frozen(), pki.key("camat"), Order("TandaTangan", level, pki.tsa, pki.anchors))
    assert content.startswith(frozen()) and len(content) > len(frozen())
    assert_sound(content, tmp_path)
    assert valid_signatures(content, tmp_path) == 1


@pytest.mark.skipif(SOFTHSM is None, reason="no softhsm2 on this machine: a token cannot be imitated")
def test_a_key_on_a_token_signs(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm.conf"))
    soft_token(pki, tmp_path)
    with token_key(str(SOFTHSM), "kantor", "1234", "camat") as held:
        assert held.name == PEOPLE["camat"]
        content = sign(frozen(), held, Order("TandaTangan"))
    interm = x509.load_der_x509_certificate(pki.certificate("interm")).public_bytes(serialization.Encoding.DER)
    assert verify(frozen(), content, Anchors((interm,))).ok
    for token, pin, label in (("kantor", "9999", "camat"), ("lain", "1234", "camat"), ("kantor", "1234", "lain")):
        with pytest.raises(IkmError) as caught, token_key(str(SOFTHSM), token, pin, label) as held:
            sign(frozen(), held, Order("TandaTangan"))
        assert caught.value.code == "SIGN_TOKEN" and "1234" not in str(caught.value)


def refusal(key: Key, order: Order, content: bytes | None = None) -> IkmError:
    with pytest.raises(IkmError) as caught:
        sign(content or frozen(), key, order)
    return caught.value


def test_what_cannot_be_signed_is_said_before_anything_is_written(pki: Pki) -> None:
    key = pki.key("camat")
    assert refusal(pki.key("habis"), Order("TandaTangan")).code == "SIGN_EXPIRED"
    assert "Paraf1, Paraf2, TandaTangan" in str(refusal(key, Order("Camat")))
    assert refusal(key, Order("Paraf1"), sign(frozen(), key, Order("Paraf1"))).code == "SIGN_FIELD"
    assert refusal(key, Order("TandaTangan"), b"bukan PDF").code == "SIGN_FILE"
    assert "tanda_tangan.tsa" in str(refusal(key, Order("TandaTangan", "B-T")))
    assert "tanda_tangan.anchors" in str(refusal(key, Order("TandaTangan", "B-LT", pki.tsa)))
    assert "tingkat yang ada" in str(refusal(key, Order("TandaTangan", "B-X")))
    assert refusal(key, Order("TandaTangan", "B-T", "http://127.0.0.1:1/")).code == "SIGN_TSA"
    stranger, revoked = pki.key("orang-lain"), pki.key("dicabut")
    assert refusal(stranger, Order("TandaTangan", "B-LT", pki.tsa, pki.anchors)).code == "SIGN_REVOCATION"
    assert refusal(revoked, Order("TandaTangan", "B-LT", pki.tsa, pki.anchors)).code == "SIGN_REVOCATION"


def test_a_wrong_passphrase_and_a_wrong_file_are_told_apart(pki: Pki) -> None:
    for content, passphrase, code in (
        (pki.p12("camat"), "bukan-itu", "SIGN_PASSPHRASE"),
        (b"bukan sertifikat", PASSPHRASE, "SIGN_CERTIFICATE"),
        (pki.certificate("camat"), PASSPHRASE, "SIGN_CERTIFICATE"),
    ):
        with pytest.raises(IkmError) as caught:
            p12_key("camat.p12", content, passphrase)
        assert caught.value.code == code and passphrase not in str(caught.value)


def test_anchors_are_read_from_files_and_folders_in_both_ways_of_writing(pki: Pki, tmp_path: Path) -> None:
    root, interm = pki.certificate("root"), pki.certificate("interm")
    (tmp_path / "a.der").write_bytes(root)
    pem = x509.load_der_x509_certificate(interm).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "b.pem").write_bytes(pem)
    (tmp_path / "baca.txt").write_text("bukan sertifikat")
    assert read_anchors([tmp_path]).certificates == (root, interm)
    assert read_anchors([tmp_path / "b.pem"]).certificates == (interm,)
    with pytest.raises(IkmError, match=r"baca\.txt") as caught:
        read_anchors([tmp_path / "baca.txt"])
    assert caught.value.code == "ANCHOR_INVALID"
    with pytest.raises(IkmError, match=r"tanda_tangan\.anchors"):
        read_anchors([tmp_path / "nihil"])


@pytest.mark.parametrize("edition", [Edition.of("2026-TW3", 12, b"a"), Edition.of("2026", 1, b"b")])
def test_the_code_on_every_page_names_edition_and_result_and_nothing_else_does(edition: Edition) -> None:
    text = edition_qr("https://skm.contohkab.example/", edition)
    assert read_edition(text) == edition
    assert len(text) < 110
    assert len(edition.sha256) == 64
    for other in (
        text + "A",
        text.lower(),
        text.replace("#E/", "#F/"),
        text[:-1],
        text[:-1] + "B",
        "",
        "#E/2026/0/" + "A" * 52,
    ):
        assert read_edition(other) is None, other


def test_the_code_below_every_page_is_read_from_a_coarse_scan(tmp_path: Path) -> None:
    css = "@page{size:210mm 297mm;margin:25mm}" + running_qr(QR)
    body = "<h1>Satu</h1><h1 style='break-before:page'>Dua</h1>"
    file = tmp_path / "qr.pdf"
    file.write_bytes(pdf.render("Judul", css, body, author="K", day=date(2026, 10, 25)))
    assert not validate(str(file)).findings
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-png", file, tmp_path / "hal"], check=True)
    for page in sorted(tmp_path.glob("hal*.png")):
        done = subprocess.run(["zbarimg", "-q", "--raw", page], capture_output=True, text=True, check=False)
        assert done.stdout.strip() == QR


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Return a folder with an office that signs with a certificate for trials, and a frozen document."""
    p12, pem = trial_certificate("Ratna Contohwati", PASSPHRASE)
    (tmp_path / "camat.p12").write_bytes(p12)
    (tmp_path / "uji.pem").write_bytes(pem)
    text = (ROOT / "office.example.toml").read_text("utf-8")
    text = text.replace('jalur = "ink"', 'jalur = "certificate"').replace("anchors = []", 'anchors = ["uji.pem"]')
    (tmp_path / "office.toml").write_text(text, "utf-8")
    (tmp_path / "laporan.pdf").write_bytes(frozen())
    return tmp_path


def command(desk: Path, *arguments: str) -> int:
    return commands.main([*arguments, "--office", str(desk / "office.toml")])


def test_the_commands_sign_and_check_without_the_passphrase_as_an_argument(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    laporan, out = str(desk / "laporan.pdf"), str(desk / "laporan-ttd.pdf")
    order = ["sign", laporan, "--field", "TandaTangan", "--p12", str(desk / "camat.p12"), "--jabatan", "Camat Teladan"]
    assert command(desk, *order) == 2  # nobody to ask: the standard input is no terminal
    assert "IKM_PASSPHRASE" in capsys.readouterr().err
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    monkeypatch.setenv("IKM_PASSPHRASE_FD", str(reading))
    assert command(desk, *order) == 0
    monkeypatch.delenv("IKM_PASSPHRASE_FD")
    assert command(desk, *order) == 2
    assert "tidak ditimpa" in capsys.readouterr().err
    assert command(desk, "check-pdf", laporan, out) == 0
    said = capsys.readouterr().out
    assert "UJI COBA Ratna Contohwati" in said and "isi dokumen dan tanda tangannya cocok" in said
    assert command(desk, "check-pdf", laporan, laporan) == 2
    assert "belum ada tanda tangan" in capsys.readouterr().out
    assert PASSPHRASE.encode() not in (desk / "laporan-ttd.pdf").read_bytes()


def test_one_way_of_signing_has_to_be_named(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    laporan = str(desk / "laporan.pdf")
    for ways in ([], ["--p12", "a", "--pkcs11", "b"], ["--pkcs11", "b"]):
        assert command(desk, "sign", laporan, "--field", "Paraf1", *ways) == 2
        assert "Sebut satu cara" in capsys.readouterr().err


def test_an_office_that_trusts_nobody_is_told_so(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(ROOT / "office.example.toml", desk / "office.toml")
    assert command(desk, "check-pdf", str(desk / "laporan.pdf"), str(desk / "laporan.pdf")) == 2
    assert "tanda_tangan.anchors" in capsys.readouterr().err
