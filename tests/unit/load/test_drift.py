"""P4's drift."""

from random import Random

import pytest

from battery.load.drift import drift, growth
from battery.load.resources import Usage
from battery.load.tally import Slice

SECONDS = 120


def slices(per_second: float) -> list[Slice]:
    noise = Random(7)
    return [
        Slice(
            second=number, stage=0, sent=60, ok=60, failed=0, p50=5 + per_second * number + noise.uniform(-0.5, 0.5),
            p99=20, worst=30, lag_p99=0.1, in_flight=1, waiting=0, cpu=0.1,
        )
        for number in range(SECONDS)
    ]  # fmt: skip


def usage(leak: float) -> list[Usage]:
    noise = Random(8)
    return [
        Usage(
            second=number, cpu=0.2, rss=100 + leak * number + noise.uniform(-2, 2), descriptors=20, threads=4
        )
        for number in range(SECONDS)
    ]


def test_a_leak_of_a_mebibyte_a_second_shows_with_its_confidence() -> None:
    found = drift(slices(0.0), usage(1.0)).rss
    assert found is not None
    assert found.lower > 3400
    assert found.upper < 3800


def test_steady_memory_and_latency_have_zero_inside_their_intervals() -> None:
    found = drift(slices(0.0), usage(0.0))
    assert found.rss is not None
    assert found.rss.lower < 0 < found.rss.upper
    assert found.latency is not None
    assert found.latency.lower < 0 < found.latency.upper


def test_slowly_growing_latency_shows() -> None:
    found = drift(slices(0.05), usage(0.0)).latency
    assert found is not None
    assert found.lower > 0


def test_counts_that_never_change_do_not_trend() -> None:
    found = drift(slices(0.0), usage(0.0))
    assert found.descriptors is not None
    assert found.descriptors.slope == 0
    assert found.threads is not None
    assert found.threads.slope == 0


def test_too_few_seconds_say_nothing() -> None:
    found = drift(slices(0.0)[:5], usage(0.0)[:5])
    assert (found.latency, found.rss) == (None, None)


def test_a_leak_grows_by_what_it_leaked() -> None:
    found = growth(slices(0.0), usage(1.0))["memory"]
    assert found is not None
    assert found.value == pytest.approx(119, abs=3)
    assert found.lower <= found.value <= found.upper


def test_latency_grows_as_a_share_of_its_beginning() -> None:
    found = growth(slices(0.05), usage(0.0))["latency"]
    assert found is not None
    assert found.value == pytest.approx(119 * 0.05 / 5, rel=0.1)


def test_what_shrinks_grows_by_nothing() -> None:
    found = growth(slices(-0.02), usage(-0.5))
    assert found["memory"] is not None
    assert (found["memory"].value, found["memory"].lower) == (0, 0)
    assert found["latency"] is not None
    assert found["latency"].value == 0


def test_a_target_that_cannot_be_seen_has_no_growth() -> None:
    found = growth(slices(0.0), [])
    assert found["memory"] is None
    assert found["threads"] is None
    assert growth([], [])["latency"] is None


def test_without_a_counted_second_there_is_no_growth_not_even_none() -> None:
    assert growth([], usage(1.0))["memory"] is None
    assert growth(slices(0.0)[:1], usage(1.0))["memory"] is None


def test_what_grew_before_the_counted_seconds_is_not_counted() -> None:
    warming = [*usage(5.0)[:60], *usage(0.0)[60:]]
    found = growth(slices(0.0)[60:], warming)["memory"]
    assert found is not None
    assert found.lower == 0
