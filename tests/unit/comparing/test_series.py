"""Seconds as values: relative to their stage, and not too many."""

from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.comparing.series import error_shares, relative, thinned
from tests.unit.comparing.sides import a_second

levels = st.lists(st.floats(0.001, 1000), min_size=5, max_size=30)


@given(levels, st.floats(0.1, 10))
def test_a_run_that_is_slower_by_a_factor_is_so_in_every_second(found: list[float], factor: float) -> None:
    before = [a_second(at, level) for at, level in enumerate(found)]
    after = [a_second(at, level * factor) for at, level in enumerate(found)]
    old, new = relative(before, after, lambda second: second.p50)
    assert median(old) == pytest.approx(1)
    assert new == pytest.approx([value * factor for value in old])


def test_stages_that_are_too_short_or_new_are_left_out() -> None:
    before = [a_second(at) for at in range(5)] + [a_second(5, stage=1)]
    after = [a_second(0), a_second(1, stage=1), a_second(2, stage=2)]
    old, new = relative(before, after, lambda second: second.p50)
    assert (old, new) == ([1.0] * 5, [1.0])


def test_a_level_of_zero_has_no_multiples() -> None:
    before = [a_second(at, 0.0) for at in range(9)]
    assert relative(before, before, lambda second: second.p50) == ([], [])


def test_errors_are_shares_of_what_ended() -> None:
    assert error_shares([a_second(0, ok=99, failed=1), a_second(1, ok=0, failed=7)]) == [1.0, 100.0]


@given(st.lists(st.floats(0, 1e6), max_size=3000))
def test_thinning_keeps_the_order_the_range_and_few_enough(values: list[float]) -> None:
    kept = thinned(values, median)
    assert len(kept) <= 600
    assert thinned(values[:600], fmean) == pytest.approx(values[:600])
    if values:
        assert min(values) <= min(kept) <= max(kept) <= max(values)
        assert thinned(sorted(values), median) == sorted(thinned(sorted(values), median))
    else:
        assert kept == []
