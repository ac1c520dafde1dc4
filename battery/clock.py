"""The clock: the one place that reads the wall time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The time in UTC, to the millisecond."""
    time = datetime.now(UTC)
    return time.replace(microsecond=time.microsecond // 1000 * 1000)
