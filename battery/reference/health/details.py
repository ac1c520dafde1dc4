"""The details: the machine, the process, the modules, and how the service copes."""

import msgspec

from battery.reference.degradation.machine import Cpu, Disk, Machine, Memory
from battery.reference.health.board import HealthBoard
from battery.reference.health.check import Outcome, Unhealthy
from battery.reference.health.state import State, StateReader
from battery.reference.process import OwnProcess, ProcessFacts
from battery.reference.store.interface import Crowd


class LaneState(msgspec.Struct, frozen=True):
    """How crowded a lane is."""

    name: str
    depth: int
    capacity: int
    refused: int


class Details(msgspec.Struct, frozen=True):
    """What a person wants to see at a glance; `restarts` is null without a supervisor."""

    status: str
    restarts: int | None
    cpu: Cpu
    memory: Memory
    disk: Disk
    process: ProcessFacts
    disk_free_bytes: int | None
    modules: list[Outcome]
    lanes: list[LaneState]
    state: State


class Surroundings:
    """Collects the details."""

    def __init__(
        self,
        board: HealthBoard,
        process: OwnProcess,
        machine: Machine,
        lanes: tuple[Crowd, ...],
        state: StateReader,
    ) -> None:
        self._board, self._process, self._machine = board, process, machine
        self._lanes, self._state = lanes, state

    async def describe(self) -> Details:
        """The details at this moment."""
        modules, state = await self._board.overall(), self._state.read()
        self._machine.look()
        return Details(
            status="ok" if all(module.ok for module in modules) else "failing",
            restarts=state.restarts,
            cpu=self._machine.cpu,
            memory=self._machine.memory,
            disk=self._machine.disk,
            process=self._process.read(),
            disk_free_bytes=self._disk_free(),
            modules=modules,
            lanes=[LaneState(lane.name, lane.depth, lane.capacity, lane.refused) for lane in self._lanes],
            state=state,
        )

    def _disk_free(self) -> int | None:
        try:
            return self._board.disk.free_bytes()
        except Unhealthy:
            return None
