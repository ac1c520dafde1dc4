"""The process as Prometheus expects to find it."""

from collections.abc import Callable

from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry
from battery.reference.process import OwnProcess, ProcessFacts


def register_process(registry: Registry, process: OwnProcess) -> None:
    """Add the process_* metrics."""

    def of(read: Callable[[ProcessFacts], float]) -> Callable[[], dict[tuple[str, ...], float]]:
        return lambda: {(): read(process.read())}

    start = process.start_time_seconds
    for reading in (
        Reading(
            "process_resident_memory_bytes",
            "gauge",
            "Resident memory.",
            of(lambda facts: facts.resident_bytes),
        ),
        Reading(
            "process_cpu_seconds_total",
            "counter",
            "User and system time.",
            of(lambda facts: facts.cpu_seconds),
        ),
        Reading("process_open_fds", "gauge", "Open file descriptors.", of(lambda facts: facts.descriptors)),
        Reading("process_threads", "gauge", "Threads.", of(lambda facts: facts.threads)),
        Reading("process_start_time_seconds", "gauge", "Start, in Unix time.", lambda: {(): start}),
    ):
        registry.add(reading)
