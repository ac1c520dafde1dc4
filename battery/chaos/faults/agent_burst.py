"""The battery's own burst: a child with plain sockets, bounded in count and time."""

from urllib.parse import urlsplit

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order
from battery.chaos.faults.burst import BurstCounts, BurstOrder
from battery.chaos.faults.interface import FaultFailed
from battery.chaos.undo.steps import UndoStep

_START_SECONDS = 15.0
# The child tells its last counts before its lifeline ends it.
_AFTERWARDS = 30.0
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


class AgentBurst:
    """Drives one burst from a child process."""

    def __init__(self, order: BurstOrder) -> None:
        self._order = order
        self._agent = Agent("burst", "the burst agent")

    @property
    def undo(self) -> tuple[UndoStep, ...]:
        """End the child."""
        return (self._agent.undo,)

    def begin(self) -> None:
        """Start the child and wait for its first word."""
        order = self._order
        amounts = {
            "connections": float(order.connections),
            "seconds": order.seconds,
            "requests": float(order.requests),
        }
        url = urlsplit(order.url)
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        port = url.port or (443 if url.scheme == "https" else 80)
        texts = {"scheme": url.scheme, "host": url.hostname or "", "port": str(port), "path": path}
        seconds = order.seconds + _AFTERWARDS
        self._agent.start(Order(seconds=seconds, amounts=amounts, texts=texts, headers=order.headers))
        if self._agent.hear("counts", _START_SECONDS) is None:
            raise FaultFailed(f"the burst agent said nothing within {_START_SECONDS:g} s")

    def counts(self) -> BurstCounts | None:
        """The last reading."""
        if not self._agent.pid:
            return None
        said = self._agent.hear("counts", 0)
        if said is None:
            return None
        numbers = {name: int(value) for name, value in said.numbers.items()}
        return BurstCounts(
            open=numbers["open"],
            sent=numbers["sent"],
            answered=sum(numbers[name] for name in _CLASSES),
            failed=numbers["failed"],
            by_class={name: numbers[name] for name in _CLASSES},
            finished=bool(numbers["finished"]),
        )

    def end(self) -> None:
        """End the child."""
        self._agent.end()
