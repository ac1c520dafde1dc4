"""Whether writes work again at the end of a scenario."""

import pytest

from battery.chaos.durability.written import Outcome, Written
from battery.chaos.scenarios.durable_writes import stuck


def written(*outcomes: Outcome) -> list[Written]:
    """Ten records a second with these outcomes."""
    return [
        Written(number=number, due=number / 10, sent=number / 10, done=number / 10, outcome=outcome)
        for number, outcome in enumerate(outcomes)
    ]


GOOD, BAD = ("acknowledged",) * 100, ("refused",) * 100


@pytest.mark.parametrize(
    ("outcomes", "number"),
    [
        ((*GOOD, *BAD[:50], *GOOD[:50]), 0),  # an outage that is over
        ((*GOOD, *BAD), 1),
        ((*GOOD, *BAD[:20], *GOOD[:11]), 1),  # most of the last seconds still refused
        (BAD, None),  # none was ever acknowledged: nobody knows whether they could be
        (GOOD[:2], None),
        ((), None),
    ],
)
def test_most_of_the_last_writes_must_be_acknowledged(
    outcomes: tuple[Outcome, ...], number: int | None
) -> None:
    assert stuck(written(*outcomes))[0] == number
