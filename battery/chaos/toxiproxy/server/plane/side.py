"""One side of a connection: the socket to the client or to the upstream, and the links that it feeds and drains."""

import asyncio
import socket
import struct
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.address import shown

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.connection import Connection
    from battery.chaos.toxiproxy.server.plane.link import Link

_LINGER_ZERO = struct.pack("ii", 1, 0)  # closing sends a reset and forgets what was not sent


class Side(asyncio.Protocol):
    """Hands what it reads to the link that it feeds; tells the link that drains into it when it is choked."""

    link: "Link"  # takes what this side says
    inward: "Link"  # brings what this side hears

    def __init__(self, connection: "Connection", name: str) -> None:
        self.connection, self.name = connection, name
        self.transport: asyncio.Transport | None = None
        self.choked = False
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self.transport = transport  # type: ignore[assignment]
        self.connection.made(self)

    def data_received(self, data: bytes) -> None:
        """On the fast path this is all that happens to a chunk: `head` is the other side's `write`."""
        link = self.link
        link.received += len(data)
        link.head(data)

    def eof_received(self) -> bool:
        """This side has ended; the other may go on talking."""
        self.connection.ended(self)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """The socket is gone."""
        self.lost = True
        self.connection.lost(self, error)

    def pause_writing(self) -> None:
        """This side reads too slowly: whoever drains into it has to wait."""
        self.choked = True
        self.inward.regulate()

    def resume_writing(self) -> None:
        """And goes on."""
        self.choked = False
        self.inward.regulate()

    def finish(self) -> None:
        """Say what is still to be said, then close."""
        if self.transport is not None:
            self.transport.close()

    def cut(self) -> None:
        """Close at once; what the kernel has is still sent."""
        if self.transport is not None:
            self.transport.abort()

    def reset(self) -> None:
        """Close at once with a TCP reset."""
        if self.transport is None or self.lost:
            return
        try:
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO
            )
        except OSError:
            pass  # the peer was faster, and has closed already
        self.transport.abort()

    def address(self) -> str:
        """The peer's address, for the journal."""
        name = self.transport.get_extra_info("peername") if self.transport is not None else None
        return shown(*name[:2]) if name else ""
