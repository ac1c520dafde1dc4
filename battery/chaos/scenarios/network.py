"""Scenario 2, network: what can happen between a client and the target, one fault after the other."""

from collections.abc import Callable, Mapping, Sequence

from battery.chaos.faults.canary import Canary, Ways
from battery.chaos.faults.canary_signs import DOWN
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.network_down import NetworkDown
from battery.chaos.faults.network_toxic import NetworkToxic
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.lines import Line
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Endpoint

# kind, attributes, and whether a hurried run makes it
_TOXICS: tuple[tuple[str, Mapping[str, int], bool], ...] = (
    ("latency", {"latency": 300, "jitter": 50}, True),
    ("bandwidth", {"rate": 1}, False),
    ("slow_close", {"delay": 500}, False),
    ("timeout", {"timeout": 0}, True),
    ("reset_peer", {"timeout": 0}, False),
    ("slicer", {"average_size": 8, "size_variation": 4, "delay": 5000}, False),
    ("limit_data", {"bytes": 40}, False),
)


class Network:
    """Puts a proxy before the target and harms what passes; the target itself must shrug it off."""

    id = "network"
    title = "the network between clients and the target misbehaves"
    story = (
        "Clients reach the target through a Toxiproxy that delays, throttles, swallows, cuts or refuses what passes. "
        "The target is not touched; it must serve as before as soon as the network does."
    )

    def obstacle(self, world: World) -> str:
        """Everything can be proxied."""
        del world
        return ""

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line a fault."""
        line = world.lines.to_target(world.place)
        return [make().describe() for make in self._faults(world, pace, line)]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """Each fault, each repeat, seen by a prober that goes through the proxy."""
        line = world.lines.to_target(world.place)
        findings.facts["network faults by"] = world.lines.words
        with world.prober(place=world.through(line.address), period=pace.period) as prober:
            proxied = experiment.under(prober)
            return [
                proxied.run(make(), repeat)
                for repeat in range(1, pace.repeats + 1)
                for make in self._faults(world, pace, line)
            ]

    def _faults(self, world: World, pace: Pace, line: Line) -> list[Callable[[], Fault]]:
        proxies, proxy = world.lines.proxies, line.proxy
        chosen: list[Callable[[], Fault]] = [
            lambda kind=kind, attributes=attributes: NetworkToxic(
                proxies, proxy, kind, attributes, patience=0.5, canary=_canary(world, line, kind, attributes)
            )  # type: ignore[misc]
            for kind, attributes, always in _TOXICS
            if always or pace.every_fault
        ]
        return [*chosen, lambda: NetworkDown(proxies, proxy, canary=_canary(world, line, DOWN, {}))]


def _canary(world: World, line: Line, kind: str, attributes: Mapping[str, int]) -> Canary:
    """Asks the ready path with and without the proxy: the original server counts nothing, and no probe waits for a connection's end."""

    def ways() -> Ways:
        ready = world.request(Endpoint(name="canary", path=world.ready_path))
        return Ways(direct=world.place, through=world.through(line.address), request=ready.request)

    return Canary(ways, kind, attributes)
