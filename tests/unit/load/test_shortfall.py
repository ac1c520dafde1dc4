"""Limits that cannot be held for want of requests."""

from hypothesis import given
from hypothesis import strategies as st

from battery.definitions.endpoint_limits import with_endpoint_limits
from battery.load.shortfall import shortfalls
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint
from tests.fakes.plans import SHIPPED

SHAPE = Shape(stages=(Stage(name="steady", duration="10 s", rate="60/s"),))
P1 = Profile(id="P1", title="baseline", why="", model="open", smoke=SHAPE, standard=SHAPE, full=SHAPE)


def test_an_endpoint_with_too_few_requests_says_how_many_its_limit_needs_and_what_to_do() -> None:
    endpoints = [Endpoint(name="buy", path="/buy", errors=0.01, p99="1 s"), Endpoint(name="x", path="/")]
    (line,) = shortfalls(endpoints, lambda _: 600)
    assert line == (
        "endpoint buy: 600 requests finished, its errors limit of 0.01 % in battery.toml needs 29956 (of fewer, even none "
        "failing proves nothing): run longer, or raise its rate, its weight or that limit"
    )
    assert shortfalls(endpoints, lambda _: 29956) == ()


def test_a_latency_limit_needs_its_bound() -> None:
    (line,) = shortfalls([Endpoint(name="buy", path="/buy", p99="1 s")], lambda _: 298)
    assert "its p99 limit of 1 s in battery.toml needs 299" in line


@given(st.floats(0.001, 100), st.integers(0, 400_000))
def test_it_is_told_exactly_where_the_rule_is_undecided_for_its_samples(errors: float, count: int) -> None:
    endpoint = Endpoint(name="buy", path="/buy", errors=errors)
    gates = with_endpoint_limits(SHIPPED, (endpoint,), (P1,), "battery.toml").gates
    rule = next(rule for gate in gates for rule in gate.rule if rule.id == "load.p1.buy.errors")
    assert bool(shortfalls([endpoint], lambda _: count)) == (count < rule.samples)
