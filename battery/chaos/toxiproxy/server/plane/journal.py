"""The journal of a proxy: each connection with its bytes, the toxics that it met, who ended it, and why."""

import itertools
import time
from collections import deque
from typing import TYPE_CHECKING

from battery.chaos.toxiproxy.server.plane.toxic import DOWNSTREAM, UPSTREAM, Toxic
from battery.model.frozen import Frozen

if TYPE_CHECKING:
    from battery.chaos.toxiproxy.server.plane.connection import Connection

_REMEMBERED = 1000


class Met(Frozen, frozen=True, kw_only=True):
    """A toxic that touched a connection, and what came under it."""

    name: str
    type: str
    stream: str
    chunks: int
    bytes: int


class Passed(Frozen, frozen=True, kw_only=True):
    """Bytes of one direction: read from its source, and handed to the other side."""

    received: int
    sent: int


class Counts(Frozen, frozen=True, kw_only=True):
    """All that ever came: connections, bytes received from either side, and how often one met a toxic."""

    connections: int
    received: int
    met: int


class Entry(Frozen, frozen=True, kw_only=True):
    """One connection; the times are monotonic seconds, comparable within this machine; `closed` is null while it lives."""

    number: int
    client: str
    upstream: str
    opened: float
    closed: float | None
    bytes: dict[str, Passed]
    toxics: tuple[Met, ...]
    closed_by: str
    why: str


class Journal:
    """The connections that live, and the last thousand that do not."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._live: dict[int, Connection] = {}
        self._closed: deque[Entry] = deque(maxlen=_REMEMBERED)
        self._passed = {UPSTREAM: (0, 0), DOWNSTREAM: (0, 0)}
        self._begun = self._met = 0

    def begin(self, connection: "Connection") -> None:
        """One more lives."""
        connection.number = self._begun = next(self._numbers)
        self._live[connection.number] = connection

    def close(self, connection: "Connection") -> None:
        """One is gone; twice is once."""
        if self._live.pop(connection.number, None) is None:
            return
        connection.closed = connection.closed or time.monotonic()
        self._closed.append(_entry(connection))
        self._passed = self._sum([connection])
        self._met += _times_met(connection)

    def live(self) -> "list[Connection]":
        """Those that live, in the order of their coming."""
        return list(self._live.values())

    def entries(self) -> list[Entry]:
        """All that are remembered, by number."""
        entries = [*self._closed, *(_entry(connection) for connection in self._live.values())]
        return sorted(entries, key=lambda entry: entry.number)

    def passed(self) -> dict[str, tuple[int, int]]:
        """Bytes received and sent in each direction, by all connections that ever were."""
        return self._sum(self.live())

    def counts(self) -> Counts:
        """Since the proxy exists, whatever the journal has forgotten since; a proxy without connections counts zeros."""
        return Counts(
            connections=self._begun,
            received=sum(received for received, _ in self.passed().values()),
            met=self._met + sum(_times_met(connection) for connection in self.live()),
        )

    def _sum(self, connections: "list[Connection]") -> dict[str, tuple[int, int]]:
        return {
            direction: (
                received + sum(each.links[direction].received for each in connections),
                sent + sum(each.links[direction].sent for each in connections),
            )
            for direction, (received, sent) in self._passed.items()
        }


def _times_met(connection: "Connection") -> int:
    return len(connection.obstacles) + sum(len(link.met) for link in connection.links.values())


def _entry(connection: "Connection") -> Entry:
    by, why = connection.verdict if connection.closed is not None else ("", "")
    return Entry(
        number=connection.number,
        client=connection.client_address,
        upstream=connection.upstream_address,
        opened=connection.opened,
        closed=connection.closed,
        bytes={
            name: Passed(received=link.received, sent=link.sent) for name, link in connection.links.items()
        },
        toxics=(
            *(_met(toxic) for toxic in connection.obstacles),
            *(
                _met(stage.toxic, stage.chunks, stage.bytes)
                for link in connection.links.values()
                for stage in link.met
            ),
        ),
        closed_by=by,
        why=why,
    )


def _met(toxic: Toxic, chunks: int = 0, size: int = 0) -> Met:
    return Met(name=toxic.name, type=toxic.kind.type, stream=toxic.direction, chunks=chunks, bytes=size)
