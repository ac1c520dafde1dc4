"""The latency histogram: HdrHistogram from 1 µs to 1 h at 3 digits; mergeable, and small whatever the run's length."""

import weakref
from collections.abc import Mapping
from typing import Any

from hdrh.histogram import HdrHistogram

from battery.statistics import Counted, Quantile, quantile

_LOWEST, _HIGHEST, _DIGITS = 1, 3_600_000_000, 3


class LatencyHistogram:
    """Latencies in µs; read in ms."""

    def __init__(self) -> None:
        self._histogram: Any = HdrHistogram(_LOWEST, _HIGHEST, _DIGITS)
        # Its encoder points back at it: 190 kB that would wait for the garbage collector, several a second in a soak.
        self._histogram.encoder.histogram = weakref.proxy(self._histogram)

    def add(self, counts: Mapping[int, int]) -> None:
        """Add µs values with their counts."""
        for value, count in counts.items():
            self._histogram.record_value(min(max(value, _LOWEST), _HIGHEST), count)

    def merge(self, other: "LatencyHistogram") -> None:
        """Add all of another."""
        self._histogram.add(other._histogram)  # noqa: SLF001 -- another of its own kind

    @property
    def count(self) -> int:
        """How many latencies."""
        return int(self._histogram.get_total_count())

    def quantile(self, q: float) -> Quantile:
        """A quantile with its one-sided 95 % bounds, in ms; buckets count by their upper edge, so bounds stay safe."""
        found = quantile(Counted(self.pairs()), q)
        return Quantile(value=_ms(found.value), lower=_ms(found.lower), upper=_ms(found.upper), n=found.n)

    def pairs(self) -> tuple[tuple[float, int], ...]:
        """(upper edge of the bucket in µs, count), ascending."""
        inner = self._histogram
        # Its own iterator walks every bucket by a call, and holds itself and the histogram in a cycle.
        return tuple(
            (float(inner.get_highest_equivalent_value(inner.get_value_from_index(index))), count)
            for index, count in enumerate(inner.counts)
            if count
        )

    def encoded(self) -> bytes:
        """HdrHistogram's own compressed, base64 form; any HdrHistogram reads it."""
        return bytes(self._histogram.encode())

    @classmethod
    def decoded(cls, data: bytes) -> "LatencyHistogram":
        """The histogram in such bytes."""
        histogram = cls()
        histogram._histogram.decode_and_add(data)
        return histogram


def quantile_of_counts(counts: Mapping[int, int], q: float) -> float:
    """A quantile of one second's µs counts, in ms; 0 where there are none."""
    total = sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= q * total:
            return value / 1000
    return 0.0


def _ms(value: float | None) -> float | None:
    return None if value is None else value / 1000
