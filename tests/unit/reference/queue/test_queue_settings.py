"""What the environment says about the queue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.reference.queue.failure import WrongQueueSettings
from battery.reference.queue.settings import CAPACITY, MOST, SECONDS, QueueSettings, queue_settings


def test_without_a_word_the_defaults_hold() -> None:
    assert queue_settings({}) == QueueSettings(capacity=CAPACITY, job_seconds=SECONDS)
    assert queue_settings({"REFERENCE_QUEUE_CAPACITY": ""}).capacity == CAPACITY


def test_both_can_be_given() -> None:
    given_ = {"REFERENCE_QUEUE_CAPACITY": "7", "REFERENCE_JOB_SECONDS": "0.5"}
    assert queue_settings(given_) == QueueSettings(capacity=7, job_seconds=0.5)


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", "100001", "9" * 5000, "nan"])
def test_a_capacity_that_cannot_be_is_named_with_what_it_may_be(text: str) -> None:
    with pytest.raises(WrongQueueSettings, match=r"REFERENCE_QUEUE_CAPACITY is .* a whole number from 1 to"):
        queue_settings({"REFERENCE_QUEUE_CAPACITY": text})


@pytest.mark.parametrize("text", ["-0.1", "nan", "inf", "soon"])
def test_a_time_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(WrongQueueSettings, match="REFERENCE_JOB_SECONDS is"):
        queue_settings({"REFERENCE_JOB_SECONDS": text})


@given(st.text())
def test_any_text_is_a_capacity_in_its_bounds_or_refused(text: str) -> None:
    try:
        capacity = queue_settings({"REFERENCE_QUEUE_CAPACITY": text}).capacity
    except WrongQueueSettings:
        return
    assert 1 <= capacity <= MOST
