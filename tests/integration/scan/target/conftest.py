"""A certificate authority of the tests' own, and the certificates that it signs."""

import datetime
import ipaddress
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

_PEM = serialization.Encoding.PEM
_AUTHORITY = "battery test authority"
_DAY = datetime.timedelta(days=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass(frozen=True)
class Trust:
    """The authority, and a server's key and certificate in one file."""

    folder: Path
    key: ec.EllipticCurvePrivateKey

    @property
    def authority(self) -> Path:
        """Its certificate."""
        return self.folder / "authority.pem"

    @property
    def server(self) -> Path:
        """A sound certificate for 127.0.0.1."""
        return self.folder / "server.pem"

    def issue(
        self,
        file: str,
        *,
        days: float = 300,
        since: float = -1,
        host: str = "127.0.0.1",
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | None = None,
    ) -> Path:
        """A certificate, with its key, in a file."""
        own = key or ec.generate_private_key(ec.SECP256R1())
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        names = x509.SubjectAlternativeName([address if host == "127.0.0.1" else x509.DNSName(host)])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(_name("battery test server"))
            .issuer_name(_name(_AUTHORITY))
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + since * _DAY)
            .not_valid_after(now + days * _DAY)
            .add_extension(names, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        plain = own.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path = self.folder / file
        path.write_bytes(certificate.public_bytes(_PEM) + plain)
        return path


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """Made once."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    authority = (
        x509.CertificateBuilder()
        .subject_name(_name(_AUTHORITY))
        .issuer_name(_name(_AUTHORITY))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 100 * _DAY)
        .not_valid_after(now + 400 * _DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    made = Trust(tmp_path_factory.mktemp("trust"), key)
    made.authority.write_bytes(authority.public_bytes(_PEM))
    made.issue("server.pem")
    return made
