"""Scoring: what counts for which rule, and what precision and recall may be concluded from it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.assess.case import Case, Sighting
from battery.scan.assess.scoring import scores
from tests.unit.scan.assess.benches import all_seeing, cases_of, scored

RULE, OTHER = "code.a", "code.b"


def test_a_perfect_scanner_is_perfect_with_bounds_that_admit_the_small_number() -> None:
    score = scored(cases_of(RULE, 12, 12), all_seeing)[RULE]
    assert (score.positives, score.found, score.negatives, score.false_alarms) == (12, 12, 12, 0)
    assert score.precision is not None
    assert score.recall is not None
    assert score.precision.value == score.recall.value == 1.0
    assert score.precision.lower == pytest.approx(0.05 ** (1 / 12))


def test_a_blind_scanner_has_no_recall_and_no_precision_at_all() -> None:
    score = scored(cases_of(RULE), lambda case: ())[RULE]
    assert score.recall is not None
    assert score.recall.value == 0
    assert score.precision is None
    assert score.missed == ("planted",)


def test_a_trigger_happy_scanner_is_right_as_often_as_there_are_defects() -> None:
    score = scored(cases_of(RULE, 3, 9), lambda case: (RULE,))[RULE]
    assert score.precision is not None
    assert score.precision.value == 0.25
    assert score.mistaken == ("near",)


def test_a_case_says_nothing_about_a_rule_that_it_does_not_name() -> None:
    assert set(scored(cases_of(RULE), lambda case: (RULE, OTHER))) == {RULE}


def test_a_case_that_is_clean_of_another_rule_counts_as_benign_for_it() -> None:
    cases = (*cases_of(RULE, 2, 1, clean_of=(OTHER,)), *cases_of(OTHER, 4, 0))
    score = scored(cases, lambda case: (RULE, OTHER))[OTHER]
    assert (score.positives, score.found, score.negatives, score.false_alarms) == (4, 4, 2, 2)


def test_two_cases_of_one_rule_at_one_place_are_refused() -> None:
    with pytest.raises(ValueError, match="two cases at here"):
        scores([Case(rule=RULE, place="here", defect=defect) for defect in (True, False)], [])


def test_a_case_cannot_be_clean_of_its_own_defect() -> None:
    with pytest.raises(ValueError, match="two cases"):
        scores([Case(rule=RULE, place="here", defect=True, clean_of=(RULE,))], [])


CASES = st.lists(
    st.builds(
        Case,
        rule=st.sampled_from((RULE, OTHER)),
        place=st.text("abcdefghij", min_size=1, max_size=3),
        defect=st.booleans(),
        template=st.sampled_from(("one", "two")),
    ),
    unique_by=lambda case: (case.rule, case.place),
)
SEEN = st.sets(
    st.builds(
        Sighting, st.sampled_from((RULE, OTHER, "code.c")), st.text("abcdefghij", min_size=1, max_size=3)
    )
)


@given(CASES, SEEN)
def test_every_case_is_counted_once_and_no_share_leaves_its_bounds(
    cases: list[Case], seen: set[Sighting]
) -> None:
    found = scores(cases, seen)
    assert sum(score.positives + score.negatives for score in found.values()) == len(cases)
    for score in found.values():
        assert 0 <= score.found <= score.positives
        assert 0 <= score.false_alarms <= score.negatives
        assert bool(score.missed) == (score.found < score.positives)
        assert bool(score.mistaken) == (score.false_alarms > 0)
        for share in (score.precision, score.recall):
            assert share is None or 0 <= share.lower <= share.value <= share.upper <= 1


@given(CASES, SEEN)
def test_the_order_of_cases_changes_nothing(cases: list[Case], seen: set[Sighting]) -> None:
    assert scores(cases, seen) == scores(cases[::-1], seen)


@given(CASES, SEEN)
def test_one_more_true_alarm_never_lowers_precision_or_recall(cases: list[Case], seen: set[Sighting]) -> None:
    before, after = (
        scores(cases, some) for some in (seen, seen | {Sighting(c.rule, c.place) for c in cases if c.defect})
    )
    for rule, score in after.items():
        earlier = before[rule]
        assert score.false_alarms == earlier.false_alarms
        assert score.found == score.positives
        if earlier.precision is not None and score.precision is not None:
            assert score.precision.value >= earlier.precision.value
