"""Certificates: their dates, names, keys and signatures; bytes in, flaws out."""

import ipaddress
from collections.abc import Iterator
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from battery.model.frozen import Frozen

_HIGH_DAYS, _MEDIUM_DAYS = 14, 30
_WEAK_HASHES = ("md5", "sha1")
_LEAST_RSA, _LEAST_EC = 2048, 224
# Codes of OpenSSL's X509_verify_cert_error_string: the leaf's dates and names are judged from the leaf itself.
DATE_CODES, NAME_CODES = (9, 10), (62, 63, 64)


class Flaw(Frozen, frozen=True, kw_only=True):
    """One defect of a certificate: `content` stays the same from day to day."""

    rule: str
    content: str
    excerpt: str


def flaws_of(der: bytes, host: str, now: datetime) -> Iterator[Flaw]:
    """Everything wrong with a leaf certificate.

    Raises: ValueError when it is none.
    """
    certificate = x509.load_der_x509_certificate(der)
    yield from _dates(certificate, now)
    names = names_of(certificate)
    if not any(matches(name, host) for name in names):
        shown = ", ".join(names[:5]) or "no name"
        yield Flaw(rule="target.tls.name", content=host, excerpt=f"stands for {shown}; asked for {host}")
    yield from _strength(certificate)


def _dates(certificate: x509.Certificate, now: datetime) -> Iterator[Flaw]:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    days = (end - now).total_seconds() / 86400
    until = f"valid until {end:%Y-%m-%d %H:%M} UTC"
    if begin > now:
        yield Flaw(
            rule="target.tls.not-yet-valid", content=f"{begin}", excerpt=f"valid from {begin:%Y-%m-%d}"
        )
    if days < 0:
        yield Flaw(rule="target.tls.expired", content=f"{end}", excerpt=until)
    elif days < _HIGH_DAYS:
        yield Flaw(rule="target.tls.expires-soon", content=f"{end}", excerpt=f"{until}, {days:.0f} days left")
    elif days < _MEDIUM_DAYS:
        yield Flaw(
            rule="target.tls.expires-this-month", content=f"{end}", excerpt=f"{until}, {days:.0f} days left"
        )


def _strength(certificate: x509.Certificate) -> Iterator[Flaw]:
    key = certificate.public_key()
    rule = "target.tls.weak-certificate"
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey) and key.key_size < _LEAST_RSA:
        yield Flaw(rule=rule, content=f"key {key.key_size}", excerpt=f"a key of {key.key_size} bits")
    if isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < _LEAST_EC:
        yield Flaw(rule=rule, content=f"key {key.key_size}", excerpt=f"a key of {key.key_size} bits")
    try:
        algorithm = certificate.signature_hash_algorithm
    except ValueError:
        algorithm = None
    if algorithm is not None and algorithm.name in _WEAK_HASHES:
        yield Flaw(rule=rule, content=algorithm.name, excerpt=f"signed with {algorithm.name}")


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The names it stands for; the subject's own counts for nothing, as in every browser."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    addresses = found.get_values_for_type(x509.IPAddress)
    return (*found.get_values_for_type(x509.DNSName), *(str(address) for address in addresses))


def matches(name: str, host: str) -> bool:
    """Whether a certificate's name covers the host; a star stands for one label.

    https://www.rfc-editor.org/rfc/rfc9525#section-6.3
    """
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    if name == host:
        return True
    if (address := _address(host)) is not None:  # a star stands for no part of an address
        return address == _address(name)
    star, _, rest = name.partition(".")
    return star == "*" and "." in rest and host.partition(".")[2] == rest and not host.startswith(".")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
