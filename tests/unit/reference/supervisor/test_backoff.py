"""How long a supervisor waits."""

from hypothesis import given
from hypothesis import strategies as st

from battery.reference.supervisor.backoff import LONGEST_SECONDS, WELL_SECONDS, Backoff


def test_the_first_restart_comes_at_once_and_each_short_life_doubles_the_wait() -> None:
    backoff = Backoff()
    waits = [backoff.after(0.1) for _ in range(9)]
    assert waits == [0.0, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, LONGEST_SECONDS, LONGEST_SECONDS]


def test_one_that_was_well_begins_a_new_row() -> None:
    backoff = Backoff()
    for _ in range(5):
        backoff.after(0)
    assert backoff.after(WELL_SECONDS) == 0.0
    assert backoff.after(0) == 0.1


@given(st.lists(st.floats(0, 1e6)))
def test_it_never_waits_longer_than_its_bound(lives: list[float]) -> None:
    backoff = Backoff()
    assert all(0 <= backoff.after(life) <= LONGEST_SECONDS for life in lives)
