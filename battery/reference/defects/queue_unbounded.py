"""A queue that never says no."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="queue_unbounded",
    title="the job queue accepts whatever comes and grows without a bound",
    instrument="readiness",
)
# Nobody is refused in front of the disk either.
WAITING = 1_000_000
