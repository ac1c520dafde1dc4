"""A histogram reads like the sorted list it stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.statistics import Counted

histograms = st.dictionaries(st.integers(-100, 100).map(float), st.integers(0, 5)).map(
    lambda counts: sorted(counts.items())
)


@given(pairs=histograms)
def test_a_histogram_reads_like_its_spelled_out_list(pairs: list[tuple[float, int]]) -> None:
    spelled_out = [value for value, count in pairs for _ in range(count)]
    counted = Counted(pairs)
    assert len(counted) == len(spelled_out)
    assert [counted[position] for position in range(len(counted))] == spelled_out


def test_a_billion_values_need_no_room() -> None:
    counted = Counted([(1.0, 990_000_000), (2.0, 10_000_000)])
    assert len(counted) == 10**9
    assert (counted[989_999_999], counted[990_000_000]) == (1.0, 2.0)


@pytest.mark.parametrize("position", [-1, 3])
def test_a_position_outside_is_refused(position: int) -> None:
    with pytest.raises(IndexError):
        Counted([(1.0, 3)])[position]


@pytest.mark.parametrize("pairs", [[(2.0, 1), (1.0, 1)], [(1.0, 1), (1.0, 1)], [(float("nan"), 1), (1.0, 1)]])
def test_values_that_do_not_ascend_are_refused(pairs: list[tuple[float, int]]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        Counted(pairs)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        Counted([(1.0, 5), (2.0, -1)])
