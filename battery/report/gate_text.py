"""The text of a gate: what each rule says of measure, value, limit, evidence and next step, for every renderer."""

from battery.model.frozen import Frozen
from battery.model.run import Run
from battery.model.verdict import GateVerdict, RuleVerdict, Status
from battery.report.found import found_text
from battery.report.next_step import NO_CHECK, check_step, checks_for, evidence_of, rule_step
from battery.report.quantity_text import counted, limit_text, value_text
from battery.store import evidence_name

_NAMED = 3  # more names than these say no more to a reader, and in one line beside a verdict one will do


class RuleText(Frozen, frozen=True, kw_only=True):
    """What one rule says, or several that are undecided for one reason; `evidence` is relative to the run folder."""

    status: Status
    name: str
    rules: tuple[str, ...]
    measure: str
    value: str
    limit: str
    reason: str
    evidence: tuple[str, ...]
    next_step: str
    found: str = ""
    waived: bool = False

    def fields(self, folder: str = "") -> tuple[tuple[str, str], ...]:
        """Every part under its label, without those that have nothing to say; evidence as paths below `folder`."""
        parts = {
            "measure": self.measure,
            "value": self.value,
            "limit": self.limit,
            "found": self.found,
            "reason": self.reason,
            "evidence": ", ".join(f"{folder}{file}" for file in self.evidence),
            "next step": self.next_step,
        }
        return tuple((label, text) for label, text in parts.items() if text)


def rule_text(run: Run, rule: RuleVerdict) -> RuleText:
    """What one rule says, whatever its status."""
    return _group_text(run, [rule])


def problem_texts(run: Run, gate: GateVerdict) -> tuple[RuleText, ...]:
    """The checks that did not deliver, where no rule says so already."""
    return tuple(_problem_text(run, problem) for problem in _unsaid_problems(gate))


def troubles(run: Run, gate: GateVerdict) -> tuple[RuleText, ...]:
    """All that keeps a gate from passing: rules, then checks that no rule speaks of."""
    return (*rule_troubles(run, gate), *problem_texts(run, gate))


def rule_troubles(run: Run, gate: GateVerdict) -> tuple[RuleText, ...]:
    """The rules that do not pass, worst first; undecided ones with one reason as one."""
    return tuple(_group_text(run, group) for group in _groups(gate))


def is_unmeasured(run: Run, gate: GateVerdict) -> bool:
    """Whether nothing but missing checks keeps the gate from passing."""
    found = troubles(run, gate)
    return bool(found) and all(trouble.next_step == NO_CHECK for trouble in found)


def gate_reason(gate: GateVerdict) -> str:
    """Why the gate has its verdict, in one line."""
    found = [*(_group_reason(group, 1) for group in _groups(gate)), *_unsaid_problems(gate)]
    if found:
        return found[0] + (f" (and {len(found) - 1} more)" if len(found) > 1 else "")
    if gate.status != "pass" or not gate.rules:
        return "no rule was judged"
    waived = [rule.rule for rule in gate.rules if rule.waived]
    held = len(gate.rules) - len(waived)
    holds = "holds" if held == 1 else "hold"
    return f"{counted(held, 'rule')} {holds}" + (
        f", {len(waived)} waived: {', '.join(waived)}" if waived else ""
    )


def _groups(gate: GateVerdict) -> list[list[RuleVerdict]]:
    """Failed rules one by one, then undecided ones: those whose reasons differ only in the measure together."""
    failed = [[rule] for rule in gate.rules if rule.status == "fail"]
    undecided: dict[tuple[object, ...], list[RuleVerdict]] = {}
    for rule in gate.rules:
        if rule.status == "undecided":
            template = rule.reason.replace(rule.measure, "\0")
            undecided.setdefault((template, rule.evidence, rule.value, rule.n), []).append(rule)
    return [*failed, *undecided.values()]


def _group_text(run: Run, group: list[RuleVerdict]) -> RuleText:
    first = group[0]
    return RuleText(
        status=first.status,
        name=first.rule if len(group) == 1 else counted(len(group), "rule"),
        rules=tuple(rule.rule for rule in group),
        measure=_names([rule.measure for rule in group]),
        value=value_text(first),
        limit=_names([limit_text(rule) for rule in group]),
        reason=_group_reason(group),
        evidence=_evidence_files(run, first),
        next_step=_names([rule_step(run, rule) for rule in group], "; "),
        found=found_text(run, first),
        waived=first.waived,
    )


def _group_reason(group: list[RuleVerdict], most: int = _NAMED) -> str:
    first = group[0]
    return first.reason.replace(first.measure, _names([rule.measure for rule in group], most=most))


def _unsaid_problems(gate: GateVerdict) -> list[str]:
    undecided = [rule for rule in gate.rules if rule.status == "undecided"]
    return [problem for problem in gate.problems if not any(_says(rule, problem) for rule in undecided)]


def _says(rule: RuleVerdict, problem: str) -> bool:
    """Whether an undecided rule tells of the same check already."""
    return problem in rule.reason or (rule.evidence != "" and problem.startswith(f"check {rule.evidence} "))


def _evidence_files(run: Run, rule: RuleVerdict) -> tuple[str, ...]:
    """The file that was judged; without one, what the checks left that should have measured."""
    checks = (rule.evidence,) if rule.evidence else checks_for(run.plan.checks, rule.measure)
    return tuple(evidence_name(check) for check in checks if evidence_of(run, check))


def _names(names: list[str], between: str = ", ", most: int = _NAMED) -> str:
    distinct = list(dict.fromkeys(names))
    more = f" and {len(distinct) - most} more" if len(distinct) > most else ""
    return between.join(distinct[:most]) + more


def _problem_text(run: Run, problem: str) -> RuleText:
    check = _named_check(run, problem)
    return RuleText(
        status="undecided",
        name=check or "evidence",
        rules=(),
        measure="",
        value="",
        limit="",
        reason=problem,
        evidence=(evidence_name(check),) if check and evidence_of(run, check) else (),
        next_step=check_step(run, check) if check else "",
    )


def _named_check(run: Run, problem: str) -> str:
    """The check a problem speaks of; the longest id wins, as one may begin with another."""
    planned = (check.id for check in (*run.plan.checks, *run.plan.not_run))
    return max((check for check in planned if problem.startswith(f"check {check} ")), key=len, default="")
