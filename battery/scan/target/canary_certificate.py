"""A certificate with everything wrong: expired, for another name, signed by nobody."""

import datetime
import ssl
import tempfile
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

# OpenSSL's own number for it, which ssl has no name for: https://docs.openssl.org/3.0/man3/SSL_CTX_set_options/
_ALLOW_CLIENT_RENEGOTIATION = 1 << 8
_NAME = "canary.hardening-battery.example"
# Long past, whatever the clock says.
_EXPIRED = datetime.datetime(2001, 1, 2, tzinfo=datetime.UTC)


def weak_context() -> ssl.SSLContext:
    """A server's context with old versions, ciphers without encryption, and that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.options |= _ALLOW_CLIENT_RENEGOTIATION
    context.set_ciphers("ALL:eNULL:aNULL:@SECLEVEL=0")
    with tempfile.TemporaryDirectory(prefix="battery-canary-") as folder:
        file = Path(folder, "canary.pem")
        file.write_bytes(_pem())
        context.load_cert_chain(file)
    return context


@cache
def _pem() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, _NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_EXPIRED - datetime.timedelta(days=1))
        .not_valid_after(_EXPIRED)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(_NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    return certificate.public_bytes(pem) + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
