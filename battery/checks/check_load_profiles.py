"""The load profiles P1 to P5: one item each, with latencies from the intended send time."""

import os
from io import BytesIO

import msgspec
import pytest

from battery.load.evidence import record_result
from battery.load.fleet import Fleet
from battery.load.instrument import LoadRequest, run_profile
from battery.load.limits import latency_limit
from battery.load.requests import address
from battery.load.tally import Slice
from battery.load.workers import worker_count
from battery.model.definition import Definition
from battery.model.plan import Plan
from battery.recording import Record


def _item(profile: str) -> object:
    """One profile as a pytest parameter that promises its measures."""
    measures = pytest.mark.measures(f"load.{profile.lower()}.p99", f"load.{profile.lower()}.errors")
    return pytest.param(profile, marks=[measures, pytest.mark.profile(profile)], id=profile)


@pytest.mark.gate("G2", "G3")
@pytest.mark.instrument("load")
@pytest.mark.limit("12 h")
@pytest.mark.parametrize("profile", [_item(f"P{number}") for number in range(1, 6)])
def check_profile(profile: str, plan: Plan, target: Definition, record: Record) -> None:
    """Tail latency and errors under a load profile."""
    if not target.target.url:
        pytest.skip("no target: give its URL on the command line or as [target] url in battery.toml")
    workers = worker_count(os.cpu_count() or 1, address(target.target.url).host)
    request = LoadRequest(
        definition=target,
        profile=next(known for known in plan.profiles if known.id == profile),
        intensity=plan.intensity,
        seed=plan.seed,
        workers=workers,
        limit_ms=latency_limit(plan, profile),
    )
    slices = BytesIO()

    def on_slice(second: Slice) -> None:
        slices.write(msgspec.json.encode(second) + b"\n")
        rate = f"{second.sent}/s, p99 {second.p99:.1f} ms, {second.failed} failed"
        record.progress(second.second / request.duration, rate)

    with Fleet(workers) as fleet:
        result = run_profile(fleet, request, os.environ, on_slice)
    record_result(record, result, slices.getvalue())
