"""A bench for probes: a small service, what asks it, and who kills and brings it back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from battery.model.capabilities import (
    Told,
)
from battery.model.definition import Definition
from battery.model.target import Target
from battery.readiness.capabilities.probes.asking import Asker
from battery.readiness.capabilities.probes.ports import Killed
from tests.unit.readiness.capabilities.service import Service, serving

TARGET = Target(
    live="/live", ready="/ready", status="/status", metrics="/metrics", headers={"X-User": "env:WHO"}
)
SHORT = "500 ms"


class Bench:
    """A service, what asks it, and what the probes said."""

    def __init__(self, service: Service, http: httpx.Client, environ: dict[str, str]) -> None:
        self.service, self.http, self.said = service, http, list[str]()
        self.asker = Asker(http, Definition(target=TARGET), environ)


@contextmanager
def bench(tmp_path: Path, *broken: str) -> Iterator[Bench]:
    service = Service(tmp_path / "audit.ndjson", broken)
    with serving(service) as url, httpx.Client(base_url=url, headers={"X-User": "alice"}) as http:
        yield Bench(service, http, {"WHO": "alice", "OTHER": "mallory"})


def details(name: str) -> Told:
    return Told(path="/details", json=name)


class Supervisor:
    """Kills and brings back the service, as ports want it."""

    def __init__(self, service: Service, *, dead: bool = False, gone: bool = True, why: str = "") -> None:
        self._service, self._dead, self._gone, self._why = service, dead, gone, why

    def obstacle(self) -> str:
        return self._why

    def kill(self) -> Killed:
        if self._dead:
            self._service.alive = False
        else:
            self._service.come_back()
        return Killed(gone=self._gone, detail="process 1 was seen gone")


def ready(on: Bench) -> Callable[[], bool]:
    return lambda: on.asker.get("/ready").ok
