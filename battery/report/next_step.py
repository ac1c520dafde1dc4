"""The next step: what a person does about a rule or a check that did not pass."""

from collections.abc import Iterable

from battery.model.evidence import Evidence
from battery.model.plan import PlannedCheck
from battery.model.run import Run
from battery.model.verdict import RuleVerdict
from battery.store import evidence_name

NO_CHECK = "no defect of the target: this version of the battery has no check for it; use one that has the instrument"
LEFT_OUT = "run again without --only and --profiles"


def evidence_of(run: Run, check: str) -> Evidence | None:
    """What the check recorded last."""
    return next((item for item in reversed(run.evidence) if item.check == check), None)


def checks_for(checks: Iterable[PlannedCheck], measure: str) -> tuple[str, ...]:
    """The checks that promise a measure."""
    return tuple(check.id for check in checks if measure in check.measures)


def rule_step(run: Run, rule: RuleVerdict) -> str:
    """What to do about a rule: its own advice when it failed, how to get evidence when it has none."""
    if rule.status != "undecided":
        return rule.next_step
    if rule.evidence:
        return _doubtful_step(run, rule)
    planned = checks_for(run.plan.checks, rule.measure)
    if planned:
        return "; ".join(dict.fromkeys(check_step(run, check, rule.measure) for check in planned))
    return LEFT_OUT if checks_for(run.plan.not_run, rule.measure) else NO_CHECK


def check_step(run: Run, check: str, measure: str = "") -> str:
    """What to do about a check that did not deliver, or not that measure."""
    evidence = evidence_of(run, check)
    if any(planned.id == check for planned in run.plan.not_run):
        return LEFT_OUT
    if evidence is None or evidence.status == "missing":
        return f"finish the run: battery certify --resume {run.folder}"
    if evidence.status == "skipped":
        return "the reason names what is missing: provide it and run again"
    if evidence.status == "errored":
        return f"read the traceback kept in {evidence_name(check)}, mend its cause and run again"
    if not all(proof.ok for proof in evidence.proofs):
        return (
            "the evidence, not the target, is in doubt: mend what the reason names (a stale report: run the tests again; "
            f"a late or busy generator: a quieter machine) and run again; all proofs stand in {evidence_name(check)}"
        )
    if measure in evidence.facts:
        return f"the reason names what the measurement lacked: see the facts in {evidence_name(check)}, and run again"
    return f"mend check {check}: it ran without recording what it promised"


def _doubtful_step(run: Run, rule: RuleVerdict) -> str:
    evidence = evidence_of(run, rule.evidence)
    if evidence is not None and not all(proof.ok for proof in evidence.proofs):
        return check_step(run, rule.evidence)
    if (rule.n or 0) < rule.samples:
        return "collect more samples: a higher --intensity, or more traffic in the profile"
    return rule.next_step
