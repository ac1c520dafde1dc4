"""Latencies in buckets of 0.1 %."""

import gc
import math

import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from battery.load.histogram import LatencyHistogram, quantile_of_counts
from tests.unit.load.conftest import unhurried

HOUR = 3_600_000_000
counts = st.dictionaries(st.integers(1, HOUR), st.integers(1, 50), min_size=1, max_size=60)
quantiles = st.sampled_from([0.5, 0.9, 0.99, 0.999])


def of(found: dict[int, int]) -> LatencyHistogram:
    histogram = LatencyHistogram()
    histogram.add(found)
    return histogram


def exact(found: dict[int, int], q: float) -> int:
    values = [value for value in sorted(found) for _ in range(found[value])]
    return values[max(1, math.ceil(len(values) * q - 1e-9)) - 1]


@unhurried
@given(counts, quantiles)
def test_a_quantile_is_within_a_thousandth_and_never_too_small(found: dict[int, int], q: float) -> None:
    shown = of(found).quantile(q).value
    assert shown is not None
    truth = exact(found, q) / 1000
    assert truth <= shown <= truth * 1.001 + 0.001


@unhurried
@given(counts)
def test_bounds_enclose_the_value(found: dict[int, int]) -> None:
    shown = of(found).quantile(0.5)
    assert shown.value is not None
    assert shown.lower is None or shown.lower <= shown.value
    assert shown.upper is None or shown.upper >= shown.value


def test_too_few_samples_have_no_bound() -> None:
    assert of({5: 298}).quantile(0.99).upper is None
    assert of({5: 299}).quantile(0.99).upper == 0.005
    assert of({5: 2994}).quantile(0.999).upper is None
    assert of({5: 2995}).quantile(0.999).upper == 0.005


def test_nothing_has_no_quantile() -> None:
    assert LatencyHistogram().quantile(0.99).value is None
    assert quantile_of_counts({}, 0.99) == 0.0


@unhurried
@given(counts)
def test_what_was_encoded_is_decoded(found: dict[int, int]) -> None:
    histogram = of(found)
    again = LatencyHistogram.decoded(histogram.encoded())
    assert again.pairs() == histogram.pairs()
    assert again.count == sum(found.values())


@unhurried
@given(counts, counts)
def test_merging_adds_and_its_order_does_not_matter(one: dict[int, int], other: dict[int, int]) -> None:
    left, right = of(one), of(other)
    left.merge(of(other))
    right.merge(of(one))
    assert left.pairs() == right.pairs()
    assert left.count == sum(one.values()) + sum(other.values())


@pytest.mark.parametrize(("value", "shown"), [(0, 0.001), (-5, 0.001), (10 * HOUR, 3_600_000.0)])
def test_values_outside_are_counted_at_the_edge(value: int, shown: float) -> None:
    histogram = of({value: 3})
    assert histogram.count == 3
    assert histogram.quantile(0.5).value == pytest.approx(shown, rel=0.001)


@unhurried
@given(counts, quantiles)
def test_a_second_s_quantile_is_exact(found: dict[int, int], q: float) -> None:
    assert quantile_of_counts(found, q) == pytest.approx(exact(found, q) / 1000)


def test_a_histogram_that_nobody_holds_is_freed_at_once() -> None:
    def alive() -> int:
        return sum(isinstance(one, HdrHistogram) for one in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        before = alive()
        of({1000: 1}).quantile(0.5)
        after = alive()
    finally:
        gc.enable()
    assert after == before
