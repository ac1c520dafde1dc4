"""TLS greetings, made and read by hand: what a target offers does not depend on what our own library still speaks.

https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
"""

import struct
from collections.abc import Sequence
from random import Random

from battery.model.frozen import Frozen

VERSIONS = {0x0300: "SSL 3.0", 0x0301: "TLS 1.0", 0x0302: "TLS 1.1", 0x0303: "TLS 1.2", 0x0304: "TLS 1.3"}
OLD = (0x0300, 0x0301, 0x0302)
TLS_1_2, TLS_1_3 = 0x0303, 0x0304

# https://www.iana.org/assignments/tls-parameters
FORWARD = (
    *(0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0xC009, 0xC00A, 0xC013, 0xC014),
    *(0xC023, 0xC024, 0xC027, 0xC028, 0x0033, 0x0039, 0x0067, 0x006B),
)
STATIC_RSA = (0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D)
TRIPLE_DES = (0x000A, 0xC012, 0xC008, 0x0016)
NO_SECRET = {
    "no encryption": (0x0001, 0x0002, 0x003B, 0xC006, 0xC010),
    "no authentication": (
        0x0034,
        0x003A,
        0x006C,
        0x006D,
        0x00A6,
        0x00A7,
        0xC015,
        0xC018,
        0xC019,
        0x0018,
        0x001B,
    ),
    "export grade": (0x0003, 0x0006, 0x0008, 0x000B, 0x000E, 0x0011, 0x0014, 0x0017, 0x0019, 0x0062, 0x0064),
    "RC4 or DES": (0x0004, 0x0005, 0xC011, 0xC007, 0x0009, 0x0015),
}
MODERN = (0x1301, 0x1302, 0x1303)
_GROUPS = (0x001D, 0x0017, 0x0018, 0x0019)
_SIGNATURES = (0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201, 0x0807)
_HANDSHAKE, _SERVER_HELLO, _SUPPORTED_VERSIONS = 22, 2, 43


class ServerHello(Frozen, frozen=True, kw_only=True):
    """What a target chose."""

    version: int
    cipher: int


def client_hello(version: int, ciphers: Sequence[int], host: str, source: Random) -> bytes:
    """A greeting that offers one version and these ciphers; an empty host sends no name."""
    body = struct.pack(">H", min(version, TLS_1_2)) + source.randbytes(32)
    session = source.randbytes(32) if version == TLS_1_3 else b""
    body += bytes((len(session),)) + session
    suites = b"".join(struct.pack(">H", cipher) for cipher in ciphers)
    body += _sized(suites) + b"\x01\x00"
    if version > OLD[0]:
        body += _sized(_extensions(version, host, source))
    message = b"\x01" + len(body).to_bytes(3) + body
    return struct.pack(">BHH", _HANDSHAKE, OLD[0] if version == OLD[0] else OLD[1], len(message)) + message


def server_hello(data: bytes) -> ServerHello | None:
    """What the target chose; None when it refused or spoke something else."""
    try:
        kind, _, length = struct.unpack(">BHH", data[:5])
        record = data[5 : 5 + length]
        if kind != _HANDSHAKE or record[0] != _SERVER_HELLO:
            return None
        return _read(record[4:])
    except (struct.error, IndexError):
        return None


def _read(body: bytes) -> ServerHello:
    (version,) = struct.unpack(">H", body[:2])
    at = 35 + body[34]
    (cipher,) = struct.unpack(">H", body[at : at + 2])
    at += 5
    while at + 4 <= len(body):
        kind, size = struct.unpack(">HH", body[at : at + 4])
        if kind == _SUPPORTED_VERSIONS:
            (version,) = struct.unpack(">H", body[at + 4 : at + 6])
        at += 4 + size
    return ServerHello(version=version, cipher=cipher)


def _extensions(version: int, host: str, source: Random) -> bytes:
    groups = b"".join(struct.pack(">H", group) for group in _GROUPS)
    signatures = b"".join(struct.pack(">H", scheme) for scheme in _SIGNATURES)
    sent = _extension(10, _sized(groups)) + _extension(11, b"\x01\x00") + _extension(13, _sized(signatures))
    sent += _extension(0xFF01, b"\x00") + _extension(23, b"")
    if host:
        name = host.encode("ascii", "replace")
        sent += _extension(0, _sized(b"\x00" + _sized(name)))
    if version == TLS_1_3:
        share = struct.pack(">H", _GROUPS[0]) + _sized(source.randbytes(32))
        sent += _extension(_SUPPORTED_VERSIONS, b"\x02" + struct.pack(">H", version))
        sent += _extension(51, _sized(share)) + _extension(45, b"\x01\x01")
    return sent


def _extension(kind: int, data: bytes) -> bytes:
    return struct.pack(">H", kind) + _sized(data)


def _sized(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data
