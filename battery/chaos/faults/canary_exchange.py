"""The canary's exchange: one request on a connection of its own, with the times of the raw bytes and of the connection's end.

TLS is spoken to get an answer at all, whoever answers; what is timed lies below it, where a proxy harms it.
"""

import socket
import ssl
from collections.abc import Callable
from time import monotonic
from typing import Literal

from battery.chaos.recovery.request import Place
from battery.model.frozen import Frozen

_CHUNK = 64 * 1024
End = Literal["ended", "reset", "refused", "open"]


class Exchange(Frozen, frozen=True, kw_only=True):
    """What came back. Seconds from the connect on: the first and the last byte, and the end.

    `how` it ended: in order, by a reset, refused from the beginning, or not at all in the time given.
    """

    how: End
    end: float
    received: int = 0
    first: float = 0.0
    last: float = 0.0

    @property
    def lag(self) -> float:
        """From the last byte to the end of the connection."""
        return self.end - self.last


def exchange(place: Place, request: bytes, limit: float) -> Exchange:
    """Send the request, asking for the connection's end, and read to that end or for `limit` seconds."""
    began = monotonic()
    seen: list[tuple[float, int]] = []

    def note(size: int) -> None:
        seen.append((monotonic() - began, size))

    how: End = "ended"
    try:
        with socket.create_connection((place.host, place.port), limit) as connection:
            _Talk(place, connection, began + limit, note).hold(closing(request))
    except TimeoutError:
        how = "open"
    except ConnectionRefusedError:
        how = "refused"
    except (OSError, ssl.SSLError):
        how = "reset"
    end = monotonic() - began
    if not seen:
        return Exchange(how=how, end=end)
    return Exchange(
        how=how, end=end, received=sum(size for _, size in seen), first=seen[0][0], last=seen[-1][0]
    )


def closing(request: bytes) -> bytes:
    """The request with `Connection: close`, whatever it said of the connection before."""
    head, blank, body = request.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join([*lines, b"Connection: close"]) + blank + body


class _Talk:
    """Both sides of one connection until the other one ends it."""

    def __init__(
        self, place: Place, connection: socket.socket, until: float, note: Callable[[int], None]
    ) -> None:
        self._connection, self._until, self._note = connection, until, note
        self._inward, self._outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = (
            _context().wrap_bio(self._inward, self._outward, server_hostname=place.server_name)
            if place.tls
            else None
        )

    def hold(self, request: bytes) -> None:
        """Send the request and read to the end. Raises: TimeoutError, OSError."""
        if self._tls is None:
            self._connection.sendall(request)
            while self._read():
                pass
            return
        self._shake_hands(self._tls)
        self._tls.write(request)
        self._flush()
        self._read_answer(self._tls)

    def _shake_hands(self, tls: ssl.SSLObject) -> None:
        while True:
            try:
                tls.do_handshake()
                self._flush()
                return
            except ssl.SSLWantReadError:
                self._flush()
                if not (data := self._read()):
                    raise ssl.SSLError("the connection ended in the handshake") from None
                self._inward.write(data)

    def _read_answer(self, tls: ssl.SSLObject) -> None:
        """To the end; a goodbye of TLS is answered, as some servers wait for it before they close."""
        listening = True
        while data := self._read():
            self._inward.write(data)
            listening = listening and _reads_on(tls)
            self._flush()

    def _flush(self) -> None:
        if data := self._outward.read():
            self._connection.sendall(data)

    def _read(self) -> bytes:
        self._connection.settimeout(max(self._until - monotonic(), 0.001))
        data = self._connection.recv(_CHUNK)
        if data:
            self._note(len(data))
        return data


def _reads_on(tls: ssl.SSLObject) -> bool:
    """Read what has come; false once the other side has said goodbye and was answered."""
    try:
        while tls.read(_CHUNK):
            pass
        tls.unwrap()
    except ssl.SSLWantReadError:
        return True
    except ssl.SSLError:
        return False  # a goodbye cut short: the bytes below are timed all the same
    return False


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False  # who it is, probes and scans find out; here only the times count
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context
