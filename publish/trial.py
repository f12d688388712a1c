"""A throw-away certificate for trying things out: it signs for itself, lives for a few days, and says UJI COBA."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

from publish.stamp import TRIAL

DAYS = 31


def trial_certificate(name: str, passphrase: str) -> tuple[bytes, bytes]:
    """Return a certificate file (PKCS#12, locked with `passphrase`) for `UJI COBA name`, and the certificate in PEM.

    Nobody's authority stands behind it: an office trusts it only if it puts the PEM among its anchors.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, f"{TRIAL} {name}"[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{TRIAL} - tidak berlaku"),
        ]
    )
    now = datetime.now(UTC)
    uses = dict.fromkeys(
        ("key_encipherment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only"), False
    )
    usage = x509.KeyUsage(digital_signature=True, content_commitment=True, decipher_only=False, **uses)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    locked = BestAvailableEncryption(passphrase.encode())
    content = pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, locked)
    return content, certificate.public_bytes(Encoding.PEM)
