"""The load profiles, shipped and the user's own: one item each, with latencies from the intended send time."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from battery import clock
from battery.checks.target_present import require_answering_target
from battery.load.dialect import Dialect, Journeys, OwnGenerator
from battery.load.evidence import Observed, record_result
from battery.load.fleets import Fleets
from battery.load.http2.dialect import Http2Generator
from battery.load.instrument import LoadRequest, run_profile
from battery.load.limits import latency_limit, rules_of
from battery.load.requests import address
from battery.load.soak.sitting import Sitting
from battery.load.watching import watched
from battery.load.workers import worker_count
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.recording import Record


@pytest.fixture(scope="module")
def fleets() -> Iterator[Fleets]:
    """The generators, which stay up from one profile to the next."""
    with Fleets() as keeper:
        yield keeper


@pytest.mark.gate("G2", "G3")
@pytest.mark.instrument("load")
@pytest.mark.limit("2 min")
@pytest.mark.each_profile
def check_profile(
    profile: str,
    plan: Plan,
    target: Definition,
    record: Record,
    earlier: Callable[[str], Evidence | None],
    fleets: Fleets,
) -> None:
    """Tail latency and errors under a load profile."""
    require_answering_target(target, earlier)
    where = address(target.target.url)
    request = LoadRequest(
        definition=target,
        profile=next(known for known in plan.profiles if known.id == profile),
        intensity=plan.intensity,
        seed=plan.seed,
        workers=target.load.workers or worker_count(os.cpu_count() or 1, where.host),
        limit_ms=latency_limit(plan, profile),
    )
    dialect = _dialect(target, Path(plan.folder), record)
    with (
        watched(target, Path(plan.folder)) as watching,
        Sitting(record, request, rules_of(plan), watching.watch, clock.now) as sitting,
        fleets.lend(target.load, request.workers, dialect, record.tell) as fleet,
    ):
        result = run_profile(
            fleet, sitting.request, os.environ, look=sitting.look, tell=record.tell, earlier=sitting.earlier
        )
    observed = Observed.of(sitting.spool, watching, sitting.gaps(), fleet.clocks())
    record_result(record, result, observed)


def _dialect(target: Definition, folder: Path, record: Record) -> Dialect:
    """The battery's own generator, httpx where HTTP/2 is wanted, or the user's locustfile, which is kept as a blob."""
    if not target.load.locustfile:
        return Http2Generator() if target.load.engine == "httpx" else OwnGenerator()
    path = (folder / target.load.locustfile).resolve()
    record.blob("locustfile", path.read_bytes(), "text/x-python")
    return Journeys(str(path), target.target.url)
