"""What the environment says about the queue."""

from collections.abc import Mapping

import msgspec

from battery.reference.queue.failure import WrongQueueSettings

CAPACITY, MOST = 64, 100_000
SECONDS, LONGEST = 0.05, 60.0


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Jobs that may be accepted and not done, and the time that the work of one takes."""

    capacity: int = CAPACITY
    job_seconds: float = SECONDS


def queue_settings(environment: Mapping[str, str]) -> QueueSettings:
    """The settings.

    Raises: WrongQueueSettings with the variable and what it may be.
    """
    return QueueSettings(
        capacity=int(_number(environment, "REFERENCE_QUEUE_CAPACITY", CAPACITY, 1, MOST, whole=True)),
        job_seconds=_number(environment, "REFERENCE_JOB_SECONDS", SECONDS, 0, LONGEST),
    )


def _number(
    environment: Mapping[str, str],
    name: str,
    default: float,
    least: float,
    most: float,
    *,
    whole: bool = False,
) -> float:
    text = environment.get(name, "")
    if not text:
        return default
    try:
        number = float(int(text)) if whole else float(text)
    except (ValueError, OverflowError):
        number = float("nan")
    # What is no number is not within any bounds either.
    if not least <= number <= most:
        kind = "a whole number" if whole else "a number"
        raise WrongQueueSettings(f"{name} is {text[:40]!r}, expected {kind} from {least:g} to {most:g}")
    return number
