"""A server that does each thing that a broken or malicious target may do, on a port of its own.

`python -m tests.fakes.hostile_server` prints the ports by kind as JSON and serves until stdin closes.
"""

import asyncio
import gzip
import json
import os
import socket
import struct
import sys
from collections.abc import Awaitable, Callable
from typing import TypeAlias

_OK = b"HTTP/1.1 200 OK\r\n"
_BOMB = gzip.compress(bytes(64 * 1024 * 1024))
Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter


async def endless_body(writer: Writer) -> None:
    """A body without end, framed by the close."""
    writer.write(_OK + b"\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


async def endless_chunks(writer: Writer) -> None:
    """A body of chunks without end."""
    writer.write(_OK + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"8000\r\n" + b"x" * 0x8000 + b"\r\n")
        await writer.drain()


async def gzip_bomb(writer: Writer) -> None:
    """64 MiB of zeros in 64 KiB of gzip, though the request asked for identity."""
    writer.write(_OK + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(_BOMB) + _BOMB)


async def huge_headers(writer: Writer) -> None:
    """1 MB of headers."""
    writer.write(_OK + b"".join(b"X-%d: %s\r\n" % (number, b"h" * 1000) for number in range(1000)))
    writer.write(b"Content-Length: 0\r\n\r\n")


async def invalid_chunks(writer: Writer) -> None:
    """A chunk size that is no number."""
    writer.write(_OK + b"Transfer-Encoding: chunked\r\n\r\nnonsense\r\nabc\r\n0\r\n\r\n")


async def torn_body(writer: Writer) -> None:
    """Half of the promised body, then the close."""
    writer.write(_OK + b"Content-Length: 10\r\n\r\nhello")
    await writer.drain()
    writer.close()


async def dribble(writer: Writer) -> None:
    """One byte a second."""
    for byte in _OK + b"Content-Length: 0\r\n\r\n":
        writer.write(bytes((byte,)))
        await writer.drain()
        await asyncio.sleep(1)


async def garbage(writer: Writer) -> None:
    """No HTTP at all."""
    writer.write(b"\x00\xff this is no HTTP\r\n\r\n")


async def reset(writer: Writer) -> None:
    """A TCP reset instead of an answer."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def twice(writer: Writer) -> None:
    """Two answers to one request."""
    writer.write((_OK + b"Content-Length: 2\r\n\r\nok") * 2)


AFTER_REQUEST: dict[str, Callable[[Writer], Awaitable[None]]] = {
    act.__name__: act
    for act in (
        *(endless_body, endless_chunks, gzip_bomb, huge_headers, invalid_chunks),
        *(torn_body, dribble, garbage, reset, twice),
    )
}


async def _close_at_once(_: Reader, writer: Writer) -> None:
    writer.close()


async def _plaintext(reader: Reader, writer: Writer) -> None:
    """Answers whatever comes, a TLS hello too, in plain HTTP."""
    await reader.read(1024)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    await writer.drain()
    writer.close()


async def _silent(reader: Reader, writer: Writer) -> None:
    """Accepts, and never says a word: to a TLS client a handshake that never ends."""
    await reader.read(-1)
    writer.close()


def _answering(act: Callable[[Writer], Awaitable[None]]) -> Callable[[Reader, Writer], Awaitable[None]]:
    async def serve(reader: Reader, writer: Writer) -> None:
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                await act(writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    return serve


async def main() -> None:
    """Listen on a port for each kind."""
    kinds = {name: _answering(act) for name, act in AFTER_REQUEST.items()}
    kinds |= {"close_at_once": _close_at_once, "silent": _silent, "plaintext": _plaintext}
    ports = {}
    for name, serve in kinds.items():
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        ports[name] = server.sockets[0].getsockname()[1]
    print(json.dumps(ports), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.buffer.read)
    sys.stdout.flush()
    # Handlers that write without end are cut off here: nothing waits for them.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
