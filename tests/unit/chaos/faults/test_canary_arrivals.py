"""What of a target's own calls shows that its dependency is harmed."""

import pytest

from battery.chaos.breaker.visit import Journal, Turn, Visit
from battery.chaos.faults.canary_arrivals import ArrivalsCanary

NOW = 100.0
OLD = Visit(number=0, opened=1.0, refused="Connection refused", closed=1.0)


def looked(*visits: Visit) -> tuple[bool, str]:
    """What is seen of these visits, which came after an old one."""
    journals = [Journal(visits=(OLD,)), Journal(visits=(OLD, *visits))]
    effect = ArrivalsCanary(lambda: journals.pop(0), 0.5, clock=lambda: NOW)()
    return effect.seen, effect.meter


@pytest.mark.parametrize(
    "visit",
    [
        Visit(number=1, opened=99.0, refused="Connection refused", closed=99.0),
        Visit(number=1, opened=99.0, reset=True, closed=99.1),
        Visit(number=1, opened=99.0, turns=(Turn(at=99.0, sent=1),)),
        Visit(number=1, opened=99.0, turns=(Turn(at=99.0, sent=1, answered=99.6),)),
        Visit(number=1, opened=99.0, turns=(Turn(at=99.0, sent=1),), closed=99.5),
    ],
)
def test_a_call_that_fared_badly_since_is_seen(visit: Visit) -> None:
    assert looked(visit) == (True, "1 of the target's calls were refused, cut or waited 0.5 s or more")


@pytest.mark.parametrize(
    "visit",
    [
        Visit(number=1, opened=2.0),
        Visit(number=1, opened=99.0, turns=(Turn(at=99.0, sent=1, answered=99.1),), closed=99.2),
        Visit(number=1, opened=99.0, turns=(Turn(at=99.8, sent=1),)),
    ],
)
def test_a_call_that_fared_well_is_not(visit: Visit) -> None:
    seen, meter = looked(visit)
    assert not seen
    assert meter.startswith("0 of the target's calls")


def test_what_came_before_says_nothing() -> None:
    assert not looked()[0]
