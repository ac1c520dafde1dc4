"""The machine under the service, and the event loop in it."""

from battery.reference.degradation.machine import Machine
from battery.reference.degradation.monitor import Monitor
from battery.reference.metrics.reading import Reading
from battery.reference.metrics.registry import Registry


def register_machine(registry: Registry, machine: Machine, monitor: Monitor) -> None:
    """Add what the monitor last saw."""
    for reading in (
        Reading(
            "machine_cpu_busy_ratio",
            "gauge",
            "Share of the CPUs in use.",
            lambda: {(): machine.cpu.percent / 100},
        ),
        Reading(
            "machine_memory_available_bytes",
            "gauge",
            "Memory that can be had.",
            lambda: {(): machine.memory.available_bytes},
        ),
        Reading(
            "data_disk_free_bytes",
            "gauge",
            "Free on the disk of the data folder.",
            lambda: {(): machine.disk.free_bytes},
        ),
        Reading(
            "event_loop_lag_seconds",
            "gauge",
            "How late the event loop last woke the monitor.",
            lambda: {(): monitor.lag_seconds},
        ),
    ):
        registry.add(reading)
