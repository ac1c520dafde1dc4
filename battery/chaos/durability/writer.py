"""The writer: writes numbered records through the target at an even rate, and remembers every answer."""

import asyncio
import math
import ssl
from time import monotonic
from types import TracebackType
from typing import Self

from battery.chaos.durability.token import Token
from battery.chaos.durability.written import Outcome, Written
from battery.chaos.recovery.client import Client, Shortage
from battery.chaos.recovery.exchange import Answer
from battery.chaos.recovery.open_loop import OpenLoop
from battery.chaos.recovery.request import Build, Place
from battery.model.target import RECORD, RUN, DurableWrite, Endpoint, Expect

RATE = 10.0
TIMEOUT = 5.0
_ATTEMPTS = 10
_PAUSE = 0.5
_TRY_AGAIN = (408, 425, 429, 500, 502, 503, 504)


class Writer:
    """Runs in a thread of its own, open-loop: a write that hangs delays no other."""

    def __init__(
        self,
        place: Place,
        build: Build,
        write: DurableWrite,
        token: Token,
        *,
        rate: float = RATE,
        timeout: float = TIMEOUT,
        trusted: ssl.SSLContext | None = None,
    ) -> None:
        """Raises: UsageError when the declared request cannot be built."""
        self._client = Client(place, trusted=trusted)
        self._build, self._write, self._token = build, write, token
        self._timeout = timeout
        build(self._endpoint(0))
        self._written: list[Written] = []
        # A write with retries lives longer; so many may be under way at once.
        self._longest = _ATTEMPTS * (timeout + _PAUSE) if write.retry else timeout
        most = math.ceil(self._longest * rate) + 1
        self._loop = OpenLoop("writer", 1 / rate, self._one, self._client.resolve, most_in_flight=2 * most)

    def start(self) -> None:
        """Begin. Raises: TargetUnreachable when the target's name has no address."""
        self._loop.start()

    def stop(self) -> tuple[Written, ...]:
        """Write nothing more, wait for what is under way, and give all of it."""
        self._loop.stop(self._longest)
        return self.written()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.stop(self._longest)

    def written(self) -> tuple[Written, ...]:
        """Every record whose fate is known so far, by number."""
        return tuple(sorted(self._written, key=lambda record: record.number))

    def more(self, count: int) -> tuple[Written, ...]:
        """Write `count` records more, one after the other; only when stopped."""
        first = max([self._loop.begun, *(record.number + 1 for record in self._written)])

        async def write() -> None:
            for number in range(first, first + count):
                await self._one(number, monotonic())

        asyncio.run(write())
        return tuple(record for record in self.written() if record.number >= first)

    @property
    def zero(self) -> float:
        """The monotonic time from which its records count."""
        return self._loop.zero

    def unsent(self) -> dict[str, int]:
        """Records that were never sent, by reason: nothing about the target."""
        return dict(self._loop.unsent)

    async def _one(self, number: int, due: float) -> None:
        endpoint = self._endpoint(number)
        request, sent = self._build(endpoint), monotonic()
        answer = Answer(0, b"", "unsent", sent)
        attempts = 0
        unclear = False
        try:
            while attempts < (_ATTEMPTS if self._write.retry else 1):
                await asyncio.sleep(_PAUSE if attempts else 0)
                answer = await self._client.ask(request, self._timeout)
                attempts += 1
                unclear = unclear or bool(answer.error)
                if not (answer.error or answer.status in _TRY_AGAIN):
                    break
        except Shortage as shortage:
            if not attempts:
                self._loop.unsent[f"this machine had {shortage}"] += 1
                return
        self._written.append(
            Written(
                number=number,
                due=self._since(due),
                sent=self._since(sent),
                done=self._since(answer.done),
                outcome=self._outcome(answer, unclear=unclear),
                status=answer.status,
                error=answer.error,
                attempts=attempts,
            )
        )

    def _outcome(self, answer: Answer, *, unclear: bool) -> Outcome:
        if not answer.error and answer.status in self._write.status:
            return "acknowledged"
        # An attempt before the last may have got through without our hearing of it.
        return "unclear" if unclear else "refused"

    def _endpoint(self, number: int) -> Endpoint:
        record = self._token.spelled(number)

        def filled(text: str) -> str:
            return text.replace(RECORD, record).replace(RUN, self._token.run)

        headers = {name: filled(value) for name, value in self._write.headers.items()}
        if self._write.retry and not any(name.lower() == "idempotency-key" for name in headers):
            headers["Idempotency-Key"] = record
        return Endpoint(
            name="durability-write",
            method=self._write.method,
            path=filled(self._write.path),
            body=filled(self._write.body),
            headers=headers,
            expect=Expect(status=self._write.status),
        )

    def _since(self, time: float) -> float:
        return round(time - self._loop.zero, 6)
