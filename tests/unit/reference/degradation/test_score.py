"""The health score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.degradation.ladder import level_for
from battery.reference.degradation.score import Signals, components, score, score_of

SHARE = st.floats(0, 1)
MIB = 1024 * 1024


def test_nothing_short_is_100() -> None:
    assert score(Signals()) == 100


@pytest.mark.parametrize(
    ("signals", "level"),
    [
        (Signals(), "full"),
        (Signals(cpu_free=0.03), "full"),
        (Signals(cpu_free=0.0), "reduced"),
        (Signals(dependency_up=False), "reduced"),
        (Signals(cpu_free=0.0, dependency_up=False), "reduced"),
        (Signals(memory_free=0.05), "essential"),
        (Signals(memory_free=0.10), "reduced"),
        (Signals(disk_free_bytes=32 * MIB), "essential"),
        (Signals(disk_free_bytes=80 * MIB), "reduced"),
        (Signals(queue_free=0.05), "reduced"),
        (Signals(requests_free=0.0), "reduced"),
        (Signals(loop_lag_seconds=1.0), "reduced"),
        (Signals(loop_lag_seconds=0.3, queue_free=0.4, requests_free=0.4), "full"),
        # One shortage that shows in two places costs once.
        (Signals(cpu_free=0.0, loop_lag_seconds=2.0), "reduced"),
        (Signals(queue_free=0.0, requests_free=0.0, cpu_free=0.0, loop_lag_seconds=2.0), "reduced"),
        (Signals(queue_free=0.0, cpu_free=0.0, dependency_up=False), "essential"),
        (Signals(disk_free_bytes=0, memory_free=0, cpu_free=0, dependency_up=False), "essential"),
    ],
)
def test_what_is_short_decides_the_level(signals: Signals, level: str) -> None:
    assert level_for(score(signals)) == level


@given(SHARE, SHARE, st.floats(0, 1e12), st.booleans(), SHARE)
def test_more_of_anything_never_scores_less(
    memory: float, cpu: float, disk: float, up: bool, more: float
) -> None:
    poor = Signals(memory_free=memory, cpu_free=cpu, disk_free_bytes=disk, dependency_up=up)
    rich = Signals(memory_free=memory + more, cpu_free=cpu + more, disk_free_bytes=disk * (1 + more))
    assert 0 <= score(poor) <= score(rich) <= 100


@given(SHARE, SHARE, SHARE, st.floats(0, 10), st.booleans())
def test_the_components_tell_what_the_score_is_made_of(
    cpu: float, queue: float, requests: float, lag: float, up: bool
) -> None:
    signals = Signals(
        cpu_free=cpu, queue_free=queue, requests_free=requests, loop_lag_seconds=lag, dependency_up=up
    )
    parts = components(signals)
    assert len({part.name for part in parts}) == len(parts) == 7
    assert score_of(parts) == score(signals)
    assert 100 - sum(part.cost for part in parts) <= score(signals) <= 100 - max(part.cost for part in parts)
