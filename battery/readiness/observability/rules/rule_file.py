"""What a rule file says."""

from collections.abc import Iterator

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown
from battery.readiness.observability.promql.expression import Expression


class RulesUnreadable(BatteryError):
    """Prometheus would refuse the file: says which file, where in it and why."""

    exit_code = 2

    def __init__(self, file: str, problem: str, *, where: str = "") -> None:
        self.file, self.problem, self.where = file, problem, where
        super().__init__(f"{shown(file, 200)}: {where}{': ' if where else ''}{problem}")


class Rule(Frozen, frozen=True, kw_only=True):
    """One rule; an alert has a name and may wait, a recording rule makes a series of that name."""

    name: str
    alerting: bool
    expression: Expression
    labels: dict[str, str] = {}
    annotations: dict[str, str] = {}
    hold: float | None = None
    """`for` in seconds; none where the file does not state it."""

    @property
    def key(self) -> tuple[str, bool, str, tuple[tuple[str, str], ...]]:
        """What makes two rules the same rule."""
        return self.name, self.alerting, self.expression.text.strip(), tuple(sorted(self.labels.items()))


class Group(Frozen, frozen=True, kw_only=True):
    """Rules that are evaluated one after the other, each interval."""

    name: str
    rules: tuple[Rule, ...]
    interval: float | None = None


class RuleFile(Frozen, frozen=True, kw_only=True):
    """A sound rule file."""

    file: str
    groups: tuple[Group, ...]

    @property
    def rules(self) -> Iterator[Rule]:
        """Every rule in order."""
        return (rule for group in self.groups for rule in group.rules)

    @property
    def alerts(self) -> tuple[Rule, ...]:
        """The rules that can fire."""
        return tuple(rule for rule in self.rules if rule.alerting)

    @property
    def recorded(self) -> frozenset[str]:
        """The names of the series that the file makes."""
        return frozenset(rule.name for rule in self.rules if not rule.alerting)
