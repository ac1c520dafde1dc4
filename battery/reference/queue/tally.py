"""What the queue counts."""

from battery.reference.metrics.counter import Counter
from battery.reference.metrics.histogram import Histogram
from battery.reference.metrics.registry import Registry

SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class JobTally:
    """Counts what became durable, and what was refused."""

    def __init__(self, registry: Registry) -> None:
        self.accepted = registry.add(Counter("jobs_accepted_total", "Jobs accepted: each is on the disk."))
        self.replayed = registry.add(
            Counter("jobs_replayed_total", "Retries answered with the job that their key stands for.")
        )
        self.refused = registry.add(Counter("jobs_refused_total", "Jobs refused because the queue was full."))
        self.finished = registry.add(Counter("jobs_finished_total", "Jobs done, their effect booked."))
        self.resumed = registry.add(
            Counter("jobs_resumed_total", "Jobs begun again after a crash or a failure.")
        )
        self.seconds = registry.add(
            Histogram("job_turnaround_seconds", "Time from accepting a job to its end.", bounds=SECONDS)
        )
