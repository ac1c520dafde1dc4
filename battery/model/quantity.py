"""Quantities as people write them, "5 s", "100/s": text in definitions, floats in base units inside."""

import re
from typing import Annotated

from msgspec import Meta

_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"^(\d+(?:\.\d+)?) ?(ms|s|min|h|d)$")
_RATE = re.compile(r"^(\d+(?:\.\d+)?) ?/ ?(s|min)$")

Duration = Annotated[
    str,
    Meta(
        pattern=_DURATION.pattern,
        title="duration",
        description='a duration such as "500 ms", "5 s", "2 min" or "24h"',
    ),
]
Rate = Annotated[
    str,
    Meta(pattern=_RATE.pattern, title="rate", description='a rate such as "100/s" or "30/min"'),
]


def seconds(duration: str) -> float:
    """A duration in seconds.

    Raises: ValueError when the text is not a number and one of the units ms, s, min, h, d.
    """
    match = _DURATION.match(duration.strip())
    if match is None:
        raise ValueError(f'"{duration}" is not a duration such as "500 ms", "5 s", "2 min" or "24h"')
    return float(match[1]) * _SECONDS[match[2]]


def per_second(rate: str) -> float:
    """A rate in events per second.

    Raises: ValueError when the text is not a number over s or min.
    """
    match = _RATE.match(rate.strip())
    if match is None:
        raise ValueError(f'"{rate}" is not a rate such as "100/s" or "30/min"')
    return float(match[1]) / _SECONDS[match[2]]
