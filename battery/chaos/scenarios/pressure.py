"""Scenarios 5 to 7, pressure: the machine runs out of disk, memory or processor for a while."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from battery.chaos.faults.cpu import CpuPressure
from battery.chaos.faults.disk import DiskPressure
from battery.chaos.faults.interface import Fault
from battery.chaos.faults.memory import MemoryPressure
from battery.chaos.scenarios.experiment import Experiment
from battery.chaos.scenarios.findings import Findings
from battery.chaos.scenarios.pace import Pace
from battery.chaos.scenarios.trial import Trial
from battery.chaos.scenarios.world import World

_ELSEWHERE = (
    "the target runs on another machine, where the battery cannot press anything: run the battery beside it"
)


class _Pressure(ABC):
    """One fault on this machine, under the ordinary prober."""

    def obstacle(self, world: World) -> str:
        """Only this machine can be pressed."""
        return "" if world.is_local else _ELSEWHERE

    def plan(self, world: World, pace: Pace) -> Sequence[str]:
        """One line."""
        return [self._fault(world, pace)().describe()]

    def trials(self, world: World, pace: Pace, findings: Findings, experiment: Experiment) -> Sequence[Trial]:
        """The fault, each repeat."""
        del findings
        make = self._fault(world, pace)
        return [experiment.run(make(), repeat) for repeat in range(1, pace.repeats + 1)]

    @abstractmethod
    def _fault(self, world: World, pace: Pace) -> Callable[[], Fault]:
        """What is done."""


class Disk(_Pressure):
    """Takes the free space of the target's data directory."""

    id = "disk"
    title = "the disk of the target's data fills up"
    story = (
        "One file takes the free space of the target's data directory down to a reserve, 16 GiB at most (a larger disk is not full "
        "then: name a folder on a smaller one to see that); it has no name and goes with the battery. Writes may fail cleanly; when there is space again, everything must work."
    )

    def obstacle(self, world: World) -> str:
        """Only a directory that battery.toml names is filled."""
        if not world.is_local:
            return _ELSEWHERE
        process = world.definition.process
        if process is None or not process.data:
            return 'battery.toml does not say where the target keeps its data: set [process] data = "FOLDER"'
        return ""

    def _fault(self, world: World, pace: Pace) -> Callable[[], Fault]:
        del pace
        process = world.definition.process
        folder = world.base / (process.data if process else "")
        return lambda: DiskPressure(folder)


class Memory(_Pressure):
    """Takes this machine's memory down to a floor."""

    id = "memory"
    title = "the machine's memory gets short"
    story = (
        "A child of the battery takes memory down to a floor; the kernel would end it before any other process. "
        "The target may be slower; it must not die, and be back when the memory is."
    )

    def _fault(self, world: World, pace: Pace) -> Callable[[], Fault]:
        del world
        return lambda: MemoryPressure(most=pace.memory)


class Cpu(_Pressure):
    """Burns the processors at the lowest priority."""

    id = "cpu"
    title = "the processors are busy"
    story = (
        "Children of the battery burn nine tenths of every processor at the lowest priority. The target may be slower; "
        "it must be as quick as before when they stop."
    )

    def _fault(self, world: World, pace: Pace) -> Callable[[], Fault]:
        del world, pace
        return CpuPressure
