"""What earlier checks of this run recorded: a capability that they looked at is not looked at twice."""

from collections.abc import Callable

from battery.model.evidence import Evidence
from battery.model.measure import Measurement
from battery.model.observability import SCOPES, ObservabilityPart

Earlier = Callable[[str], Evidence | None]


def recorded(earlier: Earlier, part: ObservabilityPart) -> Measurement | None:
    """What the check of a part measured first; none where it did not, or its instrument did not prove itself."""
    scope = SCOPES[part]
    evidence = earlier(scope.check)
    if evidence is None or evidence.status != "measured" or not all(proof.ok for proof in evidence.proofs):
        return None
    return next((each for each in evidence.measures if each.name == scope.measures[0]), None)
