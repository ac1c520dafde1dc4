"""The queries of a dashboard as PromQL."""

from collections.abc import Iterator

from battery.model.frozen import Frozen
from battery.readiness.observability.dashboards.dashboard import Dashboard
from battery.readiness.observability.dashboards.variables import ANY_WORD, MATCH_ALL, readings
from battery.readiness.observability.promql.expression import (
    Expression,
    ExpressionInvalid,
    parse_expression,
)
from battery.readiness.observability.promql.selector import Selector


class Query(Frozen, frozen=True, kw_only=True):
    """One query of one panel; without an expression, the trouble that it has."""

    panel: str
    expression: Expression | None
    trouble: str = ""

    @property
    def selectors(self) -> tuple[Selector, ...]:
        """What it selects; what a variable stands for is left out, for it may be anything."""
        if self.expression is None:
            return ()
        return tuple(
            Selector(name=one.name, matchers=tuple(m for m in one.matchers if MATCH_ALL not in m.value))
            for one in self.expression.selectors
            if ANY_WORD not in one.name
        )


def queries_of(dashboard: Dashboard) -> Iterator[Query]:
    """Every query of the panels that draw."""
    for panel in dashboard.panels:
        if panel.draws:
            yield from (_query(panel.title or "untitled", text) for text in panel.queries)


def _query(panel: str, text: str) -> Query:
    """The first reading that is PromQL; where none is, what is wrong with the first."""
    troubles = []
    for reading in readings(text):
        try:
            return Query(panel=panel, expression=parse_expression(reading))
        except ExpressionInvalid as error:
            troubles.append(str(error))
    return Query(panel=panel, expression=None, trouble=troubles[0])
