"""Quantities as people write them, "5 s", "100/s": text in definitions, floats in base units inside."""

import re
from typing import Annotated

from msgspec import Meta

# Digits are counted so that every quantity is finite and any duration can be added to today's date.
# `$(?!\n)` ends a text for Python, where a bare `$` lets a newline follow, and for JSON Schema, which lacks `\Z`.
_DURATION = r"^(?:[0-9]{1,9}(?:\.[0-9]{1,9})? ?(?:ms|s|min)|[0-9]{1,5}(?:\.[0-9]{1,9})? ?(?:h|d))$(?!\n)"
_RATE = r"^[0-9]{1,9}(?:\.[0-9]{1,9})? ?/ ?(?:s|min)$(?!\n)"
_PARTS = re.compile(r"([0-9.]+) ?/? ?([a-z]+)")
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}

Duration = Annotated[
    str,
    Meta(
        pattern=_DURATION,
        title="duration",
        description='a duration such as "500 ms", "5 s", "2 min" or "24h"',
    ),
]
Rate = Annotated[
    str,
    Meta(pattern=_RATE, title="rate", description='a rate such as "100/s" or "30/min"'),
]


def seconds(duration: str) -> float:
    """A duration in seconds.

    Raises: ValueError when the text is not a number and one of the units ms, s, min, h, d.
    """
    if re.match(_DURATION, duration.strip()) is None:
        raise ValueError(f'{duration!r} is not a duration such as "500 ms", "5 s", "2 min" or "24h"')
    number, unit = _parts(duration)
    return number * _SECONDS[unit]


def per_second(rate: str) -> float:
    """A rate in events per second.

    Raises: ValueError when the text is not a number over s or min.
    """
    if re.match(_RATE, rate.strip()) is None:
        raise ValueError(f'{rate!r} is not a rate such as "100/s" or "30/min"')
    number, unit = _parts(rate)
    return number / _SECONDS[unit]


def _parts(quantity: str) -> tuple[float, str]:
    match = _PARTS.fullmatch(quantity.strip())
    assert match is not None, "the stricter pattern matched"  # noqa: S101 -- states an invariant
    return float(match[1]), match[2]
