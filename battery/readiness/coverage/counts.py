"""Counts as reports write them: whole, not negative, and at peace with the totals stated beside them."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from battery.readiness.coverage.report import CoverageUnreadable, shown

# Eighteen digits hold every count a machine can make and stay inside a 64-bit integer.
_WHOLE = re.compile(r"[0-9]{1,18}\Z")


class Pair(NamedTuple):
    """How many there are, and how many of them were covered."""

    total: int
    covered: int


def whole(text: str, what: str) -> int:
    """The count written in `text`. Raises: CoverageUnreadable for a sign, a fraction, NaN or no digits."""
    if not _WHOLE.match(text):
        raise CoverageUnreadable(f"{what} is {shown(text)!r}, not a whole number")
    return int(text)


def attribute(attributes: Mapping[str, str], key: str, where: str) -> str:
    """An attribute that must be there. Raises: CoverageUnreadable."""
    if key not in attributes:
        raise CoverageUnreadable(f"{where} has no attribute {key}")
    return attributes[key]


def refuse_flattery(what: str, used: Pair, told: Pair) -> None:
    """Raises: CoverageUnreadable when `used` is better than what the same report tells elsewhere.

    The report was then cut or edited, and the better number would be a silent gift.
    """
    if told.covered > told.total or used.total < told.total or used.covered > told.covered:
        raise CoverageUnreadable(
            f"{what} contradict themselves: {used.covered} of {used.total} in one place, "
            f"{told.covered} of {told.total} in another"
        )
