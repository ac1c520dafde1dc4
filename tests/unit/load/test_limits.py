"""The limit that the instrument must be finer than, and the words for it where it is not."""

from typing import Any

import pytest

from battery.definitions.endpoint_limits import with_endpoint_limits
from battery.load.calibration import floor_proof
from battery.load.instrument import LoadRequest, LoadResult
from battery.load.limits import Limit, latency_limit, rules_of, top_rate
from battery.load.tally import Tally
from battery.load.validity import proofs
from battery.model.definition import Definition
from battery.model.plan import Plan
from battery.model.profile import Profile, Shape, Stage
from battery.model.target import Endpoint, Target
from battery.model.waiver import Waiver
from tests.fakes.plans import NOW, SHIPPED, a_plan
from tests.unit.load.conftest import Make

SHAPE = Shape(stages=(Stage(name="steady", duration="10 s", rate="60/s"),))
P1 = Profile(id="P1", title="baseline", why="", model="open", smoke=SHAPE, standard=SHAPE, full=SHAPE)
STRICT = Limit(
    2.0, "endpoint Check out under P1, which battery.toml sets, stricter than the gates' own 800 ms"
)
TO_DO = "Use a quieter machine or generators on one of their own (battery load --master), a lower rate, or a higher limit"


def planned(*endpoints: Endpoint, **given: Any) -> Plan:
    gates = with_endpoint_limits(SHIPPED, endpoints, (P1,), "battery.toml")
    return a_plan(gates=gates.gates, profiles=(P1,), definition=Definition(endpoint=endpoints), **given)


def test_the_strictest_limit_is_told_with_its_rule() -> None:
    limit = latency_limit(planned())
    assert limit == 800.0
    assert limit.source == "G2:load.p1.p99"


def test_an_endpoints_limit_is_told_with_its_endpoint_and_what_it_is_stricter_than() -> None:
    limit = latency_limit(
        planned(Endpoint(name="Check.out", path="/buy", p99="2 ms"), Endpoint(name="x", path="/x"))
    )
    assert limit == 2.0
    assert limit.source == (
        "endpoint Check.out under P1, which battery.toml sets, stricter than the gates' own 800 ms"
    )


def test_an_endpoints_limit_that_is_looser_decides_nothing() -> None:
    assert latency_limit(planned(Endpoint(name="slow", path="/", p99="5 s"))).source == "G2:load.p1.p99"


def test_a_profile_is_judged_by_its_own_limit() -> None:
    limit = latency_limit(planned(Endpoint(name="buy", path="/buy", p99="2 ms")), "P1")
    assert (limit, limit.source) == (800.0, "G2:load.p1.p99")


def test_where_nothing_judges_a_latency_a_usual_limit_stands_in_and_says_so() -> None:
    limit = latency_limit(planned(), "P9")
    assert (limit, limit.source) == (800.0, "the battery's own default (no rule judges a p99 here)")


@pytest.fixture
def null(snapshot: Make) -> LoadResult:
    """What a null server's run gave: all of a thousand answers after 1 ms."""
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(ok=1000))
    tally.add(snapshot(second=1, last=True))
    request = LoadRequest(
        definition=Definition(target=Target(url="http://127.0.0.1:1")), profile=P1, intensity="smoke", seed=1, workers=1,
        limit_ms=800.0,
    )  # fmt: skip
    return LoadResult(request, tally, ("null",))


def test_a_floor_that_is_too_high_says_what_was_measured_against_what_why_and_what_to_do(
    null: LoadResult,
) -> None:
    proof = floor_proof(null, 0.31, 60.0, STRICT)
    assert not proof.ok
    assert proof.detail == (
        "null server at 60/s: 0 failed, p99 0.310 ms, allowed 0.1 ms, which is 5% of the 2 ms of endpoint Check out under P1, "
        "which battery.toml sets, stricter than the gates' own 800 ms: what the instrument adds itself must not decide. "
        + TO_DO
    )


def test_a_floor_that_is_low_is_told_in_few_words(null: LoadResult) -> None:
    proof = floor_proof(null, 0.31, 60.0, Limit(800.0, "G2:load.p1.p99"))
    assert proof.ok
    assert proof.detail == "null server at 60/s: 0 failed, p99 0.310 ms, allowed 40 ms"


def test_requests_that_left_late_say_the_same(snapshot: Make) -> None:
    tally = Tally(("w0",), lambda _: None)
    tally.add(snapshot(ok=1000, lag={5010: 1000}))
    lag = next(proof for proof in proofs(tally, "open", STRICT, {}) if proof.name == "requests left on time")
    assert not lag.ok
    assert "allowed 0.1 ms, which is 5% of the 2 ms of endpoint Check out under P1" in lag.detail
    assert lag.detail.endswith(TO_DO)


def test_a_limit_of_nobody_is_named_by_its_number(null: LoadResult) -> None:
    assert "which is 5% of the 2 ms that is judged by: " in floor_proof(null, 0.31, 60.0, 2.0).detail


def test_a_waived_rule_ends_no_run_early() -> None:
    waiver = Waiver(owner="a", reason="b", rule="G2:load.p1.p99", expires=NOW)
    names = {rule.id for rule in rules_of(planned(waivers=(waiver,)))}
    assert "load.p1.p99" not in names
    assert "load.p2.p99" in names


def test_the_highest_rate_is_that_of_any_open_stage() -> None:
    assert top_rate(planned()) == 60.0
    assert top_rate(a_plan()) == 100.0, "where no profile is open"
