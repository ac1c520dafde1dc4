"""The load fault: a burst of requests far above what the target can answer."""

import time
from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from battery.chaos.faults.agent_burst import AgentBurst
from battery.chaos.faults.agents.descriptors import most_connections
from battery.chaos.faults.burst import BurstCounts, BurstOrder, Driver
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.reach import outside
from battery.chaos.undo.steps import UndoStep
from battery.errors import UsageError

MOST_REQUESTS = 1_000_000
_MOST_CONNECTIONS = 10_000
_PROOF_SECONDS = 5.0
_POLL_SECONDS = 0.05


class LoadBurst:
    """Sends from `connections` at once for `seconds`; `driver` may be another load generator than our own."""

    name = "load burst"

    def __init__(
        self,
        url: str,
        *,
        connections: int,
        seconds: float,
        requests: int = MOST_REQUESTS,
        headers: Mapping[str, str] | None = None,
        named: Collection[str] = (),
        limit: float = 60.0,
        driver: Driver = AgentBurst,
    ) -> None:
        if not 0 < connections <= _MOST_CONNECTIONS:
            raise UsageError(f"{connections} connections are asked for; it must be 1 to {_MOST_CONNECTIONS}")
        if any(sign in text for pair in (headers or {}).items() for text in pair for sign in "\r\n"):
            raise UsageError("a header of the load burst holds a line break")
        self.limit = limit
        self._url, self._named = url, tuple(named)
        self._order = BurstOrder(
            url=url,
            connections=connections,
            seconds=min(seconds, limit),
            requests=requests,
            headers=dict(headers or {}),
        )
        self._burst = driver(self._order)
        self._time_limit = TimeLimit(limit, self.remove)
        self._last: BurstCounts | None = None

    def describe(self) -> str:
        """What it sends."""
        order = self._order
        return (
            f"sends requests to {_without_user(self._url)} over {order.connections} connections at once for "
            f"{order.seconds:g} s, {order.requests:,} at most"
        )

    def obstacle(self) -> str:
        """Why it must not or cannot send."""
        try:
            parts = urlsplit(self._url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            parts, port = urlsplit(""), 0
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return "the URL is none such as http://127.0.0.1:8000/"
        if self._order.connections > most_connections():
            return (
                f"{self._order.connections} connections are asked for and a process may hold {most_connections()} "
                "here: ask for fewer or raise the limit (ulimit -Hn)"
            )
        return outside(parts.hostname, port, self._named)

    def undo(self) -> tuple[UndoStep, ...]:
        """End whoever sends."""
        return self._burst.undo

    def inject(self) -> None:
        """Begin to send."""
        self._time_limit.begin()
        self._burst.begin()

    def prove(self) -> Effect:
        """Whether every connection has sent; waits a while for that."""
        until = time.monotonic() + _PROOF_SECONDS
        while not (effect := self._look()).seen and time.monotonic() < until:
            if self._last is None or self._last.finished:
                break
            time.sleep(_POLL_SECONDS)
        return effect

    def remove(self) -> None:
        """End it; its last counts stay."""
        self._time_limit.cancel()
        self._read()
        self._burst.end()

    def _read(self) -> BurstCounts | None:
        try:
            self._last = self._burst.counts() or self._last
        except FaultFailed:
            return self._last  # it has ended: what it said last stands
        return self._last

    def _look(self) -> Effect:
        counts = self._read()
        if counts is None:
            return Effect(seen=False, meter="no request was sent" + self._time_limit.words())
        # Without a single answer nobody was loaded; and who answers 4xx to all did none of the work that was asked for.
        worked = counts.answered - counts.by_class.get("4xx", 0)
        seen = worked > 0 and counts.sent >= min(self._order.connections, self._order.requests)
        meter = f"over {self._order.connections} connections {counts}"
        return Effect(seen=seen, meter=meter + self._time_limit.words())


def _without_user(url: str) -> str:
    return urlsplit(url)._replace(netloc=urlsplit(url).netloc.rpartition("@")[2], query="").geturl()
