"""Planning: what a user asked for becomes a plan, or one line that says why not."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.definitions.profiles import load_profiles
from battery.errors import UsageError
from battery.model.definition import SCENARIOS, ChaosChoice, Definition, RunChoice
from battery.planning import make_plan, placeholders
from tests.fakes.plans import NO_PROFILES, SHIPPED, a_check, a_gate, a_request, a_rule

PROFILES = load_profiles(NO_PROFILES, Path()).profiles
MEASURES = sorted({rule.measure for gate in SHIPPED.gates for rule in gate.rule})


def problem_of(**given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        make_plan(a_request(**given))
    return str(caught.value)


def test_a_plan_carries_the_request() -> None:
    request = a_request(definition=Definition(run=RunChoice(deadline="2 h")), nonce="n", seed=7)
    plan = make_plan(request)
    assert (plan.deadline, plan.nonce, plan.seed, plan.checks) == (7200.0, "n", 7, request.checks)
    assert plan.not_run == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"only": ("laod",)},
            "--only: 'laod' is no instrument; choose from load, chaos, security, readiness",
        ),
        (
            {"only_profiles": ("P9",), "profiles": PROFILES},
            "--profiles: 'P9' is no profile; choose from P1, P2, P3, P4, P5",
        ),
        (
            {"only_scenarios": ("netwrk",)},
            "--scenario: 'netwrk' is no scenario; did you mean network? Else choose from all, "
            + ", ".join(SCENARIOS),
        ),
        ({"checks": (a_check(), a_check())}, "the check name 'coverage.report' is taken already; rename one"),
        (
            {"checks": (a_check(id="placeholder.x"),)},
            "the check name 'placeholder.x' is taken already; rename one",
        ),
        (
            {"checks": (a_check(gates=()),)},
            "check 'coverage.report' feeds no gate; mark it as in @pytest.mark.gate(\"G4\")",
        ),
        (
            {"checks": (a_check(gates=("G1", "G11")),)},
            "check 'coverage.report' feeds gate 'G11', which no definition names (did you mean \"G1\"?)",
        ),
        (
            {"checks": (a_check(gates=("zzz",)),)},
            "check 'coverage.report' feeds gate 'zzz', which no definition names (known: G1, G2, G3, G4, G5, G6, G7, G8)",
        ),
        (
            {"checks": (a_check(measures=("coverage.lines",)),)},
            "check 'coverage.report' promises measure 'coverage.lines', which no definition names (did you mean \"coverage.line\"?)",
        ),
        (
            {"checks": (a_check(measures=("zzz",)),)},
            "check 'coverage.report' promises measure 'zzz', which no definition names (define it first)",
        ),
        (
            {"checks": (a_check(profile="P9"),), "profiles": PROFILES},
            "check 'coverage.report' runs profile 'P9', which no definition names (known: P1, P2, P3, P4, P5)",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_with_the_next_step(given: dict[str, Any], message: str) -> None:
    problem = problem_of(**given)
    assert problem == message


def test_only_some_instruments_leave_the_others_out_and_say_so() -> None:
    checks = (
        a_check(id="target.before", instrument="target"),
        a_check(id="load.p1", instrument="load", profile="P1"),
        a_check(id="load.p2", instrument="load", profile="P2"),
        a_check(id="scan", instrument="security"),
        a_check(id="mine", instrument="user"),
    )

    def chosen(**given: Any) -> list[str]:
        plan = make_plan(a_request(checks=checks, profiles=PROFILES, **given))
        assert {check.id for check in (*plan.checks, *plan.not_run)} == {check.id for check in checks}
        return [check.id for check in plan.checks]

    assert chosen(only=("load",)) == ["target.before", "load.p1", "load.p2"]
    assert chosen(only_profiles=("P1",)) == ["target.before", "load.p1", "scan", "mine"]
    assert chosen(only=("load",), only_profiles=("P2",)) == ["target.before", "load.p2"]
    plan = make_plan(a_request(checks=checks, profiles=PROFILES, only=("load",), only_profiles=("P2",)))
    assert plan.only == ("load", "P2")


@settings(deadline=None)
@given(st.sets(st.sampled_from(MEASURES)))
def test_a_baseline_takes_each_judged_measure_exactly_once(taken: set[str]) -> None:
    checks = tuple(a_check(id=f"c.{name}", measures=(name,)) for name in sorted(taken))
    plan = make_plan(a_request(mode="baseline", checks=checks))
    measures = [name for check in plan.checks for name in check.measures]
    assert sorted(measures) == MEASURES
    assert len({check.id for check in plan.checks}) == len(plan.checks)


def test_a_measure_that_two_gates_judge_gets_one_placeholder_that_feeds_both() -> None:
    (found,) = placeholders((a_gate(a_rule(), id="G1"), a_gate(a_rule(), id="G9")), ())
    assert (found.id, found.gates, found.origin) == (
        "placeholder.G1.coverage.line",
        ("G1", "G9"),
        "placeholder",
    )


def test_a_real_run_has_no_placeholders() -> None:
    assert [check.id for check in make_plan(a_request()).checks] == ["coverage.report"]


@pytest.mark.parametrize(("origin", "planned"), [("battery", False), ("user", True)])
def test_a_scenario_that_does_not_apply_is_neither_run_nor_left_out(origin: str, planned: bool) -> None:
    # A check that is skipped or left out keeps its gate undecided: then "not applicable" would never pass.
    disk = a_check(id="chaos.disk", gates=("G4",), measures=(), origin=origin)
    definition = Definition(chaos=ChaosChoice(not_applicable={"disk": "it keeps nothing"}))
    plan = make_plan(a_request(definition=definition, gates=SHIPPED.gates, checks=(a_check(), disk)))
    assert ("chaos.disk" in [check.id for check in plan.checks]) == planned
    assert plan.not_run == ()
