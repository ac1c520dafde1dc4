"""The [observability] table: where rules, dashboards and logs stand, what is to be proven, and what cannot apply."""

from typing import Annotated, Literal, NamedTuple

from msgspec import Meta

from battery.model.frozen import Frozen
from battery.model.target import Name

ObservabilityPart = Literal[
    "health",
    "dependency",
    "metrics",
    "truth",
    "alerts",
    "objectives",
    "alert",
    "dashboards",
    "logs",
    "tracing",
]
_Pattern = Annotated[
    str,
    Meta(min_length=1, title="pattern", description='a file, a folder or a pattern such as "alerts/*.yml"'),
]
_Header = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$(?!\n)",
        title="header",
        description='the name of a header such as "traceparent"',
    ),
]


class Scope(NamedTuple):
    """The check that looks at a part, and the measures that it takes."""

    check: str
    measures: tuple[str, ...]


SCOPES: dict[ObservabilityPart, Scope] = {
    "health": Scope("health.answers", ("observability.health.defects", "observability.health.latency")),
    "dependency": Scope("health.dependency", ("observability.ready.defects",)),
    "metrics": Scope("metrics.exposition", ("observability.metrics.defects", "observability.metrics.series")),
    "truth": Scope(
        "metrics.truth", ("observability.counter.difference", "observability.histogram.difference")
    ),
    "alerts": Scope("alerts.rules", ("observability.alerts.defects",)),
    "objectives": Scope("alerts.objectives", ("observability.objectives.defects",)),
    "alert": Scope("alerts.proof", ("observability.alert.unproven", "observability.alert.delay")),
    "dashboards": Scope("dashboards.files", ("observability.dashboards.defects",)),
    "logs": Scope(
        "logs.lines",
        ("observability.logs.defects", "observability.logs.parsed", "observability.logs.complete"),
    ),
    "tracing": Scope("tracing.propagation", ("observability.tracing.defects",)),
}


def part_of(check: str) -> str:
    """The part of observability that a check of this id looks at; empty for any other check."""
    return next((part for part, scope in SCOPES.items() if scope.check == check), "")


class TruthTest(Frozen, frozen=True, kw_only=True):
    """The target's own counts that are compared with the battery's, as PromQL selectors; guessed where they are empty.

    `endpoints` are those that the counted requests go to: by default all that are asked by GET or HEAD.
    """

    counter: str = ""
    histogram: str = ""
    endpoints: tuple[Name, ...] = ()


class AlertToProve(Frozen, frozen=True, kw_only=True):
    """The alert that must fire when the way to a dependency is cut, and resolve when it is back.

    `endpoint` is asked meanwhile, so that the target notices; by default the one that the dependency names.
    """

    name: Annotated[str, Meta(min_length=1)]
    dependency: Name
    endpoint: str = ""


class Tracing(Frozen, frozen=True, kw_only=True):
    """The header that a trace is sent in: W3C's traceparent, or any other, which then holds the bare trace id."""

    header: _Header = "traceparent"


class Observability(Frozen, frozen=True, kw_only=True):
    """What shall be looked at. `rules`, `dashboards` and `objectives` start from the source tree, `logs` from battery.toml.

    `ready_needs` are the dependencies without which the service cannot serve; where there is one dependency only, it
    is that. `prometheus` is the program that proves the alert. A part that is declared not applicable is named on the
    certificate; one that is merely absent is undecided.
    """

    rules: tuple[_Pattern, ...] = ()
    dashboards: tuple[_Pattern, ...] = ()
    objectives: tuple[_Pattern, ...] = ()
    logs: tuple[_Pattern, ...] = ()
    ready_needs: tuple[Name, ...] = ()
    prometheus: Annotated[str, Meta(min_length=1)] = "prometheus"
    truth: TruthTest = TruthTest()
    alert: AlertToProve | None = None
    tracing: Tracing = Tracing()
    not_applicable: dict[ObservabilityPart, Annotated[str, Meta(min_length=1)]] = {}
