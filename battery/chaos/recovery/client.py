"""The client: one exchange on a fresh connection, as a user who comes now would have it. No proxy of the environment."""

import asyncio
import errno
import socket
import ssl
from time import monotonic

from battery.chaos.recovery.exchange import Answer, Exchange
from battery.chaos.recovery.request import Place, Request
from battery.errors import TargetUnreachable

BODY_CAP = 16 * 1024 * 1024
# What this machine lacks says nothing about the target.
_SHORTAGES = {
    errno.EMFILE: "no free descriptor",
    errno.ENFILE: "no free descriptor",
    errno.EADDRNOTAVAIL: "no free local port or address",
    errno.ENOBUFS: "no memory for sockets",
    errno.ENOMEM: "no memory for sockets",
}
_NOBODY_THERE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH)
_TLS_GOODBYE = 0.5  # after the answer; nobody waits for it


class Shortage(Exception):
    """The request was never sent: this machine lacked something, named in the text."""


class Client:
    """Resolves the name once: a name server is not what is measured."""

    def __init__(
        self, place: Place, *, body_cap: int = BODY_CAP, trusted: ssl.SSLContext | None = None
    ) -> None:
        """`trusted` replaces the system's authorities."""
        self._place, self._cap = place, body_cap
        self._tls = (trusted or _context()) if place.tls else None
        self._addresses: list[str] = []

    async def resolve(self) -> None:
        """Find the target's addresses.

        Raises: TargetUnreachable.
        """
        host, port = self._place.host, self._place.port
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            why = error.strerror or error
            raise TargetUnreachable(f"cannot resolve {host}: {why}; mend the URL or the name") from error
        self._addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))

    async def ask(self, request: Request, limit: float) -> Answer:
        """The answer, or the kind of error that stood in its place within `limit` seconds.

        Raises: Shortage.
        """
        exchange: Exchange | None = None
        try:
            async with asyncio.timeout(limit):
                exchange = await self._dial(request, limit)
                return await exchange.answer
        except TimeoutError:
            return _without("timeout")
        except ssl.SSLError:
            return _without("tls")
        except OSError as error:
            if shortage := _SHORTAGES.get(error.errno or 0):
                raise Shortage(shortage) from error
            return _without("refused" if error.errno in _NOBODY_THERE else "reset")
        finally:
            if exchange is not None:
                await exchange.let_go()

    async def _dial(self, request: Request, limit: float) -> Exchange:
        """Try each address of the name where nobody listens on the first; the one that answered comes first next time."""
        candidates = tuple(self._addresses)
        for address in candidates[:-1]:
            try:
                return await self._open(request, address, limit)
            except OSError as error:
                if error.errno not in _NOBODY_THERE:
                    raise
        last = await self._open(request, candidates[-1], limit)
        self._addresses = [candidates[-1], *candidates[:-1]]
        return last

    async def _open(self, request: Request, address: str, limit: float) -> Exchange:
        _, exchange = await asyncio.get_running_loop().create_connection(
            lambda: Exchange(request, self._cap),
            address,
            self._place.port,
            ssl=self._tls,
            server_hostname=self._place.server_name if self._tls else None,
            ssl_handshake_timeout=limit if self._tls else None,
            ssl_shutdown_timeout=_TLS_GOODBYE if self._tls else None,
        )
        return exchange


def _without(error: str) -> Answer:
    return Answer(0, b"", error, monotonic())


def _context() -> ssl.SSLContext:
    """The system's authorities, or those that SSL_CERT_FILE names."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
