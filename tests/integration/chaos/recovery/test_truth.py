"""Recovery as measured against what the target itself knows of its outage.

The truth is the server's own record, on the monotonic clock that all processes of a machine share. A measurement whose
prober was itself late is void by its own proof, and is taken again.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, NamedTuple

import pytest

from battery.chaos.recovery.marks import Marks
from battery.chaos.recovery.measuring import timeline
from battery.chaos.recovery.probe import Series
from battery.chaos.recovery.prober import Prober
from battery.chaos.recovery.timeline import Timeline
from battery.chaos.scenarios.pace import pace_of
from battery.load.requests import address, endpoints_of
from battery.model.definition import Definition
from battery.model.target import Endpoint, Expect, Target
from tests.fakes.scripted_outage import RECOVERED, REMOVED, SLOW

TOLERANCE = 0.3
BASELINE = 3.0
RUNS = 3


class Outage(NamedTuple):
    """A server under a script, and what it printed."""

    port: int
    stdin: IO[str]
    stdout: IO[str]

    def play(self) -> dict[str, float]:
        """Let the script run to its end; when it first did each thing."""
        self.stdin.write("go\n")
        self.stdin.flush()
        times: dict[str, float] = {}
        while RECOVERED not in times:
            said = json.loads(self.stdout.readline())
            times.setdefault(said["does"], said["at"])
        return times


@contextmanager
def outage(script: str) -> Iterator[Outage]:
    """A scripted server for the time of the block."""
    command = [sys.executable, "-m", "tests.fakes.scripted_outage", script]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Outage(int(process.stdout.readline()), process.stdin, process.stdout)
        finally:
            process.kill()


class Watch:
    """Lets the test wait for a state of the series, looking at each probe's end."""

    def __init__(self) -> None:
        self._news = threading.Condition()

    def __call__(self, _: object) -> None:
        with self._news:
            self._news.notify_all()

    def until(self, holds: Callable[[], bool]) -> None:
        with self._news:
            assert self._news.wait_for(holds, timeout=60), "it never came to that"


class Measured(NamedTuple):
    """The instrument's word, and the server's own."""

    series: Series
    timeline: Timeline
    recovery: float
    first_breach: float


def measure(script: str) -> Measured:
    """One outage, watched from before until the target is steady again."""
    watch = Watch()
    with outage(script) as server:
        definition = Definition(
            target=Target(url=f"http://127.0.0.1:{server.port}"),
            endpoint=(
                Endpoint(name="ready", path="/ready"),
                Endpoint(name="orders", path="/orders", expect=Expect(body_contains="hello")),
            ),
        )
        requests = endpoints_of(definition, {})
        with Prober(address(definition.target.url), requests, on_probe=watch) as prober:
            watch.until(lambda: prober.series().until >= BASELINE)
            times = {what: prober.offset(at) for what, at in server.play().items()}
            marks = Marks(begun=times["down"], injected=times["down"], removed=times[REMOVED])

            def found() -> Timeline:
                return timeline(prober.series(), marks, baseline=BASELINE)

            watch.until(lambda: not found().recovery.censored)
            series = prober.stop()
    return Measured(
        series, timeline(series, marks, baseline=BASELINE), times[RECOVERED] - times[REMOVED], times["down"]
    )


def measure_on_time(script: str) -> Measured:
    """One whose prober was never late, so that the whole tolerance is the measurement's."""
    void = []
    for _ in range(RUNS):
        found = measure(script)
        if not found.timeline.blind and not found.timeline.problem:
            return found
        void.append(f"blind for {found.timeline.blind:.2f} s; {found.timeline.words}")
    pytest.fail(f"{script}: {void}")


@pytest.fixture(scope="module")
def measured() -> dict[str, Measured]:
    """All three at the same time: they mostly wait."""
    scripts = ("down", "flapping", "slow")
    with ThreadPoolExecutor(len(scripts)) as pool:
        return dict(zip(scripts, pool.map(measure_on_time, scripts), strict=True))


@pytest.mark.parametrize(("script", "seconds"), [("down", 3.0), ("flapping", 5.0), ("slow", 7.0)])
def test_the_measured_recovery_is_the_true_one(
    measured: dict[str, Measured], script: str, seconds: float
) -> None:
    found = measured[script]
    assert found.recovery == pytest.approx(seconds, abs=1.0), "the script itself"
    assert found.timeline.recovery.seconds == pytest.approx(found.recovery, abs=TOLERANCE)
    assert found.timeline.relapse is None


@pytest.mark.parametrize("script", ["down", "flapping", "slow"])
def test_the_shorter_window_of_a_hurried_run_finds_the_same(
    measured: dict[str, Measured], script: str
) -> None:
    found = measured[script]
    hurried = timeline(found.series, found.timeline.marks, window=pace_of("smoke").window, baseline=BASELINE)
    assert hurried.recovery.seconds == pytest.approx(found.recovery, abs=TOLERANCE)


@pytest.mark.parametrize("script", ["down", "flapping", "slow"])
def test_the_first_breach_is_seen_within_a_period_or_two(measured: dict[str, Measured], script: str) -> None:
    found = measured[script]
    assert found.timeline.breach == pytest.approx(found.first_breach, abs=TOLERANCE)
    assert found.timeline.detect is not None
    assert found.timeline.detect <= TOLERANCE


def test_flapping_has_its_first_success_long_before_its_recovery(measured: dict[str, Measured]) -> None:
    found = measured["flapping"].timeline
    assert found.first_success.seconds <= TOLERANCE
    assert found.recovery.seconds > 4


def test_a_slow_target_succeeds_at_once_and_recovers_when_its_latency_is_back(
    measured: dict[str, Measured],
) -> None:
    found = measured["slow"].timeline
    assert found.first_success.seconds == pytest.approx(SLOW, abs=TOLERANCE)
    assert found.recovery.seconds > 6
