"""Which Toxiproxy server a run uses: the one that is given, the one that is installed, or the embedded one."""

import contextlib
import re
import shutil
from collections.abc import Iterator
from typing import Literal, TypeAlias

from battery.chaos.toxiproxy.child import Child, child
from battery.chaos.toxiproxy.client import Client
from battery.chaos.toxiproxy.failure import ToxiproxyRefused, ToxiproxyUnsuitable

Kind: TypeAlias = Literal["given", "real", "embedded"]
PROGRAM = "toxiproxy-server"
# Toxics are addressed by name since 2.0; `git` is what a build from source calls itself.
_KNOWN = re.compile(r"v?2\.\d+(\.\d+)?([-+].*)?|git")


class Server:
    """A server that answers, and its client; `pid` is None for one that somebody else started."""

    def __init__(self, client: Client, kind: Kind, version: str, pid: int | None = None) -> None:
        self.client, self.kind, self.version, self.pid = client, kind, version, pid

    @property
    def url(self) -> str:
        """Where its API is."""
        return self.client.url

    @property
    def shared(self) -> bool:
        """Others may use it too: what is put back is put back by name, never by a reset."""
        return self.kind == "given"


@contextlib.contextmanager
def toxiproxy(
    url: str | None = None, *, program: str | None = PROGRAM, linger: float | None = None
) -> Iterator[Server]:
    """A server for the time of the block; one that was started for it ends with it, however the battery ends.

    A program of None, or one that is not on PATH, means the embedded server.
    Raises: ToxiproxyUnsuitable, ToxiproxyUnreachable, ToxiproxyFailed.
    """
    options = () if linger is None else ("--linger", str(linger))
    found = shutil.which(program) if program else None
    with contextlib.ExitStack() as stack:
        if url is not None:
            yield _joined(stack, url, "given")
        elif found is not None:
            started = stack.enter_context(child("battery.chaos.toxiproxy.guard", (found, *options)))
            yield _joined(stack, started.url, "real", started)
        else:
            started = stack.enter_context(child("battery.chaos.toxiproxy", options))
            yield _joined(stack, started.url, "embedded", started)


def _joined(stack: contextlib.ExitStack, url: str, kind: Kind, started: Child | None = None) -> Server:
    client = stack.enter_context(Client(url))
    try:
        version = client.version()
    except ToxiproxyRefused as refused:
        raise ToxiproxyUnsuitable(
            f"{url} answers, but not as a Toxiproxy does: {refused.words} (HTTP {refused.status})"
        ) from None
    if not _KNOWN.fullmatch(version):
        raise ToxiproxyUnsuitable(
            f"{url} says that its version is {version[:60]!r}; the battery knows Toxiproxy 2: "
            f"start one, or leave the URL out and the battery starts its own"
        )
    return Server(client, kind, version, started.pid if started is not None else None)
