"""The network-down fault: a proxy is disabled, so its connections are cut and further ones refused."""

import socket
import threading

from battery.chaos.faults.interface import Effect
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.network_toxic import Canary, missing
from battery.chaos.faults.proxies import Counters, Proxies
from battery.chaos.undo.steps import EnableProxy, UndoStep

_CONNECT_SECONDS = 1.0


class NetworkDown:
    """Disables a proxy. Proven when its port refuses and the target is known to have used it."""

    name = "network down"

    def __init__(
        self, proxies: Proxies, proxy: str, *, limit: float = 60.0, canary: Canary | None = None
    ) -> None:
        self.limit = limit
        self._proxies, self._proxy, self._canary = proxies, proxy, canary
        self._time_limit = TimeLimit(limit, self.remove)
        self._lock = threading.Lock()
        self._begun = False
        self._listen = ""
        self._before: Counters | None = None

    def describe(self) -> str:
        """What it cuts."""
        return f'cuts every connection through proxy "{self._proxy}" and refuses others for at most {self.limit:g} s'

    def obstacle(self) -> str:
        """Why the proxy cannot be disabled."""
        return missing(self._proxies, self._proxy)

    def undo(self) -> tuple[UndoStep, ...]:
        """Enable it again."""
        return (EnableProxy(url=self._proxies.url, proxy=self._proxy),)

    def inject(self) -> None:
        """Disable the proxy."""
        with self._lock:
            state = self._proxies.state(self._proxy)
            self._listen = state.listen if state else ""
            self._before = self._proxies.counters(self._proxy)
            self._begun = True
            self._time_limit.begin()
            self._proxies.disable(self._proxy)

    def prove(self) -> Effect:
        """Whether its port refuses, and whether anybody came through it before."""
        if not self._begun:
            meter = f'proxy "{self._proxy}" is not disabled'
            return Effect(seen=False, meter=meter + self._time_limit.words())
        refusal = _refusal(self._listen)
        if not refusal:
            return Effect(seen=False, meter=f'proxy "{self._proxy}" still accepts at {self._listen}')
        used = self._before.connections if self._before else None
        words = "an unknown number of" if used is None else str(used)
        meter = (
            f'proxy "{self._proxy}" refuses at {self._listen} ({refusal}); {words} connections came before'
        )
        if used or self._canary is None:
            return Effect(seen=bool(used), meter=meter)
        canary = self._canary()
        return Effect(seen=canary.seen, meter=f"{meter}; canary: {canary.meter}")

    def remove(self) -> None:
        """Enable the proxy."""
        self._time_limit.cancel()
        with self._lock:
            if self._begun:
                self._proxies.enable(self._proxy)
                self._begun = False


def _refusal(listen: str) -> str:
    """How a connection to the proxy fails; empty when it does not."""
    host, _, port = listen.rpartition(":")
    try:
        socket.create_connection((host.strip("[]") or "127.0.0.1", int(port)), _CONNECT_SECONDS).close()
    except (OSError, ValueError) as error:
        return str(error)
    return ""
