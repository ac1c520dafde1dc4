"""Counters."""

import pytest

from battery.reference.metrics.counter import Counter


def test_a_counter_without_labels_starts_at_zero() -> None:
    assert Counter("c_total", "C.").render().endswith("c_total 0\n")


def test_each_combination_of_labels_counts_for_itself() -> None:
    counter = Counter("c_total", "C.", ("a",))
    counter.add("x")
    counter.add("y", amount=2)
    counter.add("x")
    assert counter.render().splitlines()[2:] == ['c_total{a="x"} 2', 'c_total{a="y"} 2']


def test_a_counter_never_falls() -> None:
    with pytest.raises(ValueError, match="cannot count"):
        Counter("c_total", "C.").add(amount=-1)


def test_a_label_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot count"):
        Counter("c_total", "C.").add("x")
