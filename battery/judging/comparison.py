"""The comparison: what a rule's operator means."""

import operator
from collections.abc import Callable

from battery.model.gate import Operator

_MEANING: dict[Operator, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}


def holds(value: float, sign: Operator, limit: float) -> bool:
    """Whether the value stands to the limit as the operator says."""
    return _MEANING[sign](value, limit)
