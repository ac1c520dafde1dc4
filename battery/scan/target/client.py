"""The client of every scanner: guarded by the scope, bounded in everything, and it never raises for what a target does."""

import asyncio
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping

from battery.scan.target.answer import Answer, Outcome, Silence, in_words
from battery.scan.target.asked import Asked, as_bytes, check_headers, merged, needs_trust
from battery.scan.target.pace import Pace, retry_after
from battery.scan.target.reading import Reading
from battery.scan.target.request import ScanLimits
from battery.scan.target.scope import Origin, Scope
from battery.scan.target.tls_context import trusting, unquestioning
from battery.scan.target.trace import Trace
from battery.scan.target.wire import Presented, Wire, silence_of

_MOST_RETRIES = 3
# A target that says nothing so often is down; to wait for each deadline of a hundred more requests proves no more.
_MOST_UNANSWERED = 5
_SECONDS_WITHOUT_RETRY_AFTER = 1.0


class Client:
    """Sends requests to the named target only. It follows no redirect and keeps no connection."""

    def __init__(
        self,
        scope: Scope,
        limits: ScanLimits,
        trace: Trace,
        *,
        scanner: str,
        common: Mapping[str, str],
        ca_file: str = "",
    ) -> None:
        check_headers(common, "the target's headers")
        self.scope, self.limits, self.scanner = scope, limits, scanner
        self._trace, self._common, self._ca_file = trace, dict(common), ca_file
        self._pace = Pace(limits)
        self._unanswered = 0
        self._addresses: dict[str, tuple[str, ...]] = {}
        self._tls: dict[bool, ssl.SSLContext] = {}

    async def ask(self, asked: Asked) -> Outcome:
        """Send; an answer that says 'later' is asked again then, as long as the patience lasts."""
        outcome = await self.send(asked)
        for _ in range(_MOST_RETRIES):
            if not (isinstance(outcome, Answer) and outcome.status == 429):
                break
            pause = retry_after(outcome.header("retry-after"))
            if not await self._pace.wait(_SECONDS_WITHOUT_RETRY_AFTER if pause is None else pause):
                break
            outcome = await self.send(asked)
        return outcome

    async def send(self, asked: Asked) -> Outcome:
        """Send once, if the scope and the budget allow it."""
        origin = asked.origin or self.scope.target
        url = origin.url + asked.path
        fields = merged(asked, origin, self._common)
        refusal = self._refusal(origin, asked.path, url)
        if refusal is None:
            if not asked.hasty:
                await self._pace.turn()
            reading = Reading(url, asked.method, self.limits.head, self.limits.body)
            outcome = await self._exchange(
                origin,
                as_bytes(asked, fields),
                reading,
                asked.source,
                needs_trust(asked, origin, self._common),
            )
        else:
            outcome = refusal
        if refusal is None and not asked.hasty:
            self._unanswered = self._unanswered + 1 if _no_life(outcome) else 0
        self._note(asked.method, url, tuple(fields), outcome)
        return outcome

    async def raw(self, data: bytes, what: str, *, method: str = "GET") -> Outcome:
        """Send bytes as they are to the target; `what` names them in the trace."""
        origin = self.scope.target
        url = origin.url + self.scope.path("/")
        refusal = self._refusal(origin, self.scope.path("/"), url)
        if refusal is None:
            await self._pace.turn()
            reading = Reading(url, method, self.limits.head, self.limits.body)
            outcome = await self._exchange(origin, data, reading, "", False)
        else:
            outcome = refusal
        self._note("RAW", f"{url} [{what}]", (), outcome)
        return outcome

    async def open(self, what: str, origin: Origin, path: str, *, tls: bool) -> Wire | Silence:
        """A bare connection, for requests that are never finished or that someone else makes."""
        refusal = self._refusal(origin, path, origin.url)
        if refusal is None:
            began = time.monotonic()
            try:
                async with asyncio.timeout(self.limits.deadline):
                    opened = await self._connect(origin, "", tls, verify=False)
            except (OSError, TimeoutError) as error:
                refusal = silence_of(origin.url, error, time.monotonic() - began)
            else:
                self._trace.add(self.scanner, what, origin.url + path, (), "connected", 0.0)
                return Wire(*opened)
        self._note(what, origin.url + path, (), refusal)
        return refusal

    async def hello(self, data: bytes, what: str, enough: int, origin: Origin) -> bytes | Silence:
        """Send bytes below TLS and read what comes, `enough` bytes at most."""

        async def talk() -> bytes:
            with Wire(*await self._connect(origin, "", tls=False, verify=False)) as wire:
                return await wire.first_record(data, enough)

        return await self._bare(talk, f"{origin.url} [{what}]", origin)

    async def certificate(self, origin: Origin) -> Presented | Silence:
        """The target's certificate, and why it is not trusted, if so."""
        try:
            der = await self._shake(origin, verify=True)
        except ssl.SSLCertVerificationError as error:
            der = await self._shake(origin, verify=False)
            if not isinstance(der, Silence):
                return Presented(
                    der=der, code=error.verify_code, complaint=error.verify_message or str(error)
                )
        return der if isinstance(der, Silence) else Presented(der=der)

    async def _shake(self, origin: Origin, *, verify: bool) -> bytes | Silence:
        async def shake() -> bytes:
            with Wire(*await self._connect(origin, "", tls=True, verify=verify)) as wire:
                return wire.certificate()

        return await self._bare(shake, f"{origin.url} [certificate]", origin)

    async def _bare(self, act: Callable[[], Awaitable[bytes]], place: str, origin: Origin) -> bytes | Silence:
        """Do something with a connection below HTTP, guarded, paced and recorded like any request."""
        refusal = self._refusal(origin, self.scope.path("/"), origin.url)
        if refusal is None:
            await self._pace.turn()
            began = time.monotonic()
            try:
                async with asyncio.timeout(self.limits.deadline):
                    got = await act()
            except ssl.SSLCertVerificationError as error:
                self._trace.add(self.scanner, "TLS", place, (), str(error.verify_message), 0.0)
                raise
            except (OSError, TimeoutError) as error:
                refusal = silence_of(origin.url, error, time.monotonic() - began)
            else:
                self._trace.add(self.scanner, "TLS", place, (), f"{len(got)} bytes", time.monotonic() - began)
                return got
        self._note("TLS", place, (), refusal)
        return refusal

    def _refusal(self, origin: Origin, path: str, url: str) -> Silence | None:
        if problem := self.scope.problem(origin, path):
            return Silence(url=url, why="scope", reason=f"not sent: {problem}")
        if self._unanswered >= _MOST_UNANSWERED:
            reason = f"not sent: {self._unanswered} requests in a row got no answer"
            return Silence(url=url, why="gone", reason=reason)
        if not self._pace.spend():
            most = self.limits.requests
            return Silence(url=url, why="budget", reason=f"not sent: the budget of {most} requests is spent")
        return None

    def _note(self, method: str, url: str, names: tuple[str, ...], outcome: Outcome) -> None:
        sent = not (isinstance(outcome, Silence) and outcome.why in ("scope", "budget", "gone"))
        self._trace.add(self.scanner, method, url, names, in_words(outcome), outcome.seconds, sent)

    async def _exchange(
        self, origin: Origin, data: bytes, reading: Reading, source: str, verify: bool
    ) -> Outcome:
        began = time.monotonic()
        url = origin.url
        try:
            async with asyncio.timeout(self.limits.deadline):
                with Wire(*await self._connect(origin, source, origin.tls, verify)) as wire:
                    await wire.converse(data, reading)
        except (OSError, TimeoutError) as error:
            # An answer that was read before the connection broke is an answer.
            if not reading.finished:
                return silence_of(url, error, time.monotonic() - began)
        return reading.outcome(time.monotonic() - began)

    async def _connect(
        self, origin: Origin, source: str, tls: bool, verify: bool
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        addresses = await self._resolved(origin)
        failure: OSError = ConnectionRefusedError("no address")
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address,
                    origin.port,
                    ssl=self._context(verify) if tls else None,
                    server_hostname=origin.host if tls else None,
                    local_addr=(source, 0) if source else None,
                )
            except ssl.SSLError:
                raise
            except OSError as error:
                failure = error
        raise failure

    async def _resolved(self, origin: Origin) -> tuple[str, ...]:
        """The addresses behind the name, looked up once: what the name means may not change during a scan."""
        if origin.host not in self._addresses:
            try:
                found = await asyncio.get_running_loop().getaddrinfo(origin.host, origin.port, type=1)
            except UnicodeError as error:
                raise OSError(f"{origin.host} is no name of a host") from error
            self._addresses[origin.host] = tuple(dict.fromkeys(str(entry[4][0]) for entry in found))
        return self._addresses[origin.host]

    def _context(self, verify: bool) -> ssl.SSLContext:
        if verify not in self._tls:
            self._tls[verify] = trusting(self._ca_file) if verify else unquestioning()
        return self._tls[verify]


def _no_life(outcome: Outcome) -> bool:
    """Whether nothing at all came back."""
    return isinstance(outcome, Silence) and outcome.why in ("refused", "timeout")
