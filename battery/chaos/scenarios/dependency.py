"""Scenario 3, dependency: something the target asks is gone, slow or half-dead; a breaker should open, and close again."""

from collections.abc import Callable, Sequence
from time import monotonic

from battery.chaos.breaker.arrival import arrivals_of
from battery.chaos.breaker.inference import infer
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Dependency as Declared

DEFECTS = "chaos.breaker.defects"
_FEWEST_CALLS = 25  # during an outage: what the inference needs, with some to spare
_PERIOD = 0.1


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
        return [make().describe() for each in dependencies(world) for make in self._faults(world, each, pace)]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Each dependency, each fault, each repeat."""
        findings.facts["network faults by"] = world.lines.words
        found: list[Trial] = []
        guarded = [each for each in dependencies(world) if each.breaker]
        if not guarded:
            findings.count(DEFECTS, 0, "battery.toml declares no breaker before a dependency")
        for each in dependencies(world):
            endpoint = world.endpoint(each.endpoint)
            with world.prober(endpoint) as prober:
                zero = monotonic() - prober.now()
                watched = experiment.under(prober)
                for repeat in range(1, pace.repeats + 1):
                    for make in self._faults(world, each, pace):
                        hold = max(pace.hold, _FEWEST_CALLS * _PERIOD) if each.breaker else pace.hold
                        trial = watched.run(make(), repeat, hold=hold)
                        found.append(trial)
                        if each.breaker:
                            _look_at_breaker(world, each, endpoint.name, trial, zero, findings)
            findings.proofs.append(watched.punctuality())
        return found

    def _faults(self, world: World, declared: Declared, pace: Pace) -> list[Callable[[], Fault]]:
        proxies, proxy = world.lines.proxies, world.lines.to_dependency(declared).proxy
        down: list[Callable[[], Fault]] = [lambda: NetworkDown(proxies, proxy)]
        if not pace.every_fault:
            return down
        return [
            *down,
            lambda: NetworkToxic(proxies, proxy, "latency", {"latency": 3000}, patience=0.5),
            lambda: NetworkToxic(proxies, proxy, "timeout", {"timeout": 0}, patience=0.5),
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


def _look_at_breaker(
    world: World, declared: Declared, endpoint: str, trial: Trial, zero: float, findings: Findings
) -> None:
    """What its breaker did, from the calls to the endpoint and the arrivals at the tap."""
    tap = world.lines.to_dependency(declared).tap
    if trial.series is None or trial.timeline is None or tap is None:
        findings.count(DEFECTS, None, f"{declared.name}: {trial.problem or 'no series'}")
        return
    journal = tap.journal()
    findings.prove(
        f"every arrival at {declared.name} was seen",
        journal.dropped == 0,
        f"{len(journal.visits)} connections kept, {journal.dropped} forgotten",
    )
    calls = [probe for probe in trial.series.probes if probe.request == endpoint]
    found = infer(calls, arrivals_of(journal, zero), trial.timeline.marks)
    known = {"closed again": 0, "never opened": 1, "never closed": 1, "hung": 1, "unknown": None}
    words = f"{declared.name}, {trial.fault}: {found.kind}: {found.reason}"
    if found.kind == "closed again":
        words += (
            f"; opened after {found.threshold} failed arrivals, {found.trial_arrivals} half-open probes, "
            f"closed {found.closed or 0.0:.1f} s after the dependency was back"
        )
    findings.count(DEFECTS, known[found.kind], words)
