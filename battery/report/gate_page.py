"""The gate as the HTML page shows it: its verdict, why it exists, what troubles it, and what holds."""

from battery.model.frozen import Frozen
from battery.model.gate import Gate
from battery.model.run import Run
from battery.model.verdict import GateVerdict
from battery.report.gate_text import RuleText, gate_reason, problem_texts, rule_text, rule_troubles


class RulePage(Frozen, frozen=True, kw_only=True):
    """What a rule says, or several with one reason, beside why they exist."""

    text: RuleText
    why: tuple[str, ...]


class GatePage(Frozen, frozen=True, kw_only=True):
    """One gate with all its rules."""

    verdict: GateVerdict
    why: str
    reason: str
    rules: tuple[RulePage, ...]
    problems: tuple[RuleText, ...]


def gate_page(run: Run, verdict: GateVerdict) -> GatePage:
    """What the page shows of a gate; a gate that the plan lacks has no reason to give."""
    planned = next((gate for gate in run.plan.gates if gate.id == verdict.gate), None)
    passing = (rule_text(run, rule) for rule in verdict.rules if rule.status == "pass")
    whys = _whys(planned)
    return GatePage(
        verdict=verdict,
        why=planned.why if planned else "",
        reason=gate_reason(verdict),
        rules=tuple(_rule_page(text, whys) for text in (*rule_troubles(run, verdict), *passing)),
        problems=problem_texts(run, verdict),
    )


def _rule_page(text: RuleText, whys: dict[str, str]) -> RulePage:
    reasons = dict.fromkeys(whys[rule] for rule in text.rules if rule in whys)
    return RulePage(text=text, why=tuple(reasons))


def _whys(gate: Gate | None) -> dict[str, str]:
    return {rule.id: rule.why for rule in gate.rule} if gate else {}
