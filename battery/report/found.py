"""What was found: the defects themselves behind a rule that failed, in the words of the checks that saw them."""

from collections.abc import Iterator

from battery.model.evidence import Evidence
from battery.model.run import Run
from battery.model.verdict import RuleVerdict
from battery.report.legible import legible

_SHOWN = 3  # the evidence holds them all
_LONGEST = 300


def found_text(run: Run, rule: RuleVerdict) -> str:
    """The findings that a rule counts and no waiver excuses, or what the check noted beside the value; empty where nothing failed."""
    if rule.status != "fail":
        return ""
    said = list(_findings(run, rule) if rule.counts else _notes(run, rule))
    more = f"; and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    return "; ".join(said[:_SHOWN]) + more


def _findings(run: Run, rule: RuleVerdict) -> Iterator[str]:
    excused = {use.waiver.finding for use in run.judgement.waivers if use.state == "applied"}
    for item in run.evidence:
        if not _counts(item, rule):
            continue
        for finding in item.findings:
            if finding.severity == rule.counts and finding.fingerprint not in excused:
                yield legible(f"{finding.title} ({finding.rule}, {finding.location})", _LONGEST)


def _counts(item: Evidence, rule: RuleVerdict) -> bool:
    """Whether the rule judged it: evidence in doubt is not quoted as a reason."""
    judged = any(measurement.name == rule.measure for measurement in item.measures)
    return judged and item.status == "measured" and all(proof.ok for proof in item.proofs)


def _notes(run: Run, rule: RuleVerdict) -> Iterator[str]:
    for item in run.evidence:
        if item.check == rule.evidence:
            for measurement in item.measures:
                if measurement.name == rule.measure and measurement.note:
                    yield legible(measurement.note, _LONGEST)
