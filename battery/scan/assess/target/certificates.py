"""Certificates of an authority of our own, sound ones and each kind of flawed one, made when they are asked for."""

import datetime
import ipaddress
import ssl
from pathlib import Path
from typing import TYPE_CHECKING

from battery.model.frozen import Frozen

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

_DAY = datetime.timedelta(days=1)
_NAME = "battery assessment authority"


class Wanted(Frozen, frozen=True, kw_only=True):
    """What a certificate is to look like. Days count from now; `names` are its alternative names, `trusted` who signs it."""

    days: float = 300
    since: float = -2
    names: tuple[str, ...] = ("127.0.0.1",)
    common_name: str = "service"
    trusted: bool = True
    key: str = "P-256"


class Authority:
    """Signs; its own certificate is in `file`."""

    def __init__(self, folder: Path, at: datetime.datetime) -> None:
        self._folder, self._now = folder, at
        self._key = _new_key("P-256")
        self._stranger = _new_key("P-256")
        self._made: dict[Wanted, ssl.SSLContext] = {}
        self.file = folder / "authority.pem"
        self.file.write_bytes(_pem(self._sign(Wanted(), self._key.public_key(), authority=True)))

    def context(self, wanted: Wanted) -> ssl.SSLContext:
        """A server's context with such a certificate; equal wishes share one."""
        if wanted not in self._made:
            self._made[wanted] = self._context(wanted)
        return self._made[wanted]

    def _context(self, wanted: Wanted) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")  # or short keys could not even be served
        key = _new_key(wanted.key)
        file = self._folder / f"{len(self._made)}.pem"
        file.write_bytes(_pem(self._sign(wanted, key.public_key())) + _private_pem(key))
        context.load_cert_chain(file)
        return context

    def _sign(
        self, wanted: Wanted, key: "ec.EllipticCurvePublicKey | rsa.RSAPublicKey", *, authority: bool = False
    ) -> "x509.Certificate":
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes

        builder = (
            x509.CertificateBuilder()
            .subject_name(_named(_NAME if authority else wanted.common_name))
            .issuer_name(_named(_NAME if wanted.trusted else "a stranger"))
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self._now + (-1000 if authority else wanted.since) * _DAY)
            .not_valid_after(self._now + (1000 if authority else wanted.days) * _DAY)
        )
        if authority:
            builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        elif wanted.names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName(_alternatives(wanted.names)), critical=False
            )
        signer = self._key if wanted.trusted else self._stranger
        return builder.sign(signer, hashes.SHA256())


def _new_key(kind: str) -> "ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey":
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if kind.startswith("RSA-"):
        return rsa.generate_private_key(public_exponent=65537, key_size=int(kind[4:]))
    return ec.generate_private_key({"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1()}[kind])


def _named(text: str) -> "x509.Name":
    from cryptography import x509
    from cryptography.x509.oid import NameOID

    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _alternatives(names: tuple[str, ...]) -> "list[x509.GeneralName]":
    from cryptography import x509

    return [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
        for name in names
    ]


def _pem(certificate: "x509.Certificate") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return certificate.public_bytes(serialization.Encoding.PEM)


def _private_pem(key: "ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey") -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
