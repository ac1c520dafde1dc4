"""A breaker that stays open once it has opened."""

from battery.reference.defects.defect import Defect
from battery.reference.dependency.breaker import Breaker

DEFECT = Defect(
    name="breaker_never_closes",
    title="the circuit breaker stays open once it has opened",
    instrument="chaos",
)


def breaker() -> Breaker:
    """One that takes years to cool."""
    return Breaker(cool_seconds=1e9)
