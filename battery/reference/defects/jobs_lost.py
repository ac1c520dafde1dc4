"""Jobs that are accepted and stand nowhere: the queue's ledger is kept in memory."""

from battery.reference.defects.defect import Defect

DEFECT = Defect(
    name="jobs_lost",
    title="accepted jobs stand in memory only, and a crash loses them",
    instrument="readiness",
)
