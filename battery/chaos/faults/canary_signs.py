"""The signs of network faults: what of an exchange through the proxy, beside one that goes directly, shows which fault. Pure."""

from collections.abc import Callable, Mapping

from battery.chaos.faults.canary_exchange import Exchange
from battery.chaos.faults.interface import Effect

DOWN = "down"
# Half of what a fault should cost: less than any of them costs, and far more than a detour by the proxy.
_PART = 0.5
_LEAST_SECONDS = 0.02  # what a busy machine may lose by itself
Attributes = Mapping[str, int]
Sign = Callable[[Attributes, Exchange, Exchange], Effect]


def sign_of(kind: str, attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    """Whether the exchange through the proxy bears the fault's sign, told with the figures of both."""
    if direct.how != "ended" or not direct.received:
        return Effect(seen=False, meter=f"no whole answer without the proxy either: {_told(direct)}")
    judge = _SIGNS.get(kind)
    if judge is None:
        return Effect(seen=False, meter=f"no canary sees a {kind}")
    return judge(attributes, through, direct)


def delay_of(kind: str, attributes: Attributes, size: int) -> float:
    """The seconds that a fault should cost an answer of so many bytes."""
    if kind == "slow_close":
        return attributes.get("delay", 0) / 1000
    if kind == "latency":
        return max(attributes.get("latency", 0) - attributes.get("jitter", 0), 0) / 1000
    if kind == "bandwidth" and attributes.get("rate"):
        return size / (attributes["rate"] * 1000)
    if kind == "slicer":
        largest = attributes.get("average_size", 0) + attributes.get("size_variation", 0)
        pieces = size / largest if largest > 0 else 1.0
        return max(pieces - 1, 0.0) * attributes.get("delay", 0) / 1_000_000
    return 0.0


def _later(
    what: str, kind: str, moment: Callable[[Exchange], float]
) -> Callable[[Attributes, Exchange, Exchange], Effect]:
    """A sign that is a delay: some moment comes later than without the proxy."""

    def judge(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
        # Of what came: the rest of a long answer was not waited for.
        expected = delay_of(kind, attributes, through.received or direct.received)
        if expected * _PART < _LEAST_SECONDS:
            words = f"{expected * 1000:.0f} ms on {through.received} bytes are too few to be told"
            return Effect(seen=False, meter=f"{kind}: {words}")
        if not through.received:
            return Effect(seen=False, meter=f"{kind}: {_told(through)}; {_told(direct)} without the proxy")
        found, usual = moment(through), moment(direct)
        words = f"{what} {found * 1000:.0f} ms, {usual * 1000:.0f} ms without the proxy"
        return Effect(seen=found - usual >= expected * _PART, meter=f"{kind}: {words}")

    return judge


def _bandwidth(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    if attributes.get("rate"):
        return _SLOWLY(attributes, through, direct)
    return _silence(attributes, through, direct)


def _silence(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    del attributes
    return _compared(through.received == 0 and through.how != "refused", through, direct)


def _reset(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    del attributes
    return _compared(through.how == "reset", through, direct)


def _cut(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    most = attributes.get("bytes", 0)
    cut = through.how in ("ended", "reset") and through.received <= most < direct.received
    return _compared(cut, through, direct)


def _down(attributes: Attributes, through: Exchange, direct: Exchange) -> Effect:
    del attributes
    return _compared(through.how in ("refused", "reset") and not through.received, through, direct)


def _compared(seen: bool, through: Exchange, direct: Exchange) -> Effect:
    return Effect(seen=seen, meter=f"{_told(through)}; {_told(direct)} without the proxy")


def _told(found: Exchange) -> str:
    ends = {
        "ended": "then the end",
        "reset": "then a reset",
        "refused": "connection refused",
        "open": "and no end",
    }
    if found.how == "refused":
        return ends["refused"]
    return f"{found.received} bytes {ends[found.how]} within {found.end * 1000:.0f} ms"


_SLOWLY = _later("the last byte came after", "bandwidth", lambda seen: seen.last)
_SIGNS: dict[str, Sign] = {
    "latency": _later("the first byte came after", "latency", lambda seen: seen.first),
    "slicer": _later("the last byte came after", "slicer", lambda seen: seen.last),
    "slow_close": _later("from the last byte to the connection's end", "slow_close", lambda seen: seen.lag),
    "bandwidth": _bandwidth,
    "timeout": _silence,
    "reset_peer": _reset,
    "limit_data": _cut,
    DOWN: _down,
}
