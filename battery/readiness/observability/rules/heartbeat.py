"""The heartbeat: whether any alert would tell that the target itself is gone, or no longer does its work."""

from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.rules.rule_file import Rule, RuleFile

# What is true of a target that is gone, or of a heartbeat that is too old.
_SIGNS = ("absent(", "absent_over_time(", "time()-")


def heartbeat_flaws(files: Iterable[RuleFile]) -> Iterator[Flaw]:
    """A warning where no alert watches `up`, an absence, or the age of a heartbeat."""
    alerts = [rule for file in files for rule in file.alerts]
    if alerts and not any(_watches(rule) for rule in alerts):
        text = (
            "no alert tells that the target is gone: every other one is silent when there are no metrics; "
            "add one on up == 0, on absent(…), or on the age of a heartbeat"
        )
        yield Flaw(rule="rules.heartbeat", where="all rule files", text=text, weight="warning")


def _watches(rule: Rule) -> bool:
    compact = "".join(rule.expression.text.split())
    return any(sign in compact for sign in _SIGNS) or any(
        selector.name == "up" for selector in rule.expression.selectors
    )
