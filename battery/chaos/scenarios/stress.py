"""Scenario 10, stress: a burst of load far above capacity, then steady state again."""

import os
from collections.abc import Sequence

from battery.chaos.faults.load_burst import LoadBurst
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World
from battery.model.target import Endpoint
from battery.redaction import resolve

CONNECTIONS = 256


class Stress:
    """Hundreds of users who send again as soon as they are answered."""

    id = "stress"
    title = "a burst of load far above capacity"
    story = (
        f"{CONNECTIONS} connections send one request after the other without a pause. The target may turn requests away; it must "
        "be as quick as before as soon as the burst is over."
    )

    def obstacle(self, world: World) -> str:
        """The burst sends GET: an endpoint that takes it is needed."""
        return (
            ""
            if _gets(world)
            else "battery.toml names no [[endpoint]] with the method GET for the burst to ask"
        )

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line."""
        return [self._fault(world, pace).describe()]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """The burst, each repeat."""
        del findings
        return [experiment.run(self._fault(world, pace), repeat) for repeat in range(1, pace.repeats + 1)]

    def _fault(self, world: World, pace: Pace) -> LoadBurst:
        target = world.definition.target
        headers = {name: resolve(value, os.environ) for name, value in target.headers.items()}
        url = target.url.rstrip("/") + _gets(world)[0].path
        return LoadBurst(url, connections=CONNECTIONS, seconds=pace.hold, headers=headers, named=world.named)


def _gets(world: World) -> list[Endpoint]:
    """The endpoints that a burst of GET can load; the ready path where none is declared."""
    declared = world.definition.endpoint or (world.endpoint(),)
    return [endpoint for endpoint in declared if endpoint.method == "GET"]
