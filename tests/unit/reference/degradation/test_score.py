"""The health score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.degradation.ladder import level_for
from battery.reference.degradation.score import Signals, score

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
