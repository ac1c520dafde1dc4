"""The load instrument proves itself: how much it adds of its own, and whether a known stall shows."""

from collections.abc import Callable

import msgspec
import pytest

from battery.checks.target_present import require_answering_target
from battery.load.calibration import calibrate
from battery.load.dialect import OwnGenerator
from battery.load.fleet import Fleet
from battery.load.http2.dialect import Http2Generator
from battery.load.limits import latency_limit, top_rate
from battery.model.definition import Definition
from battery.model.evidence import Evidence
from battery.model.plan import Plan
from battery.recording import Record


@pytest.mark.gate("G2", "G3")
@pytest.mark.instrument("load")
@pytest.mark.limit("90 s")
def check_instrument(
    plan: Plan, target: Definition, record: Record, earlier: Callable[[str], Evidence | None]
) -> None:
    """The load instrument's own floor and a known stall."""
    require_answering_target(target, earlier)
    dialect = Http2Generator() if target.load.engine == "httpx" else OwnGenerator()
    with Fleet(1, dialect=dialect) as fleet:
        record.progress(0.3, "null server, then a known stall")
        calibration = calibrate(fleet, top_rate(plan), latency_limit(plan), plan.seed)
    for proof in calibration.proofs:
        record.proof(proof.name, proof.ok, proof.detail)
    record.fact(
        "floor",
        f"p50 {calibration.floor_p50:.3f} ms, p99 {calibration.floor_p99:.3f} ms at {calibration.rate:g}/s",
    )
    record.blob("calibration", msgspec.json.encode(calibration), "application/json")
