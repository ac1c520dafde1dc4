"""A glance: how the target does at this moment, for who watches the run; nothing is judged by it. Pure."""

from collections.abc import Sequence

from battery.chaos.recovery.probe import Probe

LATELY = 1.0  # of seconds: so few probes that looking at them takes no time from the prober


def glance(probes: Sequence[Probe]) -> str:
    """The error rate and the latency of probes that ended lately: "3 of 41 probes of the last second failed, p50 12 ms"."""
    if not probes:
        return "no probe ended in the last second"
    times = sorted(probe.took for probe in probes if probe.ok)
    speed = f", p50 {times[len(times) // 2] * 1000:.0f} ms" if times else ""
    return f"{len(probes) - len(times)} of {len(probes)} probes of the last second failed{speed}"
