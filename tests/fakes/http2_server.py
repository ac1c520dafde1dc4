"""An HTTP/2 server that does what a broken or leaving target may do, on a port of its own for each kind.

`python -m tests.fakes.http2_server CERTIFICATE` prints the ports by kind as JSON, serves until stdin closes, and then
prints how many requests each kind saw.
"""

import asyncio
import json
import ssl
import struct
import sys
from collections import Counter
from collections.abc import Callable

import h2.config
import h2.connection
import h2.events

_SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"
_END_HEADERS, _END_STREAM = 4, 1


def _frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _goaway(last_stream: int, code: int = 0) -> bytes:
    return _frame(7, 0, 0, struct.pack(">II", last_stream, code))


def _ok(stream: int) -> bytes:
    """`:status: 200` and no body."""
    return _frame(1, _END_HEADERS | _END_STREAM, stream, b"\x88")


Act = Callable[[int, int], tuple[bytes, bool]]
"""From a stream and its place on the connection to what is sent, and whether the connection is closed then."""


def healthy(stream: int, _: int) -> tuple[bytes, bool]:
    """Answers."""
    return _ok(stream), False


def leaving(stream: int, place: int) -> tuple[bytes, bool]:
    """Says goodbye before its fifth answer, gives that, and closes."""
    return (_goaway(stream) + _ok(stream), True) if place == 5 else (_ok(stream), False)


def staying_silent(stream: int, place: int) -> tuple[bytes, bool]:
    """Says goodbye behind its fifth answer, and leaves the connection open."""
    return (_ok(stream) + _goaway(stream), False) if place == 5 else (_ok(stream), False)


def not_this_one(stream: int, place: int) -> tuple[bytes, bool]:
    """Accepts four requests; the fifth it has not touched."""
    return (_goaway(stream - 2), False) if place == 5 else (_ok(stream), False)


def none_at_all(_: int, __: int) -> tuple[bytes, bool]:
    """Accepts no request."""
    return _goaway(0), False


def enraged(_: int, __: int) -> tuple[bytes, bool]:
    """Ends the connection with ENHANCE_YOUR_CALM."""
    return _goaway(0, 11), True


def refusing(stream: int, _: int) -> tuple[bytes, bool]:
    """Resets each request with REFUSED_STREAM."""
    return _frame(3, 0, stream, struct.pack(">I", 7)), False


def nonsense(_: int, __: int) -> tuple[bytes, bool]:
    """A header block that cannot be read."""
    return _frame(1, _END_HEADERS, 1, b"\xff\xff\xff\xff\xff\xff\xff\xff"), False


def no_number(stream: int, _: int) -> tuple[bytes, bool]:
    """A status that is no number."""
    return _frame(1, _END_HEADERS | _END_STREAM, stream, b"\x08\x03abc"), False


def huge_headers(stream: int, _: int) -> tuple[bytes, bool]:
    """A megabyte of headers, in continuations."""
    field = b"\x00\x01x\x7f\x81\x7d" + b"h" * 16_000
    frames = [_frame(1, 0, stream, b"\x88"), *[_frame(9, 0, stream, field)] * 64]
    return b"".join(frames) + _frame(9, _END_HEADERS, stream), False


def torn(stream: int, _: int) -> tuple[bytes, bool]:
    """Half an answer, then the close."""
    return _frame(1, _END_HEADERS, stream, b"\x88") + _frame(0, 0, stream, b"half"), True


def endless(stream: int, _: int) -> tuple[bytes, bool]:
    """As much of a body as the window lets through, and no end."""
    return _frame(1, _END_HEADERS, stream, b"\x88") + _frame(0, 0, stream, bytes(16_384)) * 512, False


ACTS: dict[str, Act] = {
    act.__name__: act
    for act in (
        *(healthy, leaving, staying_silent, not_this_one, none_at_all, enraged),
        *(refusing, nonsense, no_number, huge_headers, torn, endless),
    )
}


class Answers(asyncio.Protocol):
    """Reads requests with h2 and writes what the act says, byte for byte."""

    def __init__(self, name: str, seen: "Counter[str]") -> None:
        self._name, self._seen = name, seen
        self._reads = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        self._place = 0
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Settings first."""
        self._transport = transport  # type: ignore[assignment]
        self._reads.initiate_connection()
        self._transport.write(self._reads.data_to_send())

    def data_received(self, data: bytes) -> None:
        """Act on each request once it is whole."""
        for event in self._reads.receive_data(data):
            if isinstance(event, h2.events.StreamEnded):
                assert event.stream_id is not None
                self._place += 1
                self._seen[self._name] += 1
                answer, close = ACTS[self._name](event.stream_id, self._place)
                self._transport.write(self._reads.data_to_send() + answer)
                # To h2 every request has its answer; what was sent instead is none of its business.
                self._reads.send_headers(event.stream_id, [(":status", "200")], end_stream=True)
                self._reads.clear_outbound_data_buffer()
                if close:
                    self._transport.close()
        self._transport.write(self._reads.data_to_send())


async def main(certificate: str) -> None:
    """Listen on a port for each kind."""
    loop = asyncio.get_running_loop()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    tls.set_alpn_protocols(["h2"])
    seen: Counter[str] = Counter()
    ports = {}
    for name in ACTS:
        server = await loop.create_server(lambda name=name: Answers(name, seen), "127.0.0.1", 0, ssl=tls)  # type: ignore[misc]
        ports[name] = server.sockets[0].getsockname()[1]
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.buffer.read)
    print(json.dumps(seen), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
