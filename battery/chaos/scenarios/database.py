"""Scenario 4, database: its connections are cut, it is gone, slow, or gives no more of them; every promise must hold."""

from collections.abc import Callable, Sequence
from time import monotonic

from battery.chaos.faults.interface import Fault
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.faults.sqlite_lock import SqliteLock
from battery.chaos.scenarios.dependency import not_proxied
from battery.chaos.scenarios.durable_writes import Writes, durable_writes
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Dependency

LIES = "chaos.ready.lies"
_MOSTLY = 0.5
_STALE = 1.0
_FEWEST = 3


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
                with world.prober(endpoint) as prober:
                    zero = monotonic() - prober.now()
                    watched = experiment.under(prober)
                    for repeat in range(1, pace.repeats + 1):
                        for make in self._faults(world, each, pace):
                            trial = watched.run(make(), repeat)
                            found.append(trial)
                            number, told = _lies(trial, endpoint.name if each.endpoint else "", zero, writes)
                            findings.count(LIES, number, told)
                findings.proofs.append(watched.punctuality())
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


def _lies(trial: Trial, endpoint: str, zero: float, writes: Writes) -> tuple[int | None, str]:
    """Whether ready said yes more often than not while most answers of the endpoint were wrong, or most writes unanswered.

    What ready says in the first second may still be what it saw before; what it answers after the fault is no lie.
    """
    if trial.timeline is None or trial.series is None:
        return None, f"{trial.fault}: {trial.problem or 'no series'}"
    # Taking a fault away takes a while, and what is served meanwhile says nothing about the time before.
    begin, end = trial.timeline.marks.injected, trial.removing
    during = [probe for probe in trial.series.probes if begin <= probe.at < end]
    said = [
        probe.ok
        for probe in during
        if probe.request == "ready" and probe.at >= begin + _STALE and probe.done <= end
    ]
    answers = [probe.ok and probe.done <= end for probe in during if probe.request == endpoint]
    acknowledged, written = writes.served(zero + begin, zero + end)
    if max(len(answers), written) < _FEWEST:
        return None, f"{trial.fault}: nothing that needs the database was asked while it was harmed"
    failing = _mostly_failing(endpoint, sum(answers), len(answers)) or _mostly_failing(
        "writes", acknowledged, written
    )
    if not failing:
        return 0, ""
    if len(said) < _FEWEST:
        return None, f"{trial.fault}: {failing}, and ready answered only {len(said)} times"
    if sum(said) <= _MOSTLY * len(said):
        return 0, ""
    return 1, f"{trial.fault}: {failing}, and ready said yes {sum(said)} times out of {len(said)}"


def _mostly_failing(what: str, good: int, number: int) -> str:
    if number < _FEWEST or good > _MOSTLY * number:
        return ""
    return f"{number - good} of {number} {what} were not served in time"
