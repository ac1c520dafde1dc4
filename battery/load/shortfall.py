"""The shortfall: which endpoints' limits cannot be held for want of requests, however well they went. Pure."""

import math
from collections.abc import Callable, Sequence

from battery.model.target import Endpoint

# The fewest that give a p99 its 95 % upper bound; the rules of an endpoint's limits ask for no fewer.
_FEWEST = 299
_RISK = 0.05


def shortfalls(endpoints: Sequence[Endpoint], finished: Callable[[int], int]) -> tuple[str, ...]:
    """A line for each limited endpoint of which too few requests finished; `finished` counts them by its number."""
    lines = []
    for index, endpoint in enumerate(endpoints):
        limit, needed = _strictest(endpoint)
        if needed > (count := finished(index)):
            lines.append(
                f"endpoint {endpoint.name}: {count} requests finished, its {limit} in battery.toml needs {needed} "
                "(of fewer, even none failing proves nothing): run longer, or raise its rate, its weight or that limit"
            )
    return tuple(lines)


def _strictest(endpoint: Endpoint) -> tuple[str, int]:
    """The endpoint's limit that needs the most requests, and how many; 0 where it has none."""
    needs = [("", 0)]
    if endpoint.p99:
        needs.append((f"p99 limit of {endpoint.p99}", _FEWEST))
    if endpoint.errors:
        share = min(endpoint.errors / 100, 1 - 1e-9)
        needs.append(
            (
                f"errors limit of {endpoint.errors:g} %",
                max(_FEWEST, math.ceil(math.log(_RISK) / math.log1p(-share))),
            )
        )
    return max(needs, key=lambda need: need[1])
