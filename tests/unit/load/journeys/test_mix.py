"""Which class the next user is of."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from battery.load.journeys.mix import next_class


def fill(weights: list[float], fixed: list[int], users: int) -> list[int]:
    counts = [0] * len(weights)
    for _ in range(users):
        counts[next_class(weights, fixed, counts)] += 1
    return counts


def test_fixed_numbers_come_first_and_get_no_more() -> None:
    assert fill([1, 1, 1], [2, 0, 0], 1) == [1, 0, 0]
    assert fill([1, 1, 1], [2, 0, 0], 8) == [2, 3, 3]


def test_where_all_are_fixed_the_rest_goes_by_weight() -> None:
    assert Counter(fill([1, 1], [1, 1], 6)) == {3: 2}


@given(st.lists(st.integers(1, 20), min_size=1, max_size=4), st.integers(0, 200))
def test_at_any_number_of_users_no_class_is_off_by_a_user_per_class(weights: list[int], users: int) -> None:
    counts = fill([float(weight) for weight in weights], [0] * len(weights), users)
    assert sum(counts) == users
    for weight, count in zip(weights, counts, strict=True):
        assert abs(count - users * weight / sum(weights)) <= len(weights)
