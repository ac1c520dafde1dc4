"""One PromQL expression: parsed within bounds, or refused with a reason."""

import re
from typing import TYPE_CHECKING

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown
from battery.readiness.observability.promql.selector import Matcher, Selector

if TYPE_CHECKING:
    import promql_parser

LONGEST = 16 * 1024
# The parser recurses in native code: a deeper expression would end the process, not raise.
_DEEPEST = 100
_MOST_OPERATORS = 1000
_OPERATOR = re.compile(r"[-+*/%^=<>]|\b(?:and|or|unless|atan2)\b", re.IGNORECASE)
_RENAMED = {"holt_winters": "Prometheus 3 calls it double_exponential_smoothing"}


class ExpressionInvalid(BatteryError):
    """An expression that Prometheus would not take: says which and why."""

    exit_code = 2


class Expression(Frozen, frozen=True, kw_only=True):
    """A valid expression: its text, the selectors in it, and what it needs Prometheus to allow."""

    text: str
    selectors: tuple[Selector, ...]
    experimental: tuple[str, ...] = ()
    constant: bool = False
    """Whether it names no series and no time: it has the same value for ever."""


def parse_expression(text: str) -> Expression:
    """The expression in `text`.

    Raises: ExpressionInvalid.
    """
    _refuse_hostile(text)
    import promql_parser

    try:
        tree = promql_parser.parse(text)
    except ValueError as error:
        raise ExpressionInvalid(f"{shown(text)}: {_reason(str(error))}") from error
    seen = _Seen()
    promql_parser.walk(tree, seen.visit)
    return Expression(
        text=text,
        selectors=tuple(dict.fromkeys(seen.selectors)),
        experimental=tuple(dict.fromkeys(seen.experimental)),
        constant=not seen.selectors and not seen.moving,
    )


class _Seen:
    """What was met on the walk through one tree."""

    def __init__(self) -> None:
        self.selectors: list[Selector] = []
        self.experimental: list[str] = []
        self.moving = False

    def visit(self, node: object) -> None:
        """Take one node in."""
        import promql_parser

        if isinstance(node, promql_parser.VectorSelector):
            self.selectors.append(_selector(node))
        elif isinstance(node, promql_parser.MatrixSelector):
            self.selectors.append(_selector(node.vector_selector))
        elif isinstance(node, promql_parser.Call):
            self.moving = self.moving or node.func.name in _OF_TIME
            if node.func.experimental:
                self.experimental.append(node.func.name)


_OF_TIME = {
    "time",
    "hour",
    "minute",
    "month",
    "year",
    "day_of_month",
    "day_of_week",
    "day_of_year",
    "days_in_month",
}
_OPERATORS = {"MatchOp.Equal": "=", "MatchOp.NotEqual": "!=", "MatchOp.Re": "=~", "MatchOp.NotRe": "!~"}


def _selector(node: "promql_parser.VectorSelector") -> Selector:
    if node.matchers.or_matchers:
        raise ExpressionInvalid(f'{shown(str(node))}: "or" between matchers is not Prometheus\'s language')
    matchers = [
        Matcher(label=one.name, operator=_OPERATORS[str(one.op)], value=one.value)
        for one in node.matchers.matchers
    ]
    name = node.name or next((m.value for m in matchers if m.label == "__name__" and m.operator == "="), "")
    return Selector(name=name, matchers=tuple(m for m in matchers if m.label != "__name__" or not name))


def _refuse_hostile(text: str) -> None:
    if len(text) > LONGEST:
        raise ExpressionInvalid(f"{shown(text, 40)}: {len(text)} characters, at most {LONGEST} are read")
    depth = deepest = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        deepest = max(deepest, depth)
    if deepest > _DEEPEST or len(_OPERATOR.findall(text)) > _MOST_OPERATORS:
        raise ExpressionInvalid(f"{shown(text, 40)}: nested too deeply, or too many operators, to be read")


def _reason(message: str) -> str:
    for name, hint in _RENAMED.items():
        if name in message:
            return f"{message}; {hint}"
    return message or "no PromQL"
