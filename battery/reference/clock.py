"""The one place where the service reads the wall clock; everything else is given a `Clock`."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The time in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the service is a program of its own and imports no battery clock
