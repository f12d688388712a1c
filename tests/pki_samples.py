"""A test PKI with revocation lists, OCSP and time stamp authorities on loopback, and documents to sign."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from certomancer.integrations.animator import Animator, AnimatorArchStore
from certomancer.registry.common import ArchLabel, CertLabel
from certomancer.registry.config import CertomancerConfig
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from werkzeug.serving import WSGIRequestHandler, make_server

from publish import pdf
from publish.anchors import Anchors
from publish.pdf_fields import Field
from publish.sign import Key, p12_key

PASSPHRASE = "kata-sandi-uji"
PEOPLE = {"paraf1": "Verifikator Satu", "paraf2": "Verifikator Dua", "camat": "Ratna Contohwati"}
FIELDS = (
    Field("Paraf1", "Paraf verifikator pertama"),
    Field("Paraf2", "Paraf verifikator kedua"),
    Field("TandaTangan", "Tanda tangan Camat"),
)
CSS = '@page{size:210mm 297mm;margin:25mm}html{font:11pt "Noto Serif"}.kotak{display:flex;gap:6mm}'
BODY = (
    "<h1>Laporan</h1><p>Nilai indeks 81,85 dengan mutu A.</p><h1 style='break-before:page'>Penutup</h1>"
    "<p>Camat Teladan,</p><div class=kotak>"
    "<div id=bidang-Paraf1 style='width:32mm;height:13mm'></div><div id=bidang-Paraf2 style='width:32mm;height:13mm'>"
    "</div><div id=bidang-TandaTangan style='width:82mm;height:24mm'></div></div><p>Ratna Contohwati</p>"
)
COUNTS = (("tally.csv", b"unsur,n\r\npersyaratan,50\r\n", "Hitungan (CSV)"), ("tally.json", b"{}", "Hitungan (JSON)"))


class Quiet(WSGIRequestHandler):
    """Says nothing about the requests of a test."""

    def log(self, type: str, message: str, *args: Any) -> None:
        return None


@dataclass(frozen=True)
class Pki:
    """A running PKI: its architecture, and the address of its time stamp authority."""

    architecture: Any
    tsa: str

    def key(self, who: str) -> Key:
        """Return the signing key of someone in PEOPLE, or of "orang-lain", "habis", "dicabut"."""
        return p12_key(f"{who}.p12", self.p12(who), PASSPHRASE)

    def p12(self, who: str) -> bytes:
        """Return the certificate file of someone, locked with PASSPHRASE."""
        content: bytes = self.architecture.package_pkcs12(CertLabel(who), password=PASSPHRASE.encode())
        return content

    def certificate(self, name: str) -> bytes:
        """Return a certificate in DER."""
        content: bytes = self.architecture.get_cert(CertLabel(name)).dump()
        return content

    @property
    def anchors(self) -> Anchors:
        """Return what an office would trust: the root."""
        return Anchors((self.certificate("root"),))


@cache
def keys_folder() -> dict[str, bytes]:
    """Return a private key for each entity; made once, because making one takes time."""
    return {name: _private_key() for name in ("root", "interm", "ocsp", "tsa", "a", "b", "c", "d", "asing")}


def _private_key() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _certificate(subject: str, issuer: str, until: str, **more: Any) -> dict[str, Any]:
    validity = {"valid-from": "2025-01-01T00:00:00+0000", "valid-to": f"{until}T00:00:00+0000"}
    return {"subject": subject, "issuer": issuer, "validity": validity, **more}


def _configuration() -> dict[str, Any]:
    """Return the PKI: root, intermediate, OCSP responder, time stamp authority, people, and a stranger's own root."""
    ca = {"id": "simple-ca", "params": {"max-path-len": 1, "crl-repo": "root"}}
    interm = {"id": "simple-ca", "params": {"max-path-len": 0, "crl-repo": "interm", "ocsp-service": "interm"}}
    stamping = [
        {"id": "key_usage", "critical": True, "smart-value": {"schema": "key-usage", "params": ["digital_signature"]}},
        {"id": "extended_key_usage", "critical": True, "value": ["time_stamping"]},
    ]
    person = {"profiles": ["digsig-commitment"]}
    names = {"root": "Root CA UJI", "interm": "Penerbit UJI", "ocsp": "OCSP UJI", "tsa": "TSA UJI", "asing": "Asing"}
    keys = dict(zip("abcd", ("Verifikator Satu", "Verifikator Dua", "Ratna Contohwati", "Orang Lain"), strict=True))
    certificates = {
        "root": _certificate("root", "root", "2045-01-01", profiles=[ca]),
        "interm": _certificate("interm", "root", "2040-01-01", profiles=[interm]),
        "ocsp": _certificate("ocsp", "interm", "2040-01-01", profiles=["ocsp-responder"]),
        "tsa": _certificate("tsa", "interm", "2040-01-01", extensions=stamping),
        "paraf1": _certificate("a", "interm", "2035-01-01", **person),
        "paraf2": _certificate("b", "interm", "2035-01-01", **person),
        "camat": _certificate("c", "interm", "2035-01-01", **person),
        "habis": _certificate("d", "interm", "2025-06-01", **person),
        "dicabut": _certificate(
            "d", "interm", "2035-01-01", **person, revocation={"revoked-since": "2025-03-01T00:00:00+0000"}
        ),
        "orang-lain": _certificate("asing", "asing", "2035-01-01", **person),
    }
    services = {
        "ocsp": {"interm": {"for-issuer": "interm", "responder-cert": "ocsp", "signing-key": "ocsp"}},
        "crl-repo": {
            "root": {"for-issuer": "root", "signing-key": "root", "simulated-update-schedule": "P90D"},
            "interm": {"for-issuer": "interm", "signing-key": "interm", "simulated-update-schedule": "P30D"},
        },
        "time-stamping": {"tsa": {"signing-cert": "tsa"}},
    }
    entities = {name: {"common-name": text} for name, text in {**names, **keys}.items()}
    whole = {
        "keyset": "k",
        "entity-defaults": {"country-name": "ID", "organization-name": "Kabupaten Contoh"},
        "entities": entities,
        "certs": certificates,
        "services": services,
    }
    keyset = {name: {"path": f"{name}.pem"} for name in keys_folder()}
    return {"keysets": {"k": {"path-prefix": ".", "keys": keyset}}, "pki-architectures": {"uji": whole}}


@contextmanager
def running_pki(folder: Path) -> Iterator[Pki]:
    """Run the PKI's servers on a free port of loopback."""
    for name, content in keys_folder().items():
        (folder / f"{name}.pem").write_bytes(content)
    store = AnimatorArchStore({})
    server = make_server("127.0.0.1", 0, Animator(store, with_web_ui=False), threaded=True, request_handler=Quiet)
    address = f"http://127.0.0.1:{server.server_port}"
    config = CertomancerConfig.from_yaml(
        yaml.safe_dump(_configuration()), key_search_dir=str(folder), external_url_prefix=address
    )
    architecture = config.get_pki_arch(ArchLabel("uji"))
    store.architectures[ArchLabel("uji")] = architecture
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Pki(architecture, f"{address}/uji/tsa/tsa")
    finally:
        server.shutdown()
        thread.join()


@cache
def frozen(body: str = BODY) -> bytes:
    """Return a small document with the three fields and its counts, as it is when it is frozen."""
    return pdf.render(
        "Laporan uji",
        CSS,
        body,
        author="Kecamatan Teladan",
        day=date(2026, 10, 25),
        attachments=COUNTS,
        fields=FIELDS,
    )
