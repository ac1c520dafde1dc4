"""The planted defects of resilience and telemetry."""

from battery.reference.defects import (
    backup_lies,
    degradation_never,
    jobs_lost,
    metrics_frozen,
    metrics_malformed,
    metrics_miss,
    queue_unbounded,
    restart_count_hidden,
)
from battery.reference.defects.defect import Defect

RESILIENCE: tuple[Defect, ...] = (
    queue_unbounded.DEFECT,
    jobs_lost.DEFECT,
    backup_lies.DEFECT,
    metrics_miss.DEFECT,
    metrics_frozen.DEFECT,
    metrics_malformed.DEFECT,
    restart_count_hidden.DEFECT,
    degradation_never.DEFECT,
)
