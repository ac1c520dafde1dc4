"""A supervisor whose restarts nobody gets to see."""

from battery.reference.defects.defect import Defect
from battery.reference.lifecycle import Lifecycle

DEFECT = Defect(
    name="restart_count_hidden",
    title="how often the supervisor restarted the service is told nowhere",
    instrument="readiness",
)


def without_count(_lifecycle: Lifecycle) -> Lifecycle:
    """What is shown: a service that nobody ever restarted."""
    return Lifecycle()
