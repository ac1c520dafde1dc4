"""Rules beside a live target: a rule on a series that does not exist can never fire, however loud its name."""

from collections.abc import Iterable, Iterator

from battery.readiness.observability.flaw import Flaw
from battery.readiness.observability.metrics.exposition import Exposition
from battery.readiness.observability.promql.presence import State, presence_of
from battery.readiness.observability.rules.rule_file import Rule, RuleFile

_MADE_FOR_ABSENCE = ("absent(", "absent_over_time(")


def live_flaws(files: Iterable[RuleFile], exposition: Exposition) -> tuple[Flaw, ...]:
    """Series that rules name and the target does not have; a warning where they are only not initialised yet."""
    everything = tuple(files)
    recorded = frozenset(name for file in everything for name in file.recorded)
    return tuple(
        flaw for file in everything for rule in file.rules for flaw in _of_rule(rule, exposition, recorded)
    )


def _of_rule(rule: Rule, exposition: Exposition, recorded: frozenset[str]) -> Iterator[Flaw]:
    compact = "".join(rule.expression.text.split())
    for found in presence_of(rule.expression.selectors, exposition, recorded):
        if found.state is State.UNINITIALISED:
            text = f"{found.selector}: {found.why}"
            yield Flaw(rule="rules.uninitialised", where=rule.name, text=text, weight="warning")
        elif found.state is State.ABSENT:
            # An alert on absence names what may well be away: that it is away is then for Prometheus to tell.
            meant = any(word in compact for word in _MADE_FOR_ABSENCE)
            text = f"{found.selector}: {found.why}" + ("" if meant else ": the rule can never be true")
            yield Flaw(
                rule="rules.absent", where=rule.name, text=text, weight="warning" if meant else "error"
            )
