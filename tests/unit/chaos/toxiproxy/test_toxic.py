from hypothesis import given, settings
from hypothesis import strategies as st

from battery.chaos.toxiproxy.server.plane.toxic import Toxic
from battery.chaos.toxiproxy.server.stages.kinds import KINDS

ROLLS = st.lists(st.floats(0, 1, exclude_max=True), max_size=50)


def latency(toxicity: float = 1.0, **attributes: int) -> Toxic:
    return Toxic(KINDS["latency"], "l", "Upstream", toxicity, attributes)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(rolls=ROLLS)
def test_a_toxicity_of_zero_takes_nobody_and_of_one_everybody(rolls: list[float]) -> None:
    assert not any(latency(0.0).takes(roll) for roll in rolls)
    assert all(latency(1.0).takes(roll) for roll in rolls)


@settings(deadline=None)  # a busy machine is slow, not wrong
@given(rolls=ROLLS, first=st.integers(1, 5), toxicity=st.floats(0, 1))
def test_no_more_than_the_first_are_taken(rolls: list[float], first: int, toxicity: float) -> None:
    toxic = latency(toxicity, first=first)
    taken = sum(toxic.takes(roll) for roll in rolls)
    assert taken == min(first, sum(roll < toxicity for roll in rolls))
    toxic.change({}, 1.0)
    assert toxic.takes(0.5)


def test_its_attributes_are_all_of_its_kind_and_its_own_only_where_they_say_something() -> None:
    assert latency(latency=5).attributes == {"latency": 5, "jitter": 0}
    assert latency(first=2).attributes == {"latency": 0, "jitter": 0, "first": 2}
    assert latency().direction == "upstream"


def test_the_original_s_eight_kinds_are_there_and_two_more() -> None:
    eight = {"latency", "bandwidth", "slow_close", "timeout", "reset_peer", "slicer", "limit_data", "noop"}
    assert set(KINDS) == eight | {"stall", "connect"}
