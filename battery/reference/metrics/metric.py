"""What every metric has: a name, a kind, a description, and samples."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Literal

from battery.reference.metrics import exposition, openmetrics
from battery.reference.metrics.sample import Sample

Kind = Literal["counter", "gauge", "histogram"]
_UNITS = ("seconds", "bytes", "ratio")


class Metric(ABC):
    """A metric with checked names; each kind tells its own samples."""

    kind: Kind

    def __init__(self, name: str, description: str, labels: tuple[str, ...] = ()) -> None:
        exposition.checked_names(name, labels)
        self.name, self.description, self.labels = name, description, labels

    @property
    def family(self) -> str:
        """The name without what only counters append to it."""
        return self.name.removesuffix("_total") if self.kind == "counter" else self.name

    @property
    def unit(self) -> str:
        """The unit that the name ends with; empty where it counts things."""
        return next((unit for unit in _UNITS if self.family.endswith(f"_{unit}")), "")

    @abstractmethod
    def samples(self) -> Iterable[Sample]:
        """Its series at this moment."""

    def render(self, *, open_metrics: bool = False) -> str:
        """Its exposition: HELP and TYPE first."""
        if open_metrics:
            head = openmetrics.header(self.family, self.kind, self.unit, self.description)
            return head + "".join(map(openmetrics.line, self.samples()))
        head = exposition.header(self.name, self.kind, self.description)
        return head + "".join(map(exposition.line, self.samples()))
