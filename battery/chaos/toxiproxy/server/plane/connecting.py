"""connect (the battery's own): the way to the upstream is slow, or refused; it meets connections that come later only.

A client's own connect is done by the kernel before the proxy hears of it: a slow one shows as a wait for the first answer.
"""

import asyncio
from collections.abc import Mapping, Sequence

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.plane.toxic import Toxic


def _objection(attributes: Mapping[str, int]) -> str:
    delay, refuse = attributes["delay"], attributes["refuse"]
    if delay < 0:
        return f"connect: delay is {delay}, must be 0 or more (ms)"
    return "" if refuse in (0, 1) else f"connect: refuse is {refuse}, must be 0 or 1"


KIND = Kind(
    type="connect",
    structure="ConnectToxic",
    attributes=("delay", "refuse"),
    stage=None,
    objection=_objection,
)


class Hurdles:
    """The connect faults in the way of one connection."""

    def __init__(self, toxics: Sequence[Toxic]) -> None:
        self.toxics = list(toxics)
        self._gone = asyncio.Event()

    def lift(self, toxic: Toxic) -> None:
        """This one is removed, or changed: it holds nobody any longer."""
        if toxic in self.toxics:
            self.toxics.remove(toxic)
            self._gone.set()

    async def overcome(self) -> Toxic | None:
        """Wait each one out; the one that refuses, if one does."""
        while self.toxics:
            toxic = self.toxics[0]
            self._gone.clear()
            try:
                await asyncio.wait_for(self._gone.wait(), toxic["delay"] / 1000)
            except TimeoutError:
                if toxic["refuse"]:
                    return toxic
                self.toxics.remove(toxic)
        return None
