"""Histograms."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.metrics.histogram import Histogram


@given(st.lists(st.floats(0, 20)))
def test_buckets_rise_to_the_count_at_infinity(values: list[float]) -> None:
    histogram = Histogram("h", "H.", bounds=(1.0, 5.0, 10.0))
    histogram.observe(0.5)
    for value in values:
        histogram.observe(value)
    text = histogram.render()
    buckets = [int(count) for count in re.findall(r"h_bucket\{.*\} (\d+)", text)]
    assert buckets == sorted(buckets)
    assert buckets[-1] == len(values) + 1
    assert f"h_count {len(values) + 1}\n" in text


def test_a_value_on_a_bound_falls_into_its_bucket() -> None:
    histogram = Histogram("h", "H.", ("a",), (1.0, 2.5))
    histogram.observe(1.0, "x")
    histogram.observe(9.0, "x")
    assert histogram.render().splitlines()[1:] == [
        "# TYPE h histogram",
        'h_bucket{a="x",le="1"} 1',
        'h_bucket{a="x",le="2.5"} 1',
        'h_bucket{a="x",le="+Inf"} 2',
        'h_sum{a="x"} 10',
        'h_count{a="x"} 2',
    ]


@pytest.mark.parametrize(("labels", "bounds"), [(("le",), (1.0,)), ((), (2.0, 1.0)), ((), (1.0, 1.0))])
def test_a_histogram_that_cannot_be_read_is_refused(
    labels: tuple[str, ...], bounds: tuple[float, ...]
) -> None:
    with pytest.raises(ValueError, match="rising bounds"):
        Histogram("h", "H.", labels, bounds)


def test_a_missing_label_is_refused() -> None:
    with pytest.raises(ValueError, match="has the labels"):
        Histogram("h", "H.", ("a",)).observe(1.0)
