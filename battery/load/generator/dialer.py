"""The dialer: opens connections to the target, and tells whose fault it is when one cannot be opened."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable

from battery.load.job import Job

# What this machine lacks says nothing about the target: such a request was never sent.
_SHORTAGES = {
    errno.EMFILE: "no free descriptor",
    errno.ENFILE: "no free descriptor",
    errno.EADDRNOTAVAIL: "no free local port or address",
    errno.ENOBUFS: "no memory for sockets",
    errno.ENOMEM: "no memory for sockets",
}
_NOBODY_THERE = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.ENETUNREACH)


class CannotResolve(Exception):
    """The target's name has no address."""


class Refusal:
    """Why a connection could not be opened: an error kind of the target, or a shortage of this machine."""

    __slots__ = ("kind", "shortage")

    def __init__(self, kind: str = "", shortage: str = "") -> None:
        self.kind, self.shortage = kind, shortage


class Dialer:
    """Resolves the name once, before the run: a name server is not what is measured."""

    def __init__(self, job: Job, loop: asyncio.AbstractEventLoop) -> None:
        self._job, self._loop = job, loop
        self._tls = _tls_context(job) if job.tls else None
        self._addresses: list[str] = []

    async def resolve(self) -> None:
        """Find the target's addresses.

        Raises: CannotResolve.
        """
        try:
            found = await self._loop.getaddrinfo(self._job.host, self._job.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise CannotResolve(f"cannot resolve {self._job.host}: {error.strerror or error}") from error
        self._addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))

    async def dial(self, protocol: Callable[[], asyncio.Protocol]) -> Refusal | None:
        """Open one connection within the deadline; None when it stands."""
        try:
            async with asyncio.timeout(self._job.deadline):
                await self._first_that_answers(protocol)
        except TimeoutError:
            return Refusal("timeout")
        except ssl.SSLError:
            return Refusal("tls")
        except OSError as error:
            shortage = _SHORTAGES.get(error.errno or 0, "")
            nobody = error.errno in _NOBODY_THERE
            return Refusal(shortage=shortage) if shortage else Refusal("refused" if nobody else "reset")
        return None

    async def _first_that_answers(self, protocol: Callable[[], asyncio.Protocol]) -> None:
        """Try each address of the name where nobody listens on the first; go on with the one that answered."""
        candidates = tuple(self._addresses)
        for address in candidates:
            try:
                await self._open(protocol, address)
            except OSError as error:
                if error.errno not in _NOBODY_THERE or address == candidates[-1]:
                    raise
                self._addresses.remove(address)
                self._addresses.append(address)
            else:
                return

    async def _open(self, protocol: Callable[[], asyncio.Protocol], address: str) -> None:
        await self._loop.create_connection(
            protocol,
            address,
            self._job.port,
            ssl=self._tls,
            server_hostname=self._job.server_name if self._tls else None,
        )


def _tls_context(job: Job) -> ssl.SSLContext:
    """The system's authorities, or those that SSL_CERT_FILE names."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if not job.verify_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
