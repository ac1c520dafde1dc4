"""The relay: one client's connection and the one made for it to the dependency, both ways until both have ended."""

import asyncio
import os
import socket
import struct
from collections.abc import Callable
from typing import NamedTuple

from battery.chaos.breaker.ledger import OpenVisit
from battery.conversations import closed

_CHUNK = 64 * 1024
_CONNECT_LIMIT = 10.0
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Side(NamedTuple):
    """One end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter


class _WriterGone(Exception):
    """The side that is written to went away; its own direction tells how."""


async def relay(client: Side, upstream: tuple[str, int], visit: OpenVisit) -> None:
    """Connect and pass everything on; where the dependency refuses or resets, the client is reset too."""
    try:
        async with asyncio.timeout(_CONNECT_LIMIT):
            dependency = Side(*await asyncio.open_connection(*upstream))
    except OSError as error:
        visit.refused(_why(error))
        _reset(client)
        return
    try:
        await _both_ways(client, dependency, visit)
    finally:
        dependency.writer.transport.abort()


async def _both_ways(client: Side, dependency: Side, visit: OpenVisit) -> None:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_pass(client, dependency, visit.client_said, visit.client_ended))
            group.create_task(_pass(dependency, client, visit.dependency_said, visit.dependency_ended))
    except* OSError:
        _reset(client)
        _reset(dependency)
    else:
        await _flushed(client)
        await _flushed(dependency)


async def _pass(side: Side, other: Side, said: Callable[[int], None], ended: Callable[[bool], None]) -> None:
    """One direction to its end; a half-close is passed on as one. `ended` is told whether this side tore it."""
    try:
        while data := await side.reader.read(_CHUNK):
            said(len(data))
            other.writer.write(data)
            await _drained(other.writer)
    except OSError:
        ended(True)
        raise
    except _WriterGone:
        return
    ended(False)
    other.writer.write_eof()


async def _drained(writer: asyncio.StreamWriter) -> None:
    try:
        await writer.drain()
    except OSError as error:
        raise _WriterGone from error


async def _flushed(side: Side) -> None:
    """Close when all that was written has left."""
    side.writer.close()
    await closed(side.writer)


def _why(error: OSError) -> str:
    """The system's own words, where it has some: asyncio's name only the address."""
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return str(error) or f"no connection within {_CONNECT_LIMIT:g} s"


def _reset(side: Side) -> None:
    """Close with RST, as a listener that is gone would."""
    connection = side.writer.get_extra_info("socket")
    # A transport that lost its connection has closed the socket: there is nobody left to reset.
    if connection is not None and connection.fileno() >= 0:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    side.writer.transport.abort()
