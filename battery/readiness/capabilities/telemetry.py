"""Telemetry: enough metrics of its own, rules that watch them, dashboards that show them."""

from battery.model.frozen import Frozen
from battery.readiness.capabilities.capability import Aspect, Capability, Known, at_least, judged

OWN_METRICS = 20


class TelemetryFacts(Frozen, frozen=True, kw_only=True):
    """How many there are, and whether they are sound: parse, and name series that exist."""

    own_metrics: int | None = None
    """Metrics of the service itself: those that every process or runtime has are not counted."""
    alert_rules: int | None = None
    rules_sound: Known = None
    dashboards: int | None = None
    dashboards_sound: Known = None


def telemetry(facts: TelemetryFacts) -> Capability:
    """Judge it. Rules that do not exist are not sound."""
    rules, boards = at_least(facts.alert_rules, 1), at_least(facts.dashboards, 1)
    return judged(
        "telemetry",
        "Telemetry",
        [
            Aspect(
                what=f"at least {OWN_METRICS} metrics of its own",
                held=at_least(facts.own_metrics, OWN_METRICS),
                note="" if facts.own_metrics is None else str(facts.own_metrics),
            ),
            Aspect(what="has alert rules", held=rules),
            Aspect(what="its rules name series that exist", held=rules and facts.rules_sound),
            Aspect(what="has dashboards", held=boards),
            Aspect(what="its dashboards show series that exist", held=boards and facts.dashboards_sound),
        ],
    )


_OF_EVERYBODY = (
    "process_",
    "python_",
    "go_",
    "jvm_",
    "nodejs_",
    "dotnet_",
    "ruby_",
    "promhttp_",
    "scrape_",
    "system_",
)


_CREATED = "_created"


def own_metrics(names: tuple[str, ...]) -> int:
    """How many of some metrics are the service's own; when another one was created tells nothing of its own."""
    own = {name for name in names if not name.startswith(_OF_EVERYBODY)}
    bases = {name.removesuffix(_CREATED) for name in own if name.endswith(_CREATED)}
    return len(own) - sum(bool({base, f"{base}_total"} & own) for base in bases)
