"""What was found: the defects themselves behind a rule that failed, in the words of the checks that saw them."""

from collections.abc import Iterator

from battery.model.run import Run
from battery.model.verdict import RuleVerdict

_SHOWN = 3  # the evidence holds them all


def found_text(run: Run, rule: RuleVerdict) -> str:
    """The findings that a rule counts, or what the check noted beside the value; empty where nothing failed."""
    if rule.status != "fail":
        return ""
    said = list(_findings(run, rule) if rule.counts else _notes(run, rule))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return "; ".join(said[:_SHOWN]) + more


def _findings(run: Run, rule: RuleVerdict) -> Iterator[str]:
    for item in run.evidence:
        if any(measurement.name == rule.measure for measurement in item.measures):
            for finding in item.findings:
                if finding.severity == rule.counts:
                    yield f"{finding.title} ({finding.rule}, {finding.location})"


def _notes(run: Run, rule: RuleVerdict) -> Iterator[str]:
    for item in run.evidence:
        if item.check == rule.evidence:
            for measurement in item.measures:
                if measurement.name == rule.measure and measurement.note:
                    yield measurement.note
