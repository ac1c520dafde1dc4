"""The checkpoints of a run: its legs in one file, written whole each time, read back by the next sitting."""

from datetime import datetime
from pathlib import Path

import msgspec

from battery.errors import EvidenceCorrupt
from battery.load.soak.leg import Leg, problem_of
from battery.model.frozen import Frozen
from battery.store import write_atomically


class Gap(Frozen, frozen=True, kw_only=True):
    """The time between two sittings, of which nothing is known; `cut_off` requests were under way when it began."""

    since: datetime
    until: datetime
    cut_off: int

    @property
    def text(self) -> str:
        """The gap in words."""
        seconds = max((self.until - self.since).total_seconds(), 0.0)  # a clock may have been set back
        return (
            f"nothing is known of {seconds:.0f} s from {self.since:%Y-%m-%d %H:%M:%S} UTC, "
            f"nor of {self.cut_off} requests that were under way then"
        )


class Checkpoint:
    """The file of one check's legs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "legs.json"
        self.earlier: tuple[Leg, ...] = self._read()

    def write(self, leg: Leg) -> None:
        """Keep the leg as it stands, after the earlier ones.

        Raises: StoreError.
        """
        write_atomically(self._path, msgspec.json.encode((*self.earlier, leg)))

    def counted(self) -> float:
        """How many seconds the earlier legs counted."""
        return sum(leg.counted for leg in self.earlier)

    def gaps(self, now: datetime) -> tuple[Gap, ...]:
        """The times between the legs, and between the last of them and now."""
        begins = [*(leg.began for leg in self.earlier), now][1:]
        return tuple(
            Gap(since=leg.told, until=begin, cut_off=leg.cut_off)
            for leg, begin in zip(self.earlier, begins, strict=True)
        )

    def _read(self) -> tuple[Leg, ...]:
        if not self._path.exists():
            return ()
        try:
            legs = msgspec.json.decode(self._path.read_bytes(), type=tuple[Leg, ...])
        except msgspec.DecodeError as error:
            raise EvidenceCorrupt(f"{self._path}: is no checkpoint: {error}; start a new run") from error
        problem = "it holds no sitting" if not legs else next(filter(None, map(problem_of, legs)), "")
        if problem:
            raise EvidenceCorrupt(
                f"{self._path}: does not hold what was measured: {problem}; start a new run"
            )
        return legs
