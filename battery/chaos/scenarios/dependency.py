"""Scenario 3, dependency: something the target asks is gone, slow or half-dead; a breaker should open, and close again."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from battery.chaos.faults.canary_arrivals import ArrivalsCanary
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import Canary, NetworkToxic
from battery.chaos.scenarios.breaker_watch import BreakerWatch, record_watches, seconds_to_open
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Dependency as Declared

_LATENCY_MS = 3000
_HANGS = 0.5  # seconds that a call waits at least where nothing answers
_LIMIT = 60.0  # beyond the time that a fault shall stand


class Harm(NamedTuple):
    """A fault, and the seconds that it stands."""

    make: Callable[[], Fault]
    hold: float


class Dependency:
    """Harms the way to each dependency that is no database, and watches the endpoint that needs it."""

    id = "dependency"
    title = "a dependency is gone, slow or half-dead"
    story = (
        "The target reaches its dependency through a Toxiproxy that refuses, delays or swallows. Where a circuit breaker "
        "stands before it, failures must turn fast, half-open probes stay few, and it must close when the dependency is back."
    )

    def obstacle(self, world: World) -> str:
        """Only a dependency that the target reaches through us can be harmed."""
        declared = dependencies(world)
        if not declared:
            return 'battery.toml names no [[dependency]] but databases; where there is none, say so: [chaos.not_applicable] dependency = "why"'
        return next((why for each in declared if (why := not_proxied(world, each))), "")

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line a fault."""
        return [
            harm.make().describe() for each in dependencies(world) for harm in self._harms(world, each, pace)
        ]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Each dependency, each fault, each repeat."""
        findings.facts["network faults by"] = world.lines.words
        found: list[Trial] = []
        watches: list[BreakerWatch] = []
        for each in dependencies(world):
            endpoint = world.endpoint(each.endpoint)
            with world.prober(endpoint, period=pace.period) as prober:
                watched = experiment.under(prober)
                asking: Experiment | BreakerWatch = watched
                if each.breaker:
                    asking = BreakerWatch(world, each, endpoint, prober, watched)
                    watches.append(asking)
                for repeat in range(1, pace.repeats + 1):
                    found += [
                        asking.run(harm.make(), repeat, hold=harm.hold)
                        for harm in self._harms(world, each, pace)
                    ]
        record_watches(watches, findings)
        return found

    def _harms(self, world: World, declared: Declared, pace: Pace) -> list[Harm]:
        """Long enough for a breaker to count its failures; where calls hang, those come late."""
        line = world.lines.to_dependency(declared)
        proxies, tap = world.lines.proxies, line.tap
        enough = seconds_to_open(declared) if declared.breaker else 0.0
        limit = _LIMIT + pace.hold + enough

        def canary(least: float) -> Canary | None:
            return ArrivalsCanary(tap.journal, least) if tap is not None else None

        def toxic(kind: str, attributes: dict[str, int], least: float) -> Harm:
            return Harm(
                lambda: NetworkToxic(
                    proxies, line.proxy, kind, attributes, patience=0.5, limit=limit, canary=canary(least)
                ),
                pace.hold + enough,
            )

        down = Harm(
            lambda: NetworkDown(proxies, line.proxy, limit=limit, canary=canary(_HANGS)),
            max(pace.hold, enough),
        )
        if not pace.every_fault:
            return [down]
        return [
            down,
            toxic("latency", {"latency": _LATENCY_MS}, _LATENCY_MS / 2000),
            toxic("timeout", {"timeout": 0}, _HANGS),
        ]


def dependencies(world: World) -> list[Declared]:
    """Those that are no database."""
    return [each for each in world.definition.dependency if not each.is_database]


def not_proxied(world: World, declared: Declared) -> str:
    """Why the way to a dependency cannot be harmed; empty when it can."""
    if world.is_proxied(declared):
        return ""
    return (
        f"the target does not reach {declared.name} through the battery: let the battery start it ([process] command) "
        f"and give it the address {{dependency.{declared.name}}} in [process] env or command"
    )
