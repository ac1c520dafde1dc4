"""A number that stands elsewhere and is read when it is scraped."""

from collections.abc import Callable, Mapping
from typing import Literal

from battery.reference.metrics.exposition import checked_names, header, sample

Readings = Mapping[tuple[str, ...], float]


class Reading:
    """A counter or gauge whose values `read` supplies, by their label values."""

    def __init__(
        self,
        name: str,
        kind: Literal["counter", "gauge"],
        description: str,
        read: Callable[[], Readings],
        labels: tuple[str, ...] = (),
    ) -> None:
        checked_names(name, labels)
        self.name, self.kind, self.description, self.labels = name, kind, description, labels
        self._read = read

    def render(self) -> str:
        """Its exposition at this moment."""
        lines = (sample(self.name, self.labels, *item) for item in self._read().items())
        return header(self.name, self.kind, self.description) + "".join(lines)
