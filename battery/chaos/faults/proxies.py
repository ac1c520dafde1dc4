"""The port to a Toxiproxy server: all that the network faults need of one."""

from typing import Literal, Protocol

from battery.model.frozen import Frozen

Stream = Literal["upstream", "downstream"]


class Toxic(Frozen, frozen=True, kw_only=True):
    """One toxic as the server knows it."""

    name: str
    type: str
    stream: Stream = "downstream"
    toxicity: float = 1.0
    attributes: dict[str, int] = {}


class ProxyState(Frozen, frozen=True, kw_only=True):
    """A proxy as it is at the moment; `listen` is the resolved HOST:PORT."""

    name: str
    listen: str
    upstream: str
    enabled: bool
    toxics: tuple[Toxic, ...] = ()


class Counters(Frozen, frozen=True, kw_only=True):
    """What went through a proxy since it exists: connections accepted, bytes received from either side.

    `touched` counts how often a connection met a toxic, where the server tells.
    """

    connections: int
    received: int
    touched: int | None = None


class Proxies(Protocol):
    """A Toxiproxy server. Its methods raise errors of `battery.errors.BatteryError`."""

    @property
    def url(self) -> str:
        """The base URL of its API: where the watchdog undoes things."""
        ...

    def state(self, proxy: str) -> ProxyState | None:
        """A proxy, none when there is none of this name."""
        ...

    def add_toxic(self, proxy: str, toxic: Toxic) -> None:
        """Add a toxic; its name must be free."""
        ...

    def update_toxic(self, proxy: str, toxic: Toxic) -> None:
        """Change attributes and toxicity of a toxic."""
        ...

    def remove_toxic(self, proxy: str, name: str) -> None:
        """Remove a toxic; one that is gone already is no error."""
        ...

    def enable(self, proxy: str) -> None:
        """Let it listen and forward."""
        ...

    def disable(self, proxy: str) -> None:
        """Close its connections and refuse others."""
        ...

    def counters(self, proxy: str) -> Counters | None:
        """What went through; none when the server does not count."""
        ...
