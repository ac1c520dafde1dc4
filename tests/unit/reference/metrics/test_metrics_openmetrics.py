"""The OpenMetrics format."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.gauge import Gauge
from battery.reference.metrics.histogram import Histogram
from battery.reference.metrics.openmetrics import wanted
from battery.reference.metrics.registry import Registry


@pytest.mark.parametrize(
    ("accept", "open_metrics"),
    [
        ("", False),
        ("*/*", False),
        ("text/plain", False),
        ("application/openmetrics-text", True),
        ("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", True),
        ("text/plain, Application/OpenMetrics-Text; version=1.0.0; q=0.3", True),
        ("application/openmetrics-text;q=0", False),
        ("application/openmetrics-text; Q=0.0, text/plain", False),
    ],
)
def test_a_client_gets_it_only_when_it_asks_for_it(accept: str, open_metrics: bool) -> None:
    assert wanted(accept) is open_metrics


@given(st.text())
def test_any_accept_header_is_understood(accept: str) -> None:
    assert wanted(accept) in (True, False)


def test_a_counter_is_named_without_its_ending_and_a_unit_is_told() -> None:
    assert Counter("work_seconds_total", 'A "b".').render(open_metrics=True).splitlines() == [
        "# TYPE work_seconds counter",
        "# UNIT work_seconds seconds",
        '# HELP work_seconds A \\"b\\".',
        "work_seconds_total 0",
    ]


def test_what_counts_things_has_no_unit() -> None:
    assert "UNIT" not in Gauge("depth", "D.").render(open_metrics=True)


def test_the_bounds_of_buckets_are_floats() -> None:
    lines = Histogram("h", "H.", bounds=(0.5, 1.0, 10.0)).render(open_metrics=True).splitlines()
    assert [line.split()[0] for line in lines[2:6]] == [
        f'h_bucket{{le="{bound}"}}' for bound in ("0.5", "1.0", "10.0", "+Inf")
    ]


@given(st.text(), st.text(), st.floats(0, 1e6))
def test_prometheus_own_parser_reads_back_whatever_is_told(
    description: str, value: str, number: float
) -> None:
    registry = Registry()
    registry.add(Counter("c_total", description, ("label",))).add(value, amount=number)
    registry.add(Histogram("h_seconds", description)).observe(number)
    families = {family.name: family for family in _parsed(registry.render(open_metrics=True))}
    [sample] = families["c"].samples
    assert (sample.labels, sample.value) == ({"label": value}, number)
    assert families["h_seconds"].unit == "seconds"


def _parsed(text: str) -> list:  # type: ignore[type-arg] # prometheus_client's own class is not typed
    return list(text_string_to_metric_families(text))  # type: ignore[no-untyped-call]
