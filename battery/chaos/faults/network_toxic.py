"""The network fault: one toxic on one proxy, of any type."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.proxies import Counters, Proxies, Stream, Toxic
from battery.chaos.faults.traffic import Traffic
from battery.chaos.undo.steps import RemoveToxic, UndoStep
from battery.errors import UsageError

_POLL_SECONDS = 0.1
PROOF_SECONDS = 3.0
Canary = Callable[[], Effect]


class NetworkToxic:
    """Adds a toxic under a name of its own, so that a server that others use too keeps theirs.

    `canary` looks through the same path where the server's counters saw nothing, and at once where there are none.
    """

    def __init__(
        self,
        proxies: Proxies,
        proxy: str,
        kind: str,
        attributes: Mapping[str, int],
        *,
        stream: Stream = "downstream",
        toxicity: float = 1.0,
        limit: float = 60.0,
        canary: Canary | None = None,
        patience: float = PROOF_SECONDS,
    ) -> None:
        if not 0 < toxicity <= 1:
            raise UsageError(
                f"the toxicity is {toxicity:g}; it must be above 0 and up to 1, or nobody meets the toxic"
            )
        self.name = f"network {kind}"
        self.limit = limit
        self.toxic = Toxic(
            name=f"battery-{kind}-{secrets.token_hex(6)}",
            type=kind,
            stream=stream,
            toxicity=toxicity,
            attributes=dict(attributes),
        )
        self._proxies, self._proxy, self._canary = proxies, proxy, canary
        self._patience = patience
        self._time_limit = TimeLimit(limit, self.remove)
        self._lock = threading.Lock()
        self._begun = False
        self._active = False
        self._before: Counters | None = None

    def describe(self) -> str:
        """What it does to which connections."""
        toxic = self.toxic
        values = ", ".join(f"{key} {value}" for key, value in toxic.attributes.items()) or "no attributes"
        share = "every connection" if toxic.toxicity == 1 else f"{toxic.toxicity:.0%} of the connections"
        return (
            f'{toxic.type} ({values}) {toxic.stream} on {share} through proxy "{self._proxy}" '
            f"for at most {self.limit:g} s"
        )

    def obstacle(self) -> str:
        """Why the toxic cannot be added."""
        return missing(self._proxies, self._proxy)

    def undo(self) -> tuple[UndoStep, ...]:
        """Remove this toxic by its name."""
        return (RemoveToxic(url=self._proxies.url, proxy=self._proxy, toxic=self.toxic.name),)

    def inject(self) -> None:
        """Add the toxic."""
        with self._lock:
            self._before = self._proxies.counters(self._proxy)
            self._begun = True
            self._time_limit.begin()
            self._proxies.add_toxic(self._proxy, self.toxic)
            self._active = True

    def prove(self) -> Effect:
        """Whether the server has the toxic and traffic met it; waits a while for traffic."""
        counted = self._before is not None or self._canary is None
        until = time.monotonic() + (self._patience if counted else 0)
        while not (effect := self._look()).seen and self._active and time.monotonic() < until:
            time.sleep(_POLL_SECONDS)
        if effect.seen or self._canary is None or not self._is_there():
            return effect
        canary = self._canary()
        return Effect(seen=canary.seen, meter=f"{effect.meter}; canary: {canary.meter}")

    def remove(self) -> None:
        """Remove the toxic."""
        self._time_limit.cancel()
        with self._lock:
            if self._begun:
                self._proxies.remove_toxic(self._proxy, self.toxic.name)
                # Only now: a removal that failed is tried again when asked again.
                self._begun = self._active = False

    def _look(self) -> Effect:
        if not self._is_there():
            meter = f'proxy "{self._proxy}" has no toxic {self.toxic.name}'
            return Effect(seen=False, meter=meter + self._time_limit.words())
        traffic = Traffic(before=self._before, after=self._proxies.counters(self._proxy))
        meter = f'{self.toxic.type} on proxy "{self._proxy}": {traffic} since'
        return Effect(seen=traffic.seen, meter=meter)

    def _is_there(self) -> bool:
        state = self._proxies.state(self._proxy)
        return state is not None and self.toxic.name in {toxic.name for toxic in state.toxics}


def missing(proxies: Proxies, proxy: str) -> str:
    """Why a proxy cannot be used: it is not there, or disabled."""
    state = proxies.state(proxy)
    if state is None:
        return f'the Toxiproxy server at {proxies.url} has no proxy "{proxy}": name it as a [[dependency]] in battery.toml'
    if not state.enabled:
        return f'proxy "{proxy}" at {proxies.url} is disabled already: enable it first'
    return ""
