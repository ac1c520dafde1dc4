"""The JUnit report: each rule and each check as a test case, for the test page of a CI system."""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from battery.model.run import Run
from battery.model.verdict import GateVerdict
from battery.report.check_text import CheckText, check_texts
from battery.report.exception_text import WaiverText, waiver_texts
from battery.report.gate_text import RuleText, gate_reason, problem_texts, rule_text
from battery.report.headline import result_sentence, tag
from battery.report.legible import legible

_SKIPPED = ("skipped", "left out", "unplanned")
_OUTCOMES = ("failure", "error", "skipped")


def junit_xml(run: Run) -> bytes:
    """The run as JUnit XML: a failed rule is a failure, an undecided one an error, since absence fails."""
    root = Element("testsuites", {"name": f"{tag(run)}hardening battery {legible(run.plan.run)}"})
    _add_suite(run, root, "result", [_result_case(run)])
    for gate in run.judgement.gates:
        _add_suite(run, root, f"{gate.gate} {gate.title}", _gate_cases(run, gate))
    if run.judgement.waivers:
        _add_suite(
            run, root, "waivers", [_waiver_case(run, waiver) for waiver in waiver_texts(run.judgement)]
        )
    _add_suite(run, root, "checks", [_check_case(run, check) for check in check_texts(run)])
    _count(root, root.iter("testcase"))
    root.set("time", f"{max((run.finished - run.plan.created).total_seconds(), 0.0):.3f}")
    indent(root)
    document: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return document + b"\n"


def _add_suite(run: Run, root: Element, name: str, cases: Iterable[Element]) -> None:
    suite = SubElement(root, "testsuite", {"name": tag(run) + legible(name)})
    properties = SubElement(suite, "properties")
    for key, value in _properties(run):
        SubElement(properties, "property", {"name": key, "value": legible(value)})
    suite.extend(cases)
    _count(suite, suite.iter("testcase"))
    suite.set("time", f"{sum(float(case.get('time', '0')) for case in suite.iter('testcase')):.3f}")
    suite.set("timestamp", f"{run.plan.created:%Y-%m-%dT%H:%M:%S}")


def _properties(run: Run) -> tuple[tuple[str, str], ...]:
    plan = run.plan
    return (
        ("run", plan.run),
        ("mode", plan.mode),
        ("intensity", plan.intensity),
        ("level", run.judgement.level),
        ("subject.name", plan.subject.name),
        ("subject.sha256", plan.subject.sha256),
    )


def _result_case(run: Run) -> Element:
    """The result itself: a run without gates must not look green."""
    case = _case(run, "result", "every gate passed")
    outcome = {"FAILED": "failure", "UNDECIDED": "error"}.get(run.judgement.result)
    if outcome:
        _put(run, case, outcome, result_sentence(run), f"level {run.judgement.level}")
    return case


def _gate_cases(run: Run, gate: GateVerdict) -> Iterator[Element]:
    texts = [*(rule_text(run, rule) for rule in gate.rules), *problem_texts(run, gate)]
    for text in texts:
        yield _rule_case(run, gate, text)
    if gate.status != "pass" and all(text.status == "pass" for text in texts):
        case = _case(run, gate.gate, "verdict")
        _put(run, case, "error", f"{gate.status}: {gate_reason(gate)}", "")
        yield case


def _rule_case(run: Run, gate: GateVerdict, text: RuleText) -> Element:
    case = _case(run, gate.gate, text.name)
    details = "\n".join(f"{label}: {legible(said)}" for label, said in text.fields())
    if text.status != "pass":
        _put(run, case, "failure" if text.status == "fail" else "error", text.reason, details)
    elif text.waived:
        SubElement(case, "system-out").text = f"{tag(run)}waived\n{details}"
    return case


def _check_case(run: Run, check: CheckText) -> Element:
    seconds = check.evidence.seconds if check.evidence else 0.0
    case = _case(run, "checks", check.id, seconds)
    if check.outcome in _SKIPPED:
        _put(run, case, "skipped", f"{check.outcome}: {check.reason}", "")
    elif check.outcome != "measured":
        details = f"evidence: {check.file}" if check.file else ""
        _put(run, case, "error", f"{check.outcome}: {check.reason}", details)
    return case


def _waiver_case(run: Run, waiver: WaiverText) -> Element:
    case = _case(run, "waivers", f"{waiver.name} ({waiver.owner})")
    if waiver.state == "expired":
        _put(run, case, "failure", f"expired: {waiver.detail}", "")
    return case


def _case(run: Run, group: str, name: str, seconds: float = 0.0) -> Element:
    time = seconds if 0 <= seconds < float("inf") else 0.0
    return Element(
        "testcase",
        {"classname": tag(run) + legible(group), "name": tag(run) + legible(name), "time": f"{time:.3f}"},
    )


def _put(run: Run, case: Element, outcome: str, message: str, details: str) -> None:
    element = SubElement(case, outcome, {"message": tag(run) + legible(message)})
    if outcome != "skipped":
        element.set("type", "failed" if outcome == "failure" else "undecided")
    if details:
        element.text = details


def _count(element: Element, cases: Iterable[Element]) -> None:
    listed = list(cases)
    element.set("tests", str(len(listed)))
    for outcome, attribute in zip(_OUTCOMES, ("failures", "errors", "skipped"), strict=True):
        element.set(attribute, str(sum(case.find(outcome) is not None for case in listed)))
