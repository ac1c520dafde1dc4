"""The headline of a run: its result, level and what they speak about."""

from collections import Counter

from battery.judging.levels import highest_at
from battery.model.run import Run
from battery.model.verdict import Status
from battery.report.quantity_text import counted, duration, instant
from battery.scan.findings import GRAVEST_FIRST

BASELINE = "BASELINE"
BASELINE_MEANING = "placeholder evidence; nothing was measured and nothing is certified"
MARKS: dict[Status, str] = {"pass": "✓", "fail": "✗", "undecided": "?"}
_WORDS: tuple[tuple[Status, str], ...] = (("fail", "failed"), ("undecided", "undecided"), ("pass", "passed"))
_BEFORE, _AFTER = "identity.before", "identity.after"


def tag(run: Run) -> str:
    """What stands before every line a person sees of a baseline run; empty for a real one."""
    return f"{BASELINE} " if run.is_baseline else ""


def result_sentence(run: Run) -> str:
    """The result and what it rests on: "FAILED: 1 gate failed, 2 gates undecided, 5 gates passed"."""
    statuses = [gate.status for gate in run.judgement.gates]
    parts = [
        f"{counted(statuses.count(status), 'gate')} {word}" for status, word in _WORDS if status in statuses
    ]
    expired = sum(use.state == "expired" for use in run.judgement.waivers)
    if expired:
        parts.insert(0, f"{counted(expired, 'waiver')} expired")
    return f"{run.judgement.result}: {', '.join(parts) or 'no gate was judged'}"


def level_reasons(run: Run) -> tuple[str, ...]:
    """Why no better level was reached; levels missed for one reason share a line."""
    missed: dict[str, list[str]] = {}
    for line in run.judgement.level_reasons:
        level, colon, reason = line.partition(": ")
        missed.setdefault(reason if colon else line, []).append(level.removeprefix("not "))
    return tuple(
        reason if levels == [reason] else f"not {', '.join(levels)}: {reason}"
        for reason, levels in missed.items()
    )


def identity(run: Run) -> str:
    """What the target said it was, before and after."""
    facts = {name: value for item in run.evidence for name, value in item.facts.items()}
    before, after = facts.get(_BEFORE, ""), facts.get(_AFTER, "")
    if not before and not after:
        return "unknown: no check read one"
    if before == after:
        return f"{before} (the same before and after)"
    return f"CHANGED during the run: {before or 'unknown'} before, {after or 'unknown'} after"


def _at_most(run: Run) -> str:
    """That the intensity keeps the best level out of reach, where it does."""
    levels = run.plan.levels
    highest = highest_at(levels, run.plan.intensity)
    return "" if run.is_baseline or not levels or highest == levels[0].id else f" ({highest} at most)"


def particulars(run: Run) -> tuple[tuple[str, str], ...]:
    """What was certified, where, when and how, under its labels."""
    plan = run.plan
    target = plan.definition.target
    place = f" ({target.environment})" if target.environment else ""
    url = "none: a baseline run has no target" if run.is_baseline else target.url or "none"
    took = duration((run.finished - plan.created).total_seconds())
    return (
        ("subject", plan.subject.name),
        ("sha256", plan.subject.sha256),
        ("target", url + place),
        ("identity", identity(run)),
        ("when", f"{instant(plan.created)}, took {took}"),
        (
            "how",
            f"{plan.mode} run at intensity {plan.intensity}{_at_most(run)}, battery {plan.battery}, seed {plan.seed}",
        ),
        ("run", f"{plan.run} in {run.folder}"),
        *((("findings", found),) if (found := _findings(run)) else ()),
    )


def _findings(run: Run) -> str:
    """How many findings of each severity there are, judged by a rule or not, and how many are waived; empty for none."""
    findings = [finding for item in run.evidence for finding in item.findings]
    found = Counter(finding.severity for finding in findings)
    counts = ", ".join(f"{found[severity]} {severity}" for severity in GRAVEST_FIRST if found[severity])
    excused = {
        use.waiver.finding for use in run.judgement.waivers if use.state == "applied" and use.waiver.finding
    }
    waived = sum(finding.fingerprint in excused for finding in findings)
    of_these = f" ({waived} of these waived)" if waived else ""
    return f"{counts}{of_these}; listed in report.html and results.sarif" if counts else ""
