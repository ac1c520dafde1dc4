"""The dialect: what a fleet's generators are told and how their answers are read."""

from collections.abc import Mapping
from typing import Protocol

import msgspec

from battery.load.job import Job
from battery.load.journeys.job import JourneyJob
from battery.load.journeys.names import Names
from battery.load.journeys.samples import Samples
from battery.load.journeys.snapshot import JourneySnapshot, renumbered
from battery.load.snapshot import Snapshot
from battery.model.evidence import Proof


class Dialect(Protocol):
    """Names the generator's module, and translates jobs and snapshots."""

    module: str

    def told(self, job: Job) -> str:
        """The line that gives a generator its job."""
        ...

    def heard(self, line: str) -> Snapshot:
        """The snapshot in a generator's line."""
        ...

    def endpoints(self, planned: tuple[str, ...]) -> tuple[str, ...]:
        """The endpoints' names by their numbers."""
        ...

    def proofs(self) -> tuple[Proof, ...]:
        """What the generators said of themselves."""
        ...

    def exceptions(self) -> Mapping[str, int]:
        """What a user's own code raised, by its text, and how often."""
        ...


class OwnGenerator:
    """The battery's own generator: endpoints of battery.toml."""

    module = "battery.load.generator"

    def told(self, job: Job) -> str:
        """The job as it is."""
        return msgspec.json.encode(job).decode()

    def heard(self, line: str) -> Snapshot:
        """The snapshot as it is."""
        return msgspec.json.decode(line, type=Snapshot)

    def endpoints(self, planned: tuple[str, ...]) -> tuple[str, ...]:
        """Those that were planned."""
        return planned

    def proofs(self) -> tuple[Proof, ...]:
        """Nothing beyond its snapshots."""
        return ()

    def exceptions(self) -> Mapping[str, int]:
        """None: no user's code runs in it."""
        return {}


class Journeys:
    """A user's own locustfile: endpoints are what its requests are called."""

    module = "battery.load.journeys"

    def __init__(self, locustfile: str, url: str) -> None:
        self._locustfile, self._url = locustfile, url
        self._names = Names()
        self._faults: dict[tuple[str, str], int] = {}
        self._exceptions: dict[tuple[int, str], dict[str, int]] = {}
        self._in_flight_known = True

    def told(self, job: Job) -> str:
        """The job with the locustfile that makes its requests."""
        bare = msgspec.structs.replace(job, endpoints=())
        told = JourneyJob(job=bare, locustfile=self._locustfile, url=self._url)
        return msgspec.json.encode(told).decode()

    def heard(self, line: str) -> Snapshot:
        """The snapshot, its endpoints numbered as all processes of the run share them."""
        said = msgspec.json.decode(line, type=JourneySnapshot)
        for fault, count in said.faults.items():
            self._faults[(said.snapshot.worker, fault)] = count  # cumulative in each process
        self._exceptions[said.snapshot.run, said.snapshot.worker] = said.exceptions
        self._in_flight_known = self._in_flight_known and said.in_flight_known
        return renumbered(said, self._names)

    def endpoints(self, planned: tuple[str, ...]) -> tuple[str, ...]:  # noqa: ARG002 -- the locustfile names its own
        """The names that came up."""
        return self._names.all()

    def proofs(self) -> tuple[Proof, ...]:
        """Whether the locustfile's own code failed."""
        faults = [f"{fault} ({count} in {worker})" for (worker, fault), count in sorted(self._faults.items())]
        known = (
            ""
            if self._in_flight_known
            else "; requests that never ended are not seen in one of its protocols"
        )
        detail = ("; ".join(faults) or "no fault of its own") + known
        return (Proof(name="the locustfile ran without faults", ok=not faults, detail=detail),)

    def exceptions(self) -> Mapping[str, int]:
        """What its tasks raised in all processes, the most frequent first."""
        found = Samples()
        for counts in self._exceptions.values():
            for text, count in counts.items():
                found.add(text, count)
        return dict(sorted(found.counts().items(), key=lambda item: -item[1]))
