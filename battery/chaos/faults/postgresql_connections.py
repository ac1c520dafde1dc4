"""The PostgreSQL exhaustion fault: holds every connection that the server gives to ordinary users."""

import importlib.util
import os
import re
from collections.abc import Collection, Mapping

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order, Said
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.postgresql_hosts import hosts_of
from battery.chaos.faults.reach import outside
from battery.chaos.undo.steps import UndoStep

MOST_CONNECTIONS = 2000
_START_SECONDS = 30.0
_PROOF_SECONDS = 10.0
_DRIVER = re.compile(r"^(postgres(?:ql)?)\+[a-z0-9_]+://")


class PostgresqlExhaustion:
    """Connects as the target does, until the server refuses, and takes each place again that becomes free."""

    name = "postgresql exhaustion"

    def __init__(
        self,
        dsn: str,
        *,
        most: int = MOST_CONNECTIONS,
        named: Collection[str] = (),
        limit: float = 60.0,
        patience: float = _PROOF_SECONDS,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self.limit = limit
        self._patience = patience
        # SQLAlchemy writes the driver into the scheme.
        self._dsn = _DRIVER.sub(r"\1://", dsn)
        self._most, self._named, self._environ = most, tuple(named), environ
        self._agent = Agent("postgresql", "the PostgreSQL agent")
        self._time_limit = TimeLimit(limit, self.remove)

    def describe(self) -> str:
        """What it holds where."""
        return (
            f"holds every connection that the PostgreSQL server at {self._where()} gives to ordinary users, "
            f"{self._most} at most, for at most {self.limit:g} s"
        )

    def obstacle(self) -> str:
        """Why it must not or cannot connect."""
        if importlib.util.find_spec("asyncpg") is None:
            return "asyncpg is not installed: pip install 'hardening-battery[postgresql]'"
        if not self._dsn.startswith(("postgres://", "postgresql://")):
            return "the connection string does not start with postgresql://"
        try:
            hosts = hosts_of(self._dsn, self._environ)
        except ValueError as error:
            return f"the connection string is no URL such as postgresql://user@127.0.0.1:5432/app: {error}"
        return next((why for host, port in hosts if (why := outside(host, port, self._named))), "")

    def undo(self) -> tuple[UndoStep, ...]:
        """End the child, and its connections with it."""
        return (self._agent.undo,)

    def inject(self) -> None:
        """Start the child and wait until it holds what there is.

        Raises: FaultFailed with the server's words when it cannot connect at all.
        """
        self._time_limit.begin()
        order = Order(seconds=self.limit, amounts={"most": float(self._most)}, texts={"dsn": self._dsn})
        self._agent.start(order)
        if self._agent.hear("holding", _START_SECONDS) is None:
            raise FaultFailed(f"postgresql exhaustion: its child said nothing within {_START_SECONDS:g} s")

    def prove(self) -> Effect:
        """Whether the server refuses ordinary users, by its own word or its own count."""
        if not self._agent.alive:
            return Effect(seen=False, meter="no connection is held" + self._time_limit.words())
        said = self._agent.hear("holding", self._patience, _exhausted)
        if said is None:
            return Effect(seen=False, meter="the PostgreSQL agent has not said what it holds")
        numbers = said.numbers
        counted = f", the server counts {numbers['taken']:.0f}" if numbers["taken"] else ""
        meter = (
            f"{numbers['held']:.0f} connections are held of {numbers['ceiling']:.0f} for ordinary users{counted}; "
            f"{numbers['refused']:.0f} further ones were refused"
        )
        return Effect(seen=_exhausted(said), meter=meter)

    def remove(self) -> None:
        """End the child."""
        self._time_limit.cancel()
        self._agent.end()

    def _where(self) -> str:
        """The host and port, without user and password."""
        try:
            hosts = hosts_of(self._dsn, self._environ)
        except ValueError:
            return "a place that its connection string does not tell"
        told = [f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in hosts]
        return ", ".join(told) or "its socket"


def _exhausted(said: Said) -> bool:
    numbers = said.numbers
    return numbers["held"] > 0 and (numbers["refused"] > 0 or numbers["taken"] >= numbers["ceiling"] > 0)
