"""An objective: which share of requests shall be good over thirty days."""

from typing import Annotated, Literal

from msgspec import Meta

from battery.errors import DefinitionError
from battery.model.frozen import Frozen
from battery.readiness.observability.promql.expression import ExpressionInvalid, parse_expression
from battery.readiness.observability.slo.burn_rates import FASTEST

_Name = Annotated[
    str,
    Meta(
        pattern=r"^[a-z][a-z0-9_]{0,59}$(?!\n)",
        title="name",
        description="lower-case letters, digits and '_', a letter first",
    ),
]
_Target = Annotated[
    float, Meta(gt=0, lt=100, title="target", description="a percentage above 0 and below 100")
]
_Seconds = Annotated[float, Meta(gt=0, title="seconds", description="a number of seconds above 0")]
_Text = Annotated[str, Meta(min_length=1)]


class Objective(Frozen, frozen=True, kw_only=True):
    """One objective.

    Availability: `total` selects the requests and `errors` those that failed, as in
    total = 'http_requests_total{job="shop"}', errors = 'http_requests_total{job="shop",code=~"5.."}'.
    Latency: `histogram` names a histogram with a bucket of exactly `seconds`; slower requests spend the budget.
    """

    name: _Name
    kind: Literal["availability", "latency"]
    target: _Target
    runbook_url: _Text
    total: str = ""
    errors: str = ""
    histogram: str = ""
    seconds: _Seconds | None = None
    window: Literal["30d"] = "30d"

    @property
    def budget(self) -> float:
        """The share of requests that may be bad: 0.001 for 99.9 %."""
        return round(1 - self.target / 100, 12)


class Objectives(Frozen, frozen=True, kw_only=True):
    """A file of objectives."""

    objective: Annotated[tuple[Objective, ...], Meta(min_length=1)]


def check(objectives: Objectives, file: str) -> Objectives:
    """The objectives, if alerts can be made of them.

    Raises: DefinitionError that names the key.
    """
    names = [objective.name for objective in objectives.objective]
    for index, objective in enumerate(objectives.objective):
        key = f"objective[{index}]"
        if names.index(objective.name) != index:
            raise DefinitionError(file, f'"{objective.name}" stands twice', key=f"{key}.name")
        _check_target(objective, file, key)
        _check_series(objective, file, key)
    return objectives


def _check_target(objective: Objective, file: str, key: str) -> None:
    """A budget so large that the fastest alert would need more errors than requests: it could never fire."""
    if FASTEST * objective.budget >= 1:
        lowest = 100 * (1 - 1 / FASTEST)
        problem = f"{objective.target:g} leaves so large a budget that the alert at {FASTEST:g} times could never fire"
        raise DefinitionError(file, f"{problem}; expected more than {lowest:.2f}", key=f"{key}.target")


def _check_series(objective: Objective, file: str, key: str) -> None:
    needed = ("total", "errors") if objective.kind == "availability" else ("histogram", "seconds")
    foreign = {"total", "errors", "histogram", "seconds"} - set(needed)
    for field in needed:
        if not getattr(objective, field):
            raise DefinitionError(file, f"is required for {objective.kind} and missing", key=f"{key}.{field}")
    for field in sorted(foreign):
        if getattr(objective, field):
            raise DefinitionError(file, f"means nothing for {objective.kind}", key=f"{key}.{field}")
    for field in needed[: 2 if objective.kind == "availability" else 1]:
        _check_selector(getattr(objective, field), file, f"{key}.{field}")


def _check_selector(text: str, file: str, key: str) -> None:
    try:
        expression = parse_expression(f"rate(({text})[5m:])" if "[" in text else f"rate({text}[5m])")
    except ExpressionInvalid as error:
        raise DefinitionError(
            file, f"is no series: {error}", key=key, hint="such as x_total{a='b'}"
        ) from error
    if len(expression.selectors) != 1 or not expression.selectors[0].name:
        raise DefinitionError(file, "expected the name of one series, with its labels", key=key)
