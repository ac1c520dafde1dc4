"""Holds TCP connections that say nothing, and opens another one for each that is closed.

A process of its own (`python -m battery.chaos.faults.agents.tcp`).
"""

import asyncio
from collections import Counter

from battery.chaos.faults.agents.descriptors import raise_limit
from battery.chaos.faults.agents.lifeline import say, take_order

_ROUND_SECONDS = 0.1
_CONNECT_SECONDS = 3.0
_BATCH = 64


class Held(asyncio.Protocol):
    """One connection, held until the other side closes it."""

    def __init__(self, held: "set[Held]", counts: Counter[str]) -> None:
        self._held, self._counts = held, counts

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it in."""
        self._transport = transport
        self._held.add(self)
        self._counts["opened"] += 1

    def connection_lost(self, error: Exception | None) -> None:
        """Count it out, however it ended."""
        del error
        self._held.discard(self)
        self._counts["closed"] += 1


async def hold(host: str, port: int, wanted: int) -> None:
    """Keep `wanted` connections open for as long as the lifeline holds."""
    held: set[Held] = set()
    counts: Counter[str] = Counter()
    while True:
        missing = min(wanted - len(held), _BATCH)
        await asyncio.gather(*(open_one(host, port, held, counts) for _ in range(missing)))
        say(
            "holding",
            held=len(held),
            opened=counts["opened"],
            closed=counts["closed"],
            refused=counts["refused"],
        )
        if len(held) == wanted or missing == 0 or counts["refused"]:
            await asyncio.sleep(_ROUND_SECONDS)


async def open_one(host: str, port: int, held: set[Held], counts: Counter[str]) -> None:
    """Open one more, or count that it was refused."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            await loop.create_connection(lambda: Held(held, counts), host, port)
    except OSError:  # TimeoutError is one
        counts["refused"] += 1


def main() -> None:
    """Take the order and hold."""
    order = take_order()
    raise_limit()
    asyncio.run(hold(order.texts["host"], int(order.amounts["port"]), int(order.amounts["wanted"])))


if __name__ == "__main__":
    main()
