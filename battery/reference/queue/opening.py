"""Making the queue of a service."""

import os
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path

from battery.reference.clock import Clock
from battery.reference.defects import jobs_lost, queue_unbounded
from battery.reference.metrics.queue import register_queue
from battery.reference.metrics.registry import Registry
from battery.reference.queue.ledger import WAITING, Ledger
from battery.reference.queue.queue import JobQueue
from battery.reference.queue.settings import queue_settings
from battery.reference.queue.tally import JobTally


def job_queue(
    folder: Path,
    registry: Registry,
    clock: Clock,
    defects: Collection[str] = (),
    environment: Mapping[str, str] = os.environ,
) -> JobQueue:
    """The queue with its file in `folder`, its metrics in `registry` and the planted `defects`; it is not open yet.

    Raises: WrongQueueSettings.
    """
    unbounded = queue_unbounded.DEFECT.name in defects
    opening = partial(
        Ledger,
        folder,
        durable=jobs_lost.DEFECT.name not in defects,
        waiting=queue_unbounded.WAITING if unbounded else WAITING,
    )
    settings = queue_settings(environment)
    queue = JobQueue(opening, settings, clock, JobTally(registry), bounded=not unbounded)
    register_queue(registry, queue)
    return queue
