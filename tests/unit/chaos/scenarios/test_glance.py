"""What who watches a run is told of the target at this moment."""

from battery.chaos.scenarios.glance import glance
from tests.unit.chaos.recovery.series import probe


def test_errors_and_the_middle_latency_of_what_was_answered_are_told() -> None:
    seen = [probe(0.0, None), probe(0.1, 0.012), probe(0.2, 0.4), probe(0.3, 0.004)]
    assert glance(seen) == "1 of 4 probes of the last second failed, p50 12 ms"


def test_where_every_probe_failed_there_is_no_latency() -> None:
    assert glance([probe(0.0, None)] * 3) == "3 of 3 probes of the last second failed"


def test_the_probers_own_delay_is_not_the_targets_latency() -> None:
    assert glance([probe(0.0, 0.012, lag=0.5)]).endswith("p50 12 ms")


def test_where_no_probe_came_back_that_is_told() -> None:
    assert glance([]) == "no probe ended in the last second"
