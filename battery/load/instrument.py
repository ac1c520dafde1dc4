"""The load instrument: runs one profile against a target and returns what was measured, with the proofs."""

import time
from collections.abc import Callable, Mapping, Sequence

import msgspec

from battery.load.fleet import Fleet, Lost
from battery.load.histogram import LatencyHistogram
from battery.load.requests import address, endpoints_of
from battery.load.sharing import all_stages, jobs_of
from battery.load.soak.hopeless import Hopeless
from battery.load.soak.leg import Leg, absorb
from battery.load.tally import Slice, Tally
from battery.load.validity import proofs
from battery.model.definition import Definition, Intensity
from battery.model.evidence import Proof
from battery.model.frozen import Frozen
from battery.model.profile import Profile, Shape

# Between handing out the jobs and the common start: enough for every generator process to come up.
LEAD_SECONDS = 1.0
SLOW_LEAD_SECONDS = 2.5  # a locustfile or httpx is imported first
_GRACE_SECONDS = 30.0
_UNREACHED = ("refused", "reset", "tls")


class LoadRequest(Frozen, frozen=True, kw_only=True):
    """What to run."""

    definition: Definition
    profile: Profile
    intensity: Intensity
    seed: int
    workers: int
    limit_ms: float

    @property
    def shape(self) -> Shape:
        """The stages at the asked intensity."""
        shape: Shape = getattr(self.profile, self.intensity)
        return shape

    @property
    def resumable(self) -> bool:
        """Whether a killed run can be gone on from: only one stage is the same in its middle as at its start.

        A locustfile's requests are numbered as they come, so two sittings would number them differently.
        """
        choice = self.definition.load
        return len(self.shape.stages) == 1 and choice.engine == "own" and not choice.locustfile

    def with_shape(self, shape: Shape) -> "LoadRequest":
        """The same request with other stages."""
        profile = msgspec.structs.replace(self.profile, **{self.intensity: shape})
        return msgspec.structs.replace(self, profile=profile)


class LoadResult:
    """What a profile's run measured: the tally, its counted stages, and the instrument's proofs."""

    def __init__(
        self,
        request: LoadRequest,
        tally: Tally,
        endpoint_names: tuple[str, ...],
        said: tuple[Proof, ...] = (),
        ended_early: Hopeless | None = None,
        exceptions: Mapping[str, int] | None = None,
    ) -> None:
        """`said` are the proofs of the generators themselves, `exceptions` what a user's own code raised."""
        self.ended_early, self.exceptions = ended_early, exceptions or {}
        self.request, self.tally = request, tally
        self.endpoint_names = endpoint_names
        self.stages = all_stages(request.shape)
        self.proofs: tuple[Proof, ...] = (
            *proofs(tally, request.profile.model, request.limit_ms, tally.lost),
            *said,
        )

    def response(self, endpoint: int | None = None, stage: int | None = None) -> LatencyHistogram:
        """Response times of the counted stages; of one endpoint or stage where asked."""
        merged = LatencyHistogram()
        for (where, which), cell in sorted(self.tally.cells.items()):
            if self.stages[where].counted and endpoint in (None, which) and stage in (None, where):
                merged.merge(cell.response)
        return merged

    def unreached(self, endpoint: int | None = None) -> int:
        """Requests of the counted stages that never met the target's own code: refused, reset, or no TLS."""
        return sum(
            cell.errors[kind]
            for (stage, which), cell in self.tally.cells.items()
            for kind in _UNREACHED
            if self.stages[stage].counted and endpoint in (None, which)
        )

    def failed(self, endpoint: int | None = None) -> tuple[int, int]:
        """(failed, finished) requests of the counted stages."""
        cells = [
            cell
            for (stage, which), cell in self.tally.cells.items()
            if self.stages[stage].counted and endpoint in (None, which)
        ]
        failed = sum(cell.counts["failed"] for cell in cells)
        return failed, failed + sum(cell.counts["ok"] for cell in cells)


def run_profile(
    fleet: Fleet,
    request: LoadRequest,
    environ: Mapping[str, str],
    on_slice: Callable[[Slice], None] = lambda second: None,  # noqa: ARG005 -- the shape of a listener
    *,
    look: Callable[[Tally, Slice], Hopeless | None] = lambda tally, second: None,  # noqa: ARG005 -- the shape of a look
    tell: Callable[[str], None] = lambda text: None,  # noqa: ARG005 -- the shape of a listener
    earlier: Sequence[Leg] = (),
) -> LoadResult:
    """Run the profile on the fleet, handing on each second as it is complete.

    `look` sees each second too; what it returns is why the run shall end early. Earlier sittings are added at the end.

    Raises: FleetFailed when the generators fail as a whole, UsageError when a request cannot be built.
    """
    endpoints = endpoints_of(request.definition, environ)
    where = address(request.definition.target.url)
    choice = request.definition.load
    lead = LEAD_SECONDS if choice.engine == "own" and not choice.locustfile else SLOW_LEAD_SECONDS
    start = time.time() + lead  # noqa: TID251 -- generators on several machines share only the wall clock
    jobs = jobs_of(request.profile, request.shape, where, endpoints, fleet.workers, request.seed, start)
    ends: list[Hopeless] = []

    def take(second: Slice) -> None:
        on_slice(second)
        if not ends and (why := look(tally, second)):
            ends.append(why)
            fleet.stop_jobs()

    tally = Tally(fleet.workers, take)
    limit = lead + request.shape.seconds + _GRACE_SECONDS
    for news in fleet.run({job.worker: job for job in jobs}, limit):
        if isinstance(news, Lost):
            tally.lost[news.worker] = news.why
            tell(f"worker {news.worker} is lost: {news.why}; what is measured from here on proves nothing")
        else:
            tally.add(news)
    tally.close()
    for number, leg in enumerate(earlier, 1):
        absorb(tally, leg, f"leg{number}")
    names = fleet.dialect.endpoints(tuple(endpoint.name for endpoint in endpoints))
    # One that was seen only when all had ended by themselves ended nothing.
    ended = ends[0] if ends and tally.stopped else None
    dialect = fleet.dialect
    return LoadResult(request, tally, names, dialect.proofs(), ended, dialect.exceptions())
