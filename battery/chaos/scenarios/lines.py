"""The lines: the proxied ways to the target and to its dependencies, on one Toxiproxy server."""

import secrets
from contextlib import ExitStack

from battery.chaos.breaker.tap import Tap
from battery.chaos.faults.proxies import Proxies
from battery.chaos.scenarios.server_proxies import ServerProxies
from battery.chaos.toxiproxy.discovery import Server, toxiproxy
from battery.chaos.undo.stack import UndoStack
from battery.chaos.undo.steps import DeleteProxy
from battery.load.requests import Address
from battery.model.target import Dependency

# A server of ours that outlives a killed battery has nobody left to forward for: the target it started ends as well.
_LINGER = 1.0


class Line:
    """One proxied way; `tap` counts what arrives in front of the proxy."""

    def __init__(self, proxy: str, address: str, tap: Tap | None = None) -> None:
        self.proxy, self.address, self.tap = proxy, address, tap


class Lines:
    """Opens the server when the first line is asked for; everything ends with the stack."""

    def __init__(self, stack: ExitStack, url: str, undo: UndoStack) -> None:
        self._stack, self._url, self._undo = stack, url, undo
        self._server: Server | None = None
        self._lines: dict[str, Line] = {}
        # On a server that others use too, no name of ours can be one of theirs.
        self._mark = secrets.token_hex(3)

    @property
    def server(self) -> Server:
        """The server of this run. Raises: ToxiproxyUnsuitable, ToxiproxyUnreachable, ToxiproxyFailed."""
        if self._server is None:
            self._server = self._stack.enter_context(toxiproxy(self._url or None, linger=_LINGER))
        return self._server

    @property
    def proxies(self) -> Proxies:
        """The server as the network faults see it."""
        return ServerProxies(self.server.client, counts=self.server.kind == "embedded")

    @property
    def words(self) -> str:
        """Which server it is."""
        return (
            f"Toxiproxy {self.server.version} ({self.server.kind}) at {self.server.url}"
            if self._server
            else "none was needed"
        )

    def to_target(self, where: Address) -> Line:
        """The way to the target."""
        host = f"[{where.host}]" if ":" in where.host else where.host
        return self._line("target", f"{host}:{where.port}")

    def to_dependency(self, dependency: Dependency) -> Line:
        """The way to a dependency that has an address; a tap stands in front of its proxy."""
        name = f"dependency-{dependency.name}"
        if name not in self._lines:
            line = self._line(name, dependency.upstream or "")
            host, _, port = line.address.rpartition(":")
            tap = self._stack.enter_context(Tap(host.strip("[]"), int(port)))
            self._lines[name] = Line(line.proxy, f"127.0.0.1:{tap.port}", tap)
        return self._lines[name]

    def _line(self, name: str, upstream: str) -> Line:
        if name not in self._lines:
            wanted = f"battery-{self._mark}-{name}"
            if self.server.shared:
                # It outlives us, and everything on it: the proxy is promised away before it is there.
                step = DeleteProxy(url=self.server.url, proxy=wanted)
                self._stack.callback(self._undo.remove, self._undo.promise(f"proxy {wanted}", (step,)))
            proxy = self.server.client.create(wanted, upstream)
            if not self.server.shared:
                self._stack.callback(self.server.client.destroy, proxy.name)
            self._lines[name] = Line(proxy.name, proxy.listen)
        return self._lines[name]
