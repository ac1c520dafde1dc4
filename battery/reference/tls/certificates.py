"""Certificates for trials: an authority of one's own, and what it signs."""

import datetime
import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec

AUTHORITY, CERTIFICATE, KEY = "authority.pem", "certificate.pem", "key.pem"
_DAY = datetime.timedelta(days=1)


class CertificateFiles(msgspec.Struct, frozen=True):
    """Where an authority, a certificate that it signed, and the certificate's key stand."""

    authority: Path
    certificate: Path
    key: Path


def make_certificates(
    folder: Path, now: datetime.datetime, *, days: float = 90.0, names: tuple[str, ...] = ("localhost",)
) -> CertificateFiles:
    """An authority and a certificate for this machine's loopback addresses and `names`; a negative number of `days`
    makes one that has expired. The authority's own key is forgotten at once.

    Raises: OSError.
    """
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir(parents=True, exist_ok=True)
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    end = now + days * _DAY
    begin = min(now, end) - 30 * _DAY
    authority = _authority(authority_key, begin, max(now, end) + 30 * _DAY)
    leaf = _leaf(key, authority, authority_key, (begin, end), names)
    files = CertificateFiles(folder / AUTHORITY, folder / CERTIFICATE, folder / KEY)
    _write(files.authority, _pem(authority), 0o644)
    _write(files.certificate, _pem(leaf), 0o644)
    _write(files.key, _key_pem(key), 0o600)
    return files


def _authority(
    key: "ec.EllipticCurvePrivateKey", begin: datetime.datetime, end: datetime.datetime
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    name = _name("reference trial authority")
    usage = _usage(signs_certificates=True)
    builder = _builder(name, name, key, begin, end)
    return (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(
    key: "ec.EllipticCurvePrivateKey",
    authority: "x509.Certificate",
    authority_key: "ec.EllipticCurvePrivateKey",
    span: tuple[datetime.datetime, datetime.datetime],
    names: tuple[str, ...],
) -> "x509.Certificate":
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID

    addresses = [x509.IPAddress(ipaddress.ip_address(text)) for text in ("127.0.0.1", "::1")]
    stands_for = x509.SubjectAlternativeName([*(x509.DNSName(name) for name in names), *addresses])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    builder = _builder(_name(names[0]), authority.subject, key, *span)
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(stands_for, critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: "x509.Name",
    issuer: "x509.Name",
    key: "ec.EllipticCurvePrivateKey",
    begin: datetime.datetime,
    end: datetime.datetime,
) -> "x509.CertificateBuilder":
    from cryptography import x509

    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
    )


def _name(text: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, signs_certificates: bool) -> "x509.KeyUsage":
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        **dict.fromkeys(
            (
                *("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
                *("encipher_only", "decipher_only"),
            ),
            False,
        ),
    )


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: "ec.EllipticCurvePrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization

    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _write(file: Path, content: bytes, mode: int) -> None:
    """Anew, so that its mode is right from its first byte on."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
        opened.write(content)
