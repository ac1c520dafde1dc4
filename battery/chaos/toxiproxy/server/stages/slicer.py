"""slicer: chunks are cut into smaller ones, with a delay between."""

from collections.abc import Mapping

from battery.chaos.toxiproxy.server.plane.kind import Kind
from battery.chaos.toxiproxy.server.stages.holding import Holding


class Slicer(Holding):
    """One slice, the delay, the next slice."""

    one_by_one = True

    def schedule(self, size: int, at: float) -> tuple[int, float]:
        """A slice of the average size, give or take the variation, a delay after the one before."""
        variation = max(0, self.toxic["size_variation"])
        slice_size = self.toxic["average_size"] + self.link.random.randint(-variation, variation)
        return min(size, max(1, slice_size)), max(at, self.went + max(0, self.toxic["delay"]) / 1e6)


def _objection(attributes: Mapping[str, int]) -> str:
    size, variation = attributes["average_size"], attributes["size_variation"]
    if size <= 0:
        return f"slicer: average_size is {size}, must be 1 or more (bytes)"
    if not 0 <= variation < size:
        return f"slicer: size_variation is {variation}, must be 0 or more and less than the average_size {size} (bytes)"
    return ""


KIND = Kind(
    type="slicer",
    structure="SlicerToxic",
    attributes=("average_size", "size_variation", "delay"),
    stage=Slicer,
    integer="int",
    objection=_objection,
)
