"""The HTTP/2 generator's dialect: jobs as they are, snapshots with the versions of HTTP that were negotiated."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import msgspec

from battery.load.http2.present import require_http2
from battery.load.http2.snapshot import Http2Snapshot
from battery.load.job import Job
from battery.load.snapshot import Snapshot
from battery.model.evidence import Proof

MOST_DEMAND = 0.90


class Http2Generator:
    """`[load] engine = "httpx"`: endpoints of battery.toml, over HTTP/2 where the target offers it.

    Raises: Http2Missing when the extra `http2` is not installed here.
    """

    module = "battery.load.http2"

    def __init__(self) -> None:
        require_http2()
        self._versions: dict[tuple[int, str], dict[str, int]] = {}
        self._demand: defaultdict[str, float] = defaultdict(float)
        self._seconds: Counter[str] = Counter()

    def told(self, job: Job) -> str:
        """The job as it is."""
        return msgspec.json.encode(job).decode()

    def heard(self, line: str) -> Snapshot:
        """The snapshot; which versions were negotiated and how busy the process was is remembered."""
        said = msgspec.json.decode(line, type=Http2Snapshot)
        told = said.snapshot
        self._versions[told.run, told.worker] = said.versions  # cumulative in each process
        if not told.last:
            self._demand[told.worker] += told.cpu + told.starved
            self._seconds[told.worker] += 1
        return told

    def endpoints(self, planned: tuple[str, ...]) -> tuple[str, ...]:
        """Those that were planned."""
        return planned

    def proofs(self) -> tuple[Proof, ...]:
        """What only this engine has to prove: that one version of HTTP was spoken, and that httpx kept up."""
        return (self._one_version(), self._kept_up())

    def exceptions(self) -> Mapping[str, int]:
        """None: no user's code runs in it."""
        return {}

    def _one_version(self) -> Proof:
        """Two versions at once make one histogram of two services: that says nothing about either."""
        total: Counter[str] = Counter()
        for versions in self._versions.values():
            total.update(versions)
        spoken = ", ".join(f"{version} on {_connections(count)}" for version, count in sorted(total.items()))
        detail = spoken or "no connection stood, so none was"
        return Proof(name="one version of HTTP was spoken", ok=len(total) <= 1, detail=detail)

    def _kept_up(self) -> Proof:
        """httpx works on a request in many turns of its event loop: late turns look like the target's latency."""
        name = "httpx kept up"
        if not self._seconds:
            return Proof(name=name, ok=False, detail="nothing was told while requests were sent")
        demand = {worker: self._demand[worker] / seconds for worker, seconds in self._seconds.items()}
        hungriest = max(demand, key=lambda worker: demand[worker])
        detail = f"{demand[hungriest]:.0%} of a core with the time it waited for one ({hungriest}), allowed {MOST_DEMAND:.0%}"
        return Proof(name=name, ok=demand[hungriest] <= MOST_DEMAND, detail=detail)


def _connections(count: int) -> str:
    return f"{count} connection{'' if count == 1 else 's'}"
