"""TLS by hand: greetings that are well formed, answers of any bytes, names that match."""

import struct
from datetime import UTC, datetime
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.tls_certificate import flaws_of, matches
from battery.scan.target.tls_hello import (
    FORWARD,
    MODERN,
    TLS_1_2,
    TLS_1_3,
    VERSIONS,
    client_hello,
    server_hello,
)


@given(st.sampled_from(sorted(VERSIONS)), st.text("abc.", max_size=60), st.integers())
def test_a_greeting_says_its_own_length(version: int, host: str, seed: int) -> None:
    data = client_hello(version, (*MODERN, *FORWARD), host, Random(seed))
    kind, _, length = struct.unpack(">BHH", data[:5])
    assert (kind, length) == (22, len(data) - 5)
    assert int.from_bytes(data[6:9]) == length - 4
    assert client_hello(version, (*MODERN, *FORWARD), host, Random(seed)) == data


def hello(version: int, cipher: int, extensions: bytes = b"") -> bytes:
    """A server's answer."""
    body = struct.pack(">H", version) + bytes(32) + b"\x02ab" + struct.pack(">H", cipher) + b"\x00"
    body += struct.pack(">H", len(extensions)) + extensions
    message = b"\x02" + len(body).to_bytes(3) + body
    return struct.pack(">BHH", 22, 0x0303, len(message)) + message


def test_the_choice_is_read_and_the_newest_version_stands_in_an_extension() -> None:
    plain = server_hello(hello(TLS_1_2, 0xC02F))
    assert plain is not None
    assert (plain.version, plain.cipher) == (TLS_1_2, 0xC02F)
    other = struct.pack(">HH", 51, 2) + b"xx"
    newest = server_hello(hello(TLS_1_2, 0x1301, other + struct.pack(">HHH", 43, 2, TLS_1_3)))
    assert newest is not None
    assert newest.version == TLS_1_3


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 400", b"\x15\x03\x01\x00\x02\x02\x28", hello(TLS_1_2, 1)[:20]]
)
def test_an_alert_or_anything_else_is_a_refusal(data: bytes) -> None:
    assert server_hello(data) is None


@given(st.binary(max_size=120))
def test_no_answer_breaks_it(data: bytes) -> None:
    server_hello(data)
    server_hello(b"\x16\x03\x03\x00\x60\x02" + data)


@pytest.mark.parametrize(
    ("name", "host", "same"),
    [
        ("shop.example", "SHOP.example.", True),
        ("*.shop.example", "www.shop.example", True),
        ("*.shop.example", "a.b.shop.example", False),
        ("*.shop.example", "shop.example", False),
        ("*.example", "shop.example", False),
        ("*", "shop", False),
        ("w*.shop.example", "www.shop.example", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("::1", "0:0:0:0:0:0:0:1", True),
        ("127.0.0.1", "127.0.0.2", False),
    ],
)
def test_a_star_stands_for_one_label(name: str, host: str, same: bool) -> None:
    assert matches(name, host) is same


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_name_breaks_it(name: str, host: str) -> None:
    matches(name, host)


def made(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, *, names: bool) -> bytes:
    """A certificate of the year 2020 in DER."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2020, 12, 31, tzinfo=UTC))
    )
    if names:
        builder = builder.add_extension(
            x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False
        )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    ("day", "rules"),
    [
        (datetime(2020, 6, 1, tzinfo=UTC), set()),
        (datetime(2020, 12, 10, tzinfo=UTC), {"target.tls.expires-this-month"}),
        (datetime(2020, 12, 20, tzinfo=UTC), {"target.tls.expires-soon"}),
        (datetime(2021, 1, 1, tzinfo=UTC), {"target.tls.expired"}),
        (datetime(2019, 12, 31, tzinfo=UTC), {"target.tls.not-yet-valid"}),
    ],
)
def test_a_certificate_is_judged_by_the_day(day: datetime, rules: set[str]) -> None:
    der = made(ec.generate_private_key(ec.SECP256R1()), names=True)
    assert {flaw.rule for flaw in flaws_of(der, "shop.example", day)} == rules


def test_weak_keys_and_missing_names_are_flaws() -> None:
    day = datetime(2020, 6, 1, tzinfo=UTC)
    small = made(rsa.generate_private_key(public_exponent=65537, key_size=1024), names=True)
    assert [flaw.excerpt for flaw in flaws_of(small, "shop.example", day)] == ["a key of 1024 bits"]
    curve = made(ec.generate_private_key(ec.SECP192R1()), names=False)
    assert {flaw.rule for flaw in flaws_of(curve, "shop.example", day)} == {
        "target.tls.name",
        "target.tls.weak-certificate",
    }


def test_what_is_no_certificate_is_a_value_error() -> None:
    with pytest.raises(ValueError):
        list(flaws_of(b"no certificate", "h", datetime(2020, 1, 1, tzinfo=UTC)))
