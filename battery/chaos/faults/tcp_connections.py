"""The TCP exhaustion fault: holds so many silent connections that a pool or a listener has none left for others."""

from collections.abc import Collection

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.descriptors import most_connections
from battery.chaos.faults.agents.order import Order, Said
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.reach import outside
from battery.chaos.undo.steps import UndoStep
from battery.errors import UsageError

_START_SECONDS = 15.0
_PROOF_SECONDS = 5.0
_MOST = 100_000


class TcpExhaustion:
    """Holds `connections` to one address, and takes each place again that becomes free."""

    name = "tcp exhaustion"

    def __init__(
        self,
        host: str,
        port: int,
        *,
        connections: int,
        named: Collection[str] = (),
        limit: float = 60.0,
        patience: float = _PROOF_SECONDS,
    ) -> None:
        if not 0 < connections <= _MOST:
            raise UsageError(f"{connections} connections are asked for; it must be 1 to {_MOST}")
        self.limit = limit
        self._patience = patience
        self._host, self._port, self._wanted, self._named = host, port, connections, tuple(named)
        self._agent = Agent("tcp", "the TCP agent")
        self._time_limit = TimeLimit(limit, self.remove)

    def describe(self) -> str:
        """What it holds."""
        return (
            f"holds {self._wanted} connections to {self._host}:{self._port} that say nothing, "
            f"for at most {self.limit:g} s"
        )

    def obstacle(self) -> str:
        """Why it must not or cannot hold them."""
        most = most_connections()
        if self._wanted > most:
            return (
                f"{self._wanted} connections are asked for and a process may hold {most} here: "
                "ask for fewer or raise the limit (ulimit -Hn)"
            )
        return outside(self._host, self._port, self._named)

    def undo(self) -> tuple[UndoStep, ...]:
        """End the child, and its connections with it."""
        return (self._agent.undo,)

    def inject(self) -> None:
        """Start the child and wait for its first reading.

        Raises: FaultFailed when there is none.
        """
        self._time_limit.begin()
        amounts = {"port": float(self._port), "wanted": float(self._wanted)}
        self._agent.start(Order(seconds=self.limit, amounts=amounts, texts={"host": self._host}))
        if self._agent.hear("holding", _START_SECONDS) is None:
            raise FaultFailed(f"tcp exhaustion: its child said nothing within {_START_SECONDS:g} s")

    def prove(self) -> Effect:
        """Whether all are held, or others are refused while some are."""
        if not self._agent.alive:
            return Effect(seen=False, meter="no connection is held" + self._time_limit.words())
        said = self._agent.hear("holding", self._patience, self._exhausted)
        if said is None:
            return Effect(seen=False, meter="the TCP agent has not said what it holds")
        numbers = said.numbers
        meter = (
            f"{numbers['held']:.0f} of {self._wanted} connections to {self._host}:{self._port} are held; "
            f"{numbers['refused']:.0f} were refused, {numbers['closed']:.0f} closed by the other side"
        )
        return Effect(seen=self._exhausted(said), meter=meter)

    def remove(self) -> None:
        """End the child."""
        self._time_limit.cancel()
        self._agent.end()

    def _exhausted(self, said: Said) -> bool:
        held = said.numbers["held"]
        return held >= self._wanted or (held > 0 and said.numbers["refused"] > 0)
