"""A breaker that lets every call through."""

from battery.reference.defects.defect import Defect
from battery.reference.dependency.breaker import Breaker

DEFECT = Defect(
    name="breaker_never_opens",
    title="the circuit breaker stays closed however often the dependency fails",
    instrument="chaos",
)


def breaker() -> Breaker:
    """One whose threshold no row of failures reaches."""
    return Breaker(threshold=2**63)
