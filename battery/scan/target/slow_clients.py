"""Slow clients: many half-sent requests must not keep others out."""

import asyncio
import time

from battery.model.frozen import Frozen
from battery.scan.target.answer import Answer, Silence
from battery.scan.target.asked import Asked
from battery.scan.target.client import Client
from battery.scan.target.wire import Wire

_TICK = 0.25


class Siege(Frozen, frozen=True, kw_only=True):
    """What slow clients did: how many got in, how many were shown out, and how others fared meanwhile."""

    opened: int
    closed: int
    asked: int
    answered: int
    slowest: float
    reason: str = ""


async def besiege(client: Client, path: str, connections: int, seconds: float) -> Siege:
    """Hold half-sent requests open for a while, one header line at a time, and ask beside them."""
    target = client.scope.target
    opened = await asyncio.gather(
        *(client.open("SLOW", target, path, tls=target.tls) for _ in range(connections))
    )
    wires = [wire for wire in opened if isinstance(wire, Wire)]
    reasons = [wire.reason for wire in opened if isinstance(wire, Silence)]
    asked = answered = 0
    slowest = 0.0
    try:
        await _trickle(wires, f"GET {path} HTTP/1.1\r\nHost: {target.authority}\r\n".encode())
        until = time.monotonic() + seconds
        while asked == 0 or time.monotonic() < until:
            outcome = await client.send(Asked(path=path))
            asked += 1
            answered += isinstance(outcome, Answer) and outcome.status < 500
            slowest = max(slowest, outcome.seconds)
            await _trickle(wires, b"X-Slow: a\r\n")
            await asyncio.sleep(_TICK)
        closed = sum(wire.closed for wire in wires)
    finally:
        for wire in wires:
            wire.close()
    return Siege(
        opened=len(wires),
        closed=closed,
        asked=asked,
        answered=answered,
        slowest=slowest,
        reason=reasons[0] if reasons else "",
    )


async def _trickle(wires: list[Wire], data: bytes) -> None:
    for wire in wires:
        if not wire.closed:
            try:
                await wire.write(data)
            except OSError:
                # Shown out in this very moment; it counts as closed.
                continue
