"""The registry, gauges and readings."""

import pytest

from battery.reference.metrics.gauge import Gauge
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry


def test_metrics_are_rendered_in_the_order_they_were_added() -> None:
    registry = Registry()
    registry.add(Gauge("b", "B.")).add(2)
    registry.add(Gauge("a", "A."))
    lines = [line for line in registry.render().splitlines() if not line.startswith("#")]
    assert lines == ["b 2", "a 0"]


def test_a_name_is_taken_once() -> None:
    registry = Registry()
    registry.add(Gauge("a", "A."))
    with pytest.raises(ValueError, match="twice"):
        registry.add(Gauge("a", "A."))


def test_a_reading_is_taken_when_it_is_scraped() -> None:
    stand: dict[tuple[str, ...], float] = {("x",): 1.0}
    reading = Reading("r_total", "counter", "R.", lambda: stand, ("l",))
    stand["x",] = 7.0
    assert reading.render().splitlines()[1:] == ["# TYPE r_total counter", 'r_total{l="x"} 7']
