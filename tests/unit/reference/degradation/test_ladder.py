"""Moving between levels."""

from hypothesis import given
from hypothesis import strategies as st

from battery.reference.degradation.ladder import CALM_READINGS, LEVELS, Ladder, level_for


def test_it_steps_down_at_once_and_as_far_as_needed() -> None:
    assert Ladder().update(60) == "reduced"
    assert Ladder().update(10) == "essential"


def test_it_steps_up_one_level_after_some_calm_readings() -> None:
    ladder = Ladder()
    ladder.update(10)
    levels = [ladder.update(100) for _ in range(2 * CALM_READINGS)]
    assert levels == ["essential"] * (CALM_READINGS - 1) + ["reduced"] * CALM_READINGS + ["full"]
    assert ladder.changes == 3


def test_a_bad_reading_begins_the_count_again() -> None:
    ladder = Ladder()
    ladder.update(60)
    for _ in range(10):
        for _ in range(CALM_READINGS - 1):
            ladder.update(100)
        assert ladder.update(60) == "reduced"


@given(st.lists(st.floats(0, 100)))
def test_the_level_is_never_above_what_the_score_allows(scores: list[float]) -> None:
    ladder = Ladder()
    for score in scores:
        level = ladder.update(score)
        assert LEVELS.index(level) <= LEVELS.index(level_for(score))
        assert ladder.score == score
