"""The share of bad requests over a window, in PromQL."""

from battery.readiness.observability.promql.expression import parse_expression
from battery.readiness.observability.promql.selector import Matcher, Selector
from battery.readiness.observability.slo.objective import Objective


def error_ratio(objective: Objective, window: str) -> str:
    """The expression. It has no value while there are no requests: nothing is spent then."""
    if objective.kind == "availability":
        bad, total = _rate(_selector(objective.errors), window), _rate(_selector(objective.total), window)
        # A service that never failed yet may have no series of errors at all: that is no errors, not no value.
        return f"({bad} or 0 * {total}) / {total}"
    histogram = _selector(objective.histogram)
    good = Selector(name=f"{histogram.name}_bucket", matchers=(*histogram.matchers, _bound(objective)))
    every = Selector(name=f"{histogram.name}_count", matchers=histogram.matchers)
    return f"1 - {_rate(good, window)} / {_rate(every, window)}"


def recorded_name(window: str) -> str:
    """The series that holds it."""
    return f"slo:error_ratio:rate{window}"


def _rate(selector: Selector, window: str) -> str:
    return f"sum(rate({selector}[{window}]))"


def _bound(objective: Objective) -> Matcher:
    """The bucket; some libraries write whole bounds as "1" and some as "1.0"."""
    bound = f"{objective.seconds:g}"
    if "." in bound or "e" in bound:
        return Matcher(label="le", operator="=", value=bound)
    return Matcher(label="le", operator="=~", value=rf"{bound}(\.0)?")


def _selector(text: str) -> Selector:
    return parse_expression(text).selectors[0]
