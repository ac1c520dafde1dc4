"""Greetings: a front before a TLS server that answers hellos of one version by a script, whatever our own library speaks.

A client that offers one version only is the scanner asking for just that; any other connection goes on to the server.
https://www.rfc-editor.org/rfc/rfc8446#section-4.1
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from battery.conversations import listening
from battery.model.frozen import Frozen

_HANDSHAKE, _SERVER_HELLO, _SUPPORTED_VERSIONS, _TLS_1_2, _TLS_1_3 = 22, 2, 43, 0x0303, 0x0304
_REFUSAL = b"\x15\x03\x03\x00\x02\x02\x28"  # the alert handshake_failure
_CHUNK = 65536
SOUND_CIPHERS = frozenset((0x1301, 0x1302, 0x1303, 0xC02B, 0xC02C, 0xC02F, 0xC030, 0xCCA8, 0xCCA9))


class Offer(Frozen, frozen=True, kw_only=True):
    """What a server accepts. `upward`: to a hello of an older version it says its newest. `hangs_up`: instead of refusing."""

    versions: frozenset[int] = frozenset((_TLS_1_2, _TLS_1_3))
    ciphers: frozenset[int] = SOUND_CIPHERS
    upward: bool = False
    hangs_up: bool = False


class Hello(Frozen, frozen=True, kw_only=True):
    """What a client asks for."""

    versions: tuple[int, ...]
    ciphers: tuple[int, ...]


@asynccontextmanager
async def greeting(offer: Offer, behind: int) -> AsyncIterator[int]:
    """The port of the front before the server on the port behind, for the time of the block."""
    async with listening(partial(_answered, offer, behind)) as port:
        yield port


def hello_of(record: bytes) -> Hello:
    """The client's hello in a record.

    Raises: struct.error, IndexError for anything else.
    """
    body = record[9:]
    (version,) = struct.unpack(">H", body[:2])
    at = 35 + body[34]
    (size,) = struct.unpack(">H", body[at : at + 2])
    ciphers = struct.unpack(f">{size // 2}H", body[at + 2 : at + 2 + size])
    at += 2 + size
    at += 3 + body[at]  # the compressions, and the size of all extensions
    while at + 4 <= len(body):
        kind, length = struct.unpack(">HH", body[at : at + 4])
        if kind == _SUPPORTED_VERSIONS:
            count = body[at + 4] // 2
            return Hello(
                versions=struct.unpack(f">{count}H", body[at + 5 : at + 5 + 2 * count]), ciphers=ciphers
            )
        at += 4 + length
    return Hello(versions=(version,), ciphers=ciphers)


def said_to(hello: Hello, offer: Offer) -> bytes:
    """The answer to a hello of one version."""
    (version,) = hello.versions
    cipher = next((cipher for cipher in hello.ciphers if cipher in offer.ciphers), None)
    if cipher is not None and version in offer.versions:
        return _server_hello(version, cipher)
    if cipher is not None and offer.upward:
        return _server_hello(_TLS_1_2, cipher)
    return b"" if offer.hangs_up else _REFUSAL


async def _answered(
    offer: Offer, behind: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    head = await reader.readexactly(5)
    record = head + await reader.readexactly(int.from_bytes(head[3:5]))
    hello = hello_of(record)
    if len(hello.versions) == 1:
        writer.write(said_to(hello, offer))
        await writer.drain()
        return
    inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", behind)
    try:
        inner_writer.write(record)
        await asyncio.gather(_relayed(reader, inner_writer), _relayed(inner_reader, writer))
    finally:
        inner_writer.close()


async def _relayed(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, to the end of either side."""
    with suppress(OSError):
        while got := await reader.read(_CHUNK):
            writer.write(got)
            await writer.drain()
    writer.close()


def _server_hello(version: int, cipher: int) -> bytes:
    body = struct.pack(">H", min(version, _TLS_1_2)) + bytes(32) + b"\0" + struct.pack(">HB", cipher, 0)
    if version == _TLS_1_3:
        body += struct.pack(">HHHH", 6, _SUPPORTED_VERSIONS, 2, version)
    message = bytes((_SERVER_HELLO,)) + len(body).to_bytes(3) + body
    return struct.pack(">BHH", _HANDSHAKE, _TLS_1_2, len(message)) + message
