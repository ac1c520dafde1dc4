from collections.abc import Callable, Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from battery.model.plan import Plan
from battery.model.run import Run
from battery.report.junit import junit_xml


def parsed(run: Run) -> Element:
    return ElementTree.fromstring(junit_xml(run))


def suite(run: Run, name: str) -> Element:
    return next(item for item in parsed(run).iter("testsuite") if item.get("name") == name)


def outcomes(element: Element) -> dict[str, str]:
    return {
        case.get("name", ""): next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "pass")
        for case in element.iter("testcase")
    }


def test_a_failed_rule_is_a_failure_that_tells_all(runs: Mapping[str, Run]) -> None:
    element = suite(runs["failing"], "G2 tail latency")
    failure = element.find("testcase[@name='load.p3.p99']/failure")
    assert failure is not None
    assert "1240 ms" in failure.get("message", "")
    for label in ("measure:", "value:", "limit:", "evidence: evidence/tail-latency.all.json", "next step:"):
        assert label in (failure.text or "")


def test_an_undecided_rule_is_an_error_because_absence_fails(runs: Mapping[str, Run]) -> None:
    assert set(outcomes(suite(runs["undecided"], "G4 recovery")).values()) == {"error"}
    assert outcomes(suite(runs["undecided"], "result")) == {"every gate passed": "error"}


def test_counts_agree_with_the_cases(runs: Mapping[str, Run]) -> None:
    for run in runs.values():
        root = parsed(run)
        for element in (root, *root.iter("testsuite")):
            found = list(outcomes_of(element))
            assert int(element.get("tests", "")) == len(found)
            assert int(element.get("failures", "")) == found.count("failure")
            assert int(element.get("errors", "")) == found.count("error")
            assert int(element.get("skipped", "")) == found.count("skipped")


def outcomes_of(element: Element) -> list[str]:
    return [
        next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "pass")
        for case in element.iter("testcase")
    ]


@pytest.mark.parametrize("name", ["passing", "waived", "baseline"])
def test_only_a_passed_run_is_green(runs: Mapping[str, Run], name: str) -> None:
    for other, run in runs.items():
        green = not {"failure", "error"} & set(outcomes_of(parsed(run)))
        assert green == (run.judgement.result == "PASSED"), other
    assert not {"failure", "error"} & set(outcomes_of(parsed(runs[name])))


def test_checks_report_what_became_of_them(runs: Mapping[str, Run]) -> None:
    assert outcomes(suite(runs["interrupted"], "checks")) == {
        "coverage.all": "pass",
        "tail-latency.all": "error",
        "errors.all": "pass",
        "recovery.all": "error",
        "security.all": "pass",
        "observability.all": "pass",
        "bootstrap.all": "error",
        "docs.all": "skipped",
    }


def test_checks_left_out_and_unplanned_ones_are_skipped_with_their_reason(
    make_run: Callable[..., Run],
) -> None:
    def leave_out(plan: Plan) -> Plan:
        return msgspec.structs.replace(plan, checks=plan.checks[2:], not_run=plan.checks[:1])

    run = make_run(plan=leave_out, evidence=lambda item: None if item.gates == ("G1",) else item)
    found = suite(run, "checks")
    assert outcomes(found)["coverage.all"] == "skipped"
    unplanned = found.find("testcase[@name='tail-latency.all']/skipped")
    assert unplanned is not None
    assert "not in the plan" in unplanned.get("message", "")


def test_a_gate_that_is_undecided_without_a_rule_to_blame_is_an_error(make_run: Callable[..., Run]) -> None:
    run = make_run()
    gates = (msgspec.structs.replace(run.judgement.gates[0], status="undecided"), *run.judgement.gates[1:])
    judged = msgspec.structs.replace(run.judgement, gates=gates, result="UNDECIDED")
    element = suite(msgspec.structs.replace(run, judgement=judged), "G1 coverage")
    assert outcomes(element)["verdict"] == "error"


def test_an_expired_waiver_is_a_failure(runs: Mapping[str, Run]) -> None:
    assert outcomes(suite(runs["expired"], "waivers")) == {"G2:load.p3.p99 (ada)": "failure"}
    assert set(outcomes(suite(runs["waived"], "waivers")).values()) == {"pass"}


def test_a_waived_rule_passes_and_says_why(runs: Mapping[str, Run]) -> None:
    output = suite(runs["waived"], "G2 tail latency").find("testcase[@name='load.p3.p99']/system-out")
    assert output is not None
    assert "waived by ada" in (output.text or "")


def test_properties_identify_the_run(runs: Mapping[str, Run]) -> None:
    element = suite(runs["passing"], "G1 coverage")
    properties = {item.get("name"): item.get("value") for item in element.iter("property")}
    assert properties == {
        "run": "20260301-020000-4f2a91",
        "mode": "real",
        "intensity": "standard",
        "level": "gold",
        "subject.name": "shop-api",
        "subject.sha256": "c0ffee" + "0" * 58,
    }


def test_baseline_stands_in_every_name_and_message(runs: Mapping[str, Run]) -> None:
    root = parsed(runs["failing baseline"])
    for element in root.iter():
        for key in ("name", "classname", "message"):
            if key in element.attrib and element.tag != "property":
                assert element.attrib[key].startswith("BASELINE ")


def test_a_time_that_is_no_time_counts_as_none(make_run: Callable[..., Run]) -> None:
    run = make_run(evidence=lambda item: msgspec.structs.replace(item, seconds=float("inf")))
    assert suite(run, "checks").get("time") == "0.000"


@settings(max_examples=60, deadline=None)
@given(text=st.text(st.characters(), max_size=80))
def test_any_text_yields_xml_that_parses(make_hostile: Callable[..., Run], text: str) -> None:
    parsed(make_hostile(text))
