"""Seconds of a run, made up."""

from battery.load.resources import Usage
from battery.load.tally import Slice


def second(number: int, sent: int = 60, failed: int = 0, p50: float = 5.0, stage: int = 0) -> Slice:
    """One second of a run."""
    return Slice(
        second=number, stage=stage, sent=sent, ok=sent - failed, failed=failed, p50=p50, p99=2 * p50, worst=3 * p50,
        lag_p99=0.1, in_flight=1, waiting=0, cpu=0.1,
    )  # fmt: skip


def reading(number: int, rss: float = 100.0) -> Usage:
    """One reading of the target's resources."""
    return Usage(second=number, cpu=0.2, rss=rss, descriptors=20, threads=4)
