"""A Toxiproxy server in memory, for the port `Proxies`. Its proxies count what the test lets through."""

from battery.chaos.faults.proxies import Counters, ProxyState, Toxic
from battery.errors import TargetUnreachable


class FakeProxies:
    """One proxy, "db"; `counts` is none for a server that counts nothing, `down` for one that answers nothing."""

    url = "http://127.0.0.1:1"

    def __init__(self, *, listen: str = "127.0.0.1:1", counts: Counters | None = None) -> None:
        self.listen = listen
        self.counts = counts
        self.toxics: dict[str, Toxic] = {"theirs": Toxic(name="theirs", type="noop")}
        self.enabled = True
        self.down = False

    def state(self, proxy: str) -> ProxyState | None:
        self._answer()
        if proxy != "db":
            return None
        toxics = tuple(self.toxics.values())
        return ProxyState(name=proxy, listen=self.listen, upstream="u:1", enabled=self.enabled, toxics=toxics)

    def add_toxic(self, proxy: str, toxic: Toxic) -> None:
        self._answer()
        assert toxic.name not in self.toxics
        self.toxics[toxic.name] = toxic

    def update_toxic(self, proxy: str, toxic: Toxic) -> None:
        self._answer()
        assert toxic.name in self.toxics
        self.toxics[toxic.name] = toxic

    def remove_toxic(self, proxy: str, name: str) -> None:
        self._answer()
        self.toxics.pop(name, None)

    def enable(self, proxy: str) -> None:
        self._answer()
        self.enabled = True

    def disable(self, proxy: str) -> None:
        self._answer()
        self.enabled = False

    def counters(self, proxy: str) -> Counters | None:
        self._answer()
        return self.counts

    def _answer(self) -> None:
        if self.down:
            raise TargetUnreachable("the Toxiproxy server does not answer")
