"""Whether a rule is lost before the end."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.load.soak.hopeless import Hopeless, Outlook
from battery.load.tally import Cell, Tally
from battery.model.gate import Rule
from battery.statistics import proportion_upper_bound
from tests.unit.load.conftest import unhurried


def rule(measure: str, limit: float, samples: int = 0) -> Rule:
    return Rule(
        id=measure, measure=measure, operator="<=", limit=limit, unit="%", bound="upper", samples=samples, why="", next_step=""
    )  # fmt: skip


def tally(ok: int, failed: int = 0, slow: int = 0, place: tuple[int, int] = (0, 0)) -> Tally:
    """`slow` of all took 900 ms, the others 1 ms."""
    made = Tally(("w0",), lambda _: None)
    cell = made.cells[place] = Cell()
    cell.counts.update(ok=ok, failed=failed)
    cell.response.add({1000: ok + failed - slow, 900_000: slow})
    return made


ERRORS, P99 = rule("load.p1.errors", 1.0), rule("load.p1.p99", 800.0)


def outlook(*rules: Rule) -> Outlook:
    return Outlook(rules, "load.p1", ("status",), frozenset((0,)))


def test_a_rule_that_may_still_hold_is_not_lost() -> None:
    assert outlook(ERRORS, P99).hopeless((tally(100, failed=5, slow=5),), 10_000) is None


def test_failures_that_no_rest_makes_up_for_lose_the_rule_with_its_numbers() -> None:
    assert outlook(ERRORS).hopeless((tally(400, failed=200),), 10_000) == Hopeless(
        measure="load.p1.errors",
        why="load.p1.errors is lost: 200 requests failed; even if none of all 10000 fails any more, the bound is 2.25%, allowed 1 %",
    )


def test_slow_answers_that_no_rest_makes_up_for_lose_the_rule() -> None:
    found = outlook(P99).hopeless((tally(400, slow=102),), 10_000)
    assert found is not None
    assert found.why.startswith("load.p1.p99 is lost: 102 requests took longer than 800 ms")


def test_too_few_samples_lose_nothing() -> None:
    few = msgspec.structs.replace(ERRORS, samples=299)
    assert outlook(few).hopeless((tally(0, failed=200),), 200) is None
    assert outlook(few).hopeless((tally(0, failed=299),), 299) is not None


@pytest.mark.parametrize("measure", ["load.p2.errors", "load.p1.other.errors", "load.p1.memory.growth"])
def test_rules_of_others_are_not_looked_at(measure: str) -> None:
    assert outlook(rule(measure, 0.0)).hopeless((tally(10, failed=10),), 20) is None


def test_an_endpoints_own_rule_is_lost_by_its_own_requests() -> None:
    own = rule("load.p1.status.errors", 1.0)
    assert outlook(own).hopeless((tally(0, failed=50),), 100) is not None
    assert outlook(own).hopeless((tally(0, failed=50, place=(0, 1)),), 100) is None


def test_the_warm_up_loses_nothing() -> None:
    assert outlook(ERRORS).hopeless((tally(0, failed=50, place=(1, 0)),), 60) is None


@unhurried
@given(failed=st.integers(0, 300), ok=st.integers(0, 300), rest=st.integers(0, 1000))
def test_what_is_called_lost_fails_even_when_all_the_rest_goes_well(failed: int, ok: int, rest: int) -> None:
    total = failed + ok + rest
    if outlook(ERRORS).hopeless((tally(ok, failed=failed),), total):
        best = proportion_upper_bound(failed, total)
        assert best is not None
        assert best * 100 > ERRORS.limit


def test_rules_that_failures_cannot_lose_and_bounds_that_are_no_upper_ones_are_judged_as_they_stand() -> None:
    least = msgspec.structs.replace(ERRORS, operator=">=", limit=0.5)
    assert outlook(least).hopeless((tally(0, failed=50),), 50) is None
    value = msgspec.structs.replace(ERRORS, bound="value")
    assert outlook(value).hopeless((tally(0, failed=96),), 10_000) is None
    assert outlook(value).hopeless((tally(0, failed=101),), 10_000) is not None


def test_earlier_sittings_count_too() -> None:
    good, bad = tally(9_000), tally(0, failed=95)
    assert outlook(ERRORS).hopeless((bad,), 95) is not None
    assert outlook(ERRORS).hopeless((good, bad), 20_000) is None


def test_a_total_that_nobody_knows_loses_nothing() -> None:
    assert outlook(ERRORS).hopeless((tally(0, failed=5000),), float("inf")) is None
