"""The canary: looks for a network fault by one request through the proxy and one that goes without it.

For servers that count nothing, as the original does, and for proxies that nobody else uses at the moment.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from battery.chaos.faults.canary_exchange import exchange
from battery.chaos.faults.canary_signs import delay_of, sign_of
from battery.chaos.faults.interface import Effect
from battery.chaos.recovery.request import Place

_DIRECT_SECONDS = 5.0
_LEAST_SECONDS = 1.0
_SLOWER = 3.0  # times as long as without the proxy: a fault that silences is known by then
_MARGIN = 2.0


class Ways(NamedTuple):
    """The target without the proxy, the target through it, and the bytes of a request that it answers."""

    direct: Place
    through: Place
    request: bytes


class Canary:
    """Looks for one kind of fault; the ways are asked for when it first looks."""

    def __init__(self, ways: Callable[[], Ways], kind: str, attributes: Mapping[str, int]) -> None:
        self._ways, self._kind, self._attributes = ways, kind, attributes

    def __call__(self) -> Effect:
        """Look once. An answer that is too slow without the proxy shows nothing."""
        ways = self._ways()
        direct = exchange(ways.direct, ways.request, _DIRECT_SECONDS)
        expected = delay_of(self._kind, self._attributes, direct.received)
        limit = max(_LEAST_SECONDS, _SLOWER * direct.end) + min(_MARGIN * expected, _DIRECT_SECONDS)
        through = exchange(ways.through, ways.request, limit)
        return sign_of(self._kind, self._attributes, through, direct)
