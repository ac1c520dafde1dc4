"""What a target exposes: families of series, whatever the format."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from battery.errors import BatteryError
from battery.model.frozen import Frozen
from battery.readiness.coverage.report import shown

Labels = tuple[tuple[str, str], ...]


class ExpositionUnreadable(BatteryError):
    """What came from the metrics path is no exposition: says in which line, and what is wrong with it."""

    exit_code = 2

    def __init__(self, problem: str, *, line: int = 0) -> None:
        self.problem, self.line = problem, line
        place = f"line {line}: " if line else ""
        super().__init__(f"metrics: {place}{problem} (expected Prometheus text format or OpenMetrics)")


class Sample(NamedTuple):
    """One series and its value; the labels are in the order of their names."""

    name: str
    labels: Labels
    value: float

    def __str__(self) -> str:
        inside = ",".join(f'{name}="{value}"' for name, value in self.labels)
        return shown(f"{self.name}{{{inside}}}" if inside else self.name)


class Family(Frozen, frozen=True, kw_only=True):
    """The series under one name, and what is said about them. A kind that nobody declared is `unknown`."""

    name: str
    kind: str
    samples: tuple[Sample, ...]
    help: str = ""
    unit: str = ""
    typed: bool = False

    @property
    def counting(self) -> tuple[Sample, ...]:
        """The series that only grow: of a counter all, of a histogram or summary its buckets, counts and sums."""
        if self.kind == "counter":
            return tuple(sample for sample in self.samples if not sample.name.endswith("_created"))
        if self.kind in ("histogram", "summary"):
            return tuple(sample for sample in self.samples if sample.name.endswith(("_count", "_bucket")))
        return ()


class Exposition(Frozen, frozen=True, kw_only=True, dict=True):
    """One scrape, in the order in which it was written. `repeated` are series that stand in it more than once."""

    format: str
    families: tuple[Family, ...]
    repeated: tuple[str, ...] = ()

    @property
    def samples(self) -> Iterator[Sample]:
        """Every series."""
        return (sample for family in self.families for sample in family.samples)

    @cached_property
    def by_name(self) -> dict[str, tuple[Sample, ...]]:
        """The series under each name that a query can ask for."""
        found: defaultdict[str, list[Sample]] = defaultdict(list)
        for sample in self.samples:
            found[sample.name].append(sample)
        return {name: tuple(samples) for name, samples in found.items()}
