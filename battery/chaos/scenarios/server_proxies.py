"""The faults' port to a Toxiproxy server, over its client; the embedded server also counts what went through."""

from battery.chaos.faults.proxies import Counters, ProxyState, Toxic
from battery.chaos.toxiproxy.client import Client
from battery.chaos.toxiproxy.failure import ToxiproxyRefused

_NOT_FOUND = 404


class ServerProxies:
    """One server, as the network faults see it."""

    def __init__(self, client: Client, *, counts: bool) -> None:
        """`counts`: whether the server keeps a journal of its connections."""
        self._client, self._counts = client, counts

    @property
    def url(self) -> str:
        """The base URL of its API."""
        return self._client.url

    def state(self, proxy: str) -> ProxyState | None:
        """A proxy, none when there is none of this name."""
        try:
            found = self._client.proxy(proxy)
        except ToxiproxyRefused as refused:
            if refused.status == _NOT_FOUND:
                return None
            raise
        return ProxyState(
            name=found.name,
            listen=found.listen,
            upstream=found.upstream,
            enabled=found.enabled,
            toxics=tuple(
                Toxic(
                    name=toxic.name,
                    type=toxic.type,
                    stream="upstream" if toxic.stream == "upstream" else "downstream",
                    toxicity=toxic.toxicity,
                    attributes=toxic.attributes,
                )
                for toxic in found.toxics
            ),
        )

    def add_toxic(self, proxy: str, toxic: Toxic) -> None:
        """Add a toxic."""
        self._client.add_toxic(
            proxy, toxic.type, toxic.attributes, name=toxic.name, stream=toxic.stream, toxicity=toxic.toxicity
        )

    def update_toxic(self, proxy: str, toxic: Toxic) -> None:
        """Change attributes and toxicity."""
        self._client.change_toxic(proxy, toxic.name, toxic.attributes, toxicity=toxic.toxicity)

    def remove_toxic(self, proxy: str, name: str) -> None:
        """Remove a toxic; one that is gone already is no error."""
        try:
            self._client.remove_toxic(proxy, name)
        except ToxiproxyRefused as refused:
            if refused.status != _NOT_FOUND:
                raise

    def enable(self, proxy: str) -> None:
        """Let it listen and forward."""
        self._client.enable(proxy)

    def disable(self, proxy: str) -> None:
        """Close its connections and refuse others."""
        self._client.disable(proxy)

    def counters(self, proxy: str) -> Counters | None:
        """What went through; none when the server does not count."""
        if not self._counts:
            return None
        counts = self._client.counts(proxy)
        return Counters(connections=counts["connections"], received=counts["received"], touched=counts["met"])
