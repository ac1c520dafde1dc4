"""A long run condensed."""

import pytest

from battery.load.soak.minutes import Minutes
from battery.model.gate import Rule
from tests.unit.load.soak.seconds import reading, second

MEMORY = Rule(
    id="load.p4.memory.growth", measure="load.p4.memory.growth", operator="<=", limit=20, unit="MiB", bound="upper",
    why="", next_step="",
)  # fmt: skip


def told(minutes: Minutes, count: int, leak: float = 0.0, *, seen: bool = True) -> list[str]:
    lines = [
        minutes.add(second(number, failed=number % 2), reading(number, 100 + leak * number) if seen else None)
        for number in range(count)
    ]
    return [line for line in lines if line]


def test_a_line_a_minute_tells_rate_latency_failures_and_the_target() -> None:
    lines = told(Minutes(60), 121)
    assert len(lines) == 2
    assert lines[0] == (
        "60.0/s, p50 5.00 ms, worst second's p99 10.0 ms, 30 failed of 3600, "
        "target 20% CPU, 100.0 MiB, 20 descriptors, 4 threads"
    )


def test_what_surely_grows_is_told_as_soon_as_it_is_sure() -> None:
    lines = told(Minutes(60), 301, leak=0.1)
    assert "growing" not in lines[0]
    assert "growing: memory +" in lines[-1]


def test_a_target_that_cannot_be_seen_is_left_out() -> None:
    line = told(Minutes(60), 61, seen=False)[0]
    assert "target" not in line


@pytest.mark.parametrize(("leak", "lost"), [(0.0, False), (0.02, False), (0.2, True)])
def test_growth_beyond_its_limit_is_lost_by_its_lower_bound(leak: float, lost: bool) -> None:
    minutes = Minutes(60)
    told(minutes, 400, leak=leak)
    found = minutes.clear_growth((MEMORY,), "load.p4")
    assert (found is not None) == lost
    if found is not None:
        assert found.measure == "load.p4.memory.growth"
        assert found.why.startswith("load.p4.memory.growth is lost: grown by at least ")
        assert found.why.endswith("MiB and growing on, allowed 20")


def test_what_fills_up_once_is_no_clear_growth() -> None:
    minutes = Minutes(60)
    for number in range(900):
        minutes.add(second(number), reading(number, 100 + min(number, 300) / 3))
    assert minutes.clear_growth((MEMORY,), "load.p4") is None


def test_seconds_in_which_nothing_was_sent_are_no_latency() -> None:
    minutes = Minutes(60)
    for number in range(130):
        minutes.add(second(number, sent=0, p50=0.0), None)
    assert minutes.clear_growth((MEMORY,), "load.p4") is None
