"""An Esign Client Service on loopback that follows the published parameters, and a token without hardware."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pkcs11
from attack_samples import foreign_field
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from pki_samples import PASSPHRASE as P12_PASSPHRASE
from pki_samples import Pki

from publish import bsre

SOFTHSM = next(iter(sorted(Path("/usr/lib").glob("**/softhsm/libsofthsm2.so"))), None)
PIN = "1234"
NIK = "0000000000000000"
PASSPHRASE = "rahasia-sekali"
Reply = tuple[int, bytes]
Sign = Callable[[dict[str, Any]], Reply]


def as_json(status: int, body: object) -> Reply:
    return status, json.dumps(body).encode()


class Service(BaseHTTPRequestHandler):
    """Answers as an Esign Client Service does: whether the person has a certificate, then with the signed file."""

    def do_POST(self) -> None:
        service: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        service.seen.append((self.path, body, dict(self.headers)))
        if self.path == "/api/v2/user/check/status":
            status, content = service.status(body)
        else:
            status, content = service.sign(body)
        self.send_response(status)
        if status in range(300, 400):
            self.send_header("Location", "/lain")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        return None


class Esign(ThreadingHTTPServer):
    """A service whose answers a test chooses; `seen` is what it was asked."""

    daemon_threads = True

    def __init__(self, sign: Sign) -> None:
        super().__init__(("127.0.0.1", 0), Service)
        self.seen: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.sign = sign
        self.status: Sign = lambda body: as_json(200, {"status": "ISSUE"})

    @property
    def account(self) -> bsre.Account:
        return bsre.Account(f"http://127.0.0.1:{self.server_port}/", NIK, PASSPHRASE, "kecamatan", "sandi-layanan")


def signing_as_camat(pki: Pki) -> Sign:
    """Return what signs as the Camat, in a field of its own, where it is told to put its mark."""

    def sign(body: dict[str, Any]) -> Reply:
        if body["passphrase"] != PASSPHRASE:
            return as_json(400, {"status_code": 2031, "error": "Passphrase anda salah"})
        content = base64.b64decode(body["file"][0])
        mark = body["signatureProperties"][0]
        box, page = None, 0
        if mark["tampilan"] == "VISIBLE":
            left, bottom = mark["originX"], mark["originY"]
            box = (int(left), int(bottom), int(left + mark["width"]), int(bottom + mark["height"]))
            page = mark["page"] - 1
        signed = foreign_field(content, pki, "camat", box, page)
        return as_json(200, {"time": 900, "file": [base64.b64encode(signed).decode()]})

    return sign


@contextmanager
def esign_service(pki: Pki) -> Iterator[Esign]:
    """Run a service that signs as the Camat."""
    with Esign(signing_as_camat(pki)) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def soft_token(pki: Pki, folder: Path) -> None:
    """Write the Camat's key and certificate on the token "kantor"; SOFTHSM2_CONF names folder / softhsm.conf by now."""
    (folder / "token").mkdir()
    (folder / "softhsm.conf").write_text(f"directories.tokendir = {folder / 'token'}\n")
    initialise = ["softhsm2-util", "--init-token", "--free", "--label", "kantor", "--so-pin", "0000", "--pin", PIN]
    subprocess.run(initialise, check=True, capture_output=True)
    key, certificate, _ = pkcs12.load_key_and_certificates(pki.p12("camat"), P12_PASSPHRASE.encode())
    assert key is not None and certificate is not None
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    load = ["softhsm2-util", "--import", str(folder / "key.pem"), "--token", "kantor", "--label", "camat", "--id", "01"]
    subprocess.run([*load, "--pin", PIN], check=True, capture_output=True)
    library = pkcs11.lib(str(SOFTHSM))
    library.reinitialize()  # it read the configuration of an earlier test of this process
    with library.get_token(token_label="kantor").open(user_pin=PIN, rw=True) as session:
        attribute, der = pkcs11.Attribute, certificate.public_bytes(serialization.Encoding.DER)
        session.create_object(
            {
                attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                attribute.TOKEN: True,
                attribute.LABEL: "camat",
                attribute.ID: b"\x01",
                attribute.SUBJECT: certificate.subject.public_bytes(),
                attribute.VALUE: der,
            }
        )
