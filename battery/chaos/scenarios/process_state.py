"""Scenarios 8 and 9: the target's process is frozen for a while, or may open no more files."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from battery.chaos.faults.descriptors import DescriptorExhaustion
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.pause import Pause
from battery.chaos.process.errors import ProcessFailed
from battery.chaos.process.given import obstacle as process_obstacle
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial, never_came_back
from battery.chaos.scenarios.world import World


class _OnProcess(ABC):
    """One fault on the process that serves."""

    id: str
    title: str

    def obstacle(self, world: World) -> str:
        """Only a process that was given is touched."""
        try:
            return process_obstacle(world.given())
        except ProcessFailed as error:
            return str(error)

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line."""
        del pace
        return [self._fault(world).describe()]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """The fault, each repeat, on the process of the moment."""
        del findings
        found: list[Trial] = []
        for repeat in range(1, pace.repeats + 1):
            try:
                fault = self._fault(world)
            except ProcessFailed as error:
                # It did not survive the trial before, which says so by itself.
                untried = Trial(
                    fault=self.id,
                    story=self.title,
                    repeat=repeat,
                    problem=str(error),
                    needless=never_came_back(found),
                )
                return [*found, experiment.kept(untried)]
            found.append(experiment.run(fault, repeat))
        return found

    @abstractmethod
    def _fault(self, world: World) -> Fault:
        """What is done. Raises: ProcessFailed."""


class PauseScenario(_OnProcess):
    """SIGSTOP, and SIGCONT afterwards."""

    id = "pause"
    title = "the service's process is frozen for a while"
    story = (
        "SIGSTOP to the process that serves and its children, SIGCONT afterwards: what a frozen machine or a long pause of the "
        "collector looks like. Connections stay open and nobody answers; afterwards everything must go on."
    )

    def _fault(self, world: World) -> Fault:
        return Pause(world.given())


class Descriptors(_OnProcess):
    """The limit of open files is lowered to about what is open."""

    id = "descriptors"
    title = "the service's process may open no more files"
    story = (
        "The limit of open files of the running process is lowered to about what it has open, idle connections take the rest, and "
        "all is restored. New connections "
        "may fail meanwhile; the service must not die of it, nor stay deaf afterwards."
    )

    def _fault(self, world: World) -> Fault:
        host = "127.0.0.1" if world.place.host == "localhost" else world.place.host
        return DescriptorExhaustion(world.given(), address=(host, world.place.port))
