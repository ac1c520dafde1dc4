"""The details: the process, its disk and its modules."""

import msgspec

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
    """What a person wants to see at a glance."""

    status: str
    process: ProcessFacts
    disk_free_bytes: int | None
    modules: list[Outcome]
    lanes: list[LaneState]
    state: State


class Surroundings:
    """Collects the details."""

    def __init__(
        self, board: HealthBoard, process: OwnProcess, lanes: tuple[Crowd, ...], state: StateReader
    ) -> None:
        self._board, self._process, self._lanes, self._state = board, process, lanes, state

    async def describe(self) -> Details:
        """The details at this moment."""
        modules = await self._board.overall()
        return Details(
            status="ok" if all(module.ok for module in modules) else "failing",
            process=self._process.read(),
            disk_free_bytes=self._disk_free(),
            modules=modules,
            lanes=[LaneState(lane.name, lane.depth, lane.capacity, lane.refused) for lane in self._lanes],
            state=self._state.read(),
        )

    def _disk_free(self) -> int | None:
        try:
            return self._board.disk.free_bytes()
        except Unhealthy:
            return None
