"""A toxic as it was asked for: what it does to which direction, how likely, and to how many connections."""

from collections.abc import Mapping

from battery.chaos.toxiproxy.server.plane.kind import Kind

UPSTREAM, DOWNSTREAM = "upstream", "downstream"
FIRST = "first"


class Toxic:
    """One toxic of a proxy; its attributes change with an update, its kind and direction never."""

    def __init__(
        self, kind: Kind, name: str, stream: str, toxicity: float, attributes: Mapping[str, int]
    ) -> None:
        self.kind = kind
        self.name = name
        self.stream = stream
        self.toxicity = toxicity
        self._attributes = dict(attributes)
        self.touched = 0

    def __getitem__(self, attribute: str) -> int:
        return self._attributes.get(attribute, 0)

    @property
    def attributes(self) -> dict[str, int]:
        """All of its kind's attributes; the battery's own only where they say something, as the original has none."""
        shown = {name: self[name] for name in self.kind.attributes}
        return shown | ({FIRST: self[FIRST]} if self[FIRST] else {})

    @property
    def direction(self) -> str:
        """`upstream` or `downstream`; the stream keeps the letters that it was given in."""
        return self.stream.lower()

    def change(self, attributes: Mapping[str, int], toxicity: float) -> None:
        """Merge what an update said, and count the connections anew."""
        self._attributes |= attributes
        self.toxicity = toxicity
        self.touched = 0

    def takes(self, roll: float) -> bool:
        """Whether it touches one more connection, given a number in [0, 1)."""
        taken = roll < self.toxicity and not 0 < self[FIRST] <= self.touched
        self.touched += taken
        return taken
