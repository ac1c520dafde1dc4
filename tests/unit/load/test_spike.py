"""P3's recovery."""

from battery.load.spike import spike_recovery
from battery.load.tally import Slice


def second(number: int, stage: int, p50: float, failed: int = 0) -> Slice:
    return Slice(
        second=number, stage=stage, sent=50, ok=50 - failed, failed=failed, p50=p50, p99=p50 * 3, worst=p50 * 4,
        lag_p99=0.1, in_flight=1, waiting=0, cpu=0.1,
    )  # fmt: skip


def run(*after: float) -> list[Slice]:
    """Two seconds of base at 10 ms, two of spike at 90 ms, then the given medians."""
    medians = [(0, 10.0), (0, 10.0), (1, 90.0), (1, 90.0), *((2, value) for value in after)]
    return [second(number, stage, p50) for number, (stage, p50) in enumerate(medians)]


def test_latency_that_is_back_at_once_took_no_time() -> None:
    found = spike_recovery(run(10, 11, 10), 0, 1)
    assert found is not None
    assert (found.base_p50, found.spike_p50, found.seconds) == (10.0, 90.0, 0.0)


def test_recovery_counts_to_the_second_from_which_on_latency_stays() -> None:
    found = spike_recovery(run(80, 10, 70, 12, 11), 0, 1)
    assert found is not None
    assert found.seconds == 3.0


def test_latency_that_never_comes_back_has_no_recovery_time() -> None:
    found = spike_recovery(run(80, 10, 70), 0, 1)
    assert found is not None
    assert found.seconds is None


def test_a_second_with_failures_is_not_steady() -> None:
    seconds = [*run(10, 10), second(6, 2, 10.0, failed=1), second(7, 2, 10.0)]
    found = spike_recovery(seconds, 0, 1)
    assert found is not None
    assert found.seconds == 3.0


def test_a_stage_without_a_second_of_its_own_gives_nothing() -> None:
    assert spike_recovery(run(), 0, 1) is None
    assert spike_recovery(run(10)[2:], 0, 1) is None
    assert spike_recovery([], 0, 1) is None


def test_tiny_latencies_are_compared_with_slack() -> None:
    seconds = [second(0, 0, 0.2), second(1, 1, 5.0), second(2, 2, 1.9)]
    found = spike_recovery(seconds, 0, 1)
    assert found is not None
    assert found.seconds == 0.0
