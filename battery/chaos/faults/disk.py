"""The disk fault: one file that takes the free space of the target's data directory down to a reserve."""

import os
from pathlib import Path

from battery.chaos.faults.agents.agent import Agent
from battery.chaos.faults.agents.order import Order, Said
from battery.chaos.faults.amounts import MIB, mib
from battery.chaos.faults.disk_file import own_name
from battery.chaos.faults.file_system import lives_in_memory
from battery.chaos.faults.interface import Effect, FaultFailed
from battery.chaos.faults.limit import TimeLimit
from battery.chaos.faults.memory_room import available
from battery.chaos.undo.steps import DeleteFile, UndoStep

RESERVE_BYTES = 256 * MIB
MOST_BYTES = 16 * 1024 * MIB


class DiskPressure:
    """Takes free − reserve, but at most `most` bytes; the file has no name and goes with the child that holds it."""

    name = "disk"

    def __init__(
        self, folder: Path, *, reserve: int = RESERVE_BYTES, most: int = MOST_BYTES, limit: float = 60.0
    ) -> None:
        self.limit = limit
        self._folder, self._reserve, self._most = folder, reserve, most
        self._path = own_name(folder)
        self._agent = Agent("disk", "the disk agent")
        self._time_limit = TimeLimit(limit, self.remove)
        self._wanted = 0
        self._free_before = 0

    def describe(self) -> str:
        """What it takes and where."""
        where = str(self._folder)
        return (
            f"fills the disk of {where} with one file of up to {mib(self._most)}, leaving {mib(self._reserve)} free, "
            f"for at most {self.limit:g} s"
        )

    def obstacle(self) -> str:
        """Why nothing can be taken there."""
        if not self._folder.is_dir():
            return f"{self._folder} is no folder: name the target's data directory"
        if not os.access(self._folder, os.W_OK | os.X_OK):
            return f"{self._folder} is not writable for this user: run the battery as the target's user"
        free, total = _space(self._folder)
        if free - self._reserve < MIB:
            return (
                f"the disk of {self._folder} is already nearly full: {mib(free)} of {mib(total)} are free and "
                f"{mib(self._reserve)} must stay free; make room first"
            )
        wanted, room = min(free - self._reserve, self._most), available()
        if lives_in_memory(self._folder) and room - wanted < self._reserve:
            return (
                f"{self._folder} lies in memory: {mib(wanted)} would be taken of {mib(room)} available; "
                "name a smaller bound, or use the memory fault"
            )
        return ""

    def undo(self) -> tuple[UndoStep, ...]:
        """End the child; delete the file, where the file system had to give it a name for a moment."""
        return (DeleteFile(path=str(self._path.absolute())), self._agent.undo)

    def inject(self) -> None:
        """Let the child take the space.

        Raises: FaultFailed when the file system does not give it, or not within the limit.
        """
        self._free_before, _ = _space(self._folder)
        self._wanted = min(self._free_before - self._reserve, self._most)
        if self._wanted < MIB:
            raise FaultFailed(
                f"disk: only {mib(self._free_before)} are left free in {self._folder}: nothing was taken"
            )
        self._time_limit.begin()
        texts = {"folder": str(self._folder.absolute()), "path": str(self._path.absolute())}
        self._agent.start(Order(seconds=self.limit, amounts={"wanted": float(self._wanted)}, texts=texts))
        problem = f"disk: {mib(self._wanted)} could not be taken in {self._folder}"
        try:
            said = self._agent.hear("taken", self.limit, self._is_all)
        except FaultFailed as error:
            raise FaultFailed(f"{problem}: {error}{self._time_limit.words()}") from error
        if said is None or not self._is_all(said):
            raise FaultFailed(f"{problem} within {self.limit:g} s")

    def prove(self) -> Effect:
        """Whether the file has the blocks."""
        said = self._agent.hear("taken", 0) if self._agent.alive else None
        taken = int(said.numbers["bytes"]) if said else 0
        free, _ = _space(self._folder)
        meter = (
            f"{mib(taken)} of {mib(self._wanted)} are taken in {self._folder}: "
            f"free went from {mib(self._free_before)} to {mib(free)}"
        )
        if free > 2 * self._reserve:
            meter += "; that is pressed, not full"
        seen = said is not None and self._is_all(said)
        return Effect(seen=seen, meter=meter + self._time_limit.words())

    def remove(self) -> None:
        """Give the space back."""
        self._time_limit.cancel()
        self._agent.end()

    def _is_all(self, said: Said) -> bool:
        return said.numbers["bytes"] >= max(self._wanted, 1) * 0.99


def _space(folder: Path) -> tuple[int, int]:
    """What this disk has free for ordinary users, and in all."""
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize, disk.f_blocks * disk.f_frsize
