"""Calibration: what the instrument itself adds, and whether it would show a stall that really happened."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from battery.load.fleet import Fleet
from battery.load.instrument import LoadRequest, LoadResult, run_profile
from battery.load.validity import LARGEST_LAG_SHARE, why_so_strict
from battery.model.definition import Definition
from battery.model.evidence import Proof
from battery.model.frozen import Frozen
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint, Target

STALL_SECONDS = 0.3
_STALL_AFTER, _STALL_RATE = 0.6, 400.0
_SECONDS = 1.5
# The first arrival of the stall waits all of it; the slowest of a hundred may miss a tenth.
_LEAST_SHOWN, _MOST_SHOWN = 0.9, 1.5


class Calibration(Frozen, frozen=True, kw_only=True):
    """The floor in ms at the planned rate, the p99 that the stall gave, and the proofs that follow."""

    rate: float
    floor_p50: float
    floor_p99: float
    stall_p99: float
    proofs: tuple[Proof, ...]


def calibrate(fleet: Fleet, rate: float, limit_ms: float, seed: int) -> Calibration:
    """Measure a server that does nothing, then one that stalls once for a known time.

    Raises: FleetFailed.
    """
    with null_server() as url:
        floor = _measure(fleet, url, rate, limit_ms, seed)
    with null_server(_STALL_AFTER, STALL_SECONDS) as url:
        stalled = _measure(fleet, url, _STALL_RATE, limit_ms, seed)
    p50, p99 = floor.response().quantile(0.5).value, floor.response().quantile(0.99).value
    shown = stalled.response().quantile(0.99).value
    return Calibration(
        rate=rate,
        floor_p50=p50 or 0.0,
        floor_p99=p99 or 0.0,
        stall_p99=shown or 0.0,
        proofs=(floor_proof(floor, p99, rate, limit_ms), _stall_proof(shown)),
    )


@contextlib.contextmanager
def null_server(stall_after: float = 0.0, stall_seconds: float = 0.0) -> Iterator[str]:
    """The URL of a null server that ends with the block."""
    options = ["--stall-after", str(stall_after), "--stall-seconds", str(stall_seconds)]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "battery.load.null_server", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with process:
        assert process.stdin is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
        assert process.stdout is not None, "opened as a pipe"  # noqa: S101 -- states an invariant
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()


def _measure(fleet: Fleet, url: str, rate: float, limit_ms: float, seed: int) -> LoadResult:
    shape = Shape(stages=(Stage(name="steady", duration=f"{_SECONDS} s", rate=f"{rate:.3f}/s"),))
    profile = Profile(
        id="CAL",
        title="calibration",
        why="",
        model="open",
        arrivals="constant",
        smoke=shape,
        standard=shape,
        full=shape,
    )
    definition = Definition(target=Target(url=url), endpoint=(Endpoint(name="null", path="/"),))
    request = LoadRequest(
        definition=definition,
        profile=profile,
        intensity="smoke",
        seed=seed,
        workers=len(fleet.workers),
        limit_ms=limit_ms,
    )
    return run_profile(fleet, request, {}, lambda _: None)


def floor_proof(result: LoadResult, p99: float | None, rate: float, limit_ms: float) -> Proof:
    """Whether the instrument, before a server that does nothing, stays far below the limit that is judged by."""
    broken = next((proof.detail for proof in result.proofs if not proof.ok), "")
    failed, _ = result.failed()
    allowed = LARGEST_LAG_SHARE * limit_ms
    ok = not broken and not failed and p99 is not None and p99 <= allowed
    detail = f"null server at {rate:g}/s: {failed} failed, p99 {p99 or 0.0:.3f} ms, allowed {allowed:g} ms"
    if p99 is not None and p99 > allowed:
        detail += f", {why_so_strict(limit_ms)}"
    return Proof(
        name="the instrument's own floor is low", ok=ok, detail=f"{detail}; {broken}" if broken else detail
    )


def _stall_proof(shown: float | None) -> Proof:
    stall = STALL_SECONDS * 1000
    ok = shown is not None and stall * _LEAST_SHOWN <= shown <= stall * _MOST_SHOWN
    return Proof(
        name="a known stall is shown",
        ok=ok,
        detail=f"stalled for {stall:g} ms, p99 shows {shown or 0.0:.1f} ms",
    )
