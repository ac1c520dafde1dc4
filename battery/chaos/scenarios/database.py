"""Scenario 4, database: its connections are cut, it is gone, slow, or gives no more of them; every promise must hold."""

from collections.abc import Callable, Sequence
from time import monotonic

from battery.chaos.faults.interface import Fault
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.faults.sqlite_lock import SqliteLock
from battery.chaos.scenarios.dependency import not_proxied
from battery.chaos.scenarios.durable_writes import durable_writes
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.ready_lies import lies, stood
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Dependency

LIES = "chaos.ready.lies"


class Database:
    """Harms the way to each database while numbered records are written through the target."""

    id = "database"
    title = "the database is gone, slow or out of connections"
    story = (
        "The way to the database is cut, delayed and swallowed (an SQLite file is locked instead), while records are written "
        "through the target. Ready must say that it cannot serve, and every acknowledged record must be there once, afterwards."
    )

    def obstacle(self, world: World) -> str:
        """Without a database, or without its way through us, there is nothing to harm."""
        declared = databases(world)
        if not declared:
            return 'battery.toml names no [[dependency]] of kind postgresql or sqlite; where there is none, say so: [chaos.not_applicable] database = "why"'
        return next((why for each in declared if each.upstream and (why := not_proxied(world, each))), "")

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line a fault."""
        return [make().describe() for each in databases(world) for make in self._faults(world, each, pace)]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Each database, each fault, each repeat."""
        found: list[Trial] = []
        with durable_writes(world, findings) as writes:
            for each in databases(world):
                endpoint = world.endpoint(each.endpoint)
                with world.prober(endpoint, period=pace.period) as prober:
                    zero = monotonic() - prober.now()
                    watched = experiment.under(prober)
                    for repeat in range(1, pace.repeats + 1):
                        for make in self._faults(world, each, pace):
                            trial = watched.run(make(), repeat)
                            found.append(trial)
                            begin, end = stood(trial)
                            served = writes.served(zero + begin, zero + end)
                            number, told = lies(trial, endpoint.name if each.endpoint else "", served)
                            findings.count(LIES, number, told)
        return found

    def _faults(self, world: World, declared: Dependency, pace: Pace) -> list[Callable[[], Fault]]:
        if declared.kind == "sqlite":
            return [lambda: SqliteLock(world.base / declared.file)]
        proxies, proxy = world.lines.proxies, world.lines.to_dependency(declared).proxy
        faults: list[Callable[[], Fault]] = [lambda: NetworkDown(proxies, proxy)]
        if pace.every_fault:
            faults += [
                lambda: NetworkToxic(proxies, proxy, "reset_peer", {"timeout": 0}, patience=0.5),
                lambda: NetworkToxic(proxies, proxy, "timeout", {"timeout": 0}, patience=0.5),
                lambda: NetworkToxic(proxies, proxy, "latency", {"latency": 2000}, patience=0.5),
            ]
        if declared.kind == "postgresql" and (dsn := world.direct_dsn(declared)):
            from battery.chaos.faults.postgresql_connections import PostgresqlExhaustion

            faults.append(lambda: PostgresqlExhaustion(dsn, named=world.named))
        return faults


def databases(world: World) -> list[Dependency]:
    """Those that hold what the target remembers."""
    return [each for each in world.definition.dependency if each.is_database]
