"""The error budget of a run."""

from hypothesis import given
from hypothesis import strategies as st

from battery.chaos.budget import ErrorBudget, Window, spent
from tests.unit.chaos.recovery.series import down, probe, series


def test_failures_inside_of_scenarios_cost_nothing() -> None:
    found = spent(ErrorBudget(planned=160), series(10.0, down(4.0, 6.0)).probes, [Window(begin=4.0, end=6.0)])
    assert (found.failed, found.used_up, found.remaining) == (0, False, 8)
    assert found.failed_in_scenarios == 32
    assert found.words == f"0 of {found.outside} probes outside of scenarios failed, the budget is 8"


def test_a_budget_that_is_used_up_aborts_and_says_what_to_do() -> None:
    found = spent(ErrorBudget(planned=160), series(10.0, down(4.0, 6.0)).probes, [])
    assert (found.failed, found.remaining, found.used_up) == (32, 0, True)
    assert found.words.startswith("aborted: 32 of 160 probes outside of scenarios failed, the budget is 8")


def test_a_budget_is_used_up_by_the_failure_after_the_last_allowed() -> None:
    failures = [probe(float(n), None) for n in range(9)]
    budget = ErrorBudget(planned=160)
    assert not spent(budget, failures[:8], []).used_up
    assert spent(budget, failures, []).used_up


def test_a_scenario_that_is_still_on_has_no_end() -> None:
    found = spent(ErrorBudget(planned=10), [probe(100.0, None)], [Window(begin=4.0)])
    assert (found.outside, found.failed_in_scenarios) == (0, 1)


def test_a_probe_that_was_under_way_when_the_fault_came_belongs_to_the_scenario() -> None:
    under_way = probe(3.9, 0.5)
    assert spent(ErrorBudget(planned=10), [under_way], [Window(begin=4.0, end=5.0)]).outside == 0


def test_one_failure_never_aborts_a_short_run() -> None:
    assert not spent(ErrorBudget(planned=5), [probe(0.0, None)], []).used_up


@given(
    st.lists(st.tuples(st.floats(0, 100), st.booleans()), max_size=50), st.floats(0, 100), st.floats(0, 50)
)
def test_every_failure_is_counted_once(looks: list[tuple[float, bool]], begin: float, length: float) -> None:
    probes = [probe(at, 0.001 if ok else None) for at, ok in looks]
    found = spent(ErrorBudget(planned=100), probes, [Window(begin=begin, end=begin + length)])
    assert found.failed + found.failed_in_scenarios == sum(not ok for _, ok in looks)
