"""Scores and grades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.observatory.scores import SCORES, grade, total


@pytest.mark.parametrize(
    ("score", "letter"),
    [
        *(
            (135, "A+"),
            (100, "A+"),
            (99, "A"),
            (90, "A"),
            (89, "A-"),
            (85, "A-"),
            (80, "B+"),
            (79, "B"),
            (70, "B"),
        ),
        *(
            (65, "B-"),
            (60, "C+"),
            (50, "C"),
            (45, "C-"),
            (40, "D+"),
            (30, "D"),
            (25, "D-"),
            (24, "F"),
            (0, "F"),
        ),
    ],
)
def test_a_grade_begins_at_its_score(score: int, letter: str) -> None:
    assert grade(score) == letter


def test_bonuses_count_from_90_on() -> None:
    bonus = "corp-implemented-with-same-origin"
    assert total((bonus, "hsts-implemented-max-age-less-than-six-months")) == 100
    assert total((bonus, "cookies-without-secure-flag")) == 80


@given(st.lists(st.sampled_from(sorted(SCORES)), max_size=12))
def test_a_score_is_bounded_and_one_more_penalty_never_raises_it(results: list[str]) -> None:
    score = total(tuple(results))
    assert 0 <= score <= 100 + sum(max(SCORES[result], 0) for result in results)
    assert total((*results, "csp-not-implemented")) <= score
