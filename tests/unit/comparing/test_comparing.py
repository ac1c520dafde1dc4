"""Two runs side by side."""

from battery.comparing import GateChange, MeasureChange, compare_runs
from tests.fakes.plans import a_check, a_gate, a_plan, a_run, changed, measured, some_evidence


def test_a_gate_that_fails_where_it_passed_got_worse() -> None:
    plan = a_plan()
    before = a_run(plan, [some_evidence()])
    after = a_run(plan, [some_evidence("coverage.report", measured(value=50.0))])
    changes = compare_runs(before, after)
    assert changes.gates == (GateChange(gate="G1", before="pass", after="fail", worse=True),)
    assert changes.measures == (
        MeasureChange(name="coverage.line", check="coverage.report", unit="%", before=95.0, after=50.0),
    )
    assert not compare_runs(after, before).gates[0].worse


def test_a_gate_or_measure_that_is_gone_is_named_as_absent() -> None:
    plan = a_plan()
    other = changed(plan, gates=(a_gate(id="G9"),))
    changes = compare_runs(a_run(plan, [some_evidence()]), a_run(other, []))
    assert changes.measures[0].after is None
    assert [(gate.gate, gate.before, gate.after, gate.worse) for gate in changes.gates] == [
        ("G1", "pass", "absent", True),
        ("G9", "absent", "undecided", False),
    ]


def test_a_measure_that_two_checks_take_is_compared_check_by_check() -> None:
    plan = a_plan(checks=(a_check(id="a"), a_check(id="b")))
    one = a_run(plan, [some_evidence("a", measured(value=91.0)), some_evidence("b", measured(value=92.0))])
    assert [(row.check, row.before) for row in compare_runs(one, one).measures] == [("a", 91.0), ("b", 92.0)]


def test_what_a_check_left_that_did_not_finish_is_no_measure() -> None:
    run = a_run(a_plan(), [some_evidence(status="errored")])
    assert compare_runs(run, run).measures == ()
