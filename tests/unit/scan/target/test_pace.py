"""The pace: a budget that ends, patience that is used up, and waits that are understood."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from battery.scan.target.pace import Pace, retry_after
from battery.scan.target.request import ScanLimits


def test_a_budget_is_spent_once() -> None:
    pace = Pace(ScanLimits(requests=3))
    assert [pace.spend(), pace.spend(2), pace.spend()] == [True, True, False]
    assert not Pace(ScanLimits(requests=3)).spend(4)


def test_patience_is_used_up_and_no_longer_wait_is_begun() -> None:
    async def waits() -> list[bool]:
        pace = Pace(ScanLimits(patience=0.02))
        return [await pace.wait(0.01), await pace.wait(999), await pace.wait(0.01), await pace.wait(0.01)]

    assert asyncio.run(waits()) == [True, False, True, False]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("0", 0.0), (" 12 ", 12.0), (None, None), ("", None), ("soon", None), ("9" * 40, None), ("²", None)],
)
def test_a_wait_is_a_number_of_seconds(value: str | None, seconds: float | None) -> None:
    assert retry_after(value) == seconds


@given(st.text(max_size=20))
def test_no_wait_breaks_it(value: str) -> None:
    seconds = retry_after(value)
    assert seconds is None or 0 <= seconds < 1e9
