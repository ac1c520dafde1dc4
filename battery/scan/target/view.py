"""What a scanner gets: the client, the request, and the time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from battery.scan.target.answer import Outcome
from battery.scan.target.asked import Asked
from battery.scan.target.client import Client
from battery.scan.target.notes import Notes
from battery.scan.target.request import TargetScanRequest
from battery.scan.target.scope import Scope


@dataclass(frozen=True)
class View:
    """A target as one scanner sees it."""

    client: Client
    request: TargetScanRequest
    now: datetime

    @property
    def scope(self) -> Scope:
        """Where requests may go."""
        return self.client.scope

    async def get(
        self, path: str, *headers: tuple[str, str], anonymous: bool = False, method: str = "GET"
    ) -> Outcome:
        """Ask for a path below the target's own."""
        return await self.client.ask(
            Asked(method=method, path=self.scope.path(path), headers=headers, anonymous=anonymous)
        )

    def paths(self) -> tuple[str, ...]:
        """The known paths, each once."""
        return tuple(dict.fromkeys(self.request.paths)) or ("/",)


@dataclass(frozen=True)
class Scanner:
    """A name, how it looks, and the rules that its canary must show.

    `over_tls`: its canary is the self-test server's TLS side. `more` gives the rules that it must show besides where a
    tool that is no part of an installation is there.
    """

    name: str
    look: Callable[[View, Notes], Awaitable[None]]
    canaries: tuple[str, ...]
    over_tls: bool = False
    more: Callable[[TargetScanRequest], tuple[str, ...]] = lambda _: ()
